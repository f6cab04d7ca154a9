"""What is WebinarFuel's own: dates that repeat, letters that count, tags, OneClick, its limit."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from integrations.base.adapter import Connection
from integrations.base.answers import packed, unpacked
from integrations.base.errors import (
    CredentialsRejected,
    OutcomeUnknown,
    PlatformUnavailable,
    RateLimited,
    RecordNotFound,
    RequestRejected,
    UnexpectedAnswer,
)
from integrations.base.records import Draft, Kind, Record
from integrations.webinarfuel.adapter import WebinarFuel
from tests.contract.worlds.promises import all_records
from tests.support.rawserver import raw_server, says
from tests.support.webinarfuel import Place

HOUR = timedelta(hours=1)
ANN = {"email": "ann@example.com", "first_name": "Ann", "last_name": "Lee"}
Open = Callable[..., WebinarFuel]


class Watched(Place):
    """A place that keeps what its adapters sent as JSON: (verb, path, body)."""

    def __init__(self, sandbox: Any) -> None:
        super().__init__(sandbox)
        self.sent: list[tuple[str, str, Any]] = []

    def watch(self, adapter: WebinarFuel) -> WebinarFuel:
        line = adapter.client.http
        ask = line.json

        def keep(effect: Any, method: str, path: str, operation: str, **send: Any) -> Any:
            if "json" in send:
                self.sent.append((method, path, send["json"]))
            return ask(effect, method, path, operation, **send)

        line.json = keep  # type: ignore[method-assign]
        return adapter


@pytest.fixture
def place(sandbox: Any) -> Watched:
    return Watched(sandbox)


@pytest.fixture
def open_adapter(place: Watched) -> Iterator[Open]:
    opened: list[WebinarFuel] = []

    def make(base_url: str = "", **settings: str) -> WebinarFuel:
        known = place.connection(**settings)
        connection = Connection(base_url, known.credentials, known.options) if base_url else known
        opened.append(place.watch(WebinarFuel(connection)))
        return opened[-1]

    yield make
    for adapter in opened:
        adapter.close()


def registering(webinar_id: str, **fields: str) -> Draft:
    return Draft(Kind.REGISTRATION, {**ANN, **fields}, parent_id=webinar_id)


def sent(place: Watched, method: str = "POST") -> list[Any]:
    """(path, body) of each request of a verb."""
    return [(path, body) for verb, path, body in place.sent if verb == method]


def answering(open_adapter: Open, body: bytes, use: Callable[[WebinarFuel], Any]) -> Any:
    with raw_server(says(body)) as server:
        return use(open_adapter(server.url))


class TestListings:
    def test_are_read_to_the_last_page(self, place: Watched, open_adapter: Open) -> None:
        for number in range(101):
            place.platform.add_registrant(f"p{number}@example.com")
        pages = list(open_adapter().list_all(Kind.ATTENDEE))
        assert [len(page.records) for page in pages] == [50, 50, 1]
        assert {page.total for page in pages} == {101}
        asked = [dict(entry.query) for entry in place.sandbox.requests]
        assert [query["page"] for query in asked] == ["1", "2", "3"]
        assert {query["per_page"] for query in asked} == {"50"}

    def test_no_more_than_50_sessions_are_asked_for(
        self, place: Watched, open_adapter: Open
    ) -> None:
        webinar_id, _ = place.webinar(HOUR)
        adapter = open_adapter()
        all_records(adapter, Kind.CONFERENCE, None)
        adapter.get(Kind.CONFERENCE, webinar_id)
        for entry in place.sandbox.requests:
            query = dict(entry.query)
            assert (query["sessions_limit"], query["exact_recurring_dates"]) == ("50", "true")

    @pytest.mark.parametrize(
        "body",
        [
            b'{"webinars": [], "meta": {"page": 1, "total_items": 3, "total_pages": 2}}',
            b'{"webinars": [{"id": 1, "name": "x"}], "meta": {"page": 1, "total_pages": 9}}',
            b'{"webinars": [{"id": 1, "name": "x"}]}',
            b'{"webinars": [], "meta": []}',
            b'{"webinars": [], "meta": {"page": 2}}',
            b'{"registrants": []}',
        ],
        ids=["hole", "same page", "no meta, same page", "meta", "another page", "another list"],
    )
    def test_what_is_not_surely_complete_is_never_empty(
        self, open_adapter: Open, body: bytes
    ) -> None:
        with pytest.raises(UnexpectedAnswer):
            answering(open_adapter, body, lambda a: all_records(a, Kind.CONFERENCE, None))

    def test_without_meta_an_empty_page_is_the_end(self, open_adapter: Open) -> None:
        body = b'{"webinars": []}'
        assert answering(open_adapter, body, lambda a: all_records(a, Kind.CONFERENCE, None)) == []

    def test_a_filter_that_is_not_obeyed_is_noticed(self, open_adapter: Open) -> None:
        row = {"cid": 1, "webinar_id": 8, "webinar_session_id": 2, "registrant_id": 3}
        body = json.dumps({"sessions": [row], "meta": {"total_items": 1, "total_pages": 1}})
        for kind, parent in (
            (Kind.REGISTRATION, "7"),
            (Kind.SESSION, "7"),
            (Kind.ATTENDANCE, "7/2"),
        ):
            with pytest.raises(UnexpectedAnswer, match="another webinar"):
                answering(
                    open_adapter, body.encode(), lambda a, k=kind, p=parent: all_records(a, k, p)
                )

    def test_rows_that_moved_may_be_kept_but_prove_nothing(self, open_adapter: Open) -> None:
        row = {"id": 3, "email": "a@example.com", "tags": ["vip"]}
        body = json.dumps({"registrants": [row], "meta": {"total_items": 2, "total_pages": 1}})

        def check(adapter: WebinarFuel) -> None:
            pages = adapter.list_all(Kind.GROUP)
            assert [r.external_id for r in next(pages).records] == ["vip"]
            with pytest.raises(UnexpectedAnswer, match="moved"):
                next(pages)

        answering(open_adapter, body.encode(), check)

    def test_a_list_of_people_without_tags_does_not_say_that_there_are_none(
        self, open_adapter: Open
    ) -> None:
        body = b'{"registrants": [{"id": 3, "email": "a@example.com"}], "meta": {"total_pages": 1}}'
        with pytest.raises(UnexpectedAnswer, match="tags"):
            answering(open_adapter, body, lambda a: all_records(a, Kind.GROUP, None))

    def test_one_job_asks_nothing_twice(self, place: Watched, open_adapter: Open) -> None:
        webinar_id, session = place.attended(hosts=[{"email": "olga@example.com"}])
        place.platform.edit_registrant(place.platform.registrants()[0]["id"], tags=["vip"])
        place.sandbox.requests.clear()
        adapter = open_adapter()
        for kind, parent in (
            (Kind.ATTENDEE, None),
            (Kind.GROUP, None),
            (Kind.MEMBERSHIP, "vip"),
            (Kind.CONFERENCE, None),
            (Kind.MODERATOR, webinar_id),
            (Kind.REGISTRATION, webinar_id),
            (Kind.SESSION, webinar_id),
            (Kind.ATTENDANCE, session),
        ):
            assert all_records(adapter, kind, parent), kind
        paths = [entry.path for entry in place.sandbox.requests]
        assert paths == ["/registrants", "/webinars", "/registrant_sessions"]


class TestReadOnly:
    def test_only_ready_webinars_are_shown(self, place: Watched, open_adapter: Open) -> None:
        place.webinar(HOUR, state="draft")
        ready, _ = place.webinar(HOUR)
        shown = all_records(open_adapter(), Kind.CONFERENCE, None)
        assert [record.external_id for record in shown] == [ready]

    def test_sentences_lead_to_the_panel(self, open_adapter: Open) -> None:
        can = open_adapter().capabilities.kind(Kind.CONFERENCE)
        for ability in (can.create, can.update, can.delete):
            assert not ability.offered
            assert "own panel only" in ability.sentence
            assert ability.steps_url.startswith("https://")

    @pytest.mark.parametrize("wrapping", ["wrapped", "bare"])
    def test_single_objects_wrapped_or_bare(
        self, place: Watched, open_adapter: Open, wrapping: str
    ) -> None:
        place.platform.wrapping = wrapping
        webinar_id, _ = place.webinar(HOUR)
        adapter = open_adapter()
        record = adapter.create(registering(webinar_id))
        assert record.facts["join_url"]
        (ann,) = all_records(adapter, Kind.ATTENDEE, None)
        assert adapter.get(Kind.ATTENDEE, ann.external_id or "").fields == ann.fields
        assert adapter.get(Kind.CONFERENCE, webinar_id).external_id == webinar_id
        place.platform.wrapping = "seen"

    def test_another_one_is_not_the_one_asked_for(self, open_adapter: Open) -> None:
        body = (
            b'{"id": 8, "cid": 8, "name": "x", "email": "a@example.com", "webinar_id": 1,'
            b' "registrant_id": 1, "webinar_session_id": 1, "attended": true}'
        )
        for kind in (Kind.CONFERENCE, Kind.ATTENDEE, Kind.ATTENDANCE):
            with pytest.raises(UnexpectedAnswer, match="another"):
                answering(open_adapter, body, lambda a, k=kind: a.get(k, "7"))


class TestRegistering:
    def test_is_for_the_next_date(self, place: Watched, open_adapter: Open) -> None:
        webinar_id, sessions = place.webinar(-24 * HOUR, 2 * HOUR, 24 * HOUR)
        record = open_adapter().create(registering(webinar_id))
        ((path, body),) = sent(place)
        assert path == "/registrants"
        assert body["webinar_id"] == int(webinar_id)
        assert body["registrant"] == ANN
        assert body["session"]["webinar_session_id"] == sessions[1]
        assert set(body["session"]) == {"webinar_session_id", "scheduled_at"}
        (row,) = place.platform.viewings(int(webinar_id))
        assert record.facts["session"].startswith(f"{sessions[1]}@")
        assert record.facts["join_url"].startswith("http")
        assert record.external_id == f"{webinar_id}/{row['registrant_id']}"

    def test_date_of_a_recurring_session_is_named(self, place: Watched, open_adapter: Open) -> None:
        webinar_id, _ = place.webinar()
        place.platform.add_recurring_session(int(webinar_id), range(7), "12:00")
        adapter = open_adapter()
        dates = adapter.perform("dates", webinar_id, {})["rows"]
        assert len({line["id"] for line in dates}) == len(dates) > 3
        chosen = dates[3]["id"]
        record = adapter.create(registering(webinar_id, **{"options.session": chosen}))
        assert record.facts["session"] == chosen
        assert sent(place)[0][1]["session"]["scheduled_at"]

    def test_another_date_adds_to_the_same_registration(
        self, place: Watched, open_adapter: Open
    ) -> None:
        webinar_id, _ = place.webinar(2 * HOUR, 24 * HOUR)
        adapter = open_adapter()
        first = adapter.create(registering(webinar_id))
        dates = adapter.perform("dates", webinar_id, {})["rows"]
        told = adapter.perform("register_for_date", webinar_id, {"id": dates[1]["id"], **ANN})
        assert told["join_url"] == first.facts["join_url"], "the next date is still the first"
        (record,) = all_records(adapter, Kind.REGISTRATION, webinar_id)
        assert (record.external_id, record.facts["dates"]) == (first.external_id, 2)
        assert len(adapter.perform("viewings", record.external_id or "", {})["rows"]) == 2

    def test_without_a_coming_date_nothing_is_sent(
        self, place: Watched, open_adapter: Open
    ) -> None:
        webinar_id, _ = place.webinar(-24 * HOUR)
        with pytest.raises(RequestRejected, match="no coming date"):
            open_adapter().create(registering(webinar_id))
        with pytest.raises(RequestRejected, match="no such date"):
            open_adapter().create(registering(webinar_id, **{"options.session": "1@x"}))
        assert sent(place) == []

    def test_zone_of_the_person_goes_where_the_webinar_asks_for_it(
        self, place: Watched, open_adapter: Open
    ) -> None:
        webinar_id, _ = place.webinar(HOUR, time_zone="registrant")
        open_adapter(registrant_time_zone="Asia/Tokyo").create(registering(webinar_id))
        assert sent(place)[0][1]["session"]["time_zone"] == "Asia/Tokyo"

    def test_what_they_are_called_there_is_not_overwritten(
        self, place: Watched, open_adapter: Open
    ) -> None:
        webinar_id, _ = place.webinar(HOUR)
        place.platform.add_registrant("ann@example.com", "Anna", "Lee-Jones", tags=["vip"])
        open_adapter().create(registering(webinar_id, last_name=""))
        assert sent(place)[0][1]["registrant"] == {"email": "ann@example.com"}
        (ann,) = place.platform.registrants()
        assert (ann["first_name"], ann["last_name"], ann["tags"]) == ("Anna", "Lee-Jones", ["vip"])

    def test_answers_go_there_as_custom_fields_and_are_shown(
        self, place: Watched, open_adapter: Open
    ) -> None:
        webinar_id, _ = place.webinar(HOUR)
        adapter = open_adapter()
        said = packed({"Do you like webinars": "Yes", "Guests": "3"})
        record = adapter.create(registering(webinar_id, answers=said))
        assert sent(place)[0][1]["registrant"]["custom_fields"] == unpacked(said)
        assert record.fields["answers"] == said
        (page,) = adapter.list_all(Kind.REGISTRATION, webinar_id)
        assert [one.fields["answers"] for one in page.records] == [said]

    def test_what_somebody_had_answered_before_stays(
        self, place: Watched, open_adapter: Open
    ) -> None:
        webinar_id, _ = place.webinar(HOUR)
        held = {"Town": "Ghent", "Guests": "1"}
        place.platform.add_registrant("ann@example.com", "Anna", custom_fields=held)
        adapter = open_adapter()
        record = adapter.create(registering(webinar_id, answers=packed({"Guests": "3"})))
        registrant = {"email": "ann@example.com", "custom_fields": {"Town": "Ghent", "Guests": "3"}}
        assert sent(place)[0][1]["registrant"] == registrant
        (ann,) = place.platform.registrants()
        assert (ann["first_name"], ann["custom_fields"]) == ("Anna", registrant["custom_fields"])
        assert unpacked(record.fields["answers"]) == registrant["custom_fields"]

    def test_without_answers_nothing_is_said_of_them(
        self, place: Watched, open_adapter: Open
    ) -> None:
        webinar_id, _ = place.webinar(HOUR)
        place.platform.add_registrant("ann@example.com", custom_fields={"Town": "Ghent"})
        open_adapter().create(registering(webinar_id, answers=""))
        assert sent(place)[0][1]["registrant"] == {"email": "ann@example.com"}
        assert place.platform.registrants()[0]["custom_fields"] == {"Town": "Ghent"}

    def test_letters_of_an_address_make_no_second_person(
        self, place: Watched, open_adapter: Open
    ) -> None:
        webinar_id, _ = place.webinar(HOUR)
        place.platform.add_registrant("Ann@Example.com", "Ann", tags=["vip"])
        adapter = open_adapter()
        record = adapter.create(registering(webinar_id))
        assert len(place.platform.registrants()) == 1
        assert record.fields["email"] == "ann@example.com"
        assert adapter.perform("join_link", webinar_id, {"email": "ann@example.com"})["join_url"]

    def test_the_list_of_people_is_read_once_for_many_newcomers(
        self, place: Watched, open_adapter: Open
    ) -> None:
        webinar_id, _ = place.webinar(HOUR)
        adapter = open_adapter()
        adapter.create(registering(webinar_id))
        place.sandbox.requests.clear()
        adapter.create(registering(webinar_id, email="bob@example.com"))
        paths = [(entry.method, entry.path) for entry in place.sandbox.requests]
        assert paths == [("POST", "/registrants"), ("GET", "/registrant_sessions")]

    def test_stands_even_if_its_links_cannot_be_read(
        self, place: Watched, open_adapter: Open
    ) -> None:
        webinar_id, _ = place.webinar(HOUR)
        place.sandbox.faults.add("server_error", path="/registrant_sessions")
        adapter = open_adapter()
        record = adapter.create(registering(webinar_id))
        assert record.external_id
        assert "join_url" not in record.facts
        place.sandbox.faults.clear()
        assert (
            all_records(adapter, Kind.REGISTRATION, webinar_id)[0].external_id == record.external_id
        )

    @pytest.mark.parametrize(
        ("fault", "acts", "error"),
        [
            ("rate_limited", False, RateLimited),
            ("wrong_key", False, CredentialsRejected),
            ("server_error", True, OutcomeUnknown),
            ("cut_before", False, OutcomeUnknown),
            ("cut_after", True, OutcomeUnknown),
            ("html", True, OutcomeUnknown),
            ("truncated", True, OutcomeUnknown),
            ("short_body", True, OutcomeUnknown),
        ],
    )
    def test_a_lost_answer_is_looked_up_and_never_repeated(
        self, place: Watched, open_adapter: Open, fault: str, acts: bool, error: Any
    ) -> None:
        webinar_id, _ = place.webinar(HOUR)
        place.sandbox.faults.add(fault, method="POST", count=1, acts=acts)
        adapter = open_adapter()
        with pytest.raises(error):
            adapter.create(registering(webinar_id))
        assert len(sent(place)) == 1
        found = all_records(adapter, Kind.REGISTRATION, webinar_id)
        assert [r.fields["email"] for r in found] == ["ann@example.com"] * acts

    def test_a_read_before_it_that_fails_sends_nothing(
        self, place: Watched, open_adapter: Open
    ) -> None:
        webinar_id, _ = place.webinar(HOUR)
        place.sandbox.faults.add("server_error", path="/registrants", method="GET", count=1)
        with pytest.raises(PlatformUnavailable):
            open_adapter().create(registering(webinar_id))
        assert sent(place) == []

    @pytest.mark.parametrize(
        "body", [b"{}", b"[]", b'{"errors": []}', b'{"id": 1, "email": "bob@example.com"}']
    )
    def test_an_answer_that_makes_no_sense_leaves_it_unknown(
        self, place: Watched, open_adapter: Open, body: bytes
    ) -> None:
        adapter = open_adapter()
        webinar_id, _ = place.webinar(HOUR)
        adapter.get(Kind.CONFERENCE, webinar_id)
        all_records(adapter, Kind.ATTENDEE, None)
        with raw_server(says(body)) as server:
            adapter.client.http.base_url = server.url
            with pytest.raises(OutcomeUnknown):
                adapter.create(registering(webinar_id))

    def test_who_canceled_is_not_registered_and_may_be_again(
        self, place: Watched, open_adapter: Open
    ) -> None:
        webinar_id, _ = place.webinar(HOUR)
        adapter = open_adapter()
        record = adapter.create(registering(webinar_id))
        (row,) = place.platform.viewings(int(webinar_id))
        place.platform.cancel(row["id"])
        assert all_records(adapter, Kind.REGISTRATION, webinar_id) == []
        with pytest.raises(RecordNotFound, match="canceled"):
            adapter.get(Kind.REGISTRATION, record.external_id or "")
        again = adapter.create(registering(webinar_id))
        assert again.external_id == record.external_id


class TestPeople:
    def test_changed_attributes_alone_are_sent(self, place: Watched, open_adapter: Open) -> None:
        place.platform.add_registrant("ann@example.com", "Ann", "Lee", tags=["vip"])
        adapter = open_adapter()
        (ann,) = all_records(adapter, Kind.ATTENDEE, None)
        shown = adapter.update(ann, {"phone": "123", "email": "other@example.com"})
        assert shown is not None
        assert sent(place, "PUT") == [
            (f"/registrants/{ann.external_id}", {"registrant": {"phone": "123"}})
        ]
        (row,) = place.platform.registrants()
        assert (row["email"], row["tags"]) == ("ann@example.com", ["vip"])

    def test_a_change_of_nothing_sends_nothing(self, place: Watched, open_adapter: Open) -> None:
        place.platform.add_registrant("ann@example.com", "Ann")
        adapter = open_adapter()
        (ann,) = all_records(adapter, Kind.ATTENDEE, None)
        assert adapter.update(ann, {"company": "X"}) == ann
        assert sent(place, "PUT") == []

    @pytest.mark.parametrize("body", [b"{}", b"[]", b'{"id": 8, "email": "x@example.com"}'])
    def test_a_change_without_a_proper_answer_may_have_happened(
        self, open_adapter: Open, body: bytes
    ) -> None:
        ann = Record(Kind.ATTENDEE, "7", {"email": "ann@example.com"})
        with pytest.raises(OutcomeUnknown):
            answering(open_adapter, body, lambda a: a.update(ann, {"phone": "1"}))

    def test_an_empty_answer_to_a_change_is_an_answer(self, open_adapter: Open) -> None:
        ann = Record(Kind.ATTENDEE, "7", {"email": "ann@example.com"})
        with raw_server(says(b"", "204 No Content")) as server:
            assert open_adapter(server.url).update(ann, {"phone": "1"}) is None


class TestTags:
    def test_others_stay(self, place: Watched, open_adapter: Open) -> None:
        row = place.platform.add_registrant("Ann@Example.com", tags=["old", "vip"])
        adapter = open_adapter()
        made = adapter.create(Draft(Kind.MEMBERSHIP, {"email": "ann@example.com"}, parent_id="new"))
        assert made.external_id == f"{row['id']}/new"
        adapter.delete(Kind.MEMBERSHIP, f"{row['id']}/old")
        assert place.platform.registrants()[0]["tags"] == ["vip", "new"]
        assert [body for _, body in sent(place)] == [
            {"email": "Ann@Example.com", "tags": ["new"]},
            {"email": "Ann@Example.com", "tags": ["old"]},
        ]

    def test_one_that_nobody_carries_does_not_exist(
        self, place: Watched, open_adapter: Open
    ) -> None:
        row = place.platform.add_registrant("ann@example.com", tags=["vip"])
        adapter = open_adapter()
        assert [g.external_id for g in all_records(adapter, Kind.GROUP, None)] == ["vip"]
        adapter.delete(Kind.MEMBERSHIP, f"{row['id']}/vip")
        assert all_records(adapter, Kind.GROUP, None) == []
        adapter.perform("new_tag", "", {"name": " speaker ", "email": "ann@example.com"})
        assert [g.external_id for g in all_records(adapter, Kind.GROUP, None)] == ["speaker"]

    def test_who_was_never_registered_cannot_carry_one(
        self, place: Watched, open_adapter: Open
    ) -> None:
        with pytest.raises(RecordNotFound, match="first registration"):
            open_adapter().create(
                Draft(Kind.MEMBERSHIP, {"email": "ann@example.com"}, parent_id="vip")
            )
        assert sent(place) == []

    def test_long_ones_are_kept_apart(self, place: Watched, open_adapter: Open) -> None:
        long = "x" * 300
        place.platform.add_registrant("ann@example.com", tags=[long])
        place.platform.add_registrant("bob@example.com")
        adapter = open_adapter()
        (group,) = all_records(adapter, Kind.GROUP, None)
        bob = Draft(Kind.MEMBERSHIP, {"email": "bob@example.com"}, parent_id=group.external_id)
        made = adapter.create(bob)
        assert place.platform.find_registrant("bob@example.com")["tags"] == [long]
        assert made.external_id in {
            r.external_id for r in all_records(adapter, Kind.MEMBERSHIP, group.external_id)
        }

    @pytest.mark.parametrize(
        "body",
        [
            b'{"registrant": {"id": 8, "tags": ["vip"]}}',
            b'{"registrant": {"id": 7, "tags": ["other"]}}',
            b'{"error": "no"}',
        ],
    )
    def test_an_answer_that_does_not_show_it_leaves_it_unknown(
        self, place: Watched, open_adapter: Open, body: bytes
    ) -> None:
        adapter = open_adapter()
        place.platform.add_registrant("ann@example.com")
        all_records(adapter, Kind.ATTENDEE, None)
        with raw_server(says(body)) as server:
            adapter.client.http.base_url = server.url
            with pytest.raises(OutcomeUnknown):
                adapter.perform("new_tag", "", {"name": "vip", "email": "ann@example.com"})


class TestOneClick:
    def test_registers_with_the_webinars_own_key(self, place: Watched, open_adapter: Open) -> None:
        webinar_id, (session_id,) = place.webinar(HOUR, thank_you_url="https://example.com/thanks")
        key = place.platform.webinar(int(webinar_id))["oneclick_key"]
        adapter = open_adapter(oneclick=f"{webinar_id}={key}")
        told = adapter.perform("register_by_oneclick", webinar_id, dict(ANN))
        assert told["join_url"].startswith("http")
        (entry,) = place.sandbox.requests.matching("GET", "*oneclick*")
        query = dict(entry.query)
        assert (query["email"], query["webinar_session_id"]) == (ANN["email"], str(session_id))
        assert "scheduled_at" not in query
        assert "authorization" not in {name.lower() for name in entry.headers}

    def test_without_a_key_of_that_webinar_nothing_is_sent(
        self, place: Watched, open_adapter: Open
    ) -> None:
        webinar_id, _ = place.webinar(HOUR)
        with pytest.raises(RequestRejected, match="no OneClick key"):
            open_adapter(oneclick="404=x").perform("register_by_oneclick", webinar_id, dict(ANN))
        assert len(place.sandbox.requests) == 0

    def test_a_wrong_one_does_not_condemn_the_accounts_key(
        self, place: Watched, open_adapter: Open
    ) -> None:
        webinar_id, _ = place.webinar(HOUR)
        adapter = open_adapter(oneclick=f"{webinar_id}=wrong-secret")
        with pytest.raises(RequestRejected) as caught:
            adapter.perform("register_by_oneclick", webinar_id, dict(ANN))
        assert "wrong-secret" not in f"{caught.value} {vars(caught.value)}"

    def test_check_learns_which_webinars_have_one(self, open_adapter: Open) -> None:
        adapter = open_adapter(oneclick="12=secret-a 7=secret-b")
        assert adapter.check().learned == {"oneclick": ["12", "7"]}


class TestAfterwards:
    def test_attendance_of_one_date_of_a_recurring_session(
        self, place: Watched, open_adapter: Open
    ) -> None:
        webinar_id, _ = place.webinar()
        session = place.platform.add_recurring_session(int(webinar_id), range(7), "12:00")
        now = datetime.now(UTC).replace(microsecond=0)
        for days, name in ((7, "ann"), (14, "bob")):
            start = now - timedelta(days=days)
            place.platform.start_session(
                session["id"], [f"{name}@example.com"], scheduled_at=start, minutes=30
            )
        sessions = all_records(open_adapter(), Kind.SESSION, webinar_id)
        assert len(sessions) == 2
        people = []
        for one in sessions:
            place.sandbox.requests.clear()
            found = all_records(open_adapter(), Kind.ATTENDANCE, one.external_id)
            people.append([record.fields["email"] for record in found])
            query = dict(place.sandbox.requests[0].query)
            assert query["before_scheduled_at"] == query["after_scheduled_at"]
        assert people == [["bob@example.com"], ["ann@example.com"]]

    def test_who_stayed_away_did_not_attend(self, place: Watched, open_adapter: Open) -> None:
        webinar_id, session = place.attended()
        place.platform.register(int(webinar_id), "away@example.com")
        found = all_records(open_adapter(), Kind.ATTENDANCE, session)
        assert [record.fields["email"] for record in found] == ["ann@example.com"]
        away = place.platform.viewings(int(webinar_id), "away@example.com")[0]
        with pytest.raises(RecordNotFound, match="attended"):
            open_adapter().get(Kind.ATTENDANCE, str(away["id"]))

    def test_a_session_that_cannot_be_is_not_found(self, open_adapter: Open) -> None:
        for session in ("1/2@x", "1/x", "1", "1/2@2026-10-05"):
            with pytest.raises(RecordNotFound):
                all_records(open_adapter(), Kind.ATTENDANCE, session)


def test_limit_of_the_platform_is_kept_away_from_and_obeyed(
    place: Watched, open_adapter: Open
) -> None:
    can = open_adapter().capabilities
    assert can.requests_per_minute + can.burst < 100
    place.platform.rate_limit = 1
    adapter = open_adapter()
    adapter.check()
    with pytest.raises(RateLimited) as caught:
        adapter.check()
    assert 0 < (caught.value.retry_after or 0) <= 60
    place.platform.rate_limit = 100


def test_settings_that_cannot_be_used_stop_everything(open_adapter: Open, place: Watched) -> None:
    for settings in (
        {"paths": "x=/y"},
        {"oneclick": "keyless"},
        {"registrant_time_zone": "No/Where"},
    ):
        with pytest.raises(CredentialsRejected, match="settings cannot be used"):
            open_adapter(**settings).check()
    assert len(place.sandbox.requests) == 0
