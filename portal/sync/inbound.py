"""News of a platform, written into our rows. It must not know the outbox: news never echoes.

Each class is one thing that a listing, or a record read before a push, can call for here. Each is
one short transaction, committed only while the lease is ours.
"""

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.core.exceptions import ObjectDoesNotExist

from integrations.base.records import Fields, Kind, Record
from portal.common import clock
from portal.common.texts import Text, commas, several
from portal.conferences import history
from portal.conferences.fields import label_of
from portal.conferences.mails import queries as written_to
from portal.conferences.schedule.services import platform_changes
from portal.sync import compare, sentences
from portal.sync.context import SyncContext
from portal.sync.matching import (
    agree_beside_what_was_sent,
    agree_to_differ,
    bind,
    doubt_what_was_sent,
    first_bases,
    meets,
    new_link,
    remember,
    set_apart,
    shown_by,
)
from portal.sync.models import Conflict, PlatformLink
from portal.sync.steps import Step

State, Op, Sort = PlatformLink.State, PlatformLink.Op, Conflict.Sort


class News(Step):
    """A step that changes our side alone."""

    def run(self, context: SyncContext) -> None:
        """Apply it, unless a person was quicker: then the next listing sees both."""
        if not context.dry_run:
            with context.lease.commit():
                if self._is_overtaken():
                    return
                self.apply(context)
        self.note(context)

    @abstractmethod
    def apply(self, context: SyncContext) -> None:
        """Write it down, inside the step's transaction."""

    def _is_overtaken(self) -> bool:
        """Whether a person has changed our side since it was read. The row is read anew, and
        locked, so that what is saved with it is not older than what stands there."""
        row = self.row
        if row is not None:
            known = self._ours()
            try:
                row.refresh_from_db(from_queryset=type(row)._base_manager.select_for_update())
            except ObjectDoesNotExist:
                return True
            if self._ours() != known:
                return True
        if self.link is None:
            return False
        bases = PlatformLink.objects.filter(pk=self.link.pk).values_list("base_ours", "base_theirs")
        return bases.first() != (self.link.base_ours, self.link.base_theirs)

    def _ours(self) -> tuple[Fields, Any]:
        return self.scope.mirror.read(self.row), getattr(self.row, "removed_at", None)


@dataclass(kw_only=True, eq=False)
class LinkNews(News):
    """News of a record that a link knows."""

    link: PlatformLink = field()


class SilentNews(LinkNews):
    """What only the link remembers."""

    silent = True


@dataclass(kw_only=True, eq=False)
class RecordNews(LinkNews):
    """News that a record of a known link tells.

    `listed` is what a partial listing row showed when its details were read.
    """

    record: Record = field()
    listed: str = ""
    merged: compare.Merged | None = None


@dataclass(kw_only=True, eq=False)
class Import(News):
    """A record that nobody here knows becomes a row."""

    do = "import"
    sentence = sentences.IMPORT
    counter = "created"

    record: Record = field()
    listed: str = ""
    known_already: bool = False  # the row has turned out to have its record

    def shown(self) -> dict[str, Any]:
        """With all that the record holds."""
        self.fields = self.fields or brought(self.record)
        return super().shown()

    def note(self, context: SyncContext, *, conflicts: int = 0) -> None:
        """Report it, if it brought something new."""
        if not self.known_already:
            super().note(context, conflicts=conflicts)

    def apply(self, context: SyncContext) -> None:
        """Make the row, and agree on what either side holds."""
        scope, parent = self.scope, self.scope.parent
        if self._has_row():
            self.known_already = True
            return
        given = shown_by(scope, self.record)
        row = scope.mirror.make(scope.account, parent.local_id if parent else None, given)
        self.row = row
        if self._met_already():
            self.known_already = True
            set_apart(scope, self.record)
            return
        self.link = link = new_link(scope, row, self.record)
        link.base_ours, link.base_theirs = first_bases(scope, scope.mirror.read(row), self.record)
        remember(scope, link, self.record, self.listed)
        scope.mirror.learn(row, self.record)
        _history(context, self, "found there", fields=brought(self.record))

    def _has_row(self) -> bool:
        """Whether the record has become a row since our side was read: a second one would be a
        duplicate, and would take the first one's link."""
        links = PlatformLink.objects.filter(account=self.scope.account, kind=self.kind)
        mine = links.exclude(external_id=None).filter(external_id=self.record.external_id)
        return any(self.scope.mirror.row(link.local_id or 0) is not None for link in mine)

    def _met_already(self) -> bool:
        """Whether the row has its record: somebody who was merged is known by two addresses."""
        if "email" not in self.scope.mirror.needed:
            return False
        links = PlatformLink.objects.filter(account=self.scope.account, kind=self.kind)
        return links.filter(local_id=self.row.pk).exists()


