"""The laws of TrueConf's mapping, and that no answer whatever breaks it in another way."""

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations.base.errors import UnexpectedAnswer
from integrations.base.reading import Row, rows
from integrations.base.records import Draft, Fields, Kind, instant, parse_instant
from integrations.trueconf.listing import by_cursor, numbered
from integrations.trueconf.login import tokens_in
from integrations.trueconf.mapping import after, ids, people
from integrations.trueconf.mapping.conference import (
    Terms,
    conference_in,
    decode,
    encode_changes,
    encode_create,
    expected,
)
from integrations.trueconf.mapping.schedule import DAYS, DAYS_OPTION, days_text
from integrations.trueconf.mapping.settings import RIGHTS, SETTINGS
from integrations.trueconf.versions import VERSIONS, reaches
from tests.support.trueconf import example

PLATFORM = "TrueConf Server"
ZONES = ("UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu")
texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=40)
words = st.lists(st.text("abcxyz0189", min_size=1, max_size=8), max_size=4)
seconds = st.integers(1, 4102444800)
flags = st.booleans()
days = st.lists(st.sampled_from(DAYS), unique=True, min_size=1).map(
    lambda found: sorted(found, key=DAYS.index)
)
anything = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=30)
    | st.sampled_from(["null", "1e400", "0000-00-00 00:00:00", "9999-12-31T23:59:59-23:59", "²"]),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4)
    ),
    max_leaves=8,
)


@st.composite
def schedules(draw: st.DrawFn) -> tuple[dict[str, Any], dict[str, Any]]:
    """(a schedule as it is shown, the same as it is sent)."""
    kind = draw(st.sampled_from([-1, 0, 1]))
    if kind == -1:
        return {"type": -1}, {"type": -1}
    lasts = draw(st.integers(1, 100_000))
    if kind == 1:
        once = {"type": 1, "start_time": draw(seconds), "duration": lasts}
        return once, once
    hour = f"{draw(st.integers(0, 23)):02}:{draw(st.integers(0, 59)):02}"
    weekly = {"type": 0, "days": draw(days), "time": hour, "duration": lasts}
    shown = {"start_time": draw(seconds), "time_offset": draw(st.integers(-720, 840))}
    return weekly | shown, weekly


@st.composite
def shown_conferences(draw: st.DrawFn) -> tuple[dict[str, Any], dict[str, Any]]:
    """(a conference as TrueConf shows it, the same in fields of an edit)."""
    schedule, sent_schedule = draw(schedules())
    registration = {"enabled": draw(flags), "start_at": "1711910100", "participants_limit": None}
    guest = dict.fromkeys(RIGHTS, True) | {"chat_send": draw(flags)}
    same: dict[str, Any] = {
        "topic": draw(texts),
        "description": draw(texts),
        "allow_guests": draw(flags),
        "owner": draw(st.text("abc.-_", min_size=1, max_size=9)),
        "rights": {"guest": guest, "user": dict.fromkeys(RIGHTS, False)},
    }
    for setting in SETTINGS:
        same[setting.theirs] = _setting(draw, setting)
    shown = same | {
        "id": draw(st.sampled_from(["7", "a_b"])),
        "schedule": schedule,
        "registration": registration | {"limit_reached": draw(flags)},
        "pin_enabled": draw(flags),
        "pin": None,
        "url": "https://server.name/c/7",
    }
    return shown, same | {"schedule": sent_schedule, "registration": registration}


def _setting(draw: st.DrawFn, setting: Any) -> Any:
    if setting.written == "list":
        return draw(words)
    if setting.written == "bit":
        return int(draw(flags))
    if setting.choices:
        chosen = draw(st.sampled_from([value for value, _ in setting.choices]))
        return int(chosen) if setting.type == "whole" else chosen
    if setting.type == "flag":
        return draw(flags)
    return draw(st.integers(0, 5000)) if setting.type == "whole" else draw(texts) or None


@given(shown_conferences())
def test_encoding_what_was_decoded_gives_theirs_again(pair: tuple[dict, dict]) -> None:
    shown, sent = pair
    record = decode(conference_in(shown))
    # Staff changed nothing about when it is: what TrueConf has to the second stays.
    changed = {n: v for n, v in record.fields.items() if n not in ("starts_at", "duration_minutes")}
    made = encode_changes(
        changed if shown["schedule"]["type"] == 0 else changed | _start(record.fields),
        record.fields,
        record.facts,
        Terms(payload=shown),
    )
    assert made == sent


