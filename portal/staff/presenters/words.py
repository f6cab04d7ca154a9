"""Field names and values of a conference in the words of its page."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from integrations.base.records import OPTION_PREFIX, parse_instant
from portal.common.dates import CLOCK, FULL_DAY, SHORT_OF_YEAR, written
from portal.common.texts import Text, several, shown
from portal.conferences.fields import HIDDEN, label_of
from portal.conferences.mails.services.news import zone_of
from portal.conferences.models import Conference, Moderator, Registration
from portal.platforms import queries as platforms
from portal.platforms.models import PlatformAccount

_CHOICES: dict[str, dict[str, Any]] = {
    field.name: dict(field.flatchoices)
    for model in (Conference, Moderator, Registration)
    for field in model._meta.fields
    if field.choices
}


def label(name: str, conference: Conference | None = None) -> str:
    """What staff call a field; an option by the name that its platform gives it."""
    return shown(label_of(name, conference.account if conference else None))


def sentences(*found: Text | str) -> str:
    """Whole sentences, one after the other; empty ones are left out."""
    return str(several(*found))


def listed(names: Iterable[str]) -> str:
    """Names as a list within a sentence."""
    return pgettext("between two names of a list", ", ").join(names)


def number(count: int) -> str:
    """1420 -> "1,420"."""
    return number_format(count, force_grouping=True)


def when_sent(account: PlatformAccount) -> str:
    """When a platform is told of what was just asked for; nothing is told while it is left
    alone, paused, or while nobody seems to be at work."""
    if doubt := platforms.doubt(account):
        later = _("%(account)s is told when it works again.") % {"account": account.label}
        return sentences(later, doubt)
    return _("%(platform)s is being told now.") % {"platform": account.platform_name}


def delay(account: PlatformAccount) -> str:
    """The same, only where it takes longer than anybody would expect."""
    return when_sent(account) if platforms.doubt(account) else ""


def value(name: str, held: Any, account: PlatformAccount | None = None) -> str:
    """A value as text: instants by the viewer's clock, yes and no, minutes in words; what a
    platform's own setting holds in the words of its form, where the `account` is known."""
    if held in ("", None):
        return ""
    if name in HIDDEN:
        return _("(not shown)")
    if isinstance(held, bool):
        return _("Yes") if held else _("No")
    if name.endswith(("_at", "_until")) and isinstance(held, str):
        return _moment(held)
    if isinstance(held, datetime):
        return moment(held)
    if name == "duration_minutes":
        return minutes(int(held))
    if account and (chosen := _chosen(name.removeprefix(OPTION_PREFIX), held, account)):
        return chosen
    return str(_CHOICES.get(name, {}).get(str(held), held))


def _chosen(option: str, held: Any, account: PlatformAccount) -> str:
    """The choice of a platform's own setting that has this value; empty where it has no choices."""
    for one in account.capabilities.options:
        if one.name == option:
            return shown(dict(one.rule.choices).get(str(held), ""))
    return ""


def _moment(text: str) -> str:
    try:
        return moment(parse_instant(text))
    except ValueError:
        return text


def moment(at: datetime) -> str:
    """An instant by the viewer's clock, with the zone's short name."""
    here = timezone.localtime(at)
    return f"{written(here, FULL_DAY)}, {written(here, CLOCK)} {here.tzname()}"


def short(conference: Conference, at: datetime) -> str:
    """An instant by the clock of a conference, in few words."""
    return written(at.astimezone(zone_of(conference)), SHORT_OF_YEAR)


def people(count: int) -> str:
    """1 -> "one person", 1420 -> "1,420 people"."""
    said = ngettext("one person", "%(count)s people", count)
    return said % {"count": number(count)}


def minutes(count: int) -> str:
    """90 -> "1 h 30 min"."""
    hours, rest = divmod(count, 60)
    if hours and rest:
        return _("%(hours)d h %(minutes)d min") % {"hours": hours, "minutes": rest}
    if hours:
        return _("%(hours)d h") % {"hours": hours}
    return _("%(minutes)d min") % {"minutes": rest} if rest else ""


def size(count: int | None) -> str:
    """Bytes as people read them; empty where nobody knows."""
    if count is None:
        return ""
    amount, unit = float(count), "B"
    for larger in ("KB", "MB", "GB", "TB"):
        if amount < 1000:
            break
        amount, unit = amount / 1000, larger
    places = 0 if unit in ("B", "KB") else 1
    return f"{number_format(round(amount, places), places)} {unit}"


# As whom somebody was in a session, in the words of the records
_WAS = {
    "attendee": gettext_lazy("attendee"),
    "host": gettext_lazy("host"),
    "listener": gettext_lazy("listener"),
    "moderator": gettext_lazy("moderator"),
    "participant": gettext_lazy("participant"),
    "presenter": gettext_lazy("presenter"),
}


def was(role: str) -> str:
    """As whom somebody was there; a platform's own word stays as it is."""
    return str(_WAS.get(role, role))


def length(seconds: int | None) -> str:
    """Seconds as hours and minutes; empty where nobody knows."""
    if seconds is None:
        return ""
    return minutes(seconds // 60) or _("%(seconds)d s") % {"seconds": seconds}
