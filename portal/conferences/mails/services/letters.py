"""Write one message: text, simple HTML, and the calendar file."""

import re
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from email.utils import format_datetime, formataddr, parseaddr
from typing import Any
from urllib.parse import urlsplit
from uuid import NAMESPACE_URL, uuid5

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.core.signing import Signer
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.common import clock
from portal.conferences import repeating
from portal.conferences.mails.services import mail_service, news, placeholders
from portal.conferences.mails.services.asking import Asking
from portal.conferences.mails.services.calendar_entry import calendar_file
from portal.conferences.mails.services.news import when
from portal.conferences.mails.services.sender import from_header, header_safe, reply_to
from portal.conferences.models import Conference, DatePoll, Invitation, Registration

__all__ = ["Content", "header_safe", "message_id", "subject", "when", "write"]
Purpose, Outcome = Invitation.Purpose, DatePoll.Outcome
SUBJECT_LENGTH = 250  # characters
# By it a mail that comes back is known; the signature is nobody else's to write.
MARK, SIGNER = "X-Lectern-Mail", Signer(salt="lectern.mail")
_BLANK_LINES = re.compile(r"\r?\n(?:[ \t]*\r?\n){2,}")
_SUBJECTS = {
    Purpose.INVITE: gettext_lazy("Invitation: %(title)s"),
    Purpose.UPDATE: gettext_lazy("Changed: %(title)s"),
    Purpose.CANCEL: gettext_lazy("Cancelled: %(title)s"),
    Purpose.REMIND: gettext_lazy("Reminder: %(title)s, %(start)s"),
    Purpose.CONFIRM: gettext_lazy("Please confirm: %(title)s"),
    Purpose.ASK: gettext_lazy("When can you? %(title)s"),
    Purpose.OUTCOME: gettext_lazy("No date was found: %(title)s"),
}
_ASKED_AGAIN = gettext_lazy("Please answer: when can you? %(title)s")
_TIMES_ADDED = gettext_lazy("More times: when can you? %(title)s")
_POLL_CHANGED = gettext_lazy("Changed: when can you? %(title)s")
_OUTCOMES = {
    Outcome.DATE: gettext_lazy("The date is set: %(title)s, %(start)s"),
    Outcome.ROOM: gettext_lazy("No fixed date: %(title)s"),
    Outcome.CANCELLED: gettext_lazy("It does not take place: %(title)s"),
}
_SAID = {
    Outcome.DATE: gettext_lazy("The date is set: %(when)s"),
    Outcome.ROOM: gettext_lazy("There is no fixed date, since the room is always open."),
    Outcome.CANCELLED: gettext_lazy("The webinar does not take place."),
} | dict.fromkeys(
    (Outcome.NO_DATE, Outcome.NOTHING, Outcome.DELETED), gettext_lazy("No date was found.")
)
_REGISTERED = gettext_lazy("Registered: %(title)s")
_WAITS = gettext_lazy("Your registration: %(title)s")
_WAITLISTED = gettext_lazy("On the waiting list: %(title)s")
# Of a change, by what has changed: the title, and the time (to another one, or to none).
_CHANGED = {
    (True, ""): gettext_lazy("Changed: %(title)s (was: %(was)s)"),
    (False, "time"): gettext_lazy("Changed: %(title)s — new time: %(start)s"),
    (False, "open"): gettext_lazy("Changed: %(title)s — the room is always open"),
    (True, "time"): gettext_lazy("Changed: %(title)s (was: %(was)s) — new time: %(start)s"),
    (True, "open"): gettext_lazy("Changed: %(title)s (was: %(was)s) — the room is always open"),
    (False, "dates"): gettext_lazy("Changed: %(title)s — its dates"),
    (True, "dates"): gettext_lazy("Changed: %(title)s (was: %(was)s) — its dates"),
}


@dataclass(frozen=True, slots=True)
class Words:
    """Subject, text and button of a mail as staff wrote them, with placeholders."""

    subject: str
    text: str
    button: str = ""


