"""Write one message about several dates of a series: a list of them, and one calendar file."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils.translation import ngettext_lazy

from portal.conferences.mails.services import letters
from portal.conferences.mails.services.calendar_entry import Entry, several_dates
from portal.conferences.mails.services.letters import Content, header_safe
from portal.conferences.models import Invitation

Purpose = Invitation.Purpose
_SUBJECTS = {
    Purpose.INVITE: ngettext_lazy(
        "Invitation: %(title)s (%(count)d date)", "Invitation: %(title)s (%(count)d dates)", "count"
    ),
    Purpose.UPDATE: ngettext_lazy(
        "Changed: %(title)s (%(count)d date)", "Changed: %(title)s (%(count)d dates)", "count"
    ),
    Purpose.CANCEL: ngettext_lazy(
        "Cancelled: %(title)s (%(count)d date)", "Cancelled: %(title)s (%(count)d dates)", "count"
    ),
    Purpose.REMIND: ngettext_lazy(
        "Reminder: %(title)s (%(count)d date)", "Reminder: %(title)s (%(count)d dates)", "count"
    ),
}
_REGISTERED = ngettext_lazy(
    "Registered: %(title)s (%(count)d date)", "Registered: %(title)s (%(count)d dates)", "count"
)
_WAITS = ngettext_lazy(
    "Your registration: %(title)s (%(count)d date)",
    "Your registration: %(title)s (%(count)d dates)",
    "count",
)
TITLE_LENGTH = 200  # characters of it within a subject


@dataclass(frozen=True, slots=True)
class Line:
    """One date in the message; `title` where it is another one than that of the first."""

    content: Content
    title: str

    @property
    def purpose(self) -> str:
        return self.content.purpose


@dataclass(frozen=True, slots=True)
class Several:
    """All that a message about several dates says to one person."""

    contents: list[Content]

    @property
    def first(self) -> Content:
        return self.contents[0]

    @property
    def purpose(self) -> str:
        """What it is as a whole: where dates differ in that, something has changed."""
        found = {one.purpose for one in self.contents}
        return found.pop() if len(found) == 1 else Purpose.UPDATE.value

    @property
    def lines(self) -> list[Line]:
        """The dates in their order."""
        title = self.first.conference.title
        return [
            Line(one, one.conference.title if one.conference.title != title else "")
            for one in self.contents
        ]

    @property
    def speaking(self) -> bool:
        """Whether they run any of it."""
        return any(one.speaking for one in self.contents)

    @property
    def by_self(self) -> bool:
        """Whether nobody has invited them to any of it: they have registered, for some dates
        perhaps only to wait."""
        own = all(one.by_self or one.waits for one in self.contents)
        return self.purpose == Purpose.INVITE and own and not self.speaking

    @property
    def waits(self) -> str:
        """The stage of who waits for all of it; empty for who does not."""
        found = {one.waits for one in self.contents}
        return (found.pop() if len(found) == 1 else "waitlisted") if all(found) else ""

    @property
    def ends(self) -> str:
        """As what they are taken off; "waiting" where it is not the same at all of these dates."""
        found = {one.ends for one in self.contents}
        return found.pop() if len(found) == 1 else "waiting"

    @property
    def answer_link(self) -> str:
        """Where a guest says that they cannot come, to one date or to all."""
        return next((one.answer_link for one in self.contents if one.answer_link), "")

    @property
    def asks(self) -> bool:
        """Whether they are asked of any of it whether they come."""
        return any(one.asks for one in self.contents)

    @property
    def called_off(self) -> bool:
        """Whether dates do not take place, and not only somebody's part in them ends."""
        return any(one.called_off for one in self.contents)

    @property
    def left(self) -> str:
        """The role in which they no longer take part, where they stay in another at every date."""
        found = {one.left for one in self.contents}
        return found.pop() if len(found) == 1 else ""

    @property
    def entries(self) -> list[Content]:
        """The dates of which a calendar entry comes along."""
        return [one for one in self.contents if one.entry and not one.waits]

    @property
    def subject(self) -> str:
        """One line, whatever the titles hold."""
        with letters.spoken(self.first):
            return self._subject()

    def _subject(self) -> str:
        title = header_safe(self.first.conference.title)
        if len(title) > TITLE_LENGTH:
            title = title[: TITLE_LENGTH - 1].rstrip() + "…"
        own = _WAITS if self.waits else _REGISTERED
        words = own if self.by_self else _SUBJECTS[Purpose(self.purpose)]
        return str(words % {"title": title, "count": len(self.contents)})


def several(contents: Sequence[Content]) -> Several:
    """What a message about these dates says, in their order."""
    return Several(sorted(contents, key=_start))


def write(
    contents: Sequence[Content], some: Sequence[Invitation] = (), connection: Any = None
) -> EmailMultiAlternatives:
    """The message about some dates to one person; about one alone it is that one's own. Raises
    ValueError for an address that no header takes."""
    letter = some[0] if some else None
    if len(contents) == 1:
        return letters.write(contents[0], letter, connection)
    told = several(contents)
    with letters.spoken(told.first):
        return _written(told, letter, connection)


def _written(told: Several, letter: Invitation | None, connection: Any) -> EmailMultiAlternatives:
    context = {"told": told, "letter": told.first, "conference": told.first.conference}
    text = render_to_string("mails/several.txt", context)
    message = letters.envelope(told.first, told.subject, text, letter, connection)
    message.attach_alternative(render_to_string("mails/several.html", context), "text/html")
    if dates := _dates(told):
        message.attach("dates.ics", dates, "application/ics")
    return message


def _start(content: Content) -> tuple[bool, Any, int]:
    at = content.conference.starts_at
    return at is None, at, content.conference.pk or 0


def _dates(told: Several) -> bytes | None:
    entries = [
        Entry(one.conference, one.link, one.sequence, one.purpose == Purpose.CANCEL)
        for one in told.entries
    ]
    return several_dates(entries, to_email=told.first.email, to_name=told.first.name)
