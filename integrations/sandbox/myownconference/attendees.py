"""The commands of webinar participants. Addresses are known in any case."""

from __future__ import annotations

from typing import Any

from integrations.sandbox.myownconference.account import MyOwnConferenceAccount
from integrations.sandbox.myownconference.account_people import ACTIVE, BANNED, DETAILS, PENDING
from integrations.sandbox.myownconference.params import Params, Refusal
from integrations.sandbox.myownconference.shapes import (
    active_webinar,
    attendee_link,
    done,
    named_webinar,
    own_webinar,
    room_lines,
)
from integrations.sandbox.store import Row

FIELDS = (
    "name",
    "email",
    *DETAILS,
    "creation_date",
    "country",
    "type",
    "notified",
    "link",
)
ORDERS = {"name": "name", "email": "address", "creation_date": "created"}
# The document's own example spells `onPage` with a Cyrillic letter.
ON_PAGE = ("onPage", "on\u0420age")
FILTERS = (
    "fields",
    *ON_PAGE,
    "page",
    "alias",
    "search",
    "order",
    "orderField",
    "type",
    "imported",
    "webinars",
    "webinarsOrder",
    "withEmail",
    "group",
)
DEFAULT_PAGE = 100


def create(account: MyOwnConferenceAccount, params: Params) -> Any:
    """Public clients send phone and company along; a name may be empty here."""
    email = params.email() or ""
    name = params.plain("name", longest=64) or ""
    account.add_attendee(email, name, **_details(params))
    return done("Attendee was created")


def change(account: MyOwnConferenceAccount, params: Params) -> Any:
    """The new address is called `newemail` here. Further fields pass: "the number of additional
    data fields may differ". A name has up to 64 characters as in attendeesCreate; the "10" of
    this command's table is taken for a slip."""
    person = attendee(account, params.email() or "")
    values = {
        "email": params.email("newemail", required=False),
        "name": params.plain("name", longest=64),
        **_details(params),
    }
    changed = {name: value for name, value in values.items() if value is not None}
    account.edit_attendee(person["email"], **changed)
    return done("Attendee was updated")


def delete(account: MyOwnConferenceAccount, params: Params) -> Any:
    """All or none."""
    for person in attendees(account, params.listed_emails()):
        account.delete_attendee(person["email"])
    return done("Attendees were deleted")


def list_all(account: MyOwnConferenceAccount, params: Params) -> Any:
    """`count` counts all that match; without `onPage` they all come at once."""
    params.known(*FILTERS)
    fields = params.fields(FIELDS, ("name", "email"))
    alias = params.text("alias")
    webinar = named_webinar(account, alias) if alias else None
    found = _ordered(_matching(account, params, webinar), params)
    page = [_attendee_shape(account, person, webinar, fields) for person in _page(found, params)]
    return {"count": str(len(found)), "list": page}


def add_to_webinar(account: MyOwnConferenceAccount, params: Params) -> Any:
    """All or none; everyone must be there already, and the webinar still to come or under way."""
    params.known("alias", "attendees")
    webinar = active_webinar(account, params)
    for person in attendees(account, params.emails("attendees")):
        account.invite(webinar["alias"], person["email"])
    return done("Attendees were added to the webinar")


def remove_from_webinar(account: MyOwnConferenceAccount, params: Params) -> Any:
    """The command attendeesRemoveFromWebinar."""
    params.known("alias", "attendees")
    webinar = own_webinar(account, params)
    for person in attendees(account, params.emails("attendees")):
        account.withdraw(webinar["alias"], person["email"])
    return done("Attendees were removed from the webinar")


def rooms(account: MyOwnConferenceAccount, params: Params) -> Any:
    """The command attendeesRooms."""
    params.known("email")
    person = attendee(account, params.email() or "")
    ids = {row["room_id"] for row in account.store.rows("invited", attendee_id=person["id"])}
    webinars = [webinar for webinar in account.webinars() if webinar["id"] in ids]
    return room_lines(
        account, webinars, "attendeeLink", lambda row: attendee_link(account, row, person)
    )


