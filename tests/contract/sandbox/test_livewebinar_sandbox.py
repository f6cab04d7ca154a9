"""The LiveWebinar sandbox over real HTTP: getting in, tokens, no secret told."""

from __future__ import annotations

import json
import re
from urllib.parse import parse_qs, quote, urlencode, urlsplit

import pytest

from integrations.sandbox.livewebinar.api import ACCEPT
from tests.sandbox_client import RawClient

HOME = "https://portal.example.com/done"
AUTHORIZE = "/livewebinar/auth/oauth2/authorize"


class Api(RawClient):
    """The API with its required header, and with a bearer token where there is one."""

    def __init__(self, base, token=None):
        super().__init__(base)
        self.token = token

    def send(self, method, path, form=None, **more):
        headers = {"Accept": ACCEPT}
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        return super().send(method, path, form, **{**headers, **more})

    def post_json(self, path, value, method="POST"):
        body = json.dumps(value).encode()
        return self.send(method, path, body=body, content_type="application/json")


@pytest.fixture
def account(sandbox):
    return sandbox.account("livewebinar", "demo")


@pytest.fixture
def door(sandbox):
    """The API for somebody without a token."""
    return Api(sandbox.base_url("livewebinar"))


@pytest.fixture
def api(sandbox, account):
    return Api(sandbox.base_url("livewebinar"), account.new_token())


@pytest.fixture
def client(door):
    """A registered application: its id and secret."""
    made = door.post("/oauth/clients", {"name": "Portal", "redirect": HOME}).json
    return {"client_id": str(made["client_id"]), "client_secret": made["client_secret"]}


@pytest.fixture
def browser(sandbox):
    return RawClient(sandbox.url)


def consent(browser, client_id, account="demo", decision="allow", **more):
    """Press a button of the page; the parameters that the browser is sent back with."""
    asked = {"client_id": client_id, "redirect_uri": HOME, "response_type": "code", **more}
    sent = browser.post(AUTHORIZE, {**asked, "account": account, "decision": decision})
    assert sent.status == 302
    place = sent.headers["location"]
    assert place.startswith(HOME + "?")
    return {name: values[0] for name, values in parse_qs(urlsplit(place).query).items()}


def exchange(door, client, code, **more):
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": HOME, **client}
    return door.post("/oauth/access_token", {**form, **more})


def refresh(door, client, token):
    return door.post("/oauth/access_token/refresh", {**client, "refresh_token": token})


class TestClients:
    def test_the_documents_example(self, door):
        form = {"name": "WishList", "redirect": "https://shop.example.com/wp-admin/wishlist"}
        made = door.post("/oauth/clients", form)
        assert made.status == 201
        assert set(made.json) == {"name", "client_id", "client_secret", "redirect_uri"}
        assert isinstance(made.json["client_id"], int)
        assert len(made.json["client_secret"]) == 40
        assert made.json["redirect_uri"] == form["redirect"]
        again = door.post("/oauth/clients", form)
        assert again.status == 500
        assert again.json["error"]["message"] == "3rd party client already exists."

    @pytest.mark.parametrize("redirect", ["", "http://shop.example.com/", "x", "https://"])
    def test_a_redirect_is_an_https_address(self, door, redirect):
        answer = door.post("/oauth/clients", {"name": "A", "redirect": redirect})
        assert (answer.status, set(answer.json["error"]["errors"])) == (422, {"redirect"})


