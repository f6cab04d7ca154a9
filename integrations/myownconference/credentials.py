"""What the administrator is asked for."""

from integrations.base.credentials import CredentialField
from integrations.base.texts import _
from integrations.myownconference.mapping.zone import ALWAYS, EUROPEAN_UNION, SUMMER, WINTER

DEFAULT_BASE_URL = "https://api.mywebinar.com"

CREDENTIALS = (
    CredentialField(
        "api_key",
        _("API key"),
        help=_(
            "In MyOwnConference's control panel: Profile, field “API Key”. It gives full access "
            "to the account. The API is not part of the free plans."
        ),
    ),
)

OPTIONS = (
    CredentialField(
        "summer_time",
        _("Summer time"),
        secret=False,
        required=False,
        default=WINTER,
        choices=(
            (WINTER, _("The profile's offset is that of winter; summer adds an hour")),
            (SUMMER, _("The profile's offset is that of summer; winter takes an hour off")),
            (ALWAYS, _("The profile's offset holds all year")),
        ),
        help=_(
            "MyOwnConference tells all times by the clock of its profile: an offset, and whether "
            "summer time is taken into account. It does not say how the offset is meant. Compare "
            "one webinar in summer and one in winter with the panel; where they are an hour off, "
            "choose another line. Without summer time in the profile this changes nothing."
        ),
    ),
    CredentialField(
        "summer_rule",
        _("When summer time begins and ends"),
        secret=False,
        required=False,
        default=EUROPEAN_UNION,
        choices=(
            (EUROPEAN_UNION, _("European Union: last Sundays of March and October")),
            ("America/New_York", _("US and Canada, Eastern Time")),
            ("America/Chicago", _("US and Canada, Central Time")),
            ("America/Denver", _("US and Canada, Mountain Time")),
            ("America/Los_Angeles", _("US and Canada, Pacific Time")),
            ("Australia/Sydney", _("Australia, south-eastern states")),
            ("Pacific/Auckland", _("New Zealand")),
            ("America/Santiago", _("Chile")),
        ),
        help=_("MyOwnConference does not document which rule it follows."),
    ),
    CredentialField(
        "stamps",
        _("Times of visits, messages and recordings"),
        secret=False,
        required=False,
        default="gmt",
        choices=(
            ("gmt", _("In GMT, as the date of creation")),
            ("profile", _("By the profile's clock")),
        ),
        help=_(
            "MyOwnConference documents this only for the date of creation. Where attendance "
            "appears some hours off, choose the other line."
        ),
    ),
    CredentialField(
        "contacts",
        _("Add people to MyOwnConference's participants"),
        secret=False,
        required=False,
        default="no",
        choices=(("no", _("Only who is registered for one of its webinars")), ("yes", _("Yes"))),
        help=_(
            "Registering someone makes them a participant there in any case. “Yes” also adds "
            "people whom only a group or this portal knows."
        ),
    ),
    CredentialField(
        "moderator_mail",
        _("MyOwnConference's own letter to a new moderator"),
        secret=False,
        required=False,
        default="no",
        choices=(("no", _("By its schedule")), ("yes", _("At once"))),
        help=_("The portal's own invitation is sent in any case."),
    ),
)

SETUP_HELP = _(
    "Copy the API key from the profile in MyOwnConference's control panel; making a new one there "
    "ends the old. The address stays as it is. MyOwnConference blocks accounts that ask for what "
    "is not theirs, so Lectern asks only about webinars that the account itself has listed."
)
