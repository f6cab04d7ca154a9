"""The LiveWebinar sandbox over real HTTP: the header, refusals, faults."""

from __future__ import annotations

import re

import pytest

from integrations.sandbox.livewebinar.api import ACCEPT, DOORS, OPERATIONS
from tests.contract.sandbox.test_livewebinar_sandbox import Api


@pytest.fixture
def account(sandbox):
    return sandbox.account("livewebinar", "demo")


@pytest.fixture
def door(sandbox):
    return Api(sandbox.base_url("livewebinar"))


@pytest.fixture
def api(sandbox, account):
    return Api(sandbox.base_url("livewebinar"), account.new_token())


class TestAnswers:
    @pytest.mark.parametrize("accept", ["", "*/*", "application/json"])
    def test_the_header_is_demanded_wherever_a_token_is(self, api, accept):
        for _, path, _ in DOORS:  # a public client logs in without it
            assert api.send("POST", path, Accept=accept).status == 422
        answer = api.send("GET", "/me", Accept=accept)
        assert (answer.status, "Accept" in answer.json["error"]["message"]) == (400, True)
        assert api.send("GET", "/me", Accept=f"text/html, {ACCEPT}; q=0.9").status == 200

    @pytest.mark.parametrize("header", ["", "Bearer", "Bearer x", "Basic x", "ключ"])
    def test_without_a_token(self, door, header):
        sent = header.encode().decode("latin-1")
        answer = door.send("GET", "/widgets", Authorization=sent)
        assert answer.status == answer.json["error"]["status_code"] == 401

    def test_every_operation_asks_for_one(self, door):
        for method, path, _ in OPERATIONS:
            assert door.send(method, re.sub(r"<[^>]*>", "1", path)).status == 401

    def test_nothing_here(self, api):
        for path in ("/nothing", "/widgets/x", "/widgets/" + "9" * 5000, "/widgets/%ff", "/"):
            assert 400 <= api.get(path).status < 500
        wrong = api.send("PATCH", "/widgets")
        assert (wrong.status, wrong.json["error"]["status_code"]) == (405, 405)

    @pytest.mark.parametrize("body", [b"{", b"[1]", b"\xff", b"[" * 9000, b'{"name": "\\u0000"}'])
    def test_bad_json(self, api, body):
        answer = api.send("POST", "/widgets", body=body, content_type="application/json")
        assert answer.status == 400
        assert answer.json["error"]["message"]


def test_faults_speak_the_platforms_language(api, sandbox, account):
    account.add_widget("A room")
    sandbox.faults.add("rate_limited", platform="livewebinar", count=1, retry_after=7)
    limited = api.get("/widgets")
    assert (limited.status, limited.headers["retry-after"]) == (429, "7")
    assert limited.json["error"]["message"]
    sandbox.faults.add("empty_list", platform="livewebinar", account="demo")
    empty = api.get("/widgets").json
    assert empty["data"] == []
    assert empty["meta"]["pagination"]["total"] == 0
    assert api.get("/me").json["data"]["email"]


def test_all_documented_operations_have_an_address():
    """The table of operations counts 14: the personal link stands there twice, and the page of
    consent and the rooms are no part of the API."""
    documented = {
        ("POST", "/oauth/clients"),
        ("POST", "/oauth/access_token"),
        ("POST", "/oauth/access_token/refresh"),
        ("GET", "/me"),
        ("PUT", "/users/<int:user_id>"),
        ("POST", "/widgets"),
        ("PUT", "/widgets/<int:widget_id>"),
        ("DELETE", "/widgets/<int:widget_id>"),
        ("PUT", "/widgets/<int:widget_id>/enable"),
        ("PUT", "/widgets/<int:widget_id>/disable"),
        ("POST", "/widgets/<int:widget_id>/personal"),
    }
    assert documented <= {(method, path) for method, path, _ in (*DOORS, *OPERATIONS)}
