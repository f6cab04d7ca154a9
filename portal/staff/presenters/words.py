"""Field names and values of a conference in the words of its page."""

from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format

from integrations.base.records import CONFERENCE_FIELDS, OPTION_PREFIX, parse_instant
from portal.conferences.fields import HIDDEN
from portal.conferences.models import Conference, Moderator
from portal.platforms import queries as platforms
from portal.platforms.models import PlatformAccount

LABELS = {field.name: field.label for field in CONFERENCE_FIELDS} | {
    "draft": "Draft",
    "email": "E-mail",
    "name": "Name",
    "role": "Role",
    "first_name": "First name",
    "last_name": "Last name",
    "join_url": "Personal link",
}
_CHOICES: dict[str, dict[str, str]] = {
    field.name: dict(field.flatchoices)
    for model in (Conference, Moderator)
    for field in model._meta.fields
    if field.choices
}


def label(name: str, conference: Conference | None = None) -> str:
    """What staff call a field; an option by the name that its platform gives it."""
    if name.startswith(OPTION_PREFIX) and conference is not None:
        own = {o.name: o.label for o in conference.account.capabilities.options}
        short = name.removeprefix(OPTION_PREFIX)
        return own.get(short, short.replace("_", " ").capitalize())
    return LABELS.get(name, name.removeprefix(OPTION_PREFIX).replace("_", " ").capitalize())


def when_sent(account: PlatformAccount) -> str:
    """When a platform is told of what was just asked for; nothing is told while it is left
    alone, paused, or while nobody seems to be at work."""
    if doubt := platforms.doubt(account):
        return f"{account.label} is told when it works again. {doubt}"
    return f"{account.platform_name} is being told now."


def delay(account: PlatformAccount) -> str:
    """The same, only where it takes longer than anybody would expect; begins with a space."""
    return f" {when_sent(account)}" if platforms.doubt(account) else ""


def value(name: str, held: Any) -> str:
    """A value as text: instants by the viewer's clock, yes and no, minutes in words."""
    if held in ("", None):
        return ""
    if name in HIDDEN:
        return "(not shown)"
    if isinstance(held, bool):
        return "Yes" if held else "No"
    if name.endswith("_at") and isinstance(held, str):
        return _moment(held)
    if isinstance(held, datetime):
        return moment(held)
    if name == "duration_minutes":
        return minutes(int(held))
    return _CHOICES.get(name, {}).get(str(held), str(held))


def _moment(text: str) -> str:
    try:
        return moment(parse_instant(text))
    except ValueError:
        return text


def moment(at: datetime) -> str:
    """An instant by the viewer's clock, with the zone's short name."""
    here = timezone.localtime(at)
    return f"{date_format(here, 'D j M Y, H:i', use_l10n=False)} {here.tzname()}"


def people(count: int) -> str:
    """1 -> "one person", 1420 -> "1,420 people"."""
    return "one person" if count == 1 else f"{count:,} people"


def minutes(count: int) -> str:
    """90 -> "1 h 30 min"."""
    hours, rest = divmod(count, 60)
    return " ".join(
        part for part in (f"{hours} h" if hours else "", f"{rest} min" if rest else "") if part
    )


def size(count: int | None) -> str:
    """Bytes as people read them; empty where nobody knows."""
    if count is None:
        return ""
    amount, unit = float(count), "B"
    for larger in ("KB", "MB", "GB", "TB"):
        if amount < 1000:
            break
        amount, unit = amount / 1000, larger
    return f"{amount:.0f} {unit}" if unit in ("B", "KB") else f"{amount:.1f} {unit}"


def length(seconds: int | None) -> str:
    """Seconds as hours and minutes; empty where nobody knows."""
    if seconds is None:
        return ""
    return minutes(seconds // 60) or f"{seconds} s"
