"""The ways into a room: by role, with a name and a picture, or embedded in another page."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

from integrations.base.reading import Row
from integrations.base.texts import _, say
from integrations.livewebinar.payloads import PLATFORM

# Who has no role hash enters as an attendee.
ATTENDEE = "attendee"


@dataclass(frozen=True, slots=True)
class Places:
    """Addresses that are no API: `app` is where people log in and enter rooms, `embed` where a
    page finds what it shows of a room."""

    app: str
    embed: str


def role_hashes(row: Row) -> dict[str, str]:
    """Role -> hash, as `roles` of a widget says; an attendee needs none."""
    given = row.value.get("roles")
    if isinstance(given, dict) and isinstance(given.get("data"), dict):
        given = given["data"]
    found = given if isinstance(given, dict) else {}
    words = {str(role): word for role, word in found.items() if isinstance(word, str) and word}
    return {role: word for role, word in words.items() if role != ATTENDEE}


def role_urls(row: Row, at: Places) -> dict[str, str]:
    """Role -> address: `hosted_at` where it is said, else put together from token and hash.

    [document, ROOM URL HACKS]
    """
    token = row.text("token") or ""
    if not token:
        return {}
    urls = {ATTENDEE: f"{at.app}/{quote(token, safe='')}"}
    for role, word in role_hashes(row).items():
        urls[role] = f"{urls[ATTENDEE]}/x/{quote(word, safe='')}"
    hosted = row.value.get("hosted_at")
    if isinstance(hosted, dict):
        said = Row(hosted, "webinar", PLATFORM)
        links = {str(r): said.link(r) for r, v in hosted.items() if isinstance(v, str)}
        urls |= {role: link for role, link in links.items() if link}
    return urls


def embed_page(token: str, at: Places) -> str:
    """A room as a page on the host for embedding, where the Moodle plugin sends attendees."""
    return f"{at.embed}/widget-login?{urlencode({'token': token})}"


def embed_facts(options: Mapping[str, Any], at: Places) -> dict[str, str]:
    """The script and the options of LiveWebinar's JavaScript embed code, as staff copy them.

    The document names the options; the script's address was seen in the WordPress plugin.
    """
    token = str(options["_license_key"])
    script = f"{at.embed}/em?{urlencode({'t': token, **options})}"
    facts: dict[str, str] = {
        say("Embed option %(name)s", name=name): str(value) for name, value in options.items()
    }
    return {_("Embed script"): script, **facts}
