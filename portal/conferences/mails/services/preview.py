"""What an act would send, before anybody does it: how many, to whom, and one message as it is."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Protocol

from django.conf import settings
from django.db import transaction
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext_lazy

from integrations.base.records import Kind
from portal.common import clock
from portal.common.batches import slices
from portal.conferences import rules
from portal.conferences.mails.services import letters, news, several
from portal.conferences.mails.services.acceptance import Fate, OpenEntries, judge
from portal.conferences.mails.services.drafting import (
    Pointless,
    asks,
    by_self,
    compose,
    ends,
    news_of,
    waits,
)
from portal.conferences.mails.services.participants import (
    Participant,
    Row,
    address,
    of_row,
    role_key,
    role_of,
    roles_of,
    rows_of,
    stands,
)
from portal.conferences.mails.services.recipients import Act, Message, Recipient, must_hear
from portal.conferences.mails.services.told import UNSENT, Notified, Told, notified_of
from portal.conferences.mails.services.wording import as_one, dress
from portal.conferences.models import Conference, Invitation, Moderator, Registration

Purpose = Invitation.Purpose


class Addressed(Protocol):
    """Somebody to whom a message goes, as the card that stands before it names them."""

    @property
    def email(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def speaks(self) -> bool: ...
    @property
    def purpose(self) -> str: ...
    @property
    def kind(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Sample:
    """One of the messages, as its reader will see it."""

    to: str
    subject: str
    text: str


@dataclass(frozen=True)
class Preview:
    """What an act would send; nothing has been written or sent.

    `recipients` are all who must hear, those without an address among them; `count` counts those
    who can be written to.
    """

    recipients: Sequence[Addressed]
    lines: list[news.NewsLine]
    sample: Sample | None

    outlook: str

    @cached_property
    def count(self) -> int:
        return sum(bool(one.email) for one in self.recipients)

    @cached_property
    def unreachable(self) -> list[Addressed]:
        """Those to whom nothing can be sent."""
        return [one for one in self.recipients if not one.email]


def preview(
    conference: Conference,
    act: Act | str,
    *,
    registrations: Iterable[Registration | Participant] | None = None,
    moderators: Iterable[Moderator] | None = None,
    changes: Mapping[str, Any] | None = None,
    recalled: bool = False,
    note: str = "",
) -> Preview:
    """What `mails.tell` would queue, with the same arguments; see `must_hear`.

    In the sample stands a link that leads nowhere: a personal one is for its person alone.
    """
    act = Act(act)
    found = must_hear(
        conference,
        act,
        registrations=registrations,
        moderators=moderators,
        changes=changes,
        recalled=recalled,
    )
    worth = news.worth_telling(changes)
    shown = news.with_values(conference, {name: pair[1] for name, pair in worth.items()})
    if act is Act.CANCEL:
        shown.removed_at = shown.removed_at or clock.now()
    count = sum(bool(one.email) for one in found)
    best = example(found)
    email = best.email if best else ""
    old: dict[str, Any] = {}
    # The mail says what was before as its reader knows it.
    roles = roles_of(shown, email)
    told = notified_of(shown, roles).get(email, Notified()).told
    if best and best.purpose == Purpose.CANCEL:
        # What ends is what they know: an edit that never reached them is no news beside it.
        shown = news.with_values(shown, {**told.before, **told.says})
    elif worth or best is None or best.purpose in (Purpose.UPDATE, Purpose.REMIND):
        worth = _waiting_for(best, news.shown(shown)) | worth if worth else {}
        old = told.old(worth) if worth else told.outdated(news.shown(shown))
    lines = news.lines(shown, old)
    row = _row(best.who, roles) if best else None
    sample = _sample(shown, act, best, row, roles, told, old, note) if best and row else None
    return Preview(found, lines, sample, outlook_of([(conference, act, found)], count))


def example(found: Iterable[Recipient]) -> Recipient | None:
    """Whose mail is shown, of those who can be written to: a change notice says more than an
    invitation that waits anyway."""
    reached = [one for one in found if one.email]
    return next((one for one in reached if not one.message.waits), next(iter(reached), None))


def _without_links(content: letters.Content) -> letters.Content:
    """With links that lead nowhere: a personal one is for its person alone."""
    answer = "" if content.speaking else f"{settings.PUBLIC_URL}/answer/…/"
    return replace(content, link=f"{settings.PUBLIC_URL}/join/…/", answer_link=answer)


def _waiting_for(one: Recipient | None, now: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
    """The news in a change notice that waits for somebody already and holds still: what comes
    later joins it, and is one mail with it."""
    if one is None or not one.who.pk:
        return {}
    theirs = Invitation.objects.filter(**{one.who.relation: one.who.pk})
    waiting = theirs.filter(state__in=UNSENT, purpose=Purpose.UPDATE)
    letter = next((row for row in waiting.order_by("-id") if row.before), None)
    pairs = {n: (v, letter.after.get(n)) for n, v in letter.before.items()} if letter else {}
    return {name: pair for name, pair in pairs.items() if pair[1] == now.get(name)}


def preview_queued(letters_: Iterable[Invitation], note: str = "") -> Preview:
    """What messages that stand in the queue already, or were perhaps sent, would say now; `note`
    takes the place of their own words. Nothing is written or sent."""
    rows = [one for one in letters_ if one.registration or one.moderator]
    with transaction.atomic():
        # What was perhaps sent counts as told, and must not stand in its own way.
        for ids in slices([one.pk for one in rows]):
            Invitation.objects.filter(pk__in=ids).update(state=Invitation.State.WAITING)
        messages = _as_messages(_still_news(rows))
        found = [
            Recipient(of_row(row), Message(some[0].purpose))
            for some in messages
            if (row := some[0].registration or some[0].moderator)
        ]
        contents = next(filter(None, (_contents(some, note) for some in messages)), [])
        transaction.set_rollback(True)
    count = sum(bool(one.email) for one in found)
    said = notified_now(count)
    if not contents:
        return Preview(found, [], None, said)
    message = several.write(contents)
    sample = Sample(contents[0].email, str(message.subject), str(message.body))
    return Preview(found, contents[0].lines if len(contents) == 1 else [], sample, said)


def _as_messages(rows: list[Invitation]) -> list[list[Invitation]]:
    """The messages that reach people as one, together."""
    found: dict[Any, list[Invitation]] = {}
    for row in rows:
        key = (row.together, row.to_email) if row.together else row.pk
        found.setdefault(key, []).append(row)
    return list(found.values())


def _still_news(rows: list[Invitation]) -> list[Invitation]:
    """Those of some messages that would leave: of the others the sender finds that their people
    know it, or that it holds no more."""
    entries, told, found = OpenEntries(rows), {}, []
    for letter in rows:
        if letter.conference_id not in told:
            told[letter.conference_id] = notified_of(letter.about)
        row = letter.registration or letter.moderator
        known = told[letter.conference_id].get(address(row), Notified()) if row else Notified()
        try:
            news_of(letter, known)
        except Pointless:
            continue
        if judge(letter, entries).fate is not Fate.DROP:
            found.append(letter)
    return found


def _contents(rows: list[Invitation], note: str) -> list[letters.Content]:
    """What a message about some conferences says of each."""
    found = []
    for letter in rows:
        letter.note = note or letter.note
        try:
            found.append((letter, _without_links(compose(letter))))
        except Pointless:
            continue
    return [content for _letter, content in as_one(found)]


def outlook_of(
    heard: Sequence[tuple[Conference, Act | str, Sequence[Recipient]]], count: int
) -> str:
    """What will happen to so many messages about some conferences, all of one act."""
    for conference, act, found in heard:
        if conference.draft or any(_waits(Act(act), one.who.row) for one in found if one.email):
            return outlook(conference, act, count)
    return notified_now(count)


def _waits(act: Act, row: Row | None) -> bool:
    """Whether a message about somebody waits for a platform: it never hears of who is only invited,
    or waits, and has who is registered there already."""
    if not isinstance(row, Registration):
        return True
    if act is Act.INVITE:
        return row.standing == Registration.Stage.REGISTERED and row.registered_at is None
    return act is not Act.WITHDRAW or row.standing == Registration.Stage.REGISTERED


def outlook(conference: Conference, act: Act | str, count: int) -> str:
    """What will happen to so many messages, for before an act and for the answer to it."""
    platform = conference.account.platform_name
    if conference.draft:
        return _of_people(_SCHEDULED, count, platform)
    kind, verbs, said = _WAITS_FOR[Act(act)]
    waits = any(rules.reaches_platform(conference.account, kind, verb) for verb in verbs)
    if not waits or (kind is Kind.CONFERENCE and conference.gone_at):
        return notified_now(count)
    return _of_people(said, count, platform)


def notified_now(count: int) -> str:
    """How many are notified of what waits for no platform."""
    return _of_people(_NOW, count)


def notified_once_there(count: int, platform: str) -> str:
    """How many are notified of a webinar that its platform still has to take."""
    return _of_people(_THERE, count, platform)


def _of_people(said: Any, count: int, platform: str = "") -> str:
    if not count:
        return _("Nobody is notified.")
    people = number_format(count, force_grouping=True)
    return str(said % {"count": count, "people": people, "platform": platform})


_NOW = ngettext_lazy(
    "One person will be notified now.", "%(people)s people will be notified now.", "count"
)
_THERE = ngettext_lazy(
    "One person will be notified once %(platform)s has the webinar as it stands here.",
    "%(people)s people will be notified once %(platform)s has the webinar as it stands here.",
    "count",
)
_SCHEDULED = ngettext_lazy(
    "One person will be notified once the webinar is scheduled and %(platform)s has it.",
    "%(people)s people will be notified once the webinar is scheduled and %(platform)s has it.",
    "count",
)


_WAITS_FOR: dict[Act, tuple[Kind, tuple[str, ...], Any]] = {
    Act.REMIND: (Kind.CONFERENCE, (), _NOW),
    Act.SIGN_UP: (Kind.CONFERENCE, (), _NOW),
    Act.INVITE: (
        Kind.REGISTRATION,
        ("create",),
        ngettext_lazy(
            "One person will be notified once %(platform)s has registered them.",
            "%(people)s people will be notified once %(platform)s has registered them.",
            "count",
        ),
    ),
    Act.RESCHEDULE: (
        Kind.CONFERENCE,
        ("update",),
        ngettext_lazy(
            "One person will be notified once %(platform)s has taken the change.",
            "%(people)s people will be notified once %(platform)s has taken the change.",
            "count",
        ),
    ),
    Act.CANCEL: (
        Kind.CONFERENCE,
        ("delete",),
        ngettext_lazy(
            "One person will be notified once %(platform)s has taken the cancellation.",
            "%(people)s people will be notified once %(platform)s has taken the cancellation.",
            "count",
        ),
    ),
    Act.WITHDRAW: (
        Kind.REGISTRATION,
        ("delete",),
        ngettext_lazy(
            "One person will be notified once %(platform)s has taken the withdrawal.",
            "%(people)s people will be notified once %(platform)s has taken the withdrawal.",
            "count",
        ),
    ),
    Act.ASSIGN: (
        Kind.MODERATOR,
        ("create",),
        ngettext_lazy(
            "One person will be notified once %(platform)s has taken the assignment.",
            "%(people)s people will be notified once %(platform)s has taken the assignment.",
            "count",
        ),
    ),
    Act.UNASSIGN: (
        Kind.MODERATOR,
        ("create", "delete"),
        ngettext_lazy(
            "One person will be notified once %(platform)s has taken them off.",
            "%(people)s people will be notified once %(platform)s has taken them off.",
            "count",
        ),
    ),
}


def _row(one: Participant, roles: list[Row]) -> Row | None:
    """The row of somebody, which nearly always is among their roles; None where it has gone by
    now."""
    found = {role_key(row): row for row in roles}
    return one.row or found.get(one.role_key) or rows_of([one]).get(one.role_key)


def _sample(
    shown: Conference,
    act: Act,
    one: Recipient,
    row: Row,
    roles: list[Row],
    told: Told,
    old: Mapping[str, Any],
    note: str,
) -> Sample:
    leaves = act in (Act.WITHDRAW, Act.UNASSIGN) and one.purpose == Purpose.UPDATE
    # As the message is written: the link of a speaker goes before that of a guest.
    open_ = any(isinstance(role, Moderator) and stands(role) and role.join_url for role in roles)
    guest = not one.speaks
    speaking = guest if leaves else open_ or not guest
    content = letters.Content(
        conference=shown,
        purpose=one.purpose,
        email=one.email,
        name=one.name,
        note=note,
        old=old if one.purpose in (Purpose.UPDATE, Purpose.REMIND) else {},
        known=told.invited,
        left=role_of(row) if leaves else "",
        speaking=speaking,
        asks=asks(row) and not speaking,
        by_self=by_self(row) and not speaking,
        waits="" if speaking else waits(row, one.purpose),
        ends=ends(row),
        entry=told.entry or one.purpose != Purpose.CANCEL,
    )
    message = letters.write(dress(_without_links(content), row))
    return Sample(one.email, str(message.subject), str(message.body))
