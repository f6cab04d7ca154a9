"""Lines of history as the timeline shows them: who or what, when, from what to what."""

from collections.abc import Callable, Iterable
from typing import Any

from django.db.models import Model
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from portal.conferences.models import (
    Change,
    Conference,
    Moderator,
    Recording,
    Registration,
    Session,
)
from portal.conferences.models.history import MANY, ROWS
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
# What was done, by the code that history keeps of it
_ACTIONS = {
    "added": _("Added"),
    "asked there": _("Asked there"),
    "assigned": _("Assigned"),
    "back there": _("Back there"),
    "brake kept": _("Brake kept"),
    "brake released": _("Brake released"),
    "cancelled": _("Cancelled"),
    "changed": _("Changed"),
    "changed there": _("Changed there"),
    "sent there": _("Change sent there"),
    "closed": _("Closed"),
    "conflict decided": _("Conflict decided"),
    "copied": _("Copied"),
    "created": _("Created"),
    "created there": _("Created there"),
    "deleted": _("Deleted"),
    "deleted there": _("Deleted there"),
    "discarded": _("Discarded"),
    "done there": _("Done there"),
    "duplicated": _("Duplicated"),
    "found there": _("Found there"),
    "gone there": _("Removed there"),
    "invited": _("Invited"),
    "reminded": _("Reminded"),
    "reminder set": _("Reminders changed"),
    "joined a group": _("Joined a group"),
    "left a group": _("Left a group"),
    "left as it is": _("Left as it is"),
    "link asked for": _("Link asked for"),
    "list taken out": _("List taken out"),
    "mail left as it is": _("Mail left as it is"),
    "mail tried again": _("Mail tried again"),
    "mails settled": _("Mails settled"),
    "merged": _("Merged"),
    "merged away": _("Merged away"),
    "moved away": _("Moved away"),
    "moved here": _("Moved here"),
    "opened": _("Opened"),
    "people not told": _("People not told"),
    "people told": _("People told"),
    "recording asked for": _("Recording asked for"),
    "recording deleted": _("Recording deleted"),
    "registered again": _("Registered again"),
    "rescheduled": _("Rescheduled"),
    "resent": _("Resent"),
    "saved as draft": _("Saved as draft"),
    "scheduled": _("Scheduled"),
    "scheduled again": _("Scheduled again"),
    "tagged": _("Tagged"),
    "date added": _("Added to its series"),
    "date drafted": _("Saved as a draft"),
    "date found": _("Date found"),
    "outcome told": _("Outcome told"),
    "people added": _("People added"),
    "people asked": _("People asked"),
    "taken off": _("Taken off"),
    "times proposed": _("Times proposed"),
    "told anyway": _("Told anyway"),
    "tried again": _("Tried again"),
    "unassigned": _("Unassigned"),
    "answered": _("Answered"),
    "moved up": _("Moved up"),
    "registered": _("Registered"),
    "page changed": _("Registration page changed"),
    "untagged": _("Tag taken off"),
    "withdrawn": _("Withdrawn"),
}
# The same of what belongs to a webinar: what the line speaks of stands first.
_OF_A_PART = {
    ("moderator", "assigned"): _("Moderator assigned"),
    ("moderator", "changed"): _("Moderator changed"),
    ("moderator", "changed there"): _("Moderator changed there"),
    ("moderator", "sent there"): _("Change of a moderator sent there"),
    ("moderator", "created there"): _("Moderator created there"),
    ("moderator", "deleted there"): _("Moderator deleted there"),
    ("moderator", "found there"): _("Moderator found there"),
    ("moderator", "gone there"): _("Moderator removed there"),
    ("moderator", "unassigned"): _("Moderator unassigned"),
    ("registration", "changed there"): _("Registration changed there"),
    ("registration", "sent there"): _("Change of a registration sent there"),
    ("registration", "created there"): _("Registration created there"),
    ("registration", "deleted there"): _("Registration deleted there"),
    ("registration", "found there"): _("Registration found there"),
    ("registration", "gone there"): _("Registration removed there"),
    ("registration", "answered"): _("Invitation answered"),
    ("registration", "moved up"): _("Moved up from the waiting list"),
    ("registration", "registered"): _("Registered by themselves"),
    ("registration", "withdrawn"): _("Registration withdrawn"),
    ("recording", "changed there"): _("Recording changed there"),
    ("recording", "deleted there"): _("Recording deleted there"),
    ("recording", "found there"): _("Recording found there"),
    ("recording", "gone there"): _("Recording removed there"),
}
# The sentences kept with these say what was done: a heading above one would only repeat it.
_SAID_WHOLE = {
    "date drafted",
    "date found",
    "outcome told",
    "people added",
    "people asked",
    "taken off",
    "times proposed",
    "invited",
    "joined a group",
    "left a group",
    "link asked for",
    "list taken out",
    "mails settled",
    "merged",
    "merged away",
    "people not told",
    "people told",
    "recording asked for",
    "registered again",
    "reminded",
    "resent",
    "withdrawn",
}
_PARTS = {
    "moderator": _("Moderator"),
    "registration": _("Registration"),
    "recording": _("Recording"),
}

