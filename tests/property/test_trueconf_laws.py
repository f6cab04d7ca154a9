"""The laws of TrueConf's mapping, and that no answer whatever breaks it in another way."""

import random
import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from integrations.base.errors import UnexpectedAnswer
from integrations.base.ids import join
from integrations.base.reading import Row, rows
from integrations.base.records import Draft, Fields, Kind, instant, parse_instant
from integrations.trueconf.client.login import tokens_in
from integrations.trueconf.client.paging import (
    CALLS,
    CONFERENCE_LIST,
    GROUPS,
    USERS,
    ServerList,
    every,
    pages,
)
from integrations.trueconf.mapping import after, ids, people
from integrations.trueconf.mapping.answers import inside
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
from integrations.trueconf.payloads import VERSIONS, reaches
from portal.sync import compare
from tests.support.trueconf import example

PLATFORM = "TrueConf Server"
ZONES = ("UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu")
CONTROL = re.compile(r"[\x00-\x1f\x7f]")
texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=40)
# As a server shows them, which takes spaces off the ends, and has no signs that no line can hold.
shown_texts = st.text("aZß中🙂é\u0301\u00a0 -–.,;:<>&'\"/\\%#@", max_size=40).map(str.strip)
words = st.lists(st.text("abcxyz0189", min_size=1, max_size=8), max_size=4, unique=True)
seconds = st.integers(1, 4102444800)
flags = st.booleans()
days = st.lists(st.sampled_from(DAYS), unique=True, min_size=1).map(
    lambda found: sorted(found, key=DAYS.index)
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
        "topic": draw(shown_texts),
        "description": draw(shown_texts),
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
    return draw(st.integers(0, 5000)) if setting.type == "whole" else draw(shown_texts) or None


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
    texts = {n: v.strip() for n, v in sent.items() if isinstance(v, str)}
    assert "\0" not in "".join(texts.values())
    flags = {"allow_guests": False, "pin_enabled": False}
    return {"id": "7", **flags, **sent, **texts, "schedule": schedule}


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
    assert ids.split(join(*parts), len(parts)) == parts


def listed(answer: Any, envelope: str) -> list[Row]:
    return rows(answer, envelope, PLATFORM, (envelope,))


def wrap(name: str, envelope: str) -> Any:
    return {envelope: [example(name)], "cnt": 1}


def first_page(answer: Any, of: ServerList) -> list[Row]:
    found, _ = next(iter(pages(lambda page: answer, of)))
    return found


DECODERS: dict[str, tuple[Callable[[], Any], Callable[[Any], Any]]] = {
    "a conference": (
        lambda: {"conference": example("conference")},
        lambda a: decode(conference_in(a)),
    ),
    "conferences": (
        lambda: wrap("conference", "conferences"),
        lambda a: [decode(row) for row in first_page(a, CONFERENCE_LIST)],
    ),
    "users": (
        lambda: wrap("user", "users"),
        lambda a: [people.decode_user(row) for row in first_page(a, USERS)],
    ),
    "invitations": (
        lambda: wrap("invitation", "invitations"),
        lambda a: [people.decode_invitation(row, "c") for row in listed(a, "invitations")],
    ),
    "owner": (
        lambda: {"invitation": example("invitation")},
        lambda a: people.decode_owner(inside(a, "invitation"), "c", ""),
    ),
    "groups": (
        lambda: wrap("group", "groups") | {"next_page_id": -1},
        lambda a: [people.decode_group(row) for row in first_page(a, GROUPS)],
    ),
    "members": (
        lambda: wrap("user", "users"),
        lambda a: [people.decode_member(row, "g") for row in listed(a, "users")],
    ),
    "calls": (
        lambda: wrap("call", "list"),
        lambda a: [after.decode_session(row, "c") for row in first_page(a, CALLS)],
    ),
    "visits": (
        lambda: wrap("call_participant", "list"),
        lambda a: after.decode_attendance(first_page(a, CALLS), "c/s", {}),
    ),
    "records": (
        lambda: wrap("record", "records"),
        lambda a: [after.decode_recording(row, "c") for row in listed(a, "records")],
    ),
    "token": (lambda: example("token"), tokens_in),
}
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
        "conference": None,
        "conferences": {},
        "users": 7,
        "invitations": "x",
        "groups": None,
        "list": {},
        "records": 0,
        "invitation": [],
        "access_token": [],
    },
    "not a number": {"id": float("nan"), "topic": float("inf")},
}


@dataclass
class Lists:
    """A server's way of paging: from 0, from 1 or by cursor, with the next page named or not."""

    style: str
    named: bool
    cap: int
    page_count: bool

    def serve(self, everything: list[Any], asked: dict[str, Any]) -> dict[str, Any]:
        size = min(asked.get("page_size", 200), self.cap)
        if self.style == "cursor":
            start = int(str(asked.get("page_id", "c0"))[1:])
            end = start + size
            following = f"c{end}" if end < len(everything) else -1
        else:
            first = 0 if self.style == "0" else 1
            number = max(first, asked.get("page_id", first))
            start, end = (number - first) * size, (number - first + 1) * size
            following = number + 1 if end < len(everything) else -1
        part = everything[start:end]
        answer = {"list": part, "cnt": len(part) if self.page_count else len(everything)}
        named = self.named or self.style == "cursor"
        return answer | ({"next_page_id": following} if named else {})


lists = st.builds(
    Lists,
    style=st.sampled_from(["0", "1", "cursor"]),
    named=flags,
    cap=st.sampled_from([20, 25, 50, 100, 200, 1000]),
    page_count=flags,
)


