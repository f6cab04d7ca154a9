"""Lines of history as the timeline shows them: who or what, when, from what to what."""

from collections.abc import Iterable
from typing import Any

from portal.conferences.models import Change, Conference
from portal.staff.presenters import words

_ICONS = {
    "scheduled": ("calendar", "accent"),
    "rescheduled": ("clock", "accent"),
    "cancelled": ("no-symbol", "danger"),
    "discarded": ("trash", "neutral"),
    "closed": ("lock-closed", "warning"),
    "opened": ("lock-open", "success"),
    "assigned": ("user-plus", "accent"),
    "unassigned": ("user-minus", "neutral"),
    "duplicated": ("squares-2x2", "neutral"),
    "recording deleted": ("trash", "danger"),
}
_KINDS = {"moderator": "Moderator", "registration": "Registration", "recording": "Recording"}


def entries(
    changes: Iterable[Change], conference: Conference, *, brief: bool = False
) -> list[dict[str, Any]]:
    """What the timeline component wants of each line; `brief` leaves out values and calls."""
    found = [_entry(change, conference) for change in changes]
    return [entry | {"changes": [], "calls": []} for entry in found] if brief else found


def _entry(change: Change, conference: Conference) -> dict[str, Any]:
    icon, kind = _ICONS.get(change.action, ("pencil", "neutral"))
    subject = _KINDS.get(change.kind, "")
    what = (
        f"{subject} {change.action}"
        if subject and subject.lower() not in change.action
        else (change.action)
    )
    return {
        "at": change.at,
        "who": who(change),
        "what": what[:1].upper() + what[1:],
        "detail": change.sentence,
        "icon": icon,
        "kind": kind,
        "calls": change.calls,
        "changes": _changes(change, conference),
    }


def _changes(change: Change, conference: Conference) -> list[dict[str, str]]:
    """A line that tells of something new leaves out what was left empty or off."""
    names = list(dict.fromkeys([*change.before, *change.after]))
    if not any(value not in ("", None) for value in change.before.values()):
        names = [n for n in names if change.after.get(n) not in ("", None, False)]
    return [
        {
            "label": words.label(name, conference),
            "before": words.value(name, change.before.get(name)),
            "after": words.value(name, change.after.get(name)),
        }
        for name in names
    ]


def who(change: Change) -> str:
    """The person, else what acted, else the portal itself."""
    if change.actor:
        return change.actor.get_full_name() or change.actor.get_username()
    return change.source or "Lectern"
