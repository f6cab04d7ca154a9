"""What the administrator is asked for."""

from integrations.base.credentials import CredentialField
from integrations.webinarfuel.paths import PATHS

DEFAULT_BASE_URL = "https://api.webinarfuel.com"

CREDENTIALS = (
    CredentialField(
        "api_key",
        "API key",
        help="In WebinarFuel: Settings, then API. It gives full access to the account.",
    ),
    CredentialField(
        "oneclick_keys",
        "OneClick keys",
        required=False,
        help="Only for registering by OneClick. In WebinarFuel: the webinar, Settings, OneClick "
        "Registration. Each webinar has a key of its own; write them as WEBINAR=KEY, one after "
        "another with a space between, where WEBINAR is the webinar's number.",
    ),
)

OPTIONS = (
    CredentialField(
        "registrant_time_zone",
        "Time zone of people",
        secret=False,
        required=False,
        default="UTC",
        help="For webinars that run in each registrant's own time zone: the zone in which people "
        "who are registered from here are put, such as Europe/Berlin.",
    ),
    CredentialField(
        "paths",
        "Corrected paths of the API",
        secret=False,
        required=False,
        help="Leave this empty. WebinarFuel's document names no paths; should one that Lectern "
        "uses be wrong, correct it as NAME=PATH, one after another with a space between. As they "
        "are: " + " ".join(f"{name}={path}" for name, path in PATHS.items()),
    ),
)

SETUP_HELP = (
    "Copy the API key from WebinarFuel's settings. Webinars are made and changed in WebinarFuel's "
    "own panel and appear here by themselves once they are ready; people, tags and registrations "
    "go both ways."
)
