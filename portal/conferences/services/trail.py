"""Many lines of history in a few statements, for what is done to hundreds at once."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Any, NamedTuple, TypeVar

from portal.common import clock
from portal.conferences.models import Change

T = TypeVar("T")
BATCH = 1000
SLICE = 500  # values within one "IN (...)": below every database's limit


class Line(NamedTuple):
    """One row's part: its id, and the changed fields before and after."""

    local_id: int
    before: Mapping[str, Any] = {}
    after: Mapping[str, Any] = {}


def record_many(
    action: str,
    kind: str,
    lines: Iterable[Line],
    *,
    actor: Any,
    sentence: str,
    conference_id: int | None = None,
) -> None:
    """Keep who did `action` to each row; the same sentence stands in all of them."""
    moment = clock.now()
    Change.objects.bulk_create(
        (
            Change(
                at=moment,
                action=action,
                kind=kind,
                local_id=line.local_id,
                actor=actor,
                sentence=sentence[:600],
                conference_id=conference_id,
                before=dict(line.before),
                after=dict(line.after),
            )
            for line in lines
        ),
        batch_size=BATCH,
    )


def slices(values: Iterable[T], size: int = SLICE) -> Iterator[list[T]]:
    """The values in lists short enough for one query."""
    source = iter(values)
    while some := list(islice(source, size)):
        yield some
