"""The pages: for every role, as a whole and in part, without script, with whatever address."""

import re
import uuid
from datetime import timedelta

import pytest
from django.contrib.messages import get_messages
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portal.common import clock as portal_clock
from portal.conferences.models import Attendance, Conference, Recording, Session
from portal.conferences.schedule.services import schedule
from portal.identity import roles
from portal.outbox.models import OutboxEntry
from portal.sync import engine
from tests.factories import (
    AccountFactory,
    ConferenceFactory,
    ModeratorFactory,
    RegistrationFactory,
)
from tests.factories.rooms import furnish
from tests.profiles import spread
from tests.support.mails import edit

pytestmark = pytest.mark.django_db
HTMX = {"HTTP_HX_REQUEST": "true"}
TABS = (
    "conference",
    "conference-people",
    "conference-sessions",
    "conference-recordings",
    "conference-history",
    "conference-sync",
    "conference-edit",
    "conference-cancel",
    "conference-open",
    "moderator-assign",
)


@pytest.fixture(autouse=True)
def rooms(monkeypatch):
    furnish(monkeypatch)


@pytest.fixture
def plenty():
    return AccountFactory(label="Plenty", platform="plenty")


@pytest.fixture
def held(plenty):
    row = ConferenceFactory(account=plenty, title="<b>Bold & \u202eloud</b>")
    ModeratorFactory(conference=row, join_url="https://x.example.com/1")
    RegistrationFactory(conference=row)
    session = Session.objects.create(
        conference=row,
        starts_at=portal_clock.now() - timedelta(hours=2),
        ends_at=portal_clock.now() - timedelta(hours=1),
        visitors=2,
    )
    Attendance.objects.create(
        session=session,
        name="=cmd|' /C calc'!A0",
        email="a@example.com",
        role="listener",
        joined_at=session.starts_at,
        left_at=session.ends_at,
    )
    Recording.objects.create(conference=row, duration_seconds=61, size_bytes=1_500_000)
    return row


def said(response):
    return [str(m) for m in get_messages(response.wsgi_request)]


def wish(account, **changes):
    day = portal_clock.now() + timedelta(days=4)
    values = {
        "account": account.pk,
        "title": "A new one",
        "room_type": "webinar",
        "access": "open",
        "timezone": "Europe/Berlin",
        "date": f"{day:%Y-%m-%d}",
        "time": "14:30",
        "duration_minutes": "45",
        "moderators-count": "1",
        "uid": str(uuid.uuid4()),
    }
    return values | changes


@pytest.mark.parametrize("role", [roles.VIEWER, roles.STAFF, roles.ADMINISTRATOR])
def test_every_page_opens_for_every_role(client_as, url, held, role):
    client = client_as(role)
    for name in TABS:
        assert client.get(url(name, held.pk), **HTMX).status_code == 200, name
    for name in ("conferences", "schedule", "calendar"):
        assert client.get(url(name)).status_code == 200, name
    person, recording = held.moderators.get(), held.recordings.get()
    assert client.get(url("moderator-edit", held.pk, person.pk)).status_code == 200
    assert client.get(url("moderator-unassign", held.pk, person.pk)).status_code == 200
    assert client.get(url("recording-delete", held.pk, recording.pk)).status_code == 200


@pytest.mark.parametrize("state", ["draft", "cancelled", "gone", "permanent", "ended", "live"])
def test_a_page_opens_in_every_state(client_as, url, plenty, state):
    now = portal_clock.now()
    row = ConferenceFactory(
        account=plenty,
        **{
            "draft": {"draft": True, "starts_at": None, "duration_minutes": None},
            "cancelled": {"removed_at": now, "cancel_reason": "No <time>"},
            "gone": {"gone_at": now},
            "permanent": {"permanent": True, "starts_at": None, "duration_minutes": None},
            "ended": {"starts_at": now - timedelta(days=3)},
            "live": {"starts_at": now - timedelta(minutes=5)},
        }[state],
    )
    client = client_as(roles.STAFF)
    for name in TABS:
        assert client.get(url(name, row.pk)).status_code in (200, 302), name


def test_nothing_is_shown_unescaped(client_as, url, held):
    client = client_as(roles.STAFF)
    for address in (url("conferences"), url("calendar"), *[url(t, held.pk) for t in TABS]):
        page = client.get(address).content.decode()
        assert "<b>Bold" not in page, address


def test_without_a_login_there_is_nothing_to_see(client, url, held):
    for name in TABS:
        answer = client.get(url(name, held.pk))
        assert answer.status_code == 302
        assert "login" in answer["Location"]


