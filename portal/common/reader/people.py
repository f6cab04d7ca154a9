"""One row of a table, or one entry of a list, becomes a person with all that is said of them."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from integrations.base.texts import say
from portal.common.languages import code_of

from .addresses import NAME, check_email, has_address, parse_person, split_name, split_name_last
from .characters import check_text, fold, unguarded
from .columns import Layout
from .entries import entries
from .headings import LABELS, WITHIN, is_label, meaning_of, stands_for_nothing
from .own import OwnColumn, read_value, written_value
from .saying import reason

MAXIMUM = {"phone": 60, "notes": 5000, "tags": 2000}
LONGEST_TAG, MOST_TAGS = 60, 20
NO_ADDRESS = say("There is no e-mail address.")
NO_NAME = say("%(column)s: “%(value)s” is no name: left out.")
SHORTENED = say("%(column)s: “%(value)s” was shortened by a spreadsheet: left out.")
LEFT_OUT = say("%(why)s It was left out.")
_TAGS_APART = re.compile(r"\s*(?:[,;|\n]|:::)\s*")
_SEVERAL = re.compile(r"\s*:::\s*")
_APART = re.compile(r"[\s,;|]+")
_SHORTENED = re.compile(r"[\d.,]{1,20}E[+-]?\d{1,3}", re.IGNORECASE)
NAMES = ("first_name", "middle", "infix", "last_name", "name", "name_last")
TOO_WIDE = say(
    "This row has more cells than there are headings. A comma in it may lack quotation marks."
)


@dataclass(slots=True)
class Candidate:
    """One row as it was understood: `problem` says why it cannot be used."""

    line: int
    email: str = ""
    values: dict[str, str] = field(default_factory=dict)
    problem: str = ""
    remarks: list[str] = field(default_factory=list)
    whole: bool = False  # the name stood in one piece; where it is divided is our guess


def from_list(text: str) -> Iterator[Candidate]:
    """The people of a list as mail programs write it."""
    for entry in entries(text):
        found = Candidate(entry.line, entry.text[:300], problem=entry.problem)
        if entry.person:
            found.email = entry.person.email
            names = (("first_name", entry.person.first_name), ("last_name", entry.person.last_name))
            found.values = {name: value for name, value in names if value}
            found.whole = True
        elif not entry.problem:
            found.problem = NO_ADDRESS
        yield found


def from_table(layout: Layout) -> Iterator[Candidate]:
    """The people of a table."""
    fields = layout.fields()
    for line, cells in layout.rows:
        if any(sign.isalnum() for cell in cells for sign in cell):  # else it is a ruled line
            wide = any(cells[layout.width :]) if layout.width else False
            cells = [unguarded(cell) for cell in cells]
            yield _candidate(line, cells, fields, layout.own, wide=wide)


def _candidate(
    line: int,
    cells: Sequence[str],
    fields: Mapping[str, list[int]],
    own: Mapping[str, OwnColumn],
    *,
    wide: bool,
) -> Candidate:
    emails = [_at(cells, n) for n in fields.get("email", ()) if _at(cells, n)]
    shown = next(iter(emails), "") or " ".join(filter(None, cells))
    if wide:
        return Candidate(line, " ".join(filter(None, cells))[:300], problem=TOO_WIDE)
    found = Candidate(line, shown[:300])
    try:
        own_values = _own(found, cells, fields, own)
        _read(found, emails, cells, {k: v for k, v in fields.items() if k not in own})
        found.values |= own_values
    except ValueError as error:
        found.problem = reason(error)
    return found


def _at(cells: Sequence[str], place: int) -> str:
    return cells[place] if place < len(cells) else ""


def _read(
    found: Candidate, emails: Sequence[str], cells: Sequence[str], fields: Mapping[str, list[int]]
) -> None:
    """Fill in the candidate. Raises ValueError with the reason why the row cannot be used."""
    given = {name: _value(found, name, cells, fields) for name in fields if name != "email"}
    addresses = [one for cell in emails for one in _SEVERAL.split(cell) if has_address(one)]
    if not addresses and "<" in given.get("name", "") and has_address(given["name"]):
        addresses = [given.pop("name")]  # "Ann Example <ann@example.com>" under "Name"
    if not addresses:
        raise ValueError(NO_ADDRESS)
    address, *others = addresses
    for name in NAMES:
        if given.get(name, "").strip().lower() == address.strip().lower():
            given[name] = ""  # their own address, for want of a name
    if len(_APART.split(address.strip())) > 1 or "<" in address:
        person = parse_person(address)
        address = person.email
        for name in ("first_name", "last_name"):
            if not (given.get("name") or given.get("name_last")):
                given[name] = given.get(name) or getattr(person, name)
    named = bool(given.get("first_name") or given.get("last_name"))
    found.values, found.whole = _checked(found, _names(given)), not named
    found.email = check_email(address)
    more = [one for one in dict.fromkeys(others) if one.strip().lower() != found.email]
    if more:
        others_said = ", ".join(more)[:200]
        found.remarks.append(say("Other addresses were left out: %(those)s.", those=others_said))
    if words := [cell for cell in emails if not has_address(cell) and _says_something(cell)]:
        left = ", ".join(words)[:100]
        found.remarks.append(say("No address: %(what)s was left out.", what=left))


def _own(
    found: Candidate,
    cells: Sequence[str],
    fields: Mapping[str, list[int]],
    own: Mapping[str, OwnColumn],
) -> dict[str, str]:
    """What stands in the house's own columns, as it is written here; the rest is remarked on."""
    values: dict[str, str] = {}
    for meaning in (one for one in own if one in fields):
        held = (_at(cells, place).strip() for place in fields[meaning])
        text = next((one for one in held if one and not stands_for_nothing(one)), "")
        try:
            if text:
                values[meaning] = written_value(read_value(own[meaning], text))
        except ValueError as error:
            found.remarks.append(say(LEFT_OUT, why=reason(error)))
    return values


