"""What a sync has read of WebinarFuel is remembered by several threads at once."""

import sys
from threading import Thread

import pytest

from integrations.webinarfuel.adapter.remembered import Remembered


@pytest.fixture
def threads_that_take_turns_often():
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


def test_lists_that_are_read_at_the_same_time_are_in_nobody_s_way(threads_that_take_turns_often):
    """Of more than so many the oldest is forgotten, while others put theirs in."""
    remembered, done = Remembered(most=8), []

    def work(name):
        for number in range(20_000):
            remembered.put(f"{name} {number}", number)
        done.append(name)

    threads = [Thread(target=work, args=(name,)) for name in "abc"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(done) == ["a", "b", "c"]
    assert sum(remembered.get(f"{name} {19_999}") is not None for name in "abc") >= 1
