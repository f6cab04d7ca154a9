"""People on TrueConf: guests whom nobody tells, names and addresses that stay here."""

from datetime import timedelta

import pytest

from integrations.base.records import Kind
from portal.common import clock
from portal.conferences.audience.services import invite, moderators, registrations
from portal.conferences.models import Attendee, Change, Moderator
from portal.conferences.people.services import people, selection
from portal.conferences.schedule.services import schedule
from portal.identity import roles
from portal.outbox.models import OutboxEntry
from portal.sync import engine
from portal.sync.models import Conflict, Hold
from portal.sync.queries import chips
from tests.factories import AttendeeFactory
from tests.integration.test_five_platforms import connect
from tests.support.mails import send
from tests.support.syncing import settle

pytestmark = pytest.mark.django_db


def book(account, by, speakers=(), **values):
    start = (clock.now() + timedelta(days=3)).replace(minute=0, second=0, microsecond=0)
    given = {
        "title": "Autumn tour",
        "starts_at": start,
        "duration_minutes": 45,
        "timezone": "Europe/Berlin",
    }
    row = schedule.schedule(account=account, by=by, people=speakers, values=given | values)
    settle(account)
    row.refresh_from_db()
    return row


def invite_one(row, by, text="Ann Lee <ann@example.org>"):
    invite.send(row, selection.gather(text), by=by)
    settle(row.account)
    return row.registrations.get()


def trouble():
    waiting = OutboxEntry.objects.exclude(state="done").values_list("kind", "problem")
    return [*waiting, *Conflict.objects.values_list("kind", "sentence")]


@pytest.mark.parametrize(
    ("style", "words"), [("guest", "tells nothing"), ("other server", "another server")]
)
def test_staff_read_beside_a_guest_that_trueconf_tells_nothing(
    style, words, sandbox, staff_user, client_as, url
):
    account = connect(sandbox, "trueconf")
    sandbox.account("trueconf").unknown_addresses = style
    row = book(account, staff_user)
    registration = invite_one(row, staff_user)
    assert registration.join_url, "the portal's own mail has a way in"
    line = chips(Kind.REGISTRATION, [registration.pk])[registration.pk]
    assert line.state == "synced"
    assert words in line.sentence
    page = client_as(roles.STAFF).get(url("conference-people", row.pk)).content.decode()
    assert words in page
    assert "portal&#x27;s own mail" in page
    assert not trouble()


def test_a_user_is_told_by_trueconf_and_nothing_is_noted(sandbox, staff_user):
    account = connect(sandbox, "trueconf")
    sandbox.account("trueconf").add_user("ann", "Ann Lee", email="ann@example.org")
    registration = invite_one(book(account, staff_user), staff_user)
    line = chips(Kind.REGISTRATION, [registration.pk])[registration.pk]
    assert (line.state, line.noted) == ("synced", False)


def test_a_guest_who_could_not_enter_is_never_done(sandbox, staff_user):
    account = connect(sandbox, "trueconf")
    row = book(account, staff_user, room_type="meeting")
    registration = invite_one(row, staff_user)
    entry = OutboxEntry.objects.get(kind=Kind.REGISTRATION)
    assert entry.state == "failed"
    assert "guests cannot enter this meeting" in entry.problem
    assert registration.registered_at is None


def test_a_server_that_takes_no_guests_says_what_is_left(sandbox, staff_user):
    account = connect(sandbox, "trueconf")
    sandbox.account("trueconf").unknown_addresses = "refused"
    registration = invite_one(book(account, staff_user), staff_user)
    entry = OutboxEntry.objects.get(kind=Kind.REGISTRATION)
    assert entry.state == "failed"
    assert "Nobody is told there" in entry.problem
    assert registration.registered_at is None


@pytest.mark.parametrize(
    ("first", "last"),
    [
        ("Ann\tMarie", "O\u2019Hara  Lee"),
        ("A" * 100, "Б" * 100),
        ("Ann", "-"),
        ("", "–"),
        ("ann", ""),
    ],
)
def test_what_trueconf_cannot_hold_of_a_name_stays_here(first, last, sandbox, staff_user):
    account = connect(sandbox, "trueconf", users="yes")
    person = AttendeeFactory(
        email="ann@example.org", first_name=first, last_name=last, company="C" * 90, phone=""
    )
    row = book(account, staff_user)
    invite.send(row, selection.Selection(people=[person]), by=staff_user)
    settle(account)
    clock.advance(7200)
    settle(account)
    person.refresh_from_db()
    assert (person.first_name, person.last_name) == (first, last)
    assert person.company == "C" * 90
    assert not trouble()


