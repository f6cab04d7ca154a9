"""The TrueConf sandbox over real HTTP: users, groups, address books."""

from __future__ import annotations

import pytest

from tests.contract.sandbox.test_trueconf_sandbox import Api, by_client, reasons
from tests.sandbox_client import multipart

OWNER = "demo.admin"
PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 20
YOUTUBE = {"stream_url": "rtmp://a.rtmp.example.com/live2", "stream_key": "jseq-jdp1"}


@pytest.fixture
def server(sandbox):
    return sandbox.account("trueconf", "demo")


@pytest.fixture
def api(sandbox):
    return Api(sandbox, by_client(sandbox))


@pytest.fixture
def place(server):
    """The address of a conference that is there."""
    return f"/conferences/{server.add_conference('Here')['address']}"


class TestUsers:
    def test_the_documented_shape(self, server, api):
        sent = {
            "login_name": "mira",
            "password": "secret",
            "email": "mira@example.org",
            "display_name": "Mira Grönland",
            "company": "Works",
            "is_active": 1,
        }
        shape = api.write("POST", "/users", sent)["user"]
        assert shape == {
            "id": "mira",
            "uid": f"mira@{server.server_name}",
            "avatar": None,
            "login_name": "mira",
            "email": "mira@example.org",
            "display_name": "Mira Grönland",
            "first_name": "",
            "last_name": "",
            "company": "Works",
            "groups": [{"id": "@no_group", "display_name": "Users without group", "rights": []}],
            "mobile_phone": "",
            "work_phone": "",
            "home_phone": "",
            "is_active": 1,
            "status": 0,
        }
        assert api.read("/users/mira")["user"] == shape
        assert api.read(f"/users/Mira@{server.server_name}")["user"] == shape

    @pytest.mark.parametrize(
        ("field", "value", "reason"),
        [
            ("login_name", OWNER.upper(), "uniqueValueAlreadyInUse"),
            ("email", "TAKEN@example.org", "uniqueValueAlreadyInUse"),
            ("login_name", "x" * 33, "invalidValue"),
            ("login_name", "a b", "invalidValue"),
            ("login_name", "", "missingRequiredField"),
            ("password", None, "missingRequiredField"),
            ("email", "ab", "invalidValue"),
            ("display_name", "", "invalidValue"),
            ("display_name", "x" * 65, "invalidValue"),
            ("mobile_phone", "1" * 51, "invalidValue"),
            ("is_active", 2, "invalidValue"),
            ("id", "mira", "readOnlyField"),
            ("status", 1, "readOnlyField"),
            ("groups", [], "readOnlyField"),
            ("shoe_size", 42, "unknownField"),
        ],
    )
    def test_refuses(self, server, api, field, value, reason):
        server.refuses_extra_fields = True
        server.add_user("someone", email="taken@example.org")
        answer = api.call("POST", "/users", {"login_name": "mira", "password": "p", field: value})
        status, found = reasons(answer)
        assert status == 400
        assert (reason, field) in found
        assert len(server.users()) == 2

    def test_change_and_delete(self, sandbox, server, api):
        server.add_user("mira", email="mira@example.org")
        shape = api.write("PUT", "/users/mira", {"display_name": " M. ", "is_active": 0})["user"]
        assert (shape["display_name"], shape["is_active"]) == ("M.", 0)
        answer = api.write("PUT", "/users/mira", {"login_name": "other", "groups": "a,b"})
        assert answer["user"]["login_name"] == "mira", "read-only fields are ignored"
        assert api.write("PUT", "/users/mira", {"email": "MIRA@example.org"})
        assert api.write("DELETE", "/users/mira") == {"id": "mira"}
        answer = api.call("GET", "/users/mira")
        assert reasons(answer) == (404, {("userNotFound", "user_id")})

    def test_pages_without_a_total(self, server, api):
        for number in range(4):
            server.add_user(f"u{number}", f"User {number}", first_name="Pat" if number else "Kim")
        assert api.read("/users").keys() == {"users", "next_page_id"}
        assert api.read("/users")["next_page_id"] == -1
        assert api.read("/users?page_size=2&page_id=2")["next_page_id"] == 3
        shown = api.read("/users?page_size=2&page_id=3")["users"]
        assert [one["id"] for one in shown] == ["u3"]
        assert api.read("/users?page_size=2&page_id=4")["users"] == []
        assert len(api.read("/users?first_name=pat")["users"]) == 3
        assert len(api.read("/users?login_name=u&display_name=3")["users"]) == 1

    def test_the_limit_of_the_licence(self, server, api):
        server.max_users = 1
        answer = api.call("POST", "/users", {"login_name": "mira", "password": "p"})
        assert reasons(answer) == (400, {("maxUsers", "")})

    def test_disconnect(self, server, api):
        server.add_user("mira", online=True)
        assert api.write("POST", "/users/mira/disconnect") == {"state": "disconnecting"}
        assert api.read("/users/mira")["user"]["status"] == 0
        assert api.write("POST", "/users/mira/disconnect") == {"state": "disconnected"}

    def test_avatars(self, server, api, follow):
        server.add_user("mira")
        place = "/users/mira/avatar"
        assert api.read(place) == {"avatar": None}
        body, kind = multipart([("image", "me.png", PNG)])
        path = f"/api/v3.10{place}?access_token={api.token}"
        sent = api.post(path, body=body, content_type=kind)
        assert sent.status == 200, sent.text
        url = sent.json["avatar"]["url"]
        assert follow(url).body == PNG
        assert api.read("/users/mira")["user"]["avatar"] == url
        assert api.write("DELETE", place) == {"avatar": None}
        for name, content in (("image", b"no picture"), ("picture", PNG)):
            body, kind = multipart([(name, "me.png", content)])
            assert api.post(path, body=body, content_type=kind).status == 400


