"""The MyOwnConference sandbox over real HTTP: planning webinars, settings, letters, zones."""

from __future__ import annotations

import base64
import re
from datetime import UTC, datetime, timedelta

import pytest

from integrations.sandbox.myownconference.zone import VALUES, Zone, keep
from tests.contract.sandbox.test_myownconference_asking import SLUG, Asking

NEW = {"name": "Spring briefing", "start": "2026-04-01 10:00:00", "duration": "75"}
JPEG = base64.b64encode(b"\xff\xd8\xff\xe0" + b"\0" * 20).decode()


@pytest.fixture
def owner(sandbox):
    return sandbox.account(SLUG)


@pytest.fixture
def ask(sandbox):
    return Asking(sandbox)


@pytest.fixture
def alias(ask):
    return ask("webinarsCreate", NEW)["alias"]


class TestCreate:
    def test_the_documented_answer(self, sandbox, ask, owner):
        made = ask("webinarsCreate", {**NEW, "description": " <p>ü</p> ", "name": "  Spring  "})
        assert set(made) == {"success", "alias", "webinarLink", "mainModeratorLink"}
        assert re.fullmatch(r"[a-z]{4}(-[a-z]{4}){3}", made["alias"])
        assert made["webinarLink"] == f"{sandbox.url}/myownconference/room/demo/{made['alias']}"
        row = owner.webinar(made["alias"])
        assert (row["name"], row["description"], row["duration"]) == ("Spring", "<p>ü</p>", 75)
        assert row["start"] == "2026-04-01T08:00:00+00:00"

    @pytest.mark.parametrize(
        "changed",
        [
            {"name": " "},
            {"name": None},
            {"name": ["x"]},
            {"start": None},
            {"start": "2026-04-01"},
            {"start": "2026-04-01T10:00:00"},
            {"start": "2026-02-30 10:00:00"},
            {"start": "0001-01-01 00:00:00"},
            {"start": "9999-12-31 23:59:59"},
            {"duration": None},
            {"duration": "0"},
            {"duration": "1440"},
            {"duration": "1:20"},
            {"duration": "9" * 50},
            {"duration": 60.5},
            {"alias": "aaaa-bbbb-cccc-dddd"},
            {"settings": {}},
        ],
    )
    def test_refused(self, ask, changed):
        assert ask.refused("webinarsCreate", {**NEW, **changed})
        assert ask("webinarsList", []) == []

    def test_clone(self, ask, owner, alias):
        owner.add_moderator("ann@example.com", "Ann")
        owner.assign(alias, "ann@example.com")
        owner.invite(alias, "bob@example.org", "Bob")
        ask("webinarsSet", alias=alias, close="YES", settings={"chat": "NO"})
        # 10:00 on the wall stays 10:00 where summer has ended.
        copy = ask("webinarsClone", alias=alias, date="2026-11-04")
        assert set(copy) == {"success", "alias", "webinarLink", "mainModeratorLink"}
        info = ask("webinarsGetInfo", alias=copy["alias"])
        assert (info["start"], info["close"]) == ("2026-11-04 10:00:00", "YES")
        assert info["settings"]["chat"] == "NO"
        assert len(ask("moderatorsList", alias=copy["alias"])) == 2
        assert ask("attendeesList", alias=copy["alias"])["count"] == "0"
        ask("webinarsSetLetters", alias=copy["alias"], type="3DAY", enabled="NO")
        assert ask("webinarsGetLettersInfo", alias=alias)["3DAY"]["enabled"] == "1"
        assert ask.refused("webinarsClone", alias=alias)
        assert ask.refused("webinarsClone", alias=alias, date="04.11.2026")


