"""What an administrator set for one account, read once: paths, OneClick keys, a time zone."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from integrations.webinarfuel import paths
from integrations.webinarfuel.mapping.webinar import zone_of

DEFAULT_ZONE = "UTC"


@dataclass(frozen=True, slots=True)
class Settings:
    """`problem` says what cannot be used; nothing is asked of the platform while there is one."""

    table: Mapping[str, str]
    oneclick: Mapping[str, str] = field(repr=False)  # webinar -> its OneClick key
    time_zone: str
    problem: str = ""


def read(credentials: Mapping[str, str], options: Mapping[str, Any]) -> Settings:
    """The settings of an account."""
    table, wrong_paths = paths.read(str(options.get("paths") or ""))
    keys, wrong_keys = _keys(str(credentials.get("oneclick_keys") or ""))
    zone = str(options.get("registrant_time_zone") or DEFAULT_ZONE).strip()
    wrong_zone = "" if zone_of(zone) else f"There is no time zone {zone[:60]}."
    problem = " ".join(filter(None, (wrong_paths, wrong_keys, wrong_zone)))
    return Settings(table, keys, zone, problem)


def _keys(text: str) -> tuple[dict[str, str], str]:
    """`webinar=key` pairs. What is wrong is told without quoting a key."""
    found = {}
    for place, pair in enumerate(filter(None, re.split(r"[\s,;]+", text)), start=1):
        webinar_id, _, key = pair.partition("=")
        if not re.fullmatch("[0-9]{1,20}", webinar_id) or not key:
            return {}, f"OneClick key number {place} must be written as WEBINAR=KEY, such as 123=k."
        found[webinar_id] = key
    return found, ""
