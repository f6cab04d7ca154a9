"""What is put in, cut or left out for a platform's sake never comes back as the truth."""

from datetime import timedelta

import pytest

from integrations import registry
from integrations.base.records import Kind
from portal.common import clock
from portal.conferences import tasks
from portal.conferences.audience.services import invite
from portal.conferences.models import Attendee, Moderator
from portal.conferences.people.services import people, selection
from portal.conferences.schedule.services import schedule
from portal.identity import roles
from portal.outbox.models import OutboxEntry
from portal.sync import engine
from portal.sync.models import Conflict, PlatformLink
from portal.sync.services import conflicts
from tests import profiles
from tests.factories import AttendeeFactory
from tests.integration.test_five_platforms import connect
from tests.support.syncing import settle

pytestmark = pytest.mark.django_db
MAKES_WEBINARS = [
    slug
    for slug in registry.slugs()
    if registry.room(slug).capabilities.kind(Kind.CONFERENCE).create.offered
]


def book(account, by, title="Autumn tour", speakers=()):
    start = (clock.now() + timedelta(days=3)).replace(minute=0, second=0, microsecond=0)
    values = {
        "title": title,
        "starts_at": start,
        "duration_minutes": 45,
        "timezone": "Europe/Berlin",
        "description": "All that is new.",
    }
    row = schedule.schedule(account=account, by=by, people=speakers, values=values)
    settle(account)
    row.refresh_from_db()
    return row


def names_of(email):
    return Attendee.objects.values_list("first_name", "last_name").get(email=email)


def unsettled_entries():
    return list(OutboxEntry.objects.exclude(state="done").values_list("kind", "problem"))


def unsettled():
    return [*unsettled_entries(), *Conflict.objects.values_list("kind", "sentence")]


@pytest.mark.parametrize("slug", MAKES_WEBINARS)
def test_who_has_no_name_gets_none(slug, sandbox, staff_user, mailoutbox):
    account = connect(sandbox, slug, users="yes", contacts="yes")
    row = book(account, staff_user)
    invite.send(row, selection.gather("Sukarno <s@example.org>; bare@example.org"), by=staff_user)
    settle(account)
    clock.advance(7200)
    settle(account)
    tasks.send_mails()
    assert names_of("s@example.org") == ("Sukarno", "")
    assert names_of("bare@example.org") == ("", "")
    assert not unsettled()
    greetings = {letter.body.splitlines()[0] for letter in mailoutbox}
    assert greetings, "both were written to"
    assert not [line for line in greetings if "-" in line or "bare" in line]


@pytest.mark.parametrize("slug", ["myownconference", "trueconf"])
def test_a_name_that_staff_give_later_reaches_the_platform(slug, sandbox, staff_user):
    account = connect(sandbox, slug, users="yes")
    row = book(account, staff_user)
    invite.send(row, selection.gather("bare@example.org"), by=staff_user)
    settle(account)
    person = Attendee.objects.get()
    people.update(person, {"last_name": "Muster"}, staff_user)
    settle(account)
    assert names_of("bare@example.org") == ("", "Muster")
    link = PlatformLink.objects.get(kind=Kind.ATTENDEE)
    assert "Muster" in link.base_theirs.values()
    assert "bare" not in link.base_theirs.values()
    assert not unsettled()


@pytest.mark.parametrize("slug", ["clickmeeting", "myownconference", "trueconf"])
def test_people_whom_only_the_platform_knows_keep_no_placeholder(slug, sandbox, staff_user):
    account = connect(sandbox, slug, users="yes")
    row = book(account, staff_user)
    invite.send(row, selection.gather("bare@example.org"), by=staff_user)
    settle(account)
    # As after a restore: the platform has them, we have not.
    PlatformLink.objects.exclude(kind=Kind.CONFERENCE).delete()
    row.registrations.all().delete()
    Attendee.objects.all().delete()
    settle(account)
    assert names_of("bare@example.org") == ("", "")


@pytest.mark.parametrize("last", ["Sample (HR)", "Sample, Jr.", "Sample/Muster", "@", "S" * 90])
def test_what_a_platform_forbids_in_a_name_is_left_out_there(last, sandbox, staff_user):
    account = connect(sandbox, "myownconference", contacts="yes")
    row = book(account, staff_user)
    person = AttendeeFactory(
        email="jo@example.org",
        first_name="Dr. Jo",
        last_name=last,
        phone="+49 (0) 30 1234 5678-901",
        company="Sample & Söhne, Inc.",
    )
    invite.send(row, selection.Selection(people=[person]), by=staff_user)
    settle(account)
    assert not unsettled()
    there = sandbox.account("myownconference").find_attendee("jo@example.org")
    assert there["name"].startswith("Dr\u00a0Jo")
    person.refresh_from_db()
    assert (person.first_name, person.last_name) == ("Dr. Jo", last)
    assert (person.phone, person.company) == ("+49 (0) 30 1234 5678-901", "Sample & Söhne, Inc.")