@dataclass(frozen=True, slots=True)
class Content:
    """All that a message says to one person.

    `old` holds the former values of what has changed. `known` says that they have had this link
    before; `left` that they no longer take part in one role ("Attendee" or "Speaker") and stay in
    another; `speaking` that the link is a speaker's. `answer_link` is where somebody says whether
    they come; they are asked for it where `asks` is set, since they are not registered yet.
    `by_self` says that nobody has invited them: they have registered. `waits` is the stage of who
    waits (for a place, or to be let in): they have no link and no calendar entry yet. `ends` is as
    what somebody is taken off: "invited", "waiting", or empty where they were registered.
    `dates` are those of a series that it asks about, where it asks to confirm several.
    `poll` is what it says of a date poll; `conference` is then what is to come of that, or has.
    `language` is its reader's; empty, it is the active one. `template` is what staff wrote instead
    of Lectern's words. `entry` says that the calendar entry comes with it. Where their calendar may
    answer, `replies_to` is the address for that, and `said` what they have said, in its words.
    """

    conference: Conference
    purpose: str
    email: str
    name: str = ""
    link: str = ""
    note: str = ""
    sequence: int = 0
    old: Mapping[str, Any] = field(default_factory=dict)
    known: bool = True
    left: str = ""
    speaking: bool = False
    asks: bool = False
    answer_link: str = ""
    by_self: bool = False
    waits: str = ""
    ends: str = ""
    dates: Sequence[Conference] = ()
    poll: Asking | None = None
    language: str = ""
    template: Words | None = None
    entry: bool = True
    replies_to: str = ""
    said: str = ""

    @property
    def answers(self) -> dict[str, str]:
        """The link of each answer: the page that it opens has that one ready."""
        return {said: f"{self.answer_link}?answer={said}" for said in Registration.Answer.values}

    @property
    def lines(self) -> list[news.NewsLine]:
        """What has changed, old and new."""
        return news.lines(self.conference, self.old)

    @property
    def called_off(self) -> bool:
        """Whether the whole conference is, and not only this person's part in it."""
        return self.conference.removed_at is not None

    @property
    def when(self) -> str:
        return when(self.conference)

    @property
    def whens(self) -> list[str]:
        """When each of several dates is."""
        return [when(one) for one in self.dates]

    @property
    def repeats(self) -> str:
        """That it repeats, and on which days or dates."""
        if self.purpose == Purpose.CANCEL:
            if not repeating.kept(self.conference):
                return repeating.in_words(self.conference)
            return _("All dates: %(dates)s") % {"dates": repeating.dates_named(self.conference)}
        return repeating.dates_in_words(self.conference)


def write(
    content: Content, letter: Invitation | None = None, connection: Any = None
) -> EmailMultiAlternatives:
    """The message. Raises ValueError for an address that no header takes."""
    with spoken(content):
        return _written(content, letter, connection)


def spoken(content: Content) -> AbstractContextManager[None]:
    """In the language of who reads it."""
    if content.language in ("", translation.get_language()):
        return nullcontext()
    return translation.override(content.language)


def _written(
    content: Content, letter: Invitation | None, connection: Any
) -> EmailMultiAlternatives:
    page, text = f"mails/{content.purpose}", ""
    context: dict[str, Any] = {"letter": content, "conference": content.conference}
    if content.template:
        page = "mails/of_template"
        context["blocks"] = parts = placeholders.blocks(content.template.text, _values(content))
        answering = render_to_string("mails/_of_answering.txt", context)
        text = f"{placeholders.plain(parts)}\n\n{answering}"
    text = text or render_to_string(f"{page}.txt", context)
    message = envelope(content, _subject(content), text, letter, connection)
    message.attach_alternative(render_to_string(f"{page}.html", context), "text/html")
    _attach_calendar(message, content)
    return message


def envelope(
    content: Content, subject: str, text: str, letter: Invitation | None, connection: Any
) -> EmailMultiAlternatives:
    """A message to one person from the account's sender, with nothing in it but plain text."""
    # The one clock's time, whatever the clock of the machine that sends it shows.
    headers = {"Auto-Submitted": "auto-generated", "Date": format_datetime(clock.now())}
    if letter is not None:
        headers["Message-ID"] = message_id(letter)
        headers[MARK] = mark(letter)
        headers |= mail_service.headers(headers[MARK])
    account = content.conference.account
    return EmailMultiAlternatives(
        subject,
        tidy(text),
        from_header(account),
        [formataddr((header_safe(content.name), content.email))],
        reply_to=reply_to(account),
        connection=connection,
        headers=headers,
    )


def tidy(text: str) -> str:
    """The plain text with no more than one blank line at a time, and none at its end."""
    return _BLANK_LINES.sub("\n\n", text).rstrip() + "\n"


def _attach_calendar(message: EmailMultiAlternatives, content: Content) -> None:
    """As an alternative, which mail programs answer to, and as a file for all others."""
    if not content.entry:
        return
    cancelled = content.purpose == Purpose.CANCEL
    ics = calendar_file(
        content.conference,
        to_email=content.email,
        to_name=content.name,
        link=content.link,
        cancelled=cancelled,
        sequence=content.sequence,
        replies_to=content.replies_to,
        said=content.said,
    )
    if ics:
        method = "CANCEL" if cancelled else "REQUEST"
        message.attach_alternative(ics.decode(), f"text/calendar; method={method}")
        message.attach("invite.ics", ics, "application/ics")


