"""The IANA zones that people choose from."""

from functools import cache
from zoneinfo import ZoneInfo, available_timezones

_AREAS = (
    "Africa",
    "America",
    "Antarctica",
    "Asia",
    "Atlantic",
    "Australia",
    "Europe",
    "Indian",
    "Pacific",
)


@cache
def known() -> frozenset[str]:
    """Every zone name that this machine can compute with."""
    return frozenset(available_timezones())


@cache
def choices() -> list[tuple[str, str]]:
    """(name, label) pairs for a form: UTC first, then the places; no legacy aliases."""
    places = sorted(z for z in known() if z.split("/")[0] in _AREAS)
    return [("UTC", "UTC")] + [(z, z.replace("_", " ")) for z in places]


def zone(name: str) -> ZoneInfo:
    """The zone of a name; UTC for a name that a platform invented."""
    return ZoneInfo(name) if name in known() else ZoneInfo("UTC")
