"""How an account is, what it may still ask, what its platform can do: in words for staff."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from integrations.base.capabilities import Ability, Level
from integrations.base.records import SPECS
from portal.common import clock
from portal.common.fields import UNREADABLE, lacks_key
from portal.common.texts import read, shown
from portal.platforms import breaker, budget, pace
from portal.platforms import capacity as capacities
from portal.platforms.models import PlatformAccount

# A sync that is a little behind its interval is no news.
GRACE = timedelta(minutes=1)
VERBS = {
    "list": gettext_lazy("List"),
    "get": gettext_lazy("Look up one"),
    "create": gettext_lazy("Add"),
    "update": gettext_lazy("Change"),
    "delete": gettext_lazy("Remove"),
}
APPEARANCES = {
    Level.FULL: (gettext_lazy("Yes"), "success", "check"),
    Level.READ_ONLY: (gettext_lazy("Read only"), "info", "eye"),
    Level.PORTAL_ONLY: (gettext_lazy("Here only"), "neutral", "lock-closed"),
    Level.BY_HAND: (gettext_lazy("By hand"), "warning", "wrench-screwdriver"),
    Level.NONE: (gettext_lazy("No"), "neutral", "minus-circle"),
}


@dataclass(frozen=True, slots=True)
class Health:
    """An account's state in a word and a sentence; `kind` and `icon` as the badges know them."""

    state: str
    word: str
    kind: str
    icon: str
    sentence: str

    @property
    def well(self) -> bool:
        """Whether nothing needs to be done or waited for."""
        return self.state == "connected"


@dataclass(frozen=True, slots=True)
class Budget:
    """How much of the requests that may go at once is taken now, 0 to 100, and when it is free."""

    percent: int
    per_minute: int
    resumes_at: datetime | None
    sentence: str

    @property
    def short(self) -> str:
        """The same in a word or two, for the bar."""
        if self.resumes_at:
            return _("resumes %(time)s") % {"time": _clock(self.resumes_at)}
        return f"{self.percent} %"

    @property
    def kind(self) -> str:
        """The bar's colour."""
        return "danger" if self.resumes_at else "warning" if self.percent >= 80 else "accent"


@dataclass(frozen=True, slots=True)
class Can:
    """One thing that staff may want of the platform, and whether it does it."""

    label: str
    word: str
    kind: str
    icon: str
    sentence: str
    url: str = ""
    level: Level = Level.NONE


@dataclass(frozen=True, slots=True)
class Abilities:
    """What can be done with one kind of thing."""

    title: str
    some: list[Can]

    @property
    def summary(self) -> str:
        """What the platform does, in one line."""
        done = [one.label.lower() for one in self.some if one.level is Level.FULL]
        if len(done) > len(VERBS):
            return _("%(count)d offered") % {"count": len(done)}
        if done:
            return ", ".join(done)
        here = any(one.level is Level.PORTAL_ONLY for one in self.some)
        return _("kept in Lectern only") if here else _("not through its API")


def health(account: PlatformAccount, *, held: bool = False) -> Health:
    """The most pressing thing about an account; `held` says that the brake is on."""
    named = {"platform": account.platform_name}
    now = account.runtime
    if lacks_key(account, "credentials") or lacks_key(now, "tokens"):
        return Health("unreadable", _("Key missing"), "danger", "key", str(UNREADABLE))
    if account.state == PlatformAccount.State.REJECTED:
        said = str(now.problem) or _("%(platform)s does not accept the credentials.") % named
        return Health("refused", _("Credentials refused"), "danger", "key", said)
    if account.paused:
        said = _("Nothing is synced until an administrator resumes it. What is waiting is kept.")
        said = f"{account.paused_why} {said}".strip()
        return Health("paused", _("Paused"), "neutral", "pause-circle", said)
    if breaker.is_open(account):
        why = str(now.problem) or _("%(platform)s did not answer.") % named
        said = _("%(why)s Left alone until %(time)s.") % {
            "why": why,
            "time": _clock(now.open_until),
        }
        return Health("left_alone", _("Not reachable"), "warning", "signal-slash", said)
    return _working(account, held=held)


def _working(account: PlatformAccount, *, held: bool) -> Health:
    """The same of an account that is asked for its news."""
    now = account.runtime
    if held:
        said = _("Much was missing at once. Nothing is changed until someone has looked.")
        return Health("held", _("Held"), "warning", "hand-raised", said)
    if now.problem:
        said = str(now.problem)
        return Health("trouble", _("Trouble"), "warning", "exclamation-triangle", said)
    if is_late(account):
        said = ngettext(
            "%(ago)s It is due every %(count)d minute: an administrator should see whether "
            "Lectern's worker is running.",
            "%(ago)s It is due every %(count)d minutes: an administrator should see whether "
            "Lectern's worker is running.",
            account.interval_minutes,
        ) % {"ago": _ago(account), "count": account.interval_minutes}
        return Health("late", _("Not synced lately"), "warning", "clock", said)
    if now.synced_at is None:
        said = _("The first sync is still to come.")
        return Health("never", _("Never synced"), "info", "clock", said)
    said = _("%(platform)s answers.") % {"platform": account.platform_name}
    return Health("connected", _("Connected"), "success", "check-circle", said)


