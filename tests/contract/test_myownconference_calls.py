"""What a sync of a MyOwnConference account costs, with the real engine over real HTTP."""

from collections import Counter
from typing import Any

import pytest

from portal.conferences.models import Conference
from portal.outbox import services as outbox
from portal.sync import engine
from portal.sync.models import SyncRun
from tests.factories import AccountFactory

pytestmark = pytest.mark.django_db
SLUG = "myownconference"
WEBINARS = 5


@pytest.fixture
def platform(sandbox: Any) -> Any:
    return sandbox.account(SLUG)


@pytest.fixture
def mine(sandbox: Any) -> Any:
    return AccountFactory(
        platform=SLUG, base_url=sandbox.base_url(SLUG), credentials=sandbox.credentials(SLUG)
    )


def cost_of(sandbox: Any, account: Any, **how: Any) -> Counter[str]:
    """The commands that one sync sends."""
    sandbox.requests.clear()
    run = engine.sync_account(account.pk, trigger="command", **how)
    assert run.outcome != SyncRun.Outcome.FAILED, run.problem
    return Counter(entry.path.strip("/") for entry in sandbox.requests)


def test_details_are_read_where_something_changed_and_nowhere_else(
    sandbox: Any, platform: Any, mine: Any
) -> None:
    aliases = [platform.add_webinar(f"Webinar {n}")["alias"] for n in range(WEBINARS)]

    first = cost_of(sandbox, mine)
    assert first["webinarsGetInfo"] == WEBINARS
    assert Conference.objects.get(title="Webinar 0").duration_minutes == 60

    quiet = cost_of(sandbox, mine)
    assert (quiet["profileGet"], quiet["webinarsList"], quiet["webinarsGetInfo"]) == (1, 2, 0)
    assert quiet["moderatorsRooms"] == 0

    platform.edit_webinar(aliases[2], name="Renamed", duration=90)
    changed = cost_of(sandbox, mine)
    assert changed["webinarsGetInfo"] == 1
    assert Conference.objects.get(title="Renamed").duration_minutes == 90

    assert cost_of(sandbox, mine, full=True)["webinarsGetInfo"] == WEBINARS
    assert platform.foreign_alias_calls == 0


def test_a_second_sync_writes_nothing_there(sandbox: Any, platform: Any, mine: Any) -> None:
    sandbox.reset(seeded=True)
    cost_of(sandbox, mine, full=True)
    again = cost_of(sandbox, mine, full=True)
    reads = ("Get", "List", "Info", "Rooms", "History")
    assert not [name for name in again if not name.endswith(reads)]
    assert sandbox.account(SLUG).foreign_alias_calls == 0


def test_an_edit_here_costs_its_own_call_and_is_not_sent_twice(
    sandbox: Any, platform: Any, mine: Any
) -> None:
    alias = platform.add_webinar("Here")["alias"]
    cost_of(sandbox, mine)
    row = Conference.objects.get(title="Here")
    row.title, row.duration_minutes = "There", 45
    row.save()
    outbox.add(mine, "conference", row.pk)

    assert cost_of(sandbox, mine)["webinarsSet"] == 1
    assert (platform.webinar(alias)["name"], platform.webinar(alias)["duration"]) == ("There", 45)
    for _ in range(2):
        assert cost_of(sandbox, mine)["webinarsSet"] == 0
    row.refresh_from_db()
    assert (row.title, row.duration_minutes) == ("There", 45)


def test_a_webinar_that_was_deleted_there_is_never_asked_about_as_a_strangers(
    sandbox: Any, platform: Any, mine: Any
) -> None:
    aliases = [platform.add_webinar(f"Webinar {n}")["alias"] for n in range(WEBINARS)]
    cost_of(sandbox, mine)
    platform.delete_webinar(aliases[0])
    for _ in range(3):
        assert cost_of(sandbox, mine)["webinarsGetInfo"] == 0
    assert Conference.objects.get(title="Webinar 0").gone_at is not None
    assert platform.foreign_alias_calls == 0
