"""MyOwnConference's webinars on the document's own examples, and what is sent for one."""

from typing import Any

import pytest

from integrations.base.errors import RequestRejected, UnexpectedAnswer
from integrations.base.reading import Row
from integrations.base.records import Record
from integrations.myownconference.mapping import conference
from integrations.myownconference.payloads import PLATFORM
from tests.support.myownconference import ALIAS, ZONE, example


def listed(**changes: Any) -> Record:
    row = {**example("webinars")[0], **changes}
    return conference.decode_listed(Row(row, "webinar", PLATFORM), ZONE, "ACTIVE")


def detailed(**changes: Any) -> Record:
    return conference.decode(example("webinar", **changes), ALIAS, ZONE)


class TestReading:
    def test_listing_shows_neither_duration_nor_settings(self) -> None:
        record = listed()
        assert record.partial
        assert record.external_id == ALIAS
        assert record.fields == {
            "title": "Autumn tour",
            "description": "<p>Hello</p>",
            "starts_at": "2023-07-01T08:00:00Z",
            "timezone": "Europe/Brussels",
            "options.language": "en",
            "open": True,
        }

    def test_start_is_by_the_profiles_clock_and_created_in_gmt(self) -> None:
        record = listed(start="2023-12-01 10:00:00", created="2023-12-01 10:00:00")
        assert record.fields["starts_at"] == "2023-12-01T09:00:00Z"
        assert record.facts == {"created_at": "2023-12-01T10:00:00Z", "start_in_doubt": ""}

    def test_details(self) -> None:
        record = detailed()
        assert not record.partial
        assert record.fields == listed().fields | {
            "duration_minutes": 80,
            "options.private": False,
            "options.userList": True,
            "options.flags": True,
            "options.chat": True,
            "options.buttonQuestion": False,
            "options.buttonVoice": False,
            "options.showBeforeTimer": True,
            "options.showLoginStart": True,
            "options.showLoginName": True,
            "options.showLoginModerators": True,
            "options.showSocialButtons": False,
            "options.showLoginCounter": False,
            "options.emailIdntLogin": False,
            "options.emailIdntRecord": False,
            "options.sendRecord": False,
            "options.background": "#f2f2f2",
            "options.foreground": "#d3d3d3",
            "options.login_fields": "name, email",
            "options.group": "Guests of honour",
        }

    def test_a_finished_one_is_closed(self) -> None:
        assert detailed(status="FINISHED").fields["open"] is False

    def test_an_unknown_status_is_kept_as_it_is(self) -> None:
        record = detailed(status="PAUSED")
        assert "open" not in record.fields
        assert record.facts["status"] == "PAUSED"

    def test_what_an_answer_leaves_out_is_not_said(self) -> None:
        record = detailed(settings=[], close=None)
        assert not [n for n in record.fields if n.startswith("options.") and "language" not in n]

    @pytest.mark.parametrize(
        "changes",
        [
            {"alias": "wenk-gjkc-teqp-nteh"},
            {"alias": ""},
            {"start": None},
            {"start": "soon"},
            {"duration": None},
            {"duration": "-1"},
            {"name": None},
            {"settings": "YES"},
            {"settings": {"chat": "perhaps"}},
            {"settings": {"loginFields": "name"}},
        ],
    )
    def test_what_makes_no_sense_is_refused(self, changes: dict[str, Any]) -> None:
        with pytest.raises(UnexpectedAnswer):
            detailed(**changes)

    def test_links_come_with_the_answer_to_a_create_alone(self) -> None:
        record = conference.created(example("created"), {"title": "x"})
        assert record.external_id == ALIAS
        assert record.partial
        assert record.facts == {
            "room_url": f"https://mywebinar.com/{ALIAS}",
            "role_urls": {"main moderator": f"https://mywebinar.com/{ALIAS}?u=main"},
        }

    @pytest.mark.parametrize("answer", [{}, [], {"success": "x"}, {"alias": ALIAS}])
    def test_a_create_without_alias_or_success_is_not_believed(self, answer: Any) -> None:
        with pytest.raises(UnexpectedAnswer):
            conference.created(answer, {})


class TestSending:
    def test_create_takes_four_things(self) -> None:
        fields = {
            "title": "Autumn tour",
            "description": "Hello",
            "starts_at": "2026-07-02T13:00:00Z",
            "duration_minutes": 80,
            "timezone": "America/New_York",
            "options.language": "pl",
            "options.chat": False,
        }
        assert conference.encode_create(fields, ZONE) == {
            "name": "Autumn tour",
            "description": "Hello",
            "start": "2026-07-02 15:00:00",
            "duration": 80,
        }

    def test_only_what_has_changed_is_sent(self) -> None:
        assert conference.encode_changes({"title": "x"}, ZONE) == {"name": "x"}
        assert conference.encode_changes({"timezone": "UTC", "open": False}, ZONE) == {}

    def test_names_differ_between_reading_and_writing(self) -> None:
        changes = {
            "options.background": "#fff000",
            "options.foreground": "#000fff",
            "options.login_fields": "name email,phone",
            "options.group": "Guests of honour",
            "options.chat": False,
            "options.private": True,
            "options.language": "pl",
        }
        assert conference.encode_changes(changes, ZONE, group_id="101") == {
            "close": "YES",
            "language": "pl",
            "settings": {
                "chat": "NO",
                "themebg": "#fff000",
                "themetext": "#000fff",
                "loginfields": ["name", "email", "phone"],
                "group": "101",
            },
        }

    def test_a_moment_that_the_clock_cannot_tell_is_refused(self) -> None:
        """The platform might take the other hour: a webinar at the wrong time is worse."""
        for moment in ("2026-10-25T00:30:00Z", "2026-10-25T01:30:00Z"):
            with pytest.raises(RequestRejected) as caught:
                conference.encode_changes({"starts_at": moment}, ZONE)
            assert list(caught.value.field_errors) == ["starts_at"]
        sent = conference.encode_changes({"starts_at": "2026-10-25T02:30:00Z"}, ZONE)
        assert sent == {"start": "2026-10-25 03:30:00"}

    def test_our_zone_is_ours_alone(self) -> None:
        fields = {"title": "x", "timezone": "America/New_York"}
        assert conference.expected(fields, ZONE) == {"title": "x", "timezone": "Europe/Brussels"}
        assert conference.expected(fields, None) == fields
        assert conference.expected({"title": "x"}, ZONE) == {"title": "x"}
