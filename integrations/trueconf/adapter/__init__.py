"""Our verbs over TrueConf's client.

External ids are unique in the account and sufficient by themselves: a conference, a user and a
group have TrueConf's own id, what belongs to one "conference/login", "group/login",
"conference/run", "conference/run/caller". A slash inside one of theirs is written `%2F`.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from integrations.base.adapter import AccountCheck, Adapter, Connection, Download, Room
from integrations.base.errors import (
    CredentialsRejected,
    PlatformError,
    RequestRejected,
    UnexpectedAnswer,
)
from integrations.base.kinds import KindAdapter
from integrations.base.outcome import once_sent
from integrations.base.reading import rows
from integrations.base.records import Draft, Fields, Kind, Page, Record
from integrations.base.texts import _, say, together
from integrations.trueconf import actions, credentials
from integrations.trueconf.adapter.after import Attendance, Recordings, Sessions
from integrations.trueconf.adapter.conferences import CHOOSE_ANOTHER, Conferences
from integrations.trueconf.adapter.consent import Consent
from integrations.trueconf.adapter.context import Context
from integrations.trueconf.adapter.invitations import Moderators, Registrations
from integrations.trueconf.adapter.people import Attendees, Groups, Memberships
from integrations.trueconf.capabilities import CAPABILITIES, narrow
from integrations.trueconf.client.http import PARAMETER
from integrations.trueconf.mapping import conference, people
from integrations.trueconf.payloads import (
    LISTS_NOTHING,
    NEWEST,
    PLATFORM,
    VERSIONS,
    reaches,
)

KINDS: dict[Kind, Callable[[Context], KindAdapter]] = {
    Kind.ATTENDEE: Attendees,
    Kind.GROUP: Groups,
    Kind.MEMBERSHIP: Memberships,
    Kind.CONFERENCE: Conferences,
    Kind.MODERATOR: Moderators,
    Kind.REGISTRATION: Registrations,
    Kind.SESSION: Sessions,
    Kind.ATTENDANCE: Attendance,
    Kind.RECORDING: Recordings,
}
# Servers since this version show no conferences in v3.1 [seen: README].
NOTHING_SINCE = (5, 0, 3)
# How a server says that it does not have a version.
NOT_THERE = (400, 404, 405, 410)


class TrueConf(Adapter):
    """One TrueConf Server, spoken to in one version of its API."""

    capabilities = CAPABILITIES

    def __init__(self, connection: Connection) -> None:
        self.capabilities = narrow(connection.options, connection.learned)
        self.context = Context(connection)
        chosen = str(connection.options.get("api_version") or "")
        free = chosen not in VERSIONS or chosen == LISTS_NOTHING
        self._tries = tuple(reversed(VERSIONS)) if free else (chosen,)
        self._chosen = chosen

    def check(self) -> AccountCheck:
        """Ask for conferences, in the newest version first unless one was chosen.

        One call where the server has the newest version or the chosen one; one more for the
        server's own version where that matters. The document names no call that tells whose
        account it is.
        """
        version = next((version for version in self._tries if self._speaks(version)), "")
        if not version:
            if len(self._tries) == 1:
                sentence = _("There is no API of %(platform)s in %(version)s at this address.")
            else:
                sentence = _(
                    "There is no API of %(platform)s in any version up to %(version)s at this "
                    "address."
                )
            tried = self._tries[0] if len(self._tries) == 1 else NEWEST
            raise self._useless(say(sentence, platform=PLATFORM, version=tried))
        own = self.context.client.http.login.server_version() if version == LISTS_NOTHING else ()
        if own >= NOTHING_SINCE:
            raise self._useless(
                together(
                    _(
                        "In version 3.1 of its API this server shows no webinars: servers since "
                        "5.0.3 have none in it."
                    ),
                    CHOOSE_ANOTHER,
                )
            )
        return AccountCheck("", self._found(version), {"api_version": version})

    def _found(self, version: str) -> str:
        """What the administrator reads about a server that answers."""
        said = [
            say(
                "%(platform)s answers in version %(version)s of its API.",
                platform=PLATFORM,
                version=version.removeprefix("v"),
            )
        ]
        if self._chosen == LISTS_NOTHING != version:
            said += [
                _(
                    "It is used instead of 3.1, in which a server shows no webinars: servers since "
                    "5.0.3 have none in it."
                ),
                CHOOSE_ANOTHER,
            ]
        if self.context.client.http.way == PARAMETER:
            said.append(
                _(
                    "It takes the key as a part of the address alone, so keep addresses out of "
                    "the logs of whatever stands between."
                )
            )
        return together(*said)

    def _useless(self, sentence: str) -> UnexpectedAnswer:
        return UnexpectedAnswer(sentence, platform=PLATFORM, operation="check")

    def list_all(self, kind: Kind, parent_id: str | None = None) -> Iterator[Page]:
        """One call for each page; moderators two in a conference, attendance one more in a run
        for the users' addresses."""
        return self._kind(kind, "list").listing(parent_id or "")

    def get(self, kind: Kind, external_id: str, parent_id: str | None = None) -> Record:
        """One record; attendance cannot be asked for singly."""
        return self._kind(kind, "get").get(external_id)

    def create(self, draft: Draft) -> Record:
        """A conference, a user, an invitation, a group, a member, another owner."""
        with once_sent(self.context.client.http):
            return self._kind(draft.kind, "create").create(draft)

    def update(self, shown: Record, changes: Fields) -> Record | None:
        """A conference's, user's or group's changed fields."""
        with once_sent(self.context.client.http):
            return self._kind(shown.kind, "update").update(shown, changes)

    def delete(self, kind: Kind, external_id: str, parent_id: str | None = None) -> None:
        """Remove a record, withdraw an invitation, take an owner's conference back."""
        with once_sent(self.context.client.http):
            self._kind(kind, "delete").delete(external_id)

    def perform(
        self, action: str, external_id: str, arguments: Mapping[str, Any]
    ) -> dict[str, Any]:
        """See `actions`: each names its arguments."""
        if action not in actions.ACTIONS or not self.capabilities.action(action).offered:
            return super().perform(action, external_id, arguments)
        with once_sent(self.context.client.http):
            return actions.ACTIONS[action](self.context, external_id, arguments)

    def download(self, action: str, external_id: str, arguments: Mapping[str, Any]) -> Download:
        """A recording's film, or a conference's calendar file."""
        if action not in actions.DOWNLOADS or not self.capabilities.action(action).offered:
            return super().download(action, external_id, arguments)
        return actions.DOWNLOADS[action](self.context, external_id, arguments)

    def expected(self, kind: Kind, fields: Fields) -> Fields:
        """A conference without schedule shows no times; names are tidied, addresses in lower case,
        and who has no name is called by the address."""
        if kind is Kind.CONFERENCE:
            return conference.expected(fields)
        return people.expected_person(kind, fields, makes_users=self.context.makes_users)

    def close(self) -> None:
        """Close the connections."""
        self.context.client.http.close()

    def _kind(self, kind: Kind, verb: str) -> KindAdapter:
        if not getattr(self.capabilities.kind(kind), verb).offered:
            raise self.unsupported(kind, verb)
        return KINDS[kind](self.context)

    def _speaks(self, version: str) -> bool:
        """Whether the server has a version; raises what else is wrong."""
        client = self.context.client
        client.version = version
        try:
            first = {"page_size": 1} if reaches(version, "v3.1") else {}
            rows(client.get_conference_list(first), "conference", PLATFORM, ("conferences",))
        except PlatformError as error:
            if error.status == 403 and isinstance(error, UnexpectedAnswer):
                text = say(
                    "%(platform)s knows our key, but gives it no right to read conferences.",
                    platform=PLATFORM,
                )
                raise CredentialsRejected(
                    text, platform=PLATFORM, operation="check", status=403, excerpt=error.excerpt
                ) from None
            refused = isinstance(error, UnexpectedAnswer | RequestRejected)
            if refused and error.status in NOT_THERE:
                return False
            raise
        return True


ROOM = Room(
    capabilities=CAPABILITIES,
    credentials=credentials.CREDENTIALS,
    options=credentials.OPTIONS,
    default_base_url=credentials.DEFAULT_BASE_URL,
    open=TrueConf,
    setup_help=credentials.SETUP_HELP,
    narrow=narrow,
    authorization=Consent(),
)
