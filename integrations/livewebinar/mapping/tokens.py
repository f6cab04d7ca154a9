"""What an answer to a login, an exchange or a refresh says."""

import re
from datetime import UTC, datetime
from typing import Annotated, Any

from integrations.base.reading import Row
from integrations.base.tokens import EXPIRES_AT, expiry
from integrations.livewebinar import payloads
from integrations.livewebinar.payloads import PLATFORM

# Beyond this a number of seconds can only be a moment (UNIX time).
LONGEST_SECONDS = 10**9


def tokens_in(
    answer: Annotated[Any, payloads.Tokens | payloads.WrappedTokens],
    now: datetime | None = None,
) -> dict[str, Any]:
    """`access_token`, and where said `refresh_token` and `expires_at`, ready to store.

    Flat or wrapped as `{"accessToken": {…}}`; the login's token is called `token`, and the
    document's `expires_id` is `expires_in`. [seen: README]
    """
    row = Row(answer, "token", PLATFORM)
    for envelope in ("data", "accessToken"):
        if "access_token" not in row and isinstance(row.value.get(envelope), dict):
            row = Row(row.value[envelope], "token", PLATFORM)
    name = "access_token" if "access_token" in row else "token"
    found: dict[str, Any] = {"access_token": _word(row, name)}
    if row.text("refresh_token"):
        found["refresh_token"] = _word(row, "refresh_token")
    end = expiry(_seconds(row, now or datetime.now(UTC)), now)
    return found | ({EXPIRES_AT: end} if end else {})


def _word(row: Row, name: str) -> str:
    """A token: one word of ASCII, since it travels in a header."""
    word = row.needed_text(name).strip()
    if not re.fullmatch(r"[\x21-\x7e]+", word):
        raise row.broken(name)
    return word


def _seconds(row: Row, now: datetime) -> float | None:
    seconds = row.whole("expires_in")
    if seconds is None:
        seconds = row.whole("expires_id")
    if seconds is None:
        return None
    if seconds > LONGEST_SECONDS:
        return max(min(seconds - now.timestamp(), float(LONGEST_SECONDS)), 0.0)
    return float(max(seconds, 0))
