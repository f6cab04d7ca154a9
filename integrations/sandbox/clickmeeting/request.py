"""What an operation is given."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from werkzeug.wrappers import Response

from integrations.sandbox.clickmeeting.fields import Fields
from integrations.sandbox.clickmeeting.refusal import not_found
from integrations.sandbox.forms import Upload
from integrations.sandbox.store import Row

if TYPE_CHECKING:
    from integrations.sandbox.clickmeeting.account import ClickMeetingAccount


@dataclass
class ApiRequest:
    """One authorised request: whose it is and what it carries."""

    account: ClickMeetingAccount
    form: dict[str, Any]
    query: dict[str, str]
    uploads: list[Upload]

    @property
    def fields(self) -> Fields:
        return Fields(self.form)

    def deleted(self, name: str) -> Any:
        """How a deletion is confirmed, which differs between sources (see `account.deletions`)."""
        answers = {"object": {name: "OK"}, "text": "200 OK", "empty": Response(status=204)}
        return answers[self.account.deletions]

    def room(self, room_id: int) -> Row:
        """Raises Refusal 404."""
        return self._one("rooms", room_id, "room")

    def session(self, room_id: int, session_id: int) -> Row:
        """A session of that very room. Raises Refusal 404."""
        self.room(room_id)
        session = self._one("sessions", session_id, "session")
        if session["room_id"] != room_id:
            raise not_found("session")
        return session

    def _one(self, table: str, row_id: int, what: str) -> Row:
        row = self.account.store.get(table, row_id)
        if row is None:
            raise not_found(what)
        return row
