"""HTTP to WebinarFuel: who we are, and how errors are worded there."""

from collections.abc import Mapping
from typing import Any

from integrations.base.adapter import Connection
from integrations.base.errors import CredentialsRejected
from integrations.base.http import Http
from integrations.base.texts import _, together
from integrations.webinarfuel.credentials import Settings
from integrations.webinarfuel.payloads import PLATFORM

# Their attribute -> our field, so that their words stand beside the right input.
FIELD_OF = {"tags": "name", "name": "title", "time_zone": "timezone"}


class WebinarFuelHttp(Http):
    """HTTP to one WebinarFuel account; not `signed`: without the account's key, for OneClick.

    Nothing leaves while the account's settings have a problem: CredentialsRejected names it.
    """

    def __init__(self, connection: Connection, settings: Settings, *, signed: bool = True) -> None:
        key = connection.credentials["api_key"]

        def gate() -> None:
            if settings.problem:
                raise CredentialsRejected(
                    together(_("The account's settings cannot be used."), settings.problem),
                    platform=PLATFORM,
                    operation="settings",
                )
            connection.gate()

        super().__init__(
            PLATFORM,
            connection.base_url,
            headers={"Accept": "application/json"}
            | ({"Authorization": f"Bearer {key}"} if signed else {}),
            secrets=(key, *settings.oneclick.values()),
            **(connection.http_options() | {"gate": gate}),
        )

    def read_error(self, body: Any) -> tuple[str, dict[str, list[str]]]:
        """The document shows no error body: the usual spellings of Rails and JSON are read."""
        if not isinstance(body, dict):
            return "", {}
        by_field: dict[str, list[str]] = {}
        errors = body.get("errors")
        for name, words in _listed(errors):
            by_field.setdefault(field_of(name), []).append(words)
        sentences = [f"{name} {words}".strip() for name, words in _listed(errors)]
        by_field.pop("", None)
        return " ".join(sentences) or _said(body.get("error")) or _said(body), by_field


def field_of(attribute: str) -> str:
    """Our field for their attribute, with or without the object it stands in."""
    own = attribute.removeprefix("registrant.").removeprefix("session.")
    return FIELD_OF.get(own, own)


def _listed(errors: Any) -> list[tuple[str, str]]:
    """(attribute or "", words) of each error."""
    if isinstance(errors, Mapping):
        pairs = [(str(n), w if isinstance(w, list) else [w]) for n, w in errors.items()]
        return [(name, _said(words)) for name, many in pairs for words in many]
    if not isinstance(errors, list):
        return [("", errors)] if isinstance(errors, str) else []
    return [(_name(error), _said(error)) for error in errors]


def _name(error: Any) -> str:
    if not isinstance(error, Mapping):
        return ""
    return str(error.get("field") or error.get("name") or error.get("attribute") or "")


def _said(error: Any) -> str:
    if isinstance(error, Mapping):
        error = error.get("message") or error.get("detail") or error.get("title")
    return error.strip() if isinstance(error, str) else ""
