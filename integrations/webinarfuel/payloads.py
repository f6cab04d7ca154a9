"""WebinarFuel's shapes on the wire: bodies that are sent, answers as documented.

The document lists no attributes of a registrant: those are the ones that can be sent.
"""

from typing import Any, NotRequired, TypedDict

from integrations.base.payloads import Flag, Id, Moment, Text, Whole

PLATFORM = "WebinarFuel"

# Sent


class NewRegistrant(TypedDict):
    """Who is registered, by address; who exists is updated with what is given beside it."""

    email: str
    first_name: NotRequired[str]
    last_name: NotRequired[str]
    phone: NotRequired[str]
    custom_fields: NotRequired[dict[str, Any]]  # named in [OneClick]


class ChosenSession(TypedDict):
    """The date that somebody is registered for."""

    webinar_session_id: int
    scheduled_at: NotRequired[str]
    time_zone: NotRequired[str]


class RegistrationBody(TypedDict):
    """[Create Registrant]"""

    webinar_id: int
    registrant: NewRegistrant
    session: ChosenSession


class RegistrantChanges(TypedDict, total=False):
    """[Update a Registrant]; tags are never sent."""

    first_name: str
    last_name: str
    phone: str


# Answered


class Meta(TypedDict, total=False):
    """[Pagination]"""

    page: Whole
    per_page: Whole
    total_items: Whole
    total_pages: Whole


class Session(TypedDict, total=False):
    """One date of a webinar, or a rule for many of them, which has no `scheduled_at`."""

    id: Id
    scheduled_at: Moment
    formatted_scheduled_at: Text


class Host(TypedDict, total=False):
    """A host of a webinar."""

    email: Text
    first_name: Text
    last_name: Text
    bio: Text
    organizer: Flag
    avatar_url: Text


class Webinar(TypedDict, total=False):
    """[Webinar]; `timezone` was seen beside the document's `time_zone`."""

    id: Id
    name: str
    description: Text
    time_zone: Text
    timezone: Text
    sessions: list[Session] | None
    hosts: list[Host] | None


class WebinarAnswer(TypedDict):
    """A webinar under its name; it may also stand bare."""

    webinar: Webinar


class Webinars(TypedDict):
    """[Retrieve all Webinars]"""

    webinars: list[Webinar]
    meta: NotRequired[Meta]


class Registrant(TypedDict, total=False):
    """[Registrant]"""

    id: Id
    email: Text
    first_name: Text
    last_name: Text
    phone: Text
    tags: list[Any] | None
    custom_fields: Any


class RegistrantAnswer(TypedDict):
    """A registrant under its name; it may also stand bare."""

    registrant: Registrant


class Registrants(TypedDict):
    """[Retrieve all Registrants]"""

    registrants: list[Registrant]
    meta: NotRequired[Meta]


class Calendars(TypedDict, total=False):
    """Addresses of calendar entries."""

    ics: Text
    google: Text
    vcs: Text


class RegistrantSession(TypedDict, total=False):
    """[Registrant Session]: one person on one date of a webinar."""

    cid: Id
    webinar_id: Id
    webinar_session_id: Id
    registrant_id: Id
    scheduled_at: Moment
    scheduled_at_in_time_zone: Moment
    time_zone: Text
    canceled: Flag
    attended: Flag
    attended_time: Whole
    watched: Flag
    join_url: Text
    replay_url: Text
    encore_url: Text
    calendar_urls: Calendars | list[Any] | None
    source: Text
    referrer: Text
    utm_source: Text
    utm_medium: Text
    utm_campaign: Text
    utm_term: Text
    utm_content: Text
    country: Text
    province: Text
    city: Text
    device: Text
    os: Text
    browser: Text


class RegistrantSessionAnswer(TypedDict, total=False):
    """A registrant session in its envelope; it may also stand bare."""

    session: RegistrantSession
    registrant_session: RegistrantSession


class RegistrantSessions(TypedDict):
    """[Retrieve all Registrant Sessions]"""

    sessions: list[RegistrantSession]
    meta: NotRequired[Meta]
