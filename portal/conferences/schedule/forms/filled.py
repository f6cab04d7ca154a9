"""What stands in a schedule form that begins like another webinar, or from a template."""

from collections.abc import Iterable, Mapping
from typing import Any

from integrations.base.records import CONFERENCE_FIELDS, FLAG, OPTION_PREFIX
from portal.conferences import walltime
from portal.conferences.audience.forms.moderator import MOST_ROWS
from portal.conferences.mails.services import carried
from portal.conferences.models import (
    AskedPerson,
    Conference,
    ConferenceTemplate,
    DatePoll,
    ProposedTime,
)
from portal.conferences.schedule.forms.moment import FIRST, SECOND
from portal.conferences.schedule.forms.platform_fields import OFF, ON
from portal.conferences.schedule.forms.reminders import carried_pairs

CLOCK = "clock"
# What the next webinar has of its own; a password is typed again.
_OWN = {"starts_at"} | {field.name for field in CONFERENCE_FIELDS if field.secret}
NAMES = tuple(f.name for f in CONFERENCE_FIELDS if f.section and f.name not in _OWN)
FLAGS = frozenset(f.name for f in CONFERENCE_FIELDS if f.type == FLAG and f.name in NAMES)
_ROW = ("name", "email", "role")


def values_of(conference: Conference) -> dict[str, Any]:
    """What another webinar can have of it: canonical values, and the time of day."""
    found = {name: getattr(conference, name) for name in NAMES}
    found |= {f"{OPTION_PREFIX}{n}": v for n, v in conference.options.items() if v is not None}
    if conference.starts_at is not None:
        at = walltime.wall(conference.starts_at, conference.timezone)
        found[CLOCK] = f"{at:%H:%M}"
    return found


def moderators_of(conference: Conference) -> list[dict[str, str]]:
    """Who runs it, as far as the form has rows for them."""
    rows = conference.moderators.filter(removed_at=None)[:MOST_ROWS]
    return [{name: str(getattr(row, name)) for name in _ROW} for row in rows]


def typed_of(
    values: Mapping[str, Any], moderators: Iterable[Mapping[str, str]]
) -> list[tuple[str, str]]:
    """The same as the form sends it; a flag that is off is not sent."""
    found = [pair for name, value in values.items() if (pair := _typed(name, value))]
    rows = list(moderators)[:MOST_ROWS]
    if rows:
        found.append(("moderators-count", str(len(rows))))
    for number, row in enumerate(rows):
        found += [(f"moderators-{number}-{n}", str(row[n])) for n in _ROW if n in row]
    return found


def _typed(name: str, value: Any) -> tuple[str, str] | None:
    if name == CLOCK:
        return "time", str(value)
    if name.startswith(OPTION_PREFIX):
        asked = f"option_{name.removeprefix(OPTION_PREFIX)}"
        return asked, (ON if value else OFF) if isinstance(value, bool) else str(value)
    if name not in NAMES or value is None or value is False:
        return None
    return name, "on" if value is True else str(value)


def from_template(template: ConferenceTemplate) -> list[tuple[str, str]]:
    """A template as the form sends it."""
    return [
        *typed_of(template.values, template.moderators),
        *carried_pairs(template.reminders),
    ]


def from_conference(conference: Conference) -> list[tuple[str, str]]:
    """Another webinar as the form sends it, without its date."""
    pairs = typed_of(values_of(conference), moderators_of(conference))
    return [*pairs, *carried_pairs(carried.of(conference))]


def from_poll(
    poll: DatePoll, time: ProposedTime, people: Iterable[AskedPerson]
) -> list[tuple[str, str]]:
    """A time that was chosen in a date poll, with those who run it then. The form is the poll's own
    by its uid: what it makes is what the poll has led to, and is made once."""
    at = walltime.wall(time.starts_at, poll.timezone)
    second = walltime.is_second(time.starts_at, poll.timezone)
    moderators = [{"name": one.name or one.email, "email": one.email} for one in people]
    return [
        ("uid", str(poll.uid)),
        ("account", str(poll.account_id)),
        ("title", poll.title),
        ("timezone", poll.timezone),
        ("date", f"{at:%Y-%m-%d}"),
        ("time", f"{at:%H:%M}"),
        ("fold", SECOND if second else FIRST),
        ("duration_minutes", str(poll.duration_minutes)),
        *typed_of({}, moderators),
    ]
