"""The pages of an audience and of its mails stay light, whatever stands in their rows."""

import pytest

from integrations import registry
from portal.common import clock
from portal.conferences.models import Invitation, Registration
from portal.identity import roles
from portal.outbox import services as outbox
from portal.outbox.models import OutboxEntry
from tests.factories import AccountFactory, ConferenceFactory, RegistrationFactory

pytestmark = pytest.mark.django_db
MOST = 100_000  # bytes of HTML
PEOPLE = 60
Stage = Registration.Stage
STATES = {
    "no answer": {"stage": Stage.INVITED},
    "perhaps": {"stage": Stage.INVITED, "answer": "maybe"},
    "waiting": {"stage": Stage.WAITLISTED},
    "registered": {"join_url": "https://example.com/there"},
    "withdrew": {"join_url": "https://example.com/there", "removed_at": True},
    "refused": {},
}


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("slug", registry.slugs())
def test_a_page_of_people_and_one_of_mails_stay_below_a_hundred_kilobytes(
    client_as, url, slug, state
):
    account = AccountFactory(platform=slug, label="Marketing and events")
    title = "Accident prevention at the bench: what is new"
    conference = ConferenceFactory(account=account, title=title, registration_enabled=True)
    values = STATES[state] | {"invited_at": clock.now()}
    if "removed_at" in values:
        values["removed_at"] = clock.now()
    rows = [
        RegistrationFactory(
            conference=conference,
            attendee__first_name="Wilhelmina",
            attendee__last_name=f"Featherstone {number}",
            attendee__email=f"wilhelmina.featherstone{number}@example.com",
            **values,
        )
        for number in range(PEOPLE)
    ]
    Invitation.objects.bulk_create(
        Invitation(
            conference=conference,
            registration=row,
            to_email=row.attendee.email,
            subject=f"Invitation: {title}",
            state="sent",
            sent_at=clock.now(),
            not_before=clock.now(),
        )
        for row in rows
    )
    if state == "refused":
        outbox.add_many(account, "registration", [row.pk for row in rows], by=None)
        OutboxEntry.objects.update(state="failed", problem="The field “Department” is required.")
    staff = client_as(roles.STAFF)
    asked = {"rstate": "withdrawn"} if state == "withdrew" else {}
    for name in ("conference-people", "registrations", "conference-mails"):
        page = staff.get(url(name, conference.pk), asked)
        assert b"Featherstone" in page.content
        assert len(page.content) < MOST, name
