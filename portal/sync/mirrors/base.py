"""What a mirror is: how the rows of one kind read as fields, and take the platform's."""

from abc import ABC, abstractmethod
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, ClassVar, NamedTuple

from django.db.models import Model, QuerySet

from integrations.base.records import PARENTS, Fields, Kind, Record, instant, parse_instant
from portal.common.texts import Text
from portal.platforms.models import PlatformAccount
from portal.sync.models import PlatformLink


class Made(NamedTuple):
    """A row that was made for a record: its primary key, and how it reads."""

    pk: int
    ours: dict[str, Any]


class LeanRow(NamedTuple):
    """A row as columns: its key, that of what it belongs to, whether it stands (it is neither
    removed nor gone), and how it reads."""

    pk: int
    parent_id: int | None
    stands: bool
    ours: dict[str, Any]


class Mirror(ABC):
    """One kind of ours. `compared` are the fields that are synced; a draft may hold more."""

    kind: ClassVar[Kind]
    model: ClassVar[type[Model]]
    compared: ClassVar[tuple[str, ...]]
    instants: ClassVar[frozenset[str]] = frozenset()
    # Fields without which a record cannot be kept here: who has no address is nobody to us.
    needed: ClassVar[tuple[str, ...]] = ()
    # Fields beside these whose emptiness on a platform is no news either.
    never_emptied: ClassVar[tuple[str, ...]] = ()
    # Fields of which ours holds, and theirs stands beside it, where the platform takes no change.
    ours_if_refused: ClassVar[frozenset[str]] = frozenset()
    # Whether staff are asked what becomes of one that the platform has lost.
    asked_when_gone: ClassVar[bool] = False
    # Where the compared fields stand in columns, for kinds of which there are very many; and the
    # column of what a row belongs to. Empty: such rows are loaded whole.
    columns: ClassVar[Mapping[str, str]] = {}
    above: ClassVar[str] = ""
    # Fields of which theirs is taken and no one is asked: what is ours of them is kept elsewhere.
    side_by_side: ClassVar[frozenset[str]] = frozenset()
    # Whether a row that meets its record for the first time keeps its own values beside theirs.
    agrees_to_differ: ClassVar[bool] = False

    @abstractmethod
    def rows(self, account: PlatformAccount, parents: Collection[Any]) -> QuerySet[Any]:
        """The rows that stand, or should stand, on the account (within any of these rows)."""

    def make(self, account: PlatformAccount, parent_id: Any, record: Record) -> Model:
        """A new row from a record that is not ours yet."""
        row = self.new(account, parent_id, record)
        row.save()
        return row

    def make_many(
        self, account: PlatformAccount, records: Sequence[tuple[Any, Record]]
    ) -> list[Made | None]:
        """The same for many records, each with its parent's key, in a few statements and with what
        they tell beside their fields; None for one that is to be made alone, with more care.

        Raises IntegrityError where somebody else has made one of them in this moment.
        """
        rows = [self.new(account, parent_id, record) for parent_id, record in records]
        for row, (_, record) in zip(rows, records, strict=True):
            self.told(row, record)
        self.model._base_manager.bulk_create(rows)
        return [Made(row.pk, self.read(row)) for row in rows]

    def new(self, account: PlatformAccount, parent_id: Any, record: Record) -> Model:
        """A row that is not saved yet, from a record."""
        raise NotImplementedError(f"rows of {self.kind} are made one by one")

    def lean_rows(self, account: PlatformAccount, parents: Collection[Any]) -> Iterator[LeanRow]:
        """The same rows as columns alone."""
        states = [n for n in ("removed_at", "gone_at") if hasattr(self.model, n)]
        asked = ["pk", self.above or "pk", *states, *self.columns.values()]
        names, first = list(self.columns), 2 + len(states)
        rows = self.rows(account, parents).order_by().values_list(*asked)
        # All of an account's own may be a hundred thousand: not all of them twice in memory.
        for found in rows if parents else rows.iterator():
            ours = dict(zip(names, found[first:], strict=True))
            for name in self.instants:
                ours[name] = instant(ours[name]) if ours[name] is not None else None
            stands = not any(found[2:first])
            yield LeanRow(found[0], found[1] if self.above else None, stands, ours)

    def row(self, local_id: int) -> Any:
        """One row, or None."""
        return self.model._base_manager.filter(pk=local_id).first()

    def keyless(self, record: Record) -> bool:
        """Whether a record within another has lost what it is known by: a person who was deleted
        there, and of whom only the number is left."""
        return self.kind in PARENTS and any(not record.fields.get(n, True) for n in self.needed)

    def parent_of(self, row: Any) -> int | None:
        """The primary key of the row that it belongs to."""
        return None

    def read(self, row: Any) -> dict[str, Any]:
        """The row as canonical fields; a secret reads as its fingerprint."""
        return {name: self._value(row, name) for name in self.compared}

    def draft(self, row: Any) -> dict[str, Any]:
        """The row as it is sent, secrets in clear."""
        return self.read(row)

    def companions(self, names: set[str]) -> set[str]:
        """Fields that must be sent beside these, changed or not."""
        return set()

    def meaningful(self, fields: Fields) -> dict[str, Any]:
        """What a record says: one without an address or a title does not say that we have none."""
        kept = {*self.needed, *self.never_emptied}
        return {name: value for name, value in fields.items() if value or name not in kept}

    def write(self, row: Any, values: Mapping[str, Any]) -> None:
        """Take their values into the row, and save it."""
        self.fill(row, values)
        row.save()

    def fill(self, row: Any, values: Mapping[str, Any]) -> None:
        """Take their values into the row."""
        for name, value in self.meaningful(values).items():
            setattr(row, name, self._model_value(name, value))

    def brings(self, row: Any) -> tuple[Kind, int] | None:
        """Another row, by kind and key, that a create of this one brings to the platform too."""
        return None

    def learn(self, row: Any, record: Record) -> bool:
        """Keep what a record tells beside its fields (a personal link); whether it was new."""
        names = self.told(row, record)
        if names:
            row.save(update_fields=[*names, "updated_at"])
        return bool(names)

    def told(self, row: Any, record: Record) -> list[str]:
        """Take into the row what a record tells beside its fields; answers the columns."""
        return []

    def first_bases(self, ours: Fields, theirs: Fields) -> tuple[dict[str, Any], dict[str, Any]]:
        """Both bases for a record that becomes a row here: what either holds is agreed upon."""
        return dict(ours), {name: theirs[name] for name in ours.keys() & theirs.keys()}

    def keeps(self, row: Any) -> Text | str:
        """Why a row that is to be deleted there must wait; empty where it need not."""
        return ""

    def made_anew(self, row: Any, link: PlatformLink) -> bool:
        """Whether what it is known by was changed here since both agreed, so that the platform is
        to be given another in its place."""
        return False

    def wants_link(self, row: Any) -> bool:
        """Whether a personal link should be asked for."""
        return False

    def key(self, values: Fields, names: tuple[str, ...]) -> tuple[Any, ...] | None:
        """The natural key of fields, without regard to case.

        None where a part was not shown, or the first is empty; a later part may be: a permanent
        room has no start.
        """
        if not names or any(name not in values for name in names) or not values[names[0]]:
            return None
        return tuple(str(values[name] or "").strip().casefold() for name in names)

    def _value(self, row: Any, name: str) -> Any:
        value = getattr(row, name)
        return instant(value) if name in self.instants and value is not None else value

    def _model_value(self, name: str, value: Any) -> Any:
        if name in self.instants:
            return parse_instant(value) if value else None
        field: Any = self.model._meta.get_field(name)
        if value is None and not field.null:
            return field.get_default()
        if isinstance(value, str) and field.max_length:
            return value[: field.max_length]
        return value


class BelongsToConference(Mirror):
    """A kind whose rows hang below a conference."""

    model: ClassVar[Any]
    above = "conference_id"

    def rows(self, account: PlatformAccount, parents: Collection[Any]) -> QuerySet[Any]:
        return self.model.objects.filter(conference__in=parents)  # type: ignore[no-any-return]

    def parent_of(self, row: Any) -> int:
        return int(row.conference_id)

    def new(self, account: PlatformAccount, parent_id: Any, record: Record) -> Model:
        row: Model = self.model(conference_id=parent_id, origin=self.model.Origin.PLATFORM)
        self.fill(row, record.fields)
        return row
