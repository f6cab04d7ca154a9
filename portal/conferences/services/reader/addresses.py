"""One address, one name, one entry: as people type, paste and export them."""

import re
import unicodedata
from dataclasses import dataclass
from email.errors import HeaderParseError
from email.header import decode_header, make_header

import email_validator

from .signs import check_text, tidy

# A company's own network may well use ".local", which the public internet does not.
if "local" in email_validator.SPECIAL_USE_DOMAIN_NAMES:
    email_validator.SPECIAL_USE_DOMAIN_NAMES.remove("local")

LONGEST = 320  # characters of an address, before it is looked at
SEVERAL = "There is more than one address in it. Put each person into a line of their own."
UNCLEAR_NAME = "It is not clear which part is the name. Write it as: Ann Example <ann@…>"
ONLY_ADDRESS = "Only the address belongs here, without a name."
_TITLES = re.compile(
    r"(?:(?:ph\.?\s?d|dr|prof|jr|sr|mba|[mb]\.?sc|ll\.?[mb]|esq|cpa|cfa|pmp|dds|dipl|ii|iii|iv"
    r"|(?-i:MD|M\.D|RN|[MB]\.A))\b\.?[\s,/-]*)+",
    re.IGNORECASE,
)
_ENCODED = re.compile(r"=\?[\w-]{1,40}\?[bq]\?[^?\s]{0,400}\?=", re.IGNORECASE)
_PHONE = re.compile(r"(?<!\w)[+(]?\d[\d\s()./–-]{5,}\d(?!\w)")
_PARTICLES = frozenset(
    (
        "von",
        "van",
        "zu",
        "zur",
        "de",
        "del",
        "della",
        "der",
        "den",
        "di",
        "da",
        "dos",
        "du",
        "la",
        "le",
        "ten",
        "ter",
        "al",
        "el",
        "bin",
    )
)
_WIDE = re.compile("[\uff01-\uff5e\u3002\uff61]")
_IN_BRACKETS = re.compile(r"<([^<>]{0,400})>")
_AROUND = "\"'“”„‚‘’«»()[]{}<>,;:|.!?… \t"
_MAILTO = re.compile(r"mailto\s*:\s*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Person:
    """An address with the name that stood beside it, both ready to be kept."""

    email: str
    first_name: str = ""
    last_name: str = ""

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()


def written(person: Person) -> str:
    """The person as an entry that is read as the same person again."""
    first, last = (part.replace('"', "'") for part in (person.first_name, person.last_name))
    if not (first and last):
        return f"{first or last} <{person.email}>" if first or last else person.email
    # "Example, PhD" holds a comma of its own: "Example, PhD, Ann" would be misread.
    plain = f"{first} {last}"
    name = plain if "," in last and split_name(plain) == (first, last) else f"{last}, {first}"
    return f'"{name}" <{person.email}>'


def has_address(text: str) -> bool:
    """Whether somebody meant an e-mail address here, right or wrong."""
    return "@" in text or "＠" in text


def narrow(text: str) -> str:
    """The tidy text with its addresses in signs of the usual width: "＠" is "@". Names stay."""
    text = tidy(text)
    if not _WIDE.search(text):
        return text
    words = re.split(r"(\s+)", text)
    return "".join(
        _WIDE.sub(lambda found: _narrowed(found[0]), word) if has_address(word) else word
        for word in words
    )


def _narrowed(sign: str) -> str:
    return "." if sign in "\u3002\uff61" else unicodedata.normalize("NFKC", sign)


def check_email(text: str) -> str:
    """The address in lower case, international domains in their ASCII form.

    Signs that cannot be seen, "mailto:", quotes and brackets around it are left out. Raises
    ValueError with a sentence for staff. Whether the domain exists is not asked.
    """
    text = (
        _MAILTO.sub("", narrow(text).strip(), count=1)
        .strip("<>\"'“”„«» \t\u00a0\u3000")
        .rstrip(".,;:")
    )
    if not text:
        raise ValueError("There is no e-mail address.")
    if len(text) > LONGEST:
        raise ValueError("This is too long to be an e-mail address.")
    _check_domain(text.rpartition("@")[2].lower())
    try:
        found = email_validator.validate_email(
            text, check_deliverability=False, allow_smtputf8=False, strict=True
        )
    except email_validator.EmailNotValidError as error:
        if len(text.split()) > 1 or text.count("@") > 1:
            raise ValueError(_several(text) or str(error)) from None
        raise ValueError(str(error)) from None
    return (found.ascii_email or found.normalized).lower()


def _check_domain(domain: str) -> None:
    """Refuse signs that stand for others: "orgº" would quietly become "orgo"."""
    if unicodedata.normalize("NFKC", domain) != domain:
        raise ValueError("The part after the @-sign holds a sign that no domain has.")


def _several(text: str) -> str:
    """What is wrong where a box for one address holds more than one thing."""
    words = [word for word in re.split(r"[\s<>,;]+", text) if word]
    addresses = [word for word in words if "@" in word.strip("@")]
    if len(addresses) > 1:
        return "There is more than one address in it; one belongs here."
    return ONLY_ADDRESS if len(addresses) == 1 and len(words) > 1 else ""


def split_name(full: str) -> tuple[str, str]:
    """First and last name of "Ann Maria van Example" or "van Example, Ann Maria"."""
    full = " ".join(full.strip(" \"'").split())
    if "," in full:
        last, _, first = (part.strip() for part in full.partition(","))
        given, family = split_name(last) if _TITLES.fullmatch(first) else ("", "")
        return (given, f"{family}, {first}") if given and family else (first, last)
    words = full.split(" ")
    if len(words) > 2 and words[-1].endswith(")") and "(" in full[1:]:
        name, _, remark = full.rpartition("(")
        first, last = split_name(name)  # "Ann Example (HR)"
        return (first, f"{last} ({remark}") if last else (full, "")
    for place, word in enumerate(words[:-1]):
        if word in _PARTICLES:
            return " ".join(words[:place]), " ".join(words[place:])
    return " ".join(words[:-1]) or full, words[-1] if len(words) > 1 else ""


def parse_person(text: str) -> Person:
    """One entry such as "Ann Example <ann@example.com>". Raises ValueError with a sentence.

    Nothing of it is passed over: a second address, or an address where the name belongs, refuses
    the whole entry.
    """
    text = _MAILTO.sub("", narrow(text))
    inside = [part.strip() for part in _IN_BRACKETS.findall(text) if "@" in part]
    outside = _IN_BRACKETS.sub(lambda m: " " if "@" in m[1] else f" {m[1]} ", text)
    words = outside.split()
    loose = [word.strip(_AROUND) for word in words if "@" in word]
    given = inside or loose
    if not given:
        return Person(check_email(text.strip(_AROUND)))
    addresses = {address.strip(_AROUND).lower() for address in (*inside, *loose)}
    if len(addresses) > 1:
        raise ValueError(_why_several(inside, loose))
    email = check_email(given[0].strip("\"'()[]{}.,;:"))
    name = _name(" ".join(word for word in words if "@" not in word))
    first, last = split_name(check_text(name, "Name", 400))
    return Person(email, check_text(first, "First name"), check_text(last, "Last name"))


def _why_several(inside: list[str], loose: list[str]) -> str:
    if not inside:
        whole = [one for one in loose if one.strip("@")]
        return SEVERAL if len(whole) > 1 else "A lone @ stands beside the address."
    if all(one.count("@") == 1 and one.strip("@") != "" for one in loose):
        return SEVERAL
    return "The name holds an @."


def _is_said(sign: str) -> bool:
    """Whether a sign is part of a word or belongs around one; an emoji or "•" is neither."""
    return sign.isalnum() or sign in "()[]{}\"'“”„‚‘’«»" or unicodedata.category(sign)[0] == "M"


def _decoded(text: str) -> str:
    """A name as mail headers carry it: "=?utf-8?q?J=C3=B6rg?=" is "Jörg"."""
    try:
        return str(make_header(decode_header(text)))
    except (ValueError, LookupError, HeaderParseError):
        raise ValueError(UNCLEAR_NAME) from None


def _name(text: str) -> str:
    """What is left beside an address, without the signs that stood around it."""
    if _ENCODED.search(text):
        text = _decoded(text)
    words = text.split()
    while words and not any(map(_is_said, words[0])):
        words.pop(0)
    while words and not any(map(_is_said, words[-1])):
        words.pop()
    text = " ".join(words).strip(" \t\"'“”„‚‘’«»<>,;:|-–—/=")
    if _PHONE.search(text):
        raise ValueError("A phone number stands where the name belongs. Leave it out.")
    if re.search(r"\s[/|\\]\s", text):
        raise ValueError(UNCLEAR_NAME)
    while len(text) > 1 and (text[0], text[-1]) in (("(", ")"), ("[", "]"), ("{", "}")):
        text = text[1:-1].strip(" \"'")
    return "" if not any(sign.isalnum() for sign in text) else text
