"""HTTP to ClickMeeting: where it is, who we are, and how it words its errors."""

import re
from typing import Any

from integrations.base.adapter import Connection
from integrations.base.http import Http
from integrations.clickmeeting.payloads import PLATFORM

# Their parameter -> our field, so that their words stand beside the right input.
FIELD_OF = {
    "name": "title",
    "custom_room_url_name": "title",
    "lobby_description": "description",
    "duration": "duration_minutes",
    "permanent_room": "permanent",
    "access_type": "access",
    "status": "open",
    "registration": "registration_enabled",
    "registration[enabled]": "registration_enabled",
    "registration[1]": "first_name",
    "registration[2]": "last_name",
    "registration[3]": "email",
    "firstname": "first_name",
    "lastname": "last_name",
    "nickname": "name",
    "lobby_enabled": "options.lobby_enabled",
}


class ClickMeetingHttp(Http):
    """HTTP to one ClickMeeting account."""

    def __init__(self, connection: Connection) -> None:
        key = connection.credentials["api_key"]
        super().__init__(
            PLATFORM,
            api_root(connection.base_url),
            headers={"X-Api-Key": key, "Accept": "application/json"},
            secrets=(key,),
            **connection.http_options(),
        )

    def read_error(self, body: Any) -> tuple[str, dict[str, list[str]]]:
        """Read `{"code", "name", "errors": [{"name", "message"}]}` [seen in IAmRadek's client]."""
        if not isinstance(body, dict):
            return "", {}
        errors = body.get("errors")
        listed = [e for e in errors if isinstance(e, dict)] if isinstance(errors, list) else []
        by_field: dict[str, list[str]] = {}
        sentences = []
        for error in listed:
            message = str(error.get("message") or error.get("name") or "").strip()
            if message:
                sentences.append(message)
                by_field.setdefault(field_of(str(error.get("name") or "")), []).append(message)
        by_field.pop("", None)
        return " ".join(sentences) or str(body.get("name") or ""), by_field


def field_of(parameter: str) -> str:
    """Our field for their parameter; one that we do not know keeps its name."""
    if parameter.startswith("settings["):
        return "options." + parameter[len("settings[") :].rstrip("]")
    return FIELD_OF.get(parameter, parameter)


def api_root(base_url: str) -> str:
    """The address of the API, whether or not it was given with its version."""
    root = base_url.strip().rstrip("/")
    return root if re.search(r"[^:/]/v1$", root) else root + "/v1"
