"""WebinarFuel's seed world, and what its control page offers."""

from __future__ import annotations

import json
import re
from datetime import datetime

import pytest

from integrations.sandbox import Sandbox
from tests.sandbox_client import RawClient

NAMES = ("demo", "second")


@pytest.fixture
def seeded(clock):
    with Sandbox(seed=True, now=clock).start() as running:
        yield running


@pytest.fixture
def owner(sandbox):
    return sandbox.account("webinarfuel")


@pytest.fixture
def edit(sandbox):
    """Use an edit as the control page does; answers the status and the body."""

    def send(name, thing, /, **values):
        whole = {"platform": "webinarfuel", "edit": name, "id": str(thing), **values}
        answer = RawClient(sandbox.url).post("/_control/edit", whole)
        return answer.status, answer.json

    return send


class TestSeed:
    def test_the_same_every_time(self, seeded, clock):
        again = Sandbox(seed=True, now=clock)
        for label in NAMES:
            one, two = (json.dumps(s.store("webinarfuel", label).dump()) for s in (seeded, again))
            assert one == two

    def test_the_programme(self, seeded, clock):
        owner, now = seeded.account("webinarfuel"), clock()
        rows = owner.webinars()
        assert len(rows) == 15
        assert sum(row["state"] == "draft" for row in rows) == 2
        assert {"registrant", ""} < {row["time_zone"] for row in rows}
        once = [row for row in owner.store.rows("sessions") if not row["recurring"]]
        starts = [datetime.fromisoformat(row["scheduled_at"]) for row in once]
        assert sum(start > now for start in starts) >= 6
        assert sum(start < now for start in starts) >= 6
        assert sum(row["recurring"] for row in owner.store.rows("sessions")) == 2
        states = [thing.state for thing in things(owner)]
        assert states.count("running") == 1
        assert len(owner.registrants()) > 100
        assert any(row["email"] != row["email"].lower() for row in owner.registrants())
        assert any(row["canceled"] for row in owner.store.rows("viewings"))
        assert any(row["replay"] for row in rows)

    def test_numbers_look_like_the_platforms_own(self, seeded):
        for label in NAMES:
            store = seeded.store("webinarfuel", label)
            assert all(row["id"] > 2**32 for row in store.rows("viewings"))
            assert len({row["oneclick_key"] for row in store.rows("webinars")}) == len(
                store.rows("webinars")
            )

    def test_people_are_made_up(self, seeded):
        ours = re.compile(r"[a-z.]+@example\.(com|org|net)", re.IGNORECASE)
        for label in NAMES:
            store = seeded.store("webinarfuel", label)
            addresses = [row["email"] for row in store.rows("registrants")]
            addresses += [host["email"] for row in store.rows("webinars") for host in row["hosts"]]
            assert addresses
            assert all(ours.fullmatch(address) for address in addresses)

    def test_nobody_was_there_before_the_time(self, seeded, clock):
        now = clock().isoformat()
        for label in NAMES:
            for row in seeded.store("webinarfuel", label).rows("viewings"):
                if row["visit"]:
                    assert row["scheduled_at"] <= row["visit"]["from"]
                    assert row["scheduled_at"] < now

    def test_every_address_answered_leads_somewhere(self, seeded):
        line, site = RawClient(seeded.url), seeded.url
        key = f"Bearer {seeded.api_key('webinarfuel')}"
        answers = [
            line.send("GET", f"/webinarfuel{path}", Authorization=key).text
            for path in ("/webinars?per_page=50", "/registrant_sessions?per_page=20&page=3")
        ]
        urls = set(re.findall(rf'"({re.escape(site)}[^"]+)"', "".join(answers)))
        assert len(urls) > 100
        assert {line.get(url.removeprefix(site)).status for url in urls} == {200}

    def test_it_outlives_a_restart(self, clock, tmp_path):
        path = tmp_path / "state.json"
        with Sandbox(seed=False, now=clock, state=path).start() as first:
            webinar = first.account("webinarfuel").add_webinar("Kept")
            first.account("webinarfuel").register(webinar["id"], "pat@example.com")
        again = Sandbox(seed=False, now=clock, state=path).account("webinarfuel")
        assert again.webinar(webinar["id"])["name"] == "Kept"
        assert again.viewings(webinar["id"], "pat@example.com")[0]["id"] > 2**32


def things(owner):
    return owner.world.platform("webinarfuel").things(owner)


