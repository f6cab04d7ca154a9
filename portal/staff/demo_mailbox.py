"""The demo's mails, read back from the files that the mail backend writes instead of sending."""

import email
import email.policy
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.header import decode_header, make_header
from email.message import EmailMessage
from functools import cached_property, lru_cache
from itertools import islice, pairwise
from pathlib import Path

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

MOST = 2000
# Django's file backend puts a line of dashes after each message.
_BETWEEN = re.compile(rb"^-{79}\r?\n(?=[A-Za-z-]+: |\Z)", re.MULTILINE)
_NAME = re.compile(r"[\w-]+")


@dataclass(frozen=True)
class Mail:
    """One message, and where it stands: it is read when it is looked at."""

    name: str
    number: int
    file: Path
    start: int
    end: int
    written_at: datetime

    @cached_property
    def _raw(self) -> bytes:
        with self.file.open("rb") as source:
            source.seek(self.start)
            return source.read(self.end - self.start)

    @property
    def raw_head(self) -> bytes:
        """The message's headers alone, which is all that a list shows."""
        return re.split(rb"\r?\n\r?\n", self._raw, maxsplit=1)[0]

    @cached_property
    def head(self) -> EmailMessage:
        return email.message_from_bytes(self.raw_head, policy=email.policy.default)

    @cached_property
    def message(self) -> EmailMessage:
        return email.message_from_bytes(self._raw, policy=email.policy.default)

    @property
    def sent_at(self) -> datetime:
        stamp = self.head["Date"]
        found = stamp.datetime if stamp is not None and stamp.datetime else self.written_at
        # "-0000": the time is UTC, and says nothing of a place
        return found if found.tzinfo else found.replace(tzinfo=UTC)

    @property
    def subject(self) -> str:
        return str(self.head["Subject"] or _("(no subject)"))

    @property
    def to(self) -> str:
        return str(self.head["To"] or "")

    @property
    def sender(self) -> str:
        return str(self.head["From"] or "")

    @property
    def text(self) -> str:
        return self._part("text/plain")

    @property
    def html(self) -> str:
        return self._part("text/html")

    @property
    def calendar(self) -> str:
        return self._part("text/calendar")

    @property
    def has_calendar(self) -> bool:
        """Whether a calendar entry comes with it, for a list: nothing is taken apart for that."""
        return b"text/calendar" in self._raw

    def _part(self, wanted: str) -> str:
        for part in self.message.walk():
            if part.get_content_type() == wanted and not part.is_multipart():
                return str(part.get_content())
        return ""


def mails(search: str = "") -> list[Mail]:
    """The newest mails that hold every word in subject or address, at most MOST."""
    words = search.casefold().split()
    return list(islice((mail for mail in _all() if not words or _holds(mail, words)), MOST))


def _holds(mail: Mail, words: list[str]) -> bool:
    said = _said(mail.file, mail.start, mail.end, mail.written_at)
    return all(word in said for word in words)


def mail(name: str, number: int) -> Mail | None:
    """One mail; None where there is none."""
    file = Path(settings.DEMO_MAIL_DIR) / f"{name}.log"
    if not _NAME.fullmatch(name) or not file.is_file():
        return None
    return next((one for one in _in(file) if one.number == number), None)


def _all() -> Iterator[Mail]:
    """Newest first: files by the time of their last line, and in each the last message first."""
    folder = Path(settings.DEMO_MAIL_DIR)
    files = sorted(folder.glob("*.log"), key=lambda f: (f.stat().st_mtime, f.name), reverse=True)
    for file in files:
        if _NAME.fullmatch(file.stem):
            yield from reversed(_in(file))


def _in(file: Path) -> list[Mail]:
    """The messages of a file, none of them read yet."""
    found = file.stat()
    moment = datetime.fromtimestamp(found.st_mtime, tz=timezone.get_default_timezone())
    return [
        Mail(file.stem, number, file, start, end, moment)
        for number, (start, end) in enumerate(_places(file, found.st_mtime_ns, found.st_size))
    ]


@lru_cache(maxsize=2 * MOST)
def _places(file: Path, changed: int, size: int) -> tuple[tuple[int, int], ...]:
    """Where the messages of a file begin and end, as long as it has this time and size."""
    content = file.read_bytes()
    cuts = [(0, 0), *(one.span() for one in _BETWEEN.finditer(content))]
    cuts.append((len(content), len(content)))
    places = [(before[1], after[0]) for before, after in pairwise(cuts)]
    return tuple((start, end) for start, end in places if content[start:end].strip())


@lru_cache(maxsize=2 * MOST)
def _said(file: Path, start: int, end: int, written_at: datetime) -> str:
    """What a mail is found by; its headers are only decoded, which takes a tenth of the time."""
    raw = Mail(file.stem, 0, file, start, end, written_at).raw_head
    head = email.message_from_bytes(raw, policy=email.policy.compat32)
    said = [str(make_header(decode_header(head[name] or ""))) for name in ("Subject", "To")]
    return " ".join(said).casefold()
