"""Visits that were read for a session are kept for its attendance, and never more than a few."""

import pytest

from integrations.myownconference.adapter import after


class Read(after.History):
    """A history that is asked for names alone: as many visits as the name has letters."""

    def __init__(self):
        super().__init__(None, None, None)
        self.asked = []

    def entries(self, alias, kind):
        self.asked.append(alias)
        return list(alias)


@pytest.fixture
def history(monkeypatch):
    monkeypatch.setattr(after, "MOST_KEPT", 5)
    return Read()


def test_what_was_read_for_a_session_is_not_asked_for_again(history):
    history.first_visits("ab")
    assert history.visits("ab") == ["a", "b"]
    assert history.asked == ["ab"]
    history.visits("ab")
    assert history.asked == ["ab", "ab"], "it is given away once"


def test_the_oldest_are_forgotten_where_there_are_too_many(history):
    for alias in ("abc", "de", "f", "de"):
        history.first_visits(alias)
    history.asked.clear()
    assert [history.visits(alias) for alias in ("de", "f", "abc")] == [[*"de"], ["f"], [*"abc"]]
    assert history.asked == ["abc"]


def test_one_that_is_too_long_is_read_again_and_leaves_room(history):
    assert history.first_visits("abcdefgh") == [*"abcdefgh"]
    history.first_visits("xy")
    history.asked.clear()
    assert history.visits("xy") == [*"xy"]
    assert history.visits("abcdefgh") == [*"abcdefgh"]
    assert history.asked == ["abcdefgh"]
