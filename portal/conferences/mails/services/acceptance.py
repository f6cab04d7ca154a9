"""Whether a message may leave: only when the platform has accepted what it speaks of.

A message hangs on the outbox entries of its conference and of its person. It waits while one of
them is open, is held back where one was refused, and is dropped where it has no point any more.
Whatever an entry's fate, nothing has to be remembered: it is asked anew before each sending.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from django.db.models import Q

from integrations.base.records import Kind
from portal.common import clock
from portal.common.batches import slices
from portal.common.texts import Text
from portal.conferences import offers, rules, sentences
from portal.conferences.mails.services import news
from portal.conferences.mails.services.participants import Row, takes_part
from portal.conferences.models import (
    AskedPerson,
    Conference,
    DatePoll,
    Invitation,
    Registration,
    UnconfirmedRegistration,
)
from portal.outbox import queries as outbox
from portal.outbox.models import OutboxEntry

Purpose = Invitation.Purpose
_REFUSED = (OutboxEntry.State.FAILED, OutboxEntry.State.UNKNOWN)


class Fate(StrEnum):
    """What becomes of a message now."""

    GO = "go"
    WAIT = "wait"
    HOLD = "hold"
    DROP = "drop"


class Verdict(NamedTuple):
    """A message's fate, and the reason as staff read it."""

    fate: Fate
    why: Text | str = ""


GO, WAIT = Verdict(Fate.GO), Verdict(Fate.WAIT)


class OpenEntries:
    """What is open in the outbox about the conferences and people of some messages."""

    def __init__(self, letters: Iterable[Invitation]) -> None:
        rows = list(letters)
        self._entries: dict[tuple[str, int], list[OutboxEntry]] = {}
        self._read(Kind.CONFERENCE, (_spoken_of(one) or 0 for one in rows))
        self._read(Kind.REGISTRATION, (one.registration_id or 0 for one in rows))
        self._read(Kind.MODERATOR, (one.moderator_id or 0 for one in rows))
        conferences = {pk for pk in map(_spoken_of, rows) if pk is not None}
        self._kept = outbox.kept_back(Kind.CONFERENCE, conferences)

    def _read(self, kind: Kind, ids: Iterable[int]) -> None:
        for some in slices(sorted(set(ids) - {0})):
            for entry in outbox.open_pushes(Q(kind=kind, local_id__in=some)):
                self._entries.setdefault((kind, entry.local_id), []).append(entry)

    def of_conference(self, conference: Conference) -> Verdict:
        """Whether the platform has accepted a conference as it stands."""
        platform = conference.account.platform_name
        found = self.verdict(Kind.CONFERENCE, conference.pk, platform)
        kept, now = self._kept.get(conference.pk, {}), news.shown(conference)
        if found.fate is Fate.GO and any(now.get(n) == value for n, value in kept.items()):
            why = sentences.MAIL_KEPT_BACK(platform=platform)
            return Verdict(Fate.HOLD, why)
        return found

    def verdict(self, kind: Kind, local_id: int, platform: str) -> Verdict:
        """Whether the platform has accepted a row."""
        entries = self._entries.get((kind, local_id), [])
        if not entries:
            return GO
        if any(entry.state not in _REFUSED for entry in entries):
            return WAIT
        last = entries[-1]
        if last.state == OutboxEntry.State.UNKNOWN:
            return Verdict(Fate.HOLD, sentences.MAIL_NOT_KNOWN(platform=platform, why=last.problem))
        return Verdict(Fate.HOLD, sentences.MAIL_NOT_ACCEPTED(platform=platform, why=last.problem))


def judge(letter: Invitation, entries: OpenEntries) -> Verdict:
    """What becomes of a waiting message now. Its relations should be loaded."""
    if letter.asked is not None:
        return _judge_asked(letter, letter.asked, entries)
    if letter.unconfirmed is not None:
        return _judge_unconfirmed(letter, letter.unconfirmed)
    row = letter.registration or letter.moderator
    if row is None:
        return Verdict(Fate.DROP, sentences.MAIL_NOBODY)
    conference = letter.about
    if conference.is_over:
        return Verdict(Fate.DROP, sentences.MAIL_TOO_LATE)
    if letter.purpose == Purpose.REMIND and (why := _too_late(letter)):
        return Verdict(Fate.DROP, why)
    if letter.purpose == Purpose.CANCEL:
        return _judge_cancel(letter, row, entries)
    return _judge_news(letter, row, entries)


def _judge_unconfirmed(letter: Invitation, unconfirmed: UnconfirmedRegistration) -> Verdict:
    """Whether somebody is still to be asked to confirm; that waits for no platform."""
    conference = letter.about
    if unconfirmed.confirmed_at:
        return Verdict(Fate.DROP, sentences.MAIL_TOLD)
    if unconfirmed.page.series_id:  # as long as one of their dates takes place
        return GO if offers.meant(unconfirmed) else Verdict(Fate.DROP, sentences.MAIL_CANCELLED)
    if conference.removed_at or conference.gone_at or conference.draft:
        return Verdict(Fate.DROP, sentences.MAIL_CANCELLED)
    if conference.is_over:
        return Verdict(Fate.DROP, sentences.MAIL_TOO_LATE)
    return GO


