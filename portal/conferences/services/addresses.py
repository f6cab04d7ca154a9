"""E-mail addresses and names as people type, paste and export them."""

import re
import unicodedata
from dataclasses import dataclass

import email_validator

# A company's own network may well use ".local", which the public internet does not.
if "local" in email_validator.SPECIAL_USE_DOMAIN_NAMES:
    email_validator.SPECIAL_USE_DOMAIN_NAMES.remove("local")

NAME_MAXIMUM = 200
# They turn the direction of the text around them: a name never needs that, a forger does.
_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_UNUSABLE = frozenset({"Cc", "Cs", "Co", "Cn"})
_PARTICLES = frozenset(
    ("von", "van", "zu", "zur", "de", "del", "della", "der", "den", "di", "da", "dos", "du", "la",
     "le", "ten", "ter", "al", "el", "bin")
)  # fmt: skip
_SEPARATORS = ",;\n\r\t"
_IN_BRACKETS = re.compile(r"<([^<>]*)>")


@dataclass(frozen=True, slots=True)
class Person:
    """An address with the name that stood beside it, both ready to be kept."""

    email: str
    first_name: str = ""
    last_name: str = ""

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()


def check_email(text: str) -> str:
    """The address in lower case, international domains in their ASCII form.

    Raises ValueError with a sentence for staff. Whether the domain exists is not asked.
    """
    text = text.strip().removeprefix("mailto:")
    if not text:
        raise ValueError("There is no e-mail address.")
    try:
        found = email_validator.validate_email(
            text, check_deliverability=False, allow_smtputf8=False, strict=True
        )
    except email_validator.EmailNotValidError as error:
        raise ValueError(str(error)) from None
    return (found.ascii_email or found.normalized).lower()


def check_text(text: str, label: str, maximum: int = NAME_MAXIMUM) -> str:
    """The text with runs of white space made one space. Raises ValueError with a sentence."""
    text = " ".join(text.split())
    if len(text) > maximum:
        raise ValueError(f"{label}: at most {maximum} characters fit; this has {len(text)}.")
    for sign in text:
        if sign in _TURNING or unicodedata.category(sign) in _UNUSABLE:
            raise ValueError(
                f"{label}: it holds a character that cannot be used (U+{ord(sign):04X})."
            )
    return text


def split_name(full: str) -> tuple[str, str]:
    """First and last name of "Ann Maria van Example" or "van Example, Ann Maria"."""
    full = " ".join(full.strip(" \"'").split())
    if "," in full:
        last, _, first = full.partition(",")
        return first.strip(), last.strip()
    words = full.split(" ")
    for place, word in enumerate(words[:-1]):
        if word in _PARTICLES:
            return " ".join(words[:place]), " ".join(words[place:])
    return " ".join(words[:-1]) or full, words[-1] if len(words) > 1 else ""


def has_address(text: str) -> bool:
    """Whether somebody meant an e-mail address here, right or wrong."""
    return "@" in text or "＠" in text


def parse_person(text: str) -> Person:
    """One entry such as "Ann Example <ann@example.com>". Raises ValueError with a sentence."""
    found = _IN_BRACKETS.search(text)
    if found:
        address, name = found[1], _IN_BRACKETS.sub(" ", text)
    else:
        words = text.split()
        address = next((word for word in words if has_address(word)), "")
        name = " ".join(word for word in words if word != address)
    first, last = split_name(check_text(name, "Name"))
    email = check_email(address.strip("\"'()[]"))
    return Person(email, check_text(first, "First name"), check_text(last, "Last name"))


def split_list(text: str) -> list[str]:
    """The entries of a pasted list, by line, comma, semicolon or tab.

    "Example, Ann <ann@example.com>", as mail programs copy it, stays one entry; addresses with
    only spaces between them become one entry each.
    """
    entries: list[str] = []
    pending = ""
    for part, separator in _parts(text):
        whole = f"{pending}{part.strip()}"
        pending = ""
        if separator == "," and whole and not has_address(whole):
            pending = f"{whole}, "
            continue
        entries += _unjoined(whole)
    if pending:
        entries += _unjoined(pending.rstrip(", "))
    return entries


def _unjoined(whole: str) -> list[str]:
    """Undo a join that did not make a name and an address in brackets; split by spaces."""
    if not whole:
        return []
    if not _IN_BRACKETS.search(whole):
        pieces = [piece.strip() for piece in whole.split(",") if piece.strip()]
        return [one for piece in pieces for one in _by_spaces(piece)]
    return [whole]


def _by_spaces(piece: str) -> list[str]:
    words = piece.split()
    return words if len(words) > 1 and all(map(has_address, words)) else [piece]


def _parts(text: str) -> list[tuple[str, str]]:
    """(part, the separator after it), quotes and angle brackets kept whole within a line."""
    found: list[tuple[str, str]] = []
    part: list[str] = []
    closing = ""
    for sign in text:
        if sign == closing or sign in "\r\n":
            closing = ""
        elif not closing and sign in '"<':
            closing = {'"': '"', "<": ">"}[sign]
        if not closing and sign in _SEPARATORS:
            found.append(("".join(part), sign))
            part = []
        else:
            part.append(sign)
    return [*found, ("".join(part), "\n")]
