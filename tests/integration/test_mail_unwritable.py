"""A message that cannot be put together is a fault of its own, and holds up nobody else's."""

import pytest
from django.core import mail

from portal.conferences import tasks
from portal.conferences.mails import services as mails
from portal.conferences.models import Invitation
from tests.factories import ConferenceFactory, RegistrationFactory

pytestmark = pytest.mark.django_db
THERE = "https://platform.example/room/1"


def test_it_fails_alone_and_staff_read_of_it(monkeypatch):
    conference = ConferenceFactory()
    rows = [RegistrationFactory(conference=conference, join_url=THERE) for _ in range(3)]
    mails.queue_invitations(conference, rows, None)
    first = Invitation.objects.order_by("pk").first()
    real = mails.letters.subject

    def subject(content):
        if content.email == first.to_email:
            raise TypeError("what it is made of is broken")
        return real(content)

    monkeypatch.setattr(mails.letters, "subject", subject)
    tasks.send_mails()
    assert len(mail.outbox) == 2
    first.refresh_from_db()
    assert first.state == "failed"
    assert first.problem
    assert set(Invitation.objects.exclude(pk=first.pk).values_list("state", flat=True)) == {"sent"}
