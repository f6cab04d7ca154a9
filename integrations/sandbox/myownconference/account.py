"""One MyOwnConference account, seen from the platform's side: what its owner does in the panel."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from integrations.sandbox.myownconference import settings, zone
from integrations.sandbox.myownconference.account_people import PeopleOfAccount
from integrations.sandbox.platform import EditRefused
from integrations.sandbox.store import Row

ACTIVE, FINISHED = "ACTIVE", "FINISHED"
PRESENTATION, MEDIA = "PRESENTATION", "MEDIA"
OWNED_TABLES = (
    "assigned",
    "invited",
    "sessions",
    "bots",
    "virtual_moderators",
    "recordings",
    "files",
    "mails",
)
LETTERS = ("REGISTRATIONCONFIRM", "3DAY", "1DAY", "1HOUR", "STARTED", "FINISHED")


class MyOwnConferenceAccount(PeopleOfAccount):
    """Methods name a webinar by its alias, and take and answer rows of the store; times are aware.
    EditRefused where there is no such webinar, person, recording.

    Webinars: `add_webinar`, `edit_webinar` (`name`, `start`, `duration`, …), `delete_webinar`.
    Who comes: `invite`, `withdraw`, `assign`, `unassign`, `invited`, `moderators_of`; the people
    and groups themselves are in `PeopleOfAccount`. What happens: `start_session`, `end_session`,
    `running_session`, `say`. What stays: `add_recording`, `delete_recording`, `add_file`.

    `foreign_alias_calls` counts the requests that named an alias which this account never had: the
    document threatens to block an account that asks for what is not its own. `api_enabled` is
    False on a plan without the API.
    """

    api_enabled = True

    @property
    def foreign_alias_calls(self) -> int:
        """How many requests named an alias which this account never had."""
        return len(self.store.rows("foreign_calls"))

    def renew_key(self) -> str:
        """Make a new API key; the old one opens nothing any more."""
        with self.world.lock:
            self.credentials["api_key"] = self.code("key", self.credentials["api_key"])
            return self.credentials["api_key"]

    # Webinars

    def add_webinar(
        self, name: str, *, start: datetime | None = None, duration: int = 60, **values: Any
    ) -> Row:
        """A webinar planned in the panel; starts in an hour unless told; minutes. `values` name
        columns: description, close, language, settings (merged), letters_on, …"""
        with self.world.lock:
            webinar_id = self.store.next_id("webinars")
            row: Row = {
                "id": webinar_id,
                "alias": self._new_alias(webinar_id),
                "name": name,
                "description": "",
                "start": zone.keep(start or self.world.now() + timedelta(hours=1)),
                "duration": duration,
                "close": False,
                "language": self.profile["language"].lower(),
                "google_id": "",
                "logotype_url": "",
                "banner_url": "",
                "logo": False,
                "banner": False,
                "created": self.now,
                "finished": None,
                "letters": {kind: {"enabled": True, "text": ""} for kind in LETTERS},
                "letters_on": True,
                **_QUIET_ROOM,
            }
            given = values.pop("settings", {})
            row["settings"] = {**settings.defaults(), **given}
            return self.store.add("webinars", {**row, **values})

    def edit_webinar(self, alias: str, **values: Any) -> Row:
        """Change columns; `start` may be an aware time, `settings` are merged.

        A webinar that is over and moved into the future is a planned one again.
        """
        with self.world.lock:
            row = self.webinar(alias)
            if unknown := set(values) - set(row):
                raise EditRefused(f"A webinar has no {', '.join(sorted(unknown))}.")
            if isinstance(values.get("start"), datetime):
                values["start"] = zone.keep(values["start"])
            if values.get("start", "") > self.now:
                values["finished"] = None
            if "settings" in values:
                values["settings"] = {**row["settings"], **values["settings"]}
            return self.store.change("webinars", row["id"], **values)

    def delete_webinar(self, alias: str) -> None:
        """Delete a webinar and all that hangs on it. Its alias stays known as once our own."""
        with self.world.lock:
            row = self.webinar(alias)
            for table in OWNED_TABLES:
                self._remove_where(table, room_id=row["id"])
            self.store.remove("webinars", row["id"])
            self.store.add("gone", {"alias": alias})

    def webinar(self, alias: str) -> Row:
        """One by its alias. Raises EditRefused."""
        return self._known(self.find_webinar(alias), f"webinar {alias}")

    def find_webinar(self, alias: str) -> Row | None:
        """One by its alias; None where there is none."""
        return next(iter(self.store.rows("webinars", alias=alias)), None)

    def webinars(self) -> list[Row]:
        """By their start, the last one first."""
        return sorted(self.store.rows("webinars"), key=lambda row: str(row["start"]), reverse=True)

    def status(self, row: Row) -> str:
        """FINISHED where it was concluded, or where its time has passed and nobody is in it."""
        if self._running(row["id"]):
            return ACTIVE
        end = zone.moment(row["start"]) + timedelta(minutes=row["duration"])
        concluded = row["finished"] is not None and row["finished"] <= self.now
        return FINISHED if concluded or end <= self.world.now() else ACTIVE

    # Who comes

    def invite(self, alias: str, email: str, name: str = "", **values: Any) -> Row:
        """Attach a participant to a webinar; makes the participant where there is none yet."""
        with self.world.lock:
            webinar = self.webinar(alias)
            person = self.find_attendee(email) or self.add_attendee(email, name, **values)
            pair = {"room_id": webinar["id"], "attendee_id": person["id"]}
            if known := self.store.rows("invited", **pair):
                return known[0]
            self.store.change("attendees", person["id"], notified=person["notified"] + 1)
            return self.store.add("invited", pair)

    def withdraw(self, alias: str, email: str) -> None:
        """Detach a participant from a webinar."""
        with self.world.lock:
            person = self._known(self.find_attendee(email), email)
            room_id = self.webinar(alias)["id"]
            self._remove_where("invited", room_id=room_id, attendee_id=person["id"])

    def invited(self, alias: str) -> list[Row]:
        """The participants that are attached to a webinar."""
        rows = self.store.rows("invited", room_id=self.webinar(alias)["id"])
        people = [self.store.get("attendees", row["attendee_id"]) for row in rows]
        return [person for person in people if person is not None]

    def assign(self, alias: str, email: str) -> None:
        """Attach a moderator to a webinar; the main one belongs to every webinar anyway."""
        with self.world.lock:
            moderator = self._known(self.find_moderator(email), email)
            pair = {"room_id": self.webinar(alias)["id"], "moderator_id": moderator["id"]}
            if not moderator["main"] and not self.store.rows("assigned", **pair):
                self.store.add("assigned", pair)

    def unassign(self, alias: str, email: str) -> None:
        """Detach a moderator; the main one is refused."""
        with self.world.lock:
            moderator = self._known(self.find_moderator(email), email)
            if moderator["main"]:
                raise EditRefused("The main moderator belongs to every webinar.")
            room_id = self.webinar(alias)["id"]
            self._remove_where("assigned", room_id=room_id, moderator_id=moderator["id"])

    def moderators_of(self, webinar_id: int) -> list[Row]:
        """Those who are attached, and the main moderator."""
        rows = self.store.rows("assigned", room_id=webinar_id)
        ids = {row["moderator_id"] for row in rows} | {self.main_moderator["id"]}
        return [row for row in self.store.rows("moderators") if row["id"] in ids]

    # Sessions and what they leave behind

    def start_session(
        self,
        alias: str,
        visitors: Iterable[str | Row] = (),
        *,
        minutes: int = 60,
        started_at: datetime | None = None,
        chat: Iterable[str | Row] = (),
    ) -> Row:
        """Run the webinar. It runs now unless `started_at` plus `minutes` has passed.

        Visitors are addresses, or dicts that say more: email, name, role ("g" guest, "m"
        moderator), joined and left (minutes from the start). So is the chat: texts, or dicts with
        text, name, email, role and minute.
        """
        with self.world.lock:
            webinar = self.webinar(alias)
            start = started_at or self.world.now()
            end = zone.keep(start + timedelta(minutes=minutes))
            session = {"room_id": webinar["id"], "start": zone.keep(start), "end": end}
            session["visits"] = [self._visit(one, minutes) for one in visitors]
            session["chat"] = [_line(one, start) for one in chat]
            self.store.change("webinars", webinar["id"], finished=end)
            return self.store.add("sessions", session)

    def end_session(self, alias: str) -> Row:
        """Conclude the webinar that runs, and let everyone go."""
        with self.world.lock:
            session = self._known(self.running_session(alias), "running session")
            values = {**_QUIET_ROOM, "finished": self.now}
            self.store.change("webinars", session["room_id"], **values)
            for table in ("bots", "virtual_moderators"):
                self._remove_where(table, room_id=session["room_id"])
            return self.store.change("sessions", session["id"], end=self.now)

    def running_session(self, alias: str) -> Row | None:
        """The run that goes on now; None where there is none."""
        return self._running(self.webinar(alias)["id"])

    def sessions(self, alias: str) -> list[Row]:
        """All runs of a webinar."""
        return self.store.rows("sessions", room_id=self.webinar(alias)["id"])

    def say(self, alias: str, text: str, name: str, email: str = "", role: str = "g") -> Row:
        """Someone writes into the chat of the webinar that runs."""
        with self.world.lock:
            session = self._known(self.running_session(alias), "running session")
            line = _line(
                {"text": text, "name": name, "email": email, "role": role}, self.world.now()
            )
            return self.store.change("sessions", session["id"], chat=[*session["chat"], line])

    def add_recording(
        self, alias: str, *, seconds: int = 1800, added: datetime | None = None, ready: bool = True
    ) -> Row:
        """A recording of a webinar, added now unless told."""
        with self.world.lock:
            webinar = self.webinar(alias)
            row = {"room_id": webinar["id"], "name": webinar["name"], "ready": ready}
            made = zone.keep(added or self.world.now())
            size = seconds * 52_000
            return self.store.add(
                "recordings", {**row, "added": made, "seconds": seconds, "size": size}
            )

    def delete_recording(self, recording_id: int) -> None:
        """Delete a recording. Raises EditRefused."""
        with self.world.lock:
            self._known(self.store.get("recordings", recording_id), f"recording {recording_id}")
            self.store.remove("recordings", recording_id)

    def add_file(
        self,
        alias: str,
        name: str,
        *,
        kind: str = PRESENTATION,
        length: int = 12,
        added: datetime | None = None,
    ) -> Row:
        """A file uploaded to the webinar; `length` are slides, or seconds of a MEDIA file."""
        with self.world.lock:
            row = {"room_id": self.webinar(alias)["id"], "name": name, "type": kind}
            made = zone.keep(added or self.world.now())
            return self.store.add(
                "files", {**row, "added": made, "length": length, "size": length * 48_200}
            )

    def _running(self, webinar_id: int) -> Row | None:
        now, sessions = self.now, self.store.rows("sessions", room_id=webinar_id)
        return next((row for row in sessions if row["start"] <= now < row["end"]), None)

    def _visit(self, who: str | Row, minutes: int) -> Row:
        given = {"email": who} if isinstance(who, str) else who
        email = given.get("email", "")
        person = self.find_attendee(email) or self.find_moderator(email)
        visit: Row = {
            "name": (person["name"] if person else "") or email.partition("@")[0] or "Guest",
            "email": email,
            "role": "m" if self.find_moderator(email) else "g",
            "joined": 0,
            "left": minutes,
        }
        return {**visit, **given}

    def _new_alias(self, webinar_id: int) -> str:
        """Four groups of four letters."""
        number, letters = int(self.code("alias", webinar_id), 16), ""
        for _ in range(16):
            number, place = divmod(number, 26)
            letters += chr(ord("a") + place)
        return "-".join(letters[place : place + 4] for place in range(0, 16, 4))


# What moderators have switched in a room that runs, before anyone switches anything
_QUIET_ROOM: Row = {"chat_locked": False, "links_locked": False, "showing": None, "playing": None}


def _line(said: str | Row, start: datetime) -> Row:
    given: Row = {"text": said} if isinstance(said, str) else said
    at = zone.keep(start + timedelta(minutes=given.get("minute", 0)))
    line: Row = {"at": at, "name": "Guest", "email": "", "role": "g"}
    return {**line, **{name: value for name, value in given.items() if name != "minute"}}
