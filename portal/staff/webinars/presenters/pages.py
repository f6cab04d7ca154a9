"""What the list and the page of a conference show beside the row itself."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.http import HttpRequest, QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from integrations.base.records import Kind
from portal.common.dates import CLOCK, DAY_OF_WEEK, written
from portal.common.pages import OfList
from portal.common.texts import shown
from portal.conferences import walltime
from portal.conferences.audience import queries as queries_registrations
from portal.conferences.models import Conference
from portal.conferences.schedule import queries
from portal.conferences.schedule.services import platform_changes
from portal.identity import access, roles
from portal.identity.access import ProtectedItem
from portal.platforms.models import PlatformAccount
from portal.staff.attention.presenters import differences
from portal.staff.platform_actions.presenters import has_any
from portal.staff.presenters import words
from portal.sync.queries.in_state import in_state

LATEST = 5
TABS = (
    ("overview", _("Overview"), "conference", ""),
    ("people", _("People"), "conference-people", "people"),
    ("mails", _("Mail"), "conference-mails", ""),
    ("sessions", _("Sessions"), "conference-sessions", "sessions"),
    ("recordings", _("Recordings"), "conference-recordings", "recordings"),
    ("live", _("Live"), "conference-live", ""),
    ("content", _("Content"), "conference-content", ""),
    ("history", _("History"), "conference-history", ""),
)
SPANS = (
    (queries.UPCOMING, _("Upcoming")),
    (queries.PAST, _("Past")),
    (queries.ALL, _("All")),
    (queries.CUSTOM, _("By date")),
)
# Some places around the world, for "what time is it there".
PLACES = ("America/New_York", "Europe/London", "Europe/Berlin", "Asia/Kolkata", "Asia/Tokyo")


def in_sync_state(
    rows: QuerySet[Conference], state: str, accounts: Sequence[PlatformAccount]
) -> QuerySet[Conference]:
    """Those rows whose copy is in a sync state; all of them where none is asked for."""
    return in_state(rows, state, accounts) if state else rows


def watched(marks: Mapping[int, Any]) -> str:
    """The ids of what is still under way, as an address carries them; empty where nothing is."""
    return ",".join(str(pk) for pk, mark in marks.items() if mark.in_progress)


def span_tabs(
    query: QueryDict, chosen: Mapping[str, Any], counts: Mapping[str, int]
) -> list[dict[str, Any]]:
    """Upcoming, past, all: links that keep the other filters."""
    now = chosen.get("range", queries.UPCOMING)
    tabs = []
    for name, label in SPANS:
        link = query.copy()
        for key in ("page",) if name == queries.CUSTOM else ("page", "since", "until"):
            link.pop(key, None)
        link["range"] = name
        address = f"{reverse('staff:conferences')}?{link.urlencode()}"
        tabs.append(
            {"label": label, "url": address, "active": now == name, "count": counts.get(name)}
        )
    return tabs


def page_tabs(conference: Conference, tab: str, counts: Mapping[str, int]) -> list[dict[str, Any]]:
    """The tabs of a conference's page."""
    return [
        {
            "label": label,
            "url": reverse(f"staff:{address}", args=[conference.pk]),
            "active": name == tab,
            "count": counts[counted] if counted else None,
        }
        for name, label, address, counted in TABS
    ]


def undecided_change(conference: Any) -> dict[str, Any] | None:
    """A change that was made on the platform and of which nobody has been told so far."""
    change = platform_changes.undecided(conference) if conference.undecided else None
    if change is None:
        return None
    return {
        "sentence": words.sentences(
            differences.sentence(change), gettext("Nobody has been notified so far.")
        ),
        "url": reverse("staff:platform-change", args=[change.pk]),
    }


def gone_choices(conference: Conference) -> dict[str, str]:
    """What can become of a conference that its platform no longer has; empty where it has."""
    if not conference.gone_at or conference.removed_at:
        return {}
    platform = {"platform": conference.account.platform_name}
    sentence = gettext(
        "%(platform)s no longer has this webinar. It was not cancelled here, and nobody was "
        "told. Choose what should become of it."
    )
    return {
        "sentence": sentence % platform,
        "again": gettext("Create it again on %(platform)s") % platform,
        "cancel": gettext("Mark it as cancelled"),
    }


