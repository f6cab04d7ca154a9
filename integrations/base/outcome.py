"""What an answer that makes no sense says about the change that was asked for."""

from collections.abc import Iterator
from contextlib import contextmanager

from integrations.base.errors import OutcomeUnknown, UnexpectedAnswer
from integrations.base.http import Http


@contextmanager
def once_sent(*lines: Http) -> Iterator[None]:
    """Around a change and the reading of its answer: UnexpectedAnswer becomes OutcomeUnknown.

    An answer to a change that makes no sense does not say that nothing was done. Where nothing
    but reads had been answered by then, nothing was.
    """
    before = [line.changes for line in lines]
    try:
        yield
    except UnexpectedAnswer as error:
        if before == [line.changes for line in lines]:
            raise
        raise OutcomeUnknown(
            error.message,
            platform=error.platform,
            operation=error.operation,
            status=error.status,
            excerpt=error.excerpt,
        ) from None
