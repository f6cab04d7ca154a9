"""What public clients of later years send to ClickMeeting, and the types that they insist upon.

Facts were read in IAmRadek/clickmeeting.go, ClickMeeting/moodle-plugin, ClickMeeting/DevZone and
teachbase/clickmeetings [seen: README].
"""

from __future__ import annotations

from datetime import datetime
from urllib.parse import urlencode

import pytest

from tests.sandbox_client import RawClient

NEW = "name=Go&room_type=webinar&permanent_room=0&access_type=1"
WHOLE, TEXT, FLAG, MOMENT = int, str, bool, datetime
# A typed client fails as a whole where one value has another type. Null stands for its zero.
ROOM = {
    "id": WHOLE,
    "name": TEXT,
    "name_url": TEXT,
    "room_url": TEXT,
    "embed_room_url": TEXT,
    "status": TEXT,
    "access_type": WHOLE,
    "room_type": TEXT,
    "updated_at": MOMENT,
    "lobby_enabled": FLAG,
    "lobby_description": TEXT,
    "registration_enabled": WHOLE,
    "permanent_room": FLAG,
    "room_pin": WHOLE,
    "phone_presenter_pin": WHOLE,
    "phone_listener_pin": WHOLE,
    "timezone": TEXT,
    "timezone_offset": WHOLE,
    "created_at": MOMENT,
    "widgets_hash": TEXT,
}
FLAGS = (
    "show_on_personal_page",
    "thank_you_emails_enabled",
    "connection_tester_enabled",
    "phonegateway_enabled",
    "recorder_autostart_enabled",
    "room_invite_button_enabled",
    "social_media_sharing_enabled",
    "connection_status_enabled",
)
SETTINGS = {**dict.fromkeys(FLAGS, FLAG), "thank_you_page_url": TEXT}
PARTICIPANT = {
    "id": WHOLE,
    "session_id": WHOLE,
    "email": TEXT,
    "visitor_nickname": TEXT,
    "registration_date": MOMENT,
    "registration_confirmed": TEXT,
}


def fits(shape, types):
    """Whether every value that stands there has its type; a whole number is no flag."""
    for name, wanted in types.items():
        value = shape.get(name)
        if value is None:
            continue
        if wanted is MOMENT:
            assert datetime.fromisoformat(value).tzinfo, name
        else:
            assert type(value) is wanted, f"{name} is {value!r}"


def typed_room(shape):
    fits(shape, ROOM)
    fits(shape.get("settings", {}), SETTINGS)
    fits(shape["access_role_hashes"], dict.fromkeys(("listener", "presenter", "host"), TEXT))
    assert all(type(one) is str for one in shape["recorder_list"])


@pytest.fixture
def room(owner):
    return owner.add_room("A room")


def test_a_strictly_typed_client_reads_every_answer_about_a_room(api):
    options = {
        **{f"settings[{name}]": "0" for name in FLAGS},
        "settings[thank_you_page_url]": "",
        "lobby_enabled": "1",
        "lobby_description": "Soon",
        "registration[enabled]": "1",
        "registration[template]": "2",
        "duration": "1:5",
        "password": "sesame",
    }
    body = f"{NEW}&{urlencode(options)}".encode()
    made = api.post("/conferences.json", body=body, content_type=None).json["room"]
    typed_room(made)
    put = b"name=Went&permanent_room=0&duration=0:45&lobby_enabled=0&status=active"
    path = f"/conferences/{made['id']}.json"
    changed = api.put(path, body=put, content_type=None).json["conference"]
    typed_room(changed)
    assert changed["lobby_enabled"] is False
    for listed in api.get("/conferences/active.json?").json:
        typed_room(listed)
    gone = api.send("DELETE", path, body=b"", content_type=None)
    assert gone.json == {"result": "OK"}


def test_a_strictly_typed_client_reads_registrations_and_errors(api, room):
    path = f"/conferences/{room['id']}"
    body = b"registration[1]=Go&registration[2]=Lang&registration[3]=go%40example.org"
    answer = api.post(f"{path}/registration.json", body=body, content_type=None)
    fits(answer.json, {"status": TEXT, "url": TEXT})
    (one,) = api.get(f"{path}/registrations/all.json?").json
    fits(one, PARTICIPANT)
    fits(one["fields"], dict.fromkeys(("First Name", "Last Name", "Email Address"), TEXT))
    error = api.get("/conferences/1.json?").json
    fits(error, {"code": WHOLE, "name": TEXT})
    assert all(type(one["message"]) is str for one in error["errors"])


