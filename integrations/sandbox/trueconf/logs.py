"""Logs of calls: who called, who came, who was invited.

Source: [document, Logs; Objects | Call, Call participant, Call invite].
"""

from __future__ import annotations

from typing import Any

from integrations.sandbox.store import Row
from integrations.sandbox.trueconf import log_list
from integrations.sandbox.trueconf.account_sessions import is_running
from integrations.sandbox.trueconf.refusal import not_found
from integrations.sandbox.trueconf.request import ApiRequest

REASON_SINCE = 9
GROUP_CALL, GROUP_CONFERENCE = 10, 5


def list_calls(request: ApiRequest) -> Any:
    """The calls that have begun, by identifier of the conference, owner, topic or class."""
    rows = [
        row for row in request.account.store.rows("calls") if row["start"] <= request.account.now()
    ]
    filters = ("class", "named_conf_id", "topic", "owner")
    return log_list.answer(request, rows, lambda row: _call(request, row), "start", filters)


def get_call(request: ApiRequest, session_id: str) -> Any:
    """Get Call [Logs]."""
    return _call(request, session(request, session_id))


def list_participants(request: ApiRequest, session_id: str) -> Any:
    """Get Call Participant List [Logs]."""
    call, now = session(request, session_id), request.account.now()
    rows = [row for row in request.account.visits(call["id"]) if (row["join"] or now) <= now]
    return log_list.answer(
        request, rows, lambda row: _visit(request, call, row), "join", ("call_id",)
    )


def list_invites(request: ApiRequest, session_id: str) -> Any:
    """Get Call Invite List [Logs]."""
    call = session(request, session_id)
    rows = request.account.store.rows("invites", session_id=call["id"])
    return log_list.answer(request, rows, lambda row: _invite(request, row), "at", ("call_id",))


def session(request: ApiRequest, session_id: str) -> Row:
    """A call of the log; its error is named after the conference."""
    call = request.account.by_address("calls", session_id)
    if call is None or call["start"] > request.account.now():
        raise not_found("conference", session_id, "session_id")
    return call


def common(request: ApiRequest, call: Row) -> dict[str, Any]:
    """What a call and the record of a call both say."""
    over = not is_running(call, request.account.now())
    end = call["end"] if over else request.account.now()
    return {
        "conference_id": call["address"],
        "named_conf_id": call["conference_id"],
        "topic": call["topic"],
        "class": GROUP_CALL,
        "type": GROUP_CONFERENCE,
        "subtype": call["subtype"],
        "owner": call["owner"],
        "start_time": log_list.date(request, call["start"]),
        "duration": end - call["start"],
        "end_time": log_list.date(request, call["end"]) if over else None,
    }


def _call(request: ApiRequest, call: Row) -> dict[str, Any]:
    now = request.account.now()
    came = [row for row in request.account.visits(call["id"]) if (row["join"] or now + 1) <= now]
    shape = {**common(request, call), "participant_count": len({row["uid"] for row in came})}
    if request.minor >= REASON_SINCE:
        shape["term_reason"] = 0 if is_running(call, now) else call["term_reason"]
    return shape


def _visit(request: ApiRequest, call: Row, row: Row) -> dict[str, Any]:
    now = request.account.now()
    bounds = [one for one in (row["leave"], call["end"]) if one is not None and one <= now]
    left = min(bounds) if bounds else None
    return {
        "app_id": request.account.code("app", row["uid"]).upper(),
        "avg_cpu_load": 0,
        "avg_sent_fps": 14.818181818182,
        "bitrate_in": 73,
        "bitrate_out": 52,
        "call_id": row["uid"],
        "display_name": row["display_name"],
        "duration": max(0, (now if left is None else left) - (row["join"] or now)),
        "join_time": log_list.date(request, row["join"]),
        "leave_reason": 1,
        "leave_time": log_list.date(request, left),
        "video_h": 360,
        "video_w": 640,
    }


def _invite(request: ApiRequest, row: Row) -> dict[str, Any]:
    return {
        "call_id": row["from_uid"],
        "invited_call_id": row["to_uid"],
        "invite_time": log_list.date(request, row["at"]),
        "is_accepted": row["accepted"],
    }
