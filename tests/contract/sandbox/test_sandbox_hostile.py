"""Nothing that can be sent makes the sandbox stumble: every answer is below 500 and is JSON."""

from __future__ import annotations

import logging
import socket
import threading

import pytest

from tests.sandbox_client import RawClient, multipart

FORM = b"name=%s&room_type=webinar&permanent_room=0&access_type=1"
BODIES = {
    "not utf-8": FORM % b"%ff%fe",
    "raw latin-1": FORM % "Müller".encode("latin-1"),
    "lone surrogate": FORM % b"%ed%a0%80",
    "nul": FORM % b"a%00b",
    "nul in a name": b"na%00me=x",
    "too many fields": b"&".join(b"a[]=%d" % n for n in range(6000)),
    "array for a text": FORM.replace(b"name=", b"name[x]=") % b"y",
    "text and array": b"registration=1&registration[enabled]=1&" + FORM % b"%20",
    "deep": FORM % b"x" + b"&settings" + b"[a]" * 400 + b"=1&access_type=9",
    "unclosed": b"name[=x&[name]=y&=z&&&;",
    "huge number": b"name=x&room_type=webinar&permanent_room=0&access_type=" + b"9" * 5000,
    "other digits": b"name=x&room_type=webinar&permanent_room=0&access_type=%D9%A1",
}


@pytest.fixture(autouse=True)
def nothing_in_the_log(caplog):
    yield
    assert [
        record.getMessage() for record in caplog.records if record.levelno >= logging.ERROR
    ] == []


@pytest.mark.parametrize("name", BODIES)
def test_bad_bodies_are_refused_and_nothing_is_made(api, owner, name):
    answer = api.post("/conferences", body=BODIES[name])
    assert 400 <= answer.status < 500
    assert answer.json["code"] == answer.status
    assert owner.rooms() == []


@pytest.mark.parametrize(
    "path",
    [
        "/conferences/%ff",
        "/conferences/1%00",
        "/conferences/" + "9" * 5000,
        "/conferences/-1",
        "/conferences/1e9",
        "/conferences/..%2f..%2fetc",
        "/conferences/inactive?page=%ff",
        "/conferences/inactive?page=" + "9" * 5000,
        "/conferences/inactive?page=-1",
        "/conferences/<script>",
        "/time_zone_list/%00",
        "//",
        "/",
        "",
    ],
)
def test_bad_addresses(api, path):
    answer = api.get(path)
    assert 400 <= answer.status < 500
    assert answer.json["errors"]


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"", "multipart/form-data"),
        (b"--x", "multipart/form-data; boundary=x"),
        (b"--x\r\nnonsense", "multipart/form-data; boundary=x"),
        (b"--x\r\n\r\n\r\n--x--", "multipart/form-data; boundary=x"),
        (b"\xff" * 200, "multipart/form-data; boundary=" + "y" * 300),
        (multipart([("name", None, b"\xff\x00")])[0], multipart([("name", None, b"\xff\x00")])[1]),
        (b"x", "\xff/\xfe"),
    ],
)
def test_bad_multipart(api, body, kind):
    answer = api.post("/file-library", body=body, content_type=kind)
    assert 400 <= answer.status < 500
    assert answer.json["code"] == answer.status


def test_odd_file_names_are_kept_as_names(api, sandbox):
    for name in ("../../etc/passwd", "été.png", "x" * 400, " "):
        made = api.upload("/file-library", name, b"-")
        assert made.status in (200, 201)
        assert "/" not in made.json["name"]
        assert api.get(f"/file-library/{made.json['id']}/download").body == b"-"


def test_names_come_back_as_they_were_sent(api):
    for name in ("=cmd|' /C calc'!A0", "<b>&amp;\"'", "שלום \u202e abc", "🎉" * 300, "a\nb"):
        form = {"name": name, "room_type": "webinar", "permanent_room": "1", "access_type": "1"}
        assert api.post("/conferences", form).json["room"]["name"] == name


def test_a_key_that_is_not_ascii(sandbox):
    assert (
        RawClient(sandbox.base_url("clickmeeting"), "ключ".encode().decode("latin-1"))
        .get("/ping")
        .status
        == 401
    )


def test_a_body_too_large_or_cut_short(sandbox, api):
    assert api.send("POST", "/conferences", Content_Length=str(2**40)).status == 413
    with socket.create_connection(("127.0.0.1", sandbox.port), timeout=5) as raw:
        head = f"POST /clickmeeting/v1/conferences HTTP/1.1\r\nHost: x\r\nX-Api-Key: {api.key}\r\n"
        raw.sendall(head.encode() + b"Content-Length: 500\r\n\r\nname=x")
        raw.shutdown(socket.SHUT_WR)
        assert b" 400 " in raw.recv(200)
    assert api.get("/ping").status == 200


def test_many_at_once_lose_nothing(api, owner):
    room = owner.add_room("Busy")

    def register(number):
        api.post(
            f"/conferences/{room['id']}/registration",
            {
                "registration[1]": "A",
                "registration[2]": str(number),
                "registration[3]": f"a{number % 40}@example.com",
            },
        )

    threads = [threading.Thread(target=register, args=(n,)) for n in range(80)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    rows = api.get(f"/conferences/{room['id']}/registrations/all").json
    assert len(rows) == 40
    assert len({row["id"] for row in rows}) == 40
