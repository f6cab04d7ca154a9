"""Write lines of history; services and the sync call it, nothing else."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from django.contrib.auth.models import User

from portal.common import clock
from portal.common.batches import BATCH
from portal.common.texts import Text
from portal.conferences.fields import HIDDEN
from portal.conferences.models import Change


def record(
    action: str,
    kind: str,
    local_id: int,
    *,
    actor: User | None = None,
    source: str = "",
    sentence: Text | str = "",
    conference_id: int | None = None,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    calls: Sequence[str] = (),
) -> Change:
    """Keep who or what did `action`, with the changed fields before and after."""
    made = line(
        action,
        kind,
        local_id,
        actor=actor,
        source=source,
        sentence=sentence,
        conference_id=conference_id,
        before=before,
        after=after,
        calls=calls,
    )
    made.save()
    return made


def line(
    action: str,
    kind: str,
    local_id: int,
    *,
    actor: User | None = None,
    source: str = "",
    sentence: Text | str = "",
    conference_id: int | None = None,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    calls: Sequence[str] = (),
) -> Change:
    """The same, not saved yet: `keep` writes many at once."""
    return Change(
        at=clock.now(),
        action=action,
        kind=kind,
        local_id=local_id,
        actor=actor,
        source=source,
        sentence=sentence,
        conference_id=conference_id,
        before=shown(before),
        after=shown(after),
        calls=list(calls),
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