def test_a_strictly_typed_client_reads_a_session(api, owner, room):
    session = owner.start_session(room["id"])
    shape = api.get(f"/conferences/{room['id']}/sessions/{session['id']}.json").json
    fits(shape, {"max_visitors": WHOLE, "total_visitors": WHOLE, "start_date": MOMENT})
    for visitor in shape["attendees"]:
        fits(visitor, {"id": WHOLE, "email": TEXT, "login": TEXT, "start_date": MOMENT})
    for place in shape["pdf"].values():
        fits(place, {"generate_pdf_url": TEXT, "progress": WHOLE})


@pytest.mark.parametrize(
    ("way", "body"),
    [
        ("object", b'{"result": "OK"}'),
        ("text", b'"200 OK"'),
        ("empty", b""),
    ],
)
def test_a_deletion_is_confirmed_in_three_ways(api, owner, room, way, body):
    owner.deletions = way
    answer = api.delete(f"/conferences/{room['id']}")
    assert answer.body.replace(b'":"', b'": "') == body
    assert answer.status == (200 if body else 204)
    assert not owner.rooms()


def test_parameters_may_stand_in_the_query(api):
    made = api.post(f"/conferences?{NEW}&registration[enabled]=1", body=b"").json["room"]
    assert (made["name"], made["registration_enabled"]) == ("Go", 1)
    changed = api.put(f"/conferences/{made['id']}?name=Went.json").json["conference"]
    assert changed["name"] == "Went"
    both = api.put(f"/conferences/{made['id']}?name=Query", {"name": "Body"}).json["conference"]
    assert both["name"] == "Body"


def test_the_key_may_stand_in_the_query(sandbox):
    bare = RawClient(sandbox.base_url("clickmeeting"))
    key = sandbox.api_key("clickmeeting", "demo")
    assert bare.get("/conferences/active").status == 401
    assert bare.get(f"/conferences/active?api_key={key}").status == 200
    made = bare.post(f"/conferences?api_key={key}&{NEW}", body=b"")
    assert made.json["room"]["name"] == "Go"
    assert key not in str([one.describe() for one in sandbox.requests])


def test_registrations_may_be_asked_for_without_a_status(api, owner, room):
    owner.add_registration(room["id"], "ann@example.org", "Ann", "Lee")
    path = f"/conferences/{room['id']}/registrations"
    assert api.get(path).json == api.get(f"{path}/all").json
    assert len(api.get(f"{path}.json").json) == 1


def test_attendees_tell_when_they_came_and_left(api, owner, room, clock):
    session = owner.start_session(room["id"], attendees=["ann@example.org"], minutes=30)
    clock.pass_by(hours=1)
    path = f"/conferences/{room['id']}/sessions/{session['id']}"
    (attendee,) = api.get(f"{path}/attendees").json
    (visitor,) = api.get(path).json["attendees"]
    for name in ("start_date", "end_date"):
        assert attendee[name] == visitor[name]


def test_newer_keys_stand_beside_those_of_the_document(api, room):
    shape = api.get(f"/conferences/{room['id']}").json["conference"]
    newer = {"automated_enabled", "paid_enabled", "type", "parent_id", "encryption_enabled"}
    assert newer <= shape.keys()


def test_the_vendors_example_runs_to_its_end(api, owner):
    """The calls of the official PHP, Python and Ruby examples, one after another."""
    settings = "&".join(f"settings%5B{name}%5D=1" for name in FLAGS)
    new = (
        "name=test_room&room_type=meeting&permanent_room=0&access_type=3&lobby_enabled=1"
        f"&registration%5Benabled%5D=1&{settings}"
        "&settings%5Bthank_you_page_url%5D=http%3A//example.org/thank_you.html"
    )
    made = api.post("/conferences.json", body=new.encode())
    room = f"/conferences/{made.json['room']['id']}"
    session = owner.start_session(made.json["room"]["id"], attendees=["ann@example.org"])
    run = f"{room}/sessions/{session['id']}"
    recording = owner.add_recording(made.json["room"]["id"])
    entry = b"email=email%40example.org&nickname=my_nickname&role=listener"
    person = (
        b"registration%5B1%5D=John&registration%5B2%5D=Dee&registration%5B3%5D=jd%40example.org"
        b"&confirmation_email%5Benabled%5D=1&confirmation_email%5Blang%5D=en"
    )
    letter = b"attendees%5B%5D%5Bemail%5D=a%40example.org&template=advanced&role=listener"
    for method, path, body in (
        ("GET", f"{room}.json", b"None"),
        ("GET", "/conferences/active?page=1.json", b"None"),
        ("PUT", f"{room}.json", new.replace("test_room", "new_test_room").encode()),
        ("POST", f"{room}/room/autologin_hash.json", entry),
        ("POST", f"{room}/invitation/email/us.json", letter),
        ("POST", f"{room}/tokens.json", b"how_many=2"),
        ("GET", f"{room}/tokens.json", None),
        ("GET", f"{room}/sessions.json", None),
        ("GET", f"{run}.json", None),
        ("GET", f"{run}/attendees.json", None),
        ("GET", f"{run}/generate-pdf/en.json", None),
        ("GET", "/time_zone_list.json", None),
        ("GET", "/time_zone_list/en.json", None),
        ("GET", "/time_zone_list/us.json", None),
        ("GET", "/phone_gateways.json", None),
        ("GET", "/conferences/skins.json", None),
        ("POST", f"{room}/registration.json", person),
        ("GET", f"{room}/registrations/all.json", None),
        ("GET", f"{room}/sessions{session['id']}/registrations/all.json", None),
        ("GET", "/file-library.json", None),
        ("GET", f"/file-library{room}.json", None),
        ("GET", f"{room}/recordings.json", None),
        ("DELETE", f"{room}/recordings/{recording['id']}.json", b"None"),
        ("DELETE", f"{room}/recordings.json", b"None"),
        ("GET", "/chats.json", None),
        ("DELETE", f"{room}.json", b"None"),
    ):
        answer = api.send(method, path, body=body)
        assert answer.status in (200, 201), f"{method} {path}: {answer.text}"
        assert isinstance(answer.json, dict | list)


