"""An account's access tokens: encrypted in its runtime row, renewed by one worker at a time."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any, TypeVar

from django.db.models import Q

from integrations.base.errors import PlatformUnavailable
from integrations.base.texts import say
from integrations.base.tokens import Tokens
from portal.common import clock
from portal.common.fields import UNREADABLE, is_unreadable
from portal.platforms.models import AccountRuntime

# Longer than the longest HTTP call, so that nobody else renews while an answer is under way.
LOCKED_FOR = timedelta(seconds=90)
PATIENCE, PAUSE = 20.0, 0.1  # seconds
KEPT_FOR = 1.0  # seconds
T = TypeVar("T")


class AccountTokens:
    """The store that rooms are given. It reads the row anew, for another worker may have renewed;
    but of a job that asks many times a second not for each request: a token that was replaced in
    that second is refused, and read again under the lock."""

    def __init__(self, account_id: int, platform: str) -> None:
        self._rows = AccountRuntime.objects.filter(pk=account_id)
        self._platform = platform
        self._kept: dict[str, Any] = {}
        self._kept_until = 0.0

    def read(self) -> dict[str, Any]:
        """What is stored now, or was a second ago."""
        if time.monotonic() < self._kept_until:
            return self._kept
        row = self._rows.only("tokens").first()
        stored: dict[str, Any] = row.tokens if row is not None else {}
        if is_unreadable(stored):
            raise PlatformUnavailable(UNREADABLE, platform=self._platform)
        self._kept, self._kept_until = stored or {}, time.monotonic() + KEPT_FOR
        return self._kept

    def write(self, tokens: Tokens) -> None:
        """Replace what is stored, at once and whatever becomes of the job."""
        self._rows.update(tokens=dict(tokens))
        self._kept_until = 0.0

    @contextmanager
    def locked(self) -> Iterator[None]:
        """One worker at a time; a lock whose worker died runs out by itself."""
        until = self._claim()
        self._kept_until = 0.0
        try:
            yield
        finally:
            self._rows.filter(token_lock_until=until).update(token_lock_until=None)

    def do(self, act: Callable[[], T]) -> T:
        """By the thread that asks: its connection to the database is as good as any other."""
        return act()

    def _claim(self) -> Any:
        deadline = time.monotonic() + PATIENCE
        while True:
            moment = clock.database_now()
            free = Q(token_lock_until__isnull=True) | Q(token_lock_until__lte=moment)
            if self._rows.filter(free).update(token_lock_until=moment + LOCKED_FOR):
                return moment + LOCKED_FOR
            if time.monotonic() > deadline:
                said = say("Another worker is logging in to %(platform)s.", platform=self._platform)
                raise PlatformUnavailable(said, platform=self._platform)
            time.sleep(PAUSE)
