"""What is MyOwnConference's own: refusals inside a 200, aliases, listings."""

import json
import socket
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl

import pytest

from integrations.base.adapter import Adapter, Connection
from integrations.base.errors import (
    CredentialsRejected,
    OutcomeUnknown,
    PlatformUnavailable,
    RecordNotFound,
    RequestRejected,
    UnexpectedAnswer,
)
from integrations.base.records import Draft, Kind, Record
from integrations.registry import room
from tests.contract.worlds.promises import all_records
from tests.support.myownconference import ALIAS, example, person, scripted, webinar
from tests.support.myownconference import says as answer_of
from tests.support.rawserver import raw_server, says

SLUG = "myownconference"
NOBODYS = "aaaa-bbbb-cccc-dddd"
Open = Callable[..., Adapter]


@pytest.fixture
def platform(sandbox: Any) -> Any:
    return sandbox.account(SLUG)


@pytest.fixture
def open_adapter(sandbox: Any) -> Iterator[Open]:
    opened: list[Adapter] = []

    def make(base_url: str = "", key: str = "", learned: Any = None, **options: str) -> Adapter:
        credentials = {"api_key": key or sandbox.api_key(SLUG)}
        address = base_url or sandbox.base_url(SLUG)
        opened.append(
            room(SLUG).open(Connection(address, credentials, options, learned=learned or {}))
        )
        return opened[-1]

    yield make
    for adapter in opened:
        adapter.close()


@pytest.fixture
def calls(sandbox: Any) -> Callable[[], list[str]]:
    """The commands sent since the last time it was asked."""

    def asked() -> list[str]:
        found = [entry.path.strip("/") for entry in sandbox.requests]
        sandbox.requests.clear()
        return found

    return asked


class TestRefusalsInsideA200:
    REFUSED = {"error": "No."}
    PROFILE = example("profile")

    def test_where_the_key_opens_the_profile_the_command_was_refused(
        self, open_adapter: Open
    ) -> None:
        answers = {"webinarsCreate": self.REFUSED, "profileGet": self.PROFILE}
        with scripted(answers) as server, pytest.raises(RequestRejected, match=r"No\.") as caught:
            open_adapter(server.url).create(webinar())
        assert caught.value.status == 200

    def test_where_it_does_not_the_key_was(self, open_adapter: Open) -> None:
        answers = {"attendeesList": self.REFUSED, "profileGet": self.REFUSED}
        with scripted(answers) as server, pytest.raises(CredentialsRejected):
            all_records(open_adapter(server.url), Kind.ATTENDEE, None)

    def test_account_without_the_api_is_told_so(self, open_adapter: Open, platform: Any) -> None:
        platform.api_enabled = False
        try:
            with pytest.raises(CredentialsRejected):
                open_adapter().check()
        finally:
            platform.api_enabled = True

    def test_a_listing_that_is_refused_is_not_an_empty_one(self, open_adapter: Open) -> None:
        answers = {"attendeesList": self.REFUSED, "profileGet": self.PROFILE}
        with scripted(answers) as server, pytest.raises(UnexpectedAnswer):
            all_records(open_adapter(server.url), Kind.ATTENDEE, None)

    def test_get_of_what_the_listing_shows_is_a_refusal(self, open_adapter: Open) -> None:
        """Whatever the words of the refusal say."""
        answers = {
            "webinarsList": example("webinars"),
            "webinarsGetInfo": {"error": f'Webinar with alias "{ALIAS}" not found'},
            "profileGet": self.PROFILE,
        }
        with scripted(answers) as server, pytest.raises(RequestRejected):
            open_adapter(server.url).get(Kind.CONFERENCE, ALIAS)

    def test_get_of_what_the_listing_lost_meanwhile_is_an_absence(
        self, open_adapter: Open, platform: Any
    ) -> None:
        adapter = open_adapter()
        alias = adapter.create(webinar()).external_id or ""
        platform.delete_webinar(alias)
        for use in (
            lambda: adapter.get(Kind.CONFERENCE, alias),
            lambda: adapter.delete(Kind.CONFERENCE, alias),
            lambda: adapter.update(Record(Kind.CONFERENCE, alias, {}), {"title": "x"}),
            lambda: all_records(adapter, Kind.REGISTRATION, alias),
            lambda: adapter.perform("chat_off", alias, {}),
        ):
            with pytest.raises(RecordNotFound):
                use()
        assert platform.foreign_alias_calls == 0

    def test_an_error_in_no_response_is_no_refusal(self, open_adapter: Open) -> None:
        saying = raw_server(says(b'{"error": "busy"}'))
        with saying as server, pytest.raises(UnexpectedAnswer):
            open_adapter(server.url).check()

    @pytest.mark.parametrize("response", [None, [], {}, "OK", {"success": None}, {"alias": ALIAS}])
    def test_a_change_without_a_proper_answer_may_have_happened(
        self, open_adapter: Open, response: Any
    ) -> None:
        answers = {
            "profileGet": self.PROFILE,
            "webinarsList": example("webinars"),
            "moderatorsList": example("moderators"),
            "attendeesList": example("registrations"),
            **dict.fromkeys(
                (
                    "webinarsCreate",
                    "webinarsSet",
                    "webinarsDelete",
                    "webinarsLockChat",
                    "attendeesAddToWebinar",
                    "attendeesRemoveFromWebinar",
                    "moderatorsAddToWebinar",
                ),
                response,
            ),
        }
        shown = Record(Kind.CONFERENCE, ALIAS, {"title": "x"})
        host = Draft(Kind.MODERATOR, {"email": "host@example.com"}, parent_id=ALIAS)
        with scripted(answers) as server:
            adapter = open_adapter(server.url)
            for use in (
                lambda: adapter.create(webinar()),
                lambda: adapter.update(shown, {"title": "y"}),
                lambda: adapter.delete(Kind.CONFERENCE, ALIAS),
                lambda: adapter.create(person(ALIAS)),
                lambda: adapter.delete(Kind.REGISTRATION, f"{ALIAS}/ann@example.com"),
                lambda: adapter.create(host),
                lambda: adapter.perform("chat_off", ALIAS, {}),
            ):
                with pytest.raises(OutcomeUnknown):
                    use()


