"""Participants, their groups, and moderators."""

import re
from typing import Annotated, Any, cast

from integrations.base.reading import Row, rows
from integrations.base.records import Fields, Kind, Record
from integrations.base.texts import _
from integrations.myownconference.mapping.answers import ident, unexpected, without_empty
from integrations.myownconference.mapping.conference import alias_of
from integrations.myownconference.payloads import (
    PLATFORM,
    Attendee,
    AttendeeChange,
    AttendeeList,
    Group,
    Moderator,
    PersonalWebinar,
)

# A name is one field there, first name first. A space inside the first name travels as a
# no-break space, so that the two can be told apart again.
INNER_SPACE = "\u00a0"
# [Creating participants] names what no name may hold; whether the last dot of that list ends the
# sentence or belongs to it cannot be told, so none is sent.
FORBIDDEN = re.compile(r"[\^~!@#$%&*()+=\[{}\]\\|:;,<>/?.]+")
SHORTEST_NAME, LONGEST_NAME = 2, 64
LONGEST_PHONE = 16
LISTED = [
    "name",
    "email",
    "phone",
    "company",
    "department",
    "city",
    "country",
    "creation_date",
    "type",
]
MAIN_STAYS = _(
    "The main moderator of the account has access to every webinar on MyOwnConference, and cannot "
    "be taken off one."
)
FACTS = ("type", "department", "city", "country")


def split_name(name: str) -> tuple[str, str]:
    """One name -> first and last."""
    first, _, last = name.strip().partition(" ")
    return first.replace(INNER_SPACE, " ").strip(), last.strip()


def join_name(first: str, last: str) -> str:
    """First and last -> one name, without what a name may not hold, cut to what fits."""
    together = re.sub(" +", INNER_SPACE, clean(first))
    return f"{together} {clean(last)}".strip()[:LONGEST_NAME].rstrip()


def clean(text: str) -> str:
    """A text without the signs that the platform forbids in names and companies."""
    return " ".join(FORBIDDEN.sub(" ", text).split())


def full_name(fields: Fields) -> str:
    """The name that a person is sent with; who has none is called by the address."""
    name = join_name(str(fields.get("first_name") or ""), str(fields.get("last_name") or ""))
    return name or name_from_address(str(fields.get("email") or ""))


def moderator_name(fields: Fields) -> str:
    """The same for a moderator, whose name is one field here too and has two letters or more."""
    name = clean(str(fields.get("name") or ""))[:LONGEST_NAME].rstrip()
    return name if len(name) >= SHORTEST_NAME else name_from_address(str(fields.get("email") or ""))


def name_from_address(email: str) -> str:
    """A name made of an address, without what a name may not hold."""
    name = clean(email.partition("@")[0])[:LONGEST_NAME].rstrip()
    return name if len(name) >= SHORTEST_NAME else f"Guest {name}".rstrip()


def phone(text: str) -> str:
    """A number as it fits: with its digits alone where it is too long, else not at all."""
    short = text.strip()
    if len(short) > LONGEST_PHONE:
        short = re.sub(r"[^\d+]", "", short)
    return short if len(short) <= LONGEST_PHONE else ""


def expected_person(fields: Fields) -> dict[str, Any]:
    """What is shown of a person who was sent with these fields."""
    shown = {**fields, **_details(fields)}
    if "email" in fields:
        shown["email"] = address(fields)
    if {"first_name", "last_name"} & fields.keys():
        names = zip(("first_name", "last_name"), split_name(full_name(fields)), strict=True)
        shown |= {name: text for name, text in names if name in fields}
    return shown


def expected_moderator(fields: Fields) -> dict[str, Any]:
    """The same for a moderator."""
    makers = {"name": moderator_name, "email": address}
    return {**fields, **{n: make(fields) for n, make in makers.items() if n in fields}}


def _details(fields: Fields) -> dict[str, Any]:
    """Phone and company as they are sent."""
    makers = {"phone": phone, "company": clean}
    return {n: make(str(fields[n] or "")) for n, make in makers.items() if n in fields}


def address(fields: Fields) -> str:
    """The address of a person as it is sent, in lower case; case makes no difference there."""
    return str(fields.get("email") or "").strip().lower()