def called(record: Record) -> str:
    """What a record that has no row yet is called; empty where it does not say."""
    return str(record.fields.get("title") or record.fields.get("email") or "")


def brought(record: Record) -> dict[str, list[Any]]:
    """The fields of a record that is new, each with the nothing that held before."""
    return {name: [None, value] for name, value in record.fields.items()}


@dataclass(kw_only=True, eq=False)
class Take(RecordNews):
    """Something was changed there: it is taken, and what clashes is kept here."""

    do = "take"
    sentence = sentences.TAKE
    counter = "updated"

    merged: compare.Merged = field()

    def note(self, context: SyncContext, *, conflicts: int = 0) -> None:
        """Report it, with each clash as a conflict."""
        super().note(context, conflicts=conflicts + len(self.merged.clashes))

    def apply(self, context: SyncContext) -> None:
        """Write their values into our row."""
        mirror, merged = self.scope.mirror, self.merged
        kept = {clash.name for clash in merged.clashes if _keeps_ours(self, clash)}
        self.fields = {name: pair for name, pair in self.fields.items() if name not in kept}
        mirror.write(self.row, {name: v for name, v in merged.take.items() if name not in kept})
        ours = mirror.read(self.row)
        if self.kind is Kind.CONFERENCE:
            platform_changes.keep(self.row, self._known_to_people(), context.source)
        for name, theirs in merged.take.items():
            merged.base_ours[name] = ours.get(name)
            merged.base_theirs[name] = theirs
        for clash in merged.clashes:
            _keep_clash(context, self, clash)
        if "email" in self.fields:
            _ask_about_address(context, self)
        _agree(context, self)
        if self.fields or not kept:
            _history(context, self, "changed there")
        _answered(self.link, Sort.GONE)

    def _known_to_people(self) -> Fields:
        """What held before their change, of the fields on which both had agreed. An edit of ours
        that theirs overruled never came true, so people know what held before it; where nothing
        held (our create was lost, and changed there before we looked), they know of nothing."""
        link = self.link
        ours = {name: pair[0] for name, pair in self.fields.items()}
        ours |= {clash.name: clash.base for clash in self.merged.clashes}
        agreed = link.base_theirs.keys() & link.base_ours.keys()
        return {name: ours[name] for name in ours.keys() & agreed}


class EditWins(Take):
    """The delete is called off: the row stays, their edit is taken, staff are told."""

    do = "edit wins over delete"
    sentence = sentences.EDIT_WINS
    counter = "conflicts"

    def apply(self, context: SyncContext) -> None:
        """Keep the row, and take what was changed there."""
        self.row.removed_at = None
        self.row.save(update_fields=["removed_at", "updated_at"])
        _open_conflict(self, self.link, Sort.DELETE)
        super().apply(context)


class Agree(RecordNews):
    """Both sides hold the same, or what each of them is to hold is on its way."""

    do = "agree"
    sentence = sentences.AGREE
    silent = True

    def apply(self, context: SyncContext) -> None:
        """Write down what both hold."""
        _agree(context, self)


