"""What the vendor's public plugins put on the wire is understood, byte for byte.

The shapes were read in livewebinar/wordpress_livewebinar_plugin and
livewebinar/moodle-mod_livewebinar.
"""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from integrations.sandbox.livewebinar.api import ACCEPT
from tests.contract.sandbox.test_livewebinar_sandbox import Api
from tests.sandbox_client import RawClient, multipart

BOUNDARY = "----WebKitFormBoundary7MA4YWxkTrZu0gW"


@pytest.fixture
def account(sandbox):
    return sandbox.account("livewebinar", "demo")


class TestWordPress:
    @pytest.fixture
    def api(self, sandbox):
        """It names the brand as its identifier, and looks for `token` and `expires_in`."""
        mine = sandbox.credentials("livewebinar")
        form = {**mine, "identifier": "livewebinar"}
        answer = Api(sandbox.base_url("livewebinar")).post("/auth/login", form)
        assert answer.json["expires_in"] > 600
        return Api(sandbox.base_url("livewebinar"), answer.json["token"])

    def test_create_update_deactivate(self, api, account):
        form = account.add_form("Who is coming")
        helper = account.add_presenter("ann@example.com", "Ann", "Ivory")
        sent = {
            "strict_event": 0,
            "autostart[lock_state]": "unlocked",
            "disable_all_notifications": 0,
            "thank_you_email": 1,
            "name": "Żywy webinar",
            "start_date": "2026-05-04 12:00:00",
            "duration": 45,
            "timezone": "Europe/Warsaw",
            "form[id]": form["id"],
            "autostart[mode]": "all",
            "password": "",
            "autostart[initial_layout_id]": 1,
            "autostart[initial_template_id]": 0,
            "agenda": "<p>Hello</p>",
            "presenters[0]": helper["id"],
            "type": "scheduled",
        }
        made = api.post("/widgets", sent)
        assert 200 <= made.status < 300
        widget = made.json["data"]
        assert widget["start_date"] == int(datetime(2026, 5, 4, 10, tzinfo=UTC).timestamp())
        assert widget["autostart"]["lock_state"] == "unlocked"
        assert (widget["thank_you_email"], widget["roles"]["host"] != "") == (1, True)
        path = f"/widgets/{widget['id']}"
        without = {name: value for name, value in sent.items() if name != "form[id]"}
        assert api.put(path, {**without, "form": ""}).json["data"]["form"] is None
        off = api.put(path, {"status": "inactive", "agenda": "", "type": "scheduled"}).json["data"]
        assert (off["status"], off["agenda"], off["name"]) == ("inactive", "", "Żywy webinar")
        assert off["start_date"] == widget["start_date"]

    def test_errors_are_read_by_field(self, api):
        error = api.post("/widgets", {"type": "scheduled"}).json["error"]
        assert isinstance(error["errors"]["name"][0], str)

    def test_password_tokens_with_a_slash_at_the_end(self, api, account):
        widget = account.add_widget("A room")
        form = {"name": "Room - 1", "widgets_ids[0]": widget["id"], "amount": 3}
        group = api.post("/account/widget_tokens/", form).json["data"]
        assert len(group["tokens"]["data"]) == 3

    def test_look_ups(self, api, account):
        account.add_form("Who is coming")
        account.add_file("cover.png", b"x")
        assert api.get("/forms").json["data"][0]["type"] == "registration"
        (image,) = api.get("/storage?limit=2000").json["data"]
        assert {"id", "name", "file_extension", "file_size", "url"} == set(image)


