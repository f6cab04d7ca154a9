"""Answers that others recorded of the real platforms: rooms read them, emulators answer alike."""

import json
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import reduce
from pathlib import Path
from typing import Any

import pytest

from integrations import registry
from integrations.base.adapter import Connection
from integrations.base.records import Kind
from tests.support.rawserver import raw_server, says

FOLDER = Path(__file__).parent.parent / "fixtures" / "recorded"


@dataclass(frozen=True)
class Recorded:
    """One recorded answer; `method` is the client's, after which its file is named."""

    slug: str
    method: str
    verb: str
    path: str
    source: str
    year: int
    answer: Any

    def __str__(self) -> str:
        return f"{self.slug} {self.method}"


def recordings() -> Iterator[Recorded]:
    for file in sorted(FOLDER.glob("*/*.json")):
        one = json.loads(file.read_text())
        yield Recorded(
            file.parent.name,
            file.stem,
            one["method"],
            one["path"],
            one["source"],
            one["year"],
            one["answer"],
        )


ALL = list(recordings())
CREDENTIALS = {
    "clickmeeting": {"api_key": "made-up"},
    "trueconf": {"secret_key": "made-up"},
}
# What a room is asked for, and how many records or rows the recorded answers hold.
READ: dict[str, list[tuple[str, tuple[Any, ...], int]]] = {
    "clickmeeting": [
        ("get", (Kind.CONFERENCE, "101"), 1),
        ("get", (Kind.SESSION, "101/501"), 1),
        ("list_all", (Kind.SESSION, "101"), 1),
        ("list_all", (Kind.ATTENDANCE, "101/501"), 2),
        ("list_all", (Kind.RECORDING, "101"), 1),
        ("perform", ("access_tokens", "101", {}), 2),
        ("perform", ("files", "101", {}), 1),
        ("perform", ("skins", "", {}), 1),
        ("perform", ("session_registrations", "101/501", {}), 2),
        ("perform", ("generate_report", "101/501", {"lang": "ru"}), 0),
        ("perform", ("delete_all_recordings", "101", {}), 0),
    ],
    "trueconf": [
        ("get", (Kind.CONFERENCE, "5576502892"), 1),
        ("get", (Kind.ATTENDEE, "ann"), 1),
        ("list_all", (Kind.ATTENDEE,), 2),
        ("list_all", (Kind.REGISTRATION, "5576502892"), 1),
        ("list_all", (Kind.SESSION, "5576502892"), 1),
        ("list_all", (Kind.RECORDING, "5576502892"), 1),
    ],
}
# Where a recorded answer of an old version says something else than the document of newer ones.
AGAINST_THE_DOCUMENT = {"trueconf .invitations[].is_owner is bool, not int"}
ASKED = [(slug, *one) for slug, many in READ.items() for one in many]


@pytest.mark.parametrize("one", ALL, ids=str)
def test_says_where_it_comes_from(one: Recorded) -> None:
    assert one.slug in registry.slugs()
    assert len(one.source) > 10
    assert 2010 < one.year < 2100
    text = json.dumps(one.answer)
    assert text.count("@") == text.count("@example.com") + text.count("@server.example") + (
        text.count("@no_group")
    )


@pytest.mark.parametrize(("slug", "verb", "arguments", "found"), ASKED)
def test_a_room_reads_it(slug: str, verb: str, arguments: tuple[Any, ...], found: int) -> None:
    with raw_server(_plays(slug)) as server:
        adapter = registry.room(slug).open(Connection(server.url, CREDENTIALS[slug]))
        answer = getattr(adapter, verb)(*arguments)
        if verb == "get":
            assert answer.fields
        elif verb == "list_all":
            assert sum(len(page.records) for page in answer) == found
        else:
            assert len(answer.get("rows", ())) == found
        adapter.close()


@pytest.mark.parametrize("one", ALL, ids=str)
def test_an_emulator_answers_alike(one: Recorded, sandbox: Any) -> None:
    sandbox.reset(seeded=True)
    answer = next(filter(None, EMULATED[one.slug](sandbox, one)))
    found = list(_differences(one.answer, answer))
    assert [line for line in found if f"{one.slug} {line}" not in AGAINST_THE_DOCUMENT] == []


