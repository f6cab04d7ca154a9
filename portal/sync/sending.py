"""Our pending changes, as they are sent: create, update, withdraw and delete.

The intention is committed before a request leaves. Whoever runs these steps has observed the record
first. An unknown outcome is looked up, never repeated on doubt.
"""

import uuid
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from django.db import IntegrityError

from integrations.base.capabilities import KindCapability
from integrations.base.errors import (
    CredentialsRejected,
    PlatformUnavailable,
    RateLimited,
    RecordNotFound,
    RequestRejected,
    UnsupportedByPlatform,
)
from integrations.base.records import FIELDS, SECRET_FIELDS, Draft, Record
from portal.common import clock
from portal.conferences import history
from portal.conferences.fields import label_of
from portal.sync import compare, sentences
from portal.sync.context import SyncContext
from portal.sync.matching import agree_to_differ, bind
from portal.sync.mirrors.base import Mirror
from portal.sync.mirrors.conferences import fingerprint
from portal.sync.models import Conflict, PlatformLink
from portal.sync.steps import PendingChange, hidden

Op, State = PlatformLink.Op, PlatformLink.State
# After these a create surely made nothing.
NOT_MADE = (
    RequestRejected,
    PlatformUnavailable,
    RateLimited,
    CredentialsRejected,
    RecordNotFound,
    UnsupportedByPlatform,
)


class SentChange(PendingChange):
    """What all of them have in common once they leave."""

    def draft(self) -> dict[str, Any]:
        """The row's fields that a create may send, secrets in clear."""
        sent = self.scope.can.sendable(on_update=False)
        fields = self.scope.mirror.draft(self.row)
        return {name: value for name, value in fields.items() if name in sent}

    def settle(
        self,
        context: SyncContext,
        link: PlatformLink,
        record: Record | None,
        action: str,
        call: str,
    ) -> None:
        """After a success, inside its transaction: link, row, history, the run's report."""
        if record is not None:
            link.facts = link.facts | dict(record.facts)
            link.volatile = dict(record.volatile)
        link.save()
        if record is not None:
            self.scope.mirror.learn(self.row, record)
        history.record(
            action,
            self.kind,
            self.row.pk,
            source=context.source,
            before={name: hidden(name, pair[0]) for name, pair in self.fields.items()},
            after={name: hidden(name, pair[1]) for name, pair in self.fields.items()},
            sentence=self.says(self.done),
            conference_id=self.conference_id,
            calls=[f"{call} {self.kind}"],
        )
        self.note(context)

    def remember_brought(self, context: SyncContext, made: PlatformLink) -> None:
        """With a create (`made`), before it leaves: what it says of somebody whom the platform has
        not shown us is the base of that person there, so that neither side's next correction looks
        like a first sight, whatever becomes of the answer. The first to bring somebody tells who
        they are."""
        account, along = self.scope.account, self.scope.mirror.brings(self.row)
        if along is None:
            return
        kind, local_id = along
        given = {name: made.op_sent[name] for name in FIELDS[kind] if name in made.op_sent}
        if len(given) < 2 or not self.scope.adapter.capabilities.kind(kind).list.offered:
            return
        link = context.links.get((kind, local_id))
        link = link or PlatformLink(account=account, kind=kind, local_id=local_id)
        if link.op or link.awaited or (link.external_id is not None and link.state != State.GONE):
            return
        link.op_sent, link.op_at, link.op_absences = given, made.op_at, 0
        link.save()
        context.remember(link)

    def forget_brought(self, made: PlatformLink) -> None:
        """The create was refused: nobody came along with it."""
        along = self.scope.mirror.brings(self.row)
        if along is None:
            return
        links = PlatformLink.objects.filter(
            account=self.scope.account, kind=along[0], local_id=along[1]
        )
        mine = links.filter(op="", op_at=made.op_at).exclude(op_sent={})
        mine.filter(external_id=None, base_ours={}).delete()
        mine.update(op_sent={})


