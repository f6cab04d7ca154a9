"""Registrants -> people, their tags -> groups and who is in them."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated, Any

from integrations.base import answers
from integrations.base.ids import shortened
from integrations.base.reading import Row, storable
from integrations.base.records import Fields, Kind, Record
from integrations.webinarfuel import payloads
from integrations.webinarfuel.payloads import PLATFORM

# Ours -> theirs. The document lists no attributes of a registrant; these can be sent by OneClick.
SAME = {"first_name": "first_name", "last_name": "last_name", "phone": "phone"}


@dataclass(frozen=True, slots=True)
class Person:
    """What is remembered of a registrant; `email` as written there, for letters count.
    `tags` is None where the answer did not show any."""

    id: str
    email: str
    first_name: str
    last_name: str
    tags: tuple[str, ...] | None
    answers: str = ""  # the custom fields, packed


def registrant_in(answer: Annotated[Any, payloads.RegistrantAnswer | payloads.Registrant]) -> Row:
    """The registrant of an answer, bare or under `registrant`."""
    if isinstance(answer, dict) and isinstance(answer.get("registrant"), dict):
        answer = answer["registrant"]
    return Row(answer, "registrant", PLATFORM)


def decode(row: Row) -> Record:
    """A registrant -> a person."""
    fields: dict[str, Any] = {"email": row.email("email")}
    fields |= {ours: row.text(theirs) or "" for ours, theirs in SAME.items() if theirs in row}
    facts = {"tags": sorted(_tags(row) or ()), "custom_fields": row.plain("custom_fields")}
    return Record(
        Kind.ATTENDEE,
        row.ident("id"),
        fields,
        facts={name: value for name, value in facts.items() if name in row},
    )


def person(row: Row) -> Person:
    """The same, as it is remembered."""
    return Person(
        row.ident("id"),
        (row.text("email") or "").strip(),
        row.text("first_name") or "",
        row.text("last_name") or "",
        _tags(row),
        answers.packed(custom_fields(row)),
    )


def custom_fields(row: Row) -> dict[str, Any]:
    """What the owner's forms asked this person; the document shows no list of them."""
    found = row.plain("custom_fields")
    return found if isinstance(found, dict) else {}


def encode_changes(changes: Fields) -> Annotated[dict[str, Any], payloads.RegistrantChanges]:
    """Changed fields -> attributes of "Update a Registrant"; never `tags`, which may replace all
    of them [seen: README]."""
    said = {theirs: changes[ours] for ours, theirs in SAME.items() if ours in changes}
    return {name: str(text or "").strip() for name, text in said.items()}


def newcomer(fields: Fields) -> Annotated[dict[str, Any], payloads.NewRegistrant]:
    """Attributes of a registrant who is not there yet: what is known of them."""
    known = {theirs: str(fields.get(ours) or "").strip() for ours, theirs in SAME.items()}
    named = {name: text for name, text in known.items() if text}
    said = answers.unpacked(fields.get(answers.FIELD))
    return {"email": address(fields), **named, **({"custom_fields": said} if said else {})}


def known_one(
    one: Person, fields: Fields, held: dict[str, Any]
) -> Annotated[dict[str, Any], payloads.NewRegistrant]:
    """Attributes of a registrant who is there: the address as it is written there, and what they
    answered now beside what they `held`, since what is sent may replace all of it."""
    said = answers.spelled(answers.unpacked(fields.get(answers.FIELD)), held)
    return {"email": one.email, **({"custom_fields": {**held, **said}} if said else {})}


def expected(fields: Fields) -> dict[str, Any]:
    """What is shown of a person who was sent with these fields: each text without outer spaces."""
    sent = encode_changes(fields)
    shown = {**fields, **{ours: sent[theirs] for ours, theirs in SAME.items() if ours in fields}}
    return shown | ({"email": address(fields)} if "email" in fields else {})


def address(fields: Fields) -> str:
    """The e-mail address of a person of ours, in lower case."""
    return str(fields.get("email") or "").strip().lower()


def groups(people: Iterable[Person]) -> list[Record]:
    """A group for each tag that anyone carries."""
    tags = sorted({tag for one in people for tag in one.tags or ()})
    return [Record(Kind.GROUP, shortened(tag), {"name": tag}) for tag in tags]


def memberships(people: Iterable[Person], group: str) -> list[Record]:
    """Who carries a tag, by the identifier of its group."""
    return [
        membership(one, tag) for one in people for tag in one.tags or () if shortened(tag) == group
    ]


def membership(one: Person, tag: str) -> Record:
    """One person in one group."""
    fields = {"email": one.email.lower() or None}
    return Record(Kind.MEMBERSHIP, f"{one.id}/{shortened(tag)}", fields, parent_id=shortened(tag))


def _tags(row: Row) -> tuple[str, ...] | None:
    """The tags as written, each once; None where the answer shows none at all."""
    listed = row.value.get("tags", None)
    if listed is None:
        return () if "tags" in row else None
    if not isinstance(listed, list):
        raise row.broken("tags")
    named = [tag.get("name") if isinstance(tag, dict) else tag for tag in listed]
    texts = [storable(tag) for tag in named if isinstance(tag, str)]
    if len(texts) < len(named):
        raise row.broken("tags")
    return tuple(dict.fromkeys(text for text in texts if text.strip()))
