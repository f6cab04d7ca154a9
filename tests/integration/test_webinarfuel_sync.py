"""A WebinarFuel account through the engine: seen webinars, people both ways, quiet second syncs."""

from datetime import timedelta

import pytest

from integrations.base.records import Draft, Kind
from portal.conferences.models import (
    Attendance,
    Attendee,
    AttendeeGroup,
    Conference,
    Membership,
    Moderator,
    Registration,
    Session,
)
from portal.outbox import services as outbox
from portal.outbox.models import OutboxEntry
from portal.platforms import budget, pace
from portal.platforms.connections import open_adapter
from portal.sync.engine import sync_account
from portal.sync.models import Conflict, Hold, PlatformLink
from tests.factories import AccountFactory
from tests.support.webinarfuel import SLUG, Place

pytestmark = pytest.mark.django_db(transaction=True)
HOUR = timedelta(hours=1)


@pytest.fixture
def place(sandbox):
    return Place(sandbox)


@pytest.fixture
def fuel(db, sandbox):
    return AccountFactory(
        platform=SLUG,
        label="WebinarFuel",
        base_url=sandbox.base_url(SLUG),
        credentials={"api_key": sandbox.api_key(SLUG, "demo")},
        requests_per_minute=6000,
    )


def full(account):
    run = sync_account(account.pk, full=True)
    assert not run.problem, run.problem
    assert not Hold.objects.exists()
    return run


def test_everything_is_seen_once_and_a_second_sync_says_nothing(fuel, place):
    webinar_id, _ = place.attended(hosts=[{"email": "olga@example.com", "organizer": True}])
    place.platform.register(int(webinar_id), "away@example.com")
    ann = place.platform.find_registrant("ann@example.com")
    place.platform.edit_registrant(ann["id"], first_name="Ann", tags=["vip"])

    full(fuel)
    assert Conference.objects.get().title == "Autumn tour"
    assert Moderator.objects.get().email == "olga@example.com"
    assert Registration.objects.count() == 2
    assert all(r.join_url for r in Registration.objects.all())
    assert Session.objects.get().visitors == 1
    assert Attendance.objects.get().attendee.email == "ann@example.com"
    assert Attendee.objects.get(email="ann@example.com").first_name == "Ann"
    assert Membership.objects.get().group == AttendeeGroup.objects.get(name="vip")

    place.sandbox.requests.clear()
    before = list(PlatformLink.objects.order_by("pk").values())
    assert full(fuel).steps == []
    assert list(PlatformLink.objects.order_by("pk").values()) == before
    paths = sorted(entry.path for entry in place.sandbox.requests)
    assert paths == ["/registrant_sessions", "/registrants", "/webinars"]
    assert not Conflict.objects.exists()


def test_a_registration_and_a_tag_go_there_once(fuel, place):
    webinar_id, _ = place.webinar(HOUR)
    place.platform.add_registrant("Ann@Example.com", "Anna", tags=["vip"])
    place.platform.add_registrant("zoe@example.com", tags=[])
    full(fuel)
    ann, zoe = (Attendee.objects.get(email=f"{n}@example.com") for n in ("ann", "zoe"))
    registration = Registration.objects.create(conference=Conference.objects.get(), attendee=ann)
    member = Membership.objects.create(group=AttendeeGroup.objects.get(), attendee=zoe)
    outbox.add_many(fuel, Kind.REGISTRATION, [registration.pk])
    outbox.add_many(fuel, Kind.MEMBERSHIP, [member.pk])

    full(fuel)
    assert OutboxEntry.objects.exclude(state="done").count() == 0
    registration.refresh_from_db()
    assert registration.join_url
    assert len(place.platform.viewings(int(webinar_id))) == 1
    assert place.platform.find_registrant("zoe@example.com")["tags"] == ["vip"]
    assert len(place.platform.registrants()) == 2
    assert place.platform.registrants()[0]["first_name"] == "Anna"
    assert full(fuel).steps == []


def test_the_start_follows_the_dates_and_stays_when_they_are_over(fuel, place):
    _, (first, second) = place.webinar(HOUR, 5 * HOUR)
    full(fuel)
    start = Conference.objects.get().starts_at
    place.platform.remove_session(first)
    full(fuel)
    later = Conference.objects.get().starts_at
    assert later - start == 4 * HOUR
    place.platform.remove_session(second)
    full(fuel)
    assert Conference.objects.get().starts_at == later


def test_a_429_that_costs_a_registration_nothing_still_pauses_the_account(fuel, place):
    """The links of a new registration are read beside it, and may be missed; the pause may not."""
    webinar_id, _ = place.webinar(HOUR)
    place.sandbox.faults.add("rate_limited", path="/registrant_sessions", count=1, retry_after=120)
    adapter = open_adapter(fuel)
    record = adapter.create(
        Draft(Kind.REGISTRATION, {"email": "ann@example.com"}, parent_id=webinar_id)
    )
    adapter.close()
    assert record.external_id
    assert "join_url" not in record.facts
    fuel.refresh_from_db()
    assert budget.blocked(fuel)
    assert fuel.runtime.pace == pace.ceiling(fuel) / 2
