"""Operations on the server's logs."""

from typing import Annotated, Any

from integrations.base.errors import UnexpectedAnswer, restated
from integrations.base.texts import say
from integrations.trueconf.client.caller import READ, Caller, Params
from integrations.trueconf.payloads import (
    PLATFORM,
    Call,
    CallInvite,
    CallParticipant,
    CallRecord,
    ChatMessage,
    Event,
    Recording,
    Setting,
)

# A server may open its log to the secret key alone [seen: README].
CLOSED = say(
    "%(platform)s does not open its log to this login. Give the account the server's secret key: "
    "with it the log can be read.",
    platform=PLATFORM,
)


class Logs(Caller):
    """Topic "Logs" (v3.1; recordings v3.2).

    All lists take `page_id`, `page_size` (20 where it is not given, at most 1000), `sort_field`,
    `sort_order` (0 ascending), `date_from`, `date_to`, `timezone` (minutes), and filters.
    """

    def get_call_list(self, params: Params) -> Annotated[Any, list[Call]]:
        """Runs; filters `named_conf_id` (a conference), `class`."""
        return self._log("get call list", "calls", params=params)

    def get_call(self, session_id: str) -> Annotated[Any, Call]:
        """One run."""
        return self._log("get call", "calls", session_id)

    def get_call_participant_list(
        self, session_id: str, params: Params
    ) -> Annotated[Any, list[CallParticipant]]:
        """Who was in a run, and when."""
        return self._log(
            "get call participants", "calls", session_id, "participants", params=params
        )

    def get_call_invite_list(
        self, session_id: str, params: Params
    ) -> Annotated[Any, list[CallInvite]]:
        """Who called whom into a run."""
        return self._log("get call invites", "calls", session_id, "invites", params=params)

    def get_call_record_list(self, params: Params) -> Annotated[Any, list[CallRecord]]:
        """Recordings, the older list; the document prefers `get_recording_list`."""
        return self._log("get call record list", "records", params=params)

    def get_call_record(self, session_id: str) -> Annotated[Any, CallRecord]:
        """The recording of a run, from the older list."""
        return self._log("get call record", "records", session_id)

    def get_recording_list(self, params: Params) -> Annotated[Any, list[Recording]]:
        """Recordings (v3.2); filters `named_conf_id`, `owner`, `show_deleted`, `topic` (v3.7)."""
        return self._log("get recording list", "recordings", params=params)

    def get_recording(self, recording_id: str) -> Annotated[Any, Recording]:
        """One recording (v3.2)."""
        return self._log("get recording", "recordings", recording_id)

    def get_message_list(self, params: Params) -> Annotated[Any, list[ChatMessage]]:
        """Chat; filters `conference_id` (a run), `from_call_id`, `to_call_id`, `message`."""
        return self._log("get message list", "messages", params=params)

    def get_event_list(self, params: Params) -> Annotated[Any, list[Event]]:
        """What happened on the server; filters by object, type, `severity` (v3.7)."""
        return self._log("get event list", "events", params=params)

    def get_setting_list(self, params: Params) -> Annotated[Any, list[Setting]]:
        """Who changed which setting of the server."""
        return self._log("get setting list", "settings", params=params)

    def _log(self, operation: str, *path: str, **send: Any) -> Any:
        """Raises UnexpectedAnswer in plain words where the server keeps its log from a login."""
        try:
            return self._call(READ, "GET", operation, "logs", *path, **send)
        except UnexpectedAnswer as error:
            if error.status != 403 or self.http.permanent:
                raise
            raise restated(error, UnexpectedAnswer, CLOSED) from None
