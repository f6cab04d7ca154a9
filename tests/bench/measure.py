"""One size of one platform on one database, each figure after the other; see `mirror`."""

import json
from pathlib import Path
from typing import Any

from tests.bench import minimal
from tests.bench.canned import Served
from tests.bench.lists import Page, open_room, read_all
from tests.bench.places import cost, quickest


def run(*, site: str, account: dict[str, Any], pages: str, rows: int) -> dict[str, Any]:
    """All figures of the account that stands there, by name."""
    from portal.platforms.models import PlatformAccount
    from portal.sync import engine

    platform = Served(site)
    wanted = [Page(*page) for page in json.loads(Path(pages).read_text())]
    row = PlatformAccount(label="Bench", requests_per_minute=1_000_000, **account)

    def sync(*, full: bool = False) -> Any:
        return cost(lambda: engine.sync_account(row.pk, full=full), _said)

    _empty()
    row.save()
    figures = {"floor": quickest(lambda: minimal.floor(wanted))}
    places = minimal.set_places(row, wanted)
    figures["minimal"] = cost(lambda: minimal.mirror(row, wanted, places))
    figures["hashes"] = quickest(lambda: minimal.again(row, wanted, places))
    _whole(rows, account["platform"])
    _empty()
    row.pk, row._state.adding = None, True
    row.save()
    figures |= {"first": sync(), "ordinary": sync(), "complete": sync(full=True)}
    changed = platform.alter(account["platform"], 0.01)
    figures["changed"] = sync(full=True) | {"rows": changed}
    room = open_room(account)
    figures["room"] = quickest(lambda: read_all(room))
    room.close()
    return figures


def _said(run: Any) -> dict[str, Any]:
    """What a run tells of itself."""
    made = {"created": run.created, "updated": run.updated}
    return {"calls": run.calls, "problem": str(run.problem), "outcome": run.outcome} | made


def _whole(rows: int, platform: str) -> None:
    """That the minimal script has written all there is: else its figure would be a lie."""
    from portal.conferences.models import Conference, Registration
    from tests.bench.worlds import WEBINARS_ALONE

    model = Conference if platform in WEBINARS_ALONE else Registration
    found = model.objects.count()
    if found < rows:
        raise RuntimeError(f"the minimal script has written {found} of {rows} rows")


def _empty() -> None:
    """Forget everything but what migrations made."""
    from django.apps import apps
    from django.db import connection

    named = ("conferences", "platforms", "outbox", "sync")
    tables = [m._meta.db_table for name in named for m in apps.get_app_config(name).get_models()]
    tables.remove("platforms_generation")
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"TRUNCATE {', '.join(tables)} RESTART IDENTITY CASCADE")
            return
        with connection.constraint_checks_disabled():
            for table in tables:
                cursor.execute(f'DELETE FROM "{table}"')
