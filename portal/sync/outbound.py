"""Work off the outbox of one account: observe, compare again, send, and write down what came of it.

Most of it are pushes: the platform is made to agree with one row of ours.
"""

import time
from collections import deque
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from django.db.models import Q

from integrations.base.errors import (
    CredentialsRejected,
    OutcomeUnknown,
    PlatformError,
    PlatformUnavailable,
    RateLimited,
    RecordNotFound,
    RequestRejected,
    UnsupportedByPlatform,
)
from integrations.base.records import PARENTS, Kind, Record
from integrations.base.texts import say
from portal.common import clock
from portal.common.batches import slices
from portal.common.texts import Text, own_words, several
from portal.conferences.mails import services as mails
from portal.outbox import services as outbox
from portal.outbox.models import KEPT_BACK, PRESS, PUSH, OutboxEntry
from portal.platforms import capacity
from portal.platforms.lease import LeaseLost
from portal.sync import imports, listing, sending, sentences
from portal.sync.context import SyncContext, answers_of
from portal.sync.kinds import mirror_of, rows_of
from portal.sync.models import Conflict, PlatformLink
from portal.sync.plan import brake_before_deletes, plan_unlisted, reconcile
from portal.sync.scope import Scope, load

State = PlatformLink.State
# Trouble of the whole account: the other entries need not be tried now.
ACCOUNT_TROUBLE = (PlatformUnavailable, RateLimited, CredentialsRejected)
# How long one round goes on, in seconds: the next listing waits no longer than the first, the next
# page no longer than the second for what is to be sent; after the third a worker turns to other
# accounts, and comes back at once.
BETWEEN_LISTINGS, WITHIN_LISTING, AT_ONCE = 20.0, 2.0, 240.0
# Whether others wait for a worker is asked after each so many seconds: then it turns to them.
FAIR_SHARE = 2.0
# What was read of a batch serves for so long, while nothing has come in that goes before it or
# changes it. That is asked about after so many seconds, or twice as many where few calls were made
# meanwhile; while a sync reads, after the last.
ONE_BATCH, ASK_WITHIN, ASK_EVERY = 30.0, 0.5, 0.25
HELD_SECONDS = 300.0
# After this a create is looked for before it is sent: an older database may have asked for it.
WAITED_LONG = timedelta(minutes=5)


class NotYet(Exception):
    """The entry must wait; the text says for what, `seconds` for how long (None: growing)."""

    def __init__(self, text: Text | str, seconds: float | None = 20.0) -> None:
        super().__init__(text)
        self.text = text
        self.seconds = seconds


class Unclear(Exception):
    """Nobody will ever know whether it was done: a person has to decide. The text says so."""

    def __init__(self, text: Text) -> None:
        super().__init__(text)
        self.text = text


def push_due(context: SyncContext, seconds: float | None = None, beside: Q | None = None) -> None:
    """Work off what is due, the most urgent first, for `AT_ONCE` seconds if nothing else is said.
    What comes in meanwhile takes its place. A round ends when something that it has put off is due
    once more: the listing that it waits for comes first. So it does where others wait for a worker
    (see `FAIR_SHARE`). `beside` says which entries are left alone."""
    if context.held:
        with context.lease.commit():
            outbox.put_off(context.account.pk, sentences.ACCOUNT_HELD, HELD_SECONDS)
        return
    imports.flush(context)
    context.ahead.rest()
    deliveries = Deliveries(context, AT_ONCE if seconds is None else seconds)
    context.delivering, before = True, context.run.calls
    try:
        while deliveries.may_go_on and (some := outbox.claim(context.lease, beside=beside)):
            deliveries.work_off(some)
    except ACCOUNT_TROUBLE as error:
        with context.lease.commit():
            outbox.put_off(context.account.pk, error.message, _pause(error), answers_of(error))
        raise
    finally:
        context.delivering = context.for_staff = False
        context.delivery_calls += context.run.calls - before
    if deliveries.begun:
        mails.notify_worker()


