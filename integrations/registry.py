"""Slug -> room, loaded at first use. A new platform is one line here."""

from functools import cache
from importlib import import_module

from integrations.base.adapter import Room

ROOMS: dict[str, str] = {
    "clickmeeting": "integrations.clickmeeting",
    "myownconference": "integrations.myownconference",
    "trueconf": "integrations.trueconf",
    "livewebinar": "integrations.livewebinar",
    "webinarfuel": "integrations.webinarfuel",
}


@cache
def room(slug: str) -> Room:
    """The room of a platform. Raises KeyError for a slug that is not in the registry."""
    found: Room = import_module(f"{ROOMS[slug]}.adapter").ROOM
    return found


def slugs() -> list[str]:
    """All platforms, in the order in which staff see them."""
    return list(ROOMS)
