"""What is asked before something is done to people of a series, over several of its dates."""

from collections.abc import Iterable, Sequence
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.models import User
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.conferences.audience import series_queries
from portal.conferences.audience.services import moderators, registrations
from portal.conferences.mails.forms import TellingForm
from portal.conferences.mails.services import Act, Part, series_reminders
from portal.conferences.models import Conference, Moderator, Registration, Series
from portal.conferences.schedule.services import series_people as service
from portal.conferences.schedule.services.series import Extent
from portal.conferences.schedule.services.series_people import Speaking, named
from portal.staff.presenters.send_card import Question, card_of_several, reminder_card
from portal.staff.presenters.words import number
from portal.staff.presenters.words import people as people_in_words
from portal.staff.webinars.presenters import confirmations
from portal.staff.webinars.presenters.buttons import reason_of_role
from portal.staff.webinars.presenters.clashes import ClashWarning
from portal.staff.webinars.presenters.extents import Choice, choices, whole
from portal.staff.webinars.presenters.series import span

MOST_NAMED = 5  # dates, by name
SPEAKERS_SHOWN = 8


def reminding(series: Series, dates: Sequence[Conference], user: User, data: Any) -> Question:
    """The page that asks before those are reminded who have not answered about dates to come."""
    newest = series_reminders.newest(series)
    card = reminder_card(dates, TellingForm(data))
    said = ngettext(
        "Remind the one person who has not answered?",
        "Remind the %(people)s people who have not answered?",
        card.count,
    )
    each = _("Each gets one mail with the dates about which their answer is missing.")
    return Question(
        said % {"people": number(card.count)},
        _("Send a reminder"),
        card,
        reverse("staff:series-remind", args=[series.pk]),
        back=reverse("staff:series-people", args=[series.pk]),
        icon="bell",
        reason=reason_of_role(user),
        mails_alone=True,
        consequences=[each],
        hidden=[("seen", data.get("seen", newest) if data else newest)],
        series=series,
    )


# Withdrawing -------------------------------------------------------------------------------------


def withdraw_url(conference: Conference, people: Iterable[int], extent: Extent, back: str) -> str:
    """The page that asks before people are withdrawn from this date and others of its series."""
    asked: list[tuple[str, Any]] = [("from", conference.pk), ("extent", extent.value)]
    asked += [("person", pk) for pk in people]
    asked += [("back", back)] if back else []
    return f"{reverse('staff:series-withdraw', args=[conference.series_id])}?{urlencode(asked)}"


def withdraw_choices(
    conference: Conference, people: Iterable[int], extent: Extent, back: str
) -> list[Choice]:
    """How far a withdrawal from this date may reach; none where it is in no series."""
    ids, date = list(people), named(conference)
    return [
        Choice(
            one.extent,
            one.chosen,
            one.reason,
            withdraw_url(conference, ids, one.extent, back),
            date,
        )
        for one in choices(conference, extent)
    ]


def withdrawing(
    conference: Conference,
    extent: Extent,
    people: Sequence[int],
    user: User,
    data: Any,
    back: str,
) -> Question:
    """The page that names people and dates before they are withdrawn; each hears of all in one
    mail."""
    dates = service.reached(conference, extent)
    rows = service.registered(dates, people)
    at: dict[int, list[Registration]] = {date.pk: [] for date in dates}
    for row in rows:
        at[row.conference_id].append(row)
    concerned = list({row.attendee_id: row for row in rows}.values())
    met = [date for date in dates if at[date.pk]]
    parts = [Part(date, Act.WITHDRAW, registrations=at[date.pk]) for date in met or dates[:1]]
    who = str(concerned[0].attendee) if len(concerned) == 1 else people_in_words(len(concerned))
    said = ngettext(
        "Withdraw %(people)s from %(count)d date?",
        "Withdraw %(people)s from %(count)d dates?",
        len(met),
    )
    hidden: list[tuple[str, Any]] = [("person", pk) for pk in people]
    hidden += [("from", conference.pk), ("extent", extent.value), ("back", back)]
    sentences = dict.fromkeys(registrations.withdraw_sentence(date, at[date.pk]) for date in met)
    title = said % {"people": who, "count": len(met)} if met else _("Withdraw")
    return Question(
        title,
        _("Withdraw"),
        card_of_several(parts, TellingForm(data)),
        reverse("staff:series-withdraw", args=[conference.series_id]),
        back=back,
        consequences=[*([span(met)] if met else []), *sentences],
        danger=True,
        icon="user-minus",
        reason=reason_of_role(user)
        or ("" if met else _("Nobody of them takes part in these dates.")),
        hidden=hidden,
        concerned=concerned,
        confirms=True,
        extents=withdraw_choices(conference, people, extent, back),
        series=conference.series,
    )


# Those who run them ------------------------------------------------------------------------------


