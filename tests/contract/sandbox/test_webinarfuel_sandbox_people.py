"""The WebinarFuel sandbox over real HTTP: registrants, tags, registrant sessions."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.contract.sandbox.test_webinarfuel_sandbox import Api

SESSION_SHAPE = {
    "cid",
    "webinar_id",
    "webinar_session_id",
    "registrant_id",
    "scheduled_at",
    "scheduled_at_in_time_zone",
    "canceled",
    "join_url",
    "replay_url",
    "encore_url",
    "calendar_urls",
    "source",
    "referrer",
    "utm_source",
    "utm_term",
    "utm_campaign",
    "utm_medium",
    "utm_content",
    "time_zone",
    "province",
    "country",
    "city",
    "os",
    "browser",
    "device",
    "attended",
    "attended_time",
    "watched",
}


@pytest.fixture
def owner(sandbox):
    return sandbox.account("webinarfuel", "demo")


@pytest.fixture
def api(sandbox):
    return Api(sandbox.base_url("webinarfuel"))


@pytest.fixture
def webinar(owner):
    return owner.add_webinar("One")


@pytest.fixture
def weekly(owner):
    """Every Tuesday at 18:00 UTC, and its session's id."""
    webinar = owner.add_webinar("Weekly", scheduled=False)
    session = owner.add_recurring_session(webinar["id"], [1], "19:00")
    return webinar["id"], session["id"]


class TestRegistrants:
    def test_get_and_list(self, api, owner):
        ids = [owner.add_registrant(f"p{place}@example.com")["id"] for place in range(3)]
        rows = api.get("/registrants").json["registrants"]
        assert [row["id"] for row in rows] == ids
        assert api.get(f"/registrants/{ids[1]}").json == {"registrant": rows[1]}
        assert rows[1]["first_name"] is None
        assert api.get("/registrants/1").status == 404
        owner.remove_registrant(ids[1])
        assert api.get(f"/registrants/{ids[1]}").status == 404

    def test_update_changes_what_is_sent(self, api, owner):
        row = owner.add_registrant("pat@example.com", "Pat", "Ivory", tags=["a"])
        path = f"/registrants/{row['id']}"
        changed = api.put(path, {"registrant": {"last_name": "Holm"}}).json["registrant"]
        assert (changed["first_name"], changed["last_name"]) == ("Pat", "Holm")
        assert changed["tags"] == ["a"]
        bare = {"tags": ["b"], "custom_fields": {"Size": 4}, "id": 7, "unknown": 1}
        changed = api.put(path, bare).json["registrant"]
        assert (changed["id"], changed["tags"]) == (row["id"], ["b"])
        assert changed["custom_fields"] == {"Size": "4"}
        moved = api.put(path, {"registrant": {"email": "new@example.com"}}).json["registrant"]
        assert moved["email"] == "new@example.com"
        assert owner.find_registrant("pat@example.com") is None

    def test_update_refusals(self, api, owner):
        row = owner.add_registrant("pat@example.com")
        owner.add_registrant("ann@example.com")
        path = f"/registrants/{row['id']}"
        for email in ("ann@example.com", "", None, "nobody"):
            answer = api.put(path, {"registrant": {"email": email, "first_name": "X"}})
            assert (answer.status, set(answer.json["errors"])) == (400, {"email"})
        assert owner.registrant(row["id"])["first_name"] is None
        assert api.put("/registrants/1", {"registrant": {}}).status == 404

    def test_tags(self, api, owner):
        owner.add_registrant("pat@example.com", tags=["a", "b"])
        body = {"email": "pat@example.com", "tags": ["b", "c", " d "]}
        added = api.post("/registrants/add_tags", body).json["registrant"]
        assert added["tags"] == ["a", "b", "c", "d"]
        body["tags"] = ["a", "never there"]
        removed = api.post("/registrants/remove_tags", body).json["registrant"]
        assert removed["tags"] == ["b", "c", "d"]

    @pytest.mark.parametrize("path", ["/registrants/add_tags", "/registrants/remove_tags"])
    def test_tags_refusals(self, api, owner, path):
        owner.add_registrant("pat@example.com", tags=["a"])
        assert set(api.post(path, {}).json["errors"]) == {"email", "tags"}
        for tags in ([], "a", [""], None):
            assert api.post(path, {"email": "pat@example.com", "tags": tags}).status == 400
        for email in ("ann@example.com", "Pat@example.com"):
            assert api.post(path, {"email": email, "tags": ["a"]}).status == 404
        assert owner.find_registrant("pat@example.com")["tags"] == ["a"]