def is_late(account: PlatformAccount) -> bool:
    """Whether two syncs in a row did not happen, and none is under way."""
    now, moment = account.runtime, clock.now()
    until = now.lease_until
    if not account.active or (until is not None and until > moment):
        return False
    seen = now.synced_at or account.created_at
    patience = timedelta(minutes=2 * account.interval_minutes) + GRACE
    return seen is not None and moment - seen > patience


def doubt(account: PlatformAccount) -> str:
    """Why what was last agreed with an account may have changed since; empty where it is fresh."""
    found = health(account)
    return "" if found.state in ("connected", "never") else found.sentence


def in_lasting_trouble(account: PlatformAccount) -> bool:
    """Whether it will not pass by itself, or has not for some time: a single mishap is no news for
    whoever watches the machines."""
    state = health(account).state
    failed = account.runtime.fail_count >= breaker.FAILURES
    lasts = state in ("unreadable", "refused", "left_alone")
    return lasts or (state == "trouble" and (failed or is_late(account)))


def _ago(account: PlatformAccount) -> str:
    synced_at = account.runtime.synced_at
    if synced_at is None:
        return _("It was never synced.")
    minutes = int((clock.now() - synced_at).total_seconds() // 60)
    hours, days = minutes // 60, minutes // (60 * 24)
    if minutes < 120:
        said = ngettext(
            "The last sync was %(count)d minute ago.",
            "The last sync was %(count)d minutes ago.",
            minutes,
        )
        return said % {"count": minutes}
    if hours < 48:
        said = ngettext(
            "The last sync was %(count)d hour ago.", "The last sync was %(count)d hours ago.", hours
        )
        return said % {"count": hours}
    said = ngettext(
        "The last sync was %(count)d day ago.", "The last sync was %(count)d days ago.", days
    )
    return said % {"count": days}


def request_budget(account: PlatformAccount) -> Budget:
    """What the account may still ask; a platform that asked us to wait is named with the time."""
    now, most = budget.per_minute(account), pace.ceiling(account)
    until = account.runtime.blocked_until
    named: dict[str, Any] = {"platform": account.platform_name}
    if budget.blocked(account):
        said = _("%(platform)s asked us to wait; nothing is asked until then.") % named
        return Budget(100, now, until, said)
    percent = round(100 * budget.used(account))
    said = _("Up to %(count)d a minute; the bar shows what is in use now.") % {"count": now}
    if now < most:
        slower = _("%(platform)s asked us to slow down; it rises to %(most)d again.")
        said = f"{said} {slower % (named | {'most': most})}"
    return Budget(percent, now, None, said)


def capacity(account: PlatformAccount) -> capacities.Capacity:
    """How many webinars may run at once on an account, and how we know."""
    return capacities.capacity(account)


def abilities(account: PlatformAccount) -> list[Abilities]:
    """The capabilities of an account as headed lists, in the words of staff."""
    found = account.capabilities
    groups = [
        Abilities(
            shown(SPECS[kind].plural),
            [_can(str(label), getattr(one, verb)) for verb, label in VERBS.items()],
        )
        for kind, one in found.kinds.items()
    ]
    actions = [_can(shown(action.label), action.ability) for action in found.actions.values()]
    return [*groups, Abilities(_("On request"), actions)] if actions else groups


def changes(account: PlatformAccount) -> list[LogEntry]:
    """Who connected or changed the account, newest first, in the active language."""
    kind = ContentType.objects.get_for_model(PlatformAccount)
    lines = LogEntry.objects.filter(content_type=kind, object_id=str(account.pk))
    return in_words(lines.select_related("user").order_by("-id")[:10])


def in_words(lines: Iterable[LogEntry]) -> list[LogEntry]:
    """Lines of Django's log, their codes put into words; they must not be saved."""
    found = list(lines)
    for line in found:
        line.change_message = str(read(line.get_change_message()))
    return found


def _can(label: str, ability: Ability) -> Can:
    word, kind, icon = APPEARANCES[ability.level]
    said, url = shown(ability.sentence), ability.steps_url
    return Can(label, str(word), kind, icon, sentence=said, url=url, level=ability.level)


def _clock(moment: datetime | None) -> str:
    return f"{timezone.localtime(moment):%H:%M}" if moment else ""
