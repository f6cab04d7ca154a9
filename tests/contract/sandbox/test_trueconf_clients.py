"""The TrueConf sandbox as public clients use it: the vendor's samples, in the order of their calls.

Only the shapes of the requests are theirs [in names: which sample, and the version it speaks].
"""

from __future__ import annotations

import json
import re
from functools import partial
from typing import Any
from urllib.parse import quote, urlencode

import pytest

from tests.contract.sandbox.test_trueconf_people import PNG
from tests.contract.sandbox.test_trueconf_sandbox import TOKEN, by_client, reasons
from tests.sandbox_client import RawClient, multipart

OWNER = "demo.admin"


class Client(RawClient):
    """Puts the token into the address, as all of these do but the one that says otherwise."""

    def __init__(self, sandbox: Any, version: str) -> None:
        super().__init__(sandbox.base_url("trueconf"))
        self.version, self.token = version, ""

    def log_in(self, own: dict[str, str], content_type: str) -> Any:
        form = {"grant_type": "client_credentials"}
        form |= {name: own[name] for name in ("client_id", "client_secret")}
        as_json = content_type.endswith("json")
        body = (json.dumps(form) if as_json else urlencode(form)).encode()
        answer = self.send("POST", TOKEN, body=body, content_type=content_type)
        self.token = answer.json["access_token"]
        return answer

    def at(self, path: str, **query: Any) -> str:
        return f"/api/{self.version}{path}?{urlencode({'access_token': self.token, **query})}"

    def ask(self, method: str, path: str, value: Any = None, **query: Any) -> Any:
        """JSON there and back; whatever is no success fails."""
        body = b"" if value is None else json.dumps(value).encode()
        answer = self.send(
            method, self.at(path, **query), body=body, content_type="application/json"
        )
        assert answer.status == 200, answer.text
        return answer.json


@pytest.fixture
def server(sandbox: Any) -> Any:
    return sandbox.account("trueconf", "demo")


@pytest.fixture
def own(sandbox: Any) -> Any:
    return sandbox.credentials("trueconf", "demo")


def by_header(client: Client, version: str, method: str, path: str, value: Any = None) -> Any:
    """What a request answers whose token stands in its header."""
    body = b"" if value is None else json.dumps(value, ensure_ascii=False).encode()
    answer = client.send(
        method,
        f"/api/{version}{path}",
        body=body,
        content_type="application/json",
        Authorization=f"Bearer {client.token}",
    )
    assert answer.status == 200, answer.text
    return answer.json


def test_one_click_conference_v311(sandbox: Any, server: Any, own: Any) -> None:
    """A conference is made with read-only fields, run, read, and a guest's way in asked for, all
    with the token in the header."""
    client = Client(sandbox, "v3.11")
    client.log_in(own, "application/x-www-form-urlencoded")
    names = (
        "chat_send",
        "chat_rcv",
        "slide_show_send",
        "slide_show_rcv",
        "white_board_send",
        "white_board_rcv",
        "file_transfer_send",
        "file_transfer_rcv",
        "desktop_sharing",
        "recording",
        "audio_send",
        "audio_rcv",
        "video_send",
        "video_rcv",
    )
    sent = {
        "type": 0,
        "topic": "Meeting with Ann Пример",
        "owner": OWNER,
        "description": "",
        "max_podiums": 2,
        "max_participants": 2,
        "schedule": {"type": -1},
        "invitations": [{"id": OWNER}],
        "allow_guests": True,
        "auto_invite": 1,
        "state": "running",
        "recording": 0,
        "stream_recording_state": 0,
        "rights": {whose: dict.fromkeys(names, True) for whose in ("guest", "user")},
        "allow_only_planned_participants": False,
    }
    call = partial(by_header, client, "v3.11")
    made = call("POST", "/conferences", sent)["conference"]["id"]
    assert call("POST", f"/conferences/{made}/run")["state"] in ("starting", "running")
    assert call("GET", f"/conferences/{made}")["conference"]["topic"] == sent["topic"]
    asked = {"call_id": made, "user": "2$ann*Ann Пример", "case": "join_conference_button"}
    clients = call("GET", f"/software/clients?{urlencode(asked)}")["clients"]
    assert any(one.get("iframe") for one in clients)


