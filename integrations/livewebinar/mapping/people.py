"""Personal room URLs, and the lists of people around a room."""

import re
from collections.abc import Iterable, Mapping
from typing import Annotated, Any
from urllib.parse import quote

from integrations.base import answers
from integrations.base.errors import refused
from integrations.base.reading import Row
from integrations.base.records import Fields
from integrations.base.texts import _
from integrations.livewebinar import payloads
from integrations.livewebinar.mapping.moments import moment_in
from integrations.livewebinar.payloads import PLATFORM

# Ours -> theirs [document, Add panelist to webinar].
ROLES = {
    "listener": "attendee",
    "attendee": "attendee",
    "presenter": "presenter",
    "host": "moderator",
    "moderator": "moderator",
}
OWN = ("emails", "email", "role", "firstname", "lastname")
MOMENTS = ("registered_at", "created_at", "joined_at", "left_at")
TEXTS = ("name", "nickname", "first_name", "last_name", "email", "role", "status")


def encode_person(fields: Fields, role: str) -> Annotated[dict[str, Any], payloads.PersonForm]:
    """Parameters of a personal invitation; what is empty and optional is left out.

    The address travels as `emails`, the document's word. Raises RequestRejected.
    """
    email = str(fields.get("email") or "").strip().lower()
    if not email:
        raise refused(PLATFORM, "email", _("A personal link needs an e-mail address."))
    if role not in ROLES:
        raise refused(PLATFORM, "role", _("The role is host, presenter or attendee."))
    first, last = _names(fields)
    sent = {"emails": email, "role": ROLES[role], "firstname": first, "lastname": last}
    return {name: value for name, value in sent.items() if value}


def personal(
    answer: Annotated[Any, payloads.PersonalLinkAnswer | payloads.PersonalLink],
) -> tuple[str, str]:
    """(personal_url, personal_token) of the answer; one of them may be empty, not both."""
    value = answer.get("data", answer) if isinstance(answer, dict) else answer
    if isinstance(value, list) and len(value) == 1:
        value = value[0]
    row = Row(value, "personal link", PLATFORM)
    url, token = row.link("personal_url"), (row.text("personal_token") or "").strip()
    if token and not re.fullmatch(r"[\x21-\x7e]+", token):
        raise row.broken("personal_token")
    if not url and not token:
        raise row.broken("personal_url")
    return url, token


def link_from(room_url: str, personal_token: str) -> str:
    """A personal room's address where the answer names its token alone."""
    return f"{room_url}/p/{quote(personal_token, safe='')}"


def answers_in(text: str) -> dict[str, str]:
    """What staff typed for a form, one `field: answer` a line. Raises RequestRejected."""
    found: dict[str, str] = {}
    for line in filter(None, (line.strip() for line in text.splitlines())):
        name, colon, value = line.partition(":")
        if not colon or not name.strip():
            raise refused(PLATFORM, "answers", _("Write one answer a line, as field: answer."))
        found[name.strip()] = value.strip()
    return found


def form_of(fields: Fields) -> dict[str, str]:
    """Answers of a registration, for the fields of the room's web form. They travel beside the
    person, whose own parameters none of them may be."""
    found = answers.unpacked(fields.get(answers.FIELD))
    return {name: text for name, text in found.items() if name.partition("[")[0] not in OWN}


def people_rows(found: Iterable[Row]) -> list[dict[str, Any]]:
    """A list of registrants or participants as a table; columns that nobody fills are left out."""
    table = []
    for number, row in enumerate(found, 1):
        line: dict[str, Any] = {"id": row.maybe_ident("id") or f"row {number}"}
        line |= {name: row.text(name) for name in TEXTS if _is_plain(row.value.get(name))}
        line |= {name: moment_in(row, name) for name in MOMENTS if row.value.get(name)}
        table.append({name: value for name, value in line.items() if value})
    return table


def form_rows(found: Iterable[Row]) -> list[dict[str, Any]]:
    """The account's web forms as a table."""
    return [{"id": row.ident("id"), "name": row.text("name") or ""} for row in found]


def _names(fields: Mapping[str, Any]) -> tuple[str, str]:
    """First and last name; a moderator's one name is divided at its last space."""
    if "name" in fields:
        first, _, last = str(fields.get("name") or "").strip().rpartition(" ")
        return (first, last) if first else (last, "")
    first = str(fields.get("first_name") or "").strip()
    return first, str(fields.get("last_name") or "").strip()


def _is_plain(value: Any) -> bool:
    return isinstance(value, str | int) and not isinstance(value, bool)
