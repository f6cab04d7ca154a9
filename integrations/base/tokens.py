"""Tokens of an account: kept by the portal, renewed by one worker at a time, stored before use.

A refresh token may be spent by its use, so a new pair is written down before anything is done
with it, and whoever waited for the lock reads again instead of renewing a second time.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime, timedelta
from threading import Lock
from typing import Any, Protocol, TypeVar

# A token is renewed this long before its end, so that it does not run out under way.
MARGIN = timedelta(seconds=60)
EXPIRES_AT = "expires_at"

Tokens = Mapping[str, Any]
T = TypeVar("T")


class TokenStore(Protocol):
    """Where an account's tokens are kept; the portal encrypts them at rest."""

    def read(self) -> dict[str, Any]:
        """What is stored now, an empty mapping where nothing is."""

    def write(self, tokens: Tokens) -> None:
        """Replace what is stored, durably, before it returns."""

    def locked(self) -> AbstractContextManager[None]:
        """One worker at a time. Raises PlatformUnavailable where another holds it too long."""

    def do(self, act: Callable[[], T]) -> T:
        """Have something done by the thread that may use the store; the others are used in it."""


class MemoryTokens:
    """A store that lives as long as its process: for tests and one-off connections."""

    def __init__(self, tokens: Tokens | None = None) -> None:
        self._tokens = dict(tokens or {})
        self._lock = Lock()

    def read(self) -> dict[str, Any]:
        """What is stored now."""
        return dict(self._tokens)

    def write(self, tokens: Tokens) -> None:
        """Replace what is stored."""
        self._tokens = dict(tokens)

    @contextmanager
    def locked(self) -> Iterator[None]:
        """One thread at a time."""
        with self._lock:
            yield

    def do(self, act: Callable[[], T]) -> T:
        """Any thread may."""
        return act()


class TokenKeeper:
    """Hands out an access token that is still good.

    `renew` is given what is stored and answers what to store: `access_token`, `expires_at`
    (see `expiry`; absent: it does not expire), and whatever the next renewal needs. It may raise
    any error of `integrations.base.errors`; nothing is stored then.
    """

    def __init__(self, store: TokenStore, renew: Callable[[dict[str, Any]], Tokens]) -> None:
        self._store = store
        self._renew = renew

    def token(self) -> str:
        """The access token, renewed where it is missing or about to end."""
        return self._store.do(self._token)

    def replace(self, refused: str) -> str:
        """Another token than the `refused` one; renewed once, whoever asks first."""
        return self._store.do(lambda: self._replace(refused))

    def _token(self) -> str:
        stored = self._store.read()
        return str(stored["access_token"]) if _good(stored) else self._replace("")

    def _replace(self, refused: str) -> str:
        with self._store.locked():
            stored = self._store.read()
            if not _good(stored) or stored["access_token"] == refused:
                self._store.write(self._renew(stored))
                stored = self._store.read()
        return str(stored["access_token"])


def expiry(seconds: float | None, now: datetime | None = None) -> str | None:
    """When a token that lasts so many seconds ends, as ISO 8601 in UTC; None: it does not say."""
    if seconds is None:
        return None
    return ((now or datetime.now(UTC)) + timedelta(seconds=seconds)).isoformat()


def _good(stored: Tokens) -> bool:
    if not stored.get("access_token"):
        return False
    end = stored.get(EXPIRES_AT)
    return end is None or datetime.fromisoformat(end) - MARGIN > datetime.now(UTC)
