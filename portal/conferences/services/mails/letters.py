"""Write one message: text, simple HTML, and the calendar file."""

import re
from datetime import datetime
from email.utils import formataddr, parseaddr
from typing import Any
from urllib.parse import urlsplit
from uuid import NAMESPACE_URL, uuid5
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils.dateformat import format as shaped

from portal.conferences.links import join_link
from portal.conferences.models import Conference, Invitation
from portal.conferences.services.calendar_file import calendar_file

Purpose = Invitation.Purpose
SUBJECT_LENGTH = 250  # characters
_HEADER_BREAKERS = re.compile(r"[\x00-\x1f\x7f\u2028\u2029\u0085]+")
_BEGINNINGS = {
    Purpose.INVITE: "Invitation", Purpose.UPDATE: "Changed", Purpose.CANCEL: "Cancelled"
}  # fmt: skip


def write(letter: Invitation, connection: Any = None) -> EmailMultiAlternatives:
    """The message as it stands now. Raises ValueError for an address that no header takes."""
    conference, person = letter.conference, letter.registration or letter.moderator
    if person is None:
        raise ValueError("It names nobody.")
    email, name = recipient(letter)
    link = join_link(person.token)
    context = {
        "letter": letter, "conference": conference, "name": name, "when": when(conference),
        "link": link, "withdrawn": conference.removed_at is None,
    }  # fmt: skip
    page = f"mails/{letter.purpose}"
    message = EmailMultiAlternatives(
        subject(letter), render_to_string(f"{page}.txt", context), settings.DEFAULT_FROM_EMAIL,
        [formataddr((header_safe(name), email))], connection=connection,
        headers={"Message-ID": message_id(letter), "Auto-Submitted": "auto-generated"},
    )  # fmt: skip
    message.attach_alternative(render_to_string(f"{page}.html", context), "text/html")
    _attach_calendar(message, letter, email, name, link)
    return message


def _attach_calendar(
    message: EmailMultiAlternatives, letter: Invitation, email: str, name: str, link: str
) -> None:
    """As an alternative, which mail programs answer to, and as a file for all others."""
    cancelled = letter.purpose == Purpose.CANCEL
    content = calendar_file(
        letter.conference, to_email=email, to_name=name, link=link, cancelled=cancelled
    )
    if content:
        method = "CANCEL" if cancelled else "REQUEST"
        message.attach_alternative(content.decode(), f"text/calendar; method={method}")
        message.attach("invite.ics", content, "application/ics")


def recipient(letter: Invitation) -> tuple[str, str]:
    """Address and name as they are now: both may have been mended since the message was queued."""
    if letter.registration:
        attendee = letter.registration.attendee
        return attendee.email, attendee.name
    return (letter.moderator.email, letter.moderator.name) if letter.moderator else ("", "")


def subject(letter: Invitation) -> str:
    """One line, whatever the title holds."""
    title = header_safe(letter.conference.title)
    return f"{_BEGINNINGS[Purpose(letter.purpose)]}: {title}"[:SUBJECT_LENGTH]


def header_safe(text: str) -> str:
    """Text that cannot end a header line."""
    return " ".join(_HEADER_BREAKERS.sub(" ", text).split())


def message_id(letter: Invitation) -> str:
    """The same at every attempt, so that a mail server or a reader can recognise a repetition."""
    host = urlsplit(settings.PUBLIC_URL).hostname or parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
    mark = f"{settings.PUBLIC_URL}/invitations/{letter.pk}/{letter.created_at.isoformat()}"
    return f"<{uuid5(NAMESPACE_URL, mark)}@{host.rpartition('@')[2]}>"


def when(conference: Conference) -> str:
    """Start and end by the conference's own clock, with the distance from UTC; empty without."""
    if conference.starts_at is None:
        return ""
    try:
        zone: Any = ZoneInfo(conference.timezone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        zone = ZoneInfo("UTC")
    start = conference.starts_at.astimezone(zone)
    place = f"{zone.key.replace('_', ' ')}, UTC{start.isoformat()[-6:]}"
    ends_at = conference.ends_at
    end = f" to {_end(start, ends_at.astimezone(zone))}" if ends_at else ""
    return f"{shaped(start, 'l, j F Y, H:i')}{end} ({place})"


def _end(start: datetime, end: datetime) -> str:
    return shaped(end, "H:i" if end.date() == start.date() else "l, j F Y, H:i")
