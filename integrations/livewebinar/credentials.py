"""What the administrator is asked for."""

from integrations.base.credentials import CredentialField
from integrations.base.texts import _

# How an account logs in, and the brand that LiveWebinar is used under unless told otherwise.
SERVER, CONSENT = "server", "consent"
BRAND = "livewebinar"
DEFAULT_BASE_URL = "https://api.archiebot.com/api"

CREDENTIALS = (
    CredentialField(
        "client_id",
        _("Client ID"),
        secret=False,
        help=_("Of an app that is registered at app.livewebinar.com/api-apps."),
    ),
    CredentialField("client_secret", _("Client secret"), help=_("Shown beside the client ID.")),
    CredentialField(
        "identifier",
        _("Identifier"),
        secret=False,
        required=False,
        default=BRAND,
        help=_(
            "The name of the brand your company uses LiveWebinar under. Leave it as it is unless "
            "LiveWebinar told you another. Only the login from server to server needs it."
        ),
    ),
)

OPTIONS = (
    CredentialField(
        "login",
        _("How to log in"),
        secret=False,
        required=False,
        default=SERVER,
        choices=(
            (SERVER, _("From server to server, with the client ID and secret alone")),
            (CONSENT, _("By consent: somebody logs in to LiveWebinar once and agrees")),
        ),
        help=_("Consent has to be given again when LiveWebinar forgets it."),
    ),
    CredentialField(
        "app_url",
        _("Address of the rooms"),
        secret=False,
        required=False,
        help=_(
            "Only where your company has rooms at an address of its own. Otherwise they are at "
            "https://app.livewebinar.com."
        ),
    ),
    CredentialField(
        "beyond",
        _("Read recordings, registrants, participants and forms"),
        secret=False,
        required=False,
        default="no",
        choices=(
            ("no", _("No")),
            ("yes", _("Yes, though LiveWebinar's document does not describe it")),
        ),
        help=_(
            "LiveWebinar's own plugins read them; its document does not say how. Nothing is "
            "changed by it. Where it does not work, leave it off."
        ),
    ),
)

SETUP_HELP = _(
    "Register an app at app.livewebinar.com/api-apps and copy its client ID and secret. To log in "
    "by consent, give it the redirect URL that the next page shows: it must be the same, letter by "
    "letter. Registering an app of the same name twice is refused by LiveWebinar."
)
