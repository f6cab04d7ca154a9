"""Lists are read to their end, and what is not whole is not believed."""

from itertools import count
from typing import Any

import pytest

from integrations.base.errors import UnexpectedAnswer
from integrations.base.paging import MOST_PAGES, End, Extent, Listing, collect, pages, whole

SHORT = Listing("Example", "thing", ("things",), size=2)
ROUND = Listing("Example", "thing", ("things",), size=500, end=End.SHORT_PAGE_UNLESS_ROUND)
EMPTY = Listing("Example", "thing", ("things",), size=2, end=End.EMPTY_PAGE)


def page(*ids: int, **extent: int) -> dict[str, Any]:
    return {"things": [{"id": number} for number in ids], "extent": extent}


def extent_of(answer: Any) -> Extent:
    return Extent(**answer["extent"])


class Answers:
    """A platform that answers with these pages, the last of them again and again."""

    def __init__(self, *answers: Any) -> None:
        self.answers = answers
        self.asked: list[int] = []

    def __call__(self, number: int) -> Any:
        self.asked.append(number)
        return self.answers[min(number, len(self.answers)) - 1]


def read(listing: Listing, *answers: Any) -> list[list[str]]:
    found = pages(listing, Answers(*answers), extent_of)
    return [[row.ident("id") for row in rows] for rows, _ in found]


def read_whole(listing: Listing, *answers: Any) -> list[list[str]]:
    found = whole(listing, Answers(*answers), extent_of)
    return [[row.ident("id") for row in rows] for rows in found]


class TestTheEnd:
    @pytest.mark.parametrize(
        ("listing", "answers", "asked"),
        [
            (SHORT, [page(1, 2), page(3)], 2),
            (SHORT, [page(1, 2), page()], 2),
            (EMPTY, [page(1), page()], 2),
            (ROUND, [page(1, 2, 3)], 1),
            (ROUND, [page(*range(20)), page(30)], 2),
            (ROUND, [page(*range(20)), page()], 2),
            (EMPTY, [page(1, pages=1, page=1)], 1),
            (SHORT, [page(1, total=2), page(2, total=2)], 2),
            (SHORT, [page(1, pages=2, page=1), page(2, pages=2, page=2)], 2),
        ],
    )
    def test_is_found_in_the_way_of_the_list(
        self, listing: Listing, answers: list[Any], asked: int
    ) -> None:
        platform = Answers(*answers)
        assert len(list(pages(listing, platform, extent_of))) == asked
        assert platform.asked == list(range(1, asked + 1))

    def test_a_round_page_that_comes_again_was_all(self) -> None:
        assert len(read(ROUND, page(*range(20)))) == 1

    def test_must_come(self) -> None:
        numbers = count()
        found = pages(EMPTY, lambda number: {"things": [{"id": next(numbers)}]})
        with pytest.raises(UnexpectedAnswer, match="does not come to its end"):
            assert sum(1 for _ in found) == MOST_PAGES


@pytest.mark.parametrize(
    "answers",
    [
        pytest.param([page(1, 2), page(1, 2)], id="repeats"),
        pytest.param([page(1, pages=9, page=1), page(2, pages=9, page=1)], id="page not heard"),
        pytest.param([page(1, pages=3), page(pages=3)], id="hole"),
        pytest.param(["no list"], id="no list"),
    ],
)
def test_what_is_not_the_page_that_was_asked_for_is_not_believed(answers: list[Any]) -> None:
    with pytest.raises(UnexpectedAnswer):
        read(SHORT, *answers)


@pytest.mark.parametrize(
    "answers",
    [
        pytest.param([page(1, total=2), page(2, total=3)], id="total moved"),
        pytest.param([page(1, total=2), page(total=2)], id="too few"),
        pytest.param([page(1, 2, total=1)], id="too many"),
    ],
)
def test_a_total_that_is_not_met_is_not_believed(answers: list[Any]) -> None:
    with pytest.raises(UnexpectedAnswer):
        read_whole(SHORT, *answers)


def test_a_list_whose_rows_moved_is_read_once_more() -> None:
    moved = [page(1, 2, total=4), page(2, 3, total=4)]
    steady = [page(1, 2, total=4), page(3, 4, total=4)]
    answers = iter([*moved, *steady])
    found, believed = collect(SHORT, lambda number: next(answers), extent_of)
    assert [row.ident("id") for row in found] == ["1", "2", "3", "4"]
    assert believed


def test_a_list_that_goes_on_moving_is_not_believed_to_be_all() -> None:
    answers = Answers(page(1, total=2), page(total=2))
    found, believed = collect(SHORT, answers, extent_of)
    assert [row.ident("id") for row in found] == ["1"]
    assert not believed
