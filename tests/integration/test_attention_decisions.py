"""Every answer to every conflict, with the real engine and the sandbox: both sides then agree."""

from datetime import timedelta

import pytest

from integrations.base.records import Kind
from portal.common import clock
from portal.common.errors import NotAllowed, NotPossible
from portal.conferences.models import Change, Conference, Invitation, Recording, Registration
from portal.conferences.schedule.services import cancel, schedule
from portal.outbox import services as outbox
from portal.outbox.models import OutboxEntry
from portal.sync import engine, queries, services
from portal.sync.models import Conflict, Hold, PlatformLink, SyncRun
from portal.sync.services import conflicts
from tests.factories import AttendeeFactory, ConferenceFactory, RegistrationFactory

pytestmark = pytest.mark.django_db
Sort = Conflict.Sort


@pytest.fixture
def platform(sandbox):
    return sandbox.clickmeeting("demo")


@pytest.fixture
def row(account, platform):
    """A webinar that both sides have."""
    start = (clock.now() + timedelta(days=3)).replace(minute=0, second=0, microsecond=0)
    made = ConferenceFactory(
        account=account, title="Agreed", starts_at=start, registration_enabled=True
    )
    outbox.add(account, Kind.CONFERENCE, made.pk)
    sync(account)
    return made


def sync(account):
    run = engine.sync_account(account.pk, trigger="command", full=True)
    assert run.outcome != SyncRun.Outcome.FAILED, run.problem
    return run


def twice(account):
    """Two syncs: an absence is believed only then."""
    sync(account)
    return sync(account)


def answers(conflict):
    return [one.value for one in services.choices(conflict)]


def quiet(account):
    """Whether both sides agree: nothing is planned any more."""
    return sync(account).steps == [] and sync(account).steps == []


def both_edit(row, platform, by, ours="Ours", theirs="Theirs"):
    schedule.reschedule(row, {"title": ours}, by, Conference.objects.get(pk=row.pk).version)
    platform.edit_room(platform.rooms()[0]["id"], name=theirs)
    sync(row.account)
    return Conflict.objects.get(sort=Sort.FIELD, resolved_at=None)


def test_ours_is_put_back_and_reaches_the_platform(row, platform, staff_user):
    conflict = both_edit(row, platform, staff_user)
    row.refresh_from_db()
    assert row.title == "Theirs"
    assert answers(conflict) == ["ours", "theirs"]
    services.resolve(conflict, "ours", staff_user)
    row.refresh_from_db()
    assert row.title == "Ours"
    sync(row.account)
    assert platform.rooms()[0]["name"] == "Ours"
    assert quiet(row.account)
    conflict.refresh_from_db()
    assert (conflict.resolved_by, conflict.resolution) == (staff_user, "ours")
    decided = Change.objects.get(action="conflict decided")
    assert (decided.actor, decided.conference) == (staff_user, row)


def test_theirs_stays(row, platform, staff_user):
    conflict = both_edit(row, platform, staff_user)
    services.resolve(conflict, "theirs", staff_user)
    row.refresh_from_db()
    assert row.title == "Theirs" == platform.rooms()[0]["name"]
    assert not OutboxEntry.objects.exclude(state="done").exists()
    assert quiet(row.account)
    assert queries.attention_count() == 0


def test_a_start_is_put_back_as_an_instant(row, platform, staff_user):
    wanted = row.starts_at + timedelta(hours=5)
    schedule.reschedule(row, {"starts_at": wanted}, staff_user, row.version)
    platform.edit_room(platform.rooms()[0]["id"], starts_at=row.starts_at + timedelta(hours=2))
    sync(row.account)
    conflict = Conflict.objects.get(field="starts_at", resolved_at=None)
    services.resolve(conflict, "ours", staff_user)
    row.refresh_from_db()
    assert row.starts_at == wanted
    assert quiet(row.account) or quiet(row.account)


def test_a_viewer_decides_nothing(row, platform, staff_user, viewer_user):
    conflict = both_edit(row, platform, staff_user)
    for choice in ("ours", "theirs"):
        with pytest.raises(NotAllowed):
            services.resolve(conflict, choice, viewer_user)
    assert Conflict.objects.filter(resolved_at=None).count() == 1


@pytest.mark.parametrize("choice", ["", "recreate", "OURS", "x" * 500, "ours\x00"])
def test_what_is_no_answer_changes_nothing(row, platform, staff_user, choice):
    conflict = both_edit(row, platform, staff_user)
    with pytest.raises(NotPossible):
        services.resolve(conflict, choice, staff_user)
    assert Conflict.objects.filter(resolved_at=None).count() == 1