def _start(fields: Fields) -> dict[str, Any]:
    return {"starts_at": fields["starts_at"]}


@st.composite
def our_fields(draw: st.DrawFn) -> dict[str, Any]:
    """A conference of ours, complete or with any part of it left out."""
    moment = datetime.fromtimestamp(draw(seconds), UTC)
    fields: dict[str, Any] = {
        "description": draw(texts),
        "room_type": draw(st.sampled_from(["meeting", "webinar"])),
        "registration_enabled": draw(flags),
        "permanent": draw(flags),
        DAYS_OPTION: draw(st.just("") | days.map(", ".join)),
        "options.guests_write": draw(flags),
    }
    for setting in SETTINGS:
        value = _setting(draw, setting)
        if setting.written == "list":
            value = ",".join(value)
        fields[setting.option] = bool(value) if setting.written == "bit" else value or value == 0
        if setting.type == "text":
            fields[setting.option] = value or ""
        elif setting.type == "whole":
            fields[setting.option] = value
    kept = draw(st.sets(st.sampled_from(sorted(fields))))
    when = {"starts_at": instant(moment), "duration_minutes": draw(st.integers(1, 1440))}
    return {"title": draw(texts), **when} | {n: v for n, v in fields.items() if n in kept}


def server_shows(sent: Fields, zone: str) -> dict[str, Any]:
    """What a server that keeps what it is given shows after a create."""
    schedule = dict(sent["schedule"])
    if schedule["type"] == 0:
        hour, minute = (int(part) for part in schedule["time"].split(":"))
        day = datetime(2027, 3, 22, hour, minute, tzinfo=ZoneInfo(zone))
        day += timedelta(days=DAYS.index(schedule["days"][0]))
        schedule |= {"start_time": int(day.timestamp()), "time_offset": 60}
    return {"id": "7", "allow_guests": False, "pin_enabled": False, **sent, "schedule": schedule}


@given(our_fields(), st.sampled_from(ZONES), st.sampled_from(VERSIONS))
def test_decoding_what_was_encoded_is_stable_after_one_pass(
    fields: dict[str, Any], zone: str, version: str
) -> None:
    terms = Terms(version, ZoneInfo(zone))
    sent = encode_create(Draft(Kind.CONFERENCE, fields, marker="lx0123456789"), terms, "w")
    once = decode(conference_in(server_shows(sent, zone)))
    again = encode_create(Draft(Kind.CONFERENCE, once.fields, marker=once.marker), terms, "w")
    twice = decode(conference_in(server_shows(again, zone)))

    assert twice.fields == once.fields
    weekly = bool(fields.get(DAYS_OPTION)) and not fields.get("permanent")
    wanted = expected(fields)
    for name, value in once.fields.items():
        if name in wanted and not (weekly and name == "starts_at"):
            assert value == wanted[name], name
    assert once.marker == "lx0123456789"


@given(st.sampled_from(VERSIONS), shown_conferences())
def test_no_version_is_sent_what_it_does_not_know(version: str, pair: tuple[dict, dict]) -> None:
    shown, _ = pair
    record = decode(conference_in(shown))
    terms = Terms(version, UTC, shown)
    made = encode_changes(record.fields, record.fields, record.facts, terms)
    unknown = {s.theirs for s in SETTINGS if not reaches(version, s.since)}
    unknown |= {"rights"} if version == "v3" else set()
    unknown |= set() if reaches(version, "v3.4") else {"pin", "registration"}
    assert not made.keys() & unknown


@given(st.sampled_from(ZONES), seconds, days)
def test_hour_of_a_weekly_one_is_the_hour_of_the_servers_clock(
    zone: str, moment: int, on: list[str]
) -> None:
    start = instant(datetime.fromtimestamp(moment, UTC))
    fields = {"title": "x", "starts_at": start, "duration_minutes": 5, DAYS_OPTION: ",".join(on)}
    draft = Draft(Kind.CONFERENCE, fields)
    sent = encode_create(draft, Terms(zone=ZoneInfo(zone)), "w")["schedule"]
    assert sent["time"] == parse_instant(start).astimezone(ZoneInfo(zone)).strftime("%H:%M")
    assert ", ".join(sent["days"]) == days_text(fields[DAYS_OPTION])


@given(st.lists(st.text(min_size=1, max_size=20), min_size=1, max_size=3))
def test_ids_are_taken_apart_as_they_were_put_together(parts: list[str]) -> None:
    assert ids.split(ids.join(*parts), len(parts)) == parts


def listed(answer: Any, envelope: str) -> list[Row]:
    return rows(answer, envelope, PLATFORM, (envelope,))


