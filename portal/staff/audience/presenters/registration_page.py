"""A registration page in words: how full it is, and what saving it did."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.conferences.models import RegistrationPage
from portal.staff.presenters import words


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
