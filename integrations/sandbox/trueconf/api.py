"""The operations' addresses, and the way from a call to the operation.

Source: [document], whose "Permission" lines are the scopes here, and whose versions say since when
an operation is there.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from werkzeug.exceptions import HTTPException
from werkzeug.routing import Map, Rule
from werkzeug.wrappers import Response

from integrations.sandbox.call import Call
from integrations.sandbox.platform import json_answer
from integrations.sandbox.trueconf import (
    calendars,
    conferences,
    contacts,
    groups,
    invitations,
    logs,
    oauth,
    other_logs,
    participants,
    presets,
    records,
    running,
    sessions,
    software,
    templates,
    users,
)
from integrations.sandbox.trueconf.account import ACCESS, TrueConfAccount
from integrations.sandbox.trueconf.refusal import Refusal, detail, forbidden, token_invalid
from integrations.sandbox.trueconf.request import ApiRequest
from integrations.sandbox.trueconf.versions import VERSIONS, minor_of

Operation = tuple[str, str, int, str, Callable[..., Any]]
Accounts = dict[str, TrueConfAccount]

CONFERENCE = "/conferences/<conference_id>"
INVITATIONS = f"{CONFERENCE}/invitations"
RECORDS = f"{CONFERENCE}/records"
SESSION = "/conference-sessions/<session_id>"
# Ids of participants hold a slash, so they may come in two steps of the path.
PARTICIPANT = "participants/<path:participant_id>"
USER, GROUP, TEMPLATE = "/users/<user_id>", "/groups/<group_id>", "/templates/conferences"
BOOK, PRESETS = f"{USER}/addressbook", "/broadcast/presets"

READ, WRITE = "conferences conferences:read", "conferences conferences:write"
INVITED = "conferences.invitations"
TAKING_PART = "conferences.participants"
SPEAKING = (
    "conferences.sessions.podiums.participants:write conferences.sessions.podiums.participants:read"
)
PRESET = "conferences.broadcast_presets"
USERS, MEMBERS, CONTACTS = "users", "groups.users", "users.addressbook"
ANY = ""
CLIENTS = "/software/clients"


def _or(scope: str, *kinds: str) -> str:
    return " ".join((scope, *(f"{scope}:{kind}" for kind in kinds)))


# Method, address below the version, since v3.<number>, scopes of which one is needed, operation
OPERATIONS: tuple[Operation, ...] = (
    ("GET", "/conferences", 0, READ, conferences.list_all),
    ("POST", "/conferences", 0, WRITE, conferences.create),
    ("GET", CONFERENCE, 0, READ, conferences.get),
    ("PUT", CONFERENCE, 0, WRITE, conferences.edit),
    ("DELETE", CONFERENCE, 0, WRITE, conferences.delete),
    ("GET", f"{CONFERENCE}/owner", 1, READ, conferences.owner),
    ("POST", f"{CONFERENCE}/run", 0, WRITE, conferences.run),
    ("POST", f"{CONFERENCE}/stop", 0, WRITE, conferences.stop),
    ("POST", f"{CONFERENCE}/invite", 1, READ, running.invite),
    # The address says conference, the example beside it conferences.
    ("POST", "/conference/<conference_id>/notify", 3, READ, running.notify),
    ("POST", f"{CONFERENCE}/notify", 3, READ, running.notify),
    ("POST", f"{CONFERENCE}/start-record", 1, WRITE, running.start_record),
    ("POST", f"{CONFERENCE}/pause-record", 1, WRITE, running.pause_record),
    ("POST", f"{CONFERENCE}/stop-record", 1, WRITE, running.stop_record),
    ("GET", f"{CONFERENCE}/calendars", 1, READ, calendars.calendars),
    ("GET", f"{CONFERENCE}/ics", 1, READ, calendars.ics),
    ("GET", f"{CONFERENCE}/shared", 1, READ, calendars.shared),
    ("GET", INVITATIONS, 0, _or(INVITED, "read"), invitations.list_all),
    ("POST", INVITATIONS, 0, _or(INVITED, "write"), invitations.add),
    ("GET", f"{INVITATIONS}/<invitation_id>", 0, _or(INVITED, "read"), invitations.get),
    ("PUT", f"{INVITATIONS}/<invitation_id>", 0, _or(INVITED, "write"), invitations.edit),
    ("DELETE", f"{INVITATIONS}/<invitation_id>", 0, INVITED, invitations.remove),
    ("GET", f"{CONFERENCE}/participants", 0, _or(TAKING_PART, "read"), participants.list_all),
    ("POST", f"{CONFERENCE}/participants", 0, _or(TAKING_PART, "write"), participants.invite),
    ("GET", f"{CONFERENCE}/{PARTICIPANT}", 1, _or(TAKING_PART, "read"), participants.get),
    ("GET", RECORDS, 0, _or("conferences.records", "read"), records.list_all),
    ("GET", f"{RECORDS}/<record_id>", 0, _or("conferences.records", "read"), records.get),
    (
        "GET",
        f"{RECORDS}/<record_id>/download",
        0,
        _or("conferences.records", "read"),
        records.download,
    ),
    ("GET", SESSION, 3, "conferences.sessions:read", sessions.get),
    (
        "GET",
        f"{SESSION}/participants",
        3,
        "conferences.sessions.participants:read",
        sessions.list_participants,
    ),
    (
        "DELETE",
        f"{SESSION}/{PARTICIPANT}",
        9,
        "conferences.sessions.participants:read",
        sessions.kick,
    ),
    ("POST", f"{SESSION}/podiums/participants", 3, SPEAKING, sessions.to_podium),
    ("DELETE", f"{SESSION}/podiums/{PARTICIPANT}", 3, SPEAKING, sessions.from_podium),
    ("GET", "/users", 0, _or(USERS, "read"), users.list_all),
    ("POST", "/users", 0, _or(USERS, "write"), users.create),
    # The document asks for users:write to read one user; users:read is taken as well.
    ("GET", USER, 0, _or(USERS, "write", "read"), users.get),
    ("PUT", USER, 0, _or(USERS, "write"), users.edit),
    ("DELETE", USER, 0, _or(USERS, "write"), users.delete),
    ("POST", f"{USER}/disconnect", 1, _or(USERS, "write"), users.disconnect),
    ("GET", f"{USER}/avatar", 2, "users.avatar:read", users.get_avatar),
    ("POST", f"{USER}/avatar", 2, "users.avatar:write", users.create_avatar),
    ("DELETE", f"{USER}/avatar", 2, "users.avatar:write", users.delete_avatar),
    ("GET", BOOK, 0, _or(CONTACTS, "read"), contacts.list_all),
    ("POST", BOOK, 0, _or(CONTACTS, "write"), contacts.add),
    ("GET", f"{BOOK}/<contact_id>", 0, _or(CONTACTS, "read"), contacts.get),
    ("PUT", f"{BOOK}/<contact_id>", 0, _or(CONTACTS, "write"), contacts.edit),
    ("DELETE", f"{BOOK}/<contact_id>", 0, _or(CONTACTS, "write"), contacts.remove),
    ("GET", "/groups", 0, _or("groups", "read"), groups.list_all),
    ("POST", "/groups", 0, _or("groups", "write"), groups.create),
    ("GET", GROUP, 0, _or("groups", "read"), groups.get),
    ("PUT", GROUP, 0, _or("groups", "read", "write"), groups.edit),
    ("DELETE", GROUP, 0, _or("groups", "write"), groups.delete),
    ("GET", f"{GROUP}/users", 0, _or(MEMBERS, "read"), groups.list_users),
    ("POST", f"{GROUP}/users", 0, _or(MEMBERS, "write"), groups.add_user),
    ("GET", f"{GROUP}/users/<user_id>", 0, _or(MEMBERS, "read"), groups.get_user),
    ("DELETE", f"{GROUP}/users/<user_id>", 0, _or(MEMBERS, "write"), groups.remove_user),
    ("GET", PRESETS, 3, _or(PRESET, "read"), presets.list_all),
    ("POST", PRESETS, 3, _or(PRESET, "write"), presets.create),
    ("GET", f"{PRESETS}/<preset_id>", 3, _or(PRESET, "read"), presets.get),
    ("PUT", f"{PRESETS}/<preset_id>", 3, _or(PRESET, "write"), presets.edit),
    ("DELETE", f"{PRESETS}/<preset_id>", 3, _or(PRESET, "write"), presets.delete),
    ("GET", TEMPLATE, 1, "templates.conferences:read", templates.list_all),
    ("POST", TEMPLATE, 1, "templates.conferences:write", templates.create),
    ("GET", f"{TEMPLATE}/<template_id>", 1, "templates.conferences:read", templates.get),
    ("PUT", f"{TEMPLATE}/<template_id>", 1, "templates.conferences:write", templates.edit),
    ("DELETE", f"{TEMPLATE}/<template_id>", 1, "templates.conferences:write", templates.delete),
    ("GET", "/logs/calls", 1, "logs.calls:read", logs.list_calls),
    ("GET", "/logs/calls/<session_id>", 1, "logs.calls:read", logs.get_call),
    (
        "GET",
        "/logs/calls/<session_id>/participants",
        1,
        "logs.calls.participants:read",
        logs.list_participants,
    ),
    ("GET", "/logs/calls/<session_id>/invites", 1, "logs.calls.invites:read", logs.list_invites),
    ("GET", "/logs/records", 1, "logs.records:read", other_logs.list_records),
    ("GET", "/logs/records/<session_id>", 1, "logs.records:read", other_logs.get_record),
    (
        "GET",
        "/logs/records/<session_id>/download",
        1,
        "logs.records:read",
        other_logs.download_record,
    ),
    ("GET", "/logs/recordings", 2, "logs.recordings:read", other_logs.list_recordings),
    ("GET", "/logs/recordings/<recording_id>", 2, "logs.recordings:read", other_logs.get_recording),
    (
        "GET",
        "/logs/recordings/<recording_id>/download",
        2,
        "logs.recordings:read",
        other_logs.download_recording,
    ),
    ("GET", "/logs/messages", 1, "logs.messages:read", other_logs.list_messages),
    ("GET", "/logs/events", 1, "logs.events:read", other_logs.list_events),
    ("GET", "/logs/settings", 1, "logs.settings:read", other_logs.list_settings),
    ("GET", CLIENTS, 0, ANY, software.list_clients),
)


@dataclass(frozen=True)
class Found:
    """The operation of an address, and what is needed for it."""

    since: int
    scopes: frozenset[str]
    operation: Callable[..., Any]


_ADDRESSES = Map(
    [
        Rule(
            path,
            methods=[method],
            endpoint=Found(since, frozenset(scopes.split()), operation),
        )
        for method, path, since, scopes, operation in OPERATIONS
    ],
    strict_slashes=False,
    redirect_defaults=False,
    merge_slashes=False,
).bind("sandbox")


def answer(accounts: Accounts, call: Call, version: str, path: str) -> Response:
    """Answer a call to `/api/<version><path>`."""
    account = asked_account(accounts, call, path)
    try:
        if (version, path.rstrip("/"), call.method) == ("v4", "/server", "GET"):
            return json_answer(_server(account or next(iter(accounts.values()))))
        result = _result(account, call, version, path)
    except Refusal as refusal:
        return refusal.answer()
    if isinstance(result, Response):
        return result
    if call.method == "DELETE" and account is not None:
        return _deleted(account, result)
    return json_answer(result)


def asked_account(accounts: Accounts, call: Call, path: str) -> TrueConfAccount | None:
    """By the token; without one, where none is needed, by the conference that is asked for."""
    token = token_in(call)
    for account in accounts.values() if token else ():
        key = account.credentials.get("secret_key", "")
        if (key and oauth.same(token, key)) or account.token(ACCESS, token):
            return account
    if token or path.rstrip("/") != CLIENTS:
        return None
    wanted = dict(call.query).get("call_id", "")
    known = (one for one in accounts.values() if one.by_address("conferences", wanted))
    return next(known, None) or next(iter(accounts.values()))


def _server(account: TrueConfAccount) -> dict[str, Any]:
    """What needs no token [seen: README]; the names are those that a public client of
    v3.11 reads."""
    product = {"id": "server", "name": "TrueConf Server", "display_name": "TrueConf Server"}
    return {
        "product": {**product, "version": account.version, "platform": "linux"},
        "links": {"documentation": "", "site_url": ""},
        "web_config": {"url": ""},
    }


def _deleted(account: TrueConfAccount, result: Any) -> Response:
    if account.deletions == "nothing":
        return Response(status=204)
    return json_answer("200 OK" if account.deletions == "text" else result)


def _result(account: TrueConfAccount | None, call: Call, version: str, path: str) -> Any:
    if call.problem:
        raise Refusal(call.problem_status, detail("badRequest", call.problem))
    if account is None:
        raise token_invalid()
    free = path.rstrip("/") == CLIENTS and not token_in(call)
    login, scope = ("", set()) if free else _admitted(account, call)
    minor = minor_of(version)
    if minor is None or VERSIONS[minor] not in account.versions:
        raise _nothing_here(404)
    found, ids = _operation(call.method, path, minor)
    if found.scopes and not found.scopes & scope:
        raise forbidden()
    if path.startswith("/logs/") and not _may_read_logs(account, call):
        raise forbidden()
    return found.operation(_request_of(account, call, minor, login), **ids)


def token_in(call: Call) -> str:
    """A token in the query or in the header."""
    return in_query(call) or in_header(call)


def in_query(call: Call) -> str:
    """The key as a parameter of the address."""
    return dict(call.query).get("access_token", "")


def in_header(call: Call) -> str:
    """The key as a bearer token."""
    scheme, _, token = call.header("authorization").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


def _token_of(account: TrueConfAccount, call: Call) -> str:
    """The token, if it travelled as this server takes it."""
    for way, token in (("parameter", in_query(call)), ("header", in_header(call))):
        permanent = oauth.same(token, account.credentials.get("secret_key", ""))
        if token and way in (account.secret_key_in if permanent else account.token_in):
            return token
    return ""


def _may_read_logs(account: TrueConfAccount, call: Call) -> bool:
    row = account.token(ACCESS, token_in(call))
    return account.logs_for_applications or row is None or not row["application"]


def _admitted(account: TrueConfAccount, call: Call) -> tuple[str, set[str]]:
    """Whom the token speaks for, and what it may. A permanent secret key is the server's own."""
    token = _token_of(account, call)
    if not token:
        raise token_invalid()
    if oauth.same(token, account.credentials.get("secret_key", "")):
        return "", set(account.scopes)
    row = account.token(ACCESS, token)
    if row is None or not account.is_good(row):
        raise token_invalid()
    user = account.user(row["login"]) if row["login"] else None
    if row["login"] and (user is None or not user["is_active"]):
        raise token_invalid()
    return row["login"], set(row["scope"])


def _operation(method: str, path: str, minor: int) -> tuple[Found, dict[str, Any]]:
    try:
        found, ids = _ADDRESSES.match(path, method=method)
    except HTTPException as error:
        raise _nothing_here(405 if error.code == 405 else 404) from None
    if found.since > minor:
        raise _nothing_here(404)
    return found, dict(ids)


def _nothing_here(status: int) -> Refusal:
    reason = "methodNotAllowed" if status == 405 else "notFound"
    return Refusal(status, detail(reason, "There is no such operation in this version."))


def _request_of(account: TrueConfAccount, call: Call, minor: int, login: str) -> ApiRequest:
    """A body's access token says nothing more: the query's or the header's has opened."""
    body = {} if call.method == "GET" else oauth.read_form(call)
    body.pop("access_token", None)
    query = dict(call.query)
    return ApiRequest(account, VERSIONS[minor], minor, login, body, query, call.files)
