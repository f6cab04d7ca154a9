"""The programme of one WebinarFuel account: webinars and their sessions, as in its panel."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any, ClassVar, Literal
from zoneinfo import ZoneInfo

from integrations.sandbox.platform import Account, EditRefused
from integrations.sandbox.store import Row
from integrations.sandbox.webinarfuel import moments, schedule
from integrations.sandbox.webinarfuel.limit import Window

STATES = ("ready", "draft")


class AccountWebinars(Account):
    """Methods take and answer rows of the store; times are aware. EditRefused where there is no
    such webinar or session."""

    first_ids: ClassVar[dict[str, int]] = {
        "webinars": 31207,
        "sessions": 84112,
        "registrants": 5410233,
        # The `cid` of a registrant session does not fit into 32 bits.
        "viewings": 71345880117,
    }
    # The account's own zone, for webinars that name none.
    zone = "Europe/Berlin"
    # Requests a minute; None switches the limit off.
    rate_limit: int | None = 100
    # Whether a webinar still lists sessions that are over; the document does not say.
    lists_past_sessions = True
    # Single objects: "seen" answers as public clients have seen it (see `shapes.single`).
    wrapping: Literal["seen", "wrapped", "bare"] = "seen"

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.window = Window()

    def code(self, *parts: object, length: int = 24) -> str:
        """A made-up, repeatable code for something of this account."""
        text = "|".join(str(part) for part in (self.label, *parts))
        return hashlib.sha256(text.encode()).hexdigest()[:length]

    # Webinars

    def add_webinar(
        self,
        name: str,
        *,
        starts_at: datetime | None = None,
        scheduled: bool = True,
        **values: Any,
    ) -> Row:
        """A webinar made in the panel, ready, with one session; it starts in an hour unless told.

        `scheduled=False` makes it without a session. `values` name columns: description,
        time_zone (a name, "" or "registrant"), minutes, state ("ready" or "draft"), hosts,
        replay, encore (whether registrants get such a link), thank_you_url.
        """
        with self.world.lock:
            webinar_id = self.store.next_id("webinars")
            row: Row = {
                "id": webinar_id,
                "name": name,
                "description": "",
                "time_zone": self.zone,
                "minutes": 60,
                "state": "ready",
                "hosts": [],
                "replay": False,
                "encore": False,
                "thank_you_url": "",
                "oneclick_key": f"demo{self.code('oneclick', webinar_id)}",
            }
            self._check_columns(values, row)
            webinar = self.store.add("webinars", {**row, **values})
            if scheduled:
                self.add_session(webinar_id, starts_at)
            return webinar

    def edit_webinar(self, webinar_id: int, **values: Any) -> Row:
        """Change columns (see `add_webinar`)."""
        with self.world.lock:
            self._check_columns(values, self.webinar(webinar_id))
            return self.store.change("webinars", webinar_id, **values)

    def delete_webinar(self, webinar_id: int) -> None:
        """Delete a webinar, its sessions and who registered; the registrants stay."""
        with self.world.lock:
            self.webinar(webinar_id)
            for table in ("sessions", "viewings"):
                for row in self.store.rows(table, webinar_id=webinar_id):
                    self.store.remove(table, row["id"])
            self.store.remove("webinars", webinar_id)

    def add_recording(self, webinar_id: int) -> Row:
        """Publish the replay: registrants' sessions then carry a `replay_url`."""
        return self.edit_webinar(webinar_id, replay=True)

    def webinar(self, webinar_id: int) -> Row:
        return self._one("webinars", webinar_id, "webinar")

    def webinars(self) -> list[Row]:
        return self.store.rows("webinars")

    # Sessions

    def add_session(self, webinar_id: int, starts_at: datetime | None = None) -> Row:
        """A session that is held once; in an hour unless told."""
        with self.world.lock:
            self.webinar(webinar_id)
            start = moments.keep(starts_at or self.world.now() + timedelta(hours=1))
            row = {"webinar_id": webinar_id, "recurring": False, "scheduled_at": start}
            return self.store.add("sessions", row)

    def add_recurring_session(
        self,
        webinar_id: int,
        weekdays: Iterable[int],
        at: str = "19:00",
        *,
        first_day: date | None = None,
        last_day: date | None = None,
    ) -> Row:
        """A session on these weekdays (0 is Monday) at a time on the wall of the webinar's zone.

        From today on, and for ever, unless told.
        """
        with self.world.lock:
            days = sorted(set(weekdays))
            if not days or not set(days) <= set(range(7)):
                raise EditRefused("Weekdays go from 0 to 6, and one is needed.")
            zone = schedule.own_zone(self, self.webinar(webinar_id))
            first = first_day or self.world.now().astimezone(ZoneInfo(zone)).date()
            row = {
                "webinar_id": webinar_id,
                "recurring": True,
                "weekdays": days,
                "at": at,
                "first_day": first.isoformat(),
                "last_day": last_day.isoformat() if last_day else None,
            }
            return self.store.add("sessions", row)

    def move_session(self, session_id: int, starts_at: datetime) -> Row:
        """Move a session that is held once; who registered for it goes along."""
        with self.world.lock:
            if self.session(session_id)["recurring"]:
                raise EditRefused("A recurring session has no single start to move.")
            start = moments.keep(starts_at)
            for viewing in self.store.rows("viewings", session_id=session_id):
                self.store.change("viewings", viewing["id"], scheduled_at=start)
            return self.store.change("sessions", session_id, scheduled_at=start)

    def remove_session(self, session_id: int) -> None:
        """Remove a session; registrants' sessions of it are marked as canceled."""
        with self.world.lock:
            self.session(session_id)
            for viewing in self.store.rows("viewings", session_id=session_id):
                self.store.change("viewings", viewing["id"], canceled=True)
            self.store.remove("sessions", session_id)

    def session(self, session_id: int) -> Row:
        return self._one("sessions", session_id, "session")

    def sessions(self, webinar_id: int) -> list[Row]:
        return self.store.rows("sessions", webinar_id=webinar_id)

    def _one(self, table: str, row_id: int, what: str) -> Row:
        row = self.store.get(table, row_id)
        if row is None:
            raise EditRefused(f"There is no {what} {row_id}.")
        return row

    def _check_columns(self, values: Row, row: Row) -> None:
        if unknown := set(values) - set(row) | ({"id"} & set(values)):
            raise EditRefused(f"A webinar has no {', '.join(sorted(unknown))} to set.")
        if values.get("state", "ready") not in STATES:
            raise EditRefused("A webinar is ready or draft.")
        zone = values.get("time_zone", "")
        if zone not in ("", schedule.REGISTRANT) and zone not in moments.known_zones():
            raise EditRefused(f"There is no time zone {zone}.")