class TestRead:
    def test_list(self, ask, alias):
        (line,) = ask("webinarsList", [])
        assert line == {
            "name": "Spring briefing",
            "description": "",
            "created": "2026-03-02 09:00:00",  # GMT+0
            "alias": alias,
            "start": "2026-04-01 10:00:00",  # the profile's zone
            "language": "en",
        }
        assert ask("webinarsList", fields=["name", "alias"]) == [
            {"name": "Spring briefing", "alias": alias}
        ]
        assert ask.refused("webinarsList", fields=["duration"])
        assert ask.refused("webinarsList", page="2")

    def test_list_filters(self, ask, owner, clock):
        past = owner.add_webinar("Past", start=clock() - timedelta(days=2))["alias"]
        # 23:30 in UTC is the next day in the profile's zone.
        late = owner.add_webinar("Late", start=datetime(2026, 3, 4, 23, 30, tzinfo=UTC))["alias"]

        def found(**params):
            return [row["alias"] for row in ask("webinarsList", fields=["alias"], **params)]

        assert found() == [late, past]
        assert found(status="ACTIVE") == [late]
        assert found(status="FINISHED") == [past]
        assert found(date="2026-03-05") == [late]
        assert found(date="2026-03-04") == []
        assert found(date="2026-03-05 00:00:00", status="FINISHED") == []
        assert ask.refused("webinarsList", status="active")
        assert ask.refused("webinarsList", date="today")

    def test_get_info(self, ask, alias):
        info = ask("webinarsGetInfo", alias=alias)
        settings = info.pop("settings")
        assert info == {
            "alias": alias,
            "name": "Spring briefing",
            "description": "",
            "start": "2026-04-01 10:00:00",
            "duration": "75",
            "close": "NO",
            "language": "en",
            "google_id": "",
            "created": "2026-03-02 09:00:00",
            "status": "ACTIVE",
            "records": "0",
            "logotype_url": "",
            "banner_url": "",
        }
        assert set(settings) >= {
            "userList",
            "flags",
            "chat",
            "buttonQuestion",
            "buttonVoice",
            "showBeforeTimer",
            "showLoginStart",
            "showLoginName",
            "showLoginModerators",
            "showSocialButtons",
            "showLoginCounter",
            "emailIdntLogin",
            "emailIdntRecord",
            "sendRecord",
        }
        assert settings["theme"] == {"bg": "#f2f2f2", "text": "#333333"}
        assert settings["loginFields"] == ["name", "email"]
        assert "group" not in settings


class TestChange:
    def test_only_what_is_sent(self, ask, alias):
        before = ask("webinarsGetInfo", alias=alias)
        assert set(ask("webinarsSet", alias=alias, name=" Moved ")) == {"success"}
        assert ask("webinarsGetInfo", alias=alias) == {**before, "name": "Moved"}
        ask(
            "webinarsSet",
            alias=alias,
            start="2026-12-01 09:30:00",
            duration=1439,
            close="YES",
            language="pl",
            description="<b>x</b>",
            logo=JPEG,
            banner="",
            google_id="G-1",
            logotype_url="https://example.com/",
            banner_url="https://example.org/",
        )
        after = ask("webinarsGetInfo", alias=alias)
        changed = {name for name in before if before[name] != after[name]}
        assert changed == {
            "name",
            "start",
            "duration",
            "close",
            "language",
            "description",
            "google_id",
            "logotype_url",
            "banner_url",
        }
        assert (after["start"], after["duration"]) == ("2026-12-01 09:30:00", "1439")
        ask("webinarsSet", alias=alias, description="")
        assert ask("webinarsGetInfo", alias=alias)["description"] == ""

    @pytest.mark.parametrize(
        "changed",
        [
            {"name": ""},
            {"start": "soon"},
            {"duration": "1440"},
            {"close": "1"},
            {"language": "EN"},
            {"language": "nl"},
            {"logo": "https://example.com/logo.png"},
            {"status": "FINISHED"},
            {"created": "2026-01-01 00:00:00"},
            {"records": "1"},
            {"settings": "none"},
            {"settings": {"loginFields": ["name"]}},
            {"settings": {"theme": {"bg": "#000000"}}},
            {"settings": {"themebg": "black"}},
            {"settings": {"themetext": "#fff"}},
            {"settings": {"chat": "1"}},
            {"settings": {"chat": ""}},
            {"settings": {"cameraSize": "BIG"}},
            {"settings": {"loginfields": ["name", "shoe"]}},
            {"settings": {"beforeStartTime": "4"}},
            {"settings": {"beforeStartTime": "61"}},
            {"settings": {"recordQuality": "5"}},
            {"settings": {"recordArea": "", "recordWebCams": ""}},
            {"settings": {"sendRecordTo": "nobody"}},
            {"settings": {"group": "A group"}},
            {"settings": {"group": "999"}},
        ],
    )
    def test_refused_and_nothing_changed(self, ask, alias, changed):
        before = ask("webinarsGetInfo", alias=alias)
        assert ask.refused("webinarsSet", {"alias": alias, **changed})
        assert ask("webinarsGetInfo", alias=alias) == before

    def test_settings_are_written_and_read_under_different_names(self, ask, alias):
        group = ask("attendeesCreateGroup", name="Friends")["group_id"]
        written = {
            "userList": "NO",
            "sendRecord": "YES",
            "webcamPosition": "LEFT",
            "cameraSize": "big",
            "themebg": "#D3D3D3",
            "themetext": "#101010",
            "loginfields": ["email", "name", "born"],
            "beforeStartTime": "5",
            "sendRecordTo": "miss",
            "recordQuality": "2",
            "recordUsers": "YES",
            "group": group,
        }
        before = ask("webinarsGetInfo", alias=alias)["settings"]
        ask("webinarsSet", alias=alias, settings=written)
        read = ask("webinarsGetInfo", alias=alias)["settings"]
        assert {name for name in read if before.get(name) != read[name]} == {
            "userList",
            "sendRecord",
            "webcamPosition",
            "cameraSize",
            "theme",
            "loginFields",
            "beforeStartTime",
            "sendRecordTo",
            "recordQuality",
            "recordWhole",
            "recordUsers",
            "recordModer",
            "recordChat",
            "group",
        }
        assert read["theme"] == {"bg": "#d3d3d3", "text": "#101010"}
        assert read["loginFields"] == ["email", "name", "born"]
        assert read["group"] == "Friends"
        assert (read["recordWhole"], read["recordUsers"]) == ("", "YES")
        ask("webinarsSet", alias=alias, settings={"group": "", "recordWebCams": ""})
        again = ask("webinarsGetInfo", alias=alias)["settings"]
        assert "group" not in again
        assert "recordWebCams" in again
        assert "recordWhole" not in again

    def test_a_group_that_is_gone_leaves_the_settings(self, ask, alias):
        group = ask("attendeesCreateGroup", name="Friends")["group_id"]
        ask("webinarsSet", alias=alias, settings={"group": group})
        ask("attendeesGroupsRename", id=group, newname="Foes")
        assert ask("webinarsGetInfo", alias=alias)["settings"]["group"] == "Foes"
        ask("attendeesDeleteGroup", id=group)
        assert "group" not in ask("webinarsGetInfo", alias=alias)["settings"]

    def test_delete(self, ask, owner, alias):
        owner.invite(alias, "ann@example.com", "Ann")
        owner.add_recording(alias)
        assert set(ask("webinarsDelete", alias=alias)) == {"success"}
        assert ask.refused("webinarsDelete", alias=alias).endswith("not found")
        assert ask("webinarsList", []) == []
        assert ask("attendeesRooms", email="ann@example.com") == []
        assert owner.store.rows("recordings") == []
        assert owner.foreign_alias_calls == 0

    def test_time_ends_a_webinar_and_a_move_revives_it(self, ask, owner, alias, clock):
        clock.moment = datetime(2026, 4, 1, 9, 14, tzinfo=UTC)
        assert ask("webinarsGetInfo", alias=alias)["status"] == "ACTIVE"
        clock.pass_by(minutes=1)
        assert ask("webinarsGetInfo", alias=alias)["status"] == "FINISHED"
        owner.start_session(alias, minutes=10)
        assert ask("webinarsGetInfo", alias=alias)["status"] == "ACTIVE"
        clock.pass_by(minutes=10)
        assert ask("webinarsGetInfo", alias=alias)["status"] == "FINISHED"
        ask("webinarsSet", alias=alias, start="2026-05-01 10:00:00")
        assert ask("webinarsGetInfo", alias=alias)["status"] == "ACTIVE"


