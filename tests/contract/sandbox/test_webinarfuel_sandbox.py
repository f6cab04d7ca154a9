"""The WebinarFuel sandbox over real HTTP: access, rate limit, faults, public clients."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest

from integrations.sandbox.webinarfuel.api import OPERATIONS
from tests.sandbox_client import RawClient

KEY = "demo-webinarfuel-key"


class Api:
    """Sends JSON with a bearer key, as public clients do."""

    def __init__(self, base, authorization=f"Bearer {KEY}"):
        self.line, self.authorization = RawClient(base), authorization

    def send(self, method, path, body=None, content_type="application/json"):
        headers = {"Authorization": self.authorization} if self.authorization else {}
        raw = body if body is None or isinstance(body, bytes) else json.dumps(body).encode()
        return self.line.send(method, path, body=raw, content_type=content_type, **headers)

    def get(self, path):
        return self.send("GET", path)

    def post(self, path, body, **more):
        return self.send("POST", path, body, **more)

    def put(self, path, body):
        return self.send("PUT", path, body)


@pytest.fixture
def owner(sandbox):
    return sandbox.account("webinarfuel", "demo")


@pytest.fixture
def api(sandbox):
    return Api(sandbox.base_url("webinarfuel"))


class TestAccess:
    @pytest.mark.parametrize(
        "sent", [None, "", KEY, f"Basic {KEY}", "Bearer", "Bearer ", "Bearer wrong", "Bearer ä"]
    )
    def test_strangers_are_refused(self, sandbox, sent):
        answer = Api(sandbox.base_url("webinarfuel"), sent).get("/webinars")
        assert answer.status == 401
        assert answer.json["error"]

    def test_the_scheme_may_be_written_small(self, sandbox):
        small = Api(sandbox.base_url("webinarfuel"), f"bearer {KEY}")
        assert small.get("/webinars").status == 200

    def test_accounts_do_not_see_each_other(self, sandbox, owner):
        webinar, person = owner.add_webinar("Ours"), owner.add_registrant("pat@example.com")
        key = sandbox.api_key("webinarfuel", "second")
        other = Api(sandbox.base_url("webinarfuel"), f"Bearer {key}")
        assert other.get("/webinars").json["webinars"] == []
        assert other.get(f"/webinars/{webinar['id']}").status == 404
        assert other.get(f"/registrants/{person['id']}").status == 404

    def test_unknown_addresses_and_methods(self, api, owner):
        webinar = owner.add_webinar("One")
        assert api.get("/meetings").status == 404
        assert api.get("/webinars/" + "9" * 5000).status == 404
        assert api.get("/webinars/first").status == 404
        # Webinars can only be read, registrants not be deleted.
        for method, path in [
            ("POST", "/webinars"),
            ("PUT", f"/webinars/{webinar['id']}"),
            ("DELETE", f"/webinars/{webinar['id']}"),
            ("DELETE", f"/registrants/{owner.add_registrant('pat@example.com')['id']}"),
        ]:
            assert api.send(method, path, {"name": "x"}).status == 405

    def test_eleven_operations(self):
        assert len({operation for _, _, operation in OPERATIONS}) == 11

    def test_the_journal_holds_no_key(self, sandbox, api, owner):
        key = owner.add_webinar("One")["oneclick_key"]
        api.get("/webinars")
        api.get(f"/oneclick?oneclick_key={key}&email=pat@example.com")
        told = json.dumps([entry.describe() for entry in sandbox.requests])
        assert KEY not in told
        assert key not in told
        assert "pat@example.com" in told
        assert {entry.account for entry in sandbox.requests} == {"demo"}


class TestRateLimit:
    def test_the_hundred_and_first_waits(self, sandbox, api, owner, clock):
        assert all(api.get("/webinars?per_page=1").status == 200 for _ in range(40))
        clock.pass_by(seconds=26)
        assert all(api.get("/registrants").status == 200 for _ in range(60))
        refused = api.get("/webinars")
        assert refused.status == 429
        assert refused.headers["ratelimit-limit"] == "100"
        assert refused.headers["retry-after"] == "34"
        reset = datetime.fromtimestamp(int(refused.headers["ratelimit-reset"]), UTC)
        assert reset == clock() + timedelta(seconds=34)
        second = Api(sandbox.base_url("webinarfuel"), "Bearer demo-webinarfuel-second-key")
        assert second.get("/webinars").status == 200
        clock.pass_by(seconds=33)
        assert api.get("/webinars").status == 429
        clock.pass_by(seconds=1)
        assert api.get("/webinars").status == 200

    def test_a_refused_request_does_nothing(self, api, owner):
        owner.rate_limit = 0
        body = {"email": "pat@example.com", "tags": ["a"]}
        owner.add_registrant("pat@example.com")
        assert api.post("/registrants/add_tags", body).status == 429
        assert owner.find_registrant("pat@example.com")["tags"] == []

    def test_it_can_be_switched_off(self, api, owner):
        owner.rate_limit = None
        assert {api.get("/webinars").status for _ in range(120)} == {200}


class TestPublicClients:
    """What PipedreamHQ/pipedream and two small public scripts send and read."""

    def test_pipedream(self, api, owner):
        owner.add_webinar("One")
        (choice,) = api.get("/webinars?page=1").json["webinars"]
        whole = api.get(f"/webinars/{choice['id']}").json["webinar"]
        session = whole["sessions"][0]
        assert session["formatted_scheduled_at"]
        # Both ids come from pick lists as text, and the zone as `timezone`.
        created = api.post(
            "/registrants",
            {
                "webinar_id": str(choice["id"]),
                "registrant": {"email": "pat@example.com", "first_name": "Pat", "tags": ["a"]},
                "session": {
                    "webinar_session_id": str(session["id"]),
                    "timezone": "America/New_York",
                },
            },
        )
        assert created.json["email"] == "pat@example.com"
        assert owner.viewings(choice["id"])[0]["time_zone"] == "America/New_York"
        body = {"email": "pat@example.com", "tags": ["b"]}
        tagged = api.post("/registrants/add_tags", body).json
        assert tagged["registrant"]["email"] == "pat@example.com"
        assert tagged["registrant"]["tags"] == ["a", "b"]

    def test_scripts_take_the_first_session_and_look_for_a_join_link(self, api, owner):
        webinar = owner.add_webinar("Any time", time_zone="registrant", scheduled=False)
        owner.add_recurring_session(webinar["id"], range(7), "12:00")
        session = api.get(f"/webinars/{webinar['id']}").json["webinar"]["sessions"][0]
        created = api.post(
            "/registrants",
            {
                "webinar_id": webinar["id"],
                "registrant": {
                    "email": "pat@example.com",
                    "first_name": "Pat",
                    "last_name": "",
                    "phone": "",
                    "tags": ["lead"],
                },
                "session": {"webinar_session_id": session["id"], "timezone": "Europe/Oslo"},
            },
        )
        assert created.status in (200, 201)
        assert created.json["session"]["join_url"].startswith("http")
        assert created.json["session"]["scheduled_at"] == "2026-03-02T11:00:00Z"
        assert created.json["session"]["scheduled_at_in_time_zone"] == "2026-03-02T12:00:00+01:00"

    @pytest.mark.parametrize(("wrapping", "is_bare"), [("wrapped", False), ("bare", True)])
    def test_single_objects_may_be_wrapped_or_bare(self, api, owner, wrapping, is_bare):
        owner.wrapping = wrapping
        webinar = owner.add_webinar("One")
        cid = owner.register(webinar["id"], "pat@example.com")["id"]
        for path, name in [
            (f"/webinars/{webinar['id']}", "webinar"),
            (f"/registrants/{owner.find_registrant('pat@example.com')['id']}", "registrant"),
            (f"/registrant_sessions/{cid}", "session"),
        ]:
            assert (name not in api.get(path).json) is is_bare
