"""What is sent to LiveWebinar for a room."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from integrations.base.errors import RequestRejected
from integrations.livewebinar.mapping.widget import encode_changes, encode_create
from tests.support.livewebinar import draft, room


class TestWhatIsSentForARoom:
    def test_create(self) -> None:
        sent = encode_create(draft(description="Hello", **{"options.form": 5}))
        assert sent == {
            "name": "Autumn tour",
            "agenda": "Hello",
            "type": "scheduled",
            "start_date": "2026-11-02 14:00:00",
            "timezone": "Europe/Warsaw",
            "duration": 80,
            "form": {"id": 5},
        }

    @pytest.mark.parametrize(
        ("moment", "zone", "wall"),
        [
            ("2026-03-29T00:59:00Z", "Europe/Warsaw", "2026-03-29 01:59:00"),
            ("2026-03-29T01:00:00Z", "Europe/Warsaw", "2026-03-29 03:00:00"),
            ("2026-07-01T13:00:00Z", "Europe/Warsaw", "2026-07-01 15:00:00"),
            ("2026-10-25T00:30:00Z", "Europe/Warsaw", "2026-10-25 02:30:00"),
            ("2026-10-25T02:00:00Z", "Europe/Warsaw", "2026-10-25 03:00:00"),
            ("2026-11-01T05:30:00Z", "America/New_York", "2026-11-01 01:30:00"),
            ("2026-04-04T14:45:00Z", "Australia/Lord_Howe", "2026-04-05 01:45:00"),
        ],
    )
    def test_start_is_wall_time_of_the_event_not_of_today(
        self, moment: str, zone: str, wall: str
    ) -> None:
        sent = encode_create(draft(starts_at=moment, timezone=zone))
        assert (sent["start_date"], sent["timezone"]) == (wall, zone)
        read = datetime.fromisoformat(wall).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
        assert read.strftime("%Y-%m-%dT%H:%M:%SZ") == moment, "what the platform reads is it"

    @pytest.mark.parametrize(
        ("moment", "zone"),
        [
            ("2026-10-25T01:30:00Z", "Europe/Warsaw"),
            ("2026-11-01T06:30:00Z", "America/New_York"),
            ("2026-04-04T15:15:00Z", "Australia/Lord_Howe"),
        ],
    )
    def test_the_second_of_two_equal_hours_cannot_be_said(self, moment: str, zone: str) -> None:
        with pytest.raises(RequestRejected) as caught:
            encode_create(draft(starts_at=moment, timezone=zone))
        assert list(caught.value.field_errors) == ["starts_at"]
        assert encode_create(draft(starts_at=moment, timezone="UTC"))["timezone"] == "UTC"

    def test_permanent_room_has_no_times(self) -> None:
        sent = encode_create(draft(permanent=True))
        assert sent == {
            "name": "Autumn tour",
            "type": "permanent",
            "timezone": "Europe/Warsaw",
        }

    def test_a_new_room_is_open(self) -> None:
        assert "status" not in encode_create(draft(open=False))

    def test_only_changed_fields_are_sent(self) -> None:
        shown = room().fields
        assert encode_changes({"title": "New"}, shown) == {"name": "New"}
        assert encode_changes({"description": ""}, shown) == {"agenda": ""}
        assert encode_changes({"open": False}, shown) == {"status": "inactive"}
        assert encode_changes({"duration_minutes": 45}, shown) == {"duration": 45}
        assert encode_changes({"options.form": None}, shown) == {"form": ""}
        assert encode_changes({}, shown) == {}

    def test_beside_a_start_its_zone_is_named(self) -> None:
        assert encode_changes({"starts_at": "2026-07-02T13:00:00Z"}, room().fields) == {
            "start_date": "2026-07-02 15:00:00",
            "timezone": "Europe/Warsaw",
        }

    def test_a_new_zone_keeps_the_moment(self) -> None:
        assert encode_changes({"timezone": "America/New_York"}, room().fields) == {
            "start_date": "2026-11-02 08:00:00",
            "timezone": "America/New_York",
        }

    def test_a_zone_that_nobody_knows_is_written_in_utc(self) -> None:
        shown = room(timezone="Mars/Base").fields
        assert encode_changes({"starts_at": "2026-07-02T13:00:00Z"}, shown) == {
            "start_date": "2026-07-02 13:00:00",
            "timezone": "UTC",
        }

    def test_what_becomes_scheduled_is_given_its_times(self) -> None:
        shown = room(type="permanent").fields
        changes = {
            "permanent": False,
            "starts_at": "2026-07-02T13:00:00Z",
            "duration_minutes": 30,
        }
        assert encode_changes(changes, shown) == {
            "type": "scheduled",
            "start_date": "2026-07-02 15:00:00",
            "timezone": "Europe/Warsaw",
            "duration": 30,
        }

    def test_password_goes_with_access_by_password_only(self) -> None:
        assert "password" not in encode_create(draft(access="open", password="hunter22"))
        assert encode_create(draft(access="password", password="hunter22"))["password"] == (
            "hunter22"
        )
        locked, open_room = room(password="x").fields, room().fields
        assert encode_changes({"password": "new"}, locked) == {"password": "new"}
        assert encode_changes({"password": "new"}, open_room) == {}
        assert encode_changes({"access": "open"}, locked) == {"password": ""}

    def test_access_by_password_needs_one(self) -> None:
        with pytest.raises(RequestRejected) as caught:
            encode_create(draft(access="password"))
        assert list(caught.value.field_errors) == ["password"]
        assert encode_changes({"access": "password"}, room(password="x").fields) == {}