@pytest.mark.parametrize("version", ["v3.2", "v3.3"])
def test_api_examples_v32(sandbox: Any, server: Any, own: Any, clock: Any, version: str) -> None:
    """Users out of a spreadsheet, all values texts, with columns that are no fields; then groups
    by `next_page_id` as long as it is above 0; old conferences by page and count."""
    client = Client(sandbox, version)
    client.log_in(own, "application/json")
    row = {
        "login_name": "ann",
        "password": "word",
        "email": "",
        "first_name": "Ann",
        "last_name": "Lee",
        "display_name": "Ann Lee",
        "company": "Works",
        "mobile_phone": "1",
        "groups": "Sales,Tour",
        "avatar": "avatars/02.png",
        "is_active": "1",
        "is_admin": "",
    }
    for name in ("Sales", "Tour"):
        assert client.ask("POST", "/groups", {"display_name": name})["group"]["id"]
    again = client.send(
        "POST",
        client.at("/groups"),
        body=b'{"display_name": "Sales"}',
        content_type="application/json",
    )
    assert again.json["error"]["errors"][0]["reason"] == "uniqueValueAlreadyInUse"
    groups, following = [], 0
    while following >= 0:
        query = {"page_id": following} if following else {}
        page = client.ask("GET", "/groups", **query)
        groups, following = groups + page["groups"], page["next_page_id"] or -1
    assert [one["display_name"] for one in groups] == ["Sales", "Tour"]

    assert client.ask("POST", "/users", row)["user"]["id"] == "ann"
    twice = client.send(
        "POST", client.at("/users"), body=json.dumps(row).encode(), content_type="application/json"
    )
    assert twice.json["error"]["errors"][0]["reason"] == "uniqueValueAlreadyInUse"
    changed = client.ask("PUT", "/users/ann", {**row, "company": "Other"})["user"]
    assert (changed["company"], changed["login_name"]) == ("Other", "ann")
    body, kind = multipart([("image", "02.png", PNG)])
    sent = client.post(client.at("/users/ann/avatar"), body=body, content_type=kind)
    assert sent.status == 200
    for group in groups:
        client.ask("POST", f"/groups/{group['id']}/users", {"user_id": "ann"})
    assert len(client.ask("GET", "/users/ann")["user"]["groups"]) == 2

    for number in range(3):
        server.add_conference(f"Old {number}", tags=["a"])
    clock.pass_by(days=30)
    client.log_in(own, "application/json")
    found, number, left = [], 1, None
    while left is None or left > 0:
        query = {"page_size": 2, "tag": "a", "state": "stopped", "page_id": number}
        page = client.ask("GET", "/conferences", **query)
        found += page["conferences"]
        left = (page["cnt"] if left is None else left) - 2
        number += 1
    assert len(found) == 3
    for one in found:
        assert one["schedule"]["start_time"] + one["schedule"]["duration"]
        client.ask("DELETE", f"/conferences/{one['id']}")
    client.ask("DELETE", "/users/ann")
    gone = client.send("DELETE", client.at("/users/ann"), content_type="application/json")
    assert gone.json["error"]["message"] == "Not Found"
    for group in groups:
        client.ask("DELETE", f"/groups/{group['id']}")
    assert server.conferences() == []


