"""ClickMeeting's payloads -> records: the document's examples, and each quirk by name."""

from typing import Any

import pytest

from integrations.base.reading import rows
from integrations.clickmeeting.mapping import after, people
from integrations.clickmeeting.mapping.conference import (
    conference_in,
    decode,
    expected,
)
from integrations.clickmeeting.payloads import PLATFORM
from tests.support.clickmeeting import example, example_rows, room

ALL_SETTINGS_ON = {
    "options.show_on_personal_page": True,
    "options.thank_you_emails_enabled": True,
    "options.connection_tester_enabled": True,
    "options.phonegateway_enabled": True,
    "options.recorder_autostart_enabled": True,
    "options.room_invite_button_enabled": True,
    "options.social_media_sharing_enabled": True,
    "options.connection_status_enabled": True,
    "options.thank_you_page_url": "",
}


class TestTheDocumentsExamples:
    def test_created_room(self) -> None:
        record = decode(conference_in(example("created")))

        assert record.external_id == "5964"
        assert record.fields == {
            "title": "My meeting",
            "description": "My lobby description",
            "starts_at": "2014-08-26T08:13:27Z",
            "duration_minutes": 60,
            "timezone": "America/New_York",
            "permanent": False,
            "room_type": "meeting",
            "access": "open",
            "open": True,
            "registration_enabled": False,
            "options.lobby_enabled": True,
            **ALL_SETTINGS_ON,
        }
        assert record.facts == {
            "room_url": "http://example.clickmeeting.com/my_meeting",
            "embed_room_url": "http://example.clickmeeting.com/458484137?popup=off&lang=en",
            "room_pin": "458484137",
            "phone_presenter_pin": "757429",
            "phone_listener_pin": "392531",
            "name_url": "my_meeting",
            "created_at": "2014-08-26T08:13:27Z",
            "updated_at": "2014-08-26T08:13:27Z",
        }
        assert not record.partial

    def test_listing(self) -> None:
        found = [decode(row) for row in rows(example("conferences"), "room", PLATFORM)]

        assert [r.external_id for r in found] == ["2686", "3999"]
        assert [r.fields["registration_enabled"] for r in found] == [False, True]
        assert all(r.fields["permanent"] and r.fields["starts_at"] is None for r in found)
        assert not any(r.partial for r in found)

    def test_a_got_and_an_updated_room(self) -> None:
        assert decode(conference_in(example("got"))).fields["title"] == "My room name"
        updated = decode(conference_in(example("updated")))
        assert updated.fields["room_type"] == "webinar"
        assert "room_url" not in updated.facts, "the example's address is not one (http:/...)"

    def test_sessions(self) -> None:
        first, second = (
            after.decode_session(r, "4085") for r in example_rows("sessions", "session")
        )

        assert (first.external_id, second.external_id) == ("4085/65177", "4085/65178")
        assert first.fields == {
            "starts_at": "2014-07-14T09:55:00Z",
            "ends_at": "2014-07-14T10:06:00Z",
            "visitors": 1,
            "peak": 1,
        }

    def test_recordings(self) -> None:
        first, _ = (
            after.decode_recording(r, "4085") for r in example_rows("recordings", "recording")
        )

        assert first.external_id == "4085/5126"
        assert first.fields["duration_seconds"] == 300
        assert first.fields["size_bytes"] == 30000
        assert first.volatile["recording_url"].startswith("http://recorder.clickmeeting.com?st=")

    def test_registrations(self) -> None:
        found = [people.decode_registration(r, "12") for r in example_rows("registrations", "row")]

        assert [r.external_id for r in found] == ["12/480", "12/487"]
        assert found[0].fields == {
            "email": "visitor1@example.com",
            "first_name": "name",
            "last_name": "name",
        }
        assert found[0].facts["registered_at"] == "2013-12-01T07:06:05Z"

    def test_a_registration_made(self) -> None:
        record = people.registered(example("registered"), {"email": "Ann@Example.com"}, "12")

        assert record.external_id is None
        assert record.fields["email"] == "ann@example.com"
        assert record.facts == {
            "join_url": "https://example.clickmeeting.com/123123/?r=ZwZ3AGxlZKksQxjBQt2Aj____"
        }

    def test_personal_link(self) -> None:
        link = people.personal_link(example("autologin"), "http://example.clickmeeting.com/room")

        assert link == (
            "http://example.clickmeeting.com/room"
            "?l=AQN4AHO8YKkNL3O1nUSgqauNqacwrKMeYaOvrxO8YKkNpUIbpJkNs____"
        )

    def test_tokens(self) -> None:
        assert people.tokens(example("tokens"))[0] == {
            "token": "D989F8",
            "sent_to": "example1@example.com",
            "used_at": "2014-08-26T08:13:27Z",
        }

    def test_report(self) -> None:
        assert after.report(example("report")) == {
            "status": "FINISHED",
            "progress": 100,
            "url": "http://api.clickmeeting.com/panel/pdf/pl/65724/xvOac",
        }


