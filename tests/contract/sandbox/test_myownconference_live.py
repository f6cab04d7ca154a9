"""The MyOwnConference sandbox: rooms in which a webinar runs, what stays, seed, control page."""

from __future__ import annotations

import json
from datetime import datetime, timedelta

import pytest

from integrations.sandbox import EditRefused, Sandbox
from integrations.sandbox.people import PEOPLE
from tests.contract.sandbox.test_myownconference_asking import SLUG, Asking
from tests.sandbox_client import RawClient

ANN, BOB = "ann@example.com", "bob@example.org"


@pytest.fixture
def owner(sandbox):
    return sandbox.account(SLUG)


@pytest.fixture
def ask(sandbox):
    return Asking(sandbox)


@pytest.fixture
def alias(owner):
    return owner.add_webinar("A webinar")["alias"]


def not_active(alias):
    return f'Webinar with alias "{alias}" not active'


RUNNING_ONLY = {
    "webinarsBotMessage": {"bot": "1", "text": "Hello"},
    "webinarsLockChat": {},
    "webinarsUnlockChat": {},
    "webinarsLinkLockInChat": {},
    "webinarsLinkUnlockInChat": {},
    "webinarsStartPresentation": {"id": "1", "slide": "1"},
    "webinarStopPresentation": {},
    "webinarsStartVideo": {"id": "1"},
    "webinarsStopVideo": {},
    "webinarsFinish": {},
}


