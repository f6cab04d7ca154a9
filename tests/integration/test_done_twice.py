"""The same answer given twice, by a second press or from a second tab, does nothing more and says
so: whoever answered first has said who hears of it."""

import pytest
from django.contrib.messages import get_messages

from portal.conferences.models import Invitation
from portal.identity import roles
from tests.factories import AccountFactory, ConferenceFactory, ModeratorFactory, RegistrationFactory
from tests.factories.rooms import furnish
from tests.support.mails import send

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def rooms(monkeypatch):
    furnish(monkeypatch)


@pytest.fixture
def row():
    made = ConferenceFactory(account=AccountFactory(label="Plenty", platform="plenty"))
    RegistrationFactory.create_batch(2, conference=made, join_url="https://x.example.com/1")
    return made


@pytest.fixture
def staff(client_as):
    return client_as(roles.STAFF)


def press(staff, address, data):
    """What the page said last."""
    answer = staff.post(address, data)
    assert answer.status_code == 302, answer.content.decode()[:2000]
    return str(list(get_messages(answer.wsgi_request))[-1])


def letters():
    return sorted(Invitation.objects.values_list("purpose", "state"))


@pytest.mark.parametrize("second", ["yes", "no"])
def test_a_second_cancellation_says_that_it_is_cancelled_already(row, staff, url, second):
    press(staff, url("conference-cancel", row.pk), {"tell": "yes"})
    before = letters()
    said = press(staff, url("conference-cancel", row.pk), {"tell": second})
    assert "cancelled already" in said
    assert "told" not in said
    assert letters() == before == [("cancel", "waiting")] * 2


def test_a_draft_is_scheduled_once(staff, url):
    account = AccountFactory(label="Plenty", platform="plenty")
    draft = ConferenceFactory(account=account, draft=True)
    ModeratorFactory(conference=draft)
    press(staff, url("conference-publish", draft.pk), {"tell": "no"})
    said = press(staff, url("conference-publish", draft.pk), {"tell": "yes"})
    assert "scheduled already" in said
    assert not letters()


def test_a_speaker_is_taken_off_once(row, staff, url):
    person = ModeratorFactory(conference=row, join_url="https://x.example.com/2")
    address = url("moderator-unassign", row.pk, person.pk)
    press(staff, address, {"tell": "no"})
    assert "taken off before" in press(staff, address, {"tell": "yes"})
    assert "taken off before" in press(staff, url("moderator-edit", row.pk, person.pk), {})
    assert not letters()


def test_an_invitation_is_sent_again_once_for_each_time_that_somebody_asks(row, staff, url):
    person = row.registrations.first()
    person.registered_at = row.created_at
    person.save()
    address = url("registrations", row.pk)
    ask = {"action": "resend", "registration": [person.pk]}
    for _ in range(2):  # asked anew, it may be sent anew
        shown = staff.post(address, ask)
        seen = shown.context["question"].hidden[-1]
        assert seen[0] == "seen"
        answer = ask | {"tell": "yes", "seen": seen[1]}
        assert "notified" in press(staff, address, answer)
        send()
        assert "Nothing was sent now" in press(staff, address, answer)
        again = staff.post(address, answer | {"preview": "yes"})
        assert again.context["question"].hidden[-1] == ("seen", str(seen[1]))
    send()
    assert letters() == [("invite", "sent")] * 2
