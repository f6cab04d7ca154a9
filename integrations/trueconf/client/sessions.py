"""The login, running conferences, and what lets people into them."""

from collections.abc import Mapping
from typing import Annotated, Any

from integrations.trueconf.client.caller import CHANGE, NOTIFY, READ, Caller, Params
from integrations.trueconf.payloads import (
    CalledIn,
    ConferenceSession,
    Participant,
    ParticipantMoved,
    PodiumInvitation,
    SoftwareClient,
    Token,
)

SESSIONS = "conference-sessions"


class Sessions(Caller):
    """Topics "Authorization", "Conference Sessions" (v3.3), "Software Clients"."""

    def generate_token(self, fields: Mapping[str, str]) -> Annotated[Any, Token]:
        """Trade one grant for a token; this one address has no version."""
        return self.http.login.send_grant(fields)

    def get_conference_session(self, session_id: str) -> Annotated[Any, ConferenceSession]:
        """A run that goes on now (its id is the conference's `stream_id`)."""
        return self._call(READ, "GET", "get session", SESSIONS, session_id)

    def get_conference_session_participants(
        self, session_id: str, params: Params
    ) -> Annotated[Any, list[Participant]]:
        """Who is in it, with roles; `page_id`, `page_size`."""
        path = (SESSIONS, session_id, "participants")
        return self._call(READ, "GET", "get session participants", *path, params=params)

    def kick_participant(
        self, session_id: str, participant_id: str
    ) -> Annotated[Any, ParticipantMoved]:
        """Put somebody out (v3.9)."""
        path = (SESSIONS, session_id, "participants", participant_id)
        return self._call(CHANGE, "DELETE", "kick participant", *path)

    def invite_to_podium(
        self, session_id: str, fields: PodiumInvitation
    ) -> Annotated[Any, CalledIn]:
        """Ask `participant_id` to the podium; `force` (v3.4) does not ask."""
        path = (SESSIONS, session_id, "podiums", "participants")
        return self._call(NOTIFY, "POST", "invite to podium", *path, json=fields)

    def remove_from_podium(
        self, session_id: str, participant_id: str
    ) -> Annotated[Any, ParticipantMoved]:
        """Take somebody off the podium."""
        path = (SESSIONS, session_id, "podiums", "participants", participant_id)
        return self._call(CHANGE, "DELETE", "remove from podium", *path)

    def get_client_list(self, params: Params) -> Annotated[Any, list[SoftwareClient]]:
        """Programs to join with; `call_id`, `user`, and since v3.1 `case`, `lang`."""
        return self._call(READ, "GET", "get client list", "software", "clients", params=params)
