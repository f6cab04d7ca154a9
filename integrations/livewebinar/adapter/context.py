"""What an account's verbs and actions share: the two clients, and where its rooms are entered."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from integrations.base.adapter import Connection
from integrations.base.errors import OutcomeUnknown, PlatformError, restated
from integrations.base.ids import number
from integrations.base.paging import whole
from integrations.base.reading import Row
from integrations.base.records import Fields, Record
from integrations.base.texts import _
from integrations.livewebinar.client import Client
from integrations.livewebinar.client.http import LiveWebinarHttp, TokenlessHttp, places
from integrations.livewebinar.client.login import Login
from integrations.livewebinar.client.undocumented import Undocumented
from integrations.livewebinar.mapping import people
from integrations.livewebinar.mapping.lists import FORMS, WIDGETS, extent_of, listing
from integrations.livewebinar.mapping.rooms import Places
from integrations.livewebinar.mapping.widget import decode, widget_in
from integrations.livewebinar.payloads import PLATFORM


@dataclass(frozen=True, slots=True)
class Context:
    """One account, and where its rooms are entered."""

    client: Client
    undocumented: Undocumented
    places: Places

    @classmethod
    def at(cls, connection: Connection) -> "Context":
        """The account of a connection. Nothing is asked yet, not even for a token."""
        tokenless = TokenlessHttp(connection)
        http = LiveWebinarHttp(connection, Login(connection, tokenless).keeper)
        return cls(Client(http, tokenless), Undocumented(http), places(connection))

    def close(self) -> None:
        """Close the connections of both HTTP clients."""
        self.client.http.close()
        self.client.tokenless.close()

    def widget(self, widget_id: str) -> Row:
        """A room as it is shown, which must be the one that was asked about."""
        row = widget_in(self.undocumented.get_widget(number(widget_id, PLATFORM)))
        if row.ident("id") != widget_id:
            raise row.unexpected(_("%(platform)s answered with another webinar."))
        return row

    def believed(self, answer: Any, widget_id: str) -> Record:
        """The room of an answer to a change, which must be the one that was changed."""
        record = self.decoded(answer)
        if record.external_id != widget_id:
            raise widget_in(answer).unexpected(_("%(platform)s answered with another webinar."))
        return record

    def decoded(self, answer: Any) -> Record:
        """The room of an answer."""
        return decode(widget_in(answer), self.places)

    def widgets(self, scope: str) -> Iterator[list[Row]]:
        """The rooms of a scope, page by page."""
        return whole(WIDGETS, partial(self.undocumented.list_widgets, scope), extent_of)

    def rows_of(self, widget_id: str, what: str) -> list[Row]:
        """All rows of a list that belongs to a room: recordings, registrants, participants."""
        fetch = partial(self.undocumented.list_of_widget, number(widget_id, PLATFORM), what)
        return [row for page in whole(listing(what[:-1]), fetch, extent_of) for row in page]

    def forms(self) -> list[Row]:
        """The account's web forms."""
        found = whole(FORMS, self.undocumented.list_forms, extent_of)
        return [row for page in found for row in page]

    def personal_link(
        self, widget_id: str, person: Fields, role: str, answers: Fields | None = None
    ) -> str:
        """A new link that lets one person in; it can be neither listed nor taken back."""
        sent = people.encode_person(person, role)
        widget_id = number(widget_id, PLATFORM)
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
            raise restated(error, OutcomeUnknown) from None
