"""Languages in which people are written to: codes, what they are called, how they are read."""

from functools import cache
from pathlib import Path

from django.conf import settings
from django.conf.locale import LANG_INFO
from django.core.exceptions import ValidationError
from django.utils.translation import get_language_info, gettext, to_locale

LONGEST = 12  # characters of a code
# Entries without a name only lead to others.
CODES = frozenset(code for code, info in LANG_INFO.items() if "name" in info)
_BY_NAME = {
    LANG_INFO[code][which].casefold(): code
    for code in sorted(CODES, reverse=True)
    for which in ("name", "name_local")
}


def code_of(text: str) -> str:
    """The code of a language that is given as a code ("de", "DE_at") or by its name ("German",
    "Deutsch"); of its variants without an entry of their own, that of the language. Empty where it
    is not known."""
    word = text.strip().casefold()[:60]
    if word in _BY_NAME:
        return _BY_NAME[word]
    code = word.replace("_", "-")
    return next((one for one in (code, code.partition("-")[0]) if one in CODES), "")


def check(code: str) -> None:
    """Raises ValidationError for what is no code of a language."""
    if code not in CODES:
        raise ValidationError(gettext("Lectern knows no such language."))


def name_of(code: str) -> str:
    """What a language is called, in the language of the page."""
    return str(get_language_info(code)["name_translated"]) if code in CODES else code


def choices() -> list[tuple[str, str]]:
    """All of them, by name."""
    return sorted(((code, name_of(code)) for code in CODES), key=lambda pair: pair[1].casefold())


def alternatives(*wanted: str) -> list[str]:
    """The languages to try, in turn: each that is wanted, and without its variant, each once."""
    found = [one for code in wanted if code for one in (code, code.partition("-")[0])]
    return list(dict.fromkeys(found))


def is_ours(code: str) -> bool:
    """Whether Lectern's own words are there in a language: English stands in the code, others need
    a catalogue."""
    return code.partition("-")[0] == "en" or _has_catalogue(code, tuple(settings.LOCALE_PATHS))


@cache
def _has_catalogue(code: str, folders: tuple[Path | str, ...]) -> bool:
    place = Path(to_locale(code)) / "LC_MESSAGES" / "django.mo"
    return any((Path(folder) / place).exists() for folder in folders)
