"""What travels between us and a TrueConf Server: the shapes of its JSON, and its versions.

Each type has the name of the document's section "Objects" where there is one, and holds the fields
that the portal reads or sends, or that a recorded answer shows. An answer holds more, and may lack
any of them: older versions and other servers do. So a type says what the document promises; what
really came is read through `integrations.base.reading.Row`, which believes nothing.

Client methods are annotated `Annotated[Any, Shape]`: to the type checker an answer is anything, to
the reader it is the shape. UNIX times are seconds in UTC. "(v3.4)" is the first version of the API
that has a field.
"""

from typing import Any, TypedDict

PLATFORM = "TrueConf Server"

# The document describes v3 to v3.10. v3.11 is spoken by the vendor's own samples, and is taken to
# be what v3.10 is [seen: README].
VERSIONS = tuple("v3" if minor == 0 else f"v3.{minor}" for minor in range(12))
NEWEST = VERSIONS[-1]
# Servers since 5.0.3 list no conferences in this one [Get Conference List, v3.1].
LISTS_NOTHING = "v3.1"


def reaches(version: str, since: str) -> bool:
    """Whether `version` is `since` or newer; both are of `VERSIONS`."""
    return VERSIONS.index(version) >= VERSIONS.index(since)


# Conferences.


class Schedule(TypedDict, total=False):
    """When a conference is. It is one value to TrueConf and goes out whole."""

    type: int  # -1 none, 0 every week, 1 once
    start_time: int  # UNIX; of a weekly one the next start, which is only shown
    duration: int  # seconds
    days: list[str]  # weekly: English names, small letters
    time: str  # weekly: "11:30" by the server's own clock
    time_offset: int  # weekly, only shown: minutes of the server's clock from UTC at the next start


class Translator(TypedDict):
    """The two languages between which somebody translates."""

    languages: list[str]


class InvitedUser(TypedDict, total=False):
    """Somebody invited, as a conference names them (v3.1; a bare id in v3)."""

    id: str
    display_name: str
    translator: Translator | None  # v3.9


class Registration(TypedDict, total=False):
    """The form on TrueConf's own page (v3.4). It goes out whole, without `limit_reached`."""

    enabled: bool
    start_at: str | None  # UNIX, in a string; null: there is no limit
    end_at: str | None
    participants_limit_enabled: bool
    participants_limit: int | None
    allow_users_access: bool
    fields: dict[str, Any]
    limit_reached: bool  # TrueConf's own (v3.8)


# Each of the fourteen rights by its name, on or off; see `mapping.settings.RIGHTS`.
Rights = dict[str, bool]


class RightsByRole(TypedDict, total=False):
    """What guests and users may do in a conference (v3.1); it goes out whole."""

    guest: Rights
    user: Rights


class ConnectUrls(TypedDict, total=False):
    """Addresses for terminals (v3.2)."""

    sip_external: str | None
    sip: list[str]
    h323: list[str]


class ConferenceChange(TypedDict, total=False):
    """What "Edit Conference" takes; only the fields that change are sent."""

    topic: str
    description: str
    owner: str  # a login, or a uid
    type: int  # mode: 0 all on screen, 1 video lecture, 3 role-based
    schedule: Schedule
    allow_guests: bool  # a webinar, which guests may join; else a meeting of users
    allow_guests_audio_video: bool  # v3 alone; since then inside `rights`
    allow_guests_message: bool  # v3 alone
    rights: RightsByRole  # v3.1
    max_participants: int | None
    auto_invite: int  # 0 no, 1 when anybody joins, 2 when somebody invited joins
    allow_only_planned_participants: bool  # v3.1
    recording: int  # v3.1: 0 or 1
    tags: list[str]  # v3.1
    broadcast_enabled: bool  # v3.1
    broadcast_id: str | None  # v3.1: a preset
    pin: str | None  # v3.4; null takes it away
    registration: Registration  # v3.4
    meeting_room: str | None  # v3.4
    on_join_mute_mic: int  # v3.4: 0 or 1
    on_join_mute_camera: int  # v3.4: 0 or 1
    vad_selector: int  # v3.5: 0 or 1; who begins to speak is seen at once
    max_guests: int | None  # v3.6
    waiting_room_enabled: bool  # v3.7
    waiting_room_scope: str  # v3.7: all, unplanned, strangers, guests
    use_translation: bool  # v3.9
    expiration_time_updating_allowed: bool  # v3.9
    expiration_time_alert: int  # v3.9: seconds before the end
    disable_audio_remarks: bool  # v3.9
    join_options: list[str]  # v3.9: clients, webrtc, qr_code, terminal
    join_options_enabled: bool  # v3.10
    mcu_mode: bool  # v3.10


