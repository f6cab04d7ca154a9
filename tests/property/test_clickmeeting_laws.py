"""The laws of ClickMeeting's mapping, and that no answer whatever breaks it in another way."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations.base.errors import UnexpectedAnswer
from integrations.base.reading import Row, rows
from integrations.base.records import Draft, Fields, Kind, Record, instant
from integrations.clickmeeting.mapping import after, people
from integrations.clickmeeting.mapping.conference import (
    ACCESS,
    FLAG_SETTINGS,
    conference_in,
    decode,
    encode_changes,
    encode_create,
    expected,
)
from integrations.clickmeeting.payloads import PLATFORM
from tests.support.clickmeeting import example

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
drifting = {
    True: st.sampled_from([True, 1, "1"]),
    False: st.sampled_from([False, 0, "0"]),
}
flags = st.booleans().flatmap(lambda flag: st.tuples(st.just(flag), drifting[flag]))


@st.composite
def shown_rooms(draw: st.DrawFn) -> tuple[dict[str, Any], dict[str, Any]]:
    """(a room as ClickMeeting may show it, the same in parameters of an update)."""
    zone = draw(st.sampled_from(ZONES))
    starts = draw(moments)
    minutes = draw(st.integers(0, 1440))
    permanent, said_permanent = draw(flags)
    enabled, said_enabled = draw(flags)
    lobby, said_lobby = draw(flags)
    settings = {name: draw(flags) for name in FLAG_SETTINGS}
    page = draw(texts)
    same = {
        "name": draw(texts),
        "lobby_description": draw(texts),
        "room_type": draw(st.sampled_from(["meeting", "webinar"])),
        "status": draw(st.sampled_from(["active", "inactive"])),
        "timezone": zone,
    }
    access = draw(st.sampled_from(sorted(ACCESS)))
    room = {
        **same,
        "id": draw(st.sampled_from([7, "7"])),
        "access_type": draw(st.sampled_from([access, str(access)])),
        "permanent_room": said_permanent,
        "registration_enabled": said_enabled,
        "lobby_enabled": said_lobby,
        "settings": {n: said for n, (_, said) in settings.items()} | {"thank_you_page_url": page},
    }
    sent = {
        **same,
        "access_type": access,
        "permanent_room": permanent,
        "registration": {"enabled": enabled},
        "lobby_enabled": lobby,
        "settings": {n: flag for n, (flag, _) in settings.items()} | {"thank_you_page_url": page},
    }
    if not permanent:
        local = starts.astimezone(ZoneInfo(zone))
        room["starts_at"] = local.isoformat()
        room["ends_at"] = (starts + timedelta(minutes=minutes)).isoformat()
        sent["starts_at"] = room["starts_at"]
        sent["duration"] = f"{minutes // 60}:{minutes % 60:02}"
    return room, sent


@st.composite
def our_fields(draw: st.DrawFn) -> dict[str, Any]:
    """A conference of ours, complete or with any part of it left out."""
    fields = {
        "description": draw(texts),
        "starts_at": instant(draw(moments)),
        "duration_minutes": draw(st.integers(1, 1440)),
        "timezone": draw(st.sampled_from(ZONES)),
        "permanent": draw(st.booleans()),
        "room_type": draw(st.sampled_from(["meeting", "webinar"])),
        "access": draw(st.sampled_from(["open", "token"])),
        "registration_enabled": draw(st.booleans()),
        "options.lobby_enabled": draw(st.booleans()),
        "options.thank_you_page_url": draw(texts),
        **{f"options.{name}": draw(st.booleans()) for name in FLAG_SETTINGS},
    }
    kept = draw(st.sets(st.sampled_from(sorted(fields))))
    needed = {"starts_at", "duration_minutes"}
    return {"title": draw(texts)} | {n: v for n, v in fields.items() if n in kept | needed}


def platform_shows(sent: Fields) -> dict[str, Any]:
    """What a platform that keeps what it is given shows after a create."""
    room = {k: v for k, v in sent.items() if k not in ("registration", "duration")}
    room |= {"id": 7, "status": "active", "name_url": sent.get("custom_room_url_name", "x")}
    room["registration_enabled"] = int(sent.get("registration", {}).get("enabled", False))
    if "starts_at" in sent and "duration" in sent:
        hours, minutes = sent["duration"].split(":")
        lasts = timedelta(hours=int(hours), minutes=int(minutes))
        starts = datetime.fromisoformat(sent["starts_at"])
        room["ends_at"] = (starts.astimezone(UTC) + lasts).isoformat()
    return room


@given(shown_rooms())
def test_encoding_what_was_decoded_gives_theirs_again(pair: tuple[dict, dict]) -> None:
    room, sent = pair
    fields = decode(conference_in(room)).fields
    assert encode_changes(fields, fields) == sent


@given(our_fields(), st.sampled_from(["", "lx0123456789"]))
def test_decoding_what_was_encoded_is_stable_after_one_pass(
    fields: dict[str, Any], marker: str
) -> None:
    sent = encode_create(Draft(Kind.CONFERENCE, fields, marker=marker))
    once = decode(conference_in(platform_shows(sent)))
    again = encode_create(Draft(Kind.CONFERENCE, once.fields, marker=marker))
    twice = decode(conference_in(platform_shows(again)))

    assert twice == once
    assert once.marker == marker
    assert {name: once.fields[name] for name in fields} == expected(fields)


def _decode_rooms(answer: Any) -> list[Record]:
    return [decode(row) for row in rows(answer, "room", PLATFORM, ("active_conferences",))]


def _decode_registrations(answer: Any) -> list[Record]:
    found = rows(answer, "registration", PLATFORM)
    return [people.decode_registration(row, "1") for row in found]


DECODERS: dict[str, tuple[str, Callable[[Any], Any]]] = {
    "a room": ("created", lambda answer: decode(conference_in(answer))),
    "rooms": ("conferences", _decode_rooms),
    "registrations": ("registrations", _decode_registrations),
    "registered": ("registered", lambda a: people.registered(a, {"email": "a@example.com"}, "1")),
    "link": ("autologin", lambda answer: people.personal_link(answer, "http://x.example/r")),
    "tokens": ("tokens", people.tokens),
    "sessions": (
        "sessions",
        lambda a: [after.decode_session(row, "1") for row in rows(a, "session", PLATFORM)],
    ),
    "session": ("session", lambda a: after.decode_session(Row(a, "session", PLATFORM), "1", "2")),
    "visits": ("session", lambda a: after.decode_attendance(a, [], "1/2")),
    "attendees": (
        "session_attendees",
        lambda a: after.decode_attendance(example("session"), a, "1/2"),
    ),
    "recordings": (
        "recordings",
        lambda a: [after.decode_recording(row, "1") for row in rows(a, "recording", PLATFORM)],
    ),
    "report": ("report", after.report),
}
HOSTILE = {
    "null": None,
    "true": True,
    "number": 7,
    "text": "Service unavailable",
    "html": "<!doctype html><title>Log in</title>",
    "empty object": {},
    "error in a 200": {"code": 404, "name": "Not Found", "errors": [{"message": "no"}]},
    "error as text": {"error": "Access denied"},
    "list of junk": [None, 1, "x"],
    "list of lists": [[[]]],
    "list of empty objects": [{}],
    "list of a null": [None],
    "numbered junk": {"0": None, "1": "x"},
    "envelope of junk": {"conference": None, "room": [], "access_tokens": {}},
    "envelope of text": {"conference": "x", "active_conferences": "x", "access_tokens": "x"},
    "not a number": {"id": float("nan"), "name": float("inf")},
    "an endless id": [{"id": 10**400, "name": "x"}],
    "a negative id": [{"id": -1, "name": "x"}],
}


def test_missing_keys_are_named() -> None:
    with pytest.raises(UnexpectedAnswer, match="whose name cannot be read"):
        decode(conference_in({"id": 1}))
    with pytest.raises(UnexpectedAnswer, match="whose id cannot be read"):
        decode(conference_in({"name": "x"}))


def test_deep_nesting_is_refused() -> None:
    deep: Any = []
    for _ in range(900):
        deep = [deep]
    attendee = {"uid": 1, "email": "a@example.com", "polls": deep}
    with pytest.raises(UnexpectedAnswer, match="polls"):
        after.decode_attendance({"attendees": []}, [attendee], "1/2")