class TestControlPage:
    def test_it_lists_and_links(self, seeded):
        shown = RawClient(seeded.url).get("/")
        assert shown.status == 200
        for title in ("WebinarFuel", "Live from the trial garden", "Publish the replay"):
            assert title in shown.text
        for thing in things(seeded.account("webinarfuel")):
            assert RawClient(seeded.url).get(thing.url.removeprefix(seeded.url)).status == 200

    def test_webinars(self, owner, edit):
        webinar = owner.add_webinar("Old")["id"]
        session = owner.sessions(webinar)[0]
        assert edit("rename", webinar, name=" New ")[0] == 200
        assert edit("move", webinar, days="-1")[0] == 200
        assert edit("state", webinar)[1]["row"]["state"] == "draft"
        assert edit("record", webinar)[1]["row"]["replay"] is True
        assert edit("change", webinar, time_zone="registrant", minutes="90")[0] == 200
        assert owner.webinar(webinar)["name"] == "New"
        assert owner.webinar(webinar)["minutes"] == 90
        assert owner.session(session["id"])["scheduled_at"] == "2026-03-01T10:00:00+00:00"
        assert edit("session", webinar, hours="24")[0] == 200
        assert len(owner.sessions(webinar)) == 2
        assert edit("delete", webinar)[0] == 200
        assert owner.webinars() == []

    def test_people(self, owner, edit):
        webinar = owner.add_webinar("One")["id"]
        who = {"email": "robin@example.net"}
        assert edit("register", webinar, first_name="Robin", **who)[0] == 200
        assert edit("person", webinar, last_name="Castell", **who)[0] == 200
        assert edit("tag", webinar, tag="vip", **who)[0] == 200
        person = owner.find_registrant("robin@example.net")
        assert (person["first_name"], person["last_name"]) == ("Robin", "Castell")
        assert person["tags"] == ["vip"]
        assert edit("cancel", webinar, **who)[0] == 200
        assert [row["canceled"] for row in owner.viewings(webinar)] == [True]

    @pytest.mark.parametrize("over", ["1", "0"])
    def test_running(self, owner, edit, clock, over):
        webinar = owner.add_webinar("One")["id"]
        for place in range(3):
            owner.register(webinar, f"p{place}@example.com")
        assert edit("run", webinar, minutes="40", over=over)[0] == 200
        assert [bool(row["visit"]) for row in owner.viewings(webinar)] == [True, True, False]
        thing = things(owner)[0]
        assert thing.state == "running"
        start = datetime.fromisoformat(owner.sessions(webinar)[0]["scheduled_at"])
        assert (clock() - start).total_seconds() == (2400 if over == "1" else 0)

    def test_running_again_adds_a_session(self, owner, edit, clock):
        webinar = owner.add_webinar("One", starts_at=clock())["id"]
        owner.register(webinar, "pat@example.com")
        clock.pass_by(days=2)
        assert edit("run", webinar, minutes="40")[0] == 200
        assert len(owner.sessions(webinar)) == 2
        assert len(owner.viewings(webinar, "pat@example.com")) == 2

    def test_running_a_recurring_one(self, owner, edit, clock):
        webinar = owner.add_webinar("Weekly", scheduled=False)["id"]
        owner.add_recurring_session(webinar, range(7), "08:00")
        owner.register(webinar, "pat@example.com")
        assert edit("run", webinar)[0] == 200
        held = [row for row in owner.viewings(webinar) if row["visit"]]
        assert [row["scheduled_at"] for row in held] == ["2026-03-02T07:00:00+00:00"]

    def test_the_rate_limit(self, owner, edit):
        webinar = owner.add_webinar("One")["id"]
        assert edit("limit", webinar, on="0")[1]["row"] == {"rate_limit": None}
        assert edit("limit", webinar, on="1")[1]["row"] == {"rate_limit": 100}

    def test_refusals_are_sentences(self, owner, edit):
        webinar = owner.add_webinar("One", scheduled=False)["id"]
        for name, values in [
            ("rename", {"name": " "}),
            ("move", {"days": "1"}),
            ("move", {"days": "x"}),
            ("register", {"email": "pat@example.com"}),
            ("register", {"email": "nobody"}),
            ("cancel", {"email": "pat@example.com"}),
            ("person", {"email": "pat@example.com"}),
            ("tag", {"email": "pat@example.com", "tag": ""}),
            ("state", {"state": "gone"}),
            ("change", {"oneclick_key": "x"}),
            ("change", {"time_zone": "Mars/North"}),
        ]:
            status, body = edit(name, webinar, **values)
            assert (status, body["error"][-1]) == (400, ".")
        assert edit("rename", 1, name="x")[0] == 400
