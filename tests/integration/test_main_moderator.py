"""MyOwnConference's main moderator belongs to every webinar: that is said before, not after."""

import pytest

from integrations.base.errors import RequestRejected
from integrations.base.records import Kind
from portal.common import clock
from portal.common.errors import NotPossible
from portal.conferences.audience.services import moderators
from portal.conferences.models import Moderator
from portal.identity import roles
from portal.outbox.models import OutboxEntry
from portal.platforms.connections import open_adapter
from portal.sync import engine
from tests.integration.test_five_platforms import connect
from tests.integration.test_names_put_in import book
from tests.support.syncing import settle

pytestmark = pytest.mark.django_db


@pytest.fixture
def main(sandbox, staff_user):
    account = connect(sandbox, "myownconference")
    book(account, staff_user)
    settle(account)
    platform = sandbox.account("myownconference")
    (there,) = [one for one in platform.store.rows("moderators") if one["main"]]
    return Moderator.objects.get(email=there["email"].lower())


def test_it_is_said_on_the_page_and_by_the_service(main, staff_user, client_as, url):
    client = client_as(roles.STAFF)
    people = client.get(url("conference-people", main.conference_id)).content.decode()
    assert "cannot be taken off one" in people
    asked = client.get(url("moderator-unassign", main.conference_id, main.pk)).content.decode()
    assert "cannot be taken off one" in asked
    with pytest.raises(NotPossible, match="main moderator"):
        moderators.unassign(main, staff_user)
    main.refresh_from_db()
    assert main.removed_at is None
    assert not OutboxEntry.objects.filter(kind=Kind.MODERATOR).exclude(state="done").exists()


def test_another_moderator_can_be_taken_off(main, staff_user):
    row = main.conference
    other = moderators.assign(
        row, email="other@example.org", name="Otto Other", role="presenter", by=staff_user
    )
    settle(row.account)
    moderators.unassign(other, staff_user)
    settle(row.account)
    assert not OutboxEntry.objects.exclude(state="done").exists()


def test_the_invitation_of_another_waits_for_no_listing(main, staff_user):
    """Their link stands in no answer to attaching them: it is asked for at once."""
    other = moderators.assign(
        main.conference,
        email="other@example.org",
        name="Otto Other",
        role="presenter",
        by=staff_user,
    )
    engine.push_account(main.conference.account_id)
    other.refresh_from_db()
    assert other.join_url


def test_one_refusal_is_enough(main):
    """Should a removal have been asked for before it was known: the room itself refuses it."""
    account = main.conference.account
    Moderator.objects.filter(pk=main.pk).update(removed_at=clock.now())
    for _ in range(4):
        engine.sync_account(account.pk, full=True)
        clock.advance(3600)
    (entry,) = OutboxEntry.objects.filter(kind=Kind.MODERATOR, local_id=main.pk)
    assert (entry.state, entry.attempts <= 1) == ("failed", True)
    assert "main moderator" in entry.problem


def test_the_room_refuses_before_it_asks(main, sandbox):
    account, before = main.conference.account, "moderatorsRemoveFromWebinar"
    adapter = open_adapter(account)
    alias = main.conference.pk and next(iter(sandbox.account("myownconference").webinars()))
    with pytest.raises(RequestRejected, match="main moderator"):
        adapter.delete(Kind.MODERATOR, f"{alias['alias']}/{main.email}")
    assert before not in str([entry.describe() for entry in sandbox.requests])
    adapter.close()
