"""Conferences: list, create, get, edit, delete, owner, run, stop.

Source: [trueconf.txt, Conferences].
"""

from __future__ import annotations

from typing import Any

from integrations.sandbox.store import Row
from integrations.sandbox.trueconf import conferencefields, conferencerules, paging, scheduleform
from integrations.sandbox.trueconf.ask import Ask
from integrations.sandbox.trueconf.conferenceshape import conference as shape
from integrations.sandbox.trueconf.people import key
from integrations.sandbox.trueconf.refusal import bad
from integrations.sandbox.trueconf.sessionside import BY_ADMINISTRATOR
from integrations.sandbox.trueconf.versions import numbers

# From this version of the server on, v3.1 lists no conferences [Get Conference List, v3.1].
EMPTY_SINCE = (5, 0, 3)
FINISHED_SINCE = 9
LIMITED_SINCE = 4
TEMPLATES_SINCE = 1
FIELDS_LOCKED_SINCE = 4
EDITABLE_WHILE_RUNNING = {"description"}


def list_all(ask: Ask) -> Any:
    """`owner` and `state` are marked GET and so filter, as `tag` does; v3 has no pages."""
    ask.check_url_type()
    rows = [row for row in ask.account.conferences() if ask.may(row) and _wanted(ask, row)]
    if ask.minor < 1:
        return {"conferences": [shape(ask, row) for row in rows]}
    if ask.minor == 1 and numbers(ask.account.version) >= EMPTY_SINCE:
        rows = []
    shown, following = paging.page(ask, rows)
    return {
        **following,
        "cnt": paging.counted(ask, rows, shown),
        "conferences": [shape(ask, row) for row in shown],
    }


def get(ask: Ask, conference_id: str) -> Any:
    ask.check_url_type()
    return {"conference": shape(ask, ask.conference(conference_id))}


def owner(ask: Ask, conference_id: str) -> Any:
    return {"owner": ask.conference(conference_id)["owner"]}


def create(ask: Ask) -> Any:
    """What a template holds counts where the request says nothing."""
    fields = ask.fields
    if ask.minor >= TEMPLATES_SINCE:
        sent = {name: value for name, value in ask.body.items() if name != "template_id"}
        fields.values = {**_template(ask), **sent}
    if ask.login:
        fields.values.setdefault("owner", ask.login)
    given = conferencefields.read(fields, changing=False)
    for name in ("topic", "owner"):
        if name not in given:
            fields.missing(name)
    fields.check()
    conferencerules.check_new(ask, given)
    invitations = given.pop("invitations", None)
    conference_id = given.pop("id", None) or ""
    row = ask.account.keep_conference(_columns(given), conference_id)
    conferencerules.replace_invitations(ask, row, invitations)
    return {"conference": shape(ask, row)}


def edit(ask: Ask, conference_id: str) -> Any:
    """Only what is sent changes; the list of invitations is replaced as a whole."""
    ask.check_url_type()
    row = ask.conference(conference_id, change=True)
    fields = ask.fields
    given = conferencefields.read(fields, changing=True)
    _check_not_running(ask, row, given)
    fields.check()
    conferencerules.check_changes(ask, row, given)
    invitations = given.pop("invitations", None)
    ask.account.edit_conference(row["id"], **_columns(given))
    if invitations is not None:
        conferencerules.replace_invitations(ask, row, invitations)
    return {"conference": shape(ask, row)}


def delete(ask: Ask, conference_id: str) -> Any:
    """One that is being stopped can be deleted, which the vendor's samples do at once."""
    row = ask.conference(conference_id, change=True)
    call = ask.account.running_call(row["id"])
    if call is not None and call["term_reason"] != BY_ADMINISTRATOR:
        raise _running(row)
    ask.account.delete(row["id"])
    return {"id": conference_id}


def run(ask: Ask, conference_id: str) -> Any:
    """Says "starting"; a moment later the conference runs."""
    row = ask.conference(conference_id, change=True)
    if ask.account.running_call(row["id"]):
        return {"state": "running"}
    if ask.minor >= FINISHED_SINCE and _is_over(ask, row):
        raise bad("conferenceIsFinished", "The conference is finished.")
    start_call(ask, row)
    return {"state": "starting"}


def stop(ask: Ask, conference_id: str) -> Any:
    row = ask.conference(conference_id, change=True)
    call = ask.account.open_call(row["id"])
    if call is None:
        return {"state": "stopped"}
    if call["end"] is None or call["end"] > soon(ask):
        end = ask.account.now() if ask.account.stops_at_once else soon(ask)
        ask.account.finish_call(call["id"], end, BY_ADMINISTRATOR)
    return {"state": "stopped" if ask.account.stops_at_once else "stopping"}


def start_call(ask: Ask, row: Row) -> Row:
    """The call that the conference runs in, made if there is none."""
    if call := ask.account.open_call(row["id"]):
        return call
    most = ask.account.max_ongoing
    if most is not None and len(ask.account.running_calls()) >= most and ask.minor >= LIMITED_SINCE:
        raise bad(
            "ongoingConferencesLimit",
            f"Maximum number of ongoing conferences ('{most}') has been reached",
        )
    call = ask.account.begin_call(row["id"], soon(ask))
    if ask.account.user(row["owner"]):
        ask.account.join(call["id"], row["owner"], at=call["start"], role=2)
    return call


def soon(ask: Ask) -> int:
    """The moment at which what was asked for has happened."""
    return ask.account.now() + ask.account.settle_seconds


def check_stopped(ask: Ask, row: Row) -> None:
    if ask.account.running_call(row["id"]):
        raise _running(row)


def _running(row: Row) -> Exception:
    return bad(
        "conferenceUnavailableForChange",
        f"A running conference '{row['address']}' unavailable for editing.",
    )


def _check_not_running(ask: Ask, row: Row, given: dict[str, Any]) -> None:
    """Until v3.3 a running conference is locked, later all its fields but the description."""
    if not ask.account.running_call(row["id"]):
        return
    if ask.minor < FIELDS_LOCKED_SINCE:
        raise _running(row)
    for name in given:
        if name not in EDITABLE_WHILE_RUNNING:
            raise bad(
                "conferenceFieldUnavailableForChange",
                "Conference field unavailable for change during conference call.",
                name,
            )


def _wanted(ask: Ask, row: Row) -> bool:
    tag, owner, state = (ask.query.get(name, "") for name in ("tag", "owner", "state"))
    if tag and ask.minor >= 1 and tag not in row["tags"]:
        return False
    if owner and ask.account.uid(key(owner)) != ask.account.uid(key(row["owner"])):
        return False
    return not state or (state == "running") == bool(ask.account.running_call(row["id"]))


def _template(ask: Ask) -> dict[str, Any]:
    wanted = ask.body.get("template_id") or ask.query.get("template_id")
    if not wanted:
        return {}
    row = ask.named("templates", str(wanted), "conferenceTemplate", "template_id")
    known = {field.name for field in conferencefields.fields_of(ask.minor)}
    return {name: value for name, value in row["object"].items() if name in known}


def _columns(given: dict[str, Any]) -> dict[str, Any]:
    kept = {field.name for field in conferencefields.FIELDS if field.kept}
    return {name: value for name, value in given.items() if name in kept}


def _is_over(ask: Ask, row: Row) -> bool:
    schedule = row["schedule"]
    if schedule["type"] != scheduleform.ONCE:
        return False
    return bool(schedule["start_time"] + schedule["duration"] <= ask.account.now())
