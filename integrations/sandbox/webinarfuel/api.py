"""The operations' addresses, and the way from a call to the operation.

The document names no address. Those of webinars, of creating a registrant and of adding tags are
seen in public clients (PipedreamHQ/pipedream); the others follow by analogy. One client of a
running site puts `/api` before them, so both are answered.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from werkzeug.exceptions import HTTPException
from werkzeug.routing import Map, Rule
from werkzeug.wrappers import Response

from integrations.sandbox.call import Call
from integrations.sandbox.platform import json_answer
from integrations.sandbox.webinarfuel import registrant_sessions, registrants, webinars
from integrations.sandbox.webinarfuel.account import WebinarFuelAccount
from integrations.sandbox.webinarfuel.refusal import Refusal
from integrations.sandbox.webinarfuel.request import ApiRequest

ONECLICK = ("/oneclick", "/registrants/oneclick")

OPERATIONS: tuple[tuple[str, str, Callable[..., Any]], ...] = (
    ("GET", "/webinars", webinars.list_ready),
    ("GET", "/webinars/<int:webinar_id>", webinars.get),
    ("GET", "/registrants", registrants.list_all),
    ("POST", "/registrants", registrants.create),
    ("GET", "/registrants/<int:registrant_id>", registrants.get),
    ("PUT", "/registrants/<int:registrant_id>", registrants.update),
    ("PATCH", "/registrants/<int:registrant_id>", registrants.update),
    ("POST", "/registrants/add_tags", registrants.add_tags),
    ("POST", "/registrants/remove_tags", registrants.remove_tags),
    *(("GET", path, registrants.oneclick) for path in ONECLICK),
    ("GET", "/registrant_sessions", registrant_sessions.list_all),
    ("GET", "/registrant_sessions/<int:cid>", registrant_sessions.get),
)

_ADDRESSES = Map(
    [Rule(path, methods=[method], endpoint=operation) for method, path, operation in OPERATIONS],
    strict_slashes=False,
).bind("sandbox")


def is_oneclick(call: Call) -> bool:
    return _path(call).rstrip("/") in ONECLICK


def answer(account: WebinarFuelAccount | None, call: Call) -> Response:
    try:
        known = _admitted(account, call)
        operation, ids = _operation(call)
        result = operation(ApiRequest(known, call), **ids)
    except Refusal as refusal:
        return refusal.answer()
    return result if isinstance(result, Response) else json_answer(result)


def _admitted(account: WebinarFuelAccount | None, call: Call) -> WebinarFuelAccount:
    if call.problem:
        raise Refusal(call.problem_status, call.problem)
    if account is None:
        key = "OneClick key" if is_oneclick(call) else "API key"
        raise Refusal(401, f"The {key} is missing or not valid")
    account.window.admit(account.rate_limit, account.world.now())
    return account


def _path(call: Call) -> str:
    return call.path.removeprefix("/api")


def _operation(call: Call) -> tuple[Callable[..., Any], dict[str, Any]]:
    try:
        operation, ids = _ADDRESSES.match(_path(call), method=call.method)
    except (HTTPException, ValueError) as error:  # ValueError: an id of thousands of digits
        status = getattr(error, "code", None) or 404
        message = "Method not allowed" if status == 405 else "Not found"
        raise Refusal(status, message) from None
    return operation, dict(ids)
