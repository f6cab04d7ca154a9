"""ClickMeeting's shapes on the wire: forms that are sent, answers as documented and recorded.

All that a recorded answer shows is named; of other keys those that a document explains, or that
something here reads.
"""

from typing import Any, Literal, NotRequired, TypedDict

from integrations.base.payloads import Flag, Id, Moment, Text, Whole

PLATFORM = "ClickMeeting"

# Sent


class Registering(TypedDict, total=False):
    """The switch of a room's own registration page, and which of its forms is shown."""

    enabled: bool
    template: int


class RoomForm(TypedDict, total=False):
    """[Adding new conference room], [Editing Room Parametres]"""

    name: str
    room_type: str
    permanent_room: bool
    access_type: int | str
    password: str
    lobby_description: str
    lobby_enabled: bool
    starts_at: str
    duration: str  # hours:minutes
    timezone: str
    status: str
    custom_room_url_name: str
    registration: Registering
    settings: dict[str, Any]


class Confirming(TypedDict):
    """Whether ClickMeeting writes to who is registered, and in which language."""

    enabled: bool
    lang: NotRequired[str]


class RegistrationForm(TypedDict):
    """[Register participant]: 1 first name, 2 last name, 3 e-mail."""

    registration: dict[int, str]
    confirmation_email: Confirming


class ContactForm(TypedDict, total=False):
    """[Method add new contact into account]"""

    email: str
    firstname: str
    lastname: str
    phone: str
    company: str
    country: str


class PersonalLinkForm(TypedDict):
    """[Auto-login url to meeting room]"""

    email: str
    nickname: str
    role: str
    password: NotRequired[str]
    token: NotRequired[str]


class InvitationForm(TypedDict):
    """[Send invitation email]"""

    attendees: list[dict[str, str]]
    role: NotRequired[str]
    template: NotRequired[str]


# Answered


class Room(TypedDict, total=False):
    """A room; a listing may leave out what the details show."""

    id: Id
    room_type: str
    room_pin: Id
    name: str
    name_url: str
    starts_at: Moment
    ends_at: Moment
    access_type: Whole
    lobby_enabled: Flag
    lobby_description: Text
    registration_enabled: Flag
    status: str
    timezone: str
    timezone_offset: Whole
    permanent_room: Flag
    access_role_hashes: dict[str, str]
    phone_presenter_pin: Whole
    phone_listener_pin: Whole
    autologin_hash: str  # recorded; of who owns the account
    autologin_hashes: dict[str, str]  # recorded
    widgets_hash: str
    recorder_list: list[str]
    settings: dict[str, Any] | list[Any]  # PHP writes an empty object as a list
    created_at: Moment
    updated_at: Moment
    room_url: str
    embed_room_url: str


class ActiveRooms(TypedDict):
    """[Generating a list of meeting rooms], status active."""

    active_conferences: list[Room]


class InactiveRooms(TypedDict):
    """The same, status inactive: one page of 250."""

    inactive_conferences: list[Room]


# Of one status they were recorded without an envelope (2016), of both with the two.
Rooms = ActiveRooms | InactiveRooms | list[Room]


class RoomAnswer(TypedDict, total=False):
    """A room under `conference` or `room`; it may also stand bare, or alone in a list."""

    conference: Room
    room: Room


class Skin(TypedDict):
    """[List of room skins]"""

    id: NotRequired[Id]  # recorded
    name: str
    thumbnail_url: NotRequired[str]


class Token(TypedDict):
    """An access token; `sent_to_email` is null while it was given to nobody."""

    token: str
    sent_to_email: Text
    first_use_date: Moment


class Tokens(TypedDict):
    """[Access token generation], [Get generated access tokens]"""

    access_tokens: list[Token]


class PersonalLink(TypedDict):
    """[Auto-login url to meeting room]"""

    autologin_hash: str


class Confirmed(TypedDict, total=False):
    """An answer that only confirms: the key is a different one for each operation."""

    result: str
    status: str
    STATUS: str
    response: str


class Session(TypedDict, total=False):
    """A run of a room; the detail leaves its `id` out."""

    id: Id
    total_visitors: Whole
    max_visitors: Whole
    start_date: Moment
    end_date: Moment


class Visit(TypedDict, total=False):
    """One visit in the detail of a session."""

    id: Id
    login: str
    email: Text
    start_date: Moment
    end_date: Moment


class SessionDetail(Session, total=False):
    """[Getting data of a particular room session]"""

    attendees: list[Visit]
    pdf: dict[str, Any]


class SessionAttendee(TypedDict, total=False):
    """[Getting data of all session attendees]"""

    uid: Id
    id: Id
    nickname: str
    email: Text
    role: str
    device: Text
    rating: Text
    rating_comment: Text
    polls: Any
    start_date: Moment  # recorded, as the other two
    end_date: Moment
    user_ip: str


class Report(TypedDict):
    """[PDF report generating]"""

    status: Literal["NEW", "IN_PROGRESS", "IN PROGRESS", "FINISHED", "FAILED"]
    progress: Whole
    url: NotRequired[Text]


class Registration(TypedDict, total=False):
    """[Get all registered participants]; `fields` is labelled in the language of the form."""

    id: Id
    session_id: Whole
    registration_date: Moment
    registration_confirmed: Text
    fields: dict[str, Text] | list[Any]
    email: Text
    visitor_nickname: Text
    url: str  # recorded, as the rest: the personal link, and the word in it
    r: str
    http_referer: Text
    geo: dict[str, Text]


class Registered(Confirmed, total=False):
    """[Register participant]: a personal link, and no identifier."""

    url: str
    r: str  # recorded: the word in the link
    exist: Flag


class File(TypedDict, total=False):
    """[Get file details]"""

    id: Id
    name: str
    document_type: str
    status: str
    status_message: Text
    conversion_progress: Whole
    upload_date: Moment
    created_at: Moment  # recorded
    url: str


class Recording(TypedDict, total=False):
    """[Get recordings list]; the address is signed and expires."""

    id: Id
    recording_duration: Whole
    recorder_started: Moment
    recorder_start_date: Moment  # recorded
    recording_file_size: Whole
    recording_url: str


class Chat(TypedDict, total=False):
    """[Get list of chats]: that of one session, whose id it has."""

    id: Id
    name: str
    date: str
    time: str
    timezone: str
    download_link: str


class PhoneGateway(TypedDict, total=False):
    """[Phone gateways]"""

    code: str
    location: str
    value: str


class Ping(TypedDict):
    """[Ping]"""

    ping: Literal["pong"]
