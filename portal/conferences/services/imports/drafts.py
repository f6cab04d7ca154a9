"""What was read waits here for the confirmation, for a day, for the person who uploaded it.

A file of our own and not a session or a form field: thousands of rows would travel with every
request. Every web process of the portal must see the same folder.
"""

import json
import os
import secrets
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from django.conf import settings

from portal.common.errors import NotPossible
from portal.conferences.services.imports.columns import Candidate

KEPT_SECONDS = 24 * 3600
GONE = "This preview is no longer there; it is kept for a day. Please import the list again."


@dataclass(slots=True)
class Draft:
    """A list that was read and not yet imported."""

    user_id: int
    name: str
    how: str
    candidates: list[Candidate]
    remarks: list[str] = field(default_factory=list)
    group_id: int | None = None
    new_group: str = ""


def save(draft: Draft) -> str:
    """Keep it; answers the token under which its owner finds it again."""
    folder = _folder()
    _forget_old(folder)
    token = secrets.token_urlsafe(24)
    descriptor = os.open(folder / f"{token}.json", os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(asdict(draft), file)
    return token


def load(token: str, user: Any) -> Draft:
    """Raises NotPossible where it is gone, or somebody else's."""
    try:
        found = json.loads((_folder() / f"{token}.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        raise NotPossible(GONE) from None
    if found["user_id"] != user.pk:
        raise NotPossible(GONE)
    found["candidates"] = [Candidate(**one) for one in found["candidates"]]
    return Draft(**found)


def forget(token: str) -> None:
    """It was imported, or is not wanted."""
    (_folder() / f"{token}.json").unlink(missing_ok=True)


def _folder() -> Path:
    folder = Path(settings.VAR_DIR) / "imports"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def _forget_old(folder: Path) -> None:
    oldest = time.time() - KEPT_SECONDS
    for file in folder.glob("*.json"):
        try:
            if file.stat().st_mtime < oldest:
                file.unlink()
        except FileNotFoundError:
            continue