class TestAliases:
    def test_one_that_no_listing_shows_is_never_asked_about(
        self, open_adapter: Open, platform: Any, calls: Any
    ) -> None:
        adapter = open_adapter()
        for use in (
            lambda: adapter.get(Kind.CONFERENCE, NOBODYS),
            lambda: adapter.delete(Kind.CONFERENCE, NOBODYS),
            lambda: adapter.update(Record(Kind.CONFERENCE, NOBODYS, {}), {"title": "x"}),
            lambda: all_records(adapter, Kind.MODERATOR, NOBODYS),
            lambda: all_records(adapter, Kind.REGISTRATION, NOBODYS),
            lambda: all_records(adapter, Kind.SESSION, NOBODYS),
            lambda: all_records(adapter, Kind.ATTENDANCE, f"{NOBODYS}/run"),
            lambda: all_records(adapter, Kind.RECORDING, NOBODYS),
            lambda: adapter.create(person(NOBODYS)),
            lambda: adapter.delete(Kind.REGISTRATION, f"{NOBODYS}/ann@example.com"),
            lambda: adapter.delete(Kind.RECORDING, f"{NOBODYS}/1"),
            lambda: adapter.perform("stop", NOBODYS, {}),
            lambda: adapter.perform("letters", NOBODYS, {}),
            lambda: adapter.perform("join_link", NOBODYS, {"email": "ann@example.com"}),
        ):
            with pytest.raises(RecordNotFound):
                use()
        assert platform.foreign_alias_calls == 0
        assert set(calls()) <= {"webinarsList", "profileGet"}

    def test_one_is_looked_up_once(self, open_adapter: Open, platform: Any, calls: Any) -> None:
        alias = platform.add_webinar("Made there")["alias"]
        adapter = open_adapter()
        for _ in range(2):
            adapter.perform("letters", alias, {})
        assert calls() == ["webinarsList", *["webinarsGetLettersInfo"] * 2]

    def test_what_we_made_needs_no_looking_up(self, open_adapter: Open, calls: Any) -> None:
        adapter = open_adapter()
        alias = adapter.create(webinar()).external_id or ""
        adapter.perform("letters_off", alias, {})
        assert calls() == ["profileGet", "webinarsCreate", "webinarsLettersOff"]

    def test_recordings_and_files_of_others_are_not_asked_for(
        self, open_adapter: Open, platform: Any, calls: Any
    ) -> None:
        adapter = open_adapter()
        alias = adapter.create(webinar()).external_id or ""
        other = platform.add_webinar("Another")["alias"]
        recording = platform.add_recording(other)["id"]
        file = platform.add_file(other, "slides.pdf")["id"]
        calls()
        with pytest.raises(RecordNotFound):
            adapter.delete(Kind.RECORDING, f"{alias}/{recording}")
        with pytest.raises(RequestRejected):
            adapter.perform("slides_show", alias, {"id": str(file), "slide": 1})
        with pytest.raises(RecordNotFound):
            adapter.download("download_file", alias, {"id": str(file)})
        assert "webinarsRecordDelete" not in calls()

    def test_groups_are_looked_up_as_well(self, open_adapter: Open, calls: Any) -> None:
        adapter = open_adapter()
        for use in (
            lambda: adapter.delete(Kind.GROUP, "404"),
            lambda: adapter.update(Record(Kind.GROUP, "404", {}), {"name": "x"}),
            lambda: all_records(adapter, Kind.MEMBERSHIP, "404"),
            lambda: adapter.delete(Kind.MEMBERSHIP, "404/ann@example.com"),
        ):
            with pytest.raises(RecordNotFound):
                use()
        assert set(calls()) == {"attendeesGroupsList"}


