"""Read from a mailbox which mails came back (RFC 3464), and note it on each.

A mail of ours carries its number, signed (`letters.MARK`), and a report brings the headers back:
nobody who writes to the mailbox can have a mail marked that they were not sent. Reports that were
read are marked as seen; whatever else comes there is left alone.
"""

import logging
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage, Message

from django.conf import settings
from django.core.signing import BadSignature
from django.db.models import QuerySet

from portal.common import clock
from portal.conferences import sentences
from portal.conferences.mails.services import mailbox
from portal.conferences.mails.services.letters import MARK, SIGNER
from portal.conferences.mails.services.sender import header_safe
from portal.conferences.models import Invitation

log = logging.getLogger(__name__)
State = Invitation.State
LONGEST_REASON = 300  # characters
REPORTS = ("UNSEEN", "HEADER", "Content-Type", "multipart/report")


def read() -> int:
    """Read the reports that have come; answers how many mails came back."""
    return mailbox.read(settings.BOUNCE_MAILBOX, REPORTS, _handle)


def _handle(report: bytes) -> mailbox.Handled:
    noted = note(report)
    return ("" if noted is None else mailbox.SEEN), bool(noted)


def note(report: bytes) -> bool | None:
    """Note on a mail that it came back; whether it did. None where it is still being sent: the
    report is read again later."""
    try:
        found = _failure(mailbox.decoded(report))
    except Exception as error:  # whoever writes to the mailbox may write anything
        log.warning("a report cannot be read: %s", type(error).__name__)
        return False
    return found is not None and came_back(*found)


def came_back(mark: str, why: str) -> bool | None:
    """Note on the mail with a mark that it came back, and what was said of that; answers as
    `note`."""
    named = _read_mark(mark)
    if named is None:
        return False
    pk, made = named
    try:
        since = datetime.fromtimestamp(made, UTC)
    except (ValueError, OverflowError, OSError):
        return False
    made_then = {"created_at__gte": since, "created_at__lt": since + timedelta(seconds=1)}
    letter = Invitation.objects.filter(pk=pk, **made_then).first()
    if letter is None:
        return False
    if letter.state == State.SENDING:
        return None
    came_back = _along(letter).filter(state__in=(State.SENT, State.UNKNOWN))
    problem = sentences.MAIL_CAME_BACK(answer=header_safe(why)[:LONGEST_REASON] or "-")
    return bool(came_back.update(state=State.FAILED, bounced_at=clock.now(), problem=problem))


def _along(letter: Invitation) -> QuerySet[Invitation]:
    """A mail with those that were one mail with it."""
    if letter.together is None or letter.copy_id is None:
        return Invitation.objects.filter(pk=letter.pk)
    return Invitation.objects.filter(
        together=letter.together, to_email=letter.to_email, copy=letter.copy_id
    )


def _failure(report: Message) -> tuple[str, str] | None:
    """The mark of a mail that came back for good, and what its server said; None of anything
    else."""
    if report.get_content_type() != "multipart/report":
        return None
    why = named = ""
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


def _named(part: Message) -> str:
    """The mark of the mail that came back; empty where it has none."""
    original: Message | str = part
    payload = part.get_payload()
    if part.get_content_type() == "message/rfc822":
        original = payload[0] if isinstance(payload, list) and payload else ""
    elif isinstance(part, EmailMessage):
        raw = part.get_payload(decode=True) or b""
        original = raw.decode(errors="replace") if isinstance(raw, bytes) else ""
    if isinstance(original, str):
        original = mailbox.decoded(original.encode(errors="replace"))
    return str(original.get(MARK, "")).strip()


def _read_mark(mark: str) -> tuple[int, int] | None:
    """Number and second of a mail of ours, where the mark is signed."""
    try:
        number, _dash, second = SIGNER.unsign(mark).partition("-")
        return int(number), int(second)
    except (BadSignature, ValueError):
        return None
