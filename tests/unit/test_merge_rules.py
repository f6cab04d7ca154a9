"""The merge rules alone, many times; ten thousand times in `make nightly`."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.sync import compare
from tests import profiles

VALUES = st.one_of(st.none(), st.booleans(), st.integers(0, 5), st.text("abA <>", max_size=6))
SIDES = st.fixed_dictionaries({}, optional=dict.fromkeys("pqr", VALUES))


def clean(fields):
    """A platform that trims, cuts and lowers its text."""
    return {k: v.strip().lower()[:4] if isinstance(v, str) else v for k, v in fields.items()}


def together(base_ours, base_theirs, ours, theirs, sendable):
    return compare.merge(
        base_ours=base_ours,
        base_theirs=base_theirs,
        ours=ours,
        theirs=theirs,
        expected=clean(ours),
        sendable=sendable,
    )


@settings(max_examples=profiles.of(ci=500, nightly=10_000))
@given(
    base=SIDES,
    ours=st.fixed_dictionaries(dict.fromkeys("pqr", VALUES)),
    theirs=st.fixed_dictionaries(dict.fromkeys("pqr", VALUES)),
    sendable=st.sets(st.sampled_from("pqr")),
)
def test_no_value_is_lost_and_the_second_comparison_is_quiet(base, ours, theirs, sendable):
    theirs = clean(theirs)
    base_theirs = clean(base)
    result = together(base, base_theirs, ours, theirs, sendable)
    changed = {n for n in base if ours[n] != base[n]}
    kept = {c.name for c in result.clashes}
    for name in changed:
        agreed = clean(ours)[name] == theirs[name]
        assert name in result.push or name in kept or agreed, "our edit is lost"
    for name in theirs:
        if name in base and theirs[name] != base_theirs[name]:
            agreed = clean(ours)[name] == theirs[name]
            assert name in result.take or agreed, "their edit is lost"
    assert not result.push - sendable
    assert not result.push & result.take.keys()
    # Carry both out, compare again: nothing is left to say.
    ours, theirs = {**ours, **result.take}, {**theirs}
    new_ours, new_theirs = dict(result.base_ours), dict(result.base_theirs)
    for name, value in result.take.items():
        new_ours[name], new_theirs[name] = value, value
    for name in result.push:
        theirs[name] = clean(ours)[name]
        new_ours[name], new_theirs[name] = ours[name], theirs[name]
    assert together(new_ours, new_theirs, ours, theirs, sendable).quiet


def test_what_only_the_platform_rewrites_is_never_sent_again():
    """One base would see a change at every comparison, and send it for ever."""
    ours, theirs = {"p": "  Title  "}, {"p": "title!"}
    quiet = together({"p": "  Title  "}, {"p": "title!"}, ours, theirs, {"p"})
    assert quiet.quiet


def test_the_brake():
    assert compare.pulls_brake(1, 1)
    assert compare.pulls_brake(10, 4)
    assert not compare.pulls_brake(10, 3)
    assert not compare.pulls_brake(3, 2)
    assert not compare.pulls_brake(0, 0)


@pytest.mark.parametrize(
    ("known", "missing", "most", "pulled"),
    [
        (1, 1, 1, False),
        (2, 2, 1, False),  # the one before, and the one who came after
        (1, 1, None, True),
        (1, 1, 2, True),
        (10, 4, 100, True),
    ],
)
def test_only_a_list_of_one_needs_no_brake(known, missing, most, pulled):
    assert compare.pulls_brake(known, missing, most) is pulled


def test_a_value_that_is_put_back_each_time_is_frozen():
    flips = {}
    for _ in range(compare.FLIPS_TO_FREEZE):
        assert not compare.frozen(flips, "p", "ours", "theirs")
        flips = {"p": compare.flip(flips, "p", "ours", "theirs")}
    assert compare.frozen(flips, "p", "ours", "theirs")
    assert not compare.frozen(flips, "p", "newer", "theirs")


@pytest.mark.parametrize(
    ("seconds", "gettable", "counts"),
    [
        (0, True, True),
        (1, True, True),
        (1.1, True, False),
        (0, False, True),
        (5, False, True),
        (5.1, False, False),
        (600, False, False),
    ],
)
def test_a_look_counts_for_a_few_seconds(seconds, gettable, counts):
    assert compare.seen_lately(seconds, gettable=gettable) is counts


@pytest.mark.parametrize(
    ("same", "length", "in_time", "verdict"),
    [
        ((True, True), True, None, "same"),
        ((True, True), False, True, "same"),
        ((True, True), True, False, "same"),
        ((True, True), False, False, "perhaps"),
        ((True, False), True, True, "alike"),
        ((False, True), True, None, "alike"),
        ((True, False), False, True, "perhaps"),
        ((False, False), True, None, "perhaps"),
        ((False, False), False, True, "perhaps"),
        ((False, False), False, None, "no"),
        ((True, False), True, False, "no"),
    ],
)
def test_how_like_a_lost_create_a_record_is(same, length, in_time, verdict):
    assert compare.likeness(same=same, same_length=length, in_time=in_time) == verdict


@pytest.mark.parametrize(
    ("same", "length", "verdict"),
    [
        ((True, True), True, "same"),
        ((True, False), True, "perhaps"),
        ((True, False), False, "no"),
        ((False, False), True, "no"),
    ],
)
def test_what_is_like_it_before_the_first_whole_listing_is_asked_about(same, length, verdict):
    found = compare.likeness(same=same, same_length=length, in_time=False, untold=True)
    assert found == verdict


def test_absences_that_do_not_lie_apart_count_once():
    absent = {"accepted": True, "apart": False}
    assert compare.absence(misses=1, can_ask=False, **absent) is compare.Absence.IGNORE
    waiting = compare.creation(absences=1, after_grace=True, **absent)
    assert waiting is compare.Creation.WAIT


def test_a_delete_is_over_when_a_list_has_borne_it_out():
    assert not compare.deleted_surely(absences=0)
    assert compare.deleted_surely(absences=1)
