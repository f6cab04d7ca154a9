"""One listing's place: the kind, the parent, and all that stands there on our side."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from integrations.base.adapter import Adapter
from integrations.base.capabilities import KindCapability
from integrations.base.records import PARENTS, Fields, Kind
from portal.common import clock
from portal.platforms.models import PlatformAccount
from portal.sync.mirrors.base import Mirror
from portal.sync.models import Hold, PlatformLink

State = PlatformLink.State
RELEASE_COUNTS_FOR = timedelta(days=7)


@dataclass(slots=True)
class Scope:
    """One kind within one parent on one account, with all that stands there on our side."""

    adapter: Adapter
    mirror: Mirror
    parent: PlatformLink | None
    rows: dict[int, Any]
    links: list[PlatformLink]
    account: PlatformAccount
    full: bool = True
    since: datetime = field(default_factory=clock.now)  # when the sync began that reads it
    by_id: dict[str, PlatformLink] = field(default_factory=dict)
    by_row: dict[int, PlatformLink] = field(default_factory=dict)
    by_marker: dict[str, PlatformLink] = field(default_factory=dict)
    _by_key: dict[Any, Any] | None = None
    _released: frozenset[str] | None = None

    def __post_init__(self) -> None:
        self._by_key = self._released = None
        self.by_id = {x.external_id: x for x in self.links if x.external_id}
        self.by_row = {x.local_id: x for x in self.links if x.local_id is not None}
        self.by_marker = {x.marker: x for x in self.links if x.marker}

    @property
    def kind(self) -> Kind:
        return self.mirror.kind

    @property
    def can(self) -> KindCapability:
        return self.adapter.capabilities.kind(self.kind)

    @property
    def parent_id(self) -> str | None:
        return self.parent.external_id if self.parent else None

    @property
    def released(self) -> frozenset[str]:
        """Absences that a person has accepted; read when something is missing, and once."""
        if self._released is None:
            since = clock.now() - RELEASE_COUNTS_FOR
            lists = Hold.objects.filter(
                account=self.account,
                kind=self.kind,
                parent=self.parent,
                released=True,
                ended_at__gt=since,
            ).values_list("missing", flat=True)
            lines = (line for missing in lists for line in missing)
            self._released = frozenset(str(x.get("id") or x.get("local_id")) for x in lines)
        return self._released

    def by_key(self) -> dict[Any, Any]:
        """Our rows by natural key; read once."""
        if self._by_key is None:
            read = self.mirror.read
            self._by_key = {self.our_key(read(row)): row for row in self.rows.values()}
        return self._by_key

    def accepted(self, link: PlatformLink) -> bool:
        """Whether a person has accepted that it is missing; one without an id is told by its row,
        as in the list that was shown."""
        return (link.external_id or str(link.local_id)) in self.released

    def our_key(self, fields: Fields) -> tuple[Any, ...] | None:
        """The natural key of the record that the platform makes of fields of ours."""
        shown = {**fields, **self.adapter.expected(self.kind, fields)}
        return self.mirror.key(shown, self.can.natural_key)

    def row_of(self, link: PlatformLink) -> Any:
        """The row of a link, or None for a twin or a row that was deleted outright."""
        return self.rows.get(link.local_id) if link.local_id is not None else None

    def put_back(self, link: PlatformLink | None, row: Any) -> bool:
        """Whether staff want somebody back who was removed there, by us or by others."""
        removed = link is not None and link.state in (State.GONE, State.DELETED)
        return removed and self.kind in PARENTS and not (row.removed_at or row.gone_at)