def test_contact_centre_v31(sandbox: Any, server: Any, own: Any, clock: Any) -> None:
    """Slashes at the end, an empty body, participants told by the plain id of a user, programs
    asked for without a token, and a conference that is deleted as soon as it was stopped."""
    operator = server.add_user("op", "Operator", online=True)
    server.add_group("operators", [operator["id"]])
    client = Client(sandbox, "v3.1")
    client.log_in(own, "application/x-www-form-urlencoded")
    groups = client.ask("GET", "/groups")["groups"]
    group = next(one["id"] for one in groups if one["display_name"] == "operators")
    free = [u["id"] for u in client.ask("GET", f"/groups/{group}/users")["users"] if u["status"]]
    assert free == ["op"]
    sent = {
        "topic": "site call",
        "type": 0,
        "auto_invite": 0,
        "max_participants": 2,
        "invitations": [{"id": "op"}],
        "schedule": {"type": -1},
        "owner": "op",
        "allow_guests": True,
    }
    made = client.ask("POST", "/conferences", sent)["conference"]["id"]
    assert client.ask("POST", f"/conferences/{made}/run/")["state"]
    clock.pass_by(seconds=10)
    present = client.ask("GET", f"/conferences/{made}/participants")["participants"]
    assert [one["id"] for one in present] == ["op"]
    open_to_all = client.get(f"/api/v3.1/software/clients?call_id={made}")
    assert open_to_all.status == 200
    links = [one["web_url"] for one in open_to_all.json["clients"] if one["platform"] == "webrtc"]
    assert made in links[0]
    assert client.ask("POST", f"/conferences/{made}/stop/")["state"] == "stopped"
    assert client.ask("DELETE", f"/conferences/{made}/") == {"id": made}


def test_programs_without_a_token_are_those_of_the_conferences_server(sandbox: Any) -> None:
    row = sandbox.account("trueconf", "second").add_conference("There")
    line = RawClient(sandbox.base_url("trueconf"))
    shown = line.get(f"/api/v3.10/software/clients?call_id={row['address']}")
    assert "/trueconf/second/" in shown.text
    assert line.get("/api/v3.10/software/clients").json["clients"]
    assert line.get("/api/v3.10/users").status == 403
    assert line.get("/api/v3.10/software/clients?access_token=wrong").status == 403


@pytest.mark.parametrize("paging", ["document", "from 1", "from 0", "cursor"])
def test_telegram_bot_v33(sandbox: Any, server: Any, own: Any, clock: Any, paging: str) -> None:
    """Users from page 0 on until -1, running calls by their missing end, and who is in them."""
    server.paging = paging
    client = Client(sandbox, "v3.3")
    server.refusal_style = "reason"
    wrong = client.post(
        TOKEN,
        {
            "grant_type": "client_credentials",
            "client_id": own["client_id"],
            "client_secret": "wrong",
        },
    )
    assert wrong.json == {"reason": "InvalidCredentials"}
    client.log_in(own, "application/x-www-form-urlencoded")
    for number in range(3):
        server.add_user(f"u{number}", online=True)
    online, number, following = 0, 0, 0
    while following != -1:
        page = client.ask("GET", "/users", page_id=number)
        online += sum(one["status"] in (1, 2, 5) for one in page["users"])
        following, number = page["next_page_id"], number + 1
    assert online == 3

    row = server.add_conference("Forgotten", invited=["u0"])
    server.begin_call(row["id"], server.now() - 2 * 3600)
    calls = client.ask("GET", "/logs/calls", sort_field="end_time", sort_order=1, page_size=500)
    (call,) = [c for c in calls["list"] if c["end_time"] is None and c["class"] > 1]
    assert (call["named_conf_id"], call["duration"]) == (row["address"], 7200)
    assert call["participant_count"] >= 0
    run = quote(call["conference_id"])
    present = client.ask("GET", f"/conference-sessions/{run}/participants")
    assert present["count"] == len(present["participants"])
    assert client.ask("POST", f"/conferences/{row['address']}/stop")["state"] == "stopped"
    server.expire_tokens()
    stale = client.get(client.at("/users"))
    assert reasons(stale) == (403, {("accessTokenInvalid", "")})


