"""Schedule, reschedule, publish, duplicate: what is written down, and what is refused."""

import uuid
from datetime import UTC, timedelta

import pytest

from portal.common import clock as portal_clock
from portal.common.errors import NotAllowed, NotPossible, Stale
from portal.conferences.audience.services import moderators
from portal.conferences.models import Change, Conference, Invitation
from portal.conferences.schedule.services.schedule import duplicate, publish, reschedule, schedule
from portal.outbox.models import OutboxEntry
from tests.factories import (
    AccountFactory,
    ConferenceFactory,
    ModeratorFactory,
    RegistrationFactory,
)
from tests.factories.rooms import NO_EDITS, furnish

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def rooms(monkeypatch):
    furnish(monkeypatch)


@pytest.fixture
def plenty():
    return AccountFactory(label="Plenty", platform="plenty")


def soon(**shift):
    return (portal_clock.now() + timedelta(**(shift or {"days": 3}))).replace(
        second=0, microsecond=0
    )


def wish(**changes):
    values = {
        "title": "Spring cleaning",
        "starts_at": soon(),
        "duration_minutes": 45,
        "timezone": "Europe/Berlin",
    }
    return values | changes


def entries(kind="conference"):
    return list(OutboxEntry.objects.filter(kind=kind).values_list("local_id", flat=True))


def test_scheduling_writes_row_history_and_note(plenty, staff_user):
    made = schedule(account=plenty, values=wish(**{"options.lobby": True}), by=staff_user)
    assert made.state == Conference.State.SCHEDULED
    assert made.options == {"lobby": True}
    assert entries() == [made.pk]
    line = Change.objects.get(conference=made)
    assert (line.action, line.actor) == ("scheduled", staff_user)
    assert line.after["title"] == "Spring cleaning"
    assert line.after["options.lobby"] is True


def test_the_same_form_sent_twice_makes_one(plenty, staff_user):
    uid = f"{uuid.uuid4()}@lectern"
    first = schedule(account=plenty, values=wish(), by=staff_user, uid=uid)
    again = schedule(account=plenty, values=wish(), by=staff_user, uid=uid)
    assert first == again
    assert Conference.objects.count() == 1


def test_moderators_come_with_it(plenty, staff_user):
    people = [{"email": "Ada@Example.com", "name": "Ada", "role": "host"}]
    made = schedule(account=plenty, values=wish(), by=staff_user, people=people)
    person = made.moderators.get()
    assert (person.email, person.role) == ("ada@example.com", "host")
    assert entries("moderator") == [person.pk]


def test_one_bad_moderator_keeps_everything_from_being_saved(plenty, staff_user):
    people = [{"email": "not an address", "name": "Ada", "role": "host"}]
    with pytest.raises(NotPossible):
        schedule(account=plenty, values=wish(), by=staff_user, people=people)
    assert not Conference.objects.exists()
    assert not OutboxEntry.objects.exists()


def test_a_draft_is_told_to_nobody_and_may_be_unfinished(plenty, staff_user):
    made = schedule(account=plenty, values={"title": "Perhaps"}, by=staff_user, draft=True)
    assert made.state == Conference.State.DRAFT
    assert entries() == []


@pytest.mark.parametrize(
    ("values", "field"),
    [
        (wish(title="  "), "title"),
        (wish(title=""), "title"),
        (wish(title="x" * 401), "title"),
        (wish(description="y" * 161), "description"),
        (wish(duration_minutes=4), "duration_minutes"),
        (wish(duration_minutes=601), "duration_minutes"),
        (wish(duration_minutes=None), "duration_minutes"),
        (wish(starts_at=None), "starts_at"),
        (wish(access="password"), "password"),
        (wish(**{"options.seats": 1}), "options.seats"),
        (wish(**{"options.skin": "3"}), "options.skin"),
        (wish(**{"options.unheard_of": True}), "options.unheard_of"),
        (wish(open=False), "open"),
    ],
)
def test_what_the_platform_would_not_take_is_refused_beside_the_field(
    plenty, staff_user, values, field
):
    with pytest.raises(NotPossible) as refused:
        schedule(account=plenty, values=values, by=staff_user)
    assert list(refused.value.field_errors) == [field]
    assert not Conference.objects.exists()


