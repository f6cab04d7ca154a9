"""What a conference holds, in the records' canonical words, and what differs after an edit."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy

from integrations.base.records import (
    CONFERENCE_FIELDS,
    FIELDS,
    OPTION_PREFIX,
    PRIVATE_FIELDS,
    Kind,
    instant,
)
from integrations.base.texts import _
from portal.common.errors import Stale
from portal.common.reader import headings
from portal.conferences.models import Conference
from portal.platforms.models import PlatformAccount

FIELD_NAMES = tuple(FIELDS[Kind.CONFERENCE])
# What changes a calendar entry: people who were invited must hear of it.
# What lets somebody in stands in no history, and on no page beside an old value.
HIDDEN = {"password", "join_url", *PRIVATE_FIELDS}
NOTIFIED_FIELDS = frozenset(field.name for field in CONFERENCE_FIELDS if field.notified)
# What a permanent room has none of on its platform. Where Lectern keeps dates of it, they are here.
OF_DATES = ("starts_at", "duration_minutes")
ATTEMPTS = 3  # to lock a row that is replaced by another one meanwhile
SOMEBODY_ELSE = gettext_lazy(
    "Somebody else changed this webinar while you were editing it. What you typed is kept below; "
    "look at the differences, then save again."
)

# What staff call a field: of a conference as its one list says, of people as in a list of them.
LABELS = {field.name: field.label for field in CONFERENCE_FIELDS} | {
    **{name: headings.LABELS[name] for name in ("email", "first_name", "last_name")},
    "draft": _("Draft"),
    "name": _("Name"),
    "role": _("Role"),
    "join_url": _("Personal link"),
    "answers": _("Answers"),
    "room_pin": _("Room pin"),
    "phone_presenter_pin": _("Phone presenter pin"),
    "phone_listener_pin": _("Phone listener pin"),
}


def label_of(name: str, account: PlatformAccount | None = None) -> str:
    """What staff call a field, to be translated where it is shown; an option by the name that the
    account's platform gives it."""
    if name in LABELS:
        return LABELS[name]
    short = name.removeprefix(OPTION_PREFIX)
    own = {one.name: one.label for one in account.capabilities.options} if account else {}
    return own.get(short) or short.replace("_", " ").capitalize()


def snapshot(conference: Conference) -> dict[str, Any]:
    """Every synced field as JSON: instants as UTC text, options as `options.<name>`."""
    plain = {name: canonical(getattr(conference, name)) for name in FIELD_NAMES}
    if conference.permanent:
        plain |= dict.fromkeys(OF_DATES)
    return plain | {f"{OPTION_PREFIX}{k}": v for k, v in conference.options.items()}


def canonical(value: Any) -> Any:
    """A value as the records write it."""
    return instant(value) if isinstance(value, datetime) else value


def differing(conference: Conference, values: Mapping[str, Any]) -> dict[str, Any]:
    """Those of the given values that the conference does not hold already."""
    held = snapshot(conference)
    return {name: v for name, v in values.items() if canonical(v) != held.get(name)}


def put(conference: Conference, values: Mapping[str, Any]) -> None:
    """Set values on the row, without saving it."""
    options = dict(conference.options)
    for name, value in values.items():
        if name.startswith(OPTION_PREFIX):
            options[name.removeprefix(OPTION_PREFIX)] = value
        else:
            setattr(conference, name, value)
    conference.options = options


def locked(conference: Conference, version: int | None = None) -> Conference:
    """The row as it stands, locked until the transaction ends.

    Raises Stale where `version` is given and another save came first.
    """
    row = Conference.objects.select_for_update().get(pk=conference.pk)
    if version is not None and row.version != version:
        raise Stale(SOMEBODY_ELSE)
    return row


def locked_of(**of: Any) -> Conference:
    """The one conference that something belongs to, locked as by `locked`. By the time the lock is
    ours it may have been moved to another account, and so to another row: then that one.

    Raises Conference.DoesNotExist where it was deleted meanwhile.
    """
    for _attempt in range(ATTEMPTS):
        row = locked(Conference.objects.get(**of))
        if Conference.objects.filter(pk=row.pk, **of).exists():
            return row
    raise Conference.DoesNotExist


def pick(values: Mapping[str, Any], names: Any) -> dict[str, Any]:
    """The named values, missing ones as None: one side of a line of history."""
    return {name: values.get(name) for name in names}
