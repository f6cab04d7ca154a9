"""Reminders that a webinar takes over from another one, or from a template.

One is carried as {minutes, segment, note}. None stands for a webinar without reminders of its own,
of which its account says who is reminded; an empty list for one of which nobody is.
"""

import json
from collections.abc import Iterable
from typing import Any

from portal.conferences.mails.services import reminders
from portal.conferences.mails.services.writing import NOTE_LENGTH
from portal.conferences.models import Conference, Reminder
from portal.platforms.models import PlatformAccount

LONGEST = 60_000  # characters of all of them as text


def of(conference: Conference) -> list[dict[str, Any]] | None:
    """What a webinar, or its series, says itself; what its account says is not carried."""
    owner = reminders.owner_of(conference)
    if isinstance(owner, PlatformAccount):
        return None
    rows = owner.reminders.all()
    return [{"minutes": r.minutes, "segment": r.segment, "note": r.note} for r in rows]


def as_text(kept: Iterable[Any]) -> str:
    """The same as a form carries it."""
    return json.dumps(list(kept), ensure_ascii=False)


def from_text(text: str) -> list[Reminder]:
    """What a form carried, which anybody may have written. Raises ValueError."""
    if len(text) > LONGEST:
        raise ValueError(text[:20])
    try:
        return read(json.loads(text))
    except RecursionError as error:
        raise ValueError(text[:20]) from error


def read(kept: Any) -> list[Reminder]:
    """The reminders as rows that are not saved, the earliest first. Raises ValueError."""
    found = [_read(one) for one in kept] if isinstance(kept, list) else []
    once = {(one.minutes, one.segment) for one in found}
    if not isinstance(kept, list) or len(found) > reminders.MOST or len(once) < len(found):
        raise ValueError
    return sorted(found, key=lambda one: -one.minutes)


def _read(kept: Any) -> Reminder:
    given: dict[str, Any] = kept if isinstance(kept, dict) else {}
    minutes, segment, note = given.get("minutes"), given.get("segment", ""), given.get("note", "")
    if type(minutes) is not int or not reminders.SHORTEST <= minutes <= reminders.LONGEST:
        raise ValueError(minutes)
    if segment not in Reminder.Segment.values:
        raise ValueError(segment)
    if not isinstance(note, str) or len(note) > NOTE_LENGTH or "\0" in note:
        raise ValueError(note)
    return Reminder(minutes=minutes, segment=segment, note=note)
