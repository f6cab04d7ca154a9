"""HTTP to LiveWebinar: where it is, which header every call carries, how it words errors."""

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from integrations.base.adapter import Connection
from integrations.base.http import Answer, Http
from integrations.base.tokens import TokenKeeper
from integrations.livewebinar.mapping.rooms import Places
from integrations.livewebinar.payloads import PLATFORM

ACCEPT = "application/vnd.archiebot.v1+json"
OFFICIAL_HOST = "api.archiebot.com"
OFFICIAL_APP, OFFICIAL_EMBED = "https://app.livewebinar.com", "https://embed.archiebot.com"

# Their parameter -> our field, so that their words stand beside the right input.
FIELD_OF = {
    "name": "title",
    "agenda": "description",
    "start_date": "starts_at",
    "duration": "duration_minutes",
    "type": "permanent",
    "status": "open",
    "form": "options.form",
    "form.id": "options.form",
    "form[id]": "options.form",
    "emails": "email",
    "firstname": "first_name",
    "lastname": "last_name",
}


class TokenlessHttp(Http):
    """HTTP without a token: the way to where tokens are handed out."""

    def __init__(self, connection: Connection) -> None:
        super().__init__(
            PLATFORM,
            api_root(connection.base_url),
            headers={"Accept": ACCEPT},
            secrets=(connection.credentials.get("client_secret", ""),),
            **connection.http_options(),
        )

    def read_error(self, body: Any) -> tuple[str, dict[str, list[str]]]:
        """Read `error.message`, and `error.errors{field: [text]}` on 422.

        [seen: README] Errors without that envelope, and those of plain
        OAuth 2, are read too.
        """
        if not isinstance(body, Mapping):
            return "", {}
        error = body.get("error")
        if not isinstance(error, Mapping):
            told = body.get("error_description") or body.get("message") or error
            error = {"message": told, "errors": body.get("errors")}
        by_field: dict[str, list[str]] = {}
        errors = error.get("errors")
        for name, texts in errors.items() if isinstance(errors, Mapping) else ():
            listed = texts if isinstance(texts, list) else [texts]
            by_field.setdefault(field_of(str(name)), []).extend(str(text) for text in listed)
        words = [
            str(error.get("message") or ""),
            *(t for texts in by_field.values() for t in texts),
        ]
        return " ".join(filter(None, words)), by_field


class LiveWebinarHttp(TokenlessHttp):
    """HTTP to one account, with an access token that is still good."""

    def __init__(self, connection: Connection, keeper: TokenKeeper) -> None:
        super().__init__(connection)
        self._keeper = keeper

    def key(self) -> str:
        """The access token."""
        return self._keeper.token()

    def is_stale(self, answer: Answer) -> bool:
        """ "When expired or request unauthorised use refresh_token" [document, step 3]."""
        return answer.status == 401

    def fresh_key(self, refused: str) -> str:
        """A new access token; several workers that were refused renew it once."""
        return self._keeper.replace(refused)


def field_of(parameter: str) -> str:
    """Our field for their parameter; one that we do not know keeps its name."""
    return FIELD_OF.get(parameter, parameter)


def api_root(base_url: str) -> str:
    """The address of the API, whether or not it was given with its `/api`."""
    root = base_url.strip().rstrip("/")
    return root if re.search(r"[^:/]/api$", root) else root + "/api"


def places(connection: Connection) -> Places:
    """The account's option for its rooms, else what belongs to the API.

    LiveWebinar has API, rooms and embedding on hosts of their own; any other API (a private
    label, a test system) is taken to have them on its own.
    """
    root = api_root(connection.base_url)
    official = urlsplit(root).hostname == OFFICIAL_HOST
    own = root.removesuffix("/api")
    chosen = str(connection.options.get("app_url") or "").strip().rstrip("/")
    app = chosen or (OFFICIAL_APP if official else own)
    return Places(app, OFFICIAL_EMBED if official else own)
