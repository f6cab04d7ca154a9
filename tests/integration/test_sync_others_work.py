"""On each platform that can be written to: what colleagues do in its own panel at the wrong
moment is neither overwritten nor lost, and nothing is made twice."""

import pytest

from integrations import registry
from integrations.base.errors import OutcomeUnknown
from integrations.base.records import Kind
from portal.common import clock
from portal.conferences.audience.services import invite, registrations
from portal.conferences.models import Attendee, Change, Conference
from portal.conferences.people.services import people, selection
from portal.conferences.schedule.services import cancel, schedule
from portal.outbox.models import OutboxEntry
from portal.platforms.connections import open_adapter
from portal.sync import engine, outbound
from portal.sync.models import Conflict, PlatformLink, SyncRun
from portal.sync.services import choices, resolve
from tests import profiles
from tests.integration.test_five_platforms import connect
from tests.support.mails import TITLE, book, edit, planned
from tests.support.syncing import settle

pytestmark = pytest.mark.django_db
MAKES_WEBINARS = profiles.platforms(
    *(
        slug
        for slug in registry.slugs()
        if registry.room(slug).capabilities.kind(Kind.CONFERENCE).create.offered
    )
)
# Where people are listed, and registrations of ours bring them and can be withdrawn.
HAS_PEOPLE = profiles.platforms("myownconference", "trueconf")
ANN = "ann@example.org"
A_WHILE = 6.0  # seconds


@pytest.fixture
def account(slug, sandbox):
    return connect(sandbox, slug, users="yes")


@pytest.fixture
def row(account, staff_user):
    planned(account, staff_user, title="Another one")
    planned(account, staff_user, title="A third one")
    return book(account, staff_user)


def sync(account, seconds=400):
    clock.advance(seconds)
    OutboxEntry.objects.filter(state="waiting").update(not_before=clock.now())
    return engine.sync_account(account.pk, full=True)


def before_the_delivery(monkeypatch, act):
    """Somebody works in the panel after a sync has listed everything, and before it writes."""
    real = outbound.push_due

    def later(work, *given):
        monkeypatch.setattr(outbound, "push_due", real)
        act()
        clock.advance(A_WHILE)
        real(work, *given)

    monkeypatch.setattr(outbound, "push_due", later)


def titles_there(sandbox, account):
    platform = sandbox.world.platform(account.platform)
    return sorted(one.title for one in platform.things(sandbox.account(account.platform)))


@pytest.mark.parametrize("slug", MAKES_WEBINARS)
def test_a_title_set_there_while_a_sync_runs_stands(account, row, sandbox, staff_user, monkeypatch):
    schedule.reschedule(row, {"title": "Ours"}, staff_user, row.version)
    before_the_delivery(
        monkeypatch, lambda: edit(sandbox, account, "rename", name="Theirs meanwhile")
    )
    sync(account)
    assert "Theirs meanwhile" in titles_there(sandbox, account)
    row.refresh_from_db()
    assert row.title == "Theirs meanwhile"
    assert Conflict.objects.get(field="title").ours == "Ours"


@pytest.mark.parametrize("slug", MAKES_WEBINARS)
def test_what_is_retitled_there_while_a_sync_runs_is_not_deleted(
    account, row, sandbox, staff_user, monkeypatch
):
    cancel.cancel(row, staff_user, "", notify=False)
    before_the_delivery(
        monkeypatch, lambda: edit(sandbox, account, "rename", name="Theirs meanwhile")
    )
    sync(account)
    assert "Theirs meanwhile" in titles_there(sandbox, account)
    row.refresh_from_db()
    assert row.removed_at is None
    assert Conflict.objects.filter(sort=Conflict.Sort.DELETE, local_id=row.pk).exists()


@pytest.mark.parametrize("slug", MAKES_WEBINARS)
def test_a_webinar_deleted_in_the_panel_is_no_trouble(account, row, sandbox, staff_user):
    invite.send(row, selection.gather(ANN), by=staff_user)
    settle(account)
    edit(sandbox, account, "delete")
    for _ in range(3):
        run = sync(account)
        assert (run.outcome, run.problem) == (SyncRun.Outcome.OK, "")
    row.refresh_from_db()
    assert row.gone_at


