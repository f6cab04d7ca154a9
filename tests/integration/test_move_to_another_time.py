"""A webinar is given another time: what comes of it is shown first, and who hears is asked."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core import mail
from django.utils import timezone

from portal.common import clock
from portal.conferences.models import Invitation
from portal.identity import roles
from portal.outbox.models import OutboxEntry
from tests.factories import (
    AccountFactory,
    ConferenceFactory,
    ModeratorFactory,
    RegistrationFactory,
    SeriesFactory,
)

pytestmark = pytest.mark.django_db
START = (clock.now() + timedelta(days=3)).replace(hour=12, minute=0, second=0, microsecond=0)
LATER = START + timedelta(hours=2)


@pytest.fixture
def row():
    return ConferenceFactory(title="Briefing", starts_at=START, timezone="UTC")


@pytest.fixture
def guest(row):
    found = RegistrationFactory(conference=row)
    Invitation.objects.create(
        conference=row,
        registration=found,
        to_email=found.attendee.email,
        state="sent",
        act="invite",
        not_before=clock.now(),
    )
    return found


def typed(start=LATER, **more):
    given = {"timezone": "UTC", "date": f"{start:%Y-%m-%d}", "time": f"{start:%H:%M}"}
    return given | {"version": "0"} | more


def start_of(row):
    row.refresh_from_db()
    return row.starts_at


def test_an_address_with_a_time_shows_what_would_happen_and_does_nothing(
    client_as, url, row, guest
):
    local = timezone.localtime(LATER)
    asked = {"date": f"{local:%Y-%m-%d}", "time": f"{local:%H:%M}"}
    page = client_as().get(url("conference-reschedule", row.pk), asked)
    text = page.content.decode()
    assert page.status_code == 200
    assert "Move it and notify one person" in text
    assert page.context["form"].moment.instant == LATER
    assert start_of(row) == START
    assert not OutboxEntry.objects.exists()


def test_enter_in_the_form_only_shows_it(client_as, url, row, guest):
    page = client_as().post(url("conference-reschedule", row.pk), typed())
    assert "Move it and notify one person" in page.content.decode()
    assert start_of(row) == START


@pytest.mark.parametrize(("answer", "mails"), [("yes", 1), ("no", 0)])
def test_it_is_moved_by_the_answer(client_as, url, row, guest, answer, mails):
    sent = typed(tell=answer, counted="1", note="Sorry.")
    done = client_as().post(url("conference-reschedule", row.pk), sent)
    assert done["Location"] == url("conference", row.pk)
    assert start_of(row) == LATER
    assert Invitation.objects.filter(act="reschedule").count() == mails
    assert OutboxEntry.objects.filter(kind="conference", local_id=row.pk).exists()
    assert mail.outbox == []


def test_a_yes_for_another_number_of_people_is_asked_again(client_as, url, row, guest):
    page = client_as().post(url("conference-reschedule", row.pk), typed(tell="yes", counted="7"))
    assert "By now it is one person" in page.content.decode()
    assert start_of(row) == START


def test_it_leads_back_to_the_planner_and_nowhere_else(client_as, url, row):
    planner = url("calendar") + "?view=week"
    sent = typed(do="yes", next=planner)
    assert client_as().post(url("conference-reschedule", row.pk), sent)["Location"] == planner
    row.refresh_from_db()
    away = typed(START, version=row.version, do="yes", next="https://evil.example.com/")
    answer = client_as().post(url("conference-reschedule", row.pk), away)
    assert answer["Location"] == url("calendar")


def test_a_version_that_was_overtaken_is_refused_once_and_what_was_typed_stays(client_as, url, row):
    type(row).objects.filter(pk=row.pk).update(version=3, title="Changed meanwhile")
    client, address = client_as(), url("conference-reschedule", row.pk)
    page = client.post(address, typed(do="yes"))
    assert page.status_code == 422
    assert start_of(row) == START
    text = page.content.decode()
    assert 'name="version" value="3"' in text
    assert f'value="{LATER:%H:%M}"' in text
    assert "Changed meanwhile" in text
    client.post(address, typed(do="yes", version="3"))
    assert start_of(row) == LATER


def test_a_clash_is_asked_about_once(client_as, url, row):
    row.account.concurrent_rooms = 1
    row.account.save()
    other = ConferenceFactory(account=row.account, title="In its way", starts_at=LATER)
    client, address = client_as(), url("conference-reschedule", row.pk)
    page = client.post(address, typed(do="yes"))
    assert page.status_code == 422
    assert "In its way" in page.content.decode()
    assert "Move it" in page.content.decode()
    assert start_of(row) == START
    client.post(address, typed(do="yes", anyway=f"a{other.pk}"))
    assert start_of(row) == LATER


def test_a_speaker_who_is_elsewhere_is_named(client_as, url, row):
    other = ConferenceFactory(starts_at=LATER)
    for one in (row, other):
        ModeratorFactory(conference=one, name="Ann Example", email="ann@example.com")
    text = client_as().post(url("conference-reschedule", row.pk), typed()).content.decode()
    assert "Ann Example is at another webinar:" in text


def test_a_draft_is_moved_without_a_question(client_as, url):
    draft = ConferenceFactory(draft=True, starts_at=None, timezone="UTC")
    client, address = client_as(), url("conference-reschedule", draft.pk)
    assert client.get(address).status_code == 200
    assert "nobody has to be notified" in client.post(address, typed()).content.decode()
    client.post(address, typed(do="yes"))
    assert start_of(draft) == LATER


def test_the_viewers_time_becomes_the_webinars_own(client_as, url, row):
    type(row).objects.filter(pk=row.pk).update(timezone="Asia/Tokyo")
    day = date(2094, 7, 1)
    client = client_as()
    client.cookies["zone"] = "Europe/Berlin"
    asked = {"date": f"{day}", "time": "10:15"}
    form = client.get(url("conference-reschedule", row.pk), asked).context["form"]
    assert form.moment.instant == datetime(2094, 7, 1, 8, 15, tzinfo=UTC)
    assert (form["time"].value(), form["timezone"].value()) == ("17:15", "Asia/Tokyo")


def test_an_hour_that_is_left_out_is_said_by_the_viewers_clock(client_as, url, row):
    client = client_as()
    client.cookies["zone"] = "Europe/Berlin"
    asked = {"date": "2094-03-28", "time": "02:30"}
    page = client.get(url("conference-reschedule", row.pk), asked)
    assert "left out" in page.content.decode()
    assert "Move it" not in page.content.decode()


@pytest.mark.parametrize(
    "asked",
    [
        {"date": "tomorrow", "time": "10:00"},
        {"date": "2094-02-30"},
        {"date": "9999-01-01", "time": "10:00"},
        {"date": "2094-03-01", "time": "25:99"},
        {"date": "2094-03-01", "time": "10:00+14:00"},
        {"date": "\x00", "time": "\x00", "next": "\x00"},
    ],
)
def test_an_address_of_nonsense_still_answers(client_as, url, row, asked):
    assert client_as().get(url("conference-reschedule", row.pk), asked).status_code in (200, 400)


def test_the_past_is_refused_beside_the_field(client_as, url, row):
    sent = typed(clock.now() - timedelta(days=2), do="yes")
    page = client_as().post(url("conference-reschedule", row.pk), sent)
    assert page.status_code == 422
    assert "past" in page.context["form"].errors["time"][0]
    assert start_of(row) == START


def test_what_cannot_be_moved_says_why(client_as, url, row):
    for values in ({"removed_at": clock.now()}, {"permanent": True}):
        kept = ConferenceFactory(account=row.account, **values)
        answer = client_as().get(url("conference-reschedule", kept.pk), follow=True)
        assert answer.redirect_chain, values
        assert list(answer.context["messages"]), values
    only_read = ConferenceFactory(account=AccountFactory(platform="webinarfuel"))
    assert client_as().get(url("conference-reschedule", only_read.pk)).status_code == 302
    viewer = client_as(roles.VIEWER)
    assert viewer.get(url("conference-reschedule", row.pk)).status_code == 403
    assert viewer.post(url("conference-reschedule", row.pk), typed(do="yes")).status_code == 403
    assert start_of(row) == START


def test_a_time_that_comes_twice_is_asked_about(client_as, url, row):
    client, address = client_as(), url("conference-reschedule", row.pk)
    sent = {"timezone": "Europe/Berlin", "date": "2094-10-31", "time": "02:30", "version": "0"}
    page = client.post(address, sent | {"do": "yes"})
    assert page.status_code == 422
    assert "This time comes twice that day" in page.content.decode()
    assert start_of(row) == START
    client.post(address, sent | {"do": "yes", "fold": "second"})
    assert start_of(row) == datetime(2094, 10, 31, 1, 30, tzinfo=UTC)


def test_a_part_is_answered_while_somebody_types(client_as, url, row, guest):
    headers = {"hx-request": "true"}
    sent = typed(refresh="yes")
    part = client_as().post(url("conference-reschedule", row.pk), sent, headers=headers)
    text = part.content.decode()
    assert "Move it and notify one person" in text
    assert "<h1" not in text
    sent = typed(tell="yes", preview="yes", counted="1", note="Sorry.")
    part = client_as().post(url("conference-reschedule", row.pk), sent, headers=headers)
    assert "Sorry." in part.content.decode()
    assert start_of(row) == START, "the preview of the mail moves nothing"


@pytest.fixture
def weeks(row):
    """Three dates of a series, the first of which is `row`."""
    made = SeriesFactory(title=row.title)
    for week in range(3):
        at = START + timedelta(weeks=week)
        given = {"series": made, "starts_at": at, "planned_at": at, "timezone": "UTC"}
        if week:
            ConferenceFactory(account=row.account, title=row.title, **given)
        else:
            type(row).objects.filter(pk=row.pk).update(**given)
    row.refresh_from_db()
    return made


def test_a_date_of_a_series_asks_which_dates_are_moved(client_as, url, row, weeks):
    client, address = client_as(), url("conference-reschedule", row.pk)
    later = list(weeks.conferences.order_by("planned_at"))[1:]
    for one in later:
        RegistrationFactory(conference=one)
    page = client.get(address, {"date": f"{LATER:%Y-%m-%d}", "time": "23:00"})
    assert "Which dates of the series" in page.content.decode()
    page = client.post(address, typed(extent="following"))
    text = page.content.decode()
    assert "2 other dates are changed with it." in text
    assert "Move it and notify 2 people" in text
    assert start_of(row) == START
    done = client.post(address, typed(extent="following", tell="yes", counted="2"), follow=True)
    assert "3 webinars are moved." in done.content.decode()
    starts = [one.starts_at for one in weeks.conferences.order_by("planned_at")]
    assert starts == [LATER + timedelta(weeks=week) for week in range(3)]
    assert Invitation.objects.filter(act="reschedule").count() == 2
    assert all(one.planned_at == one.starts_at for one in weeks.conferences.all())


def test_dates_that_move_with_it_are_in_nobodys_way(client_as, url, row, weeks):
    """A week later, each date begins when the next one did; but that one moves as well."""
    row.account.concurrent_rooms = 1
    row.account.save()
    other = ConferenceFactory(
        account=row.account, title="In its way", starts_at=START + timedelta(weeks=3)
    )
    client, address = client_as(), url("conference-reschedule", row.pk)
    week = START + timedelta(weeks=1)
    alone = client.post(address, typed(week)).content.decode()
    assert "Something else takes place at that time" in alone
    text = client.post(address, typed(week, extent="following")).content.decode()
    assert "Something else takes place at that time" not in text
    assert "On one of these dates something else takes place" in " ".join(text.split())
    assert other.title in text
    for one in (client.get(url("conference-edit", row.pk)), client.get(address)):
        assert other.title not in one.content.decode()


def test_many_dates_cost_no_more(client_as, url, row, weeks, django_assert_max_num_queries):
    for week in range(3, 60):
        at = START + timedelta(weeks=week)
        given = {"series": weeks, "starts_at": at, "planned_at": at, "timezone": "UTC"}
        RegistrationFactory(conference=ConferenceFactory(account=row.account, **given))
    client, address = client_as(), url("conference-reschedule", row.pk)
    client.get(address)
    with django_assert_max_num_queries(16):
        page = client.post(address, typed(extent="following"))
    assert "59 other dates are changed with it." in page.content.decode()
    assert len(page.content) < 95_000


def test_one_date_of_a_series_is_moved_by_itself_unless_somebody_says_so(
    client_as, url, row, weeks
):
    client_as().post(url("conference-reschedule", row.pk), typed(do="yes"))
    starts = [one.starts_at for one in weeks.conferences.order_by("planned_at")]
    assert starts == [LATER, START + timedelta(weeks=1), START + timedelta(weeks=2)]
    row.refresh_from_db()
    assert row.planned_at == START


def test_a_webinar_of_no_series_is_asked_nothing_of_that(client_as, url, row):
    page = client_as().get(url("conference-reschedule", row.pk))
    assert "Which dates of the series" not in page.content.decode()
