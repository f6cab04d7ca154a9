"""What an act on several dates would send: one message to each person, and a sample of it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings

from portal.common import clock
from portal.common.batches import SLICE
from portal.conferences.mails.services import news, several
from portal.conferences.mails.services.drafting import asks, by_self, ends, waits
from portal.conferences.mails.services.letters import Content
from portal.conferences.mails.services.participants import (
    Participant,
    Row,
    address,
    role_of,
    rows_of,
)
from portal.conferences.mails.services.preview import (
    Preview,
    Sample,
    example,
    notified_now,
    outlook,
    outlook_of,
)
from portal.conferences.mails.services.recipients import (
    FOR_ONE,
    Act,
    Known,
    Message,
    Recipient,
    must_hear,
)
from portal.conferences.mails.services.told import NOTHING
from portal.conferences.mails.services.wording import in_our_words
from portal.conferences.models import Conference, Invitation, Moderator, Registration

Purpose = Invitation.Purpose


@dataclass(frozen=True, slots=True)
class Part:
    """The act on one of the dates, with what `must_hear` takes about it."""

    conference: Conference
    act: Act
    changes: Mapping[str, Any] | None = None
    registrations: Sequence[Registration] | None = None
    moderators: Sequence[Moderator] | None = None

    def hears(self, known: Known) -> list[Recipient]:
        """Who must hear of this date."""
        return must_hear(
            self.conference,
            self.act,
            registrations=self.registrations,
            moderators=self.moderators,
            changes=self.changes,
            known=known,
        )

    @property
    def after(self) -> Conference:
        """The date as it will be."""
        worth = news.worth_telling(self.changes)
        shown = news.with_values(self.conference, {name: pair[1] for name, pair in worth.items()})
        if self.act is Act.CANCEL:
            shown.removed_at = shown.removed_at or clock.now()
        return shown


def preview_several(parts: Iterable[Part], note: str = "") -> Preview:
    """What these acts would queue, where they are told together: each person is counted once,
    however many dates they hear of."""
    all_parts = list(parts)
    known = Known((part.conference for part in all_parts), _addresses(all_parts))
    heard = [(part, part.hears(known)) for part in all_parts]
    found: dict[str, Recipient] = {}
    for _part, recipients in heard:
        for one in recipients:
            found.setdefault(one.key, one)
    people = list(found.values())
    count, best = sum(bool(one.email) for one in people), example(people)
    contents = _contents(heard, best.email, known, note) if best else []
    first = all_parts[0]
    lines = contents[0].lines if contents and first.act is Act.RESCHEDULE else []
    sample = None
    if contents and best:
        message = several.write(contents)
        sample = Sample(best.email, str(message.subject), str(message.body))
    parts_heard = [(part.conference, part.act, recipients) for part, recipients in heard]
    return Preview(people, lines, sample, outlook_of(parts_heard, count))


def _addresses(parts: Iterable[Part]) -> set[str] | None:
    """Whom acts on people concern; None where an act concerns all who take part."""
    found: set[str] = set()
    for part in parts:
        if part.registrations is None and part.moderators is None:
            return None
        found |= {address(row) for row in part.registrations or ()}
        found |= {address(row) for row in part.moderators or ()}
    return found if len(found) <= SLICE else None


def preview_invitation(
    people: Sequence[Registration], of_first: Sequence[Conference], note: str = ""
) -> Preview:
    """What an invitation to several dates would send: `people` are rows of one of the dates, and
    `of_first` are the dates to which the first of them is invited."""
    act, first = Act.INVITE, of_first[0]
    found = must_hear(first, act, registrations=people)
    count = sum(bool(one.email) for one in found)
    return Preview(found, [], _sample(found, of_first, note), outlook(first, act, count))


def preview_reminder(
    people: Sequence[Participant], of_first: Sequence[Conference], note: str = ""
) -> Preview:
    """What a reminder of several dates would send: a row of each person, and the dates of which the
    first of them is reminded."""
    message = Message(Purpose.REMIND)
    found = [Recipient(one, message) for one in people]
    return Preview(found, [], _sample(found, of_first, note), notified_now(len(found)))


def _sample(found: Sequence[Recipient], of_first: Sequence[Conference], note: str) -> Sample | None:
    """The message to the first who can be reached, about some dates."""
    best = next((one for one in found if one.email), None)
    row = next(iter(rows_of([best.who]).values()), None) if best else None
    if best is None or row is None:
        return None
    link, answer = f"{settings.PUBLIC_URL}/join/…/", f"{settings.PUBLIC_URL}/answer/…/"
    told = [
        Content(
            date,
            best.purpose,
            best.email,
            best.name,
            link,
            note,
            asks=asks(row),
            answer_link=answer,
            entry=best.purpose != Purpose.REMIND,
        )
        for date in of_first
    ]
    message = several.write([in_our_words(one, row) for one in told])
    return Sample(best.email, str(message.subject), str(message.body))


def _contents(
    heard: Iterable[tuple[Part, list[Recipient]]], email: str, known: Known, note: str
) -> list[Content]:
    """What one person reads of each date that they hear of."""
    met = [(part, one) for part, some in heard for one in some if one.email == email]
    roles = {
        part.conference.pk: [one for one in known.standing(part.conference) if one.email == email]
        for part, _one in met
    }
    # Of this one person more is read than is needed of all.
    rows = rows_of(
        [one.who for _part, one in met] + [one for some in roles.values() for one in some]
    )
    found = []
    for part, one in met:
        mine = [rows[who.role_key] for who in roles[part.conference.pk] if who.role_key in rows]
        if row := one.who.row or rows.get(one.who.role_key):
            found.append(_content(part, one, row, mine, known, note))
    return found


def _content(
    part: Part, one: Recipient, row: Row, mine: Sequence[Row], known: Known, note: str
) -> Content:
    told, shown = known.told(part.conference).get(one.email, NOTHING), part.after
    old: dict[str, Any] = {}
    if one.purpose == Purpose.CANCEL:
        # What ends is what they know: an edit that never reached them is no news beside it.
        shown = news.with_values(shown, {**told.before, **told.says})
    elif one.purpose == Purpose.UPDATE:
        worth = news.worth_telling(part.changes)
        old = told.old(worth) if worth else told.outdated(news.shown(shown))
    open_ = any(isinstance(role, Moderator) and role.join_url for role in mine)
    leaves = part.act in FOR_ONE and one.purpose == Purpose.UPDATE
    content = Content(
        conference=shown,
        purpose=one.purpose,
        email=one.email,
        name=one.name,
        note=note,
        link=f"{settings.PUBLIC_URL}/join/…/",
        old=old,
        known=told.invited,
        speaking=not one.speaks if leaves else open_ or one.speaks,
        asks=asks(row),
        by_self=by_self(row),
        answer_link=f"{settings.PUBLIC_URL}/answer/…/" if by_self(row) else "",
        waits=waits(row, one.purpose),
        ends=ends(row),
        entry=told.entry or one.purpose != Purpose.CANCEL,
        left=role_of(row) if leaves else "",
    )
    return in_our_words(content, row)
