"""What platforms answer has the types that the rooms' `payloads` give it.

Recorded answers show what is true of a platform: each of their keys is one that the type knows.
The emulators answer more than anything reads, by the documents; of them the types alone count.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import wraps
from importlib import import_module
from typing import Annotated, Any, get_origin, get_type_hints, is_typeddict

import pytest

from integrations import registry
from integrations.base.adapter import Adapter
from integrations.base.errors import PlatformError
from integrations.base.records import PARENTS, Kind, Record
from tests.contract.test_recorded import ALL, Recorded
from tests.support.shapes import differences, unknown
from tests.support.trueconf import example

# Classes beside `Client` whose methods name their shapes as well.
BESIDE = {"livewebinar": "undocumented.Undocumented"}
# How many records of each kind are read one by one, and asked for what is read on request.
EACH = 3


def clients(slug: str) -> list[type]:
    """The classes whose methods say what they answer."""
    module, _, name = BESIDE.get(slug, "").partition(".")
    beside = [getattr(import_module(f"integrations.{slug}.client.{module}"), name)] if name else []
    return [import_module(f"integrations.{slug}.client").Client, *beside]


def shape_of(method: Callable[..., Any]) -> Any:
    """The shape of a method's answer; None where it names none."""
    told = get_type_hints(method, include_extras=True).get("return")
    return told.__metadata__[0] if get_origin(told) is Annotated else None  # type: ignore[union-attr]


def bare(slug: str, answer: Any, shape: Any) -> Any:
    """What the shape describes: on TrueConf rows and objects stand in an envelope, which the shape
    leaves out [client/__init__.py]."""
    if slug != "trueconf" or not isinstance(answer, dict):
        return answer
    if get_origin(shape) is list:
        return next((one for one in answer.values() if isinstance(one, list)), answer)
    held = next(iter(answer.values()), None)
    enveloped = is_typeddict(shape) and len(answer) == 1 and isinstance(held, dict)
    return held if enveloped and not answer.keys() & get_type_hints(shape).keys() else answer


@pytest.mark.parametrize("one", ALL, ids=str)
def test_a_recorded_answer_has_the_type_of_its_payload(one: Recorded) -> None:
    shape = shape_of(getattr(clients(one.slug)[0], one.method))
    assert shape is not None, "its client names no shape"
    answer = bare(one.slug, one.answer, shape)
    assert not differences(answer, shape, one.method)
    assert not unknown(answer, shape)


def test_a_recorded_answer_that_does_not_fit_would_be_noticed() -> None:
    payloads = import_module("integrations.clickmeeting.payloads")
    recorded = next(one.answer for one in ALL if one.method == "get_conference")
    room = recorded["conference"]
    assert not differences(recorded, payloads.RoomAnswer)
    assert unknown({"conference": room | {"shoe": 1}}, payloads.RoomAnswer) == {"Room.shoe"}
    assert differences({"conference": room | {"name": ["x"]}}, payloads.RoomAnswer)
    report = {"status": "ASLEEP", "progress": 1}
    assert differences(report, payloads.Report)
    assert unknown([{"ping": "pong", "x": 1}], list[payloads.Ping]) == {"Ping.x"}
    user = import_module("integrations.trueconf.payloads").User
    assert differences(bare("trueconf", {"user": {"id": 5}}, user), user)
    assert bare("trueconf", {"user": example("user")}, user) == example("user")


@pytest.fixture
def answered(slug: str, monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, Any, Any]]:
    """(method, answer, shape) of each call that a client makes."""
    seen: list[tuple[str, Any, Any]] = []

    def watched(method: Callable[..., Any], shape: Any) -> Callable[..., Any]:
        @wraps(method)
        def call(*given: Any, **named: Any) -> Any:
            answer = method(*given, **named)
            seen.append((method.__name__, answer, shape))
            return answer

        return call

    for client in clients(slug):
        for name in [name for name in dir(client) if not name.startswith("_")]:
            method = getattr(client, name)
            if callable(method) and (shape := shape_of(method)) is not None:
                monkeypatch.setattr(client, name, watched(method, shape))
    return seen


def walk(adapter: Adapter) -> Iterator[Callable[[], Any]]:
    """All that can be read of an account: every kind, some records one by one, what is read on
    request."""
    found: dict[Kind, list[Record]] = {}
    yield adapter.check
    offered = adapter.capabilities
    for kind in Kind:
        above = found.get(PARENTS[kind], []) if kind in PARENTS else [None]
        for parent in above if offered.kind(kind).list.offered else []:
            place = parent.external_id if parent else None
            with suppress(PlatformError):
                pages = list(adapter.list_all(kind, place))
                found.setdefault(kind, []).extend(r for page in pages for r in page.records)
        for one in found.get(kind, [])[:EACH] if offered.kind(kind).get.offered else []:
            yield lambda kind=kind, one=one: adapter.get(kind, one.external_id, one.parent_id)
    for action in offered.actions.values():
        asked = action.reads and action.ability.offered and not action.target
        rows = found.get(action.of, [])[:EACH] if action.of else [None]
        for row in rows if asked else []:
            place = (row.external_id or "") if row else ""
            yield lambda name=action.name, place=place: adapter.perform(name, place, {})


@pytest.mark.parametrize("slug", registry.slugs())
def test_an_emulator_answers_in_the_types_of_the_payloads(
    slug: str, adapter: Adapter, place: Any, answered: list[tuple[str, Any, Any]], sandbox: Any
) -> None:
    sandbox.reset(seeded=True)
    for call in walk(adapter):
        with suppress(PlatformError):
            call()
    wrong = (differences(bare(slug, found, shape), shape, name) for name, found, shape in answered)
    assert not {re.sub(r"\[\d+\]", "[]", line) for lines in wrong for line in lines}
    assert len({name for name, _, _ in answered}) >= 4
