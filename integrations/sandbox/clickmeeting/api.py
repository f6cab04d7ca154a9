"""The operations' addresses, and the way from a call to the operation."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from werkzeug.exceptions import HTTPException
from werkzeug.routing import Map, Rule
from werkzeug.wrappers import Response

from integrations.sandbox.call import Call
from integrations.sandbox.clickmeeting import (
    access,
    library,
    lookups,
    registrations,
    rooms,
    sessions,
)
from integrations.sandbox.clickmeeting.account import ClickMeetingAccount
from integrations.sandbox.clickmeeting.refusal import Refusal
from integrations.sandbox.clickmeeting.request import ApiRequest
from integrations.sandbox.forms import nest
from integrations.sandbox.platform import json_answer

# The official clients append the format to the very end of the URL, after the query.
_FORMAT = re.compile(r"\.(json|xml|js|printr)$")

KEY = "api_key"
ROOM = "/conferences/<int:room_id>"
SESSION = f"{ROOM}/sessions/<int:session_id>"

OPERATIONS: tuple[tuple[str, str, Callable[..., Any]], ...] = (
    ("GET", "/ping", lookups.ping),
    ("GET", "/conferences", rooms.list_all),
    ("GET", "/conferences/active", rooms.list_active),
    ("GET", "/conferences/inactive", rooms.list_inactive),
    ("GET", "/conferences/skins", rooms.skins),
    ("POST", "/conferences", rooms.create),
    ("GET", ROOM, rooms.get),
    ("PUT", ROOM, rooms.update),
    ("DELETE", ROOM, rooms.delete),
    ("POST", "/conference/availability", rooms.availability),
    ("POST", f"{ROOM}/tokens", access.create_tokens),
    ("GET", f"{ROOM}/tokens", access.list_tokens),
    ("POST", f"{ROOM}/room/autologin_hash", access.autologin_hash),
    ("POST", f"{ROOM}/invitation/email/<lang>", access.send_invitations),
    ("GET", f"{ROOM}/sessions", sessions.list_of_room),
    ("GET", SESSION, sessions.get),
    ("GET", f"{SESSION}/attendees", sessions.attendees),
    ("GET", f"{SESSION}/generate-pdf/<lang>", sessions.generate_pdf),
    ("GET", f"{SESSION}/registrations", registrations.list_of_session),
    ("GET", f"{SESSION}/registrations/<status>", registrations.list_of_session),
    # The official clients leave a slash out here.
    (
        "GET",
        f"{ROOM}/sessions<int:session_id>/registrations/<status>",
        registrations.list_of_session,
    ),
    ("GET", f"{ROOM}/registrations", registrations.list_of_room),
    ("GET", f"{ROOM}/registrations/<status>", registrations.list_of_room),
    ("POST", f"{ROOM}/registration", registrations.register),
    ("GET", f"{ROOM}/recordings", library.list_recordings),
    ("DELETE", f"{ROOM}/recordings", library.delete_recordings),
    ("DELETE", f"{ROOM}/recordings/<int:recording_id>", library.delete_recording),
    ("GET", "/file-library", library.list_files),
    ("POST", "/file-library", library.upload),
    ("GET", "/file-library/conferences/<int:room_id>", library.list_room_files),
    ("POST", "/file-library/conferences/<int:room_id>", library.upload_to_room),
    ("GET", "/file-library/<int:file_id>", library.get_file),
    ("DELETE", "/file-library/<int:file_id>", library.delete_file),
    ("GET", "/file-library/<int:file_id>/download", library.download_file),
    ("GET", "/chats", sessions.list_chats),
    ("GET", "/chats/<int:session_id>", sessions.download_chat),
    ("POST", "/contacts", lookups.add_contact),
    ("GET", "/time_zone_list", lookups.time_zones),
    ("GET", "/time_zone_list/<country>", lookups.time_zones_of),
    ("GET", "/phone_gateways", lookups.phone_gateways),
)

_ADDRESSES = Map(
    [Rule(path, methods=[method], endpoint=operation) for method, path, operation in OPERATIONS],
    strict_slashes=False,
    redirect_defaults=False,
).bind("sandbox")


def answer(account: ClickMeetingAccount | None, call: Call, path: str) -> Response:
    """Answer an API call; `path` stands below `/v1`."""
    try:
        known = _admitted(account, call)
        operation, ids = _operation(call.method, *_without_format(call, path))
        result = operation(_ask(known, call), **ids)
    except Refusal as refusal:
        return refusal.answer()
    return result if isinstance(result, Response) else json_answer(result)


def _admitted(account: ClickMeetingAccount | None, call: Call) -> ClickMeetingAccount:
    if call.problem:
        raise Refusal(call.problem_status, [("request", call.problem)])
    if account is None:
        raise Refusal(401, [("X-Api-Key", "The API key is missing or not valid.")])
    return account


def _operation(method: str, path: str, form: str) -> tuple[Callable[..., Any], dict[str, Any]]:
    if form not in ("", "json"):
        raise Refusal(501, [("format", "The sandbox answers JSON alone.")])
    try:
        operation, ids = _ADDRESSES.match(path, method=method)
    except (HTTPException, ValueError) as error:  # ValueError: an id of thousands of digits
        status = getattr(error, "code", None) or 404
        raise Refusal(status, [("url", "There is nothing at this address.")]) from None
    return operation, dict(ids)


def _without_format(call: Call, path: str) -> tuple[str, str]:
    """The path without its format, and the format, wherever the client has put it."""
    path = path.rstrip("/") or "/"
    if call.query:
        name, value = call.query[-1]
        if ending := _FORMAT.search(value):
            call.query[-1] = (name, value[: ending.start()])
            return path, ending[1]
    ending = _FORMAT.search(path)
    return (path[: ending.start()], ending[1]) if ending else (path, "")


def _ask(account: ClickMeetingAccount, call: Call) -> ApiRequest:
    """Three public clients put what they POST and PUT into the query; a body counts for more."""
    query = [(name, value) for name, value in call.query if name != KEY]
    sent = [*query, *call.fields] if call.method in ("POST", "PUT") else call.fields
    return ApiRequest(account, nest(sent), dict(query), call.files)
