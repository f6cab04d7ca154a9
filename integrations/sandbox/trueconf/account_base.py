"""What all sides of a server's account share: its name, limits, clock, codes."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Any, ClassVar

from integrations.sandbox.platform import Account, EditRefused
from integrations.sandbox.store import Row
from integrations.sandbox.trueconf import moments
from integrations.sandbox.trueconf.scopes import SCOPES
from integrations.sandbox.trueconf.versions import VERSIONS


class ServerBase(Account):
    """One emulated server. The attributes may be set on an account at any time."""

    first_ids: ClassVar[dict[str, int]] = {
        "conferences": 4410,
        "groups": 4172,
        "calls": 0x70,
        "events": 513,
        "settings": 181,
        "messages": 9301,
    }
    # API versions that the server has; an older server has the first few.
    versions: tuple[str, ...] = VERSIONS
    # Permissions that the administrator gave the application; tokens get what stands here.
    scopes: tuple[str, ...] = SCOPES
    # The server's own zone: weekly times are read by its clock.
    zone = "Europe/Berlin"
    # The zone that the log's date objects name (so in the document's examples).
    log_zone = "Europe/London"
    # How long `run`, `stop` and others take until the state changes.
    settle_seconds = 2
    token_seconds = 604_800  # as in the document's example
    refresh_seconds = 14 * 86_400
    code_seconds = 60
    # The shape of a refused token request: "envelope", "reason" or "oauth" (all three are seen).
    refusal_style = "envelope"
    # How lists are paged (see `paging`), whether the next page is named, and the longest page.
    paging = "document"
    names_next_page = True
    largest_page = 1000
    # How a token, and the permanent key, may travel. "Authorization" is not in the document.
    token_in: tuple[str, ...] = ("header", "parameter")
    secret_key_in: tuple[str, ...] = ("header", "parameter")
    # Whether fields that are read-only or not known are refused. Servers ignore them; a strict one
    # shows what a client should not send.
    refuses_extra_fields = False
    # How a deletion is confirmed: by what was deleted ("object"), by 204 ("nothing"), by "200 OK".
    deletions = "object"
    # Whether `stop` has ended the conference when it answers, or a moment later.
    stops_at_once = True
    # Whether applications (client credentials) may read the logs, or the permanent key alone.
    logs_for_applications = True
    # What an address becomes that is no user's: a "guest", a user of the "other server" whom
    # nobody tells, or "refused".
    unknown_addresses = "guest"
    # What the server says of itself. From 5.0.3 on, v3.1 lists no conferences.
    version = "5.5.2"
    # Whether `cnt` and `count` count the page alone: the document's words allow both readings.
    counts_page_only = False
    # The licence. None is no limit.
    max_participants: ClassVar[dict[int, int]] = {0: 250, 1: 250, 3: 1000}
    max_guests = 500
    max_conferences: int | None = None
    max_ongoing: int | None = None
    max_users: int | None = None
    licensed_join_options: tuple[str, ...] = ("clients", "webrtc", "qr_code", "terminal")
    # False makes the recording calls answer serviceUnavailable.
    recorder_works = True

    @property
    def server_name(self) -> str:
        """The name behind the @ in a uid."""
        return f"video-{self.label}.example.com"

    @property
    def administrator(self) -> str:
        """The login of the user that every server has from the start."""
        return self.credentials.get("username") or "admin"

    def now(self) -> int:
        """The sandbox's time in UNIX seconds."""
        return moments.unix(self.world.now())

    def code(self, *parts: object, length: int = 32) -> str:
        """A made-up, repeatable hexadecimal code for something of this account."""
        text = "|".join(str(part) for part in (self.label, *parts))
        return hashlib.sha256(text.encode()).hexdigest()[:length]

    def number(self, *parts: object, digits: int) -> str:
        """A number that the same parts always give, as digits."""
        return str(int(self.code(*parts, length=15), 16) % 10**digits).zfill(digits)

    def uid(self, login: str) -> str:
        """A user's id for calls; the name of someone elsewhere is one already."""
        return login if "@" in login else f"{login}@{self.server_name}"

    def page_url(self, *steps: str) -> str:
        """An address on the server's own pages."""
        return self.world.url("/".join(("/trueconf", self.label, *steps)))

    def by_address(self, table: str, address: str) -> Row | None:
        """The row with an identifier of the API."""
        return next(iter(self.store.rows(table, address=address)), None)

    def one(self, table: str, row_id: int, what: str) -> Row:
        """Raises EditRefused."""
        row = self.store.get(table, row_id)
        if row is None:
            raise EditRefused(f"There is no {what} {row_id}.")
        return row

    def kept(self, values: dict[str, Any]) -> Row:
        """Rows hold JSON values: aware times become Unix seconds."""
        return {
            name: moments.unix(value) if isinstance(value, datetime) else value
            for name, value in values.items()
        }

    def drop_rows(self, table: str, **wanted: Any) -> None:
        """Remove all rows that match."""
        for row in self.store.rows(table, **wanted):
            self.store.remove(table, row["id"])