def test_site_module_v38(sandbox: Any, server: Any, own: Any, clock: Any) -> None:
    """Fields of other systems beside those of a user, whole conferences sent back, a call to one
    person while it runs, recordings by the log; the token now in the address, now in the header."""
    client = Client(sandbox, "v3.8")
    client.log_in(own, "application/x-www-form-urlencoded")
    person = {
        "id": "short9",
        "login_name": "short9",
        "first_name": "Анна",
        "last_name": "Пример",
        "display_name": "Анна Пример",
        "name": "Анна Пример",
        "password": "word-12345",
        "email": "short9@example.org",
        "mobile_phone": "79990001122",
        "type": 0,
    }
    assert client.ask("POST", "/users", person)["user"]["id"] == "short9"
    nameless = client.send(
        "POST",
        client.at("/users"),
        body=b'{"id": "other", "password": "word-12345"}',
        content_type="application/json",
    )
    assert nameless.json["error"]["errors"][0]["location"] == "login_name"
    sent = {
        "topic": "Конференция с сайта",
        "type": 0,
        "recording": 1,
        "max_participants": 10,
        "schedule": {
            "type": 1,
            "start_time": server.now() + 86400,
            "duration": 3600,
            "time_offset": 180,
        },
        "allow_guests": True,
        "owner": "short9",
        "invitations": [{"id": "short9", "display_name": None}],
    }
    whole = client.ask("POST", "/conferences", sent)["conference"]
    place = f"/conferences/{whole['id']}"
    edited = by_header(client, "v3.8", "PUT", place, {**whole, "topic": "Edited whole"})[
        "conference"
    ]
    assert (edited["topic"], edited["id"]) == ("Edited whole", whole["id"])
    assert client.ask("POST", f"{place}/run")["state"] in ("starting", "running")
    clock.pass_by(seconds=10)
    server.add_user("guest1", online=True)
    by_header(client, "v3.8", "POST", f"{place}/participants", {"participant_id": "guest1"})
    assert "list" in by_header(client, "v3.11", "GET", "/logs/recordings")
    client.ask("POST", f"{place}/stop")
    server.deletions = "nothing"  # it takes 204 alone for a success
    gone = client.send(
        "DELETE", f"/api/v3.11{place}", Authorization=f"Bearer {client.token}", content_type=None
    )
    assert gone.status == 204


def test_unknown_fields_of_another_version_and_a_key_with_a_form_v311(
    sandbox: Any, server: Any, own: Any
) -> None:
    """Names of v4 beside those of v3.11, roles in invitations; JSON that calls itself a form."""
    client = Client(sandbox, "v3.11")
    client.log_in(own, "application/json")
    sent = {
        "display_name": "D",
        "type": 0,
        "topic": "From elsewhere",
        "call_type": "video",
        "access_mode": "open",
        "owner": OWNER,
        "auto_invite": 1,
        "tag": "ours",
        "invitations": [{"id": OWNER, "role": "owner"}],
        "schedule": {"type": 1, "start_time": server.now() + 7200, "duration": 3600},
    }
    assert client.ask("POST", "/conferences", sent)["conference"]["topic"] == "From elsewhere"
    client.token = own["secret_key"]
    body = b'{"password": "word-12345", "email": "x@example.org", "login_name": "curl"}'
    answer = client.send(
        "POST", client.at("/users"), body=body, content_type="application/x-www-form-urlencoded"
    )
    assert answer.json["user"]["id"] == "curl"


LISTS = {
    "/users": "users",
    "/groups": "groups",
    "/groups/{group}/users": "users",
    "/conferences": "conferences",
    "/conferences/{conference}/invitations": "invitations",
    "/users/u0/addressbook": "contacts",
    "/broadcast/presets": "presets",
    "/logs/calls": "list",
}


@pytest.mark.parametrize("paging", ["from 1", "from 0", "cursor"])
@pytest.mark.parametrize("path", LISTS)
def test_each_list_in_each_style_is_whole(
    sandbox: Any, server: Any, paging: str, path: str
) -> None:
    server.paging, server.largest_page = paging, 3
    for number in range(7):
        user = server.add_user(f"u{number}")
        group = server.add_group(f"G{number}")
        row = server.add_conference(f"C{number}", start=sandbox.now())
        server.start_session(row["id"], minutes=1)
        server.add_preset(f"P{number}", "manualPull", {})
    for other in server.users():
        server.put_into_group(group["id"], other["id"])
        if not server.invitation(row["id"], other["login_name"]):
            server.invite(row["id"], other["login_name"])
    assert user
    client = Client(sandbox, "v3.10")
    client.token = by_client(sandbox)
    place = path.format(group=group["id"], conference=row["address"])
    found, query = [], {}
    for _ in range(9):
        page = client.ask("GET", place, **query)
        found += [json.dumps(one) for one in page[LISTS[path]]]
        if page["next_page_id"] == -1:
            break
        query = {"page_id": page["next_page_id"]}
    assert len(found) == len(set(found))
    assert len(found) >= 7


