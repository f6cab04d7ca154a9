"""Conference sessions: there only while the conference runs.

Source: [document, Conference Sessions]. A participant's id in a session carries the instance
of the client (`user_id@server_name/instance`, so in the answers of Kick participant), and wants
to be percent-encoded in a path.
"""

from __future__ import annotations

from typing import Any

from integrations.sandbox.store import Row
from integrations.sandbox.trueconf import conferences, moments, paging, participants
from integrations.sandbox.trueconf.account_sessions import is_running, role_of
from integrations.sandbox.trueconf.refusal import forbidden, not_found
from integrations.sandbox.trueconf.request import ApiRequest

FORCE_SINCE = 4


def get(request: ApiRequest, session_id: str) -> Any:
    """Get Conference Session [Conference sessions]."""
    call = session(request, session_id)
    return {
        "session": {
            "stream_id": call["address"],
            "conference_id": call["conference_id"],
            "type": 5,
            "mode": call["subtype"],
            "topic": call["topic"],
            "owner": call["owner"],
            "start_time": call["start"],
        }
    }


def list_participants(request: ApiRequest, session_id: str) -> Any:
    """Get Conference Session Participants [Conference sessions]."""
    rows = request.account.present(session(request, session_id))
    shown, following = paging.page(request, rows)
    return {
        **following,
        "count": paging.counted(request, rows, shown),
        "participants": [_participant(request, visit) for visit in shown],
    }


def to_podium(request: ApiRequest, session_id: str) -> Any:
    """With `force` at once; else the person agrees a moment later."""
    call = session(request, session_id)
    fields = request.fields
    fields.only({"participant_id", "force"} if request.minor >= FORCE_SINCE else {"participant_id"})
    wanted = fields.text("participant_id") if fields.required("participant_id") else ""
    force = bool(fields.boolean("force")) if "force" in fields else False
    fields.check()
    visit = _present(request, call, wanted or "", parameter=True)
    at = request.account.now() if force else conferences.soon(request)
    request.account.store.change("visits", visit["id"], podium_from=at)
    return {"invite": True}


def from_podium(request: ApiRequest, session_id: str, participant_id: str) -> Any:
    """Remove from Podium [Conference Sessions]."""
    visit = _present(request, session(request, session_id), participant_id)
    request.account.store.change("visits", visit["id"], podium_from=None)
    return {"participant_id": _id(visit)}


def kick(request: ApiRequest, session_id: str, participant_id: str) -> Any:
    """Kick Participant [Conference Sessions] (v3.9)."""
    visit = _present(request, session(request, session_id), participant_id)
    request.account.leave(visit["id"])
    return {"participant_id": _id(visit)}


def session(request: ApiRequest, session_id: str) -> Row:
    """A run that goes on and that the key may see. Raises Refusal."""
    call = request.account.by_address("calls", session_id)
    if call is None or not is_running(call, request.account.now()):
        raise not_found("conferenceSession", session_id, "session_id")
    room = request.account.store.get("conferences", call["room_id"])
    if room is not None and not request.may(room):
        raise forbidden()
    return call


def _present(request: ApiRequest, call: Row, wanted: str, *, parameter: bool = False) -> Row:
    visit = participants.find(request, call, wanted)
    if visit is None:
        raise not_found("participant", wanted, "participant_id", parameter=parameter)
    return visit


def _participant(request: ApiRequest, visit: Row) -> Any:
    return {
        "participant_id": _id(visit),
        "call_id": visit["uid"],
        "display_name": visit["display_name"],
        "join_time": moments.log_date(visit["join"], 0, request.account.log_zone),
        "role": role_of(visit, request.account.now()),
    }


def _id(visit: Row) -> str:
    return f"{visit['uid']}/{visit['instance']}"
