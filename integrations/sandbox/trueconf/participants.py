"""Who is in a running conference.

Source: [document, Conferences Participants]. Ids are those for calls (`login@server`, or
`#guest:...@server`); a bare login is taken as well.
"""

from __future__ import annotations

from typing import Any

from integrations.sandbox.store import Row
from integrations.sandbox.trueconf import paging, running, shapes
from integrations.sandbox.trueconf.refusal import bad, not_found
from integrations.sandbox.trueconf.request import ApiRequest


def list_all(request: ApiRequest, conference_id: str) -> Any:
    """Nobody while the conference does not run."""
    request.check_url_type()
    row = request.conference(conference_id)
    call = request.account.running_call(row["id"])
    present, following = paging.whole(request, request.account.present(call) if call else [])
    shown = [shapes.participant(request, call, visit) for visit in present] if call else []
    return {**following, "participants": shown}


def get(request: ApiRequest, conference_id: str, participant_id: str) -> Any:
    """Get Participant [Conferences Participants]."""
    request.check_url_type()
    row = request.conference(conference_id)
    call = request.account.running_call(row["id"])
    visit = find(request, call, participant_id) if call else None
    if call is None or visit is None:
        raise not_found("participant", participant_id, "participant_id")
    return {"participant": shapes.participant(request, call, visit)}


def invite(request: ApiRequest, conference_id: str) -> Any:
    """Answers before the person is there: `join_time` is null until then."""
    request.check_url_type()
    row = request.conference(conference_id)
    fields = request.fields
    fields.only({"participant_id"})
    wanted = fields.text("participant_id", 1, 64) if fields.required("participant_id") else ""
    fields.check()
    call = request.account.running_call(row["id"])
    if call is None:
        raise bad("conferenceIsNotRunning", f"Conference '{conference_id}' is not running.")
    who = wanted or ""
    if running.is_present(request, call, who):
        message = f"Participant '{who}' already in conference."
        raise bad("participantAlreadyInConference", message, "participant_id")
    visit = running.call_in(request, call, who)
    if visit is None:
        message = f"Participant '{who}' is unavailable."
        raise bad("participantIsUnavailable", message, "participant_id")
    return {"participant": shapes.participant(request, call, visit)}


def find(request: ApiRequest, call: Row, participant_id: str) -> Row | None:
    """By session id (`login@server/instance`), by id for calls, or by login."""
    wanted = participant_id.casefold()
    for visit in request.account.present(call):
        names = (f"{visit['uid']}/{visit['instance']}", visit["uid"], visit["login"])
        if wanted in [name.casefold() for name in names if name]:
            return visit
    return None