def unban(account: MyOwnConferenceAccount, params: Params) -> Any:
    """Lifts a block; who is not blocked stays as they are."""
    params.known("email")
    for person in attendees(account, params.emails("email")):
        if person["type"] == BANNED:
            account.edit_attendee(person["email"], type=ACTIVE)
    return done("Attendees were unblocked")


def attendees(account: MyOwnConferenceAccount, emails: list[str]) -> list[Row]:
    """Refusal where one of them is not in the list of participants."""
    return [attendee(account, email) for email in dict.fromkeys(map(str.casefold, emails))]


def attendee(account: MyOwnConferenceAccount, email: str) -> Row:
    """A participant by address. Raises Refusal."""
    person = account.find_attendee(email)
    if person is None:
        raise Refusal(f"Attendee with email {email} not found")
    return person


def _details(params: Params) -> Row:
    """What is sent of the person's further fields."""
    details = {name: params.plain(name) for name in DETAILS if name not in ("phone", "born")}
    details["phone"] = params.text("phone", longest=16)
    details["born"] = params.text("born", longest=32)
    return {name: value for name, value in details.items() if value is not None}


def _matching(account: MyOwnConferenceAccount, params: Params, webinar: Row | None) -> list[Row]:
    people = account.invited(webinar["alias"]) if webinar else account.store.rows("attendees")
    wanted = (params.text("search") or "").casefold()
    kind = params.choice("type", (ACTIVE, PENDING, BANNED))
    imported, with_email = params.flag("imported"), params.flag("withEmail")
    members, came = _members(account, params), _visitors(account, params)
    inside = params.choice("webinarsOrder", ("IN", "OUT")) != "OUT"
    return [
        person
        for person in people
        if wanted in f"{person['name']} {person['email']}".casefold()
        and kind in (None, person["type"])
        and imported in (None, person["imported"])
        and with_email in (None, bool(person["email"]))
        and (members is None or person["id"] in members)
        and (came is None or (person["address"] in came) is inside)
    ]


def _members(account: MyOwnConferenceAccount, params: Params) -> set[int] | None:
    """The ids of those in `group`."""
    if not params.text("group"):
        return None
    group_id = params.row_id("group")
    if account.store.get("groups", group_id) is None:
        raise Refusal(f"Group with id {group_id} not found")
    return {row["attendee_id"] for row in account.store.rows("members", group_id=group_id)}


def _visitors(account: MyOwnConferenceAccount, params: Params) -> set[str] | None:
    """The addresses of those who were in one of `webinars`."""
    aliases = params.words("webinars")
    if not aliases:
        return None
    webinars = [named_webinar(account, alias) for alias in aliases]
    return {
        visit["email"].casefold()
        for webinar in webinars
        for session in account.sessions(webinar["alias"])
        for visit in session["visits"]
        if visit["email"]
    }


def _ordered(people: list[Row], params: Params) -> list[Row]:
    column = ORDERS[params.choice("orderField", tuple(ORDERS)) or "name"]
    falling = params.choice("order", ("ASC", "DESC")) == "DESC"
    return sorted(
        people, key=lambda person: (person[column].casefold(), person["id"]), reverse=falling
    )


def _page(people: list[Row], params: Params) -> list[Row]:
    number = params.number("page", 1, 999_999) or 1
    name = next((name for name in ON_PAGE if name in params), None)
    if name is None:
        return people
    size = params.number(name, 1, 100_000) or DEFAULT_PAGE
    return people[(number - 1) * size : number * size]


def _attendee_shape(
    account: MyOwnConferenceAccount, person: Row, webinar: Row | None, fields: tuple[str, ...]
) -> dict[str, Any]:
    """`link` comes only beside `alias`."""
    shape = {
        **person,
        "creation_date": account.stamp(person["created"]),
        "notified": str(person["notified"]),
    }
    if webinar:
        shape["link"] = attendee_link(account, webinar, person)
    return {name: shape[name] for name in fields if name in shape}