class Create(SentChange):
    """The row's record is to be made."""

    do = "create there"
    sentence = sentences.CREATE
    done = sentences.CREATED
    counter = "created"

    def run(self, context: SyncContext) -> None:
        """Make it; `OutcomeUnknown` leaves the link in the state "checking"."""
        scope = self.scope
        link = self.link = self._intended()
        marker = link.marker if scope.can.marked else ""
        draft = Draft(scope.kind, self.draft(), scope.parent_id, marker)
        self._write_down(context, link)
        try:
            record = context.adapter.create(draft)
        except NOT_MADE:
            with context.lease.commit():
                link.op, link.op_sent = Op.NONE, {}
                link.save()
                self.forget_brought(link)
            raise
        except Exception:
            # Whatever else went wrong, it may stand there now.
            with context.lease.commit():
                link.op = Op.UNKNOWN
                link.save()
            raise
        sent = link.op_sent
        bind(scope, link, sent, record)
        if scope.mirror.agrees_to_differ:
            # Whoever was there already has a name there, and may have another here.
            agree_to_differ(scope, link, sent, {}, record)
        try:
            with context.lease.commit():
                self.settle(context, link, record, "created there", "create")
        except IntegrityError:
            with context.lease.commit():
                self._forget_namesake(link, record)
                self.settle(context, link, record, "created there", "create")

    def _intended(self) -> PlatformLink:
        """The link with what is about to be sent."""
        row, scope = self.row, self.scope
        link = self.link or PlatformLink(
            account=scope.account, kind=scope.kind, local_id=row.pk, parent=scope.parent
        )
        if link.state != State.LIVE:
            # Somebody is reinstated: what was removed has nothing to do with what is made now.
            link.state, link.external_id, link.marker = State.LIVE, None, ""
            link.base_ours, link.base_theirs = {}, {}
        if scope.can.marked and not link.marker:
            link.marker = f"lx{uuid.uuid4().hex[:10]}"
        link.op, link.op_at, link.op_absences = Op.IN_FLIGHT, clock.now(), 0
        link.op_sent = as_sent(scope.mirror, row, scope.can)
        return link

    def _write_down(self, context: SyncContext, link: PlatformLink) -> None:
        """Commit the intention, so that a crash leaves a trace to look for."""
        with context.lease.commit():
            link.save()
            self.remember_brought(context, link)

    def _forget_namesake(self, link: PlatformLink, record: Record) -> None:
        """A record known by an address has the id of the one that was lost: that one, which has no
        row here any more, is this one now."""
        if record.external_id:
            lost = PlatformLink.objects.filter(
                account=self.scope.account, kind=link.kind, local_id=None
            )
            lost.filter(external_id=record.external_id).exclude(pk=link.pk).delete()


@dataclass(kw_only=True, eq=False)
class Update(SentChange):
    """Fields of the record are to be changed."""

    do = "update there"
    sentence = sentences.UPDATE
    done = sentences.UPDATED
    counter = "updated"

    link: PlatformLink = field()
    record: Record = field()

    def run(self, context: SyncContext) -> None:
        """Send the changed fields, and those alone."""
        scope, link, record = self.scope, self.link, self.record
        ours, clear = scope.mirror.read(self.row), scope.mirror.draft(self.row)
        names = self._to_send(context, ours)
        if not names:
            return
        sent = [*names, *(scope.mirror.companions(set(names)) & clear.keys())]
        answer = context.adapter.update(record, {name: clear[name] for name in sent})
        shown = answer.fields if answer is not None else {}
        with context.lease.commit():
            for name in names:
                before = record.fields.get(name)
                link.flips = link.flips | {name: compare.flip(link.flips, name, ours[name], before)}
                link.base_ours = link.base_ours | {name: ours[name]}
                theirs = {n: v for n, v in link.base_theirs.items() if n != name}
                link.base_theirs = theirs | ({name: shown[name]} if name in shown else {})
            self.settle(context, link, answer, "sent there", "update")

    def _to_send(self, context: SyncContext, ours: dict[str, Any]) -> list[str]:
        """The fields that differ, without those that something over there keeps undoing."""
        return [name for name in self.fields if not self._is_given_up(context, name, ours)]

    def _is_given_up(self, context: SyncContext, name: str, ours: dict[str, Any]) -> bool:
        """Stop sending a value that something over there keeps undoing; staff are told once."""
        link, before = self.link, self.record.fields.get(name)
        if not compare.frozen(link.flips, name, ours[name], before):
            return False
        value = hidden(name, ours[name])
        context.kept_back.setdefault((self.kind, self.row.pk), {})[name] = value
        flips = link.conflicts.filter(sort=Conflict.Sort.FLIP, field=name, resolved_at=None)
        if not flips.exists():
            with context.lease.commit():
                Conflict.objects.create(
                    account=context.account,
                    link=link,
                    kind=self.kind,
                    local_id=link.local_id,
                    sort=Conflict.Sort.FLIP,
                    field=name,
                    ours=value,
                    theirs=before,
                    at=clock.now(),
                    sentence=sentences.PUT_BACK(
                        title=self.called(),
                        field=label_of(name, context.account),
                        platform=context.platform,
                    ),
                )
        return True


