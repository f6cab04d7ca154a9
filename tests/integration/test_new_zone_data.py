"""New zone data that move a planned webinar open a decision, with its question about mail."""

import zoneinfo
from datetime import UTC, datetime, timedelta
from importlib import import_module, resources
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.db import connection

from portal.common import clock
from portal.conferences import migrations, tasks, walltime
from portal.conferences.audience.services import invite
from portal.conferences.models import Change, Conference, Invitation
from portal.conferences.people.services import selection
from portal.conferences.schedule.services import schedule
from portal.identity import roles
from portal.outbox.models import OutboxEntry
from portal.sync import services as sync
from portal.sync.models import Conflict
from portal.sync.services import choices, clocks
from tests.support.syncing import settle

pytestmark = pytest.mark.django_db
ZONE = "America/Vancouver"


@pytest.fixture
def old_data(monkeypatch):
    """Zone data by which Vancouver keeps what Los Angeles has; `new()` puts the package's back."""
    real = zoneinfo.ZoneInfo

    def old(name):
        return real("America/Los_Angeles" if name == ZONE else name)

    monkeypatch.setattr(walltime, "ZoneInfo", old)
    return SimpleNamespace(new=lambda: monkeypatch.setattr(walltime, "ZoneInfo", real))


@pytest.fixture
def planned(account, staff_user, old_data):
    """A webinar at ten o'clock in Vancouver's winter, on its platform, with one who is invited."""
    year = clock.now().year + 1
    wall = datetime(year, 12, 10, 10)  # noqa: DTZ001 - the clock on the wall
    (start,) = walltime.instants(wall, ZONE)
    assert start.hour == 18
    row = schedule.schedule(
        account=account,
        by=staff_user,
        values={
            "title": "Autumn tour",
            "starts_at": start,
            "duration_minutes": 45,
            "timezone": ZONE,
        },
    )
    invite.send(row, selection.gather("Ann Example <ann@example.org>"), by=staff_user)
    settle(account)
    tasks.send_mails()
    row.refresh_from_db()
    assert row.planned_clock["shown"].endswith("-12-10T10:00:00")
    return row


def test_while_the_data_stay_nobody_is_asked(planned):
    clocks.check()
    assert not Conflict.objects.exists()


def test_new_data_open_one_decision_that_says_both_times(planned, old_data, client_as, url):
    old_data.new()
    clocks.check()
    clocks.check()
    conflict = Conflict.objects.get()
    assert "10:00 there" in conflict.sentence
    assert "11:00 by the new clocks" in conflict.sentence
    page = client_as(roles.STAFF).get(url("attention")).content.decode()
    assert "America/Vancouver" in page
    for choice in choices(conflict):
        assert choice.label in page
    planned.refresh_from_db()
    assert planned.starts_at.hour == 18, "nothing is moved by itself"


@pytest.mark.parametrize(("tell", "mails"), [(True, 1), (False, 0)])
def test_keeping_the_clock_time_moves_the_instant(
    tell, mails, planned, old_data, staff_user, sandbox
):
    old_data.new()
    clocks.check()
    before = Invitation.objects.filter(purpose="update").count()
    sync.resolve(Conflict.objects.get(), "clock", staff_user, tell)
    planned.refresh_from_db()
    assert planned.starts_at.hour == 17
    assert walltime.wall(planned.starts_at, ZONE).hour == 10
    assert Invitation.objects.filter(purpose="update").count() - before == mails
    settle(planned.account)
    clocks.check()
    assert not Conflict.objects.filter(resolved_at=None).exists()
    assert Change.objects.filter(action="conflict decided", actor=staff_user).exists()


def test_keeping_the_instant_changes_nothing_else(planned, old_data, staff_user):
    old_data.new()
    clocks.check()
    waiting = OutboxEntry.objects.filter(state="waiting").count()
    sync.resolve(Conflict.objects.get(), "instant", staff_user)
    planned.refresh_from_db()
    assert planned.starts_at.hour == 18
    assert planned.planned_clock["shown"].endswith("T11:00:00")
    clocks.check()
    assert not Conflict.objects.filter(resolved_at=None).exists()
    assert OutboxEntry.objects.filter(state="waiting").count() == waiting


def test_an_edit_of_something_else_does_not_forget_what_was_meant(planned, old_data, staff_user):
    old_data.new()
    schedule.reschedule(planned, {"title": "Winter tour"}, staff_user, planned.version)
    clocks.check()
    assert Conflict.objects.filter(resolved_at=None).count() == 1


def test_a_new_start_settles_the_question(planned, old_data, staff_user):
    old_data.new()
    clocks.check()
    later = planned.starts_at + timedelta(days=1)
    schedule.reschedule(planned, {"starts_at": later}, staff_user, planned.version)
    clocks.check()
    assert not Conflict.objects.filter(resolved_at=None).exists()


def test_what_is_past_cancelled_or_a_draft_is_left_alone(planned, old_data):
    old_data.new()
    for values in (
        {"draft": True},
        {"draft": False, "removed_at": clock.now()},
        {"removed_at": None, "starts_at": datetime(2020, 1, 1, tzinfo=UTC)},
    ):
        Conference.objects.filter(pk=planned.pk).update(**values)
        clocks.check()
    assert not Conflict.objects.exists()


def test_rows_from_before_are_taken_as_the_machine_meant_them(planned, tmp_path, monkeypatch):
    """Until now the machine's files were used, old as they may be."""
    (path,) = Path(migrations.__file__).parent.glob("*planned_clock.py")
    migration = import_module(f"{migrations.__name__}.{path.stem}")
    (tmp_path / "America").mkdir()
    data = resources.files("tzdata.zoneinfo.America").joinpath("Los_Angeles").read_bytes()
    (tmp_path / ZONE).write_bytes(data)
    monkeypatch.setattr(migration, "MACHINE", (str(tmp_path),))
    Conference.objects.update(planned_clock={})
    migration.fill(apps, SimpleNamespace(connection=connection))
    planned.refresh_from_db()
    assert planned.planned_clock["shown"].endswith("T10:00:00")
    monkeypatch.setattr(migration, "MACHINE", ())
    migration.fill(apps, SimpleNamespace(connection=connection))
    planned.refresh_from_db()
    assert planned.planned_clock["shown"].endswith("T11:00:00")
