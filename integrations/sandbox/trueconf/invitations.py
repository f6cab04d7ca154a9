"""The list of those invited to a conference.

Source: [document, Conferences Invitations]. What an unknown or a repeated invitation is
answered with is not in the document: 404 `invitationNotFound` is a guess, 400
`uniqueValueAlreadyInUse` the answer that public clients meet.
"""

from __future__ import annotations

from typing import Any

from integrations.sandbox.store import Row
from integrations.sandbox.trueconf import conference_rules, conferences, paging, shapes
from integrations.sandbox.trueconf.invitation_form import known, read_invitation
from integrations.sandbox.trueconf.refusal import not_found, taken
from integrations.sandbox.trueconf.request import ApiRequest

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


def list_all(request: ApiRequest, conference_id: str) -> Any:
    """Get Invitation List [Conferences invitations]."""
    request.check_url_type()
    row = request.conference(conference_id)
    shown, following = paging.whole(request, request.account.invitations(row["id"]))
    return {**following, "invitations": [shapes.invitation(request, row, one) for one in shown]}


def get(request: ApiRequest, conference_id: str, invitation_id: str) -> Any:
    """Get Invitation [Conferences invitations]."""
    request.check_url_type()
    row = request.conference(conference_id)
    return _answer(request, row, _invitation(request, row, invitation_id))


def add(request: ApiRequest, conference_id: str) -> Any:
    """Add Invitation [Conferences invitations]."""
    request.check_url_type()
    row = request.conference(conference_id, change=True)
    fields = request.fields
    fields.only(known(request.minor), READ_ONLY)
    fields.required("id")
    given = read_invitation(fields)
    fields.check()
    who = given["id"]
    conference_rules.check_who(request, who, "id")
    if request.account.invitation(row["id"], who):
        raise taken("id")
    now = request.account.invitations(row["id"])
    guests = sum(one["kind"] == "custom" for one in now) + conference_rules.is_guest(request, who)
    conference_rules.check_room_for(request, row, guests, len(now) + 1)
    name, translator = given.get("display_name", ""), given.get("translator")
    return _answer(request, row, request.account.invite(row["id"], who, name, translator))


def edit(request: ApiRequest, conference_id: str, invitation_id: str) -> Any:
    """Edit Invitation [Conferences invitations]."""
    request.check_url_type()
    row = request.conference(conference_id, change=True)
    invitation = _invitation(request, row, invitation_id)
    conferences.check_stopped(request, row)
    fields = request.fields
    fields.only(known(request.minor) - {"id"}, {"id"} | READ_ONLY)
    given = read_invitation(fields)
    fields.check()
    return _answer(
        request, row, request.account.store.change("invitations", invitation["id"], **given)
    )


def remove(request: ApiRequest, conference_id: str, invitation_id: str) -> Any:
    """The owner stays."""
    row = request.conference(conference_id, change=True)
    invitation = _invitation(request, row, invitation_id)
    conferences.check_stopped(request, row)
    if invitation["who"] == row["owner"]:
        raise conference_rules.owner_missing()
    request.account.uninvite(row["id"], invitation["who"])
    return {"id": invitation["who"]}


def _invitation(request: ApiRequest, row: Row, invitation_id: str) -> Row:
    found = request.account.invitation(row["id"], invitation_id)
    if found is None:
        raise not_found("invitation", invitation_id, "invitation_id")
    return found


def _answer(request: ApiRequest, row: Row, invitation: Row) -> Any:
    return {"invitation": shapes.invitation(request, row, invitation)}
