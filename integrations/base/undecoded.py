"""Rows of a listing that are decoded when somebody asks for them.

Most of what a platform shows is as it was, and decoding is most of what reading costs. So each row
has a digest: whoever knows a row by it has no need of its record.
"""

import hashlib
import marshal
from collections.abc import Callable, Sequence
from operator import attrgetter
from typing import Any, Generic, TypeVar, overload

from integrations.base import evidence
from integrations.base.errors import UnexpectedAnswer
from integrations.base.records import Page, Record

T = TypeVar("T")


def page_of(
    found: Sequence[T | Record],
    decode: Callable[[T], Record],
    total: int | None = None,
    *,
    told: Callable[[T], Any] = attrgetter("value"),
) -> Page:
    """A page of rows, or of other things that are decoded to records each. `told` answers all that
    a record is made of, as plain JSON: `decode` may depend on nothing else but what the list
    belongs to. What does is given decoded."""
    digests = ["" if isinstance(one, Record) else digest(told(one)) for one in found]
    return Page(_Undecoded(found, decode, digests), total, digests)


def digest(value: Any) -> str:
    """What tells JSON from any other, and a row from what it was before; empty where it is nested
    too deeply for one."""
    try:
        # Version 2 knows no references: the same values are always the same bytes.
        told = marshal.dumps(value, 2)
    except ValueError:
        return ""
    return hashlib.blake2b(told, digest_size=12).hexdigest()


class _Undecoded(Sequence[Record], Generic[T]):
    """Records, each made anew whenever it is asked for."""

    def __init__(
        self,
        found: Sequence[T | Record],
        decode: Callable[[T], Record],
        digests: Sequence[str],
        report: Callable[[UnexpectedAnswer], None] | None = None,
    ) -> None:
        self._found, self._decode, self._digests = found, decode, digests
        self._report = report or evidence.reporter()

    def __len__(self) -> int:
        return len(self._found)

    @overload
    def __getitem__(self, index: int) -> Record: ...

    @overload
    def __getitem__(self, index: slice) -> Sequence[Record]: ...

    def __getitem__(self, index: int | slice) -> Record | Sequence[Record]:
        if isinstance(index, slice):
            return _Undecoded(self._found[index], self._decode, self._digests[index], self._report)
        one = self._found[index]
        if isinstance(one, Record):
            return one
        try:
            record = self._decode(one)
        except UnexpectedAnswer as error:
            self._report(error)
            raise
        if not record.partial:
            object.__setattr__(record, "digest", self._digests[index])
        return record

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and list(self) == list(other)

    __hash__ = None  # type: ignore[assignment]
