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
from integrations.base.outcome import once_sent
from integrations.base.records import Draft, Fields, Kind, Page, Record
from integrations.myownconference import credentials
from integrations.myownconference.actions import ACTIONS
from integrations.myownconference.actions.content import DOWNLOADS
from integrations.myownconference.actions.desk import Desk
from integrations.myownconference.capabilities import CAPABILITIES, narrow
from integrations.myownconference.client import Client
from integrations.myownconference.clock import Clock
from integrations.myownconference.line import PLATFORM, Line
from integrations.myownconference.mapping import people, webinar
from integrations.myownconference.own import Own
from integrations.myownconference.verbs.after import Attendances, History, Recordings, Sessions
from integrations.myownconference.verbs.attendees import Attendees, Directory, Registrations
from integrations.myownconference.verbs.base import Verbs
from integrations.myownconference.verbs.groups import Groups, Memberships
from integrations.myownconference.verbs.moderators import Moderators
from integrations.myownconference.verbs.webinars import Webinars


class MyOwnConference(Adapter):
    """One MyOwnConference account."""

    def __init__(self, connection: Connection) -> None:
        options = connection.options
        self.capabilities = narrow(options, connection.learned)
        self.client = client = Client(Line(connection))
        self.clock = Clock(client, options)
        own = Own(client)
        directory = Directory(client, may_add=options.get("contacts") == "yes")
        history = History(client, own, self.clock)
        registrations = Registrations(client, own, directory)
        recordings = Recordings(client, own, self.clock)
        moderators = Moderators(client, own, write=options.get("moderator_mail") == "yes")
        attendees = Attendees(client, directory)
        self._desk = Desk(client, own, history, recordings, attendees, registrations, moderators)
        self._verbs: dict[Kind, Verbs] = {
            Kind.ATTENDEE: attendees,
            Kind.GROUP: Groups(client, own),
            Kind.MEMBERSHIP: Memberships(client, own, directory),
            Kind.CONFERENCE: Webinars(client, own, self.clock),
            Kind.MODERATOR: moderators,
            Kind.REGISTRATION: registrations,
            Kind.SESSION: Sessions(history),
            Kind.ATTENDANCE: Attendances(history),
            Kind.RECORDING: recordings,
        }

    def check(self) -> AccountCheck:
        """Read the profile: whose account it is, and by which clock it tells times."""
        profile, zone = self.clock.read()
        clock = zone.iana or f"{profile.minutes} minutes from GMT"
        sentence = f"{PLATFORM} answers as {profile.email or profile.name}; its clock is {clock}."
        learned = {"clock": {"minutes": profile.minutes, "summer_time": profile.timemove}}
        return AccountCheck(profile.email, sentence, learned)

    def sweep(self, kind: Kind, parent_id: str | None = None) -> Iterator[Page]:
        """Webinars are two calls, and their rows partial; moderators one, and partial; all else
        is one call. Whatever tells times costs one more, for the profile, in each connection."""
        self._require(kind, "list")
        return _believed(kind, self._verbs[kind].sweep(parent_id or ""))

    def get(self, kind: Kind, external_id: str, parent_id: str | None = None) -> Record:
        """A webinar, a participant, a moderator with their link, a recording."""
        self._require(kind, "get")
        return self._verbs[kind].get(external_id)

    def create(self, draft: Draft) -> Record:
        """Make a record; what it needs to stand on is looked for, and made, first."""
        self._require(draft.kind, "create")
        with once_sent(self.client.http):
            return self._verbs[draft.kind].create(draft)

    def update(self, shown: Record, changes: Fields) -> Record | None:
        """Send what has changed. The platform only says that it has taken it."""
        self._require(shown.kind, "update")
        none = dict.fromkeys(self.placeholders(shown.kind, shown.fields), "")
        real = replace(shown, fields={**shown.fields, **none})
        with once_sent(self.client.http):
            self._verbs[shown.kind].update(real, changes)
        return None

    def delete(self, kind: Kind, external_id: str, parent_id: str | None = None) -> None:
        """Remove a record. A moderator or participant of a webinar is only detached from it."""
        self._require(kind, "delete")
        with once_sent(self.client.http):
            self._verbs[kind].delete(external_id)

    def perform(
        self, action: str, external_id: str, arguments: Mapping[str, Any]
    ) -> dict[str, Any]:
        """See `actions`: each names its arguments."""
        if action not in ACTIONS:
            return super().perform(action, external_id, arguments)
        with once_sent(self.client.http):
            return ACTIONS[action](self._desk, external_id, arguments)

    def download(self, action: str, external_id: str, arguments: Mapping[str, Any]) -> Download:
        """A recording, or a file of a webinar."""
        if action not in DOWNLOADS:
            return super().download(action, external_id, arguments)
        return DOWNLOADS[action](self._desk, external_id, arguments)

    def expected(self, kind: Kind, fields: Fields) -> Fields:
        """A webinar shows the profile's zone; a person one name, and an address in lower case."""
        if kind is Kind.CONFERENCE:
            return webinar.expected(fields, self.clock.known)
        if kind in (Kind.ATTENDEE, Kind.REGISTRATION):
            return people.expected_person(fields)
        if kind is Kind.MODERATOR:
            return people.expected_moderator(fields)
        if kind is Kind.MEMBERSHIP and "email" in fields:
            return {**fields, "email": people.address(fields)}
        return fields

    def close(self) -> None:
        """Let go of the connection."""
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
