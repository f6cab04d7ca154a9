"""What an act on a date poll would send, before anybody does it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.conf import settings

from portal.conferences.mails.services import letters, polls
from portal.conferences.mails.services.acceptance import Fate, OpenEntries, judge
from portal.conferences.mails.services.preview import (
    Preview,
    Sample,
    notified_now,
    notified_once_there,
)
from portal.conferences.models import AskedPerson, Invitation

Purpose, Act = Invitation.Purpose, Invitation.Act


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody to whom a message of a poll goes."""

    email: str
    name: str
    purpose: str
    speaks: bool = False

    @property
    def kind(self) -> str:
        """The kind of message in words."""
        return str(Purpose(self.purpose).label)


def preview_poll(
    people: Iterable[AskedPerson], times: Sequence[datetime], act: str, note: str = ""
) -> Preview:
    """What `polls.queue` would queue, also of people and times that are not saved yet. A date that
    was found is told once its platform has it."""
    rows = list(people)
    purpose = polls.PURPOSES[Act(act)]
    readers = [Reader(one.email, one.name, purpose) for one in rows]
    sample, lines = None, []
    if rows:
        content = polls.written_to(rows[0], times, act, note)
        sample, lines = _sample(content), content.poll.changes if content.poll else []
    return Preview(readers, lines, sample, _outlook(rows, purpose))


def _outlook(people: Sequence[AskedPerson], purpose: str) -> str:
    """What will happen to a message to these people, as the sender will find it."""
    if people and purpose == Purpose.OUTCOME and (found := people[0].poll.conference):
        letter = Invitation(asked=people[0], purpose=purpose)
        verdict = judge(letter, OpenEntries([letter]))
        if verdict.fate is not Fate.GO:
            said = notified_once_there(len(people), found.account.platform_name)
            return f"{said} {verdict.why}".strip()
    return notified_now(len(people))


def preview_queued_poll(some: Iterable[Invitation], note: str = "") -> Preview:
    """What messages of a poll that stand in the queue already, or were perhaps sent, would say now;
    `note` takes the place of their own words."""
    polled = [one for one in some if one.asked is not None]
    if not polled:
        return Preview([], [], None, notified_now(0))
    entries = OpenEntries(polled)
    wanted = [one for one in polled if judge(one, entries).fate is not Fate.DROP]
    rows = [(one, one.asked) for one in wanted if one.asked is not None]
    readers = [Reader(asked.email, asked.name, one.purpose) for one, asked in rows]
    sample = None
    if rows:
        letter, asked = rows[0]
        letter.note = note or letter.note
        sample = _sample(polls.content(asked, letter))
    return Preview(readers, [], sample, notified_now(len(readers)))


def _sample(content: letters.Content) -> Sample:
    """One of the messages. In it stands a link that leads nowhere: a personal one is for its person
    alone."""
    message = letters.write(replace(content, link=f"{settings.PUBLIC_URL}/dates/…/"))
    return Sample(content.email, str(message.subject), str(message.body))
