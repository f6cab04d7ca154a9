"""What of a conference another account's platform can take, and what it cannot, with the reason."""

import dataclasses
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from integrations.base.records import OPTION_PREFIX, Kind
from portal.conferences import rules
from portal.conferences.audience.services.moderators import role_choices
from portal.conferences.fields import FIELD_NAMES
from portal.conferences.models import Conference, Moderator
from portal.platforms.models import PlatformAccount


@dataclass(frozen=True, slots=True)
class LeftBehind:
    """A value that stays behind."""

    name: str
    value: Any
    reason: str


@dataclass(slots=True)
class TransferPreview:
    """`values` are canonical fields that fit the other account; `left` is what does not."""

    values: dict[str, Any] = dataclasses.field(default_factory=dict)
    left: list[LeftBehind] = dataclasses.field(default_factory=list)


def preview(conference: Conference, account: PlatformAccount) -> TransferPreview:
    """Sort a conference's fields and options by whether they fit another account."""
    found = TransferPreview()
    held = {name: getattr(conference, name) for name in FIELD_NAMES}
    held |= {f"{OPTION_PREFIX}{name}": value for name, value in conference.options.items()}
    for name, value in held.items():
        reason = _reason(account, name, value)
        if not reason:
            found.values[name] = value
        elif value not in (None, "", False) and _matters(conference, name):
            found.left.append(LeftBehind(name, value, reason))
    return found


def _reason(account: PlatformAccount, name: str, value: Any) -> str:
    if name == "open":
        return _("A new room opens as its platform has it.")
    off = rules.reason_off(account, name, on_update=False)
    return off or " ".join(rules.faults(account, name, value))


def _matters(conference: Conference, name: str) -> bool:
    """A default that nobody chose is not worth a line."""
    if name in ("open", "password") or name.startswith(OPTION_PREFIX):
        return name != "open"
    field: Any = Conference._meta.get_field(name)
    return bool(getattr(conference, name) != field.get_default())


def role_for(account: PlatformAccount, role: str) -> str:
    """The role that a moderator has on another account: the same, where it is known there."""
    known = [value for value, _label in role_choices(account)]
    return role if role in known or not known else known[-1]


def roles_change(conference: Conference, account: PlatformAccount) -> list[Moderator]:
    """The moderators whose role the other platform does not know."""
    people = conference.moderators.filter(removed_at=None)
    return [one for one in people if role_for(account, one.role) != one.role]


def reason_against(account: PlatformAccount, kind: Kind) -> str:
    """Why people of a kind cannot come along to an account's platform; empty where they can."""
    return rules.reason_against(account, kind, "create")
