"""The LiveWebinar sandbox over real HTTP: the pages of rooms, by role, nickname and avatar."""

from __future__ import annotations

import pytest

from tests.contract.sandbox.test_livewebinar_sandbox import Api
from tests.sandbox_client import RawClient


@pytest.fixture
def account(sandbox):
    return sandbox.account("livewebinar", "demo")


@pytest.fixture
def api(sandbox, account):
    return Api(sandbox.base_url("livewebinar"), account.new_token())


@pytest.fixture
def follow(sandbox):
    return lambda url: RawClient(sandbox.url).get(url.removeprefix(sandbox.url))


class TestRoomPages:
    @pytest.fixture
    def widget(self, api):
        form = {
            "name": "<Tools> & more",
            "start_date": "2026-04-20 15:30:00",
            "timezone": "Europe/Warsaw",
            "duration": "90",
        }
        return api.post("/widgets", form).json["data"]

    def test_by_role_nickname_and_avatar(self, widget, follow):
        room = widget["hosted_at"]["attendee"]
        assert "<strong>&lt;Tools&gt; &amp; more</strong>" in follow(room).text
        assert "Monday 20 April 2026, 15:30 (Europe/Warsaw), 90 minutes" in follow(room).text
        named = follow(f"{room}?_nickname=John%20Doe")
        assert "John Doe comes in as an attendee" in named.text
        assert (
            "John Doe comes in as a presenter"
            in follow(f"{widget['hosted_at']['presenter']}?_nickname=John%20Doe").text
        )
        assert "comes in as the host" in follow(widget["hosted_at"]["host"]).text
        assert "not known to the room" in follow(f"{room}/x/unknown").text
        pictured = follow(f"{room}?avatar_url=https://img.example.com/jonh.png")
        assert "<img src='https://img.example.com/jonh.png'" in pictured.text
        policy = pictured.headers["content-security-policy"]
        assert "img-src 'self' https://img.example.com" in policy
        for odd in ("javascript:alert(1)", "https://[x/", "'><script>"):
            assert "<img" not in follow(f"{room}?avatar_url={odd.replace(chr(39), '%27')}").text

    def test_hosts_that_no_header_can_carry(self, widget, follow):
        room = widget["hosted_at"]["attendee"]
        shown = follow(f"{room}?avatar_url=http://%D0%B6.example;x/a.png")
        assert shown.status == 200
        assert "example" not in shown.headers["content-security-policy"]

    def test_the_way_in(self, api, account, widget, follow):
        room = widget["hosted_at"]["attendee"]
        assert "door is open" in follow(room).text
        account.edit_widget(widget["id"], password="sesame")
        assert "password would be asked for" in follow(room).text
        account.edit_widget(widget["id"], form_id=account.add_form("Who")["id"])
        assert "entry form" in follow(room).text
        account.set_status(widget["id"], "inactive")
        assert "switched off" in follow(room).text
        account.delete_widget(widget["id"])
        assert follow(room).status == 404

    def test_the_embedded_room(self, widget, follow, sandbox):
        options = f"_license_key={widget['token']}&_nickname=Ann&_widget_containerID=here"
        options += f"&_role_token={widget['roles']['host']}"
        script = follow(f"{sandbox.url}/livewebinar/em?t={widget['token']}&{options}")
        assert script.headers["content-type"].startswith("text/javascript")
        assert '"container": "here"' in script.text
        assert "/livewebinar/embed?t=" in script.text
        page = follow(f"{sandbox.url}/livewebinar/embed?{options}")
        assert "Ann comes in as the host" in page.text
        assert "frame-ancestors *" in page.headers["content-security-policy"]
        assert follow(f"{sandbox.url}/livewebinar/embed?_license_key=000-000-000").status == 404
        assert follow(f"{sandbox.url}/livewebinar/auth/login").status == 200
