"""Read from a mailbox which mails came back (RFC 3464), and note it on each.

A mail of ours carries its number, signed (`letters.MARK`), and a report brings the headers back:
nobody who writes to the mailbox can have a mail marked that they were not sent. Reports that were
read are marked as seen; whatever else comes there is left alone.
"""

import imaplib
import logging
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, message_from_string, policy
from email.message import EmailMessage, Message
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.core.signing import BadSignature
from django.db.models import QuerySet

from portal.common import clock
from portal.conferences import sentences
from portal.conferences.mails.services.letters import MARK, SIGNER
from portal.conferences.mails.services.sender import header_safe
from portal.conferences.models import Invitation

log = logging.getLogger(__name__)
State = Invitation.State
MOST = 200  # reports in one round
LARGEST = 256_000  # bytes; of a larger report the beginning is read
WAIT = 20  # seconds for an answer
LONGEST_ROUND = 60.0  # seconds; the same worker sends mails
LONGEST_REASON = 300  # characters
_LOOPBACK = ("localhost", "127.0.0.1", "::1")
_NUMBER = re.compile(rb"\d{1,10}")


def read() -> int:
    """Read the reports that have come; answers how many mails came back. Without a mailbox, or
    where it cannot be read, none: the next round tries again."""
    if not settings.BOUNCE_MAILBOX:
        return 0
    try:
        with _mailbox() as box:
            return _read(box)
    except (OSError, imaplib.IMAP4.error) as error:
        log.warning("the mailbox of returned mails cannot be read: %s", type(error).__name__)
        return 0


def _read(box: imaplib.IMAP4) -> int:
    """What waits there, for no longer than mails may be held up by it."""
    begun, count = time.monotonic(), 0
    for number in _reports(box):
        if time.monotonic() - begun > LONGEST_ROUND:
            break
        count += _handle(box, number)
    return count


def note(report: bytes) -> bool | None:
    """Note on a mail that it came back; whether it did. None where it is still being sent: the
    report is read again later."""
    try:
        found = _failure(message_from_bytes(report, policy=policy.default))
    except Exception as error:  # whoever writes to the mailbox may write anything
        log.warning("a report cannot be read: %s", type(error).__name__)
        return False
    if found is None:
        return False
    (pk, made), why = found
    since = datetime.fromtimestamp(made, UTC)
    made_then = {"created_at__gte": since, "created_at__lt": since + timedelta(seconds=1)}
    letter = Invitation.objects.filter(pk=pk, **made_then).first()
    if letter is None:
        return False
    if letter.state == State.SENDING:
        return None
    came_back = _along(letter).filter(state__in=(State.SENT, State.UNKNOWN))
    problem = sentences.MAIL_CAME_BACK(answer=why)
    return bool(came_back.update(state=State.FAILED, bounced_at=clock.now(), problem=problem))


def _along(letter: Invitation) -> QuerySet[Invitation]:
    """A mail with those that were one mail with it."""
    if letter.together is None or letter.copy_id is None:
        return Invitation.objects.filter(pk=letter.pk)
    return Invitation.objects.filter(
        together=letter.together, to_email=letter.to_email, copy=letter.copy_id
    )


def _failure(report: Message) -> tuple[tuple[int, int], str] | None:
    """Which mail came back for good, and what its server said; None of anything else."""
    if report.get_content_type() != "multipart/report":
        return None
    why, named = "", None
    for part in report.walk():
        kind = part.get_content_type()
        if kind == "message/delivery-status":
            why = why or _reason(part)
        elif kind in ("message/rfc822", "text/rfc822-headers", "message/global-headers"):
            named = named or _named(part)
    return (named, why) if named and why else None


def _reason(part: Message) -> str:
    """The server's words on the first recipient who was given up on."""
    blocks = part.get_payload()
    given = blocks[:20] if isinstance(blocks, list) else []
    for block in (one for one in given if isinstance(one, Message)):
        action = str(block.get("Action", "")).strip().lower()
        status = str(block.get("Status", "")).strip()
        if action == "failed" and not status.startswith("4"):
            said = str(block.get("Diagnostic-Code", "")).partition(";")[2] or status
            return header_safe(said)[:LONGEST_REASON] or "-"
    return ""


def _named(part: Message) -> tuple[int, int] | None:
    """Number and second of a mail of ours, by its signed mark; None where there is none."""
    original: Message | str = part
    payload = part.get_payload()
    if part.get_content_type() == "message/rfc822":
        original = payload[0] if isinstance(payload, list) and payload else ""
    elif isinstance(part, EmailMessage):
        raw = part.get_payload(decode=True) or b""
        original = raw.decode(errors="replace") if isinstance(raw, bytes) else ""
    if isinstance(original, str):
        original = message_from_string(original, policy=policy.default)
    try:
        number, _dash, second = SIGNER.unsign(str(original.get(MARK, "")).strip()).partition("-")
        return int(number), int(second)
    except (BadSignature, ValueError):
        return None


# The mailbox -------------------------------------------------------------------------------------


@contextmanager
def _mailbox() -> Iterator[imaplib.IMAP4]:
    """The mailbox, open; `imap://` is encrypted, too, but on this machine."""
    place = urlsplit(settings.BOUNCE_MAILBOX)
    host = place.hostname or ""
    box: imaplib.IMAP4
    if place.scheme == "imaps":
        box = imaplib.IMAP4_SSL(host, place.port or 993, timeout=WAIT)
    else:
        box = imaplib.IMAP4(host, place.port or 143, timeout=WAIT)
    try:
        if place.scheme == "imap" and host not in _LOOPBACK:
            box.starttls()
        box.login(unquote(place.username or ""), unquote(place.password or ""))
        status, _answer = box.select(f'"{unquote(place.path.strip("/")) or "INBOX"}"')
        if status != "OK":
            raise imaplib.IMAP4.error(status)
        yield box
    finally:
        try:
            box.logout()
        except (OSError, imaplib.IMAP4.error):
            box.shutdown()


def _reports(box: imaplib.IMAP4) -> list[str]:
    """The numbers of reports that nobody has read."""
    _status, found = box.uid("SEARCH", "UNSEEN", "HEADER", "Content-Type", "multipart/report")
    numbers = _NUMBER.findall(found[0] or b"") if found else []
    return [number.decode() for number in numbers[:MOST]]


def _handle(box: imaplib.IMAP4, number: str) -> bool:
    _status, found = box.uid("FETCH", number, f"(BODY.PEEK[]<0.{LARGEST}>)")
    texts = [one[1] for one in found or () if isinstance(one, tuple) and len(one) > 1]
    if not texts:
        return False
    noted = note(bytes(texts[0])[:LARGEST])
    if noted is not None:
        box.uid("STORE", number, "+FLAGS", r"(\Seen)")
    return bool(noted)
