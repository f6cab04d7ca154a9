"""What is LiveWebinar's own: scopes, clocks, personal links, what is beyond its document."""

import json
import socket
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from integrations.base.adapter import Adapter, Connection
from integrations.base.answers import packed
from integrations.base.errors import (
    OutcomeUnknown,
    PlatformUnavailable,
    RecordNotFound,
    RequestRejected,
    UnexpectedAnswer,
    UnsupportedByPlatform,
)
from integrations.base.records import Draft, Kind, Record
from integrations.livewebinar.adapter import ROOM
from tests.contract.worlds.promises import all_records
from tests.support.livewebinar import draft, opened
from tests.support.rawserver import raw_server, says

Open = Callable[..., Adapter]
ASKED = ("limit", "scope", "sort", "order")


@pytest.fixture
def platform(sandbox: Any) -> Any:
    return sandbox.account("livewebinar")


@pytest.fixture
def open_adapter(sandbox: Any) -> Iterator[Open]:
    made: list[Adapter] = []

    def make(**options: str) -> Adapter:
        base_url, known = sandbox.base_url("livewebinar"), sandbox.credentials("livewebinar")
        made.append(ROOM.open(Connection(base_url, known, options)))
        made[-1].check()
        sandbox.requests.clear()
        return made[-1]

    yield make
    for adapter in made:
        adapter.close()


def answering(body: Any, use: Callable[[Adapter], Any], status: str = "200 OK") -> Any:
    """Use an adapter on a server that answers everything so."""
    with raw_server(says(json.dumps(body).encode(), status)) as server:
        adapter = opened(server.url, beyond="yes")
        try:
            return use(adapter)
        finally:
            adapter.close()


def by_path(answers: dict[str, tuple[str, Any]]) -> Callable[[socket.socket, bytes], None]:
    """A handler that answers by the beginning of a request; the longest that fits."""

    def handler(connection: socket.socket, request: bytes) -> None:
        line = request.partition(b"\r\n")[0].decode()
        found = max((k for k in answers if line.startswith(k)), key=len)
        status, body = answers[found]
        says(json.dumps(body).encode(), status)(connection, request)

    return handler


class TestListing:
    def test_open_and_closed_rooms_are_one_call_each(
        self, open_adapter: Open, sandbox: Any, platform: Any
    ) -> None:
        rooms = [platform.add_widget(f"Room {number}", permanent=True) for number in range(3)]
        platform.set_status(rooms[1]["id"], "inactive")
        found = all_records(open_adapter(), Kind.CONFERENCE, None)

        assert [r.fields["title"] for r in found] == ["Room 0", "Room 2", "Room 1"]
        assert [r.fields["open"] for r in found] == [True, True, False]
        asked = [dict(entry.query) for entry in sandbox.requests]
        assert [tuple(query[name] for name in ASKED) for query in asked] == [
            ("500", "active", "id", "asc"),
            ("500", "inactive", "id", "asc"),
        ]
        assert all("page" not in query for query in asked)

    @pytest.mark.parametrize(
        ("largest", "meta"),
        [(100, True), (2000, True), (2000, False), (100, False), (30, False), (15, False)],
    )
    def test_every_page_is_read(
        self, open_adapter: Open, platform: Any, largest: int, meta: bool
    ) -> None:
        platform.largest_page, platform.shows_pagination = largest, meta
        for number in range(503):
            platform.add_widget(f"Room {number}", permanent=True)
        found = all_records(open_adapter(), Kind.CONFERENCE, None)
        assert len({r.external_id for r in found}) == len(found) == 503

    def test_a_page_of_a_round_length_may_be_all_there_is(self) -> None:
        rooms = [{"id": n, "name": "x", "type": "permanent"} for n in range(1, 21)]
        found = answering({"data": rooms}, lambda a: all_records(a, Kind.CONFERENCE, None))
        assert len(found) == 20

    def test_room_that_both_scopes_show_is_told_once(self) -> None:
        body = {"data": [{"id": 7, "name": "x", "type": "permanent"}]}
        found = answering(body, lambda a: all_records(a, Kind.CONFERENCE, None))
        assert [r.external_id for r in found] == ["7"]

    @pytest.mark.parametrize(
        "status", ["422 Unprocessable Entity", "400 Bad Request", "404 Not Found"]
    )
    def test_a_scope_that_is_refused_leaves_the_list_unproved(self, status: str) -> None:
        room = {"data": [{"id": 7, "name": "x", "type": "permanent"}]}
        answers = {
            "GET /api/widgets?limit=500&scope=active": ("200 OK", room),
            "GET /api/widgets?limit=500&scope=inactive": (status, {"error": {"message": "No"}}),
        }
        with raw_server(by_path(answers)) as server:
            adapter = opened(server.url)
            pages = adapter.list_all(Kind.CONFERENCE)
            assert len(next(pages).records) == 1
            with pytest.raises(UnexpectedAnswer, match="does not list inactive"):
                next(pages)
            adapter.close()


