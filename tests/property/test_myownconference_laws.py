"""The laws of MyOwnConference's mapping, and that no answer breaks it in another way."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import assume, given
from hypothesis import strategies as st

from integrations.base.reading import Row, rows
from integrations.base.records import Fields, instant, parse_instant
from integrations.myownconference.mapping import after, conference, people
from integrations.myownconference.mapping.answers import confirm
from integrations.myownconference.mapping.profile import decode_profile
from integrations.myownconference.mapping.settings import COLOURS, FLAGS
from integrations.myownconference.mapping.zone import (
    ALWAYS,
    SUMMER,
    WINTER,
    ProfileZone,
    profile_zone,
)
from integrations.myownconference.payloads import PLATFORM
from tests.support.myownconference import ALIAS, ZONE, example

# The doubled and the skipped hour of the European Union and of New York.
EDGES = [
    datetime(2026, 10, 25, 0, 30, tzinfo=UTC),
    datetime(2026, 10, 25, 1, 30, tzinfo=UTC),
    datetime(2026, 3, 29, 0, 59, tzinfo=UTC),
    datetime(2026, 3, 29, 1, 0, tzinfo=UTC),
    datetime(2026, 11, 1, 5, 30, tzinfo=UTC),
    datetime(2026, 11, 1, 6, 30, tzinfo=UTC),
]
RULES = ("Europe/Brussels", "America/New_York", "Australia/Sydney", "America/Santiago")

texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=40)
words = st.text("abcdefÅöé-'", min_size=1, max_size=8)
moments = st.sampled_from(EDGES) | st.integers(0, 90 * 365 * 86400).map(
    lambda seconds: datetime(2000, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
)
zones = st.builds(
    profile_zone,
    st.sampled_from([-720, -480, -150, 0, 60, 120, 345, 780]),
    st.booleans(),
    st.sampled_from([WINTER, SUMMER, ALWAYS]),
    st.sampled_from(RULES),
)
colours = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")


@given(moments, zones)
def test_an_instant_comes_back_from_the_clock(moment: datetime, zone: ProfileZone) -> None:
    wall = moment.astimezone(zone)
    assert wall.astimezone(UTC) == moment
    read = wall.replace(tzinfo=zone, fold=0).astimezone(UTC)
    both = zone.instants(moment)
    assert read == both[0]
    assert moment in both
    assert all(one.astimezone(zone).replace(fold=0) == wall.replace(fold=0) for one in both)


@given(moments, st.sampled_from([("Europe/Brussels", 60), ("America/New_York", -300)]))
def test_the_clock_of_a_zone_is_that_zone(moment: datetime, told: tuple[str, int]) -> None:
    name, minutes = told
    zone = profile_zone(minutes, True, WINTER, name)
    assert zone.iana == name
    there = moment.astimezone(ZoneInfo(name))
    assert moment.astimezone(zone).replace(tzinfo=None) == there.replace(tzinfo=None)


@st.composite
def our_fields(draw: st.DrawFn) -> dict[str, Any]:
    """A conference of ours with any part of it left out."""
    fields: dict[str, Any] = {
        "title": draw(texts),
        "description": draw(texts),
        "starts_at": instant(draw(moments)),
        "duration_minutes": draw(st.integers(1, 1439)),
        "options.private": draw(st.booleans()),
        "options.language": draw(st.sampled_from(["en", "pl", "uk"])),
        "options.background": draw(colours),
        "options.foreground": draw(colours),
        "options.login_fields": ", ".join(draw(st.lists(st.sampled_from(["name", "email"])))),
        **{f"options.{name}": draw(st.booleans()) for name in FLAGS},
    }
    kept = draw(st.sets(st.sampled_from(sorted(fields)), min_size=1))
    return {name: value for name, value in fields.items() if name in kept}


def platform_shows(sent: Fields) -> dict[str, Any]:
    """What a platform that keeps what it is given shows of a webinar changed so."""
    own = {n: v for n, v in sent.items() if n not in ("settings", "duration")}
    shown = {**example("webinar"), **own, "duration": str(sent.get("duration", 80))}
    given_ = dict(sent.get("settings", {}))
    theme = {"bg": "themebg", "text": "themetext"}
    settings = {n: v for n, v in given_.items() if n in FLAGS}
    settings["theme"] = {n: given_[written] for n, written in theme.items() if written in given_}
    if "loginfields" in given_:
        settings["loginFields"] = given_["loginfields"]
    return {**shown, "settings": settings}


@given(our_fields(), zones)
def test_what_was_sent_is_what_is_expected(fields: dict[str, Any], zone: ProfileZone) -> None:
    if "starts_at" in fields:
        assume(len(zone.instants(parse_instant(fields["starts_at"]))) == 1)
    shown = conference.decode(
        platform_shows(conference.encode_changes(fields, zone)), ALIAS, zone
    ).fields
    expected = conference.expected(fields, zone)
    assert {name: shown[name] for name in fields} == expected


@given(our_fields(), zones)
def test_encoding_what_was_decoded_gives_theirs_again(
    fields: dict[str, Any], zone: ProfileZone
) -> None:
    if "starts_at" in fields:
        assume(len(zone.instants(parse_instant(fields["starts_at"]))) == 1)
    sent = conference.encode_changes(fields, zone)
    shown = conference.decode(platform_shows(sent), ALIAS, zone).fields
    again = conference.encode_changes({name: shown[name] for name in fields}, zone)
    assert again == sent
    assert set(again.get("settings", {})) <= {*FLAGS, *COLOURS.values(), "loginfields"}


@given(st.lists(words, max_size=3), st.lists(words, max_size=3))
def test_names_are_what_is_expected_of_them(first: list[str], last: list[str]) -> None:
    fields = {"email": "x@example.com", "first_name": " ".join(first), "last_name": " ".join(last)}
    name = people.full_name(fields)
    shown = dict(zip(("first_name", "last_name"), people.split_name(name), strict=True))
    assert shown == {n: people.expected_person(fields)[n] for n in shown}
    if first:
        assert shown == {n: fields[n] for n in shown}
    assert people.full_name({**fields, **shown}) == name


@given(texts, texts)
def test_a_name_is_stable_after_one_pass(first: str, last: str) -> None:
    fields = {"email": "x@example.com", "first_name": first, "last_name": last}
    once = people.expected_person(fields)
    assert people.expected_person(once) == once


def _listed(answer: Any) -> Any:
    return [conference.decode_listed(r, ZONE, "ACTIVE") for r in rows(answer, "webinar", PLATFORM)]


def _people(answer: Any, decode: Callable[[Row], Any]) -> Any:
    return [decode(row) for row in people.listing(answer)[0]]


DECODERS: dict[str, tuple[str, Callable[[Any], Any]]] = {
    "profile": ("profile", decode_profile),
    "webinars": ("webinars", _listed),
    "webinar": ("webinar", lambda a: conference.decode(a, ALIAS, ZONE)),
    "created": ("created", lambda a: conference.created(a, {})),
    "attendees": ("attendees", lambda a: _people(a, people.decode_attendee)),
    "registrations": (
        "registrations",
        lambda a: _people(a, lambda row: people.decode_registration(row, ALIAS)),
    ),
    "members": ("attendees", lambda a: _people(a, lambda r: people.decode_membership(r, "1"))),
    "groups": ("groups", lambda a: [people.decode_group(row) for row in people.group_rows(a)]),
    "moderators": (
        "moderators",
        lambda a: [people.decode_moderator(row, ALIAS) for row in people.moderator_rows(a)],
    ),
    "links": ("moderator_rooms", lambda a: people.room_links(a, "moderatorLink")),
    "history": ("history", lambda a: after.decode_attendance(after.history(a, UTC), ALIAS)),
    "recordings": (
        "recordings",
        lambda a: [
            after.decode_recording(row, ALIAS, UTC) for row in rows(a, "recording", PLATFORM)
        ],
    ),
    "files": ("files", after.files),
    "letters": ("letters", after.letters),
    "online": ("online", after.online),
    "bots": ("bots", after.bots),
    "rooms": ("attendee_rooms", lambda a: after.webinars(a, "attendeeLink")),
    "confirmation": ("group_created", lambda a: confirm(a, "group")),
}
HOSTILE = {
    "null": None,
    "true": True,
    "number": 7,
    "text": "Service unavailable",
    "html": "<!doctype html><title>Log in</title>",
    "error as text": {"error": "Access denied"},
    "list of junk": [None, 1, "x"],
    "list of a list of a list": [[[]]],
    "list of empty objects": [{}],
    "list of a null": [None],
    "numbered junk": {"0": None, "1": "x"},
    "envelope of junk": {"count": "1", "list": None, "moderators": {}, "guests": "x"},
    "not a number": {"id": float("nan"), "name": float("inf")},
    "an endless id": [{"id": 10**400, "name": "x", "alias": ".."}],
}