def _tags(found: Candidate, text: str) -> str:
    """The tags of a cell, each once; what cannot be one is remarked on."""
    names: dict[str, str] = {}
    for part in _TAGS_APART.split(text):
        name = part.strip("\"' ")
        try:
            name = check_text(name, LABELS["tags"], LONGEST_TAG)
        except ValueError as error:
            found.remarks.append(say(LEFT_OUT, why=reason(error)))
            continue
        if key := fold(name):
            names.setdefault(key, name)
    kept = list(names.values())
    if len(kept) > MOST_TAGS:
        more = ", ".join(kept[MOST_TAGS:])[:100]
        found.remarks.append(
            say("More than %(most)d tags: %(those)s was left out.", most=MOST_TAGS, those=more)
        )
    return "; ".join(kept[:MOST_TAGS])


def _says_something(cell: str) -> bool:
    return any(map(str.isalnum, cell)) and not stands_for_nothing(cell)


def _value(
    found: Candidate, name: str, cells: Sequence[str], fields: Mapping[str, list[int]]
) -> str:
    """The first value that a row has for a field; further ones are remarked on."""
    held = [_at(cells, n) for n in fields[name]]
    if name == "tags":
        return "; ".join(one for one in held if one.strip() and not stands_for_nothing(one))
    if name in ("phone", "company"):
        held = [one for cell in held for one in _SEVERAL.split(cell)]
    texts = list(dict.fromkeys(one for one in held if one.strip()))
    usable = [one for one in texts if _is_usable(name, one)]
    errors = [one for one in texts if one.strip().startswith("#") and stands_for_nothing(one)]
    if errors:
        found.remarks.append(
            say(
                "%(column)s: %(value)s is an error of the spreadsheet.",
                column=LABELS[name],
                value=errors[0][:20],
            )
        )
    if left := [one for one in texts if one not in usable and _says_something(one)]:
        words = NO_NAME if name in NAMES else SHORTENED
        found.remarks.append(say(words, column=LABELS[name], value=", ".join(left)[:60]))
    texts = usable
    if name == "last_name" and len(fields[name]) > 1:
        return " ".join(texts)  # "Primer apellido", "Segundo apellido"
    if len(texts) > 1:
        found.remarks.append(
            say(
                "More than one %(column)s: %(values)s was left out.",
                column=WITHIN[name],
                values=", ".join(texts[1:])[:100],
            )
        )
    return texts[0] if texts else ""


def _is_usable(name: str, text: str) -> bool:
    """Whether the text can be what its column holds: "#N/A", "-" and 46084 are no names."""
    if stands_for_nothing(text):
        return False
    if name in NAMES:
        return any(map(str.isalpha, text))
    return name != "phone" or not _SHORTENED.fullmatch(text.strip())


def _names(given: dict[str, str]) -> dict[str, str]:
    """First and last name out of all columns that hold a part of the name."""
    first, last = given.get("first_name", ""), given.get("last_name", "")
    whole, infix = given.pop("name", ""), given.pop("infix", "")
    middle, last_first = given.pop("middle", ""), given.pop("name_last", "")
    if last_first and not (first or last):
        first, last = split_name_last(check_text(last_first, NAME, 400))
    if whole and not (first or last):
        first, last = split_name(check_text(whole, NAME, 400))
    names = (f"{first} {middle}".strip(), f"{infix} {last}".strip())
    return given | dict(zip(("first_name", "last_name"), names, strict=True))


def _checked(found: Candidate, given: Mapping[str, str]) -> dict[str, str]:
    if tags := given.get("tags", ""):
        given = {**given, "tags": _tags(found, tags)}
    values = {
        name: check_text(value, LABELS[name], MAXIMUM.get(name, 200))
        for name, value in given.items()
        if value
    }
    for name in ("first_name", "last_name"):
        if has_address(values.get(name, "")):
            raise ValueError(
                say(
                    "%(column)s: an e-mail address stands where the name belongs.",
                    column=LABELS[name],
                )
            )
        if meaning_of(values.get(name, "")) == "email" and is_label(values[name]):
            raise ValueError(
                say("%(column)s: a heading stands where the name belongs.", column=LABELS[name])
            )
    country = values.pop("country", "")
    if len(country) == 2 and country.isascii() and country.isalpha():
        values["country"] = country.upper()
    elif country:
        found.remarks.append(
            say(
                "The country “%(country)s” is no code of two letters: left out.",
                country=country[:40],
            )
        )
    if language := values.pop("language", ""):
        values["language"] = code_of(language)
    if language and not values["language"]:
        found.remarks.append(
            say("The language “%(language)s” is not known: left out.", language=language[:40])
        )
    return {name: value for name, value in values.items() if value}
