"""One address, one name, one entry: as people type, paste and export them."""

import re
import unicodedata
from dataclasses import dataclass
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from functools import lru_cache

import email_validator

from integrations.base.texts import say

from .characters import check_text, fold, tidy
from .headings import LABELS, MAIL_HEADERS, is_label, says_which, stands_for_nothing
from .library import translatable

# A company's own network may well use ".local", which the public internet does not.
if "local" in email_validator.SPECIAL_USE_DOMAIN_NAMES:
    email_validator.SPECIAL_USE_DOMAIN_NAMES.remove("local")

LONGEST = 320  # characters of an address, before it is looked at
SEVERAL = say("There is more than one address in it. Put each person into a line of their own.")
UNCLEAR_NAME = say("It is not clear which part is the name. Write it as: Ann Example <ann@…>")
NAME = say("Name")
ONLY_ADDRESS = say("Only the address belongs here, without a name.")
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
# Before the @-sign nothing of which an address could be made wrong, behind it letters of a domain.
_PLAIN_ADDRESS = re.compile(
    r"(?=[^@]{1,64}@)([A-Za-z0-9]+(?:[._+-][A-Za-z0-9]+)*)@([A-Za-z0-9.-]{3,180})"
)
_WIDE = re.compile("[\uff01-\uff5e\u3002\uff61]")
_HERE = "\x02"  # where an address stood in brackets
_IN_BRACKETS = re.compile(r"<([^<>]{0,400})>")
_AROUND = "\"'“”„‚‘’«»「」『』()[]{}<>,;:|!?…* \t"
_MAILTO = re.compile(r"(?:mailto|smtp)\s*:\s*", re.IGNORECASE)
# A name in quotation marks is a name, whatever is in it.
_QUOTED = re.compile(r'\s*"((?:[^"\\]|\\.){1,400})"\s*<([^<>"]{1,400})>\s*')
_ODD = re.compile(
    r"\b(?:via|on behalf of|im Auftrag von|w imieniu|de la part de)\b"
    r"|[{}<>=\\]|\s[/|–—-]+\s*$|^[/|–—-]+\s|\s[/|\\]\s|\s[–—-]{1,2}\s"
)


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
    first, last = person.first_name, person.last_name
    if not (first or last):
        return person.email
    # "Example, PhD" holds a comma of its own: "Example, PhD, Ann" would be misread.
    plain = f"{first} {last}".strip()
    whole = not (first and last) or ("," in last and split_name(plain) == (first, last))
    name = plain if whole else f"{last}, {first}"
    return '"{}" <{}>'.format(re.sub(r'(["\\])', r"\\\1", name), person.email)


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
        raise ValueError(say("There is no e-mail address."))
    if len(text) > LONGEST:
        raise ValueError(say("This is too long to be an e-mail address."))
    if plain := _PLAIN_ADDRESS.fullmatch(text):
        try:
            return f"{plain[1]}@{_domain(plain[2])}".lower()
        except email_validator.EmailNotValidError:
            pass  # what is wrong with it is said below
    _check_domain(text.rpartition("@")[2].lower())
    if re.search(r"[{}|]", text):
        raise ValueError(say("It holds a sign that belongs to no e-mail address."))
    try:
        found = email_validator.validate_email(
            text, check_deliverability=False, allow_smtputf8=False, strict=True
        )
    except email_validator.EmailNotValidError as error:
        if len(text.split()) > 1 or text.count("@") > 1:
            raise ValueError(_several(text) or translatable(str(error))) from None
        raise ValueError(translatable(str(error))) from None
    return (found.ascii_email or found.normalized).lower()


@lru_cache(1000)
def _domain(domain: str) -> str:
    """A domain as it is kept; the addresses of a long list share few. Raises EmailNotValidError."""
    found = email_validator.validate_email(f"a@{domain}", check_deliverability=False, strict=True)
    return found.ascii_domain


def _check_domain(domain: str) -> None:
    """Refuse signs that stand for others: "orgº" would quietly become "orgo"."""
    if unicodedata.normalize("NFKC", domain) != domain:
        raise ValueError(say("The part after the @-sign holds a sign that no domain has."))


def _several(text: str) -> str:
    """What is wrong where a box for one address holds more than one thing."""
    words = [word for word in re.split(r"[\s<>,;]+", text) if word]
    addresses = [word for word in words if "@" in word.strip("@")]
    if len(addresses) > 1:
        return say("There is more than one address in it; one belongs here.")
    return ONLY_ADDRESS if len(addresses) == 1 and len(words) > 1 else ""


def _without_quotes(full: str) -> str:
    """The name on one line, without quotation marks around all of it."""
    full = " ".join(full.split())
    while len(full) > 1 and full[0] == full[-1] and full[0] in "\"'":
        full = full[1:-1].strip()
    return full


def split_name(full: str) -> tuple[str, str]:
    """First and last name of "Ann Maria van Example" or "van Example, Ann Maria"."""
    full = _without_quotes(full)
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


def split_name_last(full: str) -> tuple[str, str]:
    """First and last name of "van Example Ann Maria", or "山田 太郎"."""
    full = _without_quotes(full)
    if "," in full or " " not in full:
        return split_name(full)
    words = full.split(" ")
    place = next((n for n, word in enumerate(words) if word not in _PARTICLES), 0)
    place = min(place, len(words) - 2)
    return " ".join(words[place + 1 :]), " ".join(words[: place + 1])


