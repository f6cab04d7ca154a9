"""One listing's place: the kind, the parent, and all that stands there on our side."""

from dataclasses import dataclass, field
from typing import Any

from integrations.base.adapter import Adapter
from integrations.base.capabilities import KindCapability
from integrations.base.records import Kind
from portal.sync.mirror import Mirror
from portal.sync.models import PlatformLink


@dataclass(slots=True)
class Scope:
    """One kind within one parent on one account, with all that stands there on our side."""

    adapter: Adapter
    mirror: Mirror
    parent: PlatformLink | None
    rows: dict[int, Any]
    links: list[PlatformLink]
    released: frozenset[str] = frozenset()  # absences that a person has accepted
    full: bool = True
    by_id: dict[str, PlatformLink] = field(default_factory=dict)
    by_row: dict[int, PlatformLink] = field(default_factory=dict)
    by_marker: dict[str, PlatformLink] = field(default_factory=dict)
    _by_key: dict[Any, Any] | None = None

    def __post_init__(self) -> None:
        self._by_key = None
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

    def by_key(self) -> dict[Any, Any]:
        """Our rows by natural key; read once."""
        if self._by_key is None:
            names, read = self.can.natural_key, self.mirror.read
            self._by_key = {self.mirror.key(read(r), names): r for r in self.rows.values()}
        return self._by_key

    def row_of(self, link: PlatformLink) -> Any:
        """The row of a link, or None for a twin or a row that was deleted outright."""
        return self.rows.get(link.local_id) if link.local_id is not None else None