def listing(answer: Annotated[Any, AttendeeList]) -> tuple[list[Row], int]:
    """The rows of attendeesList, and how many it counts."""
    row = Row(answer, "participant", PLATFORM)
    count = row.whole("count")
    if count is None or count < 0:
        raise row.broken("count")
    return rows(row.value.get("list"), "participant", PLATFORM), count


def decode_attendee(row: Annotated[Row, Attendee]) -> Record:
    """A participant -> a record. One without an address is told by name and date alone."""
    person = _person(row)
    fields = person | {n: t for n in ("phone", "company") if (t := row.text(n)) is not None}
    facts = without_empty(
        {name: row.text(name) for name in FACTS} | {"added": row.text("creation_date")}
    )
    own = person["email"] or f"~{row.text('creation_date') or ''} {row.text('name') or ''}"[:120]
    return Record(Kind.ATTENDEE, own, fields, facts=facts)


def decode_registration(row: Annotated[Row, Attendee], alias: str) -> Record:
    """A participant attached to a webinar, with the personal link."""
    facts = without_empty({"join_url": row.link("link"), "type": row.text("type")})
    person = _person(row)
    own = f"{alias}/{_own(row, person)}"
    return Record(Kind.REGISTRATION, own, person, parent_id=alias, facts=facts)


def decode_membership(row: Annotated[Row, Attendee], group_id: str) -> Record:
    """A participant in a group."""
    person = _person(row)
    own, email = f"{group_id}/{_own(row, person)}", {"email": person["email"]}
    return Record(Kind.MEMBERSHIP, own, email, parent_id=group_id)


def encode_attendee(changes: Fields, shown: Fields) -> AttendeeChange:
    """Changed fields -> the parameters of attendeesSet; a name is sent whole."""
    sent = _details({n: v for n, v in changes.items() if v is not None})
    if {"first_name", "last_name"} & changes.keys():
        sent["name"] = full_name({**shown, **changes})
    return cast(AttendeeChange, sent)


def group_rows(answer: Annotated[Any, list[Group]]) -> list[Row]:
    """The groups: a list, or a list inside a list [Getting a list of participant groups]."""
    if isinstance(answer, list) and answer and all(isinstance(item, list) for item in answer):
        answer = [group for inner in answer for group in inner]
    return rows(answer, "group", PLATFORM)


def decode_group(row: Annotated[Row, Group]) -> Record:
    """A group of participants."""
    return Record(Kind.GROUP, ident(row, "id"), {"name": row.needed_text("name")})


def moderator_rows(answer: Annotated[Any, list[Moderator]]) -> list[Row]:
    """The moderators of moderatorsList; each has an address, which is who they are."""
    found = rows(answer, "moderator", PLATFORM)
    for row in found:
        if not row.email("email"):
            raise row.broken("email")
    return found


def decode_moderator(row: Annotated[Row, Moderator], alias: str, link: str | None = None) -> Record:
    """A moderator of a webinar. `link` None: not asked for, which makes the record partial."""
    email = row.email("email") or ""
    facts: dict[str, Any] = {
        name: row.flag(name) for name in ("main", "avatar") if row.flag(name) is not None
    }
    return Record(
        Kind.MODERATOR,
        f"{alias}/{email}",
        {"email": email, "name": row.text("name") or ""},
        parent_id=alias,
        facts=facts
        | ({"join_url": link} if link else {})
        | ({"fixed": MAIN_STAYS} if facts.get("main") else {}),
        partial=link is None,
    )


def room_links(answer: Annotated[Any, list[PersonalWebinar]], name: str) -> dict[str, str]:
    """Alias -> personal link, out of moderatorsRooms or attendeesRooms; `name` of the link."""
    found = rows(answer, "webinar", PLATFORM)
    return {alias_of(row): row.link(name) for row in found}


def one_with(found: list[Row], email: str) -> Row | None:
    """The row with an address; a search answers everyone who holds the text somewhere."""
    same = [row for row in found if row.email("email") == email]
    if len(same) > 1:
        raise unexpected("participant", _("%(platform)s answered with one address twice."))
    return same[0] if same else None


def _person(row: Row) -> dict[str, Any]:
    first, last = split_name(row.text("name") or "")
    email = row.email("email")
    if email is None and not first:
        raise row.broken("email")
    return {"email": email, "first_name": first, "last_name": last}


def _own(row: Row, person: dict[str, Any]) -> str:
    return str(person["email"] or f"~{row.text('name') or ''}"[:120])
