"""Groups of participants, and who is in them."""

from collections.abc import Iterator

from integrations.base.reading import Row
from integrations.base.records import Draft, Fields, Kind, Page, Record
from integrations.myownconference.client import Client
from integrations.myownconference.line import PLATFORM
from integrations.myownconference.mapping import people
from integrations.myownconference.mapping.reading import confirm, ident
from integrations.myownconference.own import Own, split, unknown
from integrations.myownconference.verbs.attendees import BRIEF, Directory
from integrations.myownconference.verbs.base import Verbs


class Groups(Verbs):
    """Groups, told by their id."""

    def __init__(self, client: Client, own: Own) -> None:
        self._client = client
        self._own = own

    def sweep(self, parent: str) -> Iterator[Page]:
        """All groups."""
        yield Page(tuple(people.decode_group(row) for row in self._own.group_rows()))

    def create(self, draft: Draft) -> Record:
        """Make a group, unless one of this name is there: a second of the name would be made."""
        name = str(draft.fields.get("name") or "")
        for row in self._own.group_rows():
            if (row.text("name") or "").strip().casefold() == name.strip().casefold():
                return people.decode_group(row)
        answer = self._client.attendees_create_group(name)
        confirm(answer, "group")
        group_id = ident(Row(answer, "group", PLATFORM), "group_id")
        self._own.groups.add(group_id)
        return Record(Kind.GROUP, group_id, {})

    def update(self, shown: Record, changes: Fields) -> None:
        """Rename."""
        group_id, name = shown.external_id or "", changes.get("name")
        if name:
            with self._own.group(group_id):
                confirm(self._client.attendees_groups_rename(group_id, name), "group")

    def delete(self, external_id: str) -> None:
        """Delete a group; its people stay."""
        with self._own.group(external_id):
            confirm(self._client.attendees_delete_group(external_id), "deletion")
        self._own.groups.discard(external_id)


class Memberships(Verbs):
    """People in a group, told by group and address."""

    def __init__(self, client: Client, own: Own, directory: Directory) -> None:
        self._client = client
        self._own = own
        self._directory = directory

    def sweep(self, parent: str) -> Iterator[Page]:
        """The participants of a group."""
        with self._own.group(parent):
            yield from self._directory.pages(
                BRIEF, lambda row: people.decode_membership(row, parent), group=parent
            )

    def create(self, draft: Draft) -> Record:
        """Put a participant into a group; one is made only where the account's option says so."""
        group_id = draft.parent_id or ""
        with self._own.group(group_id):
            email = self._directory.ensure(draft.fields, may_add=self._directory.may_add)
            confirm(self._client.attendees_assign_to_group(group_id, [email]), "membership")
        own = f"{group_id}/{email}"
        return Record(Kind.MEMBERSHIP, own, {"email": email}, parent_id=group_id)

    def delete(self, external_id: str) -> None:
        """Take a participant out of a group. Who is in it is looked up first: the platform may
        say yes to taking out whoever is not."""
        group_id, email = split(external_id)
        with self._own.group(group_id):
            if self._directory.find(email, BRIEF, group=group_id) is None:
                raise unknown("member")
            answer = self._client.attendees_unassign_from_group(group_id, [email])
            confirm(answer, "membership")