class TestLetters:
    KINDS = ("REGISTRATIONCONFIRM", "3DAY", "1DAY", "1HOUR", "STARTED", "FINISHED")

    def test_set_with_yes_and_read_as_one(self, ask, alias):
        letters = ask("webinarsGetLettersInfo", alias=alias)
        assert tuple(letters) == self.KINDS
        assert letters["3DAY"] == {"enabled": "1", "status": "wait", "text": ""}
        ask("webinarsSetLetters", alias=alias, type="3DAY", enabled="NO", text="<i>Bye</i>")
        ask("webinarsSetLetters", alias=alias, type="1HOUR", text="Soon")
        letters = ask("webinarsGetLettersInfo", alias=alias)
        assert letters["3DAY"] == {"enabled": "0", "status": "wait", "text": "<i>Bye</i>"}
        assert letters["1HOUR"] == {"enabled": "1", "status": "wait", "text": "Soon"}
        ask("webinarsSetLetters", alias=alias, type="1HOUR", text="", enabled="YES")
        assert ask("webinarsGetLettersInfo", alias=alias)["1HOUR"]["text"] == ""

    @pytest.mark.parametrize(
        "params",
        [
            {"enabled": "YES"},
            {"type": "2DAY", "enabled": "YES"},
            {"type": "1DAY", "enabled": "1"},
            {"type": "1HOUR", "enabled": "NO"},
        ],
    )
    def test_refused(self, ask, alias, params):
        assert ask.refused("webinarsSetLetters", {"alias": alias, **params})

    def test_off_and_on(self, ask, alias):
        ask("webinarsSetLetters", alias=alias, type="1DAY", enabled="NO")
        ask("webinarsLettersOff", alias=alias)
        letters = ask("webinarsGetLettersInfo", alias=alias)
        assert {letter["enabled"] for letter in letters.values()} == {"0"}
        ask("webinarsLettersOn", alias=alias)
        letters = ask("webinarsGetLettersInfo", alias=alias)
        assert [kind for kind in letters if letters[kind]["enabled"] == "0"] == ["1DAY"]

    def test_they_go_out_one_by_one(self, ask, owner, clock):
        start = clock() + timedelta(days=5)
        alias = owner.add_webinar("Later", start=start)["alias"]

        def out():
            letters = ask("webinarsGetLettersInfo", alias=alias)
            return [kind for kind in letters if letters[kind]["status"] == "end"]

        seen = []
        for hours in (-73, -71, -2, 0, 2):
            clock.moment = start + timedelta(hours=hours)
            seen.append(len(out()))
        assert seen == [0, 1, 2, 4, 6]


