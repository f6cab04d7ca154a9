"""Lists that come next are read while those before are applied, by a few threads at a time.

A thread does nothing but ask and decode. Whatever touches the database is done by the run's own
thread, which the others ask for it: the gate before each request, the account's tokens, what a 429
means for the account. It alone applies what was read, list after list, as if it had read it itself.

What was read ahead counts only while nothing has been sent since our side of its place was read.
So before anything is sent all of it is thrown away, and whatever is under way comes to rest.
"""

import threading
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import AbstractContextManager, closing
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from queue import SimpleQueue
from typing import Any, NamedTuple, TypeVar

from integrations.base.adapter import Adapter, Connection
from integrations.base.errors import RecordNotFound, UnexpectedAnswer
from integrations.base.records import Kind, Page
from integrations.base.tokens import Tokens, TokenStore
from portal.common import clock
from portal.platforms import budget
from portal.platforms.models import PlatformAccount

# Up to so many requests a minute one line uses up the pace by itself, and two a middling one.
SLOW, MIDDLING = 120, 300
MOST_LINES = 3
# So many records wait to be applied before no more are asked for; and the lists of so many parents
# for each line.
MOST_RECORDS, PARENTS_EACH = 1500, 2
# Seconds: where answers come sooner, there is nothing to wait for, and threads are in each other's
# way. What a record takes to be read and decoded is no waiting.
WORTH_A_THREAD, EACH_RECORD, FEW = 0.02, 0.0001, 3
NAME = "reads ahead"
Asked = tuple[Page, Callable[[], timedelta]]
T = TypeVar("T")


class Abandoned(BaseException):
    """Raised in a thread: nobody wants what it reads any more."""


# What ends one list alone; whatever else comes, nothing more needs to be asked for.
OF_ONE_LIST = (RecordNotFound, UnexpectedAnswer, Abandoned)


class Place(NamedTuple):
    """A list as it is asked for; `key` tells it from the others. One that `waits` is not asked for
    before its turn: our side of it is read only then."""

    key: Any
    adapter: Adapter
    kind: Kind
    parent_id: str | None
    waits: bool = False


@dataclass(eq=False, slots=True)
class _Reading:
    """One list, which is read ahead unless it is left `alone`. `ask` is what its thread waits for
    the run's own to do, `reply` what came of that."""

    place: Place
    alone: bool
    began: datetime = field(default_factory=clock.now)
    pages: deque[Asked] = field(default_factory=deque)
    ask: Callable[[], Any] | None = None
    reply: tuple[Any, Exception | None] | None = None
    error: BaseException | None = None
    asked: int = 0  # requests
    applied: bool = False  # or begun to be
    ended: bool = False
    abandoned: bool = False

    @property
    def waits(self) -> bool:
        """Whether its thread does nothing before the run's own has done something for it."""
        return self.ask is not None and not self.abandoned

    @property
    def came_further(self) -> bool:
        """Whether there is something to be applied, or nothing will come any more."""
        return bool(self.pages) or self.ended


Parent = list[_Reading]  # the lists of one record, which are read one after the other


def lines(account: PlatformAccount) -> int:
    """How many lists of an account may be asked for at once: as many as its pace can use."""
    if account.runtime.pace is not None:
        return 1  # the platform has asked us to slow down
    per_minute = budget.per_minute(account)
    return 1 if per_minute <= SLOW else 2 if per_minute <= MIDDLING else MOST_LINES


def asked(adapter: Adapter, kind: Kind, parent_id: str | None) -> Generator[Asked, None, None]:
    """A list's pages, each with a stopwatch that was started before it was asked for."""
    passed = clock.stopwatch()
    for page in adapter.list_all(kind, parent_id):
        yield page, passed
        passed = clock.stopwatch()


