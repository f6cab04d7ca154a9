"""A platform that cannot remove a registration lets in who has withdrawn: staff read it."""

import pytest

from integrations import registry
from portal.common import clock
from portal.conferences.audience.services import answers, registrations
from portal.conferences.models import Registration
from portal.identity import roles
from portal.outbox import services as outbox
from portal.outbox.models import OutboxEntry
from tests.factories import AccountFactory, ConferenceFactory, RegistrationFactory

pytestmark = pytest.mark.django_db
STAYS = {"clickmeeting", "livewebinar", "webinarfuel"}  # their documents have no way back
OPENS = "its link opens."


def read(answer):
    return " ".join(answer.content.decode().split())


@pytest.fixture(params=registry.slugs())
def conference(request):
    account = AccountFactory(platform=request.param)
    return ConferenceFactory(account=account, registration_enabled=True)


@pytest.mark.parametrize("again", [False, True], ids=["withdrew", "waits again"])
def test_whoever_withdrew_and_still_gets_in_there_is_named(conference, client_as, url, again):
    moment = clock.now()
    row = RegistrationFactory(
        conference=conference,
        registered_at=moment,
        join_url="https://example.com/there",
        removed_at=moment,
        waits_again_at=moment if again else None,
    )
    staff, state = client_as(roles.STAFF), "waitlisted" if again else "withdrawn"
    page = read(staff.get(url("registrations", conference.pk), {"rstate": state}))
    assert row.attendee.email in page
    stays = conference.account.platform in STAYS
    assert (OPENS in page) is stays
    assert ("still opens." in page) is stays
    if again:
        ask = read(staff.get(url("registration-withdraw", row.pk)))
        assert f"To {conference.account.platform_name} they had withdrawn before" in ask
        assert ("still opens." in ask) is stays


def test_of_others_nothing_is_said(conference, client_as, url):
    RegistrationFactory(conference=conference, registered_at=clock.now(), join_url="https://x/1")
    RegistrationFactory(conference=conference, removed_at=clock.now())  # never arrived there
    RegistrationFactory(
        conference=conference,
        removed_at=clock.now(),
        registered_at=clock.now(),
        gone_at=clock.now(),
    )
    invited = RegistrationFactory(conference=conference, stage=Registration.Stage.INVITED)
    page = read(client_as(roles.STAFF).get(url("registrations", conference.pk)))
    assert OPENS not in page
    assert "has not heard of them" in registrations.withdraw_sentence(conference, [invited])


def test_what_was_refused_of_who_withdraws_needs_nobody_any_more(conference):
    """It would be tried again for somebody who does not come."""
    row = RegistrationFactory(conference=conference)
    outbox.add(conference.account, "registration", row.pk, by=None)
    OutboxEntry.objects.update(state="failed")
    answers.answer(row.token, "no")
    left = list(OutboxEntry.objects.order_by("pk").values_list("state", flat=True))
    # Where the platform can remove it, the next entry does, and closes the older one.
    assert left == (["done"] if conference.account.platform in STAYS else ["failed", "waiting"])
