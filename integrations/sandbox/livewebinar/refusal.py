"""LiveWebinar's error shape: `{"error": {"message", "status_code", "errors": {field: [text]}}}`.

Sources: the document names one error ("3rd party client already exists."); its shape was read in
the vendor's public clients (livewebinar/wordpress_livewebinar_plugin, moodle-mod_livewebinar),
which take `error.message` everywhere and `error.errors` where the status is 422.
"""

from __future__ import annotations

from typing import Any

from werkzeug.wrappers import Response

from integrations.sandbox.platform import json_answer

Errors = dict[str, list[str]]
INVALID = "The given data was invalid."


class Refusal(Exception):
    """The platform says no; `errors` holds sentences by field and belongs to 422."""

    def __init__(self, status: int, message: str, errors: Errors | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.errors = errors or {}

    def answer(self) -> Response:
        error: dict[str, Any] = {"message": self.message, "status_code": self.status}
        if self.errors:
            error["errors"] = self.errors
        return json_answer({"error": error}, status=self.status)

    def sentence(self) -> str:
        """All of it for a person."""
        said = [f"{field}: {texts[0]}" for field, texts in self.errors.items()]
        return " ".join(said) or self.message


def invalid(errors: Errors) -> Refusal:
    return Refusal(422, INVALID, errors)


def not_found(what: str) -> Refusal:
    return Refusal(404, f"There is no such {what}.")
