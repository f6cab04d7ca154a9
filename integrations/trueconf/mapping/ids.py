"""Identifiers: theirs, ours composed of theirs, and our marker inside one of theirs."""

import re
import unicodedata
from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote

from integrations.base.errors import RecordNotFound
from integrations.trueconf.payloads import PLATFORM

# The engine's markers: "lx" and ten hexadecimal digits, at the end of an id.
MARKER = re.compile(r"(?:^|_)(lx[0-9a-f]{10})$")
LONGEST_SLUG = 40


def join(*parts: str) -> str:
    """One identifier of several; theirs may hold a slash."""
    return "/".join(part.replace("%", "%25").replace("/", "%2F") for part in parts)


def split(external_id: str, parts: int) -> list[str]:
    """The identifiers inside one of ours. Raises RecordNotFound for what is none of ours."""
    found = external_id.split("/")
    if len(found) != parts or not all(found):
        raise RecordNotFound(f"{PLATFORM} cannot know such a record.", platform=PLATFORM)
    return [unquote(part) for part in found]


def conference_id(title: str, marker: str) -> str:
    """An id for a new conference that carries our marker, after the words of its title.

    Ids hold digits, Latin letters and underscores [Objects, Conference], and stay as they are.
    """
    ascii_title = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode()
    slug = "_".join(re.findall("[a-z0-9]+", ascii_title.lower()))[:LONGEST_SLUG].strip("_")
    return f"{slug}_{marker}" if slug else marker


def marker_in(their_id: str) -> str:
    """The marker at the end of a conference's id; empty where there is none."""
    found = MARKER.search(their_id.lower())
    return found.group(1) if found else ""


def login_of(user: str) -> str:
    """The login of a user who is named by login or by uid (`login@server`)."""
    return user.strip().partition("@")[0]


def owner_of(options: Mapping[str, Any]) -> str:
    """The login of the user who owns what the portal makes; empty where none is chosen."""
    return login_of(str(options.get("owner") or ""))


def same_user(one: str, other: str) -> bool:
    """Whether two names are those of one user: the same, or one a login and the other its uid.

    Two different names with an @ are two: a guest is invited by address.
    """
    one, other = one.strip().casefold(), other.strip().casefold()
    if "@" in one and "@" in other:
        return one == other
    return bool(one) and login_of(one) == login_of(other)
