"""The WebinarFuel sandbox over real HTTP: webinars, their sessions, paging."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from integrations.sandbox.platform import EditRefused
from tests.contract.sandbox.test_webinarfuel_sandbox import Api


@pytest.fixture
def owner(sandbox):
    return sandbox.account("webinarfuel", "demo")


@pytest.fixture
def api(sandbox):
    return Api(sandbox.base_url("webinarfuel"))


class TestWebinars:
    def test_the_documented_shape(self, api, owner):
        host = {"email": "host@example.com", "first_name": "Hanna", "organizer": True}
        webinar = owner.add_webinar("Küchengarten", description="A talk.", hosts=[host])
        answer = api.get("/webinars").json
        assert answer["meta"] == {"page": 1, "per_page": 25, "total_items": 1, "total_pages": 1}
        (shape,) = answer["webinars"]
        assert set(shape) == {"id", "name", "description", "time_zone", "sessions", "hosts"}
        assert (shape["id"], shape["name"]) == (webinar["id"], "Küchengarten")
        assert shape["time_zone"] == "Europe/Berlin"
        assert shape["sessions"] == [
            {
                "id": owner.sessions(webinar["id"])[0]["id"],
                "scheduled_at": "2026-03-02T10:00:00Z",
                "formatted_scheduled_at": "Monday, March 2, 2026 at 11:00 AM CET",
            }
        ]
        (told,) = shape["hosts"]
        assert set(told) == {"email", "first_name", "last_name", "bio", "organizer", "avatar_url"}
        assert told["organizer"] is True
        assert api.get(f"/webinars/{webinar['id']}").json == {"webinar": shape}

    def test_only_ready_ones(self, api, owner):
        draft = owner.add_webinar("Draft", state="draft")
        assert api.get("/webinars").json["webinars"] == []
        assert api.get(f"/webinars/{draft['id']}").status == 404
        owner.edit_webinar(draft["id"], state="ready")
        assert api.get(f"/webinars/{draft['id']}").status == 200

    def test_time_zone_of_the_readable_time(self, api, owner):
        webinar = owner.add_webinar("One", time_zone="America/New_York")

        def told(query=""):
            shape = api.get(f"/webinars/{webinar['id']}{query}").json["webinar"]
            (session,) = shape["sessions"]
            assert session["scheduled_at"] == "2026-03-02T10:00:00Z"
            return session["formatted_scheduled_at"]

        assert told() == "Monday, March 2, 2026 at 5:00 AM EST"
        assert told("?time_zone=Asia/Tokyo") == "Monday, March 2, 2026 at 7:00 PM JST"
        owner.edit_webinar(webinar["id"], time_zone="registrant")
        assert told() == "Monday, March 2, 2026 at 10:00 AM UTC"
        owner.edit_webinar(webinar["id"], time_zone="")
        assert told() == "Monday, March 2, 2026 at 11:00 AM CET"
        assert api.get(f"/webinars/{webinar['id']}?time_zone=Mars/North").status == 400

    def test_the_platform_side_edits(self, api, owner, clock):
        webinar = owner.add_webinar("Old name")
        session = owner.sessions(webinar["id"])[0]
        owner.edit_webinar(webinar["id"], name="New name")
        owner.move_session(session["id"], clock() + timedelta(days=3))
        later = owner.add_session(webinar["id"], clock() + timedelta(days=9))
        shape = api.get(f"/webinars/{webinar['id']}").json["webinar"]
        assert shape["name"] == "New name"
        assert [one["scheduled_at"] for one in shape["sessions"]] == [
            "2026-03-05T09:00:00Z",
            "2026-03-11T09:00:00Z",
        ]
        owner.remove_session(later["id"])
        assert len(api.get(f"/webinars/{webinar['id']}").json["webinar"]["sessions"]) == 1
        owner.delete_webinar(webinar["id"])
        assert api.get(f"/webinars/{webinar['id']}").status == 404
        with pytest.raises(EditRefused):
            owner.edit_webinar(webinar["id"], name="Gone")

    def test_past_sessions_come_last(self, api, owner, clock):
        webinar = owner.add_webinar("One", starts_at=clock() - timedelta(days=2))
        coming = owner.add_session(webinar["id"], clock() + timedelta(days=2))
        path = f"/webinars/{webinar['id']}"
        sessions = api.get(path).json["webinar"]["sessions"]
        assert [one["id"] for one in sessions] == [coming["id"], coming["id"] - 1]
        owner.lists_past_sessions = False
        assert len(api.get(path).json["webinar"]["sessions"]) == 1


class TestRecurring:
    @pytest.fixture
    def webinar(self, owner):
        webinar = owner.add_webinar("Weekly", scheduled=False, minutes=45)
        owner.add_recurring_session(webinar["id"], [1, 3], "19:00")
        return webinar

    def test_a_rule_has_no_scheduled_at(self, api, owner, webinar):
        (session,) = api.get(f"/webinars/{webinar['id']}").json["webinar"]["sessions"]
        assert set(session) == {"id", "formatted_scheduled_at"}
        expected = "Every Tuesday and Thursday at 7:00 PM (Europe/Berlin)"
        assert session["formatted_scheduled_at"] == expected

    def test_exact_dates_repeat_the_id(self, api, owner, webinar):
        path = f"/webinars/{webinar['id']}?exact_recurring_dates=true"
        sessions = api.get(f"{path}&sessions_limit=9").json["webinar"]["sessions"]
        assert len({one["id"] for one in sessions}) == 1
        # Seven in the evening stays seven in the evening when summer time begins on 29 March.
        assert [one["scheduled_at"] for one in sessions] == [
            "2026-03-03T18:00:00Z",
            "2026-03-05T18:00:00Z",
            "2026-03-10T18:00:00Z",
            "2026-03-12T18:00:00Z",
            "2026-03-17T18:00:00Z",
            "2026-03-19T18:00:00Z",
            "2026-03-24T18:00:00Z",
            "2026-03-26T18:00:00Z",
            "2026-03-31T17:00:00Z",
        ]
        listed = api.get("/webinars?exact_recurring_dates=1&sessions_limit=2").json["webinars"]
        assert listed[0]["sessions"] == sessions[:2]

    def test_sessions_limit(self, api, owner, webinar):
        path = f"/webinars/{webinar['id']}?exact_recurring_dates=1&sessions_limit="
        assert len(api.get(f"{path}50").json["webinar"]["sessions"]) == 50
        assert api.get(f"{path}51").status == 400
        assert api.get(f"{path}0").status == 400
        assert api.get(f"{path}many").status == 400
        flag = f"/webinars/{webinar['id']}?exact_recurring_dates="
        assert "scheduled_at" not in api.get(f"{flag}0").json["webinar"]["sessions"][0]
        assert api.get(f"{flag}perhaps").status == 400

    def test_a_rule_ends(self, api, owner):
        webinar = owner.add_webinar("Short", scheduled=False)
        day = date(2026, 3, 3)
        owner.add_recurring_session(webinar["id"], [1], "08:30", first_day=day, last_day=day)
        path = f"/webinars/{webinar['id']}?exact_recurring_dates=1"
        (only,) = api.get(path).json["webinar"]["sessions"]
        assert only["scheduled_at"] == "2026-03-03T07:30:00Z"


class TestPaging:
    def test_pages_and_meta(self, api, owner):
        ids = [owner.add_webinar(f"Number {place}")["id"] for place in range(7)]
        pages = [api.get(f"/webinars?page={page}&per_page=3").json for page in (1, 2, 3, 4)]
        assert [row["id"] for page in pages for row in page["webinars"]] == ids
        assert pages[3] == {
            "webinars": [],
            "meta": {"page": 4, "per_page": 3, "total_items": 7, "total_pages": 3},
        }

    def test_nothing_at_all(self, api):
        for path, name in [
            ("/webinars", "webinars"),
            ("/registrants", "registrants"),
            ("/registrant_sessions", "sessions"),
        ]:
            answer = api.get(path).json
            assert answer[name] == []
            assert answer["meta"]["total_pages"] == 0

    @pytest.mark.parametrize(
        "query", ["per_page=51", "per_page=0", "page=0", "page=-1", "page=two", "page=" + "9" * 99]
    )
    def test_limits(self, api, query):
        for path in ("/webinars", "/registrants", "/registrant_sessions"):
            answer = api.get(f"{path}?{query}")
            assert answer.status == 400
            assert set(answer.json["errors"]) == {query.partition("=")[0]}

    def test_fifty_a_page(self, api):
        assert api.get("/webinars?per_page=50").json["meta"]["per_page"] == 50

    def test_the_empty_list_fault_counts_none(self, sandbox, api, owner):
        webinar = owner.add_webinar("One", hosts=[{"email": "host@example.com"}])
        sandbox.faults.add("empty_list")
        answer = api.get("/webinars").json
        assert answer["webinars"] == []
        assert answer["meta"]["total_items"] == 0
        assert api.get(f"/webinars/{webinar['id']}").json["webinar"]["hosts"]

    def test_faults_speak_the_same_way(self, sandbox, api):
        sandbox.faults.add("rate_limited", retry_after=7, count=1)
        answer = api.get("/webinars")
        assert (answer.status, answer.headers["retry-after"]) == (429, "7")
        assert answer.json["error"]