@dataclass(kw_only=True, eq=False)
class Replace(SentChange):
    """For a kind that cannot be shown: it is said again, which replaces what was said before."""

    do = "update there"
    sentence = sentences.UPDATE
    done = sentences.UPDATED
    counter = "updated"

    link: PlatformLink = field()

    def run(self, context: SyncContext) -> None:
        """Say it again."""
        scope, link = self.scope, self.link
        record = context.adapter.create(Draft(scope.kind, self.draft(), scope.parent_id))
        with context.lease.commit():
            link.base_ours = scope.mirror.read(self.row)
            self.settle(context, link, record, "sent there", "create")


@dataclass(kw_only=True, eq=False)
class Delete(SentChange):
    """The record is to be deleted."""

    do = "delete there"
    sentence = sentences.DELETE
    done = sentences.DELETED
    counter = "removed"

    link: PlatformLink = field()

    def run(self, context: SyncContext) -> None:
        """Delete what staff want gone; a record that is gone already is done."""
        link, scope = self.link, self.scope
        with suppress(RecordNotFound):
            context.adapter.delete(scope.kind, link.external_id or "", scope.parent_id)
        with context.lease.commit():
            link.state, link.op_at, link.misses = State.DELETED, clock.now(), 0
            self.settle(context, link, None, "deleted there", "delete")


@dataclass(kw_only=True, eq=False)
class DeletedByOthers(SentChange):
    """What staff want gone was not there any more when it was asked for."""

    do = "gone there"
    sentence = sentences.DELETED_BY_OTHERS
    done = sentences.DELETED_BY_OTHERS
    counter = "removed"

    link: PlatformLink = field()

    def run(self, context: SyncContext) -> None:
        """Nothing is left to send, or to wait for."""
        link = self.link
        with context.lease.commit():
            link.state, link.op_at, link.misses = State.DELETED, clock.now(), 0
            link.save()
            history.record(
                "gone there",
                self.kind,
                self.row.pk,
                source=context.source,
                sentence=self.text(),
                conference_id=self.conference_id,
            )
        self.note(context)


@dataclass(kw_only=True, eq=False)
class Readdress(SentChange):
    """What stands under an address that was corrected here is to be withdrawn, and made anew."""

    do = "withdraw and make anew there"
    sentence = sentences.READDRESS
    done = sentences.READDRESSED
    counter = "updated"

    link: PlatformLink = field()

    def run(self, context: SyncContext) -> None:
        """Withdraw the old one. The row stays, and is put there anew by a step of its own; until
        it is, the platform has not accepted it."""
        link, row, scope = self.link, self.row, self.scope
        with suppress(RecordNotFound):
            context.adapter.delete(scope.kind, link.external_id or "", scope.parent_id)
        context.observed.take_any(scope.kind, link.external_id or "")
        with context.lease.commit():
            self.forget_brought(link)
            link.state, link.op_at, link.misses = State.DELETED, clock.now(), 0
            row.join_url, row.registered_at = "", None
            row.save(update_fields=["join_url", "registered_at", "updated_at"])
            self.settle(context, link, None, "deleted there", "delete")


def as_sent(mirror: Mirror, row: Any, can: KindCapability) -> dict[str, Any]:
    """What a create of the row sends, and all that it holds beside; secrets as fingerprints."""
    sent = can.sendable(on_update=False)
    fields = {name: value for name, value in mirror.draft(row).items() if name in sent}
    whole = mirror.read(row) | fields
    return {n: fingerprint(v) if n in SECRET_FIELDS and v else v for n, v in whole.items()}
