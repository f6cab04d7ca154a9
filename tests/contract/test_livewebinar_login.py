"""How LiveWebinar's tokens are got, renewed once, and lost."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from integrations.base.adapter import Connection
from integrations.base.errors import (
    CredentialsRejected,
    PlatformUnavailable,
    RateLimited,
)
from integrations.base.records import Kind
from integrations.base.tokens import MemoryTokens
from integrations.livewebinar.adapter import ROOM
from integrations.livewebinar.client.login import AGAIN, NOT_YET
from tests.support.livewebinar import CREDENTIALS, draft
from tests.support.rawserver import raw_server, says

BACK = "https://lectern.example.com/back"
LOGIN, REFRESH = "/api/auth/login", "/api/oauth/access_token/refresh"
flow = ROOM.authorization
assert flow is not None


class Bench:
    """An account on the sandbox that logs in by `login`, with the store of its tokens."""

    def __init__(self, sandbox: Any, login: str) -> None:
        self.sandbox, self.login, self.tokens = sandbox, login, MemoryTokens()
        self.platform = sandbox.account("livewebinar")
        self.adapters: list[Any] = []

    def connection(self, **credentials: str) -> Connection:
        known = {**self.sandbox.credentials("livewebinar"), **credentials}
        base_url = self.sandbox.base_url("livewebinar")
        return Connection(base_url, known, {"login": self.login}, tokens=self.tokens)

    def adapter(self, **credentials: str) -> Any:
        self.adapters.append(ROOM.open(self.connection(**credentials)))
        return self.adapters[-1]

    def consent(self) -> None:
        """What an administrator does once in the browser."""
        connection = self.connection()
        code = self.platform.grant_code(connection.credentials["client_id"], BACK)
        flow.accept(connection, code, BACK)

    def calls(self, path: str) -> int:
        return len([entry for entry in self.sandbox.requests if entry.path == path])


@pytest.fixture
def server(sandbox: Any) -> Iterator[Bench]:
    bench = Bench(sandbox, "server")
    yield bench
    for adapter in bench.adapters:
        adapter.close()


@pytest.fixture
def consented(sandbox: Any) -> Iterator[Bench]:
    bench = Bench(sandbox, "consent")
    bench.consent()
    sandbox.requests.clear()
    yield bench
    for adapter in bench.adapters:
        adapter.close()


class TestFromServerToServer:
    def test_one_login_serves_every_later_connection(self, server: Bench) -> None:
        server.adapter().check()
        server.adapter().check()
        assert server.calls(LOGIN) == 1
        assert not flow.wanted(server.connection())

    def test_identifier_travels_with_client_id_and_secret(self, server: Bench) -> None:
        server.adapter(identifier="").check()
        (entry,) = server.sandbox.requests.matching("POST", LOGIN)
        assert dict(entry.form)["identifier"] == "livewebinar"

    def test_a_token_that_ran_out_early_is_replaced_in_the_middle(self, server: Bench) -> None:
        adapter = server.adapter()
        adapter.check()
        server.platform.expire_tokens()
        made = adapter.create(draft())
        assert adapter.get(Kind.CONFERENCE, made.external_id).fields["title"] == "Autumn tour"
        assert server.calls(LOGIN) == 2
        assert len(server.platform.widgets()) == 1

    def test_a_wrong_secret_is_refused_and_never_quoted(self, server: Bench) -> None:
        with pytest.raises(CredentialsRejected) as caught:
            server.adapter(client_secret="wrong-but-secret").create(draft())
        assert "wrong-but-secret" not in f"{caught.value} {vars(caught.value)}"

    @pytest.mark.parametrize("fault", ["html", "truncated", "cut_after", "server_error"])
    def test_a_login_that_fails_leaves_no_doubt_about_a_create(
        self, server: Bench, fault: str
    ) -> None:
        server.sandbox.faults.add(fault, path=LOGIN, count=1)
        with pytest.raises(PlatformUnavailable):
            server.adapter().create(draft())
        assert server.platform.widgets() == []

    def test_a_wrong_address_is_not_a_record_that_is_gone(self) -> None:
        missing = says(b'{"error": {"message": "Not here"}}', "404 Not Found")
        with raw_server(missing) as elsewhere:
            adapter = ROOM.open(Connection(elsewhere.url, CREDENTIALS))
            with pytest.raises(CredentialsRejected):
                adapter.get(Kind.CONFERENCE, "7")
            adapter.close()

    def test_tokens_of_another_client_or_way_are_not_used(self, server: Bench) -> None:
        server.adapter().check()
        server.sandbox.requests.clear()
        server.login = "consent"
        with pytest.raises(CredentialsRejected, match=NOT_YET):
            server.adapter().check()
        assert len(server.sandbox.requests) == 0


class TestConsent:
    def test_address_is_the_documents_with_our_state(self, consented: Bench) -> None:
        assert flow.wanted(consented.connection())
        parts = urlsplit(flow.address(consented.connection(), BACK, "sta/te"))
        assert parts.path == "/livewebinar/auth/oauth2/authorize"
        assert parse_qs(parts.query) == {
            "client_id": [consented.connection().credentials["client_id"]],
            "redirect_uri": [BACK],
            "response_type": ["code"],
            "state": ["sta/te"],
        }

    def test_of_the_real_platform_it_is_on_the_panels_host(self) -> None:
        connection = Connection(ROOM.default_base_url, CREDENTIALS, {"login": "consent"})
        address = flow.address(connection, BACK, "s")
        assert address.startswith("https://app.livewebinar.com/auth/oauth2/authorize?client_id=")

    @pytest.mark.parametrize("wraps", [False, True])
    def test_code_becomes_a_pair_flat_or_wrapped(self, consented: Bench, wraps: bool) -> None:
        consented.platform.wraps_tokens = wraps
        consented.consent()
        stored = consented.tokens.read()
        assert stored["access_token"]
        assert stored["refresh_token"]
        assert datetime.fromisoformat(stored["expires_at"]) > datetime.now(UTC)
        assert consented.adapter().check().identity

    def test_a_code_is_good_once(self, consented: Bench) -> None:
        connection = consented.connection()
        before = consented.tokens.read()
        with pytest.raises(CredentialsRejected, match="connect again"):
            flow.accept(connection, "no-such-code", BACK)
        consented.sandbox.faults.add("cut_after", count=1)
        code = consented.platform.grant_code(connection.credentials["client_id"], BACK)
        with pytest.raises(CredentialsRejected, match="connect again"):
            flow.accept(connection, code, BACK)
        assert consented.tokens.read() == before

    def test_nothing_works_before_the_first_consent(self, consented: Bench) -> None:
        consented.tokens.write({})
        with pytest.raises(CredentialsRejected, match="has not been connected yet"):
            consented.adapter().check()
        assert len(consented.sandbox.requests) == 0


class TestRotation:
    def test_the_new_pair_is_stored_before_it_is_used(self, consented: Bench) -> None:
        first = consented.tokens.read()
        consented.platform.expire_tokens()
        used: list[str] = []

        def write(tokens: Any) -> None:
            used.append(f"stored after {consented.calls('/api/me')} calls")
            MemoryTokens.write(consented.tokens, tokens)

        consented.tokens.write = write  # type: ignore[method-assign]
        consented.tokens._tokens["expires_at"] = datetime.now(UTC).isoformat()
        consented.adapter().check()
        assert used == ["stored after 0 calls"]
        assert consented.tokens.read()["refresh_token"] != first["refresh_token"]

    def test_two_threads_renew_once(self, consented: Bench) -> None:
        consented.platform.expire_tokens()
        start = Barrier(2)

        def ask(adapter: Any) -> str:
            start.wait()
            try:
                return str(adapter.check().identity)
            finally:
                adapter.close()

        adapters = [ROOM.open(consented.connection()) for _ in range(2)]
        with ThreadPoolExecutor(2) as pool:
            found = list(pool.map(ask, adapters))
        assert len(set(found)) == 1
        assert consented.calls(REFRESH) == 1

    def test_a_lost_refresh_answer_asks_for_a_new_consent(self, consented: Bench) -> None:
        consented.platform.expire_tokens()
        consented.sandbox.faults.add("cut_after", path=REFRESH, count=1)
        adapter = consented.adapter()
        with pytest.raises(CredentialsRejected) as caught:
            adapter.check()
        assert str(caught.value) == AGAIN
        assert "connect the account again" in AGAIN
        stored = str(consented.tokens.read()["refresh_token"])
        assert stored not in f"{caught.value} {vars(caught.value)}"
        consented.consent()
        assert adapter.check().identity

    @pytest.mark.parametrize("fault", ["cut_before", "unavailable", "server_error"])
    def test_what_was_not_spent_is_good_for_a_second_try(
        self, consented: Bench, fault: str
    ) -> None:
        consented.platform.expire_tokens()
        consented.sandbox.faults.add(fault, path=REFRESH, count=1)
        assert consented.adapter().check().identity

    def test_a_refresh_that_stays_out_of_reach_is_tried_again_later(self, consented: Bench) -> None:
        before = consented.tokens.read()
        consented.platform.expire_tokens()
        consented.sandbox.faults.add("unavailable", path=REFRESH)
        with pytest.raises(PlatformUnavailable):
            consented.adapter().create(draft())
        consented.sandbox.faults.clear()
        assert consented.tokens.read() == before
        assert consented.adapter().check().identity

    def test_a_rate_limit_is_passed_on(self, consented: Bench) -> None:
        consented.platform.expire_tokens()
        consented.sandbox.faults.add("rate_limited", path=REFRESH, count=1, retry_after=9)
        with pytest.raises(RateLimited) as caught:
            consented.adapter().check()
        assert caught.value.retry_after == 9

    def test_after_invalid_grant_the_store_is_read_again(self, consented: Bench) -> None:
        """Somebody renewed it although the lock was held: theirs is used, nobody is disturbed."""
        consented.platform.expire_tokens()
        spent = consented.tokens.read()
        consented.adapter().check()
        fresh = consented.tokens.read()

        class Late(MemoryTokens):
            """Shows the spent pair until it has been tried."""

            def read(self) -> dict[str, Any]:
                return fresh if consented.calls(REFRESH) > 1 else spent

        consented.tokens = Late()
        assert consented.adapter().check().identity
        assert consented.calls(REFRESH) == 2

    def test_a_pair_without_a_new_refresh_token_keeps_the_old(self) -> None:
        ended = (datetime.now(UTC) - timedelta(hours=1)).isoformat()
        stored = {"access_token": "a", "refresh_token": "r", "expires_at": ended}
        store = MemoryTokens({**stored, "owner": "consent 33385"})
        with raw_server(says(b'{"access_token": "b", "id": 7}')) as server:
            connection = Connection(server.url, CREDENTIALS, {"login": "consent"}, tokens=store)
            adapter = ROOM.open(connection)
            assert adapter.check().identity == "7"
            adapter.close()
        assert (store.read()["access_token"], store.read()["refresh_token"]) == ("b", "r")
