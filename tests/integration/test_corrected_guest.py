"""An address corrected here of somebody who is nothing on the platform but that address: the old
one is withdrawn there and the new one invited, and the mail waits for that. Where a platform can
do neither, it is said that the old one still stands."""

from datetime import timedelta

import pytest
from django.core import mail

from integrations.base.errors import PlatformUnavailable, RequestRejected
from integrations.base.records import Kind
from integrations.trueconf.adapter import TrueConf
from portal.common import clock
from portal.conferences.models import Attendee, Invitation
from portal.conferences.people.services import people
from portal.outbox.models import OutboxEntry
from portal.sync import engine, queries
from portal.sync.models import Conflict, Hold
from tests.integration.test_five_platforms import connect
from tests.support.mails import TITLE, book, invited, send, written_to
from tests.support.syncing import settle

pytestmark = pytest.mark.django_db
OLD, NEW = "ann@example.org", "ann.new@example.org"
INVITED = {NEW: [f"Invitation: {TITLE}"]}
ROOMS = ["clickmeeting", "livewebinar", "myownconference", "trueconf"]


@pytest.fixture
def account(sandbox):
    return connect(sandbox, "trueconf")


@pytest.fixture
def row(account, staff_user):
    made = book(account, staff_user)
    invited(made, f"Ann Example <{OLD}>, Bob Sample <bob@example.org>", staff_user)
    return made


def correct(by, email=NEW):
    person = Attendee.objects.get(email__startswith="ann")
    people.update(person, {"email": email}, by, notify=True)


def guests(sandbox):
    theirs = sandbox.account("trueconf")
    found = theirs.invitations(theirs.conferences()[0]["id"])
    return sorted(one["who"] for one in found if one["kind"] == "custom")


def ann(row):
    return row.registrations.get(attendee__email__startswith="ann")


def test_the_old_guest_is_withdrawn_and_the_new_one_invited(row, account, sandbox, staff_user):
    correct(staff_user)
    send()
    assert not mail.outbox, "not before TrueConf has taken the new address"
    settle(account)
    send()
    assert guests(sandbox) == sorted([NEW, "bob@example.org"])
    assert written_to() == INVITED
    assert not Conflict.objects.exists()
    assert "The same here and on" in queries.line(Kind.REGISTRATION, ann(row).pk).sentence
    settle(account)
    send()
    assert written_to() == INVITED, "once"
    assert Attendee.objects.count() == 2


def test_it_is_told_by_a_sync_alone_too(row, account, sandbox, staff_user):
    correct(staff_user)
    OutboxEntry.objects.filter(kind=Kind.REGISTRATION, state="waiting").delete()
    for _ in range(2):
        clock.advance(1000)
        engine.sync_account(account.pk, full=True)
    assert guests(sandbox) == sorted([NEW, "bob@example.org"])


def test_corrected_twice_and_back_leaves_one_guest(row, account, sandbox, staff_user):
    correct(staff_user)
    settle(account)
    correct(staff_user, "ann.newer@example.org")
    settle(account)
    assert guests(sandbox) == ["ann.newer@example.org", "bob@example.org"]
    correct(staff_user, OLD)
    for _ in range(3):
        clock.advance(100)
        settle(account)
    assert guests(sandbox) == [OLD, "bob@example.org"]
    assert not Hold.objects.exists()
    assert not Conflict.objects.exists()


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("verb", ["delete", "create"])
def test_whatever_is_lost_on_the_way(verb, when, row, account, sandbox, staff_user, monkeypatch):
    correct(staff_user)
    real, failed = getattr(TrueConf, verb), []

    def lost(self, *given):
        if not failed:
            failed.append(verb)
            if when == "after":
                real(self, *given)
            raise PlatformUnavailable("Away.", platform="TrueConf Server")
        return real(self, *given)

    monkeypatch.setattr(TrueConf, verb, lost)
    for _ in range(6):
        clock.advance(400)
        settle(account, rounds=1)
    send()
    assert failed
    assert guests(sandbox) == sorted([NEW, "bob@example.org"])
    assert written_to() == INVITED
    assert Attendee.objects.count() == 2
    assert ann(row).gone_at is None


def test_a_refused_new_guest_gets_no_mail(row, account, sandbox, staff_user, monkeypatch):
    def refuse(self, draft):
        raise RequestRejected("No such guests.", platform="TrueConf Server")

    correct(staff_user)
    monkeypatch.setattr(TrueConf, "create", refuse)
    settle(account)
    send()
    assert not mail.outbox
    letter = Invitation.objects.get(registration=ann(row), to_email=NEW)
    assert "No such guests." in letter.problem
    assert queries.line(Kind.REGISTRATION, ann(row).pk).state == "failed"


def test_of_a_webinar_that_is_over_nothing_is_changed_or_asked(row, account, sandbox, staff_user):
    clock.advance(timedelta(days=4).total_seconds())
    settle(account)
    correct(staff_user)
    settle(account)
    send()
    assert guests(sandbox) == [OLD, "bob@example.org"]
    assert not Conflict.objects.exists()
    assert not mail.outbox


def test_a_user_of_the_server_stays_who_they_are(sandbox, account, staff_user):
    """The account changes no users: it is said once, and the user stays invited."""
    sandbox.account("trueconf").add_user("ann", "Ann Example", email=OLD)
    row = book(account, staff_user)
    invited(row, f"Ann Example <{OLD}>", staff_user)
    correct(staff_user)
    settle(account)
    theirs = sandbox.account("trueconf")
    assert "ann" in [one["who"] for one in theirs.invitations(theirs.conferences()[0]["id"])]


@pytest.mark.parametrize("slug", ROOMS)
def test_the_line_never_says_the_same_of_two_addresses(slug, sandbox, staff_user):
    account = connect(sandbox, slug)
    row = book(account, staff_user)
    invited(row, f"Ann Example <{OLD}>", staff_user)
    correct(staff_user)
    settle(account)
    asked = Conflict.objects.filter(resolved_at=None)
    for one in asked:
        assert f"{OLD} still stands there" in one.sentence
        assert str(one.sentence).endswith("keeps its own; ours is used here.")
    assert asked.count() == (slug in ("clickmeeting", "myownconference"))
    asked.update(resolved_at=clock.now())
    line = queries.line(Kind.REGISTRATION, row.registrations.get().pk)
    if slug == "trueconf":
        assert "The same here and on" in line.sentence
    else:
        assert line.sentence == f"{account.label} keeps {OLD}; ours is used here."
