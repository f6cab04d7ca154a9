"""One worker's errand on one account: the lease, the adapter, the run and what was observed."""

from dataclasses import dataclass, field
from typing import Any

from integrations.base.adapter import Adapter
from portal.platforms.lease import Lease
from portal.platforms.models import PlatformAccount
from portal.sync.models import SyncRun
from portal.sync.observed import Observed
from portal.sync.steps import Do, Step

MOST_STEPS_KEPT = 500


@dataclass(slots=True)
class Work:
    """Everything that a step needs. `observed` holds what this very run has seen there; `missed`
    the records (by their link's key) that a complete listing of this run did not show; `holds`
    are the places of brakes, by kind and parent; `failed` the rows whose push was refused, by
    kind, once they were asked for; `kept_back` our values that are not sent any more, by row."""

    account: PlatformAccount
    adapter: Adapter
    lease: Lease
    run: SyncRun
    dry_run: bool = False
    holds: set[tuple[str, int | None]] = field(default_factory=set)
    failed: set[tuple[str, int]] | None = None
    observed: Observed = field(default_factory=Observed)
    kept_back: dict[tuple[str, int], dict[str, Any]] = field(default_factory=dict)
    missed: set[int] = field(default_factory=set)
    problems: list[str] = field(default_factory=list)
    delivered: bool = False  # whether this run has told the platform something
    nameless: int = 0  # records of people without an address, which are left where they are

    @property
    def held(self) -> bool:
        """A brake on a whole kind holds the account's writes; one inside a parent only its own."""
        return any(parent is None for _, parent in self.holds)

    @property
    def platform(self) -> str:
        return self.adapter.capabilities.name

    @property
    def source(self) -> str:
        """How the history names this account."""
        return f"{self.platform}, {self.account.label}"[:120]

    def note(self, step: Step) -> None:
        """Count a step and keep it for the run's report."""
        if step.silent:
            return
        if len(self.run.steps) < MOST_STEPS_KEPT:
            self.run.steps.append(step.shown(self.platform))
        counter = COUNTERS.get(step.do)
        if counter:
            setattr(self.run, counter, getattr(self.run, counter) + 1)
        if step.merged:
            self.run.conflicts += len(step.merged.clashes)

    def trouble(self, sentence: str) -> None:
        """Remember a problem that does not end the run."""
        if sentence not in self.problems:
            self.problems.append(sentence)


COUNTERS = {
    Do.IMPORT: "created",
    Do.CREATE: "created",
    Do.TAKE: "updated",
    Do.UPDATE: "updated",
    Do.READDRESS: "updated",
    Do.BACK: "updated",
    Do.ANEW: "updated",
    Do.ADOPT: "updated",
    Do.GONE: "removed",
    Do.DELETE: "removed",
    Do.TWIN: "conflicts",
    Do.STILL: "conflicts",
    Do.ASK: "conflicts",
    Do.ASK_RESTORED: "conflicts",
    Do.ASK_MISSING: "conflicts",
    Do.EQUAL: "conflicts",
    Do.EDIT_WINS: "conflicts",
    Do.HOLD: "held",
}
