"""The steps of a sync, or of a dry run, as staff read them."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from integrations.base.records import SPECS, Kind
from portal.common import clock
from portal.common.texts import shown
from portal.platforms.models import PlatformAccount
from portal.staff.presenters import words
from portal.sync.models import SyncRun
from portal.sync.queries.reading_plan import Tier, reading_plan

_APPEARANCES = {
    "create there": (gettext_lazy("Made there"), "success", "plus"),
    "update there": (gettext_lazy("Sent"), "info", "pencil"),
    "withdraw and make anew there": (gettext_lazy("Another address there"), "info", "envelope"),
    "delete there": (gettext_lazy("Deleted there"), "danger", "trash"),
    "import": (gettext_lazy("Added here"), "accent", "arrow-down-tray"),
    "take": (gettext_lazy("Taken over"), "info", "arrow-down"),
    "adopt": (gettext_lazy("Matched"), "accent", "link"),
    "back again": (gettext_lazy("Back"), "success", "arrow-uturn-left"),
    "gone there": (gettext_lazy("Removed there"), "danger", "link-slash"),
    "hold": (gettext_lazy("Held"), "warning", "hand-raised"),
    "duplicate found": (gettext_lazy("Duplicate"), "warning", "squares-2x2"),
    "still there": (gettext_lazy("Still there"), "warning", "exclamation-triangle"),
    "edit wins over delete": (gettext_lazy("Kept"), "warning", "arrows-right-left"),
}
# Where a dry run shows a step: there first, then here, then what a person must look at.
_GROUPS = (
    (gettext_lazy("Would be made on %(platform)s"), ("create there",)),
    (
        gettext_lazy("Would be changed on %(platform)s"),
        ("update there", "withdraw and make anew there"),
    ),
    (gettext_lazy("Would be deleted on %(platform)s"), ("delete there",)),
    (gettext_lazy("Would be added here"), ("import", "adopt", "back again")),
    (gettext_lazy("Would be changed here"), ("take",)),
    (gettext_lazy("Would be marked as removed there"), ("gone there",)),
)
_PARTS: dict[str, Any] = {
    Kind.CONFERENCE: gettext_lazy("The list of webinars"),
    Kind.ATTENDEE: gettext_lazy("The list of people"),
    Kind.GROUP: gettext_lazy("The list of groups"),
    Kind.MEMBERSHIP: gettext_lazy("The members of a group"),
    Tier.LIVE: gettext_lazy("Live webinars: from half an hour before to half an hour after"),
    Tier.NEAR: gettext_lazy("Near webinars: from two days before to a day after"),
    Tier.AHEAD: gettext_lazy("Webinars ahead, or without a time"),
    Tier.PAST: gettext_lazy("Past webinars"),
}
PATIENCE = timedelta(minutes=1)  # for a worker to begin with a dry run
_LAST = gettext_lazy("Would wait for a person")


@dataclass(frozen=True, slots=True)
class PlanLine:
    """One step: the sentence, and each changed field before and after."""

    do: str
    word: str
    kind: str
    icon: str
    sentence: str
    changes: list[dict[str, str]]
    is_new: bool


@dataclass(frozen=True, slots=True)
class Group:
    """The steps of one sort under their heading."""

    title: str
    lines: list[PlanLine]


_OUTCOMES = {
    SyncRun.Outcome.RUNNING: ("info", "arrow-path"),
    SyncRun.Outcome.OK: ("success", "check-circle"),
    SyncRun.Outcome.HELD: ("warning", "hand-raised"),
    SyncRun.Outcome.PARTIAL: ("warning", "exclamation-triangle"),
    SyncRun.Outcome.FAILED: ("danger", "exclamation-circle"),
}
_ASKED = {
    "beat": gettext_lazy("by the clock"),
    "staff": gettext_lazy("by a person"),
    SyncRun.PUSH: gettext_lazy("after a change"),
    SyncRun.LIVE: gettext_lazy("for what is live or looked at"),
    "command": gettext_lazy("from the command line"),
    SyncRun.DRY_RUN: gettext_lazy("as a dry run"),
}


@dataclass(frozen=True, slots=True)
class Run:
    """A run as a row: who asked for it, how it looks, how long it took; `planned` marks a dry run,
    whose numbers say what a sync would do."""

    run: SyncRun
    asked: str
    kind: str
    icon: str
    took: str
    word: str
    planned: bool


def dressed(run: SyncRun) -> Run:
    """A run in the words of staff."""
    kind, icon = _OUTCOMES[SyncRun.Outcome(run.outcome)]
    word, took = run.get_outcome_display(), _took(run)
    planned = run.trigger == SyncRun.DRY_RUN
    if planned and run.outcome == SyncRun.Outcome.OK:
        word, kind, icon = _("Dry run"), "neutral", "clipboard-document-check"
    if run.stopped:
        kind, icon = "danger", "exclamation-circle"
        word, took = _("Stopped without an end"), _("no end")
    asked = str(_ASKED.get(run.trigger, run.trigger))
    return Run(run, asked, kind, icon, took, word, planned)


def _took(run: SyncRun) -> str:
    if run.finished_at is None:
        return _("still at work")
    seconds = (run.finished_at - run.started_at).total_seconds()
    return _("in %(seconds).0f s") % {"seconds": seconds} if seconds >= 1 else _("at once")


def left_alone(run: SyncRun) -> str:
    """Why a dry run does not get on; empty while one can believe that it does."""
    until, moment = run.account.runtime.lease_until, clock.now()
    if (until is not None and until > moment) or moment - run.started_at < PATIENCE:
        return ""
    what = (
        _("The worker that was at it has stopped.")
        if run.calls
        else _("No worker has begun with it.")
    )
    advice = _(
        "It begins as soon as there is one; if that does not come, an administrator should see "
        "whether Lectern's worker is running."
    )
    return words.sentences(what, advice)


def lines(run: SyncRun) -> list[PlanLine]:
    """Every kept step of a run."""
    return [_line(step) for step in run.steps if isinstance(step, dict)]


def grouped(run: SyncRun) -> list[Group]:
    """The steps under headings, empty ones left out."""
    found, rest = [], lines(run)
    for title, sorts in _GROUPS:
        some = [line for line in rest if line.do in sorts]
        rest = [line for line in rest if line.do not in sorts]
        found.append(Group(str(title) % {"platform": run.account.platform_name}, some))
    return [group for group in (*found, Group(str(_LAST), rest)) if group.lines]


def _line(step: dict[str, Any]) -> PlanLine:
    do = str(step.get("do", ""))
    word, kind, icon = _APPEARANCES.get(do, (do.capitalize(), "neutral", "information-circle"))
    fields = step.get("fields") or {}
    changes = [
        {
            "label": words.label(name),
            "before": words.value(name, before),
            "after": words.value(name, after),
        }
        for name, (before, after) in fields.items()
    ]
    new = bool(changes) and all(pair[0] in (None, "") for pair in fields.values())
    shown = [change for change in changes if change["after"]] if new else changes
    return PlanLine(do, str(word), kind, icon, str(step.get("sentence", "")), shown, new)


def reading(account: PlatformAccount) -> list[dict[str, Any]]:
    """What is read how often, as the account's page shows it; without lines of nothing."""
    return [
        {
            "what": _PARTS.get(line.part) or shown(SPECS[Kind(line.part)].plural),
            "number": line.number,
            "calls": line.calls,
            "each": isinstance(line.part, Tier) or line.part == Kind.MEMBERSHIP,
            "every": words.minutes(line.minutes),
            "oldest": line.oldest,
            "slow": line.slow,
        }
        for line in reading_plan(account)
        if line.number or line.oldest
    ]
