"""LiveWebinar's seed world is believable and made up; the control page shows and edits it."""

from __future__ import annotations

import json
import re
from datetime import datetime, timedelta

import pytest

from integrations.sandbox import Sandbox
from tests.contract.sandbox.test_livewebinar_sandbox import Api
from tests.sandbox_client import RawClient

MADE_UP = ("@example.com", "@example.org", "@example.net")


@pytest.fixture
def seeded(clock):
    with Sandbox(seed=True, now=clock).start() as running:
        yield running


@pytest.fixture
def api(seeded):
    account = seeded.account("livewebinar")
    return Api(seeded.base_url("livewebinar"), account.new_token())


def test_the_same_every_time(seeded, clock):
    again = Sandbox(seed=True, now=clock)
    for label in ("demo", "second"):
        one, two = (json.dumps(s.store("livewebinar", label).dump()) for s in (seeded, again))
        assert one == two


def test_the_season(seeded, clock):
    account, now = seeded.account("livewebinar"), clock()
    widgets = account.widgets()
    starts = [datetime.fromisoformat(w["start_date"]) for w in widgets if w["start_date"]]
    assert len(widgets) == 14
    assert sum(widget["type"] == "permanent" for widget in widgets) == 2
    assert sum(widget["status"] == "inactive" for widget in widgets) == 2
    assert sum(start > now for start in starts) >= 6
    assert max(starts) < now + timedelta(days=40)
    running = [widget["name"] for widget in widgets if account.running_session(widget["id"])]
    assert running == ["Live: greenhouse walk with questions"]
    assert any(not widget["name"].isascii() for widget in widgets)
    assert max(len(account.registrants(widget["id"])) for widget in widgets) == 56
    for table in ("links", "invites", "recordings", "forms", "files", "presenters"):
        assert account.store.rows(table)


def test_ids_and_times_look_right(seeded, clock):
    now = clock().isoformat()
    for label in ("demo", "second"):
        store = seeded.store("livewebinar", label)
        tokens = [widget["token"] for widget in store.rows("widgets")]
        assert all(re.fullmatch(r"\d{3}-\d{3}-\d{3}", token) for token in tokens)
        assert len(set(tokens)) == len(tokens)
        assert all(row["id"] >= 1304511 for row in store.rows("widgets"))
        for table in ("registrants", "recordings", "links", "invites"):
            assert all(row["created_at"] <= now for row in store.rows(table))


def test_people_and_credentials_are_made_up(seeded):
    for label in ("demo", "second"):
        store = seeded.store("livewebinar", label)
        for table in ("registrants", "presenters", "links", "invites", "users"):
            assert all(row["email"].endswith(MADE_UP) for row in store.rows(table))
        assert all("demo" in value for value in seeded.credentials("livewebinar", label).values())


def test_every_address_answered_leads_somewhere(seeded, api):
    follow = RawClient(seeded.url)
    seen = [one["url"] for one in api.get("/storage").json["data"]]
    for widget in api.get("/widgets?limit=100").json["data"]:
        recordings = api.get(f"/widgets/{widget['id']}/recordings").json["data"]
        seen += [*widget["hosted_at"].values(), *(one["url"] for one in recordings)]
    assert len(seen) > 50
    for url in seen:
        assert follow.get(url.removeprefix(seeded.url)).status == 200


class TestControlPage:
    @pytest.fixture
    def control(self, sandbox):
        return RawClient(sandbox.url)

    @pytest.fixture
    def account(self, sandbox):
        return sandbox.account("livewebinar")

    def edit(self, control, thing, edit, **values):
        form = {"platform": "livewebinar", "account": "demo", "edit": edit, "id": thing}
        return control.post("/_control/edit", {**form, **values})

    def test_all_that_the_page_offers(self, control, account, clock):
        widget = account.add_widget("Before", starts_at=clock())
        for number in range(3):
            account.add_registrant(widget["id"], f"p{number}@example.com", "P", str(number))
        account.new_token()

        def do(edit, **values):
            return self.edit(control, widget["id"], edit, **values)

        assert do("rename", name=" After ").json["row"]["name"] == "After"
        do("move", days="30")
        assert widget["start_date"] == "2026-04-01T08:00:00+00:00"  # 10:00 in Warsaw both days
        do("register", email="new@example.com", first_name="N")
        do("person", whose="new@example.com", first_name="Nora", last_name="Newton")
        assert account.registrants(widget["id"])[-1]["first_name"] == "Nora"
        do("run", minutes="20", over="1")
        do("run", minutes="20", over="0")
        past, now = account.sessions(widget["id"])
        assert account.running_session(widget["id"]) == now
        assert [visit["email"] for visit in past["visits"]] == [
            "p0@example.com",
            "p1@example.com",
            "new@example.com",
        ]
        do("record", minutes="5")
        assert account.store.rows("recordings")[0]["duration"] == 300
        do("status")
        assert widget["status"] == "inactive"
        assert do("expire").json["row"] == {"expired": 1}
        do("change", start_date="2026-06-01 12:00:00", duration="120")
        assert (widget["start_date"], widget["duration"]) == ("2026-06-01T10:00:00+00:00", 120)
        assert do("delete").json == {"ok": True, "row": None}
        assert account.widgets() == []

    @pytest.mark.parametrize(
        ("edit", "values"),
        [
            ("rename", {"name": " "}),
            ("move", {"days": "x"}),
            ("register", {"email": "x"}),
            ("person", {"whose": "nobody@example.com"}),
            ("run", {"minutes": "0"}),
            ("status", {"status": "asleep"}),
            ("change", {"duration": "9999"}),
        ],
    )
    def test_what_cannot_be_is_said(self, control, account, edit, values):
        widget = account.add_widget("A room")
        answer = self.edit(control, widget["id"], edit, **values)
        assert (answer.status, bool(answer.json["error"])) == (400, True)
        assert self.edit(control, 5, "delete").json["error"] == "There is no widget 5."

    def test_the_page(self, seeded):
        page = RawClient(seeded.url).get("/").text
        assert "<h2>LiveWebinar</h2>" in page
        assert "Bees on the balcony" in page
        assert "56 registrants, 1 personal link" in page
        assert "Expire the account&#39;s tokens" in page


def test_state_comes_back_whole(tmp_path):
    path = tmp_path / "state.json"
    with Sandbox(seed=True, state=path).start() as first:
        account = first.account("livewebinar")
        token = account.new_token()
        kept = account.add_widget("Kept ü")
    with Sandbox(seed=True, state=path).start() as second:
        api = Api(second.base_url("livewebinar"), token)
        assert api.get(f"/widgets/{kept['id']}").json["data"]["name"] == "Kept ü"
