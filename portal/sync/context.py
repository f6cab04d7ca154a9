"""What one worker knows while it syncs one account: lease, adapter, run and what it has seen."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from integrations.base.adapter import Adapter
from integrations.base.errors import PlatformError
from integrations.base.records import Kind, Record
from portal.common.logs import hidden
from portal.common.texts import Text, own_words, several
from portal.platforms.lease import Lease
from portal.platforms.models import PlatformAccount
from portal.sync import compare
from portal.sync.ahead import ReadAhead
from portal.sync.models import PlatformLink, SyncRun
from portal.sync.readings import Rounds

# After so many seconds a worker turns to other accounts; what a run did not come to, the next does.
LONGEST_RUN = 480.0
MOST_STEPS_KEPT = 500
MOST_ANSWERS_KEPT = 10
MOST_PROBLEMS_KEPT = 10
Passed = Callable[[], timedelta]


class Observed:
    """Records as they were shown, each with a stopwatch that was started before it was asked for.

    What was seen long ago is not seen: others go on working there while a sync runs.
    """

    def __init__(self) -> None:
        self._seen: dict[tuple[Kind, str], tuple[Record, Passed]] = {}

    def note(self, record: Record, passed: Passed) -> None:
        """Remember a whole record; of a partial one too little is known to act on it."""
        if not record.partial and record.external_id is not None:
            self._seen[record.kind, record.external_id] = (record, passed)

    def take(self, kind: Kind, external_id: str, *, gettable: bool) -> Record | None:
        """The record, if it was seen so lately that it may be acted on. It serves once."""
        record, passed = self._seen.pop((kind, external_id), (None, None))
        if record is None or passed is None:
            return None
        lately = compare.seen_lately(passed().total_seconds(), gettable=gettable)
        return record if lately else None

    def take_any(self, kind: Kind, external_id: str) -> Record | None:
        """The record, however long the listing took that was read for its sake."""
        return self._seen.pop((kind, external_id), (None, None))[0]

    def __contains__(self, key: tuple[Kind, str | None]) -> bool:
        return key in self._seen


@dataclass(slots=True)
class SyncContext:
    """Everything that a step needs to be run.

    `observed` holds what this very run has seen there; `missed` the records (by their link's key)
    that a complete listing of this run did not show; `holds` the places of brakes, by kind and
    parent; `refused` the rows whose push was refused, by kind, once they were asked for;
    `kept_back` our values that are not sent any more, by row; `links` the link, if there is one, of
    each row that the deliveries under way have to do with; `lists` whether each list that was asked
    for, by kind and parent, was accepted in the end; `rounds` how far what is read in turn has
    come; `gathered` the records that nobody here knows and that are not written yet (see
    `imports`); `waiting` answers the rows of a kind of which something is to be sent; `page_read`
    is told of the place after each page of its listing; `before_children` has written what was
    gathered before the lists of what was found are read; `ahead` reads lists whose turn comes next.
    """

    account: PlatformAccount
    adapter: Adapter
    lease: Lease
    run: SyncRun
    dry_run: bool = False
    holds: set[tuple[str, int | None]] = field(default_factory=set)
    refused: set[tuple[str, int]] | None = None
    observed: Observed = field(default_factory=Observed)
    kept_back: dict[tuple[str, int], dict[str, Any]] = field(default_factory=dict)
    links: dict[tuple[str, int], PlatformLink | None] = field(default_factory=dict)
    missed: set[int] = field(default_factory=set)
    lists: dict[tuple[Kind, int | None], bool] = field(default_factory=dict)
    problems: list[Text | str] = field(default_factory=list)
    rounds: Rounds = field(default_factory=lambda: Rounds({}))
    gathered: dict[Kind, list[Any]] = field(default_factory=dict)
    waiting: Callable[[str], frozenset[int]] = lambda kind: frozenset()
    page_read: Callable[[Any], Any] = lambda scope: None
    before_children: Callable[[], Any] = bool
    ahead: ReadAhead = field(default_factory=ReadAhead)
    asked_at: float = 0.0  # when the outbox was asked last whether something is due (monotonic)
    listing_until: float = 0.0  # until then what was asked for many leaves a listing its time
    began_at: float = field(default_factory=time.monotonic)
    delivery_calls: int = 0  # how many of the run's calls were made for what is sent
    cut_short: bool = False  # whether the run has ended, or is to end, before it came to everything
    delivering: bool = False  # whether entries of the outbox are being carried out
    for_staff: bool = False  # whether somebody waits for what is being carried out
    told: int = 0  # how often this run has told the platform something
    live_again: float = 0.0  # when what is live is looked for again (monotonic)
    live_calls: int = 0  # how many of the run's calls were made for that
    understood: bool = False  # whether the platform took a delivery, or refused it in its own words
    nameless: int = 0  # records of people without an address, which are left where they are

    def close(self) -> None:
        """End what reads, and the connections."""
        self.ahead.close()
        self.adapter.close()

    def remember(self, link: PlatformLink) -> None:
        """Have later deliveries know of a link that was made meanwhile."""
        if link.local_id is not None:
            self.links[link.kind, link.local_id] = link

    def is_time_up(self) -> bool:
        """Whether the run has gone on for long enough. Asked between listings and between pages:
        who is answered True keeps what was applied, and leaves the rest to the next run."""
        if time.monotonic() - self.began_at > LONGEST_RUN and not self.dry_run:
            self.cut_short = True
        return self.cut_short

    @property
    def reading_calls(self) -> int:
        """How many calls were made to read what has its turn."""
        return self.run.calls - self.delivery_calls - self.live_calls - self.ahead.early

    @property
    def held(self) -> bool:
        """A brake on a whole kind holds the account's writes; one inside a parent only its own."""
        return any(parent is None for _, parent in self.holds)

    @property
    def nothing_read(self) -> bool:
        """Whether lists were asked for, and not one could be believed."""
        return bool(self.lists) and not any(self.lists.values())

    @property
    def conferences_unread(self) -> bool:
        """Whether the list from which all that is shown of webinars comes was not accepted."""
        return self.lists.get((Kind.CONFERENCE, None)) is False

    @property
    def unread(self) -> list[Kind]:
        """The kinds of which a list was not accepted, parents first."""
        refused = {kind for (kind, _), accepted in self.lists.items() if not accepted}
        return [kind for kind in Kind if kind in refused]

    @property
    def platform(self) -> str:
        """The platform by its name."""
        return self.adapter.capabilities.name

    @property
    def source(self) -> str:
        """How the history names this account; one whose name says the platform, by that alone."""
        label = self.account.label
        both = label if label.startswith(self.platform) else f"{self.platform}, {label}"
        return both[:120]

    def report(
        self, line: dict[str, Any], *, counter: str = "", times: int = 1, conflicts: int = 0
    ) -> None:
        """Keep a step for the run's report, and count it in one of the run's columns."""
        if len(self.run.steps) < MOST_STEPS_KEPT:
            self.run.steps.append(line)
        if counter:
            setattr(self.run, counter, getattr(self.run, counter) + times)
        self.run.conflicts += conflicts

    def trouble(self, sentence: Text | str, error: PlatformError | None = None) -> None:
        """Remember a problem that does not end the run, and the answer that it was read from."""
        if sentence not in self.problems and len(self.problems) < MOST_PROBLEMS_KEPT:
            self.problems.append(own_words(sentence))
        for answer in answers_of(error):
            if answer not in self.run.answers and len(self.run.answers) < MOST_ANSWERS_KEPT:
                self.run.answers.append(answer)

    @property
    def problem(self) -> Text | str:
        """All problems as one text; empty where there was none."""
        if len(self.problems) < 2:
            return self.problems[0] if self.problems else ""
        return several(*self.problems)


def answers_of(error: Exception | None) -> list[dict[str, Any]]:
    """The answer that an error was read from, as it may be kept for administrators: without
    addresses of people and keys. Empty where there was none."""
    if not isinstance(error, PlatformError) or not (error.status or error.excerpt):
        return []
    kept = {"operation": error.operation, "status": error.status}
    return [kept | {"excerpt": hidden(error.excerpt)}]
