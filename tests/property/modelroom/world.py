"""A modelled platform: its state, and the troubles it can be told to make.

It is deliberately awkward: it trims titles, re-cases the host's zone, cuts descriptions, lists in
small pages, and lets two clients write at once.
"""

import itertools
from dataclasses import dataclass, field
from typing import Any

from integrations.base import errors

LONGEST_DESCRIPTION = 40
PAGE = 3


LIES = ("empty list", "short list", "row twice")


class Crash(BaseException):
    """The worker dies here. A BaseException: nothing in the engine may catch it."""


@dataclass
class Room:
    """One conference on the modelled platform."""

    id: str
    fields: dict[str, Any]
    marker: str = ""
    made_by_us: str = ""  # the title under which our side created it
    people: dict[str, str] = field(default_factory=dict)  # address -> registration id
    shown: dict[str, list[Any]] = field(default_factory=dict)  # every value a field ever had


def normal(fields: dict[str, Any]) -> dict[str, Any]:
    """What this platform makes of what it is given."""
    made = dict(fields)
    if isinstance(made.get("title"), str):
        made["title"] = " ".join(made["title"].split())
    if isinstance(made.get("description"), str):
        made["description"] = made["description"].strip()[:LONGEST_DESCRIPTION]
    return made


class World:
    """The platform's state, a script of troubles by call number, and a journal of calls."""

    def __init__(self) -> None:
        self.rooms: dict[str, Room] = {}
        self.numbers = itertools.count(100)
        self.calls: list[tuple[str, str]] = []
        self.script: dict[int, str] = {}
        self.deleted: list[tuple[str, dict[str, Any]]] = []
        self.creates: list[str] = []
        self.late: list[Any] = []
        self.lie = ""
        self.steps = 0
        self.crash_at: int | None = None
        self.writes = 0

    # the platform's own side -------------------------------------------------------------------

    def add(self, fields: dict[str, Any], marker: str = "", made_by_us: str = "") -> Room:
        room = Room(str(next(self.numbers)), normal(fields), marker, made_by_us)
        self.rooms[room.id] = room
        self.edit(room.id, {})
        return room

    def edit(self, room_id: str, changes: dict[str, Any]) -> None:
        room = self.rooms[room_id]
        room.fields |= normal(changes)
        for name, value in room.fields.items():
            room.shown.setdefault(name, []).append(value)

    def register(self, room_id: str, email: str) -> str:
        people = self.rooms[room_id].people
        if email not in people:
            people[email] = f"r{next(self.numbers)}"
        return people[email]

    # calls from our side -----------------------------------------------------------------------

    def step(self) -> None:
        """One point at which the worker may die."""
        self.steps += 1
        if self.crash_at is not None and self.steps == self.crash_at:
            self.crash_at = None
            raise Crash

    def call(self, verb: str, what: str, act: Any) -> Any:
        """Serve one call, with the trouble that the script holds for its number."""
        self._land_late()
        number = len(self.calls)
        self.calls.append((verb, what))
        trouble = self.script.pop(number, "")
        self.lie = trouble if trouble in LIES else ""
        writing = verb not in ("list", "get")
        self.step()
        _refuse("" if writing and trouble == "not found" else trouble)
        if trouble == "unknown before":
            raise _lost(writing)
        if trouble == "late" and verb == "create":
            self.late.append(act)
            raise _lost(writing)
        answer = act()
        self.writes += writing
        self.step()
        if trouble in ("unknown after", "late"):
            raise _lost(writing)
        if trouble == "nonsense":
            raise errors.UnexpectedAnswer("Nonsense.")
        return answer

    def _land_late(self) -> None:
        """A request whose answer was lost takes effect a call later."""
        late, self.late = self.late, []
        for act in late:
            act()


def _lost(writing: bool) -> errors.PlatformError:
    if writing:
        return errors.OutcomeUnknown("The line broke.")
    return errors.PlatformUnavailable("The line broke.")


def _refuse(trouble: str) -> None:
    if trouble == "unreachable":
        raise errors.PlatformUnavailable("It cannot be reached.")
    if trouble == "slow down":
        raise errors.RateLimited("Slow down.", retry_after=30)
    if trouble == "not found":
        raise errors.RecordNotFound("It is not here.")


WORLD = World()


def fresh() -> World:
    """Start over with an empty platform."""
    WORLD.__init__()  # type: ignore[misc]
    return WORLD
