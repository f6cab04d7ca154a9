"""A series as its pages show it: its rule in words, its dates, and how far an act reaches."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.conferences import repeating
from portal.conferences.audience.services import registration_pages, series_registrations
from portal.conferences.mails.forms import TellingForm
from portal.conferences.mails.services import Act, Part
from portal.conferences.models import Attendee, Conference, Moderator, Series
from portal.conferences.schedule.series_queries import Place, places
from portal.conferences.schedule.services import clashes
from portal.conferences.schedule.services import series as service
from portal.conferences.schedule.services.cancel import REASON_LENGTH
from portal.conferences.schedule.services.clashes import Clashes
from portal.conferences.schedule.services.series import Extent
from portal.staff.presenters.send_card import Question, card_of_several, send_card
from portal.staff.presenters.words import short
from portal.staff.webinars.presenters import confirmations
from portal.staff.webinars.presenters import recurrence as in_words
from portal.staff.webinars.presenters.buttons import reason_of_role
from portal.staff.webinars.presenters.clashes import on_dates
from portal.staff.webinars.presenters.extents import choices


def about(series: Series) -> str:
    """What it is in a sentence: the rule by which it was scheduled, and the zone of its clock."""
    return in_words.rule_in_words(series.rule, series.timezone)


def mark(place: Place) -> str:
    """ "2 of 6", as a list marks a date of a series."""
    if not place.number:
        return _("of a series")
    return _("%(number)d of %(total)d") % {"number": place.number, "total": place.total}


def marked(rows: Iterable[Conference]) -> None:
    """Put on each row that belongs to a series its place in it (`place`), and on each that its
    platform repeats by itself how (`repeats`)."""
    some = list(rows)
    found = places(some)
    for row in some:
        row.repeats = repeating.in_words(row)  # type: ignore[attr-defined]
        row.place = mark(found[row.pk]) if row.pk in found else ""  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class Row:
    """One date on the page of its series."""

    conference: Conference
    chip: Any
    place: Place

    @property
    def was(self) -> str:
        """Where the series has it, where it was moved by itself."""
        row = self.conference
        if row.planned_at is None or row.planned_at == row.starts_at:
            return ""
        return short(row, row.planned_at)

    @property
    def ahead(self) -> bool:
        """Whether it can still be moved or cancelled."""
        return self.conference.state == Conference.State.SCHEDULED and not self.conference.gone_at


def table(rows: Iterable[Conference], chips: Mapping[int, Any]) -> list[Row]:
    """The dates on a page."""
    some = list(rows)
    found = places(some)
    return [Row(row, chips[row.pk], found[row.pk]) for row in some]


def cancelling(conference: Conference, extent: Extent, user: User, data: Any) -> Question:
    """The page that asks whether a date is to be called off, or several."""
    url = reverse("staff:conference-cancel", args=[conference.pk])
    offered = choices(conference, extent, url)
    if extent is Extent.ONE:
        question = confirmations.cancelling(conference, user, data)
        question.extents, question.hidden = offered, [("extent", extent.value)]
        return question
    rows = [conference, *service.others(conference, extent)]
    form = TellingForm(
        data,
        label=_("Reason"),
        longest=REASON_LENGTH,
        kept=True,
        help_text=_("Kept with each webinar. Those who are notified read it in their mail."),
    )
    number = {"count": len(rows)}
    ask = ngettext("Cancel %(count)d webinar?", "Cancel %(count)d webinars?", len(rows))
    act = ngettext("Cancel %(count)d webinar", "Cancel %(count)d webinars", len(rows))
    here = _("Here they are kept, with their people and their history, marked as cancelled.")
    return Question(
        ask % number,
        act % number,
        card_of_several([Part(row, Act.CANCEL) for row in rows], form),
        url,
        back=reverse("staff:conference", args=[conference.pk]),
        back_label=_("Keep them"),
        consequences=[span(rows), confirmations.consequences(conference)[0], here],
        hidden=[("extent", extent.value)],
        danger=True,
        icon="no-symbol",
        reason=reason_of_role(user) or confirmations.against_cancelling(conference),
        extents=offered,
        series=conference.series,
    )


def span(rows: Sequence[Conference]) -> str:
    """How many dates an act reaches, and from which to which."""
    dated = sorted((row for row in rows if row.starts_at), key=lambda row: (row.starts_at, row.pk))
    first, last = (
        short(row, row.starts_at)  # type: ignore[arg-type]
        for row in (dated[0], dated[-1])
    )
    said = ngettext(
        "It is %(count)d webinar: %(first)s.",
        "These are %(count)d webinars: the first %(first)s, the last %(last)s.",
        len(rows),
    )
    return said % {"count": len(rows), "first": first, "last": last}


def adding(
    series: Series,
    like: Conference,
    user: User,
    data: Any,
    hidden: Any,
    people: Sequence[Attendee] = (),
) -> Question:
    """The page that asks whether those who run the new date are invited, and whether those who are
    registered for it at once are told."""
    speakers = [Moderator(conference=like, **one) for one in service.speakers_of(like)]
    rows = series_registrations.planned(like, people)
    if rows:
        parts = [
            Part(like, Act.INVITE, registrations=rows),
            Part(like, Act.ASSIGN, moderators=speakers),
        ]
        card = card_of_several(parts, TellingForm(data))
    else:
        card = send_card(like, Act.ASSIGN, TellingForm(data), moderators=speakers)
    found = _clashes(like, speakers)
    return Question(
        _("Add this date?"),
        _("Add the date"),
        card,
        reverse("staff:series-add", args=[series.pk]),
        hidden=hidden,
        consequences=_registering(series, len(rows)) if rows else [],
        concerned=rows,
        confirms=bool(rows or found),
        icon="plus",
        reason=reason_of_role(user) or service.reason_against_adding(series),
        clashes=_on_date(like, found),
    )


def beside(date: Conference) -> dict[str, Any]:
    """What else takes place at the time of a date that is not made yet, as its pages show it."""
    speakers = [Moderator(conference=date, **one) for one in service.speakers_of(date)]
    return _on_date(date, _clashes(date, speakers))


def _on_date(date: Conference, found: Clashes) -> dict[str, Any]:
    when = short(date, date.starts_at) if date.starts_at else ""
    return on_dates([(when, found)], date.account.label)


def _clashes(date: Conference, speakers: Iterable[Moderator]) -> Clashes:
    if date.starts_at is None:
        return Clashes()
    minutes, emails = date.duration_minutes, [one.email for one in speakers]
    return clashes.find(clashes.Planned(date.account, date.starts_at, minutes, speakers=emails))


def _registering(series: Series, number: int) -> list[str]:
    """What it means to register those who registered for all dates, and where it is more than the
    page of the series has places for."""
    said = ngettext(
        "%(count)d person who registered for all dates is registered for this one too.",
        "%(count)d people who registered for all dates are registered for this one too.",
        number,
    )
    lines = [said % {"count": number}]
    limit = registration_pages.of(series).limit
    if limit is not None and number > limit:
        lines.append(
            _("That is more than the %(limit)d places of each date. All of them are let in.")
            % {"limit": limit}
        )
    return lines


def added(number: int) -> str:
    """What came of it."""
    if not number:
        return _("The date is added. Nobody is registered for it yet.")
    said = ngettext(
        "The date is added, and %(count)d person registered for it.",
        "The date is added, and %(count)d people registered for it.",
        number,
    )
    return said % {"count": number}
