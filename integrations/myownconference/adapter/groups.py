"""Groups of participants, and who is in them."""

from collections.abc import Iterator

from integrations.base.kinds import KindAdapter
from integrations.base.reading import Row
from integrations.base.records import Draft, Fields, Kind, Page, Record
from integrations.myownconference.adapter.attendees import BRIEF, Directory
from integrations.myownconference.adapter.owned import OwnedIds
from integrations.myownconference.client import Client
from integrations.myownconference.mapping import people
from integrations.myownconference.mapping.answers import confirm, ident
from integrations.myownconference.mapping.ids import split, unknown
from integrations.myownconference.payloads import PLATFORM


class Groups(KindAdapter):
    """Groups, told by their id."""

    def __init__(self, client: Client, owned: OwnedIds) -> None:
        self._client = client
        self._owned = owned

    def listing(self, parent_id: str) -> Iterator[Page]:
        """All groups."""
        yield Page(tuple(people.decode_group(row) for row in self._owned.group_rows()))

    def create(self, draft: Draft) -> Record:
        """Make a group, unless one of this name is there: a second of the name would be made."""
        name = str(draft.fields.get("name") or "")
        for row in self._owned.group_rows():
            if (row.text("name") or "").strip().casefold() == name.strip().casefold():
                return people.decode_group(row)
        answer = self._client.attendees_create_group(name)
        confirm(answer, "group")
        group_id = ident(Row(answer, "group", PLATFORM), "group_id")
        self._owned.groups.add(group_id)
        return Record(Kind.GROUP, group_id, {})

    def update(self, shown: Record, changes: Fields) -> None:
        """Rename."""
        group_id, name = shown.external_id or "", changes.get("name")
        if name:
            with self._owned.group(group_id):
                confirm(self._client.attendees_groups_rename(group_id, name), "group")

    def delete(self, external_id: str) -> None:
        """Delete a group; its people stay."""
        with self._owned.group(external_id):
            confirm(self._client.attendees_delete_group(external_id), "deletion")
        self._owned.groups.discard(external_id)


class Memberships(KindAdapter):
    """People in a group, told by group and address."""

    def __init__(self, client: Client, owned: OwnedIds, directory: Directory) -> None:
        self._client = client
        self._owned = owned
        self._directory = directory

    def listing(self, parent_id: str) -> Iterator[Page]:
        """The participants of a group."""
        with self._owned.group(parent_id):
            yield from self._directory.pages(
                BRIEF, lambda row: people.decode_membership(row, parent_id), group=parent_id
            )

    def create(self, draft: Draft) -> Record:
        """Put a participant into a group; one is made only where the account's option says so."""
        group_id = draft.parent_id or ""
        with self._owned.group(group_id):
            email = self._directory.ensure(draft.fields, may_add=self._directory.may_add)
            confirm(self._client.attendees_assign_to_group(group_id, [email]), "membership")
        external_id = f"{group_id}/{email}"
        return Record(Kind.MEMBERSHIP, external_id, {"email": email}, parent_id=group_id)

    def delete(self, external_id: str) -> None:
        """Take a participant out of a group. Who is in it is looked up first: the platform may
        say yes to taking out whoever is not."""
        group_id, email = split(external_id)
        with self._owned.group(group_id):
            if self._directory.find(email, BRIEF, group=group_id) is None:
                raise unknown("member")
            answer = self._client.attendees_unassign_from_group(group_id, [email])
            confirm(answer, "membership")
