"""`pages`: what the pages of staff's cost over full tables."""

from typing import Any

from tests.bench.places import database, kept, measured, say

HEADINGS = ("ms", "ms SQL", "ms CPU", "statements", "kB", "nodes", "admin ms", "of the admin's")


def run(urls: list[str], *, keep: str | None, times: int, **size: int) -> None:
    """Fill each database (or take the one that is kept), ask for every page, and print a table."""
    if keep:
        with kept(keep) as (env, made):
            _report(
                "PostgreSQL", size, measured("staff_pages", env, times=times, fill=made, **size)
            )
        return
    for url in urls:
        with database(url) as env:
            found = measured("staff_pages", env, times=times, fill=True, **size)
        _report("PostgreSQL" if url else "SQLite", size, found)


def _report(where: str, size: dict[str, int], found: dict[str, Any]) -> None:
    said = ", ".join(f"{count:,} {what}" for what, count in size.items())
    say()
    say(f"pages on {where}: {said} (filled in {found['filled']:.0f} s)")
    say(f"{'':<24}" + "".join(f"{word:>15}" for word in HEADINGS))
    for one in found["pages"]:
        say(f"{one['words']:<24}" + "".join(f"{text:>15}" for text in _texts(one)))
    export = found["export"]
    speed, grown = export["lines"] / export["seconds"], export["grown"]
    say(f"{'people.csv':<24}{speed:>15,.0f} rows/s, grows by {grown:.0f} MB")


def _texts(one: dict[str, Any]) -> list[str]:
    admin = one["beside"]["wall"]
    times = [1000 * one[name] for name in ("wall", "sql", "cpu")]
    figures = [*times, one["statements"], one["kb"], one["nodes"], 1000 * admin]
    return [*(f"{figure:,.0f}" for figure in figures), f"{one['wall'] / admin:.2f}"]