class TestListing:
    def test_it_is_two_calls_whatever_there_is_and_details_are_one_each(
        self, open_adapter: Open, platform: Any, calls: Any
    ) -> None:
        for number in range(30):
            platform.add_webinar(f"Webinar {number}")
        adapter = open_adapter()
        records = all_records(adapter, Kind.CONFERENCE, None)
        assert len(records) == 30
        assert all(r.partial and "duration_minutes" not in r.fields for r in records)
        assert calls() == ["profileGet", "webinarsList", "webinarsList"]

        details = adapter.get(Kind.CONFERENCE, records[0].external_id or "")
        assert details.fields["duration_minutes"] == 60
        assert calls() == ["webinarsGetInfo"]

    def test_finished_ones_are_there_too_and_closed(
        self, open_adapter: Open, platform: Any
    ) -> None:
        alias = platform.add_webinar("Over", start=datetime(2020, 1, 1, 9, tzinfo=UTC))["alias"]
        platform.add_webinar("To come")
        found = {r.fields["title"]: r for r in all_records(open_adapter(), Kind.CONFERENCE, None)}
        assert found["Over"].external_id == alias
        assert (found["Over"].fields["open"], found["To come"].fields["open"]) == (False, True)

    def test_people_are_one_call(self, open_adapter: Open, platform: Any, calls: Any) -> None:
        for number in range(250):
            platform.add_attendee(f"p{number}@example.com", f"Person {number}")
        (page,) = open_adapter().list_all(Kind.ATTENDEE)
        assert page.total == len(page.records) == 250
        assert calls() == ["attendeesList"]

    def test_or_read_page_by_page_where_the_platform_cuts_the_list(
        self, open_adapter: Open
    ) -> None:
        """The document names both: no paging without `onPage`, and a default of 100."""
        people = [{"name": f"P {n}", "email": f"p{n}@example.com"} for n in range(250)]
        asked: list[dict[str, Any]] = []

        def handler(connection: socket.socket, request: bytes) -> None:
            body = request.partition(b"\r\n\r\n")[2].decode()
            params = json.loads(dict(parse_qsl(body))["request"])["params"]
            asked.append(params)
            first = (int(params.get("page", 1)) - 1) * 100
            page = {"count": "250", "list": people[first : first + 100]}
            says(answer_of(page))(connection, request)

        with raw_server(handler) as server:
            pages = list(open_adapter(server.url).list_all(Kind.ATTENDEE))
        assert [len(page.records) for page in pages] == [100, 100, 50]
        assert len({r.external_id for page in pages for r in page.records}) == 250
        assert [(p.get("page"), p.get("onPage")) for p in asked] == [
            (None, None),
            (1, 100),
            (2, 100),
            (3, 100),
        ]

    def test_a_list_that_ends_too_early_says_so_by_its_total(self, open_adapter: Open) -> None:
        with scripted({"attendeesList": {"count": "3", "list": []}}) as server:
            pages = list(open_adapter(server.url).list_all(Kind.ATTENDEE))
        assert [(page.total, page.records) for page in pages] == [(3, ())]

    def test_groups_in_a_list_inside_a_list(self, open_adapter: Open, platform: Any) -> None:
        platform.add_group("Guests")
        platform.add_group("Guests")
        records = all_records(open_adapter(), Kind.GROUP, None)
        assert [r.fields["name"] for r in records] == ["Guests", "Guests"]
        assert len({r.external_id for r in records}) == 2


def test_a_line_that_breaks_while_the_key_is_tried_says_nothing_of_the_key(
    open_adapter: Open,
) -> None:
    def handler(connection: socket.socket, request: bytes) -> None:
        if b"profileGet" not in request:
            says(answer_of({"error": "No."}))(connection, request)

    with raw_server(handler) as server, pytest.raises(PlatformUnavailable):
        open_adapter(server.url).create(Draft(Kind.GROUP, {"name": "x"}))
