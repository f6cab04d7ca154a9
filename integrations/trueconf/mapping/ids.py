"""Identifiers: ours, composed of theirs, and a user's own, which is written in two ways."""

from collections.abc import Mapping
from typing import Any

from integrations.base import ids
from integrations.trueconf.payloads import PLATFORM


def split(external_id: str, parts: int) -> list[str]:
    """The identifiers inside one of ours. Raises RecordNotFound for what is none of ours."""
    return ids.split(external_id, parts, PLATFORM)


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
