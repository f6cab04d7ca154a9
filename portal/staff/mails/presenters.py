"""Reminders in words: how long before, and what stands before one is chosen or sent."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.contrib.auth.models import User
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.common.dates import SHORT_OF_YEAR, written
from portal.common.texts import shown
from portal.conferences.mails.forms import ReminderForm, TellingForm
from portal.conferences.mails.services import Act, reminders
from portal.conferences.models import Conference, Reminder, Series
from portal.platforms.models import PlatformAccount
from portal.staff.presenters.send_card import Question, send_card
from portal.staff.presenters.words import number
from portal.staff.webinars.presenters.buttons import reason_of_role

Segment = Reminder.Segment


def lead(minutes: int) -> str:
    """ "1 day before": in the largest unit that tells it in whole numbers."""
    if minutes % 1440 == 0:
        said = ngettext("%(count)d day before", "%(count)d days before", minutes // 1440)
        return said % {"count": minutes // 1440}
    if minutes % 60 == 0:
        said = ngettext("%(count)d hour before", "%(count)d hours before", minutes // 60)
        return said % {"count": minutes // 60}
    said = ngettext("%(count)d minute before", "%(count)d minutes before", minutes)
    return said % {"count": minutes}


def lines(
    conference: Conference, counted: reminders.Numbers | None = None
) -> list[tuple[str, reminders.Planned]]:
    """Each reminder with how long before it is."""
    return [(whole(one.rule), one) for one in reminders.planned(conference, counted)]


def whole(rule: Reminder) -> str:
    """How long before it is, and to whom, where that is not everybody who is registered."""
    before = lead(rule.minutes)
    return before if rule.segment == Segment.REGISTERED else f"{before}: {rule.recipients}"


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose reminders hold for a webinar: `kind` is conference, series or account. `above` is whose
    would hold if it had none of its own, and `url` leads to those."""

    kind: str
    name: str
    above: str
    url: str


def owner(conference: Conference) -> Owner:
    """Whose reminders hold for a webinar."""
    found, series = reminders.owner_of(conference), conference.series
    kind = "conference" if isinstance(found, Conference) else "account"
    if series is not None and series.own_reminders:
        url = reverse("staff:series-reminders", args=[series.pk])
        kind = "series" if found == series else kind
        return Owner(kind, str(found), str(series), url)
    url = reverse("staff:account-reminders", args=[conference.account_id])
    return Owner(kind, str(found), str(conference.account), url)


def removable(rules: Iterable[Reminder], name: str, pk: int) -> list[tuple[str, str]]:
    """The reminders of a series or an account in words, each with the address that removes it."""
    return [(whole(one), reverse(f"staff:{name}", args=[pk, one.pk])) for one in rules]


def concerned(owner: Series | PlatformAccount, form: ReminderForm) -> dict[str, Any]:
    """What stands before a reminder of a series or an account: how many people it is for."""
    webinars, people = reminders.concerned(owner, form.minutes, form.segment)
    said = ngettext(
        "%(people)s registrations at %(count)d webinar that is coming, and at all to come, get a "
        "reminder %(before)s.",
        "%(people)s registrations at %(count)d webinars that are coming, and at all to come, get a "
        "reminder %(before)s.",
        webinars,
    )
    before = lead(form.minutes)
    return {
        "text": said % {"people": people, "count": webinars, "before": before},
        "title": _("Remind everybody %(before)s?") % {"before": before},
        "of": form.key,
    }


def platforms_own(account: Any) -> str:
    """What the platform does by itself, so that nobody hears twice."""
    if said := shown(account.capabilities.reminds):
        return _("%(said)s People would hear twice.") % {"said": said}
    said = _("As far as its document says, %(platform)s sends no reminders of its own.")
    return said % {"platform": account.platform_name}


def choosing(conference: Conference, form: ReminderForm, user: User, data: Any) -> Question:
    """The page that asks before a reminder is chosen: who would get it as things stand, and how it
    reads."""
    minutes = form.minutes
    people = reminders.to_remind(conference, form.segment)
    card = send_card(conference, Act.REMIND, TellingForm(data), registrations=people)
    start = conference.starts_at
    at = start - timedelta(minutes=minutes) if start else None
    when = written(timezone.localtime(at), SHORT_OF_YEAR) if at else ""
    said = _("It leaves on %(when)s, to whoever is registered by then.")
    if form.segment == Segment.UNANSWERED:
        said = _("It leaves on %(when)s, to whoever has not answered by then.")
    card.outlook = said % {"when": when}
    here = reverse("staff:conference-reminders", args=[conference.pk])
    return Question(
        _("Remind people %(before)s?") % {"before": lead(minutes)},
        _("Have it sent"),
        card,
        here,
        back=here,
        icon="bell",
        reason=reason_of_role(user)
        or reminders.reason_against(conference)
        or reminders.passed(conference, minutes),
        mails_alone=True,
        confirms=True,
        consequences=[
            card.outlook,
            _("A webinar that is moved takes the reminder along; a cancelled one has none."),
        ],
        hidden=[(name, form[name].value() or "") for name in form.fields],
    )


def reminding(conference: Conference, user: User, data: Any, segment: str) -> Question:
    """The page that asks before people are reminded now."""
    people = reminders.to_remind(conference, segment)
    reason = reason_of_role(user) or reminders.reason_against(conference)
    newest = reminders.newest(conference)
    title = _("Remind people now?")
    if segment == Segment.UNANSWERED:
        said = ngettext(
            "Remind the one person who has not answered?",
            "Remind the %(people)s people who have not answered?",
            len(people),
        )
        title = said % {"people": number(len(people))}
    return Question(
        title,
        _("Send a reminder"),
        send_card(conference, Act.REMIND, TellingForm(data), registrations=people, waits=False),
        reverse("staff:conference-remind", args=[conference.pk]),
        back=reverse("staff:conference-mails", args=[conference.pk]),
        icon="bell",
        reason=reason,
        mails_alone=True,
        hidden=[("seen", data.get("seen", newest) if data else newest), ("who", segment)],
    )


def tab(conference: Conference) -> dict[str, Any]:
    """What the webinar's mails say of its reminders."""
    whose = owner(conference)
    if conference.starts_at is None:
        return {"reminders": [], "reminders_of": whose}
    counted = reminders.numbers(conference)
    found = lines(conference, counted)
    if reminders.reason_against(conference):
        return {"reminders": found, "reminders_of": whose}
    # The page that asks counts anew, without those for whom one waits already.
    to_remind = counted.people.get(Segment.REGISTERED, 0)
    return {"reminders": found, "reminders_of": whose, "to_remind": to_remind}
