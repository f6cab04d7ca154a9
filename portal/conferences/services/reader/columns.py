"""Which column holds what: by its heading in five languages, else by what stands in it."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from portal.common.errors import NotPossible
from portal.conferences.services.addresses import (
    check_email,
    check_text,
    has_address,
    parse_person,
    split_list,
    split_name,
)
from portal.conferences.services.imports.reading import Cells, Sheet

# English, German, French, Spanish, Polish; compared without case, accents and punctuation.
_HEADINGS = {
    "email": "email|e-mail|mail|e-mail address|email address|mail address|E-Mail-Adresse|"
    "Mailadresse|EmailAdresse|courriel|adresse e-mail|adresse mail|adresse électronique|correo|"
    "correo electrónico|dirección de correo|email addresses|adres e-mail|adres email|poczta|"
    "e-mail 1 - value|primary email",
    "first_name": "first name|firstname|given name|forename|Vorname|Rufname|prénom|primer nombre|"
    "nombre de pila|imię|imie",
    "last_name": "last name|lastname|surname|family name|Nachname|Familienname|Zuname|"
    "nom de famille|apellido|apellidos|nazwisko",
    "name": "name|full name|fullname|display name|person|attendee|participant|contact|"
    "vollständiger Name|Teilnehmer|nom|nom complet|nom et prénom|prénom et nom|nombre|"
    "nombre completo|nombre y apellidos|imię i nazwisko|nazwisko i imię|uczestnik",
    "company": "company|organisation|organization|employer|Firma|Unternehmen|Organisation|société|"
    "entreprise|organisme|empresa|compañía|organización|przedsiębiorstwo|organizacja",
    "phone": "phone|telephone|phone number|mobile|Telefon|Telefonnummer|Handy|Mobil|téléphone|tel|"
    "numéro de téléphone|portable|teléfono|móvil|numer telefonu|telefon komórkowy",
    "country": "country|country code|Land|Länderkennzeichen|pays|país|kraj",
    "notes": "notes|note|comment|comments|remark|Notiz|Bemerkung|Kommentar|remarque|notas|nota|"
    "comentario|uwagi|notatka",
}
LABELS = {
    "email": "E-mail", "first_name": "First name", "last_name": "Last name", "company": "Company",
    "phone": "Phone", "country": "Country", "notes": "Notes", "name": "Name",
}  # fmt: skip
MAXIMUM = {"phone": 60, "notes": 5000}


def plain(heading: str) -> str:
    """A heading as it is compared: "Prénom :" is "prenom"."""
    letters = unicodedata.normalize("NFKD", heading.casefold().replace("ł", "l"))
    return re.sub(r"[^a-z0-9]+", "", "".join(c for c in letters if not unicodedata.combining(c)))


_FIELD = {plain(word): name for name, words in _HEADINGS.items() for word in words.split("|")}


@dataclass(slots=True)
class Candidate:
    """One row as it was understood: `problem` says why it cannot be used."""

    line: int
    email: str = ""
    values: dict[str, str] = field(default_factory=dict)
    problem: str = ""
    remarks: list[str] = field(default_factory=list)


def candidates(sheet: Sheet) -> list[Candidate]:
    """Every row of the sheet. Raises NotPossible where no column holds addresses."""
    first = sheet.rows[0][1]
    headings = {n: _FIELD[plain(cell)] for n, cell in enumerate(first) if plain(cell) in _FIELD}
    named = bool(headings) and not any(map(has_address, first))
    if not named and _is_list(sheet.rows):
        return list(_from_list(sheet.rows))
    if not named:
        headings = {}
    columns = _columns(sheet.rows, headings, named)
    headed = named or not has_address(_cell(first, columns["email"]))
    rows = sheet.rows[1:] if headed else sheet.rows
    if headed and not named:
        sheet.remarks.append(f"Line {sheet.rows[0][0]} was taken for headings.")
    unused = [c for n, c in enumerate(first) if n not in columns.values() and c]
    if named and unused:
        sheet.remarks.append(f"Not used: {', '.join(c[:40] for c in unused[:8])}.")
    return [_candidate(line, cells, columns) for line, cells in rows]


def _is_list(rows: Iterable[Cells]) -> bool:
    """Whether it is a list of addresses as mail programs write it, rather than a table."""
    for _, cells in rows:
        addresses = sum(map(has_address, cells))
        if addresses > 1 or any("<" in cell and has_address(cell) for cell in cells):
            return True
    return False


def _from_list(rows: Iterable[Cells]) -> Iterator[Candidate]:
    for line, cells in rows:
        for entry in split_list(", ".join(cells)):
            found = Candidate(line, entry[:300])
            try:
                person = parse_person(entry)
                found.email = person.email
                found.values = {"first_name": person.first_name, "last_name": person.last_name}
            except ValueError as error:
                found.problem = str(error)
            yield found


def _columns(rows: list[Cells], headings: dict[int, str], named: bool) -> dict[str, int]:
    """Field -> column. Of two columns for one field the first counts."""
    found: dict[str, int] = {}
    for column, name in headings.items():
        found.setdefault(name, column)
    if "email" not in found:
        found["email"] = _address_column(rows)
    if not named:
        others = [n for n in range(max(len(c) for _, c in rows)) if n != found["email"]]
        names = ["name"] if len(others) == 1 else ["first_name", "last_name", "company"]
        found |= dict(zip(names, others, strict=False))
    if "name" in found and "first_name" in found and "last_name" not in found:
        found["last_name"] = found.pop("name")  # "Name, Vorname": then "Name" is the family name
    if "name" in found and "last_name" in found and "first_name" not in found:
        found["first_name"] = found.pop("name")  # "Nombre, Apellidos"
    return found


def _address_column(rows: list[Cells]) -> int:
    counts: dict[int, int] = {}
    for _, cells in rows[:200]:
        for column, cell in enumerate(cells):
            counts[column] = counts.get(column, 0) + has_address(cell)
    best = max(counts, key=lambda column: counts[column])
    if not counts[best]:
        raise NotPossible("No column holds e-mail addresses.")
    return best


def _candidate(line: int, cells: list[str], columns: dict[str, int]) -> Candidate:
    found = Candidate(line, _cell(cells, columns["email"])[:300])
    try:
        _read(found, cells, columns)
    except ValueError as error:
        found.problem = str(error)
    return found


def _read(found: Candidate, cells: list[str], columns: dict[str, int]) -> None:
    """Fill in the candidate. Raises ValueError with the reason why the row cannot be used."""
    address = _cell(cells, columns["email"])
    given = {name: _cell(cells, n) for name, n in columns.items() if name != "email"}
    if "<" in address:
        person = parse_person(address)
        address = person.email
        given.setdefault("first_name", person.first_name)
        given.setdefault("last_name", person.last_name)
    if whole := given.pop("name", ""):
        first, last = split_name(check_text(whole, "Name", 400))
        given = {"first_name": first, "last_name": last} | {k: v for k, v in given.items() if v}
    found.values = {
        name: check_text(value, LABELS[name], MAXIMUM.get(name, 200))
        for name, value in given.items()
        if value
    }
    country = found.values.pop("country", "")
    if len(country) == 2 and country.isascii() and country.isalpha():
        found.values["country"] = country.upper()
    elif country:
        found.remarks.append(f"The country “{country[:40]}” is no code of two letters: left out.")
    found.email = check_email(address)


def _cell(cells: list[str], column: int) -> str:
    return cells[column] if column < len(cells) else ""