class TestGroups:
    def test_made_changed_deleted(self, server, api):
        made = {"display_name": "Küche", "rights": ["make_calls"]}
        shape = api.write("POST", "/groups", made)["group"]
        assert shape == {"id": "4172", **made}
        assert reasons(api.call("POST", "/groups", {"display_name": "küche"}))[1] == {
            ("uniqueValueAlreadyInUse", "display_name")
        }
        changed = api.write("PUT", "/groups/4172", {"rights": ["operator_rights"]})["group"]
        assert changed == {**made, "id": "4172", "rights": ["operator_rights"]}
        answer = api.call("PUT", "/groups/4172", {"rights": ["fly"]})
        assert reasons(answer) == (400, {("invalidValue", "rights")})
        api.version = "v3.4"
        assert api.call("PUT", "/groups/4172", {"rights": ["another_name"]}).status == 200
        api.version = "v3.10"
        api.write("PUT", "/groups/4172", {"rights": ["operator_rights"]})
        assert api.write("DELETE", "/groups/4172") == {"group": changed}
        for group_id in ("4172", "x", "9" * 400):
            answer = api.call("GET", f"/groups/{group_id}")
            assert reasons(answer) == (404, {("groupNotFound", "group_id")})

    def test_pages_by_a_cursor(self, server, api):
        for number in range(5):
            server.add_group(f"Group {number}")
        server.delete_group(4174)
        names, cursor = [], 1
        while cursor != -1:
            answer = api.read(f"/groups?page_size=2&page_id={cursor}")
            names += [one["display_name"] for one in answer["groups"]]
            cursor = answer["next_page_id"]
        assert names == ["Group 0", "Group 1", "Group 3", "Group 4"]

    def test_members(self, server, api):
        group = server.add_group("Sales", rights=["make_calls", "operator_rights"])
        server.add_user("mira")
        place = f"/groups/{group['id']}/users"
        for _ in range(2):
            shape = api.write("POST", place, {"user_id": "mira"})["user"]
        mini = {"id": str(group["id"]), "display_name": "Sales", "rights": ["operator_rights"]}
        assert shape["groups"] == [mini]
        assert [one["id"] for one in api.read(place)["users"]] == ["mira"]
        assert api.read(f"{place}/mira")["user"] == shape
        answer = api.call("POST", place, {"user_id": "nobody"})
        assert reasons(answer) == (404, {("userNotFound", "user_id")})
        assert api.write("DELETE", f"{place}/mira") == {"id": "mira"}
        assert api.call("DELETE", f"{place}/mira").status == 404
        assert api.read(place)["users"] == []


def test_address_book(server, api):
    server.add_group("Sales", [server.add_user("mira")["id"], server.add_user("nils")["id"]])
    place = "/users/mira/addressbook"
    sent = {"contact_id": OWNER, "display_name": "Boss"}
    shape = api.write("POST", place, sent)["contact"]
    assert (shape["display_name"], shape["owner"], shape["owner_type"]) == ("Boss", "mira", 2)
    assert shape["type"] == "user"
    guest = api.write("POST", place, {"contact_id": "x@example.org"})["contact"]
    assert (guest["id"], guest["type"]) == ("x@example.org", "custom")
    assert reasons(api.call("POST", place, sent))[1] == {("uniqueValueAlreadyInUse", "contact_id")}
    listed = api.read(place)["contacts"]
    assert [(one["id"], one["owner"]) for one in listed] == [
        (OWNER, "mira"),
        ("x@example.org", "mira"),
        ("nils", None),
    ]
    assert api.read(f"{place}?page_size=1&page_id=2")["contacts"] == [guest]
    changed = api.write("PUT", f"{place}/{OWNER}", {"display_name": "Chief"})["contact"]
    assert changed["display_name"] == "Chief"
    assert api.read(f"{place}/{OWNER}")["contact"] == changed
    assert reasons(api.call("DELETE", f"{place}/nils"))[1] == {("forbidden", "")}
    assert api.write("DELETE", f"{place}/{OWNER}") == {"id": OWNER}
    assert reasons(api.call("GET", f"{place}/{OWNER}"))[1] == {("contactNotFound", "contact_id")}
