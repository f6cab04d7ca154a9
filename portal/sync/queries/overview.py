"""The accounts as staff see them: health, last and next sync, what is mirrored, what waits."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from integrations.base.records import SPECS, Kind
from portal.common import clock
from portal.common.texts import shown
from portal.outbox import queries as outbox
from portal.platforms import queries as platforms
from portal.platforms.models import PlatformAccount
from portal.sync.kinds import KINDS
from portal.sync.models import SyncRun
from portal.sync.queries.attention import attention_counts
from portal.sync.queries.states import all_accounts


@dataclass(frozen=True, slots=True)
class AccountView:
    """One account and how it is. `mirrored`: (noun, number) of records; `wants` counts what waits
    for a person."""

    account: PlatformAccount
    health: platforms.Health
    budget: platforms.Budget
    mirrored: list[tuple[str, int]]
    wants: int

    @property
    def next_sync_at(self) -> datetime | None:
        """When the next sync is due, or the account is no longer left alone; None where it only
        waits for a worker."""
        one = self.account.runtime
        found = [at for at in (one.next_sync_at, one.open_until, one.blocked_until) if at]
        return max((at for at in found if at > clock.now()), default=None)

    @property
    def due(self) -> bool:
        """Whether the next sync is less than a minute away."""
        at = self.next_sync_at
        return at is not None and at - clock.now() < timedelta(minutes=1)

    @property
    def fresh(self) -> bool:
        """Whether what is shown of it was checked lately."""
        return not platforms.doubt(self.account)

    @property
    def no_sync(self) -> str:
        """Why a sync cannot be asked for now; empty where it can."""
        if self.account.active:
            return ""
        return _("It is paused.") if self.account.paused else _("Its credentials are refused.")

    @property
    def working(self) -> bool:
        """Whether a worker is at it now."""
        until = self.account.runtime.lease_until
        return until is not None and until > clock.now()


def account_views(
    accounts: Iterable[PlatformAccount] | None = None,
    asked: Counter[tuple[str, int]] | None = None,
) -> list[AccountView]:
    """The accounts and how each is, in a fixed number of queries; `asked` are `attention_counts`,
    where somebody has read them already."""
    rows = list(all_accounts() if accounts is None else accounts)
    asked = attention_counts() if asked is None else asked
    wants: Counter[int] = Counter()
    for (_sort, account_id), number in asked.items():
        wants[account_id] += number
    return [
        AccountView(
            row,
            platforms.health(row, held=bool(asked["held", row.pk])),
            platforms.request_budget(row),
            _named(row.runtime.mirrored),
            wants=wants[row.pk],
        )
        for row in rows
    ]


def waiting(accounts: Iterable[PlatformAccount]) -> Counter[int]:
    """Account -> how many entries are still to be sent."""
    return outbox.under_way(account.pk for account in accounts)


def runs(account: PlatformAccount) -> QuerySet[SyncRun]:
    """The account's runs, newest first; the steps are read where a run is opened."""
    return SyncRun.objects.filter(account=account).select_related("account__runtime").defer("steps")


def usual_calls(account: PlatformAccount) -> int | None:
    """How many requests the last complete sync took; None where there was none."""
    syncs = (
        SyncRun.objects.exclude(trigger=SyncRun.DRY_RUN)
        .exclude(finished_at=None)
        .filter(account=account, full=True)
    )
    return syncs.order_by("-id").values_list("calls", flat=True).first()


def _named(numbers: dict[str, int]) -> list[tuple[str, int]]:
    known = sorted(numbers.keys() & KINDS.keys(), key=lambda kind: KINDS[kind].place)
    return [(shown(SPECS[Kind(kind)].plural), numbers[kind]) for kind in known]
