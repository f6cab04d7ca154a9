"""One size of one platform on one database, each figure after the other; see `mirror`."""

import json
from pathlib import Path
from typing import Any

from tests.bench import minimal
from tests.bench.canned import Served
from tests.bench.lists import Page, open_room, read_all
from tests.bench.places import cost, quickest


def run(*, site: str, account: dict[str, Any], pages: str, rows: int, part: str) -> dict[str, Any]:
    """All figures of the account that stands there, by name: those of the portal, or those that
    stand beside it. Each part is a process of its own: memory that one has given back would hide
    what the other takes."""
    from portal.platforms.models import PlatformAccount

    _empty()
    row = PlatformAccount(label="Bench", requests_per_minute=1_000_000, **account)
    row.save()
    if part == "portal":
        return _portal(row, Served(site), account)
    wanted = [Page(*page) for page in json.loads(Path(pages).read_text())]
    places = minimal.set_places(row, wanted)
    figures = {"minimal": cost(lambda: minimal.mirror(row, wanted, places))}
    figures["hashes"] = quickest(lambda: minimal.again(row, wanted, places))
    figures["floor"] = quickest(lambda: minimal.floor(wanted))
    _whole(rows, account["platform"])
    return figures


def _portal(row: Any, platform: Served, account: dict[str, Any]) -> dict[str, Any]:
    from portal.sync import engine

    def sync(*, full: bool = False) -> Any:
        return cost(lambda: engine.sync_account(row.pk, full=full), _said)

    figures = {"first": sync(), "ordinary": sync(), "complete": sync(full=True)}
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
