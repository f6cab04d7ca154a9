"""The control API under `/_control`: faults, state, edits, requests, reset.

Everything takes a form or JSON. A form that a browser sends from the control page is answered
with a redirect back to it; everyone else gets JSON.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

from werkzeug.exceptions import HTTPException
from werkzeug.routing import Map, Rule
from werkzeug.wrappers import Request, Response

from integrations.sandbox.faults import Fault
from integrations.sandbox.forms import BadBody, urlencoded
from integrations.sandbox.persist import dump
from integrations.sandbox.platform import EditRefused, json_answer
from integrations.sandbox.world import World

Values = dict[str, Any]
STYLE = Path(__file__).with_name("page.css")
LARGEST = 1024 * 1024
NUMBERS: dict[str, Callable[[Any], Any]] = {
    "count": int,
    "skip": int,
    "probability": float,
    "seconds": float,
    "retry_after": int,
}


class Wrong(ValueError):
    """The request cannot be carried out; the text is a sentence for the sender."""

    def __init__(self, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.status = status


def answer(world: World, request: Request) -> Response:
    try:
        operation, ids = _ADDRESSES.match(request.path, method=request.method)
        _check_origin(request)
        result = operation(world, _values(request), **ids)
    except HTTPException as error:
        return json_answer({"error": error.name}, status=error.code or 404)
    except (Wrong, EditRefused, BadBody) as error:
        return _refused(request, str(error), getattr(error, "status", 400))
    if isinstance(result, Response):
        return result
    return _back() if _from_page(request) else json_answer(result)


def style(world: World, values: Values) -> Response:
    return Response(STYLE.read_bytes(), mimetype="text/css", headers={"Cache-Control": "no-cache"})


def list_faults(world: World, values: Values) -> Any:
    return [fault.describe() for fault in world.faults.active()]


def add_fault(world: World, values: Values) -> Any:
    try:
        options = {name: _option(name, value) for name, value in values.items() if value != ""}
        return world.faults.add(str(options.pop("kind", "")), **options).describe()
    except (ValueError, TypeError) as error:
        raise Wrong(str(error)) from error


def remove_fault(world: World, values: Values, fault_id: int) -> Any:
    if not world.faults.remove(fault_id):
        raise Wrong("There is no such fault (any more).", 404)
    return list_faults(world, values)


def clear_faults(world: World, values: Values) -> Any:
    world.faults.clear()
    return []


def state(world: World, values: Values) -> Any:
    """All rows of all accounts, without credentials."""
    with world.lock:
        text = json.dumps(dump(world)["platforms"])
    platforms = json.loads(text)
    for accounts in platforms.values():
        for account in accounts.values():
            del account["credentials"]
    return platforms


def edit(world: World, values: Values) -> Any:
    """`platform`, `account`, `edit` and `id` say what; the rest is the edit's own values."""
    values = dict(values)
    slug, label = str(values.pop("platform", "")), str(values.pop("account", "demo"))
    name, thing = str(values.pop("edit", "")), str(values.pop("id", ""))
    with world.lock:
        platform = next((one for one in world.platforms() if one.slug == slug), None)
        if platform is None or label not in platform.accounts:
            raise Wrong("There is no such platform or account.", 404)
        wanted = next((one for one in platform.edits if one.name == name), None)
        if wanted is None or not thing.isdecimal():
            raise Wrong("Edits are: " + ", ".join(one.name for one in platform.edits) + ".")
        row = wanted.apply(platform.accounts[label], int(thing), values)
        return json.loads(json.dumps({"ok": True, "row": row}))


def list_requests(world: World, values: Values) -> Any:
    return [entry.describe() for entry in world.requests]


def clear_requests(world: World, values: Values) -> Any:
    world.requests.clear()
    return []


def reset(world: World, values: Values) -> Any:
    """Start over; `seeded` 0 leaves the accounts empty."""
    text = str(values.get("seeded", "")).lower()
    world.reset(seeded=None if not text else text in ("1", "true"))
    return {"ok": True}


def _option(name: str, value: Any) -> Any:
    if name == "acts":
        return str(value).lower() in ("1", "true", "on")
    if name in NUMBERS and value is not None:
        number = NUMBERS[name](value)
        if not 0 <= number <= 86_400:
            raise Wrong(f"{name} is out of range.")
        return number
    return value if name in ("count", "retry_after") else str(value)


def _values(request: Request) -> Values:
    if (request.content_length or 0) > LARGEST:
        raise Wrong("The body is too large.", 413)
    body = request.get_data()
    if request.mimetype != "application/json":
        return dict(urlencoded(body))
    try:
        values = json.loads(body or b"{}")
    except ValueError:
        raise Wrong("The body is not JSON.") from None
    if not isinstance(values, dict):
        raise Wrong("A JSON object is expected.")
    return values


def _check_origin(request: Request) -> None:
    """Another site's page must not steer the sandbox through the visitor's browser."""
    origin = request.headers.get("Origin")
    if request.method != "GET" and origin and urlsplit(origin).netloc != request.host:
        raise Wrong("Only the sandbox's own page may do this.", 403)


def _from_page(request: Request) -> bool:
    return request.method == "POST" and "text/html" in request.headers.get("Accept", "")


def _refused(request: Request, sentence: str, status: int) -> Response:
    if _from_page(request):
        return _back(f"?note={quote(sentence)}")
    return json_answer({"error": sentence}, status=status)


def _back(query: str = "") -> Response:
    return Response(status=303, headers={"Location": f"/{query}"})


def _rule(method: str, path: str, operation: Callable[..., Any]) -> Rule:
    return Rule(f"/_control{path}", methods=[method], endpoint=operation)


# The addresses that end in a verb are for plain forms, which can only GET and POST.
_ADDRESSES = Map(
    [
        _rule("GET", "/page.css", style),
        _rule("GET", "/faults", list_faults),
        _rule("POST", "/faults", add_fault),
        _rule("DELETE", "/faults", clear_faults),
        _rule("POST", "/faults/clear", clear_faults),
        _rule("DELETE", "/faults/<int:fault_id>", remove_fault),
        _rule("POST", "/faults/<int:fault_id>/remove", remove_fault),
        _rule("GET", "/state", state),
        _rule("POST", "/edit", edit),
        _rule("GET", "/requests", list_requests),
        _rule("DELETE", "/requests", clear_requests),
        _rule("POST", "/requests/clear", clear_requests),
        _rule("POST", "/reset", reset),
    ],
    strict_slashes=False,
).bind("sandbox")


def describe_scope(fault: Fault) -> str:
    """A sentence fragment: which requests a fault hits, and how many more."""
    where = " ".join(filter(None, (fault.platform, fault.account, fault.method, fault.path)))
    howmany = "until switched off" if fault.count is None else f"{fault.count} more"
    chance = "" if fault.probability >= 1 else f", {fault.probability:.0%} of them"
    return f"{where or 'all requests'}, {howmany}{chance}"
