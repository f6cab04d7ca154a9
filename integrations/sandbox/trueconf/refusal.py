"""TrueConf Server's error shape: an envelope with the code and a list of ErrorDetail.

Source: [document, Objects | ErrorDetail]; the envelope as in the errors of Create Conference.
Reasons that the document does not name (`unknownField`, `readOnlyField`, `invalidValue`,
`notFound`) are guesses of the same kind; `uniqueValueAlreadyInUse` and the places of errors are
seen in public clients (teachbase/true-conf).
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from werkzeug.wrappers import Response

from integrations.sandbox.platform import json_answer

Detail = dict[str, Any]


class Refusal(Exception):
    """The server says no; carries the answer's status and its ErrorDetails."""

    def __init__(self, status: int, *errors: Detail) -> None:
        super().__init__("; ".join(error["message"] for error in errors))
        self.status = status
        self.errors = list(errors)

    def answer(self) -> Response:
        """The refusal in the envelope of all errors."""
        envelope = {
            "code": self.status,
            "message": HTTPStatus(self.status).phrase,
            "errors": self.errors,
        }
        return json_answer({"error": envelope}, status=self.status)


def detail(reason: str, message: str, parameter: str = "", *, path: str = "") -> Detail:
    """An ErrorDetail; `parameter` or `path` names what in the request it complains about."""
    error: Detail = {"reason": reason, "message": message}
    if parameter or path:
        error["locationType"] = "parameter" if parameter else "path"
        error["location"] = parameter or path
    return error


def bad(reason: str, message: str, parameter: str = "") -> Refusal:
    """400, about a parameter where one is named."""
    return Refusal(400, detail(reason, message, parameter))


def missing(parameter: str) -> Refusal:
    """400 for a required parameter that is missing."""
    return bad("missingRequiredField", "Missing required field.", parameter)


def taken(parameter: str) -> Refusal:
    """400 for a value that must be unique."""
    return bad("uniqueValueAlreadyInUse", "Value is already in use. Please try another.", parameter)


def not_found(what: str, wanted: str, location: str, *, parameter: bool = False) -> Refusal:
    """404 `<what>NotFound`; a thing that a parameter names is not found in the same way."""
    words = "".join(f" {letter.lower()}" if letter.isupper() else letter for letter in what)
    message = f"{words.capitalize()} '{wanted[:128]}' is not found."
    reason = f"{what}NotFound"
    if parameter:
        return Refusal(404, detail(reason, message, location))
    return Refusal(404, detail(reason, message, path=location))


def forbidden() -> Refusal:
    """403 for a right that is missing."""
    return Refusal(403, detail("forbidden", "Forbidden"))


def token_invalid() -> Refusal:
    """An expired or unknown token is 403 in v3.x, not 401 (seen in public clients)."""
    return Refusal(403, detail("accessTokenInvalid", "Access token is invalid."))
