"""The TrueConf sandbox: its seed world, the control page's edits, its journal and its state."""

from __future__ import annotations

import json

import pytest

from integrations.sandbox import Sandbox
from integrations.sandbox.people import PEOPLE
from tests.contract.sandbox.test_trueconf_sandbox import Api, by_client
from tests.sandbox_client import RawClient

EXAMPLES = ("@example.com", "@example.org", "@example.net")


@pytest.fixture
def seeded(clock):
    with Sandbox(seed=True, now=clock).start() as running:
        yield running


@pytest.fixture
def server(seeded):
    return seeded.account("trueconf", "demo")


@pytest.fixture
def api(seeded):
    return Api(seeded, by_client(seeded))


def edit(sandbox, which, thing, /, **values):
    form = {"platform": "trueconf", "account": "demo", "edit": which, "id": thing}
    return RawClient(sandbox.url).post("/_control/edit", {**form, **values})


class TestSeed:
    def test_the_same_every_time(self, seeded, clock):
        again = Sandbox(seed=True, now=clock)
        for label in ("demo", "second"):
            one, two = (json.dumps(s.store("trueconf", label).dump()) for s in (seeded, again))
            assert one == two

    def test_the_programme(self, server, api, clock):
        now = int(clock().timestamp())
        shapes = api.read("/conferences")["conferences"]
        assert 14 <= len(shapes) <= 16
        starts = [one["schedule"].get("start_time", 0) for one in shapes]
        assert sum(start > now for start in starts) >= 6
        assert sum(0 < start < now for start in starts) >= 5
        assert sum(now < start < now + 7200 for start in starts) >= 1
        assert [one["topic"] for one in shapes if one["state"] == "running"] == [
            "Open house: a look into the laboratory"
        ]
        assert {one["schedule"]["type"] for one in shapes} == {-1, 0, 1}
        assert sum(len(one["invitations"]) >= 20 for one in shapes) >= 7
        assert max(len(server.registrations(row["id"])) for row in server.conferences()) == 40
        assert api.read("/logs/calls")["cnt"] == 6
        assert api.read("/logs/recordings")["cnt"] == 3
        assert api.read("/logs/messages")["cnt"] > 10
        assert len(api.read("/groups")["groups"]) == 4
        assert len(api.read("/users")["users"]) == 25

    def test_ids_look_right(self, api):
        for one in api.read("/conferences")["conferences"]:
            assert len(one["id"]) == 10
            assert one["id"].isdigit()
            assert one["owner"] in {person.email.partition("@")[0] for person in PEOPLE}

    def test_nothing_is_dated_after_its_time(self, server, clock):
        now = int(clock().timestamp())
        for table, column in (
            ("conferences", "created_at"),
            ("calls", "start"),
            ("recordings", "stopped_at"),
            ("messages", "time"),
            ("settings", "at"),
        ):
            assert all(row[column] <= now for row in server.store.rows(table)), table

    def test_people_are_made_up(self, seeded):
        for label in ("demo", "second"):
            store = seeded.store("trueconf", label)
            made_up = {person.email for person in PEOPLE}
            for user in store.rows("users"):
                assert user["email"] in made_up or user["administrator"]
                assert user["email"].endswith((*EXAMPLES, ".example.com"))
            for row in store.rows("invitations"):
                assert row["kind"] == "user" or row["who"] in made_up

    def test_every_address_answered_leads_somewhere(self, seeded, api):
        line = RawClient(seeded.url)
        for one in api.read("/conferences")["conferences"]:
            for url in (one["url"], one["webclient_url"]):
                assert line.get(url.removeprefix(seeded.url)).status == 200


