"""What is ClickMeeting's own: paging, doors with a password or a token, mails, contacts."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from integrations.base.adapter import Adapter, Connection
from integrations.base.errors import (
    CredentialsRejected,
    OutcomeUnknown,
    PlatformError,
    PlatformUnavailable,
    RateLimited,
    RecordNotFound,
    RequestRejected,
    UnexpectedAnswer,
    UnsupportedByPlatform,
)
from integrations.base.records import Draft, Kind, Record
from integrations.registry import room
from tests.sandbox_client import RawClient
from tests.support.clickmeeting import draft
from tests.support.rawserver import raw_server, says

Open = Callable[..., Adapter]


@pytest.fixture
def open_adapter(sandbox: Any) -> Iterator[Open]:
    opened: list[Adapter] = []

    def make(base_url: str = "", **options: str) -> Adapter:
        key = sandbox.api_key("clickmeeting", "demo")
        address = base_url or sandbox.base_url("clickmeeting")
        opened.append(room("clickmeeting").open(Connection(address, {"api_key": key}, options)))
        return opened[-1]

    yield make
    for adapter in opened:
        adapter.close()


def a_room(adapter: Adapter, **fields: Any) -> Record:
    record = adapter.create(draft(**fields))
    assert record.external_id
    return record


def moderator(parent: Record, **fields: Any) -> Draft:
    person = {"email": "host@example.com", "name": "Host", "role": "presenter", **fields}
    return Draft(Kind.MODERATOR, person, parent_id=parent.external_id)


def answering(open_adapter: Open, body: bytes, use: Callable[[Adapter], Any]) -> Any:
    with raw_server(says(body)) as server:
        return use(open_adapter(server.url))


@pytest.mark.parametrize("way", ["object", "text", "empty"])
def test_each_way_of_confirming_a_deletion_is_believed(
    sandbox: Any, open_adapter: Open, way: str
) -> None:
    platform = sandbox.clickmeeting("demo")
    platform.deletions = way
    adapter = open_adapter()
    made = a_room(adapter, permanent=True)
    recording = platform.add_recording(int(made.external_id or ""))
    adapter.delete(Kind.RECORDING, f"{made.external_id}/{recording['id']}")
    adapter.perform("delete_all_recordings", made.external_id or "", {})
    adapter.delete(Kind.CONFERENCE, made.external_id or "")
    assert not platform.rooms()


def test_the_frame_shows_a_page_and_no_script(sandbox: Any, open_adapter: Open) -> None:
    made = a_room(open_adapter(), title="Autumn tour", permanent=True)
    frame = made.facts["embed_room_url"].removeprefix(sandbox.url)
    answer = RawClient(sandbox.url).get(frame)
    assert answer.headers["content-type"].startswith("text/html")
    assert "Autumn tour" in answer.text


def test_settings_that_are_not_shown_again_are_never_compared(open_adapter: Open) -> None:
    adapter = open_adapter()
    sent = {"options.recorder_autostart_enabled": True, "options.thank_you_emails_enabled": False}
    made = a_room(adapter, permanent=True, **sent)
    shown = adapter.get(Kind.CONFERENCE, made.external_id or "").fields
    assert shown["options.thank_you_emails_enabled"] is False
    rules = adapter.capabilities.kind(Kind.CONFERENCE).fields
    silent = {n for n, rule in rules.items() if "does not show it again" in rule.sentence}
    assert silent == {n for n in rules if n.startswith("options.")} - shown.keys()


@pytest.mark.parametrize(
    ("status", "error"),
    [
        ("403 Forbidden", CredentialsRejected),
        ("404 Not Found", RecordNotFound),
        ("429 Too Many Requests", RateLimited),
        ("502 Bad Gateway", PlatformUnavailable),
    ],
)
def test_pages_in_place_of_errors_are_told_in_plain_words(
    open_adapter: Open, status: str, error: type[PlatformError]
) -> None:
    page = b"<!doctype html><title>Blocked</title><h1>Request blocked</h1>"
    server = raw_server(says(page, status, "Content-Type: text/html"))
    with server as line, pytest.raises(error) as caught:
        open_adapter(line.url).get(Kind.CONFERENCE, "7")
    assert "<" not in caught.value.message
    assert caught.value.message.endswith(".")


class TestListing:
    def test_active_is_one_call_and_inactive_is_read_to_a_short_page(
        self, sandbox: Any, open_adapter: Open
    ) -> None:
        platform = sandbox.clickmeeting("demo")
        for number in range(253):
            made = platform.add_room(f"Room {number}", permanent=True)
            if number > 1:
                platform.edit_room(made["id"], status="inactive")
        pages = list(open_adapter().list_all(Kind.CONFERENCE))

        assert [len(page.records) for page in pages] == [2, 250, 1]
        assert len({r.external_id for page in pages for r in page.records}) == 253
        queries = [dict(entry.query) for entry in sandbox.requests]
        assert queries == [{}, {"page": "1"}, {"page": "2"}]

    def test_a_full_last_page_is_followed_by_an_empty_one(
        self, sandbox: Any, open_adapter: Open
    ) -> None:
        platform = sandbox.clickmeeting("demo")
        for number in range(250):
            made = platform.add_room(f"Room {number}", permanent=True)
            platform.edit_room(made["id"], status="inactive")
        pages = list(open_adapter().list_all(Kind.CONFERENCE))
        assert [len(page.records) for page in pages] == [0, 250, 0]

    def test_pages_that_repeat_do_not_go_on_for_ever(self, open_adapter: Open) -> None:
        row = '{"id": %d, "name": "x", "permanent_room": true}'
        body = "[" + ",".join(row % number for number in range(250)) + "]"
        with pytest.raises(UnexpectedAnswer):
            answering(open_adapter, body.encode(), lambda a: list(a.list_all(Kind.CONFERENCE)))

    @pytest.mark.parametrize(
        "body",
        [
            b'{"active_conferences": [ROW], "inactive_conferences": [ROW]}',
            b'{"0": ROW}',
            b"[ROW]",
        ],
    )
    def test_every_shape_of_a_listing_is_read(self, open_adapter: Open, body: bytes) -> None:
        body = body.replace(b"ROW", b'{"id": 7, "name": "x", "permanent_room": true}')
        pages = answering(open_adapter, body, lambda a: list(a.list_all(Kind.CONFERENCE)))
        assert [[r.external_id for r in page.records] for page in pages] == [["7"], ["7"]]

    def test_an_envelope_of_another_listing_is_not_believed(self, open_adapter: Open) -> None:
        body = b'{"inactive_conferences": []}'
        with pytest.raises(UnexpectedAnswer):
            answering(open_adapter, body, lambda a: list(a.list_all(Kind.CONFERENCE)))


class TestAnswersThatMakeNoSense:
    def test_another_room_is_not_the_one_asked_for(self, open_adapter: Open) -> None:
        body = b'{"conference": {"id": 8, "name": "x", "permanent_room": true}}'
        with pytest.raises(UnexpectedAnswer):
            answering(open_adapter, body, lambda a: a.get(Kind.CONFERENCE, "7"))

    @pytest.mark.parametrize("body", [b"{}", b"[]", b"null", b'{"room": {}}', b'{"errors": []}'])
    def test_a_change_without_a_proper_answer_may_have_happened(
        self, open_adapter: Open, body: bytes
    ) -> None:
        shown = Record(Kind.CONFERENCE, "7", {"title": "x", "permanent": True})
        person = Draft(Kind.REGISTRATION, {"email": "ann@example.com"}, parent_id="7")
        for use in (
            lambda a: a.create(draft()),
            lambda a: a.update(shown, {"title": "y"}),
            lambda a: a.delete(Kind.CONFERENCE, "7"),
            lambda a: a.create(person),
            lambda a: a.perform("invite_by_platform", "7", {"attendees": ["ann@example.com"]}),
        ):
            with pytest.raises(OutcomeUnknown):
                answering(open_adapter, body, use)

    @pytest.mark.parametrize("body", [b'{"ping": "pang"}', b"[]", b'"pong"', b"null"])
    def test_a_ping_is_answered_with_pong(self, open_adapter: Open, body: bytes) -> None:
        with pytest.raises(UnexpectedAnswer):
            answering(open_adapter, body, lambda a: a.check())


class TestTheirWords:
    def test_stand_beside_our_fields(self, open_adapter: Open) -> None:
        body = (
            b'{"code": "422", "name": "Unprocessable Entity", "errors": ['
            b'{"name": "name", "message": "Too long."},'
            b'{"name": "settings[thank_you_page_url]", "message": "No address."},'
            b'{"name": "novelty", "message": "Unknown."}, {"message": "And more."}, 5]}'
        )
        refusing = raw_server(says(body, "422 No"))
        with refusing as server, pytest.raises(RequestRejected) as caught:
            open_adapter(server.url).create(draft())
        assert caught.value.field_errors == {
            "title": ["Too long."],
            "options.thank_you_page_url": ["No address."],
            "novelty": ["Unknown."],
        }
        assert "Too long. No address. Unknown. And more." in str(caught.value)

    def test_password_that_they_repeat_is_hidden(self, open_adapter: Open) -> None:
        body = b'{"errors": [{"name": "password", "message": "\'hunter2\' is weak"}]}'
        refusing = raw_server(says(body, "422 No"))
        with refusing as server, pytest.raises(RequestRejected) as caught:
            open_adapter(server.url).create(draft(access="password", password="hunter2"))
        assert "hunter2" not in f"{caught.value} {vars(caught.value)}"


class TestPersonalLinks:
    def test_moderators_link_lets_in(self, open_adapter: Open, sandbox: Any) -> None:
        adapter = open_adapter()
        webinar = a_room(adapter)
        sandbox.requests.clear()
        record = adapter.create(moderator(webinar))

        assert record.external_id is None
        assert record.facts["join_url"].startswith(webinar.facts["room_url"] + "?l=")
        assert len(sandbox.requests) == 2

    def test_room_with_a_password_asks_for_it(self, open_adapter: Open, sandbox: Any) -> None:
        adapter = open_adapter()
        webinar = a_room(adapter, access="password", password="hunter2")
        with pytest.raises(RequestRejected) as caught:
            adapter.create(moderator(webinar))
        assert "password" in caught.value.field_errors

        record = adapter.create(moderator(webinar, password="hunter2"))
        assert "?l=" in record.facts["join_url"]
        assert "password" not in record.fields

    def test_room_with_tokens_gives_each_link_its_own(
        self, open_adapter: Open, sandbox: Any
    ) -> None:
        adapter = open_adapter()
        webinar = a_room(adapter, access="token")
        for email in ("one@example.com", "two@example.com"):
            adapter.create(moderator(webinar, email=email))
        forms = [
            dict(entry.form)
            for entry in sandbox.requests.matching("POST", "/v1/conferences/*/autologin_hash")
        ]
        assert len(forms) == 2
        tokens = adapter.perform("access_tokens", webinar.external_id or "", {})["rows"]
        assert len(tokens) == 2

    @pytest.mark.parametrize(
        ("action", "arguments", "field"),
        [
            ("join_link", {"email": ""}, "email"),
            ("join_link", {"email": "ann@example.com", "role": "boss"}, "role"),
            ("invite_by_platform", {"attendees": []}, "attendees"),
            ("invite_by_platform", {"attendees": ["a@example.com"], "role": "host"}, "role"),
            ("invite_by_platform", {"attendees": ["a@example.com"], "template": "x"}, "template"),
            ("generate_access_tokens", {"how_many": 1001}, "how_many"),
            ("generate_access_tokens", {"how_many": "3"}, "how_many"),
            ("generate_access_tokens", {}, "how_many"),
        ],
    )
    def test_what_the_document_rules_out_is_not_sent(
        self, open_adapter: Open, sandbox: Any, action: str, arguments: Any, field: str
    ) -> None:
        with pytest.raises(RequestRejected) as caught:
            open_adapter().perform(action, "1", arguments)
        assert list(caught.value.field_errors) == [field]
        assert len(sandbox.requests) == 0


class TestOptions:
    def test_people_are_kept_out_of_the_contacts_by_default(
        self, open_adapter: Open, sandbox: Any
    ) -> None:
        adapter = open_adapter()
        assert not adapter.capabilities.kind(Kind.ATTENDEE).create.offered
        with pytest.raises(UnsupportedByPlatform, match="out of ClickMeeting's contacts"):
            adapter.create(Draft(Kind.ATTENDEE, {"email": "ann@example.com"}))
        assert len(sandbox.requests) == 0
        assert room("clickmeeting").capabilities.kind(Kind.ATTENDEE).create.offered

    def test_writing_a_contact_again_updates_it(self, open_adapter: Open, sandbox: Any) -> None:
        adapter = open_adapter(contacts="yes")
        for company in ("Old", "New"):
            fields = {"email": "ann@example.com", "company": company}
            adapter.create(Draft(Kind.ATTENDEE, fields))
        (contact,) = sandbox.store("clickmeeting").rows("contacts")
        assert contact["company"] == "New"

    def test_their_confirmation_mail_goes_out_only_in_a_chosen_language(
        self, open_adapter: Open, sandbox: Any
    ) -> None:
        webinar = a_room(open_adapter(), registration_enabled=True)
        for email, options in (
            ("one@example.com", {}),
            ("two@example.com", {"confirmation_language": "pl"}),
        ):
            person = Draft(Kind.REGISTRATION, {"email": email}, parent_id=webinar.external_id)
            open_adapter(**options).create(person)
        assert len(sandbox.store("clickmeeting").rows("mails")) == 1


def test_a_change_of_nothing_sends_nothing(open_adapter: Open, sandbox: Any) -> None:
    adapter = open_adapter()
    webinar = a_room(adapter)
    sandbox.requests.clear()
    assert adapter.update(webinar, {"password": "unused"}) == webinar
    assert len(sandbox.requests) == 0


def test_report_is_ordered_and_asked_after_by_the_same_call(
    open_adapter: Open, sandbox: Any
) -> None:
    adapter = open_adapter()
    webinar = a_room(adapter)
    platform = sandbox.clickmeeting("demo")
    session = platform.start_session(int(webinar.external_id or ""), [], minutes=5)
    platform.end_session(session["id"])
    target = f"{webinar.external_id}/{session['id']}"
    answers = [adapter.perform("generate_report", target, {"lang": "en"}) for _ in range(6)]
    assert answers[0]["status"] == "NEW"
    assert answers[-1]["status"] == "FINISHED"
    assert answers[-1]["url"].startswith("http")
