"""The list of those invited to a conference.

Source: [trueconf.txt, Conferences Invitations]. What an unknown or a repeated invitation is
answered with is not in the document: 404 `invitationNotFound` is a guess, 400
`uniqueValueAlreadyInUse` the answer that public clients meet.
"""

from __future__ import annotations

from typing import Any

from integrations.sandbox.store import Row
from integrations.sandbox.trueconf import conferencerules, conferences, paging, shapes
from integrations.sandbox.trueconf.ask import Ask
from integrations.sandbox.trueconf.invitationform import known, read_invitation
from integrations.sandbox.trueconf.refusal import not_found, taken

READ_ONLY = {
    "is_owner",
    "type",
    "uid",
    "avatar",
    "login_name",
    "email",
    "first_name",
    "last_name",
    "company",
    "groups",
    "mobile_phone",
    "work_phone",
    "home_phone",
    "is_active",
    "status",
}


def list_all(ask: Ask, conference_id: str) -> Any:
    ask.check_url_type()
    row = ask.conference(conference_id)
    shown, following = paging.whole(ask, ask.account.invitations(row["id"]))
    return {**following, "invitations": [shapes.invitation(ask, row, one) for one in shown]}


def get(ask: Ask, conference_id: str, invitation_id: str) -> Any:
    ask.check_url_type()
    row = ask.conference(conference_id)
    return _answer(ask, row, _invitation(ask, row, invitation_id))


def add(ask: Ask, conference_id: str) -> Any:
    ask.check_url_type()
    row = ask.conference(conference_id, change=True)
    fields = ask.fields
    fields.only(known(ask.minor), READ_ONLY)
    fields.required("id")
    given = read_invitation(fields)
    fields.check()
    who = given["id"]
    conferencerules.check_who(ask, who, "id")
    if ask.account.invitation(row["id"], who):
        raise taken("id")
    now = ask.account.invitations(row["id"])
    guests = sum(one["kind"] == "custom" for one in now) + conferencerules.is_guest(ask, who)
    conferencerules.check_room_for(ask, row, guests, len(now) + 1)
    name, translator = given.get("display_name", ""), given.get("translator")
    return _answer(ask, row, ask.account.invite(row["id"], who, name, translator))


def edit(ask: Ask, conference_id: str, invitation_id: str) -> Any:
    ask.check_url_type()
    row = ask.conference(conference_id, change=True)
    invitation = _invitation(ask, row, invitation_id)
    conferences.check_stopped(ask, row)
    fields = ask.fields
    fields.only(known(ask.minor) - {"id"}, {"id"} | READ_ONLY)
    given = read_invitation(fields)
    fields.check()
    return _answer(ask, row, ask.account.store.change("invitations", invitation["id"], **given))


def remove(ask: Ask, conference_id: str, invitation_id: str) -> Any:
    """The owner stays."""
    row = ask.conference(conference_id, change=True)
    invitation = _invitation(ask, row, invitation_id)
    conferences.check_stopped(ask, row)
    if invitation["who"] == row["owner"]:
        raise conferencerules.owner_missing()
    ask.account.uninvite(row["id"], invitation["who"])
    return {"id": invitation["who"]}


def _invitation(ask: Ask, row: Row, invitation_id: str) -> Row:
    found = ask.account.invitation(row["id"], invitation_id)
    if found is None:
        raise not_found("invitation", invitation_id, "invitation_id")
    return found


def _answer(ask: Ask, row: Row, invitation: Row) -> Any:
    return {"invitation": shapes.invitation(ask, row, invitation)}
