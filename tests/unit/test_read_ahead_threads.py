"""What threads read ahead, and what the run's own thread does for them."""

import threading
import time

import pytest

from integrations.base.adapter import Connection
from integrations.base.errors import PlatformUnavailable, RateLimited, UnexpectedAnswer
from integrations.base.records import Kind, Page, Record
from integrations.base.tokens import MemoryTokens
from portal.sync import ahead
from portal.sync.ahead import NAME, Place, ReadAhead

KIND = Kind.REGISTRATION


class Platform:
    """Lists of two pages, one request each; `answers` are given in the place of one's first."""

    pages = 2

    def __init__(self, reader, records=1, **answers):
        self.records, self.answers = records, answers
        self.asked, self.by, self.closed, self.slowed = [], [], [], []
        line = Connection("http://x.invalid", {}, gate=self.allow, limited=self.slow_down)
        self.line = reader.over(line)

    def allow(self):
        self.by.append(threading.current_thread().name)

    def slow_down(self, error):
        self.slowed.append(threading.current_thread().name)

    def list_all(self, kind, parent_id):
        for number in range(self.pages):
            self.line.gate()
            self.asked.append((parent_id, number))
            error = self.answers.get(parent_id) if number == 0 else None
            if isinstance(error, RateLimited):
                self.line.limited(error)
            if error is not None:
                raise error
            ids = [f"{parent_id}/{number}/{n}" for n in range(self.records)]
            yield Page(tuple(Record(kind, one, {}) for one in ids))

    def close(self):
        self.closed.append(threading.current_thread().name)

    def place(self, parent, **more):
        return Place(parent, self, KIND, parent, **more)

    def places(self, parents):
        return [[self.place(parent)] for parent in parents]


@pytest.fixture
def reader():
    """Whose first list was read, alone as it always is."""
    one = ReadAhead(3)
    one._met.add(KIND)
    one._waits.extend([1.0] * ahead.FEW)
    yield one
    one.close()
    assert not [thread for thread in threading.enumerate() if thread.name == NAME]


def read(reader, place):
    return [record.external_id for page, _ in reader.read(place)[1] for record in page.records]


def serve_until(reader, come):
    """Do what threads ask for, until it has come so far."""
    for _ in range(10_000):
        if come():
            return
        reader._serve(None)
        time.sleep(0.001)
    pytest.fail("it does not come so far")


def test_lists_come_whole_and_in_their_order(reader):
    platform = Platform(reader)
    reader.expect(platform.places("abcdefgh"))
    for parent in "abcdefgh":
        assert read(reader, platform.place(parent)) == [f"{parent}/0/0", f"{parent}/1/0"]
    assert sorted(platform.asked) == [(parent, n) for parent in "abcdefgh" for n in (0, 1)]
    assert set(platform.by) == {threading.current_thread().name}


def test_three_are_asked_for_at_a_time(reader):
    """Each waits for two others, within its request."""
    meeting = threading.Barrier(3, timeout=30)

    class Together(Platform):
        def list_all(self, kind, parent_id):
            self.line.gate()
            meeting.wait()
            yield Page(())

    platform = Together(reader)
    reader.expect(platform.places("abc"))
    assert [read(reader, platform.place(parent)) for parent in "abc"] == [[], [], []]


def test_each_thread_closes_its_own_connections(reader):
    platform = Platform(reader)
    reader.expect(platform.places("abc"))
    for parent in "abc":
        read(reader, platform.place(parent))
    reader.close()
    assert platform.closed == [NAME] * 3


def test_what_is_skipped_is_not_waited_for(reader):
    platform = Platform(reader)
    reader.expect(platform.places("abcdef"))
    assert read(reader, platform.place("a"))
    assert read(reader, platform.place("e")) == ["e/0/0", "e/1/0"]
    assert read(reader, platform.place("f")) == ["f/0/0", "f/1/0"]


def test_the_lists_of_one_parent_are_read_one_after_the_other(reader):
    """A room may remember for the second what it has found in the first."""
    platform = Platform(reader)
    reader.expect([[platform.place("a"), platform.place("b")], [platform.place("c")]])
    for parent in "abc":
        read(reader, platform.place(parent))
    order = [parent for parent, _ in platform.asked if parent != "c"]
    assert order == ["a", "a", "b", "b"]


