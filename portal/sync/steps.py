"""What every step of a plan is: something to do about a row and a record, said in a sentence.

A plan is a list of steps and changes nothing; a dry run only reports them. News of the platform
(`inbound`) are run at once. Pending changes of ours (`sending`) are left to the outbox, and run
when their turn has come.
"""

from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from typing import Any, ClassVar

from integrations.base.records import PARENTS, PRIVATE_FIELDS, SECRET_FIELDS, Kind, Record
from portal.common import clock
from portal.common.texts import Sentence, Text, commas
from portal.conferences.fields import label_of
from portal.sync import sentences
from portal.sync.context import SyncContext
from portal.sync.models import Hold, PlatformLink
from portal.sync.scope import Scope


@dataclass(kw_only=True, eq=False)
class Step(ABC):
    """What to do with one row, link or record of a listing's place.

    `fields` are the values that change, each with what held before. `title` is what the row was
    called when the step was planned; asking a row for it may take a query, so a silent step, which
    nobody reads, does without, and one that waits in the outbox asks when it is run or shown.
    """

    do: ClassVar[str]
    sentence: ClassVar[Sentence]
    counter: ClassVar[str] = ""  # the run's column in which such steps are counted
    silent: ClassVar[bool] = False  # whether there is nothing in it for a person to read

    scope: Scope
    row: Any = None
    link: PlatformLink | None = None
    record: Record | None = None
    title: str = ""
    fields: dict[str, list[Any]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not self.silent:
            self.called()

    def called(self) -> str:
        """The row's title, asked for once."""
        if not self.title and self.row is not None:
            self.title = str(self.row)
        return self.title

    @abstractmethod
    def run(self, context: SyncContext) -> None:
        """Do it, and report it; in a dry run, report it alone."""

    @property
    def kind(self) -> Kind:
        """The kind that it is about."""
        return self.scope.kind

    @property
    def conference_id(self) -> int | None:
        """The conference in whose history it belongs."""
        if self.kind is Kind.CONFERENCE:
            return int(self.row.pk)
        if PARENTS.get(self.kind) is Kind.CONFERENCE:
            return self.scope.mirror.parent_of(self.row)
        return None

    def text(self) -> Text:
        """The step as staff read it."""
        return self.says(self.sentence)

    def says(self, sentence: Sentence) -> Text:
        """A sentence about the row of this step."""
        labels = [label_of(name, self.scope.account) for name in sorted(self.fields)]
        named = {"fields": commas(*labels) if labels else sentences.NOTHING}
        return sentence(
            title=self.called() or sentences.a_kind(self.kind),
            platform=self.scope.adapter.capabilities.name,
            **(named if sentence in sentences.NAME_FIELDS else {}),
        )

    def shown(self) -> dict[str, Any]:
        """The step as JSON for runs, dry runs and scripts."""
        named = self.record.external_id if self.record is not None else None
        known = self.link.external_id if self.link is not None else None
        return {
            "do": self.do,
            "kind": str(self.kind),
            "title": self.called(),
            "local_id": self.row.pk if self.row is not None else None,
            "external_id": named or known,
            "fields": {n: [hidden(n, value) for value in pair] for n, pair in self.fields.items()},
            "sentence": self.text(),
        }

    def note(self, context: SyncContext, *, conflicts: int = 0) -> None:
        """Report it, where there is something to read."""
        if not self.silent:
            context.report(self.shown(), counter=self.counter, conflicts=conflicts)


@dataclass(kw_only=True, eq=False)
class PendingChange(Step):
    """What the platform still has to be told. It waits in the outbox until it is sent.

    `done` is what the history says of it then.
    """

    done: ClassVar[Sentence]

    row: Any = field()

    def __post_init__(self) -> None:
        """Most of them are only left in the outbox, and never say what they are about."""


@dataclass(kw_only=True, eq=False)
class Brake(Step):
    """Too much is missing at once (`ours`: would be deleted by us): a person has to look first."""

    do = "hold"
    sentence = sentences.BRAKE
    counter = "held"

    missing: list[dict[str, Any]]
    ours: bool = False

    def run(self, context: SyncContext) -> None:
        """Keep the list of what is missing, once."""
        self.note(context)
        if not self.ours:
            context.holds.add(self.scope.place)
        if context.dry_run:
            return
        parent, reason = self.scope.parent, self.text()
        with context.lease.commit():
            there = Hold.objects.filter(
                account=context.account,
                kind=self.kind,
                parent=parent,
                ended_at=None,
                ours=self.ours,
            )
            if not there.update(missing=self.missing, reason=reason):
                Hold.objects.create(
                    account=context.account,
                    kind=self.kind,
                    parent=parent,
                    ours=self.ours,
                    reason=reason,
                    missing=self.missing,
                    since=clock.now(),
                )


def hidden(name: str, value: Any) -> Any:
    """A value as it may be shown and kept: of a secret, or of what people said of themselves, only
    that there is one."""
    return "(not shown)" if name in SECRET_FIELDS | PRIVATE_FIELDS and value else value