def subject(content: Content) -> str:
    """One line, whatever the titles hold; what has changed stands in it."""
    with spoken(content):
        return _subject(content)


def _subject(content: Content) -> str:
    if content.template:
        values = {n: header_safe(value) for n, value in _values(content, short=True).items()}
        return header_safe(placeholders.subject(content.template.subject, values))
    title = header_safe(content.conference.title)
    words, values = str(_SUBJECTS[Purpose(content.purpose)]), {"title": "", "start": ""}
    if content.purpose == Purpose.INVITE and content.waits:
        listed = content.waits == Registration.Stage.WAITLISTED
        words = str(_WAITLISTED if listed else _WAITS)
    if content.purpose == Purpose.INVITE and content.by_self:
        words = str(_REGISTERED)
    if content.purpose == Purpose.REMIND:
        values["start"] = news.short_when(content.conference)
    if content.purpose == Purpose.UPDATE:
        words, values = _what_changed(content, words)
    if content.poll:
        words, values = _of_poll(content, content.poll, words)
    room = SUBJECT_LENGTH - len(words % values)
    if len(title) > room:
        title = f"{title[: room - 1].rstrip()}…"
    return words % (values | {"title": title})


def _of_poll(content: Content, asking: Asking, words: str) -> tuple[str, dict[str, str]]:
    """The subject of a message about a date poll."""
    values = {"title": "", "start": news.short_when(content.conference)}
    if content.purpose == Purpose.OUTCOME:
        return str(_OUTCOMES.get(asking.poll.outcome, words)), values
    if asking.again and asking.change:
        words = str(_POLL_CHANGED)
    elif asking.again:
        words = str(_TIMES_ADDED if asking.answered else _ASKED_AGAIN)
    return words, values


def _values(content: Content, *, short: bool = False) -> dict[str, str]:
    """What stands for the placeholders of a template; `short` as a subject has it."""
    row = content.conference
    always = _("The room is always open.")
    lines = content.poll.changes if content.poll else content.lines
    of_poll = _values_of_poll(content, content.poll) if content.poll else {}
    return of_poll | {
        "title": row.title,
        "when": (news.short_when(row) if short else content.when) or always,
        "name": content.name,
        "link": content.link,
        "account": row.account.sender_name or row.account.label,
        "description": row.description,
        "changes": "\n".join(f"{one.label}: {one.old} → {one.new}" for one in lines),
        "note": content.note,
    }


def _values_of_poll(content: Content, asking: Asking) -> dict[str, str]:
    """What stands for those placeholders that mails of a date poll alone have."""
    poll = asking.poll
    until = _("Please answer until %(moment)s (%(place)s).")
    until %= {"moment": asking.until, "place": asking.place}
    return {
        "about": poll.note,
        "length": asking.length,
        "times": "\n".join(f"- {one} ({asking.place})" for one in asking.lines),
        "until": until if asking.until else "",
        "again": asking.opening if content.purpose == Purpose.ASK else "",
        "outcome": str(_SAID[poll.outcome]) % {"when": content.when},
    }


def _what_changed(content: Content, words: str) -> tuple[str, dict[str, str]]:
    """The subject that says it, and what stands in it beside the title."""
    found = {line.name: line for line in content.lines}
    values = {"title": "", "start": "", "was": ""}
    if news.TITLE in found:
        was = header_safe(found[news.TITLE].old)
        values["was"] = was if len(was) <= 80 else was[:79].rstrip() + "…"
    time = ""
    if news.TIME in found:
        values["start"] = news.short_when(content.conference)
        time = "time" if values["start"] else "open"
    elif news.DATES in found:
        time = "dates"
    return str(_CHANGED.get((news.TITLE in found, time), words)), values


def mark(letter: Invitation) -> str:
    """What names a letter in what comes back. With when it was made: in a database that was
    restored, another letter may have its number."""
    return SIGNER.sign(f"{letter.pk}-{int(letter.created_at.timestamp())}")


def message_id(letter: Invitation) -> str:
    """The same at every attempt, so that a mail server or a reader can recognise a repetition."""
    host = urlsplit(settings.PUBLIC_URL).hostname or parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
    mark = f"{settings.PUBLIC_URL}/invitations/{letter.pk}/{letter.created_at.isoformat()}"
    return f"<{uuid5(NAMESPACE_URL, mark)}@{host.rpartition('@')[2]}>"
