"""The one form field `request`, and the envelope of every answer.

`request` holds JSON with `key`, `action` and `params`; answers repeat action and params, never
the key, and put the result or `{"error": ...}` beside them, with HTTP 200
[document, Request format; Response format].
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

from werkzeug.wrappers import Response

from integrations.sandbox.call import Call
from integrations.sandbox.forms import Pairs
from integrations.sandbox.journal import HIDDEN
from integrations.sandbox.platform import json_answer

_ACTION = re.compile(r"[A-Za-z]{1,64}")
LONGEST_IN_JOURNAL = 300


@dataclass(frozen=True)
class ApiRequest:
    """One request as it was read; `problem` says why it cannot be carried out."""

    key: str = ""
    action: str = ""
    params: Any = None
    problem: str = ""

    def answer(self, response: Any, status: int = 200) -> Response:
        """The answer, with action and params repeated."""
        request = {"action": self.action, "params": self.params}
        return json_answer({"request": request, "response": response}, status=status)

    def refusal(self, message: str, status: int = 200) -> Response:
        """A refusal in the place of the answer."""
        return self.answer({"error": message}, status)


def read(call: Call) -> ApiRequest:
    """Where a field comes twice, the last one counts, as in PHP."""
    if call.problem:
        return ApiRequest(problem=call.problem)
    if call.method != "POST":
        return ApiRequest(problem="Requests must be sent using the POST method")
    text = dict(call.fields).get("request")
    if text is None:
        return ApiRequest(problem='Field "request" is required')
    try:
        asked = _plain_json(text)
    except (ValueError, RecursionError):
        return ApiRequest(problem='Field "request" is not valid JSON')
    if not isinstance(asked, dict):
        return ApiRequest(problem='Field "request" must hold an object')
    key, action, params = asked.get("key"), asked.get("action"), asked.get("params")
    problem = ""
    for name, value, kind in (("key", key, str), ("action", action, str)):
        if not isinstance(value, kind) or not value:
            problem = f'Parameter "{name}" is required'
            break
    if not problem and not isinstance(params, (dict, list)):
        problem = 'Parameter "params" is required'
    return ApiRequest(_text(key), _text(action), params, problem)


def path(call: Call) -> str:
    """A command's name in the place of a path, since all of them are sent to one address."""
    if call.path.rstrip("/"):
        return call.path
    action = read(call).action
    return f"/{action}" if _ACTION.fullmatch(action) else "/"


def without_secrets(pairs: Pairs) -> Pairs:
    """For the journal: no API key, no personal code of a link, and no pictures."""
    return [
        (name, _quiet(value) if name == "request" else _covered(name, value))
        for name, value in pairs
    ]


def empty_lists(answer: Any) -> Any:
    """An answer as it would be if the account were empty: lists in lists, and counts, too."""
    response = answer.get("response") if isinstance(answer, dict) else None
    if isinstance(response, list):
        nested = bool(response) and isinstance(response[0], list)
        grouped = nested and not (response[0] and isinstance(response[0][0], str))
        return {**answer, "response": [[]] if grouped else []}
    if isinstance(response, dict):
        emptied = {k: [] if isinstance(v, list) else v for k, v in response.items()}
        if "list" in emptied:
            emptied["count"] = "0"
        return {**answer, "response": emptied}
    return answer


def _plain_json(text: str) -> Any:
    """JSON without what cannot be kept or answered: NaN, lone surrogates, NUL."""
    value = json.loads(text, parse_constant=_no_constant)
    if "\0" in text or "\\u0000" in json.dumps(value):
        raise ValueError("a NUL character")
    json.dumps(value, ensure_ascii=False).encode()
    return value


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _covered(name: str, value: str) -> str:
    return HIDDEN if name in ("u", "key") else value


def _quiet(text: str) -> str:
    """What cannot be read might hold the key anywhere."""
    try:
        asked = _plain_json(text)
    except (ValueError, RecursionError):
        return HIDDEN
    if not isinstance(asked, dict):
        return HIDDEN
    return json.dumps(_short(asked), ensure_ascii=False)


def _short(value: Any) -> Any:
    if isinstance(value, dict):
        return {n: HIDDEN if n.lower() == "key" else _short(one) for n, one in value.items()}
    if isinstance(value, list):
        return [_short(one) for one in value]
    if isinstance(value, str) and len(value) > LONGEST_IN_JOURNAL:
        return f"{value[:LONGEST_IN_JOURNAL]}…"
    return value
