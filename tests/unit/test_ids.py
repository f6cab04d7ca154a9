"""External ids: composed and taken apart, and never able to change the path of a call."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations.base import ids
from integrations.base.errors import RecordNotFound


@given(st.lists(st.text(min_size=1), min_size=1, max_size=4))
def test_what_is_joined_is_split_again(parts: list[str]) -> None:
    assert ids.split(ids.join(*parts), len(parts), "Example") == parts


@pytest.mark.parametrize("external_id", ["", "1", "1/", "/2", "1/2/3"])
def test_what_is_no_pair_is_unknown(external_id: str) -> None:
    with pytest.raises(RecordNotFound):
        ids.split(external_id, 2, "Example")


@pytest.mark.parametrize("text", ["", "x", "-1", "1 ", "1.0", "٣", "1" * 41, "1\n"])
def test_what_is_no_number_is_unknown(text: str) -> None:
    with pytest.raises(RecordNotFound):
        ids.number(text, "Example")


def test_a_path_holds_its_segments_and_nothing_of_theirs() -> None:
    assert ids.number("007", "Example") == "007"
    assert ids.path_of("Example", "rooms", "a/b?c#d") == "/rooms/a%2Fb%3Fc%23d"
    for segment in ("", ".", ".."):
        with pytest.raises(RecordNotFound):
            ids.path_of("Example", "rooms", segment)


@given(st.text(max_size=400))
def test_what_is_shortened_is_never_longer_than_a_part(text: str) -> None:
    assert len(ids.shortened(text)) <= ids.LONGEST_PART
    assert ids.shortened(text) == text or len(text) >= ids.LONGEST_PART


@given(st.text(max_size=100))
def test_a_name_carries_its_marker(title: str) -> None:
    name = ids.marked(title, "lx0123456789")
    assert ids.marker_in(name) == ids.marker_in(name.upper()) == "lx0123456789"
    assert name.isascii()
    assert len(name) <= ids.LONGEST_SLUG + 13
    assert ids.marker_in("lx0123456789_of_another") == ""
