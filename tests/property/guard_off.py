"""A pytest plugin that switches one guard of the sync off; see `mutants`."""

import os
from dataclasses import replace


def pytest_configure(config):
    guard = os.environ.get("SYNC_GUARD_OFF", "")
    if guard:
        config.addinivalue_line("markers", f"guard_off: {guard}")


def pytest_collection_finish(session):
    guard = os.environ.get("SYNC_GUARD_OFF", "")
    if guard == "fence":
        from portal.platforms.lease import Lease

        Lease._extend = lambda self: None
    elif guard:
        from portal.sync import compare

        compare.GUARDS = replace(compare.GUARDS, **{guard: False})
