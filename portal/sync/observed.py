"""What one run has seen of the platform's records, and how long ago."""

from collections.abc import Callable
from datetime import timedelta

from integrations.base.records import Kind, Record
from portal.sync import compare

Passed = Callable[[], timedelta]


class Observed:
    """Records as they were shown, each with a stopwatch that was started before it was asked for.

    What was seen long ago is not seen: others go on working there while a sync runs.
    """

    def __init__(self) -> None:
        self._seen: dict[tuple[Kind, str], tuple[Record, Passed]] = {}

    def note(self, record: Record, passed: Passed) -> None:
        """Remember a whole record; of a partial one too little is known to act on it."""
        if not record.partial and record.external_id is not None:
            self._seen[record.kind, record.external_id] = (record, passed)

    def take(self, kind: Kind, external_id: str, *, gettable: bool) -> Record | None:
        """The record, if it was seen so lately that it may be acted on. It serves once."""
        record, passed = self._seen.pop((kind, external_id), (None, None))
        if record is None or passed is None:
            return None
        lately = compare.seen_lately(passed().total_seconds(), gettable=gettable)
        return record if lately else None

    def take_any(self, kind: Kind, external_id: str) -> Record | None:
        """The record, however long the listing took that was read for its sake."""
        return self._seen.pop((kind, external_id), (None, None))[0]

    def __contains__(self, key: tuple[Kind, str | None]) -> bool:
        return key in self._seen
