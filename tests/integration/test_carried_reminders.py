"""Reminders that go over from a webinar to a template, to its like and to a copy of it."""

import json
from datetime import timedelta

import pytest
from django.utils.html import escape

from portal.common import clock as time
from portal.conferences.mails.services import carried, reminders
from portal.conferences.models import Change, Conference, ConferenceTemplate, Invitation, Series
from portal.conferences.schedule.services import schedule as scheduling
from portal.conferences.schedule.services import templates
from portal.identity import roles
from tests.factories import (
    AccountFactory,
    ConferenceFactory,
    ModeratorFactory,
    RegistrationFactory,
    SeriesFactory,
)
from tests.factories.rooms import furnish

pytestmark = pytest.mark.django_db
DAY, HOUR = 1440, 60


@pytest.fixture(autouse=True)
def rooms(monkeypatch):
    furnish(monkeypatch)


@pytest.fixture
def plenty():
    return AccountFactory(label="Plenty", platform="plenty")


@pytest.fixture
def ahead():
    return time.now().replace(second=0, microsecond=0) + timedelta(days=20)


@pytest.fixture
def held(plenty, ahead, staff_user):
    row = ConferenceFactory(
        account=plenty, title="Tea", timezone="UTC", starts_at=ahead, options={}
    )
    reminders.add(row, HOUR, staff_user, "Bring a cup")
    reminders.add(row, DAY, staff_user, segment="unanswered")
    row.refresh_from_db()
    return row


@pytest.fixture
def someone(client_as):
    return client_as(roles.STAFF)


def content(answer):
    return answer.content.decode()


def typed(plenty, ahead, **more):
    day = ahead + timedelta(days=7)
    return {
        "account": plenty.pk,
        "shown": plenty.pk,
        "title": "Tea again",
        "timezone": "UTC",
        "date": f"{day:%Y-%m-%d}",
        "time": "10:00",
        "duration_minutes": "60",
        "room_type": "meeting",
        "access": "open",
        "moderators-count": "0",
        "schedule": "yes",
        **more,
    }


def carrying(row, **more):
    return {"carried_reminders": carried.as_text(carried.of(row)), **more}


def of(row):
    found = row.reminders.order_by("minutes")
    return list(found.values_list("minutes", "segment", "note"))


BOTH = [(HOUR, "registered", "Bring a cup"), (DAY, "unanswered", "")]


def test_a_template_keeps_them_and_the_form_names_them_with_a_tick(
    someone, url, held, plenty, ahead, staff_user
):
    someone.post(url("template-save", held.pk), {"name": "Tea", "account": plenty.pk})
    made = ConferenceTemplate.objects.get()
    assert {one["minutes"] for one in made.reminders} == {HOUR, DAY}
    reminders.remove(held.reminders.get(minutes=HOUR), staff_user, held)
    page = content(someone.get(url("schedule"), {"template": made.pk}))
    label = "With these reminders: 1 day before: Those who were invited and have not answered"
    assert f"{label}, 1 hour before" in page
    assert 'name="with_reminders"' in page
    assert "Bring a cup" in page
    assert "People are reminded: 1 day before" in page
    assert "Without the tick nobody is reminded" in page
    data = typed(plenty, ahead, carried_reminders=json.dumps(made.reminders), with_reminders="on")
    assert someone.post(url("schedule"), data).status_code == 302
    again = Conference.objects.get(title="Tea again")
    assert again.own_reminders
    assert of(again) == BOTH
    assert Change.objects.filter(conference_id=again.pk, action="reminder set").count() == 2
    assert not Invitation.objects.filter(conference=again).exists()


def test_like_last_time_carries_them_through_a_form_that_is_shown_anew(
    someone, url, held, plenty, ahead
):
    page = content(someone.get(url("schedule"), {"like": held.pk}))
    assert "With these reminders: 1 day before" in page
    data = typed(plenty, ahead, **carrying(held, with_reminders="on", refresh="all"))
    page = content(someone.post(url("schedule"), data))
    box = page.split('id="id_with_reminders"')[1].split(">")[0]
    assert "checked" in box
    assert escape(carried.as_text(carried.of(held))) in page
    del data["with_reminders"]
    page = content(someone.post(url("schedule"), data))
    box = page.split('id="id_with_reminders"')[1].split(">")[0]
    assert "checked" not in box
    assert "People are reminded:" not in page


