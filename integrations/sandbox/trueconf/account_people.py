"""Users, groups and address books, seen from the server's side."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Any

from integrations.sandbox.platform import EditRefused
from integrations.sandbox.store import Row
from integrations.sandbox.trueconf.account_base import ServerBase

OFFLINE, ONLINE, BUSY, MULTIHOST = 0, 1, 2, 5
# The group of those who are in none (seen in teachbase/true-conf).
NO_GROUP = {"id": "@no_group", "display_name": "Users without group", "rights": []}
OPERATORS = "operator_rights"
PROFILE = (
    "email",
    "display_name",
    "first_name",
    "last_name",
    "company",
    "mobile_phone",
    "work_phone",
    "home_phone",
)


def key(login: str) -> str:
    """Logins are unique whatever their case."""
    return login.strip().casefold()


def secret_hash(secret: str) -> str:
    """Secrets are kept as hashes: the store can be looked at."""
    return hashlib.sha256(secret.encode()).hexdigest()


class PeopleOfServer(ServerBase):
    # Users

    """Users and groups of a server."""

    def add_user(
        self,
        login: str,
        display_name: str = "",
        *,
        password: str = "",
        online: bool = False,
        groups: Iterable[int] = (),
        **values: Any,
    ) -> Row:
        """A user of the server; `values` name profile columns, `groups` are ids of group rows."""
        with self.world.lock:
            if self.user(login):
                raise EditRefused(f"There is a user {login} already.")
            row = {
                **dict.fromkeys(PROFILE, ""),
                "address": key(login),
                "login_name": login.strip(),
                "display_name": display_name or login,
                "email": f"{login}@{self.server_name}",
                "password": secret_hash(password),
                "is_active": 1,
                "status": ONLINE if online else OFFLINE,
                "avatar": None,
                "administrator": False,
            }
            user = self.store.add("users", {**row, **self.kept(values)})
            for group_id in groups:
                self.put_into_group(group_id, user["id"])
            return user

    def edit_user(self, user_id: int, **values: Any) -> Row:
        """Change columns of a user (`display_name`, `email`, `is_active`, `status`, …)."""
        with self.world.lock:
            user = self.one("users", user_id, "user")
            if unknown := set(values) - set(user):
                raise EditRefused(f"A user has no {', '.join(sorted(unknown))}.")
            return self.store.change("users", user_id, **self.kept(values))

    def delete_user(self, user_id: int) -> None:
        """Delete a user, with memberships and address book."""
        with self.world.lock:
            self.one("users", user_id, "user")
            self.drop_rows("members", user_id=user_id)
            self.drop_rows("contacts", user_id=user_id)
            self.store.remove("users", user_id)

    def user(self, login: str) -> Row | None:
        """By login, or by the id for calls (`login@server`)."""
        name, _, server = key(login).partition("@")
        if server and server != self.server_name:
            return None
        return self.by_address("users", name)

    def login(self, name: str) -> str:
        """A user's login as it is written there. Raises EditRefused."""
        row = self.user(name)
        if row is None:
            raise EditRefused(f"There is no user {name}.")
        login: str = row["login_name"]
        return login

    def users(self) -> list[Row]:
        """All of the server."""
        return self.store.rows("users")

    def email_taken(self, email: str, but: int | None = None) -> bool:
        """Whether another user than the one with the number `but` has an address."""
        wanted = email.casefold()
        return any(row["email"].casefold() == wanted and row["id"] != but for row in self.users())

    def is_operator(self, user: Row) -> bool:
        """Whether someone may see and change everybody's conferences."""
        return user["administrator"] or any(
            OPERATORS in group["rights"] for group in self.groups_of(user["id"])
        )

    # Groups

    def add_group(
        self, display_name: str, members: Iterable[int] = (), rights: Iterable[str] = ()
    ) -> Row:
        """A group; `members` are ids of user rows."""
        with self.world.lock:
            if self.group_named(display_name):
                raise EditRefused(f"There is a group {display_name} already.")
            row = {"display_name": display_name, "rights": list(rights)}
            group = self.store.add("groups", row)
            for user_id in members:
                self.put_into_group(group["id"], user_id)
            return group

    def edit_group(self, group_id: int, **values: Any) -> Row:
        """Change a group. Raises EditRefused where there is none."""
        with self.world.lock:
            self.one("groups", group_id, "group")
            return self.store.change("groups", group_id, **values)

    def delete_group(self, group_id: int) -> None:
        """Its members stay users."""
        with self.world.lock:
            self.one("groups", group_id, "group")
            self.drop_rows("members", group_id=group_id)
            self.store.remove("groups", group_id)

    def group_named(self, display_name: str) -> Row | None:
        """The group of a name, case aside."""
        wanted = display_name.casefold()
        groups = self.store.rows("groups")
        return next((row for row in groups if row["display_name"].casefold() == wanted), None)

    def put_into_group(self, group_id: int, user_id: int) -> None:
        """Does nothing where the user is in it already."""
        with self.world.lock:
            self.one("groups", group_id, "group")
            self.one("users", user_id, "user")
            if not self.store.rows("members", group_id=group_id, user_id=user_id):
                self.store.add("members", {"group_id": group_id, "user_id": user_id})

    def take_out_of_group(self, group_id: int, user_id: int) -> None:
        """Does nothing where the user is not in it."""
        with self.world.lock:
            self.drop_rows("members", group_id=group_id, user_id=user_id)

    def groups_of(self, user_id: int) -> list[Row]:
        """The groups that a user is in."""
        members = self.store.rows("members", user_id=user_id)
        return [self.one("groups", row["group_id"], "group") for row in members]

    def members(self, group_id: int) -> list[Row]:
        """The users of a group."""
        found = self.store.rows("members", group_id=group_id)
        return [self.one("users", row["user_id"], "user") for row in found]

    # Address books

    def add_contact(self, user_id: int, contact: str, display_name: str = "") -> Row:
        """Someone in a user's own address book: a login, or any name for a guest."""
        with self.world.lock:
            self.one("users", user_id, "user")
            row = {"user_id": user_id, "contact": contact, "display_name": display_name}
            return self.store.add("contacts", row)

    def contacts(self, user_id: int) -> list[Row]:
        """A user's own contacts, then those who are in a group with the user.

        The latter have no owner and no row of their own (`id` is 0): they cannot be removed.
        """
        own = self.store.rows("contacts", user_id=user_id)
        seen = {key(row["contact"]) for row in own}
        fellows: dict[int, Row] = {}
        for group in self.groups_of(user_id):
            fellows.update((row["id"], row) for row in self.members(group["id"]))
        shared = [
            {"id": 0, "user_id": user_id, "contact": row["login_name"], "display_name": ""}
            for row in fellows.values()
            if row["id"] != user_id and row["address"] not in seen
        ]
        return [*own, *shared]
