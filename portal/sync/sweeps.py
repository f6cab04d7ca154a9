"""Read one complete listing, and say whether it may be believed."""

import hashlib
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from integrations.base.adapter import Adapter
from integrations.base.errors import RecordNotFound, UnexpectedAnswer
from integrations.base.records import Kind, Page, Record
from portal.common import clock


@dataclass(slots=True)
class Sweep:
    """What a listing showed. Only an accepted one proves that something is absent.

    `asked` has a stopwatch for each record, started before its page was asked for. Where the
    platform does not know what the listing belongs to, `orphaned` says so.
    """

    kind: Kind
    started_at: datetime
    records: dict[str, Record] = field(default_factory=dict)
    asked: dict[str, Callable[[], timedelta]] = field(default_factory=dict)
    why_not: str = ""
    orphaned: bool = False

    @property
    def accepted(self) -> bool:
        return not self.why_not


def read(adapter: Adapter, kind: Kind, parent_id: str | None = None) -> Sweep:
    """List a kind, once more if rows moved between the pages.

    Raises what means that the whole account cannot be asked now: PlatformUnavailable, RateLimited
    or CredentialsRejected.
    """
    sweep = _read_once(adapter, kind, parent_id)
    if sweep.why_not == _MOVED:
        sweep = _read_once(adapter, kind, parent_id)
    return sweep


_MOVED = "rows moved while the pages were read"


def _read_once(adapter: Adapter, kind: Kind, parent_id: str | None) -> Sweep:
    sweep = Sweep(kind, clock.now())
    try:
        _collect(sweep, adapter.sweep(kind, parent_id))
    except UnexpectedAnswer as error:
        sweep.why_not = error.message
    except RecordNotFound:
        # An unknown parent says nothing about its children.
        sweep.why_not, sweep.orphaned = "the platform does not know what it belongs to", True
    return sweep


def _collect(sweep: Sweep, pages: Iterable[Page]) -> None:
    totals: set[int] = set()
    seen, passed = 0, clock.stopwatch()
    for page in pages:
        if page.total is not None:
            totals.add(page.total)
        for record in page.records:
            seen += 1
            if record.external_id is None or record.external_id in sweep.records:
                sweep.why_not = _MOVED
            else:
                sweep.records[record.external_id] = record
                sweep.asked[record.external_id] = passed
        passed = clock.stopwatch()
    if len(totals) > 1 or (totals and totals != {seen}):
        sweep.why_not = _MOVED


def digest(record: Record) -> str:
    """A short fingerprint of what a listing shows of a record."""
    text = json.dumps([dict(record.fields), dict(record.facts)], sort_keys=True, default=str)
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()
