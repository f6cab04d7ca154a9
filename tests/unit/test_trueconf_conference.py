"""Conferences on the document's own example, and what each version of the API is sent."""

from typing import Any

import pytest

from integrations.base.errors import RequestRejected, UnexpectedAnswer
from integrations.base.ids import marked
from integrations.trueconf.credentials import version_of
from integrations.trueconf.mapping import settings
from integrations.trueconf.mapping.conference import (
    Terms,
    conference_in,
    decode,
    encode_changes,
    encode_create,
    expected,
)
from integrations.trueconf.payloads import NEWEST, VERSIONS, reaches
from tests.support.trueconf import draft, example, shown


def sent(changes: dict[str, Any], version: str = NEWEST, **payload: Any) -> dict[str, Any]:
    """What an edit of the document's conference sends."""
    record = shown()
    terms = Terms(version, payload=payload)
    return encode_changes(changes, record.fields, record.facts, terms)


def test_the_documents_conference() -> None:
    record = shown()
    assert record.external_id == "webinar"
    assert record.fields["title"] == "Topic of conference"
    assert record.fields["starts_at"] == "2017-10-31T15:40:00Z"
    assert record.fields["duration_minutes"] == 10
    assert record.fields["room_type"] == "webinar"
    assert record.fields["access"] == "open"
    assert record.fields["registration_enabled"] is True
    assert record.fields["options.owner"] == "user1", "a login, though the example names a uid"
    assert record.fields["options.tags"] == "tag1, tag2"
    assert record.fields["options.mute_microphones"] is True
    assert record.fields["options.smart_meeting"] is False
    assert record.fields["options.guests_write"] is False
    assert record.fields["options.guests_speak"] is True
    assert record.facts["room_url"] == "https://server.name/c/webinar"
    assert record.facts["embed_room_url"] == "https://server.name/webrtc/webinar"
    assert record.facts["state"] == "stopped"


def test_bare_conference_as_v3_answers_it() -> None:
    assert decode(conference_in(example("conference"))).external_id == "webinar"
    assert decode(conference_in({"conference": example("conference")})).external_id == "webinar"


def test_visible_pin_is_kept_nowhere() -> None:
    record = shown(pin="1234", pin_enabled=True)
    assert record.fields["access"] == "password"
    assert "1234" not in repr(record)


def test_volatile_is_what_changes_by_itself() -> None:
    record = shown(stream_id="0000a@server#vcs", stream_recording_state=1)
    assert record.volatile["stream_id"] == "0000a@server#vcs"
    assert record.facts == shown().facts
    assert record.fields == shown().fields


class TestNeverSentBack:
    READ_ONLY = (
        "broadcast",
        "connect_urls",
        "created_at",
        "deeplinks",
        "invitations",
        "max_podiums",
        "origin_type",
        "participants_lock_enabled",
        "pin_enabled",
        "state",
        "stream_id",
        "stream_recording_state",
        "url",
        "webclient_url",
        "id",
        "reminders_enabled",
    )

    @pytest.mark.parametrize("version", VERSIONS)
    def test_read_only_fields(self, version: str) -> None:
        record = shown()
        payload = example("conference")
        whole = encode_changes(
            record.fields, record.fields, record.facts, Terms(version, payload=payload)
        )
        assert not whole.keys() & set(self.READ_ONLY)
        assert "limit_reached" not in whole.get("registration", {})

    def test_pin_is_not_erased_by_a_round_trip(self) -> None:
        record = shown(pin=None, pin_enabled=True)
        whole = encode_changes(record.fields, record.fields, record.facts, Terms())
        assert "pin" not in whole

    def test_nothing_but_what_changed(self) -> None:
        assert sent({"title": "New"}) == {"topic": "New"}
        assert sent({"description": ""}) == {"description": ""}
        assert sent({"room_type": "meeting"}) == {"allow_guests": False}
        assert sent({"options.recording": True}) == {"recording": 1}
        assert sent({"options.meeting_room": ""}) == {"meeting_room": None}
        assert sent({"options.tags": "a, b"}) == {"tags": ["a", "b"]}
        assert sent({"options.owner": "ann@server.name"}) == {"owner": "ann"}


class TestPin:
    def test_goes_out_with_access_by_password(self) -> None:
        assert sent({"access": "password", "password": "77"}) == {"pin": "77"}

    def test_another_for_a_conference_that_has_one(self) -> None:
        record = shown(pin_enabled=True)
        assert encode_changes({"password": "88"}, record.fields, {}, Terms()) == {"pin": "88"}
        assert encode_changes({"access": "password"}, record.fields, {}, Terms()) == {}

    def test_is_taken_away_with_it(self) -> None:
        record = shown(pin_enabled=True)
        assert encode_changes({"access": "open"}, record.fields, {}, Terms()) == {"pin": None}
        assert sent({"access": "open"}) == {}, "there is none"

    def test_is_needed(self) -> None:
        with pytest.raises(RequestRejected) as caught:
            sent({"access": "password"})
        assert "password" in caught.value.field_errors

    def test_does_not_exist_before_v34(self) -> None:
        assert sent({"access": "password", "password": "77"}, "v3.3") == {}


