"""One WebinarFuel account, seen from the platform's side: the programme and its people."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from integrations.sandbox.platform import EditRefused
from integrations.sandbox.store import Row
from integrations.sandbox.webinarfuel import moments, schedule
from integrations.sandbox.webinarfuel.account_webinars import AccountWebinars

TRACKED = (
    "ip",
    "source",
    "referrer",
    "utm_source",
    "utm_medium",
    "utm_campaign",
    "utm_term",
    "utm_content",
)
SEEN = ("province", "country", "city", "os", "browser", "device")


class WebinarFuelAccount(AccountWebinars):
    """What can happen on the platform's side. Methods take and answer rows of the store; times
    are aware; EditRefused where there is no such webinar, session or registrant.

    Webinars (no API call makes or changes one): `add_webinar`, `edit_webinar`, `delete_webinar`,
    `add_session`, `add_recurring_session`, `move_session`, `remove_session`, `add_recording`.
    People: `add_registrant`, `edit_registrant`, `remove_registrant`, `find_registrant`.
    Registering: `register`, `cancel`, `viewings` (a "viewing" is what the document calls a
    Registrant Session; its row's id is the `cid`). Running: `start_session`, `end_session`.

    Switches, to be set on the account: `rate_limit` (a number a minute, None is off),
    `lists_past_sessions`, `wrapping` ("seen", "wrapped", "bare"), `zone`.
    """

    # People

    def add_registrant(
        self, email: str, first_name: str | None = None, last_name: str | None = None, **values: Any
    ) -> Row:
        """A person; `values` are phone, tags, custom_fields. EditRefused for an address taken.

        Addresses are kept as written, and an address in other letters is another registrant:
        the document's filter by e-mail is "case-sensitive".
        """
        with self.world.lock:
            if self.find_registrant(email):
                raise EditRefused(f"{email} is a registrant already.")
            row: Row = {
                "email": email,
                "address": email,
                "first_name": first_name,
                "last_name": last_name,
                "phone": None,
                "tags": [],
                "custom_fields": {},
            }
            if unknown := set(values) - set(row):
                raise EditRefused(f"A registrant has no {', '.join(sorted(unknown))}.")
            return self.store.add("registrants", {**row, **values})

    def edit_registrant(self, registrant_id: int, **values: Any) -> Row:
        """Change email, first_name, last_name, phone, tags or custom_fields."""
        with self.world.lock:
            row = self.registrant(registrant_id)
            if unknown := set(values) - (set(row) - {"id", "address"}):
                raise EditRefused(f"A registrant has no {', '.join(sorted(unknown))} to set.")
            if email := values.get("email"):
                known = self.find_registrant(email)
                if known and known["id"] != registrant_id:
                    raise EditRefused(f"{email} is another registrant.")
                values["address"] = email
            return self.store.change("registrants", registrant_id, **values)

    def remove_registrant(self, registrant_id: int) -> None:
        """Delete a person in the panel, with all registrations; the API cannot."""
        with self.world.lock:
            self.registrant(registrant_id)
            for row in self.store.rows("viewings", registrant_id=registrant_id):
                self.store.remove("viewings", row["id"])
            self.store.remove("registrants", registrant_id)

    def find_registrant(self, email: str) -> Row | None:
        return next(iter(self.store.rows("registrants", address=email)), None)

    def registrant(self, registrant_id: int) -> Row:
        return self._one("registrants", registrant_id, "registrant")

    def registrants(self) -> list[Row]:
        return self.store.rows("registrants")

    # Registrations

    def register(
        self,
        webinar_id: int,
        email: str,
        first_name: str | None = None,
        last_name: str | None = None,
        *,
        session_id: int | None = None,
        scheduled_at: datetime | None = None,
        **values: Any,
    ) -> Row:
        """Register someone as the webinar's own form would; answers the viewing.

        For the first session still to come (where all are over: the first) and its next start,
        unless told. `values` name columns of the viewing: time_zone, source, country, …
        """
        with self.world.lock:
            session = self._session_for(webinar_id, session_id)
            person = self.find_registrant(email) or self.add_registrant(
                email, first_name, last_name
            )
            start = scheduled_at or self._start_of(session)
            return self.keep_viewing(person, session, start, **values)

    def keep_viewing(
        self, registrant: Row, session: Row, scheduled_at: datetime, **values: Any
    ) -> Row:
        """One row for a person, a session and a start; registering again revives a canceled one."""
        with self.world.lock:
            key = {
                "session_id": session["id"],
                "registrant_id": registrant["id"],
                "scheduled_at": moments.keep(scheduled_at),
            }
            known = next(iter(self.store.rows("viewings", **key)), None)
            if known:
                return self.store.change("viewings", known["id"], canceled=False, **values)
            blank: Row = dict.fromkeys((*TRACKED, *SEEN, "time_zone", "visit"))
            row = {**key, "webinar_id": session["webinar_id"], "canceled": False, **blank}
            return self.store.add("viewings", {**row, **values})

    def cancel(self, cid: int) -> Row:
        """The person, or staff in the panel, cancels one registrant session."""
        with self.world.lock:
            self.viewing(cid)
            return self.store.change("viewings", cid, canceled=True)

    def viewing(self, cid: int) -> Row:
        return self._one("viewings", cid, "registrant session")

    def viewings(self, webinar_id: int, email: str | None = None) -> list[Row]:
        rows = self.store.rows("viewings", webinar_id=webinar_id)
        if email is None:
            return rows
        person = self.find_registrant(email)
        return [row for row in rows if person and row["registrant_id"] == person["id"]]

    # Running

    def start_session(
        self,
        session_id: int,
        attendees: Iterable[str | Row] = (),
        *,
        scheduled_at: datetime | None = None,
        minutes: int | None = None,
    ) -> list[Row]:
        """Run a session at a start of its own (the latest that has passed, unless told).

        Attendees are addresses, or dicts with email, joined and left (minutes from the start);
        whoever is not registered is now. The time attended grows with the world's clock until
        `minutes` (the webinar's own, unless told) have passed. A session that is held once is
        moved to now where its start is still to come.
        """
        with self.world.lock:
            session = self.session(session_id)
            start = scheduled_at or self._running_start(session)
            if start > self.world.now():
                raise EditRefused("The session would start in the future.")
            length: int = minutes or self.webinar(session["webinar_id"])["minutes"]
            rows = []
            for one in attendees:
                who: Row = {"email": one} if isinstance(one, str) else one
                row = self.register(
                    session["webinar_id"], who["email"], session_id=session_id, scheduled_at=start
                )
                visit = {
                    "from": moments.keep(start + timedelta(minutes=who.get("joined", 0))),
                    "to": moments.keep(start + timedelta(minutes=who.get("left", length))),
                }
                rows.append(self.store.change("viewings", row["id"], visit=visit))
            return rows

    def end_session(self, session_id: int) -> None:
        """Send everyone home who is still there."""
        with self.world.lock:
            self.session(session_id)
            now = moments.keep(self.world.now())
            for row in self.store.rows("viewings", session_id=session_id):
                if row["visit"] and row["visit"]["to"] > now:
                    self.store.change("viewings", row["id"], visit={**row["visit"], "to": now})

    def _session_for(self, webinar_id: int, session_id: int | None) -> Row:
        if session_id is not None:
            session = self.session(session_id)
            if session["webinar_id"] != webinar_id:
                raise EditRefused("That session belongs to another webinar.")
            return session
        coming = schedule.listed(self, self.webinar(webinar_id), 1, exact=False)
        rows = [session for session, _ in coming] or self.sessions(webinar_id)
        if not rows:
            raise EditRefused("The webinar has no session to register for.")
        return rows[0]

    def _start_of(self, session: Row) -> datetime:
        start = schedule.next_start(self, self.webinar(session["webinar_id"]), session)
        if start is None and session["recurring"]:
            raise EditRefused("The session does not recur any more.")
        return start or moments.moment(session["scheduled_at"])

    def _running_start(self, session: Row) -> datetime:
        now = self.world.now().replace(microsecond=0)
        if session["recurring"]:
            webinar = self.webinar(session["webinar_id"])
            return schedule.last_start(self, webinar, session) or now
        start = moments.moment(session["scheduled_at"])
        if start > now:
            self.move_session(session["id"], now)
        return min(start, now)
