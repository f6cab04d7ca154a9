"""One LiveWebinar account, seen from the platform's side: what its owner does in the panel."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, ClassVar

from integrations.sandbox.livewebinar import moments, tokens
from integrations.sandbox.livewebinar.account_people import AccountPeople
from integrations.sandbox.store import Row

ROLES = ("attendee", "presenter", "moderator", "host")
OWNED_TABLES = (
    "registrants",
    "links",
    "invites",
    "sessions",
    "recordings",
    "reports",
    "widget_tokens",
)
SWITCHES = (
    "strict_event",
    "manual_confirm_registrants",
    "disable_all_notifications",
    "thank_you_email",
)


class LiveWebinarAccount(AccountPeople):
    """Methods take and answer rows of the store; times are aware. EditRefused where there is no
    such widget, session or person.

    Rooms      add_widget, edit_widget, set_status, delete_widget, widget, widgets
    Helpers    add_presenter, add_form, add_file
    People     add_registrant, remove_registrant, registrants, rename_person, add_link, invite
    Runs       start_session, end_session, running_session, sessions, add_recording
    Access     new_token, grant_code, expire_tokens; user (the row behind `GET /me`)

    Attributes that a test may set on the account: `wraps_tokens` (token answers as
    `{"accessToken": {…}}`), `shows_pagination` (lists carry `meta`), `largest_page` (a larger
    `limit` is cut), `access_seconds`, `refresh_seconds`, `login_seconds` (lifetimes),
    `report_polls` (how often a report is asked for until it is ready), `zone` (of widgets that
    name none), `login_word` (for logins by `grant_type=password`).
    """

    first_ids: ClassVar[dict[str, int]] = {
        "widgets": 1304511,
        "registrants": 720310,
        "presenters": 8120,
        "forms": 40251,
        "files": 915120,
        "recordings": 310744,
        "links": 2250114,
        "invites": 510090,
        "widget_tokens": 66012,
        "clients": 33385,
    }
    zone = "Europe/Warsaw"
    wraps_tokens = False
    shows_pagination = True
    largest_page = 2000
    access_seconds = 3600
    login_seconds = 3600
    refresh_seconds = 30 * 24 * 3600
    report_polls = 2
    # A made-up word; with the user's address it opens the sandbox's own accounts.
    login_word = "garden-school"

    # Rooms

    def add_widget(
        self,
        name: str,
        *,
        starts_at: datetime | None = None,
        minutes: int = 60,
        permanent: bool = False,
        **values: Any,
    ) -> Row:
        """A room made in the panel; starts in an hour unless told. `values` name columns."""
        start = starts_at or self.world.now() + timedelta(hours=1)
        times: Row = {
            "type": "permanent" if permanent else "scheduled",
            "start_date": None if permanent else moments.keep(start),
            "duration": None if permanent else minutes,
        }
        return self.keep_widget({**times, "name": name, **_kept(values)})

    def keep_widget(self, values: Row) -> Row:
        """Store a new widget with its number, its token and the hashes of its roles."""
        with self.world.lock:
            widget_id = self.store.next_id("widgets")
            now = moments.keep(self.world.now())
            row: Row = {
                "id": widget_id,
                "token": self._free_token(widget_id),
                "status": "active",
                "timezone": self.zone,
                "agenda": "",
                "password": "",
                "custom_name": "",
                "form_id": None,
                "presenters": [],
                "autostart": {},
                **dict.fromkeys(SWITCHES, False),
                "roles": {role: self.code(role, widget_id, length=8) for role in ROLES},
                "created_at": now,
                "updated_at": now,
            }
            return self.store.add("widgets", {**row, **values})

    def edit_widget(self, widget_id: int, **values: Any) -> Row:
        """Change columns (`name`, `start_date`, `duration`, `timezone`, `agenda`, …).

        `start_date` is an aware time, or UTC as ISO 8601 text.
        """
        with self.world.lock:
            self.check_columns(self.widget(widget_id), values)
            now = moments.keep(self.world.now())
            return self.store.change("widgets", widget_id, **_kept(values), updated_at=now)

    def set_status(self, widget_id: int, status: str) -> Row:
        """`active` or `inactive`."""
        return self.edit_widget(widget_id, status=status)

    def delete_widget(self, widget_id: int) -> None:
        """Delete a widget and all that hangs on it."""
        with self.world.lock:
            self.widget(widget_id)
            for table in OWNED_TABLES:
                for row in self.store.rows(table, room_id=widget_id):
                    self.store.remove(table, row["id"])
            self.store.remove("widgets", widget_id)

    def widgets(self) -> list[Row]:
        return self.store.rows("widgets")

    # What rooms use

    def add_presenter(self, email: str, first_name: str, last_name: str) -> Row:
        """A presenter's card, which widgets may name."""
        person = {"email": email, "first_name": first_name, "last_name": last_name}
        return self.store.add("presenters", person)

    def add_form(
        self,
        name: str,
        fields: list[Row] | None = None,
        *,
        kind: str = "registration",
        description: str = "",
    ) -> Row:
        """An entry form. Fields are dicts of `name`, `label` and `required`."""
        row = {"name": name, "type": kind, "description": description, "fields": fields or []}
        return self.store.add("forms", row)

    def add_file(self, name: str, content: bytes) -> Row:
        """A file in the storage; `name` with its extension."""
        stem, _, extension = name.rpartition(".")
        row = {"name": stem or extension, "file_extension": extension if stem else ""}
        return self.store.add("files", {**row, "content": content.hex()})

    # Access

    def user(self) -> Row:
        """The row behind `GET /me`; made when it is first asked for."""
        with self.world.lock:
            rows = self.store.rows("users")
            return rows[0] if rows else self.store.add("users", self._new_user())

    def token_pair(self, client_id: str) -> dict[str, Any]:
        """An access token and a refresh token, as an exchange answers them."""
        return tokens.issue_pair(self, client_id, self.access_seconds, self.refresh_seconds)

    def new_token(self) -> str:
        """An access token as a server-to-server login gets it."""
        with self.world.lock:
            client_id = self.credentials["client_id"]
            return tokens.issue(self, tokens.ACCESS, self.login_seconds, client_id=client_id)

    def grant_code(self, client_id: str, redirect_uri: str) -> str:
        """An authorization code, as if the user had pressed "Allow"."""
        with self.world.lock:
            facts = {"client_id": str(client_id), "redirect_uri": redirect_uri}
            return tokens.issue(self, tokens.CODE, tokens.CODE_SECONDS, **facts)

    def expire_tokens(self, *, refresh: bool = False) -> int:
        """Let all access tokens run out now, the refresh tokens too if told; how many."""
        kinds = {tokens.ACCESS, tokens.REFRESH} if refresh else {tokens.ACCESS}
        with self.world.lock:
            rows = [row for row in self.store.rows("tokens") if row["kind"] in kinds]
            for row in rows:
                self.store.change("tokens", row["id"], expires=moments.keep(self.world.now()))
            return len(rows)

    def _new_user(self) -> Row:
        name = self.label.capitalize()
        return {
            "id": self.number("user", digits=6),
            "email": f"{self.label}@example.com",
            "user_name": f"{self.label}-events",
            "phone_number": "",
            "status": "active",
            "country_code_iso2": "PL",
            "country_state_iso2": "",
            "profile": {"first_name": name, "last_name": "Events", "timezone": self.zone},
        }

    def _free_token(self, widget_id: int) -> str:
        taken = {widget["token"] for widget in self.widgets()}
        for step in range(1000):
            digits = str(self.number("token", widget_id, step, digits=9))
            token = f"{digits[:3]}-{digits[3:6]}-{digits[6:]}"
            if token not in taken:
                return token
        raise RuntimeError("No room token is free.")


def _kept(values: dict[str, Any]) -> Row:
    """Rows hold JSON values: aware times become text."""
    return {
        name: moments.keep(value) if isinstance(value, datetime) else value
        for name, value in values.items()
    }