@dataclass(kw_only=True, eq=False)
class Adopt(News):
    """A record is bound to the row that it is: one that we made, or one that we have too."""

    do = "adopt"
    sentence = sentences.ADOPT
    counter = "updated"

    record: Record = field()
    listed: str = ""

    def apply(self, context: SyncContext) -> None:
        """Bind both, and agree on what follows from how they came to be."""
        scope, record, row = self.scope, self.record, self.row
        met, awaited = meets(self.link, record), bool(self.link and self.link.op)
        came_along = self.link is not None and self.link.brought
        restored = self.link is not None and self.link.restored(row)
        others_made = _made_by_others(self)
        if self.link is not None and self.link.state in (State.GONE, State.DELETED):
            _is_here_again(context, self, self.link)
        sent: Fields = {}
        if self.link is not None:
            sent = self.link.op_sent if awaited or came_along else self.link.base_ours
        self.link = link = self.link or new_link(scope, row, record)
        before = link.base_ours
        bind(scope, link, sent, record)
        if came_along:
            agree_beside_what_was_sent(scope, link, scope.mirror.read(row), record)
        elif met and scope.mirror.agrees_to_differ:
            agree_to_differ(scope, link, scope.mirror.read(row), before, record)
        elif awaited and not record.marker:
            doubt_what_was_sent(scope, link, record)
        remember(scope, link, record, self.listed)
        if others_made and getattr(row, "removed_at", None):
            _is_here_again(context, self, link)
        if row is not None:
            scope.mirror.learn(row, record)
        _answered(link, Sort.WHICH, "found")
        if awaited and row is not None:
            said = sentences.RESTORED_ANSWER if restored else sentences.LOST_ANSWER
            _tell_of_lost_answer(
                context,
                self,
                "created there",
                {name: [None, value] for name, value in sent.items()},
                said(title=str(row), platform=context.platform),
            )


class Back(RecordNews):
    """What was gone there stands there again."""

    do = "back again"
    sentence = sentences.BACK
    counter = "updated"

    def apply(self, context: SyncContext) -> None:
        """Have it stand here as well."""
        _is_back(context, self, self.link)


class MadeAnew(RecordNews):
    """Under its old id, but not what we deleted: a person is known by their address."""

    do = "made anew there"
    sentence = sentences.MADE_ANEW
    counter = "updated"

    def apply(self, context: SyncContext) -> None:
        """Have it stand here again."""
        _is_here_again(context, self, self.link)
        _answered(self.link, Sort.DELETE)
        _agree(context, self)


class Gone(LinkNews):
    """What stood there is there no more. It is kept here, and staff choose."""

    do = "gone there"
    sentence = sentences.GONE
    counter = "removed"

    def apply(self, context: SyncContext) -> None:
        """Mark it, and ask what becomes of it."""
        link = self.link
        link.state, link.misses = State.GONE, link.misses + 1
        link.save()
        if self.row is None:
            return
        if getattr(self.row, "removed_at", None) is None:
            # A base may hold more than is read here: what was sent along for a person's sake.
            ours = self.scope.mirror.read(self.row)
            edited = any(link.base_ours.get(name, ours[name]) != ours[name] for name in ours)
            _mark_gone(self.row, clock.now())
            if self.scope.mirror.asked_when_gone:
                more = sentences.GONE_EDITED if edited else None
                _open_conflict(self, self.link, Sort.GONE, more)
        _history(context, self, "gone there")


class Duplicate(RecordNews):
    """A late duplicate of `link`'s record is reported and never imported. A link without a row
    keeps it from being met as new.
    """

    do = "duplicate found"
    sentence = sentences.DUPLICATE
    counter = "conflicts"

    def apply(self, context: SyncContext) -> None:
        """Remember it, and ask about it."""
        original = self.link.local_id
        self.link = set_apart(self.scope, self.record)
        self.title = str(self.row or self.title)
        _open_conflict(self, self.link, Sort.DUPLICATE, local_id=original)


