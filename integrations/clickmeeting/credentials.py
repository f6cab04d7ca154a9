"""What the administrator is asked for."""

from integrations.base.credentials import CredentialField
from integrations.base.texts import _

DEFAULT_BASE_URL = "https://api.clickmeeting.com/v1"

CREDENTIALS = (
    CredentialField(
        "api_key",
        _("API key"),
        help=_("In ClickMeeting: account settings, then API. It gives full access to the account."),
    ),
)

OPTIONS = (
    CredentialField(
        "contacts",
        _("Keep people in ClickMeeting's contacts"),
        secret=False,
        required=False,
        default="no",
        choices=(("no", _("No")), ("yes", _("Yes, add and update them"))),
        help=_("ClickMeeting's API can add and update contacts, but neither list nor remove them."),
    ),
    CredentialField(
        "confirmation_language",
        _("Language of ClickMeeting's own confirmation mail"),
        secret=False,
        required=False,
        help=_(
            "Such as en or pl. Left empty, ClickMeeting sends no mail when someone is registered "
            "and the portal's own invitation is the only one."
        ),
    ),
)

SETUP_HELP = _(
    "Copy the API key from ClickMeeting's account settings. The address stays as it is unless your "
    "company uses a private label of ClickMeeting."
)