class TestConsent:
    def test_the_page(self, browser, client):
        asked = {"client_id": client["client_id"], "redirect_uri": HOME, "state": "'><b>"}
        page = browser.get(f"{AUTHORIZE}?{urlencode({**asked, 'response_type': 'code'})}")
        assert page.status == 200
        assert re.search(r"<button [^>]*value='allow'>Allow</button>", page.text)
        assert "<strong>Portal</strong>" in page.text
        assert "<option>demo</option><option>second</option>" in page.text
        assert "'><b>" not in page.text
        # A browser holds the form's policy against the redirect that follows, too.
        policy = page.headers["content-security-policy"]
        assert "form-action 'self' https://portal.example.com;" in policy

    def test_code_and_state_come_back(self, browser, client):
        back = consent(browser, client["client_id"], state="123abc & more")
        assert back["state"] == "123abc & more"
        assert back["code"]
        assert set(consent(browser, client["client_id"])) == {"code"}

    def test_no(self, browser, client):
        back = consent(browser, client["client_id"], decision="deny", state="x")
        assert back == {"error": "access_denied", "state": "x"}

    @pytest.mark.parametrize(
        "wrong",
        [
            {"client_id": "1"},
            {"redirect_uri": "https://elsewhere.example.com/"},
            {"redirect_uri": "http://portal.example.com/done"},
            {"response_type": "token"},
            {"redirect_uri": ""},
        ],
    )
    def test_who_cannot_be_let_in_is_sent_nowhere(self, browser, client, wrong):
        asked = {"client_id": client["client_id"], "redirect_uri": HOME, "response_type": "code"}
        for answer in (
            browser.get(f"{AUTHORIZE}?{urlencode({**asked, **wrong})}"),
            browser.post(AUTHORIZE, {**asked, **wrong, "account": "demo", "decision": "allow"}),
        ):
            assert answer.status == 400
            assert "location" not in answer.headers

    def test_the_accounts_own_application_may_come_from_this_machine(self, browser, sandbox):
        own = sandbox.credentials("livewebinar", "second")["client_id"]
        asked = f"client_id={own}&redirect_uri={quote('http://localhost:8000/back?x=1', safe='')}"
        page = browser.get(f"{AUTHORIZE}?{asked}&response_type=code")
        assert "<option>second</option><option>demo</option>" in page.text
        press = f"{asked}&response_type=code&account=second&decision=allow".encode()
        place = browser.post(AUTHORIZE, body=press).headers["location"]
        assert place.startswith("http://localhost:8000/back?x=1&code=")


class TestTokens:
    def test_from_code_to_answers(self, door, browser, client, sandbox, account):
        code = consent(browser, client["client_id"])["code"]
        pair = exchange(door, client, code).json
        assert set(pair) == {"access_token", "refresh_token", "expires_in", "token_type"}
        assert pair["expires_in"] == 3600
        api = Api(sandbox.base_url("livewebinar"), pair["access_token"])
        assert api.get("/me").json["data"]["email"] == "demo@example.com"

    def test_the_user_chooses_the_account(self, door, browser, client, sandbox):
        code = consent(browser, client["client_id"], account="second")["code"]
        token = exchange(door, client, code).json["access_token"]
        me = Api(sandbox.base_url("livewebinar"), token).get("/me").json
        assert me["data"]["email"] == "second@example.com"

    def test_answers_may_be_wrapped(self, door, browser, client, account):
        account.wraps_tokens = True
        code = consent(browser, client["client_id"])["code"]
        first = exchange(door, client, code).json["accessToken"]
        assert "access_token" in refresh(door, client, first["refresh_token"]).json["accessToken"]

    def test_a_code_serves_once_and_not_for_long(self, door, browser, client, clock):
        code = consent(browser, client["client_id"])["code"]
        assert exchange(door, client, code, redirect_uri=HOME + "/").status == 401
        assert exchange(door, client, code, client_secret="x").status == 401
        assert exchange(door, client, code).status == 200
        assert exchange(door, client, code).status == 401
        late = consent(browser, client["client_id"])["code"]
        clock.pass_by(minutes=10)
        assert exchange(door, client, late).status == 401

    def test_what_an_exchange_needs(self, door, client):
        answer = door.post("/oauth/access_token", client)
        assert set(answer.json["error"]["errors"]) == {"grant_type", "code", "redirect_uri"}
        wrong = exchange(door, client, "x", grant_type="implicit")
        assert set(wrong.json["error"]["errors"]) == {"grant_type"}
        assert door.post("/oauth/access_token", {"grant_type": "authorization_code"}).status == 422

    def test_tokens_run_out_and_are_refreshed(self, door, browser, client, sandbox, clock):
        pair = exchange(door, client, consent(browser, client["client_id"])["code"]).json
        api = Api(sandbox.base_url("livewebinar"), pair["access_token"])
        clock.pass_by(seconds=3599)
        assert api.get("/me").status == 200
        clock.pass_by(seconds=1)
        assert api.get("/me").status == 401
        newer = refresh(door, client, pair["refresh_token"])
        assert newer.status == 200
        api.token = newer.json["access_token"]
        assert api.get("/me").status == 200
        assert newer.json["refresh_token"] != pair["refresh_token"]

    def test_a_refresh_token_is_spent_by_its_use(self, door, browser, client, sandbox):
        pair = exchange(door, client, consent(browser, client["client_id"])["code"]).json
        newer = refresh(door, client, pair["refresh_token"]).json
        spent = refresh(door, client, pair["refresh_token"])
        assert (spent.status, "error" in spent.json) == (401, True)
        assert Api(sandbox.base_url("livewebinar"), pair["access_token"]).get("/me").status == 401
        form = {"grant_type": "refresh_token", "refresh_token": newer["refresh_token"], **client}
        assert door.post("/oauth/access_token", form).status == 200

    def test_a_refresh_token_is_for_its_own_client(self, door, browser, client, sandbox):
        pair = exchange(door, client, consent(browser, client["client_id"])["code"]).json
        names = ("client_id", "client_secret")
        credentials = sandbox.credentials("livewebinar")
        own = {name: credentials[name] for name in names}
        assert refresh(door, own, pair["refresh_token"]).status == 401
        assert refresh(door, client, pair["access_token"]).status == 401
        assert refresh(door, client, pair["refresh_token"]).status == 200

    def test_expired_from_the_platforms_side(self, door, browser, client, api, account):
        pair = exchange(door, client, consent(browser, client["client_id"])["code"]).json
        assert account.expire_tokens() == 2
        assert api.get("/me").status == 401
        assert refresh(door, client, pair["refresh_token"]).status == 200
        account.expire_tokens(refresh=True)
        assert refresh(door, client, pair["refresh_token"]).status == 401


