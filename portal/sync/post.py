"""Carry one outbox entry to the platform: observe, compare again, then tell."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from integrations.base.errors import OutcomeUnknown, RecordNotFound
from integrations.base.records import PARENTS, Kind, Record
from portal.common import clock
from portal.outbox import services as outbox
from portal.outbox.models import PRESS, PUSH, OutboxEntry
from portal.sync import brake, compare, kinds, push, scopes
from portal.sync.apply import apply
from portal.sync.listing import look
from portal.sync.models import Conflict, PlatformLink
from portal.sync.plan import named, plan_unlisted, reconcile
from portal.sync.scope import Scope
from portal.sync.steps import WISHES, Do, Step
from portal.sync.work import Work

State = PlatformLink.State
HELD_SECONDS = 300.0
# After this a create is looked for before it is sent: it may be the wish of an older database.
WAITED_LONG = timedelta(minutes=5)


class NotYet(Exception):
    """The entry must wait; the text says for what, `seconds` for how long (None: growing)."""

    def __init__(self, text: str, seconds: float | None = 20.0) -> None:
        super().__init__(text)
        self.text = text
        self.seconds = seconds


class Unclear(Exception):
    """Nobody will ever know whether it was done: a person has to decide. The text says so."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text


class Post:
    """One round of deliveries. What was read of a scope serves all of its entries."""

    def __init__(self, work: Work) -> None:
        self.work = work
        self._scopes: dict[tuple[Kind, int | None], Scope] = {}
        self._looked: set[tuple[Kind, int | None]] = set()
        self._allowed: dict[tuple[Kind, int | None], bool] = {}

    def carry_out(self, entry: OutboxEntry) -> dict[str, Any]:
        """Deliver a push, or perform an action; answers what to keep with the entry."""
        if entry.verb != PUSH:
            return self.perform(entry)
        self.deliver(entry)
        return {}

    def deliver(self, entry: OutboxEntry) -> None:
        """Make the platform agree with one row."""
        kind = Kind(entry.kind)
        row = kinds.row_of(kind, entry.local_id)
        if row is None or getattr(row, "draft", False):
            return
        scope = self._scope(kind, row)
        if scope is None:
            self._forget_create(entry)
            return
        scope.rows[row.pk] = row
        self._meet_link(scope, row)
        if entry.created_at < clock.now() - WAITED_LONG and self._may_be_there(scope, row):
            # A restored database knows no better than that it is still to be made.
            self._look_once(scope)
            row = scope.rows.get(row.pk, row)
        self._deliver_row(scope, row)
        row = scope.rows.get(row.pk, row)
        link = scope.by_row.get(row.pk)
        if (
            link is not None
            and link.made
            and link.state == State.LIVE
            and scope.mirror.wants_link(row)
        ):
            self._link(scope, row, link)

    def _meet_link(self, scope: Scope, row: Any) -> None:
        """The link that another delivery of this round has made, since the scope was read: a
        registration brings its person along."""
        if row.pk in scope.by_row:
            return
        links = PlatformLink.objects.filter(
            account=self.work.account, kind=scope.kind, local_id=row.pk
        )
        if (link := links.first()) is not None:
            scope.links.append(link)
            scope.by_row[row.pk] = link

    def _link(self, scope: Scope, row: Any, link: PlatformLink) -> None:
        """The personal link, which a mail waits for. Where only a record shows it, that is read
        now: the next listing of the people of a webinar far ahead may be half an hour away."""
        if scope.kind is Kind.REGISTRATION:
            if self._offers("join_link"):
                push.personal_link(self.work, scope, row)
        elif scope.can.get.offered and link.external_id is not None:
            shown = self.work.adapter.get(scope.kind, link.external_id, scope.parent_id)
            with self.work.lease.commit():
                scope.mirror.learn(row, shown)

    def _may_be_there(self, scope: Scope, row: Any) -> bool:
        """Whether the row is still to be made, on a platform that may show the very same."""
        link, can = scope.by_row.get(row.pk), scope.can
        to_be_made = link is None or not (link.made or link.op)
        return to_be_made and can.list.offered and not can.unique_key and len(can.natural_key) > 1

    def _deliver_row(self, scope: Scope, row: Any) -> None:
        link = scope.by_row.get(row.pk)
        if link is not None and link.op:
            link = self._look_for(scope, row)
        if link is not None and link.awaited and compare.GUARDS.notes_wait:
            link = self._wait_for(scope, row)
        if link is None or not link.made or scope.put_back(link, row):
            self._create(scope, row, link)
        elif link.state != State.LIVE:
            return  # gone or deleted there: staff choose, or nothing is left to do
        elif not scope.can.list.offered and not scope.can.get.offered:
            self._say_again(scope, row)
        elif link.external_id is None:
            return  # made, but not named yet: the next listing binds it
        else:
            self._bring_in_step(scope, row, link)

    def _create(self, scope: Scope, row: Any, link: PlatformLink | None) -> None:
        if getattr(row, "removed_at", None) or not scope.can.create.offered:
            return
        if scope.can.unique_key and scope.can.list.offered and compare.GUARDS.observe_before_act:
            # Somebody may have put the same one there meanwhile.
            self._look_once(scope)
            link = scope.by_row.get(row.pk)
            if link is not None and link.made:
                if not scope.put_back(link, row):
                    return
                if (scope.kind, link.external_id) in self.work.observed:
                    raise NotYet(f"{self.work.platform} still shows what was removed.", 30.0)
        fields = {name: [None, value] for name, value in scope.mirror.read(row).items()}
        step = Step(Do.CREATE, scope.kind, str(row), link, row, fields=fields)
        try:
            push.create(self.work, scope, step)
        finally:
            if step.link is not None and step.link.pk:
                scope.by_row[row.pk] = step.link

    def _look_for(self, scope: Scope, row: Any) -> PlatformLink | None:
        """A create whose answer was lost: read the listing, and wait if that settles nothing."""
        if scope.can.upsert:
            return scope.by_row[row.pk]
        if not scope.can.list.offered:
            name = self.work.platform
            why = f"The answer of {name} was lost"
            if scope.by_row[row.pk].restored(row):
                why = "It waited when the restored backup was made"
            raise Unclear(
                f"{why}, and {name} does not show whether it was made. "
                "Try again to have another made; the first, if there is one, stays."
            )
        self._look_once(scope)
        link = scope.by_row.get(row.pk)
        if link is not None and link.op:
            asked = link.conflicts.filter(sort=Conflict.Sort.WHICH, resolved_at=None).first()
            if asked is not None:
                what = "which record it is" if asked.theirs else "whether it is to be made"
                raise NotYet(f"Waiting for somebody to say {what}.", HELD_SECONDS)
            raise NotYet(f"Checking with {self.work.platform} whether it was created.", 30.0)
        return link

    def _wait_for(self, scope: Scope, row: Any) -> PlatformLink | None:
        """Somebody who was registered, and so stands there, but whom no listing has shown yet."""
        self._look_once(scope)
        link = scope.by_row.get(row.pk)
        if link is not None and link.awaited:
            raise NotYet(f"{self.work.platform} does not show them yet.", 30.0)
        return link

    def _say_again(self, scope: Scope, row: Any) -> None:
        for step in plan_unlisted(scope):
            if step.do is Do.UPDATE and step.row.pk == row.pk:
                push.upsert(self.work, scope, replace(step, row=row))

    def _bring_in_step(self, scope: Scope, row: Any, link: PlatformLink) -> None:
        try:
            record = self._observe(scope, link)
        except RecordNotFound:
            if scope.mirror.made_anew(row, link):
                self._make_anew(scope, Step(Do.READDRESS, scope.kind, str(row), link, row))
                return
            if not (scope.can.delete.offered and getattr(row, "removed_at", None)):
                raise
            # What staff want gone is gone: nothing is left to send, or to wait for.
            step = Step(Do.GONE, scope.kind, str(row), link, row)
            push.deleted_by_others(self.work, scope, step)
            self.work.note(step)
            return
        # If a listing was read for it, that may have brought news of this very row.
        link, row = scope.by_row.get(row.pk, link), scope.rows.get(row.pk, row)
        steps = reconcile(scope, link, row, record)
        for step in steps:
            if step.do not in WISHES:
                if apply(self.work, step, scope.parent):
                    self.work.note(step)
            elif step.do is Do.UPDATE:
                push.update(self.work, scope, step)
            elif step.do is Do.READDRESS:
                self._make_anew(scope, step)
            elif step.do is Do.DELETE and self._may_delete(scope, step):
                push.delete(self.work, scope, step)

    def _make_anew(self, scope: Scope, step: Step) -> None:
        """In two steps, each kept: what is withdrawn and not put there yet is put there later."""
        push.withdraw_old(self.work, scope, step)
        self._create(scope, step.row, step.link)

    def _observe(self, scope: Scope, link: PlatformLink) -> Record:
        """The record as it is now, or was seconds ago; asked for where it was not seen so
        lately, by the listing where the platform shows it in no other way."""
        external_id = link.external_id or ""
        if not compare.GUARDS.observe_before_act:
            return Record(scope.kind, external_id, link.base_theirs, scope.parent_id)
        seen = self.work.observed.take(scope.kind, external_id, gettable=scope.can.get.offered)
        if seen is not None:
            return seen
        if scope.can.get.offered:
            return self.work.adapter.get(scope.kind, external_id, scope.parent_id)
        self._look(scope)
        seen = self.work.observed.take_any(scope.kind, external_id)
        if seen is None:
            raise NotYet(f"{self.work.platform} does not show it now.", None)
        return seen

    def _may_delete(self, scope: Scope, step: Step) -> bool:
        """The brake before our own deletes: many at once wait for a person."""
        if why := scope.mirror.keeps(step.row):
            raise NotYet(why, 30.0)
        key = (scope.kind, scope.parent.pk if scope.parent else None)
        if key not in self._allowed:
            self._allowed[key] = self._few_deletes(scope)
        if not self._allowed[key]:
            raise NotYet("Many would be deleted at once: somebody has to look first.", HELD_SECONDS)
        return True

    def _few_deletes(self, scope: Scope) -> bool:
        live = [x for x in scope.links if x.state == State.LIVE and x.made]
        doomed = [
            x
            for x in live
            if getattr(scope.row_of(x), "removed_at", None) and not scope.accepted(x)
        ]
        if len(doomed) <= compare.BRAKE_COUNT or not compare.pulls_brake(len(live), len(doomed)):
            return True
        step = Step(Do.HOLD, scope.kind, missing=[named(scope, x) for x in doomed])
        brake.pull(self.work, scope, step, ours=True)
        return False

    def _look_once(self, scope: Scope) -> None:
        """Read the scope's listing, once in this round, and reload our side."""
        key = (scope.kind, scope.parent.pk if scope.parent else None)
        if key not in self._looked:
            self._look(scope)

    def _look(self, scope: Scope) -> None:
        self._looked.add((scope.kind, scope.parent.pk if scope.parent else None))
        # Read anew before and after: this round has made links, and the listing makes more.
        self._refresh(scope)
        look(self.work, scope)
        self._refresh(scope)

    def _refresh(self, scope: Scope) -> None:
        fresh = scopes.load(self.work, scope.kind, scope.parent, full=False)
        scope.rows, scope.links = fresh.rows, fresh.links
        scope.__post_init__()

    def _scope(self, kind: Kind, row: Any) -> Scope | None:
        """The row's scope; None where the platform has no place for it."""
        parent_row = kinds.mirror_of(kind).parent_of(row)
        key = (kind, parent_row)
        if key not in self._scopes:
            parent = self._parent(kind, parent_row) if parent_row else None
            if parent_row and parent is None:
                return None
            self._scopes[key] = scopes.load(self.work, kind, parent, full=False)
        return self._scopes[key]

    def _forget_create(self, entry: OutboxEntry) -> None:
        """What it belongs to is gone: whether it had been created there has no answer any more."""
        with self.work.lease.commit():
            PlatformLink.objects.filter(
                account=self.work.account, kind=entry.kind, local_id=entry.local_id
            ).exclude(op="").update(op="", op_sent={}, op_absences=0)

    def _parent(self, kind: Kind, local_id: int) -> PlatformLink | None:
        """What it belongs to, on the platform; None where that is gone, deleted or a draft."""
        parent_kind = PARENTS[kind]
        row = kinds.row_of(parent_kind, local_id)
        if row is None or getattr(row, "draft", False) or row.removed_at or row.gone_at:
            return None
        link = PlatformLink.objects.filter(
            account=self.work.account, kind=parent_kind, local_id=local_id
        ).first()
        if link is None or link.external_id is None:
            raise NotYet(f"Waiting until the {parent_kind} stands on {self.work.platform}.")
        return link if link.state == State.LIVE else None

    def perform(self, entry: OutboxEntry) -> dict[str, Any]:
        """Do a one-shot action on a conference (or another row)."""
        link = PlatformLink.objects.filter(
            account=self.work.account, kind=entry.kind, local_id=entry.local_id
        ).first()
        if link is None or link.external_id is None:
            raise NotYet(f"Waiting until it stands on {self.work.platform}.")
        if entry.attempts and not self.repeatable(entry):
            raise OutcomeUnknown("An earlier try ended without an answer.")
        with self.work.lease.commit():
            outbox.trying(entry, entry.attempts + 1)
        arguments = {name: v for name, v in entry.arguments.items() if name != PRESS}
        try:
            result = self.work.adapter.perform(entry.verb, link.external_id, arguments)
        except push.NOT_MADE:
            with self.work.lease.commit():
                outbox.trying(entry, 0)
            raise
        return result

    def repeatable(self, entry: OutboxEntry) -> bool:
        """Whether an action may be done again after its answer was lost."""
        action = self.work.adapter.capabilities.actions.get(entry.verb)
        return action is not None and action.repeatable

    def _offers(self, action: str) -> bool:
        return self.work.adapter.capabilities.action(action).offered
