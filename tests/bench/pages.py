"""`pages`: what the pages of staff's cost over full tables."""

from typing import Any

from tests.bench.places import database, measured, say

HEADINGS = ("ms", "ms SQL", "statements", "kB", "admin ms", "of the admin's")


def run(urls: list[str], *, webinars: int, people: int, registrations: int, times: int) -> None:
    """Fill each database, ask for every page, and print a table."""
    size = {"webinars": webinars, "people": people, "registrations": registrations}
    for url in urls:
        with database(url) as env:
            found = measured("staff_pages", env, times=times, **size)
        where = "PostgreSQL" if url else "SQLite"
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
    figures = [1000 * one["wall"], 1000 * one["sql"], one["statements"], one["kb"], 1000 * admin]
    return [*(f"{figure:,.0f}" for figure in figures), f"{one['wall'] / admin:.2f}"]
