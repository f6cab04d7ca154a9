"""A registration page in words: how full it is, and what saving it did."""

import copy
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from integrations.base.capabilities import Level
from portal.common.texts import shown
from portal.conferences.audience.forms.registration_page import RegistrationForm
from portal.conferences.audience.series_page_queries import DateCount, Line
from portal.conferences.audience.services import confirming, invite
from portal.conferences.audience.services.registering import Offer
from portal.conferences.mails.forms import TellingForm
from portal.conferences.mails.services import Act, Part
from portal.conferences.models import (
    Conference,
    Registration,
    RegistrationPage,
    Series,
    UnconfirmedRegistration,
)
from portal.platforms.models import PlatformAccount
from portal.staff.presenters import words
from portal.staff.presenters.send_card import Question, card_of_several
from portal.staff.webinars.presenters.buttons import reason_of_role


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


def off_there(dates: Sequence[Conference]) -> str:
    """That the platform takes nobody so far, at these dates; empty where there are none."""
    platforms = words.listed(dict.fromkeys(row.account.platform_name for row in dates))
    if not dates:
        return ""
    said = ngettext(
        "%(platform)s takes nobody who registers here until registration is on there too.",
        "For %(count)d dates %(platform)s takes nobody who registers here until registration is on "
        "there too.",
        len(dates),
    )
    return said % {"platform": platforms, "count": len(dates)}


def said(values: Mapping[str, Any], switched: Sequence[Conference] = ()) -> str:
    """What comes of what was saved; at those dates the platform's registration was off before."""
    if values["open"] and switched:
        text = _("Saved. The page is open, and registration is switched on at %(platform)s too.")
        names = dict.fromkeys(row.account.platform_name for row in switched)
        return text % {"platform": words.listed(names)}
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
        lines.append(_approval(number))
    return lines


def facts_of_series(number: int, awaited: int) -> list[str]:
    """How many have registered on the page of a series, and how many of them are to be approved."""
    said = ngettext(
        "%(people)s person has registered here.", "%(people)s people have registered here.", number
    )
    lines = [said % {"people": words.number(number)}]
    return [*lines, _approval(awaited)] if awaited else lines


def _approval(number: int) -> str:
    text = ngettext(
        "One person waits for your approval.", "%(people)s wait for your approval.", number
    )
    return text % {"people": words.number(number)}


def dates_of_series(rows: Iterable[DateCount]) -> list[tuple[DateCount, str]]:
    """Each date that lies ahead, with how full it is."""
    return [(row, _how_full(row)) for row in rows]


def _how_full(row: DateCount) -> str:
    said = [
        _("%(taken)s of %(places)s places taken")
        % {"taken": words.number(row.registered), "places": words.number(row.limit)}
        if row.limit is not None
        else ngettext("%(count)d registered", "%(count)d registered", row.registered)
        % {"count": row.registered}
    ]
    if row.waitlisted:
        said.append(_("%(count)s on the waiting list") % {"count": words.number(row.waitlisted)})
    if row.approval:
        said.append(_("%(count)s to approve") % {"count": words.number(row.approval)})
    return ", ".join(said)


NAMED = 3  # dates that a row spells out


def people_of_series(found: Mapping[str, Any]) -> dict[str, Any]:
    """The page of those who registered, with their dates in words."""
    ahead = len(found["ahead"])
    lines = [
        (line, _coming(line, ahead), _dates_in_words(line.waitlisted)) for line in found["lines"]
    ]
    return {**found, "lines": lines}


def _coming(line: Line, ahead: int) -> str:
    if ahead > 1 and len(line.registered) == ahead:
        return _("All dates that lie ahead")
    return _dates_in_words(line.registered)


def _dates_in_words(some: Sequence[Conference]) -> str:
    named = [words.short(row, row.starts_at) for row in some[:NAMED] if row.starts_at]
    if more := len(some) - NAMED if len(some) > NAMED else 0:
        text = ngettext("and %(count)d more", "and %(count)d more", more)
        named.append(text % {"count": more})
    return "; ".join(named)


