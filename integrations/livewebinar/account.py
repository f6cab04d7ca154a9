"""What an account's verbs and actions share: the two clients, and where its rooms are entered."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from integrations.base.adapter import Connection
from integrations.base.errors import OutcomeUnknown, PlatformError, RecordNotFound
from integrations.base.reading import Row
from integrations.base.records import Fields, Record
from integrations.livewebinar import paging
from integrations.livewebinar.beyond import ROWS_AT_ONCE, WIDGETS_AT_ONCE, Beyond
from integrations.livewebinar.client import Client
from integrations.livewebinar.line import PLATFORM, Desk, Line, Places, places
from integrations.livewebinar.login import Login
from integrations.livewebinar.mapping import people
from integrations.livewebinar.mapping.widget import decode, widget_in


@dataclass(frozen=True, slots=True)
class Account:
    """One account, and where its rooms are entered."""

    client: Client
    beyond: Beyond
    places: Places

    @classmethod
    def at(cls, connection: Connection) -> "Account":
        """The account of a connection. Nothing is asked yet, not even for a token."""
        desk = Desk(connection)
        line = Line(connection, Login(connection, desk).keeper)
        return cls(Client(line, desk), Beyond(line), places(connection))

    def close(self) -> None:
        """Let go of both lines."""
        self.client.http.close()
        self.client.desk.close()

    def widget(self, widget_id: str) -> Row:
        """A room as it is shown, which must be the one that was asked about."""
        row = widget_in(self.beyond.get_widget(known(widget_id)))
        if row.ident("id") != widget_id:
            raise row.unexpected("with another webinar")
        return row

    def believed(self, answer: Any, widget_id: str) -> Record:
        """The room of an answer to a change, which must be the one that was changed."""
        record = self.decoded(answer)
        if record.external_id != widget_id:
            raise widget_in(answer).unexpected("with another webinar")
        return record

    def decoded(self, answer: Any) -> Record:
        """The room of an answer."""
        return decode(widget_in(answer), self.places)

    def widgets(self, scope: str) -> Iterator[list[Row]]:
        """The rooms of a scope, page by page."""
        ask = partial(self.beyond.list_widgets, scope)
        return paging.pages(ask, "webinar", WIDGETS_AT_ONCE)

    def rows_of(self, widget_id: str, what: str) -> list[Row]:
        """All rows of a list that belongs to a room: recordings, registrants, participants."""
        ask = partial(self.beyond.list_of_widget, known(widget_id), what)
        return [row for page in paging.pages(ask, what[:-1], ROWS_AT_ONCE) for row in page]

    def forms(self) -> list[Row]:
        """The account's web forms."""
        found = paging.pages(self.beyond.list_forms, "form", ROWS_AT_ONCE)
        return [row for page in found for row in page]

    def personal_link(
        self, widget_id: str, person: Fields, role: str, answers: Fields | None = None
    ) -> str:
        """A new link that lets one person in; it can be neither listed nor taken back."""
        sent = people.encode_person(person, role)
        widget_id = known(widget_id)
        if answers:
            answer = self.client.invite_person_with_form(widget_id, sent, answers)
        else:
            answer = self.client.invite_person(widget_id, sent)
        url, token = people.personal(answer)
        return url or people.link_from(self._room_url(widget_id), token)

    def _room_url(self, widget_id: str) -> str:
        """For an answer that names a link's token alone. Whatever fails here, the link exists."""
        try:
            return f"{self.places.app}/{self.widget(widget_id).needed_text('token')}"
        except PlatformError as error:
            raise OutcomeUnknown(
                error.message, platform=PLATFORM, operation=error.operation, status=error.status
            ) from None


def known(widget_id: str) -> str:
    """The identifier, if a room can have it: digits. Raises RecordNotFound before asking."""
    if not (widget_id.isascii() and widget_id.isdigit()):
        text = f"{PLATFORM} cannot know such a record."
        raise RecordNotFound(text, platform=PLATFORM, operation="get widget")
    return widget_id
