"""Modelled platforms: their state, and the troubles they can be told to make.

They are deliberately awkward: they trim titles, re-case addresses and last names, cut names and
descriptions, list in small pages, let people without an address in, and let two clients write at
once.
"""

import itertools
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from integrations.base import errors
from integrations.base.records import PARENTS, Kind
from portal.common import clock

LONGEST_DESCRIPTION, LONGEST_NAME = 40, 20
PAGE = 3
PAUSE = 30  # seconds
A_WHILE = 6  # seconds that somebody takes to edit in the panel
# One of a key within its parent. A second group of one name can be made, as it can on some.
UNIQUE = {Kind.ATTENDEE, Kind.MEMBERSHIP, Kind.MODERATOR, Kind.REGISTRATION}
# Asking for one that is there answers it; of the others a second one is refused.
SAME_AGAIN = {Kind.MEMBERSHIP, Kind.REGISTRATION}

LIES = ("empty list", "short list", "row twice")


class Crash(BaseException):
    """The worker dies here. A BaseException: nothing in the engine may catch it."""


@dataclass
class Fate:
    """The points at which the worker may die, counted over all platforms and our commits."""

    steps: int = 0
    crash_at: int | None = None

    def step(self) -> None:
        self.steps += 1
        if self.crash_at is not None and self.steps == self.crash_at:
            self.crash_at = None
            raise Crash


@dataclass
class Item:
    """One object on a modelled platform."""

    id: str
    kind: Kind
    fields: dict[str, Any]
    parent: str | None = None
    marker: str = ""
    made_by_us: str = ""  # the title or name under which our side created it
    made_at: datetime = field(default_factory=clock.now)
    shown: dict[str, list[Any]] = field(default_factory=dict)  # every value a field ever had


def normal(kind: Kind, fields: Any) -> dict[str, Any]:
    """What a platform makes of what it is given."""
    return {name: _normal(kind, name, value) for name, value in fields.items()}


def _normal(kind: Kind, name: str, value: Any) -> Any:
    if not isinstance(value, str):
        return value
    if name in ("title", "name"):
        return " ".join(value.split())
    if name == "description":
        return value.strip()[:LONGEST_DESCRIPTION]
    if name == "email":
        return value.strip().lower()
    if name == "first_name":
        return value.strip()[:LONGEST_NAME]
    return value.strip().upper() if name == "last_name" else value