@pytest.mark.parametrize(
    ("slug", "name"),
    profiles.pairs(MAKES_WEBINARS, ["H", "Hanna (Host)", "Hanna, Host / Team", "H" * 120]),
)
def test_a_speaker_keeps_the_name_that_staff_gave(slug, name, sandbox, staff_user):
    account = connect(sandbox, slug, users="yes")
    role = {"clickmeeting": "host", "livewebinar": "host"}.get(slug)
    role = role or account.capabilities.kind(Kind.MODERATOR).fields["role"].choices[0][0]
    speaker = {"email": "hanna.host@example.org", "name": name[:64], "role": role}
    book(account, staff_user, speakers=[speaker])
    assert Moderator.objects.get(email=speaker["email"]).name == name[:64]
    assert not unsettled()


def test_a_speaker_whom_the_platform_calls_otherwise_keeps_both_names(sandbox, staff_user):
    account = connect(sandbox, "myownconference")
    sandbox.account("myownconference").add_moderator("hanna.host@example.org", "hanna77")
    speaker = {"email": "hanna.host@example.org", "name": "Hanna Host", "role": "presenter"}
    book(account, staff_user, speakers=[speaker])
    assert Moderator.objects.get(email=speaker["email"]).name == "Hanna Host"
    assert sandbox.account("myownconference").find_moderator(speaker["email"])["name"] == "hanna77"
    assert not unsettled()


@pytest.mark.parametrize("choice", ["recreate", "accept_loss"])
def test_a_host_who_was_deleted_there_keeps_the_address_here(
    choice, sandbox, staff_user, client_as
):
    account = connect(sandbox, "trueconf", users="yes")
    host = {"email": "hanna.host@example.org", "name": "Hanna Host", "role": "host"}
    row = book(account, staff_user, speakers=[host])
    crowd = [AttendeeFactory() for _ in range(6)]  # so that one missing person pulls no brake
    invite.send(row, selection.Selection(people=crowd), by=staff_user)
    settle(account)
    theirs = sandbox.account("trueconf")
    theirs.delete_user(next(u["id"] for u in theirs.users() if u["email"] == host["email"]))
    for _ in range(4):
        clock.advance(1000)
        engine.sync_account(account.pk, full=True)
    person = Moderator.objects.get()
    assert (person.email, person.removed_at) == (host["email"], None)
    (told,) = Conflict.objects.filter(kind=Kind.MODERATOR, resolved_at=None)
    page = client_as(roles.STAFF).get("/attention/").content.decode()
    assert "Hanna Host is no longer on" in page
    conflicts.resolve(told, choice, staff_user)
    settle(account)
    person.refresh_from_db()
    assert (person.email, person.name) == (host["email"], "Hanna Host")
    assert (person.removed_at is None) == (choice == "recreate")
    there = [user for user in theirs.users() if user["email"] == host["email"]]
    assert bool(there) == (choice == "recreate")
    assert not OutboxEntry.objects.exclude(state="done").filter(kind=Kind.MODERATOR)


def test_who_was_taken_off_there_can_be_added_again_under_the_same_id(sandbox, staff_user):
    account = connect(sandbox, "myownconference")
    row = book(account, staff_user)
    crowd = [AttendeeFactory() for _ in range(7)]
    invite.send(row, selection.Selection(people=crowd), by=staff_user)
    settle(account)
    platform = sandbox.account("myownconference")
    (webinar,) = platform.webinars()
    platform.withdraw(webinar["alias"], crowd[0].email)
    for _ in range(4):
        clock.advance(1000)
        engine.sync_account(account.pk, full=True)
    (told,) = Conflict.objects.filter(kind=Kind.REGISTRATION, resolved_at=None)
    conflicts.resolve(told, "recreate", staff_user)
    settle(account)
    registration = row.registrations.get(attendee=crowd[0])
    assert (registration.removed_at, registration.gone_at) == (None, None)
    assert not unsettled_entries()
    links = PlatformLink.objects.filter(kind=Kind.REGISTRATION, local_id=registration.pk)
    assert links.get().state == PlatformLink.State.LIVE


def test_a_last_name_alone_is_sent_and_corrected_whole(sandbox, staff_user):
    """MyOwnConference has one field for the name, and a single word reads as a first name."""
    account = connect(sandbox, "myownconference")
    row = book(account, staff_user)
    invite.send(row, selection.gather("last@example.com"), by=staff_user)
    who = Attendee.objects.get(email="last@example.com")
    people.update(who, {"last_name": "Olde"}, staff_user)
    settle(account)
    people.update(who, {"last_name": "Newman"}, staff_user)
    settle(account)
    rows = sandbox.account("myownconference").store.rows("attendees")
    (there,) = [one for one in rows if (one["email"] or "").lower() == who.email]
    assert there["name"] == "Newman"
    assert names_of(who.email) == ("", "Newman")