class TestLogin:
    def test_server_to_server(self, door, sandbox, clock):
        answer = door.post("/auth/login", sandbox.credentials("livewebinar"))
        assert set(answer.json) == {"token", "expires_in"}
        api = Api(sandbox.base_url("livewebinar"), answer.json["token"])
        assert api.get("/me").status == 200
        clock.pass_by(seconds=answer.json["expires_in"])
        assert api.get("/me").status == 401

    def test_json_and_query_serve_as_well(self, door, sandbox):
        credentials = sandbox.credentials("livewebinar", "second")
        assert door.post_json("/auth/login", credentials).json["token"]
        assert door.post(f"/auth/login?{urlencode(credentials)}").json["token"]

    def test_wrong_ones(self, door, sandbox):
        credentials = sandbox.credentials("livewebinar")
        for name in credentials:
            answer = door.post("/auth/login", {**credentials, name: "x"})
            assert (answer.status, "message" in answer.json["error"]) == (401, True)
        missing = door.post("/auth/login", {"identifier": "x"})
        assert set(missing.json["error"]["errors"]) == {"client_id", "client_secret"}


def test_no_secret_in_the_journal(door, browser, client, sandbox, api):
    back = consent(browser, client["client_id"], state="x")
    pair = exchange(door, client, back["code"]).json
    refresh(door, client, pair["refresh_token"])
    door.post("/auth/login", sandbox.credentials("livewebinar"))
    door.post(f"/auth/login?{urlencode(sandbox.credentials('livewebinar'))}")
    widget = api.post("/widgets", {"name": "x", "password": "sesame"}).json["data"]
    room, role = f"/livewebinar/{widget['token']}", widget["roles"]["host"]
    assert "the host" in browser.get(f"{room}/x/{role}").text
    assert "the host" in browser.get(f"{room}?_role_token={role}").text
    api.post_json("/widgets", {"name": "x", "password": "sesame"})
    told = json.dumps([entry.describe() for entry in sandbox.requests])
    state = browser.get("/_control/state").text
    secrets = [back["code"], client["client_secret"], *pair.values(), api.token]
    secrets.append(sandbox.credentials("livewebinar")["client_secret"])
    for secret in (text for text in secrets if isinstance(text, str) and text != "Bearer"):
        assert secret not in told
        assert secret not in state
    assert "sesame" not in told
    assert role not in told
    assert {entry.account for entry in sandbox.requests} >= {"demo", ""}
