"""The words, kinds and icons by which staff recognise a state, in one place.

Each state is told three ways (word, icon, colour), so that none depends on colour alone.
"""

from typing import NamedTuple


class Look(NamedTuple):
    """How one state is shown: the word staff read, the colour kind and the icon's name."""

    word: str
    kind: str
    icon: str


STATES = {
    "draft": Look("Draft", "neutral", "pencil"),
    "scheduled": Look("Scheduled", "accent", "calendar"),
    "live": Look("Live now", "live", "signal"),
    "ended": Look("Ended", "neutral", "check"),
    "cancelled": Look("Cancelled", "danger", "no-symbol"),
}

SYNC_STATES = {
    "in_step": Look("In step", "success", "check-circle"),
    "stale": Look("Not checked lately", "warning", "clock"),
    "waiting": Look("Waiting to send", "info", "clock"),
    "sending": Look("Sending", "info", "arrow-path"),
    "checking": Look("Checking", "info", "magnifying-glass"),
    "conflict": Look("Changed on both sides", "warning", "arrows-right-left"),
    "failed": Look("Not accepted", "danger", "exclamation-circle"),
    "held": Look("Held", "warning", "hand-raised"),
    "portal_only": Look("In the portal only", "neutral", "lock-closed"),
    "gone_there": Look("Gone there", "danger", "link-slash"),
}

ICON_OF_KIND = {
    "neutral": "information-circle",
    "info": "information-circle",
    "accent": "information-circle",
    "success": "check-circle",
    "warning": "exclamation-triangle",
    "danger": "exclamation-circle",
    "live": "signal",
}

# Django's message tags, put into our kinds
KIND_OF_MESSAGE = {"debug": "neutral", "error": "danger"}


def look_of(state: object, among: dict[str, Look]) -> Look:
    """The look of ``state``; an unknown one keeps its own word, neutral, with a question mark."""
    key = str(getattr(state, "value", state) or "").lower().replace("-", "_").replace(" ", "_")
    unknown = Look(
        key.replace("_", " ").capitalize() or "Unknown", "neutral", "question-mark-circle"
    )
    return among.get(key, unknown)
