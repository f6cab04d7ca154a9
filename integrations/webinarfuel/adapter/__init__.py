"""Our verbs over WebinarFuel's client.

External ids are unique in the account and sufficient by themselves: a webinar is "12", a host
"12/ann@example.com", a registration "12/34" (webinar and registrant), a session
"12/56@2026-10-05T13:00:00Z" (webinar, their session, its start), attendance "7890" (the `cid`), a
registrant "34", a group its tag, a membership "34/tag".
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from integrations.base.adapter import AccountCheck, Adapter, Connection, Room
from integrations.base.ids import number
from integrations.base.outcome import once_sent
from integrations.base.reading import rows
from integrations.base.records import OPTION_PREFIX, Draft, Fields, Kind, Page, Record
from integrations.base.texts import _, say
from integrations.webinarfuel import actions, credentials
from integrations.webinarfuel.adapter.people import People
from integrations.webinarfuel.adapter.registrations import Registrar
from integrations.webinarfuel.adapter.tags import Tags
from integrations.webinarfuel.adapter.webinars import Webinars
from integrations.webinarfuel.capabilities import CAPABILITIES, narrow
from integrations.webinarfuel.client import Client
from integrations.webinarfuel.client.http import WebinarFuelHttp
from integrations.webinarfuel.mapping import people as persons
from integrations.webinarfuel.mapping.ids import numbers
from integrations.webinarfuel.mapping.lists import WEBINARS
from integrations.webinarfuel.payloads import PLATFORM

# A draft may name the date to register for, by its key (see `mapping.webinar.session_key`).
SESSION = f"{OPTION_PREFIX}session"


def utc_now() -> datetime:
    """The present, in UTC."""
    return datetime.now(UTC)


class WebinarFuel(Adapter):
    """One WebinarFuel account. What it reads serves later questions of the same sync."""

    capabilities = CAPABILITIES

    def __init__(self, connection: Connection, now: Callable[[], datetime] = utc_now) -> None:
        chosen = credentials.settings_of(connection.credentials, connection.options)
        learned = {**connection.learned, **_learned(chosen)}
        self.capabilities = narrow(connection.options, learned)
        self.client = Client(
            WebinarFuelHttp(connection, chosen),
            WebinarFuelHttp(connection, chosen, signed=False),
            chosen.table,
        )
        self.people = People(self.client)
        self.webinars = Webinars(self.client, self.people, now)
        self.registrar = Registrar(self.client, self.people, self.webinars, chosen)
        self.tags = Tags(self.client, self.people)
        self._chosen = chosen

    def check(self) -> AccountCheck:
        """Ask for one webinar. No call tells whose account it is, so there is no identity."""
        answer = self.client.list_webinars(page=1, per_page=1)
        rows(answer, WEBINARS.what, PLATFORM, WEBINARS.envelopes)
        said = say("%(platform)s answers and takes the API key.", platform=PLATFORM)
        return AccountCheck("", said, _learned(self._chosen))

    def list_all(self, kind: Kind, parent_id: str | None = None) -> Iterator[Page]:
        """Webinars and registrants: a call for each 50. Of the rest, what a sync has read
        before costs nothing: hosts come with webinars, tags with registrants, sessions and
        attendance with registrations."""
        parent = parent_id or ""
        if kind is Kind.CONFERENCE:
            return self.webinars.list_all()
        if kind is Kind.ATTENDEE:
            return self.people.list_all()
        if kind is Kind.GROUP:
            return self.tags.list_all()
        listings: dict[Kind, Callable[[str], Iterator[Page]]] = {
            Kind.MODERATOR: lambda webinar: iter([Page(tuple(self.webinars.hosts(webinar)))]),
            Kind.MEMBERSHIP: self.tags.list_all,
            Kind.REGISTRATION: self.webinars.registrations,
            Kind.SESSION: self.webinars.sessions,
            Kind.ATTENDANCE: self.webinars.attendance,
        }
        if kind not in listings:
            raise self.unsupported(kind, "list")
        return listings[kind](parent)

    def get(self, kind: Kind, external_id: str, parent_id: str | None = None) -> Record:
        """A webinar, a registrant, a membership, a registration, an attendance."""
        if kind is Kind.CONFERENCE:
            return self.webinars.get(external_id)
        if kind is Kind.ATTENDEE:
            return self._registrant(external_id)
        if kind is Kind.MEMBERSHIP:
            return self.tags.get(external_id)
        if kind is Kind.REGISTRATION:
            return self.webinars.registration(*numbers(external_id))
        if kind is Kind.ATTENDANCE:
            return self.webinars.attended(external_id)
        raise self.unsupported(kind, "get")

    def create(self, draft: Draft) -> Record:
        """A registration, or a tag on a registrant."""
        parent = draft.parent_id or ""
        if draft.kind is Kind.REGISTRATION:
            return self.registrar.register(
                parent, draft.fields, str(draft.fields.get(SESSION) or "")
            )
        if draft.kind is Kind.MEMBERSHIP:
            return self.tags.join(persons.address(draft.fields), parent)
        raise self.unsupported(draft.kind, "create")

    def update(self, shown: Record, changes: Fields) -> Record | None:
        """A registrant's names and phone; nothing is sent where none of them changed."""
        if shown.kind is not Kind.ATTENDEE or shown.external_id is None:
            raise self.unsupported(shown.kind, "update")
        sent = persons.encode_changes(changes)
        if not sent:
            return shown
        with once_sent(self.client.http):
            answer = self.client.update_registrant(number(shown.external_id, PLATFORM), sent)
            return self._believed(answer, shown.external_id) if answer is not None else None

    def delete(self, kind: Kind, external_id: str, parent_id: str | None = None) -> None:
        """A tag is taken from a registrant; nothing else can be removed."""
        if kind is not Kind.MEMBERSHIP:
            raise self.unsupported(kind, "delete")
        self.tags.take(external_id)

    def perform(
        self, action: str, external_id: str, arguments: Mapping[str, Any]
    ) -> dict[str, Any]:
        """See `actions`: each names its arguments."""
        if action not in actions.ACTIONS or not self.capabilities.action(action).offered:
            return super().perform(action, external_id, arguments)
        tools = actions.Tools(self.webinars, self.registrar, self.tags)
        return actions.ACTIONS[action](tools, external_id, arguments)

    def expected(self, kind: Kind, fields: Fields) -> Fields:
        """A person's names and phone are told without the spaces around them, the address in
        lower case."""
        if kind in (Kind.ATTENDEE, Kind.REGISTRATION, Kind.MEMBERSHIP):
            return persons.expected(fields)
        return fields

    def close(self) -> None:
        """Close the connections."""
        self.client.http.close()
        self.client.unsigned.close()

    def _registrant(self, external_id: str) -> Record:
        return self._believed(
            self.client.get_registrant(number(external_id, PLATFORM)), external_id
        )

    def _believed(self, answer: Any, external_id: str) -> Record:
        """The registrant of an answer, who must be the one that was asked about."""
        row = persons.registrant_in(answer)
        record = persons.decode(row)
        if record.external_id != external_id:
            raise row.unexpected(_("%(platform)s answered with another registrant."))
        self.people.meet(persons.person(row))
        return record


def _learned(chosen: credentials.Settings) -> dict[str, Any]:
    """Which webinars have a OneClick key; the keys themselves stay among the credentials."""
    return {"oneclick": sorted(chosen.oneclick)}


ROOM = Room(
    capabilities=CAPABILITIES,
    credentials=credentials.CREDENTIALS,
    options=credentials.OPTIONS,
    default_base_url=credentials.DEFAULT_BASE_URL,
    open=WebinarFuel,
    setup_help=credentials.SETUP_HELP,
    narrow=narrow,
)