def push_urgent(context: SyncContext, beside: Scope | None = None) -> bool:
    """Send what is due while a sync goes on; whether something was sent. To be called between two
    listings and, with the place that is being listed as `beside`, between two pages of one.

    Where nothing is due it costs one statement every `ASK_EVERY` seconds. Between listings it goes
    on for `BETWEEN_LISTINGS` seconds, within one for `WITHIN_LISTING`; what was asked for many
    things then leaves the listing as much time before it goes on, and what a person did to one row
    does not wait for that.

    What leaves from here is compared, sent and written down as at any other time. Within a listing
    it must not change what its pages to come show, nor what was kept of those before: all of the
    kind that is being listed waits for its end, and what is about the very webinar or group that
    it belongs to, and, where people are listed, what brings people along. After a listing, the
    caller reads rows and links anew before it compares the next (`scope.reload`).
    """
    moment = time.monotonic()
    if context.dry_run or context.delivering or moment - context.asked_at < ASK_EVERY:
        return False
    context.asked_at = moment
    left = Q() if beside is None else _entries_of(beside)
    if moment < context.listing_until:
        left |= outbox.BULK
    if not outbox.has_due(context.account.pk, left):
        return False
    if beside is None:
        push_due(context, BETWEEN_LISTINGS, left)
    else:
        push_due(context, WITHIN_LISTING, left)
        ended = time.monotonic()
        if moment >= context.listing_until:
            context.listing_until = ended + (ended - moment)
    context.asked_at = time.monotonic()
    return True


def _entries_of(scope: Scope) -> Q:
    """The entries that a listing's pages may show the effect of, and those of what belongs to them:
    they would only find that their webinar does not stand there yet."""
    kinds = [scope.kind]
    if scope.kind is Kind.ATTENDEE:
        kinds += [Kind.REGISTRATION, Kind.MEMBERSHIP]
    left = Q(kind__in=kinds)
    if scope.parent is not None:
        return left | Q(kind=scope.parent.kind, local_id=scope.parent.local_id)
    waiting = OutboxEntry.objects.filter(account=scope.account, kind=scope.kind, verb=PUSH)
    parents = list(
        waiting.filter(state=OutboxEntry.State.WAITING).values_list("local_id", flat=True)
    )
    for kind in [kind for kind in Kind if parents and PARENTS.get(kind) is scope.kind]:
        rows = mirror_of(kind).rows(scope.account, parents).order_by()
        left |= Q(kind=kind, local_id__in=rows.values("pk"))
    return left


def _write_failure(
    deliveries: "Deliveries", entry: OutboxEntry, error: Unclear | PlatformError
) -> None:
    """What becomes of an entry that was not carried out, or perhaps was."""
    if isinstance(error, Unclear):
        outbox.unknown(entry, error.text)
    elif isinstance(error, RequestRejected | UnsupportedByPlatform):
        beside = getattr(error, "field_errors", None)
        outbox.failed(entry, error.message, beside, answers=answers_of(error))
    elif isinstance(error, RecordNotFound):
        said = several(own_words(error.message), sentences.NEXT_LISTING)
        outbox.later(entry, said, answers=answers_of(error))
    elif entry.verb == PUSH or deliveries.repeatable(entry):
        outbox.later(entry, error.message, answers=answers_of(error))
    else:
        said = several(own_words(error.message), sentences.DONE_OR_NOT)
        outbox.unknown(entry, said, answers=answers_of(error))


def _kept_back(context: SyncContext, entry: OutboxEntry) -> dict[str, Any]:
    """Our values that were not sent, since something over there keeps undoing them."""
    kept = context.kept_back.pop((entry.kind, entry.local_id), None)
    return {KEPT_BACK: kept} if kept else {}


def _pause(error: PlatformError) -> float:
    if isinstance(error, RateLimited):
        return error.retry_after if error.retry_after is not None else 60.0
    return 30.0


