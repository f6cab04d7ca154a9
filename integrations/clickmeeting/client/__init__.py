"""ClickMeeting's API, one method for each documented operation, named as the document names it.

Every method sends what it is given and answers the parsed JSON untouched: it may be anything, and
the annotation names its documented shape. (Downloads are pieces of bytes, a deletion's empty 204
is `DONE`.) Errors are those of `Http.answer`; "Effect" says what an unknown outcome means for each.
Values may be text, numbers, booleans, lists and mappings: they travel PHP style (`form_of`).
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Any

from integrations.base.http import Effect, Http
from integrations.base.ids import path_of
from integrations.clickmeeting import payloads
from integrations.clickmeeting.payloads import PLATFORM

# What a deletion that is confirmed without a word is answered with here.
DONE = "204 No Content"
READ, CHANGE, CREATE, NOTIFY = Effect.READ, Effect.CHANGE, Effect.CREATE, Effect.NOTIFY


class Client:
    """All 37 operations over one account's HTTP client."""

    def __init__(self, http: Http) -> None:
        self.http = http

    # Conferences

    def list_conferences(self, status: str) -> Annotated[Any, payloads.Rooms]:
        """All rooms by status (active, inactive); `active` is not paged."""
        return self._call(READ, "GET", "list conferences", "conferences", status)

    def list_inactive_conferences(self, page: int) -> Annotated[Any, payloads.Rooms]:
        """One page of 250 inactive rooms; pages count from 1."""
        return self._call(
            READ, "GET", "list conferences", "conferences", "inactive", params={"page": page}
        )

    def create_conference(
        self, fields: Annotated[Mapping[str, Any], payloads.RoomForm]
    ) -> Annotated[Any, payloads.RoomAnswer]:
        """Add a room."""
        return self._call(CREATE, "POST", "create conference", "conferences", form=fields)

    def get_conference(self, room_id: str) -> Annotated[Any, payloads.RoomAnswer]:
        """One room in full."""
        return self._call(READ, "GET", "get conference", "conferences", room_id)

    def update_conference(
        self, room_id: str, fields: Annotated[Mapping[str, Any], payloads.RoomForm]
    ) -> Annotated[Any, payloads.RoomAnswer]:
        """Change the given parameters of a room."""
        return self._call(CHANGE, "PUT", "update conference", "conferences", room_id, form=fields)

    def set_registration(self, room_id: str, enabled: bool) -> Annotated[Any, payloads.RoomAnswer]:
        """Turn a room's registration on or off."""
        return self.update_conference(room_id, {"registration": {"enabled": enabled}})

    def set_registration_template(
        self, room_id: str, enabled: bool, template: int
    ) -> Annotated[Any, payloads.RoomAnswer]:
        """Choose the registration form (1 to 3); `enabled` travels with it in the document."""
        registration = {"enabled": enabled, "template": template}
        return self.update_conference(room_id, {"registration": registration})

    def delete_conference(self, room_id: str) -> Annotated[Any, payloads.Confirmed | str]:
        """Delete a room; their support can bring it back for one month."""
        return self._call(CHANGE, "DELETE", "delete conference", "conferences", room_id)

    def list_skins(self) -> Annotated[Any, list[payloads.Skin]]:
        """The looks a room can have."""
        return self._call(READ, "GET", "list skins", "conferences", "skins")

    # Access

    def generate_tokens(self, room_id: str, how_many: int) -> Annotated[Any, payloads.Tokens]:
        """Make up to 1000 single-use access tokens for a token-protected room."""
        form = {"how_many": how_many}
        return self._room(CREATE, "POST", "generate access tokens", room_id, "tokens", form=form)

    def list_tokens(self, room_id: str) -> Annotated[Any, payloads.Tokens]:
        """All access tokens of a room, with whom they were sent to and when they were used."""
        return self._room(READ, "GET", "list access tokens", room_id, "tokens")

    def autologin_hash(
        self, room_id: str, fields: Annotated[Mapping[str, Any], payloads.PersonalLinkForm]
    ) -> Annotated[Any, payloads.PersonalLink]:
        """A personal entry for email, nickname, role (listener, presenter, host).

        `password` and `token` are for rooms that ask for one. Asking again is harmless.
        """
        what = "auto-login link"
        return self._room(CHANGE, "POST", what, room_id, "room", "autologin_hash", form=fields)

    def send_invitation(
        self, room_id: str, lang: str, fields: Annotated[Mapping[str, Any], payloads.InvitationForm]
    ) -> Annotated[Any, payloads.Confirmed]:
        """E-mail `attendees` (a list of {"email"}); `template` advanced or basic, `role`."""
        what = "send invitation"
        return self._room(NOTIFY, "POST", what, room_id, "invitation", "email", lang, form=fields)

    # Sessions

    def list_sessions(self, room_id: str) -> Annotated[Any, list[payloads.Session]]:
        """All runs of a room."""
        return self._room(READ, "GET", "list sessions", room_id, "sessions")

    def get_session(self, room_id: str, session_id: str) -> Annotated[Any, payloads.SessionDetail]:
        """One run, with when each visitor came and left."""
        return self._room(READ, "GET", "get session", room_id, "sessions", session_id)

    def list_session_attendees(
        self, room_id: str, session_id: str
    ) -> Annotated[Any, list[payloads.SessionAttendee]]:
        """The visitors of one run, with role, rating and poll answers."""
        what = "list attendees"
        return self._room(READ, "GET", what, room_id, "sessions", session_id, "attendees")

    def generate_pdf(
        self, room_id: str, session_id: str, lang: str
    ) -> Annotated[Any, payloads.Report]:
        """Order the report of a run, or ask how far it is; the same call does both."""
        path = (room_id, "sessions", session_id, "generate-pdf", lang)
        return self._room(READ, "GET", "generate report", *path)

    # Contacts, time zones, phone gateways

    def add_contact(
        self, fields: Annotated[Mapping[str, Any], payloads.ContactForm]
    ) -> Annotated[Any, payloads.Confirmed]:
        """Add a contact; one with the same address is updated."""
        return self._call(CHANGE, "POST", "add contact", "contacts", form=fields)

    def list_time_zones(self) -> Annotated[Any, list[str]]:
        """All time zone names."""
        return self._call(READ, "GET", "list time zones", "time_zone_list")

    def list_time_zones_of(self, country: str) -> Annotated[Any, list[str]]:
        """The time zones of a country (ISO 2 code)."""
        return self._call(READ, "GET", "list time zones", "time_zone_list", country)

    def list_phone_gateways(self) -> Annotated[Any, list[payloads.PhoneGateway]]:
        """The numbers by which one can dial in."""
        return self._call(READ, "GET", "list phone gateways", "phone_gateways")

    # Registrations

    def list_registrations(
        self, room_id: str, status: str
    ) -> Annotated[Any, list[payloads.Registration]]:
        """Registered participants of a room (status: all, active)."""
        return self._room(READ, "GET", "list registrations", room_id, "registrations", status)

    def register(
        self, room_id: str, fields: Annotated[Mapping[str, Any], payloads.RegistrationForm]
    ) -> Annotated[Any, payloads.Registered]:
        """Register a participant; `registration` holds 1 first name, 2 second name, 3 email."""
        return self._room(CREATE, "POST", "register", room_id, "registration", form=fields)

    def list_session_registrations(
        self, room_id: str, session_id: str
    ) -> Annotated[Any, list[payloads.Registration]]:
        """Registered participants of one run."""
        path = (room_id, "sessions", session_id, "registrations")
        return self._room(READ, "GET", "list registrations", *path)

    # Files

    def list_files(self) -> Annotated[Any, list[payloads.File]]:
        """The account's file library."""
        return self._call(READ, "GET", "list files", "file-library")

    def upload_file(self, name: str, content: bytes) -> Annotated[Any, payloads.File]:
        """Put a file into the account's library."""
        files = {"uploaded": (name, content)}
        return self._call(CREATE, "POST", "upload file", "file-library", files=files)

    def list_room_files(self, room_id: str) -> Annotated[Any, list[payloads.File]]:
        """The files of a room."""
        return self._call(READ, "GET", "list files", "file-library", "conferences", room_id)

    def upload_room_file(
        self, room_id: str, name: str, content: bytes
    ) -> Annotated[Any, payloads.File]:
        """Put a file into a room's library."""
        path = ("file-library", "conferences", room_id)
        files = {"uploaded": (name, content)}
        return self._call(CREATE, "POST", "upload file", *path, files=files)

    def get_file(self, file_id: str) -> Annotated[Any, payloads.File]:
        """One file's details."""
        return self._call(READ, "GET", "get file", "file-library", file_id)

    def delete_file(self, file_id: str) -> Annotated[Any, payloads.Confirmed | str]:
        """Remove a file from the library."""
        return self._call(CHANGE, "DELETE", "delete file", "file-library", file_id)

    def download_file(self, file_id: str) -> Iterator[bytes]:
        """A file's content."""
        return self.http.stream(
            path_of(PLATFORM, "file-library", file_id, "download"), "download file"
        )

    # Recordings

    def list_recordings(self, room_id: str) -> Annotated[Any, list[payloads.Recording]]:
        """All recordings of a room; their addresses are signed and expire."""
        return self._room(READ, "GET", "list recordings", room_id, "recordings")

    def delete_recordings(self, room_id: str) -> Annotated[Any, payloads.Confirmed | str]:
        """Delete all recordings of a room."""
        return self._room(CHANGE, "DELETE", "delete recordings", room_id, "recordings")

    def delete_recording(
        self, room_id: str, recording_id: str
    ) -> Annotated[Any, payloads.Confirmed | str]:
        """Delete one recording."""
        what = "delete recording"
        return self._room(CHANGE, "DELETE", what, room_id, "recordings", recording_id)

    # Chats, status

    def list_chats(self) -> Annotated[Any, list[payloads.Chat]]:
        """The chats of all sessions."""
        return self._call(READ, "GET", "list chats", "chats")

    def download_chat(self, session_id: str) -> Iterator[bytes]:
        """The chat of one session as a ZIP file."""
        return self.http.stream(path_of(PLATFORM, "chats", session_id), "download chat")

    def ping(self) -> Annotated[Any, payloads.Ping]:
        """Whether the API is there."""
        return self._call(READ, "GET", "ping", "ping")

    def _room(self, effect: Effect, method: str, operation: str, *path: str, **send: Any) -> Any:
        return self._call(effect, method, operation, "conferences", *path, **send)

    def _call(
        self,
        effect: Effect,
        method: str,
        operation: str,
        *path: str,
        form: Mapping[str, Any] | None = None,
        **send: Any,
    ) -> Any:
        if form is not None:
            send["data"] = form_of(form)
            send["hide"] = tuple(str(form[name]) for name in ("password", "token") if name in form)
        answer = self.http.answer(effect, method, path_of(PLATFORM, *path), operation, **send)
        if answer.status == 204 and method == "DELETE":
            return DONE
        return self.http.parse(answer, effect, operation)


def form_of(fields: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Flatten to a PHP form: `settings[x]`, `attendees[0][email]`, booleans as 1 and 0."""
    return [pair for name, value in fields.items() for pair in _pairs(name, value)]


def _pairs(name: str, value: Any) -> list[tuple[str, str]]:
    if isinstance(value, Mapping):
        return [p for key, item in value.items() for p in _pairs(f"{name}[{key}]", item)]
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [p for index, item in enumerate(value) for p in _pairs(f"{name}[{index}]", item)]
    return [(name, str(int(value)) if isinstance(value, bool) else str(value))]
