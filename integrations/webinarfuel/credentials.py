"""What the administrator is asked for, and what was answered: paths, OneClick keys, a time zone."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from integrations.base.credentials import CredentialField
from integrations.base.texts import _, say, together
from integrations.webinarfuel.mapping.webinar import zone_of
from integrations.webinarfuel.operations import PATHS, corrected

DEFAULT_ZONE = "UTC"
DEFAULT_BASE_URL = "https://api.webinarfuel.com"

CREDENTIALS = (
    CredentialField(
        "api_key",
        _("API key"),
        help=_("In WebinarFuel: Settings, then API. It gives full access to the account."),
    ),
    CredentialField(
        "oneclick_keys",
        _("OneClick keys"),
        required=False,
        help=_(
            "Only for registering by OneClick. In WebinarFuel: the webinar, Settings, OneClick "
            "Registration. Each webinar has a key of its own; write them as WEBINAR=KEY, one after "
            "another with a space between, where WEBINAR is the webinar's number."
        ),
    ),
)

OPTIONS = (
    CredentialField(
        "registrant_time_zone",
        _("Time zone of people"),
        secret=False,
        required=False,
        default=DEFAULT_ZONE,
        help=_(
            "For webinars that run in each registrant's own time zone: the zone in which people "
            "who are registered from here are put, such as Europe/Berlin."
        ),
    ),
    CredentialField(
        "paths",
        _("Corrected paths of the API"),
        secret=False,
        required=False,
        help=say(
            "Leave this empty. WebinarFuel's document names no paths; should one that Lectern uses "
            "be wrong, correct it as NAME=PATH, one after another with a space between. As they "
            "are: %(paths)s",
            paths=" ".join(f"{name}={path}" for name, path in PATHS.items()),
        ),
    ),
)

SETUP_HELP = _(
    "Copy the API key from WebinarFuel's settings. Webinars are made and changed in WebinarFuel's "
    "own panel and appear here by themselves once they are ready; people, tags and registrations "
    "go both ways."
)


@dataclass(frozen=True, slots=True)
class Settings:
    """`problem` says what cannot be used; nothing is asked of the platform while there is one."""

    table: Mapping[str, str]
    oneclick: Mapping[str, str] = field(repr=False)  # webinar -> its OneClick key
    time_zone: str
    problem: str = ""


def settings_of(credentials: Mapping[str, str], options: Mapping[str, Any]) -> Settings:
    """The settings of an account."""
    table, wrong_paths = corrected(str(options.get("paths") or ""))
    keys, wrong_keys = _keys(str(credentials.get("oneclick_keys") or ""))
    zone = str(options.get("registrant_time_zone") or DEFAULT_ZONE).strip()
    wrong_zone = "" if zone_of(zone) else say("There is no time zone %(zone)s.", zone=zone[:60])
    problem = together(wrong_paths, wrong_keys, wrong_zone)
    return Settings(table, keys, zone, problem)


def _keys(text: str) -> tuple[dict[str, str], str]:
    """`webinar=key` pairs. What is wrong is told without quoting a key."""
    found = {}
    for place, pair in enumerate(filter(None, re.split(r"[\s,;]+", text)), start=1):
        webinar_id, _sign, key = pair.partition("=")
        if not re.fullmatch("[0-9]{1,20}", webinar_id) or not key:
            return {}, say(
                "OneClick key number %(number)d must be written as WEBINAR=KEY, such as 123=k.",
                number=place,
            )
        found[webinar_id] = key
    return found, ""