class TestAnswersThatMakeNoSense:
    def test_another_room_is_not_the_one_asked_for(self) -> None:
        with pytest.raises(UnexpectedAnswer):
            answering({"data": {"id": 8, "name": "x"}}, lambda a: a.get(Kind.CONFERENCE, "7"))

    @pytest.mark.parametrize("body", [{}, [], None, {"data": {}}, {"error": "x"}, {"data": []}])
    def test_a_change_without_a_proper_answer_may_have_happened(self, body: Any) -> None:
        shown = Record(Kind.CONFERENCE, "7", {"title": "x", "permanent": True})
        person = {"email": "ann@example.com", "role": "host"}
        for use in (
            lambda a: a.create(draft()),
            lambda a: a.update(shown, {"title": "y"}),
            lambda a: a.update(shown, {"open": False}),
            lambda a: a.create(Draft(Kind.REGISTRATION, person, parent_id="7")),
            lambda a: a.create(Draft(Kind.MODERATOR, person, parent_id="7")),
            lambda a: a.perform("join_link", "7", {"email": "ann@example.com"}),
        ):
            with pytest.raises(OutcomeUnknown):
                answering(body, use)

    @pytest.mark.parametrize("body", [{"error": {"message": "x"}}, [], "no"])
    def test_a_delete_that_says_error_may_have_happened(self, body: Any) -> None:
        with pytest.raises(OutcomeUnknown):
            answering(body, lambda a: a.delete(Kind.CONFERENCE, "7"))

    def test_a_delete_may_say_anything_else(self) -> None:
        for body in ({}, {"data": []}, {"message": "Deleted"}):
            answering(body, lambda a: a.delete(Kind.CONFERENCE, "7"))

    @pytest.mark.parametrize("body", [{}, [], None, "me", {"data": {"email": "x"}}])
    def test_who_we_are_must_be_said(self, body: Any) -> None:
        with pytest.raises(UnexpectedAnswer):
            answering(body, lambda a: a.check())


class TestTheirWords:
    def test_stand_beside_our_fields(self) -> None:
        errors = {"name": ["Too long."], "form.id": ["Unknown."], "novelty": ["New."]}
        body = {"error": {"message": "Invalid.", "status_code": 422, "errors": errors}}
        with pytest.raises(RequestRejected) as caught:
            answering(body, lambda a: a.create(draft()), "422 Unprocessable Entity")
        assert caught.value.field_errors == {
            "title": ["Too long."],
            "options.form": ["Unknown."],
            "novelty": ["New."],
        }
        assert "Invalid. Too long." in str(caught.value)

    def test_password_that_they_repeat_is_hidden(self) -> None:
        body = {"error": {"message": "'hunter2' is weak", "errors": {"password": ["hunter2"]}}}
        locked = draft(access="password", password="hunter2")
        with pytest.raises(RequestRejected) as caught:
            answering(body, lambda a: a.create(locked), "422 No")
        assert "hunter2" not in f"{caught.value} {vars(caught.value)}"

    def test_what_an_update_demands_is_added_and_no_more(self) -> None:
        """An update is "very similar to creating": a platform that wants the name is given it."""
        errors = {"name": ["Required."], "type": ["Required."]}
        seen: list[bytes] = []

        def handler(connection: socket.socket, request: bytes) -> None:
            body = request.partition(b"\r\n\r\n")[2]
            seen.append(body)
            whole = b"name=" in body and b"type=" in body
            answer = {"data": {"id": 7, "name": "x", "type": "permanent"}}
            refusal = {"error": {"message": "Invalid.", "errors": errors}}
            status = "200 OK" if whole else "422 No"
            says(json.dumps(answer if whole else refusal).encode(), status)(connection, request)

        shown = Record(Kind.CONFERENCE, "7", {"title": "x", "permanent": True, "description": "d"})
        with raw_server(handler) as server:
            adapter = opened(server.url)
            adapter.update(shown, {"open": False})
            adapter.close()
        assert seen == [b"status=inactive", b"name=x&type=permanent&status=inactive"]


