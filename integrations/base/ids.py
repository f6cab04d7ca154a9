"""External ids: unique within account and kind, sufficient by themselves, at most 200 characters.

A platform's own identifiers are checked before they are sent: an empty one, or "..", would turn a
call on one thing into a call on all of them. What cannot be an identifier names nothing that a
platform could know, so it is RecordNotFound.
"""

import hashlib
import re
import unicodedata
from urllib.parse import quote, unquote

from integrations.base.errors import RecordNotFound
from integrations.base.texts import say

# A part of ours that is composed of what people wrote is cut to this length.
LONGEST_PART = 150
# The engine's markers: "lx" and ten hexadecimal digits, at the end of a name.
MARKER = re.compile(r"(?:^|[_-])(lx[0-9a-f]{10})$")
LONGEST_SLUG = 40


def unknown(platform: str, operation: str = "find") -> RecordNotFound:
    """The error for an id that the platform cannot know."""
    return RecordNotFound(
        say("%(platform)s cannot know such a record.", platform=platform),
        platform=platform,
        operation=operation,
    )


def number(text: str, platform: str) -> str:
    """One of their identifiers, where those are ASCII digits. Raises RecordNotFound."""
    if not re.fullmatch("[0-9]{1,40}", text):
        raise unknown(platform)
    return text


def join(*parts: str) -> str:
    """One id of several; theirs may hold a slash."""
    return "/".join(part.replace("%", "%25").replace("/", "%2F") for part in parts)


def split(external_id: str, parts: int, platform: str) -> list[str]:
    """The parts that `join` put together. Raises RecordNotFound for what is none of ours."""
    found = external_id.split("/")
    if len(found) != parts or not all(found):
        raise unknown(platform)
    return [unquote(part) for part in found]


def shortened(text: str) -> str:
    """The text itself, or its beginning with a digest of all of it: LONGEST_PART characters."""
    if len(text) < LONGEST_PART:
        return text
    digest = hashlib.blake2b(text.encode(), digest_size=16).hexdigest()
    return f"{text[: LONGEST_PART - 33]}~{digest}"


def path_of(platform: str, *segments: str) -> str:
    """A path with every segment encoded. Raises RecordNotFound for one that would change it."""
    check_segments(platform, *segments)
    return "".join("/" + quote(segment, safe="") for segment in segments)


def check_segments(platform: str, *segments: str) -> None:
    """Raise RecordNotFound where one of these, in a path, would make it another path."""
    if any(segment in ("", ".", "..") for segment in segments):
        raise RecordNotFound(
            say("%(platform)s cannot know a record without an identifier.", platform=platform),
            platform=platform,
            operation="find",
        )


def marked(title: str, marker: str) -> str:
    """A name in lower-case ASCII, words of the title first, the marker at its end; the marker
    alone if need be."""
    ascii_title = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode()
    slug = "_".join(re.findall("[a-z0-9]+", ascii_title.lower()))[:LONGEST_SLUG].strip("_")
    return f"{slug}_{marker}" if slug else marker


def marker_in(name: str) -> str:
    """The marker at the end of a name; empty where there is none."""
    found = MARKER.search(name.lower())
    return found.group(1) if found else ""
