"""Conferences, invitations, registrations, presets and templates, from the server's side."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from integrations.sandbox.platform import EditRefused
from integrations.sandbox.store import Row
from integrations.sandbox.trueconf import conference_fields, moments, schedule_form
from integrations.sandbox.trueconf.account_people import PeopleOfServer, key

ROLE_BASED = 3


class ConferencesOfServer(PeopleOfServer):
    # Conferences

    """Conferences, invitations, registrations, presets and templates of a server."""

    def add_conference(
        self,
        topic: str,
        *,
        start: datetime | None = None,
        minutes: int = 60,
        weekly: tuple[Iterable[str], str] | None = None,
        permanent: bool = False,
        owner: str = "",
        invited: Iterable[str] = (),
        conference_id: str = "",
        **values: Any,
    ) -> Row:
        """A conference made in the panel: once, an hour from now unless told.

        `weekly` is (days, "hh:mm" by the server's clock); `permanent` has no schedule. The owner
        is the administrator unless told, and is invited. `invited` are logins, or addresses of
        guests. `values` name columns (`description`, `type`, `tags`, `pin`, …).
        """
        schedule: Row = {"type": schedule_form.WITHOUT}
        if weekly:
            days, time = weekly
            schedule = {"type": schedule_form.WEEKLY, "duration": minutes * 60}
            schedule |= {"days": list(days), "time": time}
        elif not permanent:
            begin = start or self.world.now() + timedelta(hours=1)
            schedule = {"type": schedule_form.ONCE, "duration": minutes * 60}
            schedule["start_time"] = moments.unix(begin)
        mode = {"type": ROLE_BASED, "origin_type": "clientapp"}
        owner = self.login(owner or self.administrator)
        given = {**mode, "topic": topic, "owner": owner, "schedule": schedule, **values}
        with self.world.lock:
            row = self.keep_conference(given, conference_id)
            for who in (owner, *invited):
                if not self.invitation(row["id"], who):
                    self.invite(row["id"], who)
            return row

    def keep_conference(self, given: dict[str, Any], conference_id: str = "") -> Row:
        """Store a new conference with its number and defaults; nobody is invited yet."""
        with self.world.lock:
            row_id = self.store.next_id("conferences")
            if unknown := set(given) - set(conference_fields.defaults()):
                raise EditRefused(f"A conference has no {', '.join(sorted(unknown))}.")
            row = conference_fields.merged(conference_fields.defaults(), self.kept(given))
            row["address"] = conference_id or self._free_number(row_id)
            row["created_at"] = row["created_at"] or self.now()
            row["origin_type"] = row["origin_type"] or "restfulapi"
            return self.store.add("conferences", {**self._settled(row), "id": row_id})

    def edit_conference(self, room_id: int, **values: Any) -> Row:
        """Change columns of a conference; parts of `registration` or `rights` may be given."""
        with self.world.lock:
            row = self.conference(room_id)
            if unknown := set(values) - set(row):
                raise EditRefused(f"A conference has no {', '.join(sorted(unknown))}.")
            changed = self._settled(conference_fields.merged(row, self.kept(values)))
            return self.store.change("conferences", room_id, **changed)

    def rename(self, room_id: int, topic: str) -> Row:
        """Another topic."""
        return self.edit_conference(room_id, topic=topic)

    def move(self, room_id: int, *, days: int = 0, start: datetime | None = None) -> Row:
        """Move a conference that takes place once, to a start or by days of the zone's clock."""
        schedule = self.conference(room_id)["schedule"]
        if schedule["type"] != schedule_form.ONCE:
            raise EditRefused("Only a conference that takes place once can be moved.")
        if start is None:
            start = self.local(schedule["start_time"]) + timedelta(days=days)
        moved = {**schedule, "start_time": moments.unix(start)}
        return self.edit_conference(room_id, schedule=moved)

    def delete(self, room_id: int) -> None:
        """Delete a conference with its invitations. Calls and recordings stay in the logs."""
        with self.world.lock:
            self.conference(room_id)
            for table in ("invitations", "registrations"):
                self.drop_rows(table, room_id=room_id)
            self.store.remove("conferences", room_id)

    def conference(self, room_id: int) -> Row:
        """One by the number of its row. Raises EditRefused."""
        return self.one("conferences", room_id, "conference")

    def conferences(self) -> list[Row]:
        """All of the server."""
        return self.store.rows("conferences")

    def next_start(self, row: Row) -> int | None:
        """Unix seconds; None for a conference without a schedule."""
        schedule = row["schedule"]
        if schedule["type"] == schedule_form.WEEKLY:
            return moments.next_weekly(self.now(), schedule["days"], schedule["time"], self.zone)
        found: int | None = schedule.get("start_time")
        return found

    def local(self, seconds: int) -> datetime:
        """A moment by the server's clock."""
        return moments.moment(seconds).astimezone(ZoneInfo(self.zone))

    # Invitations and registrations

    def invite(
        self, room_id: int, who: str, display_name: str = "", translator: Row | None = None
    ) -> Row:
        """Put a user (by login) or a guest (by address) on the list of those invited."""
        with self.world.lock:
            self.conference(room_id)
            if self.invitation(room_id, who):
                raise EditRefused(f"{who} is invited already.")
            user = self.user(who)
            name = display_name or (user["display_name"] if user else who.partition("@")[0])
            row = {
                "room_id": room_id,
                "who": user["login_name"] if user else who.strip(),
                "display_name": name,
                "kind": "custom" if user is None and self.unknown_addresses == "guest" else "user",
                "translator": translator,
            }
            return self.store.add("invitations", row)

    def uninvite(self, room_id: int, who: str) -> None:
        """Withdraw an invitation. Raises EditRefused where there is none."""
        with self.world.lock:
            row = self.invitation(room_id, who)
            if row is None:
                raise EditRefused(f"{who} is not invited.")
            self.store.remove("invitations", row["id"])

    def invitation(self, room_id: int, who: str) -> Row | None:
        """The invitation of a user by login or uid, or of a guest by what they were invited as."""
        user = self.user(who)
        wanted = user["address"] if user else key(who)
        rows = self.invitations(room_id)
        return next((row for row in rows if key(row["who"]) == wanted), None)

    def invitations(self, room_id: int) -> list[Row]:
        """All of a conference."""
        return self.store.rows("invitations", room_id=room_id)

    def register(self, room_id: int, email: str, display_name: str = "") -> Row:
        """Someone registers on the conference's page: from then on an invited guest.

        An address that is there stays once. Registration is switched on if it is not.
        """
        with self.world.lock:
            if not self.conference(room_id)["registration"]["enabled"]:
                self.edit_conference(room_id, registration={"enabled": True})
            known = self.invitation(room_id, email)
            invitation = known or self.invite(room_id, email, display_name)
            if not self.store.rows("registrations", room_id=room_id, who=invitation["who"]):
                row = {"room_id": room_id, "who": invitation["who"], "at": self.now()}
                self.store.add("registrations", row)
            return invitation

    def registrations(self, room_id: int) -> list[Row]:
        """Who registered on the conference's page."""
        return self.store.rows("registrations", room_id=room_id)

    # Presets and templates

    def add_preset(self, name: str, kind: str, payload: Row) -> Row:
        """A preset of broadcasts, made in the panel."""
        with self.world.lock:
            row_id = self.store.next_id("presets")
            row = {"id": row_id, "address": self.code("preset", row_id, length=6)}
            return self.store.add(
                "presets", {**row, "name": name, "type": kind, "payload": payload}
            )

    def add_template(self, name: str, values: Row, creator: str | None = None) -> Row:
        """`values` are columns of the conferences that will be made from it."""
        with self.world.lock:
            row_id, now = self.store.next_id("templates"), self.now()
            row = {"id": row_id, "address": self.code("template", row_id, length=8)}
            row |= {"name": name, "object": values, "creator_id": creator}
            return self.store.add("templates", {**row, "created_at": now, "updated_at": now})

    def _free_number(self, row_id: int) -> str:
        """Ten digits, as the server makes ids itself; some begin with a zero."""
        for attempt in range(1000):
            number = self.number("conference", row_id, attempt, digits=10)
            if not self.by_address("conferences", number):
                return number
        raise EditRefused("There is no free number for a conference.")

    def _settled(self, row: Row) -> Row:
        """Numbers that follow from the mode, and a start of -1, which means now."""
        most = self.max_participants[row["type"]]
        row["max_participants"] = min(row["max_participants"] or most, most)
        if row["type"] != ROLE_BASED:
            row["max_podiums"] = 1 if row["type"] == 1 else row["max_participants"]
        row["max_podiums"] = min(row["max_podiums"] or most, row["max_participants"])
        row["max_guests"] = self.max_guests if row["max_guests"] is None else row["max_guests"]
        row["pin"] = row["pin"] or None
        if row["schedule"].get("start_time") == -1:
            row["schedule"] = {**row["schedule"], "start_time": self.now()}
        return row