class TestClocks:
    @pytest.mark.parametrize(
        ("zone", "moment"),
        [
            ("Europe/Warsaw", "2027-03-28T00:59:00Z"),
            ("Europe/Warsaw", "2027-03-28T01:00:00Z"),
            ("Europe/Warsaw", "2027-10-31T00:30:00Z"),
            ("Europe/Warsaw", "2027-10-31T02:00:00Z"),
            ("America/New_York", "2027-11-07T05:30:00Z"),
            ("Australia/Lord_Howe", "2027-04-03T14:45:00Z"),
            ("Asia/Kathmandu", "2027-07-01T10:00:00Z"),
        ],
    )
    def test_a_start_comes_back_as_the_same_moment(
        self, open_adapter: Open, zone: str, moment: str
    ) -> None:
        adapter = open_adapter()
        made = adapter.create(draft(timezone=zone, starts_at=moment))
        shown = adapter.get(Kind.CONFERENCE, made.external_id or "")
        assert shown.fields["starts_at"] == moment
        moved = adapter.update(shown, {"starts_at": "2027-12-01T10:00:00Z"})
        assert moved is not None
        back = adapter.update(moved, {"starts_at": moment})
        assert back is not None
        assert back.fields["starts_at"] == moment

    def test_the_second_of_two_equal_hours_is_refused_before_anything_is_sent(
        self, open_adapter: Open, sandbox: Any
    ) -> None:
        adapter = open_adapter()
        with pytest.raises(RequestRejected) as caught:
            adapter.create(draft(starts_at="2027-10-31T01:30:00Z"))
        assert list(caught.value.field_errors) == ["starts_at"]
        assert len(sandbox.requests) == 0


class TestPermanentRooms:
    def test_two_of_one_name_are_refused(
        self, open_adapter: Open, platform: Any, sandbox: Any
    ) -> None:
        """After a lost answer nothing could tell the first from a second."""
        adapter = open_adapter()
        sandbox.faults.add("cut_after", method="POST", count=1)
        with pytest.raises(OutcomeUnknown):
            adapter.create(draft(permanent=True))
        with pytest.raises(RequestRejected) as caught:
            adapter.create(draft(permanent=True, title="autumn tour "))
        assert list(caught.value.field_errors) == ["title"]
        assert len(platform.widgets()) == 1

    def test_a_list_that_cannot_be_read_makes_nothing(
        self, open_adapter: Open, platform: Any, sandbox: Any
    ) -> None:
        adapter = open_adapter()
        sandbox.faults.add("html", method="GET", count=1)
        with pytest.raises(PlatformUnavailable):
            adapter.create(draft(permanent=True))
        assert platform.widgets() == []

    def test_a_date_tells_scheduled_ones_apart(self, open_adapter: Open, sandbox: Any) -> None:
        adapter = open_adapter()
        adapter.create(draft())
        adapter.create(draft(starts_at="2026-12-02T13:00:00Z"))
        adapter.create(draft(permanent=True))
        assert len(all_records(adapter, Kind.CONFERENCE, None)) == 3