class TestLive:
    @pytest.mark.parametrize("action", RUNNING_ONLY)
    def test_needs_a_webinar_that_runs(self, ask, owner, alias, action):
        params = {"alias": alias, **RUNNING_ONLY[action]}
        assert ask.refused(action, params) == not_active(alias)
        owner.start_session(alias)
        owner.end_session(alias)
        assert ask.refused(action, params) == not_active(alias)

    def test_chat_and_links(self, ask, owner, alias):
        owner.start_session(alias)
        row = owner.webinar(alias)
        for action, switch, state in (
            ("webinarsLockChat", "chat_locked", True),
            ("webinarsUnlockChat", "chat_locked", False),
            ("webinarLockChat", "chat_locked", True),  # as the document's prose spells it
            ("webinarsLinkLockInChat", "links_locked", True),
            ("webinarsLinkUnlockInChat", "links_locked", False),
        ):
            assert set(ask(action, alias=alias)) == {"success"}
            assert row[switch] is state

    def test_slides_and_video(self, ask, owner, alias):
        slides = owner.add_file(alias, "Slides.svg", length=3)
        film = owner.add_file(alias, "Film.mp4", kind="MEDIA", length=90)
        owner.start_session(alias)
        row = owner.webinar(alias)
        ask("webinarsStartPresentation", alias=alias, id=str(slides["id"]), slide="3")
        assert row["showing"] == {"file": slides["id"], "slide": 3}
        for wrong in ({"id": slides["id"], "slide": 4}, {"id": film["id"], "slide": 1}, {"id": 7}):
            assert ask.refused("webinarsStartPresentation", {"alias": alias, "slide": 1, **wrong})
        ask("webinarsStartVideo", alias=alias, id=film["id"])
        assert row["playing"] == film["id"]
        assert ask.refused("webinarsStartVideo", alias=alias, id=slides["id"])
        ask("webinarStopPresentation", alias=alias)
        ask("webinarsStopVideo", alias=alias)
        assert (row["showing"], row["playing"]) == (None, None)

    def test_virtual_people(self, ask, owner, alias):
        made = ask("webinarsAddBotToRoom", alias=alias, name="Zoë Lee", country="PL")
        assert set(made) == {"success", "id"}
        assert ask("webinarsGetBotsList", alias=alias) == [
            {"id": made["id"], "name": "Zoë Lee", "country": "PL"}
        ]
        assert ask.refused("webinarsAddBotToRoom", alias=alias, name="Zoë", country="POL")
        assert ask.refused("webinarsAddBotToRoom", alias=alias, name="Z", country="PL")
        ask("webinarsAddModerToRoom", alias=alias, email=ANN, name="Ann")
        assert ask.refused("webinarsAddModerToRoom", alias=alias, email=ANN.upper(), name="Ann")
        owner.start_session(alias)
        ask("webinarsBotMessage", alias=alias, bot=made["id"], text="As a guest")
        ask("webinarsBotMessage", alias=alias, bot=ANN.upper(), text="As a moderator")
        assert ask.refused("webinarsBotMessage", alias=alias, bot=BOB, text="As nobody")
        assert ask.refused("webinarsBotMessage", alias=alias, bot=ANN, text="")
        assert ask("webinarsHistory", alias=alias, type="chats") == [
            ["2026-03-02 09:00:00", "Zoë Lee", "As a guest", "g", ""],
            ["2026-03-02 09:00:00", "Ann", "As a moderator", "m", ANN],
        ]
        ask("webinarsRemoveModerFromRoom", alias=alias, email=ANN)
        assert ask.refused("webinarsRemoveModerFromRoom", alias=alias, email=ANN)
        ask("webinarsRemoveBotFromRoom", alias=alias, id=made["id"])
        assert ask.refused("webinarsRemoveBotFromRoom", alias=alias, id=made["id"])
        assert ask("webinarsGetBotsList", alias=alias) == []

    def test_no_virtual_people_where_it_is_over(self, ask, owner, alias):
        owner.start_session(alias)
        ask("webinarsFinish", alias=alias)
        for action, params in (
            ("webinarsAddModerToRoom", {"email": ANN, "name": "Ann"}),
            ("webinarsAddBotToRoom", {"name": "Ann", "country": "PL"}),
            ("webinarsGetBotsList", {}),
            ("webinarsOnlineList", {}),
        ):
            assert ask.refused(action, {"alias": alias, **params}) == not_active(alias)

    def test_who_is_online(self, ask, owner, alias, clock):
        assert ask("webinarsOnlineList", alias=alias) == {"moderators": [], "guests": []}
        owner.invite(alias, ANN, "Ann")
        late = {"email": BOB, "name": "Bob", "joined": 10, "left": 20}
        owner.start_session(alias, ["owner@example.com", ANN, late])
        assert ask("webinarsOnlineList", alias=alias) == {
            "moderators": [{"name": "Robin Keller", "email": "owner@example.com"}],
            "guests": [{"name": "Ann", "email": ANN}],
        }
        clock.pass_by(minutes=15)
        assert len(ask("webinarsOnlineList", alias=alias)["guests"]) == 2
        clock.pass_by(minutes=15)
        assert len(ask("webinarsOnlineList", alias=alias)["guests"]) == 1

    def test_finish(self, ask, owner, alias):
        owner.start_session(alias, [ANN])
        ask("webinarsAddBotToRoom", alias=alias, name="Bot", country="DE")
        ask("webinarsLockChat", alias=alias)
        assert set(ask("webinarsFinish", alias=alias)) == {"success"}
        assert ask("webinarsGetInfo", alias=alias)["status"] == "FINISHED"
        assert owner.running_session(alias) is None
        assert owner.store.rows("bots") == []
        assert owner.webinar(alias)["chat_locked"] is False