def test_an_address_that_was_taken_from_a_user_there_stays_here(sandbox, staff_user):
    account = connect(sandbox, "trueconf", users="yes")
    invite_one(book(account, staff_user), staff_user)
    theirs = sandbox.account("trueconf")
    user = next(u for u in theirs.users() if u["email"] == "ann@example.org")
    theirs.edit_user(user["id"], email="")
    for _ in range(3):
        clock.advance(1000)
        engine.sync_account(account.pk, full=True)
    assert Attendee.objects.get().email == "ann@example.org"


@pytest.mark.parametrize("there", ["hhost", "H. Host (IT)", "Hanna Host"])
def test_a_speaker_who_was_a_user_before_keeps_the_name_that_staff_gave(there, sandbox, staff_user):
    account = connect(sandbox, "trueconf")
    theirs = sandbox.account("trueconf")
    theirs.add_user("hhost", there, email="hanna.host@example.org")
    host = {"email": "hanna.host@example.org", "name": "Hanna Host", "role": "host"}
    row = book(account, staff_user, speakers=[host])
    clock.advance(7200)
    settle(account)
    assert Moderator.objects.get().name == "Hanna Host"
    assert theirs.user("hhost")["display_name"] == there, "a user's own name is not ours to change"
    assert theirs.conferences()[0]["owner"] == "hhost"
    assert not trouble()
    assert row


def test_a_host_who_is_gone_there_is_told_and_the_webinar_can_be_moved(
    sandbox, staff_user, mailoutbox
):
    account = connect(sandbox, "trueconf", users="yes")
    host = {"email": "hanna.host@example.org", "name": "Hanna Host", "role": "host"}
    row = book(account, staff_user, speakers=[host])
    crowd = [AttendeeFactory() for _ in range(6)]  # so that one missing person pulls no brake
    invite.send(row, selection.Selection(people=crowd), by=staff_user)
    settle(account)
    theirs = sandbox.account("trueconf")
    theirs.delete_user(next(u["id"] for u in theirs.users() if u["email"] == host["email"]))
    room = theirs.conferences()[0]
    theirs.drop_rows("invitations", room_id=room["id"], who=room["owner"])
    for _ in range(4):
        clock.advance(1000)
        engine.sync_account(account.pk, full=True)
    person = Moderator.objects.get()
    assert (person.email, person.name) == (host["email"], host["name"])
    assert Conflict.objects.filter(kind=Kind.MODERATOR, resolved_at=None).count() == 1
    row.refresh_from_db()
    later = row.starts_at + timedelta(hours=1)
    schedule.reschedule(row, {"starts_at": later}, staff_user, row.version)
    settle(account)
    assert theirs.conferences()[0]["schedule"]["start_time"] == int(later.timestamp())
    assert not [letter for letter in mailoutbox if not letter.to or not letter.to[0]]


def hosted(sandbox, staff_user):
    """A webinar of Hanna's, on a server that has another user who could own it."""
    theirs = sandbox.account("trueconf")
    theirs.add_user("hhost", "Hanna Host", email="hanna.host@example.org")
    theirs.add_user("other", "Olaf Other", email="olaf.other@example.org")
    account = connect(sandbox, "trueconf")
    host = {"email": "hanna.host@example.org", "name": "Hanna Host", "role": "host"}
    book(account, staff_user, speakers=[host])
    return account, theirs


def test_taking_off_a_speaker_who_is_the_owner_no_more_is_done_at_once(
    sandbox, staff_user, mailoutbox
):
    """Nothing is left to take away there, so neither staff nor the person wait for a listing."""
    account, theirs = hosted(sandbox, staff_user)
    send()
    room = theirs.conferences()[0]
    theirs.edit_conference(room["id"], owner="other")
    clock.advance(60)
    moderators.unassign(Moderator.objects.get(), staff_user)
    engine.push_account(account.pk)
    send()
    assert OutboxEntry.objects.filter(kind=Kind.MODERATOR).last().state == "done"
    assert theirs.conferences()[0]["owner"] == "other", "nobody else was taken off"
    assert [letter.to for letter in mailoutbox][-1] == ["Hanna Host <hanna.host@example.org>"]
    assert len(mailoutbox) == 2
    assert Change.objects.filter(action="gone there", kind=Kind.MODERATOR).exists()