def test_the_second_answer_comes_too_late(row, platform, staff_user):
    conflict = both_edit(row, platform, staff_user)
    stale = Conflict.objects.get(pk=conflict.pk)
    services.resolve(conflict, "theirs", staff_user)
    with pytest.raises(NotPossible, match="settled meanwhile"):
        services.resolve(stale, "ours", staff_user)
    row.refresh_from_db()
    assert row.title == "Theirs"


def test_an_answer_that_the_rules_refuse_leaves_the_question_open(row, platform, staff_user):
    conflict = both_edit(row, platform, staff_user)
    cancel.cancel(row, staff_user, notify=False)
    with pytest.raises(NotPossible):
        services.resolve(conflict, "ours", staff_user)
    conflict.refresh_from_db()
    assert conflict.resolved_at is None


def flipped(row, platform):
    """A title that something over there puts back each time."""
    Conference.objects.filter(pk=row.pk).update(title="Ours")
    link = PlatformLink.objects.get(kind=Kind.CONFERENCE)
    link.flips = {"title": ["Ours", "Agreed", 9]}
    link.save()
    outbox.add(row.account, Kind.CONFERENCE, row.pk)
    sync(row.account)
    assert platform.rooms()[0]["name"] == "Agreed"
    return Conflict.objects.get(sort=Sort.FLIP)


def test_what_flips_is_sent_again_when_a_person_says_so(row, platform, staff_user):
    conflict = flipped(row, platform)
    services.resolve(conflict, "ours", staff_user)
    sync(row.account)
    assert platform.rooms()[0]["name"] == "Ours"
    assert quiet(row.account)


def test_what_flips_may_be_taken_from_the_platform(row, platform, staff_user):
    conflict = flipped(row, platform)
    services.resolve(conflict, "theirs", staff_user)
    row.refresh_from_db()
    assert row.title == "Agreed"
    assert quiet(row.account)
    assert platform.rooms()[0]["name"] == "Agreed"


def edited_while_cancelled(row, platform, by):
    platform.edit_room(platform.rooms()[0]["id"], name="Changed there")
    cancel.cancel(row, by, notify=False)
    sync(row.account)
    row.refresh_from_db()
    assert row.removed_at is None
    return Conflict.objects.get(sort=Sort.DELETE)


def test_an_edit_that_won_may_be_overruled(row, platform, staff_user):
    conflict = edited_while_cancelled(row, platform, staff_user)
    services.resolve(conflict, "ours", staff_user)
    sync(row.account)
    assert platform.rooms() == []
    row.refresh_from_db()
    assert row.removed_at is not None
    assert quiet(row.account)


def test_an_edit_that_won_may_stay_and_people_hear_of_it(row, platform, staff_user):
    person = RegistrationFactory(conference=row)
    given = {"registration": person, "to_email": "p@example.com", "not_before": clock.now()}
    for purpose, state in (("invite", "sent"), ("cancel", "sent"), ("cancel", "waiting")):
        Invitation.objects.create(conference=row, purpose=purpose, state=state, **given)
    conflict = edited_while_cancelled(row, platform, staff_user)
    sequence = Conference.objects.get(pk=row.pk).sequence
    services.resolve(conflict, "theirs", staff_user, notify=True)
    row.refresh_from_db()
    assert (row.removed_at, row.title) == (None, "Changed there")
    assert row.sequence > sequence
    # Their last word was the cancellation.
    assert row.invitations.filter(state="waiting").get().purpose == "update"
    assert row.invitations.filter(state="dropped").get().purpose == "cancel"


def still_there(row, platform, by):
    """We deleted it, and the platform still shows it."""
    cancel.cancel(row, by, notify=False)
    PlatformLink.objects.filter(kind=Kind.CONFERENCE).update(state="deleted", op_at=None)
    OutboxEntry.objects.update(state="done")
    sync(row.account)
    return Conflict.objects.get(sort=Sort.DELETE)


def test_what_is_still_there_is_deleted_again(row, platform, staff_user):
    conflict = still_there(row, platform, staff_user)
    assert len(platform.rooms()) == 1
    services.resolve(conflict, "ours", staff_user)
    sync(row.account)
    assert platform.rooms() == []
    assert quiet(row.account)


def test_what_is_still_there_is_brought_back(row, platform, staff_user):
    conflict = still_there(row, platform, staff_user)
    services.resolve(conflict, "theirs", staff_user)
    row.refresh_from_db()
    assert row.removed_at is None
    assert quiet(row.account)
    assert len(platform.rooms()) == 1


