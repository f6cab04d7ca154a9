"""The commands of participant groups. A group is made by name and known by id."""

from __future__ import annotations

from typing import Any

from integrations.sandbox.myownconference.account import MyOwnConferenceAccount
from integrations.sandbox.myownconference.attendees import attendees
from integrations.sandbox.myownconference.params import Params, Refusal
from integrations.sandbox.myownconference.shapes import done
from integrations.sandbox.store import Row


def create(account: MyOwnConferenceAccount, params: Params) -> Any:
    """The same name twice makes two groups."""
    params.known("name")
    group = account.add_group(params.text("name", required=True) or "")
    return done("Group was created", group_id=str(group["id"]))


def rename(account: MyOwnConferenceAccount, params: Params) -> Any:
    """The command attendeesGroupsRename."""
    params.known("id", "newname")
    group = _group(account, params, "id")
    account.rename_group(group["id"], params.text("newname", required=True) or "")
    return done("Group was renamed")


def delete(account: MyOwnConferenceAccount, params: Params) -> Any:
    """The members stay in the list of participants."""
    params.known("id")
    account.delete_group(_group(account, params, "id")["id"])
    return done("Group was deleted")


def list_all(account: MyOwnConferenceAccount, params: Params) -> Any:
    """A list in a list, as the document shows it."""
    return [[_group_shape(group) for group in account.store.rows("groups")]]


def assign(account: MyOwnConferenceAccount, params: Params) -> Any:
    """All or none."""
    params.known("group_id", "attendees")
    group = _group(account, params, "group_id")
    for person in attendees(account, params.emails("attendees")):
        account.join_group(group["id"], person["email"])
    return done("Attendees were added to the group")


def unassign(account: MyOwnConferenceAccount, params: Params) -> Any:
    """The command attendeesUnAssignFromGroup."""
    params.known("group_id", "attendees")
    group = _group(account, params, "group_id")
    for person in attendees(account, params.emails("attendees")):
        account.leave_group(group["id"], person["email"])
    return done("Attendees were removed from the group")


def common(account: MyOwnConferenceAccount, params: Params) -> Any:
    """The groups that one of these people belongs to, each once."""
    people = attendees(account, params.listed_emails())
    ids = {group["id"] for person in people for group in account.groups_of(person["id"])}
    return [_group_shape(group) for group in account.store.rows("groups") if group["id"] in ids]


def _group(account: MyOwnConferenceAccount, params: Params, name: str) -> Row:
    group_id = params.row_id(name)
    group = account.store.get("groups", group_id)
    if group is None:
        raise Refusal(f"Group with id {group_id} not found")
    return group


def _group_shape(group: Row) -> dict[str, str]:
    return {"id": str(group["id"]), "name": group["name"]}
