"""What a schedule form begins with: what somebody had typed, a template, or another webinar."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.common.dates import FULL_DAY, written
from portal.common.texts import Words
from portal.conferences import rules
from portal.conferences.models import AskedPerson, Conference, ConferenceTemplate
from portal.conferences.schedule import date_poll_queries, last_time_queries
from portal.conferences.schedule.forms import filled
from portal.conferences.schedule.forms.reminders import CARRIED, TICKED
from portal.platforms.models import PlatformAccount
from portal.staff.presenters import words

COPIED = gettext_lazy(
    "Taken over: title, description, time of day, length, access, all settings, who runs it, and "
    "reminders of its own."
)
NOT_COPIED = gettext_lazy(
    "Not taken over: the date, the password, people who were invited and their answers, the "
    "registration page, sessions and recordings."
)
NOT_COPIED_BUT_A_DATE = gettext_lazy(
    "Not taken over: the password, people who were invited and their answers, the registration "
    "page, sessions and recordings."
)
FROM_POLL = gettext_lazy(
    "Once it is scheduled, the date poll is closed, and those below are invited as its moderators."
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
    """A form that was filled in: `said` from what, `left` what was not taken over."""

    fields: QueryDict
    said: str
    left: Words = NOT_COPIED


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
    if "like" in asked:
        return _like(request, asked["like"])
    if "poll" in asked and not posted:
        return _from_poll(request, asked["poll"], asked.get("time", ""))
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


def _like(request: HttpRequest, key: str) -> Filled | None:
    rows = Conference.objects.select_related("account")
    row = rows.filter(pk=int(key)).first() if _is_number(key) else None
    if row is None:
        return None
    pairs = [*filled.from_conference(row), ("account", str(row.account_id))]
    said = _("Filled in like %(title)s.") % {"title": row.title}
    if day := last_time_queries.next_after(row):
        pairs.append(("date", f"{day:%Y-%m-%d}"))
        hint = _(
            "The date keeps the distance to the last ones: change it if another one is better."
        )
        said = words.sentences(said, hint)
        return Filled(_over(request, pairs), said, NOT_COPIED_BUT_A_DATE)
    return Filled(_over(request, pairs), said)


def _from_poll(request: HttpRequest, key: str, time: str) -> Filled | None:
    """A time that was chosen in a date poll; who cannot come then is left out, and named."""
    numbers = _is_number(key) and _is_number(time)
    chosen = date_poll_queries.chosen(int(key), int(time)) if numbers else None
    if chosen is None:
        return None
    can = [one for one in chosen.people if one.said(chosen.time) != AskedPerson.Answer.NO]
    cannot = [str(one) for one in chosen.people if one not in can]
    said = _("Filled in from the date poll %(title)s.") % {"title": chosen.poll.title}
    left: Words = FROM_POLL
    if cannot:
        left = words.sentences(
            _("Left out, since they cannot come then: %(people)s.")
            % {"people": words.listed(cannot)},
            str(FROM_POLL),
        )
    return Filled(_over(request, filled.from_poll(chosen.poll, chosen.time, can)), said, left)


@dataclass(frozen=True, slots=True)
class LikeOffer:
    """A webinar like which the next one can be scheduled: its last day, and the next."""

    pk: int
    title: str
    days: str


def like_offers(account: PlatformAccount, title: str, zone: str) -> list[LikeOffer]:
    """What is offered to somebody who has typed this title so far."""
    return [_offer(one) for one in last_time_queries.offers(account, title, zone)]


def _offer(one: last_time_queries.Again) -> LikeOffer:
    values = {"last": written(one.last, FULL_DAY), "next": written(one.next, FULL_DAY)}
    said = _("last on %(last)s, next on %(next)s")
    if one.ahead:
        said = _("planned for %(last)s, next on %(next)s")
    return LikeOffer(one.pk, one.title, said % values)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= 18


def _over(request: HttpRequest, pairs: Iterable[tuple[str, str]]) -> QueryDict:
    """The pairs in place of what was typed, but for what stays."""
    found = request.POST.copy() if request.method == "POST" else QueryDict(mutable=True)
    stays = {name for name in _STAYS if found.get(name, "").strip()}
    for name in (*filled.FLAGS, "fill", "like", "fold", CARRIED, TICKED):
        found.pop(name, None)
    for name, text in pairs:
        if name not in stays:
            found[name] = text
    found["refresh"] = "all"
    return found


def copied(conference: Conference) -> str:
    """What a copy of it has, as far as there is anything of it."""
    access = not rules.reason_off(conference.account, "access", on_update=False)
    locked = conference.access == Conference.Access.PASSWORD
    found = {
        _("the title"): True,
        _("description"): conference.description,
        _("access"): access,
        _("password"): access and locked and conference.password,
        _("settings"): any(conference.options.values()),
        _("moderators"): conference.moderators.filter(removed_at=None).exists(),
    }
    said = _("Copied: %(things)s.") % {"things": words.listed(n for n, has in found.items() if has)}
    if access and locked and not conference.password:
        lost = _("Its password is not known here: set one before you schedule it.")
        return words.sentences(said, lost)
    return said
