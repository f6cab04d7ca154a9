"""Kinds, records and drafts: the one vocabulary between every platform and the portal.

A `Record` is what a platform showed, a `Draft` is what we ask it to make. The values of `fields`
are canonical JSON: text is trimmed of nothing, an instant is ISO 8601 in UTC with a `Z` and whole
seconds, a duration is whole minutes (recordings: seconds), a zone is an IANA name.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from integrations.base.texts import _

Fields = Mapping[str, Any]


class Kind(StrEnum):
    """What a platform can hold, in the order in which it is synced."""

    ATTENDEE = "attendee"
    GROUP = "group"
    MEMBERSHIP = "membership"
    CONFERENCE = "conference"
    MODERATOR = "moderator"
    REGISTRATION = "registration"
    SESSION = "session"
    ATTENDANCE = "attendance"
    RECORDING = "recording"


TEXT, EMAIL, INSTANT, WHOLE, FLAG, ZONE = "text", "email", "instant", "whole", "flag", "zone"


@dataclass(frozen=True, slots=True)
class ConferenceField:
    """One field of a conference: what it holds, what staff call it, and what depends on it.

    `section` is the part of the schedule form that asks for it (basics, time, access); empty where
    it has a button of its own. `notified`: those who take part are told of another value. `ours`:
    the portal has a use for it even where a platform has no place for it. `secret`: it is sent and
    never shown, so the sync compares a fingerprint of it. `limited`: its label says all, and the
    form has no room for a platform's sentence beside it.
    """

    name: str
    type: str
    label: str
    section: str
    notified: bool = False
    ours: bool = False
    secret: bool = False
    limited: bool = False


# The one list of a conference's fields: the sync, the forms, their sections, the words on pages
# and the administration read it. Beside an entry here, a new field takes a column of the model
# with its migration, and the platforms that have it.
CONFERENCE_FIELDS = (
    ConferenceField("title", TEXT, _("Title"), "basics", notified=True, ours=True),
    ConferenceField("description", TEXT, _("Description"), "basics", ours=True),
    ConferenceField("room_type", TEXT, _("Kind of room"), "basics"),
    ConferenceField("permanent", FLAG, _("Permanent room"), "basics", notified=True),
    ConferenceField(
        "timezone", ZONE, _("Time zone"), "time", notified=True, ours=True, limited=True
    ),
    ConferenceField(
        "starts_at", INSTANT, _("Start"), "time", notified=True, ours=True, limited=True
    ),
    ConferenceField(
        "duration_minutes", WHOLE, _("Length"), "time", notified=True, ours=True, limited=True
    ),
    ConferenceField("access", TEXT, _("Who can enter"), "access"),
    ConferenceField("password", TEXT, _("Password"), "access", secret=True),
    ConferenceField("open", FLAG, _("Room open"), ""),
    ConferenceField(
        "registration_enabled", FLAG, _("Registration on the platform's page"), "access"
    ),
)


@dataclass(frozen=True, slots=True)
class KindSpec:
    """What every platform and the portal know of one kind.

    `fields` names each canonical field with its type. `parent` is the kind in which it stands.
    `names` are the fields with what somebody is called, where a platform may ask for a name that
    nobody has given. `plural` is what staff call the things of this kind.
    """

    plural: str
    fields: Mapping[str, str]
    parent: Kind | None = None
    names: tuple[str, ...] = ()


SPECS: dict[Kind, KindSpec] = {
    Kind.ATTENDEE: KindSpec(
        _("People"),
        {
            "email": EMAIL,
            "first_name": TEXT,
            "last_name": TEXT,
            "phone": TEXT,
            "company": TEXT,
            "country": TEXT,
        },
        names=("first_name", "last_name"),
    ),
    Kind.GROUP: KindSpec(_("Groups"), {"name": TEXT}),
    Kind.MEMBERSHIP: KindSpec(_("Members of groups"), {"email": EMAIL}, parent=Kind.GROUP),
    Kind.CONFERENCE: KindSpec(
        _("Webinars"),
        {field.name: field.type for field in CONFERENCE_FIELDS},
    ),
    Kind.MODERATOR: KindSpec(
        _("Moderators"),
        {"email": EMAIL, "name": TEXT, "role": TEXT},
        parent=Kind.CONFERENCE,
        names=("name",),
    ),
    Kind.REGISTRATION: KindSpec(
        _("Registrations"),
        # `answers`: what is asked beside (see `answers.py`).
        {"email": EMAIL, "first_name": TEXT, "last_name": TEXT, "answers": TEXT},
        parent=Kind.CONFERENCE,
        names=("first_name", "last_name"),
    ),
    Kind.SESSION: KindSpec(
        _("Sessions"),
        {"starts_at": INSTANT, "ends_at": INSTANT, "visitors": WHOLE, "peak": WHOLE},
        parent=Kind.CONFERENCE,
    ),
    Kind.ATTENDANCE: KindSpec(
        _("Attendance records"),
        {"email": EMAIL, "name": TEXT, "role": TEXT, "joined_at": INSTANT, "left_at": INSTANT},
        parent=Kind.SESSION,
    ),
    Kind.RECORDING: KindSpec(
        _("Recordings"),
        {"started_at": INSTANT, "duration_seconds": WHOLE, "size_bytes": WHOLE},
        parent=Kind.CONFERENCE,
    ),
}
# Views of that table, for whoever asks for one thing of many kinds.
PARENTS: dict[Kind, Kind] = {kind: spec.parent for kind, spec in SPECS.items() if spec.parent}
FIELDS: dict[Kind, Mapping[str, str]] = {kind: spec.fields for kind, spec in SPECS.items()}
NAMES: dict[Kind, tuple[str, ...]] = {kind: spec.names for kind, spec in SPECS.items()}

# Sent, never returned by a platform; the sync keeps only a fingerprint of them.
SECRET_FIELDS = frozenset(field.name for field in CONFERENCE_FIELDS if field.secret)
# What people say of themselves: it stands with them, and in no history, report or log.
PRIVATE_FIELDS = frozenset({"answers"})
# What one platform alone knows travels as "options.<name>", declared by its capabilities.
OPTION_PREFIX = "options."

_INSTANT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z")
_PYTHON_TYPES = {TEXT: str, EMAIL: str, INSTANT: str, WHOLE: int, FLAG: bool, ZONE: str}


@dataclass(frozen=True, slots=True)
class Record:
    """One object as a platform showed it.

    `external_id` is unique within account and kind; None where the platform answers a create
    without naming what it made. `facts` are shown to staff and kept; among them, `note` is a
    sentence that staff read beside the row, such as that the platform tells this person nothing.
    `volatile` may differ at each reading and is never compared. `partial` marks a listing row that
    must be completed by a get. `marker` is our own mark found in it, if the platform has a field
    that can carry one. `digest` is that of the platform's row, where a record is made of one row
    alone (see `undecoded`).
    """

    kind: Kind
    external_id: str | None
    fields: Fields
    parent_id: str | None = None
    facts: Fields = field(default_factory=dict)
    volatile: Fields = field(default_factory=dict)
    marker: str = ""
    partial: bool = False
    digest: str = field(default="", compare=False, repr=False)

    def __post_init__(self) -> None:
        check_fields(self.kind, self.fields)


@dataclass(frozen=True, slots=True)
class Draft:
    """What we ask a platform to make. `marker` is set where a field of it can carry one."""

    kind: Kind
    fields: Fields
    parent_id: str | None = None
    marker: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a listing. `total` is the whole listing's count where the platform states it.

    `digests` has one for each record where they are not decoded before somebody asks for them; an
    empty one is that of a record which cannot be told by its row.
    """

    records: Sequence[Record]
    total: int | None = None
    digests: Sequence[str] = ()

    def parts(self, most: int) -> Iterator["Page"]:
        """The same in parts of so many records: some platforms show all they have at once."""
        for start in range(0, len(self.records), most):
            some = slice(start, start + most)
            yield Page(self.records[some], self.total, self.digests[some])


def check_fields(kind: Kind, fields: Fields) -> None:
    """Raise ValueError for a field that the kind does not have, or of the wrong type."""
    known = FIELDS[kind]
    for name, value in fields.items():
        if name.startswith(OPTION_PREFIX):
            continue
        if name not in known:
            raise ValueError(f"{kind} has no field {name!r}")
        if value is not None and type(value) is not _PYTHON_TYPES[known[name]]:
            raise ValueError(f"{kind}.{name} must be {known[name]}, not {type(value).__name__}")


def instant(moment: datetime) -> str:
    """Write an aware datetime as the canonical UTC text, cut to whole seconds."""
    if moment.tzinfo is None:
        raise ValueError("an instant needs a time zone")
    return moment.astimezone(UTC).replace(microsecond=0, tzinfo=None).isoformat() + "Z"


def parse_instant(text: str) -> datetime:
    """Read the canonical UTC text back into an aware datetime. Raises ValueError."""
    if not _INSTANT.fullmatch(text):
        raise ValueError("not an instant as they are written here")
    return datetime.fromisoformat(text[:-1]).replace(tzinfo=UTC)