def test_without_the_tick_the_account_says_who_is_reminded(
    someone, url, held, plenty, ahead, staff_user
):
    reminders.add(plenty, 120, staff_user)
    page = content(someone.get(url("schedule"), {"like": held.pk}))
    assert "Without the tick people are reminded as Plenty says: 2 hours before." in page
    someone.post(url("schedule"), typed(plenty, ahead, **carrying(held)))
    again = Conference.objects.get(title="Tea again")
    assert not again.own_reminders
    assert not again.reminders.exists()
    assert [one.minutes for one in reminders.rules_of(again)] == [120]
    ticked = typed(plenty, ahead, **carrying(held, with_reminders="on", title="Ticked"))
    someone.post(url("schedule"), ticked)
    assert of(Conference.objects.get(title="Ticked")) == BOTH  # the account's are not added


def test_what_the_account_says_is_not_taken_over(someone, url, plenty, ahead, staff_user):
    reminders.add(plenty, HOUR, staff_user)
    row = ConferenceFactory(account=plenty, title="Tea", timezone="UTC", starts_at=ahead)
    assert carried.of(row) is None
    assert templates.save_as(row, "Tea", plenty, staff_user).reminders is None
    page = content(someone.get(url("schedule"), {"like": row.pk}))
    assert "with_reminders" not in page
    page = content(someone.post(url("conference-duplicate", row.pk), follow=True))
    assert "Copied too" not in page


def test_nobody_is_reminded_goes_over_as_well(someone, url, held, plenty, ahead, staff_user):
    reminders.add(plenty, 120, staff_user)
    for rule in reminders.rules_of(held):
        reminders.remove(rule, staff_user, held)
    held.refresh_from_db()
    page = content(someone.get(url("schedule"), {"like": held.pk}))
    assert "Remind nobody, as there" in page
    assert "Nobody is reminded, whatever the account says." in page
    data = typed(plenty, ahead, **carrying(held, with_reminders="on"))
    someone.post(url("schedule"), data)
    again = Conference.objects.get(title="Tea again")
    assert reminders.rules_of(again) == []
    said = Change.objects.get(conference_id=again.pk, action="reminder set")
    assert str(said.sentence) == "Nobody is reminded"


def test_those_of_a_series_are_carried_and_a_new_series_has_them_once(
    someone, url, plenty, ahead, staff_user
):
    series = SeriesFactory()
    row = ConferenceFactory(
        account=plenty, series=series, title="Tea", timezone="UTC", starts_at=ahead
    )
    reminders.add(series, DAY, staff_user)
    row = Conference.objects.get(pk=row.pk)
    data = typed(
        plenty,
        ahead,
        **carrying(row, with_reminders="on"),
    )
    data |= {"repeat-repeats": "WEEKLY", "repeat-interval": "1", "repeat-count": "3"}
    answer = someone.post(url("schedule"), data)
    assert answer.status_code == 302
    made = Series.objects.exclude(pk=series.pk).get()
    assert made.own_reminders
    assert [one.minutes for one in made.reminders.all()] == [DAY]
    dates = list(made.conferences.all())
    assert len(dates) == 3
    assert not any(one.own_reminders for one in dates)
    assert Change.objects.filter(action="reminder set", conference__in=dates).count() == 3


def test_a_copy_keeps_them_says_so_and_sends_none(someone, url, held, ahead, clock, staff_user):
    page = content(someone.post(url("conference-duplicate", held.pk), follow=True))
    assert "Copied too, and sent once it is scheduled: the reminders 1 day before" in page
    assert "People are reminded: 1 day before" in page  # the review of the draft
    copy = Conference.objects.get(draft=True)
    assert of(copy) == BOTH
    page = content(someone.get(url("conference-reminders", copy.pk)))
    assert "1 hour before" in page
    copy.starts_at = time.now() + timedelta(minutes=50)
    copy.save()
    RegistrationFactory(conference=copy)
    clock.advance(60)
    assert reminders.queue_due() == 0


