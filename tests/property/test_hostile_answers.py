"""No room believes an answer that makes no sense, whatever stands where a value is due.

Each platform's `laws` name what it decodes (`DECODERS`: an example, and what reads it) and the
answers that none of those may believe (`HOSTILE`).
"""

from collections.abc import Callable, Iterator
from contextlib import suppress
from importlib import import_module
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations import registry
from integrations.base.errors import UnexpectedAnswer

anything = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=30)
    | st.sampled_from(["null", "1e400", "0000-00-00 00:00:00", "²"])
    | st.sampled_from(["9999-12-31T23:59:59-23:59", "9999-12-31 23:59:59"]),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4)
    ),
    max_leaves=8,
)


def laws(slug: str) -> Any:
    return import_module(f"tests.property.test_{slug}_laws")


DECODED = [(slug, name) for slug in registry.slugs() for name in laws(slug).DECODERS]
HOSTILE = [(slug, name, said) for slug, name in DECODED for said in laws(slug).HOSTILE]


@pytest.mark.parametrize(("slug", "name", "hostile"), HOSTILE)
def test_hostile_answers_are_not_believed(slug: str, name: str, hostile: str) -> None:
    read = laws(slug).DECODERS[name][1]
    with pytest.raises(UnexpectedAnswer):
        read(laws(slug).HOSTILE[hostile])


@pytest.mark.parametrize(("slug", "name"), DECODED)
@given(data=st.data())
def test_one_value_gone_mad_is_read_or_refused(slug: str, name: str, data: st.DataObject) -> None:
    example, read = laws(slug).DECODERS[name]
    answer = _answer(slug, example)
    holder, key = data.draw(st.sampled_from(list(_spots(answer))))
    holder[key] = data.draw(anything)
    with suppress(UnexpectedAnswer):
        read(answer)


def _answer(slug: str, example: str | Callable[[], Any]) -> Any:
    """An answer as it should be: made by a function, or one of the platform's examples."""
    if callable(example):
        return example()
    return import_module(f"tests.support.{slug}").example(example)


def _spots(value: Any) -> Iterator[tuple[Any, Any]]:
    """Every place in a JSON value where another value could stand."""
    keys = value.keys() if isinstance(value, dict) else range(len(value))
    for key in list(keys):
        yield value, key
        if isinstance(value[key], dict | list):
            yield from _spots(value[key])
