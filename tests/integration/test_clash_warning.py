"""Something else at the same time: said while somebody types, asked once before it is saved."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from portal.common import clock
from portal.conferences.models import Conference
from portal.conferences.schedule.services.clashes import FEW_PEOPLE
from tests.factories import (
    AccountFactory,
    AttendeeFactory,
    ConferenceFactory,
    ModeratorFactory,
    RegistrationFactory,
    SeriesFactory,
)

pytestmark = pytest.mark.django_db
ASKED = "Something else takes place at that time"
START = (clock.now() + timedelta(days=3)).replace(hour=12, minute=0, second=0, microsecond=0)


@pytest.fixture
def account():
    return AccountFactory(label="Tight", concurrent_rooms=1)


@pytest.fixture
def other(account):
    return ConferenceFactory(account=account, title="First of all", starts_at=START)


def typed(account, start=START, **more):
    local = timezone.localtime(start)
    return {
        "account": account.pk,
        "title": "Second",
        "room_type": "webinar",
        "access": "open",
        "timezone": "UTC",
        "date": f"{start:%Y-%m-%d}",
        "time": f"{start:%H:%M}",
        "duration_minutes": 60,
        "shown": account.pk,
        "moderators-count": 1,
        "local": f"{local}",
    } | more


def second():
    return Conference.objects.filter(title="Second").first()


def test_it_is_asked_once_and_then_done(client_as, url, account, other):
    client = client_as()
    page = client.post(url("schedule"), typed(account, schedule="yes"))
    text = page.content.decode()
    assert page.status_code == 422
    assert second() is None
    assert ASKED in text
    assert "Tight can run 1 webinar at a time; with this one it would be 2:" in text
    assert url("conference", other.pk) in text
    mark = page.context["page"].warning.found.mark
    assert f'value="{mark}"' in text
    client.post(url("schedule"), typed(account, schedule="yes", anyway=mark))
    assert second().starts_at == START


def test_yes_to_one_clash_is_no_yes_to_another(client_as, url, account, other):
    ConferenceFactory(account=account, starts_at=START + timedelta(minutes=30))
    sent = typed(account, schedule="yes", anyway=f"a{other.pk}")
    assert client_as().post(url("schedule"), sent).status_code == 422
    assert second() is None


def test_a_draft_is_kept_without_a_question_and_asked_about_when_it_is_scheduled(
    client_as, url, account, other
):
    client = client_as()
    client.post(url("schedule"), typed(account, draft="yes"))
    row = second()
    assert row.draft
    asked = client.post(url("conference-publish", row.pk))
    assert "Tight can run 1 webinar at a time" in asked.content.decode()
    assert second().draft
    client.post(url("conference-publish", row.pk), {"do": "yes", "counted": "0"})
    assert not second().draft


def test_it_is_said_while_somebody_types(client_as, url, account, other):
    sent = typed(account, refresh="clock")
    part = client_as().post(url("schedule"), sent, headers={"hx-request": "true"})
    assert ASKED in part.content.decode()
    later = START + timedelta(minutes=60)
    part = client_as().post(url("schedule"), typed(account, later, refresh="clock"))
    assert ASKED not in part.content.decode()


def test_who_speaks_elsewhere_is_named(client_as, url, account):
    elsewhere = ConferenceFactory(title="On another account", starts_at=START)
    ModeratorFactory(conference=elsewhere, name="Ann Example", email="ann@example.com")
    sent = typed(account, refresh="clock") | {"moderators-0-email": "Ann@Example.com"}
    text = client_as().post(url("schedule"), sent).content.decode()
    assert "Ann Example is at another webinar:" in text
    assert "On another account" in text


def test_an_edit_is_asked_about_where_it_moves_it(client_as, url, account, other):
    row = ConferenceFactory(account=account, title="Second", starts_at=START, timezone="UTC")
    for one in [AttendeeFactory() for _ in range(FEW_PEOPLE + 1)]:
        RegistrationFactory(conference=row, attendee=one)
        RegistrationFactory(conference=other, attendee=one)
    client, address = client_as(), url("conference-edit", row.pk)
    assert ASKED in client.get(address).content.decode(), "it clashes as it stands"
    kept = typed(account, save="yes", version=0, title="Renamed")
    client.post(address, kept | {"tell": "no"})
    row.refresh_from_db()
    assert row.title == "Renamed", "nobody asks of a time that stays"
    moved = typed(account, START + timedelta(minutes=15), save="yes", version=1, title="Renamed")
    page = client.post(address, moved | {"tell": "no"})
    assert page.status_code == 422
    text = page.content.decode()
    said = "people are invited to, or registered for, another webinar too:"
    assert f"{FEW_PEOPLE + 1} {said}" in text
    mark = page.context["page"].warning.found.mark
    client.post(address, moved | {"tell": "no", "anyway": mark})
    row.refresh_from_db()
    assert row.starts_at == START + timedelta(minutes=15)


def test_where_nobody_knows_the_capacity_it_is_told_and_not_asked(client_as, url):
    account = AccountFactory(label="Roomy")
    ConferenceFactory(account=account, title="First of all", starts_at=START)
    client = client_as()
    part = client.post(url("schedule"), typed(account, refresh="clock")).content.decode()
    assert "Another webinar runs on this account at that time" in part
    assert ASKED not in part
    client.post(url("schedule"), typed(account, schedule="yes"))
    assert second() is not None


def test_titles_and_names_are_no_markup(client_as, url, account):
    nasty = "<script>alert(1)</script>"
    other = ConferenceFactory(account=account, title=nasty, starts_at=START)
    ModeratorFactory(conference=other, name=nasty, email="ann@example.com")
    sent = typed(account, refresh="clock") | {"moderators-0-email": "ann@example.com"}
    assert nasty not in client_as().post(url("schedule"), sent).content.decode()
    row = ConferenceFactory(account=account, draft=True, starts_at=START)
    ModeratorFactory(conference=row, email="ann@example.com")
    text = client_as().post(url("conference-publish", row.pk)).content.decode()
    assert nasty not in text
    assert "&lt;script&gt;" in text


def test_whoever_is_assigned_while_they_are_elsewhere_is_asked_about(client_as, url):
    elsewhere = ConferenceFactory(title="On another account", starts_at=START)
    ModeratorFactory(conference=elsewhere, name="Ann Example", email="ann@example.com")
    draft = ConferenceFactory(starts_at=START, draft=True)  # nobody hears: only the clash asks
    sent = {"name": "Ann Example", "email": "ann@example.com", "role": "presenter"}
    client, address = client_as(), url("moderator-assign", draft.pk)
    page = client.post(address, sent).content.decode()
    assert "Ann Example is at another webinar:" in page
    assert url("conference", elsewhere.pk) in page
    assert not draft.moderators.exists()
    client.post(address, sent | {"do": "yes", "counted": "0"})
    assert draft.moderators.get().email == "ann@example.com"
    free = ConferenceFactory(starts_at=START + timedelta(hours=1), draft=True)
    client.post(url("moderator-assign", free.pk), sent)
    assert free.moderators.exists(), "who is free is assigned at once"


def test_a_move_to_a_full_account_says_so_first(client_as, url, account, other):
    row = ConferenceFactory(title="Second", starts_at=START)
    sent = {"account": account.pk, "how": "move", "preview": "yes"}
    said = "Tight can run 1 webinar at a time; with this one it would be 2:"
    assert said in client_as().post(url("conference-move", row.pk), sent).content.decode()
    copied = client_as().post(url("conference-move", row.pk), sent | {"how": "copy"})
    assert said not in copied.content.decode(), "a copy is a draft without a date"


def test_its_time_is_by_the_clock_that_was_typed(client_as, url, account, other):
    """Another clock would show a time that does not overlap with the typed one."""
    client = client_as()
    local = START.astimezone(ZoneInfo("Asia/Tokyo"))
    hours = f"{local:%H:%M}–{local + timedelta(minutes=other.duration_minutes):%H:%M}, Tight"
    data = typed(account, timezone="Asia/Tokyo", date=f"{local:%Y-%m-%d}", time=f"{local:%H:%M}")
    part = {"headers": {"HX-Request": "true"}}
    page = client.post(url("schedule"), data | {"refresh": "clock"}, **part)
    assert hours in page.content.decode()
    moved = ConferenceFactory(account=account, starts_at=START + timedelta(days=9))
    page = client.post(url("conference-reschedule", moved.pk), data | {"refresh": "yes"}, **part)
    assert hours in page.content.decode()


def test_it_is_said_of_a_date_that_is_added_to_a_series(client_as, url, account, other):
    client, series = client_as(), SeriesFactory(timezone="UTC")
    last = ConferenceFactory(account=account, series=series, starts_at=START + timedelta(days=1))
    ModeratorFactory(conference=last, name="Ada", email="ada@example.org")
    ModeratorFactory(conference=other, name="Ada", email="ada@example.org")
    given = {"timezone": "UTC", "date": f"{START:%Y-%m-%d}", "time": f"{START:%H:%M}"}
    page = client.post(url("series-add", series.pk), given).content.decode()
    assert "On one of these dates something else takes place" in page
    assert "Ada is at another webinar:" in page
    assert "Tight can run 1 webinar at a time" in page
    assert series.conferences.count() == 1
    last.moderators.all().delete()
    page = client.post(url("series-add", series.pk), given).content.decode()
    assert "Tight can run 1 webinar at a time" in page, "asked also where nobody would be told"
    assert series.conferences.count() == 1
    given["date"] = f"{last.starts_at:%Y-%m-%d}"
    answer = client.post(url("series-add", series.pk), given)
    assert answer.status_code == 422
    assert "A date of this series starts at that moment already." in answer.content.decode()
