"""Small questions that the promises of every adapter ask."""

from typing import Any

import pytest

from integrations import registry
from integrations.base.adapter import Adapter
from integrations.base.errors import PlatformError
from integrations.base.records import SECRET_FIELDS, Draft, Kind, Record


def offered(verb: str) -> list[Any]:
    """(slug, kind) of all that offer the verb."""
    return [
        pytest.param(slug, kind, id=f"{slug}-{kind}")
        for slug in registry.slugs()
        for kind in Kind
        if getattr(registry.room(slug).capabilities.kind(kind), verb).offered
    ]


def all_records(adapter: Adapter, kind: Kind, parent_id: str | None) -> list[Record]:
    return [record for page in adapter.list_all(kind, parent_id) for record in page.records]


def whole(adapter: Adapter, record: Record) -> Record:
    """The record with its details, which the engine too asks for where a listing is partial."""
    if not record.partial:
        return record
    return adapter.get(record.kind, record.external_id or "", record.parent_id)


def ours(place: Any, records: list[Record]) -> list[Record]:
    """Without what the platform itself puts everywhere, where its world names such a thing."""
    given = getattr(place, "given", lambda record: False)
    return [record for record in records if not given(record)]


def makers() -> list[str]:
    """Platforms on which we can make conferences; on the others they are only seen."""
    rooms = {slug: registry.room(slug).capabilities for slug in registry.slugs()}
    return [slug for slug, can in rooms.items() if can.kind(Kind.CONFERENCE).create.offered]


def there(adapter: Adapter, place: Any, kind: Kind) -> tuple[Record, str | None]:
    """(a record that can be changed, its parent): made by us, or by the platform alone."""
    if adapter.capabilities.kind(kind).create.offered:
        parent_id = place.parent(adapter, kind)
        return adapter.create(place.draft(kind, parent_id)), parent_id
    parent_id = place.exist(adapter, kind)
    return all_records(adapter, kind, parent_id)[0], parent_id


def public(fields: Any) -> dict[str, Any]:
    """Fields that a platform shows again."""
    return {name: value for name, value in fields.items() if name not in SECRET_FIELDS}


def found(adapter: Adapter, draft: Draft) -> list[Record]:
    """Records that the draft may have become: by our marker, else by the natural key."""
    ability = adapter.capabilities.kind(draft.kind)
    shown = all_records(adapter, draft.kind, draft.parent_id)
    if ability.marked:
        return [record for record in shown if record.marker == draft.marker]
    key = [(name, draft.fields[name]) for name in ability.natural_key]
    return [record for record in shown if key and key == [(n, record.fields[n]) for n, _ in key]]


def told(error: PlatformError) -> str:
    """All that an error could show to anyone."""
    return f"{error} {error!r} {vars(error)} {error.__cause__!r}"


def assert_quiet(error: PlatformError, place: Any) -> None:
    """No secret in it, and it says whose it is and what was tried."""
    assert not any(secret in told(error) for secret in (place.key, *place.secrets))
    assert error.platform
    assert error.operation