def test_one_that_waits_is_read_at_its_turn_and_what_follows_it_too(reader):
    platform = Platform(reader)
    late = [platform.place("b"), platform.place("c", waits=True), platform.place("d")]
    reader.expect([[platform.place("a")], late])
    read(reader, platform.place("a"))
    read(reader, platform.place("b"))
    assert {parent for parent, _ in platform.asked} == {"a", "b"}
    assert read(reader, platform.place("c")) == ["c/0/0", "c/1/0"]
    assert read(reader, platform.place("d")) == ["d/0/0", "d/1/0"]
    assert len(platform.asked) == 8


def test_before_something_is_sent_all_but_the_present_list_is_forgotten(reader):
    platform = Platform(reader)
    reader.expect(platform.places("abcd"))
    pages = reader.read(platform.place("a"))[1]
    next(pages)
    reader.rest()
    asked = list(platform.asked)
    assert all(one.waits for one in reader._running)
    assert [page.records[0].external_id for page, _ in pages] == ["a/1/0"]
    assert [one for one in platform.asked if one not in asked] in ([("a", 1)], [])
    before = len(platform.asked)
    assert read(reader, platform.place("b")) == ["b/0/0", "b/1/0"]
    assert platform.asked[before:] == [("b", 0), ("b", 1)], "asked for anew"


def test_a_list_that_is_read_for_what_is_sent_takes_nothing_from_the_present_one(reader):
    platform = Platform(reader)
    platform.pages = 4
    reader.expect(platform.places("abc"))
    pages = reader.read(platform.place("a"))[1]
    next(pages)
    for other in "xa":
        reader.rest()
        assert read(reader, platform.place(other)) == [f"{other}/{n}/0" for n in range(4)]
    reader.rest()
    assert [page.records[0].external_id for page, _ in pages] == ["a/1/0", "a/2/0", "a/3/0"]


def test_trouble_of_what_was_skipped_is_nobodys(reader):
    class Late(Platform):
        def list_all(self, kind, parent_id):
            if parent_id == "b":
                self.line.gate()
                entered.set()
                skipped.wait(30)
                raise PlatformUnavailable("The line broke.")
            yield from super().list_all(kind, parent_id)

    entered, skipped = threading.Event(), threading.Event()
    platform = Late(reader)
    both = [platform.place("b"), platform.place("c")]
    reader.expect([[platform.place("a")], both])
    read(reader, platform.place("a"))
    serve_until(reader, entered.is_set)
    threading.Timer(0.1, skipped.set).start()
    assert read(reader, platform.place("c")) == ["c/0/0", "c/1/0"]


def test_a_request_that_is_under_way_is_waited_for_before_something_is_sent(reader):
    entered, go_on = threading.Event(), threading.Event()

    class Slow(Platform):
        def list_all(self, kind, parent_id):
            self.line.gate()
            if parent_id == "b":
                entered.set()
                go_on.wait(30)
                self.asked.append(parent_id)
            yield Page(())

    platform = Slow(reader)
    reader.expect(platform.places("ab"))
    read(reader, platform.place("a"))
    serve_until(reader, entered.is_set)
    threading.Timer(0.05, go_on.set).start()
    reader.rest()
    assert platform.asked == ["b"]


def test_many_records_that_wait_to_be_applied_hold_the_others_back(reader, monkeypatch):
    monkeypatch.setattr(ahead, "MOST_RECORDS", 10)
    platform = Platform(reader, records=10)
    parents = "abcdefgh"
    reader.expect(platform.places(parents))
    most = 0
    for parent in parents:
        for _ in reader.read(platform.place(parent))[1]:
            waiting = [page for one in reader._all_started() for page, _ in one.pages]
            most = max(most, len(waiting))
    # One page of ten that waits is enough; two more may have been asked for with the first.
    assert 0 < most <= 3


def test_an_error_comes_where_its_list_would_have_come(reader):
    platform = Platform(reader, c=UnexpectedAnswer("Nonsense."))
    reader.expect(platform.places("abcd"))
    assert read(reader, platform.place("a"))
    assert read(reader, platform.place("b"))
    with pytest.raises(UnexpectedAnswer):
        read(reader, platform.place("c"))
    assert read(reader, platform.place("d")) == ["d/0/0", "d/1/0"]


