"""Sessions: list, detail, attendees, PDF report; chats of sessions."""

from __future__ import annotations

import io
import zipfile
from typing import Any

from werkzeug.wrappers import Response

from integrations.sandbox.clickmeeting import moments, visits
from integrations.sandbox.clickmeeting.refusal import not_found
from integrations.sandbox.clickmeeting.request import ApiRequest
from integrations.sandbox.store import Row

REPORT_LANGUAGES = ("en", "pl", "de", "es", "fr", "it", "pt", "ru")
SHOWN_LANGUAGES = ("en", "pl", "ru")
# Everybody comes from a network that is kept free for examples.
ADDRESS = "192.0.2.1"
# Each call advances a report by one step, until it is there.
STEPS = (("NEW", 0), ("IN_PROGRESS", 50), ("FINISHED", 100))


def list_of_room(request: ApiRequest, room_id: int) -> Any:
    room = request.room(room_id)
    return [
        {"id": session["id"], **_summary(request, room, session)}
        for session in request.account.sessions(room_id)
    ]


def get(request: ApiRequest, room_id: int, session_id: int) -> Any:
    """Roles and ratings stand in the attendees alone."""
    session, room, now = request.session(room_id, session_id), request.room(room_id), _now(request)
    return {
        **_summary(request, room, session),
        "attendees": [
            _visitor(room, session, visit, now) for visit in visits.visible(session, now)
        ],
        "pdf": {lang: _report_place(request, session, lang) for lang in SHOWN_LANGUAGES},
    }


def attendees(request: ApiRequest, room_id: int, session_id: int) -> Any:
    """`uid` is text here and a number in the detail; `polls` only where someone answered.

    Recorded answers hold times as well, which the document shows in the detail alone.
    """
    session, room, now = request.session(room_id, session_id), request.room(room_id), _now(request)
    return [
        _attendee(visit) | _spell(room, session, visit, now)
        for visit in visits.visible(session, now)
    ]


def generate_pdf(request: ApiRequest, room_id: int, session_id: int, lang: str) -> Any:
    session = request.session(room_id, session_id)
    if lang not in REPORT_LANGUAGES:
        raise not_found("language")
    step = min(session["reports"].get(lang, -1) + 1, len(STEPS) - 1)
    request.account.store.change("sessions", session_id, reports={**session["reports"], lang: step})
    status, progress = STEPS[step]
    return {
        "status": status,
        "progress": progress,
        "url": _report_url(request, session, lang, step),
    }


def list_chats(request: ApiRequest) -> Any:
    return [
        _chat(request, session)
        for session in request.account.store.rows("sessions")
        if session["chat"]
    ]


def download_chat(request: ApiRequest, session_id: int) -> Response:
    session = request.account.store.get("sessions", session_id)
    if session is None or not session["chat"]:
        raise not_found("chat")
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(f"chat-{session_id}.txt", "\n".join(session["chat"]) + "\n")
    name = f"attachment; filename=chat-{session_id}.zip"
    headers = {"Content-Disposition": name}
    return Response(packed.getvalue(), mimetype="application/zip", headers=headers)


def _now(request: ApiRequest) -> str:
    return moments.keep(request.account.world.now())


def _summary(request: ApiRequest, room: Row, session: Row) -> dict[str, Any]:
    """A running session has no end yet (the document shows only sessions that are over)."""
    now, zone = _now(request), room["timezone"]
    over = session["end"] <= now
    return {
        "total_visitors": len(visits.visible(session, now)),
        "max_visitors": visits.most_at_once(session, now),
        "start_date": moments.shown(session["start"], zone),
        "end_date": moments.shown(session["end"], zone) if over else None,
    }


def _visitor(room: Row, session: Row, visit: Row, now: str) -> dict[str, Any]:
    who = {"id": visit["id"], "login": visit["nickname"], "email": visit["email"]}
    return who | _spell(room, session, visit, now)


def _spell(room: Row, session: Row, visit: Row, now: str) -> dict[str, Any]:
    joined, left = visits.spell(session, visit)
    return {
        "start_date": moments.shown(joined, room["timezone"]),
        "end_date": moments.shown(left, room["timezone"]) if left <= now else None,
    }


def _attendee(visit: Row) -> dict[str, Any]:
    shape = {
        "uid": str(visit["id"]),
        "nickname": visit["nickname"],
        "email": visit["email"],
        "role": visit["role"],
        "device": visit["device"],
        "rating": None if visit["rating"] is None else str(visit["rating"]),
        "rating_comment": visit["rating_comment"],
        "user_ip": ADDRESS,
    }
    return {**shape, "polls": visit["polls"]} if visit["polls"] else shape


def _report_place(request: ApiRequest, session: Row, lang: str) -> dict[str, Any]:
    """Where a report can be ordered, or how far an ordered one is and where it will be."""
    step = session["reports"].get(lang)
    if step is not None:
        status, progress = STEPS[step]
        place = _report_address(request, session, lang)
        return {"status": status, "url": place, "progress": progress}
    path = f"/conferences/{session['room_id']}/sessions/{session['id']}/generate-pdf/{lang}"
    return {
        "generate_pdf_url": request.account.world.url(f"/clickmeeting/v1{path}"),
        "progress": 0,
    }


def _report_url(request: ApiRequest, session: Row, lang: str, step: int) -> str | None:
    return _report_address(request, session, lang) if STEPS[step][0] == "FINISHED" else None


def _report_address(request: ApiRequest, session: Row, lang: str) -> str:
    code = request.account.code("pdf", session["id"], lang, length=8)
    place = f"/clickmeeting/pdf/{request.account.label}/{lang}/{session['id']}/{code}"
    return request.account.world.url(place)


def _chat(request: ApiRequest, session: Row) -> dict[str, Any]:
    room = request.account.room(session["room_id"])
    start = moments.shown(session["start"], room["timezone"])
    offset = moments.offset_seconds(session["start"], room["timezone"])
    return {
        "id": session["id"],
        "name": room["name"],
        "date": start[:10],
        "time": f"{start[11:16]} {_gmt(offset)}",
        "timezone": room["timezone"],
        "download_link": request.account.world.url(f"/clickmeeting/v1/chats/{session['id']}"),
    }


def _gmt(offset: int) -> str:
    hours, rest = divmod(abs(offset), 3600)
    minutes = f":{rest // 60:02d}" if rest else ""
    return f"GMT{'-' if offset < 0 else '+'}{hours}{minutes}"
