"""Kind and id -> what staff call that row, and which page shows it; one query for each kind."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from integrations.base.records import Kind
from portal.sync.kinds import KINDS, KeptKind, word_of

Ref = tuple[str, int | None]


@dataclass(frozen=True, slots=True)
class Named:
    """A row by its name, with the id of the page on which it is shown (at most one is set)."""

    title: str
    conference_id: int | None = None
    person_id: int | None = None
    group_id: int | None = None
    poll_id: int | None = None
    series_id: int | None = None


def names(refs: Iterable[Ref]) -> dict[Ref, Named]:
    """A name for each (kind, id), also where the row is no longer there."""
    wanted: dict[str, set[int]] = defaultdict(set)
    found: dict[Ref, Named] = {}
    for kind, local_id in refs:
        found[kind, local_id] = Named(_without_row(kind))
        if local_id is not None and kind in KINDS:
            wanted[kind].add(local_id)
    for kind, ids in wanted.items():
        kept = KINDS[kind]
        rows = kept.model._base_manager.select_related(*kept.related).filter(pk__in=ids)
        found |= {(kind, row.pk): _named(kept, row) for row in rows}
    return found


# What a row that is no longer there is called; without a kind it is the account itself.
_GONE = {
    Kind.CONFERENCE: gettext_lazy("A webinar that is no longer here"),
    Kind.MODERATOR: gettext_lazy("A moderator that is no longer here"),
    Kind.REGISTRATION: gettext_lazy("A registration that is no longer here"),
    Kind.ATTENDEE: gettext_lazy("A person that is no longer here"),
    Kind.GROUP: gettext_lazy("A group that is no longer here"),
    Kind.MEMBERSHIP: gettext_lazy("A membership that is no longer here"),
    Kind.SESSION: gettext_lazy("A session that is no longer here"),
    Kind.ATTENDANCE: gettext_lazy("An attendance that is no longer here"),
    Kind.RECORDING: gettext_lazy("A recording that is no longer here"),
}


def _without_row(kind: str) -> str:
    if kind not in KINDS:
        return _("The account as a whole")
    other = _("Something that is no longer here (%(word)s)") % {"word": word_of(kind)}
    return str(_GONE.get(Kind(kind), other))


def _named(kept: KeptKind, row: Any) -> Named:
    return Named(kept.title(row), **{f"{kept.page}_id": attrgetter(kept.page_key)(row)})
