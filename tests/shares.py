"""How a run is shared among its processes: the slow parts first, each process takes the next one.

A part is a test with a quarter of its parameters, or a whole file whose tests stand on something
that is made once for all of them and takes long.
"""

import zlib

from xdist.scheduler.loadscope import LoadScopeScheduling

# What stands once for the whole file: a portal with rows and a browser, a deployed production.
WHOLE = {
    "tests/browser/test_every_page.py",
    "tests/integration/test_log_secrets.py",
    "tests/integration/test_production.py",
    "tests/unit/test_zonedata.py",
}
# Begun first, so that no process is left with them at the end.
SLOW = [
    "tests/browser/test_every_page.py",
    "tests/integration/test_worker_killed.py",
    "tests/integration/test_demo_start.py",
    "tests/house/test_additions.py",
    "tests/property/test_sync_machine.py",
    "tests/property/test_sync_matrix.py",
    "tests/property/test_sync_matrix_people.py",
    "tests/property/test_sync_matrix_while.py",
    "tests/integration/test_log_secrets.py",
    "tests/integration/test_production.py",
    "tests/browser/test_walks.py",
    "tests/integration/test_pages_in_another_language.py",
    "tests/integration/test_page_budgets.py",
    "tests/integration/test_upload_limits.py",
    "tests/integration/test_import_flow.py",
    "tests/integration/test_ways_in.py",
    "tests/integration/test_roles_login.py",
    "tests/integration/test_five_platforms.py",
    "tests/house/test_bench.py",
]
SHARES = 4


class Shares(LoadScopeScheduling):
    """xdist's way of handing out parts, one after the other, with our parts."""

    def _split_scope(self, nodeid):
        file = nodeid.split("::")[0]
        if file in WHOLE:
            return file
        test, given, _ = nodeid.partition("[")
        return f"{test} {zlib.crc32(nodeid.encode()) % SHARES}" if given else test


def slow_first(items):
    """Put the tests of the slow files in front; the others keep their order."""
    place = {file: number for number, file in enumerate(SLOW)}
    items.sort(key=lambda item: place.get(item.nodeid.split("::")[0], len(SLOW)))
