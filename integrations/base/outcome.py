"""What an answer that makes no sense says about the change that was asked for."""

from collections.abc import Iterator
from contextlib import contextmanager

from integrations.base.errors import OutcomeUnknown, UnexpectedAnswer


@contextmanager
def once_sent(changing: bool = True) -> Iterator[None]:
    """An answer to a change that makes no sense does not say that nothing was done."""
    try:
        yield
    except UnexpectedAnswer as error:
        if not changing:
            raise
        raise OutcomeUnknown(
            error.message,
            platform=error.platform,
            operation=error.operation,
            status=error.status,
            excerpt=error.excerpt,
        ) from None
