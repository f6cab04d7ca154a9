"""The room of the modelled platform: the same face that every real room shows."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from integrations.base import errors
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
from integrations.base.records import Draft, Fields, Kind, Page, Record
from tests.property.modelroom.world import LONGEST_DESCRIPTION, PAGE, WORLD, Room

FIELDS = ("title", "description", "starts_at", "duration_minutes")
CONFERENCE = KindCapability(
    list=yes(), get=yes(), create=yes(), update=yes(), delete=yes(),
    fields={n: FieldRule(maximum=LONGEST_DESCRIPTION) for n in FIELDS},
    natural_key=("title", "starts_at"), marked=True,
)  # fmt: skip
REGISTRATION = KindCapability(
    list=yes(), create=yes(), delete=no("It cannot be taken back."),
    fields={"email": FieldRule()}, natural_key=("email",), unique_key=True,
)  # fmt: skip
CAPABILITIES = Capabilities(
    slug="model", name="Model", requests_per_minute=600_000, burst=10_000,
    kinds={Kind.CONFERENCE: CONFERENCE, Kind.REGISTRATION: REGISTRATION},
)  # fmt: skip


class ModelAdapter(Adapter):
    """Options switch what the platform can: get, marker, echo (the answer shows the record)."""

    def __init__(self, connection: Connection) -> None:
        self.options = {"get": True, "marker": True, "echo": True} | dict(connection.options)
        conference = replace(
            CONFERENCE,
            get=yes() if self.options["get"] else ABSENT,
            marked=self.options["marker"],
        )
        kinds = {Kind.CONFERENCE: conference, Kind.REGISTRATION: REGISTRATION}
        self.capabilities = replace(CAPABILITIES, kinds=kinds)
        self.gate = connection.gate

    def check(self) -> AccountCheck:
        return AccountCheck("model", "It answers.")

    def close(self) -> None:
        """There is no line to close."""

    def sweep(self, kind: Kind, parent_id: str | None = None) -> Iterator[Page]:
        start = 0
        while True:
            self.gate()
            rows = WORLD.call("list", str(kind), lambda: self._rows(kind, parent_id))
            shown = _lie(rows, WORLD.lie)
            yield Page(tuple(shown[start : start + PAGE]), total=None)
            start += PAGE
            if start >= len(shown):
                return

    def get(self, kind: Kind, external_id: str, parent_id: str | None = None) -> Record:
        self.gate()
        return WORLD.call("get", str(kind), lambda: self._record(_room(external_id)))

    def create(self, draft: Draft) -> Record:
        self.gate()
        return WORLD.call("create", str(draft.kind), lambda: self._make(draft))

    def update(self, shown: Record, changes: Fields) -> Record | None:
        self.gate()

        def act() -> Record | None:
            room = _room(shown.external_id or "")
            WORLD.edit(room.id, dict(changes))
            return self._record(room) if self.options["echo"] else None

        return WORLD.call("update", str(shown.kind), act)

    def delete(self, kind: Kind, external_id: str, parent_id: str | None = None) -> None:
        self.gate()

        def act() -> None:
            room = _room(external_id)
            WORLD.deleted.append((room.id, dict(room.fields)))
            del WORLD.rooms[room.id]

        WORLD.call("delete", str(kind), act)

    def _make(self, draft: Draft) -> Record:
        if draft.kind is Kind.REGISTRATION:
            room = _room(draft.parent_id or "")
            WORLD.register(room.id, draft.fields["email"])
            return Record(
                Kind.REGISTRATION, None, {}, room.id, facts={"join_url": f"x://{room.id}"}
            )
        marker = draft.marker if self.options["marker"] else ""
        room = WORLD.add(dict(draft.fields), marker, made_by_us=draft.fields["title"])
        WORLD.creates.append(draft.fields["title"])
        return (
            self._record(room) if self.options["echo"] else replace(self._record(room), fields={})
        )

    def _rows(self, kind: Kind, parent_id: str | None) -> list[Record]:
        if kind is Kind.CONFERENCE:
            return [self._record(room) for room in WORLD.rooms.values()]
        people = _room(parent_id or "").people
        return [Record(kind, i, {"email": email}, parent_id) for email, i in people.items()]

    def _record(self, room: Room) -> Record:
        fields: dict[str, Any] = {name: room.fields.get(name) for name in FIELDS}
        return Record(Kind.CONFERENCE, room.id, fields, marker=room.marker)


def _room(room_id: str) -> Room:
    if room_id not in WORLD.rooms:
        raise errors.RecordNotFound("It is not here.")
    return WORLD.rooms[room_id]


def _lie(rows: list[Record], trouble: str) -> list[Record]:
    """Listings that are not what they seem."""
    if trouble == "empty list":
        return []
    if trouble == "short list":
        return rows[:-1]
    if trouble == "row twice":
        return rows + rows[:1]
    return rows


ROOM = RoomCard(CAPABILITIES, (), (), "http://model.invalid", ModelAdapter)
