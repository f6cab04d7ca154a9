"""The accounts as staff see them: health, last and next sync, what is mirrored, what waits."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, OuterRef, QuerySet, Subquery

from portal.common import clock
from portal.outbox import queries as outbox
from portal.outbox.models import OutboxEntry
from portal.platforms import queries as platforms
from portal.platforms.models import PlatformAccount
from portal.sync.models import PlatformLink, SyncRun
from portal.sync.queries.attention import holds

State = OutboxEntry.State


@dataclass(frozen=True, slots=True)
class AccountView:
    """One account with all that its card shows. `mirrored`: (noun, number) of records in step."""

    account: PlatformAccount
    health: platforms.Health
    budget: platforms.Budget
    mirrored: list[tuple[str, int]]
    last_run: SyncRun | None
    waiting: int
    stuck: int
    held: int

    @property
    def wants(self) -> int:
        """How many things here wait for a person."""
        return self.stuck + self.held

    @property
    def no_sync(self) -> str:
        """Why a sync cannot be asked for now; empty where it can."""
        if self.account.active:
            return ""
        return "It is paused." if self.account.paused else "Its credentials are refused."

    @property
    def working(self) -> bool:
        """Whether a worker is at it now."""
        until = self.account.lease_until
        return until is not None and until > clock.now()


def account_views(accounts: Sequence[PlatformAccount] | None = None) -> list[AccountView]:
    """The accounts, each with its card, in a fixed number of queries."""
    rows = list(PlatformAccount.objects.all()) if accounts is None else list(accounts)
    ids = [row.pk for row in rows]
    entries, mirrored, last = outbox.counts(ids), _mirrored(ids), _last_runs(ids)
    held = dict(holds().order_by().values_list("account_id").annotate(Count("id")))
    return [
        _view(row, entries.get(row.pk, {}), mirrored.get(row.pk, {}), last.get(row.pk), held)
        for row in rows
    ]


def runs(account: PlatformAccount) -> QuerySet[SyncRun]:
    """The account's runs, newest first; the steps are read where a run is opened."""
    return SyncRun.objects.filter(account=account).defer("steps")


def _view(
    row: PlatformAccount,
    entries: dict[str, int],
    mirrored: dict[str, int],
    last: SyncRun | None,
    held: dict[int, int],
) -> AccountView:
    number = held.get(row.pk, 0)
    return AccountView(
        row,
        platforms.health(row, held=bool(number)),
        platforms.request_budget(row),
        [(noun, mirrored[kind]) for kind, noun in platforms.NOUNS.items() if kind in mirrored],
        last,
        waiting=entries.get(State.WAITING, 0) + entries.get(State.WORKING, 0),
        stuck=entries.get(State.FAILED, 0) + entries.get(State.UNKNOWN, 0),
        held=number,
    )


def _mirrored(ids: list[int]) -> dict[int, dict[str, int]]:
    links = PlatformLink.objects.filter(
        account__in=ids, state=PlatformLink.State.LIVE, external_id__isnull=False
    )
    found: dict[int, dict[str, int]] = {}
    for account, kind, number in (
        links.order_by().values_list("account_id", "kind").annotate(number=Count("id"))
    ):
        found.setdefault(account, {})[kind] = number
    return found


def _last_runs(ids: list[int]) -> dict[int, SyncRun]:
    newest = SyncRun.objects.filter(account=OuterRef("pk")).order_by("-id").values("pk")[:1]
    accounts: Any = PlatformAccount.objects.filter(pk__in=ids).annotate(newest=Subquery(newest))
    wanted = [pk for pk in accounts.order_by().values_list("newest", flat=True) if pk]
    rows = SyncRun.objects.filter(pk__in=wanted).defer("steps")
    return {run.account_id: run for run in rows}
