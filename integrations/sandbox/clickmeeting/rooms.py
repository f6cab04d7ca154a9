"""Conferences: list, create, get, update, delete, skins."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from werkzeug.wrappers import Response

from integrations.sandbox.clickmeeting import moments, room_form, shapes
from integrations.sandbox.clickmeeting.fields import whole_number
from integrations.sandbox.clickmeeting.refusal import invalid
from integrations.sandbox.clickmeeting.request import ApiRequest
from integrations.sandbox.clickmeeting.skins import SKINS, slug
from integrations.sandbox.platform import json_answer
from integrations.sandbox.store import Row

PAGE = 250
# "inactive for more than 6 months will be removed from the list automatically"
LISTED_FOR = timedelta(days=183)


def list_all(request: ApiRequest) -> Any:
    """Without a status the answer is an object (teachbase/clickmeetings)."""
    return {
        "active_conferences": _shapes(request, _active(request)),
        "inactive_conferences": _shapes(request, _inactive(request)),
    }


def list_active(request: ApiRequest) -> Any:
    """All of them: `page` is taken and ignored, so that every page is the same."""
    return _shapes(request, _active(request))


def list_inactive(request: ApiRequest) -> Any:
    page = whole_number(request.query.get("page", "").strip() or "1")
    if not page:
        raise invalid("page", "The page is a number from 1.")
    start = (page - 1) * PAGE
    return _shapes(request, _inactive(request)[start : start + PAGE])


def create(request: ApiRequest) -> Response:
    now = moments.keep(request.account.world.now())
    values = room_form.read_new(request.fields, request.account.zone, now)
    room = request.account.keep_room(values)
    return json_answer({"room": shapes.created_shape(request.account, room)}, status=201)


def get(request: ApiRequest, room_id: int) -> Any:
    return {"conference": shapes.room_shape(request.account, request.room(room_id))}


def update(request: ApiRequest, room_id: int) -> Any:
    room = request.room(room_id)
    now = moments.keep(request.account.world.now())
    changes = room_form.read_changes(request.fields, room, now)
    if changes:
        request.account.store.change("rooms", room_id, **changes, updated_at=now)
    only_registration = set(request.form) == {"registration"}
    shape = shapes.registration_switched_shape if only_registration else shapes.updated_shape
    return {"conference": shape(request.account, room)}


def delete(request: ApiRequest, room_id: int) -> Any:
    request.room(room_id)
    request.account.delete_room(room_id)
    return request.deleted("result")


def skins(request: ApiRequest) -> Any:
    return [
        {
            "id": str(number),
            "name": name,
            "thumbnail_url": request.account.world.url(
                f"/clickmeeting/skins/{slug(name)}/preview.svg"
            ),
        }
        for number, name in enumerate(SKINS, start=1)
    ]


def availability(request: ApiRequest) -> Any:
    """Undocumented; 200 means that the time is free (ClickMeeting/moodle-plugin)."""
    fields = request.fields
    fields.text("start_time", required=True)
    fields.text("duration", required=True)
    fields.check()
    return {"status": "OK"}


def _active(request: ApiRequest) -> list[Row]:
    return request.account.store.rows("rooms", status="active")


def _inactive(request: ApiRequest) -> list[Row]:
    oldest = request.account.world.now() - LISTED_FOR
    rooms = request.account.store.rows("rooms", status="inactive")
    return [room for room in rooms if moments.moment(room["inactive_since"]) >= oldest]


def _shapes(request: ApiRequest, rooms: list[Row]) -> list[dict[str, Any]]:
    return [shapes.room_shape(request.account, room) for room in rooms]
