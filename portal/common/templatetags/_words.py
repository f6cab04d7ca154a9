"""The words, kinds and icons by which staff recognise a state, in one place.

Each state is told three ways (word, icon, colour), so that none depends on colour alone.
"""

from typing import NamedTuple

from django.utils.translation import gettext_lazy as _

from portal.common.texts import Words


class Appearance(NamedTuple):
    """How one state is shown: the word staff read, the colour kind and the icon's name."""

    word: Words
    kind: str
    icon: str


STATES = {
    "draft": Appearance(_("Draft"), "neutral", "pencil"),
    "scheduled": Appearance(_("Scheduled"), "accent", "calendar"),
    "live": Appearance(_("Live now"), "live", "signal"),
    "ended": Appearance(_("Ended"), "neutral", "check"),
    "cancelled": Appearance(_("Cancelled"), "danger", "no-symbol"),
}

SYNC_STATES = {
    "synced": Appearance(_("Synced"), "success", "check-circle"),
    "stale": Appearance(_("Not checked lately"), "warning", "clock"),
    "waiting": Appearance(_("Waiting to send"), "info", "clock"),
    "sending": Appearance(_("Sending"), "info", "arrow-path"),
    "checking": Appearance(_("Checking"), "info", "magnifying-glass"),
    "conflict": Appearance(_("Changed on both sides"), "warning", "arrows-right-left"),
    "failed": Appearance(_("Not accepted"), "danger", "exclamation-circle"),
    "held": Appearance(_("Held"), "warning", "hand-raised"),
    "portal_only": Appearance(_("In the portal only"), "neutral", "lock-closed"),
    "gone_there": Appearance(_("Removed there"), "danger", "link-slash"),
}

# What rows of lists show beside states: how a mail fares, and what can be done.
ICONS_OF_ROWS = frozenset(
    {
        "arrow-path",
        "chat-bubble-left-right",
        "envelope",
        "link",
        "minus-circle",
        "paper-airplane",
        "pencil",
        "question-mark-circle",
        "queue-list",
        "user-minus",
        "x-mark",
    }
)

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


def appearance_of(state: object, among: dict[str, Appearance]) -> Appearance:
    """The look of ``state``; an unknown one keeps its own word, neutral, with a question mark."""
    key = str(getattr(state, "value", state) or "").lower().replace("-", "_").replace(" ", "_")
    unknown = Appearance(
        key.replace("_", " ").capitalize() or _("Unknown"), "neutral", "question-mark-circle"
    )
    return among.get(key, unknown)