def test_what_is_not_there_is_404(client_as, url, held):
    client = client_as(roles.STAFF)
    for name in TABS:
        assert client.get(url(name, held.pk + 1000), **HTMX).status_code == 404, name
    other = ConferenceFactory(account=held.account)
    person, session = held.moderators.get(), held.sessions.get()
    assert client.get(url("moderator-edit", other.pk, person.pk)).status_code == 404
    assert client.get(url("conference-attendance", other.pk, session.pk)).status_code == 404


@pytest.mark.parametrize(
    "query",
    [
        "page=999",
        "page=x",
        "page=-1",
        "sort=-nothing",
        "range=never",
        "state=asleep",
        "account=0",
        "account=%27",
        "since=yesterday",
        "since=0001-01-01&until=9999-12-31",
        "q=%F0%9F%8E%89",
        "q=%25_%5C",
        "q=" + "y" * 3000,
        "sync=lost",
        "month=2026-13",
        "month=0000-01",
        "month=9999-12",
        "month=2100-12",
        "month=2000-01",
        "view=upside-down",
        "session=abc",
        "session=9999999999999999999999",
        "rpage=x",
        "rstate=?",
        "ids=1,2,x,,-3",
        "ids=" + "9" * 400,
        "%FF=%FF",
        "q=%00",
    ],
)
def test_no_address_ends_in_an_error(client_as, url, held, query):
    client = client_as(roles.STAFF)
    addresses = [url("conferences"), url("conference-chips"), url("calendar"), url("schedule")]
    addresses += [url(tab, held.pk) for tab in TABS]
    for address in spread(addresses, len(query), every=2):
        assert client.get(f"{address}?{query}", **HTMX).status_code in (200, 400), address


def test_htmx_gets_the_results_alone(client_as, url, held):
    client = client_as(roles.STAFF)
    whole, part = client.get(url("conferences")), client.get(url("conferences"), **HTMX)
    assert b"<html" in whole.content
    assert b"<html" not in part.content
    assert b"Bold" in part.content
    chips = client.get(url("conference-chips"), {"ids": str(held.pk)}, **HTMX)
    assert f'id="sync-{held.pk}"'.encode() in chips.content


def test_the_page_is_loaded_again_once_the_platform_has_answered(client_as, url, held):
    client = client_as(roles.STAFF)
    entry = OutboxEntry.objects.create(
        account=held.account,
        kind="conference",
        local_id=held.pk,
        not_before=portal_clock.now(),
        created_at=portal_clock.now(),
    )
    waiting = client.get(url("conference-sync", held.pk), **HTMX)
    assert b"hx-trigger" in waiting.content
    assert "HX-Refresh" not in waiting
    entry.delete()
    settled = client.get(url("conference-sync", held.pk), **HTMX)
    assert b"hx-trigger" not in settled.content
    assert settled["HX-Refresh"] == "true"


def test_filters_and_tabs_keep_each_other(client_as, url, held):
    page = client_as(roles.STAFF).get(url("conferences"), {"q": "loud", "page": "3"})
    assert b"q=loud&amp;range=past" in page.content
    assert b"Bold" in page.content
    empty = client_as(roles.STAFF).get(url("conferences"), {"q": "no such words"})
    assert b"No webinar matches these filters" in empty.content


def test_the_list_filters_by_sync_state(client_as, url, held):
    client = client_as(roles.STAFF)
    assert b"Bold" in client.get(url("conferences"), {"sync": "portal_only"}).content
    assert b"Bold" not in client.get(url("conferences"), {"sync": "synced"}).content


def test_the_tabs_count_what_the_list_shows(client_as, url, held):
    def counts(**asked):
        tabs = client_as(roles.STAFF).get(url("conferences"), asked).context["tabs"]
        return [tab["count"] for tab in tabs]

    assert counts(sync="portal_only", account=held.account_id) == [1, 0, 1, None]
    assert counts(sync="synced") == [0, 0, 0, None]
    assert counts(account=held.account_id + 1) == counts()  # there is no such account


def test_a_longer_list_asks_no_more_of_the_database(client_as, url, plenty):
    client = client_as(roles.STAFF)
    counted = []
    for _ in range(2):
        for _ in range(20):
            RegistrationFactory(conference=ConferenceFactory(account=plenty))
        with CaptureQueriesContext(connection) as seen:
            assert client.get(url("conferences")).status_code == 200
        counted.append(len(seen))
    assert counted[0] == counted[1]
    assert counted[0] <= 20


