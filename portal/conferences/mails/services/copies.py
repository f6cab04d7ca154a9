"""Keep each message exactly as it was sent, and thousands of them in little room.

Three hundred invitations differ in a name, an address and a link. What they have in common is kept
once (`MailCopy`), packed, with signs in the place of these; what the signs stand for is kept with
each message. Put together again, it is what left, to the letter: where it would not be, all of it
is kept. A copy holds a personal link: who may see it, `identity.access` says.
"""

import hashlib
import json
import re
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from email.header import decode_header, make_header
from email.utils import formataddr
from functools import reduce
from typing import Any

from django.core.mail import EmailMultiAlternatives
from django.db.models import Exists, OuterRef
from django.utils.html import escape
from icalendar.parser import Contentline

from portal.common import clock
from portal.conferences.mails.services.letters import Content, header_safe
from portal.conferences.models import Invitation, MailCopy

MOST_VALUES = 8
_SIGNS = tuple(chr(number) for number in range(1, MOST_VALUES + 1))
_FOLD = re.compile(r"\r\n[ \t]")
_STAMP = re.compile(r"^DTSTAMP:(\d{8}T\d{6}Z)", re.MULTILINE)
_FORGOTTEN_AFTER = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class SentMail:
    """A message as it was sent."""

    sender: str
    reply_to: str
    to: str
    subject: str
    text: str
    html: str
    calendar: str
    method: str  # of the calendar entry: REQUEST, CANCEL, or PUBLISH for several dates

    @property
    def addresses(self) -> tuple[str, str]:
        """From whom and to whom, as people read it: a header writes other letters as codes."""
        first, second = (str(make_header(decode_header(one))) for one in (self.sender, self.to))
        return first, second


def keep(
    some: Sequence[Invitation], message: EmailMultiAlternatives, contents: Sequence[Content]
) -> None:
    """Keep what is about to leave, and nobody has yet; one about several dates with each of them.

    That has too many links of one person's own to be like another: all of it is kept."""
    parts = _parts(message)
    values = _values(contents[0], parts) if len(contents) == 1 else []
    if any(sign in text for sign in _SIGNS for text in (*parts.values(), *values)):
        values = []
    shared = {name: _without(text, values) for name, text in parts.items()}
    raw = json.dumps(shared, sort_keys=True, ensure_ascii=False).encode()
    digest = hashlib.blake2b(raw, digest_size=32).hexdigest()
    copy, _new = MailCopy.objects.get_or_create(
        digest=digest, defaults={"content": zlib.compress(raw, 9)}
    )
    kept = Invitation.objects.filter(pk__in=[letter.pk for letter in some])
    kept.update(copy=copy, copied=values)


def sent_mail(letter: Invitation) -> SentMail | None:
    """What a message said; None where it was not kept: it has not left, or left before copies
    were kept."""
    if letter.copy is None:
        return None
    shared = json.loads(zlib.decompress(bytes(letter.copy.content)))
    parts = {name: _with(text, letter.copied) for name, text in shared.items()}
    return SentMail(**parts | {"calendar": _folded(parts["calendar"])})


def forget_unused() -> int:
    """Delete what no message refers to any more; answers how many."""
    used = Invitation.objects.filter(copy=OuterRef("pk"))
    old = MailCopy.objects.filter(created_at__lt=clock.now() - _FORGOTTEN_AFTER)
    return old.filter(~Exists(used)).delete()[0]


def _parts(message: EmailMultiAlternatives) -> dict[str, str]:
    html = calendar = method = ""
    for part in message.alternatives:
        text, kind = str(part[0]), str(part[1])
        if kind == "text/html":
            html = text
        elif kind.startswith("text/calendar"):
            calendar, method = text, kind.rpartition("method=")[2]
    if not calendar:  # about several dates: a file alone, which asks for nothing
        calendar = next((_text(part) for part in message.attachments), "")
        method = "PUBLISH" if calendar else ""
    whole = _FOLD.sub("", calendar)
    return {
        "sender": str(message.from_email),
        "reply_to": ", ".join(message.reply_to),
        "to": ", ".join(message.to),
        "subject": str(message.subject),
        "text": str(message.body),
        "html": html,
        "calendar": whole if _folded(whole) == calendar else calendar,
        "method": method,
    }


def _text(attachment: Any) -> str:
    content = attachment[1]
    return content.decode() if isinstance(content, bytes) else str(content)


def _folded(calendar: str) -> str:
    """Lines of a calendar file as its standard folds them; what is folded already stays so."""
    if _FOLD.search(calendar):
        return calendar
    lines: list[Any] = [Contentline(line) for line in calendar.split("\r\n")]  # type: ignore[no-untyped-call]
    return "\r\n".join(line.to_ical().decode() for line in lines)


def _values(content: Content, parts: dict[str, str]) -> list[str]:
    """What is one person's own, the longer before what may be a part of it."""
    stamp = _STAMP.search(parts["calendar"])
    given: Iterable[str] = (
        content.link,
        content.answer_link,
        content.replies_to,
        formataddr((header_safe(content.name), content.email)),
        content.email,
        escape(content.name),
        content.name,
        stamp[1] if stamp else "",
    )
    return list(given)


def _without(text: str, values: list[str]) -> str:
    pairs = zip(values, _SIGNS, strict=False)
    return reduce(lambda done, pair: done.replace(*pair) if pair[0] else done, pairs, text)


def _with(text: str, values: list[str]) -> str:
    pairs = zip(values, _SIGNS, strict=False)
    return reduce(lambda done, pair: done.replace(pair[1], pair[0]), pairs, text)
