"""What an act would send, before anybody does it: how many, to whom, and one message as it is."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.conf import settings

from integrations.base.records import Kind
from portal.common import clock
from portal.conferences import rules
from portal.conferences.models import Conference, Invitation, Moderator, Registration
from portal.conferences.services.mails import letters, news
from portal.conferences.services.mails.drafting import Pointless, compose
from portal.conferences.services.mails.recipients import (
    Act,
    Recipient,
    Told,
    address,
    must_hear,
    name_of,
    roles_of,
    told_of,
)

Purpose = Invitation.Purpose


@dataclass(frozen=True, slots=True)
class Sample:
    """One of the messages, as its reader will see it."""

    to: str
    subject: str
    text: str


@dataclass(frozen=True, slots=True)
class Preview:
    """What an act would send; nothing has been written or sent.

    `recipients` are all who must hear, those without an address among them; `count` counts those
    who can be written to.
    """

    recipients: list[Recipient]
    lines: list[news.Line]
    sample: Sample | None

    outlook: str

    @property
    def count(self) -> int:
        return sum(bool(one.email) for one in self.recipients)

    @property
    def unreachable(self) -> list[Recipient]:
        """Those to whom nothing can be sent."""
        return [one for one in self.recipients if not one.email]


def preview(
    conference: Conference,
    act: Act | str,
    *,
    registrations: Iterable[Registration] | None = None,
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
        conference, act, registrations=registrations, moderators=moderators, changes=changes,
        recalled=recalled,
    )  # fmt: skip
    worth = news.worth_telling(changes)
    shown = news.with_values(conference, {name: pair[1] for name, pair in worth.items()})
    if act is Act.CANCEL:
        shown.removed_at = shown.removed_at or clock.now()
    reached = [one for one in found if one.email]
    # The change notice says more than an invitation that waits anyway.
    best = next((one for one in reached if not one.waits), next(iter(reached), None))
    email = best.email if best else ""
    # The mail says what was before as its reader knows it.
    one = told_of(shown, roles_of(shown, email)).get(email, Told())
    old = one.old(worth) if worth else one.outdated(news.shown(shown))
    lines = news.lines(shown, old)
    sample = _sample(shown, act, best, old, note) if best else None
    return Preview(found, lines, sample, outlook(conference, act, len(reached)))


def preview_queued(letters_: Iterable[Invitation], note: str = "") -> Preview:
    """What messages that stand in the queue already, or were perhaps sent, would say now; `note`
    takes the place of their own words. Nothing is written or sent."""
    rows = [one for one in letters_ if one.registration or one.moderator]
    found = [_queued(one) for one in rows]
    count = sum(bool(one.email) for one in found)
    who = "One person" if count == 1 else f"{count:,} people"
    said = f"{who} will be told now." if count else "Nobody is told."
    for letter in rows:
        letter.note = note or letter.note
        try:
            content = compose(letter)
        except Pointless:
            continue
        content = replace(content, link=f"{settings.PUBLIC_URL}/join/…/")
        message = letters.write(content)
        sample = Sample(content.email, str(message.subject), str(message.body))
        return Preview(found, content.lines, sample, said)
    return Preview(found, [], None, said)


def _queued(letter: Invitation) -> Recipient:
    row = letter.registration or letter.moderator
    assert row is not None  # noqa: S101 - the caller has looked
    return Recipient(row, address(row), name_of(row), letter.purpose)


def outlook(conference: Conference, act: Act | str, count: int) -> str:
    """What will happen to so many messages, for before an act and for the answer to it."""
    if not count:
        return "Nobody is told."
    who = "One person" if count == 1 else f"{count:,} people"
    name = conference.account.platform_name
    if conference.draft:
        return f"{who} will be told once the webinar is scheduled and {name} has it."
    kind, verbs, what = _WAITS_FOR[Act(act)]
    waits = any(rules.told(conference.account, kind, verb) for verb in verbs)
    if not waits or (kind is Kind.CONFERENCE and conference.gone_at):
        return f"{who} will be told now."
    return f"{who} will be told once {name} has {what}."


_WAITS_FOR: dict[Act, tuple[Kind, tuple[str, ...], str]] = {
    Act.INVITE: (Kind.REGISTRATION, ("create",), "registered them"),
    Act.RESCHEDULE: (Kind.CONFERENCE, ("update",), "taken the change"),
    Act.CANCEL: (Kind.CONFERENCE, ("delete",), "taken the cancellation"),
    Act.WITHDRAW: (Kind.REGISTRATION, ("delete",), "taken the withdrawal"),
    Act.ASSIGN: (Kind.MODERATOR, ("create",), "taken the assignment"),
    Act.UNASSIGN: (Kind.MODERATOR, ("create", "delete"), "taken them off"),
}


def _sample(
    shown: Conference, act: Act, one: Recipient, old: Mapping[str, Any], note: str
) -> Sample:
    leaves = act in (Act.WITHDRAW, Act.UNASSIGN) and one.purpose == Purpose.UPDATE
    told = told_of(shown, [one.row]) if one.row.pk else {}
    content = letters.Content(
        conference=shown, purpose=one.purpose, email=one.email, name=one.name, note=note,
        link=f"{settings.PUBLIC_URL}/join/…/", old=old if one.purpose == Purpose.UPDATE else {},
        known=one.email in told and told[one.email].heard, left=one.role if leaves else "",
        speaking=isinstance(one.row, Moderator) != leaves,
    )  # fmt: skip
    message = letters.write(content)
    return Sample(one.email, str(message.subject), str(message.body))