class TestRegistrantSessions:
    def test_the_documented_shape(self, api, owner, webinar):
        row = owner.register(webinar["id"], "pat@example.com", country="Germany")
        (shape,) = api.get("/registrant_sessions").json["sessions"]
        assert set(shape) == SESSION_SHAPE
        assert set(shape["calendar_urls"]) == {"ics", "google", "vcs"}
        assert shape["cid"] == row["id"]
        assert shape["country"] == "Germany"
        assert (shape["attended"], shape["attended_time"], shape["watched"]) == (False, 0, False)
        assert (shape["replay_url"], shape["encore_url"]) == (None, None)
        assert api.get(f"/registrant_sessions/{row['id']}").json == {"session": shape}
        assert api.get("/registrant_sessions/1").status == 404

    @pytest.mark.parametrize(
        ("zone", "viewer", "shown"),
        [
            ("registrant", "Asia/Tokyo", "2026-03-02T19:00:00+09:00"),
            ("registrant", None, "2026-03-02T10:00:00+00:00"),
            ("Europe/London", "Asia/Tokyo", "2026-03-02T10:00:00+00:00"),
            ("America/New_York", None, "2026-03-02T05:00:00-05:00"),
            ("", "Asia/Tokyo", "2026-03-02T11:00:00+01:00"),
        ],
    )
    def test_the_time_in_a_zone(self, api, owner, webinar, zone, viewer, shown):
        owner.edit_webinar(webinar["id"], time_zone=zone)
        row = owner.register(webinar["id"], "pat@example.com", time_zone=viewer)
        shape = api.get(f"/registrant_sessions/{row['id']}").json["session"]
        assert shape["scheduled_at"] == "2026-03-02T10:00:00Z"
        assert shape["scheduled_at_in_time_zone"] == shown

    def test_filters(self, api, owner, webinar, weekly, clock):
        owner.register(webinar["id"], "pat@example.com")
        owner.register(webinar["id"], "Ann@example.com")
        owner.register(weekly[0], "pat@example.com")

        def found(query):
            rows = api.get(f"/registrant_sessions?{query}").json["sessions"]
            return [(row["webinar_id"], row["registrant_id"]) for row in rows]

        pat, ann = (owner.find_registrant(f"{n}@example.com")["id"] for n in ("pat", "Ann"))
        one, many = webinar["id"], weekly[0]
        assert found("") == [(one, pat), (one, ann), (many, pat)]
        assert found(f"webinar_id={one}") == [(one, pat), (one, ann)]
        assert found(f"webinar_session_id={weekly[1]}") == [(many, pat)]
        assert found("email=pat@example.com") == [(one, pat), (many, pat)]
        assert found("email=ann@example.com") == []
        assert found(f"email=Ann@example.com&webinar_id={many}") == []
        assert found("before_scheduled_at=2026-03-02T10:00:00Z") == [(one, pat), (one, ann)]
        assert found("before_scheduled_at=2026-03-02T09:59:59Z") == []
        assert found("after_scheduled_at=2026-03-03T18:00:00Z") == [(many, pat)]
        assert found("after_scheduled_at=2026-03-03T18:00:01Z") == []
        assert found("webinar_session_id=1") == []

    def test_filters_refused(self, api, owner, webinar):
        owner.edit_webinar(webinar["id"], state="draft")
        assert api.get(f"/registrant_sessions?webinar_id={webinar['id']}").status == 404
        assert api.get("/registrant_sessions?webinar_id=one").status == 400
        for stamp in ("2026-03-02", "2026-03-02T10:00:00", "2026-03-02T10:00:00%2B01:00", "now"):
            assert api.get(f"/registrant_sessions?after_scheduled_at={stamp}").status == 400
            assert api.get(f"/registrant_sessions?before_scheduled_at={stamp}").status == 400

    def test_attendance_grows_with_the_clock(self, api, owner, webinar, clock):
        session = owner.sessions(webinar["id"])[0]
        owner.register(webinar["id"], "absent@example.com")
        clock.pass_by(hours=1)
        late = {"email": "late@example.com", "joined": 20, "left": 50}
        owner.start_session(session["id"], ["pat@example.com", late])

        def attendance():
            rows = api.get(f"/registrant_sessions?webinar_id={webinar['id']}").json["sessions"]
            return [(row["attended"], row["attended_time"], row["watched"]) for row in rows]

        nobody = (False, 0, False)
        assert attendance() == [nobody, (True, 0, False), nobody]
        clock.pass_by(minutes=30)
        assert attendance() == [nobody, (True, 1800, False), (True, 600, False)]
        clock.pass_by(minutes=90)
        assert attendance() == [nobody, (True, 3600, True), (True, 1800, False)]

    def test_ending_early(self, api, owner, webinar, clock):
        session = owner.sessions(webinar["id"])[0]
        (row,) = owner.start_session(session["id"], ["pat@example.com"])
        assert row["scheduled_at"] == "2026-03-02T09:00:00+00:00", "moved to now"
        clock.pass_by(minutes=10)
        owner.end_session(session["id"])
        clock.pass_by(minutes=10)
        shape = api.get(f"/registrant_sessions/{row['id']}").json["session"]
        assert (shape["attended_time"], shape["watched"]) == (600, False)

    def test_canceled_and_registered_again(self, api, owner, webinar):
        row = owner.register(webinar["id"], "pat@example.com")
        owner.cancel(row["id"])
        path = f"/registrant_sessions/{row['id']}"
        assert api.get(path).json["session"]["canceled"] is True
        session = {"webinar_session_id": row["session_id"]}
        body = {"webinar_id": webinar["id"], "email": "pat@example.com", "session": session}
        assert api.post("/registrants", body).status == 200
        assert api.get(path).json["session"]["canceled"] is False

    def test_a_moved_session_takes_people_along(self, api, owner, webinar, clock):
        row = owner.register(webinar["id"], "pat@example.com")
        owner.move_session(row["session_id"], clock() + timedelta(days=1))
        shape = api.get(f"/registrant_sessions/{row['id']}").json["session"]
        assert shape["scheduled_at"] == "2026-03-03T09:00:00Z"

    def test_personal_links(self, api, owner, webinar, follow):
        owner.edit_webinar(webinar["id"], name="Möhren, & more", encore=True)
        owner.add_recording(webinar["id"])
        row = owner.register(webinar["id"], "pat@example.com", "Pat", "<Ivory>")
        shape = api.get(f"/registrant_sessions/{row['id']}").json["session"]
        for name in ("join_url", "replay_url", "encore_url"):
            shown = follow(shape[name])
            assert shown.status == 200
            assert "Möhren, &amp; more" in shown.text
            assert "Pat &lt;Ivory&gt;" in shown.text
        file = f"/webinarfuel/app/recording/demo/{webinar['id']}"
        assert file in follow(shape["replay_url"]).text
        assert follow(owner.world.url(file)).body.startswith(b"RIFF")
        ics = follow(shape["calendar_urls"]["ics"]).text
        assert "DTSTART:20260302T100000Z\r\n" in ics
        assert "SUMMARY:Möhren\\, & more\r\n" in ics
        assert "BEGIN:VCALENDAR" in follow(shape["calendar_urls"]["vcs"]).text
        assert follow(shape["calendar_urls"]["google"]).status == 200
        assert follow(shape["join_url"][:-1]).status == 404
        owner.remove_registrant(row["registrant_id"])
        assert follow(shape["join_url"]).status == 404
