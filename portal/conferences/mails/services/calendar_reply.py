"""Read from a mail what a calendar answers to an invitation (iTIP's REPLY: RFC 5546, RFC 6047).

Pure, and of hostile input: only lines are read, never components, since those compute with the
rules and zones that they hold. What is not surely an answer is none.
"""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.message import Message
from email.utils import parsedate_to_datetime

from icalendar.parser import Contentline

from portal.conferences.mails.services import mailbox

LARGEST = 64_000  # bytes of a calendar; an answer has some hundred
MOST_PARTS, MOST_LINES, MOST_ATTENDEES, MOST_HEADERS = 50, 2000, 50, 20
LONGEST_LINE = 4000  # characters
CALENDARS = ("text/calendar", "application/ics", "text/x-vcalendar")
# Where a mail says to whom it went; some servers rewrite the first.
_TO = ("To", "Cc", "Delivered-To", "X-Original-To", "X-Delivered-To", "Envelope-To")


@dataclass(frozen=True, slots=True)
class Reply:
    """What a calendar answers: to which entry, for whom, and when it did.

    `addresses` are those to which the mail went, and the organizer's in it. `said` has, by address,
    the word of each attendee (PARTSTAT). `at` is None where the mail has no time.
    """

    uid: str
    addresses: tuple[str, ...]
    said: tuple[tuple[str, str], ...]
    at: datetime | None


@dataclass(slots=True)
class _Event:
    """The lines of an event that matter."""

    uid: str = ""
    organizer: str = ""
    stamp: str = ""
    one_date: bool = False
    attendees: list[tuple[str, str]] = field(default_factory=list)


def parse(mail: bytes) -> Reply | None:
    """The answer in a mail; None where there is none that can be used: it is something else, speaks
    of one date of several, or is damaged. Raises what reading such bytes raises."""
    message = mailbox.plain(mail)
    for method, content in _calendars(message):
        event = _event(method, content)
        if event is not None:
            return Reply(
                event.uid,
                (*_headers(message), event.organizer),
                tuple(event.attendees),
                _latest(event.stamp, message),
            )
    return None


def _calendars(message: Message) -> Iterator[tuple[str, str]]:
    """The calendars in a mail: the method as the mail names it, and the text."""
    for number, part in enumerate(message.walk()):
        if number >= MOST_PARTS:
            return
        if part.is_multipart() or part.get_content_type() not in CALENDARS:
            continue
        raw = part.get_payload(decode=True)
        if not isinstance(raw, bytes) or not 0 < len(raw) <= LARGEST:
            continue
        yield str(part.get_param("method") or ""), raw.decode("utf-8-sig", errors="replace")


def _event(method: str, text: str) -> _Event | None:
    """The one entry that is answered."""
    events: list[_Event] = []
    inside: list[str] = []
    for name, line in _lines(text):
        if name == "BEGIN":
            inside.append(_value(line).upper())
            if inside == ["VCALENDAR", "VEVENT"]:
                events.append(_Event())
        elif name == "END":
            if not inside or inside.pop() != _value(line).upper():
                return None
        elif inside == ["VCALENDAR"] and name == "METHOD":
            method = _value(line)
        elif inside == ["VCALENDAR", "VEVENT"]:
            _note(events[-1], name, line)
    if inside or method.strip().upper() != "REPLY":
        return None
    # One date of what repeats is answered for itself, which has no meaning here.
    whole = [one for one in events if not one.one_date]
    return whole[0] if len(whole) == 1 and whole[0].uid else None


def _lines(text: str) -> Iterator[tuple[str, str]]:
    """Each line, unfolded, with its name."""
    whole = text.replace("\r\n", "\n").replace("\r", "\n")
    whole = whole.replace("\n ", "").replace("\n\t", "")
    for line in whole.split("\n")[:MOST_LINES]:  # what is cut has no end, and is none
        if not line.strip() or len(line) > LONGEST_LINE:
            continue
        name = line.partition(":")[0].partition(";")[0].strip().upper()
        yield name, line


def _note(event: _Event, name: str, line: str) -> None:
    if name == "UID":
        event.uid = _value(line)
    elif name == "DTSTAMP":
        event.stamp = _value(line)
    elif name == "RECURRENCE-ID":
        event.one_date = True
    elif name == "ORGANIZER":
        event.organizer = _address(_value(line))
    elif name == "ATTENDEE" and len(event.attendees) < MOST_ATTENDEES:
        _name, parameters, value = Contentline(line).parts()  # type: ignore[no-untyped-call]
        stated = {str(key).upper(): _text(given) for key, given in parameters.items()}
        address = _address(value) or _address(stated.get("EMAIL", ""))
        event.attendees.append((address, stated.get("PARTSTAT", "").strip().upper()))


def _value(line: str) -> str:
    return str(Contentline(line).parts()[2]).strip()  # type: ignore[no-untyped-call]


def _text(given: object) -> str:
    return str(given[0]) if isinstance(given, list) and given else str(given)


def _address(value: str) -> str:
    """The address in a value such as MAILTO:Ann@Example.com; empty of anything else."""
    scheme, _colon, rest = value.strip().partition(":")
    found = rest if scheme.lower() == "mailto" else value
    found = found.strip().strip("<>").partition("?")[0].lower()
    return found if "@" in found and " " not in found else ""


def _headers(message: Message) -> Iterator[str]:
    for name in _TO:
        for value in (message.get_all(name) or [])[:MOST_HEADERS]:
            yield str(value)[:LONGEST_LINE]


def _latest(stamp: str, message: Message) -> datetime | None:
    """When it was answered. Some calendars repeat the invitation's own stamp: then the mail says
    when it was written."""
    found = []
    with suppress(ValueError):
        found.append(datetime.strptime(stamp.strip()[:15], "%Y%m%dT%H%M%S").replace(tzinfo=UTC))
    with suppress(ValueError, OverflowError):
        written = parsedate_to_datetime(str(message.get("Date") or ""))
        found.append(written if written.tzinfo else written.replace(tzinfo=UTC))
    return max(found, default=None)
