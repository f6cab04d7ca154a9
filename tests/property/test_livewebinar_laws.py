"""The laws of LiveWebinar's mapping, and that no answer whatever breaks it in another way."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from integrations.base.errors import RequestRejected, UnexpectedAnswer
from integrations.base.paging import whole
from integrations.base.reading import rows
from integrations.base.records import Draft, Fields, Kind, Record, instant, parse_instant
from integrations.livewebinar.mapping import after, people
from integrations.livewebinar.mapping.lists import extent_of, listing
from integrations.livewebinar.mapping.moments import wall_time
from integrations.livewebinar.mapping.tokens import tokens_in
from integrations.livewebinar.mapping.widget import (
    decode,
    encode_changes,
    encode_create,
    expected,
    widget_in,
)
from integrations.livewebinar.payloads import PLATFORM
from tests.support.livewebinar import AT

ZONES = ("UTC", "Europe/Warsaw", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu")
# The doubled and the skipped hour of Warsaw and New York stand beside moments drawn at random.
EDGES = [
    datetime(2026, 10, 25, 0, 30, tzinfo=UTC),
    datetime(2026, 10, 25, 1, 30, tzinfo=UTC),
    datetime(2026, 3, 29, 0, 59, tzinfo=UTC),
    datetime(2026, 3, 29, 1, 0, tzinfo=UTC),
    datetime(2026, 11, 1, 5, 30, tzinfo=UTC),
    datetime(2026, 11, 1, 6, 30, tzinfo=UTC),
]

texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=40)
moments = st.sampled_from(EDGES) | st.integers(0, 90 * 365 * 86400).map(
    lambda seconds: datetime(2000, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
)
forms = st.none() | st.integers(1, 10**6)


def can_be_said(moment: datetime, zone: str) -> bool:
    return not moment.astimezone(ZoneInfo(zone)).fold


@st.composite
def shown_widgets(draw: st.DrawFn) -> tuple[dict[str, Any], dict[str, Any]]:
    """(a widget as LiveWebinar may show it, the same in parameters of an update)."""
    zone, starts, form = draw(st.sampled_from(ZONES)), draw(moments), draw(forms)
    minutes, permanent = draw(st.integers(1, 719)), draw(st.booleans())
    assume(permanent or can_be_said(starts, zone))
    same = {
        "name": draw(texts),
        "agenda": draw(texts),
        "type": "permanent" if permanent else "scheduled",
        "status": draw(st.sampled_from(["active", "inactive"])),
        "timezone": zone,
    }
    shown = {
        **same,
        "id": draw(st.sampled_from([7, "7"])),
        "password": draw(st.sampled_from(["", None])),
        "form": {"id": form} if form else None,
    }
    sent = {**same, "password": "", "form": {"id": form} if form else ""}
    if not permanent:
        seconds = int(starts.timestamp())
        shown |= {"start_date": draw(st.sampled_from([seconds, str(seconds)]))}
        shown |= {"duration": draw(st.sampled_from([minutes, str(minutes)]))}
        sent |= {"start_date": starts.astimezone(ZoneInfo(zone)).strftime("%Y-%m-%d %H:%M:%S")}
        sent |= {"duration": minutes}
    return shown, sent


@st.composite
def our_fields(draw: st.DrawFn) -> dict[str, Any]:
    """A conference of ours, complete or with any part of it left out."""
    zone, starts = draw(st.sampled_from(ZONES)), draw(moments)
    assume(can_be_said(starts, zone))
    fields = {
        "description": draw(texts),
        "starts_at": instant(starts),
        "duration_minutes": draw(st.integers(1, 719)),
        "timezone": zone,
        "permanent": draw(st.booleans()),
        "access": "open",
        "options.form": draw(st.integers(1, 10**6)),
    }
    kept = draw(st.sets(st.sampled_from(sorted(fields))))
    needed = {"starts_at", "duration_minutes", "timezone"}
    return {"title": draw(texts)} | {n: v for n, v in fields.items() if n in kept | needed}


def platform_shows(sent: Fields) -> dict[str, Any]:
    """What a platform that keeps what it is given shows after a create."""
    shown = {k: v for k, v in sent.items() if k != "start_date"}
    shown |= {"id": 7, "status": "active", "token": "1-1-1", "password": sent.get("password", "")}
    if "start_date" in sent:
        wall = datetime.fromisoformat(sent["start_date"])
        shown["start_date"] = int(wall.replace(tzinfo=ZoneInfo(sent["timezone"])).timestamp())
    return {"data": shown}


@given(shown_widgets())
def test_encoding_what_was_decoded_gives_theirs_again(pair: tuple[dict, dict]) -> None:
    shown, sent = pair
    fields = decode(widget_in(shown), AT).fields
    assert encode_changes(fields, fields) == sent


@given(our_fields())
def test_decoding_what_was_encoded_is_stable_after_one_pass(fields: dict[str, Any]) -> None:
    once = decode(widget_in(platform_shows(encode_create(Draft(Kind.CONFERENCE, fields)))), AT)
    again = encode_create(Draft(Kind.CONFERENCE, once.fields))
    assert decode(widget_in(platform_shows(again)), AT) == once
    assert {name: once.fields[name] for name in fields} == expected(fields)


@given(moments, st.sampled_from(ZONES))
def test_a_moment_is_said_as_it_is_or_not_at_all(moment: datetime, zone: str) -> None:
    try:
        wall = wall_time(instant(moment), ZoneInfo(zone))
    except RequestRejected:
        assert not can_be_said(moment, zone)
        return
    read = datetime.fromisoformat(wall).replace(tzinfo=ZoneInfo(zone))
    assert read.astimezone(UTC) == parse_instant(instant(moment))


def _widgets(answer: Any) -> list[Record]:
    pages = whole(listing("webinar", 500), lambda number: answer, extent_of)
    return [decode(row, AT) for page in pages for row in page]


def _recordings(answer: Any) -> list[Record]:
    found = rows(answer, "recording", PLATFORM, ("data",))
    return [after.decode_recording(row, "7") for row in found]


DECODERS: dict[str, tuple[str, Callable[[Any], Any]]] = {
    "widget": ("widget", lambda answer: decode(widget_in(answer), AT)),
    "widgets": ("widgets", _widgets),
    "tokens": ("tokens", tokens_in),
    "wrapped tokens": ("tokens_wrapped", tokens_in),
    "login": ("login", tokens_in),
    "link": ("personal", people.personal),
    "recordings": ("recordings", _recordings),
    "participants": (
        "participants",
        lambda a: people.people_rows(rows(a, "participant", PLATFORM, ("data",))),
    ),
    "forms": ("forms", lambda a: people.form_rows(rows(a, "form", PLATFORM, ("data",)))),
}
HOSTILE = {
    "null": None,
    "true": True,
    "number": 7,
    "text": "Service unavailable",
    "html": "<!doctype html><title>Log in</title>",
    "empty object": {},
    "error in a 200": {"error": {"message": "no", "status_code": 404}},
    "error as text": {"error": "Access denied"},
    "list of junk": [None, 1, "x"],
    "list of lists": [[[]]],
    "data of junk": {"data": [None, 1]},
    "data of text": {"data": "x"},
    "data of null": {"data": None},
    "not a number": {"data": [{"id": float("nan"), "name": "x"}]},
    "an endless id": {"data": [{"id": 10**400, "name": "x"}]},
    "a negative id": {"data": [{"id": -1, "name": "x"}]},
}


def test_missing_keys_are_named() -> None:
    with pytest.raises(UnexpectedAnswer, match="whose name cannot be read"):
        decode(widget_in({"id": 1}), AT)
    with pytest.raises(UnexpectedAnswer, match="whose id cannot be read"):
        decode(widget_in({"name": "x"}), AT)


def test_deep_nesting_is_refused() -> None:
    deep: Any = []
    for _ in range(900):
        deep = [deep]
    with pytest.raises(UnexpectedAnswer, match="roles"):
        decode(widget_in({"id": 1, "name": "x", "roles": deep}), AT)
