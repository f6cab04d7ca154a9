"""The users of the server, their groups, and who is in a group."""

from collections.abc import Iterator
from functools import partial

from integrations.base.errors import RequestRejected, refused
from integrations.base.kinds import KindAdapter
from integrations.base.records import Draft, Fields, Page, Record
from integrations.base.undecoded import page_of
from integrations.trueconf.adapter.context import Context
from integrations.trueconf.client.http import UserNotFound
from integrations.trueconf.client.paging import GROUPS, USERS, pages
from integrations.trueconf.mapping import people
from integrations.trueconf.mapping.answers import confirm_deletion, inside
from integrations.trueconf.mapping.ids import split
from integrations.trueconf.payloads import PLATFORM


class Attendees(KindAdapter):
    """The users of the server, as people."""

    def __init__(self, context: Context) -> None:
        self.context, self.client = context, context.client

    def listing(self, parent_id: str) -> Iterator[Page]:
        """All users but the account's own owner; the list states no total."""
        for found, _ in pages(self.client.get_user_list, USERS):
            real = [row for row in found if not self.context.is_own(row)]
            yield page_of(real, people.decode_user)

    def get(self, external_id: str) -> Record:
        """One user."""
        (user,) = split(external_id, 1)
        return people.decode_user(inside(self.client.get_user(user), "user"))

    def create(self, draft: Draft) -> Record:
        """A user. The same address always gets the same login, which cannot be taken twice; the
        user is found again where an earlier answer was lost."""
        try:
            return people.decode_user(self.context.make_user(draft.fields))
        except RequestRejected:
            found = self.context.user_with(str(draft.fields.get("email") or ""))
            if found is None:
                raise
            return people.decode_user(found)

    def update(self, shown: Record, changes: Fields) -> Record:
        """The changed fields; a name to be shown by follows, where it was made of the others."""
        (user,) = split(shown.external_id or "", 1)
        sent = people.encode_user(changes) | people.shown_by(shown, changes)
        if not sent:
            return shown
        return people.decode_user(inside(self.client.edit_user(user, sent), "user"))

    def delete(self, external_id: str) -> None:
        """Remove the user from the server."""
        (user,) = split(external_id, 1)
        confirm_deletion(self.client.delete_user(user), "user")


class Groups(KindAdapter):
    """Groups of users."""

    def __init__(self, context: Context) -> None:
        self.client = context.client

    def listing(self, parent_id: str) -> Iterator[Page]:
        """All groups, by cursor."""
        for found, _ in pages(self.client.get_group_list, GROUPS):
            yield Page(tuple(people.decode_group(row) for row in found))

    def get(self, external_id: str) -> Record:
        """One group."""
        (group,) = split(external_id, 1)
        return people.decode_group(inside(self.client.get_group(group), "group"))

    def create(self, draft: Draft) -> Record:
        """A group with the server's usual rights."""
        answer = self.client.create_group({"display_name": draft.fields["name"]})
        return people.decode_group(inside(answer, "group"))

    def update(self, shown: Record, changes: Fields) -> Record:
        """Another name; the rights are not sent, and stay."""
        (group,) = split(shown.external_id or "", 1)
        if not changes.get("name"):
            return shown
        answer = self.client.edit_group(group, {"display_name": changes["name"]})
        return people.decode_group(inside(answer, "group"))

    def delete(self, external_id: str) -> None:
        """Remove the group; its users stay."""
        (group,) = split(external_id, 1)
        confirm_deletion(self.client.delete_group(group), "group")


class Memberships(KindAdapter):
    """Who is in a group."""

    def __init__(self, context: Context) -> None:
        self.context, self.client = context, context.client

    def listing(self, parent_id: str) -> Iterator[Page]:
        """All users of a group but the account's own owner; the list states no total."""
        (group,) = split(parent_id, 1)
        for found, _ in pages(partial(self.client.get_group_user_list, group), USERS):
            real = [row for row in found if not self.context.is_own(row)]
            yield page_of(real, partial(people.decode_member, group=group))

    def get(self, external_id: str) -> Record:
        """One user of a group."""
        group, user = split(external_id, 2)
        answer = self.client.get_group_user(group, user)
        return people.decode_member(inside(answer, "user"), group)

    def create(self, draft: Draft) -> Record:
        """Put a user into a group; the person is told from others by address."""
        (group,) = split(draft.parent_id or "", 1)
        user = self.context.login_for(draft.fields)
        try:
            answer = self.client.add_group_user(group, user)
        except UserNotFound as error:
            raise refused(PLATFORM, "email", error.message) from None
        return people.decode_member(inside(answer, "user"), group)

    def delete(self, external_id: str) -> None:
        """Take a user out of a group."""
        group, user = split(external_id, 2)
        confirm_deletion(self.client.delete_group_user(group, user), "user")