class TestMoodle:
    @pytest.fixture
    def api(self, sandbox):
        """It logs in by multipart and names its identifier in a header as well."""
        mine = sandbox.credentials("livewebinar")
        parts = [(name, None, value.encode()) for name, value in mine.items()]
        body, kind = multipart(parts)
        door = Api(sandbox.base_url("livewebinar"))
        headers = {"Identifier": mine["identifier"]}
        answer = door.send("POST", "/auth/login", body=body, content_type=kind, **headers)
        return Api(sandbox.base_url("livewebinar"), answer.json["token"])

    def create(self, api, **values):
        """No type, empty fields, and no line end behind the last boundary."""
        fields = {
            "name": "Lesson",
            "password": "sesame",
            "agenda": "",
            "custom_name;": "",
            "status": "",
            "start_date": "2026-05-04 12:00:00",
            "duration": "60",
            "timezone": "Europe/Warsaw",
            "strict_event": "",
            "manual_confirm_registrants": "",
            "autostart[lock_state]": "locked",
            **values,
        }
        head = 'Content-Disposition: form-data; name="'
        parts = [f'--{BOUNDARY}\r\n{head}{n}"\r\n\r\n{v}\r\n' for n, v in fields.items()]
        body = f"{''.join(parts)}--{BOUNDARY}--".encode()
        kind = f"multipart/form-data; boundary={BOUNDARY}"
        return api.send("POST", "/widgets", body=body, content_type=kind).json["data"]

    def test_create(self, api):
        widget = self.create(api)
        assert (widget["type"], widget["status"]) == ("scheduled", "active")
        assert (widget["password"], widget["duration"]) == ("sesame", 60)
        assert widget["hosted_at"]["presenter"].startswith(widget["hosted_at"]["attendee"])

    def test_not_scheduled(self, api):
        widget = self.create(api, start_date="", duration="")
        assert (widget["type"], widget["start_date"]) == ("permanent", None)

    def test_update_is_a_form_that_nobody_encoded(self, api):
        widget = self.create(api)
        body = (
            "name=Lekcja ż&password=x&start_date=2026-05-05 09:00:00&agenda=a b&duration=30"
            "&timezone=Europe/Warsaw&strict_event=1&autostart[lock_state]=unlocked"
        ).encode()
        changed = api.put(f"/widgets/{widget['id']}", body=body).json["data"]
        assert (changed["name"], changed["agenda"], changed["duration"]) == ("Lekcja ż", "a b", 30)
        assert (changed["strict_event"], changed["autostart"]["lock_state"]) == (1, "unlocked")
        body = b"name=Lekcja&start_date=&duration=&timezone=Europe/Warsaw"
        changed = api.put(f"/widgets/{widget['id']}", body=body).json["data"]
        assert (changed["type"], changed["start_date"]) == ("permanent", None)

    def test_delete_with_an_empty_body(self, api):
        widget = self.create(api)
        gone = api.send("DELETE", f"/widgets/{widget['id']}", body=b"")
        assert 200 <= gone.status < 300

    def test_what_its_page_shows(self, api, account):
        widget = self.create(api)
        account.add_recording(widget["id"], name="Lesson 1")
        (recording,) = api.get(f"/widgets/{widget['id']}/recordings?limit=100").json["data"]
        assert recording["url"].startswith("http")
        form = f"name=Lesson&widgets_ids[0]={widget['id']}&amount=1".encode()
        group = api.post("/account/widget_tokens", body=form).json["data"]
        assert group["tokens"]["data"][0]["token"]
        path = f"/account/widget_tokens/items/generate/{group['id']}"
        assert api.post(path, body=b"amount=1").json["data"]["tokens"]["data"][0]["token"]
        assert api.get("/users/autologinToken").json["data"]["autologin_token"]

    def test_report(self, api):
        widget = self.create(api)
        order = [("widget_id", str(widget["id"])), ("format", "xls"), ("type", "event")]
        body, kind = multipart([(name, None, value.encode()) for name, value in order])
        assert api.send("POST", "/reports", body=body, content_type=kind).status == 201
        place = f"/reports/widget/{widget['id']}/event/xls"
        ready = [api.get(place).json["data"]["is_ready"] for _ in range(3)]
        assert ready == [False, True, True]


def test_curl_of_the_document(sandbox):
    line = RawClient(sandbox.base_url("livewebinar"))
    body = (
        b"name=WishList%20WP%20Plugin"
        b"&redirect=https%3A%2F%2Fmywordpress-site.example%2Fwpadmin%2Fwishlist%2Flivewebinar"
    )
    made = line.post("/oauth/clients", body=body, Accept=ACCEPT)
    assert (made.status, made.json["name"]) == (201, "WishList WP Plugin")


class TestLoginsByPassword:
    """Four public clients send a user's own name and password [seen: README]."""

    @pytest.fixture
    def sent(self, sandbox, account):
        mine = sandbox.credentials("livewebinar")
        return {
            "grant_type": "password",
            "client_id": mine["client_id"],
            "client_secret": mine["client_secret"],
            "username": account.user()["email"],
            "password": account.login_word,
        }

    def test_tokens_come_under_access_token(self, sandbox, account, sent):
        base = sandbox.base_url("livewebinar")
        answer = RawClient(base).post("/oauth/access_token", sent)  # one of them names no Accept
        pair = answer.json["accessToken"]
        assert pair["token_type"] == "Bearer"
        assert Api(base, pair["access_token"]).get("/me").json["data"]["email"] == sent["username"]
        told = str([entry.describe() for entry in sandbox.requests])
        assert account.login_word not in told
        assert pair["access_token"] not in told

    @pytest.mark.parametrize("name", ["username", "password", "client_secret"])
    def test_what_is_wrong_lets_nobody_in(self, sandbox, sent, name):
        line = RawClient(sandbox.base_url("livewebinar"))
        assert line.post("/oauth/access_token", {**sent, name: "wrong"}).status == 401
        assert line.post("/oauth/access_token", {**sent, name: ""}).status == 422


def test_the_moodle_form_allows_long_webinars_and_names(sandbox, account):
    api = Api(sandbox.base_url("livewebinar"), account.new_token())
    long = {
        "name": "n" * 300,
        "type": "scheduled",
        "duration": 150 * 60,
        "start_date": "2026-05-04 12:00:00",
        "timezone": "Europe/Warsaw",
    }
    widget = api.post("/widgets", long).json["data"]
    assert (len(widget["name"]), widget["duration"]) == (300, 9000)


def test_unknown_and_read_only_parameters_are_passed_over(sandbox, account):
    api = Api(sandbox.base_url("livewebinar"), account.new_token())
    widget = account.add_widget("Before")
    sent = {"name": "After", "id": 1, "token": "000-000-000", "hosted_at": "x", "colour": "red"}
    changed = api.put(f"/widgets/{widget['id']}", sent).json["data"]
    assert (changed["id"], changed["name"]) == (widget["id"], "After")
    assert changed["token"] != "000-000-000"