class Deliveries:
    """One round of deliveries, batch by batch.

    What a batch has to do with is read at once, after it was claimed. That a push went well, or has
    to wait, is written down for all of them when the batch ends: what it did stands in its link by
    then, so that the worst that a crash can bring is that a row is compared once more.
    """

    def __init__(self, context: SyncContext, seconds: float) -> None:
        self.context = context
        self.begun = False
        self._seconds, self._since = seconds, time.monotonic()
        self._over = False
        self._asked_at, self._since_asked = self._since, 0
        self._fair_until = self._since + FAIR_SHARE
        self._rows: dict[str, dict[int, Any]] = {}
        self._scopes: dict[tuple[Kind, int | None], Scope] = {}
        self._outdated = False
        self._observed: set[tuple[Kind, int | None]] = set()
        self._few_deletes: dict[tuple[Kind, int | None], bool] = {}
        self._done: list[OutboxEntry] = []
        self._later: dict[tuple[Text | str, float | None], list[OutboxEntry]] = {}
        self._put_off: set[int] = set()

    # A batch -------------------------------------------------------------------------------

    @property
    def may_go_on(self) -> bool:
        """Whether the round is not over yet."""
        return not self._over and time.monotonic() - self._since < self._seconds

    def work_off(self, entries: list[OutboxEntry]) -> None:
        """Carry out claimed entries until the round is over, or something else goes before them."""
        rest = deque(entries)
        began = time.monotonic()
        self._read(rest)
        try:
            while rest and self.may_go_on and time.monotonic() - began < ONE_BATCH:
                if rest[0].pk in self._put_off:
                    self._over = True
                    break
                if self._is_time_to_ask() and self._has_to_give_way(rest):
                    break
                if self._outdated:
                    self._read(rest)
                self._settle(rest.popleft())
        except LeaseLost:
            raise
        except Exception:
            self._end(rest)
            raise
        self._end(rest)

    def _is_time_to_ask(self) -> bool:
        self._since_asked += 1
        passed = time.monotonic() - self._asked_at
        if passed < ASK_WITHIN or (passed < 2 * ASK_WITHIN and self._since_asked < 20):
            return False
        self._asked_at, self._since_asked = time.monotonic(), 0
        return True

    def _has_to_give_way(self, rest: Sequence[OutboxEntry]) -> bool:
        """Whether something more urgent has come in, or others have waited long enough."""
        if time.monotonic() - self._fair_until > 0:
            self._over = outbox.others_wait(self.context.account)
            self._fair_until = time.monotonic() + FAIR_SHARE
        return self._over or outbox.overtaken(list(rest))

    def _settle(self, entry: OutboxEntry) -> None:
        """Carry out one entry, and write down or remember what came of it."""
        context = self.context
        context.for_staff = entry.rank != OutboxEntry.Rank.FOUND
        context.told += 1
        self.begun = True
        try:
            result = self.carry_out(entry)
        except ACCOUNT_TROUBLE:
            raise
        except NotYet as error:
            self._later.setdefault((error.text, error.seconds), []).append(entry)
            self._put_off.add(entry.pk)
        except (Unclear, PlatformError) as error:
            self._fail(entry, error)
        else:
            self._succeed(entry, result | _kept_back(context, entry))

    def _succeed(self, entry: OutboxEntry, result: dict[str, Any]) -> None:
        self.context.understood = True
        if entry.verb == PUSH and not result:
            self._done.append(entry)
            return
        with self.context.lease.commit():
            outbox.done(entry, result)
            outbox.close_older(self.context.account.pk, entry.kind, [entry.local_id])

    def _fail(self, entry: OutboxEntry, error: Unclear | PlatformError) -> None:
        context = self.context
        if isinstance(error, PlatformError) and not isinstance(error, RecordNotFound):
            context.trouble(error.message, error)
        if isinstance(error, RequestRejected | RecordNotFound) and error.status:
            context.understood = True
        with context.lease.commit():
            _write_failure(self, entry, error)
        if isinstance(error, PlatformError):
            capacity.learn(context.account, error)
        if entry.state == OutboxEntry.State.WAITING:
            self._put_off.add(entry.pk)

    def _end(self, rest: Collection[OutboxEntry]) -> None:
        """Write down what became of the batch. What it did not come to waits as before."""
        done, later = self._done, self._later
        self._done, self._later = [], {}
        with self.context.lease.commit():
            outbox.done_many(done)
            for kind in {entry.kind for entry in done}:
                rows = [entry.local_id for entry in done if entry.kind == kind]
                outbox.close_older(self.context.account.pk, kind, rows)
            for (text, seconds), some in later.items():
                outbox.later_many(some, text, seconds)
            outbox.put_back(rest)

    def _read(self, entries: Iterable[OutboxEntry]) -> None:
        """Read our side of these entries: rows, what they belong to, and the links of both."""
        self._outdated = False
        self._scopes.clear()
        self._rows.clear()
        self.context.links.clear()
        ids: dict[str, set[int]] = {}
        for entry in entries:
            ids.setdefault(entry.kind, set()).add(entry.local_id)
        for kind, some in ids.items():
            self._rows[kind] = rows_of(kind, some)
            self._read_links(kind, some)
        for kind in [kind for kind in ids if kind in PARENTS]:
            above, rows = PARENTS[Kind(kind)], self._rows[kind].values()
            some = {mirror_of(kind).parent_of(row) or 0 for row in rows}
            some -= self._rows.setdefault(above, {}).keys()
            self._rows[above] |= rows_of(above, some)
            self._read_links(above, some)
            along = {one[1] for row in rows if (one := mirror_of(kind).brings(row)) is not None}
            self._read_links(Kind.ATTENDEE, along - self._rows.get(Kind.ATTENDEE, {}).keys())

    def _read_links(self, kind: str, ids: Collection[int]) -> None:
        self.context.links |= dict.fromkeys((str(kind), pk) for pk in ids)
        for some in slices(ids):
            links = PlatformLink.objects.filter(account=self.context.account, kind=kind)
            found = links.filter(local_id__in=some)
            self.context.links |= {(str(kind), link.local_id or 0): link for link in found}

    # An entry ------------------------------------------------------------------------------

    def carry_out(self, entry: OutboxEntry) -> dict[str, Any]:
        """Push a row, or perform an action; answers what to keep with the entry."""
        if entry.verb != PUSH:
            return self.perform(entry)
        self.push(entry)
        return {}

    def push(self, entry: OutboxEntry) -> None:
        """Make the platform agree with one row."""
        kind = Kind(entry.kind)
        row = self._rows[kind].get(entry.local_id)
        if row is None or getattr(row, "draft", False):
            return
        scope = self._scope(kind, row)
        if scope is None:
            self._forget_create(entry)
            return
        row = scope.rows.setdefault(row.pk, row)
        self._add_new_link(scope, row)
        if entry.created_at < clock.now() - WAITED_LONG and self._may_be_there(scope, row):
            # A restored database knows no better than that it is still to be made.
            self._observe_once(scope)
            row = scope.rows.get(row.pk, row)
        self._push_row(scope, row)
        row = scope.rows.get(row.pk, row)
        link = scope.by_row.get(row.pk)
        stands = link is not None and link.made and link.state == State.LIVE
        if link is not None and stands and scope.mirror.wants_link(row):
            self._fetch_join_link(scope, row, link)

    def perform(self, entry: OutboxEntry) -> dict[str, Any]:
        """Do a one-shot action on a conference (or another row)."""
        link = self.context.links.get((entry.kind, entry.local_id))
        if link is None or link.external_id is None:
            raise NotYet(sentences.NOT_THERE_YET(platform=self.context.platform))
        if entry.attempts and not self.repeatable(entry):
            raise OutcomeUnknown(say("An earlier try ended without an answer."))
        with self.context.lease.commit():
            outbox.trying(entry, entry.attempts + 1)
        arguments = {name: v for name, v in entry.arguments.items() if name != PRESS}
        try:
            result = self.context.adapter.perform(entry.verb, link.external_id, arguments)
        except sending.NOT_MADE:
            with self.context.lease.commit():
                outbox.trying(entry, 0)
            raise
        return result

    def repeatable(self, entry: OutboxEntry) -> bool:
        """Whether an action may be done again after its answer was lost."""
        action = self.context.adapter.capabilities.actions.get(entry.verb)
        return action is not None and action.repeatable

    # A row ---------------------------------------------------------------------------------

    def _push_row(self, scope: Scope, row: Any) -> None:
        link = scope.by_row.get(row.pk)
        if link is not None and link.op:
            link = self._find_create(scope, row)
        if link is not None and _is_awaited(link):
            link = self._wait_for(scope, row)
        if link is None or not link.made or scope.reinstates(link, row):
            self._create(scope, row, link)
        elif link.state != State.LIVE:
            return  # gone or deleted there: staff choose, or nothing is left to do
        elif not scope.can.list.offered and not scope.can.get.offered:
            self._say_again(scope, row)
        elif link.external_id is None:
            return  # made, but not named yet: the next listing binds it
        else:
            self._make_agree(scope, row, link)

    def _create(self, scope: Scope, row: Any, link: PlatformLink | None) -> None:
        if getattr(row, "removed_at", None) or not scope.can.create.offered:
            return
        if _is_removed_meanwhile(row):
            return  # a newer entry says so; a platform may write to whom it is given
        if _finds_before_create(scope):
            # Somebody may have put the same one there meanwhile.
            self._observe_once(scope)
            link = scope.by_row.get(row.pk)
            if link is not None and link.made:
                if not scope.reinstates(link, row):
                    return
                if (scope.kind, link.external_id) in self.context.observed:
                    raise NotYet(sentences.STILL_SHOWN(platform=self.context.platform), 30.0)
        fields = {name: [None, value] for name, value in scope.mirror.read(row).items()}
        step = sending.Create(scope=scope, link=link, row=row, fields=fields)
        try:
            step.run(self.context)
        finally:
            if step.link is not None and step.link.pk:
                scope.by_row[row.pk] = step.link
                self.context.remember(step.link)

    def _find_create(self, scope: Scope, row: Any) -> PlatformLink | None:
        """A create whose answer was lost: read the listing, and wait if that settles nothing."""
        if scope.can.upsert:
            return scope.by_row[row.pk]
        if not scope.can.list.offered:
            restored = scope.by_row[row.pk].restored(row)
            why = sentences.WAITED_IN_BACKUP if restored else sentences.ANSWER_LOST
            raise Unclear(why(platform=self.context.platform))
        self._observe_once(scope)
        link = scope.by_row.get(row.pk)
        if link is not None and link.op:
            asked = link.conflicts.filter(sort=Conflict.Sort.WHICH, resolved_at=None).first()
            if asked is not None:
                which = asked.theirs
                what = sentences.WHICH_IS_ASKED if which else sentences.WHETHER_IS_ASKED
                raise NotYet(what, HELD_SECONDS)
            raise NotYet(sentences.CHECKING(platform=self.context.platform), 30.0)
        return link

    def _wait_for(self, scope: Scope, row: Any) -> PlatformLink | None:
        """Somebody who was registered, and so stands there, but whom no listing has shown yet."""
        self._observe_once(scope)
        link = scope.by_row.get(row.pk)
        if link is not None and link.awaited:
            raise NotYet(sentences.PERSON_NOT_SHOWN(platform=self.context.platform), 30.0)
        return link

    def _say_again(self, scope: Scope, row: Any) -> None:
        for step in plan_unlisted(scope):
            if isinstance(step, sending.Replace) and step.row.pk == row.pk:
                replace(step, row=row).run(self.context)

    def _make_agree(self, scope: Scope, row: Any, link: PlatformLink) -> None:
        try:
            record = self._record(scope, link)
        except RecordNotFound:
            if scope.mirror.made_anew(row, link):
                self._make_anew(scope, sending.Readdress(scope=scope, link=link, row=row))
                return
            if not (scope.can.delete.offered and getattr(row, "removed_at", None)):
                raise
            # What staff want gone is gone: nothing is left to send, or to wait for.
            sending.DeletedByOthers(scope=scope, link=link, row=row).run(self.context)
            return
        # If a listing was read for it, that may have brought news of this very row.
        link, row = scope.by_row.get(row.pk, link), scope.rows.get(row.pk, row)
        for step in reconcile(scope, link, row, record):
            if isinstance(step, sending.Readdress):
                self._make_anew(scope, step)
                continue
            if isinstance(step, sending.Delete):
                self._require_few_deletes(scope, step.row)
            step.run(self.context)

    def _make_anew(self, scope: Scope, step: sending.Readdress) -> None:
        """In two steps, each kept: what is withdrawn and not put there yet is put there later."""
        step.run(self.context)
        self._create(scope, step.row, step.link)

    def _fetch_join_link(self, scope: Scope, row: Any, link: PlatformLink) -> None:
        """The personal link, which a mail waits for. Where only a record shows it, that is read
        now: the next listing of the people of a webinar far ahead may be half an hour away."""
        if scope.kind is Kind.REGISTRATION:
            if self.context.adapter.capabilities.action("join_link").offered:
                self._ask_for_join_link(scope, row)
        elif scope.can.get.offered and link.external_id is not None:
            shown = self.context.adapter.get(scope.kind, link.external_id, scope.parent_id)
            with self.context.lease.commit():
                scope.mirror.learn(row, shown)

    def _ask_for_join_link(self, scope: Scope, row: Any) -> None:
        """Where the create did not give it to us, or its answer was lost."""
        person = row.attendee
        arguments = {"email": person.email, "name": person.name, "role": "listener"}
        if row.conference.password:
            arguments["password"] = row.conference.password
        answer = self.context.adapter.perform("join_link", scope.parent_id or "", arguments)
        with self.context.lease.commit():
            row.join_url = str(answer.get("join_url") or "")[:2000]
            row.registered_at = row.registered_at or clock.now()
            row.save(update_fields=["join_url", "registered_at", "updated_at"])

    def _may_be_there(self, scope: Scope, row: Any) -> bool:
        """Whether the row is still to be made, on a platform that may show the very same."""
        link, can = scope.by_row.get(row.pk), scope.can
        to_be_made = link is None or not (link.made or link.op)
        return to_be_made and can.list.offered and not can.unique_key and len(can.natural_key) > 1

    # What the platform shows ---------------------------------------------------------------

    def _record(self, scope: Scope, link: PlatformLink) -> Record:
        """The record as it is now, or was seconds ago; asked for where it was not seen so
        lately, by the listing where the platform shows it in no other way."""
        external_id = link.external_id or ""
        seen = self.context.observed.take(scope.kind, external_id, gettable=scope.can.get.offered)
        if seen is not None:
            return seen
        if scope.can.get.offered:
            return self.context.adapter.get(scope.kind, external_id, scope.parent_id)
        self._observe(scope)
        seen = self.context.observed.take_any(scope.kind, external_id)
        if seen is None:
            raise NotYet(sentences.NOT_SHOWN(platform=self.context.platform), None)
        return seen

    def _observe_once(self, scope: Scope) -> None:
        """Read the scope's listing, once in this round, and read our side anew."""
        if scope.place not in self._observed:
            self._observe(scope)

    def _observe(self, scope: Scope) -> None:
        """Read the scope's listing, and our side of the batch's entries anew."""
        self._observed.add(scope.place)
        listing.observe(self.context, load(self.context, scope.kind, scope.parent, full=False))
        mirror, rows = scope.mirror, self._rows[scope.kind]
        above = scope.parent.local_id if scope.parent else None
        ids = {pk for pk, row in rows.items() if mirror.parent_of(row) == above}
        rows |= rows_of(scope.kind, ids)
        self._read_links(scope.kind, ids)
        links = [self.context.links.get((scope.kind, pk)) for pk in ids]
        scope.replace({pk: rows[pk] for pk in ids}, [link for link in links if link is not None])
        # News of people or webinars may be news of any other row, or of what it belongs to.
        self._outdated = self._outdated or scope.parent is None

    # The brake before our own deletes ------------------------------------------------------

    def _require_few_deletes(self, scope: Scope, row: Any) -> None:
        """Many deletes at once wait for a person. Raises NotYet."""
        if why := scope.mirror.keeps(row):
            raise NotYet(why, 30.0)
        if scope.place not in self._few_deletes:
            whole = load(self.context, scope.kind, scope.parent, full=False)
            brake = brake_before_deletes(whole)
            self._few_deletes[scope.place] = brake is None
            if brake is not None:
                brake.run(self.context)
        if not self._few_deletes[scope.place]:
            raise NotYet(sentences.MANY_DELETES, HELD_SECONDS)

    # Where a row stands --------------------------------------------------------------------

    def _scope(self, kind: Kind, row: Any) -> Scope | None:
        """The row's scope, with those rows and links that the batch has come to; None where the
        platform has no place for it."""
        parent_row = mirror_of(kind).parent_of(row)
        key = (kind, parent_row)
        if key not in self._scopes:
            parent = self._parent(kind, parent_row) if parent_row else None
            if parent_row and parent is None:
                return None
            self._scopes[key] = Scope(
                adapter=self.context.adapter,
                mirror=mirror_of(kind),
                parent=parent,
                rows={},
                links=[],
                account=self.context.account,
                full=False,
                since=self.context.run.started_at,
            )
        return self._scopes[key]

    def _parent(self, kind: Kind, local_id: int) -> PlatformLink | None:
        """What it belongs to, on the platform; None where that is gone, deleted or a draft."""
        parent_kind = PARENTS[kind]
        row = self._rows[parent_kind].get(local_id)
        if row is None or getattr(row, "draft", False) or row.removed_at or row.gone_at:
            return None
        link = self.context.links.get((parent_kind, local_id))
        if link is None or link.external_id is None:
            raise NotYet(sentences.parent_not_there_yet(parent_kind, self.context.platform))
        return link if link.state == State.LIVE else None

    def _add_new_link(self, scope: Scope, row: Any) -> None:
        """The row's link, be it that another delivery of this batch has made it: a registration
        brings its person along."""
        link = self.context.links.get((scope.kind, row.pk))
        if link is not None and row.pk not in scope.by_row:
            scope.links.append(link)
            scope.by_row[row.pk] = link

    def _forget_create(self, entry: OutboxEntry) -> None:
        """What it belongs to is gone: whether it had been created there has no answer any more."""
        link = self.context.links.get((entry.kind, entry.local_id))
        if link is None or not link.op:
            return
        with self.context.lease.commit():
            PlatformLink.objects.filter(pk=link.pk).exclude(op="").update(
                op="", op_sent={}, op_absences=0
            )


def _is_removed_meanwhile(row: Any) -> bool:
    """Whether staff have taken it off since its batch was read, half a second ago or longer."""
    if not hasattr(row, "removed_at"):
        return False
    return not type(row)._base_manager.filter(pk=row.pk, removed_at=None).exists()


def _is_awaited(link: PlatformLink) -> bool:
    """Whether its entry waits until a listing has shown who was brought along."""
    return link.awaited


def _finds_before_create(scope: Scope) -> bool:
    """Whether the listing is read before a create: where it can be known by its key alone."""
    return scope.can.unique_key and scope.can.list.offered
