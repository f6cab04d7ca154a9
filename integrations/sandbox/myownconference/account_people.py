"""Moderators, attendees and groups of an account, seen from the platform's side."""

from __future__ import annotations

import hashlib
from typing import Any, ClassVar

from integrations.sandbox.myownconference import zone
from integrations.sandbox.platform import Account, EditRefused
from integrations.sandbox.store import Row
from integrations.sandbox.world import World

ACTIVE, PENDING, BANNED = "ACTIVE", "PENDING", "BANNED"
DETAILS = ("phone", "skype", "company", "department", "city", "born")
PROFILE: Row = {
    "id": 1,
    "name": "Robin Keller",
    "email": "owner@example.com",
    "timezone": 60,
    "timemove": True,
    "language": "EN",
    "gateway": "PAYPAL",
    "subscribe": False,
    "company": "",
}


class PeopleOfAccount(Account):
    """Methods take and answer rows of the store. EditRefused where there is no such person.

    Addresses differ in case only for the eye: `find_moderator` and `find_attendee` know them in
    any.
    """

    first_ids: ClassVar[dict[str, int]] = {
        "webinars": 310482,
        "moderators": 20117,
        "attendees": 731905,
        "groups": 5210,
        "recordings": 88140,
        "files": 64021,
        "bots": 902311,
    }
    # What minutes the profile's zone holds where it moves with the summer: the document does not
    # say. False: those of its winter. True: those of its summer, as the table's examples suggest.
    zone_holds_summer = False
    # Times that the platform stamps itself, and whose zone the document does not name.
    stamps_in_gmt = True

    def __init__(self, world: World, label: str, credentials: dict[str, str]) -> None:
        super().__init__(world, label, credentials)
        self.store.add("profile", dict(PROFILE))
        self.add_moderator(PROFILE["email"], PROFILE["name"], main=True)

    def code(self, *parts: object, length: int = 24) -> str:
        """A made-up, repeatable code for something of this account."""
        text = "|".join(str(part) for part in (self.label, *parts))
        return hashlib.sha256(text.encode()).hexdigest()[:length]

    @property
    def now(self) -> str:
        """The sandbox's time as rows keep times."""
        return zone.keep(self.world.now())

    # Profile

    @property
    def profile(self) -> Row:
        """The profile's row."""
        return self.store.rows("profile")[0]

    def set_profile(self, **values: Any) -> Row:
        """Change the profile (`timezone` in minutes, `timemove` true or false, `name`, …)."""
        with self.world.lock:
            if unknown := set(values) - set(PROFILE):
                raise EditRefused(f"A profile has no {', '.join(sorted(unknown))}.")
            return self.store.change("profile", 1, **values)

    @property
    def zone(self) -> zone.Zone:
        """The clock of the profile."""
        row = self.profile
        return zone.Zone(row["timezone"], row["timemove"], self.zone_holds_summer)

    def stamp(self, kept: str) -> str:
        """A time that the platform stamped itself, as it answers it."""
        return (
            zone.Zone(0, moves=False).shown(kept) if self.stamps_in_gmt else self.zone.shown(kept)
        )

    # Moderators

    def add_moderator(self, email: str, name: str, *, main: bool = False) -> Row:
        """Add a moderator to the account. Raises EditRefused for an address that is taken."""
        with self.world.lock:
            if self.find_moderator(email):
                raise EditRefused(f"Moderator with email {email} already exists.")
            row = {"email": email, "address": email.casefold(), "name": name, "main": main}
            return self.store.add("moderators", {**row, "avatar": False, "registered": self.now})

    def find_moderator(self, email: str) -> Row | None:
        """A moderator by address, case aside."""
        return next(iter(self.store.rows("moderators", address=email.casefold())), None)

    def edit_moderator(self, email: str, /, **values: Any) -> Row:
        """Change `name`, `email` or `avatar`."""
        return self._edit_person("moderators", self.find_moderator(email), email, values)

    def delete_moderator(self, email: str) -> None:
        """Remove a moderator; the main one is refused."""
        with self.world.lock:
            row = self._known(self.find_moderator(email), email)
            if row["main"]:
                raise EditRefused("The main moderator cannot be deleted.")
            self._remove_where("assigned", moderator_id=row["id"])
            self.store.remove("moderators", row["id"])

    @property
    def main_moderator(self) -> Row:
        """The one to whom the account belongs."""
        return self.store.rows("moderators", main=True)[0]

    # Attendees

    def add_attendee(self, email: str, name: str = "", **values: Any) -> Row:
        """Someone in the list of participants; `email` is empty where a login asked for none.

        `values` name columns: phone, skype, company, department, city, born, country, `type`
        (ACTIVE, PENDING, BANNED), `imported` (False: registered by themselves).
        """
        with self.world.lock:
            if email and self.find_attendee(email):
                raise EditRefused(f"Attendee with email {email} already exists.")
            row: Row = {
                "email": email,
                "address": email.casefold(),
                "name": name,
                **dict.fromkeys(DETAILS, ""),
                "country": "",
                "created": self.now,
                "type": ACTIVE,
                "imported": True,
                "notified": 0,
            }
            return self.store.add("attendees", {**row, **values})

    def find_attendee(self, email: str) -> Row | None:
        """A participant by address, case aside."""
        rows = self.store.rows("attendees", address=email.casefold()) if email else []
        return next(iter(rows), None)

    def edit_attendee(self, email: str, /, **values: Any) -> Row:
        """Change columns: `name`, `email`, `phone`, … or `type`."""
        return self._edit_person("attendees", self.find_attendee(email), email, values)

    def ban(self, email: str) -> Row:
        """Block someone, as a moderator does in the room."""
        return self.edit_attendee(email, type=BANNED)

    def delete_attendee(self, email: str) -> None:
        """Delete someone, also from groups and webinars."""
        with self.world.lock:
            row = self._known(self.find_attendee(email), email)
            self._remove_where("members", attendee_id=row["id"])
            self._remove_where("invited", attendee_id=row["id"])
            self.store.remove("attendees", row["id"])

    # Groups

    def add_group(self, name: str, emails: tuple[str, ...] | list[str] = ()) -> Row:
        """A group; the same name twice makes two."""
        with self.world.lock:
            group = self.store.add("groups", {"name": name})
            for email in emails:
                self.join_group(group["id"], email)
            return group

    def rename_group(self, group_id: int, name: str) -> Row:
        """Give a group another name. Raises EditRefused."""
        with self.world.lock:
            self._known(self.store.get("groups", group_id), "group")
            return self.store.change("groups", group_id, name=name)

    def delete_group(self, group_id: int) -> None:
        """Delete a group; its people stay. Raises EditRefused."""
        with self.world.lock:
            self._known(self.store.get("groups", group_id), "group")
            self._remove_where("members", group_id=group_id)
            self.store.remove("groups", group_id)

    def join_group(self, group_id: int, email: str) -> None:
        """Does nothing where the participant is in it already."""
        with self.world.lock:
            person = self._known(self.find_attendee(email), email)
            pair = {"group_id": group_id, "attendee_id": person["id"]}
            if not self.store.rows("members", **pair):
                self.store.add("members", pair)

    def leave_group(self, group_id: int, email: str) -> None:
        """Does nothing where the participant is not in it."""
        with self.world.lock:
            person = self._known(self.find_attendee(email), email)
            self._remove_where("members", group_id=group_id, attendee_id=person["id"])

    def groups_of(self, attendee_id: int) -> list[Row]:
        """The groups that a participant is in."""
        ids = {row["group_id"] for row in self.store.rows("members", attendee_id=attendee_id)}
        return [group for group in self.store.rows("groups") if group["id"] in ids]

    def _edit_person(self, table: str, row: Row | None, email: str, values: Row) -> Row:
        with self.world.lock:
            found = self._known(row, email)
            if unknown := set(values) - set(found):
                raise EditRefused(f"A person has no {', '.join(sorted(unknown))}.")
            if "email" in values:
                values["address"] = values["email"].casefold()
                others = self.store.rows(table, address=values["address"])
                if any(other["id"] != found["id"] for other in others):
                    raise EditRefused(f"Email {values['email']} already exists.")
            return self.store.change(table, found["id"], **values)

    def _known(self, row: Row | None, what: str) -> Row:
        if row is None:
            raise EditRefused(f"There is no {what} in this account.")
        return row

    def _remove_where(self, table: str, **wanted: Any) -> None:
        for row in self.store.rows(table, **wanted):
            self.store.remove(table, row["id"])