def test_a_webinar_is_scheduled_without_script(client_as, url, plenty):
    client = client_as(roles.STAFF)
    data = wish(
        plenty,
        **{
            "moderators-0-name": "Ada",
            "moderators-0-email": "ada@example.com",
            "moderators-0-role": "host",
            "option_lobby": "on",
            "schedule": "yes",
        },
    )
    asks = client.post(url("schedule"), data).content.decode()
    assert "Schedule it on Plenty and notify one person" in asks
    assert not Conference.objects.exists()
    data["tell"] = "yes"
    answer = client.post(url("schedule"), data)
    made = Conference.objects.get()
    assert answer["Location"] == url("conference", made.pk)
    assert (made.title, made.options, made.draft) == ("A new one", {"lobby": True}, False)
    assert made.moderators.get().role == "host"
    again = client.post(url("schedule"), data)
    assert again["Location"] == url("conference", made.pk)
    assert Conference.objects.count() == 1


def test_a_draft_is_saved_then_finished_and_scheduled(client_as, url, plenty):
    client = client_as(roles.STAFF)
    client.post(url("schedule"), wish(plenty, date="", time="", draft="yes"))
    made = Conference.objects.get()
    assert made.draft
    answer = client.post(url("conference-publish", made.pk))
    assert answer["Location"] == url("conference-edit", made.pk)
    refused = client.post(
        url("conference-edit", made.pk), wish(plenty, version="0", date="", publish="yes")
    )
    assert refused.status_code == 422
    client.post(url("conference-edit", made.pk), wish(plenty, version="0", publish="yes"))
    assert Conference.objects.get().draft is False
    assert OutboxEntry.objects.filter(kind="conference").count() == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"title": ""},
        {"title": "x" * 500},
        {"duration_minutes": "x"},
        {"access": "password"},
        {"date": "2001-01-01"},
        {"moderators-0-name": "Half"},
        {"moderators-0-email": "no"},
        {"option_seats": "1"},
        {"timezone": "Moon"},
        {"account": "777"},
    ],
)
def test_what_was_typed_stays_when_something_is_wrong(client_as, url, plenty, changes):
    data = wish(plenty, description="Words to keep") | changes
    answer = client_as(roles.STAFF).post(url("schedule"), data)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "Words to keep" in page
    assert "data-guard-dirty" in page
    assert "Something needs a change" in page
    assert page.count(" autofocus") == 1
    assert not Conference.objects.exists()


def test_another_account_is_looked_at_without_losing_a_word(client_as, url, plenty):
    narrow = AccountFactory(label="Narrow", platform="narrow")
    client = client_as(roles.STAFF)
    data = wish(narrow, password="words", option_thanks="https://x", refresh="all")
    page = client.post(url("schedule"), data).content.decode()
    assert "has no such setting" not in page
    assert page.count("Narrow has no setting for: ") == 1
    assert 'type="hidden" name="password" value="words"' in page
    assert 'type="hidden" name="option_thanks" value="https://x"' in page
    assert "A new one" in page
    assert "Something needs a change" not in page
    part = client.post(url("schedule"), data, **HTMX).content.decode()
    assert "<html" not in part
    assert 'id="schedule-form"' in part


def test_the_clock_is_explained_while_it_is_typed(client_as, url, plenty):
    ConferenceFactory(
        account=plenty,
        title="Already there",
        starts_at=(portal_clock.now() + timedelta(days=4)).replace(hour=0),
        duration_minutes=24 * 60,
    )
    data = wish(plenty, refresh="clock", time="23:00")
    part = client_as(roles.STAFF).post(url("schedule"), data, **HTMX).content.decode()
    assert "New York" in part
    assert "Already there" in part
    for name in ("review", "form-buttons"):
        assert re.search(f'id="{name}"[^>]* hx-swap-oob="true"', part), name


def test_one_more_row_for_a_moderator(client_as, url, plenty):
    data = wish(plenty, more="yes", **{"moderators-0-name": "Ada"})
    page = client_as(roles.STAFF).post(url("schedule"), data).content.decode()
    assert 'name="moderators-1-name"' in page
    assert 'value="Ada"' in page


def test_an_edit_is_saved_and_says_so(client_as, url, held):
    client = client_as(roles.STAFF)
    start = held.starts_at
    data = wish(
        held.account,
        title="Renamed",
        version="0",
        save="yes",
        date=f"{start:%Y-%m-%d}",
        description="",
        tell="no",
    )
    answer = client.post(url("conference-edit", held.pk), data)
    assert answer.status_code == 302
    held.refresh_from_db()
    assert (held.title, held.version) == ("Renamed", 1)
    same = client.post(url("conference-edit", held.pk), data | {"version": "1"})
    assert said(same)[-1] == "Nothing was changed."


