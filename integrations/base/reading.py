"""Reading values out of a platform's answer, which may hold anything.

Types drift on every platform ("1", 1, true, "null"): what can only mean one thing is taken, what
makes no sense raises `UnexpectedAnswer` naming the field. The value itself is never quoted, since
it may be a secret or another person's.
"""

import math
import re
from collections.abc import Iterable
from datetime import UTC, datetime, tzinfo
from typing import Any
from urllib.parse import urlsplit

from integrations.base.errors import UnexpectedAnswer
from integrations.base.records import instant
from integrations.base.texts import _, say

DEEPEST = 12
LARGEST_WHOLE = 2**63 - 1
_NOTHING = ("", "null")
# An address of which nothing needs to be taken apart to see that it is safe.
_PLAIN_LINK = re.compile(r"https?://[a-z0-9.-]+(?::[0-9]{1,5})?(?:/[!#-&(-;=?-\[\]-~]*)?")
_IDENT = re.compile(r"[0-9]{1,40}")
_FLAGS = {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}
# No database can store these: half a surrogate pair, and NUL (PostgreSQL).
_UNSTORABLE = re.compile("[\ud800-\udfff\x00]")


def storable(text: str) -> str:
    """The text with what no database can hold replaced by U+FFFD, and nothing else touched."""
    if text.isascii() and "\0" not in text:
        return text
    return _UNSTORABLE.sub("\ufffd", text)


