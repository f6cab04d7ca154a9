"""Registrations, contacts, personal links and access tokens."""

import re
from collections.abc import Mapping
from typing import Annotated, Any
from urllib.parse import quote

from integrations.base import answers
from integrations.base.errors import UnexpectedAnswer
from integrations.base.reading import Row, rows, storable
from integrations.base.records import Fields, Kind, Record
from integrations.base.texts import say
from integrations.clickmeeting import payloads
from integrations.clickmeeting.payloads import PLATFORM

NO_LAST_NAME = "-"
DELETION = "deletion"
# The document's own labels of what each form asks.
STANDARD = ("first name", "last name", "email address")
# Beside an object that says OK: the vendor's Moodle plugin reads a text, others get an empty 204.
DELETED = ("200 OK", "204 No Content")
CONTACT = {
    "email": "email",
    "first_name": "firstname",
    "last_name": "lastname",
    "phone": "phone",
    "company": "company",
    "country": "country",
}


def decode_registration(row: Row, room_id: str) -> Record:
    """A registered participant -> a record.

    The labels in `fields` are those of the room's form and may be in any language: names are
    taken from the document's own labels, else the nickname stands for the first name. What the
    form asks beside name and address are answers.
    """
    form = _form(row)
    labelled = {label.strip().lower(): text for label, text in form.items()}
    first, last = labelled.get("first name"), labelled.get("last name")
    if first is None and last is None:
        first = row.text("visitor_nickname")
    fields = {"email": row.email("email"), "first_name": first or "", "last_name": last or ""}
    if asked := answers.packed(_beside(form, row)):
        fields[answers.FIELD] = asked
    facts = {
        "registered_at": row.moment("registration_date") or "",
        "confirmed": _unless_null(row.text("registration_confirmed")),
        "session": row.maybe_ident("session_id") or "",
    }
    return Record(
        Kind.REGISTRATION,
        f"{room_id}/{row.ident('id')}",
        fields,
        parent_id=room_id,
        facts={name: value for name, value in facts.items() if value},
    )


def encode_registration(
    fields: Fields, confirmation_language: str
) -> Annotated[dict[str, Any], payloads.RegistrationForm]:
    """Parameters of "Register participant"; their mail goes out only where a language is set."""
    person = with_names(fields)
    confirmation: dict[str, Any] = {"enabled": bool(confirmation_language)}
    if confirmation_language:
        confirmation["lang"] = confirmation_language
    return {
        "registration": {1: person["first_name"], 2: person["last_name"], 3: person["email"]},
        "confirmation_email": confirmation,
    }


def registered(answer: Annotated[Any, payloads.Registered], fields: Fields, room_id: str) -> Record:
    """The answer to "Register participant": a personal link, and no identifier."""
    row = Row(answer, "registration", PLATFORM)
    confirm(answer, "registration")
    link = row.link("url")
    if not link:
        raise row.broken("url")
    facts: dict[str, Any] = {"join_url": link}
    if row.flag("exist"):
        facts["already_registered"] = True
    return Record(Kind.REGISTRATION, None, with_names(fields), parent_id=room_id, facts=facts)


def with_names(fields: Fields) -> dict[str, Any]:
    """A person with the names that the document requires, and the address in lower case.

    Who has no first name is called by the part before the @; a missing last name is a dash.
    """
    email = str(fields.get("email") or "").strip().lower()
    first = str(fields.get("first_name") or "").strip() or email.partition("@")[0]
    last = str(fields.get("last_name") or "").strip() or NO_LAST_NAME
    return {**fields, "email": email, "first_name": first, "last_name": last}


def expected_moderator(fields: Fields) -> dict[str, Any]:
    """A moderator as one is sent: who has no name is called by the part before the @."""
    sent = encode_personal_link(str(fields.get("email") or ""), str(fields.get("name") or ""))
    shown = {"email": sent["email"], "name": sent["nickname"]}
    return {**fields, **{name: text for name, text in shown.items() if name in fields}}


def encode_contact(fields: Fields) -> Annotated[dict[str, Any], payloads.ContactForm]:
    """Parameters of "add new contact"; what is empty and optional is left out."""
    person = with_names(fields)
    return {theirs: person[ours] for ours, theirs in CONTACT.items() if person.get(ours)}


def encode_personal_link(
    email: str, name: str, role: str = "listener", secrets: Mapping[str, str] | None = None
) -> Annotated[dict[str, Any], payloads.PersonalLinkForm]:
    """Parameters of "Auto-login url"; `secrets` is the password or token that the room asks for."""
    email = email.strip().lower()
    nickname = name.strip() or email.partition("@")[0]
    return {"email": email, "nickname": nickname, "role": role, **(secrets or {})}


def personal_link(answer: Annotated[Any, payloads.PersonalLink], room_url: str) -> str:
    """The address that lets one person in: the room's, with the hash of the answer."""
    row = Row(answer, "personal link", PLATFORM)
    word = row.needed_text("autologin_hash").strip()
    if not word or re.search(r"[\s<>\"']", word):
        raise row.broken("autologin_hash")
    return f"{room_url}?l={quote(word, safe='')}"


def tokens(answer: Annotated[Any, payloads.Tokens]) -> list[dict[str, str]]:
    """Access tokens, as facts: token, sent_to, used_at (empty where not used)."""
    found = rows(answer, "access token", PLATFORM, ("access_tokens",))
    return [
        {
            "token": row.needed_text("token"),
            "sent_to": row.email("sent_to_email") or "",
            "used_at": row.moment("first_use_date") or "",
        }
        for row in found
    ]


def confirm(answer: Annotated[Any, payloads.Confirmed | str], what: str) -> None:
    """Believe an answer to a change only if it says OK; the key is a different one each time.

    A deletion may be confirmed by a status as well (see DELETED).
    """
    if what == DELETION and answer in DELETED:
        return
    row = Row(answer, what, PLATFORM)
    said = (row.value.get(name) for name in ("result", "status", "STATUS", "response"))
    if not any(isinstance(word, str) and word.strip().upper() == "OK" for word in said):
        raise UnexpectedAnswer(
            say("%(platform)s did not confirm it.", platform=PLATFORM),
            platform=PLATFORM,
            operation=what,
        )


def _form(row: Row) -> dict[str, str]:
    """What stands in the form that somebody has filled in, by its labels."""
    given = row.row("fields")
    if given is None:
        return {}
    return {storable(label): given.text(label) or "" for label in given.value}


def _beside(form: dict[str, str], row: Row) -> dict[str, str]:
    """The form without name and address, which it always asks first [document, Register
    participant: 1 to 3] and may call by any words."""
    email = (row.text("email") or "").strip().casefold()
    nickname = (row.text("visitor_nickname") or "").strip().casefold()
    names = list(form)[:2]
    texts = [form[label].strip().casefold() for label in names]
    called = {" ".join(texts).strip(), *texts[:1]} - {""}
    known = {label for label in form if label.strip().lower() in STANDARD}
    known |= set(names) if nickname in called else set()
    known |= {label for label, text in form.items() if text.strip().casefold() == email}
    return {label: text for label, text in form.items() if label not in known}


def _unless_null(text: str | None) -> str:
    """Their "null" is a word in a string [document, registration_confirmed]."""
    return "" if text is None or text.strip().lower() == "null" else text