def gone(row, platform):
    # Others stay, so that the brake has no reason to be pulled.
    for number in range(4):
        platform.add_room(f"Other {number}", starts_at=row.starts_at)
    sync(row.account)
    (room,) = [room for room in platform.rooms() if room["name"] == "Agreed"]
    platform.delete_room(room["id"])
    twice(row.account)
    row.refresh_from_db()
    assert row.gone_at is not None
    return Conflict.objects.get(sort=Sort.GONE)


def test_what_is_gone_is_made_again_with_its_people(row, platform, staff_user):
    person = Registration.objects.create(conference=row, attendee=AttendeeFactory())
    outbox.add(row.account, Kind.REGISTRATION, person.pk)
    sync(row.account)
    assert len(platform.registrations(platform.rooms()[0]["id"])) == 1
    conflict = gone(row, platform)
    assert answers(conflict) == ["recreate", "accept_loss"]
    services.resolve(conflict, "recreate", staff_user)
    twice(row.account)
    (room,) = [room for room in platform.rooms() if room["name"] == "Agreed"]
    assert len(platform.registrations(room["id"])) == 1
    person.refresh_from_db()
    assert person.join_url
    row.refresh_from_db()
    assert row.gone_at is None
    assert queries.line(Kind.CONFERENCE, row.pk).state == "synced"
    assert quiet(row.account)
    assert Conference.objects.count() == 5


def test_what_is_gone_is_made_again_though_its_question_was_closed(row, platform, client_as, url):
    conflict = gone(row, platform)
    Conflict.objects.filter(pk=conflict.pk).update(resolved_at=clock.now())
    client_as().post(url("conference-gone", row.pk), {"choice": "again"})
    twice(row.account)
    assert [room for room in platform.rooms() if room["name"] == "Agreed"]
    assert queries.line(Kind.CONFERENCE, row.pk).state == "synced"
    assert Conference.objects.count() == 5


def test_the_loss_is_accepted(row, platform, staff_user):
    conflict = gone(row, platform)
    services.resolve(conflict, "accept_loss", staff_user)
    row.refresh_from_db()
    assert row.removed_at is not None
    assert quiet(row.account)
    assert len(platform.rooms()) == 4
    assert queries.attention_count() == 0


def test_what_was_settled_on_its_own_page_needs_nobody(row, platform, staff_user):
    conflict = gone(row, platform)
    assert queries.attention_count() == 1
    cancel.accept_gone(row, staff_user, notify=False)
    assert queries.attention_count() == 0
    assert queries.line(Kind.CONFERENCE, row.pk).conflict_id is None
    services.resolve(conflict, "recreate", staff_user)
    row.refresh_from_db()
    assert row.removed_at is not None
    assert quiet(row.account)


def twin(row, platform):
    link = PlatformLink.objects.get(kind=Kind.CONFERENCE)
    room = platform.add_room("Agreed", starts_at=row.starts_at)
    twin = PlatformLink.objects.create(
        account=row.account, kind=Kind.CONFERENCE, external_id=str(room["id"]), state="duplicate"
    )
    return Conflict.objects.create(
        account=row.account,
        link=twin,
        kind=Kind.CONFERENCE,
        local_id=link.local_id,
        sort=Sort.DUPLICATE,
        sentence="It stands there twice.",
        at=clock.now(),
    )


def test_a_double_is_left_alone(row, platform, staff_user):
    conflict = twin(row, platform)
    services.resolve(conflict, "ignore", staff_user)
    assert quiet(row.account)
    assert Conference.objects.count() == 1


def test_a_double_becomes_a_webinar_of_its_own(row, platform, staff_user, sandbox):
    conflict = twin(row, platform)
    services.resolve(conflict, "import", staff_user)
    assert Conference.objects.count() == 2
    assert quiet(row.account)
    other = Conference.objects.exclude(pk=row.pk).get()
    assert (other.title, other.origin) == ("Agreed", "platform")
    schedule.reschedule(other, {"title": "Its own"}, staff_user, other.version)
    sync(row.account)
    assert sorted(room["name"] for room in platform.rooms()) == ["Agreed", "Its own"]


def test_a_double_that_cannot_be_read_stays_a_question(row, platform, staff_user, sandbox):
    conflict = twin(row, platform)
    sandbox.faults.add("unavailable")
    with pytest.raises(NotPossible, match="Try again"):
        services.resolve(conflict, "import", staff_user)
    assert Conference.objects.count() == 1
    sandbox.faults.clear()
    platform.delete_room(int(conflict.link.external_id))
    with pytest.raises(NotPossible, match="no longer has"):
        services.resolve(conflict, "import", staff_user)