class TestQuirksOfRooms:
    @pytest.mark.parametrize(
        "wrap",
        [
            pytest.param(lambda room: {"conference": room}, id="conference"),
            pytest.param(lambda room: {"room": room}, id="room"),
            pytest.param(lambda room: room, id="bare"),
            pytest.param(lambda room: [{"conference": room}], id="the document's square brackets"),
        ],
    )
    def test_every_envelope_is_opened(self, wrap: Any) -> None:
        assert decode(conference_in(wrap(example("created")["room"]))).external_id == "5964"

    @pytest.mark.parametrize("value", ["1", 1, True, "true"])
    def test_lobby_enabled_drifts_in_type(self, value: Any) -> None:
        assert room(lobby_enabled=value).fields["options.lobby_enabled"] is True

    @pytest.mark.parametrize("value", ["0", 0, False])
    def test_registration_enabled_drifts_in_type(self, value: Any) -> None:
        assert room(registration_enabled=value).fields["registration_enabled"] is False

    def test_identifiers_and_access_types_may_be_text(self) -> None:
        record = room(id="5964", access_type="2")
        assert (record.external_id, record.fields["access"]) == ("5964", "password")

    def test_duration_counts_whole_minutes(self) -> None:
        record = room(starts_at="2014-08-26T10:13:45+02:00", ends_at="2014-08-26T11:13:00+02:00")
        assert record.fields["duration_minutes"] == 60

    def test_offset_of_a_start_need_not_be_that_of_the_zone(self) -> None:
        record = room(starts_at="2014-08-26T10:13:27+02:00", timezone="Asia/Tokyo")
        assert record.fields["starts_at"] == "2014-08-26T08:13:27Z"

    def test_naive_start_is_wall_time_in_the_rooms_zone(self) -> None:
        record = room(starts_at="2026-07-01 09:00:00", ends_at=None, timezone="America/New_York")
        assert record.fields["starts_at"] == "2026-07-01T13:00:00Z"
        assert "duration_minutes" not in record.fields

    def test_unknown_zone_is_kept_as_a_fact_and_its_offset_used(self) -> None:
        record = room(
            starts_at="2026-07-01 09:00:00",
            ends_at=None,
            timezone="Mars/Base",
            timezone_offset=7200,
        )
        assert record.fields["starts_at"] == "2026-07-01T07:00:00Z"
        assert "timezone" not in record.fields
        assert record.facts["timezone"] == "Mars/Base"

    def test_listing_row_without_start_is_partial(self) -> None:
        assert room(starts_at=None, ends_at=None).partial

    def test_permanent_room_never_shows_times(self) -> None:
        record = room(permanent_room=True)
        assert record.fields["starts_at"] is None
        assert record.fields["duration_minutes"] is None
        ours = {"permanent": True, "starts_at": "2026-11-02T13:00:00Z", "duration_minutes": 60}
        assert expected(ours) == {"permanent": True, "starts_at": None, "duration_minutes": None}

    def test_what_an_answer_leaves_out_is_left_out(self) -> None:
        """A PUT of registration alone is answered without `settings` in the document."""
        record = decode(conference_in(example("registration_switched")))
        assert record.fields["registration_enabled"] is True
        assert not any(name.startswith("options.show") for name in record.fields)

    def test_roles_and_recordings_are_volatile(self) -> None:
        one = room(access_role_hashes={"host": "a"}, recorder_list=["http://x.example?e=1"])
        two = room(access_role_hashes={"host": "b"}, recorder_list=["http://x.example?e=2"])
        assert (one.fields, one.facts) == (two.fields, two.facts)
        assert one.volatile != two.volatile

    def test_unknown_words_stay_as_they_are(self) -> None:
        record = room(status="archived", access_type=9, room_type="webcast")
        assert record.fields["access"] == "9"
        assert record.fields["room_type"] == "webcast"
        assert "open" not in record.fields
        assert record.facts["status"] == "archived"

    @pytest.mark.parametrize(
        "title", ["<b>Bold</b> & co", "null", "  spaced  ", "שלום", "a" * 3000, "1 < 2", "🎉"]
    )
    def test_any_title_stays_as_it_is(self, title: str) -> None:
        assert room(name=title).fields["title"] == title

    def test_what_no_database_can_hold_is_replaced(self) -> None:
        assert room(name="a\x00b\ud800c").fields["title"] == "a\ufffdb\ufffdc"

    @pytest.mark.parametrize("address", ["javascript:alert(1)", "http:/x", "https://a b", "//x", 1])
    def test_only_web_addresses_become_links(self, address: Any) -> None:
        assert "room_url" not in room(room_url=address).facts
