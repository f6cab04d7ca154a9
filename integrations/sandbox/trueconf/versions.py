"""The API's versions v3 (also called v3.0) to v3.11, as numbers from 0 to 11.

Source: the document's versions; v3.11 is what public clients of 2025 and 2026 ask for, taken to be
what v3.10 is.
"""

from __future__ import annotations

import re

VERSIONS = ("v3", *(f"v3.{minor}" for minor in range(1, 12)))
NEWEST = len(VERSIONS) - 1
# One public client leaves the v out (teachbase/true-conf).
_NAME = re.compile(r"v?3(?:\.(\d{1,2}))?", re.ASCII)


def numbers(version: str) -> tuple[int, ...]:
    """5.0.3 as (5, 0, 3)."""
    return tuple(int(part) for part in version.split("."))


def minor_of(name: str) -> int | None:
    """`v3.4` is 4; None for what is no version of this API."""
    match = _NAME.fullmatch(name)
    if match is None or int(match[1] or 0) > NEWEST:
        return None
    return int(match[1] or 0)