def room_addresses(known: Mapping[str, Any], user: User) -> list[tuple[str, str]]:
    """Where the room stands; only web addresses become links."""
    named = (
        (ProtectedItem.ROOM, "room_url", gettext("Address of the room")),
        (ProtectedItem.PANEL, "panel_url", gettext("In the platform's panel")),
    )
    found = [
        (label, str(known.get(name) or "")) for way, name, label in named if access.sees(user, way)
    ]
    return [(label, url) for label, url in found if url.startswith(("https://", "http://"))]


def access_facts(
    conference: Conference, known: Mapping[str, Any], user: User
) -> list[tuple[str, str]]:
    """Who can enter, and by phone with which pin."""
    facts = [
        (gettext("Room"), _room_word(conference)),
        (gettext("Who can enter"), conference.get_access_display()),
        (
            gettext("Registration"),
            gettext("Also on the platform's own page")
            if conference.registration_enabled
            else gettext("Only here"),
        ),
    ]
    pins = sorted(name for name in known if name.endswith("_pin"))
    if pins and not access.sees(user, ProtectedItem.PIN):
        told = gettext("Shown to the role %(role)s")
        role = roles.label(access.RULES[ProtectedItem.PIN].role)
        return [*facts, (gettext("Pins to dial in"), told % {"role": role})]
    return facts + [(words.label(name), str(known[name])) for name in pins]


def _room_word(conference: Conference) -> str:
    """Whether people can enter now, or why there is no room to enter."""
    platform = {"platform": conference.account.platform_name}
    if conference.removed_at:
        return gettext("None: the webinar was cancelled")
    if conference.gone_at:
        return gettext("None: %(platform)s no longer has this webinar") % platform
    if conference.draft:
        return gettext("None yet: %(platform)s makes it when the webinar is scheduled") % platform
    if conference.state == Conference.State.ENDED:
        return gettext("The webinar is over")
    return gettext("Open") if conference.open else gettext("Closed: participants cannot enter")


def settings_facts(conference: Conference) -> list[tuple[str, str]]:
    """The kind of room and what the platform alone knows."""
    facts = [(gettext("Kind of room"), conference.get_room_type_display())]
    account = conference.account
    for option in account.capabilities.options:
        held = conference.options.get(option.name)
        if held not in (None, ""):
            facts.append((shown(option.label), words.value(option.name, held, account)))
    return facts


def times_elsewhere(conference: Conference) -> list[dict[str, str]]:
    """The start by other clocks."""
    if conference.starts_at is None:
        return []
    return times_in(conference.starts_at, conference.duration_minutes or 0, conference.timezone)


def times_in(start: Any, minutes: int, zone: str) -> list[dict[str, str]]:
    """Start and end by the clock of the zone itself, of the viewer, and of a few other places."""
    here = timezone.get_current_timezone_name()
    names = dict.fromkeys([zone, here, *PLACES, "UTC"])
    return [_time_in(start, minutes, name, mine=name == here) for name in names]


def _time_in(start: Any, minutes: int, zone: str, *, mine: bool) -> dict[str, str]:
    begin = start.astimezone(ZoneInfo(zone))
    end, ends = (start + timedelta(minutes=minutes)).astimezone(ZoneInfo(zone)), minutes > 0
    place = zone.rsplit("/", 1)[-1].replace("_", " ")
    hours = written(begin, CLOCK) + (f"–{written(end, CLOCK)}" if ends else "")
    return {
        "place": gettext("%(place)s (you)") % {"place": place} if mine else place,
        "time": f"{written(begin, DAY_OF_WEEK)}, {hours}",
        "offset": walltime.offset(start, zone),
    }


def registrations(
    request: HttpRequest,
    conference: Conference,
    page: OfList,
    counts: Mapping[str, int],
    lines: Mapping[int, Any],
) -> dict[str, Any]:
    """The table of registrations, as its owner gives it."""
    table = queries_registrations.table(conference, request.GET, page, counts, lines)
    asks = has_any(conference.account, Kind.REGISTRATION)
    return {"conference": conference, "registrations": table, "asks": asks}
