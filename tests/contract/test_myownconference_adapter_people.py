"""What is MyOwnConference's own: the profile's clock, people, moderators, what is done once."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from integrations.base.adapter import Adapter
from integrations.base.errors import (
    RequestRejected,
    UnsupportedByPlatform,
)
from integrations.base.records import Draft, Kind
from integrations.myownconference.mapping.zone import SUMMER
from tests.contract.test_myownconference_adapter import open_adapter, platform
from tests.contract.worlds.promises import all_records
from tests.support.myownconference import ALIAS, example, person, scripted, webinar

NOBODYS = "aaaa-bbbb-cccc-dddd"
Open = Callable[..., Adapter]
__all__ = ["open_adapter", "platform"]  # fixtures


@pytest.fixture
def calls(sandbox: Any) -> Callable[[], list[str]]:
    """The commands sent since the last time it was asked."""

    def asked() -> list[str]:
        found = [entry.path.strip("/") for entry in sandbox.requests]
        sandbox.requests.clear()
        return found

    return asked


class TestClock:
    @pytest.mark.parametrize(
        ("moment", "wall"),
        [
            ("2027-03-28T00:30:00Z", "2027-03-28 01:30:00"),
            ("2027-03-28T01:00:00Z", "2027-03-28 03:00:00"),
            ("2027-10-30T23:30:00Z", "2027-10-31 01:30:00"),
            ("2027-10-31T02:00:00Z", "2027-10-31 03:00:00"),
        ],
    )
    def test_both_changes_of_summer_time(
        self, open_adapter: Open, platform: Any, moment: str, wall: str
    ) -> None:
        platform.set_profile(timezone=60, timemove=True)
        adapter = open_adapter()
        alias = adapter.create(webinar(starts_at=moment)).external_id or ""
        assert platform.webinar(alias)["start"] == moment.replace("Z", "+00:00")
        assert adapter.get(Kind.CONFERENCE, alias).fields["starts_at"] == moment
        assert adapter.client.webinars_get_info(alias)["start"] == wall  # type: ignore[attr-defined]

    def test_a_moment_that_cannot_be_told_is_not_sent(
        self, open_adapter: Open, platform: Any, calls: Any
    ) -> None:
        platform.set_profile(timezone=60, timemove=True)
        for moment in ("2027-10-31T00:30:00Z", "2027-10-31T01:30:00Z"):
            with pytest.raises(RequestRejected) as refused:
                open_adapter().create(webinar(starts_at=moment))
            for said in ("02:30", "2027-10-31", "00:30 UTC", "01:30 UTC"):
                assert said in refused.value.field_errors["starts_at"][0]
        assert calls() == ["profileGet", "profileGet"]

    def test_a_start_that_comes_twice_there_is_said_to_be_in_doubt(
        self, open_adapter: Open, platform: Any
    ) -> None:
        platform.set_profile(timezone=60, timemove=True)
        clear = platform.add_webinar("Clear", start=datetime(2027, 10, 30, 12, tzinfo=UTC))
        twice = platform.add_webinar("Twice", start=datetime(2027, 10, 31, 1, 30, tzinfo=UTC))
        adapter = open_adapter()
        found = {
            r.external_id: r for page in adapter.list_all(Kind.CONFERENCE) for r in page.records
        }
        assert found[clear["alias"]].facts["start_in_doubt"] == ""
        for shown in (found[twice["alias"]], adapter.get(Kind.CONFERENCE, twice["alias"])):
            assert "at 00:30 UTC and at 01:30 UTC" in shown.facts["start_in_doubt"]
            assert shown.fields["starts_at"] == "2027-10-31T00:30:00Z"
        ours = {"starts_at": "2027-10-31T01:30:00Z"}
        assert adapter.expected(Kind.CONFERENCE, ours)["starts_at"] == "2027-10-31T00:30:00Z"

    def test_a_profile_that_moved_since_the_connection_was_tested_is_noticed(
        self, open_adapter: Open, platform: Any
    ) -> None:
        platform.set_profile(timezone=60, timemove=False)
        learned = dict(open_adapter().check().learned)
        platform.set_profile(timezone=180)
        adapter = open_adapter(learned=learned)
        alias = adapter.create(webinar(starts_at="2027-07-01T08:00:00Z")).external_id or ""
        assert platform.webinar(alias)["start"] == "2027-07-01T08:00:00+00:00"

    def test_a_profile_that_moves_between_reading_and_sending_is_noticed(
        self, open_adapter: Open, platform: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        platform.set_profile(timezone=60, timemove=False)
        adapter = open_adapter()
        alias = adapter.create(webinar()).external_id or ""
        shown = adapter.get(Kind.CONFERENCE, alias)
        platform.set_profile(timezone=180)
        monkeypatch.setattr("integrations.myownconference.adapter.clock.RECENT_SECONDS", -1.0)
        adapter.update(shown, {"starts_at": "2027-07-02T08:00:00Z"})
        assert platform.webinar(alias)["start"] == "2027-07-02T08:00:00+00:00"

    def test_minutes_that_hold_summer_are_an_option(
        self, open_adapter: Open, platform: Any
    ) -> None:
        platform.zone_holds_summer = True
        platform.set_profile(timezone=120, timemove=True)
        adapter = open_adapter(summer_time=SUMMER)
        for moment in ("2027-01-15T09:00:00Z", "2027-07-15T09:00:00Z"):
            alias = adapter.create(webinar(starts_at=moment)).external_id or ""
            assert platform.webinar(alias)["start"] == moment.replace("Z", "+00:00")

    def test_profile_is_read_once_for_each_connection(
        self, open_adapter: Open, platform: Any, calls: Any
    ) -> None:
        """Not seldomer: someone may have moved the profile to another zone."""
        platform.set_profile(timezone=60, timemove=False)
        adapter = open_adapter()
        alias = adapter.create(webinar()).external_id or ""
        adapter.get(Kind.CONFERENCE, alias)
        assert calls().count("profileGet") == 1
        platform.set_profile(timezone=180)
        moved = open_adapter().get(Kind.CONFERENCE, alias)
        assert moved.fields["starts_at"] == "2027-07-01T08:00:00Z"
        assert moved.fields["timezone"] == "Europe/Istanbul"

    def test_check_tells_owner_and_clock(self, open_adapter: Open, calls: Any) -> None:
        check = open_adapter().check()
        assert check.identity == "owner@example.com"
        assert "Europe/Brussels" in check.sentence
        assert calls() == ["profileGet"]

    @pytest.mark.parametrize(("stamps", "in_gmt"), [("gmt", True), ("profile", False)])
    def test_zone_of_visits_and_recordings_is_an_option(
        self, open_adapter: Open, platform: Any, stamps: str, in_gmt: bool
    ) -> None:
        platform.stamps_in_gmt = in_gmt
        alias = platform.add_webinar("Run")["alias"]
        began = datetime(2026, 7, 1, 9, tzinfo=UTC)
        platform.start_session(alias, ["ann@example.com"], started_at=began, minutes=30)
        platform.add_recording(alias, added=began)
        adapter = open_adapter(stamps=stamps)
        (session,) = all_records(adapter, Kind.SESSION, alias)
        (recording,) = all_records(adapter, Kind.RECORDING, alias)
        assert session.fields["starts_at"] == "2026-07-01T09:00:00Z"
        assert recording.fields["started_at"] == "2026-07-01T09:00:00Z"


class TestPeople:
    def test_a_new_one_is_made_before_being_registered(
        self, open_adapter: Open, platform: Any, calls: Any
    ) -> None:
        adapter = open_adapter()
        alias = adapter.create(webinar()).external_id
        calls()
        record = adapter.create(person(alias, "Ann@Example.com"))
        assert calls() == ["attendeesList", "attendeesCreate", "attendeesAddToWebinar"]
        assert record.external_id == f"{alias}/ann@example.com"
        (shown,) = all_records(adapter, Kind.REGISTRATION, alias)
        assert shown.external_id == record.external_id
        assert shown.facts["join_url"].startswith("http")

    def test_a_known_one_is_only_attached(
        self, open_adapter: Open, platform: Any, calls: Any
    ) -> None:
        platform.add_attendee("ANN@example.com", "Ann Lee")
        adapter = open_adapter()
        alias = adapter.create(webinar()).external_id
        calls()
        adapter.create(person(alias))
        assert calls() == ["attendeesList", "attendeesAddToWebinar"]
        assert len(all_records(adapter, Kind.ATTENDEE, None)) == 1

    def test_registering_twice_makes_one(self, open_adapter: Open, calls: Any) -> None:
        adapter = open_adapter()
        alias = adapter.create(webinar()).external_id
        for email in ("ann@example.com", "ANN@example.com"):
            adapter.create(person(alias, email))
        assert len(all_records(adapter, Kind.REGISTRATION, alias)) == 1

    def test_link_is_asked_for_where_the_create_did_not_show_it(
        self, open_adapter: Open, calls: Any
    ) -> None:
        adapter = open_adapter()
        alias = adapter.create(webinar()).external_id or ""
        adapter.create(person(alias))
        calls()
        answer = adapter.perform("join_link", alias, {"email": "Ann@example.com"})
        assert answer["join_url"].startswith("http")
        assert calls() == ["attendeesList"]
        with pytest.raises(RequestRejected):
            adapter.perform("join_link", alias, {"email": "bob@example.com"})

    def test_who_has_no_address_is_shown_without_one(
        self, open_adapter: Open, platform: Any
    ) -> None:
        platform.add_attendee("", "Guest")
        platform.add_attendee("", "Guest")
        platform.add_attendee("ann@example.com", "Ann Lee")
        adapter = open_adapter()
        records = all_records(adapter, Kind.ATTENDEE, None)
        assert [r.fields["email"] for r in records].count(None) == 2
        assert len({r.external_id for r in records}) == 3
        for record in records:
            assert adapter.get(Kind.ATTENDEE, record.external_id or "") == record

    def test_ban_is_shown_and_lifted(self, open_adapter: Open, platform: Any) -> None:
        platform.add_attendee("ann@example.com", "Ann Lee")
        platform.ban("ann@example.com")
        adapter = open_adapter()
        assert adapter.get(Kind.ATTENDEE, "ann@example.com").facts["type"] == "BANNED"
        adapter.perform("lift_ban", "ann@example.com", {})
        assert adapter.get(Kind.ATTENDEE, "ann@example.com").facts["type"] == "ACTIVE"

    def test_people_are_added_by_themselves_only_where_an_option_says_so(
        self, open_adapter: Open, platform: Any
    ) -> None:
        group = str(platform.add_group("Guests")["id"])
        member = Draft(Kind.MEMBERSHIP, {"email": "ann@example.com"}, parent_id=group)
        adapter = open_adapter()
        with pytest.raises(UnsupportedByPlatform):
            adapter.create(Draft(Kind.ATTENDEE, {"email": "ann@example.com"}))
        with pytest.raises(RequestRejected):
            adapter.create(member)
        assert platform.find_attendee("ann@example.com") is None
        open_adapter(contacts="yes").create(member)
        assert platform.find_attendee("ann@example.com")

    def test_a_group_of_the_same_name_is_not_made_twice(
        self, open_adapter: Open, platform: Any, calls: Any
    ) -> None:
        adapter = open_adapter()
        first, second = (
            adapter.create(Draft(Kind.GROUP, {"name": name})) for name in ("Guests", " guests")
        )
        assert first.external_id == second.external_id
        assert calls() == ["attendeesGroupsList", "attendeesCreateGroup", "attendeesGroupsList"]

    def test_group_of_a_webinar_travels_by_its_id(self, open_adapter: Open, platform: Any) -> None:
        platform.add_group("Guests")
        for _ in range(2):
            platform.add_group("Twins")
        adapter = open_adapter()
        shown = adapter.create(webinar())
        adapter.update(shown, {"options.group": "Guests"})
        details = adapter.get(Kind.CONFERENCE, shown.external_id or "")
        assert details.fields["options.group"] == "Guests"
        for name in ("Twins", "Nobody", ""):
            with pytest.raises(RequestRejected) as caught:
                adapter.update(shown, {"options.group": name})
            assert list(caught.value.field_errors) == ["options.group"]


class TestModerators:
    def host(self, alias: str | None) -> Draft:
        return Draft(Kind.MODERATOR, {"email": "Host@example.com", "name": "Host"}, alias)

    def test_a_new_one_is_made_first_and_not_written_to(
        self, open_adapter: Open, platform: Any, calls: Any
    ) -> None:
        adapter = open_adapter()
        alias = adapter.create(webinar()).external_id
        calls()
        record = adapter.create(self.host(alias))
        assert calls() == ["moderatorsList", "moderatorsCreate", "moderatorsAddToWebinar"]
        assert record.external_id == f"{alias}/host@example.com"

    @pytest.mark.parametrize(("option", "sent"), [("no", "NO"), ("yes", "YES")])
    def test_their_letter_is_an_option(
        self, open_adapter: Open, sandbox: Any, option: str, sent: str
    ) -> None:
        adapter = open_adapter(moderator_mail=option)
        adapter.create(self.host(adapter.create(webinar()).external_id))
        (entry,) = sandbox.requests.matching("POST", "/moderatorsAddToWebinar")
        assert json.loads(entry.form[0][1])["params"]["sendInvite"] == sent

    def test_links_of_all_webinars_come_in_one_call(
        self, open_adapter: Open, platform: Any, calls: Any
    ) -> None:
        adapter = open_adapter()
        aliases = [adapter.create(webinar(title=t)).external_id for t in ("One", "Two")]
        records = [adapter.create(self.host(alias)) for alias in aliases]
        calls()
        links = {
            adapter.get(Kind.MODERATOR, record.external_id or "").facts["join_url"]
            for record in records
        }
        assert len(links) == 2
        assert calls() == ["moderatorsList", "moderatorsRooms", "moderatorsList"]

    def test_main_one_belongs_to_every_webinar(self, open_adapter: Open) -> None:
        adapter = open_adapter()
        alias = adapter.create(webinar()).external_id
        (main,) = all_records(adapter, Kind.MODERATOR, alias)
        assert main.facts["main"] is True
        with pytest.raises(RequestRejected):
            adapter.delete(Kind.MODERATOR, main.external_id or "")


class TestActions:
    def test_one_that_is_over_is_refused_in_their_words(
        self, open_adapter: Open, platform: Any
    ) -> None:
        alias = platform.add_webinar("Over", start=datetime(2020, 1, 1, 9, tzinfo=UTC))["alias"]
        with pytest.raises(RequestRejected, match=f'alias "{alias}" not active'):
            open_adapter().perform("participants", alias, {})

    @pytest.mark.parametrize(
        ("action", "arguments", "field"),
        [
            ("slides_show", {"id": "1", "slide": 0}, "slide"),
            ("slides_show", {"slide": 1}, "id"),
            ("bot_add", {"name": "Bo"}, "country"),
            ("clone", {"date": "tomorrow"}, "date"),
            ("letter_switch", {"id": "1HOUR", "enabled": False}, "enabled"),
            ("room_settings", {}, "recordMode"),
            ("room_settings", {"recordMode": "recordEverything"}, "recordMode"),
            ("logo", {"name": "x.png"}, "content"),
            ("logo", {"name": "x.gif", "content": b"GIF"}, "content"),
            ("join_link", {}, "email"),
            ("change_profile", {}, "name"),
        ],
    )
    def test_what_the_document_rules_out_is_not_sent(
        self, open_adapter: Open, calls: Any, action: str, arguments: Any, field: str
    ) -> None:
        adapter = open_adapter()
        alias = adapter.create(webinar()).external_id or ""
        calls()
        with pytest.raises(RequestRejected) as caught:
            adapter.perform(action, alias, arguments)
        assert list(caught.value.field_errors) == [field]
        assert calls() == []

    def test_recording_settings_are_sent_as_the_document_writes_them(
        self, open_adapter: Open, sandbox: Any
    ) -> None:
        adapter = open_adapter()
        alias = adapter.create(webinar()).external_id or ""
        chosen = {"recordMode": "recordWhole", "recordUsers": "YES", "beforeStartTime": 15}
        adapter.perform("room_settings", alias, chosen)
        (entry,) = sandbox.requests.matching("POST", "/webinarsSet")
        assert json.loads(entry.form[0][1])["params"] == {
            "alias": alias,
            "settings": {"recordWhole": "", "recordUsers": "YES", "beforeStartTime": 15},
        }

    def test_files_say_whether_they_are_slides_or_video(
        self, open_adapter: Open, platform: Any
    ) -> None:
        adapter = open_adapter()
        alias = adapter.create(webinar()).external_id or ""
        platform.add_file(alias, "slides.pdf")
        platform.add_file(alias, "clip.mp4", kind="MEDIA", length=60)
        rows = adapter.perform("files", alias, {})["rows"]
        assert [(row["name"], row["kind"]) for row in rows] == [
            ("slides.pdf", "slides or picture"),
            ("clip.mp4", "sound or video"),
        ]

    def test_letters_are_switched_for_all_and_one_by_one(self, open_adapter: Open) -> None:
        adapter = open_adapter()
        alias = adapter.create(webinar()).external_id or ""
        adapter.perform("letter_switch", alias, {"id": "3DAY", "enabled": False})
        rows = {r["id"]: r["sent"] for r in adapter.perform("letters", alias, {})["rows"]}
        assert (rows["3DAY"], rows["1DAY"]) == ("no", "yes")

    def test_a_clone_is_ours(self, open_adapter: Open, platform: Any) -> None:
        adapter = open_adapter()
        alias = adapter.create(webinar()).external_id or ""
        copy = adapter.perform("clone", alias, {"date": "2027-08-01"})["id"]
        starts_at = adapter.get(Kind.CONFERENCE, copy).fields["starts_at"]
        assert starts_at == "2027-08-01T08:00:00Z"
        assert platform.foreign_alias_calls == 0

    def test_recording_that_is_not_ready_has_no_address_yet(self, open_adapter: Open) -> None:
        record = {**example("recordings")[0], "download_link": ""}
        answers = {"webinarsList": example("webinars"), "webinarsRecordsList": [record]}
        with scripted(answers) as server, pytest.raises(RequestRejected):
            open_adapter(server.url).download("download_recording", f"{ALIAS}/88140", {})


def test_history_is_read_once_for_session_and_attendance(
    open_adapter: Open, platform: Any, calls: Any
) -> None:
    alias = platform.add_webinar("Run")["alias"]
    platform.start_session(alias, ["ann@example.com"])
    adapter = open_adapter()
    (session,) = all_records(adapter, Kind.SESSION, alias)
    assert all_records(adapter, Kind.ATTENDANCE, session.external_id)
    assert calls() == ["webinarsList", "webinarsHistory"]
