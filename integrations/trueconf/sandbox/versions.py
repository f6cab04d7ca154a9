"""The API's versions v3 (also called v3.0) to v3.10, as numbers from 0 to 10.

Source: [trueconf-versions.md].
"""

from __future__ import annotations

import re

VERSIONS = ("v3", *(f"v3.{minor}" for minor in range(1, 11)))
NEWEST = len(VERSIONS) - 1
# One public client leaves the v out (teachbase/true-conf).
_NAME = re.compile(r"v?3(?:\.(\d{1,2}))?", re.ASCII)


def minor_of(name: str) -> int | None:
    """`v3.4` is 4; None for what is no version of this API."""
    match = _NAME.fullmatch(name)
    if match is None or int(match[1] or 0) > NEWEST:
        return None
    return int(match[1] or 0)
