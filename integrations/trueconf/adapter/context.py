"""What the kinds and the actions share: the client, the account's options, users by address."""

import secrets
from datetime import tzinfo
from typing import Any

from integrations.base.adapter import Connection
from integrations.base.errors import RecordNotFound, RequestRejected, UnexpectedAnswer, refused
from integrations.base.reading import Row
from integrations.base.records import Fields
from integrations.base.texts import _, say
from integrations.trueconf.client import Client
from integrations.trueconf.client.http import TrueConfHttp
from integrations.trueconf.client.paging import USERS, every, pages
from integrations.trueconf.credentials import PASSWORD_WAY, login_way, version_of
from integrations.trueconf.mapping import people
from integrations.trueconf.mapping.answers import ident, inside
from integrations.trueconf.mapping.conference import Terms, conference_in
from integrations.trueconf.mapping.ids import login_of, owner_of, same_user
from integrations.trueconf.mapping.moments import zone_of
from integrations.trueconf.mapping.texts import address
from integrations.trueconf.payloads import PLATFORM, InvitationChange, reaches


class Context:
    """One account, as long as its adapter lives (a run): what was read of users and conferences is
    remembered for that time."""

    def __init__(self, connection: Connection) -> None:
        options = connection.options
        self.version = version_of(options, connection.learned)
        # Whether the connection test has found this version to be the one to speak.
        self.tested = connection.learned.get("api_version") == self.version
        fixed = "fixed" if options.get("url_type") == "fixed" else ""
        self.client = Client(TrueConfHttp(connection), self.version, fixed)
        self.owner = owner_of(options) or login_of(_user(connection))
        self.zone: tzinfo | None = zone_of(str(options.get("server_zone") or "").strip())
        self.makes_users = options.get("users") == "yes"
        self._emails: dict[str, str] | None = None
        self._shown: dict[str, Row] | None = None
        self._pages: dict[str, str] = {}
        self._guests: dict[str, bool] = {}

    def reaches(self, since: str) -> bool:
        """Whether the account's version of the API is `since` or newer."""
        return reaches(self.version, since)

    def terms(self, payload: Any = None) -> Terms:
        """What the account adds to a conference that is sent."""
        return Terms(self.version, self.zone, payload if isinstance(payload, dict) else {})

    def is_own(self, row: Row) -> bool:
        """Whether a row is about the account's own owner, who is nobody's attendee."""
        return bool(self.owner) and ident(row).casefold() == self.owner.casefold()

    def user_with(self, email: str) -> Row | None:
        """The user with an address. The filter is only a help: each answer is compared. Where it
        lets others through, all users are read once, and serve for the next address too."""
        wanted = email.strip().lower()
        if not wanted or self._shown is not None:
            return (self._shown or {}).get(wanted)

        def fetch(page: dict[str, Any]) -> Any:
            return self.client.get_user_list({**page, "email": wanted})

        for found, _total in pages(fetch, USERS):
            shown = by_address(found)
            if any(wanted not in address for address in shown):
                self._shown = by_address(every(self.client.get_user_list, USERS))
                return self._shown.get(wanted)
            if wanted in shown:
                return shown[wanted]
        return None

    def login_for(self, fields: Fields) -> str:
        """The id of the user with the person's address; made where the account allows it.

        Raises RequestRejected where there is none.
        """
        email = str(fields.get("email") or "").strip().lower()
        found = self.user_with(email)
        if found is None and not (email and self.makes_users):
            raise refused(
                PLATFORM,
                "email",
                _(
                    "TrueConf Server has no user with this address. Make one there, or let this "
                    "account make users."
                ),
            )
        return ident(found if found is not None else self.make_user(fields))

    def make_user(self, fields: Fields) -> Row:
        """A new user with a password that nobody knows; an administrator can set another."""
        if not str(fields.get("email") or "").strip():
            raise refused(PLATFORM, "email", _("A TrueConf user needs an e-mail address."))
        sent = people.encode_new_user(fields, secrets.token_urlsafe(18))
        user = inside(self.client.create_user(sent), "user")
        if self._shown is not None:
            self._shown[sent["email"]] = user
        return user

    def emails(self) -> dict[str, str]:
        """Addresses of all users by login, read once; empty where our key may not read users."""
        if self._emails is None:
            try:
                all_users = every(self.client.get_user_list, USERS)
            except UnexpectedAnswer as error:
                if error.status != 403:
                    raise
                all_users = []
            self._emails = {ident(row).casefold(): row.email("email") or "" for row in all_users}
        return self._emails

    def conference(self, their_id: str) -> Row:
        """A conference in full; the answer must be about the one that was asked for."""
        row = conference_in(self.client.get_conference(their_id))
        if row.needed_text("id") != their_id:
            raise UnexpectedAnswer(
                say("%(platform)s answered with another conference.", platform=PLATFORM),
                platform=PLATFORM,
                operation="get conference",
            )
        self._pages[their_id] = address(row, "url")
        self._guests[their_id] = row.flag("allow_guests") is not False
        return row

    def page(self, their_id: str) -> str:
        """The address at which people join; asked for once."""
        if their_id not in self._pages:
            self.conference(their_id)
        return self._pages[their_id]

    def lets_guests_in(self, their_id: str) -> bool:
        """Whether somebody who is no user can enter; asked for once."""
        if their_id not in self._guests:
            self.conference(their_id)
        return self._guests[their_id]

    def invite(self, their_id: str, user: str, name: str = "") -> Row:
        """Invite a user, or find that this has been done.

        A repeated invitation is refused [seen: README], so after a refusal it is looked
        for: the answer to an earlier one may have been lost.
        """
        body: InvitationChange = {"id": user, "display_name": name} if name else {"id": user}
        try:
            answer = self.client.add_invitation(their_id, body)
        except RequestRejected:
            try:
                answer = self.client.get_invitation(their_id, user)
            except RecordNotFound:
                answer = None
            if answer is None:
                raise
        return self.invitation(answer, user)

    def invitation(self, answer: Any, user: str) -> Row:
        """The invitation of an answer, which must be that of the user; a guest who was invited by
        address may have got an id of the server's own."""
        row = inside(answer, "invitation")
        guest = row.text("type") == "custom" and row.email("email") == user.casefold()
        if not guest and not same_user(ident(row), user):
            raise UnexpectedAnswer(
                say("%(platform)s answered with another invitation.", platform=PLATFORM),
                platform=PLATFORM,
                operation="invitation",
            )
        return row


def by_address(users: list[Row]) -> dict[str, Row]:
    """Users by their address, in lower case; those without one come as one."""
    return {user.email("email") or "": user for user in users}


def _user(connection: Connection) -> str:
    """Who the account acts as, where it logs in as somebody by password."""
    by_password = login_way(connection) == PASSWORD_WAY
    return connection.credentials.get("username", "") if by_password else ""
