"""Operations on users, their avatars and address books, and on groups."""

from collections.abc import Mapping
from typing import Annotated, Any

from integrations.trueconf.client.caller import CHANGE, CREATE, READ, Caller, Params
from integrations.trueconf.payloads import (
    Avatar,
    Contact,
    ContactChange,
    Group,
    GroupChange,
    NewUser,
    User,
    UserChange,
    UserState,
)


class People(Caller):
    """Topics "Users", "Users Contacts", "Groups", "Groups Users"."""

    def get_user_list(self, params: Params) -> Annotated[Any, list[User]]:
        """Users; `page_id`, `page_size`, filters `login_name`, `display_name`, `first_name`,
        `last_name`, `email`. No total is stated; servers name `next_page_id`."""
        return self._linked(READ, "GET", "get user list", "users", params=params)

    def get_user(self, user_id: str) -> Annotated[Any, User]:
        """One user, by login."""
        return self._linked(READ, "GET", "get user", "users", user_id)

    def create_user(self, fields: NewUser) -> Annotated[Any, User]:
        """Make a user."""
        hide = _secrets(fields)
        return self._call(CREATE, "POST", "create user", "users", json=fields, hide=hide)

    def edit_user(self, user_id: str, fields: UserChange) -> Annotated[Any, User]:
        """Change the given fields of a user."""
        hide = _secrets(fields)
        return self._linked(CHANGE, "PUT", "edit user", "users", user_id, json=fields, hide=hide)

    def delete_user(self, user_id: str) -> Any:
        """Remove a user."""
        return self._call(CHANGE, "DELETE", "delete user", "users", user_id)

    def disconnect_user(self, user_id: str) -> Annotated[Any, UserState]:
        """End a user's connections to the server (v3.1)."""
        return self._call(CHANGE, "POST", "disconnect user", "users", user_id, "disconnect")

    def get_avatar(self, user_id: str) -> Annotated[Any, Avatar]:
        """A user's picture (v3.2); null where there is none."""
        return self._call(READ, "GET", "get avatar", "users", user_id, "avatar")

    def create_avatar(self, user_id: str, name: str, content: bytes) -> Annotated[Any, Avatar]:
        """Set a user's picture (v3.2)."""
        files = {"image": (name, content)}
        return self._call(CHANGE, "POST", "create avatar", "users", user_id, "avatar", files=files)

    def delete_avatar(self, user_id: str) -> Annotated[Any, Avatar]:
        """Take a user's picture away (v3.2)."""
        return self._call(CHANGE, "DELETE", "delete avatar", "users", user_id, "avatar")

    def get_contact_list(self, user_id: str, params: Params) -> Annotated[Any, list[Contact]]:
        """A user's address book; `page_id`, `page_size`, no total."""
        path = ("users", user_id, "addressbook")
        return self._linked(READ, "GET", "get contact list", *path, params=params)

    def get_contact(self, user_id: str, contact_id: str) -> Annotated[Any, Contact]:
        """One entry; an `owner` of null says that it cannot be removed."""
        path = ("users", user_id, "addressbook", contact_id)
        return self._linked(READ, "GET", "get contact", *path)

    def add_contact(self, user_id: str, fields: ContactChange) -> Annotated[Any, Contact]:
        """Add `contact_id` as `display_name`."""
        path = ("users", user_id, "addressbook")
        return self._linked(CREATE, "POST", "add contact", *path, json=fields)

    def edit_contact(
        self, user_id: str, contact_id: str, fields: ContactChange
    ) -> Annotated[Any, Contact]:
        """Change an entry; `contact_id` stands in the body as well."""
        path = ("users", user_id, "addressbook", contact_id)
        return self._linked(CHANGE, "PUT", "edit contact", *path, json=fields)

    def delete_contact(self, user_id: str, contact_id: str) -> Any:
        """Remove an entry."""
        path = ("users", user_id, "addressbook", contact_id)
        return self._call(CHANGE, "DELETE", "delete contact", *path)

    def get_group_list(self, params: Params) -> Annotated[Any, list[Group]]:
        """Groups, by cursor: `next_page_id` of an answer is the next `page_id`, -1 the end."""
        return self._call(READ, "GET", "get group list", "groups", params=params)

    def get_group(self, group_id: str) -> Annotated[Any, Group]:
        """One group."""
        return self._call(READ, "GET", "get group", "groups", group_id)

    def create_group(self, fields: GroupChange) -> Annotated[Any, Group]:
        """Make a group."""
        return self._call(CREATE, "POST", "create group", "groups", json=fields)

    def edit_group(self, group_id: str, fields: GroupChange) -> Annotated[Any, Group]:
        """Change the given fields of a group."""
        return self._call(CHANGE, "PUT", "edit group", "groups", group_id, json=fields)

    def delete_group(self, group_id: str) -> Any:
        """Remove a group; its users stay."""
        return self._call(CHANGE, "DELETE", "delete group", "groups", group_id)

    def get_group_user_list(self, group_id: str, params: Params) -> Annotated[Any, list[User]]:
        """The users of a group; parameters as in `get_user_list`."""
        path = ("groups", group_id, "users")
        return self._linked(READ, "GET", "get group users", *path, params=params)

    def get_group_user(self, group_id: str, user_id: str) -> Annotated[Any, User]:
        """One user of a group."""
        path = ("groups", group_id, "users", user_id)
        return self._linked(READ, "GET", "get group user", *path)

    def add_group_user(self, group_id: str, user_id: str) -> Annotated[Any, User]:
        """Put a user into a group."""
        path, body = ("groups", group_id, "users"), {"user_id": user_id}
        return self._linked(CREATE, "POST", "add group user", *path, json=body)

    def delete_group_user(self, group_id: str, user_id: str) -> Any:
        """Take a user out of a group."""
        path = ("groups", group_id, "users", user_id)
        return self._call(CHANGE, "DELETE", "delete group user", *path)


def _secrets(fields: Mapping[str, Any]) -> tuple[str, ...]:
    return (str(fields["password"]),) if fields.get("password") else ()
