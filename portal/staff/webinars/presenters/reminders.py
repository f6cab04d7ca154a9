"""Reminders that a webinar takes over from another one, in words."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from portal.conferences.mails.services import carried
from portal.conferences.models import Conference, Reminder
from portal.platforms.models import PlatformAccount
from portal.staff.mails.presenters import whole


def named(rules: Iterable[Reminder]) -> str:
    """All of them: "1 day before, 1 hour before"."""
    return ", ".join(whole(one) for one in rules)


def offered(rules: list[Reminder], account: PlatformAccount, ticked: bool) -> dict[str, Any]:
    """The tick that takes them over: its label, what holds without it, and their own words."""
    label = _("With these reminders: %(reminders)s") % {"reminders": named(rules)}
    if not rules:
        label = _("Remind nobody, as there")
    return {
        "label": label,
        "ticked": ticked,
        "without": _otherwise(account),
        "notes": [(whole(one), one.note) for one in rules if one.note],
    }


def _otherwise(account: PlatformAccount) -> str:
    held = list(account.reminders.all())
    if not held:
        return _("Without the tick nobody is reminded, until somebody chooses it.")
    said = _("Without the tick people are reminded as %(account)s says: %(reminders)s.")
    return said % {"account": account.label, "reminders": named(held)}


def review(rules: list[Reminder] | None, *, permanent: bool = False) -> list[str]:
    """What will be sent by itself, where a webinar says it of its own."""
    if rules is None or (permanent and not rules):
        return []
    if permanent:
        return [_("No reminders: a permanent room has no start to remind of.")]
    if not rules:
        return [_("Nobody is reminded, whatever the account says.")]
    return [_("People are reminded: %(reminders)s.") % {"reminders": named(rules)}]


def own(conference: Conference) -> list[Reminder] | None:
    """What a webinar says itself, or its series; None where its account does."""
    kept = carried.of(conference)
    return None if kept is None else carried.read(kept)


def copied(conference: Conference) -> str:
    """What a copy of it has of them; empty where its account says who is reminded."""
    rules = own(conference)
    if rules is None:
        return ""
    if not rules:
        return _("Copied too: nobody is reminded, whatever the account says.")
    said = _("Copied too, and sent once it is scheduled: the reminders %(reminders)s.")
    return said % {"reminders": named(rules)}