# Of so many rows of one line the names are shown.
NAMED = 20
_NAMED_BY: dict[str, tuple[type[Model] | None, tuple[str, ...], Callable[[Any], str]]] = {
    "moderator": (Moderator, (), lambda row: str(row.name or row.email)),
    "registration": (Registration, ("attendee",), lambda row: str(row.attendee)),
    "recording": (Recording, (), str),
    "session": (Session, (), str),
}


def entries(
    changes: Iterable[Change], conference: Conference, *, brief: bool = False
) -> list[dict[str, Any]]:
    """What the timeline component wants of each line; `brief` leaves out values and calls."""
    lines = list(changes)
    found = [_entry(change, conference) for change in lines]
    if brief:
        return [entry | {"changes": [], "calls": []} for entry in found]
    names = _names(lines)
    return [
        entry | _rows(change, names) if change.local_id == MANY else entry
        for entry, change in zip(found, lines, strict=True)
    ]


def _names(lines: Iterable[Change]) -> dict[tuple[str, int], str]:
    """What the first rows of lines that tell of many are called, by kind and key."""
    wanted: dict[str, list[int]] = {}
    for line in lines:
        wanted.setdefault(line.kind, []).extend(line.after.get(ROWS, [])[:NAMED])
    found: dict[tuple[str, int], str] = {}
    for kind, pks in wanted.items():
        model, related, name = _NAMED_BY.get(kind, (None, (), str))
        if pks and model is not None:
            rows = model._default_manager.select_related(*related).filter(pk__in=pks)
            found |= {(kind, row.pk): name(row) for row in rows}
    return found


def _rows(change: Change, names: dict[tuple[str, int], str]) -> dict[str, Any]:
    """The rows of a line that tells of many: the first by name, the others by their number."""
    pks = change.after.get(ROWS, [])
    shown = [names[change.kind, pk] for pk in pks[:NAMED] if (change.kind, pk) in names]
    return {"changes": [], "rows": shown, "more": len(pks) - len(shown)}


def _entry(change: Change, conference: Conference) -> dict[str, Any]:
    icon, kind = _ICONS.get(change.action, ("pencil", "neutral"))
    says_all = change.action in _SAID_WHOLE or change.local_id == MANY
    whole = change.sentence if says_all else ""
    return {
        "at": change.at,
        "who": who(change),
        "what": whole or _what(change),
        "detail": "" if whole else change.sentence,
        "icon": icon,
        "kind": kind,
        "calls": change.calls,
        "changes": _changes(change, conference),
    }


def _what(change: Change) -> str:
    """What was done, and to which part of the webinar."""
    if told := _OF_A_PART.get((change.kind, change.action)):
        return str(told)
    part = _PARTS.get(change.kind)
    if part is None or change.kind in change.action:
        return action_word(change)
    return gettext("%(part)s: %(what)s") % {"part": part, "what": action_word(change)}


def action_word(change: Change) -> str:
    """What was done; a code of another version reads as it is."""
    code = change.action
    return str(_ACTIONS.get(code, f"{code[:1].upper()}{code[1:]}"))


def _changes(change: Change, conference: Conference) -> list[dict[str, str]]:
    """A line that tells of something new leaves out what was left empty or off."""
    names = list(dict.fromkeys([*change.before, *change.after]))
    if not any(value not in ("", None) for value in change.before.values()):
        names = [n for n in names if change.after.get(n) not in ("", None, False)]
    return [
        {
            "label": words.label(name, conference),
            "before": words.value(name, change.before.get(name), conference.account),
            "after": words.value(name, change.after.get(name), conference.account),
        }
        for name in names
    ]


def who(change: Change) -> str:
    """The person, else what acted, else the portal itself."""
    if change.actor:
        return change.actor.get_full_name() or change.actor.get_username()
    return change.source or "Lectern"
