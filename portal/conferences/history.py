"""Write lines of history; services and the sync call it, nothing else."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple, TypedDict, Unpack

from django.contrib.auth.models import User

from portal.common import clock
from portal.common.batches import BATCH
from portal.common.texts import Text
from portal.conferences.fields import HIDDEN
from portal.conferences.models import Change


class Details(TypedDict, total=False):
    """What a line says beside what was done to which row: who or what did it (`source` where it was
    no person), the changed fields before and after, and the remote operations that it caused."""

    actor: User | None
    source: str
    sentence: Text | str
    conference_id: int | None
    before: Mapping[str, Any]
    after: Mapping[str, Any]
    calls: Sequence[str]


def record(action: str, kind: str, local_id: int, **details: Unpack[Details]) -> Change:
    """Keep who or what did `action`, with the changed fields before and after."""
    made = line(action, kind, local_id, **details)
    made.save()
    return made


def line(action: str, kind: str, local_id: int, **details: Unpack[Details]) -> Change:
    """The same, not saved yet: `keep` writes many at once."""
    return Change(
        at=clock.now(),
        action=action,
        kind=kind,
        local_id=local_id,
        actor=details.get("actor"),
        source=details.get("source", ""),
        sentence=details.get("sentence", ""),
        conference_id=details.get("conference_id"),
        before=shown(details.get("before")),
        after=shown(details.get("after")),
        calls=list(details.get("calls", ())),
    )


def keep(lines: Iterable[Change]) -> None:
    """Write lines together."""
    Change.objects.bulk_create(lines, batch_size=BATCH)


class RowChange(NamedTuple):
    """One row's part: its id, and the changed fields before and after."""

    local_id: int
    before: Mapping[str, Any] = {}
    after: Mapping[str, Any] = {}


def record_many(
    action: str,
    kind: str,
    rows: Iterable[RowChange],
    *,
    actor: User | None,
    sentence: Text | str,
    conference_id: int | None = None,
) -> None:
    """Keep who did `action` to each row; the same sentence stands in all of them."""
    moment = clock.now()
    Change.objects.bulk_create(
        (
            Change(
                at=moment,
                action=action,
                kind=kind,
                local_id=row.local_id,
                actor=actor,
                sentence=sentence,
                conference_id=conference_id,
                before=dict(row.before),
                after=dict(row.after),
            )
            for row in rows
        ),
        batch_size=BATCH,
    )


def shown(values: Mapping[str, Any] | None) -> dict[str, Any]:
    """Values without those that let somebody in."""
    return {k: "(not shown)" if k in HIDDEN and v else v for k, v in (values or {}).items()}