@pytest.fixture
def lost(account, row, sandbox, staff_user, monkeypatch):
    """A webinar that the platform has made, and whose answer was lost."""

    def deaf(*args):
        adapter = open_adapter(*args)
        real = adapter.create

        def create(draft):
            real(draft)
            raise OutcomeUnknown("The line broke.", platform=account.platform)

        adapter.create = create
        return adapter

    values = {
        "title": "New one",
        "starts_at": row.starts_at,
        "duration_minutes": 30,
        "timezone": "Europe/Berlin",
    }
    made = schedule.schedule(account=account, by=staff_user, people=(), values=values)
    monkeypatch.setattr(engine, "open_adapter", deaf)
    engine.push_account(account.pk)
    monkeypatch.setattr(engine, "open_adapter", open_adapter)
    link = PlatformLink.objects.get(kind="conference", local_id=made.pk)
    assert link.op == PlatformLink.Op.UNKNOWN
    return made


@pytest.mark.parametrize("slug", MAKES_WEBINARS)
def test_a_lost_create_that_is_retitled_there_is_found(account, lost, sandbox):
    edit(sandbox, account, "rename", title="New one", name="Theirs now")
    for _ in range(4):
        sync(account)
    assert titles_there(sandbox, account) == ["A third one", "Another one", TITLE, "Theirs now"]
    lost.refresh_from_db()
    assert lost.title == "Theirs now"
    assert Conference.objects.count() == 4
    lines = Change.objects.filter(kind="conference", local_id=lost.pk, action="created there")
    assert [line.calls for line in lines] == [["create conference"]]


@pytest.mark.parametrize("slug", MAKES_WEBINARS)
def test_retitled_and_moved_it_is_found_or_asked_about(account, lost, sandbox, staff_user):
    edit(sandbox, account, "rename", title="New one", name="Theirs now")
    edit(sandbox, account, "move", title="Theirs now", days="2")
    for _ in range(4):
        sync(account)
    for question in Conflict.objects.filter(sort=Conflict.Sort.WHICH, resolved_at=None):
        resolve(question, choices(question)[0].value, staff_user)
    for _ in range(2):
        sync(account)
    assert titles_there(sandbox, account) == ["A third one", "Another one", TITLE, "Theirs now"]
    lost.refresh_from_db()
    assert lost.title == "Theirs now"
    assert Conference.objects.count() == 4


@pytest.mark.parametrize("slug", HAS_PEOPLE)
def test_who_is_withdrawn_here_and_registered_again_there_stands_here(
    account, row, sandbox, staff_user
):
    invite.send(row, selection.gather(f"Ann Example <{ANN}>"), by=staff_user)
    settle(account)
    (registration,) = row.registrations.filter(attendee__email=ANN)
    registrations.withdraw(row, [registration.pk], staff_user)
    for _ in range(2):
        sync(account)
    who = {"email": ANN, "name": "Ann Example", "first_name": "Ann", "last_name": "Example"}
    edit(sandbox, account, "register", **who)
    sync(account)
    registration.refresh_from_db()
    assert registration.removed_at is None
    assert not Conflict.objects.exists()
    assert sync(account).steps == []


def rename_there(sandbox, account, first, last):
    if account.platform == "myownconference":
        edit(sandbox, account, "rename_person", name=f"{first} {last}", email=ANN)
        return
    theirs = sandbox.account("trueconf")
    (user,) = theirs.store.rows("users", email=ANN)
    theirs.edit_user(user["id"], first_name=first, last_name=last)


@pytest.mark.parametrize("slug", HAS_PEOPLE)
@pytest.mark.parametrize("side", ["here", "there"])
def test_a_name_corrected_soon_after_inviting_holds_on_both_sides(
    account, row, sandbox, staff_user, side
):
    invite.send(row, selection.gather(f"Anm Exampel <{ANN}>"), by=staff_user)
    OutboxEntry.objects.filter(state="waiting").update(not_before=clock.now())
    engine.push_account(account.pk)
    person = Attendee.objects.get(email=ANN)
    if side == "here":
        people.update(person, {"first_name": "Ann", "last_name": "Example"}, staff_user)
    else:
        rename_there(sandbox, account, "Ann", "Example")
    for _ in range(3):
        sync(account)
    person.refresh_from_db()
    assert (person.first_name, person.last_name) == ("Ann", "Example")
    link = PlatformLink.objects.get(kind="attendee", local_id=person.pk, account=account)
    adapter = open_adapter(account)
    shown = adapter.get(Kind.ATTENDEE, link.external_id).fields
    adapter.close()
    assert (shown["first_name"], shown["last_name"]) == ("Ann", "Example")
    assert not Conflict.objects.exists()
