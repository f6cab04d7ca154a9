"""What a schedule form begins with: what somebody had typed, a template, or another webinar."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.conferences.models import ConferenceTemplate
from portal.conferences.schedule.forms import filled

COPIED = gettext_lazy(
    "Taken over: title, description, time of day, length, access, all settings and who runs it."
)
NOT_COPIED = gettext_lazy(
    "Not taken over: the date, the password, people who were invited and their answers, reminders, "
    "the registration page, sessions and recordings."
)
# What somebody has typed stays, whatever the form is filled from.
_STAYS = ("title", "date")


@dataclass(frozen=True, slots=True)
class Begun:
    """A form that somebody had begun: when it was kept, and what stood in it."""

    kept_at: datetime
    fields: QueryDict


@dataclass(frozen=True, slots=True)
class Filled:
    """A form that was filled in: `said` from what, and what was left out."""

    fields: QueryDict
    said: str


def as_typed(pairs: Iterable[tuple[str, str]]) -> QueryDict:
    """Pairs as if they had been typed and not sent."""
    found = QueryDict(mutable=True)
    for name, text in pairs:
        found.appendlist(name, text)
    found["refresh"] = "all"
    return found


def fill(request: HttpRequest) -> Filled | None:
    """The form as somebody asked for it: by a button of the form, or by an address."""
    posted = request.method == "POST"
    asked = request.POST if posted else request.GET
    if "template" in asked and (not posted or "fill" in asked):
        return _from_template(request, asked.get("template", ""))
    return None


def _from_template(request: HttpRequest, key: str) -> Filled | None:
    rows = ConferenceTemplate.objects.filter(pk=int(key)) if _is_number(key) else None
    row = rows.first() if rows is not None else None
    if row is None:
        return None
    pairs = filled.from_template(row)
    if row.account_id:
        pairs.append(("account", str(row.account_id)))
    said = _("Filled in from the template %(name)s.") % {"name": row.name}
    return Filled(_over(request, pairs), said)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= 18


def _over(request: HttpRequest, pairs: Iterable[tuple[str, str]]) -> QueryDict:
    """The pairs in place of what was typed, but for what stays."""
    found = request.POST.copy() if request.method == "POST" else QueryDict(mutable=True)
    stays = {name for name in _STAYS if found.get(name, "").strip()}
    for name in (*filled.FLAGS, "fill", "like", "fold"):
        found.pop(name, None)
    for name, text in pairs:
        if name not in stays:
            found[name] = text
    found["refresh"] = "all"
    return found
