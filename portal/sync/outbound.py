"""Work off the outbox of one account: observe, compare again, send, and write down what came of it.

Most of it are pushes: the platform is made to agree with one row of ours.
"""

import time
from dataclasses import replace
from datetime import timedelta
from typing import Any

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
from portal.common.texts import Text, own_words, several
from portal.conferences.mails import services as mails
from portal.outbox import services as outbox
from portal.outbox.models import KEPT_BACK, PRESS, PUSH, OutboxEntry
from portal.sync import listing, sending, sentences
from portal.sync.context import SyncContext, answers_of
from portal.sync.kinds import mirror_of, row_of
from portal.sync.models import Conflict, PlatformLink
from portal.sync.plan import brake_before_deletes, plan_unlisted, reconcile
from portal.sync.scope import Scope, load

State = PlatformLink.State
# Trouble of the whole account: the other entries need not be tried now.
ACCOUNT_TROUBLE = (PlatformUnavailable, RateLimited, CredentialsRejected)
# How long one round goes on, in seconds: a listing waits no longer than the first for what is to be
# sent; after the second a worker turns to other accounts, and comes back at once.
BETWEEN_LISTINGS, AT_ONCE = 20.0, 240.0
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


def push_due(context: SyncContext, seconds: float | None = None) -> None:
    """Work off what is due, the most urgent first, for `AT_ONCE` seconds if nothing else is said.
    What comes in meanwhile takes its place. A round ends when something that it has put off is due
    once more: the listing that it waits for comes first."""
    most = AT_ONCE if seconds is None else seconds
    if context.held:
        with context.lease.commit():
            outbox.put_off(context.account.pk, sentences.ACCOUNT_HELD, HELD_SECONDS)
        return
    deliveries, begun, delivered = Deliveries(context), time.monotonic(), False
    put_off: set[int] = set()
    while time.monotonic() - begun < most and (entry := outbox.claim_next(context.lease)):
        if entry.pk in put_off:
            outbox.later(entry, entry.problem, 0.0)
            break
        context.delivered = delivered = True
        try:
            _carry_out(context, deliveries, entry)
        except ACCOUNT_TROUBLE as error:
            with context.lease.commit():
                outbox.put_off(context.account.pk, error.message, _pause(error), answers_of(error))
            raise
        if entry.state == OutboxEntry.State.WAITING:
            put_off.add(entry.pk)
    if delivered:
        mails.notify_worker()


def _carry_out(context: SyncContext, deliveries: "Deliveries", entry: OutboxEntry) -> None:
    """Carry out one entry and write down what came of it, while the lease is ours."""
    try:
        result = deliveries.carry_out(entry)
    except ACCOUNT_TROUBLE:
        raise
    except (NotYet, Unclear, PlatformError) as error:
        if isinstance(error, PlatformError) and not isinstance(error, RecordNotFound):
            context.trouble(error.message, error)
        if isinstance(error, RequestRejected | RecordNotFound) and error.status:
            context.understood = True
        with context.lease.commit():
            _write_failure(deliveries, entry, error)
    else:
        with context.lease.commit():
            outbox.done(entry, result | _kept_back(context, entry))
            outbox.close_older(context.account.pk, entry.kind, [entry.local_id])
        context.understood = True


