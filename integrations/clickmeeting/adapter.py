"""Our verbs over ClickMeeting's client.

External ids are unique in the account and sufficient by themselves: a room is "12", what belongs
to it "12/34", who was in a session "12/34/56".
"""

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any

from integrations.base.adapter import AccountCheck, Adapter, Connection, Download, Room
from integrations.base.errors import UnexpectedAnswer
from integrations.base.ids import split
from integrations.base.outcome import once_sent
from integrations.base.paging import Listing, pages
from integrations.base.reading import Row, rows
from integrations.base.records import Draft, Fields, Kind, Page, Record
from integrations.base.texts import say
from integrations.base.undecoded import page_of
from integrations.clickmeeting import actions, credentials
from integrations.clickmeeting.capabilities import CAPABILITIES, narrow
from integrations.clickmeeting.client import Client
from integrations.clickmeeting.client.http import ClickMeetingHttp
from integrations.clickmeeting.mapping import after, conference, people
from integrations.clickmeeting.payloads import PLATFORM

# Pages of 250 [Generating a list of meeting rooms]; the active ones come all at once.
INACTIVE = Listing(PLATFORM, "room", ("inactive_conferences",), size=250)


class ClickMeeting(Adapter):
    """One ClickMeeting account."""

    capabilities = CAPABILITIES

    def __init__(self, connection: Connection) -> None:
        self.capabilities = narrow(connection.options, connection.learned)
        self.confirmation_language = str(connection.options.get("confirmation_language") or "")
        self.client = Client(ClickMeetingHttp(connection))

    def check(self) -> AccountCheck:
        """Ping. The document names no call that tells whose account it is."""
        if self.client.ping() != {"ping": "pong"}:
            raise UnexpectedAnswer(
                say("%(platform)s did not answer the ping.", platform=PLATFORM),
                platform=PLATFORM,
                operation="ping",
            )
        return AccountCheck(
            "", say("%(platform)s answers and takes the API key.", platform=PLATFORM)
        )

    def list_all(self, kind: Kind, parent_id: str | None = None) -> Iterator[Page]:
        """Rooms need one call for the active ones and one for each 250 inactive ones; all else
        is one call within its parent, attendance two."""
        if kind is Kind.CONFERENCE:
            return self._rooms()
        if kind is Kind.REGISTRATION:
            return self._registrations(parent_id or "")
        listings: dict[Kind, Callable[[str], list[Record]]] = {
            Kind.SESSION: self._sessions,
            Kind.ATTENDANCE: self._attendance,
            Kind.RECORDING: self._recordings,
        }
        if kind not in listings:
            raise self.unsupported(kind, "list")
        return self._one_page(listings[kind], parent_id or "")

    def get(self, kind: Kind, external_id: str, parent_id: str | None = None) -> Record:
        """A room, or a session."""
        if kind is Kind.CONFERENCE:
            return self._believed(self.client.get_conference(external_id), external_id)
        if kind is Kind.SESSION:
            room_id, session_id = split(external_id, 2, PLATFORM)
            answer = self.client.get_session(room_id, session_id)
            return after.decode_session(Row(answer, "session", PLATFORM), room_id, session_id)
        raise self.unsupported(kind, "get")

    def create(self, draft: Draft) -> Record:
        """A room, a registration, a moderator's link, a contact."""
        makers: dict[Kind, Callable[[Draft], Record]] = {
            Kind.CONFERENCE: self._create_room,
            Kind.REGISTRATION: self._register,
            Kind.MODERATOR: self._link_moderator,
            Kind.ATTENDEE: self._write_contact,
        }
        if not self.capabilities.kind(draft.kind).create.offered:
            raise self.unsupported(draft.kind, "create")
        with once_sent(self.client.http):
            return makers[draft.kind](draft)

    def update(self, shown: Record, changes: Fields) -> Record | None:
        """A room's changed parameters. Nothing is sent where nothing of it can be told."""
        if shown.kind is not Kind.CONFERENCE or shown.external_id is None:
            raise self.unsupported(shown.kind, "update")
        sent = conference.encode_changes(changes, shown.fields)
        if not sent:
            return shown
        with once_sent(self.client.http):
            answer = self.client.update_conference(shown.external_id, sent)
            return self._believed(answer, shown.external_id)

    def delete(self, kind: Kind, external_id: str, parent_id: str | None = None) -> None:
        """A room with all that is in it, or one recording."""
        if not self.capabilities.kind(kind).delete.offered:
            raise self.unsupported(kind, "delete")
        with once_sent(self.client.http):
            if kind is Kind.CONFERENCE:
                answer = self.client.delete_conference(external_id)
            else:
                answer = self.client.delete_recording(*split(external_id, 2, PLATFORM))
            people.confirm(answer, people.DELETION)

    def perform(
        self, action: str, external_id: str, arguments: Mapping[str, Any]
    ) -> dict[str, Any]:
        """See `actions`: each names its arguments."""
        if action not in actions.ACTIONS:
            return super().perform(action, external_id, arguments)
        with once_sent(self.client.http):
            return actions.ACTIONS[action](self.client, external_id, arguments)

    def download(self, action: str, external_id: str, arguments: Mapping[str, Any]) -> Download:
        """A file of a library, or the chat of a session."""
        if action not in actions.DOWNLOADS:
            return super().download(action, external_id, arguments)
        return actions.DOWNLOADS[action](self.client, external_id, arguments)

    def expected(self, kind: Kind, fields: Fields) -> Fields:
        """A permanent room shows no times; a person is given the names that are required."""
        if kind is Kind.CONFERENCE:
            return conference.expected(fields)
        if kind in (Kind.REGISTRATION, Kind.ATTENDEE) and "email" in fields:
            return people.with_names(fields)
        if kind is Kind.MODERATOR:
            return people.expected_moderator(fields)
        return fields

    def close(self) -> None:
        """Close the connection."""
        self.client.http.close()

    def _rooms(self) -> Iterator[Page]:
        active = rows(
            self.client.list_conferences("active"), "room", PLATFORM, ("active_conferences",)
        )
        yield _page(active)
        for found, _ in pages(INACTIVE, self.client.list_inactive_conferences):
            yield _page(found)

    def _one_page(self, listing: Callable[[str], list[Record]], parent_id: str) -> Iterator[Page]:
        yield Page(tuple(listing(parent_id)))

    def _registrations(self, room_id: str) -> Iterator[Page]:
        found = rows(self.client.list_registrations(room_id, "all"), "registration", PLATFORM)
        yield page_of(found, partial(people.decode_registration, room_id=room_id))

    def _sessions(self, room_id: str) -> list[Record]:
        found = rows(self.client.list_sessions(room_id), "session", PLATFORM)
        return [after.decode_session(row, room_id) for row in found]

    def _attendance(self, session: str) -> list[Record]:
        room_id, session_id = split(session, 2, PLATFORM)
        detail = self.client.get_session(room_id, session_id)
        attendees = self.client.list_session_attendees(room_id, session_id)
        return after.decode_attendance(detail, attendees, session)

    def _recordings(self, room_id: str) -> list[Record]:
        found = rows(self.client.list_recordings(room_id), "recording", PLATFORM)
        return [after.decode_recording(row, room_id) for row in found]

    def _create_room(self, draft: Draft) -> Record:
        answer = self.client.create_conference(conference.encode_create(draft))
        return conference.decode(conference.conference_in(answer))

    def _register(self, draft: Draft) -> Record:
        room_id = draft.parent_id or ""
        sent = people.encode_registration(draft.fields, self.confirmation_language)
        return people.registered(self.client.register(room_id, sent), draft.fields, room_id)

    def _link_moderator(self, draft: Draft) -> Record:
        link = actions.personal_link(self.client, draft.parent_id or "", draft.fields)
        told = {k: v for k, v in draft.fields.items() if k != "password"}
        shown = people.expected_moderator(told)
        return Record(
            Kind.MODERATOR, None, shown, parent_id=draft.parent_id, facts={"join_url": link}
        )

    def _write_contact(self, draft: Draft) -> Record:
        sent = people.encode_contact(draft.fields)
        people.confirm(self.client.add_contact(sent), "contact")
        return Record(Kind.ATTENDEE, None, people.with_names(draft.fields))

    def _believed(self, answer: Any, external_id: str) -> Record:
        """The room of an answer, which must be the one that was asked about."""
        record = conference.decode(conference.conference_in(answer))
        if record.external_id != external_id:
            raise UnexpectedAnswer(
                say("%(platform)s answered with another room.", platform=PLATFORM),
                platform=PLATFORM,
                operation="room",
            )
        return record


def _page(found: list[Row]) -> Page:
    return Page(tuple(conference.decode(row) for row in found))


ROOM = Room(
    capabilities=CAPABILITIES,
    credentials=credentials.CREDENTIALS,
    options=credentials.OPTIONS,
    default_base_url=credentials.DEFAULT_BASE_URL,
    open=ClickMeeting,
    setup_help=credentials.SETUP_HELP,
    narrow=narrow,
)
