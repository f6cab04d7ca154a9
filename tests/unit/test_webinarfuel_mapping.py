"""WebinarFuel's payloads as records: webinars, people and tags, registrant sessions."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from integrations.base.errors import RecordNotFound, UnexpectedAnswer
from integrations.base.ids import shortened
from integrations.base.records import Kind, Record
from integrations.webinarfuel.mapping import ids, people, viewings, webinar
from tests.support.webinarfuel import (
    NOW,
    example,
    example_people,
    example_viewings,
    example_webinar,
)

ONE_TIME, WEEKLY = "84112@2026-10-05T13:00:00Z", "84120@2026-10-13T09:00:00Z"


def registrations(*given):
    return [viewings.registration(one) for one in viewings.registered(*given)]


def shown(payload: Any, now: datetime = NOW) -> Record:
    return webinar.decode(webinar.webinar_in(payload), now)


def session(number: int, start: str | None = None, words: str = "") -> dict[str, Any]:
    return {"id": number, "scheduled_at": start, "formatted_scheduled_at": words}


class TestWebinar:
    def test_as_the_document_lists_it(self) -> None:
        record = shown(example("webinar"))
        assert record.external_id == "31207"
        assert record.fields == {
            "title": "Autumn tour",
            "description": "What is new.",
            "timezone": "Europe/Warsaw",
            "starts_at": "2026-10-07T13:00:00Z",
            "permanent": False,
        }
        assert not record.partial

    def test_wrapped_and_bare_are_the_same(self) -> None:
        assert shown(example("webinar")) == shown(example_webinar())

    @pytest.mark.parametrize("number", [31207, "31207"])
    def test_ids_are_numbers_or_text(self, number: Any) -> None:
        assert shown(example_webinar(id=number)).external_id == "31207"

    def test_timezone_is_read_as_well(self) -> None:
        payload = example_webinar(time_zone=None, timezone="Asia/Tokyo")
        assert shown(payload).fields["timezone"] == "Asia/Tokyo"

    @pytest.mark.parametrize("zone", ["registrant", ""])
    def test_zone_that_is_no_zone_is_a_fact(self, zone: str) -> None:
        record = shown(example_webinar() | {"time_zone": zone})
        assert "timezone" not in record.fields
        assert record.facts["time_zone"] == zone

    @pytest.mark.parametrize(
        ("hours", "starts_at"),
        [
            (-48, "2026-10-05T13:00:00Z"),  # before both: the first
            (0, "2026-10-07T13:00:00Z"),  # between: the next
            (25.9, "2026-10-07T13:00:00Z"),  # it has just begun: still that one
            (48, "2026-10-07T13:00:00Z"),  # after both: the last
        ],
    )
    def test_start_is_that_of_the_next_session_else_of_the_last(
        self, hours: float, starts_at: str
    ) -> None:
        record = shown(example("webinar"), NOW + timedelta(hours=hours))
        assert record.fields["starts_at"] == starts_at

    def test_start_does_not_jump_to_next_week_while_a_session_runs(self) -> None:
        weekly = example("webinars")["webinars"][1]
        begun = datetime(2026, 10, 13, 9, 30, tzinfo=UTC)
        assert shown(weekly, begun).fields["starts_at"] == "2026-10-13T09:00:00Z"
        over = begun + timedelta(hours=1)
        assert shown(weekly, over).fields["starts_at"] == "2026-10-20T09:00:00Z"

    def test_order_of_the_sessions_does_not_matter(self) -> None:
        payload = example_webinar()
        payload["sessions"].reverse()
        assert shown(payload) == shown(example_webinar())

    def test_without_any_session_the_known_start_stays(self) -> None:
        assert (
            not {"starts_at", "permanent"}
            & shown(example_webinar() | {"sessions": []}).fields.keys()
        )

    def test_without_exact_dates_a_recurring_session_has_words_only(self) -> None:
        record = shown(example_webinar(sessions=[session(1, words="Every Tuesday at 9 AM")]))
        assert not {"starts_at", "permanent"} & record.fields.keys()

    def test_with_neither_date_nor_words_it_is_always_open(self) -> None:
        record = shown(example_webinar(sessions=[{"id": 1}]))
        assert (record.fields["starts_at"], record.fields["permanent"]) == (None, True)

    def test_listing_without_sessions_is_completed_by_a_get(self) -> None:
        assert shown(example_webinar(sessions=None)).partial


class TestDates:
    def test_one_id_repeats_and_the_start_tells_them_apart(self) -> None:
        row = webinar.webinar_in(example("webinars")["webinars"][1])
        found = webinar.dates(row)
        assert len({date.session_id for date in found}) == 1
        assert len({date.key for date in found}) == 3
        assert found[1].key == WEEKLY

    def test_the_same_date_twice_is_one(self) -> None:
        twice = [session(1, "2026-10-05T13:00:00Z"), session(1, "2026-10-05T15:00:00+02:00")]
        assert len(webinar.dates(webinar.webinar_in(example_webinar(sessions=twice)))) == 1

    def test_what_is_sent_back_is_what_they_wrote(self) -> None:
        first = webinar.dates(webinar.webinar_in(example("webinar")))[0]
        assert (first.said, first.key) == ("2026-10-05T15:00:00+02:00", ONE_TIME)

    def test_naive_time_is_on_the_wall_of_the_webinars_zone(self) -> None:
        naive = example_webinar(sessions=[session(1, "2026-10-05T15:00:00")])
        assert shown(naive).fields["starts_at"] == "2026-10-05T13:00:00Z"

    @pytest.mark.parametrize(
        ("starts", "chosen"),
        [
            (["2026-10-05T13:00:00Z", "2026-10-07T13:00:00Z"], "2026-10-07T13:00:00Z"),
            (["2026-10-06T11:30:00Z", "2026-10-13T11:30:00Z"], "2026-10-13T11:30:00Z"),
            (["2026-10-06T11:30:00Z"], "2026-10-06T11:30:00Z"),
            ([None, "2026-10-05T13:00:00Z"], None),
        ],
        ids=["the next", "the next, though one runs", "the one that runs", "the one without date"],
    )
    def test_date_to_register_for(self, starts: list[Any], chosen: str | None) -> None:
        sessions = [session(number, start) for number, start in enumerate(starts)]
        found = webinar.dates(webinar.webinar_in(example_webinar(sessions=sessions)))
        date = webinar.bookable(found, NOW)
        assert date is not None
        assert date.starts_at == chosen

    def test_nothing_to_register_for(self) -> None:
        past = example_webinar(sessions=[session(1, "2026-10-05T13:00:00Z")])
        assert webinar.bookable(webinar.dates(webinar.webinar_in(past)), NOW) is None


class TestHosts:
    def test_have_their_address_for_an_id(self) -> None:
        organizer, other = webinar.hosts(webinar.webinar_in(example("webinar")))
        assert organizer.external_id == "31207/olga@example.com"
        assert organizer.fields == {
            "email": "olga@example.com",
            "name": "Olga Nowak",
            "role": "host",
        }
        assert organizer.facts["avatar_url"] == "https://cdn.example.com/olga.png"
        assert (other.fields["role"], other.fields["name"]) == ("presenter", "Ben")

    def test_without_address_is_shown_without(self) -> None:
        (host,) = webinar.hosts(webinar.webinar_in(example_webinar(hosts=[{"first_name": "X"}])))
        assert host.fields["email"] is None
        assert host.external_id == "31207/unnamed X"

    def test_an_answer_without_hosts_does_not_say_that_there_are_none(self) -> None:
        with pytest.raises(UnexpectedAnswer, match="hosts"):
            webinar.hosts(webinar.webinar_in(example_webinar(hosts=None)))


class TestPeople:
    def test_registrant(self) -> None:
        record = people.decode(people.registrant_in(example("registrant")))
        assert record.external_id == "5410233"
        assert record.fields == {
            "email": "ann@example.com",
            "first_name": "Ann",
            "last_name": "Lee",
            "phone": "+48 22 000 00 00",
        }
        assert record.facts == {
            "tags": ["2026", "vip"],
            "custom_fields": {"Do you like webinars": "Yes"},
        }

    def test_address_is_remembered_as_written(self) -> None:
        assert example_people()["5410233"].email == "Ann@Example.com"

    def test_what_an_answer_leaves_out_is_left_out(self) -> None:
        record = people.decode(people.registrant_in({"id": 7, "email": "a@example.com"}))
        assert record.fields == {"email": "a@example.com"}
        assert record.facts == {}
        assert people.person(people.registrant_in({"id": 7})).tags is None

    def test_tags_are_groups_and_who_carries_them_members(self) -> None:
        everybody = list(example_people().values())
        groups = people.groups(everybody)
        assert [(g.external_id, g.fields["name"]) for g in groups] == [
            ("2026", "2026"),
            ("vip", "vip"),
        ]
        members = people.memberships(everybody, "vip")
        assert [(m.external_id, m.fields["email"]) for m in members] == [
            ("5410233/vip", "ann@example.com"),
            ("5410235/vip", None),
        ]

    def test_tags_may_be_objects_with_a_name(self) -> None:
        row = people.registrant_in({"id": 7, "tags": [{"id": 1, "name": "vip"}, "x", " "]})
        assert people.person(row).tags == ("vip", "x")

    @pytest.mark.parametrize("tags", ["vip", [1], [None], {"0": "x"}, [{"id": 1}]])
    def test_tags_that_make_no_sense_are_refused(self, tags: Any) -> None:
        with pytest.raises(UnexpectedAnswer, match="tags"):
            people.person(people.registrant_in({"id": 7, "tags": tags}))

    def test_long_tags_have_ids_that_fit_and_differ(self) -> None:
        long, longer = "x" * 300, "x" * 301
        assert shortened(long) != shortened(longer)
        one = people.Person("1" * 20, "a@example.com", "", "", (long,))
        assert len(people.membership(one, long).external_id or "") < 200
        assert people.memberships([one], shortened(long))

    def test_tags_are_never_among_what_is_sent(self) -> None:
        changes = {"first_name": "A", "phone": None, "tags": ["x"], "email": "b@example.com"}
        assert people.encode_changes(changes) == {"first_name": "A", "phone": ""}
        sent = people.newcomer({**changes, "last_name": "", "email": " Ann@Example.com "})
        assert sent == {"email": "ann@example.com", "first_name": "A"}


class TestViewings:
    def test_cid_exceeds_32_bits(self) -> None:
        assert int(example_viewings()[0].cid) > 2**32

    def test_one_registration_for_a_person_however_many_dates(self) -> None:
        found = registrations(example_viewings(), example_people(), NOW)
        assert [r.external_id for r in found] == ["31207/5410233", "31207/5410234"]
        ann = found[0]
        assert ann.fields == {
            "email": "ann@example.com",
            "first_name": "Ann",
            "last_name": "Lee",
            "answers": '{"Do you like webinars":"Yes"}',
        }
        assert "answers" not in found[1].fields
        assert ann.facts["dates"] == 2
        assert ann.facts["session"] == "84113@2026-10-07T13:00:00Z"
        assert ann.facts["join_url"].endswith("/71345880118/abc"), "that of the next date"

    def test_after_the_last_date_its_links_stay(self) -> None:
        later = NOW + timedelta(days=30)
        ann = registrations(example_viewings(), example_people(), later)[0]
        assert ann.facts["session"] == "84113@2026-10-07T13:00:00Z"

    def test_links_of_the_replay_and_the_encore(self) -> None:
        (one,) = example_viewings(encore_url="https://app.example.com/encore/1")[:1]
        (record,) = registrations([one], example_people(), NOW)
        assert record.facts["replay_url"] == "https://app.example.com/replay/71345880117/abc"
        assert record.facts["encore_url"] == "https://app.example.com/encore/1"
        assert record.facts["calendar_ics"] == "https://app.example.com/calendar/71345880117.ics"

    def test_facts_have_the_same_keys_whatever_is_known(self) -> None:
        bare = {"cid": 1, "webinar_id": 2, "webinar_session_id": 3, "registrant_id": 4}
        one = viewings.decode(viewings.viewing_in(bare))
        full = registrations(example_viewings(), {}, NOW)[0]
        assert registrations([one], {}, NOW)[0].facts.keys() == full.facts.keys()

    def test_who_canceled_every_date_is_not_registered(self) -> None:
        assert registrations(example_viewings(canceled=True), {}, NOW) == []

    def test_stranger_has_no_address(self) -> None:
        (record, *_) = registrations(example_viewings(), {}, NOW)
        assert record.fields["email"] is None

    def test_sessions_are_dates_that_have_begun(self) -> None:
        (record,) = viewings.sessions(example_viewings(), "31207", NOW)
        assert record.external_id == f"31207/{ONE_TIME}"
        assert record.fields == {"starts_at": "2026-10-05T13:00:00Z", "visitors": 1}
        later = NOW + timedelta(days=30)
        assert len(viewings.sessions(example_viewings(), "31207", later)) == 2

    def test_sessions_of_a_recurring_one_are_told_apart_by_their_starts(self) -> None:
        found = example_viewings(webinar_session_id=84120)
        later = NOW + timedelta(days=30)
        keys = [r.external_id for r in viewings.sessions(found, "31207", later)]
        assert keys == ["31207/84120@2026-10-05T13:00:00Z", "31207/84120@2026-10-07T13:00:00Z"]

    def test_attendance(self) -> None:
        record = viewings.attendance(example_viewings()[0], example_people()["5410233"])
        assert (record.kind, record.external_id) == (Kind.ATTENDANCE, "71345880117")
        assert record.parent_id == f"31207/{ONE_TIME}"
        assert record.fields == {"email": "ann@example.com", "name": "Ann Lee", "role": "attendee"}
        assert record.facts["attended_seconds"] == 1834
        assert record.facts["watched"] is False
        assert record.facts["country"] == "PL"

    @pytest.mark.parametrize(
        "missing", ["cid", "webinar_id", "registrant_id", "webinar_session_id"]
    )
    def test_missing_identifiers_are_named(self, missing: str) -> None:
        payload = example("registrant_session")["session"]
        del payload[missing]
        with pytest.raises(UnexpectedAnswer, match=missing):
            viewings.decode(viewings.viewing_in(payload))


@pytest.mark.parametrize("text", ["", ".", "..", "1/..", "x", "1/", "/1", "-1", "1/2/3", "²"])
def test_identifiers_that_cannot_be_are_not_found(text: str) -> None:
    with pytest.raises(RecordNotFound):
        ids.numbers(text)


def test_several_coming_dates_are_a_fact() -> None:
    payload = example_webinar()
    first, second = (one["scheduled_at"] for one in payload["sessions"][:2])
    before = datetime(2026, 10, 1, tzinfo=UTC)
    found = shown(payload, before).facts["coming_dates"]
    assert found == sorted(found)
    assert len(found) == 2, (first, second)
    assert "coming_dates" not in shown(payload, datetime(2026, 10, 6, tzinfo=UTC)).facts
