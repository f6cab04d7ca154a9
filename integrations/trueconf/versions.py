"""The versions of the API, and which of them an account speaks.

The document describes v3 to v3.10. v3.11 is spoken by the vendor's own samples, and is taken to be
what v3.10 is [beyond-the-documents.md].
"""

from collections.abc import Mapping
from typing import Any

VERSIONS = tuple("v3" if minor == 0 else f"v3.{minor}" for minor in range(12))
NEWEST = VERSIONS[-1]
AUTO = "auto"
# Servers since 5.0.3 show no conferences in this one [Get Conference List, v3.1].
SHOWS_NOTHING = "v3.1"
SHOWN_EMPTY = (
    "shows no webinars: servers since 5.0.3 have none in it. Choose version 3.2 or above, or let "
    "the version be found out."
)


def version_of(options: Mapping[str, Any], learned: Mapping[str, Any]) -> str:
    """The version that the administrator chose, else the one that the last check found.

    The newest where neither is known, which is the case before the first check only. A chosen v3.1
    gives way to what the check found.
    """
    chosen, found = options.get("api_version"), learned.get("api_version")
    for said in (found, chosen) if chosen == SHOWS_NOTHING else (chosen, found):
        if said in VERSIONS:
            return str(said)
    return NEWEST


def reaches(version: str, since: str) -> bool:
    """Whether `version` is `since` or newer."""
    return VERSIONS.index(version) >= VERSIONS.index(since)