def test_two_people_at_once_lose_nothing(client_as, url, held):
    client = client_as(roles.STAFF)
    Conference.objects.filter(pk=held.pk).update(title="Theirs", version=1)
    data = wish(held.account, title="Mine", version="0", save="yes")
    answer = client.post(url("conference-edit", held.pk), data)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "now Theirs, you typed Mine" in page
    assert 'name="version" value="1"' in page
    assert Conference.objects.get(pk=held.pk).title == "Theirs"
    client.post(url("conference-edit", held.pk), data | {"version": "1", "tell": "no"})
    assert Conference.objects.get(pk=held.pk).title == "Mine"


def test_the_confirmation_says_what_cancelling_does(client_as, url, held):
    client = client_as(roles.STAFF)
    page = client.get(url("conference-cancel", held.pk)).content.decode()
    assert "Deletes the room on Plenty for good." in page
    assert "Cancel and delete the room on Plenty" in page
    long = client.post(url("conference-cancel", held.pk), {"note": "r" * 501, "tell": "yes"})
    assert long.status_code == 422
    client.post(url("conference-cancel", held.pk), {"note": "Ill", "tell": "yes"})
    assert Conference.objects.get(pk=held.pk).state == "cancelled"
    assert "Ill" in client.get(url("conference", held.pk)).content.decode()


def test_the_room_is_closed_from_its_page(client_as, url, held):
    client = client_as(roles.STAFF)
    page = client.get(url("conference-open", held.pk)).content.decode()
    assert "Closes the room on Plenty" in page
    client.post(url("conference-open", held.pk), {"open": "no"})
    assert Conference.objects.get(pk=held.pk).open is False
    assert "Room closed" in client.get(url("conference", held.pk)).content.decode()


def test_what_is_gone_is_settled_from_its_page(client_as, url, held):
    Conference.objects.filter(pk=held.pk).update(gone_at=portal_clock.now())
    client = client_as(roles.STAFF)
    assert "Create it again on Plenty" in client.get(url("conference", held.pk)).content.decode()
    client.post(url("conference-gone", held.pk), {"choice": "again", "tell": "no"})
    assert Conference.objects.get(pk=held.pk).gone_at is None
    Conference.objects.filter(pk=held.pk).update(gone_at=portal_clock.now())
    client.post(url("conference-gone", held.pk), {"choice": "cancel", "tell": "no"})
    assert Conference.objects.get(pk=held.pk).removed_at


def test_moderators_from_the_people_tab(client_as, url, held):
    client = client_as(roles.STAFF)
    new = {"name": "Ada", "email": "ada@example.com", "role": "host"}
    asks = client.post(url("moderator-assign", held.pk), new).content.decode()
    assert "Assign and notify one person" in asks
    answered = new | {"tell": "no"}
    assert client.post(url("moderator-assign", held.pk), answered).status_code == 302
    assert client.post(url("moderator-assign", held.pk), new).status_code == 422
    person = held.moderators.get(email="ada@example.com")
    client.post(url("moderator-edit", held.pk, person.pk), new | {"role": "presenter"})
    person.refresh_from_db()
    assert person.role == "presenter"
    page = client.get(url("conference-people", held.pk)).content.decode()
    other = held.moderators.exclude(pk=person.pk).get()
    assert str(other.token) not in page, "a personal link is asked for, and who asked is noted"
    assert url("personal-link", "moderator", other.pk) in page
    client.post(url("moderator-unassign", held.pk, person.pk), {"tell": "no"})
    assert "ada@example.com" not in client.get(url("conference-people", held.pk)).content.decode()


def test_viewers_see_buttons_off_and_are_refused(client_as, url, held):
    client = client_as(roles.VIEWER)
    page = client.get(url("conference", held.pk)).content.decode()
    assert "Changing it needs the role Event staff." in page
    assert 'aria-disabled="true"' in page
    person, recording = held.moderators.get(), held.recordings.get()
    posts = [
        (url("schedule"), wish(held.account)),
        (url("conference-edit", held.pk), wish(held.account, version="0")),
        *[
            (url(name, held.pk), {})
            for name in (
                "conference-cancel",
                "conference-open",
                "conference-publish",
                "conference-duplicate",
            )
        ],
        (url("moderator-assign", held.pk), {"name": "A", "email": "a@b.example", "role": "host"}),
        (url("moderator-unassign", held.pk, person.pk), {}),
        (url("recording-delete", held.pk, recording.pk), {}),
    ]
    before = Conference.objects.values().get()
    for address, data in posts:
        assert client.post(address, data).status_code == 403, address
    assert Conference.objects.values().get() == before
    assert not OutboxEntry.objects.exists()


