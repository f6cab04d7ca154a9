"""Conferences: list, create, get, edit, delete, owner, run, stop.

Source: [document, Conferences].
"""

from __future__ import annotations

from typing import Any

from integrations.sandbox.store import Row
from integrations.sandbox.trueconf import conference_fields, conference_rules, paging, schedule_form
from integrations.sandbox.trueconf.account_people import key
from integrations.sandbox.trueconf.account_sessions import BY_ADMINISTRATOR
from integrations.sandbox.trueconf.conference_shape import conference as shape
from integrations.sandbox.trueconf.refusal import bad
from integrations.sandbox.trueconf.request import ApiRequest
from integrations.sandbox.trueconf.versions import numbers

# From this version of the server on, v3.1 lists no conferences [Get Conference List, v3.1].
EMPTY_SINCE = (5, 0, 3)
FINISHED_SINCE = 9
LIMITED_SINCE = 4
TEMPLATES_SINCE = 1
FIELDS_LOCKED_SINCE = 4
EDITABLE_WHILE_RUNNING = {"description"}


def list_all(request: ApiRequest) -> Any:
    """`owner` and `state` are marked GET and so filter, as `tag` does; v3 has no pages."""
    request.check_url_type()
    rows = [
        row for row in request.account.conferences() if request.may(row) and _wanted(request, row)
    ]
    if request.minor < 1:
        return {"conferences": [shape(request, row) for row in rows]}
    if request.minor == 1 and numbers(request.account.version) >= EMPTY_SINCE:
        rows = []
    shown, following = paging.page(request, rows)
    return {
        **following,
        "cnt": paging.counted(request, rows, shown),
        "conferences": [shape(request, row) for row in shown],
    }


def get(request: ApiRequest, conference_id: str) -> Any:
    """Get Conference [Conferences]."""
    request.check_url_type()
    return {"conference": shape(request, request.conference(conference_id))}


def owner(request: ApiRequest, conference_id: str) -> Any:
    """Get Conference Owner [Conferences]."""
    return {"owner": request.conference(conference_id)["owner"]}


def create(request: ApiRequest) -> Any:
    """What a template holds counts where the request says nothing."""
    fields = request.fields
    if request.minor >= TEMPLATES_SINCE:
        sent = {name: value for name, value in request.body.items() if name != "template_id"}
        fields.values = {**_template(request), **sent}
    if request.login:
        fields.values.setdefault("owner", request.login)
    given = conference_fields.read(fields, changing=False)
    for name in ("topic", "owner"):
        if name not in given:
            fields.missing(name)
    fields.check()
    conference_rules.check_new(request, given)
    invitations = given.pop("invitations", None)
    conference_id = given.pop("id", None) or ""
    row = request.account.keep_conference(_columns(given), conference_id)
    conference_rules.replace_invitations(request, row, invitations)
    return {"conference": shape(request, row)}


def edit(request: ApiRequest, conference_id: str) -> Any:
    """Only what is sent changes; the list of invitations is replaced as a whole."""
    request.check_url_type()
    row = request.conference(conference_id, change=True)
    fields = request.fields
    given = conference_fields.read(fields, changing=True)
    _check_not_running(request, row, given)
    fields.check()
    conference_rules.check_changes(request, row, given)
    invitations = given.pop("invitations", None)
    request.account.edit_conference(row["id"], **_columns(given))
    if invitations is not None:
        conference_rules.replace_invitations(request, row, invitations)
    return {"conference": shape(request, row)}


def delete(request: ApiRequest, conference_id: str) -> Any:
    """One that is being stopped can be deleted, which the vendor's samples do at once."""
    row = request.conference(conference_id, change=True)
    call = request.account.running_call(row["id"])
    if call is not None and call["term_reason"] != BY_ADMINISTRATOR:
        raise _running(row)
    request.account.delete(row["id"])
    return {"id": conference_id}


def run(request: ApiRequest, conference_id: str) -> Any:
    """Says "starting"; a moment later the conference runs."""
    row = request.conference(conference_id, change=True)
    if request.account.running_call(row["id"]):
        return {"state": "running"}
    if request.minor >= FINISHED_SINCE and _is_over(request, row):
        raise bad("conferenceIsFinished", "The conference is finished.")
    start_call(request, row)
    return {"state": "starting"}


def stop(request: ApiRequest, conference_id: str) -> Any:
    """Stop Conference [Conferences]."""
    row = request.conference(conference_id, change=True)
    call = request.account.open_call(row["id"])
    if call is None:
        return {"state": "stopped"}
    if call["end"] is None or call["end"] > soon(request):
        end = request.account.now() if request.account.stops_at_once else soon(request)
        request.account.finish_call(call["id"], end, BY_ADMINISTRATOR)
    return {"state": "stopped" if request.account.stops_at_once else "stopping"}


def start_call(request: ApiRequest, row: Row) -> Row:
    """The call that the conference runs in, made if there is none."""
    if call := request.account.open_call(row["id"]):
        return call
    most = request.account.max_ongoing
    if (
        most is not None
        and len(request.account.running_calls()) >= most
        and request.minor >= LIMITED_SINCE
    ):
        raise bad(
            "ongoingConferencesLimit",
            f"Maximum number of ongoing conferences ('{most}') has been reached",
        )
    call = request.account.begin_call(row["id"], soon(request))
    if request.account.user(row["owner"]):
        request.account.join(call["id"], row["owner"], at=call["start"], role=2)
    return call


def soon(request: ApiRequest) -> int:
    """The moment at which what was asked for has happened."""
    return request.account.now() + request.account.settle_seconds


def check_stopped(request: ApiRequest, row: Row) -> None:
    """Raise Refusal while the conference runs."""
    if request.account.running_call(row["id"]):
        raise _running(row)


def _running(row: Row) -> Exception:
    return bad(
        "conferenceUnavailableForChange",
        f"A running conference '{row['address']}' unavailable for editing.",
    )


def _check_not_running(request: ApiRequest, row: Row, given: dict[str, Any]) -> None:
    """Until v3.3 a running conference is locked, later all its fields but the description."""
    if not request.account.running_call(row["id"]):
        return
    if request.minor < FIELDS_LOCKED_SINCE:
        raise _running(row)
    for name in given:
        if name not in EDITABLE_WHILE_RUNNING:
            raise bad(
                "conferenceFieldUnavailableForChange",
                "Conference field unavailable for change during conference call.",
                name,
            )


def _wanted(request: ApiRequest, row: Row) -> bool:
    tag, owner, state = (request.query.get(name, "") for name in ("tag", "owner", "state"))
    if tag and request.minor >= 1 and tag not in row["tags"]:
        return False
    if owner and request.account.uid(key(owner)) != request.account.uid(key(row["owner"])):
        return False
    return not state or (state == "running") == bool(request.account.running_call(row["id"]))


def _template(request: ApiRequest) -> dict[str, Any]:
    wanted = request.body.get("template_id") or request.query.get("template_id")
    if not wanted:
        return {}
    row = request.named("templates", str(wanted), "conferenceTemplate", "template_id")
    known = {field.name for field in conference_fields.fields_of(request.minor)}
    return {name: value for name, value in row["object"].items() if name in known}


def _columns(given: dict[str, Any]) -> dict[str, Any]:
    kept = {field.name for field in conference_fields.FIELDS if field.kept}
    return {name: value for name, value in given.items() if name in kept}


def _is_over(request: ApiRequest, row: Row) -> bool:
    schedule = row["schedule"]
    if schedule["type"] != schedule_form.ONCE:
        return False
    return bool(schedule["start_time"] + schedule["duration"] <= request.account.now())