def parse_person(text: str) -> Person:
    """One entry such as "Ann Example <ann@example.com>". Raises ValueError with a sentence.

    Nothing of it is passed over: a second address, an address where the name belongs, or words of
    which it is not clear that they are a name, refuse the whole entry.
    """
    text = _MAILTO.sub("", narrow(text))
    if (quoted := _QUOTED.fullmatch(text)) and not has_address(quoted[1]):
        name = re.sub(r"\\(.)", r"\1", quoted[1])
        return _person(check_email(quoted[2].strip()), _cleaned(name))
    inside = [part.strip() for part in _IN_BRACKETS.findall(text) if "@" in part]
    outside = _IN_BRACKETS.sub(lambda m: f" {_HERE} " if "@" in m[1] else f" {m[1]} ", text)
    words = outside.replace(_HERE, f" {_HERE} ").split()
    loose = [word.strip(_AROUND).rstrip(".") for word in words if "@" in word]
    given = inside or loose
    if not given:
        return Person(check_email(text.strip(_AROUND)))
    addresses = {address.strip(_AROUND).rstrip(".").lower() for address in (*inside, *loose)}
    if len(addresses) > 1:
        raise ValueError(_why_several(inside, loose))
    email = check_email(given[0].strip("\"'()[]{},;:").rstrip("."))
    return _person(email, _beside(words, email, bracketed=bool(inside)))


def _person(email: str, name: str) -> Person:
    first, last = split_name(check_text(name, NAME, 400))
    return Person(
        email,
        check_text(first, LABELS["first_name"]),
        check_text(last, LABELS["last_name"]),
    )


def _beside(words: list[str], email: str, *, bracketed: bool) -> str:
    """The name that stands beside the address. Raises ValueError where it is not clear."""
    place = next(n for n, word in enumerate(words) if "@" in word or word == _HERE)
    before = words[:place]
    after = [word for word in words[place + 1 :] if "@" not in word and word != _HERE]
    head, tail = _cleaned(" ".join(before)), _cleaned(" ".join(after))
    if head and tail:
        raise ValueError(UNCLEAR_NAME)  # "Ann Example <ann@…> wrote"
    name, local = head or tail, fold(email.partition("@")[0])
    parts = [word for word in re.split(r"[^\w]+", fold(name)) if len(word) > 1]
    shared = any(word in local for word in parts)
    if not bracketed and not shared and (is_label(name) or says_which(name)):
        return ""  # "E-mail ann@…", "ann@… (work)"
    colon = bool(before) and before[-1].endswith((":", "："))
    label = colon and len(before) > 1 and before[-1].rstrip(":：").casefold() in MAIL_HEADERS
    if label or _ODD.search(name) or ":" in name or (colon and not shared and not _is_titled(name)):
        raise ValueError(UNCLEAR_NAME)
    if not bracketed and not shared and len(parts) > 1 and not _is_titled(name):
        raise ValueError(UNCLEAR_NAME)  # "Please invite ann@…"
    return name


def _is_titled(name: str) -> bool:
    """Whether it is two words and more, all with a capital letter where the alphabet has them."""
    words = [word.strip("()[].,\"'") for word in name.split()]
    named = [word for word in words if word and word not in _PARTICLES]
    return len(named) > 1 and not any(
        word[0].islower() or (is_label(word) and not word.isupper()) for word in named
    )


def _why_several(inside: list[str], loose: list[str]) -> str:
    if not inside:
        whole = [one for one in loose if one.strip("@")]
        return SEVERAL if len(whole) > 1 else say("A lone @ stands beside the address.")
    if all(one.count("@") == 1 and one.strip("@") != "" for one in loose):
        return SEVERAL
    return say("The name holds an @.")


def _is_said(sign: str) -> bool:
    """Whether a sign is part of a word or belongs around one; an emoji or "•" is neither."""
    return sign.isalnum() or sign in "()[]{}\"'“”„‚‘’«»" or unicodedata.category(sign)[0] == "M"


def _decoded(text: str) -> str:
    """A name as mail headers carry it: "=?utf-8?q?J=C3=B6rg?=" is "Jörg"."""
    try:
        return str(make_header(decode_header(text)))
    except (ValueError, LookupError, HeaderParseError):
        raise ValueError(UNCLEAR_NAME) from None


def _cleaned(text: str) -> str:
    """What is left beside an address, without the signs that stood around it."""
    if _ENCODED.search(text):
        text = _decoded(text)
    words = text.split()
    while words and not any(map(_is_said, words[0])):
        words.pop(0)
    while words and not any(map(_is_said, words[-1])):
        words.pop()
    text = " ".join(words).strip(" \t\"'“”„‚‘’«»「」『』<>,;:：|-–—/=*`")
    if _PHONE.search(text):
        raise ValueError(say("A phone number stands where the name belongs. Leave it out."))
    while len(text) > 1 and (text[0], text[-1]) in (("(", ")"), ("[", "]"), ("{", "}")):
        text = text[1:-1].strip(" \"'")
    if stands_for_nothing(text):
        return ""
    return "" if not any(sign.isalnum() for sign in text) else text
