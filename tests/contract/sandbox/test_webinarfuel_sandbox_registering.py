"""The WebinarFuel sandbox over real HTTP: registering by the API and by OneClick."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest

from tests.contract.sandbox.test_webinarfuel_sandbox import Api
from tests.sandbox_client import FORM, RawClient

PAT = {"email": "pat@example.com", "first_name": "Pat", "last_name": "Ivory"}


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
def order(owner, webinar):
    """What a client sends to register Pat."""
    session = owner.sessions(webinar["id"])[0]["id"]

    def made(registrant=None, **session_values):
        return {
            "webinar_id": webinar["id"],
            "registrant": {**PAT, **(registrant or {})},
            "session": {"webinar_session_id": session, **session_values},
        }

    return made


@pytest.fixture
def weekly(owner):
    """Every Tuesday at 18:00 UTC, and its session's id."""
    webinar = owner.add_webinar("Weekly", scheduled=False)
    session = owner.add_recurring_session(webinar["id"], [1], "19:00")
    return webinar["id"], session["id"]


class TestCreate:
    def test_new_then_known(self, api, owner, webinar, order):
        first = api.post("/registrants", order({"phone": "+49 30 1234", "tags": ["a", "b", "a"]}))
        assert first.status == 201
        made = first.json
        session = made.pop("session")
        assert made == {
            "id": made["id"],
            **PAT,
            "phone": "+49 30 1234",
            "tags": ["a", "b"],
            "custom_fields": {},
        }
        assert session["registrant_id"] == made["id"]
        again = api.post("/registrants", order({"first_name": "Patricia", "tags": ["c"]}))
        assert (again.status, again.json["id"]) == (200, made["id"])
        assert again.json["first_name"] == "Patricia"
        assert again.json["phone"] == "+49 30 1234"
        assert again.json["tags"] == ["c"]
        assert again.json["session"]["cid"] == session["cid"] > 2**32
        assert len(owner.viewings(webinar["id"])) == 1

    def test_where_someone_came_from(self, api, owner, webinar, order):
        sent = {
            "time_zone": "Asia/Tokyo",
            "ip": "192.0.2.7",
            "referrer": "https://example.org/",
            "source": "mailing",
            "utm_source": "a",
            "utm_medium": "b",
            "utm_campaign": "c",
            "utm_term": "d",
            "utm_content": "e",
        }
        session = api.post("/registrants", order(**sent)).json["session"]
        assert "ip" not in session
        assert {name: session[name] for name in sent if name != "ip"} == {
            name: value for name, value in sent.items() if name != "ip"
        }
        assert owner.viewings(webinar["id"])[0]["ip"] == "192.0.2.7"

    def test_bare_bodies_and_forms(self, api, owner, order):
        whole = order()
        bare = {"webinar_id": whole["webinar_id"], **whole["registrant"], **whole["session"]}
        assert api.post("/registrants", bare).status == 201
        form = urlencode(
            {
                "webinar_id": whole["webinar_id"],
                "registrant[email]": "ann@example.com",
                "registrant[tags][]": "x",
                "session[webinar_session_id]": whole["session"]["webinar_session_id"],
            }
        )
        answer = api.post("/registrants", form.encode(), content_type=FORM)
        assert (answer.status, answer.json["tags"]) == (201, ["x"])

    def test_all_that_is_wrong_at_once(self, api, owner):
        answer = api.post("/registrants", {})
        assert answer.status == 400
        assert set(answer.json["errors"]) == {"webinar_id", "email", "webinar_session_id"}
        assert owner.registrants() == []

    @pytest.mark.parametrize(
        ("registrant", "session", "wrong"),
        [
            ({"email": "pat"}, {}, "email"),
            ({"email": ["pat@example.com"]}, {}, "email"),
            ({"tags": "a,b"}, {}, "tags"),
            ({"tags": [{}]}, {}, "tags"),
            ({"custom_fields": ["x"]}, {}, "custom_fields"),
            ({"first_name": "a\0b"}, {}, "first_name"),
            ({"first_name": "\ud800"}, {}, "first_name"),
            ({"phone": 10**30}, {}, "phone"),
            ({}, {"webinar_session_id": 1}, "webinar_session_id"),
            ({}, {"webinar_session_id": "first"}, "webinar_session_id"),
            ({}, {"scheduled_at": "2026-03-02T10:00:01Z"}, "scheduled_at"),
            ({}, {"scheduled_at": "tomorrow"}, "scheduled_at"),
            ({}, {"scheduled_at": "2026-03-02 10:00:00"}, "scheduled_at"),
            ({}, {"scheduled_at": "9999-12-31T00:00:00Z"}, "scheduled_at"),
            ({}, {"time_zone": "../etc/passwd"}, "time_zone"),
        ],
    )
    def test_refusals(self, api, owner, order, registrant, session, wrong):
        answer = api.post("/registrants", order(registrant, **session))
        assert answer.status == 400
        assert set(answer.json["errors"]) == {wrong}
        assert owner.registrants() == []

    @pytest.mark.parametrize("body", [b"{", b"[]", b"7", b"[" * 100_000, b"\xff"])
    def test_bodies_that_are_no_object(self, api, body):
        assert api.post("/registrants", body).status == 400

    def test_the_webinar_must_be_ready(self, api, owner, webinar, order):
        owner.edit_webinar(webinar["id"], state="draft")
        assert api.post("/registrants", order()).status == 404
        assert api.post("/registrants", {**order(), "webinar_id": 1}).status == 404

    def test_the_zone_of_a_registrant(self, api, owner, webinar, order):
        owner.edit_webinar(webinar["id"], time_zone="registrant")
        refused = api.post("/registrants", order())
        assert set(refused.json["errors"]) == {"time_zone"}
        assert api.post("/registrants", order(time_zone="Asia/Tokyo")).status == 201

    def test_a_session_that_is_over(self, api, owner, webinar, order, clock):
        clock.pass_by(minutes=119)
        assert api.post("/registrants", order()).status == 201
        clock.pass_by(minutes=1)
        stale = api.post("/registrants", order())
        assert set(stale.json["errors"]) == {"webinar_session_id"}
        late = api.post("/registrants", order(scheduled_at="2026-03-02T10:00:00Z"))
        assert set(late.json["errors"]) == {"scheduled_at"}

    def test_recurring_takes_the_next_time_or_the_one_named(self, api, owner, weekly):
        webinar_id, session_id = weekly
        body = {"webinar_id": webinar_id, "registrant": PAT}
        session = {"webinar_session_id": session_id}
        first = api.post("/registrants", {**body, "session": session}).json["session"]
        assert first["scheduled_at"] == "2026-03-03T18:00:00Z"
        session["scheduled_at"] = "2026-03-10T19:00:00+01:00"
        second = api.post("/registrants", {**body, "session": session}).json["session"]
        assert second["scheduled_at"] == "2026-03-10T18:00:00Z"
        assert second["webinar_session_id"] == first["webinar_session_id"]
        assert second["cid"] != first["cid"]
        session["scheduled_at"] = "2026-03-11T18:00:00Z"
        assert api.post("/registrants", {**body, "session": session}).status == 400

    def test_letters_of_an_address_count(self, api, owner, order):
        api.post("/registrants", order())
        other = api.post("/registrants", order({"email": " PAT@example.com "}))
        assert (other.status, other.json["email"]) == (201, "PAT@example.com")
        for email in ("pat@example.com", "PAT@example.com"):
            found = api.get(f"/registrants?email={email}").json
            assert [row["email"] for row in found["registrants"]] == [email]
            assert found["meta"]["total_items"] == 1
        assert api.get("/registrants?email=Pat@example.com").json["registrants"] == []


