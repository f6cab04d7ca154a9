"""What an answer looked like that could not be believed: kept with the error, and logged once.

An answer is often found to make no sense long after the request, by whoever reads it. So the last
answer of each thread is remembered until the next request, and an error without evidence of its
own is given that answer's operation, status and redacted excerpt.
"""

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

from integrations.base.errors import UnexpectedAnswer

LOG = logging.getLogger("lectern.requests")
# Makes the details of an error (see `Http.details`); they are wanted of few answers.
Details = Callable[[], dict[str, Any]]


@dataclass(slots=True)
class Asked:
    """A request as it is logged: whose it was, what it asked for and how it went so far."""

    account: str
    platform: str
    operation: str
    method: str
    attempt: int
    effect: str
    status: int | None = None
    ms: int | None = None
    began: float = field(default_factory=time.monotonic)

    def end(self) -> None:
        """It is over: how long it took."""
        self.ms = round((time.monotonic() - self.began) * 1000)

    def fields(self) -> dict[str, Any]:
        """What a log record holds of it."""
        return {
            "account": self.account,
            "platform": self.platform,
            "operation": self.operation,
            "method": self.method,
            "status": self.status,
            "ms": self.ms,
            "attempt": self.attempt,
            "effect": self.effect,
        }


_last: ContextVar[tuple[Details | None, Asked | None]] = ContextVar(
    "last_answer", default=(None, None)
)


def remember(details: Details | None, asked: Asked) -> None:
    """Keep a request, and the way to the details of its answer; None: there is none (yet)."""
    _last.set((details, asked))


def reporter() -> Callable[[UnexpectedAnswer], None]:
    """What reports an error about the last answer, however much later it is found."""
    kept = _last.get()
    return lambda error: report(error, kept=kept)


def report(
    error: UnexpectedAnswer,
    asked: Asked | None = None,
    kept: tuple[Details | None, Asked | None] | None = None,
) -> None:
    """Complete an error with what is remembered of the answer, and warn of it once. `asked` is the
    request it belongs to, where that is known to be another than the last; `kept` is what was
    remembered when its answer was the last."""
    if error.reported:
        return
    error.reported = True
    details, last = kept or _last.get()
    if details is not None and error.status is None and not error.excerpt:
        found = details()
        error.status, error.excerpt = found["status"], found["excerpt"]
        error.operation = found["operation"]
    known = _known(error, asked or last)
    account = f", {known['account']}" if known.get("account") else ""
    LOG.warning(
        "%s%s: an answer to %s (status %s) is not as documented: %s It began with: %s",
        error.platform,
        account,
        error.operation or "a request",
        error.status or "unknown",
        error.message,
        error.excerpt or "nothing",
        extra=known
        | {
            "platform": error.platform,
            "operation": error.operation,
            "status": error.status,
            "excerpt": error.excerpt,
        },
    )


def _known(error: UnexpectedAnswer, asked: Asked | None) -> dict[str, Any]:
    """What is known of the request that an error belongs to: all of it where both name the same
    operation; the account alone where something else was asked for since."""
    if asked is None or error.platform not in ("", asked.platform):
        return {}
    if error.operation not in ("", asked.operation):
        return {"account": asked.account}
    if asked.ms is None:
        asked.end()
    return asked.fields()


@contextmanager
def reported() -> Iterator[None]:
    """Around whatever reads an answer: its UnexpectedAnswer is completed and logged."""
    try:
        yield
    except UnexpectedAnswer as error:
        report(error)
        raise
