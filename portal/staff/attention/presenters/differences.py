"""From what to what: the fields of a conference before and after a change, in staff's words."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from integrations.base.records import CONFERENCE_FIELDS
from portal.conferences.models import Conference, PlatformChange
from portal.conferences.schedule.services.platform_changes import CANCELLED
from portal.staff.presenters import words

_REST = (f.name for f in CONFERENCE_FIELDS if f.notified and f.name != "starts_at")
ORDER = (CANCELLED, "starts_at", *_REST)


@dataclass(frozen=True, slots=True)
class Difference:
    """One field's old and new value, as text."""

    label: str
    old: str
    new: str


def differences(
    before: Mapping[str, Any], after: Mapping[str, Any], conference: Conference | None = None
) -> list[Difference]:
    """Each field that `after` names and whose value is another, in the order people ask for."""
    names = sorted(after, key=lambda name: (ORDER.index(name) if name in ORDER else 99, name))
    found = (_difference(n, before.get(n), after[n], conference) for n in names if n != "password")
    return [one for one in found if one.old != one.new]


def _difference(name: str, old: Any, new: Any, conference: Conference | None) -> Difference:
    if name == CANCELLED:
        return Difference(_("State"), _("Cancelled"), _("Takes place"))
    account = conference.account if conference else None
    found = (words.value(name, value, account) for value in (old, new))
    return Difference(words.label(name, conference), *found)


def sentence(change: PlatformChange) -> str:
    """What was changed on the platform, most important first."""
    platform = change.conference.account.platform_name
    if CANCELLED in change.after:
        said = _("It is on %(platform)s again, after it was cancelled here.")
        return said % {"platform": platform}
    found = differences(change.before, change.after, change.conference)
    return words.sentences(*(_told(one, platform) for one in found))


def _told(one: Difference, platform: str) -> str:
    if one.label == words.label("starts_at"):
        said = _("Moved on %(platform)s from %(old)s to %(new)s.")
    elif one.label == words.label("title"):
        said = _("Renamed on %(platform)s from %(old)s to %(new)s.")
    else:
        said = _("%(field)s changed on %(platform)s from %(old)s to %(new)s.")
    old, new = one.old or _("(empty)"), one.new or _("(empty)")
    return said % {"field": one.label, "platform": platform, "old": old, "new": new}
