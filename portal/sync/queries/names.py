"""Kind and id -> what staff call that row, and which page shows it; one query for each kind."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

from portal.sync.kinds import KINDS, KeptKind, word_of

Ref = tuple[str, int | None]


@dataclass(frozen=True, slots=True)
class Named:
    """A row by its name, with the id of the page on which it is shown (at most one is set)."""

    title: str
    conference_id: int | None = None
    person_id: int | None = None
    group_id: int | None = None


def names(refs: Iterable[Ref]) -> dict[Ref, Named]:
    """A name for each (kind, id), also where the row is no longer there."""
    wanted: dict[str, set[int]] = defaultdict(set)
    found: dict[Ref, Named] = {}
    for kind, local_id in refs:
        gone = f"A {word_of(kind)} that is no longer here"
        found[kind, local_id] = Named(gone if kind in KINDS else f"The {word_of(kind)} as a whole")
        if local_id is not None and kind in KINDS:
            wanted[kind].add(local_id)
    for kind, ids in wanted.items():
        kept = KINDS[kind]
        rows = kept.model._base_manager.select_related(*kept.related).filter(pk__in=ids)
        found |= {(kind, row.pk): _named(kept, row) for row in rows}
    return found


def _named(kept: KeptKind, row: Any) -> Named:
    return Named(kept.title(row), **{f"{kept.page}_id": attrgetter(kept.page_key)(row)})
