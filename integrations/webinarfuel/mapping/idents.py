"""External ids: unique in the account, sufficient by themselves, at most 200 characters."""

import hashlib
import re

from integrations.base.errors import RecordNotFound

PLATFORM = "WebinarFuel"
LONGEST = 150


def number(text: str) -> str:
    """One of their identifiers. Raises RecordNotFound for what cannot be one."""
    if not re.fullmatch("[0-9]{1,40}", text):
        raise RecordNotFound(
            f"{PLATFORM} cannot know such a record.", platform=PLATFORM, operation="find"
        )
    return text


def pair(external_id: str) -> tuple[str, str]:
    """(their identifier, the rest) of "12/rest"; RecordNotFound where there is no such pair."""
    first, _, rest = external_id.partition("/")
    return number(first), rest or number("")


def numbers(external_id: str) -> tuple[str, str]:
    """Both identifiers of "12/34"."""
    first, rest = pair(external_id)
    return first, number(rest)


def session_key(session_id: str, starts_at: str | None) -> str:
    """What tells one run from another: a recurring session has one id for all of its dates
    [beyond-the-documents.md, WebinarFuel]."""
    return f"{session_id}@{starts_at}" if starts_at else session_id


def short(text: str) -> str:
    """The text itself, or its beginning with a digest of all of it: LONGEST characters then."""
    if len(text) < LONGEST:
        return text
    return f"{text[: LONGEST - 33]}~{hashlib.blake2b(text.encode(), digest_size=16).hexdigest()}"
