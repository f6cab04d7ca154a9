"""The demo's mails, read back from the files that the mail backend writes instead of sending."""

import email
import email.policy
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

MOST = 2000
# Django's file backend puts a line of dashes after each message.
_BETWEEN = re.compile(rb"^-{79}\r?\n(?=[A-Za-z-]+: |\Z)", re.MULTILINE)
_NAME = re.compile(r"[\w-]+")


@dataclass(frozen=True, slots=True)
class Mail:
    """One message: where it stands, and what a list shows of it."""

    name: str
    number: int
    sent_at: datetime
    message: EmailMessage

    @property
    def subject(self) -> str:
        return str(self.message["Subject"] or _("(no subject)"))

    @property
    def to(self) -> str:
        return str(self.message["To"] or "")

    @property
    def sender(self) -> str:
        return str(self.message["From"] or "")

    @property
    def text(self) -> str:
        return self._part("text/plain")

    @property
    def html(self) -> str:
        return self._part("text/html")

    @property
    def calendar(self) -> str:
        return self._part("text/calendar")

    def _part(self, wanted: str) -> str:
        for part in self.message.walk():
            if part.get_content_type() == wanted and not part.is_multipart():
                return str(part.get_content())
        return ""


def mails(search: str = "") -> list[Mail]:
    """The newest mails that hold every word in subject or address, at most MOST."""
    words = search.casefold().split()
    found: list[Mail] = []
    for mail in _all():
        if all(word in f"{mail.subject} {mail.to}".casefold() for word in words):
            found.append(mail)
        if len(found) >= MOST:
            break
    return found


def mail(name: str, number: int) -> Mail | None:
    """One mail; None where there is none."""
    file = Path(settings.DEMO_MAIL_DIR) / f"{name}.log"
    if not _NAME.fullmatch(name) or not file.is_file():
        return None
    return next((one for one in _read(file) if one.number == number), None)


def _all() -> Iterator[Mail]:
    """Newest first: files by the time of their last line, and in each the last message first."""
    folder = Path(settings.DEMO_MAIL_DIR)
    files = sorted(folder.glob("*.log"), key=lambda f: (f.stat().st_mtime, f.name), reverse=True)
    for file in files:
        if _NAME.fullmatch(file.stem):
            yield from reversed(list(_read(file)))


def _read(file: Path) -> Iterator[Mail]:
    moment = datetime.fromtimestamp(file.stat().st_mtime, tz=timezone.get_default_timezone())
    parts = [part for part in _BETWEEN.split(file.read_bytes()) if part.strip()]
    for number, part in enumerate(parts):
        message = email.message_from_bytes(part, policy=email.policy.default)
        stamp = message["Date"]
        sent_at = stamp.datetime if stamp is not None and stamp.datetime else moment
        if sent_at.tzinfo is None:  # "-0000": the time is UTC, and says nothing of a place
            sent_at = sent_at.replace(tzinfo=UTC)
        yield Mail(file.stem, number, sent_at, message)
