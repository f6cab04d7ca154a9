"""Requests are a budget per account, shared by all workers.

GCRA in one conditional UPDATE: `rate_tat` is the time at which the account would be even again.
A request may go while that lies less than a burst ahead. Background work keeps a fifth of the
burst free for what staff do now. The time is the database's (see `clock`).
"""

import time
from collections.abc import Callable
from datetime import timedelta

from django.db.models import Case, F, Q, Value, When
from django.db.models.functions import Greatest

from integrations.base.errors import RateLimited
from integrations.base.texts import say
from portal.common import clock
from portal.platforms import pace
from portal.platforms.models import AccountRuntime, PlatformAccount

LONGEST_PAUSE = 5.0  # seconds that a worker waits in place; beyond that the work is put back
KEPT_FOR_STAFF = 0.2
SLACK = 1.0  # seconds that two processes may disagree about the time
MOMENT = 0.5  # seconds whose requests one run may take at once
QUICK = 0.1  # seconds between two requests: where they lie further apart, each is taken for itself


class NotNow(RateLimited):
    """Nothing was sent: our own pace holds it back, or a pause that the platform asked for before.

    It asks the platform's side for nothing new, so nothing is to be written down about it.
    """


class Share:
    """What one run takes from the budget: on an account of many requests a second, those of the
    next moment in one statement. What is not used by then is lost, never used later."""

    def __init__(self, account: PlatformAccount) -> None:
        self.account = account
        self.waits = False  # whether the last request had to wait for its turn
        self._left = 0
        self._passed = clock.stopwatch()
        self._since_refused: Callable[[], timedelta] | None = None

    def take(self, *, for_staff: bool = False) -> None:
        """Take one request, waiting a little if needed. Raises NotNow (see `take`). A pause that
        this run itself was asked for ends what it had taken."""
        in_time = self._passed().total_seconds() < MOMENT
        if self._left > 0 and in_time and not blocked(self.account):
            self._left -= 1
            return
        self._left, self._passed = 0, clock.stopwatch()
        self.waits = False
        if (some := self._some()) > 1:
            if _try(self.account, for_staff, some) == 0:
                self._left = some - 1
                return
            self._since_refused = clock.stopwatch()
        self.waits = take(self.account, for_staff=for_staff) > 0

    def _some(self) -> int:
        """How many go at once: one by one where the platform has asked us to slow down, and for a
        moment after so many were not to be had."""
        if self.account.runtime.pace is not None:
            return 1
        if self._since_refused is not None and self._since_refused().total_seconds() < MOMENT:
            return 1
        interval, burst = _pace(self.account)
        return min(int(MOMENT / interval), burst // 2) if interval < QUICK else 1


def take(account: PlatformAccount, *, for_staff: bool = False) -> float:
    """Take one request from the budget, waiting a little if needed; answers for how long.

    Raises NotNow when the account is blocked, or when the wait would be too long.
    """
    waited = 0.0
    while (pause := _try(account, for_staff)) > 0:
        if waited + pause > LONGEST_PAUSE:
            raise NotNow(
                say(
                    "As many requests as we allow ourselves were sent: the rest goes on in a "
                    "moment."
                ),
                retry_after=pause,
            )
        time.sleep(pause)
        waited += pause
    pace.went_through(account)
    return waited


def block(account: PlatformAccount, retry_after: float | None) -> None:
    """Stop all workers of this account for as long as the platform asked (60 s if it did not).

    This is a fact about the account, whoever learned it: it needs no lease, and the longest pause
    that was asked for counts.
    """
    seconds = 60.0 if retry_after is None else retry_after
    until = clock.now() + timedelta(seconds=max(seconds, 1.0))
    shorter = Q(blocked_until=None) | Q(blocked_until__lt=until)
    AccountRuntime.objects.filter(shorter, pk=account.pk).update(blocked_until=until)
    known = account.runtime.blocked_until
    account.runtime.blocked_until = until if known is None else max(known, until)


def blocked(account: PlatformAccount) -> bool:
    """Whether the platform has asked for a pause that is not over."""
    until = account.runtime.blocked_until
    return until is not None and until > clock.now()


def used(account: PlatformAccount) -> float:
    """How much of the burst is taken at this moment, 0 to 1."""
    interval, burst = _pace(account)
    ahead = max(account.runtime.rate_tat - clock.now().timestamp(), 0.0)
    return min(ahead / (interval * burst), 1.0)


def per_minute(account: PlatformAccount) -> int:
    """The account's pace: its own setting or what its platform allows, less after a refusal."""
    return max(round(pace.per_minute(account)), 1)


def _pace(account: PlatformAccount) -> tuple[float, int]:
    now, usual = pace.per_minute(account), account.capabilities
    # Who is allowed so many times the usual requests a minute is allowed as many times at once.
    times = max(now / usual.requests_per_minute, 1.0)
    return 60.0 / now, max(min(int(usual.burst * times), int(now // 2)), 1)


def _try(account: PlatformAccount, for_staff: bool, count: int = 1) -> float:
    """Take so many requests; answers 0, or the seconds after which to try again.

    One statement where there is one to take. Raises NotNow while the account is blocked.
    """
    interval, burst = _pace(account)
    full = interval * burst
    ahead = max(full * (1.0 if for_staff else 1.0 - KEPT_FOR_STAFF), interval)
    now = clock.now()
    moment = now.timestamp()
    row = AccountRuntime.objects.filter(pk=account.pk)
    free = Q(blocked_until=None) | Q(blocked_until__lte=now)
    # Further ahead than its own burst no bucket can be: a clock was wrong, or the pace was another.
    # It counts as one that is just even with its burst, so that one may go and the pace is kept.
    absurd = Q(rate_tat__gt=moment + max(full, interval) + SLACK)
    tat = Case(
        When(absurd, then=Value(moment + ahead - interval)), default=Greatest(F("rate_tat"), moment)
    )
    room = Q(rate_tat__lte=moment + ahead - interval * count)
    if row.filter(free, room | absurd).update(rate_tat=tat + interval * count):
        return 0.0
    even, until = row.values_list("rate_tat", "blocked_until").get()
    if until and until > now:
        seconds = (until - now).total_seconds()
        said = say("%(platform)s asked us to wait.", platform=account.platform_name)
        raise NotNow(said, retry_after=seconds)
    return max(float(even) - (moment + ahead - interval), 0.01)
