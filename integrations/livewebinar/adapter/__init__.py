"""Our verbs over LiveWebinar's client.

External ids are unique in the account and sufficient by themselves: a room is "12", a recording of
it "12/34". Personal links have no identifier.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from integrations.base.adapter import AccountCheck, Adapter, Connection, Room
from integrations.base.errors import (
    PlatformUnavailable,
    RecordNotFound,
    RequestRejected,
    UnexpectedAnswer,
    refused,
    restated,
)
from integrations.base.ids import number
from integrations.base.outcome import once_sent
from integrations.base.reading import Row
from integrations.base.records import Draft, Fields, Kind, Page, Record
from integrations.base.texts import _, say, together
from integrations.livewebinar import actions, credentials
from integrations.livewebinar.adapter.context import Context
from integrations.livewebinar.capabilities import CAPABILITIES, NOT_THERE, narrow
from integrations.livewebinar.client.login import Consent
from integrations.livewebinar.mapping import after, people, widget
from integrations.livewebinar.payloads import PLATFORM

SCOPES = ("active", "inactive")
NOT_LISTED = {
    "active": _("%(platform)s does not list active webinars."),
    "inactive": _("%(platform)s does not list inactive webinars."),
}


class LiveWebinar(Adapter):
    """One LiveWebinar account."""

    capabilities = CAPABILITIES

    def __init__(self, connection: Connection) -> None:
        self.capabilities = narrow(connection.options, connection.learned)
        self.context = Context.at(connection)

    def check(self) -> AccountCheck:
        """The document's test endpoint; the identity is the user's number."""
        answer = self.context.client.me()
        row = Row(
            answer.get("data", answer) if isinstance(answer, dict) else answer, "user", PLATFORM
        )
        email = row.text("email")
        number_there = row.ident("id")
        who = email or say("user %(number)s", number=number_there)
        said = say("%(platform)s answers, and knows us as %(who)s.", platform=PLATFORM, who=who)
        return AccountCheck(number_there, said)

    def list_all(self, kind: Kind, parent_id: str | None = None) -> Iterator[Page]:
        """Rooms: one call for 500 open ones, one for 500 closed ones. Recordings: one for 100."""
        if kind is Kind.CONFERENCE:
            return self._rooms()
        if not self.capabilities.kind(kind).list.offered:
            raise self.unsupported(kind, "list")
        return self._recordings(parent_id or "")

    def get(self, kind: Kind, external_id: str, parent_id: str | None = None) -> Record:
        """A room."""
        if kind is not Kind.CONFERENCE:
            raise self.unsupported(kind, "get")
        return widget.decode(self.context.widget(external_id), self.context.places)

    def create(self, draft: Draft) -> Record:
        """A room, or a personal link for a moderator or an attendee."""
        if not self.capabilities.kind(draft.kind).create.offered:
            raise self.unsupported(draft.kind, "create")
        if draft.kind is Kind.CONFERENCE:
            self._refuse_duplicate(draft)
            sent = widget.encode_create(draft)
            with once_sent(self.context.client.http):
                return self.context.decoded(self.context.client.create_widget(sent))
        role = "attendee"
        if draft.kind is Kind.MODERATOR:
            role = str(draft.fields.get("role") or "")
        answers = people.form_of(draft.fields)
        with once_sent(self.context.client.http):
            link = self.context.personal_link(draft.parent_id or "", draft.fields, role, answers)
        shown = self.expected(draft.kind, draft.fields)
        return Record(draft.kind, None, shown, draft.parent_id, facts={"join_url": link})

    def update(self, shown: Record, changes: Fields) -> Record | None:
        """A room's changed parameters. Nothing is sent where nothing of it can be told."""
        if shown.kind is not Kind.CONFERENCE or shown.external_id is None:
            raise self.unsupported(shown.kind, "update")
        sent = widget.encode_changes(changes, shown.fields)
        if not sent:
            return shown
        with once_sent(self.context.client.http):
            answer = self._put(shown, number(shown.external_id, PLATFORM), sent)
            return self.context.believed(answer, shown.external_id)

    def delete(self, kind: Kind, external_id: str, parent_id: str | None = None) -> None:
        """A room with all that is in it."""
        if not self.capabilities.kind(kind).delete.offered:
            raise self.unsupported(kind, "delete")
        with once_sent(self.context.client.http):
            answer = self.context.client.delete_widget(number(external_id, PLATFORM))
            if answer is not None and ("error" in Row(answer, "deletion", PLATFORM)):
                raise Row(answer, "deletion", PLATFORM).unexpected(
                    _("%(platform)s answered that it was not deleted.")
                )

    def perform(
        self, action: str, external_id: str, arguments: Mapping[str, Any]
    ) -> dict[str, Any]:
        """See `actions`: each names its arguments."""
        if action not in actions.ACTIONS or not self.capabilities.action(action).offered:
            return super().perform(action, external_id, arguments)
        with once_sent(self.context.client.http):
            return actions.ACTIONS[action](self.context, external_id, arguments)

    def expected(self, kind: Kind, fields: Fields) -> Fields:
        """A permanent room shows no times; an address is in lower case."""
        if kind is Kind.CONFERENCE:
            return widget.expected(fields)
        if fields.get("email"):
            return {**fields, "email": str(fields["email"]).strip().lower()}
        return fields

    def close(self) -> None:
        """Close the connections."""
        self.context.close()

    def _rooms(self) -> Iterator[Page]:
        """Open rooms, then closed ones; one that was closed meanwhile is in both, and told once."""
        seen: set[str | None] = set()
        for scope in SCOPES:
            for found in self._scope(scope):
                records = [widget.decode(row, self.context.places) for row in found]
                yield Page(tuple(r for r in records if r.external_id not in seen))
                seen |= {record.external_id for record in records}

    def _scope(self, scope: str) -> Iterator[list[Row]]:
        try:
            yield from self.context.widgets(scope)
        except (RequestRejected, RecordNotFound) as error:
            # The scopes are not documented: without one of them the list is not whole.
            text = together(say(NOT_LISTED[scope], platform=PLATFORM), error.message)
            raise restated(error, UnexpectedAnswer, text) from None

    def _recordings(self, widget_id: str) -> Iterator[Page]:
        try:
            found = self.context.rows_of(widget_id, "recordings")
        except RecordNotFound as error:
            self.context.widget(widget_id)  # where the webinar itself is gone, this says so
            without = replace(self.capabilities.kind(Kind.RECORDING), list=NOT_THERE)
            kinds = {**self.capabilities.kinds, Kind.RECORDING: without}
            self.capabilities = replace(self.capabilities, kinds=kinds)
            raise restated(error, UnexpectedAnswer, NOT_THERE.sentence) from None
        yield Page(tuple(after.decode_recording(row, widget_id) for row in found))

    def _refuse_duplicate(self, draft: Draft) -> None:
        """A permanent room has no date to be told by, so its name has to tell it.

        After a lost answer it could not be recognised, and a second would be made.
        """
        if not draft.fields.get("permanent"):
            return
        title = str(draft.fields.get("title") or "").strip().casefold()
        try:
            shown = [record for page in self._rooms() for record in page.records]
        except UnexpectedAnswer as error:  # nothing has been asked to be made
            raise restated(error, PlatformUnavailable) from None
        for record in shown:
            same = str(record.fields["title"]).strip().casefold() == title
            if same and record.fields.get("permanent"):
                text = _("LiveWebinar has a permanent room of this name. Please choose another.")
                raise refused(PLATFORM, "title", text)

    def _put(self, shown: Record, widget_id: str, sent: Mapping[str, Any]) -> Any:
        """Send what has changed; what the platform asks for beside it is added, as now shown."""
        try:
            return self._sent(widget_id, sent)
        except RequestRejected as refusal:
            asked = {n: v for n, v in shown.fields.items() if n in refusal.field_errors}
            whole = {**widget.encode_changes(asked, shown.fields), **sent}
            if whole.keys() == sent.keys():
                raise
            return self._sent(widget_id, whole)

    def _sent(self, widget_id: str, sent: Mapping[str, Any]) -> Any:
        client = self.context.client
        if sent == {"status": "active"}:
            return client.enable_widget(widget_id)
        if sent == {"status": "inactive"}:
            return client.disable_widget(widget_id)
        return client.update_widget(widget_id, sent)


ROOM = Room(
    capabilities=CAPABILITIES,
    credentials=credentials.CREDENTIALS,
    options=credentials.OPTIONS,
    default_base_url=credentials.DEFAULT_BASE_URL,
    open=LiveWebinar,
    setup_help=credentials.SETUP_HELP,
    narrow=narrow,
    authorization=Consent(),
)
