"""Every platform of the registry through the real engine: nothing here names one of them."""

from datetime import timedelta

import pytest

from integrations import registry
from integrations.base.records import Kind
from integrations.sandbox import Sandbox
from portal.common import clock
from portal.conferences.audience.services import invite
from portal.conferences.audience.services.moderators import role_choices
from portal.conferences.models import Attendee, Conference
from portal.conferences.people.services.selection import Selection
from portal.conferences.schedule.services import cancel, schedule
from portal.outbox.models import OutboxEntry
from portal.sync import ahead, engine
from portal.sync.models import Conflict, PlatformLink, SyncRun
from tests import profiles
from tests.factories import AccountFactory, AttendeeFactory
from tests.support.syncing import settle

PEOPLE = 3
PLAYED = profiles.platforms(*registry.slugs())


@pytest.fixture
def seeded():
    with Sandbox(seed=True).start() as running:
        yield running


def connect(sandbox, slug, **options):
    # What a platform allows in a minute is tried elsewhere; here it would only take time.
    sandbox.account(slug).rate_limit = None
    return AccountFactory(
        label=registry.room(slug).name,
        platform=slug,
        base_url=sandbox.base_url(slug),
        credentials=sandbox.credentials(slug),
        options=sandbox.options(slug) | options,
        requests_per_minute=6000,
    )


def sync(account):
    run = engine.sync_account(account.pk, full=True)
    assert run.outcome == SyncRun.Outcome.OK, (run.problem, run.steps[:5])
    return run


@pytest.mark.parametrize("slug", PLAYED)
@pytest.mark.django_db
def test_a_seeded_platform_is_mirrored_and_the_next_sync_is_quiet(slug, seeded, monkeypatch):
    # What WebinarFuel's adapter remembers saves requests by the order in which lists are asked for,
    # which is another each time where several lines ask.
    monkeypatch.setattr(ahead, "lines", lambda account: 1)
    account = connect(seeded, slug)
    first = sync(account)
    assert first.created > 10
    assert Conference.objects.filter(account=account).count() > 3
    assert not Conflict.objects.exists(), [c.sentence for c in Conflict.objects.all()[:5]]
    asked = len(seeded.requests)
    quiet = sync(account)
    assert quiet.steps == []
    assert quiet.calls <= first.calls
    assert len(seeded.requests) - asked == quiet.calls, "each request is counted"
    assert not OutboxEntry.objects.exists(), "news never echo"


@pytest.mark.parametrize("slug", PLAYED)
@pytest.mark.django_db
def test_a_webinar_goes_there_with_its_people_and_away_again(slug, sandbox, staff_user):
    account = connect(sandbox, slug, users="yes")
    if not account.capabilities.kind(Kind.CONFERENCE).create.offered:
        pytest.skip("its webinars are made on the platform alone")
    start = (clock.now() + timedelta(days=3)).replace(minute=0, second=0, microsecond=0)
    roles = role_choices(account)
    people = [{"email": "host@example.com", "name": "Ann Host", "role": roles[0][0]}]
    takes_moderators = account.capabilities.kind(Kind.MODERATOR).create.offered
    row = schedule.schedule(
        account=account,
        by=staff_user,
        people=people if takes_moderators else (),
        values={
            "title": "Autumn tour",
            "starts_at": start,
            "duration_minutes": 45,
            "timezone": "Europe/Berlin",
            "description": "All that is new.",
        },
    )
    crowd = [AttendeeFactory() for _ in range(PEOPLE)]
    invite.send(row, Selection(people=crowd), by=staff_user)
    assert settle(account).outcome == SyncRun.Outcome.OK

    assert not OutboxEntry.objects.exclude(state="done").exists(), list(
        OutboxEntry.objects.exclude(state="done").values_list("kind", "state", "problem")
    )
    assert not PlatformLink.objects.exclude(op="").exists()
    invited = row.registrations.filter(attendee__in=crowd)
    assert invited.exclude(registered_at=None).exclude(join_url="").count() == PEOPLE
    if takes_moderators:
        assert row.moderators.get(email="host@example.com").join_url
    row.refresh_from_db()
    schedule.reschedule(row, {"title": "Winter tour"}, staff_user, row.version)
    assert settle(account).outcome == SyncRun.Outcome.OK
    quiet = sync(account)
    assert quiet.steps == []
    assert not Conflict.objects.exists()
    assert Conference.objects.filter(account=account).count() == 1
    cancel.cancel(Conference.objects.get(), staff_user)
    assert settle(account).outcome == SyncRun.Outcome.OK
    link = PlatformLink.objects.get(kind="conference")
    assert link.state == PlatformLink.State.DELETED
    assert sync(account).steps == []


@pytest.mark.django_db
def test_one_person_on_several_platforms_is_one_attendee(seeded, staff_user):
    slugs = registry.slugs() if profiles.NIGHTLY else registry.slugs()[:3]
    accounts = [connect(seeded, slug) for slug in slugs]
    for one in accounts:
        sync(one)
    emails = list(Attendee.objects.values_list("email", flat=True))
    assert len(emails) == len({e.lower() for e in emails})
    several = [
        pk
        for pk in Attendee.objects.values_list("pk", flat=True)
        if PlatformLink.objects.filter(kind="attendee", local_id=pk).count() > 1
    ]
    assert several, "the seed worlds share people"
    for _ in range(2):  # what one platform lacks, it is given by another; then all agree
        for one in accounts:
            assert settle(one).outcome == SyncRun.Outcome.OK
    for one in accounts:
        assert sync(one).steps == [], one.platform