class ReadAhead:
    """What one run reads ahead, over so many `lines`. `is_paced` tells whether requests wait for
    their turn: with more lines they would only wait longer."""

    def __init__(self, lines: int = 1, is_paced: Callable[[], bool] = bool) -> None:
        self._lines, self._is_paced = lines, is_paced
        self._requests = 0  # that this thread has made for itself
        # What the last ones that were read alone had to be waited for: one may come late by chance.
        self._waits: deque[float] = deque([0.0] * FEW, FEW)
        # These belong to the run's own thread, in the order in which lists are applied.
        self._expected: deque[Parent] = deque()
        self._started: deque[Parent] = deque()
        self._current: _Reading | None = None
        # A room remembers what it read for one list and needs for others: the first is read alone.
        self._met: set[Kind] = set()
        self._threads: list[threading.Thread] = []
        # These are shared; what stands in a reading changes under the condition alone.
        self._turn = threading.Condition()
        self._running: list[_Reading] = []
        self._parents: SimpleQueue[Parent | None] = SimpleQueue()
        self._left: deque[Callable[[], Any]] = deque()
        self._mine = threading.local()

    # For the run's own thread ------------------------------------------------------------------

    def over(self, line: Connection) -> Connection:
        """A connection that other threads may use as well."""
        return replace(
            line,
            gate=lambda: self._gate(line.gate),
            limited=lambda error: self._leave(partial(line.limited, error)),
            tokens=_SharedTokens(line.tokens, self.do),
        )

    def expect(self, parents: Iterable[Iterable[Place]]) -> None:
        """These lists are read next, in this order; our side of them was read just now."""
        self._drop(keep=None)
        if self._lines > 1:
            self._expected.extend(filter(None, map(_readings, parents)))

    @property
    def early(self) -> int:
        """How many requests were made for lists that are not applied yet."""
        readings = self._all_started()
        return sum(one.asked for one in readings if not (one.applied or one.abandoned))

    def read(self, place: Place) -> tuple[datetime, Iterator[Asked]]:
        """Since when at the earliest a list was asked for, and its pages as they come."""
        reading = self._taken(place)
        if reading is None:
            return clock.now(), self._read_now(place)
        self._current, reading.applied = reading, True
        self._serve(reading)
        return reading.began, self._pages(reading)

    def rest(self) -> None:
        """Before something is sent: forget what was read ahead, but for the list that is being
        applied, and wait until no thread asks for anything."""
        self._drop(keep=self._current)
        with self._turn:
            self._turn.wait_for(lambda: all(reading.waits for reading in self._running))
        self._do_what_was_left()

    def close(self) -> None:
        """End all threads. A request that is under way is waited for."""
        self._drop(keep=None)
        for _ in self._threads:
            self._parents.put(None)
        for thread in self._threads:
            thread.join()
        self._threads.clear()
        self._do_what_was_left()

    def _taken(self, place: Place) -> _Reading | None:
        """The reading of a list whose turn has come, if it is read ahead. What was expected before
        it is not wanted any more."""
        parents = [*self._started, *self._expected]
        at = [number for number, parent in enumerate(parents) if _of(place, parent)]
        if not at or self._current in _of(place, parents[at[0]]):
            return None
        for parent in parents[: at[0]]:
            self._abandon(parent)
            (self._started or self._expected).popleft()
        parent = parents[at[0]]
        reading = _of(place, parent)[0]
        self._abandon(parent[: parent.index(reading)])
        self._start()
        read = parent in self._started and not (reading.alone or reading.abandoned)
        return reading if read else None

    def _start(self) -> None:
        """Have threads read what comes next, unless that is not worth while any more."""
        self._stop_in_trouble()
        while self._expected and len(self._started) < self._lines * PARENTS_EACH:
            parent = self._expected[0]
            kinds = {reading.place.kind for reading in parent if not reading.alone}
            quick = min(self._waits) < WORTH_A_THREAD
            if quick or self._is_paced() or not kinds <= self._met:
                return
            self._started.append(self._expected.popleft())
            self._parents.put(parent)
            if len(self._threads) < self._lines:
                adapter = parent[0].place.adapter
                thread = threading.Thread(
                    target=self._work, args=(adapter,), name=NAME, daemon=True
                )
                thread.start()
                self._threads.append(thread)

    def _stop_in_trouble(self) -> None:
        """What ends the run ends what comes after it; what comes before is still applied."""
        readings = self._all_started()
        for number, reading in enumerate(readings):
            wanted = reading.error is not None and not reading.abandoned
            if wanted and not isinstance(reading.error, OF_ONE_LIST):
                self._abandon(readings[number + 1 :])
                self._expected.clear()
                return

    def _pages(self, reading: _Reading) -> Iterator[Asked]:
        while True:
            self._serve(reading)
            if not reading.pages:
                break
            one = reading.pages.popleft()
            self._serve(None)
            yield one
        self._current = None
        if reading.error is not None:
            raise reading.error

    def _read_now(self, place: Place) -> Iterator[Asked]:
        self._met.add(place.kind)
        before = self._requests
        for page, passed in asked(place.adapter, place.kind, place.parent_id):
            if self._requests > before:
                waited = passed().total_seconds() - len(page.records) * EACH_RECORD
                self._waits.append(waited)
            yield page, passed
            before = self._requests

    def _serve(self, reading: _Reading | None) -> None:
        """Do what threads ask for, until nobody does any more and this reading came further."""
        asking: _Reading | None = None

        def is_time() -> bool:
            nonlocal asking
            asking = self._next()
            return asking is not None or reading is None or reading.came_further

        while True:
            self._start()
            with self._turn:
                self._turn.wait_for(is_time)
            self._do_what_was_left()
            if asking is None:
                return
            self._answer(asking)

    def _next(self) -> _Reading | None:
        """Who is to be answered next: the first in order that has nothing to be applied. Where many
        records wait, the list whose turn it is goes on alone."""
        readings = self._all_started()
        waiting = sum(len(page.records) for reading in readings for page, _ in reading.pages)
        for reading in readings:
            few = reading is self._current or waiting < MOST_RECORDS
            if few and reading.waits and not reading.pages:
                return reading
        return None

    def _answer(self, reading: _Reading) -> None:
        value, error = None, None
        try:
            value = reading.ask() if reading.ask is not None else None
        except Exception as why:
            error = why  # raised where it was asked for
        with self._turn:
            reading.ask, reading.reply = None, (value, error)
            self._turn.notify_all()

    def _do_what_was_left(self) -> None:
        while self._left:
            self._left.popleft()()

    def _drop(self, keep: _Reading | None) -> None:
        """Forget all that is expected or was read ahead, but for one reading."""
        self._abandon(reading for reading in self._all_started() if reading is not keep)
        self._expected.clear()
        self._started = deque(parent for parent in self._started if keep in parent)
        self._current = keep

    def _abandon(self, readings: Iterable[_Reading]) -> None:
        with self._turn:
            for reading in readings:
                reading.abandoned = True
            self._turn.notify_all()

    def _all_started(self) -> list[_Reading]:
        return [reading for parent in self._started for reading in parent]

    # For the other threads ---------------------------------------------------------------------

    def do(self, act: Callable[[], T]) -> T:
        """Have something done by the run's own thread, which does its own at once."""
        reading: _Reading | None = getattr(self._mine, "reading", None)
        if reading is None:
            return act()
        with self._turn:
            reading.ask = act
            self._turn.notify_all()
            self._turn.wait_for(lambda: reading.reply is not None or reading.abandoned)
            reply, reading.reply, reading.ask = reading.reply, None, None
        if reply is None:
            raise Abandoned
        if reply[1] is not None:
            raise reply[1]
        return reply[0]  # type: ignore[no-any-return]  # what `act` has answered

    def _gate(self, gate: Callable[[], Any]) -> None:
        """Have a request taken from the budget, and counted with the list it is made for."""
        reading: _Reading | None = getattr(self._mine, "reading", None)

        def act() -> None:
            gate()
            if reading is not None:
                reading.asked += 1
            else:
                self._requests += 1

        self.do(act)

    def _leave(self, act: Callable[[], Any]) -> None:
        """Have it done soon, whatever becomes of this reading."""
        if getattr(self._mine, "reading", None) is None:
            act()
        else:
            self._left.append(act)

    def _work(self, adapter: Adapter) -> None:
        try:
            while (parent := self._parents.get()) is not None:
                for reading in parent:
                    self._read(reading)
        finally:
            adapter.close()  # this thread's connections

    def _read(self, reading: _Reading) -> None:
        with self._turn:
            if reading.alone or reading.abandoned:
                return
            reading.began = clock.now()
            self._running.append(reading)
        self._mine.reading = reading
        place, error = reading.place, None
        try:
            with closing(asked(place.adapter, place.kind, place.parent_id)) as pages:
                for one in pages:
                    self._hand_over(reading, one)
        except BaseException as why:
            error = why
        self._mine.reading = None
        with self._turn:
            reading.ended, reading.error = True, error
            self._running.remove(reading)
            self._turn.notify_all()

    def _hand_over(self, reading: _Reading, one: Asked) -> None:
        with self._turn:
            if reading.abandoned:
                raise Abandoned
            reading.pages.append(one)
            self._turn.notify_all()


class _SharedTokens:
    """An account's tokens, used and renewed by the run's own thread alone."""

    def __init__(self, store: TokenStore, do: Callable[[Callable[[], Any]], Any]) -> None:
        self._store = store
        self._do = do

    def read(self) -> dict[str, Any]:
        """What is stored now."""
        return self._store.read()

    def write(self, tokens: Tokens) -> None:
        """Replace what is stored."""
        self._store.write(tokens)

    def locked(self) -> AbstractContextManager[None]:
        """One worker at a time."""
        return self._store.locked()

    def do(self, act: Callable[[], T]) -> T:
        """By the run's own thread."""
        return self._do(act)  # type: ignore[no-any-return]  # what `act` has answered


def _readings(places: Iterable[Place]) -> Parent:
    """A room may read one list by what it read for the one before: what comes after one that waits
    waits as well."""
    found: Parent = []
    for place in places:
        found.append(_Reading(place, place.waits or any(one.alone for one in found)))
    return found


def _of(place: Place, parent: Parent) -> Parent:
    return [reading for reading in parent if reading.place.key == place.key]