@dataclass(kw_only=True, eq=False)
class SamePerson(News):
    """Another listing of a person whom we have already: known from now on, and nothing more."""

    do = "registered once more"
    sentence = sentences.SAME_PERSON

    silent = True

    record: Record = field()

    def apply(self, context: SyncContext) -> None:
        """Remember the record, so that it is not met as new."""
        set_apart(self.scope, self.record)


class StillThere(RecordNews):
    """What we deleted is still shown."""

    do = "still there"
    sentence = sentences.STILL_THERE
    counter = "conflicts"

    def apply(self, context: SyncContext) -> None:
        """Ask about it, once."""
        if not self.link.conflicts.filter(sort=Sort.DELETE).exists():
            _open_conflict(self, self.link, Sort.DELETE)


class Miss(SilentNews):
    """A listing did not show it, for the first time."""

    do = "missing once"
    sentence = sentences.MISS

    def apply(self, context: SyncContext) -> None:
        """Count it."""
        self.link.misses, self.link.absent_at = self.link.misses + 1, clock.now()
        self.link.save(update_fields=["misses", "absent_at"])


class Unlisted(SilentNews):
    """It is in no listing any more, but a get shows it."""

    do = "left the list"
    sentence = sentences.UNLISTED

    def apply(self, context: SyncContext) -> None:
        """Do not expect it in listings."""
        self.link.misses, self.link.unlisted = 0, True
        self.link.save(update_fields=["misses", "unlisted"])


class NotMadeYet(SilentNews):
    """A listing lacks what a create without an answer may have made."""

    do = "not created so far"
    sentence = sentences.NOT_MADE_YET

    def apply(self, context: SyncContext) -> None:
        """Count it."""
        link = self.link
        link.op_absences, link.absent_at = link.op_absences + 1, clock.now()
        link.save(update_fields=["op_absences", "absent_at"])
        _answered(link, Sort.WHICH, "no longer there")


class NotMade(SilentNews):
    """A create without an answer surely made nothing: it may be sent again."""

    do = "was not created"
    sentence = sentences.NOT_MADE

    def apply(self, context: SyncContext) -> None:
        """Forget the create."""
        link = self.link
        link.op, link.op_sent, link.op_absences = Op.NONE, {}, 0
        link.save(update_fields=["op", "op_sent", "op_absences"])
        _answered(link, Sort.WHICH, "no longer there")


@dataclass(kw_only=True, eq=False)
class AskWhich(LinkNews):
    """Staff are asked which of some records (`candidates`) is what our create has made."""

    do = "ask which it is"
    sentence = sentences.ASK_WHICH
    counter = "conflicts"

    candidates: list[dict[str, Any]] = field(default_factory=list)

    def apply(self, context: SyncContext) -> None:
        """Put the question; the newest list replaces an older one."""
        _ask_which(self, self.link, self.candidates)


class AskWhichRestored(AskWhich):
    """The same of a create that was still to be sent when a restored backup was made."""

    do = "ask which it is, after a restore"
    sentence = sentences.ASK_WHICH_RESTORED


class AskWhetherToMake(AskWhich):
    """The same where the platform shows nothing that it may be."""

    do = "ask whether to make it, after a restore"
    sentence = sentences.ASK_WHETHER_TO_MAKE


@dataclass(kw_only=True, eq=False)
class AskWhetherSame(News):
    """Ours was never sent, as far as we know; yet the platform shows the very same. A database that
    was restored knows no better, so it is neither made nor taken for another before staff say."""

    do = "ask whether it is there"
    sentence = sentences.ASK_WHETHER_SAME
    counter = "conflicts"

    candidates: list[dict[str, Any]] = field(default_factory=list)

    def apply(self, context: SyncContext) -> None:
        """Treat it as a create without an answer, and put the question."""
        scope = self.scope
        self.link = link = self.link or PlatformLink(
            account=scope.account, kind=self.kind, local_id=self.row.pk, parent=scope.parent
        )
        link.op, link.op_at = Op.UNKNOWN, None
        link.op_sent = scope.mirror.read(self.row)
        _ask_which(self, link, self.candidates)