class TestPersonalLinks:
    def person(self, adapter: Adapter, kind: Kind, **fields: Any) -> Record:
        webinar = adapter.create(draft())
        given = {"email": "ann@example.com", **fields}
        return adapter.create(Draft(kind, given, parent_id=webinar.external_id))

    @pytest.mark.parametrize(
        ("kind", "fields", "role"),
        [
            (Kind.REGISTRATION, {"first_name": "Ann", "last_name": "Lee"}, "attendee"),
            (Kind.MODERATOR, {"name": "Ann Lee", "role": "presenter"}, "presenter"),
            (Kind.MODERATOR, {"name": "Ann Lee", "role": "host"}, "moderator"),
        ],
    )
    def test_the_answers_link_is_kept(
        self, open_adapter: Open, sandbox: Any, kind: Kind, fields: Any, role: str
    ) -> None:
        record = self.person(open_adapter(), kind, **fields)
        (link,) = sandbox.store("livewebinar").rows("links")
        assert record.external_id is None
        assert record.fields == {"email": "ann@example.com", **fields}
        assert link["personal_token"] in record.facts["join_url"]
        assert (link["role"], link["first_name"], link["last_name"]) == (role, "Ann", "Lee")

    def test_two_requests_make_two_links_so_nothing_is_repeated(
        self, open_adapter: Open, sandbox: Any
    ) -> None:
        """The document does not say that a second request answers the first link."""
        adapter = open_adapter()
        webinar = adapter.create(draft()).external_id
        person = Draft(Kind.REGISTRATION, {"email": "ann@example.com"}, parent_id=webinar)
        one, two = adapter.create(person), adapter.create(person)
        assert one.facts != two.facts
        for kind in (Kind.REGISTRATION, Kind.MODERATOR):
            assert not adapter.capabilities.kind(kind).upsert
        assert not adapter.capabilities.actions["join_link"].repeatable

    def test_a_token_alone_becomes_an_address(self) -> None:
        answers = {
            "POST /api/widgets/7/personal": ("201 Created", {"data": {"personal_token": "pp"}}),
            "GET /api/widgets/7": ("200 OK", {"data": {"id": 7, "name": "x", "token": "1-1-1"}}),
        }
        with raw_server(by_path(answers)) as server:
            adapter = opened(server.url)
            found = adapter.perform("join_link", "7", {"email": "ann@example.com"})
            adapter.close()
        assert found == {"join_url": f"{server.url}/1-1-1/p/pp"}

    @pytest.mark.parametrize("status", ["503 No", "429 Slow", "404 Gone", "401 Who"])
    def test_a_link_that_was_made_is_never_said_to_be_not(self, status: str) -> None:
        answers = {
            "POST /api/widgets/7/personal": ("201 Created", {"data": {"personal_token": "pp"}}),
            "GET /api/widgets/7": (status, {}),
            "POST /api/auth/login": ("503 No", {}),
        }
        person = Draft(Kind.REGISTRATION, {"email": "ann@example.com"}, parent_id="7")
        with raw_server(by_path(answers)) as server:
            adapter = opened(server.url)
            with pytest.raises(OutcomeUnknown):
                adapter.create(person)
            adapter.close()

    def test_a_form_is_answered_with_option_two(
        self, open_adapter: Open, sandbox: Any, platform: Any
    ) -> None:
        form = platform.add_form("Entry", [{"name": "company", "required": True}])
        adapter = open_adapter()
        webinar = adapter.create(draft(**{"options.form": form["id"]})).external_id or ""
        ann = {"email": "ann@example.com", "name": "Ann", "role": "attendee"}
        with pytest.raises(RequestRejected, match="company"):
            adapter.perform("join_link", webinar, ann)
        answered = {**ann, "answers": "company: Example Ltd"}
        found = adapter.perform("join_link_with_form", webinar, answered)
        (link,) = sandbox.store("livewebinar").rows("links")
        assert link["personal_token"] in found["join_url"]
        assert link["answers"] == {"company": "Example Ltd"}

    def test_a_registration_brings_answers_to_the_form_and_none_that_is_a_parameter(
        self, open_adapter: Open, sandbox: Any, platform: Any
    ) -> None:
        form = platform.add_form("Entry", [{"name": "company", "required": True}])
        adapter = open_adapter()
        webinar = adapter.create(draft(**{"options.form": form["id"]})).external_id or ""
        said = {"company": "Example Ltd", "role": "moderator", "emails": "x@example.com"}
        person = {"email": "ann@example.com", "answers": packed(said)}
        adapter.create(Draft(Kind.REGISTRATION, person, parent_id=webinar))
        (link,) = sandbox.store("livewebinar").rows("links")
        assert (link["email"], link["role"]) == ("ann@example.com", "attendee")
        assert link["answers"] == {"company": "Example Ltd"}

    @pytest.mark.parametrize(
        ("action", "arguments", "field"),
        [
            ("join_link", {"email": ""}, "email"),
            ("join_link", {"email": "ann@example.com", "role": "boss"}, "role"),
            ("join_link_with_form", {"email": "ann@example.com", "answers": ""}, "answers"),
            ("join_link_with_form", {"email": "ann@example.com", "answers": "x"}, "answers"),
        ],
    )
    def test_what_the_document_rules_out_is_not_sent(
        self, open_adapter: Open, sandbox: Any, action: str, arguments: Any, field: str
    ) -> None:
        adapter = open_adapter()
        with pytest.raises(RequestRejected) as caught:
            adapter.perform(action, "1", arguments)
        assert list(caught.value.field_errors) == [field]
        assert len(sandbox.requests) == 0