class TestHowTheKeyTravels:
    @pytest.mark.parametrize("way", ["header", "parameter"])
    @pytest.mark.parametrize("kind", ["token", "secret_key"])
    def test_a_server_may_take_it_in_one_way_alone(
        self, sandbox: Any, server: Any, own: Any, way: str, kind: str
    ) -> None:
        key = own["secret_key"] if kind == "secret_key" else by_client(sandbox)
        setattr(server, f"{kind}_in", (way,))
        line = RawClient(sandbox.base_url("trueconf"))
        by_header = line.send("GET", "/api/v3.10/users", Authorization=f"Bearer {key}")
        by_parameter = line.get(f"/api/v3.10/users?access_token={key}")
        wanted = [200, 403] if way == "header" else [403, 200]
        assert [by_header.status, by_parameter.status] == wanted

    def test_logs_may_be_open_to_the_secret_key_alone(
        self, sandbox: Any, server: Any, own: Any
    ) -> None:
        server.logs_for_applications = False
        client = Client(sandbox, "v3.10")
        client.token = by_client(sandbox)
        assert reasons(client.get(client.at("/logs/calls"))) == (403, {("forbidden", "")})
        client.token = own["secret_key"]
        assert client.ask("GET", "/logs/calls")["cnt"] == 0


@pytest.mark.parametrize(("style", "status"), [("object", 200), ("nothing", 204), ("text", 200)])
def test_deletions_are_confirmed_in_three_ways(
    sandbox: Any, server: Any, style: str, status: int
) -> None:
    server.deletions = style
    server.add_user("ann")
    client = Client(sandbox, "v3.11")
    client.token = by_client(sandbox)
    answer = client.send("DELETE", client.at("/users/ann"))
    assert answer.status == status
    assert answer.text == {"object": answer.text, "nothing": "", "text": '"200 OK"'}[style]
    assert server.user("ann") is None
    assert client.send("DELETE", client.at("/users/ann")).status == 404


def test_the_server_names_itself_without_a_token(sandbox: Any, server: Any) -> None:
    said = RawClient(sandbox.base_url("trueconf")).get("/api/v4/server").json
    assert re.fullmatch(r"\d+\.\d+\.\d+", said["product"]["version"])
    texts = ("id", "name", "display_name", "platform")
    assert all(isinstance(said["product"][name], str) for name in texts)
    assert isinstance(said["links"]["documentation"], str)
    assert isinstance(said["web_config"]["url"], str)
    assert RawClient(sandbox.base_url("trueconf")).get("/api/v4/conferences").status in (403, 404)


@pytest.mark.parametrize(("version", "shown"), [("5.0.2", 1), ("5.0.3", 0), ("5.5.2", 0)])
def test_v31_lists_no_conferences_on_newer_servers(
    sandbox: Any, server: Any, version: str, shown: int
) -> None:
    server.version = version
    server.add_conference("There")
    client = Client(sandbox, "v3.1")
    client.token = by_client(sandbox)
    listed = client.ask("GET", "/conferences")
    assert (listed["cnt"], len(listed["conferences"])) == (shown, shown)
    client.version = "v3.2"
    assert client.ask("GET", "/conferences")["cnt"] == 1


@pytest.mark.parametrize(
    ("style", "status", "kind"),
    [("guest", 200, "custom"), ("other server", 200, "user"), ("refused", 404, "")],
)
def test_an_address_that_is_no_users(
    sandbox: Any, server: Any, style: str, status: int, kind: str
) -> None:
    server.unknown_addresses = style
    row = server.add_conference("Here")
    client = Client(sandbox, "v3.10")
    client.token = by_client(sandbox)
    path = client.at(f"/conferences/{row['address']}/invitations")
    body = b'{"id": "ann@example.org"}'
    answer = client.send("POST", path, body=body, content_type="application/json")
    assert answer.status == status
    if kind:
        shown = answer.json["invitation"]
        assert (shown["id"], shown["type"]) == ("ann@example.org", kind)
