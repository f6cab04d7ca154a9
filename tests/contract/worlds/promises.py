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


def swept(adapter: Adapter, kind: Kind, parent_id: str | None) -> list[Record]:
    return [record for page in adapter.sweep(kind, parent_id) for record in page.records]


def public(fields: Any) -> dict[str, Any]:
    """Fields that a platform shows again."""
    return {name: value for name, value in fields.items() if name not in SECRET_FIELDS}


def found(adapter: Adapter, draft: Draft) -> list[Record]:
    """Records that the draft may have become: by our marker, else by the natural key."""
    ability = adapter.capabilities.kind(draft.kind)
    shown = swept(adapter, draft.kind, draft.parent_id)
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