def test_a_pause_is_written_down_by_the_runs_own_thread_at_once(reader):
    """Also where nobody will ever want that list."""
    platform = Platform(reader, b=RateLimited("Slow down.", retry_after=30))
    reader.expect(platform.places("abc"))
    read(reader, platform.place("a"))
    serve_until(reader, lambda: ("b", 0) in platform.asked)
    reader.rest()
    assert platform.slowed == [threading.current_thread().name]


def test_after_trouble_of_the_account_nothing_more_is_begun(reader):
    platform = Platform(reader, b=PlatformUnavailable("The line broke."))
    reader.expect(platform.places("abcdefghijklmnop"))
    read(reader, platform.place("a"))
    with pytest.raises(PlatformUnavailable):
        read(reader, platform.place("b"))
    # How far the others had come by then is theirs to say: each is allowed to ask by this thread.
    allowed = len(platform.by)
    serve_until(reader, lambda: not reader._running)
    assert len(platform.by) == allowed
    assert not reader._expected


def test_what_the_gate_raises_is_raised_in_the_thread_that_asked(reader):
    platform = Platform(reader)
    allow, counted = platform.allow, []

    def refuse():
        counted.append(1)
        if len(counted) > 2:
            raise RateLimited("Not now.", retry_after=5)
        allow()

    platform.line = reader.over(Connection("http://x.invalid", {}, gate=refuse))
    reader.expect(platform.places("abc"))
    with pytest.raises(RateLimited):
        [read(reader, platform.place(parent)) for parent in "abc"]
    assert len(platform.asked) <= 2
    assert len(counted) <= 2 + 3


def test_where_requests_wait_for_their_turn_no_more_are_begun():
    reader = ReadAhead(3, lambda: True)
    reader._met.add(KIND)
    platform = Platform(reader)
    reader.expect(platform.places("abc"))
    assert read(reader, platform.place("a")) == ["a/0/0", "a/1/0"]
    assert not reader._threads


@pytest.mark.parametrize(("worth", "threads"), [(3600.0, 0), (-1.0, 3)])
def test_answers_that_come_quickly_are_not_worth_a_thread(reader, monkeypatch, worth, threads):
    monkeypatch.setattr(ahead, "WORTH_A_THREAD", worth)
    platform = Platform(reader)
    read(reader, platform.place("first"))
    read(reader, platform.place("second"))
    reader.expect(platform.places("abc"))
    for parent in "abc":
        assert read(reader, platform.place(parent)) == [f"{parent}/0/0", f"{parent}/1/0"]
    assert len(reader._threads) == threads


def test_tokens_are_renewed_by_the_runs_own_thread(reader):
    seen = []

    class Store(MemoryTokens):
        def read(self):
            seen.append(threading.current_thread().name)
            return super().read()

    class Signed(Platform):
        def list_all(self, kind, parent_id):
            self.line.tokens.do(self.line.tokens.read)
            yield Page(())

    platform = Signed(reader)
    platform.line = reader.over(Connection("http://x.invalid", {}, tokens=Store()))
    reader.expect(platform.places("abc"))
    for parent in "abc":
        read(reader, platform.place(parent))
    assert seen == [threading.current_thread().name] * 3


def test_the_time_of_a_list_is_when_it_was_asked_for(reader, clock):
    """Not when its turn comes: others work there meanwhile."""
    platform = Platform(reader)
    reader.expect(platform.places("ab"))
    read(reader, platform.place("a"))
    serve_until(reader, lambda: ("b", 0) in platform.asked)
    before = ahead.clock.now()
    clock.advance(60)
    began, pages = reader.read(platform.place("b"))
    (_, passed), *_ = pages
    assert began <= before
    assert passed().total_seconds() >= 60


class Account:
    def __init__(self, per_minute, pace=None):
        self.requests_per_minute = self.per_minute = per_minute
        self.runtime = type("Runtime", (), {"pace": pace})


@pytest.mark.parametrize(
    ("per_minute", "pace", "expected"),
    [(60, None, 1), (120, None, 1), (121, None, 2), (300, None, 2), (600, None, 3), (600, 300, 1)],
)
def test_as_many_lines_as_the_pace_can_use(per_minute, pace, expected):
    assert ahead.lines(Account(per_minute, pace)) == expected