class TestAfter:
    def test_recordings(self, ask, owner, alias):
        first = owner.add_recording(alias, seconds=1800)
        second = owner.add_recording(alias, seconds=60, ready=False)
        rows = ask("webinarsRecordsList", alias=alias)
        assert rows[0] == {
            "id": str(first["id"]),
            "name": "A webinar",
            "status": "ready",
            "added": "2026-03-02 09:00:00",
            "size": "93600000",
            "duration": "1800",
            "link": rows[0]["download_link"].removesuffix("/download"),
            "download_link": rows[0]["download_link"],
        }
        assert rows[1]["status"] == "wait"
        assert ask("webinarsGetInfo", alias=alias)["records"] == "2"
        ask("webinarsRecordDelete", id=str(first["id"]))
        assert ask.refused("webinarsRecordDelete", id=first["id"])
        assert [row["id"] for row in ask("webinarsRecordsList", alias=alias)] == [str(second["id"])]

    def test_files(self, ask, owner, alias):
        owner.add_file(alias, "Slides.svg", length=3)
        owner.add_file(alias, "Film.mp4", kind="MEDIA", length=90)
        both = ask("webinarsFilesList", alias=alias)
        assert [(row["name"], row["duration"]) for row in both] == [
            ("Slides.svg", "3"),
            ("Film.mp4", "90"),
        ]
        assert set(both[0]) == {"id", "name", "added", "size", "duration", "link", "download_link"}
        assert ask("webinarsFilesList", alias=alias, type="PRESENTATION") == both[:1]
        assert ask("webinarsFilesList", alias=alias, type="MEDIA") == both[1:]
        assert ask.refused("webinarsFilesList", alias=alias, type="media")

    def test_history(self, ask, owner, alias, clock):
        owner.invite(alias, ANN, "Ann")
        said = {"text": "Later", "name": "Bob", "email": BOB, "role": "g", "minute": 30}
        late = {"email": BOB, "name": "Bob", "joined": 20}
        people = ["owner@example.com", late, ANN, {"name": "Guest"}]
        owner.start_session(alias, people, chat=["First", said])
        clock.pass_by(minutes=10)
        assert len(ask("webinarsHistory", alias=alias, type="visits")) == 3
        assert len(ask("webinarsHistory", alias=alias, type="chat")) == 1
        clock.pass_by(hours=2)
        assert ask("webinarsHistory", alias=alias, type="visits") == [
            ["2026-03-02 09:00:00", "Robin Keller", "", "m", "owner@example.com"],
            ["2026-03-02 09:00:00", "Ann", "", "g", ANN],
            ["2026-03-02 09:00:00", "Guest", "", "g", ""],
            ["2026-03-02 09:20:00", "Bob", "", "g", BOB],
        ]
        assert ask("webinarsHistory", alias=alias, type="chats") == [
            ["2026-03-02 09:00:00", "Guest", "First", "g", ""],
            ["2026-03-02 09:30:00", "Bob", "Later", "g", BOB],
        ]
        owner.stamps_in_gmt = False
        assert ask("webinarsHistory", alias=alias, type="visits")[0][0] == "2026-03-02 10:00:00"
        assert ask.refused("webinarsHistory", alias=alias, type="polls")
        assert ask.refused("webinarsHistory", alias=alias)


class TestOwner:
    def test_what_is_not_there_is_refused(self, owner, alias):
        for edit in (
            lambda: owner.webinar("aaaa-bbbb-cccc-dddd"),
            lambda: owner.edit_webinar(alias, colour="red"),
            lambda: owner.edit_attendee(ANN, name="Ann"),
            lambda: owner.delete_moderator("owner@example.com"),
            lambda: owner.end_session(alias),
            lambda: owner.delete_recording(1),
            lambda: owner.join_group(1, ANN),
            lambda: owner.set_profile(shoe=41),
        ):
            with pytest.raises(EditRefused):
                edit()

    def test_the_control_page_and_its_edits(self, sandbox, owner, clock):
        control = RawClient(sandbox.url)
        row = owner.add_webinar("Before", start=clock() + timedelta(days=20))
        for number in range(3):
            owner.invite(row["alias"], f"p{number}@example.com", f"Person {number}")

        def edit(name, /, **values):
            form = {"platform": SLUG, "account": "demo", "edit": name, "id": row["id"]}
            return control.post("/_control/edit", {**form, **values})

        edit("rename", name=" After ")
        edit("move", days="10")  # over the change of March
        assert (row["name"], row["start"]) == ("After", "2026-04-01T08:00:00+00:00")
        edit("register", name="New", email="new@example.com")
        assert owner.find_attendee("new@example.com")["imported"] is False
        edit("rename_person", name="Newer", email="NEW@example.com")
        assert owner.find_attendee("new@example.com")["name"] == "Newer"
        edit("run", minutes="20", over="1")
        edit("run", minutes="20", over="0")
        past, now = owner.sessions(row["alias"])
        assert owner.running_session(row["alias"]) == now
        assert len(past["visits"]) == 4
        page = control.get("/").text
        assert "After" in page
        assert "4 participants, 2 sessions" in page
        edit("finish")
        assert owner.status(row) == "FINISHED"
        edit("record", minutes="5")
        assert owner.store.rows("recordings")[0]["seconds"] == 300
        changed = edit("change", name="By hand", duration="90").json["row"]
        assert (changed["name"], changed["duration"]) == ("By hand", 90)
        for wrong in ("rename", "move", "register", "record", "change"):
            values = {"name": "", "days": "soon", "email": "x", "minutes": "0", "status": "X"}
            assert edit(wrong, **values).status == 400
        assert edit("delete").json == {"ok": True, "row": None}
        assert edit("delete").status == 400
        assert owner.webinars() == []

    def test_state_comes_back_whole(self, tmp_path):
        path = tmp_path / "state.json"
        with Sandbox(seed=False, state=path).start() as first:
            alias = first.account(SLUG).add_webinar("Kept ü")["alias"]
            first.account(SLUG).invite(alias, ANN, "Ann")
            first.account(SLUG).set_profile(timezone=345)
        with Sandbox(seed=False, state=path).start() as second:
            ask = Asking(second)
            assert ask("attendeesList", alias=alias)["count"] == "1"
            assert ask("profileGet", ["timezone"]) == {"timezone": "345"}
            assert len(ask("moderatorsList", [])) == 1


