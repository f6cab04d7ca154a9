"""Every test: no network but loopback, no broker, a clock that is put back."""

import gc
import os

import pytest
from django.db import connection
from django.test import TransactionTestCase

from integrations.sandbox import Sandbox
from portal.common import clock as portal_clock
from portal.identity import roles
from tests import chromium, databases, migrated, profiles, shares
from tests.emptied import AsMigrated
from tests.factories import (
    AccountFactory,
    logged_in,
    staff_url,
    user_with,
)

profiles.load()
NO_BROWSER = "Chromium is not installed"


@pytest.fixture(scope="session")
def django_db_keepdb(django_db_modify_db_settings, django_db_keepdb):
    """A process takes a copy of a migrated database, instead of migrating its own."""
    ours = connection.settings_dict["TEST"]
    if connection.vendor == "sqlite":
        migrated.copy(ours["NAME"])
        return True
    ours["TEMPLATE"] = migrated.template()
    return django_db_keepdb


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """A test with transactions of its own ends with the tables as the migrations left them."""
    with django_db_blocker.unblock():
        left = AsMigrated()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda _: left.restore())
        yield


@pytest.fixture(autouse=True)
def clock():
    """The portal's clock; what a test advances is put back."""
    with portal_clock.moved():
        yield portal_clock


@pytest.fixture
def user_as(db):
    """Make a user with a role: user_as(roles.VIEWER)."""
    return user_with


@pytest.fixture
def staff_user(user_as):
    return user_as(roles.STAFF)


@pytest.fixture
def viewer_user(user_as):
    return user_as(roles.VIEWER)


@pytest.fixture
def admin_user_(user_as):
    """An administrator of the portal (pytest-django's own `admin_user` is a bare superuser)."""
    return user_as(roles.ADMINISTRATOR, is_staff=True, is_superuser=True)


@pytest.fixture
def client_as(db):
    """A browser that has logged in: client_as(roles.STAFF); the user is its `.user`."""
    return logged_in


@pytest.fixture(scope="session")
def running_sandbox():
    """One sandbox for the whole run, on a free port; tests take `sandbox`."""
    with Sandbox(seed=False).start() as running:
        yield running


@pytest.fixture
def sandbox(running_sandbox):
    """The sandbox platforms, empty and without faults."""
    running_sandbox.reset(seeded=False)
    yield running_sandbox
    running_sandbox.faults.clear()


@pytest.fixture
def account(db, sandbox):
    """A ClickMeeting account that is connected to the sandbox."""
    return AccountFactory(
        label="ClickMeeting",
        base_url=sandbox.base_url("clickmeeting"),
        credentials=sandbox.credentials("clickmeeting"),
    )


@pytest.fixture
def url():
    """Addresses of the staff's pages: url("conference", 5)."""
    return staff_url


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers():
    """Two processes for each core: many tests wait for a server, a browser or another process."""
    return 2 * (os.cpu_count() or 1)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    config.option.loadscopereorder = False  # our own order stays
    return shares.Shares(config, log)


def pytest_addoption(parser):
    parser.addoption(
        "--shared",
        action="store_true",
        help="PostgreSQL plays what tests/databases.py names: on SQLite each fourth of it",
    )


def pytest_collection_modifyitems(config, items):
    """Mark what meets a database; skip browser tests without one, which the end says loudly."""
    if hasattr(config, "workerinput"):
        shares.slow_first(items)
    for item in items:
        if item.nodeid.split("::")[0] in databases.FILES:
            item.add_marker(pytest.mark.database)
    if repeated := set(databases.repeated(items, config.getoption("shared"))):
        config.hook.pytest_deselected(items=repeated)
        items[:] = [item for item in items if item not in repeated]
    if chromium.path():
        return
    for item in items:
        if item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.skip(reason=NO_BROWSER))


def pytest_collection_finish():
    """Nine thousand tests stand in memory to the end; looking for garbage among them again and
    again costs a quarter of a run."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 20)


def pytest_unconfigure(config):
    """After all processes: of the last one's database nothing is copied any more."""
    if connection.vendor == "postgresql" and not hasattr(config, "workerinput"):
        migrated.remove_templates()


def pytest_terminal_summary(terminalreporter):
    skipped = [
        r for r in terminalreporter.stats.get("skipped", []) if NO_BROWSER in str(r.longrepr)
    ]
    if skipped:
        terminalreporter.section("BROWSER TESTS WERE SKIPPED", red=True, bold=True)
        terminalreporter.line(
            f"{len(skipped)} tests did not run because {NO_BROWSER}. "
            "Install it (apt-get install chromium) or name one by CHROMIUM=/path."
        )