def wrap(name: str, envelope: str) -> Any:
    return {envelope: [example(name)], "cnt": 1}


def first_page(answer: Any, envelope: str) -> list[Row]:
    found, _ = next(iter(numbered(lambda page: answer, envelope, envelope, "cnt")))
    return found


DECODERS: dict[str, tuple[Callable[[], Any], Callable[[Any], Any]]] = {
    "a conference": (
        lambda: {"conference": example("conference")},
        lambda a: decode(conference_in(a)),
    ),
    "conferences": (
        lambda: wrap("conference", "conferences"),
        lambda a: [decode(row) for row in first_page(a, "conferences")],
    ),
    "users": (
        lambda: wrap("user", "users"),
        lambda a: [people.decode_user(row) for row in first_page(a, "users")],
    ),
    "invitations": (
        lambda: wrap("invitation", "invitations"),
        lambda a: [people.decode_invitation(row, "c") for row in listed(a, "invitations")],
    ),
    "owner": (
        lambda: {"invitation": example("invitation")},
        lambda a: people.decode_owner(people.inside(a, "invitation"), "c", ""),
    ),
    "groups": (
        lambda: wrap("group", "groups") | {"next_page_id": -1},
        lambda a: [people.decode_group(row) for page in by_cursor(lambda _: a, "groups", "group")
                   for row in page],
    ),
    "members": (
        lambda: wrap("user", "users"),
        lambda a: [people.decode_member(row, "g") for row in listed(a, "users")],
    ),
    "calls": (
        lambda: wrap("call", "list"),
        lambda a: [after.decode_session(row, "c") for row in first_page(a, "list")],
    ),
    "visits": (
        lambda: wrap("call_participant", "list"),
        lambda a: after.decode_attendance(first_page(a, "list"), "c/s", {}),
    ),
    "records": (
        lambda: wrap("record", "records"),
        lambda a: [after.decode_recording(row, "c") for row in listed(a, "records")],
    ),
    "token": (lambda: example("token"), tokens_in),
}  # fmt: skip
HOSTILE = {
    "null": None,
    "true": True,
    "number": 7,
    "text": "Service unavailable",
    "html": "<!doctype html><title>Log in</title>",
    "empty object": {},
    "error in a 200": {"error": {"code": 404, "message": "Not Found", "errors": []}},
    "error as text": {"error": "Access denied"},
    "list of junk": [None, 1, "x"],
    "list of lists": [[[]]],
    "list of empty objects": [{}],
    "numbered junk": {"0": None, "1": "x"},
    "envelopes of junk": {
        "conference": None, "conferences": {}, "users": 7, "invitations": "x", "groups": None,
        "list": {}, "records": 0, "invitation": [], "access_token": [],
    },
    "not a number": {"id": float("nan"), "topic": float("inf")},
}  # fmt: skip


@pytest.mark.parametrize("name", DECODERS)
@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_answers_are_not_believed(name: str, hostile: str) -> None:
    with pytest.raises(UnexpectedAnswer):
        DECODERS[name][1](HOSTILE[hostile])


@pytest.mark.parametrize("name", DECODERS)
@given(data=st.data())
def test_one_value_gone_mad_is_read_or_refused(name: str, data: st.DataObject) -> None:
    make, read = DECODERS[name]
    answer = make()
    holder, key = data.draw(st.sampled_from(list(_spots(answer))))
    holder[key] = data.draw(anything)
    with suppress(UnexpectedAnswer):
        read(answer)


def _spots(value: Any) -> Any:
    """Every place in a JSON value where another value could stand."""
    keys = value.keys() if isinstance(value, dict) else range(len(value))
    for key in list(keys):
        yield value, key
        if isinstance(value[key], dict | list):
            yield from _spots(value[key])


@given(st.integers(0, 700), st.integers(1, 250), flags)
def test_every_row_of_a_paged_list_is_read_once(count: int, size: int, page_count: bool) -> None:
    """However the server pages: as asked, by a size of its own, counting the page or the whole."""
    everything = [{"id": str(number)} for number in range(count)]

    def fetch(page: dict[str, Any]) -> Any:
        begin = (page["page_id"] - 1) * page["page_size"]
        part = everything[begin : begin + page["page_size"]]
        return {"list": part, "cnt": len(part) if page_count else count}

    pages = list(numbered(fetch, "list", "row", "cnt", size))
    assert [row.value for found, _ in pages for row in found] == everything
    assert {total for _, total in pages} <= {None, count}
