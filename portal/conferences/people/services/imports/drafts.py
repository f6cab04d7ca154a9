"""What was read waits here for the confirmation, for a day, for the person who uploaded it.

Files of our own and not a session or a form field: thousands of rows would travel with every
request. Beside what was read stands the upload itself, so that it can be read anew, otherwise.
Every web process of the portal must see the same folder.
"""

import json
import os
import re
import secrets
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path

from django.conf import settings
from django.contrib.auth.models import User
from django.utils.translation import gettext_lazy as _

from portal.common.errors import NotPossible
from portal.common.reader.people import Candidate
from portal.common.reader.reading import Choices, Reading

KEPT_SECONDS = 24 * 3600
_TOKEN = re.compile(r"[A-Za-z0-9_-]{20,60}")
GONE = _("This preview is no longer there; it is kept for a day. Please import the list again.")


@dataclass(slots=True)
class Draft:
    """A list that was read and not yet imported. With a `conference_id`, its people are to be
    invited there afterwards; once it is `imported`, it only says who they are."""

    user_id: int
    name: str
    reading: Reading = field(default_factory=Reading)
    choices: Choices = field(default_factory=Choices)
    group_id: int | None = None
    new_group: str = ""
    conference_id: int | None = None
    imported: bool = False

    @property
    def candidates(self) -> list[Candidate]:
        return self.reading.candidates


def keep_upload(content: bytes) -> str:
    """Keep what was uploaded; answers the token under which its draft will stand."""
    folder = _folder()
    _forget_old(folder)
    token = secrets.token_urlsafe(24)
    _write(folder / f"{token}.upload", content)
    return token


def upload(token: str) -> Path:
    """Where the upload lies."""
    return _folder() / f"{token}.upload"


def save(token: str, draft: Draft) -> None:
    """Keep what was read of the upload, instead of an earlier reading."""
    target = _folder() / f"{token}.json"
    beside = target.with_suffix(f".{secrets.token_hex(4)}")
    _write(beside, json.dumps(asdict(draft)).encode())
    beside.replace(target)


def load(token: str, user: User | None, *, imported: bool = False) -> Draft:
    """Raises NotPossible where it is gone, or somebody else's, or was imported meanwhile."""
    if not _TOKEN.fullmatch(token):
        raise NotPossible(GONE)
    try:
        found = json.loads((_folder() / f"{token}.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        raise NotPossible(GONE) from None
    if user is None or found["user_id"] != user.pk or found["imported"] != imported:
        raise NotPossible(GONE)
    reading, choices = found["reading"], found["choices"]
    reading["candidates"] = [Candidate(**one) for one in reading["candidates"]]
    choices["columns"] = {int(n): meaning for n, meaning in choices["columns"].items()}
    return Draft(**found | {"reading": Reading(**reading), "choices": Choices(**choices)})


def forget(token: str) -> None:
    """It is not wanted, or could not be read."""
    for suffix in ("json", "upload"):
        (_folder() / f"{token}.{suffix}").unlink(missing_ok=True)


def keep_people(token: str, draft: Draft, emails: list[str]) -> None:
    """It was imported: the upload goes, and who was in it stays to be invited, for a day."""
    upload(token).unlink(missing_ok=True)
    draft.imported = True
    draft.reading = Reading(candidates=[Candidate(0, email) for email in emails])
    save(token, draft)


def _write(file: Path, content: bytes) -> None:
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as target:
        target.write(content)


def _folder() -> Path:
    folder = Path(settings.VAR_DIR) / "imports"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def _forget_old(folder: Path) -> None:
    oldest = time.time() - KEPT_SECONDS
    for file in folder.iterdir():
        try:
            if file.stat().st_mtime < oldest:
                file.unlink()
        except FileNotFoundError:
            continue
