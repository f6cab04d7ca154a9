"""Participants and their groups."""

from typing import Any

from integrations.myownconference.client.caller import (
    CHANGE,
    CREATE,
    NOTIFY,
    READ,
    Addresses,
    Caller,
    Params,
)


class AttendeeCommands(Caller):
    """[Webinar participants]"""

    def attendees_create(self, email: str, name: str) -> Any:
        """Add a participant to the account; not yet to any webinar."""
        return self._ask(CREATE, "attendeesCreate", {"email": email, "name": name})

    def attendees_set(self, email: str, changes: Params) -> Any:
        """Change `newemail`, `name`, `phone`, `skype`, `company`, … of a participant."""
        return self._ask(CHANGE, "attendeesSet", {"email": email, **changes})

    def attendees_delete(self, emails: Addresses) -> Any:
        """Remove participants from the account."""
        return self._ask(CHANGE, "attendeesDelete", list(emails))

    def attendees_list(self, params: Params) -> Any:
        """Participants by `fields`, `alias`, `search`, `group`, `onPage`, `page` and more.

        `onPage` in Latin letters: the Cyrillic letter in the document's example is a slip.
        """
        return self._ask(READ, "attendeesList", params)

    def attendees_add_to_webinar(self, alias: str, emails: Addresses) -> Any:
        """Attach participants, who must exist, to a webinar; its letters go out to them."""
        return self._room(NOTIFY, "attendeesAddToWebinar", alias, attendees=list(emails))

    def attendees_remove_from_webinar(self, alias: str, emails: Addresses) -> Any:
        """Detach participants from a webinar."""
        return self._room(CHANGE, "attendeesRemoveFromWebinar", alias, attendees=list(emails))

    def attendees_rooms(self, email: str) -> Any:
        """The webinars of a participant, each with their personal link."""
        return self._ask(READ, "attendeesRooms", {"email": email})

    def attendees_create_group(self, name: str) -> Any:
        """Make a group. Doing it twice makes two of the same name."""
        return self._ask(CREATE, "attendeesCreateGroup", {"name": name})

    def attendees_groups_rename(self, group_id: str, name: str) -> Any:
        """Rename a group."""
        return self._ask(CHANGE, "attendeesGroupsRename", {"id": group_id, "newname": name})

    def attendees_delete_group(self, group_id: str) -> Any:
        """Delete a group; its people stay."""
        return self._ask(CHANGE, "attendeesDeleteGroup", {"id": group_id})

    def attendees_groups_list(self) -> Any:
        """All groups."""
        return self._ask(READ, "attendeesGroupsList")

    def attendees_assign_to_group(self, group_id: str, emails: Addresses) -> Any:
        """Put participants into a group."""
        told = {"group_id": group_id, "attendees": list(emails)}
        return self._ask(CHANGE, "attendeesAssignToGroup", told)

    def attendees_unassign_from_group(self, group_id: str, emails: Addresses) -> Any:
        """Take participants out of a group."""
        told = {"group_id": group_id, "attendees": list(emails)}
        return self._ask(CHANGE, "attendeesUnAssignFromGroup", told)

    def attendees_common_groups(self, emails: Addresses) -> Any:
        """The groups that these participants are in."""
        return self._ask(READ, "attendeesCommonGroups", list(emails))

    def attendees_unbanned(self, emails: Addresses) -> Any:
        """Take participants off the list of the blocked."""
        told = emails[0] if len(emails) == 1 else list(emails)
        return self._ask(CHANGE, "attendeesUnbanned", {"email": told})
