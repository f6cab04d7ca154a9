"""What is tried with an account, by what its capabilities offer: no list of platforms."""

from contextlib import suppress
from datetime import UTC, datetime, timedelta

from integrations.base.adapter import Adapter
from integrations.base.errors import RecordNotFound, RequestRejected
from integrations.base.records import PARENTS, Draft, Fields, Kind, Record, instant

TITLE = "Lectern live test, please ignore"
MOST_PARENTS = 3


def read(adapter: Adapter) -> dict[Kind, list[Record]]:
    """Everything that can be listed, of a few parents each; one record of each kind is read again,
    and must be the same one. Changes nothing."""
    assert adapter.check().sentence
    found: dict[Kind, list[Record]] = {}
    for kind in Kind:
        ability = adapter.capabilities.kind(kind)
        if not ability.list.offered:
            continue
        found[kind] = [
            record
            for parent in _parents(kind, found)
            for page in adapter.list_all(kind, parent)
            for record in page.records
        ]
        if found[kind] and ability.get.offered:
            first = found[kind][0]
            again = adapter.get(kind, first.external_id or "", first.parent_id)
            assert (again.kind, again.external_id) == (kind, first.external_id)
    for action in adapter.capabilities.actions.values():
        asks = any(one.rule.required for one in action.fields)
        if action.ability.offered and action.reads and not (asks or action.target):
            for subject in _subjects(action.of, found):
                with suppress(RequestRejected):  # "it does not run now" is an answer as well
                    assert isinstance(adapter.perform(action.name, subject, {}), dict)
    return found


def throw_away(adapter: Adapter) -> bool:
    """Make a webinar, rename it, read it, delete it; whether the platform lets us at all."""
    ability = adapter.capabilities.kind(Kind.CONFERENCE)
    if not (ability.create.offered and ability.delete.offered):
        return False
    fields = _fields({name for name, rule in ability.fields.items() if rule.on_create})
    made = adapter.create(Draft(Kind.CONFERENCE, fields, marker="lx0123456789"))
    made_id = made.external_id or ""
    assert made_id
    try:
        adapter.update(adapter.get(Kind.CONFERENCE, made_id), {"title": f"{TITLE} 2"})
        assert adapter.get(Kind.CONFERENCE, made_id).fields["title"] == f"{TITLE} 2"
    finally:
        adapter.delete(Kind.CONFERENCE, made_id)
    try:
        adapter.get(Kind.CONFERENCE, made_id)
    except (RecordNotFound, RequestRejected):
        return True
    raise AssertionError("it is still there")


def _fields(known: set[str]) -> Fields:
    start = datetime.now(UTC).replace(hour=10, minute=0) + timedelta(days=300)
    wanted = {
        "title": TITLE,
        "starts_at": instant(start.replace(second=0)),
        "duration_minutes": 30,
        "timezone": "Europe/Warsaw",
        "permanent": False,
    }
    return {name: value for name, value in wanted.items() if name in known}


def _parents(kind: Kind, found: dict[Kind, list[Record]]) -> list[str | None]:
    if kind not in PARENTS:
        return [None]
    return [one.external_id for one in found.get(PARENTS[kind], [])[:MOST_PARENTS]]


def _subjects(kind: Kind | None, found: dict[Kind, list[Record]]) -> list[str]:
    if kind is None:
        return [""]
    return [one.external_id or "" for one in found.get(kind, [])[:1]]