class TestSeed:
    @pytest.fixture
    def seeded(self, clock):
        with Sandbox(seed=True, now=clock).start() as running:
            yield running

    def test_the_same_every_time(self, seeded, clock):
        again = Sandbox(seed=True, now=clock)
        for label in ("demo", "second"):
            one, two = (json.dumps(s.store(SLUG, label).dump()) for s in (seeded, again))
            assert one == two

    def test_a_programme_of_past_present_and_future(self, seeded, clock):
        owner, ask = seeded.account(SLUG), Asking(seeded)
        assert len(ask("webinarsList", status="FINISHED")) == 6
        assert len(ask("webinarsList", status="ACTIVE")) == 7
        running = [row["name"] for row in owner.webinars() if owner.running_session(row["alias"])]
        assert running == ["Live: planning your kitchen garden"]
        starts = [datetime.fromisoformat(row["start"]) for row in owner.webinars()]
        assert clock() + timedelta(days=20) < max(starts) < clock() + timedelta(days=36)
        assert ask("attendeesList", [])["count"] == "123"
        assert ask("attendeesList", withEmail="NO")["count"] == "3"
        assert ask("attendeesList", type="BANNED")["count"] == "1"
        assert len(ask("attendeesGroupsList", [])[0]) == 3
        assert len(ask("moderatorsList", [])) == 4
        assert len(owner.store.rows("recordings")) == 4
        assert owner.foreign_alias_calls == 0
        second = Asking(seeded, label="second")
        assert len(second("webinarsList", [])) == 3

    def test_people_are_made_up_and_nothing_is_dated_after_its_time(self, seeded, clock):
        known = {person.email for person in PEOPLE} | {""}
        now = clock().isoformat()
        for label in ("demo", "second"):
            store = seeded.store(SLUG, label)
            assert {row["email"] for row in store.rows("attendees")} <= known
            for row in store.rows("moderators"):
                assert row["email"].endswith(("@example.org", "@example.com"))
            for table, column in (
                ("attendees", "created"),
                ("webinars", "created"),
                ("moderators", "registered"),
                ("recordings", "added"),
                ("files", "added"),
            ):
                assert all(row[column] < now for row in store.rows(table))

    def test_every_address_answered_leads_somewhere(self, seeded):
        ask, line = Asking(seeded), RawClient(seeded.url)
        for webinar in ask("webinarsList", fields=["alias"]):
            rows = ask("webinarsRecordsList", webinar) + ask("webinarsFilesList", webinar)
            links = [url for row in rows for url in (row["link"], row["download_link"])]
            for url in links:
                assert line.get(url.removeprefix(seeded.url)).status == 200
        for room in ask("moderatorsRooms", email="owner@example.com"):
            page = line.get(room["moderatorLink"].removeprefix(seeded.url)).text
            assert "lets in Robin Keller as moderator" in page