def speakers(dates: series_queries.Dates) -> dict[str, Any]:
    """Who runs the dates that lie ahead, the first of them, with the pages that change it at all of
    these dates."""
    found = series_queries.speakers(dates)
    ahead = len(dates.ahead)
    query = f"?extent={whole(ahead).value}"
    rows = [
        {
            "person": one.person,
            "number": one.number,
            "edit": _page("staff:moderator-edit", one.person, query),
            "unassign": _page("staff:moderator-unassign", one.person, query),
        }
        for one in found[:SPEAKERS_SHOWN]
    ]
    assign = reverse("staff:moderator-assign", args=[dates.ahead[0]]) + query if ahead else ""
    return {
        "speakers": rows,
        "more_speakers": len(found) - len(rows),
        "ahead": ahead,
        "assign": assign,
    }


def _page(name: str, person: Moderator, query: str) -> str:
    return reverse(name, args=[person.conference_id, person.pk]) + query


def assigning(
    conference: Conference,
    extent: Extent,
    values: dict[str, Any],
    user: User,
    data: Any,
    hidden: Any,
) -> Question:
    """The page that asks before somebody is put on several dates: which of them, where they are at
    another webinar then, and the one mail about all."""
    if extent is Extent.ONE:
        speaker = Moderator(conference=conference, **values)
        return confirmations.assigning(conference, speaker, user, data, hidden)
    found = service.assigning(conference, extent, values["email"])
    speakers = [Moderator(conference=date, **values) for date in found.dates]
    clashing = service.clashes_of(found.dates, values["email"])
    parts = [Part(one.conference, Act.ASSIGN, moderators=[one]) for one in speakers]
    said = ngettext(
        "Assign %(person)s to %(count)d date?",
        "Assign %(person)s to %(count)d dates?",
        len(parts),
    )
    person = Moderator(**values)
    title = said % {"person": person, "count": len(parts)}
    return Question(
        title if parts else _("Assign %(person)s?") % {"person": person},
        _("Assign"),
        card_of_several(parts or [Part(conference, Act.ASSIGN, moderators=[])], TellingForm(data)),
        reverse("staff:moderator-assign", args=[conference.pk]),
        hidden=hidden,
        icon="user-plus",
        reason=reason_of_role(user) or found.reason,
        consequences=[
            *([span(found.dates)] if found.dates else []),
            *_clash_lines(clashing),
            *left_out(found),
        ],
        confirms=bool(clashing or found.against),
        series=conference.series,
    )


def unassigning(speaker: Moderator, extent: Extent, user: User, data: Any) -> Question:
    """The page that asks before somebody is taken off a date, or several of its series."""
    conference = speaker.conference
    url = reverse("staff:moderator-unassign", args=[conference.pk, speaker.pk])
    offered = choices(conference, extent, url)
    if extent is Extent.ONE:
        question = confirmations.unassigning(speaker, user, data)
        question.extents, question.hidden = offered, [("extent", extent.value)]
        return question
    found = service.of_speaker(speaker, extent, moderators.reason_against_unassigning)
    parts = [Part(row.conference, Act.UNASSIGN, moderators=[row]) for row in found.rows]
    said = ngettext(
        "Take %(person)s off %(count)d date?", "Take %(person)s off %(count)d dates?", len(parts)
    )
    stops = _("The personal links of these dates stop working.")
    title = said % {"person": speaker, "count": len(parts)}
    return Question(
        title if parts else _("Take %(person)s off?") % {"person": speaker},
        _("Take off"),
        card_of_several(
            parts or [Part(conference, Act.UNASSIGN, moderators=[])], TellingForm(data)
        ),
        url,
        back=reverse("staff:series-people", args=[conference.series_id]),
        danger=True,
        consequences=[*([span(found.dates), stops] if found.dates else []), *left_out(found)],
        hidden=[("extent", extent.value)],
        reason=reason_of_role(user) or found.reason,
        extents=offered,
        series=conference.series,
    )


def _clash_lines(found: Sequence[tuple[Conference, Any]]) -> list[SafeString | str]:
    lines: list[SafeString | str] = [
        format_html("{}: {}", named(date), line)
        for date, one in found[:MOST_NAMED]
        for line in ClashWarning(one, date.account.label, asks=False, data={}).sentences
    ]
    more = len(found) - MOST_NAMED
    if more > 0:
        said = ngettext(
            "On %(count)d more date they are at another webinar.",
            "On %(count)d more dates they are at another webinar.",
            more,
        )
        lines.append(said % {"count": more})
    return lines


def left_out(found: Speaking) -> list[str]:
    """The dates at which it cannot be done, each with the reason."""
    said = _("%(date)s is left out: %(why)s")
    lines = [said % {"date": named(date), "why": why} for date, why in found.against[:MOST_NAMED]]
    more = len(found.against) - MOST_NAMED
    if more > 0:
        also = ngettext(
            "%(count)d more date is left out.", "%(count)d more dates are left out.", more
        )
        lines.append(also % {"count": more})
    return lines if found.dates else []
