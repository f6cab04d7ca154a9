"""The TrueConf sandbox over real HTTP: the page on which a user lets an application in."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

from tests.contract.sandbox.test_trueconf_sandbox import Api, ask_token
from tests.sandbox_client import RawClient

BACK = "https://portal.example.com/trueconf/back"


@pytest.fixture
def server(sandbox):
    return sandbox.account("trueconf", "demo")


@pytest.fixture
def own(sandbox):
    return sandbox.credentials("trueconf", "demo")


class TestAuthorizePage:
    def address(self, own, **more):
        asked = {
            "response_type": "code",
            "client_id": own["client_id"],
            "redirect_uri": BACK,
            "state": "s &1",
        }
        return f"/oauth2/v1/authorize?{urlencode({**asked, **more})}"

    def test_a_user_lets_the_application_in(self, sandbox, server, own):
        line = RawClient(sandbox.base_url("trueconf"))
        page = line.get(self.address(own))
        assert page.status == 200
        assert (
            "form-action 'self' https://portal.example.com;"
            in page.headers["content-security-policy"]
        )
        (action,) = re.findall(r"action='([^']+)'", page.text)
        form = {"username": own["username"], "password": own["password"], "allow": "1"}
        sent = line.post("/oauth2/v1/authorize" + action.replace("&amp;", "&"), form)
        assert sent.status == 303
        back = urlsplit(sent.headers["location"])
        said = parse_qs(back.query)
        assert sent.headers["location"].startswith(BACK + "?")
        assert said["state"] == ["s &1"]
        ask = {"grant_type": "authorization_code", "code": said["code"][0], "redirect_uri": BACK}
        ask |= {"client_id": own["client_id"], "client_secret": own["client_secret"]}
        token = ask_token(sandbox, **ask)
        assert token.json["refresh_token"]
        assert Api(sandbox, token.json["access_token"]).read("/conferences")["cnt"] == 0
        assert ask_token(sandbox, **ask).status == 401, "a code opens once"

    def test_a_code_runs_out_and_is_bound_to_its_way_back(self, sandbox, own, clock):
        line = RawClient(sandbox.base_url("trueconf"))
        form = {"username": own["username"], "password": own["password"]}
        for wait, back, status in ((61, BACK, 401), (0, f"{BACK}/else", 400)):
            sent = line.post(self.address(own), form)
            code = parse_qs(urlsplit(sent.headers["location"]).query)["code"][0]
            clock.pass_by(seconds=wait)
            ask = {"grant_type": "authorization_code", "code": code, "redirect_uri": back}
            assert ask_token(sandbox, **ask).status == status

    def test_denied_and_wrong(self, sandbox, own):
        line = RawClient(sandbox.base_url("trueconf"))
        sent = line.post(self.address(own), {"deny": "1"})
        assert parse_qs(urlsplit(sent.headers["location"]).query)["error"] == ["access_denied"]
        assert line.post(self.address(own), {"username": own["username"]}).status == 403
        for wrong in (
            {"client_id": "unknown"},
            {"response_type": "token"},
            {"redirect_uri": "javascript:alert(1)"},
            {"redirect_uri": "https://x.example.com/; script-src *"},
        ):
            assert line.get(self.address(own, **wrong)).status == 400
