"""The commands of webinar moderators. Addresses are known in any case."""

from __future__ import annotations

from typing import Any

from integrations.sandbox.myownconference.account import MyOwnConferenceAccount
from integrations.sandbox.myownconference.params import Params, Refusal
from integrations.sandbox.myownconference.settings import yes_no
from integrations.sandbox.myownconference.shapes import (
    done,
    moderator_link,
    named_webinar,
    own_webinar,
    room_lines,
)
from integrations.sandbox.store import Row

FIELDS = ("email", "name", "registered", "main", "avatar")


def create(account: MyOwnConferenceAccount, params: Params) -> Any:
    """The command moderatorsCreate."""
    params.known("name", "email")
    email, name = params.email() or "", params.full_name() or ""
    account.add_moderator(email, name)
    return done("Moderator was created")


def delete(account: MyOwnConferenceAccount, params: Params) -> Any:
    """All or none; the main moderator stays."""
    people = _moderators(account, params.listed_emails())
    if any(person["main"] for person in people):
        raise Refusal("The main moderator cannot be deleted")
    for person in people:
        account.delete_moderator(person["email"])
    return done("Moderators were deleted")


def change(account: MyOwnConferenceAccount, params: Params) -> Any:
    """New values are called `newEmail` and `newName` here (attendees say `newemail`, `name`)."""
    params.known("email", "newEmail", "newName", "avatar")
    person = _moderator(account, params.email() or "")
    values: Row = {
        "email": params.email("newEmail", required=False),
        "name": params.full_name("newName", required="newName" in params),
        "avatar": params.picture("avatar"),
    }
    values = {name: value for name, value in values.items() if value is not None}
    account.edit_moderator(person["email"], **values)
    return done("Moderator was updated")


def list_all(account: MyOwnConferenceAccount, params: Params) -> Any:
    """The command moderatorsList."""
    params.known("fields", "alias", "search")
    fields = params.fields(FIELDS, FIELDS)
    alias = params.text("alias")
    webinar = named_webinar(account, alias) if alias else None
    people = account.store.rows("moderators")
    if webinar:
        people = account.moderators_of(webinar["id"])
    wanted = (params.text("search") or "").casefold()
    return [
        _moderator_shape(account, person, fields)
        for person in people
        if wanted in f"{person['name']} {person['email']}".casefold()
    ]


def add_to_webinar(account: MyOwnConferenceAccount, params: Params) -> Any:
    """`sendInvite` YES sends the invitation at once, and not by the general schedule."""
    params.known("alias", "email", "sendInvite")
    webinar = own_webinar(account, params)
    people = _moderators(account, params.emails("email"))
    at_once = params.flag("sendInvite")
    for person in people:
        account.assign(webinar["alias"], person["email"])
        if at_once:
            mail = {"kind": "invitation", "room_id": webinar["id"], "email": person["email"]}
            account.store.add("mails", {**mail, "sent": account.now})
    return done("Moderators were added to the webinar")


def remove_from_webinar(account: MyOwnConferenceAccount, params: Params) -> Any:
    """The command moderatorsRemoveFromWebinar."""
    params.known("alias", "email")
    webinar = own_webinar(account, params)
    people = _moderators(account, params.emails("email"))
    if any(person["main"] for person in people):
        raise Refusal("The main moderator cannot be removed from a webinar")
    for person in people:
        account.unassign(webinar["alias"], person["email"])
    return done("Moderators were removed from the webinar")


def rooms(account: MyOwnConferenceAccount, params: Params) -> Any:
    """The command moderatorsRooms."""
    params.known("email")
    person = _moderator(account, params.email() or "")
    webinars = [
        webinar
        for webinar in account.webinars()
        if any(one["id"] == person["id"] for one in account.moderators_of(webinar["id"]))
    ]
    return room_lines(
        account, webinars, "moderatorLink", lambda row: moderator_link(account, row, person)
    )


def _moderators(account: MyOwnConferenceAccount, emails: list[str]) -> list[Row]:
    return [_moderator(account, email) for email in dict.fromkeys(map(str.casefold, emails))]


def _moderator(account: MyOwnConferenceAccount, email: str) -> Row:
    person = account.find_moderator(email)
    if person is None:
        raise Refusal(f"Moderator with email {email} not found")
    return person


def _moderator_shape(
    account: MyOwnConferenceAccount, person: Row, fields: tuple[str, ...]
) -> dict[str, Any]:
    shape = {
        "email": person["email"],
        "name": person["name"],
        "registered": account.stamp(person["registered"]),
        "main": yes_no(person["main"]),
        "avatar": yes_no(person["avatar"]),
    }
    return {name: shape[name] for name in fields}