class NewConference(ConferenceChange, total=False):
    """What "Create Conference" takes besides; the owner must be among the invitations."""

    id: str  # digits, Latin letters, underscores; for good
    invitations: list[Any]  # of InvitedUser; of ids in v3
    template_id: str  # v3.1


class Conference(NewConference, total=False):
    """A conference as it is shown: under `conference`, or bare as v3 has it."""

    state: str  # stopped, starting, running, stopping
    stream_id: str | None  # v3.2: the run that goes on now
    stream_recording_state: int
    participants_lock_enabled: bool | None  # v3.7
    created_at: int  # UNIX (v3.1)
    origin_type: str  # v3.8: by which program it was made
    url: str  # the page at which people join
    webclient_url: str
    connect_urls: ConnectUrls  # v3.2
    deeplinks: dict[str, str]  # v3.2
    max_podiums: int
    pin_enabled: bool  # v3.4; `pin` itself is shown to the owner alone
    reminders_enabled: bool  # v3.7


class ConferenceState(TypedDict):
    """The answer to "Run Conference" and "Stop Conference"."""

    state: str  # starting or running, stopping or stopped


class Owner(TypedDict):
    """The answer to "Get Conference Owner" (v3.1)."""

    owner: str  # a login, or a uid


class Embedded(TypedDict, total=False):
    """HTML that shows a conference inside other pages."""

    webrtc: str


class Shared(TypedDict, total=False):
    """Where else a conference can be shown (v3.1)."""

    embedded: Embedded
    rtsp_url: str | None


class Calendars(TypedDict, total=False):
    """Addresses that put a conference into a calendar (v3.1)."""

    google: str
    outlook: str


class CallIn(TypedDict, total=False):
    """What "Conference Invite" takes (v3.1)."""

    participants: list[str]  # up to v3.4
    invitations: list[InvitedUser]  # since v3.5


class PodiumInvitation(TypedDict, total=False):
    """Who is asked to the podium (v3.3)."""

    participant_id: str
    force: bool  # v3.4: does not ask


class CalledIn(TypedDict):
    """The answer to "Conference Invite", and to an invitation to the podium."""

    invite: bool


class Notified(TypedDict):
    """The answer to "Conference Notify" (v3.3)."""

    result: bool


class SoftwareClient(TypedDict, total=False):
    """A program to join with [Get Client List]."""

    name: str
    type: str  # web, and others
    platform: str
    web_url: str
    download_url: str
    market_url: str


# People.


class GroupChange(TypedDict, total=False):
    """What "Create Group" and "Edit Group" take of what staff can set."""

    display_name: str


class Group(GroupChange, total=False):
    """A group of users."""

    id: str
    rights: list[str]


class UserChange(TypedDict, total=False):
    """What "Edit User" takes; only the fields that change are sent."""

    email: str
    display_name: str
    first_name: str
    last_name: str
    company: str
    mobile_phone: str


class NewUser(UserChange, total=False):
    """What "Create User" takes besides."""

    login_name: str
    password: str


class User(UserChange, total=False):
    """A user of the server."""

    id: str  # the login
    uid: str  # login@server (v3.1)
    login_name: str
    avatar: Any  # null, an address, or an object with one
    groups: list[Any]  # of Group; of ids in v3
    is_active: int  # 0 or 1
    status: int  # whether they are connected
    work_phone: str  # recorded
    home_phone: str  # recorded


class Invitation(User, total=False):
    """Somebody invited to a conference: a user with all that is shown of one, or a guest."""

    type: str  # "user", or "custom" for a guest, whose id may be the address
    is_owner: bool | int  # documented as the first, recorded (v3.1) as 0 or 1
    translator: Translator | None  # v3.9


class InvitationChange(TypedDict, total=False):
    """What "Add Invitation" and "Edit Invitation" take."""

    id: str
    display_name: str
    translator: Translator  # v3.9


class Participant(User, total=False):
    """Somebody who is in a running conference."""

    participant_id: str  # the uid, in lists of a session (v3.3)
    role: int  # v3.3; see `actions.live.ROLES`
    invite_time: int  # UNIX
    join_time: Any  # UNIX, or a LogDate in lists of a session


class ParticipantMoved(TypedDict):
    """Who was put out, or taken off the podium."""

    participant_id: str


class Contact(TypedDict, total=False):
    """An entry of a user's address book."""

    id: str
    display_name: str
    email: str
    first_name: str
    last_name: str
    company: str
    type: str
    owner: str | None  # null: shares a group with the user, and cannot be taken out


class ContactChange(TypedDict, total=False):
    """What "Add Contact" and "Edit Contact" take."""

    contact_id: str
    display_name: str