@given(st.integers(0, 1500), lists, st.sampled_from([0, 200, 1000]), st.sampled_from(["", "cnt"]))
def test_every_row_of_a_list_is_read_once_however_it_is_paged(
    count: int, server: Lists, size: int, total: str
) -> None:
    if total and server.cap not in (20, 200, 1000):
        server.cap = 200  # what states a total has the limits of the document
    everything = [{"id": str(number), "status": 0} for number in range(count)]

    def fetch(page: dict[str, Any]) -> Any:
        flicker = random.Random(len(page)).random()
        shown = server.serve(everything, page)
        return shown | {"list": [row | {"status": flicker} for row in shown["list"]]}

    found = list(pages(fetch, ServerList("list", "row", total, size=size)))
    assert [row.value["id"] for page, _ in found for row in page] == [r["id"] for r in everything]
    assert {stated for _, stated in found} <= {None, count}


@given(st.data())
def test_no_server_keeps_us_asking_for_ever(data: st.DataObject) -> None:
    """Whatever it answers: it ends, or it is not believed, after a bounded number of pages."""
    answers = st.fixed_dictionaries(
        {"list": st.lists(st.fixed_dictionaries({"id": st.integers(0, 30)}), max_size=25)},
        optional={
            "next_page_id": st.integers(-3, 40) | st.text(max_size=3) | st.none(),
            "cnt": st.integers(-1, 100),
        },
    )
    drawn = data.draw(st.lists(answers, min_size=1, max_size=40))
    asked = 0

    def fetch(page: dict[str, Any]) -> Any:
        nonlocal asked
        asked += 1
        return drawn[asked % len(drawn)]

    with suppress(UnexpectedAnswer):
        every(fetch, ServerList("list", "row", "cnt", size=data.draw(st.sampled_from([0, 20]))))
    assert asked <= 100, "at most one page for each of 31 rows, 40 cursors and some more"


# What may stand in our rows of people: any sign, any length, or nothing.
of_people = st.text(
    "aZß中🙂é\u0301\u202b\u200b\u00a0 -–.,'()\t\n\x1b\x7f\u2028", max_size=90
) | st.sampled_from(["", "x" * 90, "- " * 40, " " * 70 + "x"])
people_of_ours = st.fixed_dictionaries(
    {
        "email": st.sampled_from(["Ann@Example.org", "o'hara+x@example.org", "ä@example.org"]),
        "first_name": of_people | st.just("-"),
        "last_name": of_people | st.just("–"),
        "phone": of_people,
        "company": of_people,
        "country": st.just("DE"),
    }
)


def user_shows(sent: Fields) -> dict[str, Any]:
    """What a server shows of a user: trimmed, what was not sent is empty. It takes nothing longer
    than the document allows, and no sign that a line cannot hold."""
    limits = {"mobile_phone": 50, "display_name": 64, "first_name": 64, "last_name": 64}
    for name, most in (limits | {"company": 64, "login_name": 32, "email": 250}).items():
        assert len(sent.get(name, "")) <= most, name
        assert CONTROL.search(sent.get(name, "")) is None, name
    assert sent["display_name"], "at least one character"
    blank = dict.fromkeys(("first_name", "last_name", "mobile_phone", "company"), "")
    held = {n: v.strip() for n, v in sent.items() if n != "password"}
    login = held["login_name"]
    return {**blank, **held, "id": login, "uid": f"{login}@server.name", "is_active": 1}


def agreed(kind: Kind, ours: Fields, record: Any, *, makes_users: bool = True) -> None:
    """Both sides have said the same: nothing is taken, nothing is to be sent."""
    merged = compare.merge(
        base_ours={},
        base_theirs={},
        ours=ours,
        theirs=record.fields,
        expected=people.expected_person(kind, ours, makes_users=makes_users),
        sendable=(),
    )
    assert merged.quiet, (merged.take, ours, record.fields)


@given(people_of_ours)
def test_a_person_that_was_sent_comes_back_as_agreed(ours: dict[str, Any]) -> None:
    shown = Row(user_shows(people.encode_new_user(ours, "word")), "user", PLATFORM)
    agreed(Kind.ATTENDEE, ours, people.decode_user(shown))
    invited = Row({**shown.value, "type": "user"}, "invitation", PLATFORM)
    names = {n: ours[n] for n in ("email", "first_name", "last_name")}
    agreed(Kind.REGISTRATION, names, people.decode_invitation(invited, "c"))


@given(people_of_ours, people_of_ours)
def test_an_edited_person_comes_back_as_agreed(
    before: dict[str, Any], ours: dict[str, Any]
) -> None:
    held = user_shows(people.encode_new_user(before, "word")) | people.encode_user(ours)
    agreed(Kind.ATTENDEE, ours, people.decode_user(Row(held, "user", PLATFORM)))


@given(people_of_ours, st.sampled_from(["custom", "user"]))
def test_a_guest_that_was_sent_comes_back_as_agreed(ours: dict[str, Any], as_type: str) -> None:
    email, name = ours["email"].lower(), people.display_name(ours)
    assert 1 <= len(name) <= 64
    shown = Row({"id": email, "display_name": name, "type": as_type}, "invitation", PLATFORM)
    names = {n: ours[n] for n in ("email", "first_name", "last_name")}
    record = people.decode_invitation(shown, "c")
    agreed(Kind.REGISTRATION, names, record, makes_users=False)
    assert record.facts["note"], "staff read that nobody is told"


@given(people_of_ours, of_people)
def test_a_moderator_that_was_sent_comes_back_as_agreed(person: dict[str, Any], name: str) -> None:
    ours = {"email": person["email"], "name": name, "role": "host"}
    user = user_shows(people.encode_new_user(ours, "word"))
    called = people.given_name(ours) or user["display_name"]
    shown = Row({**user, "display_name": called, "is_owner": True}, "invitation", PLATFORM)
    agreed(Kind.MODERATOR, ours, people.decode_owner(shown, "c", ""))