def test_a_password_is_not_put_back_from_a_fingerprint(row, staff_user):
    link = PlatformLink.objects.get(kind=Kind.CONFERENCE)
    conflict = Conflict.objects.create(
        account=row.account,
        link=link,
        kind=Kind.CONFERENCE,
        local_id=row.pk,
        field="password",
        ours="(not shown)",
        sentence="x",
        at=clock.now(),
    )
    with pytest.raises(NotPossible, match="own form"):
        services.resolve(conflict, "ours", staff_user)
    row.refresh_from_db()
    assert row.password == ""


def test_every_sort_has_answers_and_says_what_they_do(row):
    link = PlatformLink.objects.get(kind=Kind.CONFERENCE)
    for sort in Sort:
        found = conflicts.choices(Conflict(account=row.account, link=link, sort=sort))
        assert found
        assert all(one.label and one.sentence for one in found)


# The brake --------------------------------------------------------------------------------------


def held(account, platform):
    for number in range(6):
        platform.add_room(f"Room {number}", starts_at=clock.now() + timedelta(days=3))
    sync(account)
    for room in platform.rooms():
        platform.delete_room(room["id"])
    sync(account)
    return Hold.objects.get(ended_at=None)


def test_a_released_brake_lets_the_absences_count(account, platform, staff_user, viewer_user):
    hold = held(account, platform)
    assert not Conference.objects.exclude(gone_at=None).exists()
    with pytest.raises(NotAllowed):
        services.release(hold, viewer_user)
    services.release(hold, staff_user)
    hold.refresh_from_db()
    assert (hold.released, hold.released_by) == (True, staff_user)
    assert Change.objects.filter(action="brake released", actor=staff_user).count() == 6
    twice(account)
    assert Conference.objects.exclude(gone_at=None).count() == 6
    with pytest.raises(NotPossible, match="settled meanwhile"):
        services.release(hold, staff_user)


def test_not_yet_looks_again_and_the_brake_holds_again(account, platform, staff_user):
    services.keep(held(account, platform), staff_user)
    twice(account)
    assert not Conference.objects.exclude(gone_at=None).exists()
    assert Hold.objects.filter(ended_at=None).count() == 1


# The ledger -------------------------------------------------------------------------------------


def entry(row, **values):
    given = {"state": "failed", "problem": "No."} | values
    return OutboxEntry.objects.create(
        account=row.account,
        kind=Kind.CONFERENCE,
        local_id=row.pk,
        created_at=clock.now(),
        not_before=clock.now(),
        **given,
    )


def test_a_refused_edit_is_tried_again(row, platform, staff_user, viewer_user):
    Conference.objects.filter(pk=row.pk).update(title="Better")
    refused = entry(row)
    with pytest.raises(NotAllowed):
        services.retry(refused, viewer_user)
    services.retry(refused, staff_user)
    with pytest.raises(NotPossible):
        services.retry(refused, staff_user)
    sync(row.account)
    assert platform.rooms()[0]["name"] == "Better"
    assert Change.objects.filter(action="tried again", actor=staff_user).exists()


def test_a_refused_edit_cannot_be_waved_away_but_a_wish_can(row, staff_user):
    with pytest.raises(NotPossible, match="still differ"):
        services.dismiss(entry(row), staff_user)
    wish = entry(row, verb="send_invitations", state="unknown")
    services.dismiss(wish, staff_user)
    wish.refresh_from_db()
    assert wish.state == "done"
    with pytest.raises(NotPossible):
        services.dismiss(wish, staff_user)


def test_a_newer_note_overtakes_an_older_refusal(row):
    entry(row)
    assert queries.attention_count() == 1
    newest = entry(row, problem="Newest.")
    assert [item.thing for item in queries.attention()] == [newest]
    entry(row, state="waiting")
    assert queries.attention_count() == 0


# Recordings -------------------------------------------------------------------------------------


def test_a_recordings_address_is_asked_for_when_it_is_needed(
    account, platform, sandbox, staff_user
):
    room = platform.add_room("Room", starts_at=clock.now() - timedelta(hours=3))
    platform.add_recording(room["id"], started_at=clock.now() - timedelta(hours=2), seconds=60)
    sync(account)
    recording = Recording.objects.get()
    assert services.fresh_recording_url(recording, staff_user).startswith("http")
    sandbox.faults.add("unavailable")
    with pytest.raises(NotPossible, match="Try again"):
        services.fresh_recording_url(recording, staff_user)
    sandbox.faults.clear()
    PlatformLink.objects.filter(kind=Kind.RECORDING).update(external_id="1/999999")
    with pytest.raises(NotPossible):
        services.fresh_recording_url(recording, staff_user)
    PlatformLink.objects.filter(kind=Kind.RECORDING).delete()
    with pytest.raises(NotPossible, match="has not shown"):
        services.fresh_recording_url(recording, staff_user)
