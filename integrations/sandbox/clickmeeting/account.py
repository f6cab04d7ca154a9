"""One ClickMeeting account, seen from the platform's side: what its owner does in the panel."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import partial
from typing import Any, ClassVar

from integrations.sandbox.clickmeeting import moments, room_form
from integrations.sandbox.clickmeeting.visits import visits_of
from integrations.sandbox.platform import Account, EditRefused
from integrations.sandbox.store import Row

OWNED_TABLES = ("sessions", "registrations", "recordings", "files", "tokens", "autologins")


class ClickMeetingAccount(Account):
    """Methods take and answer rows of the store; times are aware. EditRefused where there is
    no such room, session or registration."""

    first_ids: ClassVar[dict[str, int]] = {
        "rooms": 880484,
        "sessions": 65177,
        "registrations": 48010,
        "recordings": 51261,
        "files": 11060,
    }
    # The account's own zone, for rooms whose creator names none.
    zone = "Europe/Berlin"
    # "The maximum number of tokens for a single event is equal to the fourfold of maximum
    # meeting/webinar attendees."
    max_attendees = 500
    # How deletions are confirmed: "object" as the document shows, "text" as the vendor's Moodle
    # plugin expects, "empty" for a 204.
    deletions = "object"

    def code(self, *parts: object, length: int = 32) -> str:
        """A made-up, repeatable code for something of this account."""
        text = "|".join(str(part) for part in (self.label, *parts))
        return hashlib.sha256(text.encode()).hexdigest()[:length]

    def number(self, *parts: object, digits: int) -> int:
        lowest: int = 10 ** (digits - 1)
        return lowest + int(self.code(*parts, length=12), 16) % (9 * lowest)

    # Rooms

    def add_room(
        self,
        name: str,
        *,
        starts_at: datetime | None = None,
        minutes: int = 60,
        permanent: bool = False,
        **values: Any,
    ) -> Row:
        """A webinar made in the panel; starts in an hour unless told. `values` name columns."""
        start = starts_at or self.world.now() + timedelta(hours=1)
        defaults: Row = {
            "room_type": "webinar",
            "permanent_room": permanent,
            "access_type": 1,
            "status": "active",
            "timezone": self.zone,
            "starts_at": None if permanent else moments.keep(start),
            "duration_minutes": None if permanent else minutes,
            "lobby_description": "",
            "lobby_enabled": True,
            "password": "",
            "skin_id": 1,
            "registration_enabled": True,
            "registration_template": 1,
            "inactive_since": None,
            "settings": dict(room_form.DEFAULT_SETTINGS),
        }
        return self.keep_room({**defaults, "name": name, **_kept(values)})

    def keep_room(self, values: Row) -> Row:
        """Store a new room with its numbers, codes and address."""
        with self.world.lock:
            room_id = self.store.next_id("rooms")
            now = moments.keep(self.world.now())
            wanted = values.pop("custom_url", None) or values["name"]
            row = {
                "id": room_id,
                "name_url": self._free_address(wanted, room_id),
                "room_pin": self.number("pin", room_id, digits=9),
                "phone_presenter_pin": self.number("presenter", room_id, digits=6),
                "phone_listener_pin": self.number("listener", room_id, digits=6),
                "widgets_hash": self.code("widgets", room_id, length=6),
                "created_at": now,
                "updated_at": now,
            }
            return self.store.add("rooms", {**row, **values})

    def edit_room(self, room_id: int, **values: Any) -> Row:
        """Change columns of a room (`name`, `starts_at`, `duration_minutes`, `timezone`, …).

        Its address stays as it was: a room's URL does not follow a rename.
        """
        with self.world.lock:
            room = self.room(room_id)
            now = moments.keep(self.world.now())
            if "status" in values:
                since = (room["inactive_since"] or now) if values["status"] == "inactive" else None
                values.setdefault("inactive_since", since)
            if unknown := set(values) - set(room):
                raise EditRefused(f"A room has no {', '.join(sorted(unknown))}.")
            return self.store.change("rooms", room_id, **_kept(values), updated_at=now)

    def delete_room(self, room_id: int) -> None:
        """Delete a room and all that hangs on it."""
        with self.world.lock:
            self.room(room_id)
            for table in OWNED_TABLES:
                for row in self.store.rows(table, room_id=room_id):
                    self.store.remove(table, row["id"])
            self.store.remove("rooms", room_id)

    def room(self, room_id: int) -> Row:
        return self._one("rooms", room_id, "room")

    def rooms(self) -> list[Row]:
        return self.store.rows("rooms")

    # Registrations

    def add_registration(
        self, room_id: int, email: str, first_name: str = "", last_name: str = "", **values: Any
    ) -> Row:
        """Register someone, as the room's own form would; an address that is there stays once.
        `answers` are to what the form asks beside name and address, by its labels."""
        with self.world.lock:
            self.room(room_id)
            if known := self.find_registration(room_id, email):
                return known
            running = self.running_session(room_id)
            row: Row = {
                "room_id": room_id,
                "session_id": running["id"] if running else None,
                "email": email,
                "address": email.casefold(),
                "first_name": first_name,
                "last_name": last_name,
                "answers": {},
                "registered_at": moments.keep(self.world.now()),
                "active": True,
                "r": self.code("r", room_id, email.casefold(), length=24) + "____",
            }
            return self.store.add("registrations", {**row, **_kept(values)})

    def edit_answers(self, registration_id: int, answers: dict[str, str]) -> Row:
        """Somebody's answers are changed in the panel."""
        with self.world.lock:
            self._one("registrations", registration_id, "registration")
            return self.store.change("registrations", registration_id, answers=answers)

    def find_registration(self, room_id: int, email: str) -> Row | None:
        rows = self.store.rows("registrations", address=email.casefold(), room_id=room_id)
        return next(iter(rows), None)

    def withdraw_registration(self, registration_id: int) -> None:
        """Take someone out of the active registrations; the list of all keeps them."""
        with self.world.lock:
            self._one("registrations", registration_id, "registration")
            self.store.change("registrations", registration_id, active=False)

    def remove_registration(self, registration_id: int) -> None:
        with self.world.lock:
            self._one("registrations", registration_id, "registration")
            self.store.remove("registrations", registration_id)

    def registrations(self, room_id: int) -> list[Row]:
        return self.store.rows("registrations", room_id=room_id)

    # Sessions and what they leave behind

    def start_session(
        self,
        room_id: int,
        attendees: Iterable[str | Row] = (),
        *,
        minutes: int = 60,
        started_at: datetime | None = None,
        chat: Iterable[str] = (),
    ) -> Row:
        """Run the room. It runs now unless `started_at` plus `minutes` has passed.

        Attendees are addresses, or dicts that say more: email, nickname, role, rating, polls,
        joined and left (minutes from the start). Registrations that no session has yet become
        this session's.
        """
        with self.world.lock:
            room = self.room(room_id)
            start = started_at or self.world.now()
            session = {
                "room_id": room_id,
                "start": moments.keep(start),
                "end": moments.keep(start + timedelta(minutes=minutes)),
                "visits": visits_of(
                    attendees,
                    minutes,
                    partial(self.store.next_id, "visits"),
                    partial(self.find_registration, room["id"]),
                ),
                "reports": {},
                "chat": list(chat),
            }
            kept = self.store.add("sessions", session)
            for row in self.registrations(room_id):
                if row["session_id"] is None:
                    self.store.change("registrations", row["id"], session_id=kept["id"])
            return kept

    def end_session(self, session_id: int) -> Row:
        with self.world.lock:
            self._one("sessions", session_id, "session")
            return self.store.change("sessions", session_id, end=moments.keep(self.world.now()))

    def running_session(self, room_id: int) -> Row | None:
        now = self.world.now()
        sessions = self.store.rows("sessions", room_id=room_id)
        return next((row for row in sessions if moments.moment(row["end"]) > now), None)

    def sessions(self, room_id: int) -> list[Row]:
        return self.store.rows("sessions", room_id=room_id)

    def add_recording(
        self, room_id: int, *, started_at: datetime | None = None, seconds: int = 1800
    ) -> Row:
        """A recording; made an hour ago unless told."""
        with self.world.lock:
            self.room(room_id)
            start = started_at or self.world.now() - timedelta(hours=1)
            row = {"room_id": room_id, "started": moments.keep(start), "seconds": seconds}
            return self.store.add("recordings", {**row, "size": seconds * 41_000})

    def add_file(self, name: str, content: str = "", room_id: int | None = None) -> Row:
        """A text file in the library, or in a room's part of it."""
        with self.world.lock:
            row = {"room_id": room_id, "name": name, "content": content.encode().hex()}
            return self.store.add("files", {**row, "uploaded": moments.keep(self.world.now())})

    def _one(self, table: str, row_id: int, what: str) -> Row:
        row = self.store.get(table, row_id)
        if row is None:
            raise EditRefused(f"There is no {what} {row_id}.")
        return row

    def _free_address(self, wanted: str, room_id: int) -> str:
        plain = unicodedata.normalize("NFKD", wanted).encode("ascii", "ignore").decode().lower()
        address = re.sub(r"[^a-z0-9]+", "_", plain).strip("_")[:80] or f"room_{room_id}"
        taken = {room["name_url"] for room in self.rooms()}
        if address not in taken:
            return address
        return next(f"{address}_{n}" for n in range(2, 100_000) if f"{address}_{n}" not in taken)


def _kept(values: dict[str, Any]) -> Row:
    """Rows hold JSON values: aware times become text."""
    return {
        name: moments.keep(value) if isinstance(value, datetime) else value
        for name, value in values.items()
    }
