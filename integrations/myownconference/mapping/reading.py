"""What several mappings read and write."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from integrations.base.errors import RequestRejected, UnexpectedAnswer
from integrations.base.reading import Row
from integrations.base.records import Record
from integrations.myownconference.line import PLATFORM

# An identifier may be anything but what would change the meaning of ours ("webinar/recording").
_IDENT = re.compile(r"[A-Za-z0-9_.\-]{1,80}")


@dataclass(frozen=True, slots=True)
class Profile:
    """What an account's profile says of itself; `minutes` is its offset from GMT."""

    minutes: int
    timemove: bool
    name: str = ""
    email: str = ""


def decode_profile(answer: Any) -> Profile:
    """[Getting user profile]. Without offset or `timemove` no time could be told."""
    row = Row(answer, "profile", PLATFORM)
    minutes, timemove = row.whole("timezone"), row.flag("timemove")
    if minutes is None or abs(minutes) >= 24 * 60:
        raise row.broken("timezone")
    if timemove is None:
        raise row.broken("timemove")
    return Profile(minutes, timemove, row.text("name") or "", row.email("email") or "")


def ident(row: Row, name: str) -> str:
    """An identifier as text; its form is not documented."""
    written = (row.text(name) or "").strip()
    if not _IDENT.fullmatch(written):
        raise row.broken(name)
    return written


def confirm(answer: Any, what: str) -> Row:
    """Believe an answer to a change only where it says `success`."""
    row = Row(answer, what, PLATFORM)
    if row.value.get("success") in (None, False):
        raise row.unexpected("without confirming it")
    return row


def refuse(field: str, sentence: str) -> RequestRejected:
    """The error for what is ruled out before anything is sent."""
    return RequestRejected(sentence, platform=PLATFORM, field_errors={field: [sentence]})


def senseless(what: str, said: str) -> UnexpectedAnswer:
    """The error for an answer that cannot be believed."""
    return UnexpectedAnswer(f"{PLATFORM} answered {said}.", platform=PLATFORM, operation=what)


def kept(values: dict[str, Any]) -> dict[str, Any]:
    """Without what the answer did not say."""
    return {name: value for name, value in values.items() if value is not None}


def told(values: dict[str, Any]) -> dict[str, Any]:
    """Without what is empty."""
    return {name: value for name, value in values.items() if value}


def yes_no(flag: bool) -> str:
    """A flag as the document writes it."""
    return "YES" if flag else "NO"


def numbered(records: Iterable[Record], seen: Counter[str]) -> list[Record]:
    """Give records without an address, which may share a name, an identifier each."""
    found = []
    for record in records:
        if record.fields.get("email") is None and record.external_id:
            seen[record.external_id] += 1
            if seen[record.external_id] > 1:
                own = f"{record.external_id}~{seen[record.external_id]}"
                record = replace(record, external_id=own)
        found.append(record)
    return found