def test_attendance_as_csv_holds_no_formula(client_as, url, held):
    session = held.sessions.get()
    answer = client_as(roles.VIEWER).get(url("conference-attendance", held.pk, session.pk))
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    lines = text.splitlines()
    assert lines[0] == "Name,E-mail,Role,Joined,Left,Minutes"
    assert lines[1].startswith("'=cmd")
    assert lines[1].endswith(",60")
    assert "attendance-" in answer["Content-Disposition"]


def test_a_recording_is_deleted_after_the_question(client_as, url, held):
    client, recording = client_as(roles.STAFF), held.recordings.get()
    assert (
        "deleted on Plenty"
        in client.get(url("recording-delete", held.pk, recording.pk)).content.decode()
    )
    client.post(url("recording-delete", held.pk, recording.pk))
    recording.refresh_from_db()
    assert recording.removed_at
    assert OutboxEntry.objects.get().kind == "recording"


def test_a_recording_that_cannot_be_fetched_says_why(client_as, url, held):
    client, recording = client_as(roles.STAFF), held.recordings.get()
    answer = client.post(url("recording-download", held.pk, recording.pk))
    assert answer["Location"] == url("conference-recordings", held.pk)
    assert "has not shown this recording" in said(answer)[-1]


def test_the_calendar_shows_days_by_the_viewers_clock(client_as, url, plenty):
    late = portal_clock.now().replace(
        year=portal_clock.now().year + 1, month=6, day=10, hour=22, minute=30
    )
    ConferenceFactory(account=plenty, title="Late show", starts_at=late)
    client = client_as(roles.STAFF)
    client.cookies["zone"] = "Asia/Tokyo"
    address = f"{url('calendar')}?month={late:%Y-%m}&view=agenda"
    assert f'datetime="{late:%Y}-06-11"' in client.get(address).content.decode()
    client.cookies["zone"] = "America/New_York"
    assert f'datetime="{late:%Y}-06-10"' in client.get(address).content.decode()


def test_a_full_day_links_to_the_rest(client_as, url, plenty):
    start = portal_clock.now().replace(day=15, hour=10) + timedelta(days=40)
    for _ in range(7):
        ConferenceFactory(account=plenty, starts_at=start)
    page = client_as(roles.STAFF).get(f"{url('calendar')}?month={start:%Y-%m}").content.decode()
    assert "3 more" in page
    assert page.count('<a class="event ') == 4  # also for narrow screens


def test_on_narrow_screens_a_month_has_the_days_with_something(client_as, url, plenty):
    start = portal_clock.now().replace(month=6, day=15, hour=10)
    ConferenceFactory(account=plenty, starts_at=start, title="Once")
    client = client_as(roles.STAFF)
    page = client.get(f"{url('calendar')}?month={start:%Y-%m}").content.decode()
    shown = re.findall(r'<td class="(?!only-wide)[^"]*">.*?</td>', page, re.S)
    assert ["Once" in day for day in shown] == [True]
    assert plenty.label in shown[0]
    assert "Nothing in this month" not in page
    empty = client.get(f"{url('calendar')}?month=1999-01").content.decode()
    assert "Nothing in this month" in empty


def test_first_of_all_an_account_is_needed(client_as, url, db):
    page = client_as(roles.STAFF).get(url("schedule")).content.decode()
    assert "No account is connected yet" in page


def test_what_a_platform_alone_knows_is_shown_in_the_words_of_its_form(client_as, url):
    account = AccountFactory(platform="trueconf", label="Own server")
    options = {"mode": 3, "waiting_room_scope": "all", "auto_invite": 0}
    row = ConferenceFactory(account=account, options=options)
    page = client_as().get(url("conference", row.pk)).content.decode()
    for words in ("Role-based, with a podium", "Everybody"):
        assert words in page, words


def test_history_tells_our_change_from_one_that_was_made_there(account, sandbox, client_as, url):
    sandbox.clickmeeting().add_room("First")
    engine.sync_account(account.pk, full=True)
    row = Conference.objects.get()
    staff = client_as()
    schedule.reschedule(row, {"title": "Ours"}, staff.user, row.version)
    engine.push_account(account.pk)
    history = staff.get(url("conference-history", row.pk)).content.decode()
    assert "Change sent there" in history
    assert "Changed there" not in history
    edit(sandbox, account, "rename", title="Ours", name="Theirs")
    engine.sync_account(account.pk, full=True)
    assert "Changed there" in staff.get(url("conference-history", row.pk)).content.decode()
