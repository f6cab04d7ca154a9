"""The people of an account's rooms, and what they do there: registering, coming, being recorded."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from integrations.sandbox.livewebinar import moments
from integrations.sandbox.platform import Account, EditRefused
from integrations.sandbox.store import Row

# Rows of a widget name it in `room_id`, since the store keeps an index of that column.
PEOPLE_TABLES = ("registrants", "presenters", "links", "invites")


class AccountPeople(Account):
    """The half of an account that deals with people; see `account.LiveWebinarAccount`."""

    def code(self, *parts: object, length: int = 32) -> str:
        """A made-up, repeatable code for something of this account."""
        text = "|".join(str(part) for part in (self.label, *parts))
        return hashlib.sha256(text.encode()).hexdigest()[:length]

    def number(self, *parts: object, digits: int) -> int:
        lowest: int = 10 ** (digits - 1)
        return lowest + int(self.code(*parts, length=12), 16) % (9 * lowest)

    def widget(self, widget_id: int) -> Row:
        return self._one("widgets", widget_id, "widget")

    def add_registrant(
        self, widget_id: int, email: str, first_name: str = "", last_name: str = "", **values: Any
    ) -> Row:
        """Register someone, as the room's own form would; an address that is there stays once."""
        with self.world.lock:
            widget = self.widget(widget_id)
            known = self.store.rows("registrants", address=email.casefold(), room_id=widget_id)
            if known:
                return known[0]
            row: Row = {
                "room_id": widget_id,
                "email": email,
                "address": email.casefold(),
                "first_name": first_name,
                "last_name": last_name,
                "status": "pending" if widget["manual_confirm_registrants"] else "confirmed",
                "answers": {},
                "created_at": moments.keep(self.world.now()),
            }
            return self.store.add("registrants", {**row, **values})

    def registrants(self, widget_id: int) -> list[Row]:
        return self.store.rows("registrants", room_id=widget_id)

    def remove_registrant(self, registrant_id: int) -> None:
        with self.world.lock:
            self._one("registrants", registrant_id, "registrant")
            self.store.remove("registrants", registrant_id)

    def rename_person(self, email: str, first_name: str, last_name: str) -> int:
        """Give a person another name wherever the account knows the address; how many rows."""
        with self.world.lock:
            rows = [
                (table, row)
                for table in PEOPLE_TABLES
                for row in self.store.rows(table)
                if row["email"].casefold() == email.casefold()
            ]
            if not rows:
                raise EditRefused(f"Nobody here has the address {email}.")
            for table, row in rows:
                self.store.change(table, row["id"], first_name=first_name, last_name=last_name)
            return len(rows)

    def add_link(
        self,
        widget_id: int,
        email: str,
        first_name: str = "",
        last_name: str = "",
        role: str = "attendee",
        answers: Row | None = None,
    ) -> Row:
        """A personal link. Asked for twice, it is made twice, and both open the room: the
        document says nothing of one link for one address."""
        with self.world.lock:
            self.widget(widget_id)
            link_id = self.store.next_id("links")
            row: Row = {
                "id": link_id,
                "room_id": widget_id,
                "email": email,
                "first_name": first_name,
                "last_name": last_name,
                "role": role,
                "answers": answers or {},
                "personal_token": self.code("link", link_id, length=16),
                "created_at": moments.keep(self.world.now()),
            }
            return self.store.add("links", row)

    def invite(
        self,
        widget_id: int,
        email: str,
        first_name: str = "",
        last_name: str = "",
        role: str = "attendee",
    ) -> Row:
        """An invitation sent by the platform itself."""
        with self.world.lock:
            self.widget(widget_id)
            who = {"email": email, "first_name": first_name, "last_name": last_name, "role": role}
            sent = moments.keep(self.world.now())
            return self.store.add("invites", {"room_id": widget_id, **who, "created_at": sent})

    def start_session(
        self,
        widget_id: int,
        attendees: Iterable[str | Row] = (),
        *,
        minutes: int = 60,
        started_at: datetime | None = None,
    ) -> Row:
        """Run the room. It runs now unless `started_at` plus `minutes` has passed.

        Attendees are addresses, or dicts that say more: email, nickname, role, joined and left
        (minutes from the start).
        """
        with self.world.lock:
            self.widget(widget_id)
            start = started_at or self.world.now()
            visits = [self._visit(widget_id, one, minutes) for one in attendees]
            end = moments.keep(start + timedelta(minutes=minutes))
            times = {"start": moments.keep(start), "end": end}
            return self.store.add("sessions", {"room_id": widget_id, **times, "visits": visits})

    def end_session(self, session_id: int) -> Row:
        with self.world.lock:
            self._one("sessions", session_id, "session")
            return self.store.change("sessions", session_id, end=moments.keep(self.world.now()))

    def running_session(self, widget_id: int) -> Row | None:
        now = moments.keep(self.world.now())
        return next((row for row in self.sessions(widget_id) if row["end"] > now), None)

    def sessions(self, widget_id: int) -> list[Row]:
        return self.store.rows("sessions", room_id=widget_id)

    def add_recording(
        self,
        widget_id: int,
        *,
        started_at: datetime | None = None,
        seconds: int = 1800,
        name: str = "",
    ) -> Row:
        """A recording; made an hour ago unless told."""
        with self.world.lock:
            widget = self.widget(widget_id)
            start = started_at or self.world.now() - timedelta(hours=1)
            row = {"room_id": widget_id, "name": name or f"{widget['name']} {start:%Y-%m-%d}"}
            return self.store.add(
                "recordings", {**row, "created_at": moments.keep(start), "duration": seconds}
            )

    def check_columns(self, row: Row, values: dict[str, Any]) -> None:
        if unknown := set(values) - set(row):
            raise EditRefused(f"A widget has no {', '.join(sorted(unknown))}.")

    def _visit(self, widget_id: int, attendee: str | Row, minutes: int) -> Row:
        who = {"email": attendee} if isinstance(attendee, str) else attendee
        email = who.get("email", "")
        known = self.store.rows("registrants", address=email.casefold(), room_id=widget_id)
        name = f"{known[0]['first_name']} {known[0]['last_name']}".strip() if known else ""
        return {
            "id": self.store.next_id("visits"),
            "email": email,
            "nickname": who.get("nickname") or name or email.partition("@")[0] or "guest",
            "role": who.get("role", "attendee"),
            "joined": who.get("joined", 0),
            "left": who.get("left", minutes),
        }

    def _one(self, table: str, row_id: int, what: str) -> Row:
        row = self.store.get(table, row_id)
        if row is None:
            raise EditRefused(f"There is no {what} {row_id}.")
        return row
