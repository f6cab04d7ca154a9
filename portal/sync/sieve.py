"""Of what a listing shows, what is as it was passes, and what is new is taken up as it comes.

A listing may be of a hundred thousand records: only those that ask for more care are kept until
its end, when it is known what it lacks.
"""

from collections.abc import Iterable
from typing import Any

from integrations.base.records import Page, Record
from portal.common import bulk
from portal.common.batches import slices
from portal.sync import compare, digests, imports
from portal.sync.context import Passed, SyncContext
from portal.sync.inbound import Import, called
from portal.sync.known import Known, LeanLink
from portal.sync.models import PlatformLink
from portal.sync.scope import Scope

FEW = 25


class Sieve:
    """For one reading of one listing. `shown` are the links whose records it has shown."""

    def __init__(self, context: SyncContext, scope: Scope, known: Known) -> None:
        self.context = context
        self.scope = scope
        self.known = known
        self.shown: set[int] = set()
        self.kept: set[int] = set()
        self.met: set[int] = set()  # rows of ours that an unknown record can only be
        self.live = 0
        self.new: list[Record] = []
        self.met_anew: list[tuple[LeanLink, str]] = []  # with the digest of its row now
        self._by_key: dict[Any, int] | None = None

    def keeps(self, record: Record, passed: Passed) -> bool:
        """Whether a record is needed at the listing's end. `passed`: since it was asked for."""
        link = self.known.links.get(record.external_id or "")
        if link is None:
            return not self._takes_up(record)
        asks = not self.known.is_as(link, record)
        if link.pk not in self.shown:
            self.shown.add(link.pk)
            self.live += link.live and not (asks and self.scope.mirror.keyless(record))
        if asks:
            self.kept.add(link.pk)
        elif link.local_id in self.known.waiting:  # it is about to be acted on
            self.context.observed.note(record, passed)
        elif record.digest:
            self.met_anew.append((link, digests.code() + record.digest))
        return asks

    def keep_digests(self) -> None:
        """Have what was decoded, and is as it was, be known by its row from now on. Where a
        platform writes most of its rows anew each time, that is left: it would help nothing."""
        again = [link for link, _ in self.met_anew if digests.is_of_now(link.row_digest)]
        if not self.met_anew or self.context.dry_run or len(again) > max(FEW, self.known.live // 4):
            return
        with self.context.lease.commit():
            bulk.exchange(
                PlatformLink,
                "row_digest",
                [(link.pk, link.row_digest, digest) for link, digest in self.met_anew],
            )

    def rest_of(self, page: Page) -> tuple[list[str], list[Record]]:
        """The ids of the records that are known by their rows and ask for nothing, and the other
        records, decoded."""
        ids, rest = [], []
        now = digests.code()
        for number, digest in enumerate(page.digests):
            link = self.known.same.get(now + digest)
            # The record is needed of what is about to be acted on.
            if link is None or link.local_id in self.known.waiting:
                rest.append(page.records[number])
                continue
            ids.append(link.external_id)
            if link.pk not in self.shown:
                self.shown.add(link.pk)
                self.live += link.live
        known = self.known.links
        self.known.read_theirs([known[x] for one in rest if (x := one.external_id) in known])
        return ids, rest

    def page_ends(self) -> None:
        """Have what is new written, once so much of what is known was shown that nobody has to be
        asked first: whatever comes, the brake will not be pulled."""
        if self.context.dry_run:
            return
        missing = self.known.live - self.live
        if not compare.pulls_brake(self.known.live, missing, self.scope.can.most):
            imports.gather(self.context, self.steps())
            self.new = []

    def steps(self) -> list[Import]:
        """What is new and not written yet, as steps."""
        return [self._step(record) for record in self.new]

    def narrow(self, *, accepted: bool) -> bool:
        """Load what the listing's end is decided on: what asks for care, what is open, and what an
        accepted listing lacks. Answers whether there is any of it."""
        missing = self.known.missing(self.shown) if accepted else []
        wanted = {*self.kept, *self.known.open, *missing, *self.known.linked(self.met)}
        links = [link for some in slices(wanted) for link in _links(some)]
        ours = {*self.met, *(link.local_id for link in links if link.local_id)}
        rows = {row.pk: row for row in self._rows(ours)}
        self.scope.replace(rows, links)
        self.scope.live = self.known.live
        return bool(links or rows)

    def _rows(self, ids: Iterable[int]) -> list[Any]:
        parent = self.scope.parent
        above = [parent.local_id] if parent else []
        rows = self.scope.mirror.rows(self.scope.account, above)
        return [row for some in slices(ids) for row in rows.filter(pk__in=some)]

    def _takes_up(self, record: Record) -> bool:
        """Whether it can be nothing but new, and is whole."""
        whole = not record.partial and not record.marker
        if not whole or not all(record.fields.get(n) for n in self.scope.mirror.needed):
            return False
        if (row := self._row_of(record)) is not None:
            self.met.add(row)
            return False
        self.new.append(record)
        return True

    def _row_of(self, record: Record) -> int | None:
        """The row of ours that an unknown record can only be."""
        if not (self.known.rows and self.scope.can.unique_key):
            return None
        if self._by_key is None:
            key = self.scope.our_key
            self._by_key = {key(ours): pk for pk, ours in self.known.rows.items()}
        own = self.scope.mirror.key(record.fields, self.scope.can.natural_key)
        return self._by_key.get(own) if own is not None else None

    def _step(self, record: Record) -> Import:
        return Import(scope=self.scope, title=called(record), record=record)


def _links(pks: list[int]) -> list[PlatformLink]:
    return list(PlatformLink.objects.filter(pk__in=pks).order_by("pk"))