def _spoken_of(letter: Invitation) -> int | None:
    """The conference of which a message speaks: its own, or the one that came of its poll."""
    if letter.asked is not None and letter.purpose == Purpose.OUTCOME:
        return letter.asked.poll.conference_id
    return letter.conference_id


def _judge_asked(letter: Invitation, asked: AskedPerson, entries: OpenEntries) -> Verdict:
    """Whether somebody is still to hear of a date poll; a question waits for no platform."""
    if asked.removed_at:
        return Verdict(Fate.DROP, sentences.MAIL_TAKEN_OFF)
    if letter.purpose == Purpose.OUTCOME:
        return _judge_outcome(letter, asked.poll, entries)
    if asked.poll.closed_at:
        return Verdict(Fate.DROP, sentences.MAIL_POLL_CLOSED)
    again = letter.act == Invitation.Act.ASK_AGAIN
    return Verdict(Fate.DROP, sentences.MAIL_ANSWERED) if again and asked.answered_at else GO


def _judge_outcome(letter: Invitation, poll: DatePoll, entries: OpenEntries) -> Verdict:
    """Whether what came of a poll may be told. A date waits for its platform; that it does not hold
    any more is told by a mail that was meant to say so."""
    if poll.outcome == DatePoll.Outcome.DELETED:
        return Verdict(Fate.DROP, sentences.MAIL_WEBINAR_DELETED)
    conference = poll.conference if poll.found else None
    if conference is None or letter.anyway:
        return GO
    if conference.removed_at:
        before = letter.created_at < conference.removed_at
        return Verdict(Fate.DROP, sentences.MAIL_CANCELLED) if before else GO
    return WAIT if conference.gone_at else entries.of_conference(conference)


def latest(start: datetime, minutes: int) -> datetime:
    """Until when a reminder may leave that is due so many minutes before a start: while less than
    half of its time has passed."""
    return start - timedelta(minutes=minutes) / 2


def _too_late(letter: Invitation) -> Text | str:
    """Why a reminder has no point any more; empty where it has."""
    start = letter.about.starts_at
    if start is None or start != letter.remind_start:
        return sentences.MAIL_MOVED
    if start <= clock.now():
        return sentences.MAIL_BEGUN
    late = letter.remind_before and clock.now() > latest(start, letter.remind_before)
    return sentences.MAIL_REMINDER_LATE if late else ""


def _judge_cancel(letter: Invitation, row: Row, entries: OpenEntries) -> Verdict:
    conference = letter.about
    if conference.removed_at is None and takes_part(row):
        return Verdict(
            Fate.DROP, sentences.MAIL_PERSON_AGAIN if letter.for_one else sentences.MAIL_TAKES_PLACE
        )
    if letter.anyway or (conference.removed_at and conference.gone_at):
        return GO  # what is gone there has nothing left to accept
    if conference.removed_at:
        platform = conference.account.platform_name
        return entries.verdict(Kind.CONFERENCE, conference.pk, platform)
    return _judge_end(letter, row, entries)


def _judge_end(letter: Invitation, row: Row, entries: OpenEntries) -> Verdict:
    """Whether the platform has ended one person's part."""
    account = letter.about.account
    found = entries.verdict(kind_of(row), row.pk, account.platform_name)
    # A refusal from before says nothing of an end that the platform does not hear of.
    heard = rules.reaches_platform(account, kind_of(row), "delete")
    return GO if found.fate is Fate.HOLD and not heard else found


def _judge_news(letter: Invitation, row: Row, entries: OpenEntries) -> Verdict:
    conference = letter.about
    if conference.removed_at:
        return Verdict(Fate.DROP, sentences.MAIL_CANCELLED)
    if not takes_part(row) and not letter.for_one:
        return Verdict(
            Fate.DROP, sentences.MAIL_WITHDRAWN if letter.registration else sentences.MAIL_TAKEN_OFF
        )
    if conference.draft or conference.gone_at or row.gone_at:
        return WAIT
    if letter.anyway:
        return GO
    platform = conference.account.platform_name
    found = entries.of_conference(conference)
    if found.fate is not Fate.GO:
        return found
    if letter.for_one:
        return _judge_end(letter, row, entries)
    if isinstance(row, Registration) and row.waits_again:
        return GO  # that they have withdrawn is another matter, and the platform's
    found = entries.verdict(kind_of(row), row.pk, platform)
    if found.fate is Fate.WAIT or (found.fate is Fate.HOLD and not _accepted(row)):
        return found
    first = letter.purpose in (Purpose.INVITE, Purpose.REMIND)
    if first and not _accepted(row) and _awaited(conference, row):
        return WAIT
    return GO


def kind_of(row: Row) -> Kind:
    """The kind of a person's row."""
    return Kind.REGISTRATION if isinstance(row, Registration) else Kind.MODERATOR


def _accepted(row: Row) -> bool:
    """Whether the platform has the person: before that, our link would lead nowhere."""
    return bool(row.registered_at if isinstance(row, Registration) else row.join_url)


def _awaited(conference: Conference, row: Row) -> bool:
    if isinstance(row, Registration) and not row.is_registered:
        return False  # no platform hears of who is only invited
    return rules.reaches_platform(conference.account, kind_of(row), "create")
