"""What an answer that makes no sense says about the change that was asked for."""

from collections.abc import Iterator
from contextlib import contextmanager

from integrations.base.errors import OutcomeUnknown, UnexpectedAnswer, restated
from integrations.base.evidence import report
from integrations.base.http import Http


@contextmanager
def once_sent(*clients: Http) -> Iterator[None]:
    """Around a change and the reading of its answer: UnexpectedAnswer becomes OutcomeUnknown.

    An answer to a change that makes no sense does not say that nothing was done. Where nothing
    but reads had been answered by then, nothing was.
    """
    before = [client.changes for client in clients]
    try:
        yield
    except UnexpectedAnswer as error:
        if before == [client.changes for client in clients]:
            raise
        report(error)
        raise restated(error, OutcomeUnknown) from None
