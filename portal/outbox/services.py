"""Add, claim and settle outbox entries. Nothing else writes them."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q
from kombu.exceptions import OperationalError

from portal.celery import app
from portal.common import clock
from portal.outbox.models import KEPT_BACK, PUSH, OutboxEntry
from portal.platforms.models import PlatformAccount

State = OutboxEntry.State
_KEPT = frozenset({"id", "sentence", "dismissed", KEPT_BACK})
BATCH = 500
FIRST_PAUSE, LONGEST_PAUSE = 20.0, 1800.0  # seconds


def add(
    account: PlatformAccount,
    kind: str,
    local_id: int,
    *,
    verb: str = PUSH,
    arguments: dict[str, Any] | None = None,
    by: Any = None,
) -> OutboxEntry | None:
    """Leave a note and ring after commit. A push that waits already is answered as None."""
    added = _insert(account, kind, [local_id], verb=verb, arguments=arguments or {}, by=by)
    ring(account.pk)
    return added[0] if added else None


def begin(
    account: PlatformAccount,
    kind: str,
    local_id: int,
    verb: str,
    arguments: dict[str, Any],
    by: Any,
) -> OutboxEntry:
    """Write down an action that a person waits for and that leaves this very moment.

    Until its answer is settled it stands as one whose outcome nobody knows, so that a process
    that dies on the way leaves a trace, and no worker does it a second time.
    """
    moment = clock.now()
    return OutboxEntry.objects.create(
        account=account, kind=kind, local_id=local_id, verb=verb, arguments=arguments,
        created_by=by, not_before=moment, created_at=moment, attempts=1, state=State.UNKNOWN,
        problem="It was asked for, and no answer has come so far.",
    )  # fmt: skip


def forget(entry: OutboxEntry) -> None:
    """Take back an action that surely was not done, and about which the person was told."""
    OutboxEntry.objects.filter(pk=entry.pk).delete()


def ensure(account: PlatformAccount, kind: str, local_ids: Iterable[int]) -> None:
    """Leave a push note where none is open; one that failed waits for a person."""
    wanted = set(local_ids)
    unsettled = OutboxEntry.objects.filter(account=account, kind=kind, verb=PUSH).exclude(
        state=State.DONE
    )
    for some in _slices(sorted(wanted)):
        wanted -= set(unsettled.filter(local_id__in=some).values_list("local_id", flat=True))
    _insert(account, kind, sorted(wanted), verb=PUSH, arguments={}, by=None)


def put_back(entries: Iterable[OutboxEntry], problem: str, seconds: float) -> None:
    """Return claimed entries that were not reached."""
    for entry in entries:
        if entry.state == State.WORKING:
            later(entry, problem, seconds)


def add_many(account: PlatformAccount, kind: str, local_ids: Iterable[int], by: Any = None) -> None:
    """Leave a push note for each row, in a few statements, and ring once."""
    _insert(account, kind, list(local_ids), verb=PUSH, arguments={}, by=by)
    ring(account.pk)


def _insert(
    account: PlatformAccount,
    kind: str,
    local_ids: list[int],
    *,
    verb: str,
    arguments: dict[str, Any],
    by: Any,
) -> list[OutboxEntry]:
    moment = clock.now()
    if verb == PUSH:
        waiting = OutboxEntry.objects.filter(
            account=account, kind=kind, verb=PUSH, state=State.WAITING
        )
        # A person's new edit makes a note that had been put off due at once.
        for some in _slices(local_ids):
            waiting.filter(local_id__in=some, not_before__gt=moment).update(not_before=moment)
        there = set(waiting.values_list("local_id", flat=True))
        local_ids = [i for i in local_ids if i not in there]
    entries = [
        OutboxEntry(
            account=account, kind=kind, local_id=i, verb=verb, arguments=arguments,
            created_by=by, not_before=moment, created_at=moment,
        )
        for i in local_ids
    ]  # fmt: skip
    # Another worker may have left the same note meanwhile: one note is enough.
    made = OutboxEntry.objects.bulk_create(entries, ignore_conflicts=verb == PUSH)
    return list(made)


def ring(account_id: int) -> None:
    """Poke a worker after commit. Losing the poke costs time only: the sweep rings again."""
    transaction.on_commit(lambda: poke(account_id))


def poke(account_id: int) -> None:
    """Send the poke now; a broker that is down must not hurt the person who edits."""
    platform = PlatformAccount.objects.values_list("platform", flat=True).get(pk=account_id)
    try:
        app.send_task(
            "portal.sync.tasks.push", [account_id], queue=platform, retry=False, ignore_result=True
        )
    except (OSError, OperationalError):
        return


def due(account_id: int) -> list[OutboxEntry]:
    """Claim what is due for an account, oldest first.

    The caller holds the account's lease, so an entry that is still "being sent" belongs to a
    worker that died.
    """
    moment = clock.now()
    free = Q(state=State.WAITING, not_before__lte=moment) | Q(state=State.WORKING)
    rows = OutboxEntry.objects.filter(free, account_id=account_id).order_by("id")[:BATCH]
    return [entry for entry in rows if _claim(entry)]


def _claim(entry: OutboxEntry) -> bool:
    mine = OutboxEntry.objects.filter(pk=entry.pk, state=entry.state)
    taken = mine.update(state=State.WORKING)
    entry.state = State.WORKING
    return bool(taken)


def has_due(account_id: int) -> bool:
    """Whether something waits for this account now."""
    waiting = OutboxEntry.objects.filter(account_id=account_id, state=State.WAITING)
    return waiting.filter(not_before__lte=clock.now()).exists()


def accounts_with_due(moment: datetime) -> list[int]:
    """Accounts for which something waits, or was being sent by a worker that let go."""
    idle = Q(account__lease_until=None) | Q(account__lease_until__lte=moment)
    free = Q(state=State.WAITING, not_before__lte=moment) | Q(state=State.WORKING) & idle
    found = OutboxEntry.objects.filter(free, account__paused=False)
    return list(found.values_list("account_id", flat=True).distinct())


def trying(entry: OutboxEntry, attempts: int) -> None:
    """Write down, before a one-shot action leaves, that it may have been carried out; 0 takes it
    back after an answer that proves that it was not."""
    entry.attempts = attempts
    OutboxEntry.objects.filter(pk=entry.pk).update(attempts=attempts)


def done(entry: OutboxEntry, result: dict[str, Any] | None = None) -> None:
    """The platform agrees. Of its answer, what may be a way in (an address, a key) is not kept."""
    kept = {name: value for name, value in (result or {}).items() if name in _KEPT}
    _settle(entry, State.DONE, result=kept, problem="", done_at=clock.now())


def failed(
    entry: OutboxEntry, problem: str, field_errors: dict[str, list[str]] | None = None
) -> None:
    """The platform refused: it will not be tried again until a person says so."""
    _settle(entry, State.FAILED, problem=problem[:500], field_errors=field_errors or {})


def unknown(entry: OutboxEntry, problem: str) -> None:
    """A one-shot action whose answer was lost: shown, and never repeated on doubt."""
    _settle(entry, State.UNKNOWN, problem=problem[:500])


def later(entry: OutboxEntry, problem: str, seconds: float | None = None) -> None:
    """Put it back; by default after a pause that doubles with each attempt."""
    pause = seconds if seconds is not None else _pause(entry.attempts)
    attempts = entry.attempts + (1 if seconds is None else 0)
    try:
        with transaction.atomic():
            _settle(
                entry, State.WAITING, problem=problem[:500], attempts=attempts,
                not_before=clock.now() + timedelta(seconds=pause),
            )  # fmt: skip
    except IntegrityError:
        # A newer note for the same row is waiting already: this one has nothing to add.
        _settle(entry, State.DONE, problem="", done_at=clock.now())


def retry(entry: OutboxEntry) -> bool:
    """A person asks to try again now; answers False where the entry was settled meanwhile."""
    if entry.state not in (State.FAILED, State.UNKNOWN):
        return False
    try:
        with transaction.atomic():
            # A person takes it upon themselves: what was lost before is not held against it.
            _settle(entry, State.WAITING, not_before=clock.now(), field_errors={}, attempts=0)
    except IntegrityError:
        _settle(entry, State.DONE, done_at=clock.now())
    ring(entry.account_id)
    return True


def drop(account_id: int, kind: str, local_ids: Iterable[int]) -> None:
    """Rows that have left an account have nothing to tell it any more."""
    OutboxEntry.objects.filter(
        account_id=account_id, kind=kind, local_id__in=list(local_ids), verb=PUSH
    ).exclude(state=State.DONE).update(state=State.DONE, problem="", done_at=clock.now())


def failed_pushes(account_id: int) -> set[tuple[str, int]]:
    """Whose push was refused: kind and row."""
    rows = OutboxEntry.objects.filter(account_id=account_id, verb=PUSH, state=State.FAILED)
    return set(rows.values_list("kind", "local_id"))


def close_older(account_id: int, kind: str, local_ids: Iterable[int]) -> None:
    """Rows that agree now have no use for older failed pushes."""
    OutboxEntry.objects.filter(
        account_id=account_id, kind=kind, local_id__in=list(local_ids), verb=PUSH,
        state=State.FAILED,
    ).update(state=State.DONE, done_at=clock.now())  # fmt: skip


def _settle(entry: OutboxEntry, state: str, **values: Any) -> None:
    values |= {"state": state}
    for name, value in values.items():
        setattr(entry, name, value)
    OutboxEntry.objects.filter(pk=entry.pk).update(**values)


def _pause(attempts: int) -> float:
    return float(min(FIRST_PAUSE * 2.0**attempts, LONGEST_PAUSE))


def _slices(ids: list[int], size: int = 500) -> Iterable[list[int]]:
    return (ids[i : i + size] for i in range(0, len(ids), size))