class TestObjectsThatGoOutWhole:
    def test_registration_keeps_what_staff_did_not_change(self) -> None:
        held = example("conference")["registration"]
        made = sent({"registration_enabled": False}, registration=held)["registration"]
        assert made["enabled"] is False
        assert made["start_at"] == held["start_at"]
        assert made["fields"] == held["fields"]
        assert "limit_reached" not in made

    def test_rights_keep_what_staff_did_not_change(self) -> None:
        held = example("conference")["rights"]
        made = sent({"options.guests_write": True}, rights=held)["rights"]
        assert made["guest"] == held["guest"] | {"chat_send": True}
        assert made["user"] == held["user"]

    def test_rights_of_guests_in_v3_are_flags(self) -> None:
        assert sent({"options.guests_write": False, "options.guests_speak": True}, "v3") == {
            "allow_guests_message": False,
            "allow_guests_audio_video": True,
        }
        record = shown(rights=None, allow_guests_message=True, allow_guests_audio_video=False)
        assert record.fields["options.guests_write"] is True
        assert record.fields["options.guests_speak"] is False


class TestVersions:
    @pytest.mark.parametrize("setting", settings.SETTINGS, ids=lambda s: s.name)
    @pytest.mark.parametrize("version", VERSIONS)
    def test_a_setting_is_sent_where_it_exists(self, setting: Any, version: str) -> None:
        value = {"flag": True, "whole": 1, "text": "x"}[setting.type]
        out = settings.encode_settings({setting.option: value}, version)
        assert (setting.theirs in out) is reaches(version, setting.since)

    def test_registration_begins_with_v34(self) -> None:
        assert sent({"registration_enabled": True}, "v3.3") == {}
        assert sent({"registration_enabled": True}, "v3.4") == {"registration": {"enabled": True}}

    def test_v310_is_newer_than_v39(self) -> None:
        assert reaches("v3.10", "v3.9")
        assert not reaches("v3.9", "v3.10")
        assert reaches("v3", "v3")

    def test_choice_of_the_administrator_comes_first(self) -> None:
        assert version_of({"api_version": "v3.2"}, {"api_version": "v3.9"}) == "v3.2"
        assert version_of({"api_version": "auto"}, {"api_version": "v3.9"}) == "v3.9"
        assert version_of({}, {"api_version": "v4"}) == NEWEST


class TestCreate:
    def test_owner_is_among_the_invitations(self) -> None:
        made = encode_create(draft(), Terms(), "webinars")
        assert made["owner"] == "webinars"
        assert made["invitations"] == [{"id": "webinars"}]
        assert encode_create(draft(), Terms("v3"), "webinars")["invitations"] == ["webinars"]

    def test_own_owner_of_a_conference_comes_first(self) -> None:
        made = encode_create(draft(**{"options.owner": "ann"}), Terms(), "webinars")
        assert (made["owner"], made["invitations"]) == ("ann", [{"id": "ann"}])

    def test_without_any_owner_it_is_refused_before_anything_is_sent(self) -> None:
        with pytest.raises(RequestRejected) as caught:
            encode_create(draft(), Terms(), "")
        assert "options.owner" in caught.value.field_errors

    def test_marker_is_carried_by_the_id(self) -> None:
        made = encode_create(draft(title="Größe: Herbst"), Terms(), "w")
        assert "id" not in made
        their_id = marked("Größe: Herbst", "lx0123456789")
        assert their_id == "groe_herbst_lx0123456789"
        assert decode(conference_in(example("conference") | {"id": their_id})).marker == (
            "lx0123456789"
        )
        assert marked("会議", "lx0123456789") == "lx0123456789"

    def test_template_is_named_since_v31(self) -> None:
        made = encode_create(draft(**{"options.template_id": "8b566f97"}), Terms(), "w")
        assert made["template_id"] == "8b566f97"
        old = encode_create(draft(**{"options.template_id": "8b566f97"}), Terms("v3"), "w")
        assert "template_id" not in old

    def test_start_is_needed(self) -> None:
        with pytest.raises(RequestRejected) as caught:
            encode_create(draft(starts_at=None), Terms(), "w")
        assert "starts_at" in caught.value.field_errors


def test_expected_is_what_is_shown_again() -> None:
    assert expected({"options.tags": "a,b ,, c"}) == {"options.tags": "a, b, c"}
    assert expected({"options.owner": "ann@server.name"}) == {"options.owner": "ann"}
    permanent = {"permanent": True, "starts_at": "x", "duration_minutes": 3}
    assert expected(permanent) == {"permanent": True, "starts_at": None, "duration_minutes": None}


@pytest.mark.parametrize("name", ["id", "topic"])
def test_what_must_be_there(name: str) -> None:
    with pytest.raises(UnexpectedAnswer, match=name):
        shown(**{name: None})
