"""What is sent to ClickMeeting for a room: only what its document names."""

import pytest

from integrations.base.errors import RequestRejected
from integrations.base.ids import marked as url_name
from integrations.base.ids import marker_in
from integrations.base.records import Draft, Kind
from integrations.clickmeeting.client import form_of
from integrations.clickmeeting.mapping.conference import (
    encode_changes,
    encode_create,
)
from tests.support.clickmeeting import draft, room


class TestWhatIsSentForARoom:
    def test_create(self) -> None:
        sent = encode_create(draft(description="Hello", **{"options.show_on_personal_page": False}))
        assert sent == {
            "name": "Autumn tour",
            "lobby_description": "Hello",
            "room_type": "webinar",
            "access_type": 1,
            "timezone": "Europe/Warsaw",
            "starts_at": "2026-11-02T14:00:00+01:00",
            "duration": "1:20",
            "permanent_room": False,
            "settings": {"show_on_personal_page": False},
        }

    def test_offset_is_that_of_the_event_not_of_today(self) -> None:
        assert encode_create(draft(starts_at="2026-07-02T13:00:00Z"))["starts_at"].endswith(
            "+02:00"
        )

    def test_both_halves_of_a_doubled_hour_are_told_apart(self) -> None:
        texts = [
            encode_create(draft(starts_at=f"2026-10-25T0{hour}:30:00Z"))["starts_at"]
            for hour in (0, 1)
        ]
        assert texts == ["2026-10-25T02:30:00+02:00", "2026-10-25T02:30:00+01:00"]

    @pytest.mark.parametrize(
        ("minutes", "written"), [(1, "0:01"), (20, "0:20"), (80, "1:20"), (1440, "24:00")]
    )
    def test_duration_is_hours_and_minutes(self, minutes: int, written: str) -> None:
        """A bare number would be read as hours."""
        assert encode_create(draft(duration_minutes=minutes))["duration"] == written

    def test_permanent_room_has_no_times(self) -> None:
        sent = encode_create(draft(permanent=True))
        assert sent["permanent_room"] is True
        assert not {"starts_at", "duration"} & sent.keys()

    def test_create_knows_no_status(self) -> None:
        assert "status" not in encode_create(draft(open=False))

    def test_password_goes_with_access_by_password_only(self) -> None:
        assert "password" not in encode_create(draft(password="hunter22"))
        sent = encode_create(draft(access="password", password="hunter22"))
        assert (sent["access_type"], sent["password"]) == (2, "hunter22")

    def test_access_by_password_needs_one(self) -> None:
        with pytest.raises(RequestRejected) as caught:
            encode_create(draft(access="password"))
        assert list(caught.value.field_errors) == ["password"]

    def test_a_new_password_alone_is_sent_alone(self) -> None:
        sent = encode_changes({"password": "new"}, {"access": "password"})
        assert sent == {"password": "new"}

    def test_marker_travels_in_the_url_name(self) -> None:
        marked = Draft(Kind.CONFERENCE, draft().fields, marker="lx0123456789")
        assert encode_create(marked)["custom_room_url_name"] == "autumn_tour_lx0123456789"
        assert "custom_room_url_name" not in encode_create(draft())

    def test_marker_is_read_from_the_url_name(self) -> None:
        assert room(name_url="autumn_tour_lx0123456789").marker == "lx0123456789"
        assert room(name_url="lx0123456789").marker == "lx0123456789"
        assert room(name_url="autumn_tour").marker == ""
        assert marker_in("alx0123456789") == ""

    @pytest.mark.parametrize(
        "title", ["Zażółć gęślą", "Привет", "🎉", "", "a" * 300, "../..", "__"]
    )
    def test_url_name_is_plain_and_short(self, title: str) -> None:
        name = url_name(title, "lx0123456789")
        assert name.isascii()
        assert len(name) <= 60
        assert set(name) <= set("abcdefghijklmnopqrstuvwxyz0123456789_")
        assert marker_in(name) == "lx0123456789"

    def test_only_changed_fields_are_sent(self) -> None:
        assert encode_changes({"title": "New"}, room().fields) == {"name": "New"}
        assert encode_changes({"open": False}, room().fields) == {"status": "inactive"}
        assert encode_changes({"registration_enabled": True}, room().fields) == {
            "registration": {"enabled": True}
        }
        assert encode_changes({"description": ""}, room().fields) == {"lobby_description": ""}

    def test_start_and_duration_have_permanent_room_beside_them(self) -> None:
        assert encode_changes({"duration_minutes": 45}, room().fields) == {
            "duration": "0:45",
            "permanent_room": False,
        }
        assert encode_changes({"starts_at": "2026-11-02T13:00:00Z"}, room().fields) == {
            "starts_at": "2026-11-02T08:00:00-05:00",
            "timezone": "America/New_York",
            "permanent_room": False,
        }

    def test_a_new_zone_keeps_the_moment(self) -> None:
        assert encode_changes({"timezone": "Europe/Berlin"}, room().fields) == {
            "starts_at": "2014-08-26T10:13:27+02:00",
            "timezone": "Europe/Berlin",
            "permanent_room": False,
        }

    def test_form_is_written_the_php_way(self) -> None:
        sent = {"a": True, "settings": {"x": False}, "attendees": [{"email": "e"}], "r": {1: "n"}}
        assert form_of(sent) == [
            ("a", "1"),
            ("settings[x]", "0"),
            ("attendees[0][email]", "e"),
            ("r[1]", "n"),
        ]
