"""One worker per account, on SQLite and on PostgreSQL alike.

A lease is claimed by one conditional UPDATE and fenced by a counter: a worker that lost its lease
can commit nothing more. No transaction is held open over an HTTP call.
"""

import os
import socket
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q

from portal.common import clock
from portal.platforms.models import AccountRuntime

# Longer than the longest HTTP call (see integrations.base.http.TOTAL_SECONDS), so that a lease
# renewed just before a call is still ours when the call ends.
TTL = timedelta(seconds=settings.LEASE_SECONDS)
RENEW_AFTER = TTL / 3


class LeaseTaken(Exception):
    """Another worker is at work on this account."""


class LeaseLost(Exception):
    """Another worker has taken over; what was about to be written must not be."""


class Lease:
    """The right to act for an account, while `fence` is the account's newest."""

    def __init__(self, account_id: int, fence: int, passed: Callable[[], timedelta]) -> None:
        """`passed` tells how long ago it was taken, or a little longer."""
        self.account_id = account_id
        self.fence = fence
        self._passed = passed

    @contextmanager
    def commit(self) -> Iterator[None]:
        """A transaction that is rolled back with `LeaseLost` if the lease is no longer ours."""
        with transaction.atomic():
            self._extend()
            yield

    def renew(self, *, now: bool = False) -> None:
        """Make sure that the lease outlasts the longest call; raises `LeaseLost`.

        How much of it is left we know ourselves: the database is asked when it is to be renewed,
        or where somebody wants to know it `now`.
        """
        if now or self._passed() > RENEW_AFTER:
            self._extend()

    def _extend(self) -> None:
        # The database's time, counted on here since the lease was taken. Were that count late, the
        # lease would only end sooner: nobody else's has this fence.
        old = self._passed() > RENEW_AFTER
        passed, moment = clock.stopwatch(), clock.database_now() if old else clock.now()
        mine = AccountRuntime.objects.filter(pk=self.account_id, lease_fence=self.fence)
        if not mine.filter(lease_until__gt=moment).update(lease_until=moment + TTL):
            raise LeaseLost(f"account {self.account_id}: the lease was taken over")
        self._passed = passed


@contextmanager
def hold(account_id: int) -> Iterator[Lease]:
    """Hold an account's lease for the block; raises `LeaseTaken`."""
    lease = claim(account_id)
    try:
        yield lease
    except BaseException as error:
        # A crash leaves the lease to run out, as a killed process would.
        if isinstance(error, Exception):
            release(lease)
        raise
    release(lease)


def claim(account_id: int) -> Lease:
    """Take the lease in one statement; raises `LeaseTaken`."""
    passed, moment = clock.stopwatch(), clock.database_now()
    free = Q(lease_until__isnull=True) | Q(lease_until__lte=moment)
    claimed = AccountRuntime.objects.filter(free, pk=account_id).update(
        lease_owner=_me(), lease_until=moment + TTL, lease_fence=F("lease_fence") + 1
    )
    if not claimed:
        raise LeaseTaken(f"account {account_id} is being worked on")
    # Nobody can claim between the two statements: the lease is ours for TTL.
    fence = AccountRuntime.objects.values_list("lease_fence", flat=True).get(pk=account_id)
    return Lease(account_id, fence, passed)


def release(lease: Lease) -> None:
    """Give the lease back; nothing happens if it was taken over."""
    AccountRuntime.objects.filter(pk=lease.account_id, lease_fence=lease.fence).update(
        lease_until=None, lease_owner=""
    )


def _me() -> str:
    return f"{socket.gethostname()[:30]}:{os.getpid()}:{uuid.uuid4().hex[:8]}"
