"""`telling`: what it costs to ask who is told of an act on a webinar of thousands, and to do it."""

from typing import Any

from tests.bench.places import database, measured, say

HEADINGS = ("ms", "ms SQL", "ms CPU", "statements", "kB")


def run(urls: list[str], *, people: int, dates: int, times: int) -> None:
    """Fill each database, open every page that asks, press every button, and print a table."""
    for url in urls:
        with database(url) as env:
            found = measured("telling_pages", env, people=people, dates=dates, times=times)
        where = "PostgreSQL" if url else "SQLite"
        say()
        say(f"telling on {where}: {people:,} people, and at each of {dates} dates of a series")
        say(f"{'':<34}" + "".join(f"{word:>12}" for word in HEADINGS))
        for one in found:
            say(f"{one['words']:<34}" + "".join(f"{text:>12}" for text in _texts(one)))


def _texts(one: dict[str, Any]) -> list[str]:
    times = [1000 * one[name] for name in ("wall", "sql", "cpu")]
    return [f"{figure:,.0f}" for figure in (*times, one["statements"], one["kb"])]