def test_lists_that_begin_with_nothing_and_flags_in_words(api, owner):
    """A client in TypeScript: an empty first item, so that names are counted from 1; `true` and
    `false`; a moment in UTC with thousandths of a second."""
    new = {
        "name": "TS",
        "starts_at": "2026-12-24T10:00:00.000Z",
        "access_type": "1",
        "room_type": "webinar",
        "permanent_room": "false",
        "lobby_enabled": "true",
        "timezone": "Europe/Warsaw",
        "registration[enabled]": "true",
    }
    room = api.post("/conferences", new).json["room"]
    assert room["starts_at"] == "2026-12-24T11:00:00+01:00"
    assert (room["permanent_room"], room["lobby_enabled"]) == (False, True)
    assert room["registration_enabled"] == 1
    person = [
        ("registration[]", text) for text in ("", "Ann", "Lee", "a@example.org", "a@example.org")
    ]
    assert api.post(f"/conferences/{room['id']}/registration", person).json["exist"] == 0
    (one,) = owner.registrations(room["id"])
    assert (one["first_name"], one["last_name"], one["email"]) == ("Ann", "Lee", "a@example.org")


def test_all_parameters_in_the_query_behind_a_slash(api, room):
    """A client of Node.js: `…/conferences/?name=…`, also for links, invitations and people."""
    query = urlencode(
        {
            "name": "Nó de ✓",
            "room_type": "webinar",
            "permanent_room": 0,
            "access_type": 3,
            "starts_at": "2026-12-24T10:00:00+01:00",
            "duration": "1:00",
            "registration[enabled]": 1,
        }
    )
    made = api.post(f"/conferences/?{query}", body=b"").json["room"]
    assert (made["name"], made["access_type"]) == ("Nó de ✓", 3)
    assert made["starts_at"] == "2026-12-24T10:00:00+01:00"
    stem = f"/conferences/{made['id']}"
    who = urlencode({"email": "a@example.org", "nickname": "A", "role": "listener"})
    assert api.post(f"{stem}/room/autologin_hash/?{who}", body=b"").json["autologin_hash"]
    letter = urlencode({"attendees[0][email]": "a@example.org", "role": "listener"})
    assert api.post(f"{stem}/invitation/email/en/?{letter}", body=b"").json == {"status": "OK"}
    assert len(api.post(f"{stem}/tokens/?how_many=2", body=b"").json["access_tokens"]) == 2
    names = urlencode(
        {"registration[1]": "Ann", "registration[2]": "Lee", "registration[3]": "ann@example.org"}
    )
    assert api.post(f"{stem}/registration/?{names}", body=b"").json["status"] == "OK"
    assert len(api.get(f"{stem}/registrations/active/").json) == 1


def test_addresses_of_no_document_are_refused_in_the_usual_shape(api, room):
    """A client that tries them first goes on with the documented ones."""
    path = f"/conferences/{room['id']}"
    for method, place in (("POST", "/token"), ("DELETE", "/tokens"), ("POST", "/invitations")):
        answer = api.send(method, path + place, {"email": "a@example.org"})
        assert answer.status in (404, 405)
        assert answer.json["code"] == answer.status
        assert answer.json["errors"]
