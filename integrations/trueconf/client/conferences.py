"""Operations on conferences."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Any

from integrations.base.errors import RequestRejected
from integrations.trueconf.client.caller import CHANGE, CREATE, NOTIFY, READ, Caller, Params
from integrations.trueconf.payloads import (
    Calendars,
    CalledIn,
    CallIn,
    Conference,
    ConferenceChange,
    ConferenceState,
    NewConference,
    Notified,
    Owner,
    Shared,
)


class Conferences(Caller):
    """Topic "Conferences" of the document."""

    def get_conference_list(self, params: Params) -> Annotated[Any, list[Conference]]:
        """Conferences; `page_id`, `page_size` and `tag` since v3.1 (v3 answers all at once)."""
        return self._linked(READ, "GET", "get conference list", "conferences", params=params)

    def get_conference(self, conference_id: str) -> Annotated[Any, Conference]:
        """One conference in full."""
        return self._linked(READ, "GET", "get conference", "conferences", conference_id)

    def create_conference(self, fields: NewConference) -> Annotated[Any, Conference]:
        """Make a conference; its owner must be among `invitations`."""
        return self._call(
            CREATE, "POST", "create conference", "conferences", json=fields, hide=_pin(fields)
        )

    def edit_conference(
        self, conference_id: str, fields: ConferenceChange
    ) -> Annotated[Any, Conference]:
        """Change the given fields. `invitations` would replace the whole list."""
        return self._linked(
            CHANGE,
            "PUT",
            "edit conference",
            "conferences",
            conference_id,
            json=fields,
            hide=_pin(fields),
        )

    def delete_conference(self, conference_id: str) -> Any:
        """Remove a conference that is not running."""
        return self._conference(CHANGE, "DELETE", "delete conference", conference_id)

    def run_conference(self, conference_id: str) -> Annotated[Any, ConferenceState]:
        """Launch it; answers `state` running or starting."""
        return self._conference(CHANGE, "POST", "run conference", conference_id, "run")

    def stop_conference(self, conference_id: str) -> Annotated[Any, ConferenceState]:
        """End it; answers `state` stopped or stopping."""
        return self._conference(CHANGE, "POST", "stop conference", conference_id, "stop")

    def conference_record_start(self, conference_id: str) -> None:
        """Start or continue the recording (v3.1)."""
        self._accepted("start recording", "conferences", conference_id, "start-record")

    def conference_record_pause(self, conference_id: str) -> None:
        """Pause the recording (v3.1)."""
        self._accepted("pause recording", "conferences", conference_id, "pause-record")

    def conference_record_stop(self, conference_id: str) -> None:
        """End the recording (v3.1)."""
        self._accepted("stop recording", "conferences", conference_id, "stop-record")

    def conference_invite(self, conference_id: str, fields: CallIn) -> Annotated[Any, CalledIn]:
        """Call people in (v3.1): `participants` up to v3.4, `invitations` since v3.5."""
        what = "invite to conference"
        return self._conference(NOTIFY, "POST", what, conference_id, "invite", json=fields)

    def conference_notify(self, conference_id: str) -> Annotated[Any, Notified]:
        """E-mail everybody who is invited (v3.3).

        The document's address says `conference`, its example `conferences`: where the server
        does not know the first, the second is asked. Neither has mailed anybody by then.
        """
        operation = "notify by e-mail"
        try:
            return self._call(NOTIFY, "POST", operation, "conference", conference_id, "notify")
        except RequestRejected as error:
            if error.status not in (404, 405):
                raise
        return self._conference(NOTIFY, "POST", operation, conference_id, "notify")

    def get_conference_calendars(
        self, conference_id: str, params: Params
    ) -> Annotated[Any, Calendars]:
        """Addresses that put it into a calendar (v3.1); `lang`."""
        what = "get calendars"
        return self._conference(READ, "GET", what, conference_id, "calendars", params=params)

    def get_conference_ics(self, conference_id: str) -> Iterator[bytes]:
        """Its calendar file (v3.1)."""
        path = self._path("conferences", conference_id, "ics")
        return self.http.stream(path, "get calendar file")

    def get_conference_owner(self, conference_id: str) -> Annotated[Any, Owner]:
        """Who owns it (v3.1)."""
        return self._conference(READ, "GET", "get owner", conference_id, "owner")

    def share_conference(self, conference_id: str) -> Annotated[Any, Shared]:
        """Code that shows it inside other pages (v3.1)."""
        return self._conference(READ, "GET", "share conference", conference_id, "shared")

    def _conference(self, effect: Any, method: str, operation: str, *path: str, **send: Any) -> Any:
        return self._call(effect, method, operation, "conferences", *path, **send)


def _pin(fields: Mapping[str, Any]) -> tuple[str, ...]:
    return (str(fields["pin"]),) if fields.get("pin") else ()