def _plays(slug: str) -> Any:
    """A server that answers what was recorded, and says nothing but 404 else."""

    def handler(connection: socket.socket, request: bytes) -> None:
        verb, address = request.split(b" ", 2)[:2]
        path = address.decode().partition("?")[0]
        for one in (one for one in ALL if one.slug == slug):
            if one.verb == verb.decode() and fnmatchcase(path, f"*{one.path}"):
                says(json.dumps(one.answer).encode())(connection, request)
                return
        says(b"{}", "404 Not Found")(connection, request)

    return handler


def _clickmeeting(sandbox: Any, one: Recorded) -> Iterator[Any]:
    """What the emulator answers for one room after another until it has such things."""
    platform = sandbox.clickmeeting("demo")
    connection = Connection(
        sandbox.base_url("clickmeeting"), {"api_key": sandbox.api_key("clickmeeting", "demo")}
    )
    client = registry.room("clickmeeting").open(connection).client  # type: ignore[attr-defined]
    call = getattr(client, one.method)
    rooms = platform.store.rows("rooms")
    files = {"name": "slides.png", "content": b"x"}
    client.upload_room_file(str(rooms[0]["id"]), **files)
    person = {"email": "ann@example.com", "nickname": "Ann", "role": "listener"}
    registering = {"registration": {1: "Ann", 2: "Lee", 3: "ann@example.com"}}
    if one.method in ("list_skins", "list_conferences"):
        yield call(*(["active"] if one.method == "list_conferences" else []))
    for room in rooms:
        room_id = str(room["id"])
        if one.method == "register" and room["registration_enabled"]:
            yield call(room_id, registering)
        elif one.method == "autologin_hash" and room["access_type"] == 1:
            yield call(room_id, person)
        elif "session" in one.path and one.method != "list_sessions":
            more = ["ru"] if one.method == "generate_pdf" else []
            for session in platform.store.rows("sessions", room_id=room["id"]):
                for lang in ("en", "en", "en", "en", "ru") * (one.method == "get_session"):
                    client.generate_pdf(room_id, str(session["id"]), lang)
                yield call(room_id, str(session["id"]), *more)
        elif one.method not in ("register", "autologin_hash"):
            if one.method == "list_tokens" and room["access_type"] == 3:
                client.generate_tokens(room_id, 1)
            answer = call(room_id)
            yield answer if answer != {"access_tokens": []} else None


def _trueconf(sandbox: Any, one: Recorded) -> Iterator[Any]:
    secret = {"secret_key": sandbox.credentials("trueconf")["secret_key"]}
    adapter: Any = registry.room("trueconf").open(Connection(sandbox.base_url("trueconf"), secret))
    client = adapter.context.client
    call = getattr(client, one.method)
    if one.method in ("get_user_list", "get_call_list"):
        yield call({})
    elif one.method == "get_user":
        yield call(client.get_user_list({})["users"][0]["id"])
    elif one.method == "get_call_participant_list":
        for run in client.get_call_list({})["list"]:
            yield call(run["conference_id"], {})
    for conference in client.get_conference_list({})["conferences"]:
        more = [{}] if one.method == "get_invitation_list" else []
        answer = call(conference["id"], *more)
        yield answer if any(answer.values()) else None


EMULATED = {"clickmeeting": _clickmeeting, "trueconf": _trueconf}


def _differences(recorded: Any, answered: Any, place: str = "") -> Iterator[str]:
    """Keys that are missing and types that differ; null says nothing of its type."""
    if recorded is None or answered is None:
        return
    if isinstance(recorded, list) and isinstance(answered, list):
        if recorded and answered:
            yield from _differences(_one(recorded), _one(answered), f"{place}[]")
        return
    if type(recorded) is not type(answered):
        if not {type(recorded), type(answered)} <= {int, float}:
            yield f"{place} is {type(answered).__name__}, not {type(recorded).__name__}"
        return
    if isinstance(recorded, dict):
        for key, value in recorded.items():
            if key not in answered:
                yield f"{place}.{key} is missing"
            else:
                yield from _differences(value, answered[key], f"{place}.{key}")


def _one(items: list[Any]) -> Any:
    """All rows in one, so that each key stands there with a value if any row has one."""
    if not all(isinstance(item, dict) for item in items):
        return items[0]
    return reduce(lambda one, other: {**other, **{k: v for k, v in one.items() if v}}, items)
