"""How soon what is saved here reaches the platform, through a real worker; in a process of its
own, see `delivery`."""

import statistics
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import requests

from tests.bench.background import sync_begun, unfinished, wait, workers
from tests.bench.canned import Served
from tests.bench.places import WRITES, counted

NEWS_SAVES = 3
LATENCY = 20.0  # ms that the platform takes to answer while a sync is under way


def run(*, site: str, account: dict[str, Any], saves: int, batch: int, news: int) -> dict[str, Any]:
    """All figures by name, on the database and the broker of this process's settings."""
    from portal.conferences.models import Conference
    from portal.platforms.models import PlatformAccount
    from portal.sync import engine

    platform = Served(site)
    row = PlatformAccount.objects.create(label="Bench", requests_per_minute=1_000_000, **account)
    engine.sync_account(row.pk)
    webinars = list(Conference.objects.filter(account=row).order_by("pk"))
    figures: dict[str, Any] = {"batch": _batch(row.pk, webinars[-1], batch)}
    saver = _Saver(platform, webinars)
    figures["direct"] = statistics.median(saver.direct() for _ in range(saves))
    with workers(row.platform):
        saver.save()  # so that the worker is awake
        figures["rest"] = [saver.save() for _ in range(saves)]
        platform.latency(LATENCY)
        figures["syncing"] = [_while_syncing(row, saver) for _ in range(saves)]
        wait(lambda: not unfinished(row))
        figures["news"] = [
            _while_news_come_in(row, saver, news) for _ in range(min(saves, NEWS_SAVES))
        ]
    return figures


class _Saver:
    """Saves one webinar after the other, and tells when the platform heard of it."""

    def __init__(self, platform: Served, webinars: list[Any]) -> None:
        self.platform = platform
        self.webinars = webinars
        self.lists = len(webinars)
        self.number = 0

    def save(self) -> float:
        """Seconds from the save to the first byte of the request that carries it."""
        from portal.conferences.models import Conference
        from portal.conferences.schedule.services import schedule

        self.number += 1
        pk = self.webinars[self.number % len(self.webinars)].pk
        webinar = Conference.objects.get(pk=pk)
        title = f"Saved{self.number}"
        self.platform.asked()
        begun = time.monotonic()
        schedule.reschedule(webinar, {"title": title}, by=None, version=webinar.version)
        arrived: list[float] = []
        wait(lambda: arrived.extend(self._arrivals(title)) or arrived)
        return arrived[0] - begun

    def direct(self) -> float:
        """The same for a call that is made at once, on a new connection."""
        self.platform.asked()
        begun = time.monotonic()
        requests.post(f"{self.platform.site}/clickmeeting/v1/direct", data={"a": "b"}, timeout=10)
        return float(self.platform.asked()[-1]["at"]) - begun

    def _arrivals(self, title: str) -> Iterator[float]:
        return (one["at"] for one in self.platform.asked() if title in one["body"])


def _while_syncing(account: Any, saver: _Saver) -> float:
    """A save while a complete sync is under way; one is begun where none is."""
    if not unfinished(account):
        sync_begun(account)
    saver.platform.asked()
    wait(lambda: unfinished(account) and saver.platform.asked())
    return saver.save()


def _while_news_come_in(account: Any, saver: _Saver, news: int) -> float:
    """A save just after the list with so many new registrations was asked for, the last one."""
    saver.platform.grow(account.platform, news)
    saver.lists += 1
    saver.platform.asked()
    sync_begun(account)
    read: list[str] = []

    def all_read() -> bool:
        asked = (one["target"] for one in saver.platform.asked())
        read.extend(one for one in asked if "/registrations/" in one)
        return len(read) >= saver.lists

    wait(all_read)
    seconds = saver.save()
    wait(lambda: not unfinished(account))
    return seconds


def _batch(account_id: int, webinar: Any, size: int) -> dict[str, Any]:
    """Register so many people here, and tell the platform of them in one go, in this process."""
    from portal.conferences.audience.services import registrations
    from portal.conferences.models import Attendee
    from portal.sync import engine

    people = Attendee.objects.bulk_create(
        Attendee(email=f"batch{number}@example.com", first_name="First", last_name="Last")
        for number in range(size)
    )
    registrations.register(webinar, people, by=None)
    with _sorted_statements() as found, counted() as statements:
        begun = time.perf_counter()
        done = engine.push_account(account_id)
        seconds = time.perf_counter() - begun
    return {
        "size": size,
        "seconds": seconds,
        "calls": done.calls,
        "statements": len(statements),
        "gate": found["gate"],
        "writes": sum(1 for one in statements if WRITES.match(one)),
        "problem": str(done.problem),
    }


@contextmanager
def _sorted_statements() -> Iterator[dict[str, int]]:
    """How many statements are those of the gate, which each request passes."""
    from django.db import connection

    found = {"gate": 0}

    def sort(execute: Any, sql: Any, params: Any, many: bool, context: Any) -> Any:
        names = (frame.f_code.co_name for frame, _ in traceback.walk_stack(None))
        found["gate"] += "_gate" in names
        return execute(sql, params, many, context)

    with connection.execute_wrapper(sort):
        yield found
