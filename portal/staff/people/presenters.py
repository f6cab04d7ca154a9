"""People as the pages show them: their history as a timeline, two of them side by side."""

from collections.abc import Iterable
from typing import Any

from portal.common.reader.headings import LABELS
from portal.conferences.models import Attendee, Change
from portal.staff.presenters.history import who

_ICONS = {
    "added": ("user-plus", "accent"),
    "merged": ("arrows-right-left", "accent"),
    "merged away": ("arrows-right-left", "warning"),
    "joined a group": ("user-group", "accent"),
    "left a group": ("user-group", "neutral"),
    "withdrawn": ("user-minus", "warning"),
    "registered again": ("user-plus", "success"),
    "resent": ("envelope", "neutral"),
    "created": ("plus", "accent"),
    "invited": ("paper-airplane", "accent"),
}


def timeline(changes: Iterable[Change]) -> list[dict[str, Any]]:
    """What the timeline component wants of each line."""
    return [_entry(change) for change in changes]


def _entry(change: Change) -> dict[str, Any]:
    icon, kind = _ICONS.get(change.action, ("pencil", "neutral"))
    where = f"{change.conference.title}: " if change.conference else ""
    what = str(change.sentence) or change.action
    names = [] if change.action in ("added", "created") else [*change.before, *change.after]
    return {
        "at": change.at,
        "who": who(change),
        "what": f"{where}{what[:1].upper()}{what[1:]}",
        "icon": icon,
        "kind": kind,
        "calls": change.calls,
        "changes": []
        if change.action.startswith("merged")
        else [
            {
                "label": LABELS.get(name, name.replace("_", " ").capitalize()),
                "before": change.before.get(name, ""),
                "after": change.after.get(name, ""),
            }
            for name in dict.fromkeys(names)
        ],
    }


def side_by_side(one: Attendee, other: Attendee) -> list[tuple[str, str, str, bool]]:
    """(label, one, other, whether they differ) for every field of a person."""
    fields = ("email", "first_name", "last_name", "company", "phone", "country", "notes")
    rows = [(LABELS[name], getattr(one, name), getattr(other, name)) for name in fields]
    return [(label, ours, theirs, ours != theirs) for label, ours, theirs in rows]
