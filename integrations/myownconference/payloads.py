"""What travels between us and MyOwnConference: the shapes of its JSON.

Each type holds the fields that the portal reads or sends; an answer holds more. A type says what
the document promises; what really came is read through `integrations.base.reading.Row`, which
believes nothing. Client methods are annotated `Annotated[Any, Shape]`: to the type checker an
answer is anything, to the reader it is the shape.

Numbers and flags are answered as text: "60", "1" or "YES". Times are text `YYYY-MM-DD HH:MM:SS` by
the clock of the profile, unless something else is said.
"""

from typing import Any, TypedDict

PLATFORM = "MyOwnConference"


class Command(TypedDict):
    """The JSON in the form field `request` [Request format]."""

    key: str
    action: str
    params: Any  # an object, a list, or [] for none


class Refusal(TypedDict):
    """What stands under `response` where a command is refused, with status 200."""

    error: str


class Success(TypedDict):
    """What stands under `response` where a change is confirmed."""

    success: str


# The account.


class ProfileChange(TypedDict, total=False):
    """What profileSet takes of what staff can set."""

    name: str
    language: str
    company: str
    subscribe: str  # YES or NO


class Profile(ProfileChange, total=False):
    """The profile of the account [Getting user profile]."""

    email: str
    timezone: str  # minutes from GMT
    timemove: str  # whether summer time is taken into account


class ModeratorQuery(TypedDict, total=False):
    """What moderatorsList takes; no fields are all."""

    fields: list[str]
    alias: str  # of one webinar
    search: str


class Moderator(TypedDict, total=False):
    """A moderator of the account."""

    email: str
    name: str
    main: str  # the one to whom the account belongs, a flag
    avatar: str  # whether there is one, a flag
    registered: str


class ModeratorChange(TypedDict, total=False):
    """What moderatorsSet takes."""

    newEmail: str
    newName: str
    avatar: str  # a picture in Base64


# Participants and groups.


class AttendeeQuery(TypedDict, total=False):
    """What attendeesList takes."""

    fields: list[str]
    search: str
    alias: str  # of one webinar; only then `link` is shown
    group: str  # of one group, by its id
    orderField: str
    order: str  # ASC or DESC
    onPage: int
    page: int  # from 1


class AttendeeChange(TypedDict, total=False):
    """What attendeesSet takes of what staff can set."""

    name: str  # first and last name in one
    phone: str
    company: str


class Attendee(AttendeeChange, total=False):
    """A participant of the account; some have no address."""

    email: str
    department: str
    city: str
    country: str
    type: str
    creation_date: str
    link: str  # the personal one


class AttendeeList(TypedDict):
    """The answer to attendeesList."""

    count: str
    list: list[Attendee]


class Group(TypedDict):
    """A group of participants; the list of them comes in a list."""

    id: str
    name: str


class GroupMade(Success):
    """The answer to attendeesCreateGroup."""

    group_id: str


# Webinars.


class NewWebinar(TypedDict, total=False):
    """What webinarsCreate takes [Planning and creating a webinar]."""

    name: str
    description: str
    start: str
    duration: int  # minutes


class RoomSettingsChange(TypedDict, total=False):
    """The settings of a room as they are written, beside the flags of `mapping.settings.FLAGS`
    (YES or NO). A recording mode is told by a key of its name, without a value."""

    themebg: str
    themetext: str
    loginfields: list[str]
    group: str  # its id


class WebinarChange(NewWebinar, total=False):
    """What webinarsSet takes [Updating the settings of the scheduled webinar]."""

    language: str
    close: str  # private: YES or NO
    settings: RoomSettingsChange
    logo: str  # a picture in Base64
    logotype_url: str
    banner: str  # a picture in Base64
    banner_url: str


class Theme(TypedDict, total=False):
    """The colours of a room as they are read."""

    bg: str
    text: str


class RoomSettings(TypedDict, total=False):
    """The settings of a room as they are read, beside the same flags (1 or 0)."""

    theme: Theme
    loginFields: list[str]
    group: str  # its name


class WebinarQuery(TypedDict, total=False):
    """What webinarsList takes; no fields are all."""

    fields: list[str]
    status: str  # ACTIVE or FINISHED
    date: str


class WebinarRow(TypedDict, total=False):
    """A webinar in webinarsList: neither duration nor status."""

    alias: str
    name: str
    description: str
    language: str
    start: str
    created: str  # in GMT


class Webinar(WebinarRow, total=False):
    """The answer to webinarsGetInfo."""

    duration: str  # minutes
    status: str  # ACTIVE, FINISHED, and others that are not documented
    close: str
    settings: RoomSettings
    records: str  # how many


class WebinarMade(Success):
    """The answer to webinarsCreate and webinarsClone; no other answer shows the links."""

    alias: str
    webinarLink: str
    mainModeratorLink: str


class PersonalWebinar(TypedDict, total=False):
    """A webinar of a participant (attendeesRooms) or a moderator (moderatorsRooms)."""

    alias: str
    name: str
    start: str
    duration: str  # minutes
    attendeeLink: str
    moderatorLink: str


class LetterChange(TypedDict, total=False):
    """What webinarsSetLetters takes."""

    enabled: str  # YES or NO
    text: str  # HTML; empty removes it


class Letter(LetterChange, total=False):
    """A letter of a webinar; `enabled` is read as 1 or 0. They come in an object by their type."""

    status: str


# While a webinar runs, and afterwards.


class Present(TypedDict, total=False):
    """Somebody who is in a running webinar."""

    name: str
    email: str


class Online(TypedDict):
    """The answer to webinarsOnlineList."""

    moderators: list[Present]
    guests: list[Present]


class Bot(TypedDict, total=False):
    """A virtual attendee."""

    id: str
    name: str
    country: str  # in two letters


class BotMade(Success):
    """The answer to webinarsAddBotToRoom."""

    id: str


class Recording(TypedDict, total=False):
    """A recording of a webinar."""

    id: str
    name: str
    added: str  # by which clock is not said
    duration: str  # seconds
    size: str  # bytes
    status: str
    link: str
    download_link: str


class File(TypedDict, total=False):
    """A file of a webinar."""

    id: str
    name: str
    added: str  # by which clock is not said
    duration: str  # slides of a presentation, seconds of media
    size: str  # bytes
    link: str
    download_link: str


class HistoryEntry(TypedDict, total=False):
    """A row of webinarsHistory, named by its columns in their order."""

    at: str  # by which clock is not said
    name: str
    text: str  # of a message; of a visit it is not documented
    role: str  # g an attendee, m a moderator
    email: str  # may be missing


# As it travels: an array of these columns.
HistoryRow = list[str]
