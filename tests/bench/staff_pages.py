"""What each page of staff's costs over full tables, beside the administration's list of the same
rows; in a process of its own, see `pages`."""

import re
import time
from collections.abc import Callable
from typing import Any, NamedTuple

from tests.bench import filling
from tests.bench.places import cost, counted


class Asked(NamedTuple):
    """A page by its words, its address, the administration's address of the same rows, and what
    is sent where it is not only read."""

    words: str
    url: str
    beside: str
    sent: dict[str, str] | None = None


def run(
    *, webinars: int, people: int, registrations: int, times: int, fill: bool
) -> dict[str, Any]:
    """Fill, and measure every page: its words and figures; and the export."""
    begun = time.perf_counter()
    if fill:
        filling.fill(webinars, people, registrations)
    filled = time.perf_counter() - begun
    client = administrator()
    beside: dict[str, dict[str, Any]] = {}
    pages = []
    for one in asked(people):
        if one.beside not in beside:
            beside[one.beside] = measured(lambda url=one.beside: client.get(url), times)
        figures = measured(asking(client, one), times)
        pages.append({"words": one.words, **figures, "beside": beside[one.beside]})
    return {"filled": filled, "pages": pages, "export": _export(client)}


def administrator() -> Any:
    """A client of somebody who may see the administration too; in a kept database, somebody new."""
    from tests.factories import logged_in

    client = logged_in("Administrator")
    client.user.username = f"bench-{time.time_ns()}"
    client.user.is_staff = client.user.is_superuser = True
    client.user.save()
    return client


def asking(client: Any, one: Asked) -> Callable[[], Any]:
    if one.sent is None:
        return lambda: client.get(one.url)
    return lambda: client.post(one.url, one.sent, headers={"hx-request": "true"})


def asked(people: int) -> list[Asked]:
    """Every page that shows many rows, over the tables as `filling` fills them."""
    from django.urls import reverse

    from portal.conferences.models import Attendee, AttendeeGroup, Conference
    from portal.conferences.people.queries import PAGE
    from portal.platforms.models import PlatformAccount
    from portal.sync.models import SyncRun
    from tests.factories import staff_url

    def admin(name: str) -> str:
        return reverse(f"admin:{name}_changelist")

    group = AttendeeGroup.objects.order_by("pk")[0].pk
    # On the platform that offers the most beside each registration.
    richest = Conference.objects.filter(account__platform="trueconf")
    webinar = richest.order_by("-starts_at")[0].pk
    account = PlatformAccount.objects.order_by("pk")[0].pk
    person = Attendee.objects.order_by("pk")[people // 2].pk
    here, there = staff_url, admin
    webinars, everyone = here("conferences"), here("people")
    named, met = there("conferences_conference"), there("conferences_attendee")
    accounts, last = there("platforms_platformaccount"), max(people // PAGE, 1)
    typed, long_run = {"who": "last77"}, SyncRun.objects.exclude(steps=[]).latest("pk").pk
    registered = there("conferences_registration")
    return [
        Asked("home", here("home"), named),
        Asked("accounts", here("accounts"), accounts),
        Asked("one account", here("account", account), accounts),
        Asked("one sync", here("run", long_run), there("sync_syncrun")),
        Asked("webinars", f"{webinars}?range=all", named),
        Asked("webinars, failed ones", f"{webinars}?range=all&sync=failed", named),
        Asked("webinars, synced ones", f"{webinars}?range=all&sync=synced", named),
        Asked("webinars by people", f"{webinars}?range=all&sort=-people", named),
        Asked("calendar", here("calendar"), named),
        Asked("planner, week", f"{here('calendar')}?view=week", named),
        Asked("planner, accounts", f"{here('calendar')}?view=timeline", named),
        Asked("planner, speakers", f"{here('calendar')}?view=timeline&rows=speakers", named),
        Asked("planner, a day", f"{here('calendar')}?view=timeline&span=day", named),
        Asked("one webinar", here("conference", webinar), named),
        Asked("its people", here("conference-people", webinar), registered),
        Asked("its history", here("conference-history", webinar), there("conferences_change")),
        Asked("people", everyone, met),
        Asked("people by webinars", f"{everyone}?sort=-webinars", met),
        Asked("people, last page", f"{everyone}?page={last}", met),
        Asked("people, search", f"{everyone}?q=last77", f"{met}?q=last77"),
        Asked("one person", here("person", person), met),
        Asked("duplicates", here("people-merge"), met),
        Asked("groups", here("groups"), there("conferences_attendeegroup")),
        Asked("a group, search", f"{here('group', group)}?q=77", there("conferences_membership")),
        Asked("typeahead", here("invite", webinar), f"{met}?q=last77", typed),
        Asked("needs attention", here("attention"), there("outbox_outboxentry")),
    ]


def measured(ask: Callable[[], Any], times: int) -> dict[str, Any]:
    """Seconds in all, of SQL, and in which this process was at work; statements, kB and nodes: the
    quickest of so many times, without the first, for which templates are read (it counts where
    there is no other)."""
    found = []
    for _ in range(1 + times):
        with counted() as statements, timed_statements() as sql:
            begun, busy = time.perf_counter(), time.process_time()
            answer = ask()
            wall, busy = time.perf_counter() - begun, time.process_time() - busy
        if answer.status_code >= 400 and answer.status_code != 422:
            raise RuntimeError(f"{answer.request['PATH_INFO']} answered with {answer.status_code}")
        figures = {"wall": wall, "sql": sql[0], "cpu": busy, "statements": len(statements)}
        found.append(figures | {"kb": len(answer.content) / 1e3, "nodes": nodes(answer.content)})
    return min(found[1:] or found, key=lambda one: one["wall"])


def nodes(content: bytes) -> int:
    """How many elements a page has."""
    return len(re.findall(rb"<[a-z]", content))


class timed_statements:
    """How many seconds the database took, as the first of a list."""

    def __enter__(self) -> list[float]:
        from django.db import connection

        self.seconds = [0.0]
        self.wrapper = connection.execute_wrapper(self._time)
        self.wrapper.__enter__()
        return self.seconds

    def __exit__(self, *about: Any) -> None:
        self.wrapper.__exit__(*about)

    def _time(self, execute: Any, sql: Any, params: Any, many: bool, context: Any) -> Any:
        begun = time.perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            self.seconds[0] += time.perf_counter() - begun


def _export(client: Any) -> dict[str, Any]:
    """people.csv, read as a web server sends it: piece by piece, and not kept."""
    from tests.factories import staff_url

    def read() -> int:
        answer = client.get(staff_url("people-export"))
        pieces = answer.streaming_content if answer.streaming else [answer.content]
        return sum(piece.count(b"\n") for piece in pieces) - 1

    return cost(read, lambda lines: {"lines": lines})
