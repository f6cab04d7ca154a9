"""Reading what most answers have alike: identifiers, confirmations, what is left out."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from integrations.base.errors import UnexpectedAnswer
from integrations.base.reading import Row
from integrations.base.records import Record
from integrations.base.texts import _, say
from integrations.myownconference.payloads import PLATFORM

# An identifier may be anything but what would change the meaning of ours ("webinar/recording").
_IDENT = re.compile(r"[A-Za-z0-9_.\-]{1,80}")


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
        raise row.unexpected(_("%(platform)s answered without confirming it."))
    return row


def unexpected(what: str, sentence: str) -> UnexpectedAnswer:
    """The error for an answer that cannot be believed, by a marked sentence in which `platform`
    stands."""
    return UnexpectedAnswer(say(sentence, platform=PLATFORM), platform=PLATFORM, operation=what)


def without_none(values: dict[str, Any]) -> dict[str, Any]:
    """Without what the answer did not say."""
    return {name: value for name, value in values.items() if value is not None}


def without_empty(values: dict[str, Any]) -> dict[str, Any]:
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
