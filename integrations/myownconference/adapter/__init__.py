"""Our verbs over MyOwnConference's client.

External ids are unique in the account and sufficient by themselves: a webinar is its alias, a
participant their address, a group its id; what belongs to one of them is "webinar/address",
"group/address", "webinar/recording"; the run of a webinar is "webinar/run".
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from integrations.base.adapter import AccountCheck, Adapter, Connection, Download, Room
from integrations.base.errors import RequestRejected, UnexpectedAnswer
from integrations.base.kinds import KindAdapter
from integrations.base.outcome import once_sent
from integrations.base.records import Draft, Fields, Kind, Page, Record
from integrations.base.texts import say
from integrations.myownconference import actions, credentials
from integrations.myownconference.adapter.after import Attendance, Sessions
from integrations.myownconference.adapter.conferences import Conferences
from integrations.myownconference.adapter.context import Context
from integrations.myownconference.adapter.groups import Groups, Memberships
from integrations.myownconference.capabilities import CAPABILITIES, narrow
from integrations.myownconference.mapping import conference, people
from integrations.myownconference.payloads import PLATFORM


class MyOwnConference(Adapter):
    """One MyOwnConference account."""

    def __init__(self, connection: Connection) -> None:
        self.capabilities = narrow(connection.options, connection.learned)
        self.context = context = Context(connection)
        self.client = client = context.client
        owned = context.owned
        self._kinds: dict[Kind, KindAdapter] = {
            Kind.ATTENDEE: context.attendees,
            Kind.GROUP: Groups(client, owned),
            Kind.MEMBERSHIP: Memberships(client, owned, context.directory),
            Kind.CONFERENCE: Conferences(client, owned, context.clock),
            Kind.MODERATOR: context.moderators,
            Kind.REGISTRATION: context.registrations,
            Kind.SESSION: Sessions(context.history),
            Kind.ATTENDANCE: Attendance(context.history),
            Kind.RECORDING: context.recordings,
        }

    def check(self) -> AccountCheck:
        """Read the profile: whose account it is, and by which clock it tells times."""
        profile, zone = self.context.clock.read()
        sentence = say(
            "%(platform)s answers as %(who)s; its clock is %(clock)s.",
            platform=PLATFORM,
            who=profile.email or profile.name,
            clock=zone.iana or say("%(minutes)d minutes from GMT", minutes=profile.minutes),
        )
        learned = {"clock": {"minutes": profile.minutes, "summer_time": profile.timemove}}
        return AccountCheck(profile.email, sentence, learned)

    def list_all(self, kind: Kind, parent_id: str | None = None) -> Iterator[Page]:
        """Webinars are two calls, and their rows partial; moderators one, and partial; all else
        is one call. Whatever tells times costs one more, for the profile, in each connection."""
        self._require(kind, "list")
        return _believed(kind, self._kinds[kind].listing(parent_id or ""))

    def get(self, kind: Kind, external_id: str, parent_id: str | None = None) -> Record:
        """A webinar, a participant, a moderator with their link, a recording."""
        self._require(kind, "get")
        return self._kinds[kind].get(external_id)

    def create(self, draft: Draft) -> Record:
        """Make a record; what it needs to stand on is looked for, and made, first."""
        self._require(draft.kind, "create")
        with once_sent(self.client.http):
            return self._kinds[draft.kind].create(draft)

    def update(self, shown: Record, changes: Fields) -> Record | None:
        """Send what has changed. The platform only says that it has taken it."""
        self._require(shown.kind, "update")
        none = dict.fromkeys(self.placeholders(shown.kind, shown.fields), "")
        real = replace(shown, fields={**shown.fields, **none})
        with once_sent(self.client.http):
            self._kinds[shown.kind].update(real, changes)
        return None

    def delete(self, kind: Kind, external_id: str, parent_id: str | None = None) -> None:
        """Remove a record. A moderator or participant of a webinar is only detached from it."""
        self._require(kind, "delete")
        with once_sent(self.client.http):
            self._kinds[kind].delete(external_id)

    def perform(
        self, action: str, external_id: str, arguments: Mapping[str, Any]
    ) -> dict[str, Any]:
        """See `actions`: each names its arguments."""
        if action not in actions.ACTIONS:
            return super().perform(action, external_id, arguments)
        with once_sent(self.client.http):
            return actions.ACTIONS[action](self.context, external_id, arguments)

    def download(self, action: str, external_id: str, arguments: Mapping[str, Any]) -> Download:
        """A recording, or a file of a webinar."""
        if action not in actions.DOWNLOADS:
            return super().download(action, external_id, arguments)
        return actions.DOWNLOADS[action](self.context, external_id, arguments)

    def expected(self, kind: Kind, fields: Fields) -> Fields:
        """A webinar shows the profile's zone; a person one name, and an address in lower case."""
        if kind is Kind.CONFERENCE:
            return conference.expected(fields, self.context.clock.known)
        if kind in (Kind.ATTENDEE, Kind.REGISTRATION):
            return people.expected_person(fields)
        if kind is Kind.MODERATOR:
            return people.expected_moderator(fields)
        if kind is Kind.MEMBERSHIP and "email" in fields:
            return {**fields, "email": people.address(fields)}
        return fields

    def close(self) -> None:
        """Close the connection."""
        self.client.http.close()

    def _require(self, kind: Kind, verb: str) -> None:
        if not getattr(self.capabilities.kind(kind), verb).offered:
            raise self.unsupported(kind, verb)


def _believed(kind: Kind, pages: Iterator[Page]) -> Iterator[Page]:
    """A listing that is refused is one that cannot be believed; it is not an empty one."""
    try:
        yield from pages
    except RequestRejected as refusal:
        raise UnexpectedAnswer(
            refusal.message,
            platform=PLATFORM,
            operation=refusal.operation or f"list {kind}",
            status=refusal.status,
            excerpt=refusal.excerpt,
        ) from None


ROOM = Room(
    capabilities=CAPABILITIES,
    credentials=credentials.CREDENTIALS,
    options=credentials.OPTIONS,
    default_base_url=credentials.DEFAULT_BASE_URL,
    open=MyOwnConference,
    setup_help=credentials.SETUP_HELP,
    narrow=narrow,
)