class UserState(TypedDict):
    """The answer to "Disconnect User" (v3.1)."""

    state: str  # disconnecting or disconnected


class Avatar(TypedDict):
    """A user's picture (v3.2); null where there is none."""

    avatar: Any


# What is running, and what is left behind.


class LogDate(TypedDict):
    """A time in the server's logs, by the zone that it names."""

    date: str  # "2018-04-11 15:17:43.649296"
    timezone_type: int
    timezone: str  # an IANA name, or an offset


class ConferenceSession(TypedDict, total=False):
    """A run that goes on now (v3.3)."""

    stream_id: str
    topic: str
    owner: str
    mode: int  # as a conference's `type`
    start_time: int  # UNIX


class Record(TypedDict, total=False):
    """A recording of a conference, named by its file."""

    name: str
    size: str  # bytes
    created: int  # UNIX
    download_url: str


# A word of Python's own, so it cannot stand below with the others.
_Class = TypedDict("_Class", {"class": int}, total=False)


class Call(_Class, total=False):
    """A run, as the log of calls tells it. Its `conference_id` is the run's own."""

    conference_id: str
    named_conf_id: str  # the conference's
    topic: str
    participant_count: int
    start_time: LogDate
    end_time: LogDate | None
    term_reason: int  # v3.9; see `mapping.after.ENDED`
    owner: str  # recorded, as the rest: what these numbers mean is not documented
    duration: int
    type: int
    subtype: int


class CallParticipant(TypedDict, total=False):
    """One visit to a run."""

    call_id: str  # the uid; of guests one that begins with #
    display_name: str
    email: str
    app_id: str
    join_time: LogDate
    leave_time: LogDate | None
    duration: int  # recorded, as the rest: seconds, and how well it was heard and seen
    leave_reason: int
    bitrate_in: int
    bitrate_out: int
    avg_cpu_load: int
    avg_sent_fps: float
    video_w: int
    video_h: int


class CallInvite(TypedDict, total=False):
    """Who called whom into a run."""

    call_id: str
    invited_call_id: str
    invite_time: LogDate
    is_accepted: bool


class CallRecord(TypedDict, total=False):
    """A recording in the older log, for servers before v3.2."""

    conference_id: str  # the run's
    name: str
    topic: str
    start_time: LogDate
    end_time: LogDate
    file_size: int
    is_deleted: bool


class Recording(TypedDict, total=False):
    """A recording in the log (v3.2)."""

    id: str
    name: str
    topic: str
    started_at: int  # UNIX; the document's table calls it created_at
    created_at: int
    stopped_at: int
    deleted_at: int | None
    size: str  # bytes


class ChatMessage(TypedDict, total=False):
    """One message of a chat."""

    id: str
    time_stamp: LogDate
    from_call_id: str
    from_display_name: str
    to_call_id: str
    message: str


class Event(TypedDict, total=False):
    """What happened on the server."""

    id: str
    created_at: LogDate
    event_type: str
    object_name: str
    severity: str  # v3.7: low, middle, high


class Setting(TypedDict, total=False):
    """Who changed which setting of the server."""

    id: str
    created_at: LogDate
    user_name: str
    object_type: str
    action_type: str
    comment: str


# Templates, presets, login.


class TemplateChange(TypedDict, total=False):
    """What "Create Conference Template" and "Edit Conference Template" take (v3.1)."""

    name: str
    object: NewConference


class Template(TemplateChange, total=False):
    """A template of conferences."""

    id: str
    creator_id: str
    created_at: int  # UNIX
    updated_at: int


class PresetPayload(TypedDict, total=False):
    """How a broadcast is sent. Other types of preset hold the keys of a service here."""

    audio_codec: str
    video_codec: str


class PresetChange(TypedDict, total=False):
    """What "Create Preset" and "Edit Preset" take (v3.3)."""

    name: str
    type: str
    payload: PresetPayload


class Preset(PresetChange, total=False):
    """A preset of broadcasts."""

    id: str


class Token(TypedDict, total=False):
    """The answer to "Generate Token"."""

    access_token: str
    expires_in: int  # seconds
    refresh_token: str


class ErrorDetail(TypedDict, total=False):
    """One thing that was wrong with a request."""

    reason: str
    message: str
    location: str  # the parameter
    locationType: str  # "path" where the parameter is a part of the address


class Error(TypedDict, total=False):
    """Why a request is refused."""

    code: int
    message: str
    errors: list[ErrorDetail]


class ErrorAnswer(TypedDict, total=False):
    """How a request is refused; the login has two other shapes (see `client.login`)."""

    error: Error
    reason: str
