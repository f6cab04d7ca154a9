"""What the administrator is asked for."""

from integrations.base.credentials import CredentialField

DEFAULT_BASE_URL = "https://api.clickmeeting.com/v1"

CREDENTIALS = (
    CredentialField(
        "api_key",
        "API key",
        help="In ClickMeeting: account settings, then API. It gives full access to the account.",
    ),
)

OPTIONS = (
    CredentialField(
        "contacts",
        "Keep people in ClickMeeting's contacts",
        secret=False,
        required=False,
        default="no",
        choices=(("no", "No"), ("yes", "Yes, add and update them")),
        help="ClickMeeting's API can add and update contacts, but neither list nor remove them.",
    ),
    CredentialField(
        "confirmation_language",
        "Language of ClickMeeting's own confirmation mail",
        secret=False,
        required=False,
        help="Such as en or pl. Left empty, ClickMeeting sends no mail when someone is registered "
        "and the portal's own invitation is the only one.",
    ),
)

SETUP_HELP = (
    "Copy the API key from ClickMeeting's account settings. The address stays as it is unless your "
    "company uses a private label of ClickMeeting."
)
