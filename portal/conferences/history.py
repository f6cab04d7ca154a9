"""Write one line of history; services and the sync call it, nothing else."""

from collections.abc import Mapping, Sequence
from typing import Any

from portal.common import clock
from portal.conferences.models import Change

# What lets somebody in stands in no history.
HIDDEN = {"password", "join_url"}


def record(
    action: str,
    kind: str,
    local_id: int,
    *,
    actor: Any = None,
    source: str = "",
    sentence: str = "",
    conference_id: int | None = None,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    calls: Sequence[str] = (),
) -> Change:
    """Keep who or what did `action`, with the changed fields before and after."""
    return Change.objects.create(
        at=clock.now(),
        action=action,
        kind=kind,
        local_id=local_id,
        actor=actor,
        source=source,
        sentence=sentence[:600],
        conference_id=conference_id,
        before=shown(before),
        after=shown(after),
        calls=list(calls),
    )


def shown(values: Mapping[str, Any] | None) -> dict[str, Any]:
    """Values without those that let somebody in."""
    return {k: "(not shown)" if k in HIDDEN and v else v for k, v in (values or {}).items()}