def test_a_start_in_the_past_is_refused(plenty, staff_user):
    with pytest.raises(NotPossible) as refused:
        schedule(account=plenty, values=wish(starts_at=soon(hours=-1)), by=staff_user)
    assert "starts_at" in refused.value.field_errors


def test_a_platform_that_takes_none_says_so_itself(staff_user):
    account = AccountFactory(platform="sparse")
    with pytest.raises(NotPossible) as refused:
        schedule(account=account, values=wish(), by=staff_user)
    assert refused.value.sentence == NO_EDITS


def test_a_setting_that_the_platform_lacks_is_refused(staff_user):
    account = AccountFactory(platform="narrow")
    with pytest.raises(NotPossible) as refused:
        schedule(account=account, values=wish(access="password", password="x"), by=staff_user)
    assert set(refused.value.field_errors) == {"access", "password"}


def test_viewers_change_nothing(plenty, viewer_user):
    with pytest.raises(NotAllowed):
        schedule(account=plenty, values=wish(), by=viewer_user)
    held = ConferenceFactory(account=plenty)
    for act in (
        lambda: reschedule(held, {"title": "Mine"}, viewer_user, 0),
        lambda: publish(held, viewer_user),
        lambda: duplicate(held, viewer_user),
    ):
        with pytest.raises(NotAllowed):
            act()
    assert not Change.objects.exists()


def test_an_edit_records_only_what_changed(plenty, staff_user):
    held = ConferenceFactory(account=plenty, title="Old", description="Same")
    values = {"title": "New", "description": "Same", "starts_at": held.starts_at}
    row = reschedule(held, values, staff_user, held.version)
    line = Change.objects.get(conference=held)
    assert (line.before, line.after) == ({"title": "Old"}, {"title": "New"})
    assert (row.version, row.sequence) == (1, 1)
    assert entries() == [held.pk]


def test_the_same_values_again_change_nothing(plenty, staff_user):
    held = ConferenceFactory(account=plenty)
    reschedule(held, {"title": held.title}, staff_user, 0)
    assert not OutboxEntry.objects.exists()
    assert not Change.objects.exists()
    assert Conference.objects.get().version == 0


def test_a_password_is_kept_and_never_written_into_the_history(plenty, staff_user):
    held = ConferenceFactory(account=plenty)
    row = reschedule(held, {"access": "password", "password": "abc123"}, staff_user, 0)
    assert Conference.objects.get(pk=row.pk).password == "abc123"
    assert Change.objects.get().after["password"] == "(not shown)"


def test_a_second_save_from_an_old_page_is_told_so(plenty, staff_user):
    held = ConferenceFactory(account=plenty)
    reschedule(held, {"title": "First"}, staff_user, 0)
    with pytest.raises(Stale):
        reschedule(held, {"title": "Second"}, staff_user, 0)
    assert Conference.objects.get().title == "First"


@pytest.mark.parametrize(
    ("values", "mails"),
    [
        ({"title": "Another"}, 1),
        ({"starts_at": soon(days=5)}, 1),
        ({"duration_minutes": 50}, 1),
        ({"timezone": "Asia/Tokyo"}, 1),
        ({"description": "More words"}, 0),
        ({"access": "token"}, 0),
        ({"options.lobby": True}, 0),
    ],
)
def test_people_hear_of_what_concerns_their_calendar(plenty, staff_user, values, mails):
    held = ConferenceFactory(account=plenty)
    RegistrationFactory(conference=held)
    row = reschedule(held, values, staff_user, 0)
    assert Invitation.objects.count() == mails
    assert row.sequence == mails


def test_what_is_over_is_changed_without_mails(plenty, staff_user):
    held = ConferenceFactory(account=plenty, starts_at=soon(days=-2))
    RegistrationFactory(conference=held)
    reschedule(held, {"title": "As it was really called"}, staff_user, 0)
    assert not Invitation.objects.exists()


def test_a_past_start_may_stay_but_not_be_chosen(plenty, staff_user):
    held = ConferenceFactory(account=plenty, starts_at=soon(days=-2))
    reschedule(held, {"starts_at": held.starts_at, "title": "New"}, staff_user, 0)
    with pytest.raises(NotPossible):
        reschedule(held, {"starts_at": soon(days=-1)}, staff_user, 1)
    assert reschedule(held, {"starts_at": soon(days=1)}, staff_user, 1).state == "scheduled"


