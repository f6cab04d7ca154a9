"""`mirror`: what a first mirror costs, and what it costs when nothing or little has changed."""

import json
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.bench import canned
from tests.bench.lists import Page, open_room, pages, read_all
from tests.bench.places import database, measured, say
from tests.bench.worlds import WEBINARS_ALONE

PEOPLE_EACH = 500  # registrations of a webinar, unless --parents says otherwise
BUSY = "busy"
Sizes = dict[int, dict[str, Any]]


def run(
    platforms: list[str],
    sizes: list[int],
    urls: list[str],
    *,
    parents: int,
    latency: float,
    dlt: str,
) -> None:
    """Measure each size of each platform on each database, and print a table of each."""
    with canned.served() as platform:
        for slug in platforms:
            for url in urls:
                where = "PostgreSQL" if url else "SQLite"
                with database(url) as env:
                    found = {
                        rows: _size(platform, slug, rows, env, parents, latency, dlt)
                        for rows in sizes
                    }
                _print(f"{slug} on {where}", found)


def _size(
    platform: canned.Served,
    slug: str,
    rows: int,
    env: dict[str, str],
    parents: int,
    latency: float,
    dlt: str,
) -> dict[str, Any]:
    webinars = rows if slug in WEBINARS_ALONE else parents or max(rows // PEOPLE_EACH, 1)
    platform.latency(0)
    account = platform.fill(slug, webinars=webinars, rows=rows)
    platform.asked()
    room = open_room(account)
    read_all(room)  # so that every answer is shaped, and it is known what is asked for
    room.close()
    wanted = pages(slug, platform.site, platform.asked())
    platform.latency(latency)
    with _kept(wanted) as path:
        given = {"site": platform.site, "account": account, "pages": path, "rows": rows}
        found = measured("measure", env, part="beside", **given)
        found |= measured("measure", env, part="portal", **given)
    found["dlt"] = _by_dlt(dlt, wanted, env) if dlt else None
    return found | {"webinars": webinars, "pace": room.capabilities.requests_per_minute}


@contextmanager
def _kept(value: Any) -> Iterator[str]:
    with tempfile.TemporaryDirectory(prefix="lectern-bench-") as folder:
        path = Path(folder) / "kept.json"
        path.write_text(json.dumps(value))
        yield str(path)


def _by_dlt(python: str, wanted: list[Page], env: dict[str, str]) -> dict[str, Any] | None:
    """dlt's own figure, in its own environment; None where it does not run."""
    url = env["DATABASE_URL"]
    if url.startswith("sqlite"):
        url = f"sqlite:///{env['BENCH_FOLDER']}/dlt-{len(wanted)}.sqlite3"
    script = str(Path(__file__).with_name("dlt_script.py"))
    with _kept({"pages": wanted, "url": url, "dataset": f"dlt_{len(wanted)}"}) as path:
        done = subprocess.run([python, script, path], capture_output=True, text=True, check=False)
    if done.returncode:
        say(f"dlt did not run: {(done.stderr.splitlines() or ['no word'])[-1]}")
        return None
    return dict(json.loads(done.stdout.splitlines()[-1]))


def _print(title: str, found: Sizes) -> None:
    say()
    say(f"{title}: rows/s, where nothing else is said")
    _line("", found, lambda rows, one: f"{rows:,}")
    _line("webinars", found, lambda rows, one: f"{one['webinars']:,}")
    names = {
        "floor": "floor: fetch and JSON alone",
        "room": "read by the room, all lists",
        "minimal": "minimal script",
        "dlt": "dlt, merged",
        "first": "Lectern, first mirror",
    }
    for name, words in names.items():
        _line(words, found, lambda rows, one, name=name: _speed(rows, one[name]))
    for name in ("minimal", "dlt", "floor"):
        _line(f"  of {name}", found, lambda rows, one, name=name: _ratio(one, "first", name))
    _line("  of minimal, by CPU", found, lambda r, one: _ratio(one, "first", "minimal", "busy"))
    _line("  statements per 1,000 rows", found, lambda rows, one: _per(rows, one["first"]))
    for name in ("first", "minimal"):
        _line(f"  peak MB, {name}", found, lambda rows, one, name=name: f"{one[name]['grown']:.0f}")
    _line("nothing changed, minimal by hashes", found, lambda r, one: _speed(r, one["hashes"]))
    for name in ("ordinary", "complete"):
        _line(f"nothing changed, {name}", found, lambda r, one, name=name: _speed(r, one[name]))
        _line("  calls", found, lambda r, one, name=name: f"{one[name]['calls']:,}")
        _line("  minutes at its pace", found, lambda r, one, name=name: _minutes(one, name))
        _line("  writes but the run", found, lambda r, one, name=name: f"{one[name]['writes']:,}")
    _line(
        "  complete: times the first mirror", found, lambda r, one: _ratio(one, "complete", "first")
    )
    _line(
        "  complete: of minimal by hashes", found, lambda r, one: _ratio(one, "complete", "hashes")
    )
    _line("  complete: statements per 1,000", found, lambda rows, one: _per(rows, one["complete"]))
    _line("  complete: peak MB", found, lambda rows, one: f"{one['complete']['grown']:.0f}")
    _line("1 % changed, complete", found, lambda rows, one: _speed(rows, one["changed"]))
    _line("  statements per changed row", found, _per_changed)
    for rows, one in found.items():
        for name in ("first", "ordinary", "complete", "changed"):
            if one[name]["problem"] or one[name]["outcome"] != "ok":
                say(f"{rows:,}, {name}: {one[name]['outcome']} {one[name]['problem']}")


def _line(words: str, found: Sizes, shown: Any) -> None:
    say(f"{words:<38}" + "".join(f"{shown(rows, one):>12}" for rows, one in found.items()))


def _speed(rows: int, one: dict[str, Any] | None) -> str:
    return f"{rows / one['seconds']:,.0f}" if one else "-"


def _ratio(one: dict[str, Any], name: str, other: str, by: str = "seconds") -> str:
    """How the speeds of two compare."""
    return f"{one[other][by] / one[name][by]:.3f}" if one[other] else "-"


def _minutes(one: dict[str, Any], name: str) -> str:
    """How long the calls take at the pace that the platform allows, which a bench lifts."""
    return f"{one[name]['calls'] / one['pace']:,.1f}"


def _per(rows: int, one: dict[str, Any]) -> str:
    return f"{one['statements'] / rows * 1000:,.1f}"


def _per_changed(rows: int, one: dict[str, Any]) -> str:
    more = one["changed"]["statements"] - one["complete"]["statements"]
    return f"{more / max(one['changed']['rows'], 1):,.1f}"
