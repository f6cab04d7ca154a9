"""What the administrator is asked for."""

from integrations.base.credentials import CredentialField
from integrations.trueconf.versions import AUTO, VERSIONS

DEFAULT_BASE_URL = "https://trueconf.example.com"

CREDENTIALS = (
    CredentialField(
        "secret_key",
        "Secret key",
        required=False,
        help="For login by secret key: in the server's control panel under API, Security.",
    ),
    CredentialField(
        "client_id",
        "Client ID",
        secret=False,
        required=False,
        help="Of the OAuth2 application in the server's control panel. For login by a user's "
        "password it may stay empty.",
    ),
    CredentialField(
        "client_secret",
        "Client secret",
        required=False,
        help="Of the same OAuth2 application.",
    ),
    CredentialField(
        "username",
        "User name",
        secret=False,
        required=False,
        help="For login by a user's password: the TrueConf ID of that user.",
    ),
    CredentialField("password", "Password", required=False, help="Of that user."),
)

OPTIONS = (
    CredentialField(
        "login",
        "How to log in",
        secret=False,
        default="secret_key",
        choices=(
            ("secret_key", "With a permanent secret key"),
            ("client_credentials", "As an OAuth2 application (client ID and secret)"),
            ("password", "As a user, with name and password"),
            ("authorization_code", "As a user who gives consent in the browser"),
        ),
        help="As an application or with a secret key, all of the server is seen; as a user, what "
        "this user may see. Sessions and attendance come from the server's log, which it may open "
        "to the secret key alone.",
    ),
    CredentialField(
        "api_version",
        "Version of the server's API",
        secret=False,
        required=False,
        default=AUTO,
        choices=((AUTO, "Find out by asking"), *((v, v) for v in reversed(VERSIONS))),
        help="Found by the connection test, the newest first. Choose one if the server's proxy "
        "answers for versions that the server does not have.",
    ),
    CredentialField(
        "owner",
        "Owner of new webinars",
        secret=False,
        required=False,
        help="The TrueConf ID of a user, best one made for this, such as webinars. Every webinar "
        "on TrueConf has an owner; this one owns what is made here until a moderator takes over, "
        "and is not shown among the people.",
    ),
    CredentialField(
        "users",
        "Make TrueConf users for people",
        secret=False,
        required=False,
        default="no",
        choices=(
            ("no", "No, people without a TrueConf user are guests"),
            ("yes", "Yes, make and remove users"),
        ),
        help="Each user counts against the server's licence.",
    ),
    CredentialField(
        "server_zone",
        "Time zone of the server",
        secret=False,
        required=False,
        help="Such as Europe/Berlin. Needed to set the hour of a weekly webinar, which TrueConf "
        "keeps in the server's own time.",
    ),
    CredentialField(
        "url_type",
        "Addresses of webinars",
        secret=False,
        required=False,
        default="dynamic",
        choices=(
            ("dynamic", "With the host name by which the portal reaches the server"),
            ("fixed", "With the external address set in the server's panel"),
        ),
        help="Choose the second if the portal reaches the server by an internal name.",
    ),
)

SETUP_HELP = (
    "The address is that of your own TrueConf Server. Simplest is a permanent secret key: open the "
    "server's control panel, then API, and copy the key. Else make an OAuth2 application there, "
    "tick its permissions (conferences, users, groups, logs) and copy client ID and secret. If the "
    "server has a certificate of its own, give the file of the authority that signed it; checking "
    "is never switched off."
)
