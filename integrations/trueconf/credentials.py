"""What the administrator is asked for, and how the answers are read."""

import re
from collections.abc import Mapping
from typing import Any

from integrations.base.adapter import Connection
from integrations.base.credentials import CredentialField
from integrations.base.texts import _
from integrations.trueconf.payloads import LISTS_NOTHING, NEWEST, VERSIONS

DEFAULT_BASE_URL = "https://trueconf.example.com"
# The ways of logging in, named as OAuth 2 names its grants.
SECRET_KEY_WAY, CREDENTIALS_WAY = "secret_key", "client_credentials"
PASSWORD_WAY, CONSENT_WAY = "password", "authorization_code"
LOGIN_WAYS = (
    (SECRET_KEY_WAY, _("With a permanent secret key")),
    (CREDENTIALS_WAY, _("As an OAuth2 application (client ID and secret)")),
    (PASSWORD_WAY, _("As a user, with name and password")),
    (CONSENT_WAY, _("As a user who gives consent in the browser")),
)
# The choice of the version that leaves it to the connection test.
AUTO = "auto"

CREDENTIALS = (
    CredentialField(
        "secret_key",
        _("Secret key"),
        required=False,
        help=_("For login by secret key: in the server's control panel under API, Security."),
    ),
    CredentialField(
        "client_id",
        _("Client ID"),
        secret=False,
        required=False,
        help=_(
            "Of the OAuth2 application in the server's control panel. For login by a user's "
            "password it may stay empty."
        ),
    ),
    CredentialField(
        "client_secret",
        _("Client secret"),
        required=False,
        help=_("Of the same OAuth2 application."),
    ),
    CredentialField(
        "username",
        _("User name"),
        secret=False,
        required=False,
        help=_("For login by a user's password: the TrueConf ID of that user."),
    ),
    CredentialField("password", _("Password"), required=False, help=_("Of that user.")),
)

OPTIONS = (
    CredentialField(
        "login",
        _("How to log in"),
        secret=False,
        default=SECRET_KEY_WAY,
        choices=LOGIN_WAYS,
        help=_(
            "As an application or with a secret key, all of the server is seen; as a user, what "
            "this user may see. Sessions and attendance come from the server's log, which it may "
            "open to the secret key alone."
        ),
    ),
    CredentialField(
        "api_version",
        _("Version of the server's API"),
        secret=False,
        required=False,
        default=AUTO,
        choices=((AUTO, _("Find out by asking")), *((v, v) for v in reversed(VERSIONS))),
        help=_(
            "Found by the connection test, the newest first. Choose one if the server's proxy "
            "answers for versions that the server does not have."
        ),
    ),
    CredentialField(
        "owner",
        _("Owner of new webinars"),
        secret=False,
        required=False,
        help=_(
            "The TrueConf ID of a user, best one made for this, such as webinars. Every webinar on "
            "TrueConf has an owner; this one owns what is made here until a moderator takes over, "
            "and is not shown among the people."
        ),
    ),
    CredentialField(
        "users",
        _("Make TrueConf users for people"),
        secret=False,
        required=False,
        default="no",
        choices=(
            ("no", _("No, people without a TrueConf user are guests")),
            ("yes", _("Yes, make and remove users")),
        ),
        help=_("Each user counts against the server's licence."),
    ),
    CredentialField(
        "server_zone",
        _("Time zone of the server"),
        secret=False,
        required=False,
        help=_(
            "Such as Europe/Berlin. Needed to set the hour of a weekly webinar, which TrueConf "
            "keeps in the server's own time."
        ),
    ),
    CredentialField(
        "url_type",
        _("Addresses of webinars"),
        secret=False,
        required=False,
        default="dynamic",
        choices=(
            ("dynamic", _("With the host name by which the portal reaches the server")),
            ("fixed", _("With the external address set in the server's panel")),
        ),
        help=_("Choose the second if the portal reaches the server by an internal name."),
    ),
)

SETUP_HELP = _(
    "The address is that of your own TrueConf Server. Simplest is a permanent secret key: open the "
    "server's control panel, then API, and copy the key. Else make an OAuth2 application there, "
    "tick its permissions (conferences, users, groups, logs) and copy client ID and secret. If the "
    "server has a certificate of its own, give the file of the authority that signed it; checking "
    "is never switched off."
)


def login_way(connection: Connection) -> str:
    """How the account logs in: the first word of one of `LOGIN_WAYS`."""
    chosen = str(connection.options.get("login") or "")
    return chosen if chosen in dict(LOGIN_WAYS) else SECRET_KEY_WAY


def secrets_of(connection: Connection) -> tuple[str, ...]:
    """What must never be quoted."""
    secret = (field.name for field in CREDENTIALS if field.secret)
    return tuple(connection.credentials.get(name, "") for name in secret)


def server_root(base_url: str) -> str:
    """The server's address, however much of the API's address it was given with."""
    plain = re.split(r"[?#]", base_url.strip(), maxsplit=1)[0].rstrip("/")
    return re.sub(r"/(?:api(?:/v?\d+(?:\.\d+)?(?:/.*)?)?|oauth2(?:/.*)?)$", "", plain).rstrip("/")


def version_of(options: Mapping[str, Any], learned: Mapping[str, Any]) -> str:
    """The version that the administrator chose, else the one that the last check found.

    The newest where neither is known, which is the case before the first check only. A chosen v3.1
    gives way to what the check found.
    """
    chosen, found = options.get("api_version"), learned.get("api_version")
    for said in (found, chosen) if chosen == LISTS_NOTHING else (chosen, found):
        if said in VERSIONS:
            return str(said)
    return NEWEST