@dataclass(kw_only=True, eq=False)
class Nameless(News):
    """A record without an address: it is left where it is, and counted."""

    do = "cannot be told apart"
    sentence = sentences.NAMELESS

    record: Record = field()

    def run(self, context: SyncContext) -> None:
        """Count it, in a dry run as well."""
        context.nameless += 1

    def apply(self, context: SyncContext) -> None:
        """Nothing is written."""


# What the link keeps -----------------------------------------------------------------------


def _agree(context: SyncContext, step: RecordNews) -> None:
    link, merged = step.link, step.merged
    if merged is not None:
        ours = {n: v for n, v in merged.base_ours.items() if n not in merged.take}
        reached = {n: [link.base_ours[n], v] for n, v in ours.items() if n in link.base_ours}
        link.base_ours, link.base_theirs = merged.base_ours, merged.base_theirs
        reached = {n: pair for n, pair in reached.items() if pair[0] != pair[1]}
        if reached:
            said = sentences.HOLDS_OURS(
                title=step.title or str(step.row),
                platform=context.platform,
                fields=commas(*(label_of(n, context.account) for n in sorted(reached))),
            )
            _tell_of_lost_answer(context, step, "changed there", reached, said)
    link.misses, link.unlisted = 0, False
    remember(step.scope, link, step.record, step.listed)
    step.scope.mirror.learn(step.row, step.record)


def _made_by_others(step: Adopt) -> bool:
    """Whether ours never reached the platform, which shows somebody known by an address: what was
    taken off here before it was sent is not what stands there."""
    unsent = step.link is None or not (step.link.op or step.link.made)
    return unsent and step.scope.can.unique_key


def _is_here_again(context: SyncContext, step: Step, link: PlatformLink) -> None:
    """Others have reinstated there what was removed: it is no news of the record that was."""
    if getattr(step.row, "removed_at", None):
        step.row.removed_at = None
        step.row.save(update_fields=["removed_at", "updated_at"])
        if step.kind is Kind.CONFERENCE:
            platform_changes.keep(step.row, {platform_changes.CANCELLED: True}, context.source)
    _is_back(context, step, link)


def _is_back(context: SyncContext, step: Step, link: PlatformLink) -> None:
    link.state, link.misses, link.unlisted = State.LIVE, 0, False
    link.save()
    _mark_gone(step.row, None)
    _answered(link, Sort.GONE)
    _history(context, step, "back there")


def _mark_gone(row: Any, moment: datetime | None) -> None:
    """A person stays a person, whichever platform still knows them: their row has no such mark."""
    if hasattr(row, "gone_at"):
        row.gone_at = moment
        row.save(update_fields=["gone_at", "updated_at"])


# Conflicts and history -----------------------------------------------------------------------


def _keep_clash(context: SyncContext, step: Take, clash: compare.Clash) -> None:
    link, sort = step.link, Sort.REFUSED if clash.refused else Sort.FIELD
    words = sentences.CANNOT_BE_TOLD if clash.refused else sentences.BOTH_CHANGED
    if clash.name not in link.base_ours:
        words = sentences.NOT_THE_SAME
    outcome = sentences.THEIRS_IS_USED(platform=context.platform)
    if kept := _keeps_ours(step, clash):
        if step.kind is Kind.REGISTRATION and _matters_no_more(context, step.row):
            return
        outcome = sentences.OURS_IS_USED(platform=context.platform, theirs=str(clash.theirs))
    Conflict.objects.create(
        account=context.account,
        link=link,
        kind=step.kind,
        local_id=link.local_id,
        sort=sort,
        field=clash.name,
        ours=clash.ours,
        theirs=clash.theirs,
        base=clash.base,
        winner="ours" if kept else "theirs",
        at=clock.now(),
        sentence=several(
            words(title=step.title, field=label_of(clash.name, context.account)), outcome
        ),
    )