class TestZone:
    """The profile's minutes, and an hour more from the last Sunday of March to that of October."""

    @pytest.mark.parametrize(
        ("wall", "utc", "shown"),
        [
            ("2026-03-29 01:59:59", "2026-03-29T00:59:59", "2026-03-29 01:59:59"),
            ("2026-03-29 02:30:00", "2026-03-29T01:30:00", "2026-03-29 03:30:00"),  # not there
            ("2026-03-29 03:00:00", "2026-03-29T01:00:00", "2026-03-29 03:00:00"),
            ("2026-07-01 12:00:00", "2026-07-01T10:00:00", "2026-07-01 12:00:00"),
            ("2026-10-25 01:59:59", "2026-10-24T23:59:59", "2026-10-25 01:59:59"),
            ("2026-10-25 02:30:00", "2026-10-25T00:30:00", "2026-10-25 02:30:00"),  # there twice
            ("2026-10-25 03:00:00", "2026-10-25T02:00:00", "2026-10-25 03:00:00"),
            ("2026-12-01 12:00:00", "2026-12-01T11:00:00", "2026-12-01 12:00:00"),
        ],
    )
    def test_both_changes(self, ask, owner, wall, utc, shown):
        alias = ask("webinarsCreate", {**NEW, "start": wall})["alias"]
        assert owner.webinar(alias)["start"] == f"{utc}+00:00"
        assert ask("webinarsGetInfo", alias=alias)["start"] == shown
        ask("webinarsSet", alias=alias, start=wall)
        assert owner.webinar(alias)["start"] == f"{utc}+00:00"

    def test_the_second_of_two_hours_reads_like_the_first(self, ask, owner):
        second = datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
        alias = owner.add_webinar("In the second", start=second)["alias"]
        assert ask("webinarsGetInfo", alias=alias)["start"] == "2026-10-25 02:30:00"

    def test_without_timemove_there_is_no_summer(self, ask, alias):
        ask("profileSet", timemove="NO")
        assert ask("webinarsGetInfo", alias=alias)["start"] == "2026-04-01 09:00:00"

    def test_the_zone_is_the_profiles_at_reading(self, ask, alias):
        for minutes, shown in (("-240", "05:00:00"), ("345", "14:45:00"), ("780", "22:00:00")):
            ask("profileSet", timezone=minutes)
            assert ask("webinarsGetInfo", alias=alias)["start"] == f"2026-04-01 {shown}"
            (room,) = ask("moderatorsRooms", email="owner@example.com")
            assert (room["timezone"], room["start"][11:]) == (minutes, shown)

    def test_an_account_whose_minutes_are_those_of_summer(self, ask, owner):
        owner.zone_holds_summer = True
        owner.set_profile(timezone=120)
        for wall, utc in (("2026-07-01 12:00:00", "10"), ("2026-12-01 12:00:00", "11")):
            alias = ask("webinarsCreate", {**NEW, "start": wall})["alias"]
            assert owner.webinar(alias)["start"][11:13] == utc
            assert ask("webinarsGetInfo", alias=alias)["start"] == wall

    @pytest.mark.parametrize("minutes", VALUES)
    def test_what_is_read_is_what_was_shown(self, minutes):
        """But for the hour that comes twice, whose second half hours read like the first."""
        zone, hour = Zone(minutes, moves=True), timedelta(hours=1)
        for days in range(0, 366, 7):
            at = datetime(2026, 1, 1, 0, 30, tzinfo=UTC) + timedelta(days=days)
            wall = datetime.fromisoformat(zone.shown(keep(at)))
            assert zone.read(wall) in (at, at - hour)
            assert zone.shown(keep(zone.read(wall))) == f"{wall:%Y-%m-%d %H:%M:%S}"
