"""The dates of a permanent room on their pages, and what becomes of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

from django.contrib.auth.models import User
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from integrations.base.records import instant
from portal.common import clock
from portal.conferences import repeating
from portal.conferences.audience.services import invited_groups
from portal.conferences.mails.forms import TellingForm
from portal.conferences.mails.services import Act
from portal.conferences.mails.services.news import DATES
from portal.conferences.models import Conference
from portal.conferences.models.conference import ASSUMED_MINUTES
from portal.conferences.schedule.services import clashes
from portal.conferences.schedule.services import room_dates as service
from portal.conferences.schedule.services.platform_changes import since
from portal.conferences.schedule.services.series import Extent
from portal.staff.presenters.send_card import Question, send_card
from portal.staff.presenters.words import short
from portal.staff.webinars.presenters.buttons import reason_of_role
from portal.staff.webinars.presenters.clashes import on_dates
from portal.staff.webinars.presenters.extents import Choice

STAMP = "%Y%m%dT%H%M%SZ"
NAMED = 6  # dates that a consequence names


@dataclass(frozen=True, slots=True)
class Row:
    """One date on the page."""

    number: int
    at: datetime
    stamp: str
    ahead: bool
    on: bool


def rows(conference: Conference) -> list[Row]:
    """All its dates, the earliest first."""
    moment = clock.now()
    begun = moment - timedelta(minutes=conference.duration_minutes or ASSUMED_MINUTES)
    stands = conference.removed_at is None
    return [
        Row(number, at, stamp(at), at > moment, stands and begun < at <= moment)
        for number, at in enumerate(repeating.kept(conference), start=1)
    ]


def stamp(at: datetime) -> str:
    """A date (UTC) as an address names it."""
    return at.astimezone(UTC).strftime(STAMP)


def read_stamp(text: str) -> datetime | None:
    """The date that an address names; None where it names none."""
    try:
        return datetime.strptime(text, STAMP).replace(tzinfo=UTC)
    except ValueError:
        return None


def read_extent(data: Any) -> Extent:
    """How far an act shall reach; one date alone for anything that is no extent."""
    asked = str((data or {}).get("extent") or "")
    return Extent(asked) if asked in set(Extent) else Extent.ONE


def choices(conference: Conference, at: datetime, chosen: Extent, url: str = "") -> list[Choice]:
    """How far an act on a date may reach."""
    against = service.reasons_against(conference, at)
    return [Choice(one, one is chosen, against[one], f"{url}?extent={one.value}") for one in Extent]


def changing(
    conference: Conference,
    dates: Sequence[datetime],
    user: User,
    data: Any,
    *,
    title: str,
    act: str,
    url: str,
    minutes: int | None = None,
    danger: bool = False,
    icon: str = "calendar",
    hidden: Sequence[tuple[str, Any]] = (),
    extents: Sequence[Choice] = (),
) -> Question:
    """The page that asks whether these shall be its dates, and who hears of that."""
    held = list(conference.dates)
    changes: dict[str, Any] = since(conference, {}) | {DATES: (held, [instant(at) for at in dates])}
    if minutes is not None and minutes != conference.duration_minutes:
        changes["duration_minutes"] = (conference.duration_minutes, minutes)
    return Question(
        title,
        act,
        send_card(conference, Act.RESCHEDULE, TellingForm(data), changes=changes),
        url,
        back=reverse("staff:room-dates", args=[conference.pk]),
        consequences=[*consequences(conference, dates), *_overlaps(conference, dates, minutes)],
        hidden=hidden,
        reason=reason_of_role(user) or service.reason_of(conference),
        confirms=True,
        danger=danger,
        icon=icon,
        extents=extents,
        clashes=beside(conference, dates, minutes),
    )


def beside(
    conference: Conference, dates: Sequence[datetime], minutes: int | None
) -> dict[str, Any]:
    """What else takes place on the dates that it has not had so far."""
    held, length = repeating.kept(conference), minutes or conference.duration_minutes
    new = [at for at in dates if at not in held]
    speakers = clashes.speakers_of(conference) if new else []
    groups = invited_groups.ids_of(conference) if new else []
    planned = [
        clashes.Planned(conference.account, at, length, conference, speakers, groups=groups)
        for at in new
    ]
    found = zip((short(conference, at) for at in new), clashes.find_each(planned), strict=True)
    return on_dates(found, conference.account.label)


def _overlaps(conference: Conference, dates: Sequence[datetime], minutes: int | None) -> list[str]:
    """The first of its dates that would begin before the one before it is over."""
    length = timedelta(minutes=minutes or conference.duration_minutes or ASSUMED_MINUTES)
    for one, other in pairwise(sorted(dates)):
        if other - one < length:
            said = _("%(one)s is not over when %(other)s begins, in the same room.")
            return [said % {"one": short(conference, one), "other": short(conference, other)}]
    return []


def consequences(conference: Conference, dates: Sequence[datetime]) -> list[str]:
    """What becomes of its dates, and what the platform hears of it."""
    held = repeating.kept(conference)
    gone = [at for at in held if at not in dates]
    come = [at for at in dates if at not in held]
    found = []
    if gone and len(gone) == len(come):
        pairs = zip(gone[:NAMED], come, strict=False)
        said = _("%(old)s → %(new)s")
        found += [
            said % {"old": short(conference, old), "new": short(conference, new)}
            for old, new in pairs
        ]
    else:
        found += [_("Left out: %(date)s") % {"date": short(conference, at)} for at in gone[:NAMED]]
        found += [_("Added: %(date)s") % {"date": short(conference, at)} for at in come[:NAMED]]
    if (more := max(len(gone), len(come)) - NAMED) > 0:
        found.append(ngettext("and %(count)d more", "and %(count)d more", more) % {"count": more})
    stays = _("The room and everybody's link stay as they are; %(platform)s hears nothing of it.")
    return [*found, stays % {"platform": conference.account.platform_name}]
