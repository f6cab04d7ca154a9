"""ClickMeeting's error shape: `{"code", "name", "errors": [{"name", "message"}]}`.

Source: public clients (ClickMeeting/moodle-plugin, IAmRadek/clickmeeting.go); the document shows
no error at all. Codes that clients know: 400, 401, 403, 404, 422, 500, 501, 504.
"""

from __future__ import annotations

from http import HTTPStatus

from werkzeug.wrappers import Response

from integrations.sandbox.platform import json_answer


class Refusal(Exception):
    """The platform says no; carries the answer's status and one message for each field."""

    def __init__(self, status: int, errors: list[tuple[str, str]]) -> None:
        super().__init__("; ".join(message for _, message in errors))
        self.status = status
        self.errors = errors

    def answer(self) -> Response:
        errors = [{"name": name, "message": message} for name, message in self.errors]
        name = HTTPStatus(self.status).phrase
        return json_answer(
            {"code": self.status, "name": name, "errors": errors}, status=self.status
        )


def invalid(field: str, message: str) -> Refusal:
    return Refusal(422, [(field, message)])


def not_found(what: str) -> Refusal:
    return Refusal(404, [(what, f"There is no such {what}.")])