class TestRoomLinks:
    def test_every_role_has_its_address_with_name_and_picture(self, open_adapter: Open) -> None:
        adapter = open_adapter()
        webinar = adapter.create(draft())
        named = {"nickname": "John Doe", "avatar_url": "https://example.com/j.png"}
        found = adapter.perform("room_links", webinar.external_id or "", named)
        urls = {row["role"]: row["address"] for row in found["rows"]}
        room, query = webinar.facts["room_url"], "?_nickname=John%20Doe&avatar_url=https://exam"
        assert urls["attendee"].startswith(room + query)
        assert urls["host"].startswith(room + "/x/")
        assert query in urls["host"]
        assert found["facts"]["Embed option _license_key"] == webinar.facts["room_token"]
        assert webinar.facts["room_token"] in webinar.facts["embed_room_url"]


class TestBeyondTheDocument:
    def test_it_is_off_unless_the_account_says_so(self, open_adapter: Open, sandbox: Any) -> None:
        adapter = open_adapter()
        with pytest.raises(UnsupportedByPlatform, match="does not describe it"):
            adapter.list_all(Kind.RECORDING, "7")
        for action in ("registrants", "participants", "forms"):
            with pytest.raises(UnsupportedByPlatform, match="does not describe it"):
                adapter.perform(action, "7", {})
        assert len(sandbox.requests) == 0
        assert adapter.capabilities.kind(Kind.CONFERENCE).list.offered

    def test_people_and_forms_are_tables(self, open_adapter: Open, platform: Any) -> None:
        adapter = open_adapter(beyond="yes")
        webinar = adapter.create(draft()).external_id or ""
        platform.add_registrant(int(webinar), "ann@example.com", "Ann", "Lee")
        session = platform.start_session(int(webinar), ["bob@example.com"], minutes=30)
        platform.end_session(session["id"])
        form = platform.add_form("Entry", [])
        (ann,) = adapter.perform("registrants", webinar, {})["rows"]
        (bob,) = adapter.perform("participants", webinar, {})["rows"]
        assert (ann["email"], ann["first_name"]) == ("ann@example.com", "Ann")
        assert bob["email"] == "bob@example.com"
        assert bob["joined_at"].endswith("Z")
        assert adapter.perform("forms", "", {})["rows"] == [
            {"id": str(form["id"]), "name": "Entry"}
        ]

    def test_recordings_at_no_address_are_no_longer_offered(self) -> None:
        answers = {
            "GET /api/widgets/7/recordings": ("404 Not Found", {"error": {"message": "No"}}),
            "GET /api/widgets/7": ("200 OK", {"data": {"id": 7, "name": "x"}}),
        }
        with raw_server(by_path(answers)) as server:
            adapter = opened(server.url, beyond="yes")
            with pytest.raises(UnexpectedAnswer, match="Switch off"):
                all_records(adapter, Kind.RECORDING, "7")
            asked = len(server.requests)
            assert not adapter.capabilities.kind(Kind.RECORDING).list.offered
            with pytest.raises(UnsupportedByPlatform):
                adapter.list_all(Kind.RECORDING, "7")
            assert len(server.requests) == asked
            adapter.close()

    def test_recordings_of_a_room_that_is_gone_say_so(self, open_adapter: Open) -> None:
        adapter = open_adapter(beyond="yes")
        with pytest.raises(RecordNotFound):
            all_records(adapter, Kind.RECORDING, "404404")
        assert adapter.capabilities.kind(Kind.RECORDING).list.offered


def test_closing_and_opening_are_a_change_of_status(open_adapter: Open, sandbox: Any) -> None:
    adapter = open_adapter()
    shown = adapter.create(draft())
    sandbox.requests.clear()
    closed = adapter.update(shown, {"open": False})
    assert closed is not None
    assert closed.fields["open"] is False
    again = adapter.update(closed, {"open": True})
    assert again is not None
    assert again.fields["open"] is True
    assert [list(entry.form) for entry in sandbox.requests] == [
        [("status", "inactive")],
        [("status", "active")],
    ]


def test_a_change_of_nothing_sends_nothing(open_adapter: Open, sandbox: Any) -> None:
    adapter = open_adapter()
    webinar = adapter.create(draft())
    sandbox.requests.clear()
    assert adapter.update(webinar, {"password": "unused"}) == webinar
    assert len(sandbox.requests) == 0


def test_the_account_is_known_by_its_users_number(open_adapter: Open, platform: Any) -> None:
    found = open_adapter().check()
    assert found.identity == str(platform.user()["id"])
    assert "demo@example.com" in found.sentence
