"""Add, claim and settle outbox entries. Nothing else writes them."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.db.models import Case, Exists, IntegerField, OuterRef, Q, QuerySet, Value, When
from django.utils.translation import gettext as _
from kombu.exceptions import OperationalError

from integrations.base.records import Kind
from portal.celery import app
from portal.common import clock
from portal.common.errors import NotPossible
from portal.common.texts import Text, own_words, parameter
from portal.outbox import sentences
from portal.outbox.models import KEPT_BACK, PRESS, PUSH, SETTLED, OutboxEntry
from portal.platforms.lease import Lease
from portal.platforms.models import PlatformAccount

Answers = Sequence[dict[str, Any]]
State, Rank = OutboxEntry.State, OutboxEntry.Rank
_KEPT = frozenset({"id", "sentence", "dismissed", KEPT_BACK})
ENTRIES_KEPT = timedelta(days=90)
FIRST_PAUSE, LONGEST_PAUSE = 20.0, 1800.0  # seconds
MOST_AT_ONCE = 500  # entries that are claimed together
PATIENCE = 0.5  # seconds after which a worker that is free would have begun
# What concerns everybody: a webinar that was cancelled, moved or made.
_WEBINARS = Q(kind=Kind.CONFERENCE, verb=PUSH)
# What was asked for many things at once, or found by a sync.
BULK = Q(rank__gt=Rank.ONE)


def add(
    account: PlatformAccount,
    kind: str,
    local_id: int,
    *,
    verb: str = PUSH,
    arguments: dict[str, Any] | None = None,
    by: User | None = None,
) -> OutboxEntry:
    """Add an entry and notify a worker after commit; answers it, or the one that waited already."""
    if verb == PUSH:
        entry = _insert(account, kind, [local_id], rank=Rank.ONE, by=by)[local_id]
    else:
        entry = _new(account, kind, local_id, verb=verb, arguments=arguments or {}, by=by)
        entry.save()
    notify(account.pk)
    return entry


def add_many(
    account: PlatformAccount, kind: str, local_ids: Iterable[int], by: User | None = None
) -> dict[int, OutboxEntry]:
    """Add a push entry for each row, in a few statements, and notify once; answers them by row."""
    ids = set(local_ids)
    entries = _insert(account, kind, ids, rank=Rank.MANY if len(ids) > 1 else Rank.ONE, by=by)
    notify(account.pk)
    return entries


def begin(
    account: PlatformAccount,
    kind: str,
    local_id: int,
    verb: str,
    arguments: dict[str, Any],
    by: User | None,
    press: str = "",
) -> OutboxEntry:
    """Write down an action that a person waits for and that leaves this very moment.

    `press` names the form it comes from; raises NotPossible where the same one was sent before.
    Until its answer is settled it stands as one whose outcome nobody knows, so that a process
    that dies on the way leaves a trace, and no worker does it a second time.
    """
    stored = arguments | ({PRESS: press} if press else {})
    entry = _new(account, kind, local_id, verb=verb, arguments=stored, by=by)
    entry.state, entry.attempts = State.UNKNOWN, 1
    entry.problem = sentences.NO_ANSWER_SO_FAR
    with transaction.atomic():
        # Two presses at the same moment: the second one waits here and sees the first.
        PlatformAccount.objects.select_for_update(of=("self",)).get(pk=account.pk)
        same = OutboxEntry.objects.filter(account=account, kind=kind, local_id=local_id, verb=verb)
        before = same.filter(**{f"arguments__{PRESS}": press}).first() if press else None
        if before is not None:
            raise NotPossible(_sent_before(before))
        entry.save()
    return entry


def _sent_before(entry: OutboxEntry) -> str:
    if entry.state == State.UNKNOWN:
        return _(
            "This was sent already, and it is not known what came of it. "
            "See Needs attention before you try again."
        )
    return _("This was sent already. Open the page anew to do it once more.")


def forget(entry: OutboxEntry) -> None:
    """Take back an action that surely was not done, and about which the person was told."""
    OutboxEntry.objects.filter(pk=entry.pk, state=State.UNKNOWN).delete()


def ensure(account: PlatformAccount, kind: str, local_ids: Iterable[int]) -> None:
    """Leave a push entry where none is open; one that failed waits for a person."""
    wanted = set(local_ids)
    unsettled = OutboxEntry.objects.filter(account=account, kind=kind, verb=PUSH)
    unsettled = unsettled.exclude(state__in=SETTLED)
    for some in _slices(wanted):
        wanted -= set(unsettled.filter(local_id__in=some).values_list("local_id", flat=True))
    _insert(account, kind, wanted, rank=Rank.FOUND, by=None)


def _insert(
    account: PlatformAccount, kind: str, local_ids: Collection[int], *, rank: int, by: User | None
) -> dict[int, OutboxEntry]:
    """A waiting push entry for each row, held until the end of the transaction.

    A worker reads a row after it has claimed the row's entry. So an edit must not rely on an entry
    that may be claimed before the edit is committed: it takes the entry's lock, and the worker
    waits for it. What another edit has left in the same moment is held likewise.
    """
    entries: dict[int, OutboxEntry] = {}
    with transaction.atomic():
        for some in _slices(local_ids):
            for last in (False,) * 9 + (True,):
                entries |= _hold(account, kind, some, rank)
                missing = [pk for pk in some if pk not in entries]
                made = [_new(account, kind, pk, rank=rank, by=by) for pk in missing]
                if _made(made, last):
                    entries |= {entry.local_id: entry for entry in made}
                    break
    return entries


def _made(entries: list[OutboxEntry], last: bool) -> bool:
    """Write new entries; False where another edit was quicker: its entries are held in the next
    round, unless a worker has them by then."""
    try:
        with transaction.atomic():
            OutboxEntry.objects.bulk_create(entries)
    except IntegrityError:
        if last:
            raise
        return False
    return True


def _hold(
    account: PlatformAccount, kind: str, local_ids: list[int], rank: int
) -> dict[int, OutboxEntry]:
    """Lock the entries that wait for these rows, and make what a person wants now due at once."""
    rows = OutboxEntry.objects.filter(account=account, kind=kind, verb=PUSH, state=State.WAITING)
    rows = rows.filter(local_id__in=local_ids).order_by("pk").select_for_update()
    entries = {entry.local_id: entry for entry in rows}
    moment = clock.now()
    late = [n for n in entries.values() if n.not_before > moment or n.rank > rank]
    for entry in late:
        entry.not_before, entry.rank = min(entry.not_before, moment), min(entry.rank, rank)
    if late and rank != Rank.FOUND:
        OutboxEntry.objects.bulk_update(late, ["not_before", "rank"], batch_size=200)
    return entries


def _new(
    account: PlatformAccount,
    kind: str,
    local_id: int,
    *,
    verb: str = PUSH,
    arguments: dict[str, Any] | None = None,
    rank: int = Rank.ONE,
    by: User | None = None,
) -> OutboxEntry:
    moment = clock.now()
    return OutboxEntry(
        account=account,
        kind=kind,
        local_id=local_id,
        verb=verb,
        arguments=arguments or {},
        rank=rank,
        created_by=by,
        not_before=moment,
        created_at=moment,
    )


def notify(account_id: int) -> None:
    """Enqueue the account after commit. Losing the message costs time only: beat enqueues again."""
    transaction.on_commit(lambda: enqueue(account_id))


def enqueue(account_id: int) -> None:
    """Tell a worker now; a broker that is down must not hurt the person who edits."""
    platform = PlatformAccount.objects.values_list("platform", flat=True).get(pk=account_id)
    try:
        app.send_task(
            "portal.sync.tasks.push", [account_id], queue=platform, retry=False, ignore_result=True
        )
    except (OSError, OperationalError):
        return


def claim(lease: Lease, most: int = MOST_AT_ONCE, beside: Q | None = None) -> list[OutboxEntry]:
    """Claim what is due for the lease's account, the most urgent first; empty: nothing is due.

    An entry that is still "being sent" belongs to a worker that died, since the lease is ours.
    What an edit holds at this moment is left to the next claim; where that is all, the end of the
    edit is waited for. `beside` says what is left alone. Raises `LeaseLost`.
    """
    free = _due(clock.now()) | Q(state=State.WORKING)
    rows = OutboxEntry.objects.filter(free, account_id=lease.account_id).exclude(beside or Q())
    # Asked between the requests of a sync, and mostly for nothing: the order is costly to say.
    while rows.exists():
        with lease.commit():
            unheld = _most_urgent_first(rows).select_for_update(of=("self",), skip_locked=True)
            entries = list(unheld[:most])
            mine = OutboxEntry.objects.filter(pk__in=[entry.pk for entry in entries])
            mine.update(state=State.WORKING)
        for entry in entries:
            entry.state = State.WORKING
        if entries:
            return entries
        with transaction.atomic():
            rows.select_for_update(of=("self",)).first()
    return []


def overtaken(entries: Sequence[OutboxEntry]) -> bool:
    """Whether something waits by now that goes before the first of these claimed ones, or an edit
    of a row of theirs: then they are to be claimed anew."""
    first = entries[0]
    urgent = Q(rank__lt=first.rank)
    if (first.kind, first.verb) != (Kind.CONFERENCE, PUSH):
        urgent |= _WEBINARS
    else:
        urgent &= _WEBINARS
    edited = Q()
    for kind in {entry.kind for entry in entries}:
        edited |= Q(kind=kind, local_id__in=[x.local_id for x in entries if x.kind == kind])
    waiting = OutboxEntry.objects.filter(_due(clock.now()), account_id=first.account_id)
    return waiting.filter(urgent | edited).exists()


def waiting_rows(account_id: int, kind: str) -> frozenset[int]:
    """The rows of a kind of which something is to be sent."""
    rows = OutboxEntry.objects.filter(account_id=account_id, kind=kind, verb=PUSH)
    rows = rows.filter(state__in=[State.WAITING, State.WORKING])
    return frozenset(rows.values_list("local_id", flat=True))


def _most_urgent_first(rows: QuerySet[OutboxEntry]) -> QuerySet[OutboxEntry]:
    """What concerns everybody first: a cancelled or moved webinar. Then what a person asked for one
    row, then what was asked for many, then what a sync has found; parents before children."""
    webinars = Case(
        When(_WEBINARS, then=Value(0)),
        default=Value(1),
        output_field=IntegerField(),
    )
    places = [When(kind=str(kind), then=Value(place)) for place, kind in enumerate(Kind)]
    parents = Case(*places, default=Value(99), output_field=IntegerField())
    return rows.order_by(webinars, "rank", parents, "id")


def _due(moment: datetime) -> Q:
    return Q(state=State.WAITING, not_before__lte=moment)


def has_due(account_id: int, beside: Q | None = None) -> bool:
    """Whether something waits for this account now; `beside` says what does not count."""
    waiting = OutboxEntry.objects.filter(_due(clock.now()), account_id=account_id)
    return waiting.exclude(beside or Q()).exists()


def others_wait(account: PlatformAccount) -> bool:
    """Whether what a person did on another account of the platform has waited for a worker for a
    while: all of them are busy."""
    moment = clock.now()
    since = moment - timedelta(seconds=PATIENCE)
    idle = Q(account__runtime__lease_until=None) | Q(account__runtime__lease_until__lte=moment)
    waiting = OutboxEntry.objects.filter(
        idle,
        _due(since),
        rank=Rank.ONE,
        account__platform=account.platform,
        account__paused=False,
        account__state=PlatformAccount.State.CONNECTED,
    )
    quiet = Q(account__runtime__open_until__gt=moment)
    quiet |= Q(account__runtime__blocked_until__gt=moment)
    return waiting.exclude(account=account).exclude(quiet).exists()


def accounts_with_due(moment: datetime) -> list[int]:
    """Accounts for which something waits, or was being sent by a worker whose lease ended; each
    once."""
    idle = Q(account__runtime__lease_until=None) | Q(account__runtime__lease_until__lte=moment)
    free = _due(moment) | Q(state=State.WORKING) & idle
    asked = Q(account__paused=False, account__state=PlatformAccount.State.CONNECTED)
    # Without the order of entries, which would make each of them another answer.
    found = OutboxEntry.objects.filter(free, asked).order_by("account_id")
    return list(found.values_list("account_id", flat=True).distinct())


def trying(entry: OutboxEntry, attempts: int) -> None:
    """Write down, before a one-shot action leaves, that it may have been carried out; 0 takes it
    back after an answer that proves that it was not."""
    entry.attempts = attempts
    OutboxEntry.objects.filter(pk=entry.pk).update(attempts=attempts)


def done(entry: OutboxEntry, result: dict[str, Any] | None = None) -> None:
    """The platform agrees. Of its answer, what may be a way in (an address, a key) is not kept."""
    kept = {name: value for name, value in (result or {}).items() if name in _KEPT}
    _settle(entry, State.DONE, result=kept, problem="", answers=[], done_at=clock.now())


def done_many(entries: Iterable[OutboxEntry]) -> None:
    """The platform agrees with the rows of these claimed pushes."""
    for some in _slices([entry.pk for entry in entries]):
        OutboxEntry.objects.filter(pk__in=some, state=State.WORKING).update(
            state=State.DONE, result={}, problem="", answers=[], done_at=clock.now()
        )


def failed(
    entry: OutboxEntry,
    problem: Text | str,
    field_errors: dict[str, list[str]] | None = None,
    *,
    answers: Answers = (),
) -> None:
    """The platform refused: it will not be tried again until a person says so. `answers` are what
    it said (operation, status, redacted excerpt), where that is kept for administrators."""
    beside = {name: [parameter(one) for one in some] for name, some in (field_errors or {}).items()}
    said = own_words(problem)
    _settle(entry, State.FAILED, problem=said, field_errors=beside, answers=list(answers))


def unknown(entry: OutboxEntry, problem: Text | str, *, answers: Answers = ()) -> None:
    """A one-shot action whose answer was lost: shown, and never repeated on doubt."""
    _settle(entry, State.UNKNOWN, problem=own_words(problem), **_new_answers(answers))


def later(
    entry: OutboxEntry,
    problem: Text | str,
    seconds: float | None = None,
    *,
    answers: Answers = (),
) -> None:
    """Put it back; by default after a pause that doubles with each attempt. What the platform said
    before is kept where it says nothing new."""
    pause = seconds if seconds is not None else _pause(entry.attempts)
    values: dict[str, Any] = {"problem": own_words(problem)} | _new_answers(answers)
    values["attempts"] = entry.attempts + (1 if seconds is None else 0)
    _wait(entry, **values, not_before=clock.now() + timedelta(seconds=pause))


def later_many(
    entries: Iterable[OutboxEntry], problem: Text | str, seconds: float | None = None
) -> None:
    """Put claimed ones back for the same reason, as `later` does with one."""
    tried: dict[int, list[OutboxEntry]] = {}
    for entry in entries:
        tried.setdefault(entry.attempts, []).append(entry)
    for attempts, some in tried.items():
        pause = seconds if seconds is not None else _pause(attempts)
        _wait_many(
            some,
            problem=own_words(problem),
            attempts=attempts + (1 if seconds is None else 0),
            not_before=clock.now() + timedelta(seconds=pause),
        )


def put_back(entries: Iterable[OutboxEntry]) -> None:
    """What was claimed and not begun waits as before."""
    if some := list(entries):
        _wait_many(some)


def put_off(account_id: int, problem: Text | str, seconds: float, answers: Answers = ()) -> None:
    """Nothing of the account can be told now: what is due waits for `seconds`, and says why. The
    entry that was being sent keeps the `answers`."""
    moment = clock.now()
    rows = OutboxEntry.objects.filter(account_id=account_id)
    for entry in rows.filter(state=State.WORKING):
        later(entry, problem, seconds, answers=answers)
    until = moment + timedelta(seconds=seconds)
    rows.filter(_due(moment)).update(problem=own_words(problem), not_before=until)


def release(account_id: int, problem: Text) -> None:
    """What waited for this reason alone is due at once: the reason is gone."""
    waiting = OutboxEntry.objects.filter(account_id=account_id, state=State.WAITING)
    waiting.filter(problem=problem).update(problem="", not_before=clock.now())


def retry(entry: OutboxEntry) -> bool:
    """A person asks to try again now; answers False where the entry was settled meanwhile, or is
    on its way already."""
    waits_for_long = entry.state == State.WAITING and entry.attempts > 0
    if entry.state not in (State.FAILED, State.UNKNOWN) and not waits_for_long:
        return False
    # A person takes it upon themselves: what was lost before is not held against it.
    values = {"field_errors": {}, "answers": [], "attempts": 0, "rank": Rank.ONE}
    changed = _wait(entry, not_before=clock.now(), **values)
    notify(entry.account_id)
    return changed


def drop(account_id: int, kind: str, local_ids: Iterable[int]) -> None:
    """Rows that have left an account have nothing to tell it any more."""
    OutboxEntry.objects.filter(
        account_id=account_id, kind=kind, local_id__in=list(local_ids), verb=PUSH
    ).exclude(state__in=SETTLED).update(
        state=State.SUPERSEDED, problem="", answers=[], done_at=clock.now()
    )


def failed_pushes(account_id: int) -> set[tuple[str, int]]:
    """Whose push was refused: kind and row."""
    rows = OutboxEntry.objects.filter(account_id=account_id, verb=PUSH, state=State.FAILED)
    return set(rows.values_list("kind", "local_id"))


def close_older(account_id: int, kind: str, local_ids: Iterable[int]) -> None:
    """Rows that agree now have no use for older failed pushes."""
    OutboxEntry.objects.filter(
        account_id=account_id,
        kind=kind,
        local_id__in=list(local_ids),
        verb=PUSH,
        state=State.FAILED,
    ).update(state=State.DONE, answers=[], done_at=clock.now())


def prune() -> None:
    """Forget entries that were settled long ago."""
    settled = OutboxEntry.objects.filter(state__in=SETTLED)
    settled.filter(done_at__lt=clock.now() - ENTRIES_KEPT).delete()


def _wait(entry: OutboxEntry, **values: Any) -> bool:
    """Have it wait again, unless a newer entry of the same row waits: that one takes its place."""
    try:
        with transaction.atomic():
            return _settle(entry, State.WAITING, **values)
    except IntegrityError:
        newer = OutboxEntry.objects.filter(
            account=entry.account_id,
            kind=entry.kind,
            local_id=entry.local_id,
            verb=PUSH,
            state=State.WAITING,
        ).first()
        values = {"problem": "", "answers": [], "done_at": clock.now(), "replaced_by": newer}
        return _settle(entry, State.SUPERSEDED, **values)


def _wait_many(entries: list[OutboxEntry], **values: Any) -> None:
    """Have claimed ones wait again, in one statement but for those whose row has a newer entry."""
    newer = OutboxEntry.objects.filter(
        account=OuterRef("account"),
        kind=OuterRef("kind"),
        local_id=OuterRef("local_id"),
        verb=PUSH,
        state=State.WAITING,
    )
    mine = OutboxEntry.objects.filter(pk__in=[x.pk for x in entries], state=State.WORKING)
    try:
        with transaction.atomic():
            changed = mine.exclude(Exists(newer), verb=PUSH).update(state=State.WAITING, **values)
    except IntegrityError:  # an edit was quicker
        changed = 0
    for entry in mine if changed < len(entries) else ():
        _wait(entry, **values)


def _settle(entry: OutboxEntry, state: str, **values: Any) -> bool:
    """Write what became of it, unless somebody else has settled it meanwhile; whether it was."""
    values |= {"state": state}
    if entry.settled:
        return False
    changed = OutboxEntry.objects.filter(pk=entry.pk, state=entry.state).update(**values)
    if changed:
        for name, value in values.items():
            setattr(entry, name, value)
    return bool(changed)


def _new_answers(answers: Answers) -> dict[str, Any]:
    return {"answers": list(answers)} if answers else {}


def _pause(attempts: int) -> float:
    return float(min(FIRST_PAUSE * 2.0**attempts, LONGEST_PAUSE))


def _slices(ids: Collection[int], size: int = 500) -> Iterable[list[int]]:
    ordered = sorted(ids)
    return (ordered[i : i + size] for i in range(0, len(ordered), size))
