"""`workers`: what several workers are worth over many accounts, while the platform thinks."""

from tests.bench import canned
from tests.bench.places import database, measured, say

PLATFORM = "clickmeeting"


def run(
    urls: list[str],
    *,
    accounts: int,
    webinars: int,
    latency: float,
    processes: list[int],
    broker: str,
) -> None:
    """Measure each number of workers on each database, by the configured broker."""
    with canned.served() as platform:
        for url in urls:
            platform.latency(0)
            account = platform.fill(PLATFORM, webinars=webinars, rows=webinars)
            given = {"site": platform.site, "account": account, "accounts": accounts}
            given |= {"latency": latency, "processes": processes}
            with database(url) as env:
                named = env | {"CELERY_BROKER_URL": broker or "filesystem://"}
                speeds = measured("working", named, **given)["speeds"]
            say()
            where = "PostgreSQL" if url else "SQLite"
            say(f"workers on {where}: {accounts} accounts, {latency:.0f} ms an answer")
            for count, speed in zip(processes, speeds, strict=True):
                limit = count * 1000 / latency if latency else 0
                share = f", {speed / limit:.2f} of what the latency allows" if limit else ""
                times = f"{speed / speeds[0]:.2f} times the first"
                say(f"{count:>3} workers {speed:>9,.1f} calls/s, {times}{share}")
