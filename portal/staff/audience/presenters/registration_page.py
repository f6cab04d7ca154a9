"""A registration page in words: how full it is, and what saving it did."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from integrations.base.capabilities import Level
from portal.common.texts import shown
from portal.conferences.models import RegistrationPage
from portal.platforms.models import PlatformAccount
from portal.staff.presenters import words


@dataclass(frozen=True, slots=True)
class There:
    """What becomes of answers on the platform: a sentence, and what a question's field is called
    and is for; empty where the platform has no fields."""

    sentence: str
    label: str = ""
    help: str = ""


def there(account: PlatformAccount) -> There:
    """What becomes of answers on an account's platform."""
    can = account.capabilities.answers
    label = _("Field on %(platform)s") % {"platform": account.platform_name}
    if can.level is Level.FULL:
        text = _(
            "By the name that it has there, for whoever registers from now on. Empty: answers to "
            "this question stay in Lectern."
        )
    elif can.level is Level.READ_ONLY:
        text = _("By the name that it has there: its answers then stand under this question.")
    else:
        return There(shown(can.sentence))
    return There(shown(can.sentence), label, text)


def said(values: Mapping[str, Any]) -> str:
    """What comes of what was saved."""
    if values["open"]:
        return _("Saved. The page is open.")
    return _("Saved. The page is closed: nobody can register there.")


def facts(page: RegistrationPage, counts: Mapping[str, int]) -> list[str]:
    """How many have registered, wait for a place, or for an approval."""
    taken = counts["registered"]
    if page.limit:
        lines = [
            _("%(taken)s of %(places)s places taken.")
            % {"taken": words.number(taken), "places": words.number(page.limit)}
        ]
    else:
        registered = ngettext(
            "%(people)s person is registered.", "%(people)s people are registered.", taken
        )
        lines = [registered % {"people": words.number(taken)}]
    if number := counts["waitlisted"]:
        text = ngettext("One person waits for a place.", "%(people)s wait for a place.", number)
        lines.append(text % {"people": words.number(number)})
    if number := counts["approval"]:
        text = ngettext(
            "One person waits for your approval.", "%(people)s wait for your approval.", number
        )
        lines.append(text % {"people": words.number(number)})
    return lines
