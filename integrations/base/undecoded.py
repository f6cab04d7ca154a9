"""Rows of a listing that are decoded when somebody asks for them.

Most of what a platform shows is as it was, and decoding is most of what reading costs. So each row
has a digest: whoever knows a row by it has no need of its record.
"""

import hashlib
import marshal
from collections.abc import Callable, Sequence
from typing import overload

from integrations.base import evidence
from integrations.base.errors import UnexpectedAnswer
from integrations.base.reading import Row
from integrations.base.records import Page, Record


def page_of(
    found: Sequence[Row | Record], decode: Callable[[Row], Record], total: int | None = None
) -> Page:
    """A page of rows, each of which says all of its record: `decode` may depend on nothing else
    but what the list belongs to. What does is given decoded."""
    digests = ["" if isinstance(row, Record) else digest(row) for row in found]
    return Page(_Undecoded(found, decode, digests), total, digests)


def digest(row: Row) -> str:
    """What tells a row of a platform from each other one, and from what it was before."""
    # Version 2 knows no references: the same values are always the same bytes.
    return hashlib.blake2b(marshal.dumps(row.value, 2), digest_size=12).hexdigest()


class _Undecoded(Sequence[Record]):
    """Records, each made anew whenever it is asked for."""

    def __init__(
        self,
        found: Sequence[Row | Record],
        decode: Callable[[Row], Record],
        digests: Sequence[str],
    ) -> None:
        self._found, self._decode, self._digests = found, decode, digests
        self._report = evidence.reporter()

    def __len__(self) -> int:
        return len(self._found)

    @overload
    def __getitem__(self, index: int) -> Record: ...

    @overload
    def __getitem__(self, index: slice) -> Sequence[Record]: ...

    def __getitem__(self, index: int | slice) -> Record | Sequence[Record]:
        if isinstance(index, slice):
            return [self[number] for number in range(*index.indices(len(self)))]
        row = self._found[index]
        if isinstance(row, Record):
            return row
        try:
            record = self._decode(row)
        except UnexpectedAnswer as error:
            self._report(error)
            raise
        if not record.partial:
            object.__setattr__(record, "digest", self._digests[index])
        return record

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and list(self) == list(other)

    __hash__ = None  # type: ignore[assignment]
