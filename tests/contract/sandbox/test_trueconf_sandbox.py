"""The TrueConf sandbox over real HTTP: tokens, permissions, versions, addresses, pages."""

from __future__ import annotations

import base64
import json
import re
from urllib.parse import urlsplit

import pytest

from tests.sandbox_client import RawClient

TOKEN = "/oauth2/v1/token"


class Api(RawClient):
    """Speaks JSON to one version, with a token in the header."""

    def __init__(self, sandbox, token, version="v3.10"):
        super().__init__(sandbox.base_url("trueconf"))
        self.token, self.version = token, version

    def call(self, method, path, value=None):
        body = None if value is None else json.dumps(value).encode()
        return self.send(
            method,
            f"/api/{self.version}{path}",
            body=body,
            content_type="application/json",
            Authorization=f"Bearer {self.token}",
        )

    def read(self, path):
        answer = self.call("GET", path)
        assert answer.status == 200, answer.text
        return answer.json

    def write(self, method, path, value=None):
        answer = self.call(method, path, value)
        assert answer.status == 200, answer.text
        return answer.json


def reasons(answer):
    """The status, and the reasons and places that an error names."""
    error = answer.json["error"]
    assert error["code"] == answer.status
    assert error["message"]
    return answer.status, {(one["reason"], one.get("location", "")) for one in error["errors"]}


def ask_token(sandbox, **form):
    return RawClient(sandbox.base_url("trueconf")).post(TOKEN, form)


def by_client(sandbox, label="demo"):
    own = sandbox.credentials("trueconf", label)
    return ask_token(
        sandbox,
        grant_type="client_credentials",
        client_id=own["client_id"],
        client_secret=own["client_secret"],
    ).json["access_token"]


def by_password(sandbox, username, password):
    return ask_token(
        sandbox,
        grant_type="password",
        client_id="trueconf_server_users",
        username=username,
        password=password,
    )


@pytest.fixture
def server(sandbox):
    return sandbox.account("trueconf", "demo")


@pytest.fixture
def own(sandbox):
    return sandbox.credentials("trueconf", "demo")


@pytest.fixture
def api(sandbox):
    return Api(sandbox, by_client(sandbox))