class World:
    """One platform's state, a script of troubles by number or verb, and a journal."""

    def __init__(self, *, lasting_ids: bool = False, people: bool = False) -> None:
        self.items: dict[str, Item] = {}
        self.lasting_ids = lasting_ids  # somebody who comes back has the same id as before
        self.people = people  # whoever is registered is a person of the account
        self.calls: list[tuple[str, str]] = []
        self.script: dict[int | str, str] = {}
        self.removed: list[Item] = []  # by whomever
        self.deleted: list[Item] = []  # by our side
        self.creates: list[str] = []
        self.late: list[Any] = []
        self.meanwhile: dict[int, Any] = {}  # what others do while a sync runs, by call number
        self.lie = ""
        self.writes = 0
        self.quiet_until: datetime | None = None  # a pause that was asked for
        self.too_early = 0

    # the platform's own side -------------------------------------------------------------------

    @property
    def rooms(self) -> dict[str, Item]:
        return {item.id: item for item in self.of(Kind.CONFERENCE)}

    def of(self, kind: Kind, parent: str | None = None) -> list[Item]:
        """All of a kind, or those within a parent."""
        return [
            item
            for item in self.items.values()
            if item.kind == kind and (parent is None or item.parent == parent)
        ]

    def add(
        self,
        kind: Kind,
        fields: dict[str, Any],
        parent: str | None = None,
        marker: str = "",
        made_by_us: str = "",
    ) -> Item:
        """Make one. Raises what a platform would answer where it cannot."""
        if parent is not None:
            self.find(parent)
        fields = normal(kind, fields)
        if there := self._same(kind, fields, parent):
            if kind in SAME_AGAIN:
                return there
            raise errors.RequestRejected("There is one already.")
        item = Item(self._new_id(kind, fields, parent), kind, fields, parent, marker, made_by_us)
        self.items[item.id] = item
        self.edit(item.id, {})
        if kind is Kind.MEMBERSHIP or (kind is Kind.REGISTRATION and self.people):
            self._known(fields)
        return item

    def edit(self, item_id: str, changes: dict[str, Any]) -> None:
        item = self.find(item_id)
        item.fields |= normal(item.kind, changes)
        for name, value in item.fields.items():
            item.shown.setdefault(name, []).append(value)

    def remove(self, item_id: str) -> Item:
        """Remove one with all that is within it; a person leaves their groups."""
        gone = self.find(item_id)
        for item in list(self.items.values()):
            left = item.kind is Kind.MEMBERSHIP and item.fields["email"] == gone.fields.get("email")
            if item.parent == item_id or (gone.kind is Kind.ATTENDEE and left):
                self.removed.append(self.items.pop(item.id))
        self.removed.append(gone)
        return self.items.pop(item_id)

    def find(self, item_id: str) -> Item:
        if item_id not in self.items:
            raise errors.RecordNotFound("It is not here.")
        return self.items[item_id]

    def _same(self, kind: Kind, fields: dict[str, Any], parent: str | None) -> Item | None:
        email = fields.get("email")
        if kind not in UNIQUE or not email:
            return None
        return next((i for i in self.of(kind, parent) if i.fields.get("email") == email), None)

    def _known(self, fields: dict[str, Any]) -> None:
        """Whoever is registered or put into a group becomes a person of the account."""
        names = {name: fields.get(name) or "" for name in ("first_name", "last_name")}
        if not self._same(Kind.ATTENDEE, fields, None):
            self.add(Kind.ATTENDEE, {"email": fields["email"], **names})

    def _new_id(self, kind: Kind, fields: dict[str, Any], parent: str | None) -> str:
        if kind in UNIQUE and self.lasting_ids and fields.get("email"):
            return f"{kind[0]}{parent or ''}/{fields['email']}"
        return f"{kind[0]}{next(NUMBERS)}"

    # calls from our side -----------------------------------------------------------------------

    def call(self, verb: str, what: str, act: Any) -> Any:
        """Serve one call, with the trouble that the script holds for its number."""
        self._land_late()
        self.too_early += self.quiet_until is not None and clock.now() < self.quiet_until
        number = len(self.calls)
        self.calls.append((verb, what))
        trouble = self.script.pop(number, "") or self.script.pop(verb, "")
        self.lie = trouble if trouble in LIES else ""
        writing = verb not in ("list", "get")
        FATE.step()
        if trouble == "slow down":
            self.quiet_until = clock.now() + timedelta(seconds=PAUSE)
        _refuse("" if writing and trouble == "not found" else trouble)
        if trouble == "unknown before":
            raise _lost(writing)
        if trouble == "late" and verb == "create":
            self.late.append(act)
            raise _lost(writing)
        answer = act()
        self.writes += writing
        FATE.step()
        if trouble in ("unknown after", "late"):
            raise _lost(writing)
        if trouble == "nonsense":
            raise errors.UnexpectedAnswer("Nonsense.")
        return answer

    def while_we_read(self) -> None:
        """Others work in the panel before a list is read anew, or one record; that takes time."""
        for number in [n for n in self.meanwhile if n <= len(self.calls)]:
            act = self.meanwhile.pop(number)
            with suppress(errors.PlatformError):
                act()
            clock.advance(A_WHILE)

    def _land_late(self) -> None:
        """A request whose answer was lost takes effect a call later, or is refused unheard."""
        late, self.late = self.late, []
        for act in late:
            with suppress(errors.PlatformError):
                act()

    # what a listing costs ----------------------------------------------------------------------

    def pages(self, kinds: Any) -> int:
        """The least number of calls that show all records of these kinds."""
        calls = 0
        for kind in kinds:
            within = PARENTS.get(kind)
            places = [item.id for item in self.of(within)] if within else [None]
            calls += sum(max(1, -(-len(self.of(kind, place)) // PAGE)) for place in places)
        return calls


def _lost(writing: bool) -> errors.PlatformError:
    if writing:
        return errors.OutcomeUnknown("The line broke.")
    return errors.PlatformUnavailable("The line broke.")


def _refuse(trouble: str) -> None:
    if trouble == "unreachable":
        raise errors.PlatformUnavailable("It cannot be reached.")
    if trouble == "slow down":
        raise errors.RateLimited("Slow down.", retry_after=PAUSE)
    if trouble == "not found":
        raise errors.RecordNotFound("It is not here.")


NUMBERS = itertools.count(100)
FATE = Fate()
WORLDS: dict[str, World] = {}


def fresh(address: str, **ways: bool) -> World:
    """An empty platform at an address."""
    WORLDS[address] = World(**ways)
    return WORLDS[address]
