"""`delivery`: from a save here to the first byte at the platform, and what a batch costs."""

import os
import statistics
from typing import Any

from tests.bench import canned
from tests.bench.places import database, measured, say

PLATFORM = "clickmeeting"


def run(urls: list[str], *, webinars: int, saves: int, batch: int, news: int, broker: str) -> None:
    """Measure on each database with the demo's broker, and with the one that is named."""
    with canned.served() as platform:
        for url in urls:
            for named in dict.fromkeys(("filesystem://", broker or "filesystem://")):
                platform.latency(0)
                account = platform.fill(PLATFORM, webinars=webinars, rows=webinars)
                given = {"site": platform.site, "account": account, "saves": saves}
                given |= {"batch": batch, "news": news}
                with database(url) as env:
                    found = measured("delivering", env | {"CELERY_BROKER_URL": named}, **given)
                _print("PostgreSQL" if url else "SQLite", named.partition(":")[0], found, news)


def broker_of_environment() -> str:
    """The broker that is configured; nothing where that is the demo's."""
    named = os.environ.get("CELERY_BROKER_URL", "")
    return named if named.startswith(("redis", "amqp")) else ""


def _print(database_name: str, broker: str, found: dict[str, Any], news: int) -> None:
    direct = found["direct"]
    say()
    say(f"delivery on {database_name}, broker {broker}: ms from the save to the first byte there,")
    say(f"over those of a direct call ({1000 * direct:.1f} ms)")
    names = {
        "rest": "at rest",
        "syncing": "while a complete sync runs",
        "news": f"while {news:,} new rows come in",
    }
    for name, words in names.items():
        times = [1000 * (one - direct) for one in found[name]]
        median, most = statistics.median(times), max(times)
        say(f"{words:<32}median {median:>8,.0f}   longest {most:>8,.0f}   of {len(times)} saves")
    one = found["batch"]
    others = one["statements"] - one["gate"]
    say(
        f"a batch of {one['size']}: {one['calls']} calls in {one['seconds']:.1f} s, "
        f"{one['statements']:,} statements; {one['gate']:,} of them before the calls, "
        f"{others:,} others ({others / one['size']:.1f} an entry) {one['problem']}"
    )
