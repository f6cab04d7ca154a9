"""Each request leaves a line in the log, an answer that makes no sense a warning, a 429 a call."""

import logging
from collections.abc import Iterator
from typing import Any

import pytest

from integrations.base.adapter import AccountCheck, Adapter, Connection
from integrations.base.capabilities import Capabilities
from integrations.base.errors import (
    OutcomeUnknown,
    PlatformUnavailable,
    RateLimited,
    UnexpectedAnswer,
)
from integrations.base.evidence import reported
from integrations.base.http import Answer, Effect, Http
from integrations.base.outcome import once_sent
from integrations.base.reading import Row
from integrations.base.records import Kind, Page
from tests.support.rawserver import KEY, Handler, raw_server, says

ASKED = "/people/ann@example.com?token=s3cret-in-the-address"


class Client(Http):
    """One account that is known as Sales, with a key that may have to be renewed."""

    def __init__(self, url: str, **options: Any) -> None:
        super().__init__("Example", url, secrets=(KEY,), account="Sales", **options)

    def key(self) -> str:
        return "old-key-1234"

    def is_stale(self, answer: Answer) -> bool:
        return answer.status == 401

    def fresh_key(self, refused: str) -> str:
        return "new-key-1234"


class Example(Adapter):
    """A room that lists things without a title."""

    capabilities = Capabilities("example", "Example", {})

    def __init__(self, http: Http) -> None:
        self.http = http

    def check(self) -> AccountCheck:
        Row(self.http.json(Effect.READ, "GET", "/", "ask who"), "user", "Example").ident("id")
        return AccountCheck("", "")

    def list_all(self, kind: Kind, parent_id: str | None = None) -> Iterator[Page]:
        answer = self.http.json(Effect.READ, "GET", "/", "list things")
        yield Page(())
        Row(answer, "thing", "Example").needed_text("title")

    def close(self) -> None:
        self.http.close()


