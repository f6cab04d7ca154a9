"""Ways into a room: access tokens, auto-login hashes, invitation mails."""

from __future__ import annotations

import re
from typing import Any

from werkzeug.wrappers import Response

from integrations.sandbox.clickmeeting import moments
from integrations.sandbox.clickmeeting.fields import Fields
from integrations.sandbox.clickmeeting.refusal import Refusal, invalid
from integrations.sandbox.clickmeeting.request import ApiRequest
from integrations.sandbox.forms import listed
from integrations.sandbox.platform import json_answer
from integrations.sandbox.store import Row

ROLES = ("listener", "presenter", "host")
INVITED_ROLES = ("listener", "presenter")
TEMPLATES = ("advanced", "basic")
TOKENS_AT_ONCE = 1000
_LANGUAGE = re.compile(r"[a-z]{2}([-_][a-zA-Z]{2})?")


def create_tokens(request: ApiRequest, room_id: int) -> Response:
    room = request.room(room_id)
    if room["access_type"] != 3:
        raise invalid("access_type", "Only a token protected room has access tokens.")
    fields = request.fields
    wanted = fields.integer("how_many", 1, TOKENS_AT_ONCE, required=True) or 0
    fields.check()
    existing = len(request.account.store.rows("tokens", room_id=room_id))
    if existing + wanted > (most := 4 * request.account.max_attendees):
        raise invalid("how_many", f"A room has at most {most} access tokens.")
    made = [_new_token(request, room_id, existing + n) for n in range(wanted)]
    return json_answer({"access_tokens": [_token(room, row) for row in made]}, status=201)


def list_tokens(request: ApiRequest, room_id: int) -> Any:
    room = request.room(room_id)
    rows = request.account.store.rows("tokens", room_id=room_id)
    return {"access_tokens": [_token(room, row) for row in rows]}


def autologin_hash(request: ApiRequest, room_id: int) -> Any:
    room, fields = request.room(room_id), request.fields
    email = fields.email("email", required=True)
    nickname = fields.text("nickname", required=True)
    role = fields.choice("role", ROLES, required=True)
    _check_key(request, room, fields)
    fields.check()
    code = request.account.code("autologin", room_id, email, role, nickname, length=52) + "____"
    if not request.account.store.rows("autologins", code=code):
        who = {"room_id": room_id, "email": email, "nickname": nickname, "role": role}
        request.account.store.add("autologins", {**who, "code": code})
    return {"autologin_hash": code}


def send_invitations(request: ApiRequest, room_id: int, lang: str) -> Any:
    """All or none: one bad address refuses the whole request."""
    room = request.room(room_id)
    if not _LANGUAGE.fullmatch(lang):
        raise invalid("lang", "The language is an ISO code such as en.")
    people = _invited(request)
    sent = moments.keep(request.account.world.now())
    for person in people:
        mail = {"kind": "invitation", "room_id": room_id, "lang": lang, "sent": sent, **person}
        request.account.store.add("mails", mail)
        if room["access_type"] == 3:
            _give_token(request, room_id, person["email"])
    return {"status": "OK"}


def _new_token(request: ApiRequest, room_id: int, place: int) -> Row:
    code = request.account.code("token", room_id, place, length=6).upper()
    row = {"room_id": room_id, "token": code, "sent_to": None, "first_use": None}
    return request.account.store.add("tokens", row)


def _token(room: Row, row: Row) -> dict[str, Any]:
    used = row["first_use"] and moments.shown(row["first_use"], room["timezone"])
    return {"token": row["token"], "sent_to_email": row["sent_to"], "first_use_date": used}


def _check_key(request: ApiRequest, room: Row, fields: Fields) -> None:
    """A protected room wants its password. A token that is named must be one of its tokens; the
    official examples name none for a room with tokens either."""
    if room["access_type"] == 2 and fields.text("password") != room["password"]:
        fields.wrong("password", "The password of the room is needed.")
    token = fields.text("token") if room["access_type"] == 3 else None
    if token and not request.account.store.rows("tokens", room_id=room["id"], token=token):
        fields.wrong("token", "This is none of the room's access tokens.")


def _invited(request: ApiRequest) -> list[dict[str, str]]:
    """Template and role may stand beside each address or once for all: the document's table
    can be read either way."""
    people, errors = [], []
    common = request.fields
    for place, item in enumerate(listed(request.form.get("attendees"))):
        one = Fields(item if isinstance(item, dict) else {"email": item}, f"attendees[{place}]")
        person = {"email": one.email("email", required=True) or ""}
        for name, choices in (("template", TEMPLATES), ("role", INVITED_ROLES)):
            source = one if name in one else common
            person[name] = source.choice(name, choices) or choices[0]
        people.append(person)
        errors += one.errors
    errors += common.errors
    if not people:
        errors.append(("attendees", "At least one attendee is needed."))
    if errors:
        raise Refusal(422, errors)
    return people


def _give_token(request: ApiRequest, room_id: int, email: str) -> None:
    free = request.account.store.rows("tokens", room_id=room_id, sent_to=None)
    if free:
        request.account.store.change("tokens", free[0]["id"], sent_to=email)
