"""Who sees which way in, and who may ask a platform for what: the one table of it.

Pages, services and docs/roles.md read this table; nothing else decides about a link. What stands
with the role Viewer lets nobody in as host or presenter, and in nobody's name.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from integrations.base.capabilities import Action
from portal.common.errors import NotAllowed
from portal.common.texts import Words
from portal.identity import roles

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser, User


class ProtectedItem(StrEnum):
    """A way in, or something that holds one."""

    ROOM = "room"
    PANEL = "panel"
    PIN = "pin"
    MODERATOR = "moderator"
    REGISTRATION = "registration"
    LIST = "list"
    MAIL = "mail"
    RECORDING = "recording"
    FILE = "file"
    ANSWER = "answer"


@dataclass(frozen=True, slots=True)
class Rule:
    """`role` is the least that is needed; `line`: asking for it leaves a line in the history."""

    what: Words
    role: str
    line: bool = True


RULES: dict[ProtectedItem, Rule] = {
    ProtectedItem.ROOM: Rule(
        gettext_lazy("The room's public page, in a tab or in a frame, as participants see it"),
        roles.VIEWER,
        line=False,
    ),
    ProtectedItem.PANEL: Rule(
        gettext_lazy("The address in the platform's own panel, which asks for a login"),
        roles.VIEWER,
        line=False,
    ),
    ProtectedItem.PIN: Rule(
        gettext_lazy("The pins with which one dials in by phone"), roles.STAFF, line=False
    ),
    ProtectedItem.MODERATOR: Rule(
        gettext_lazy("The personal link of somebody who runs a webinar"), roles.STAFF
    ),
    ProtectedItem.REGISTRATION: Rule(
        gettext_lazy("The personal link of somebody who is registered"), roles.STAFF
    ),
    ProtectedItem.LIST: Rule(gettext_lazy("Lists with personal links, as CSV"), roles.STAFF),
    ProtectedItem.MAIL: Rule(
        gettext_lazy("Copies of mails and of their calendar entries"), roles.STAFF, line=False
    ),
    ProtectedItem.RECORDING: Rule(gettext_lazy("A recording, or the address of one"), roles.STAFF),
    ProtectedItem.FILE: Rule(gettext_lazy("Files that a platform hands out"), roles.STAFF),
    ProtectedItem.ANSWER: Rule(
        gettext_lazy("Platforms' answers that hold addresses, keys, pins or files"), roles.STAFF
    ),
}


def sees(user: "User | AnonymousUser", way: ProtectedItem) -> bool:
    """Whether a person may see such a way in."""
    return roles.may(user, RULES[way].role)


def require(user: "roles.Asking", way: ProtectedItem) -> None:
    """Raise NotAllowed unless the person may see it. None is the portal itself."""
    roles.require(user, RULES[way].role)


def role_for(action: Action) -> str:
    """The least role that may ask a platform for this action."""
    if action.reads and action.harmless:
        return roles.VIEWER
    way = ProtectedItem.FILE if action.download else ProtectedItem.ANSWER
    return RULES[way].role if action.reads or action.download else roles.STAFF


def reason_against(action: Action, user: "User | AnonymousUser") -> str:
    """Why a person may not ask for an action; empty where they may."""
    role = role_for(action)
    if roles.may(user, role):
        return ""
    if action.reads or action.download:
        said = _("The answer may hold a way in: that needs the role %(role)s.")
    else:
        said = _("You can look at everything. Changing it needs the role %(role)s.")
    return said % {"role": roles.label(role)}


def require_action(user: "roles.Asking", action: Action) -> None:
    """Raise NotAllowed unless the person may ask for the action. None is the portal itself."""
    if user is not None and (reason := reason_against(action, user)):
        raise NotAllowed(reason)


def leaves_line(action: Action) -> bool:
    """Whether asking for a reading action is written down."""
    return not action.harmless and (action.reads or action.download)
