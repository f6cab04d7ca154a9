"""What an operation is given, and how it finds what the request names."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from integrations.sandbox.forms import Upload
from integrations.sandbox.store import Row
from integrations.sandbox.trueconf.fields import Fields
from integrations.sandbox.trueconf.refusal import bad, forbidden, not_found

if TYPE_CHECKING:
    from integrations.sandbox.trueconf.account import TrueConfAccount

URL_TYPES = ("dynamic", "fixed")


@dataclass
class ApiRequest:
    """One authorised request to version `minor`.

    `login` names the user whom the token speaks for; it is empty for a token of the server.
    """

    account: TrueConfAccount
    version: str
    minor: int
    login: str
    body: dict[str, Any]
    query: dict[str, str]
    uploads: list[Upload]

    @property
    def fields(self) -> Fields:
        """The fields of the body, for checking."""
        return Fields(self.body, self.minor, strict=self.account.refuses_extra_fields)

    def api_url(self, *steps: str) -> str:
        """An address of the API in the version of the request."""
        return self.account.world.url("/".join(("/trueconf/api", self.version, *steps)))

    def number(self, name: str, default: int, lowest: int, highest: int) -> int:
        """A number in the query. Raises Refusal 400."""
        text = self.query.get(name, "")
        if not text:
            return default
        digits = text.removeprefix("-")
        is_number = digits.isascii() and digits.isdigit() and len(digits) < 12
        if is_number and lowest <= int(text) <= highest:
            return int(text)
        raise bad("invalidValue", f"A number from {lowest} to {highest} is expected.", name)

    def check_url_type(self) -> None:
        """Both types of address look the same on a server that has one address."""
        if self.minor >= 1 and self.query.get("url_type", "dynamic") not in URL_TYPES:
            raise bad("invalidValue", "One of dynamic, fixed is expected.", "url_type")

    def conference(self, conference_id: str, *, change: bool = False) -> Row:
        """A conference that the asker may see, or with `change` edit. Raises Refusal.

        A server's token sees all; a user's token those that the user owns or is invited to,
        and an operator's all [trueconf.com, Working with the server API].
        """
        row = self.account.by_address("conferences", conference_id)
        if row is None:
            raise not_found("conference", conference_id, "conference_id")
        if not self.may(row, change=change):
            raise forbidden()
        return row

    def may(self, conference: Row, *, change: bool = False) -> bool:
        """Whether the key may see a conference, or with `change` edit it."""
        if self.sees_all or self.owns(conference):
            return True
        return not change and self.account.invitation(conference["id"], self.login) is not None

    @property
    def sees_all(self) -> bool:
        """Whether the key is the server's own, or an operator's."""
        user = self.account.user(self.login) if self.login else None
        return user is None or self.account.is_operator(user)

    def owns(self, conference: Row) -> bool:
        """Whether the key speaks for the owner of a conference."""
        return bool(self.login) and self.login == conference["owner"]

    def user(self, user_id: str) -> Row:
        """A user by login. Raises Refusal 404."""
        row = self.account.user(user_id)
        if row is None:
            raise not_found("user", user_id, "user_id")
        return row

    def user_in_body(self, name: str) -> Row:
        """The user whom a required field names."""
        fields = self.fields
        wanted = fields.text(name, 1, 64) if fields.required(name) else ""
        fields.check()
        row = self.account.user(wanted or "")
        if row is None:
            raise not_found("user", wanted or "", name, parameter=True)
        return row

    def group(self, group_id: str) -> Row:
        """A group by id. Raises Refusal 404."""
        row = None
        if group_id.isascii() and group_id.isdigit() and len(group_id) < 12:
            row = self.account.store.get("groups", int(group_id))
        if row is None:
            raise not_found("group", group_id, "group_id")
        return row

    def named(self, table: str, address: str, what: str, location: str) -> Row:
        """A row by its identifier; `what` and `location` are for the refusal 404 that it raises."""
        row = self.account.by_address(table, address)
        if row is None:
            raise not_found(what, address, location)
        return row
