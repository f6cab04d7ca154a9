"""The steps of a sync, or of a dry run, as staff read them."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from portal.common import clock
from portal.staff.presenters import words
from portal.sync.models import SyncRun

_APPEARANCES = {
    "create there": ("Made there", "success", "plus"),
    "update there": ("Sent", "info", "pencil"),
    "withdraw and make anew there": ("Another address there", "info", "envelope"),
    "delete there": ("Deleted there", "danger", "trash"),
    "import": ("Added here", "accent", "arrow-down-tray"),
    "take": ("Taken over", "info", "arrow-down"),
    "adopt": ("Matched", "accent", "link"),
    "back again": ("Back", "success", "arrow-uturn-left"),
    "gone there": ("Removed there", "danger", "link-slash"),
    "hold": ("Held", "warning", "hand-raised"),
    "double found": ("Double", "warning", "squares-2x2"),
    "still there": ("Still there", "warning", "exclamation-triangle"),
    "edit wins over delete": ("Kept", "warning", "arrows-right-left"),
}
# Where a dry run shows a step: there first, then here, then what a person must look at.
_GROUPS = (
    ("Would be made on {platform}", ("create there",)),
    ("Would be changed on {platform}", ("update there", "withdraw and make anew there")),
    ("Would be deleted on {platform}", ("delete there",)),
    ("Would be added here", ("import", "adopt", "back again")),
    ("Would be changed here", ("take",)),
    ("Would be marked as gone here", ("gone there",)),
)
PATIENCE = timedelta(minutes=1)  # for a worker to begin with a dry run
_LAST = "Would wait for a person"


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
    "beat": "by the clock",
    "staff": "by a person",
    "push": "after a change",
    "command": "from the command line",
    SyncRun.DRY_RUN: "as a dry run",
}


@dataclass(frozen=True, slots=True)
class Run:
    """A run as a row: who asked for it, how it looks, how long it took."""

    run: SyncRun
    asked: str
    kind: str
    icon: str
    took: str
    word: str


def dressed(run: SyncRun) -> Run:
    """A run in the words of staff."""
    seconds = (run.finished_at - run.started_at).total_seconds() if run.finished_at else None
    took = (
        "still at work" if seconds is None else f"in {seconds:.0f} s" if seconds >= 1 else "at once"
    )
    kind, icon = _OUTCOMES[SyncRun.Outcome(run.outcome)]
    word = run.get_outcome_display()
    if run.stopped:
        kind, icon, word, took = "danger", "exclamation-circle", "Stopped without an end", "no end"
    return Run(run, _ASKED.get(run.trigger, run.trigger), kind, icon, took, word)


def left_alone(run: SyncRun) -> str:
    """Why a dry run does not get on; empty while one can believe that it does."""
    until, moment = run.account.runtime.lease_until, clock.now()
    if (until is not None and until > moment) or moment - run.started_at < PATIENCE:
        return ""
    what = "The worker that was at it has stopped" if run.calls else "No worker has begun with it"
    return (
        f"{what}. It begins as soon as there is one; if that does not come, an administrator "
        "should see whether Lectern's worker is running."
    )


def lines(run: SyncRun) -> list[PlanLine]:
    """Every kept step of a run."""
    return [_line(step) for step in run.steps if isinstance(step, dict)]


def grouped(run: SyncRun) -> list[Group]:
    """The steps under headings, empty ones left out."""
    found, rest = [], lines(run)
    for title, sorts in _GROUPS:
        some = [line for line in rest if line.do in sorts]
        rest = [line for line in rest if line.do not in sorts]
        found.append(Group(title.format(platform=run.account.platform_name), some))
    return [group for group in (*found, Group(_LAST, rest)) if group.lines]


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
    return PlanLine(do, word, kind, icon, _sentence(step, fields), shown, new)


def _sentence(step: dict[str, Any], fields: dict[str, Any]) -> str:
    """The step's sentence, with our names of fields at its end as staff know them."""
    sentence, ending = str(step.get("sentence", "")), f"{', '.join(sorted(fields))}."
    if not fields or not sentence.endswith(ending):
        return sentence
    labels = ", ".join(words.label(name).lower() for name in sorted(fields))
    return f"{sentence.removesuffix(ending)}{labels}."
