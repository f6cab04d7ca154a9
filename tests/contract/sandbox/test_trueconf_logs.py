"""The TrueConf sandbox over real HTTP: logs, calendars, personal links."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, quote, urlsplit

import pytest

from tests.contract.sandbox.test_trueconf_sandbox import Api, by_client, reasons

OWNER = "demo.admin"


@pytest.fixture
def server(sandbox):
    return sandbox.account("trueconf", "demo")


@pytest.fixture
def api(sandbox):
    return Api(sandbox, by_client(sandbox))


@pytest.fixture
def room(server):
    return server.add_conference("Here")


@pytest.fixture
def place(room):
    return f"/conferences/{room['address']}"


def fetch(sandbox, api, url):
    """Follow an address that an answer holds, with the token."""
    path = url.removeprefix(sandbox.base_url("trueconf"))
    return api.send("GET", path, Authorization=f"Bearer {api.token}")


class TestLogs:
    @pytest.fixture
    def held(self, server, room, clock):
        """Two runs, of which one is over since yesterday."""
        server.add_user("mira", "Mira")
        start = clock() - timedelta(days=1)
        late = {"who": "x@example.org", "display_name": "X", "joined": 10, "left": 20}
        server.start_session(
            room["id"], ["mira", late], started_at=start, chat=["mira: Hello all", "X: Thanks"]
        )
        return server.start_session(room["id"], ["mira"], started_at=clock())

    def test_calls(self, server, api, held, room):
        answer = api.read("/logs/calls")
        assert answer["cnt"] == 2
        running, over = answer["list"]
        assert set(over) == {
            "conference_id",
            "named_conf_id",
            "topic",
            "class",
            "type",
            "subtype",
            "owner",
            "participant_count",
            "start_time",
            "duration",
            "end_time",
            "term_reason",
        }
        assert over["start_time"] == {
            "date": "2026-03-01 09:00:00.000000",
            "timezone_type": 3,
            "timezone": "Europe/London",
        }
        assert (over["duration"], over["term_reason"], over["participant_count"]) == (3600, 5, 3)
        assert (running["end_time"], running["term_reason"]) == (None, 0)
        assert api.read("/logs/calls?sort_order=0")["list"] == [over, running]
        assert api.read("/logs/calls?sort_field=duration")["list"] == [over, running]
        assert api.read("/logs/calls?page_size=1&page_id=2")["list"] == [over]
        assert api.read(f"/logs/calls?named_conf_id={room['address']}")["cnt"] == 2
        assert api.read("/logs/calls?class=11")["cnt"] == 0
        own = f"/logs/calls/{quote(over['conference_id'], safe='')}"
        assert api.read(own) == over
        answer = api.call("GET", "/logs/calls/unknown")
        assert reasons(answer) == (404, {("conferenceNotFound", "session_id")})

    def test_dates_in_an_offset(self, api, held):
        over = api.read("/logs/calls?timezone=180")["list"][1]
        assert over["start_time"] == {
            "date": "2026-03-01 12:00:00.000000",
            "timezone_type": 1,
            "timezone": "+03:00",
        }
        for bound, count in (
            ("date_to=2026-03-01+23:59:59", 1),
            ("date_from=2026-03-01%2B12:00:00&timezone=180", 2),
            ("date_from=2026-03-01%2012:00:01&timezone=180", 1),
        ):
            assert api.read(f"/logs/calls?{bound}")["cnt"] == count
        for wrong in ("date_from=yesterday", "timezone=x", "sort_field=odd", "sort_order=2"):
            answer = api.call("GET", f"/logs/calls?{wrong}")
            assert reasons(answer) == (400, {("invalidValue", wrong.partition("=")[0])})

    def test_a_summer_date_is_in_the_zone_it_names(self, server, api, room):
        start = datetime(2025, 7, 1, 9, tzinfo=UTC)
        server.start_session(room["id"], started_at=start)
        (call,) = api.read("/logs/calls")["list"]
        assert call["start_time"]["date"] == "2025-07-01 10:00:00.000000"

    def test_participants(self, server, api, held):
        over = api.read("/logs/calls")["list"][1]
        own = f"/logs/calls/{quote(over['conference_id'], safe='')}/participants"
        people = api.read(f"{own}?sort_order=0")
        assert people["cnt"] == 3
        guest = people["list"][2]
        assert guest["display_name"] == "X"
        assert guest["call_id"].startswith("#guest:")
        assert guest["duration"] == 600
        assert guest["join_time"]["date"] == "2026-03-01 09:10:00.000000"
        assert guest["leave_time"]["date"] == "2026-03-01 09:20:00.000000"
        found = api.read(f"{own}?call_id={server.uid('mira')}")["list"]
        assert [one["display_name"] for one in found] == ["Mira"]

    def test_messages(self, server, api, held):
        answer = api.read("/logs/messages?sort_order=0")
        assert answer["cnt"] == 2
        first = answer["list"][0]
        assert (first["message"], first["from_display_name"]) == ("Hello all", "Mira")
        assert first["from_call_id"] == server.uid("mira")
        assert api.read("/logs/messages?message=THANKS")["cnt"] == 1
        assert api.read(f"/logs/messages?from_call_id={server.uid('mira')}")["cnt"] == 1
        assert api.read(f"/logs/messages?conference_id={quote(first['conference_id'])}")["cnt"] == 2

    def test_events_and_settings(self, server, api):
        server.log_event("login", "user", "mira@server", {"Result": 0}, severity="high")
        server.log_event("logout", "user", "mira@server", ip="192.0.2.77")
        server.change_setting("recordings_config", "{}", '{"path": "x"}')
        events = api.read("/logs/events")
        assert events["cnt"] == 2
        assert api.read("/logs/events?event_type=login")["list"][0]["payload"] == {"Result": 0}
        assert api.read("/logs/events?severity=high")["cnt"] == 1
        assert api.read("/logs/events?invoker_ip=192.0.2.77")["cnt"] == 1
        assert api.call("GET", "/logs/events?severity=odd").status == 400
        (setting,) = api.read("/logs/settings")["list"]
        assert json.loads(setting["new_value"]) == {"path": "x"}
        assert (setting["id"], setting["action_type"]) == ("181", "edit")

    def test_twenty_rows_unless_told(self, server, api):
        for number in range(25):
            server.log_event("login", "user", f"u{number}")
        answer = api.read("/logs/events")
        assert (answer["cnt"], len(answer["list"])) == (25, 20)


class TestLinks:
    def test_calendars_and_files(self, sandbox, server, api, room, place):
        links = api.read(f"{place}/calendars?lang=de")["calendars"]
        google = parse_qs(urlsplit(links["google"]).query)
        assert google["text"] == ["Here"]
        assert google["dates"] == ["20260302T110000/20260302T120000"]
        ics = fetch(sandbox, api, links["other"])
        assert ics.headers["content-type"].startswith("text/calendar")
        assert "DTSTART:20260302T100000Z\r\n" in ics.text
        assert api.call("GET", f"{place}/calendars?lang=xx").status == 400
        weekly = server.add_conference("Weekly", weekly=(["monday", "friday"], "09:00"))
        ics = api.call("GET", f"/conferences/{weekly['address']}/ics").text
        assert "RRULE:FREQ=WEEKLY;INTERVAL=1;BYDAY=MO,FR\r\n" in ics
        shared = api.read(f"{place}/shared")
        assert "<iframe" in shared["embedded"]["webrtc"]
        assert shared["rtsp_url"] is None

    def test_clients_and_personal_links(self, server, api, room, follow):
        server.add_user("mira", "Mira <3")
        plain = api.read("/software/clients")
        assert set(plain) == {"clients"}
        assert {one["platform"] for one in plain["clients"]} >= {"windows", "macos", "android"}
        for user, expected in (
            ("mira", "Mira &lt;3 as participant"),
            (OWNER, "Administrator as owner"),
            ("$Alexander", "a guest"),
            ("2$abc*Alexander", "#guest2:abc@video-demo.example.com"),
        ):
            answer = api.read(f"/software/clients?call_id={room['address']}&user={quote(user)}")
            web = answer["clients"][-1]
            assert web["platform"] == "webrtc"
            assert "#login=" in web["web_url"]
            assert web["web_url"] in web["iframe"]
            assert expected in follow(web["web_url"].partition("#")[0]).text
            assert "login=" in answer["deeplinks"]["default"]
        assert api.call("GET", "/software/clients?lang=xx").status == 400
        answer = api.call("GET", "/software/clients?call_id=gone")
        assert reasons(answer)[1] == {("conferenceNotFound", "conference_id")}
