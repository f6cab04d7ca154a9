"""What happens around a running conference: invite, notify, record.

Source: [trueconf.txt, Conferences | Conference Invite, Notify, Record Start, Pause, Stop].
"""

from __future__ import annotations

from typing import Any

from werkzeug.wrappers import Response

from integrations.sandbox.store import Row
from integrations.sandbox.trueconf import conferencerules, conferences
from integrations.sandbox.trueconf.ask import Ask
from integrations.sandbox.trueconf.invitationform import read_invitations
from integrations.sandbox.trueconf.people import ONLINE
from integrations.sandbox.trueconf.refusal import Refusal, bad, detail

INVITATIONS_SINCE = 5


def invite(ask: Ask, conference_id: str) -> Any:
    """Calls people in. A conference that does not run is started (so the limit on running ones
    is among the errors). The list is called `participants` up to v3.4."""
    row = ask.conference(conference_id)
    name = "invitations" if ask.minor >= INVITATIONS_SINCE else "participants"
    fields = ask.fields
    fields.only({name})
    wanted = read_invitations(fields, name) if fields.required(name) else []
    fields.check()
    for one in wanted:
        conferencerules.check_who(ask, one["id"], name)
    call = conferences.start_call(ask, row)
    for one in wanted:
        call_in(ask, call, one["id"], one.get("display_name", ""))
    return {"invite": True}


def call_in(ask: Ask, call: Row, who: str, display_name: str = "") -> Row | None:
    """Ring someone up: whose client is online comes in a moment later. Returns the visit."""
    account = ask.account
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
    if not comes or is_present(ask, call, who):
        return None
    at = max(call["start"], conferences.soon(ask))
    return account.join(call["id"], who, display_name, at=at, invited_at=now)


def is_present(ask: Ask, call: Row, who: str) -> bool:
    user = ask.account.user(who)
    login = user["login_name"] if user else ""
    return any(
        visit["uid"] == who or (login and visit["login"] == login)
        for visit in ask.account.present(call)
    )


def notify(ask: Ask, conference_id: str) -> Any:
    """A mail to all who are invited."""
    row = ask.conference(conference_id)
    for one in ask.account.invitations(row["id"]):
        mail = {"room_id": row["id"], "who": one["who"], "sent": ask.account.now()}
        ask.account.store.add("mails", mail)
    return {"result": True}


def start_record(ask: Ask, conference_id: str) -> Response:
    """Starts, or goes on after a pause."""
    call = _recordable(ask, conference_id)
    if call["recorded_from"] is None:
        ask.account.store.change("calls", call["id"], recorded_from=ask.account.now())
    return accepted()


def pause_record(ask: Ask, conference_id: str) -> Response:
    call = _recordable(ask, conference_id)
    if call["recorded_from"] is not None:
        seconds = call["recorded_seconds"] + ask.account.now() - call["recorded_from"]
        ask.account.store.change("calls", call["id"], recorded_from=None, recorded_seconds=seconds)
    return accepted()


def stop_record(ask: Ask, conference_id: str) -> Response:
    ask.account.finish_recording(_recordable(ask, conference_id), ask.account.now())
    return accepted()


def accepted() -> Response:
    return Response(status=202)


def _recordable(ask: Ask, conference_id: str) -> Row:
    row = ask.conference(conference_id, change=True)
    if not ask.account.recorder_works:
        raise Refusal(503, detail("serviceUnavailable", "Service Unavailable"))
    call = ask.account.running_call(row["id"])
    if call is None:
        raise bad("conferenceIsNotRunning", f"Conference '{conference_id}' is not running.")
    return call
