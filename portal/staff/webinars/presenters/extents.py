"""How far an act on one date of a series reaches: the choice, and what comes of it."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.common.dates import SHORT_OF_YEAR, written
from portal.conferences import repeating
from portal.conferences.audience.services import invited_groups
from portal.conferences.fields import NOTIFIED_FIELDS
from portal.conferences.mails.services import Act, Part
from portal.conferences.mails.services.news import zone_of
from portal.conferences.models import Conference
from portal.conferences.schedule.services import clashes
from portal.conferences.schedule.services import series as service
from portal.conferences.schedule.services.clashes import Clashes
from portal.conferences.schedule.services.platform_changes import since_each
from portal.conferences.schedule.services.series import LABELS, Extent, Reach
from portal.conferences.schedule.services.series_people import named
from portal.staff.presenters import words

NAMED = 5  # dates that keep something of their own, by name


@dataclass(frozen=True, slots=True)
class Choice:
    """One extent: what it says, why it is off, and the page that asks with it."""

    extent: Extent
    chosen: bool
    reason: str
    url: str
    date: str = ""  # of which it is, where the page does not say so elsewhere

    @property
    def label(self) -> str:
        if self.date and self.extent is Extent.ONE:
            return _("Only %(date)s") % {"date": self.date}
        if self.date and self.extent is Extent.FOLLOWING:
            return _("%(date)s and all following dates") % {"date": self.date}
        return str(LABELS[self.extent])

    @property
    def value(self) -> str:
        return self.extent.value

    def coming_from(self, page: str) -> "Choice":
        """The same, for a page that leads back to where somebody came from."""
        return replace(self, url=f"{self.url}&{urlencode({'next': page})}")


def read_extent(conference: Conference | None, data: Mapping[str, Any] | None) -> Extent:
    """What was chosen; this one alone for anything else, or for what is in no series."""
    if conference is None or not conference.series_id:
        return Extent.ONE
    asked = str((data or {}).get("extent") or "")
    return Extent(asked) if asked in set(Extent) else Extent.ONE


def whole(to_come: int) -> Extent:
    """The extent that reaches from the next date to the last one."""
    return Extent.FOLLOWING if to_come > 1 else Extent.ONE


def choices(
    conference: Conference,
    chosen: Extent,
    url: str = "",
    others_ahead: Sequence[Conference] | None = None,
) -> list[Choice]:
    """The extents of an act on one date; none of what takes place once."""
    if not conference.series_id:
        return _of_one_room(conference)
    against = service.reasons_against(conference, others_ahead)
    # A page that asks about several dates is headed by the series, not by one of them.
    date = named(conference) if url and chosen is not Extent.ONE else ""
    return [
        Choice(extent, extent is chosen, against[extent], f"{url}?extent={extent.value}", date)
        for extent in Extent
    ]


def _of_one_room(conference: Conference) -> list[Choice]:
    """One row for many dates is edited and called off as a whole, which is said like the choice
    that there is not; none where it has one date."""
    if conference.draft:
        return []
    if len(repeating.kept(conference)) > 1:
        alone = following = _(
            "All dates are in one room. One or several of them are moved and left out on the page "
            "“Dates of the room”."
        )
    elif repeating.days_of(conference) and not conference.permanent:
        said = _("%(platform)s repeats it by itself, as one room: no date is changed alone.")
        alone = said % {"platform": conference.account.platform_name}
        following = _("The next date is the one that is changed: these are all that lie ahead.")
    else:
        return []
    against = {Extent.ONE: alone, Extent.FOLLOWING: following, Extent.AHEAD: ""}
    return [Choice(one, one is Extent.AHEAD, why, "") for one, why in against.items()]


def review(reached: Iterable[Reach]) -> list[str]:
    """What an edit does to the other dates."""
    some = list(reached)
    changed = sum(bool(one.values) for one in some)
    said = ngettext(
        "%(count)d other date is changed with it.",
        "%(count)d other dates are changed with it.",
        changed,
    )
    kept = [one for one in some if one.keeps]
    found = [said % {"count": changed}, *(_kept(one) for one in kept[:NAMED])]
    if len(kept) > NAMED:
        more = ngettext(
            "%(count)d more keeps what it has of its own.",
            "%(count)d more keep what they have of their own.",
            len(kept) - NAMED,
        )
        found.append(more % {"count": len(kept) - NAMED})
    return found


def moving(held: Conference, reached: Iterable[Reach]) -> list[int]:
    """The dates (keys) that are given another time with this one, itself among them."""
    return [held.pk, *(one.conference.pk for one in reached if "starts_at" in one.values)]


def clashes_of(
    held: Conference, reached: Iterable[Reach], minutes: int | None, speakers: Collection[str]
) -> list[tuple[str, Clashes]]:
    """What else takes place at the new times of the other dates, where they are on the same
    account: when that is, and what."""
    some = list(reached)
    there = [one for one in some if one.conference.account_id == held.account_id]
    starts = sorted(one.values["starts_at"] for one in there if "starts_at" in one.values)
    if not starts:
        return []
    leave, groups = moving(held, some), invited_groups.ids_of(held)
    planned = [
        clashes.Planned(held.account, at, minutes, speakers=speakers, moving=leave, groups=groups)
        for at in starts
    ]
    zone = zone_of(held)
    return [
        (written(at.astimezone(zone), SHORT_OF_YEAR), found)
        for at, found in zip(starts, clashes.find_each(planned), strict=True)
    ]


def _kept(reach: Reach) -> str:
    row = reach.conference
    names = words.listed(words.label(name, row) for name in reach.keeps)
    at = row.starts_at.astimezone(zone_of(row)) if row.starts_at else None
    said = {"date": written(at, SHORT_OF_YEAR) if at else row.title, "fields": names}
    return _("%(date)s has a value of its own and keeps it: %(fields)s.") % said


def parts_of_changes(
    held: Conference, changed: Mapping[str, Any], reached: Iterable[Reach]
) -> list[Part]:
    """The dates of whose change people would hear, the edited one first."""
    pairs = [(held, changed), *((one.conference, one.values) for one in reached)]
    told = zip(pairs, since_each(pairs), strict=True)
    return [
        Part(row, Act.RESCHEDULE, changes=found)
        for (row, values), found in told
        if NOTIFIED_FIELDS & values.keys()
    ]
