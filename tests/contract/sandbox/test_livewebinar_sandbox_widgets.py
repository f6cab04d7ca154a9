"""The LiveWebinar sandbox over real HTTP: widgets and their lists."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tests.contract.sandbox.test_livewebinar_sandbox import Api

NEW = {
    "name": "Spring briefing",
    "type": "scheduled",
    "start_date": "2026-04-20 15:30:00",
    "timezone": "Europe/Warsaw",
    "duration": "90",
    "agenda": "Welcome\nQuestions",
}


@pytest.fixture
def account(sandbox):
    return sandbox.account("livewebinar", "demo")


@pytest.fixture
def api(sandbox, account):
    return Api(sandbox.base_url("livewebinar"), account.new_token())


def instant(*parts):
    return int(datetime(*parts, tzinfo=UTC).timestamp())


def wrong(answer):
    assert answer.status == 422
    assert answer.json["error"]["message"]
    return set(answer.json["error"]["errors"])


class TestCreate:
    def test_a_scheduled_one(self, api, sandbox):
        made = api.post("/widgets", NEW)
        assert made.status == 201
        widget = made.json["data"]
        assert widget["start_date"] == instant(2026, 4, 20, 13, 30)
        assert (widget["duration"], widget["timezone"]) == (90, "Europe/Warsaw")
        assert (widget["status"], widget["type"]) == ("active", "scheduled")
        assert widget["agenda"] == "Welcome\nQuestions"
        assert widget["token"].replace("-", "").isdecimal()
        assert [len(part) for part in widget["token"].split("-")] == [3, 3, 3]
        assert set(widget["roles"]) == set(widget["hosted_at"])
        room = f"{sandbox.url}/livewebinar/{widget['token']}"
        assert widget["hosted_at"]["attendee"] == room
        assert widget["hosted_at"]["presenter"] == f"{room}/x/{widget['roles']['presenter']}"
        assert widget["hosted_at"]["host"] == f"{room}/x/{widget['roles']['host']}"
        assert api.get(f"/widgets/{widget['id']}").json["data"] == widget

    def test_json_serves_as_well(self, api):
        body = {**NEW, "duration": 90, "strict_event": True, "autostart": {"mode": "all"}}
        widget = api.post_json("/widgets", body).json["data"]
        assert (widget["duration"], widget["strict_event"]) == (90, 1)
        assert widget["autostart"] == {"mode": "all"}

    def test_a_permanent_one(self, api):
        form = {"name": "Always", "type": "permanent", "custom_name": "always"}
        widget = api.post("/widgets", form).json["data"]
        assert (widget["start_date"], widget["duration"]) == (None, None)
        assert widget["custom_name"] == "always"

    def test_scheduled_without_a_start_begins_now(self, api, clock):
        widget = api.post("/widgets", {"name": "Now", "type": "scheduled"}).json["data"]
        assert widget["start_date"] == int(clock().timestamp())
        assert (widget["duration"], widget["timezone"]) == (45, "Europe/Warsaw")

    @pytest.mark.parametrize(
        ("form", "field"),
        [
            ({"name": " "}, "name"),
            ({"name": "x" * 301}, "name"),
            ({"type": "sometimes"}, "type"),
            ({"status": "asleep"}, "status"),
            ({"start_date": "20.04.2026 15:30"}, "start_date"),
            ({"start_date": "1776691800"}, "start_date"),
            ({"start_date": "2026-04-31 10:00:00"}, "start_date"),
            ({"start_date": "2026-04-20T15:30:00+02:00"}, "start_date"),
            ({"timezone": "Mars/Olympus"}, "timezone"),
            ({"duration": "9001"}, "duration"),
            ({"duration": "0"}, "duration"),
            ({"duration": "an hour"}, "duration"),
            ({"form[id]": "5"}, "form.id"),
            ({"presenters[0]": "5"}, "presenters"),
            ({"autostart[lock_state]": "ajar"}, "autostart.lock_state"),
            ({"strict_event": "perhaps"}, "strict_event"),
        ],
    )
    def test_what_is_refused(self, api, account, form, field):
        answer = api.post("/widgets", {**NEW, **form})
        assert wrong(answer) == {field}
        assert all(isinstance(text, str) for text in answer.json["error"]["errors"][field])
        assert account.widgets() == []

    def test_all_that_is_wrong_is_said_at_once(self, api):
        assert wrong(api.post("/widgets", {"duration": "-1", "type": "x"})) == {
            "name",
            "duration",
            "type",
        }

    def test_texts_are_trimmed_and_otherwise_kept(self, api):
        name = "  Żółta <b>łódź</b> & 'more' 🎉 "
        widget = api.post("/widgets", {**NEW, "name": name}).json["data"]
        assert widget["name"] == name.strip()

    def test_a_start_in_the_gap_of_summer_time_moves_on(self, api):
        form = {**NEW, "start_date": "2026-03-29 02:30:00"}
        widget = api.post("/widgets", form).json["data"]
        assert widget["start_date"] == instant(2026, 3, 29, 1, 30)


class TestUpdate:
    @pytest.fixture
    def widget(self, api):
        return api.post("/widgets", NEW).json["data"]

    def put(self, api, widget, form):
        return api.put(f"/widgets/{widget['id']}", form)

    def test_only_what_was_sent_changes(self, api, widget, clock):
        clock.pass_by(minutes=1)
        changed = self.put(api, widget, {"name": "Renamed"}).json["data"]
        assert changed == {**widget, "name": "Renamed", "updated_at": int(clock().timestamp())}
        same = self.put(api, widget, {"name": "Renamed"}).json["data"]
        assert same == changed

    def test_a_start_is_read_in_the_widgets_zone(self, api, widget):
        moved = self.put(api, widget, {"start_date": "2026-12-01 10:00:00"}).json["data"]
        assert moved["start_date"] == instant(2026, 12, 1, 9, 0)
        both = {"start_date": "2026-12-01 10:00:00", "timezone": "America/New_York"}
        assert self.put(api, widget, both).json["data"]["start_date"] == instant(2026, 12, 1, 15)

    def test_a_zone_alone_moves_no_instant(self, api, widget):
        changed = self.put(api, widget, {"timezone": "Asia/Tokyo"}).json["data"]
        assert changed["start_date"] == widget["start_date"]
        assert changed["timezone"] == "Asia/Tokyo"

    def test_to_permanent_and_back(self, api, widget, clock):
        permanent = self.put(api, widget, {"type": "permanent"}).json["data"]
        assert (permanent["start_date"], permanent["duration"]) == (None, None)
        back = self.put(api, widget, {"start_date": "2026-05-01 10:00:00"}).json["data"]
        assert (back["type"], back["start_date"]) == ("scheduled", instant(2026, 5, 1, 8))

    def test_status(self, api, widget):
        path = f"/widgets/{widget['id']}"
        assert api.put(path, {"status": "inactive"}).json["data"]["status"] == "inactive"
        for method in ("PUT", "POST"):
            assert api.send(method, f"{path}/enable").json["data"]["status"] == "active"
            assert api.send(method, f"{path}/disable").json["data"]["status"] == "inactive"
        assert api.put(f"{path}/disable").status == 200
        assert api.put("/widgets/5/enable").status == 404

    def test_forms_and_presenters(self, api, account, widget):
        form = account.add_form("Who is coming")
        one, two = (account.add_presenter(f"{n}@example.com", n, "X") for n in ("Ann", "Bob"))
        sent = {"form[id]": form["id"], "presenters[0]": one["id"], "presenters[1]": two["id"]}
        changed = self.put(api, widget, sent).json["data"]
        assert changed["form"]["id"] == form["id"]
        assert changed["presenters"] == [one["id"], two["id"]]
        shown = api.get(f"/widgets/{widget['id']}/presenters").json["data"]
        assert [row["first_name"] for row in shown] == ["Ann", "Bob"]
        bare = self.put(api, widget, {"form": "", "presenters": ""}).json["data"]
        assert (bare["form"], bare["presenters"]) == (None, [])

    def test_refusals_change_nothing(self, api, widget):
        assert wrong(self.put(api, widget, {"name": "", "duration": "9999"})) == {
            "name",
            "duration",
        }
        assert api.get(f"/widgets/{widget['id']}").json["data"] == widget
        assert api.put("/widgets/5", {"name": "x"}).status == 404


def test_delete(api, account):
    widget = account.add_widget("Gone soon")
    account.add_registrant(widget["id"], "ann@example.com")
    path = f"/widgets/{widget['id']}"
    gone = api.delete(path)
    assert (gone.status, gone.body) == (204, b"")
    assert api.delete(path).status == api.get(path).status == 404
    assert account.store.rows("registrants") == []


def test_accounts_are_apart(sandbox, api, account):
    second = sandbox.account("livewebinar", "second")
    other = Api(sandbox.base_url("livewebinar"), second.new_token())
    widget = account.add_widget("Mine")
    assert other.get(f"/widgets/{widget['id']}").status == 404
    assert other.get("/widgets").json["data"] == []


class TestLists:
    @pytest.fixture(autouse=True)
    def widgets(self, account, clock):
        for number in range(40):
            status = "inactive" if number % 4 == 3 else "active"
            account.add_widget(f"Room {number:02d}", minutes=number + 1, status=status)
            clock.pass_by(minutes=1)

    def names(self, answer):
        return [row["name"] for row in answer.json["data"]]

    def test_all_of_them_page_by_page(self, api):
        first = api.get("/widgets")
        assert first.json["meta"]["pagination"] == {
            "total": 40,
            "count": 15,
            "per_page": 15,
            "current_page": 1,
            "total_pages": 3,
        }
        pages = [api.get(f"/widgets?page={page}") for page in (1, 2, 3, 4)]
        assert [len(self.names(page)) for page in pages] == [15, 15, 10, 0]
        seen = [name for page in pages for name in self.names(page)]
        assert seen == [f"Room {number:02d}" for number in range(40)]

    def test_as_the_wordpress_plugin_asks(self, api):
        names = self.names(api.get("/widgets?limit=500&scope=active&sort=id&order=desc"))
        assert len(names) == 30
        assert names == sorted(names, reverse=True)
        assert len(self.names(api.get("/widgets?scope=inactive"))) == 10

    def test_sorting(self, api, account):
        account.add_widget("always", permanent=True)
        answer = api.get("/widgets?sort=start_date&limit=2")
        assert self.names(answer) == ["always", "Room 00"]
        assert self.names(api.get("/widgets?sort=name&limit=1")) == ["always"]

    def test_a_limit_is_cut_without_a_word(self, api, account):
        account.largest_page = 20
        answer = api.get("/widgets?limit=500")
        assert answer.json["meta"]["pagination"]["per_page"] == len(self.names(answer)) == 20

    def test_the_pagination_can_be_switched_off(self, api, account):
        account.shows_pagination = False
        answer = api.get("/widgets?limit=7&page=2")
        assert set(answer.json) == {"data"}
        assert self.names(answer)[0] == "Room 07"

    @pytest.mark.parametrize(
        ("query", "field"),
        [
            ("limit=0", "limit"),
            ("limit=many", "limit"),
            ("page=-1", "page"),
            ("scope=sideways", "scope"),
            ("sort=colour", "sort"),
            ("order=up", "order"),
        ],
    )
    def test_what_is_refused(self, api, query, field):
        assert wrong(api.get(f"/widgets?{query}")) == {field}
