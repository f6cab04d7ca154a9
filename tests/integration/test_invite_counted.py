"""What the send card of an invitation says is what is sent, whatever stood before."""

import re
from itertools import product

import pytest
from django.core import mail

from portal.common import clock
from portal.conferences import tasks
from portal.conferences.audience.services import (
    answers,
    confirming,
    invite,
    registering,
    registrations,
)
from portal.conferences.models import (
    Registration,
    RegistrationPage,
    UnconfirmedRegistration,
)
from portal.conferences.people.services import selection
from portal.identity import roles
from portal.outbox.models import OutboxEntry
from tests.factories import AttendeeFactory, ConferenceFactory, RegistrationFactory

pytestmark = pytest.mark.django_db
Stage = Registration.Stage
WHO = ("new", "known", "asked", "waits", "registered", "withdrawn", "declined")


@pytest.fixture
def conference(staff_user):
    """Somebody in each state: asked with a mail that left, and with one that waits still."""
    row = ConferenceFactory(registration_enabled=True)
    AttendeeFactory(email="known@example.com")
    for name in ("asked", "declined", "withdrawn"):
        someone = selection.gather(f"{name}@example.com")
        invite.send(row, someone, by=staff_user, register=False)
    tasks.send_mails()
    rows = {one.attendee.email: one for one in row.registrations.select_related("attendee")}
    answers.answer(rows["declined@example.com"].token, "no")
    registrations.withdraw(row, [rows["withdrawn@example.com"].pk], staff_user)
    RegistrationFactory(conference=row, attendee__email="registered@example.com")
    invite.send(row, selection.gather("waits@example.com"), by=staff_user, register=False)
    mail.outbox.clear()
    return row


@pytest.mark.parametrize(("register", "again"), [*product((True, False), (True, False))])
def test_the_card_of_a_mixed_audience_counts_every_mail(
    conference, client_as, url, register, again
):
    staff = client_as(roles.STAFF)
    tasks.send_mails() if register is again else None
    mail.outbox.clear()
    before = set(conference.invitations.values_list("pk", flat=True))
    data = {"who": " ".join(f"{one}@example.com" for one in WHO)}
    data |= {"register": "on"} if register else {}
    data |= {"again": "on"} if again else {}
    shown = staff.post(url("invite", conference.pk), data | {"action": "preview"})
    counted = re.search(r'name="counted" value="(\d+)"', shown.content.decode())[1]
    words = {"action": "send", "tell": "yes", "counted": counted}
    assert staff.post(url("invite", conference.pk), data | words).status_code == 302
    made = conference.invitations.exclude(pk__in=before)
    reached = sorted(made.values_list("to_email", flat=True))
    assert len(set(reached)) == len(reached)
    assert len(reached) == int(counted), reached
    Registration.objects.filter(conference=conference).update(
        registered_at=clock.now(), join_url="https://x.example/1"
    )
    OutboxEntry.objects.all().delete()
    tasks.send_mails()
    left = [one.to[0] for one in mail.outbox]
    assert len(left) == len(set(left))
    assert {one for one in reached if any(one in to for to in left)} == set(reached)


def test_whoever_waits_for_a_mail_is_registered_without_a_second_one(conference, client_as, url):
    staff = client_as(roles.STAFF)
    data = {"who": "waits@example.com", "register": "on"}
    shown = staff.post(url("invite", conference.pk), data | {"action": "preview"})
    assert shown.status_code == 200
    counted = re.search(r'name="counted" value="(\d+)"', shown.content.decode())
    assert counted is None or counted[1] == "0"
    words = {"action": "send", "tell": "yes" if counted else "no", "counted": "0"}
    assert staff.post(url("invite", conference.pk), data | words).status_code == 302
    row = conference.registrations.get(attendee__email="waits@example.com")
    assert row.stage == Stage.REGISTERED
    assert row.invitations.count() == 1


@pytest.mark.parametrize("action", ["register", "resend"])
def test_what_the_table_sends_is_what_its_card_says(conference, client_as, url, action):
    staff = client_as(roles.STAFF)
    rows = conference.registrations.filter(removed_at=None, stage=Stage.INVITED)
    ids, before = list(rows.values_list("pk", flat=True)), conference.invitations.count()
    assert len(ids) == 2
    data = {"action": action, "registration": ids}
    shown = staff.post(url("registrations", conference.pk), data).content.decode()
    found = dict(re.findall(r'name="(counted|seen)" value="(\d+)"', shown))
    staff.post(url("registrations", conference.pk), data | found | {"tell": "yes"})
    assert conference.invitations.count() - before == int(found["counted"])


def test_who_registers_while_their_invitation_waits_gets_one_mail(conference):
    page = RegistrationPage.objects.create(conference=conference, open=True)
    given = registering.Given("waits@example.com", "W", "A")
    registering.ask(page, given, "here")
    row = confirming.confirm(UnconfirmedRegistration.objects.get().token)
    assert row.invitations.count() == 1
