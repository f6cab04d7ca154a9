"""What public ClickMeeting clients put on the wire is understood, byte for byte.

The shapes were read in ClickMeeting/DevZone (PHP, Python, Ruby), IAmRadek/clickmeeting.go and
ClickMeeting/moodle-plugin.
"""

from __future__ import annotations

import pytest

from tests.sandbox_client import multipart


@pytest.fixture
def room(owner):
    return owner.add_room("A room")


@pytest.mark.parametrize(
    "path",
    ["/ping", "/ping.json", "/ping/", "/ping?", "/ping.json?", "/ping?x=1.json", "/ping.json/"],
)
def test_the_format_may_stand_anywhere_or_nowhere(api, path):
    assert api.get(path).json == {"ping": "pong"}


def test_the_suffix_inside_the_last_query_value(api, owner, clock):
    owner.add_room("Asleep", status="inactive", inactive_since=clock())
    assert len(api.get("/conferences/inactive?page=1.json").json) == 1
    assert api.get("/conferences/inactive?page=2.json").json == []


def test_a_suffix_behind_ids_words_and_languages(api, owner, room):
    session = owner.start_session(room["id"])
    stem = f"/conferences/{room['id']}"
    for path in (".json", "/registrations/all.json", f"/sessions/{session['id']}.json"):
        assert api.get(stem + path).status == 200
    assert api.get(f"{stem}/sessions/{session['id']}/generate-pdf/en.json").status == 200
    assert api.get("/time_zone_list/pl.json").json == ["Europe/Warsaw"]


def test_other_formats_are_not_implemented(api):
    answer = api.get("/conferences.xml")
    assert (answer.status, answer.json["code"]) == (501, 501)


def test_python_sends_the_word_none_with_a_get(api):
    assert api.send("GET", "/conferences/active?page=1.json", body=b"None").json == []


def test_php_nested_arrays_and_numbers_as_booleans(api):
    body = (
        b"name=test_room&room_type=meeting&permanent_room=0&access_type=3"
        b"&registration%5Benabled%5D=1"
    )
    room = api.post("/conferences.json", body=body).json["room"]
    assert room["registration_enabled"] == 1
    assert room["access_type"] == 3
    assert room["permanent_room"] is False


def test_python_booleans_are_capitalised(api):
    body = (
        b"name=test%20room&room_type=webinar&permanent_room=False&access_type=1"
        b"&registration%5Benabled%5D=True&settings%5Bthank_you_emails_enabled%5D=False"
    )
    room = api.post("/conferences.json", body=body).json["room"]
    assert room["name"] == "test room"
    assert room["permanent_room"] is False
    assert room["registration_enabled"] == 1
    assert room["settings"]["thank_you_emails_enabled"] is False


def test_moodle_creates_with_multipart_and_updates_urlencoded(api):
    fields = {
        "name": "Żółta łódź",
        "room_type": "webinar",
        "permanent_room": "0",
        "access_type": "1",
        "lobby_description": "",
        "starts_at": "2026-05-04 12:00:00",
        "duration": "3",
        "timezone": "Europe/Warsaw",
        "password": "s3cret",
    }
    body, kind = multipart([(name, None, value.encode()) for name, value in fields.items()])
    room = api.post("/conferences", body=body, content_type=kind).json["room"]
    assert room["name"] == "Żółta łódź"
    assert room["ends_at"] == "2026-05-04T15:00:00+02:00"
    changed = api.put(f"/conferences/{room['id']}", {**fields, "duration": "1:20"})
    assert changed.json["conference"]["ends_at"] == "2026-05-04T13:20:00+02:00"


def test_go_sends_forms_without_a_content_type(api):
    body = b"access_type=1&name=Go&permanent_room=1&room_type=meeting"
    answer = api.post("/conferences.json", body=body, content_type=None)
    assert answer.json["room"]["permanent_room"] is True


@pytest.mark.parametrize(
    "body",
    [
        "attendees[0][email]=a@example.com&attendees[1][email]=b@example.com",
        "attendees%5B%5D%5Bemail%5D=a%40example.com&attendees%5B%5D%5Bemail%5D=b%40example.com",
        "attendees[][email]=a@example.com&attendees[][email]=b@example.com"
        "&attendees[][role]=listener&attendees[][role]=presenter",
        "attendees[]=a@example.com&attendees[]=b@example.com",
    ],
    ids=["PHP", "Python", "Ruby, sorted", "bare"],
)
def test_both_array_styles(api, owner, room, body):
    answer = api.post(f"/conferences/{room['id']}/invitation/email/en.json", body=body.encode())
    assert answer.json == {"status": "OK"}
    mails = owner.store.rows("mails")
    assert [mail["email"] for mail in mails] == ["a@example.com", "b@example.com"]
    if "role" in body:
        assert [mail["role"] for mail in mails] == ["listener", "presenter"]


def test_registration_by_number(api, owner, room):
    body = b"registration%5B1%5D=John&registration%5B2%5D=Dee&registration%5B3%5D=jd%40example.com"
    answer = api.post(f"/conferences/{room['id']}/registration.json", body=body)
    assert answer.json["exist"] == 0
    assert owner.registrations(room["id"])[0]["first_name"] == "John"


def test_the_official_clients_leave_out_a_slash(api, owner, room):
    session = owner.start_session(room["id"])
    path = f"/conferences/{room['id']}/sessions{session['id']}/registrations/all.json"
    assert api.get(path).json == []


def test_ruby_separates_the_boundary_with_a_comma(api):
    body, kind = multipart([("uploaded", "notes.txt", b"text")])
    answer = api.post("/file-library.json", body=body, content_type=kind.replace(";", ","))
    assert answer.json["name"] == "notes.txt"


def test_a_plus_sign_must_be_encoded(api, room):
    path = f"/conferences/{room['id']}"
    bare = api.put(path, body=b"permanent_room=0&starts_at=2026-05-04T12:00:00+02:00")
    assert bare.wrong == {"starts_at"}
    encoded = api.put(path, body=b"permanent_room=0&starts_at=2026-05-04T12:00:00%2B02:00")
    assert encoded.json["conference"]["starts_at"] == "2026-05-04T12:00:00+02:00"


def test_json_bodies_are_ignored(api):
    answer = api.post("/conferences", body=b'{"name": "x"}', content_type="application/json")
    assert "name" in answer.wrong


def test_a_start_in_the_gap_of_summer_time_moves_on(api, room):
    form = {
        "permanent_room": "0",
        "starts_at": "2026-03-29 02:30:00",
        "timezone": "Europe/Warsaw",
    }
    shape = api.put(f"/conferences/{room['id']}", form).json["conference"]
    assert shape["starts_at"] == "2026-03-29T03:30:00+02:00"