class Row:
    """One JSON object of an answer. Readers give None where the key is absent or null."""

    def __init__(self, value: Any, what: str, platform: str) -> None:
        self.what = what
        self.platform = platform
        if not isinstance(value, dict):
            raise self.unexpected(_("%(platform)s answered with something that is not a %(what)s."))
        self.value: dict[str, Any] = value

    def __contains__(self, name: str) -> bool:
        return name in self.value

    def unexpected(self, sentence: str, **params: Any) -> UnexpectedAnswer:
        """The error for an answer that cannot be believed, by a marked sentence in which
        `platform` and `what` stand."""
        said = say(sentence, platform=self.platform, what=self.what, **params)
        return UnexpectedAnswer(said, platform=self.platform, operation=self.what)

    def broken(self, name: str) -> UnexpectedAnswer:
        """The error for a field that is missing or makes no sense."""
        return self.unexpected(
            _("%(platform)s answered with a %(what)s whose %(field)s cannot be read."), field=name
        )

    def text(self, name: str) -> str | None:
        """Text as it stands; a number is read as its digits."""
        value = self.value.get(name)
        if value is None or isinstance(value, str):
            return value if value is None else storable(value)
        if isinstance(value, bool | list | dict) or value != value or abs(value) == math.inf:
            raise self.broken(name)
        return str(value)

    def needed_text(self, name: str) -> str:
        """Text that must be there."""
        text = self.text(name)
        if text is None:
            raise self.broken(name)
        return text

    def whole(self, name: str) -> int | None:
        """A whole number that fits 64 bits."""
        value = self.value.get(name)
        if isinstance(value, str):
            value = value.strip()
            if value.lower() in _NOTHING:
                return None
            value = int(value) if re.fullmatch(r"-?[0-9]{1,19}", value) else value
        if isinstance(value, float) and math.isfinite(value) and value == int(value):
            value = int(value)
        if value is None:
            return None
        if type(value) is not int or abs(value) > LARGEST_WHOLE:
            raise self.broken(name)
        return value

    def flag(self, name: str) -> bool | None:
        """Yes or no, however it is written."""
        value = self.value.get(name)
        if value is None or isinstance(value, bool):
            return value
        if type(value) is int or isinstance(value, str):
            written = str(value).strip().lower()
            if written in _NOTHING:
                return None
            if written in _FLAGS:
                return _FLAGS[written]
        raise self.broken(name)

    def ident(self, *names: str) -> str:
        """The first of these that holds an identifier, as text of ASCII digits."""
        found = self.maybe_ident(*names)
        if found is None:
            raise self.broken(names[0])
        return found

    def maybe_ident(self, *names: str) -> str | None:
        """The same, or None where all of them are absent or null."""
        for name in names:
            value = self.value.get(name)
            if value is None or (isinstance(value, str) and value.strip().lower() in _NOTHING):
                continue
            written = "" if isinstance(value, bool | float | list | dict) else str(value).strip()
            if not _IDENT.fullmatch(written):
                raise self.broken(name)
            return written
        return None

    def moment(self, name: str, zone: tzinfo = UTC) -> str | None:
        """An instant in canonical UTC; text without an offset is wall time in `zone`.

        A wall time that a change of clocks doubled is the first of the two; one that it skipped
        is read with the offset from before the gap.
        """
        value = self.value.get(name)
        if value is None or (isinstance(value, str) and _is_no_moment(value)):
            return None
        if not isinstance(value, str) or len(value) < len("2014-06-04 13:14"):
            raise self.broken(name)
        try:
            moment = datetime.fromisoformat(value.strip())
            if not 1900 <= moment.year <= 9000:
                raise self.broken(name)
            return instant(moment if moment.tzinfo else moment.replace(tzinfo=zone))
        except (ValueError, OverflowError):
            raise self.broken(name) from None

    def email(self, name: str) -> str | None:
        """An address in lower case without spaces around it; None where there is none."""
        text = (self.text(name) or "").strip().lower()
        return text or None

    def link(self, name: str) -> str:
        """A web address that is safe to show as a link; empty where it is not one."""
        text = (self.text(name) or "").strip()
        if not text or _PLAIN_LINK.fullmatch(text):
            return text
        try:
            parts = urlsplit(text)
        except ValueError:
            return ""
        clean = not re.search(r"[\s\x00-\x1f\x7f<>\"'\\]", text)
        return text if parts.scheme in ("http", "https") and parts.netloc and clean else ""

    def row(self, name: str) -> "Row | None":
        """An object inside this one; PHP writes an empty one as `[]`."""
        value = self.value.get(name)
        return None if value is None or value == [] else Row(value, self.what, self.platform)

    def plain(self, name: str) -> Any:
        """Any JSON, made fit to store."""
        return self._plain(self.value.get(name), name, DEEPEST)

    def _plain(self, value: Any, name: str, depth: int) -> Any:
        if not depth:
            raise self.broken(name)
        if isinstance(value, str):
            return storable(value)
        if isinstance(value, float) and not math.isfinite(value):
            return None
        if isinstance(value, list):
            return [self._plain(item, name, depth - 1) for item in value]
        if isinstance(value, dict):
            return {storable(k): self._plain(v, name, depth - 1) for k, v in value.items()}
        return value


def rows(answer: Any, what: str, platform: str, envelopes: Iterable[str] = ()) -> list[Row]:
    """The rows of a listing: an array, one inside a named envelope, or PHP's numbered object.

    Anything else is `UnexpectedAnswer`, never "empty": an error that was answered with 200 must
    not look as if everything had been deleted.
    """
    if isinstance(answer, dict):
        for envelope in envelopes:
            if envelope in answer:
                return rows(answer[envelope], what, platform)
        if answer and all(key.isascii() and key.isdigit() for key in answer):
            answer = [answer[key] for key in sorted(answer, key=int)]
    if not isinstance(answer, list):
        raise UnexpectedAnswer(
            say(
                "%(platform)s answered with something that is not a list of %(list)s.",
                platform=platform,
                list=f"{what}s",
            ),
            platform=platform,
            operation=what,
        )
    return [Row(item, what, platform) for item in answer]


def _is_no_moment(text: str) -> bool:
    """Whether a database's way of writing "never" stands where a time is due."""
    return text.strip().lower() in _NOTHING or text.startswith("0000-00-00")
