"""What an answer looked like that could not be believed: kept with the error, and logged once.

An answer is often found to make no sense long after the request, by whoever reads it. So the last
answer of each thread is remembered until the next request, and an error without evidence of its
own is given that answer's operation, status and redacted excerpt.
"""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from integrations.base.errors import UnexpectedAnswer

LOG = logging.getLogger("lectern.requests")
# Makes the details of an error (see `Http.details`); they are wanted of few answers.
Details = Callable[[], dict[str, Any]]
_last: ContextVar[Details | None] = ContextVar("last_answer", default=None)


def remember(details: Details | None) -> None:
    """Keep the way to the details of an answer that just came; None: there is none (yet)."""
    _last.set(details)


def report(error: UnexpectedAnswer) -> None:
    """Complete an error with what is remembered of the answer, and warn of it once."""
    if error.reported:
        return
    error.reported = True
    details = _last.get()
    if details is not None and error.status is None and not error.excerpt:
        found = details()
        error.status, error.excerpt = found["status"], found["excerpt"]
        error.operation = found["operation"]
    LOG.warning(
        "%s: an answer to %s (status %s) is not as documented: %s It began with: %s",
        error.platform,
        error.operation or "a request",
        error.status or "unknown",
        error.message,
        error.excerpt or "nothing",
        extra={
            "platform": error.platform,
            "operation": error.operation,
            "status": error.status,
            "excerpt": error.excerpt,
        },
    )


@contextmanager
def reported() -> Iterator[None]:
    """Around whatever reads an answer: its UnexpectedAnswer is completed and logged."""
    try:
        yield
    except UnexpectedAnswer as error:
        report(error)
        raise