def approving(
    series: Series,
    rows: Sequence[Registration],
    named: Sequence[int],
    user: User,
    data: Any,
    here: str,
) -> Question:
    """The page that asks before people are let in, each for all dates for which they wait."""
    by_date: dict[int, list[Registration]] = {}
    for row in rows:
        shown = copy.copy(row)
        shown.stage = Registration.Stage.REGISTERED  # as the mail will find them
        by_date.setdefault(row.conference_id, []).append(shown)
    parts = [Part(some[0].conference, Act.INVITE, registrations=some) for some in by_date.values()]
    persons = {row.attendee_id: row for row in rows}
    one = str(rows[0].attendee) if len(persons) == 1 else words.people(len(persons))
    if len(persons) == 1:
        said = ngettext(
            "They are registered for the date that they asked for.",
            "They are registered for the %(count)d dates that they asked for.",
            len(parts),
        )
    else:
        said = ngettext(
            "Each is registered for the date that they asked for.",
            "Each is registered for those of %(count)d dates that they asked for.",
            len(parts),
        )
    return Question(
        _("Let in %(people)s?") % {"people": one},
        _("Let in"),
        card_of_several(parts, TellingForm(data)),
        reverse("staff:series-approve", args=[series.pk]),
        back=here,
        consequences=[
            said % {"count": len(parts)},
            *dict.fromkeys(invite.platform_sentence(part.conference) for part in parts),
        ],
        icon="check",
        reason=reason_of_role(user),
        hidden=[*(("person", pk) for pk in named), ("back", here)],
        concerned=list(persons.values()),
        confirms=True,
        series=series,
    )


def approved(number: int) -> str:
    """What came of it."""
    said = ngettext("%(count)d person let in.", "%(count)d people let in.", number)
    return said % {"count": number}


# What people outside see --------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Date:
    """One date that the page of a series offers: whether it can be had, and is ticked."""

    conference: Conference
    note: str
    full: bool
    ticked: bool


def filling_in(
    page: RegistrationPage, offered: Sequence[Offer], form: RegistrationForm
) -> dict[str, Any]:
    """What the page shows of its webinar, or of the dates of its series."""
    able = [one for one in offered if not one.full]
    return {
        "page": page,
        "conference": page.conference,
        "series": page.series,
        "form": form,
        "dates": _dates(page, offered, form) if page.series_id else [],
        # Where a person has to wait for some dates only, those say it.
        "waits": bool(able) and all(one.waits for one in able),
    }


def _dates(page: RegistrationPage, offered: Sequence[Offer], form: RegistrationForm) -> list[Date]:
    ticked = set(form["dates"].value() or ()) if "dates" in form.fields else set()
    return [
        Date(one.conference, _of_places(page, one), one.full, str(one.conference.pk) in ticked)
        for one in offered
    ]


def _of_places(page: RegistrationPage, one: Offer) -> str:
    if one.full:
        return _("All places are taken.")
    if one.waits:
        return _("All places are taken: you would be on the waiting list.")
    if one.approval and not page.approval:  # else it is said once, of all
        return _("We look at each registration for this date, and write to you.")
    return ""


def to_confirm(unconfirmed: UnconfirmedRegistration | None) -> dict[str, Any]:
    """What the page shows that opens by the link in the mail."""
    if unconfirmed is None:
        return {"unconfirmed": None}
    found = {
        "unconfirmed": unconfirmed,
        "conference": unconfirmed.page.conference,
        "series": unconfirmed.page.series,
        "row": unconfirmed.registration,
    }
    if unconfirmed.page.series_id is None:
        return found
    came = confirming.came_of(unconfirmed)
    standing = [row for _date, row in came if row is not None and row.listed]
    lines = [(date, row, *_standing(row)) for date, row in came] if unconfirmed.registration else []
    return found | {
        "dates": [date for date, _row in came],
        "lines": lines,
        "registered": any(row.standing == Registration.Stage.REGISTERED for row in standing),
        "first": standing[0] if standing else None,
    }


def _standing(row: Registration | None) -> tuple[str, str, str]:
    """How somebody stands at one date: in a word, with the kind of its badge and its icon."""
    if row is None:
        return _("All places were taken"), "neutral", "minus-circle"
    if not row.listed:
        return _("Withdrawn"), "neutral", "x-mark"
    if row.standing == Registration.Stage.REGISTERED:
        return _("Registered"), "success", "check"
    if row.standing == Registration.Stage.WAITLISTED:
        return _("On the waiting list"), "info", "clock"
    return _("Waiting for approval"), "info", "clock"