class TestOneClick:
    @pytest.fixture
    def click(self, sandbox, owner, webinar):
        """Open the link as a browser does: without the account's key."""
        session = owner.sessions(webinar["id"])[0]["id"]

        def go(*more, key=webinar["oneclick_key"], **values):
            known = {"oneclick_key": key, "webinar_session_id": session, **PAT, **values}
            query = urlencode([*known.items(), *more])
            return RawClient(sandbox.base_url("webinarfuel")).get(f"/oneclick?{query}")

        return go

    def test_it_registers(self, owner, webinar, click):
        more = [("tags[]", "first_tag"), ("tags[]", "second_tag"), ("utm_source", "mail")]
        more.append(("custom_fields[Do you like webinars]", "Yes"))
        answer = click(*more, phone="+49 30 1", time_zone="Europe/Zurich")
        assert answer.status == 201
        assert answer.json["tags"] == ["first_tag", "second_tag"]
        assert answer.json["custom_fields"] == {"Do you like webinars": "Yes"}
        assert answer.json["session"]["utm_source"] == "mail"
        assert click().status == 200
        assert len(owner.viewings(webinar["id"])) == 1

    def test_it_leads_to_the_thank_you_page(self, owner, webinar, click):
        owner.edit_webinar(webinar["id"], thank_you_url="https://example.com/thanks")
        answer = click()
        assert (answer.status, answer.headers["location"]) == (302, "https://example.com/thanks")
        assert owner.find_registrant("pat@example.com")

    def test_refusals(self, owner, webinar, click):
        assert click(key="wrong").status == 401
        assert click(key="").status == 401
        assert set(click(email="").json["errors"]) == {"email"}
        assert set(click(webinar_session_id="7").json["errors"]) == {"webinar_session_id"}
        owner.edit_webinar(webinar["id"], state="draft")
        assert click().status == 404
        assert owner.registrants() == []

    def test_the_key_opens_nothing_else(self, sandbox, webinar):
        line, key = RawClient(sandbox.base_url("webinarfuel")), webinar["oneclick_key"]
        assert line.get(f"/registrants?oneclick_key={key}").status == 401
        bearer = line.send("GET", "/webinars", Authorization=f"Bearer {key}")
        assert bearer.status == 401


@pytest.mark.parametrize("name", ["time_zone", "timezone"])
def test_both_spellings_of_the_zone_are_taken(api, owner, name):
    """The document and one production client write `time_zone`, two running clients `timezone`
    [seen: README]."""
    webinar = owner.add_webinar("In your own time", time_zone="registrant")
    session = owner.sessions(webinar["id"])[0]["id"]
    sent = {
        "webinar_id": webinar["id"],
        "registrant": {**PAT, "id": 1, "cid": 7, "colour": "red"},
        "session": {"webinar_session_id": session, name: "Asia/Tokyo", "status": "attended"},
    }
    answer = api.post("/registrants", sent)
    assert answer.status == 201
    assert answer.json["session"]["time_zone"] == "Asia/Tokyo"
    assert answer.json["id"] != 1, "what is read-only or unknown is passed over"


def test_a_running_sites_client_puts_api_before_the_paths(api, owner, webinar, order):
    """It sends no zone, and asks for the webinar's own number of a session."""
    answer = api.post("/api/registrants", order())
    assert answer.status == 201
    assert owner.registrants()[0]["email"] == PAT["email"]
    assert (
        api.get(f"/api/webinars/{webinar['id']}").json == api.get(f"/webinars/{webinar['id']}").json
    )
