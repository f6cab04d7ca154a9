"""The laws of WebinarFuel's mapping, and that no answer whatever breaks it in another way."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from integrations.base.paging import Listing, collect
from integrations.base.records import instant
from integrations.webinarfuel.mapping import people, viewings, webinar
from integrations.webinarfuel.mapping.lists import REGISTRANTS, VIEWINGS, WEBINARS, extent_of
from tests.support.webinarfuel import NOW, example_webinar

ZONES = ("UTC", "Europe/Warsaw", "America/New_York", "Australia/Lord_Howe", "registrant", "")
texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=30)
moments = st.integers(0, 60 * 365 * 86400).map(
    lambda seconds: datetime(2000, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
)


@st.composite
def sessions(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Listed sessions, once or recurring, in any order, each start in any offset."""
    found = []
    for _ in range(draw(st.integers(0, 6))):
        start = draw(moments)
        zone = ZoneInfo(draw(st.sampled_from(ZONES[:4])))
        said = draw(st.sampled_from([instant(start), start.astimezone(zone).isoformat()]))
        number = draw(st.sampled_from([84112, "84112", 84113]))
        found.append({"id": number, "scheduled_at": said, "formatted_scheduled_at": "a date"})
    return found


@given(sessions(), st.sampled_from(ZONES), moments, st.randoms(use_true_random=False))
def test_a_webinar_reads_the_same_whatever_the_order(
    listed: list[dict[str, Any]], zone: str, now: datetime, chance: Any
) -> None:
    once = webinar.decode(
        webinar.webinar_in(example_webinar() | {"sessions": listed, "time_zone": zone}), now
    )
    chance.shuffle(listed)
    again = webinar.decode(
        webinar.webinar_in(
            {"webinar": example_webinar() | {"sessions": listed, "time_zone": zone}}
        ),
        now,
    )
    assert once == again


@given(sessions(), moments)
def test_the_start_is_one_of_the_dates_and_the_earliest_that_is_not_over(
    listed: list[dict[str, Any]], now: datetime
) -> None:
    row = webinar.webinar_in(example_webinar() | {"sessions": listed})
    dates = webinar.dates(row)
    assert len({date.key for date in dates}) == len(dates)
    start = webinar.decode(row, now).fields.get("starts_at")
    assert (start is None) is (not listed)
    begins = [date.begins() for date in dates]
    coming = [moment for moment in begins if moment + webinar.RUNS_FOR > now]
    if listed:
        assert start == instant(min(coming) if coming else max(begins))


@given(texts, texts, texts)
def test_what_is_sent_of_a_person_reads_back_as_it_was(first: str, last: str, phone: str) -> None:
    typed = {"first_name": first, "last_name": last, "phone": phone}
    changes = {name: text.strip() for name, text in typed.items()}
    sent = people.encode_changes(changes)
    kept = people.decode(people.registrant_in({"id": 7, "email": "a@example.com", **sent}))
    assert {name: kept.fields[name] for name in changes} == changes
    assert people.encode_changes(kept.fields) == sent


@given(st.lists(st.lists(texts, max_size=4), max_size=5))
def test_groups_are_the_tags_that_somebody_carries(many: list[list[str]]) -> None:
    everybody = [
        people.person(people.registrant_in({"id": n, "email": f"p{n}@example.com", "tags": tags}))
        for n, tags in enumerate(many)
    ]
    groups = people.groups(everybody)
    assert {g.fields["name"] for g in groups} == {t for tags in many for t in tags if t.strip()}
    for group in groups:
        members = people.memberships(everybody, group.external_id or "")
        assert members, "a tag that nobody carries does not exist"
        assert len({m.external_id for m in members}) == len(members)


def _listed(listing: Listing, decode: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda answer: [
        decode(row) for row in collect(listing, lambda page: answer, extent_of)[0]
    ]


DECODERS: dict[str, tuple[str, Callable[[Any], Any]]] = {
    "a webinar": ("webinar", lambda a: webinar.decode(webinar.webinar_in(a), NOW)),
    "hosts": ("webinar", lambda a: webinar.hosts(webinar.webinar_in(a))),
    "webinars": ("webinars", _listed(WEBINARS, lambda row: webinar.decode(row, NOW))),
    "a registrant": ("registrant", lambda a: people.decode(people.registrant_in(a))),
    "a person": ("registrant", lambda a: people.person(people.registrant_in(a))),
    "registrants": ("registrants", _listed(REGISTRANTS, people.decode)),
    "a viewing": ("registrant_session", lambda a: viewings.decode(viewings.viewing_in(a))),
    "viewings": ("registrant_sessions", _listed(VIEWINGS, viewings.decode)),
}
HOSTILE = {
    "null": None,
    "true": True,
    "number": 7,
    "text": "Service unavailable",
    "html": "<!doctype html><title>Log in</title>",
    "empty object": {},
    "error in a 200": {"error": "Not found", "code": 404},
    "list of junk": [None, 1, "x"],
    "list of lists": [[[]]],
    "list of empty objects": [{}],
    "envelope of junk": {"webinars": None, "webinar": [], "registrants": {}, "sessions": "x"},
    "envelope of text": {"webinar": "x", "registrant": "x", "session": "x", "registrants": "x"},
    "empty envelope of another": {"others": [], "meta": {"total_items": 0, "total_pages": 0}},
    "not a number": {"id": float("nan"), "cid": float("inf"), "name": "x"},
    "a negative id": {"id": -1, "cid": -1, "name": "x", "hosts": []},
}
