"""The versions of the API that the document describes, and which of them an account speaks."""

from collections.abc import Mapping
from typing import Any

VERSIONS = tuple("v3" if minor == 0 else f"v3.{minor}" for minor in range(11))
NEWEST = VERSIONS[-1]
AUTO = "auto"


def version_of(options: Mapping[str, Any], learned: Mapping[str, Any]) -> str:
    """The version that the administrator chose, else the one that the last check found.

    The newest where neither is known, which is the case before the first check only.
    """
    for said in (options.get("api_version"), learned.get("api_version")):
        if said in VERSIONS:
            return str(said)
    return NEWEST


def reaches(version: str, since: str) -> bool:
    """Whether `version` is `since` or newer."""
    return VERSIONS.index(version) >= VERSIONS.index(since)
