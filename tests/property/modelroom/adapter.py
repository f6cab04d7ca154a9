"""The room of the modelled platforms: the same face that every real room shows."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from integrations.base.adapter import AccountCheck, Adapter, Connection
from integrations.base.adapter import Room as RoomCard
from integrations.base.capabilities import (
    ABSENT,
    Capabilities,
    FieldRule,
    KindCapability,
    no,
    yes,
)
from integrations.base.errors import RateLimited
from integrations.base.reading import Row
from integrations.base.records import FIELDS, Draft, Fields, Kind, Page, Record, instant
from integrations.base.undecoded import page_of
from tests.property.modelroom.world import LONGEST_DESCRIPTION, PAGE, WORLDS, Item, normal

SHOWN: dict[Kind, tuple[str, ...]] = {
    Kind.ATTENDEE: ("email", "first_name", "last_name"),
    Kind.CONFERENCE: ("title", "description", "starts_at", "duration_minutes"),
    Kind.REGISTRATION: ("email", "answers"),
}
READ_ONLY = KindCapability(list=yes())
KINDS: dict[Kind, KindCapability] = {
    Kind.ATTENDEE: KindCapability(
        list=yes(),
        get=yes(),
        create=yes(),
        update=yes(),
        delete=no("Not by us."),
        fields={
            "email": FieldRule(on_update=False),
            "first_name": FieldRule(),
            "last_name": FieldRule(),
        },
        natural_key=("email",),
        unique_key=True,
    ),
    Kind.GROUP: KindCapability(
        list=yes(),
        create=yes(),
        update=yes(),
        delete=yes(),
        fields={"name": FieldRule()},
        natural_key=("name",),
        unique_key=True,
    ),
    Kind.MEMBERSHIP: KindCapability(
        list=yes(),
        create=yes(),
        delete=yes(),
        fields={"email": FieldRule()},
        natural_key=("email",),
        unique_key=True,
    ),
    Kind.CONFERENCE: KindCapability(
        list=yes(),
        get=yes(),
        create=yes(),
        update=yes(),
        delete=yes(),
        fields={n: FieldRule(maximum=LONGEST_DESCRIPTION) for n in SHOWN[Kind.CONFERENCE]},
        natural_key=("title", "starts_at"),
        marked=True,
    ),
    Kind.MODERATOR: KindCapability(
        list=yes(),
        get=yes(),
        create=yes(),
        update=yes(),
        delete=yes(),
        fields={
            "email": FieldRule(on_update=False),
            "name": FieldRule(),
            "role": FieldRule(),
        },
        natural_key=("email",),
        unique_key=True,
    ),
    Kind.REGISTRATION: KindCapability(
        list=yes(),
        create=yes(),
        delete=no("It cannot be taken back."),
        fields={
            "email": FieldRule(),
            "first_name": FieldRule(),
            "last_name": FieldRule(),
            "answers": FieldRule(on_update=False),
        },
        natural_key=("email",),
        unique_key=True,
    ),
    Kind.SESSION: READ_ONLY,
    Kind.RECORDING: READ_ONLY,
}
CAPABILITIES = Capabilities(
    slug="model", name="Model", kinds=KINDS, requests_per_minute=600_000, burst=10_000
)
CLASSIC = (Kind.CONFERENCE, Kind.REGISTRATION)


def narrow(options: Any, learned: Any = None) -> Capabilities:
    """What one account can: options take away kinds, the get, the place for a marker, and that
    people are added by themselves; one gives that a registration can be withdrawn."""
    kinds = {Kind(name): KINDS[Kind(name)] for name in options.get("kinds", CLASSIC)}
    if not options.get("get", True):
        kinds = {kind: replace(can, get=ABSENT) for kind, can in kinds.items()}
    if options.get("withdraw") and Kind.REGISTRATION in kinds:
        kinds[Kind.REGISTRATION] = replace(kinds[Kind.REGISTRATION], delete=yes())
    if not options.get("adds_people", True) and Kind.ATTENDEE in kinds:
        kinds[Kind.ATTENDEE] = replace(kinds[Kind.ATTENDEE], create=no("Not by us."))
    if not options.get("marker", True):
        kinds = {kind: replace(can, marked=False) for kind, can in kinds.items()}
    return replace(CAPABILITIES, kinds=kinds)


class ModelAdapter(Adapter):
    """Beside what `narrow` takes away, the option `echo` says whether answers show the record, and
    `dated` whether a record shows when it was made."""

    def __init__(self, connection: Connection) -> None:
        self.capabilities = narrow(connection.options)
        self.echo = connection.options.get("echo", True)
        self.dated = connection.options.get("dated", False)
        self.gate = connection.gate
        # The platform is not made for several threads, and its staff write into our tables.
        self.do = connection.tokens.do
        self.limited = connection.limited
        self.world = WORLDS[connection.base_url]

    def check(self) -> AccountCheck:
        return AccountCheck("model", "It answers.")

    def close(self) -> None:
        """There is no line to close."""

    def list_all(self, kind: Kind, parent_id: str | None = None) -> Iterator[Page]:
        start = 0
        while True:
            self.gate()
            shown = self.do(partial(self._shown, kind, parent_id, first=start == 0))
            yield page_of([_row(one) for one in shown[start : start + PAGE]], _decoded)
            start += PAGE
            if start >= len(shown):
                return

    def get(self, kind: Kind, external_id: str, parent_id: str | None = None) -> Record:
        self.gate()
        self.world.while_we_read()
        return self.world.call("get", str(kind), lambda: self._record(self.world.find(external_id)))

    def create(self, draft: Draft) -> Record:
        self.gate()
        return self.world.call("create", str(draft.kind), lambda: self._make(draft))

    def update(self, shown: Record, changes: Fields) -> Record | None:
        self.gate()

        def act() -> Record | None:
            self.world.edit(shown.external_id or "", dict(changes))
            return self._record(self.world.find(shown.external_id or "")) if self.echo else None

        return self.world.call("update", str(shown.kind), act)

    def delete(self, kind: Kind, external_id: str, parent_id: str | None = None) -> None:
        self.gate()

        def act() -> None:
            self.world.deleted.append(self.world.remove(external_id))

        self.world.call("delete", str(kind), act)

    def expected(self, kind: Kind, fields: Fields) -> Fields:
        """It is known what becomes of people and groups; of conferences it is met by surprise."""
        return fields if kind is Kind.CONFERENCE else normal(kind, fields)

    def _shown(self, kind: Kind, parent_id: str | None, *, first: bool) -> list[Record]:
        if first:
            self.world.while_we_read()
        try:
            rows = self.world.call("list", str(kind), lambda: self._rows(kind, parent_id))
        except RateLimited as error:
            self.limited(error)
            raise
        return _lie(rows, self.world.lie)

    def _make(self, draft: Draft) -> Record:
        named = str(draft.fields.get("title") or draft.fields.get("name") or "")
        ours = f"{draft.kind} {named}" if draft.kind in (Kind.CONFERENCE, Kind.GROUP) else ""
        item = self.world.add(
            draft.kind,
            dict(draft.fields),
            draft.parent_id,
            marker=draft.marker if self.capabilities.kind(draft.kind).marked else "",
            made_by_us=ours,
        )
        if ours:
            self.world.creates.append(ours)
        record = self._record(item)
        if draft.kind is Kind.REGISTRATION:
            # A registration is answered by its link alone; the next listing names it.
            facts = {"join_url": f"x://{item.parent}"}
            return replace(record, external_id=None, fields={}, facts=facts)
        return record if self.echo else replace(record, fields={})

    def _rows(self, kind: Kind, parent_id: str | None) -> list[Record]:
        if parent_id is not None:
            self.world.find(parent_id)
        return [self._record(item) for item in self.world.of(kind, parent_id)]

    def _record(self, item: Item) -> Record:
        names = SHOWN.get(item.kind, tuple(FIELDS[item.kind]))
        fields: dict[str, Any] = {name: item.fields.get(name) for name in names}
        if not fields.get("answers"):
            fields.pop("answers", None)
        dated = self.dated and item.kind is Kind.CONFERENCE
        facts = {"created_at": instant(item.made_at)} if dated else {}
        return Record(item.kind, item.id, fields, item.parent, facts=facts, marker=item.marker)


def _lie(rows: list[Record], trouble: str) -> list[Record]:
    """Listings that are not what they seem."""
    if trouble == "empty list":
        return []
    if trouble == "short list":
        return rows[:-1]
    if trouble == "row twice":
        return rows + rows[:1]
    return rows


ROOM = RoomCard(
    CAPABILITIES,
    (),
    (),
    "http://model.invalid",
    ModelAdapter,
    narrow=lambda options, learned: narrow(options, learned),
)


def _row(record: Record) -> Row:
    """A record as a list shows it: nothing but JSON."""
    values = {name: getattr(record, name) for name in Record.__slots__ if name != "digest"}
    plain = {n: dict(v) if isinstance(v, Mapping) else v for n, v in values.items()}
    return Row(plain | {"kind": str(record.kind)}, "record", "Model")


def _decoded(row: Row) -> Record:
    return Record(**row.value | {"kind": Kind(row.value["kind"])})