class TestTokens:
    def test_the_documented_answer(self, sandbox, own):
        answer = by_password(sandbox, own["username"], own["password"])
        assert answer.status == 200
        assert set(answer.json) == {
            "access_token",
            "expires_in",
            "token_type",
            "scope",
            "refresh_token",
        }
        assert re.fullmatch(r"[0-9a-f]{40}", answer.json["access_token"])
        assert (answer.json["expires_in"], answer.json["token_type"]) == (604800, "Bearer")
        assert "conferences:read" in answer.json["scope"].split()

    def test_the_client_alone_gets_no_refresh_token(self, sandbox, own):
        form = {"grant_type": "client_credentials", **own}
        answer = ask_token(sandbox, **form)
        assert answer.status == 200
        assert "refresh_token" not in answer.json

    @pytest.mark.parametrize("content_type", ["application/json", None, "text/plain"])
    def test_json_under_any_name(self, sandbox, own, content_type):
        """Curl sends JSON as a form; the document's example names the type."""
        form = {"grant_type": "client_credentials", **own}
        line = RawClient(sandbox.base_url("trueconf"))
        body = json.dumps(form).encode()
        assert line.post(TOKEN, body=body, content_type=content_type).status == 200
        as_form = line.post(TOKEN, body=body)
        assert as_form.status == 200
        journal = json.dumps([entry.describe() for entry in sandbox.requests])
        assert own["client_secret"] not in journal
        assert own["password"] not in journal

    def test_the_client_by_http_basic(self, sandbox, own):
        """So does Ruby's oauth2, which teachbase/true-conf uses."""
        pair = base64.b64encode(f"{own['client_id']}:{own['client_secret']}".encode()).decode()
        answer = RawClient(sandbox.base_url("trueconf")).post(
            TOKEN, {"grant_type": "client_credentials"}, Authorization=f"Basic {pair}"
        )
        assert answer.status == 200

    @pytest.mark.parametrize(
        ("form", "expected"),
        [
            ({}, (400, {("invalidRequest", "grant_type")})),
            ({"grant_type": "magic"}, (400, {("invalidRequest", "grant_type")})),
            ({"grant_type": "client_credentials"}, (401, {("invalidCredentials", "")})),
            (
                {"grant_type": "client_credentials", "client_id": "demo-trueconf-client"},
                (400, {("invalidRequest", "client_secret")}),
            ),
            (
                {
                    "grant_type": "client_credentials",
                    "client_id": "demo-trueconf-client",
                    "client_secret": "wrong",
                },
                (401, {("invalidCredentials", "")}),
            ),
            (
                {"grant_type": "refresh_token", "refresh_token": "unknown"},
                (401, {("invalidCredentials", "")}),
            ),
            (
                {"grant_type": "authorization_code", "code": "unknown"},
                (401, {("invalidCredentials", "")}),
            ),
        ],
    )
    def test_refusals(self, sandbox, form, expected):
        assert reasons(ask_token(sandbox, **form)) == expected

    def test_wrong_password_and_banned_user(self, sandbox, server, own):
        user = server.add_user("mira", password="right")
        assert reasons(by_password(sandbox, "mira", "wrong"))[0] == 401
        assert by_password(sandbox, "mira", "right").status == 200
        server.edit_user(user["id"], is_active=0)
        assert reasons(by_password(sandbox, "mira", "right")) == (403, {("userIsBanned", "")})

    def test_the_two_other_shapes_of_a_refusal(self, sandbox, server):
        form = {"grant_type": "client_credentials", "client_id": "demo-trueconf-client"}
        server.refusal_style = "reason"
        assert ask_token(sandbox, **form).json == {"reason": "InvalidRequest"}
        server.refusal_style = "oauth"
        said = ask_token(sandbox, **form).json
        assert said["error"] == "invalid_request"
        assert said["error_description"]

    def test_a_token_runs_out(self, sandbox, api, clock):
        assert api.read("/conferences")["cnt"] == 0
        clock.pass_by(seconds=604799)
        assert api.call("GET", "/conferences").status == 200
        clock.pass_by(seconds=1)
        assert reasons(api.call("GET", "/conferences")) == (403, {("accessTokenInvalid", "")})

    def test_tokens_can_be_made_to_run_out(self, sandbox, server, api):
        assert server.expire_tokens() == 1
        assert reasons(api.call("GET", "/users"))[1] == {("accessTokenInvalid", "")}

    def test_a_refresh_token_is_spent_by_its_use(self, sandbox, server, own):
        first = by_password(sandbox, own["username"], own["password"]).json
        server.expire_tokens()
        renew = {"grant_type": "refresh_token", "refresh_token": first["refresh_token"]}
        second = ask_token(sandbox, **renew).json
        assert Api(sandbox, second["access_token"]).read("/users")["users"]
        assert second["refresh_token"] != first["refresh_token"]
        assert reasons(ask_token(sandbox, **renew))[1] == {("invalidCredentials", "")}
        server.expire_tokens(refresh=True)
        renew["refresh_token"] = second["refresh_token"]
        assert ask_token(sandbox, **renew).status == 401

    def test_ways_to_send_a_token(self, sandbox, api, own):
        line = RawClient(sandbox.base_url("trueconf"))
        assert line.get(f"/api/v3.10/users?access_token={api.token}").status == 200
        assert line.get(f"/api/v3.10/users?access_token={own['secret_key']}").status == 200
        for token in (None, "", "unknown"):
            header = {} if token is None else {"Authorization": f"Bearer {token}"}
            answer = line.send("GET", "/api/v3.10/users", **header)
            assert reasons(answer) == (403, {("accessTokenInvalid", "")})
        journal = json.dumps([entry.describe() for entry in sandbox.requests])
        assert api.token not in journal
        assert own["secret_key"] not in journal

    def test_accounts_are_apart(self, sandbox, server, api):
        row = server.add_conference("Ours")
        other = Api(sandbox, by_client(sandbox, "second"))
        assert other.read("/conferences")["conferences"] == []
        assert other.call("GET", f"/conferences/{row['address']}").status == 404
        assert sandbox.requests[-1].account == "second"

    def test_the_state_shows_no_token(self, sandbox, api):
        state = RawClient(sandbox.url).get("/_control/state").text
        assert api.token not in state
        assert sandbox.credentials("trueconf")["password"] not in state


@pytest.mark.parametrize(
    "body",
    [b"{", b"[1]", b"\xff", b'{"topic": "\\ud800", "owner": "demo.admin"}', b"[" * 100_000],
)
def test_bad_bodies_are_refused(server, api, body):
    answer = api.send(
        "POST",
        "/api/v3.10/conferences",
        body=body,
        content_type="application/json",
        Authorization=f"Bearer {api.token}",
    )
    assert answer.status == 400
    assert server.conferences() == []


def test_pages_say_what_they_stand_for(server, api, follow):
    row = server.add_conference("<Tools> & more", conference_id="webinar")
    shape = api.read("/conferences/webinar")["conference"]
    assert urlsplit(shape["url"]).path == "/trueconf/demo/c/webinar"
    for url in (shape["url"], shape["webclient_url"]):
        answer = follow(url)
        assert "frame-ancestors *" in answer.headers["content-security-policy"]
        assert answer.status == 200
        assert "TrueConf conference <strong>&lt;Tools&gt; &amp; more" in answer.text
    assert follow(f"{shape['url']}x").status == 404
    assert "planned for Monday, 02 March 2026, 11:00" in follow(shape["url"]).text
    server.start_session(row["id"])
    assert "running now" in follow(shape["url"]).text


def test_faults_speak_the_servers_language(sandbox, server, api):
    server.add_conference("Here")
    sandbox.faults.add("empty_list", count=1)
    assert api.read("/conferences") == {"cnt": 0, "conferences": []}
    for kind, status in (("rate_limited", 429), ("unavailable", 503), ("wrong_key", 401)):
        sandbox.faults.add(kind, count=1)
        assert reasons(api.call("GET", "/conferences"))[0] == status