class TestEdits:
    def test_all_that_the_page_offers(self, sandbox, clock):
        server = sandbox.account("trueconf", "demo")
        row = server.add_conference("Before", start=clock())
        assert edit(sandbox, "rename", row["id"], name=" After ").status == 200
        assert row["topic"] == "After"
        edit(sandbox, "move", row["id"], days="30")
        # Over the change to summer time the hour by the clock stays: an hour less in between.
        assert row["schedule"]["start_time"] - int(clock().timestamp()) == 30 * 86_400 - 3600
        sent = edit(sandbox, "register", row["id"], email="robin@example.net", first_name="Robin")
        assert sent.json["row"]["display_name"] == "Robin"
        assert row["registration"]["enabled"] is True
        edit(sandbox, "person", row["id"], display_name="Boss")
        assert server.user("demo.admin")["display_name"] == "Boss"
        edit(sandbox, "run", row["id"], minutes="10", over="1")
        assert [call["end"] for call in server.sessions(row["id"])] == [int(clock().timestamp())]
        edit(sandbox, "run", row["id"], minutes="10", over="0")
        assert server.running_call(row["id"])
        edit(sandbox, "record", row["id"], minutes="5")
        assert len(server.recordings(row["id"])) == 1
        token = by_client(sandbox)
        assert edit(sandbox, "expire", row["id"]).json["row"] == {"expired": 1}
        assert Api(sandbox, token).call("GET", "/users").status == 403
        assert edit(sandbox, "change", row["id"], description="New").json["row"]["id"] == row["id"]
        edit(sandbox, "delete", row["id"])
        assert server.conferences() == []

    @pytest.mark.parametrize(
        ("name", "values"),
        [
            ("rename", {"name": " "}),
            ("rename", {"name": "x" * 241}),
            ("move", {"days": "soon"}),
            ("move", {"days": "99999"}),
            ("register", {"email": "robin"}),
            ("person", {"login": "nobody", "display_name": "N"}),
            ("run", {"minutes": "0"}),
            ("change", {"colour": "red"}),
            ("change", {"schedule": "soon"}),
            ("change", {"owner": "nobody"}),
        ],
    )
    def test_what_cannot_be(self, sandbox, name, values):
        row = sandbox.account("trueconf", "demo").add_conference("Here")
        before = dict(row)
        answer = edit(sandbox, name, row["id"], **values)
        assert answer.status == 400
        assert answer.json["error"]
        assert row == before

    def test_of_what_is_not_there(self, sandbox):
        for name in ("rename", "move", "delete", "run", "record", "register", "person"):
            values = {"name": "N", "display_name": "N", "email": "a@example.org"}
            assert edit(sandbox, name, 999, **values).status == 400

    def test_the_control_page(self, seeded):
        page = RawClient(seeded.url).get("/")
        assert page.status == 200
        for text in ("TrueConf Server", "every monday, next", "without a schedule", "40 regist"):
            assert text in page.text


def test_what_is_kept_survives_a_restart(tmp_path, clock):
    file = tmp_path / "state.json"
    with Sandbox(seed=False, now=clock, state=file).start() as first:
        row = first.account("trueconf").add_conference("Kept", invited=["x@example.org"])
        token = by_client(first)
    with Sandbox(seed=False, now=clock, state=file).start() as second:
        shape = Api(second, token).read(f"/conferences/{row['address']}")["conference"]
        assert [one["id"] for one in shape["invitations"]] == ["demo.admin", "x@example.org"]
    assert token not in file.read_text()


def test_the_journal_holds_no_secret(sandbox):
    own = sandbox.credentials("trueconf")
    line = RawClient(sandbox.base_url("trueconf"))
    secrets = {
        "password": "hush-1",
        "pin": "hush-2",
        "payload[password]": "hush-3",
        "payload[stream_key]": "hush-4",
        "code": "hush-5",
        "refresh_token": "hush-6",
    }
    line.post(f"/api/v3.10/users?access_token={own['secret_key']}", secrets)
    line.post("/oauth2/v1/token", {"grant_type": "x", **secrets})
    line.post("/oauth2/v1/token", body=json.dumps(secrets).encode())
    journal = json.dumps([entry.describe() for entry in sandbox.requests])
    assert "hush" not in journal
    assert own["secret_key"] not in journal
    assert "grant_type" in journal


@pytest.mark.parametrize(
    "path",
    [
        "/api/v3.10/conferences/%ff",
        "/api/v3.10/conferences/1%00",
        "/api/v3.10/conferences/..%2f..%2fetc",
        "/api/v3.10/users/%23guest%3A1@x",
        "/api/v3.10/logs/calls/%23%25%3F",
        "/api/v3.10/groups/%D9%A1",
        "/api/v3.10/logs/recordings/" + "9" * 500,
        "/api/v3." + "9" * 500 + "/users",
        "/api",
        "/api/",
        "/demo/c/",
        "/nobody/c/1",
        "/demo/avatar/x.png",
        "/oauth2/v1/authorize?client_id=%3Cscript%3E",
        "/oauth2/v1/token",
        "/",
    ],
)
def test_nothing_makes_it_stumble(sandbox, path):
    key = sandbox.credentials("trueconf")["secret_key"]
    line = RawClient(sandbox.base_url("trueconf"))
    for method in ("GET", "POST", "DELETE"):
        answer = line.send(method, path, Authorization=f"Bearer {key}")
        assert 400 <= answer.status < 500, (method, answer.text)
