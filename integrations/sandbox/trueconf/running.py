"""What happens around a running conference: invite, notify, record.

Source: [document, Conferences | Conference Invite, Notify, Record Start, Pause, Stop].
"""

from __future__ import annotations

from typing import Any

from werkzeug.wrappers import Response

from integrations.sandbox.store import Row
from integrations.sandbox.trueconf import conference_rules, conferences
from integrations.sandbox.trueconf.account_people import ONLINE
from integrations.sandbox.trueconf.invitation_form import read_invitations
from integrations.sandbox.trueconf.refusal import Refusal, bad, detail
from integrations.sandbox.trueconf.request import ApiRequest

INVITATIONS_SINCE = 5


def invite(request: ApiRequest, conference_id: str) -> Any:
    """Calls people in. A conference that does not run is started (so the limit on running ones
    is among the errors). The list is called `participants` up to v3.4."""
    row = request.conference(conference_id)
    name = "invitations" if request.minor >= INVITATIONS_SINCE else "participants"
    fields = request.fields
    fields.only({name})
    wanted = read_invitations(fields, name) if fields.required(name) else []
    fields.check()
    for one in wanted:
        conference_rules.check_who(request, one["id"], name)
    call = conferences.start_call(request, row)
    for one in wanted:
        call_in(request, call, one["id"], one.get("display_name", ""))
    return {"invite": True}


def call_in(request: ApiRequest, call: Row, who: str, display_name: str = "") -> Row | None:
    """Ring someone up: whose client is online comes in a moment later. Returns the visit."""
    account = request.account
    user = account.user(who)
    comes = user is not None and user["is_active"] and account.status_of(user) == ONLINE
    now = account.now()
    invite = {
        "session_id": call["id"],
        "from_uid": call["owner"],
        "to_uid": account.uid(user["login_name"]) if user else who,
        "at": now,
        "accepted": bool(comes),
    }
    account.store.add("invites", invite)
    if not comes or is_present(request, call, who):
        return None
    at = max(call["start"], conferences.soon(request))
    return account.join(call["id"], who, display_name, at=at, invited_at=now)


def is_present(request: ApiRequest, call: Row, who: str) -> bool:
    """Whether somebody is in a run, by uid or login."""
    user = request.account.user(who)
    login = user["login_name"] if user else ""
    return any(
        visit["uid"] == who or (login and visit["login"] == login)
        for visit in request.account.present(call)
    )


def notify(request: ApiRequest, conference_id: str) -> Any:
    """A mail to all who are invited."""
    row = request.conference(conference_id)
    for one in request.account.invitations(row["id"]):
        mail = {"room_id": row["id"], "who": one["who"], "sent": request.account.now()}
        request.account.store.add("mails", mail)
    return {"result": True}


def start_record(request: ApiRequest, conference_id: str) -> Response:
    """Starts, or goes on after a pause."""
    call = _recordable(request, conference_id)
    if call["recorded_from"] is None:
        request.account.store.change("calls", call["id"], recorded_from=request.account.now())
    return accepted()


def pause_record(request: ApiRequest, conference_id: str) -> Response:
    """Conference Record Pause [Conferences]."""
    call = _recordable(request, conference_id)
    if call["recorded_from"] is not None:
        seconds = call["recorded_seconds"] + request.account.now() - call["recorded_from"]
        request.account.store.change(
            "calls", call["id"], recorded_from=None, recorded_seconds=seconds
        )
    return accepted()


def stop_record(request: ApiRequest, conference_id: str) -> Response:
    """Conference Record Stop [Conferences]."""
    request.account.finish_recording(_recordable(request, conference_id), request.account.now())
    return accepted()


def accepted() -> Response:
    """202 without a body."""
    return Response(status=202)


def _recordable(request: ApiRequest, conference_id: str) -> Row:
    row = request.conference(conference_id, change=True)
    if not request.account.recorder_works:
        raise Refusal(503, detail("serviceUnavailable", "Service Unavailable"))
    call = request.account.running_call(row["id"])
    if call is None:
        raise bad("conferenceIsNotRunning", f"Conference '{conference_id}' is not running.")
    return call