def _write_failure(
    deliveries: "Deliveries", entry: OutboxEntry, error: NotYet | Unclear | PlatformError
) -> None:
    """What becomes of an entry that was not carried out, or perhaps was."""
    if isinstance(error, NotYet):
        outbox.later(entry, error.text, error.seconds)
    elif isinstance(error, Unclear):
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
    """One round of deliveries. What was read of a scope serves all of its entries."""

    def __init__(self, context: SyncContext) -> None:
        self.context = context
        self._scopes: dict[tuple[Kind, int | None], Scope] = {}
        self._observed: set[tuple[Kind, int | None]] = set()
        self._few_deletes: dict[tuple[Kind, int | None], bool] = {}

    def carry_out(self, entry: OutboxEntry) -> dict[str, Any]:
        """Push a row, or perform an action; answers what to keep with the entry."""
        if entry.verb != PUSH:
            return self.perform(entry)
        self.push(entry)
        return {}

    def push(self, entry: OutboxEntry) -> None:
        """Make the platform agree with one row."""
        kind = Kind(entry.kind)
        row = row_of(kind, entry.local_id)
        if row is None or getattr(row, "draft", False):
            return
        scope = self._scope(kind, row)
        if scope is None:
            self._forget_create(entry)
            return
        scope.rows[row.pk] = row
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
        link = PlatformLink.objects.filter(
            account=self.context.account, kind=entry.kind, local_id=entry.local_id
        ).first()
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
        self._observed.add(scope.place)
        # Read anew before and after: this round has made links, and the listing makes more.
        self._refresh(scope)
        listing.observe(self.context, scope)
        self._refresh(scope)

    def _refresh(self, scope: Scope) -> None:
        fresh = load(self.context, scope.kind, scope.parent, full=False)
        scope.replace(fresh.rows, fresh.links)

    # The brake before our own deletes ------------------------------------------------------

    def _require_few_deletes(self, scope: Scope, row: Any) -> None:
        """Many deletes at once wait for a person. Raises NotYet."""
        if why := scope.mirror.keeps(row):
            raise NotYet(why, 30.0)
        if scope.place not in self._few_deletes:
            brake = brake_before_deletes(scope)
            self._few_deletes[scope.place] = brake is None
            if brake is not None:
                brake.run(self.context)
        if not self._few_deletes[scope.place]:
            raise NotYet(sentences.MANY_DELETES, HELD_SECONDS)

    # Where a row stands --------------------------------------------------------------------

    def _scope(self, kind: Kind, row: Any) -> Scope | None:
        """The row's scope; None where the platform has no place for it."""
        parent_row = mirror_of(kind).parent_of(row)
        key = (kind, parent_row)
        if key not in self._scopes:
            parent = self._parent(kind, parent_row) if parent_row else None
            if parent_row and parent is None:
                return None
            self._scopes[key] = load(self.context, kind, parent, full=False)
        return self._scopes[key]

    def _parent(self, kind: Kind, local_id: int) -> PlatformLink | None:
        """What it belongs to, on the platform; None where that is gone, deleted or a draft."""
        parent_kind = PARENTS[kind]
        row = row_of(parent_kind, local_id)
        if row is None or getattr(row, "draft", False) or row.removed_at or row.gone_at:
            return None
        link = PlatformLink.objects.filter(
            account=self.context.account, kind=parent_kind, local_id=local_id
        ).first()
        if link is None or link.external_id is None:
            raise NotYet(sentences.parent_not_there_yet(parent_kind, self.context.platform))
        return link if link.state == State.LIVE else None

    def _add_new_link(self, scope: Scope, row: Any) -> None:
        """The link that another delivery of this round has made, since the scope was read: a
        registration brings its person along."""
        if row.pk in scope.by_row:
            return
        links = PlatformLink.objects.filter(
            account=self.context.account, kind=scope.kind, local_id=row.pk
        )
        if (link := links.first()) is not None:
            scope.links.append(link)
            scope.by_row[row.pk] = link

    def _forget_create(self, entry: OutboxEntry) -> None:
        """What it belongs to is gone: whether it had been created there has no answer any more."""
        with self.context.lease.commit():
            PlatformLink.objects.filter(
                account=self.context.account, kind=entry.kind, local_id=entry.local_id
            ).exclude(op="").update(op="", op_sent={}, op_absences=0)


def _is_awaited(link: PlatformLink) -> bool:
    """Whether its entry waits until a listing has shown who was brought along."""
    return link.awaited


def _finds_before_create(scope: Scope) -> bool:
    """Whether the listing is read before a create: where it can be known by its key alone."""
    return scope.can.unique_key and scope.can.list.offered
