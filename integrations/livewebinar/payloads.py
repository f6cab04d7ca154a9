"""LiveWebinar's shapes on the wire: forms that are sent, answers as documented, seen or recorded.

The document shows hardly any answer; most keys are those that the vendor's own plugins read
[seen: README].
"""

from typing import Any, NotRequired, TypedDict

from integrations.base.payloads import Flag, Id, Moment, Text, Whole

PLATFORM = "LiveWebinar"

# Sent


class FormChoice(TypedDict):
    """The web form on entry; empty text instead takes it off."""

    id: int


class WidgetForm(TypedDict, total=False):
    """[Create Webinar/Meeting Room], [Update webinar]"""

    name: str
    agenda: str
    type: str  # permanent or scheduled
    status: str  # active or inactive
    start_date: str  # wall time in `timezone`
    duration: int  # minutes
    timezone: str
    password: str
    form: FormChoice | str


class PersonForm(TypedDict):
    """[Add panelist to webinar]"""

    emails: str
    role: str
    firstname: NotRequired[str]
    lastname: NotRequired[str]


# Answered


class Tokens(TypedDict, total=False):
    """Flat, or wrapped as `accessToken`; a login's token is called `token`. The document writes
    `expires_id` for `expires_in`."""

    token_type: str
    access_token: str
    token: str
    refresh_token: str
    expires_in: Whole
    expires_id: Whole


class WrappedTokens(TypedDict):
    """Tokens as the exchange of a code answers them."""

    accessToken: Tokens


class User(TypedDict, total=False):
    """[/me]: whose token it is."""

    id: Id
    email: str


class UserAnswer(TypedDict):
    """A user under `data`; it may also stand bare."""

    data: User


class Widget(TypedDict, total=False):
    """A webinar or meeting room."""

    id: Id
    token: str
    name: str
    type: str
    status: str
    start_date: Moment
    duration: Whole
    timezone: Text
    agenda: Text
    password: str | bool | None
    form: Any
    form_id: Any
    roles: Any
    hosted_at: Any
    created_at: Moment
    updated_at: Moment


class WidgetAnswer(TypedDict, total=False):
    """A room under `data` or `widget`; it may also stand bare, or alone in a list."""

    data: Widget | list[Widget]
    widget: Widget


class Pagination(TypedDict, total=False):
    """What a list says of itself, if anything."""

    total: Whole
    count: Whole
    per_page: Whole
    current_page: Whole
    total_pages: Whole
    last_page: Whole


class Meta(Pagination, total=False):
    """The same, or the same one step further down."""

    pagination: Pagination


class Widgets(TypedDict):
    """A page of rooms."""

    data: list[Widget]
    meta: NotRequired[Meta]


class PersonalLink(TypedDict, total=False):
    """[Add panelist to webinar]: an address, its token, or both."""

    personal_url: str
    personal_token: str


class PersonalLinkAnswer(TypedDict):
    """A personal link under `data`; it may also stand bare, or alone in a list."""

    data: PersonalLink | list[PersonalLink]


class Person(TypedDict, total=False):
    """A registrant or a participant."""

    id: Id
    name: Text
    nickname: Text
    first_name: Text
    last_name: Text
    email: Text
    role: Text
    status: Text
    registered_at: Moment
    created_at: Moment
    joined_at: Moment
    left_at: Moment


class Recording(TypedDict, total=False):
    """A recording; the plugins show its name and its address."""

    id: Id
    name: Text
    url: str
    duration: Whole
    size: Whole
    file_size: Whole
    started_at: Moment
    created_at: Moment


class RoomRows(TypedDict):
    """A page of what belongs to one room."""

    data: list[Person | Recording]
    meta: NotRequired[Meta]


class WebForm(TypedDict, total=False):
    """A form that people fill in before they enter."""

    id: Id
    name: str


class WebForms(TypedDict):
    """A page of the account's web forms."""

    data: list[WebForm]
    meta: NotRequired[Meta]


class App(TypedDict, total=False):
    """[Register client]: the credentials of an app."""

    client_id: str
    client_secret: str


class RoomAddress(TypedDict):
    """Nothing of the wire: a room's address, and the options of its embed code."""

    url: str
    embed: dict[str, str]


class Deleted(TypedDict, total=False):
    """An answer to a deletion; no document shows one. What is refused names an `error`."""

    error: Any
    data: Any
    status: Flag