def test_what_is_fixed_after_creation_is_refused(plenty, staff_user):
    held = ConferenceFactory(account=plenty)
    with pytest.raises(NotPossible) as refused:
        reschedule(held, {"room_type": "meeting"}, staff_user, 0)
    assert "room_type" in refused.value.field_errors
    draft = ConferenceFactory(account=plenty, draft=True)
    assert reschedule(draft, {"room_type": "meeting"}, staff_user, 0).room_type == "meeting"


def test_gaps_of_an_imported_row_do_not_bar_other_edits(plenty, staff_user):
    held = ConferenceFactory(account=plenty, access="password", duration_minutes=None)
    assert reschedule(held, {"title": "Mended"}, staff_user, 0).title == "Mended"


@pytest.mark.parametrize("mark", ["removed_at", "gone_at"])
def test_cancelled_and_gone_ones_are_frozen(plenty, staff_user, mark):
    held = ConferenceFactory(account=plenty, **{mark: portal_clock.now()})
    with pytest.raises(NotPossible):
        reschedule(held, {"title": "New"}, staff_user, 0)


def test_publishing_asks_for_everything_and_tells_the_platform(plenty, staff_user):
    draft = ConferenceFactory(account=plenty, draft=True, starts_at=None)
    person = ModeratorFactory(conference=draft)
    with pytest.raises(NotPossible):
        publish(draft, staff_user)
    assert entries() == []
    reschedule(draft, {"starts_at": soon()}, staff_user, 0)
    row = publish(draft, staff_user)
    assert row.state == Conference.State.SCHEDULED
    assert entries() == [draft.pk]
    assert entries("moderator") == [person.pk]
    with pytest.raises(NotPossible, match="scheduled already"):
        publish(row, staff_user)


def test_a_copy_is_a_draft_without_a_date(plenty, staff_user):
    held = ConferenceFactory(account=plenty, options={"lobby": True}, open=False)
    ModeratorFactory(conference=held, email="ada@example.com")
    copy = duplicate(held, staff_user)
    assert (copy.draft, copy.starts_at, copy.open) == (True, None, True)
    assert copy.options == held.options
    assert copy.calendar_uid != held.calendar_uid
    assert copy.moderators.get().token != held.moderators.get().token
    assert entries() == []


def test_a_moderator_who_was_taken_off_comes_back_with_the_same_link(plenty, staff_user):
    held = ConferenceFactory(account=plenty)
    person = moderators.assign(
        held, email="ada@example.com", name="Ada", role="host", by=staff_user
    )
    moderators.unassign(person, staff_user)
    back = moderators.assign(
        held, email="ADA@example.com", name="Ada L", role="presenter", by=staff_user
    )
    assert (back.pk, back.token, back.removed_at) == (person.pk, person.token, None)
    with pytest.raises(NotPossible) as refused:
        moderators.assign(held, email="ada@example.com", name="A", role="host", by=staff_user)
    assert "email" in refused.value.field_errors
    assert [c.action for c in Change.objects.order_by("id")] == [
        "assigned",
        "unassigned",
        "assigned",
    ]


def test_roles_change_only_where_the_platform_follows(plenty, staff_user):
    person = ModeratorFactory(conference=ConferenceFactory(account=plenty), role="presenter")
    changed = moderators.change(person, name=person.name, role="host", by=staff_user)
    assert Change.objects.get().after == {"role": "host"}
    assert changed.role == "host"
    narrow = AccountFactory(platform="narrow")
    stuck = ModeratorFactory(conference=ConferenceFactory(account=narrow))
    for act in (
        lambda: moderators.change(stuck, name="X", role="host", by=staff_user),
        lambda: moderators.unassign(stuck, staff_user),
    ):
        with pytest.raises(NotPossible, match="Narrow"):
            act()
    on_draft = ModeratorFactory(conference=ConferenceFactory(account=narrow, draft=True))
    assert moderators.unassign(on_draft, staff_user).removed_at


def test_nobody_is_put_on_a_platform_without_moderators(staff_user):
    held = ConferenceFactory(account=AccountFactory(platform="sparse"))
    with pytest.raises(NotPossible, match="no moderators"):
        moderators.assign(held, email="a@example.com", name="A", role="host", by=staff_user)


def test_times_are_utc_whatever_zone_they_came_in(plenty, staff_user):
    made = schedule(account=plenty, values=wish(), by=staff_user)
    assert Conference.objects.get(pk=made.pk).starts_at.tzinfo == UTC
