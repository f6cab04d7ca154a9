"""Answers of a platform's own fields: which name is which, however it is written."""

import pytest

from integrations.base.answers import packed, spelled, together, unpacked


@pytest.mark.parametrize("name", ["guests", "GUESTS", "Guests", "  guests ", "\uff27uests"])
def test_a_field_is_known_however_it_is_written(name):
    assert spelled({name: "3"}, ["Town", "Guests"]) == {"Guests": "3"}


@pytest.mark.parametrize("name", ["Guest", "G\u00fcests", "Gu ests"])
def test_another_field_keeps_its_name(name):
    assert spelled({name: "3"}, ["Guests"]) == {name: "3"}


def test_of_two_that_are_spelled_alike_there_the_one_that_is_meant_is_taken():
    assert spelled({"guests": "3"}, ["Guests", "guests"]) == {"guests": "3"}
    assert spelled({"GUESTS": "3"}, ["Guests", "guests"]) == {"Guests": "3"}


def test_what_a_platform_shows_takes_the_place_of_ours_in_another_case():
    ours = packed({"guests": "3", "Diet": "None"})
    both = together(ours, packed({"Guests": "4"}))
    assert unpacked(both) == {"Guests": "4", "Diet": "None"}
    assert together(both, packed({"Guests": "4"})) == both
