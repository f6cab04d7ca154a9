"""What the administrator is asked for."""

from integrations.base.credentials import CredentialField

# How an account logs in, and the brand that LiveWebinar is used under unless told otherwise.
SERVER, CONSENT = "server", "consent"
BRAND = "livewebinar"
DEFAULT_BASE_URL = "https://api.archiebot.com/api"

CREDENTIALS = (
    CredentialField(
        "client_id",
        "Client ID",
        secret=False,
        help="Of an app that is registered at app.livewebinar.com/api-apps.",
    ),
    CredentialField("client_secret", "Client secret", help="Shown beside the client ID."),
    CredentialField(
        "identifier",
        "Identifier",
        secret=False,
        required=False,
        default=BRAND,
        help="The name of the brand your company uses LiveWebinar under. Leave it as it is unless "
        "LiveWebinar told you another. Only the login from server to server needs it.",
    ),
)

OPTIONS = (
    CredentialField(
        "login",
        "How to log in",
        secret=False,
        required=False,
        default=SERVER,
        choices=(
            (SERVER, "From server to server, with the client ID and secret alone"),
            (CONSENT, "By consent: somebody logs in to LiveWebinar once and agrees"),
        ),
        help="Consent has to be given again when LiveWebinar forgets it.",
    ),
    CredentialField(
        "app_url",
        "Address of the rooms",
        secret=False,
        required=False,
        help="Only where your company has rooms at an address of its own. Otherwise they are at "
        "https://app.livewebinar.com.",
    ),
    CredentialField(
        "beyond",
        "Read recordings, registrants, participants and forms",
        secret=False,
        required=False,
        default="no",
        choices=(("no", "No"), ("yes", "Yes, though LiveWebinar's document does not describe it")),
        help="LiveWebinar's own plugins read them; its document does not say how. Nothing is "
        "changed by it. Where it does not work, leave it off.",
    ),
)

SETUP_HELP = (
    "Register an app at app.livewebinar.com/api-apps and copy its client ID and secret. To log in "
    "by consent, give it the redirect URL that the next page shows: it must be the same, letter by "
    "letter. Registering an app of the same name twice is refused by LiveWebinar."
)