@pytest.mark.parametrize("side", ["here", "there"])
def test_whoever_was_renamed_after_inviting_can_be_withdrawn(side, sandbox, staff_user):
    account = connect(sandbox, "trueconf", users="yes")
    row = book(account, staff_user)
    registration = invite_one(row, staff_user)
    theirs = sandbox.account("trueconf")
    if side == "here":
        people.update(registration.attendee, {"last_name": "Leigh"}, staff_user)
    else:
        user = next(u for u in theirs.users() if u["email"] == "ann@example.org")
        theirs.edit_user(user["id"], last_name="Leigh")
    settle(account)
    clock.advance(60)
    registrations.withdraw(row, [registration.pk], staff_user)
    settle(account)
    registration.refresh_from_db()
    assert registration.removed_at, "a name is the person's, and keeps nobody registered"
    room = theirs.conferences()[0]
    assert not [one for one in theirs.invitations(room["id"]) if one["who"] != room["owner"]]
    assert not Conflict.objects.exists()


@pytest.mark.parametrize("before", [1, 2])
def test_an_owner_given_back_to_the_account_s_own_pulls_no_brake(before, sandbox, staff_user):
    """Of a list of one there is never too much to lose; staff read of that one."""
    account = connect(sandbox, "trueconf")
    theirs = sandbox.account("trueconf")
    theirs.add_user("hhost", "Hanna Host", email="hanna.host@example.org")
    theirs.add_user("other", "Olaf Other", email="olaf.other@example.org")
    host = {"email": "hanna.host@example.org", "name": "Hanna Host", "role": "host"}
    row = book(account, staff_user, speakers=[host])
    crowd = [AttendeeFactory() for _ in range(2)]
    invite.send(row, selection.Selection(people=crowd), by=staff_user)
    settle(account)
    room = theirs.conferences()[0]
    if before == 2:
        theirs.invite(room["id"], "other")
        theirs.edit_conference(room["id"], owner="other")
        clock.advance(1000)
        engine.sync_account(account.pk, full=True)
    theirs.edit_conference(room["id"], owner=theirs.administrator)
    for _ in range(3):
        clock.advance(1000)
        engine.sync_account(account.pk, full=True)
    assert not Moderator.objects.filter(gone_at=None).exists()
    assert not Hold.objects.exists()
    asked = Conflict.objects.filter(kind=Kind.MODERATOR, resolved_at=None)
    assert asked.count() == before, "each of them is told of"
    # What can be many keeps its brake: the webinar's people, all at once.
    for one in theirs.invitations(room["id"]):
        if one["who"] != theirs.administrator:
            theirs.drop_rows("invitations", room_id=room["id"], who=one["who"])
    clock.advance(1000)
    engine.sync_account(account.pk, full=True)
    assert Hold.objects.get().kind == Kind.REGISTRATION


def test_two_users_with_one_address_are_said_with_what_can_be_done(sandbox):
    account = connect(sandbox, "trueconf", users="yes")
    theirs = sandbox.account("trueconf")
    theirs.add_user("ann", "Ann Example", email="ann@example.org")
    theirs.add_user("bob", "Bob Sample", email="bob@example.org")
    settle(account)
    bob = next(u["id"] for u in theirs.users() if u["email"] == "bob@example.org")
    theirs.edit_user(bob, email="ann@example.org")
    clock.advance(1000)
    run = engine.sync_account(account.pk, full=True)
    assert run.outcome == "partial"
    assert "has the address ann@example.org on TrueConf Server, which is another" in run.problem
    assert "Give one of them another address there" in run.problem
    assert set(Attendee.objects.values_list("email", flat=True)) >= {"ann@example.org"}
    theirs.edit_user(bob, email="bob.sample@example.org")
    clock.advance(1000)
    assert engine.sync_account(account.pk, full=True).outcome == "ok"


def test_another_owner_there_is_no_reason_to_brake(sandbox, staff_user):
    """A list of one that shows somebody else has lost nobody: it tells of a change."""
    account, theirs = hosted(sandbox, staff_user)
    room = theirs.conferences()[0]["id"]
    theirs.invite(room, "other")
    theirs.edit_conference(room, owner="other")
    for _ in range(3):
        clock.advance(1000)
        engine.sync_account(account.pk, full=True)
    assert not Hold.objects.exists()
    assert Moderator.objects.get(email="olaf.other@example.org").gone_at is None
    assert Moderator.objects.get(email="hanna.host@example.org").gone_at
    assert Conflict.objects.filter(kind=Kind.MODERATOR, resolved_at=None).count() == 1
