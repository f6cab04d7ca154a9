"""Logs of calls: who called, who came, who was invited.

Source: [trueconf.txt, Logs; Objects | Call, Call participant, Call invite].
"""

from __future__ import annotations

from typing import Any

from integrations.sandbox.store import Row
from integrations.sandbox.trueconf import loglist
from integrations.sandbox.trueconf.ask import Ask
from integrations.sandbox.trueconf.refusal import not_found
from integrations.sandbox.trueconf.sessionside import is_running

REASON_SINCE = 9
GROUP_CALL, GROUP_CONFERENCE = 10, 5


def list_calls(ask: Ask) -> Any:
    """The calls that have begun, by identifier of the conference, owner, topic or class."""
    rows = [row for row in ask.account.store.rows("calls") if row["start"] <= ask.account.now()]
    filters = ("class", "named_conf_id", "topic", "owner")
    return loglist.answer(ask, rows, lambda row: _call(ask, row), "start", filters)


def get_call(ask: Ask, session_id: str) -> Any:
    return _call(ask, session(ask, session_id))


def list_participants(ask: Ask, session_id: str) -> Any:
    call, now = session(ask, session_id), ask.account.now()
    rows = [row for row in ask.account.visits(call["id"]) if (row["join"] or now) <= now]
    return loglist.answer(ask, rows, lambda row: _visit(ask, call, row), "join", ("call_id",))


def list_invites(ask: Ask, session_id: str) -> Any:
    call = session(ask, session_id)
    rows = ask.account.store.rows("invites", session_id=call["id"])
    return loglist.answer(ask, rows, lambda row: _invite(ask, row), "at", ("call_id",))


def session(ask: Ask, session_id: str) -> Row:
    """A call of the log; its error is named after the conference."""
    call = ask.account.by_address("calls", session_id)
    if call is None or call["start"] > ask.account.now():
        raise not_found("conference", session_id, "session_id")
    return call


def common(ask: Ask, call: Row) -> dict[str, Any]:
    """What a call and the record of a call both say."""
    over = not is_running(call, ask.account.now())
    end = call["end"] if over else ask.account.now()
    return {
        "conference_id": call["address"],
        "named_conf_id": call["conference_id"],
        "topic": call["topic"],
        "class": GROUP_CALL,
        "type": GROUP_CONFERENCE,
        "subtype": call["subtype"],
        "owner": call["owner"],
        "start_time": loglist.date(ask, call["start"]),
        "duration": end - call["start"],
        "end_time": loglist.date(ask, call["end"]) if over else None,
    }


def _call(ask: Ask, call: Row) -> dict[str, Any]:
    now = ask.account.now()
    came = [row for row in ask.account.visits(call["id"]) if (row["join"] or now + 1) <= now]
    shape = {**common(ask, call), "participant_count": len({row["uid"] for row in came})}
    if ask.minor >= REASON_SINCE:
        shape["term_reason"] = 0 if is_running(call, now) else call["term_reason"]
    return shape


def _visit(ask: Ask, call: Row, row: Row) -> dict[str, Any]:
    now = ask.account.now()
    bounds = [one for one in (row["leave"], call["end"]) if one is not None and one <= now]
    left = min(bounds) if bounds else None
    return {
        "app_id": ask.account.code("app", row["uid"]).upper(),
        "avg_cpu_load": 0,
        "avg_sent_fps": 14.818181818182,
        "bitrate_in": 73,
        "bitrate_out": 52,
        "call_id": row["uid"],
        "display_name": row["display_name"],
        "duration": max(0, (now if left is None else left) - (row["join"] or now)),
        "join_time": loglist.date(ask, row["join"]),
        "leave_reason": 1,
        "leave_time": loglist.date(ask, left),
        "video_h": 360,
        "video_w": 640,
    }


def _invite(ask: Ask, row: Row) -> dict[str, Any]:
    return {
        "call_id": row["from_uid"],
        "invited_call_id": row["to_uid"],
        "invite_time": loglist.date(ask, row["at"]),
        "is_accepted": row["accepted"],
    }
