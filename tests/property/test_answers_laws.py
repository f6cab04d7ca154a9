"""The laws of answers on their way: the same text for the same answers, bounded whatever comes."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from integrations.base.answers import (
    FIELD,
    LONGEST,
    LONGEST_NAME,
    LONGEST_WHOLE,
    MOST,
    key,
    packed,
    together,
    unpacked,
)
from integrations.base.reading import Row
from integrations.clickmeeting.mapping.people import decode_registration
from integrations.webinarfuel.mapping import people as fuel
from integrations.webinarfuel.payloads import PLATFORM

names = st.text(max_size=12) | st.sampled_from(["Town", " Town ", "Guests", "x" * 300])
plain = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text()
anything = st.dictionaries(names, plain | st.lists(plain, max_size=3) | st.just("y" * 3000))
answers = anything.map(packed)
json = st.recursive(plain, lambda x: st.lists(x) | st.dictionaries(st.text(), x), max_leaves=8)


@given(anything)
def test_packed_once_is_packed_for_ever(given_: Any) -> None:
    text = packed(given_)
    assert packed(unpacked(text)) == text
    assert packed(dict(reversed(list(given_.items())))) == text


@given(st.dictionaries(st.text(max_size=400), st.text(max_size=4000), max_size=200))
def test_it_is_bounded_whatever_a_platform_shows(given_: Any) -> None:
    found = unpacked(packed(given_))
    assert len(found) <= MOST
    assert all(0 < len(name) <= LONGEST_NAME for name in found)
    assert all(0 < len(text) <= LONGEST for text in found.values())
    assert sum(map(len, (*found, *found.values()))) <= LONGEST_WHOLE


@given(st.text() | st.sampled_from(["[]", "null", "1", '{"a":1}', '{"a":"b"', '"x"', ""]))
def test_what_is_no_such_text_holds_no_answers(text: str) -> None:
    assert all(isinstance(one, str) for one in unpacked(text).values())


@given(answers, answers)
def test_theirs_are_taken_whole_and_nothing_of_ours_is_dropped_that_fits(
    ours: str, theirs: str
) -> None:
    both = unpacked(together(ours, theirs))
    assert unpacked(theirs).items() <= both.items()
    assert both.keys() <= unpacked(ours).keys() | unpacked(theirs).keys()
    assert together(together(ours, theirs), theirs) == together(ours, theirs)
    if len(unpacked(ours).keys() | unpacked(theirs).keys()) <= 2:
        assert unpacked(ours).keys() <= both.keys()


@given(answers)
def test_what_is_sent_to_webinarfuel_is_what_it_shows(said: str) -> None:
    sent = fuel.newcomer({"email": "ann@example.com", FIELD: said})
    shown = Row({"id": 1, **sent}, "registrant", PLATFORM)
    assert fuel.person(shown).answers == said


@given(anything, answers)
def test_beside_what_somebody_holds_there_theirs_stays_and_ours_is_said(
    held: Any, said: str
) -> None:
    one = fuel.Person("1", "ann@example.com", "", "", None)
    sent = fuel.known_one(one, {FIELD: said}, held).get("custom_fields")
    if not said:
        assert sent is None
        return
    assert sent is not None
    # One field there may be written in another way: its spelling stays.
    given_now = {key(name) for name in unpacked(said)}
    assert given_now <= {key(name) for name in sent}
    for name, text in unpacked(said).items():
        known = [one for one in held if key(one) == key(name)]
        if name in held or not known:
            assert sent[name] == text
        else:
            assert name not in sent
            assert sent[known[0]] in unpacked(said).values()
    assert {name: value for name, value in held.items() if key(name) not in given_now} == {
        name: value for name, value in sent.items() if key(name) not in given_now
    }


@given(json)
def test_custom_fields_of_any_shape_are_answers_or_none(value: Any) -> None:
    row = Row({"id": 1, "email": "ann@example.com", "custom_fields": value}, "x", PLATFORM)
    text = fuel.person(row).answers
    assert packed(unpacked(text)) == text


@given(st.dictionaries(st.text(max_size=20), st.text(max_size=30) | st.integers(), max_size=40))
def test_a_form_of_clickmeeting_becomes_answers_without_name_and_address(form: Any) -> None:
    asked = {"First Name": "Ann", "Last Name": "Lee", "Email Address": "ann@example.com", **form}
    shown = {"id": 1, "email": "ann@example.com", "visitor_nickname": "Ann Lee", "fields": asked}
    record = decode_registration(Row(shown, "registration", "ClickMeeting"), "7")
    found = unpacked(record.fields.get(FIELD))
    assert not {"First Name", "Last Name", "Email Address"} & found.keys()
    assert record.fields.get(FIELD, "") == packed(found)
