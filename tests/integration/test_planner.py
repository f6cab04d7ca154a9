"""The planner: a week of hours, a timeline of accounts or speakers, by the viewer's clock."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portal.common import clock
from portal.conferences.models import Conference, Moderator
from portal.identity import roles
from tests.bench.staff_pages import nodes
from tests.factories import AccountFactory, ConferenceFactory, ModeratorFactory
from tests.factories.attention import conflict

pytestmark = pytest.mark.django_db
# A Wednesday in winter.
DAY = date(2094, 3, 3)
NOON = datetime(2094, 3, 3, 12, 0, tzinfo=UTC)
WEEK = {"view": "week", "day": f"{DAY}"}
ACCOUNTS = {"view": "timeline", "day": f"{DAY}"}
SPEAKERS = ACCOUNTS | {"rows": "speakers"}
ONE_DAY = ACCOUNTS | {"span": "day"}
VIEWS = (WEEK, ACCOUNTS, SPEAKERS, ONE_DAY, SPEAKERS | {"span": "day"})


@pytest.fixture
def account():
    return AccountFactory(label="First account")


def shown(client, url, query, zone="UTC"):
    client.cookies["zone"] = zone
    answer = client.get(url("calendar"), query)
    assert answer.status_code == 200
    return answer.content.decode()


def blocks(page):
    """The blocks of a page: classes and text."""
    found = re.findall(r'<li class="(block [^"]*)".*?</li>', page, re.S)
    texts = re.findall(r'<li class="block [^"]*".*?</li>', page, re.S)
    return list(zip(found, [re.sub(r"<[^>]+>|\s+", " ", one) for one in texts], strict=True))


@pytest.mark.parametrize("query", VIEWS)
def test_each_view_shows_when_what_and_where(client_as, url, account, query):
    row = ConferenceFactory(account=account, title="Briefing", starts_at=NOON, duration_minutes=75)
    page = shown(client_as(), url, query)
    ((_, text),) = blocks(page)
    assert "12:00" in text
    assert "–13:15" in text
    assert "Briefing" in text
    assert "First account" in page
    assert "data-at=" in page
    assert f'class="block-move" href="{url("conference-reschedule", row.pk)}?next=' in page


def test_a_block_stands_where_the_viewers_clock_says(client_as, url, account):
    ConferenceFactory(account=account, starts_at=NOON, duration_minutes=60)
    for zone, at in (("UTC", 16), ("Europe/Berlin", 20), ("America/New_York", 0)):
        # From 8 o'clock on, or earlier where there is something earlier: 7 in New York.
        ((classes, _),) = blocks(shown(client_as(), url, WEEK, zone))
        assert f"at-{at} for-4 " in classes, zone
    late = shown(client_as(), url, WEEK, "Pacific/Auckland")
    ((_, first),) = [one for one in blocks(late) if "01:00" in one[1]]
    assert first
    assert 'data-day="2094-03-04"' in late


def test_one_past_midnight_stands_on_both_days_and_is_moved_from_the_first(client_as, url, account):
    ConferenceFactory(account=account, starts_at=NOON.replace(hour=23), duration_minutes=120)
    page = shown(client_as(), url, WEEK)
    assert len(blocks(page)) == 2
    assert page.count("data-at=") == 1
    assert len(blocks(shown(client_as(), url, ONE_DAY | {"day": "2094-03-04"}))) == 1


def test_states_are_words_and_trouble_is_named(client_as, url, account):
    ConferenceFactory(account=account, starts_at=NOON, draft=True, title="Sketch")
    ConferenceFactory(account=account, starts_at=NOON, removed_at=clock.now(), title="Off")
    bad = conflict(account, title="Torn")
    Conference.objects.filter(pk=bad.local_id).update(starts_at=NOON)
    texts = " | ".join(text for _, text in blocks(shown(client_as(), url, ACCOUNTS)))
    assert re.search(r"Sketch[^|]*\(Draft\)", texts)
    assert re.search(r"Off[^|]*\(Cancelled\)", texts)
    assert re.search(r"Changed on both sides:[^|]*Torn", texts)


def test_what_is_over_cancelled_or_read_only_is_not_moved(client_as, url, account):
    ConferenceFactory(account=account, starts_at=NOON, removed_at=clock.now())
    ConferenceFactory(account=AccountFactory(platform="webinarfuel"), starts_at=NOON)
    page = shown(client_as(), url, WEEK)
    assert len(blocks(page)) == 2
    assert "block-move" not in page
    past = clock.now() - timedelta(days=20)
    ConferenceFactory(account=account, starts_at=past)
    assert "block-move" not in shown(client_as(), url, {"view": "week", "day": f"{past:%Y-%m-%d}"})


def test_accounts_say_what_they_can_run_and_where_that_is_too_little(client_as, url):
    tight = AccountFactory(label="Tight", concurrent_rooms=1)
    AccountFactory(label="Idle", concurrent_rooms=3)
    for start in (NOON, NOON + timedelta(minutes=30), NOON + timedelta(hours=5)):
        ConferenceFactory(account=tight, starts_at=start)
    page = shown(client_as(), url, ACCOUNTS)
    assert "1 at a time" in page
    assert "up to 3" in page, "an account without webinars has its row too"
    assert page.count("2 at the same time") == 1
    Conference.objects.filter(starts_at=NOON).update(draft=True)
    assert "at the same time" not in shown(client_as(), url, ACCOUNTS)


def test_rows_are_speakers_by_their_address(client_as, url, account):
    both = [ConferenceFactory(account=account, starts_at=NOON, title=f"No. {n}") for n in (1, 2)]
    for row, email in zip(both, ("ann@example.com", "Ann@Example.com"), strict=True):
        ModeratorFactory(conference=row, name="Ann Example", email=email)
    ModeratorFactory(conference=both[0], name="Bob Example", email="bob@example.com")
    ConferenceFactory(account=account, starts_at=NOON, title="Lonely")
    page = shown(client_as(), url, SPEAKERS)
    rows = re.findall(r"<th scope=\"row\">.*?</tr>", page, re.S)
    assert ["Ann Example" in row for row in rows] == [True, False, False]
    assert [len(blocks(row)) for row in rows] == [2, 1, 1]
    assert "Nobody yet" in rows[-1]


def test_filters_stay_from_view_to_view(client_as, url, account):
    other = AccountFactory(label="Other", platform="trueconf")
    ConferenceFactory(account=account, starts_at=NOON, title="Autumn tour")
    spoken = ConferenceFactory(account=other, starts_at=NOON, title="Spring tour")
    ModeratorFactory(conference=spoken, name="Zoe Example")
    client = client_as()
    for query, title in (
        ({"account": account.pk}, "Autumn tour"),
        ({"platform": "trueconf"}, "Spring tour"),
        ({"q": "zoe"}, "Spring tour"),
    ):
        for view in (*VIEWS, {"month": "2094-03"}, {"view": "agenda", "month": "2094-03"}):
            page = shown(client, url, view | query)
            assert page.count('title="') + page.count("row-title") == 1, (view, query)
            assert title in page
            name, value = next(iter(query.items()))
            for link in re.findall(r'<a href="(\?[^"]*view=[^"]*)"', page):
                assert f"{name}={value}" in link


def test_a_month_leads_to_its_own_week_and_back(client_as, url):
    client = client_as()
    page = shown(client, url, {"month": "2094-03"})
    assert "view=week&amp;day=2094-03-01" in page.replace("month=2094-03&amp;", "")
    week = shown(client, url, {"view": "week", "day": "2094-03-03"})
    assert re.search(r"Mon 1 Mar.* to 7 Mar 2094", week)
    assert "day=2094-02-22" in week
    assert "day=2094-03-08" in week
    assert re.search(r"view=month[^\"]*month=2094-03|month=2094-03[^\"]*view=month", week)


def test_empty_time_leads_to_the_form_with_day_time_and_account(client_as, url, account):
    page = shown(client_as(), url, ACCOUNTS)
    assert f'href="{url("schedule")}?date=2094-03-03&amp;account={account.pk}"' in page
    form = client_as().get(
        url("schedule"), {"date": "2094-03-03", "time": "15:30", "account": account.pk}
    )
    assert 'value="15:30"' in str(form.context["form"]["time"])
    bad = client_as().get(url("schedule"), {"date": "2094-03-03", "time": "99:99"})
    assert bad.context["form"]["time"].value() is None
    closed = AccountFactory(platform="webinarfuel")
    assert f"account={closed.pk}" not in shown(client_as(), url, ACCOUNTS).split("<tbody>")[1]
    viewer = shown(client_as(roles.VIEWER), url, ACCOUNTS)
    assert "?date=" not in viewer
    assert "day-add" not in viewer


@pytest.mark.parametrize(
    "query",
    [
        {"view": "nonsense"},
        {"view": "week", "day": "tomorrow"},
        {"view": "week", "day": "2094-02-30"},
        {"view": "week", "day": "0001-01-01"},
        {"view": "week", "day": "2000-01-01"},
        {"view": "week", "day": "2100-12-31"},
        {"view": "timeline", "span": "century", "rows": "\x00"},
        {"view": "timeline", "account": "x", "platform": "'", "q": "\x00" * 3},
    ],
)
def test_an_address_of_nonsense_still_answers(client_as, url, query):
    assert client_as().get(url("calendar"), query).status_code in (200, 400)


@pytest.mark.parametrize("query", VIEWS)
def test_a_week_of_300_keeps_the_budgets(client_as, url, query):
    accounts = [AccountFactory(concurrent_rooms=2) for _ in range(12)]
    rows = [
        ConferenceFactory.build(
            account=accounts[n % 12],
            starts_at=NOON.replace(hour=7) + timedelta(days=n % 5 - 2, minutes=45 * (n % 16)),
            title=f"A webinar with a title of some length, number {n}",
        )
        for n in range(300)
    ]
    Conference.objects.bulk_create(rows)
    Moderator.objects.bulk_create(
        ModeratorFactory.build(conference=row, email=f"speaker{n % 60}@example.com")
        for n, row in enumerate(rows)
    )
    client = client_as()
    with CaptureQueriesContext(connection) as asked:
        page = shown(client, url, query)
    assert len(asked) <= 15
    assert nodes(page.encode()) <= 1250
    assert len(page.encode()) <= 95_000
    assert ("more than fits on a page" in page) is ("span" not in query)


def test_what_there_is_no_room_for_is_counted_and_listed_on_narrow_screens(client_as, url, account):
    for n in range(5):
        ConferenceFactory(account=account, starts_at=NOON, title=f"At once {n}")
    page = shown(client_as(), url, WEEK)
    found = blocks(page)
    assert len(found) == 5
    assert sum("only-narrow" in classes for classes, _ in found) == 2
    assert re.search(r"\s2 more", page)


def test_each_place_that_a_block_can_have_is_in_the_styles(settings):
    styles = (settings.BASE_DIR / "static/css/planner.css").read_text()
    wanted = [f".plan-{way} .at-{n} " for way in ("week", "line") for n in range(96)]
    wanted += [f".plan-{way} .for-{n} " for way in ("week", "line") for n in range(1, 97)]
    wanted += [f".lane-{n}.of-{of} " for of in (1, 2, 3) for n in range(1, of + 1)]
    wanted += [f".plan-line .lane-{n} " for n in range(1, 9)]
    wanted += [f".hours-{n} " for n in range(1, 25)]
    assert [one for one in wanted if one not in styles] == []
