"""Cancel, close, and what is gone on its platform."""

import pytest

from portal.common import clock as portal_clock
from portal.common.errors import NotAllowed, NotPossible
from portal.conferences.models import Change, Conference, Invitation, Recording
from portal.conferences.results import services as recordings
from portal.conferences.schedule.services import cancel as service
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
def held():
    return ConferenceFactory(account=AccountFactory(platform="plenty"))


def invited(conference):
    registration = RegistrationFactory(conference=conference)
    return Invitation.objects.create(
        conference=conference,
        registration=registration,
        to_email=registration.attendee.email,
        state=Invitation.State.SENT,
        not_before=portal_clock.now(),
    )


def test_cancelling_marks_tells_and_writes_down(held, staff_user):
    invited(held)
    RegistrationFactory(conference=held)  # registered without a mail of ours
    row = service.cancel(held, staff_user, "  The speaker is ill.  ")
    assert row.state == Conference.State.CANCELLED
    assert (row.cancel_reason, row.sequence) == ("The speaker is ill.", 1)
    assert OutboxEntry.objects.get().local_id == held.pk
    assert Invitation.objects.filter(purpose="cancel").count() == 2
    line = Change.objects.get()
    assert (line.action, line.sentence) == ("cancelled", "The speaker is ill.")


def test_cancelling_twice_is_cancelling_once(held, staff_user):
    service.cancel(held, staff_user)
    with pytest.raises(NotPossible, match="cancelled already"):
        service.cancel(held, staff_user)
    assert Change.objects.count() == 1
    assert OutboxEntry.objects.count() == 1


def test_nobody_hears_where_staff_say_so(held, staff_user):
    invited(held)
    service.cancel(held, staff_user, notify=False)
    assert not Invitation.objects.filter(purpose="cancel").exists()


def test_a_draft_is_discarded_quietly(staff_user):
    draft = ConferenceFactory(account=AccountFactory(platform="plenty"), draft=True)
    assert service.cancel(draft, staff_user).removed_at
    assert not OutboxEntry.objects.exists()
    assert Change.objects.get().action == "discarded"


def test_a_platform_that_deletes_nothing_says_so(staff_user):
    row = ConferenceFactory(account=AccountFactory(platform="sparse"))
    with pytest.raises(NotPossible) as refused:
        service.cancel(row, staff_user)
    assert refused.value.sentence == NO_EDITS
    assert Conference.objects.get(pk=row.pk).removed_at is None


def test_the_room_is_closed_and_opened(held, staff_user):
    assert service.set_open(held, False, staff_user).open is False
    assert service.set_open(held, False, staff_user).version == 1
    assert service.set_open(held, True, staff_user).open is True
    assert [c.action for c in Change.objects.order_by("id")] == ["closed", "opened"]
    assert OutboxEntry.objects.count() == 1  # many edits are one note


def test_what_has_no_room_cannot_be_closed(staff_user):
    draft = ConferenceFactory(account=AccountFactory(platform="plenty"), draft=True)
    narrow = ConferenceFactory(account=AccountFactory(platform="narrow"))
    for row in (draft, narrow):
        with pytest.raises(NotPossible):
            service.set_open(row, False, staff_user)


def test_what_is_gone_is_made_again_with_its_people(held, staff_user):
    person = ModeratorFactory(conference=held, join_url="https://old.example.com/x")
    guest = RegistrationFactory(conference=held, join_url="https://old.example.com/y")
    Conference.objects.filter(pk=held.pk).update(gone_at=portal_clock.now())
    row = service.schedule_again(held, staff_user)
    assert row.gone_at is None
    told = set(OutboxEntry.objects.values_list("kind", "local_id"))
    assert told == {("conference", held.pk), ("moderator", person.pk), ("registration", guest.pk)}
    person.refresh_from_db()
    assert person.join_url == ""


def test_the_loss_of_what_is_gone_can_be_accepted(held, staff_user):
    invited(held)
    Conference.objects.filter(pk=held.pk).update(gone_at=portal_clock.now())
    row = service.accept_gone(held, staff_user)
    assert row.state == Conference.State.CANCELLED
    assert not OutboxEntry.objects.exists()  # it is gone there already
    assert Invitation.objects.filter(purpose="cancel").count() == 1


def test_only_what_is_gone_can_be_settled(held, staff_user):
    for act in (service.schedule_again, service.accept_gone):
        with pytest.raises(NotPossible, match="not missing"):
            act(held, staff_user)


def test_viewers_cancel_nothing(held, viewer_user):
    for act in (
        lambda: service.cancel(held, viewer_user),
        lambda: service.set_open(held, False, viewer_user),
        lambda: service.schedule_again(held, viewer_user),
        lambda: service.accept_gone(held, viewer_user),
    ):
        with pytest.raises(NotAllowed):
            act()


def test_a_recording_is_deleted_there_too(held, staff_user, viewer_user):
    recording = Recording.objects.create(conference=held)
    with pytest.raises(NotAllowed):
        recordings.remove(recording, viewer_user)
    recordings.remove(recording, staff_user)
    recordings.remove(recording, staff_user)
    assert OutboxEntry.objects.get().kind == "recording"
    assert Change.objects.get().action == "recording deleted"
    elsewhere = Recording.objects.create(
        conference=ConferenceFactory(account=AccountFactory(platform="narrow"))
    )
    with pytest.raises(NotPossible):
        recordings.remove(elsewhere, staff_user)


@pytest.mark.parametrize("choice", ["again", "cancel"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_webinar_that_is_not_gone_has_nothing_to_settle(client_as, url, method, choice):
    row = ConferenceFactory(title="Still there")
    there = url("conference-gone", row.pk)
    answer = getattr(client_as(), method)(there, {"choice": choice}, follow=True)
    assert answer.redirect_chain == [(url("conference", row.pk), 302)]
    page = answer.content.decode()
    assert "is not missing on" in page
    assert "there is nothing to decide" in page
    row.removed_at = portal_clock.now()
    row.save()
    page = client_as().get(there, follow=True).content.decode()
    assert "This webinar was cancelled: nothing is left to decide." in page
