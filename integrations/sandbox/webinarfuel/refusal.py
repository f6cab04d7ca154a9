"""WebinarFuel's refusals: the documented statuses in a shape of the sandbox's own.

The document names the statuses (400, 401, 403, 404, 405, 429) and shows no body. The sandbox says
`{"error": "a sentence", "errors": {"field": ["what is wrong"]}}`; clients should go by the status.
"""

from __future__ import annotations

from werkzeug.wrappers import Response

from integrations.sandbox.platform import json_answer

Errors = dict[str, list[str]]


class Refusal(Exception):
    """The platform says no; `errors` tells what is wrong with which field."""

    def __init__(
        self,
        status: int,
        message: str,
        errors: Errors | None = None,
        headers: dict[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.errors = errors or {}
        self.headers = headers

    def answer(self) -> Response:
        body = {"error": self.message, **({"errors": self.errors} if self.errors else {})}
        return json_answer(body, status=self.status, headers=self.headers)


def bad_request(errors: Errors) -> Refusal:
    """400: "the request could not be understood or was missing required parameters"."""
    told = "; ".join(f"{name} {' and '.join(texts)}" for name, texts in errors.items())
    return Refusal(400, told, errors)


def not_found(what: str) -> Refusal:
    return Refusal(404, f"{what} not found")
