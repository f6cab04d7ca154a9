"""Operations on who is invited to a conference, who is in it, and its recordings."""

from collections.abc import Iterator
from typing import Annotated, Any

from integrations.trueconf.client.caller import CHANGE, CREATE, NOTIFY, READ, Caller, Params
from integrations.trueconf.payloads import (
    Invitation,
    InvitationChange,
    Participant,
    Record,
)


class Invitations(Caller):
    """Topics "Conferences Invitations", "Conferences Participants", "Conferences Records"."""

    def get_invitation_list(
        self, conference_id: str, params: Params | None = None
    ) -> Annotated[Any, list[Invitation]]:
        """Everybody who is invited, in one answer."""
        path = ("conferences", conference_id, "invitations")
        return self._linked(READ, "GET", "get invitation list", *path, params=params)

    def get_invitation(self, conference_id: str, invitation_id: str) -> Annotated[Any, Invitation]:
        """One invitation, by the user's id."""
        path = ("conferences", conference_id, "invitations", invitation_id)
        return self._linked(READ, "GET", "get invitation", *path)

    def add_invitation(
        self, conference_id: str, fields: InvitationChange
    ) -> Annotated[Any, Invitation]:
        """Invite a user by `id`; one who is invited already is refused."""
        path = ("conferences", conference_id, "invitations")
        return self._linked(CREATE, "POST", "add invitation", *path, json=fields)

    def edit_invitation(
        self, conference_id: str, invitation_id: str, fields: InvitationChange
    ) -> Annotated[Any, Invitation]:
        """Change `display_name` or `translator` (v3.9) of an invitation."""
        path = ("conferences", conference_id, "invitations", invitation_id)
        return self._linked(CHANGE, "PUT", "edit invitation", *path, json=fields)

    def delete_invitation(self, conference_id: str, invitation_id: str) -> Any:
        """Withdraw an invitation."""
        path = ("conferences", conference_id, "invitations", invitation_id)
        return self._call(CHANGE, "DELETE", "delete invitation", *path)

    def get_participant_list(
        self, conference_id: str, params: Params | None = None
    ) -> Annotated[Any, list[Participant]]:
        """Who is in the running conference."""
        path = ("conferences", conference_id, "participants")
        return self._linked(READ, "GET", "get participant list", *path, params=params)

    def get_participant(
        self, conference_id: str, participant_id: str
    ) -> Annotated[Any, Participant]:
        """One who is in it (v3.1)."""
        path = ("conferences", conference_id, "participants", participant_id)
        return self._linked(READ, "GET", "get participant", *path)

    def invite_participant(
        self, conference_id: str, participant_id: str
    ) -> Annotated[Any, Participant]:
        """Call one user into the running conference."""
        path = ("conferences", conference_id, "participants")
        body = {"participant_id": participant_id}
        return self._linked(NOTIFY, "POST", "invite participant", *path, json=body)

    def get_record_list(
        self, conference_id: str, params: Params | None = None
    ) -> Annotated[Any, list[Record]]:
        """The recordings of a conference, in one answer."""
        path = ("conferences", conference_id, "records")
        return self._linked(READ, "GET", "get record list", *path, params=params)

    def get_record(self, conference_id: str, name: str) -> Annotated[Any, Record]:
        """One recording, by the name of its file."""
        path = ("conferences", conference_id, "records", name)
        return self._linked(READ, "GET", "get record", *path)

    def download_record(self, conference_id: str, name: str) -> Iterator[bytes]:
        """A recording's film."""
        path = self._path("conferences", conference_id, "records", name, "download")
        return self.http.stream(path, "download record")
