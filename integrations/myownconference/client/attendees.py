"""Participants and their groups."""

from typing import Annotated, Any

from integrations.myownconference.client.caller import (
    CHANGE,
    CREATE,
    NOTIFY,
    READ,
    Addresses,
    Caller,
)
from integrations.myownconference.payloads import (
    AttendeeChange,
    AttendeeList,
    AttendeeQuery,
    Group,
    GroupMade,
    PersonalWebinar,
    Success,
)


class AttendeeCommands(Caller):
    """[Webinar participants]"""

    def attendees_create(self, email: str, name: str) -> Annotated[Any, Success]:
        """Add a participant to the account; not yet to any webinar."""
        return self._command(CREATE, "attendeesCreate", {"email": email, "name": name})

    def attendees_set(self, email: str, changes: AttendeeChange) -> Annotated[Any, Success]:
        """Change `newemail`, `name`, `phone`, `skype`, `company`, … of a participant."""
        return self._command(CHANGE, "attendeesSet", {"email": email, **changes})

    def attendees_delete(self, emails: Addresses) -> Annotated[Any, Success]:
        """Remove participants from the account."""
        return self._command(CHANGE, "attendeesDelete", list(emails))

    def attendees_list(self, params: AttendeeQuery) -> Annotated[Any, AttendeeList]:
        """Participants by `fields`, `alias`, `search`, `group`, `onPage`, `page` and more.

        `onPage` in Latin letters: the Cyrillic letter in the document's example is a slip.
        """
        return self._command(READ, "attendeesList", params)

    def attendees_add_to_webinar(self, alias: str, emails: Addresses) -> Annotated[Any, Success]:
        """Attach participants, who must exist, to a webinar; its letters go out to them."""
        return self._on_webinar(NOTIFY, "attendeesAddToWebinar", alias, attendees=list(emails))

    def attendees_remove_from_webinar(
        self, alias: str, emails: Addresses
    ) -> Annotated[Any, Success]:
        """Detach participants from a webinar."""
        return self._on_webinar(CHANGE, "attendeesRemoveFromWebinar", alias, attendees=list(emails))

    def attendees_rooms(self, email: str) -> Annotated[Any, list[PersonalWebinar]]:
        """The webinars of a participant, each with their personal link."""
        return self._command(READ, "attendeesRooms", {"email": email})

    def attendees_create_group(self, name: str) -> Annotated[Any, GroupMade]:
        """Make a group. Doing it twice makes two of the same name."""
        return self._command(CREATE, "attendeesCreateGroup", {"name": name})

    def attendees_groups_rename(self, group_id: str, name: str) -> Annotated[Any, Success]:
        """Rename a group."""
        return self._command(CHANGE, "attendeesGroupsRename", {"id": group_id, "newname": name})

    def attendees_delete_group(self, group_id: str) -> Annotated[Any, Success]:
        """Delete a group; its people stay."""
        return self._command(CHANGE, "attendeesDeleteGroup", {"id": group_id})

    def attendees_groups_list(self) -> Annotated[Any, list[list[Group]] | list[Group]]:
        """All groups."""
        return self._command(READ, "attendeesGroupsList")

    def attendees_assign_to_group(
        self, group_id: str, emails: Addresses
    ) -> Annotated[Any, Success]:
        """Put participants into a group."""
        told = {"group_id": group_id, "attendees": list(emails)}
        return self._command(CHANGE, "attendeesAssignToGroup", told)

    def attendees_unassign_from_group(
        self, group_id: str, emails: Addresses
    ) -> Annotated[Any, Success]:
        """Take participants out of a group."""
        told = {"group_id": group_id, "attendees": list(emails)}
        return self._command(CHANGE, "attendeesUnAssignFromGroup", told)

    def attendees_common_groups(self, emails: Addresses) -> Annotated[Any, list[Group]]:
        """The groups that these participants are in."""
        return self._command(READ, "attendeesCommonGroups", list(emails))

    def attendees_unbanned(self, emails: Addresses) -> Annotated[Any, Success]:
        """Take participants off the list of the blocked."""
        told = emails[0] if len(emails) == 1 else list(emails)
        return self._command(CHANGE, "attendeesUnbanned", {"email": told})
