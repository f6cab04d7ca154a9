"""What the administrator is asked for."""

from integrations.base.credentials import CredentialField
from integrations.myownconference.mapping.zone import ALWAYS, EUROPEAN_UNION, SUMMER, WINTER

DEFAULT_BASE_URL = "https://api.mywebinar.com"

CREDENTIALS = (
    CredentialField(
        "api_key",
        "API key",
        help="In MyOwnConference's control panel: Profile, field “API Key”. It gives full access "
        "to the account. The API is not part of the free plans.",
    ),
)

OPTIONS = (
    CredentialField(
        "summer_time",
        "Summer time",
        secret=False,
        required=False,
        default=WINTER,
        choices=(
            (WINTER, "The profile's offset is that of winter; summer adds an hour"),
            (SUMMER, "The profile's offset is that of summer; winter takes an hour off"),
            (ALWAYS, "The profile's offset holds all year"),
        ),
        help="MyOwnConference tells all times by the clock of its profile: an offset, and whether "
        "summer time is taken into account. It does not say how the offset is meant. Compare one "
        "webinar in summer and one in winter with the panel; where they are an hour off, choose "
        "another line. Without summer time in the profile this changes nothing.",
    ),
    CredentialField(
        "summer_rule",
        "When summer time begins and ends",
        secret=False,
        required=False,
        default=EUROPEAN_UNION,
        choices=(
            (EUROPEAN_UNION, "European Union: last Sundays of March and October"),
            ("America/New_York", "US and Canada, Eastern Time"),
            ("America/Chicago", "US and Canada, Central Time"),
            ("America/Denver", "US and Canada, Mountain Time"),
            ("America/Los_Angeles", "US and Canada, Pacific Time"),
            ("Australia/Sydney", "Australia, south-eastern states"),
            ("Pacific/Auckland", "New Zealand"),
            ("America/Santiago", "Chile"),
        ),
        help="MyOwnConference does not document which rule it follows.",
    ),
    CredentialField(
        "stamps",
        "Times of visits, messages and recordings",
        secret=False,
        required=False,
        default="gmt",
        choices=(("gmt", "In GMT, as the date of creation"), ("profile", "By the profile's clock")),
        help="MyOwnConference documents this only for the date of creation. Where attendance "
        "appears some hours off, choose the other line.",
    ),
    CredentialField(
        "contacts",
        "Add people to MyOwnConference's participants",
        secret=False,
        required=False,
        default="no",
        choices=(("no", "Only who is registered for one of its webinars"), ("yes", "Yes")),
        help="Registering someone makes them a participant there in any case. “Yes” also adds "
        "people whom only a group or this portal knows.",
    ),
    CredentialField(
        "moderator_mail",
        "MyOwnConference's own letter to a new moderator",
        secret=False,
        required=False,
        default="no",
        choices=(("no", "By its schedule"), ("yes", "At once")),
        help="The portal's own invitation is sent in any case.",
    ),
)

SETUP_HELP = (
    "Copy the API key from the profile in MyOwnConference's control panel; making a new one there "
    "ends the old. The address stays as it is. MyOwnConference blocks accounts that ask for what "
    "is not theirs, so Lectern asks only about webinars that the account itself has listed."
)
