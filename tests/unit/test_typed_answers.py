"""Laws of answers: what is kept is what was meant, whatever becomes of the question."""

from datetime import date

from django import forms
from hypothesis import given
from hypothesis import strategies as st

from portal.conferences.audience import typed
from portal.conferences.audience.forms.answer_boxes import box
from portal.conferences.models import Question

Kind = Question.Kind
TEXTS = st.text(max_size=60)
OPTIONS = st.lists(st.text("abc ;,äß'\"=", min_size=1, max_size=8), min_size=2, unique=True)


def answered(text, **about):
    """What is kept of what somebody typed; None where it is refused."""
    question = Question(label="?", **about)
    try:
        return typed.kept(question.kind, box(question).clean(text))
    except forms.ValidationError:
        return None


@given(st.integers(-(10**15) + 1, 10**15 - 1) | st.decimals(-1000, 1000, places=4).map(float))
def test_a_number_is_kept_and_becomes_the_same_cell(number):
    text = answered(f"{number:f}" if isinstance(number, float) else str(number), kind="number")
    assert typed.cell(Kind.NUMBER, text) == number
    assert answered(text, kind="number") == text


@given(st.integers(-50, 50), st.integers(-50, 50), st.integers(-50, 50))
def test_bounds_let_through_what_lies_between_them_and_nothing_else(number, least, most):
    text = answered(str(number), kind="number", least=float(least), most=float(most))
    assert (text is not None) == (least <= number <= most)


@given(st.dates(date(1900, 1, 1), date(2199, 12, 31)))
def test_a_day_is_kept_and_becomes_the_same_cell(day):
    text = answered(day.isoformat(), kind="date")
    assert typed.cell(Kind.DATE, text) == day


@given(OPTIONS, st.data())
def test_of_several_those_are_kept_that_were_ticked_each_once_in_their_order(options, data):
    ticked = data.draw(st.lists(st.sampled_from(options), max_size=12))
    text = answered(ticked, kind="several", options=options)
    assert text.split("\n") == [one for one in options if one in ticked] or (text, ticked) == (
        "",
        [],
    )
    alien = [*ticked, "z"]
    assert answered(alien, kind="several", options=options) is None


@given(st.sampled_from(Kind.values), TEXTS)
def test_any_kept_text_of_any_kind_can_be_shown_and_put_into_a_cell(kind, text):
    assert isinstance(typed.shown(kind, text), str)
    cell = typed.cell(kind, text)
    assert isinstance(cell, str | int | float | date)


@given(st.sampled_from(["text", "long", "number", "date"]), TEXTS)
def test_whatever_is_typed_is_refused_or_kept_within_bounds(kind, text):
    kept = answered(text, kind=kind)
    assert kept is None or len(kept) <= 2000
