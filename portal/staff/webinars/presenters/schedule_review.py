"""What saving the schedule form will do, in sentences."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from integrations.base.records import OPTION_PREFIX
from portal.conferences import repeating
from portal.conferences.fields import differing
from portal.conferences.models import Conference
from portal.conferences.schedule.services import clashes
from portal.conferences.schedule.services.series import Extent
from portal.platforms import queries as platforms
from portal.staff.presenters import words
from portal.staff.webinars.presenters import extents
from portal.staff.webinars.presenters import recurrence as in_words
from portal.staff.webinars.presenters import reminders as in_few_words

if TYPE_CHECKING:
    from portal.staff.webinars.presenters.schedule_form import SchedulePage


def review(page: "SchedulePage") -> list[str]:
    """What saving will do, in sentences."""
    doubt = platforms.doubt(page.account)
    if page.conference is None or page.conference.draft:
        if reason := page.reason():
            return [reason, _("Choose another account to hold it on.")]
        if wrong := _of_what_cannot_repeat(page):
            return wrong
        first = _("%(platform)s makes the room on %(account)s as soon as you schedule it.")
        if doubt:
            first = _("The room on %(account)s is made when that account works again.")
        first %= {"platform": page.account.platform_name, "account": page.account.label}
        if page.dates:
            first = _of_dates(page)
        elif (page.recurrence and page.recurrence.room) or _repeats_there(page):
            room = _("One weekly room on %(account)s, until you cancel it.")
            first = words.sentences(room % {"account": page.account.label}, first)
        return [words.sentences(first, doubt), _of_people(page), *_of_reminders(page)]
    said = _of_changes(page, page.conference)
    return [*said, words.when_sent(page.account)] if doubt else said


def _repeats_there(page: "SchedulePage") -> bool:
    """Whether its platform would repeat it by itself, by a setting that was taken over or typed."""
    weekly, probe = page.account.capabilities.weekly, page.probe
    if weekly is None or probe is None or probe.cleaned_data.get("permanent"):
        return False
    return bool(str(probe.values.get(f"{OPTION_PREFIX}{weekly.days}") or "").strip())


def _of_what_cannot_repeat(page: "SchedulePage") -> list[str]:
    """Why it cannot be scheduled as often as was typed so far; nothing where it can."""
    found = page.recurrence
    if found is None or not found.chosen or not found.errors:
        return []
    why = [str(text) for texts in found.errors.values() for text in texts]
    return [_("It cannot be scheduled like this yet."), *why]


def _of_people(page: "SchedulePage") -> str:
    """Who hears of it at once, and where the others are invited."""
    held = page.conference
    series = bool(page.dates) and not page.permanent
    if any(clashes.speakers_of(held) if held else page.rows.addresses):
        said = _("Whether those who run it are notified is asked first, with the mail before you.")
        then = _("You invite the others on the webinar's page.")
        if series:
            then = _("You invite the others on the page of the series.")
        return words.sentences(said, then)
    if series:
        return _("Nobody is notified yet: you invite people on the page of the series.")
    return _("Nobody is notified yet: you invite people on the webinar's page.")


def _of_reminders(page: "SchedulePage") -> list[str]:
    """What will be sent by itself, as this webinar says it and not its account."""
    permanent = bool(page.probe and page.probe.cleaned_data.get("permanent"))
    if page.conference is None:
        return in_few_words.review(page.reminders, permanent=permanent)
    permanent = permanent and not page.conference.dates
    kept = page.conference.own_reminders
    rules = list(page.conference.reminders.all()) if kept else None
    return in_few_words.review(rules, permanent=permanent)


def _of_dates(page: "SchedulePage") -> str:
    zone = page.moment.zone if page.moment else "UTC"
    said = ngettext(
        "%(count)s webinar on %(account)s: %(first)s.",
        "%(count)s webinars on %(account)s: the first %(first)s, the last %(last)s.",
        len(page.dates),
    )
    if page.permanent:
        said = ngettext(
            "One permanent room on %(account)s for %(count)s date: %(first)s.",
            "One permanent room on %(account)s for %(count)s dates: the first %(first)s, the "
            "last %(last)s.",
            len(page.dates),
        )
    return said % {
        "count": len(page.dates),
        "account": page.account.label,
        "first": in_words.moment(page.dates[0], zone),
        "last": in_words.last(page.dates, zone),
    }


def _of_changes(page: "SchedulePage", conference: Conference) -> list[str]:
    if page.probe is None:
        told = _("%(platform)s is told of what you change, and of nothing else.")
        asked = _(
            "Whether people are notified of another title or time is asked before it is saved."
        )
        return [told % {"platform": page.account.platform_name}, asked]
    changed = differing(conference, page.probe.values)
    names = words.listed(words.label(name, conference) for name in changed)
    found = [_("Changed: %(fields)s.") % {"fields": names or _("nothing so far")}]
    if changed.get("permanent") is False and (ahead := len(repeating.ahead(conference))):
        lost = ngettext(
            "Its %(count)d date ahead is given up: it takes place once.",
            "Its %(count)d dates ahead are given up: it takes place once.",
            ahead,
        )
        found.append(lost % {"count": ahead})
    if page.extent is not Extent.ONE and changed:
        found += extents.review(page.reached)
    return found if page.card else [*found, _("Nobody has to be notified.")]
