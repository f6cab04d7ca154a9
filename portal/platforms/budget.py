"""Requests are a budget per account, shared by all workers.

GCRA in one conditional UPDATE: `rate_tat` is the time at which the account would be even again.
A request may go while that lies less than a burst ahead. Background work keeps a fifth of the
burst free for what staff do now.
"""

import time
from datetime import timedelta

from django.db.models import F, Q
from django.db.models.functions import Greatest

from integrations.base.errors import RateLimited
from portal.common import clock
from portal.platforms import pace
from portal.platforms.models import PlatformAccount

LONGEST_PAUSE = 5.0  # seconds that a worker waits in place; beyond that the work is put back
KEPT_FOR_STAFF = 0.2


def take(account: PlatformAccount, *, for_staff: bool = False) -> None:
    """Take one request from the budget, waiting a little if needed.

    Raises RateLimited when the account is blocked, or when the wait would be too long.
    """
    waited = 0.0
    while (pause := _try(account, for_staff)) > 0:
        if waited + pause > LONGEST_PAUSE:
            raise RateLimited("The account's request budget is used up.", retry_after=pause)
        time.sleep(pause)
        waited += pause
    pace.went_through(account)


def block(account: PlatformAccount, retry_after: float | None) -> None:
    """Stop all workers of this account for as long as the platform asked (60 s if it did not)."""
    seconds = 60.0 if retry_after is None else retry_after
    until = clock.now() + timedelta(seconds=max(seconds, 1.0))
    PlatformAccount.objects.filter(pk=account.pk).update(blocked_until=until)


def used(account: PlatformAccount) -> float:
    """How much of the burst is taken at this moment, 0 to 1."""
    interval, burst = _pace(account)
    ahead = max(account.rate_tat - clock.now().timestamp(), 0.0)
    return min(ahead / (interval * burst), 1.0)


def per_minute(account: PlatformAccount) -> int:
    """The account's pace: its own setting or what its platform allows, less after a refusal."""
    return max(round(pace.per_minute(account)), 1)


def _pace(account: PlatformAccount) -> tuple[float, int]:
    now = pace.per_minute(account)
    return 60.0 / now, max(min(account.capabilities.burst, int(now // 2)), 1)


def _try(account: PlatformAccount, for_staff: bool) -> float:
    """Take one request; answers 0, or the seconds after which to try again.

    One statement where there is one to take. Raises RateLimited while the account is blocked.
    """
    interval, burst = _pace(account)
    ahead = interval * burst * (1.0 if for_staff else 1.0 - KEPT_FOR_STAFF)
    ahead = max(ahead, interval)
    now = clock.now()
    moment = now.timestamp()
    row = PlatformAccount.objects.filter(pk=account.pk)
    free = Q(blocked_until=None) | Q(blocked_until__lte=now)
    if row.filter(free, rate_tat__lte=moment + ahead - interval).update(
        rate_tat=Greatest(F("rate_tat"), moment) + interval
    ):
        return 0.0
    tat, until = row.values_list("rate_tat", "blocked_until").get()
    if until and until > now:
        seconds = (until - now).total_seconds()
        raise RateLimited(f"{account.platform_name} asked us to wait.", retry_after=seconds)
    return max(float(tat) - (moment + ahead - interval), 0.01)