def test_a_draft_that_is_scheduled_late_sends_none_whose_time_has_passed(
    someone, url, held, clock, staff_user
):
    copy = scheduling.duplicate(held, staff_user)
    RegistrationFactory(conference=copy)
    copy.starts_at = time.now().replace(second=0, microsecond=0) + timedelta(minutes=90)
    copy.save()
    clock.advance(40 * 60)  # the hour before has begun, and a reminder may be half of it late
    page = content(someone.post(url("conference-publish", copy.pk)))
    assert "People are reminded: 1 day before" in page
    scheduling.publish(copy, staff_user, notify=False)
    assert reminders.queue_due() == 0
    assert not Invitation.objects.filter(conference=copy).exists()


def test_the_same_form_twice_gives_them_once(someone, url, held, plenty, ahead):
    uid = "6d0f4d5e-7f2b-4a36-9e2a-0b7c3d9b1a11"
    data = typed(plenty, ahead, uid=uid, **carrying(held, with_reminders="on"))
    for _once_more in range(2):
        someone.post(url("schedule"), data)
    assert of(Conference.objects.get(title="Tea again")) == BOTH


def test_a_permanent_room_has_none(someone, url, held, plenty, ahead):
    data = typed(plenty, ahead, **carrying(held, with_reminders="on", permanent="on"))
    page = content(someone.post(url("schedule"), data | {"refresh": "all"}))
    assert "a permanent room has no start to remind of" in page
    someone.post(url("schedule"), data)
    again = Conference.objects.get(title="Tea again")
    assert (again.permanent, again.reminders.count(), again.own_reminders) == (True, 0, False)


def test_a_template_without_them_takes_away_what_another_one_gave(
    someone, url, held, plenty, ahead, staff_user
):
    bare = ConferenceFactory(account=plenty, title="Bare", timezone="UTC", starts_at=ahead)
    other = templates.save_as(bare, "Bare", plenty, staff_user)
    data = typed(plenty, ahead, **carrying(held, with_reminders="on"))
    page = content(someone.post(url("schedule"), data | {"fill": "yes", "template": other.pk}))
    assert "with_reminders" not in page


@pytest.mark.parametrize(
    "text",
    [
        "x",
        "{}",
        "null",
        "[" * 50_000,
        "[1]",
        '[{"minutes": 60}]',
        '[{"minutes": 1, "segment": "registered"}]',
        '[{"minutes": true, "segment": "registered"}]',
        '[{"minutes": 1e999, "segment": "registered"}]',
        '[{"minutes": 60, "segment": ["registered"]}]',
        '[{"minutes": 60, "segment": "everybody"}]',
        '[{"minutes": 60, "segment": "registered", "note": "a\\u0000b"}]',
        '[{"minutes": 60, "segment": "registered", "note": 7}]',
        json.dumps([{"minutes": 60, "segment": "registered", "note": "x" * 5001}]),
        json.dumps([{"minutes": 60, "segment": "registered"}] * 2),
        json.dumps([{"minutes": 60 + n, "segment": "registered"} for n in range(6)]),
        " " * 60_001,
    ],
)
def test_what_cannot_be_read_is_none(someone, url, plenty, ahead, text):
    data = typed(plenty, ahead, carried_reminders=text, with_reminders="on")
    page = content(someone.post(url("schedule"), data | {"refresh": "all"}))
    assert "With these reminders" not in page
    assert someone.post(url("schedule"), data).status_code == 302
    assert not Conference.objects.get(title="Tea again").reminders.exists()


def test_those_who_run_it_are_asked_about_once_and_the_reminders_come_along(
    someone, url, held, plenty, ahead
):
    ModeratorFactory(conference=held, name="Ada", email="ada@example.org", role="host")
    data = typed(plenty, ahead, **carrying(held, with_reminders="on"))
    data |= {
        "moderators-count": "1",
        "moderators-0-name": "Ada",
        "moderators-0-email": "ada@example.org",
        "moderators-0-role": "host",
    }
    page = content(someone.post(url("schedule"), data))
    assert '<textarea name="with_reminders"' in page
    assert escape(carried.as_text(carried.of(held))) in page
    assert not Conference.objects.filter(title="Tea again").exists()