@pytest.fixture
def log(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    caplog.set_level(logging.INFO, logger="lectern.requests")
    return caplog


def ask(handler: Handler, effect: Effect = Effect.READ, **options: Any) -> Any:
    with raw_server(handler) as server:
        http = Client(server.url, **options)
        try:
            send = {"json": {"name": "Ann Planted"}, "hide": ("hidden-word",)}
            return http.json(effect, "POST", ASKED, "find people", **send)
        finally:
            http.close()


def fields(record: logging.LogRecord, *names: str) -> tuple[Any, ...]:
    return tuple(getattr(record, name) for name in names)


class TestEachRequest:
    def test_is_told_with_what_it_was_and_how_it_went(self, log: Any) -> None:
        ask(says(b"{}"))
        (record,) = log.records
        shown = fields(record, "account", "platform", "operation", "method", "status", "effect")
        assert shown == ("Sales", "Example", "find people", "POST", 200, "read")
        assert record.attempt == 1
        assert 0 <= record.ms < 60_000
        assert record.getMessage() == (
            f"Example, Sales: find people (POST, read, attempt 1) status 200 in {record.ms} ms"
        )

    def test_and_so_is_each_attempt_with_another_key(self, log: Any) -> None:
        with pytest.raises(Exception, match="refused our credentials"):
            ask(says(b"{}", "401 Unauthorized"))
        assert [fields(r, "status", "attempt") for r in log.records] == [(401, 1), (401, 2)]

    def test_and_one_that_was_never_answered(self, log: Any) -> None:
        http = Client("http://127.0.0.1:1")
        with pytest.raises(PlatformUnavailable):
            http.json(Effect.CHANGE, "PUT", "/", "change it")
        assert fields(log.records[0], "status", "effect") == (None, "change")

    def test_and_a_file(self, log: Any) -> None:
        with raw_server(says(b"file")) as server:
            http = Client(server.url)
            assert b"".join(http.stream(ASKED, "download it")) == b"file"
            http.close()
        assert fields(log.records[0], "operation", "status") == ("download it", 200)

    @pytest.mark.parametrize("body", [b"{}", KEY.encode(), b'{"name": "Ann Planted"}'])
    def test_holds_no_secret_no_address_no_body_and_nobody(self, log: Any, body: bytes) -> None:
        with pytest.raises(Exception, match="Example"):
            ask(says(body, "400 Bad Request"))
        for record in log.records:
            told = f"{record.getMessage()} {vars(record)}"
            for planted in (KEY, "ann@example.com", "s3cret", "Planted", "hidden-word", "key-1234"):
                assert planted not in told


class TestAnAnswerThatMakesNoSense:
    BODY = b'{"id": null, "api_key": "abcdef123456", "note": "old-key-1234"}'

    def warned(self, log: Any) -> logging.LogRecord:
        (record,) = [r for r in log.records if r.levelno == logging.WARNING]
        assert "abcdef123456" not in record.getMessage()
        assert "old-key-1234" not in record.getMessage()
        return record

    def test_is_shown_without_its_secrets_and_kept_with_the_error(self, log: Any) -> None:
        with raw_server(says(self.BODY)) as server:
            adapter = Example(Client(server.url))
            with pytest.raises(UnexpectedAnswer) as caught:
                adapter.check()
            adapter.close()
        error, record = caught.value, self.warned(log)
        assert (error.operation, error.status) == ("ask who", 200)
        assert error.excerpt.startswith('{"id": null, "api_key": "[secret]"')
        assert fields(record, "operation", "status") == ("ask who", 200)
        assert error.excerpt in record.getMessage()

    def test_also_in_the_middle_of_a_listing(self, log: Any) -> None:
        with raw_server(says(self.BODY)) as server:
            adapter = Example(Client(server.url))
            pages = adapter.list_all(Kind.CONFERENCE)
            next(pages)
            with pytest.raises(UnexpectedAnswer) as caught:
                next(pages)
            adapter.close()
        assert (caught.value.operation, caught.value.status) == ("list things", 200)
        self.warned(log)

    def test_also_where_it_leaves_an_outcome_unknown(self, log: Any) -> None:
        with raw_server(says(self.BODY)) as server:
            http = Client(server.url)
            with pytest.raises(OutcomeUnknown) as caught, once_sent(http):
                Row(http.json(Effect.CREATE, "POST", "/", "make it"), "x", "Example").ident("id")
            http.close()
        assert (caught.value.operation, caught.value.status) == ("make it", 200)
        assert caught.value.excerpt.startswith('{"id": null')
        self.warned(log)

    @pytest.mark.parametrize(
        ("effect", "error"), [(Effect.READ, UnexpectedAnswer), (Effect.CREATE, OutcomeUnknown)]
    )
    def test_also_where_it_is_no_json(self, log: Any, effect: Effect, error: type) -> None:
        with pytest.raises(error):
            ask(says(b"<p>abcdef</p>"), effect)
        assert "<p>abcdef</p>" in self.warned(log).getMessage()

    def test_has_nothing_of_an_earlier_answer(self, log: Any) -> None:
        with raw_server(says(self.BODY)) as server:
            Client(server.url).json(Effect.READ, "GET", "/", "ask who")
        http = Client("http://127.0.0.1:1")
        with pytest.raises(PlatformUnavailable):
            http.json(Effect.READ, "GET", "/", "ask again")
        with pytest.raises(UnexpectedAnswer) as caught, once_sent(http):
            raise UnexpectedAnswer("Nothing came.")
        assert caught.value.excerpt == ""


class TestSlowDown:
    def test_each_429_is_passed_on(self) -> None:
        told: list[RateLimited] = []
        with pytest.raises(RateLimited):
            ask(says(b"{}", "429 Too Many Requests", "Retry-After: 17"), limited=told.append)
        with pytest.raises(RateLimited), raw_server(says(b"", "429 Too Many Requests")) as server:
            next(Client(server.url, limited=told.append).stream("/", "download it"))
        assert [(error.retry_after, error.status) for error in told] == [(17.0, 429), (None, 429)]

    def test_nothing_else_is(self) -> None:
        told: list[RateLimited] = []
        with pytest.raises(PlatformUnavailable):
            ask(says(b"{}", "503 Service Unavailable", "Retry-After: 17"), limited=told.append)
        assert told == []

    def test_a_connection_tells_its_http_client_whom_to_call(self) -> None:
        told: list[RateLimited] = []
        connection = Connection("", {}, limited=told.append, label="Sales")
        options = connection.http_options()
        assert options["limited"] is connection.limited
        assert options["account"] == "Sales"


class TestAWarning:
    """It stands for itself: whoever reads it need not look for the request that it belongs to."""

    def warned(self, log: Any, body: bytes, effect: Effect = Effect.READ) -> logging.LogRecord:
        with pytest.raises((UnexpectedAnswer, OutcomeUnknown)):
            ask(says(body), effect)
        (record,) = [r for r in log.records if r.levelno == logging.WARNING]
        return record

    def test_has_the_fields_of_its_request(self, log: Any) -> None:
        record = self.warned(log, b"<p>no</p>", Effect.CREATE)
        (asked,) = [r for r in log.records if r.levelno == logging.INFO]
        names = ("account", "platform", "operation", "method", "status", "ms", "attempt", "effect")
        assert fields(record, *names) == fields(asked, *names)
        assert fields(record, "account", "method", "effect") == ("Sales", "POST", "create")
        assert record.getMessage().startswith("Example, Sales: an answer to find people ")

    def test_also_where_no_answer_was_taken_in(self, log: Any) -> None:
        http = Client("http://10.1.2.3")
        with pytest.raises(UnexpectedAnswer):
            next(http.stream("http://127.0.0.1/x", "download it"))
        record = next(r for r in log.records if r.levelno == logging.WARNING)
        shown = fields(record, "account", "operation", "method", "effect", "attempt")
        assert shown == ("Sales", "download it", "GET", "read", 1)
        assert record.ms >= 0

    def test_has_the_account_alone_where_something_else_was_asked_since(self, log: Any) -> None:
        with raw_server(says(b"{}")) as server:
            http = Client(server.url)
            http.json(Effect.READ, "GET", "/", "ask who")
            with pytest.raises(UnexpectedAnswer), reported():
                raise UnexpectedAnswer("Odd.", platform="Example", operation="list", status=200)
            http.close()
        record = next(r for r in log.records if r.levelno == logging.WARNING)
        assert record.account == "Sales"
        assert not hasattr(record, "method")

    def test_has_no_account_of_another_platform(self, log: Any) -> None:
        with raw_server(says(b"{}")) as server:
            http = Client(server.url)
            http.json(Effect.READ, "GET", "/", "ask who")
            with pytest.raises(UnexpectedAnswer), reported():
                raise UnexpectedAnswer("Odd.", platform="Other", status=200)
            http.close()
        record = next(r for r in log.records if r.levelno == logging.WARNING)
        assert not hasattr(record, "account")

    @pytest.mark.parametrize("end", range(20, 110, 3))
    def test_shows_nobody_where_the_answer_is_cut_short(self, log: Any, end: int) -> None:
        body = (
            '{"data": [{"first_name": "Ada", "email": "ada.castell@example.com",'
            ' "login_name": "stefan.groenland", "display_name": "Stefan Grönland"}, '
        ).encode()
        record = self.warned(log, body[:end])
        told = f"{record.getMessage()} {vars(record)}"
        assert not [name for name in ("Ada", "castell", "tefan", "roen", "nland") if name in told]
        assert '"first_name": "' in record.excerpt or end < 25

    @pytest.mark.parametrize("before", [29_990, 29_995, 29_999, 30_000, 30_010])
    @pytest.mark.parametrize("fill", ['{"x": "%s", "message": "', "<p %s>"])
    @pytest.mark.parametrize("planted", ["old-key-1234", "ann.planted@example.com"])
    def test_shows_no_half_of_what_is_hidden(
        self, log: Any, before: int, fill: str, planted: str
    ) -> None:
        """The excerpt is made of the beginning of an answer, and that may end anywhere."""
        text = (fill % ("y" * (before - len(fill) - 2))) + " " + planted + ' and more", '
        record = self.warned(log, text.encode())
        assert not [half for half in ("old-", "ann.") if half in record.excerpt]

    def test_hides_a_secret_before_it_cuts(self, log: Any) -> None:
        text = "x" * 290 + " old-key-1234 ann.planted@example.com"
        assert "old-" not in self.warned(log, text.encode()).excerpt

    def test_hides_a_secret_with_spaces_whole(self, log: Any) -> None:
        record = self.warned(log, b"<p>\"password\": \"rose garden 7\", 'secret': 'abc'</p>")
        assert record.excerpt == "<p>\"password\": \"[secret]\", 'secret': '[secret]'</p>"
