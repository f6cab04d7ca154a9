"""Conferences: list, create, get, update, delete, skins."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from werkzeug.wrappers import Response

from integrations.sandbox.clickmeeting import moments, roomform, shapes
from integrations.sandbox.clickmeeting.ask import Ask
from integrations.sandbox.clickmeeting.fields import whole_number
from integrations.sandbox.clickmeeting.refusal import invalid
from integrations.sandbox.clickmeeting.skins import SKINS, slug
from integrations.sandbox.platform import json_answer
from integrations.sandbox.store import Row

PAGE = 250
# "inactive for more than 6 months will be removed from the list automatically"
LISTED_FOR = timedelta(days=183)


def list_all(ask: Ask) -> Any:
    """Without a status the answer is an object (teachbase/clickmeetings)."""
    return {
        "active_conferences": _shapes(ask, _active(ask)),
        "inactive_conferences": _shapes(ask, _inactive(ask)),
    }


def list_active(ask: Ask) -> Any:
    """All of them: `page` is taken and ignored, so that every page is the same."""
    return _shapes(ask, _active(ask))


def list_inactive(ask: Ask) -> Any:
    page = whole_number(ask.query.get("page", "").strip() or "1")
    if not page:
        raise invalid("page", "The page is a number from 1.")
    start = (page - 1) * PAGE
    return _shapes(ask, _inactive(ask)[start : start + PAGE])


def create(ask: Ask) -> Response:
    now = moments.keep(ask.account.world.now())
    values = roomform.read_new(ask.fields, ask.account.zone, now)
    room = ask.account.keep_room(values)
    return json_answer({"room": shapes.created_shape(ask.account, room)}, status=201)


def get(ask: Ask, room_id: int) -> Any:
    return {"conference": shapes.room_shape(ask.account, ask.room(room_id))}


def update(ask: Ask, room_id: int) -> Any:
    room = ask.room(room_id)
    now = moments.keep(ask.account.world.now())
    changes = roomform.read_changes(ask.fields, room, now)
    if changes:
        ask.account.store.change("rooms", room_id, **changes, updated_at=now)
    only_registration = set(ask.form) == {"registration"}
    shape = shapes.registration_switched_shape if only_registration else shapes.updated_shape
    return {"conference": shape(ask.account, room)}


def delete(ask: Ask, room_id: int) -> Any:
    ask.room(room_id)
    ask.account.delete_room(room_id)
    return ask.deleted("result")


def skins(ask: Ask) -> Any:
    return [
        {
            "id": str(number),
            "name": name,
            "thumbnail_url": ask.account.world.url(f"/clickmeeting/skins/{slug(name)}/preview.svg"),
        }
        for number, name in enumerate(SKINS, start=1)
    ]


def availability(ask: Ask) -> Any:
    """Undocumented; 200 means that the time is free (ClickMeeting/moodle-plugin)."""
    fields = ask.fields
    fields.text("start_time", required=True)
    fields.text("duration", required=True)
    fields.check()
    return {"status": "OK"}


def _active(ask: Ask) -> list[Row]:
    return ask.account.store.rows("rooms", status="active")


def _inactive(ask: Ask) -> list[Row]:
    oldest = ask.account.world.now() - LISTED_FOR
    rooms = ask.account.store.rows("rooms", status="inactive")
    return [room for room in rooms if moments.moment(room["inactive_since"]) >= oldest]


def _shapes(ask: Ask, rooms: list[Row]) -> list[dict[str, Any]]:
    return [shapes.room_shape(ask.account, room) for room in rooms]