def _keeps_ours(step: Take, clash: compare.Clash) -> bool:
    """Whether ours stays in use though the platform takes no change of it."""
    return clash.refused and clash.name in step.scope.mirror.ours_if_refused


def _matters_no_more(context: SyncContext, registration: Any) -> bool:
    """Whether another address of somebody registered is nothing to ask about: the webinar is over,
    or it is said of the person, once for all they take part in."""
    if registration.conference.is_over:
        return True
    people = PlatformLink.objects.filter(account=context.account, kind=Kind.ATTENDEE)
    known = people.filter(local_id=registration.attendee_id)
    return known.exclude(external_id=None).exists()


def _ask_about_address(context: SyncContext, step: Take) -> None:
    """Somebody has another address now, and was written to at the old one: staff say whether the
    invitation follows. Back at an address that was written to, there is nothing to ask."""
    link, (old, new) = step.link, step.fields["email"]
    _answered(link, Sort.ADDRESS, "changed again")
    speaks = step.kind is Kind.MODERATOR
    missed = written_to.speaker_missed if speaks else written_to.missed
    never = context.account.changes_there == context.account.ChangesThere.NEVER
    if step.kind in (Kind.ATTENDEE, Kind.MODERATOR) and not never and missed(step.row):
        Conflict.objects.create(
            account=context.account,
            link=link,
            kind=step.kind,
            local_id=link.local_id,
            sort=Sort.ADDRESS,
            ours=old,
            theirs=new,
            at=clock.now(),
            sentence=sentences.ANOTHER_ADDRESS(
                title=step.title, old=old, new=new, platform=context.platform
            ),
        )


def _ask_which(step: Step, link: PlatformLink, candidates: list[dict[str, Any]]) -> None:
    """Put the records of which one may be ours before staff. Where the list is empty, the absence
    that was counted stays so."""
    link.op_absences = 0 if candidates else link.op_absences
    link.save()
    asked = link.conflicts.filter(sort=Sort.WHICH, resolved_at=None)
    if asked.update(theirs=candidates, sentence=step.text()):
        return
    _open_conflict(step, link, Sort.WHICH)
    asked.update(ours=link.op_sent, theirs=candidates)


def _open_conflict(
    step: Step,
    link: PlatformLink,
    sort: str,
    more: Text | None = None,
    local_id: int | None = None,
) -> None:
    Conflict.objects.create(
        account=step.scope.account,
        link=link,
        kind=step.kind,
        local_id=local_id or link.local_id,
        sort=sort,
        at=clock.now(),
        sentence=several(step.text(), more) if more else step.text(),
    )


def _answered(link: PlatformLink, sort: str, how: str = "back again") -> None:
    """What was asked about a record has answered itself."""
    link.conflicts.filter(sort=sort, resolved_at=None).update(
        resolved_at=clock.now(), resolution=how
    )


def _tell_of_lost_answer(
    context: SyncContext, step: Step, action: str, fields: dict[str, list[Any]], sentence: Text
) -> None:
    """What we sent stands there, though no answer said so: the history tells how that came."""
    call = "create" if action == "created there" else "update"
    _history(context, step, action, [f"{call} {step.kind}"], sentence, fields)


def _history(
    context: SyncContext,
    step: Step,
    action: str,
    calls: Sequence[str] = (),
    sentence: Text | None = None,
    fields: dict[str, list[Any]] | None = None,
) -> None:
    changed = step.fields if fields is None else fields
    history.record(
        action,
        step.kind,
        step.row.pk,
        source=context.source,
        before={name: pair[0] for name, pair in changed.items()},
        after={name: pair[1] for name, pair in changed.items()},
        sentence=sentence or step.text(),
        calls=calls,
        conference_id=step.conference_id,
    )
