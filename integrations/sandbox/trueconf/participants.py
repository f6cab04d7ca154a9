"""Who is in a running conference.

Source: [trueconf.txt, Conferences Participants]. Ids are those for calls (`login@server`, or
`#guest:...@server`); a bare login is taken as well.
"""

from __future__ import annotations

from typing import Any

from integrations.sandbox.store import Row
from integrations.sandbox.trueconf import paging, running, shapes
from integrations.sandbox.trueconf.ask import Ask
from integrations.sandbox.trueconf.refusal import bad, not_found


def list_all(ask: Ask, conference_id: str) -> Any:
    """Nobody while the conference does not run."""
    ask.check_url_type()
    row = ask.conference(conference_id)
    call = ask.account.running_call(row["id"])
    present, following = paging.whole(ask, ask.account.present(call) if call else [])
    shown = [shapes.participant(ask, call, visit) for visit in present] if call else []
    return {**following, "participants": shown}


def get(ask: Ask, conference_id: str, participant_id: str) -> Any:
    ask.check_url_type()
    row = ask.conference(conference_id)
    call = ask.account.running_call(row["id"])
    visit = find(ask, call, participant_id) if call else None
    if call is None or visit is None:
        raise not_found("participant", participant_id, "participant_id")
    return {"participant": shapes.participant(ask, call, visit)}


def invite(ask: Ask, conference_id: str) -> Any:
    """Answers before the person is there: `join_time` is null until then."""
    ask.check_url_type()
    row = ask.conference(conference_id)
    fields = ask.fields
    fields.only({"participant_id"})
    wanted = fields.text("participant_id", 1, 64) if fields.required("participant_id") else ""
    fields.check()
    call = ask.account.running_call(row["id"])
    if call is None:
        raise bad("conferenceIsNotRunning", f"Conference '{conference_id}' is not running.")
    who = wanted or ""
    if running.is_present(ask, call, who):
        message = f"Participant '{who}' already in conference."
        raise bad("participantAlreadyInConference", message, "participant_id")
    visit = running.call_in(ask, call, who)
    if visit is None:
        message = f"Participant '{who}' is unavailable."
        raise bad("participantIsUnavailable", message, "participant_id")
    return {"participant": shapes.participant(ask, call, visit)}


def find(ask: Ask, call: Row, participant_id: str) -> Row | None:
    """By session id (`login@server/instance`), by id for calls, or by login."""
    wanted = participant_id.casefold()
    for visit in ask.account.present(call):
        names = (f"{visit['uid']}/{visit['instance']}", visit["uid"], visit["login"])
        if wanted in [name.casefold() for name in names if name]:
            return visit
    return None
