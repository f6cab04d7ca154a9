"""How an account is, what it may still ask, what its platform can do: in words for staff."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db.models import QuerySet
from django.utils import timezone

from integrations.base.capabilities import Ability, Level
from integrations.base.records import SPECS
from portal.common import clock
from portal.common.fields import UNREADABLE, lacks_key
from portal.platforms import breaker, budget, pace
from portal.platforms.models import PlatformAccount

# A sync that is a little behind its interval is no news.
GRACE = timedelta(minutes=1)
VERBS = {
    "list": "List",
    "get": "Look up one",
    "create": "Add",
    "update": "Change",
    "delete": "Remove",
}
APPEARANCES = {
    Level.FULL: ("Yes", "success", "check"),
    Level.READ_ONLY: ("Read only", "info", "eye"),
    Level.PORTAL_ONLY: ("Here only", "neutral", "lock-closed"),
    Level.BY_HAND: ("By hand", "warning", "wrench-screwdriver"),
    Level.NONE: ("No", "neutral", "minus-circle"),
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
        return f"resumes {_clock(self.resumes_at)}" if self.resumes_at else f"{self.percent} %"

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


@dataclass(frozen=True, slots=True)
class Abilities:
    """What can be done with one kind of thing."""

    title: str
    some: list[Can]

    @property
    def summary(self) -> str:
        """What the platform does, in one line."""
        done = [one.label.lower() for one in self.some if one.word == "Yes"]
        if done:
            return f"{len(done)} offered" if len(done) > len(VERBS) else ", ".join(done)
        here = any(one.word == APPEARANCES[Level.PORTAL_ONLY][0] for one in self.some)
        return "kept in Lectern only" if here else "not through its API"


def health(account: PlatformAccount, *, held: bool = False) -> Health:
    """The most pressing thing about an account; `held` says that the brake is on."""
    name = account.platform_name
    now = account.runtime
    if lacks_key(account, "credentials") or lacks_key(now, "tokens"):
        return Health("unreadable", "Key missing", "danger", "key", UNREADABLE)
    if account.state == PlatformAccount.State.REJECTED:
        said = now.problem or f"{name} does not accept the credentials."
        return Health("refused", "Credentials refused", "danger", "key", said)
    if account.paused:
        said = "Nothing is synced until an administrator resumes it. What is waiting is kept."
        said = f"{account.paused_why} {said}".strip()
        return Health("paused", "Paused", "neutral", "pause-circle", said)
    if breaker.is_open(account):
        why = now.problem or f"{name} did not answer."
        said = f"{why} Left alone until {_clock(now.open_until)}."
        return Health("left_alone", "Not reachable", "warning", "signal-slash", said)
    if held:
        said = "Much was missing at once. Nothing is changed until someone has looked."
        return Health("held", "Held", "warning", "hand-raised", said)
    if now.problem:
        return Health("trouble", "Trouble", "warning", "exclamation-triangle", now.problem)
    if is_late(account):
        said = (
            f"{_ago(account)} It is due every {account.interval_minutes} minutes: "
            "an administrator should see whether Lectern's worker is running."
        )
        return Health("late", "Not synced lately", "warning", "clock", said)
    if now.synced_at is None:
        return Health("never", "Never synced", "info", "clock", "The first sync is still to come.")
    return Health("connected", "Connected", "success", "check-circle", f"{name} answers.")


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


def _ago(account: PlatformAccount) -> str:
    synced_at = account.runtime.synced_at
    if synced_at is None:
        return "It was never synced."
    minutes = int((clock.now() - synced_at).total_seconds() // 60)
    if minutes < 120:
        return f"The last sync was {minutes} minutes ago."
    hours = minutes // 60
    return (
        f"The last sync was {hours} hours ago."
        if hours < 48
        else (f"The last sync was {hours // 24} days ago.")
    )


def request_budget(account: PlatformAccount) -> Budget:
    """What the account may still ask; a platform that asked us to wait is named with the time."""
    now, most = budget.per_minute(account), pace.ceiling(account)
    until = account.runtime.blocked_until
    if budget.blocked(account):
        said = f"{account.platform_name} asked us to wait; nothing is asked until then."
        return Budget(100, now, until, said)
    percent = round(100 * budget.used(account))
    said = f"Up to {now} a minute; the bar shows what is in use now."
    if now < most:
        said += f" {account.platform_name} asked us to slow down; it rises to {most} again."
    return Budget(percent, now, None, said)


def abilities(account: PlatformAccount) -> list[Abilities]:
    """The capabilities of an account as headed lists, in the words of staff."""
    found = account.capabilities
    groups = [
        Abilities(
            SPECS[kind].plural, [_can(label, getattr(one, verb)) for verb, label in VERBS.items()]
        )
        for kind, one in found.kinds.items()
    ]
    actions = [_can(action.label, action.ability) for action in found.actions.values()]
    return [*groups, Abilities("On request", actions)] if actions else groups


def changes(account: PlatformAccount) -> QuerySet[LogEntry]:
    """Who connected or changed the account, newest first."""
    kind = ContentType.objects.get_for_model(PlatformAccount)
    lines = LogEntry.objects.filter(content_type=kind, object_id=str(account.pk))
    return lines.select_related("user").order_by("-id")[:10]


def _can(label: str, ability: Ability) -> Can:
    return Can(label, *APPEARANCES[ability.level], sentence=ability.sentence, url=ability.steps_url)


def _clock(moment: datetime | None) -> str:
    return f"{timezone.localtime(moment):%H:%M}" if moment else ""
