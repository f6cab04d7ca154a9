"""`lines`: what several connections are worth within one account, while the platform thinks."""

from tests.bench import canned
from tests.bench.places import database, measured, say


def run(
    platforms: list[str], urls: list[str], *, webinars: int, latency: float, connections: list[int]
) -> None:
    """Measure complete syncs in which nothing has changed over so many connections."""
    with canned.served() as platform:
        for slug in platforms:
            for url in urls:
                platform.latency(0)
                account = platform.fill(slug, webinars=webinars, rows=webinars)
                given = {"site": platform.site, "account": account}
                given |= {"latency": latency, "connections": connections}
                with database(url) as env:
                    found = measured("reading", env, **given)["found"]
                say()
                where = "PostgreSQL" if url else "SQLite"
                say(f"lines, {slug} on {where}: {webinars} webinars, {latency:.0f} ms an answer")
                for count, one in zip(connections, found, strict=True):
                    times = found[0]["seconds"] / one["seconds"]
                    speed = one["calls"] / one["seconds"]
                    say(
                        f"{count:>3} connections {one['seconds']:>9.2f} s, {one['calls']:,} calls, "
                        f"{speed:,.1f} calls/s, {times:.2f} times the first"
                    )
