"""One-shot things: links into a room, and the lists that the account's option opens."""

from collections.abc import Mapping
from typing import Any

from integrations.base.errors import refused
from integrations.livewebinar import PLATFORM
from integrations.livewebinar.adapter.account import Account
from integrations.livewebinar.mapping import people, rooms

Arguments = Mapping[str, Any]


def room_links(account: Account, widget_id: str, arguments: Arguments) -> dict[str, Any]:
    """The room's address for each role, with `nickname` and `avatar_url` if wished.

    Beside them the options for LiveWebinar's embed code, as an attendee.
    """
    row = account.widget(widget_id)
    token = row.needed_text("token")
    named = (str(arguments.get("nickname") or ""), str(arguments.get("avatar_url") or ""))
    urls = rooms.role_urls(row, account.places)
    for role, word in rooms.role_hashes(row).items():
        urls[role] = account.client.room_address(account.places.app, token, word, *named)["url"]
    attendee = account.client.room_address(account.places.app, token, "", *named)
    urls[rooms.ATTENDEE] = attendee["url"]
    return {
        "rows": [{"id": role, "role": role, "address": url} for role, url in urls.items()],
        "facts": rooms.embed_facts(attendee["embed"], account.places),
    }


def join_link(account: Account, widget_id: str, arguments: Arguments) -> dict[str, Any]:
    """A personal link for `email`, `name`, `role`; a new one each time."""
    role = str(arguments.get("role") or rooms.ATTENDEE)
    return {"join_url": account.personal_link(widget_id, arguments, role)}


def join_link_with_form(account: Account, widget_id: str, arguments: Arguments) -> dict[str, Any]:
    """The same for a room with a web form: `answers` has one `field: answer` a line."""
    role = str(arguments.get("role") or rooms.ATTENDEE)
    answers = people.answers_in(str(arguments.get("answers") or ""))
    if not answers:
        raise refused(PLATFORM, "answers", "Write at least what the form requires.")
    return {"join_url": account.personal_link(widget_id, arguments, role, answers)}


def registrants(account: Account, widget_id: str, arguments: Arguments) -> dict[str, Any]:
    """Who registered by the form of a room."""
    return {"rows": people.people_rows(account.rows_of(widget_id, "registrants"))}


def participants(account: Account, widget_id: str, arguments: Arguments) -> dict[str, Any]:
    """Who was in a room."""
    return {"rows": people.people_rows(account.rows_of(widget_id, "participants"))}


def forms(account: Account, external_id: str, arguments: Arguments) -> dict[str, Any]:
    """The account's web forms and their numbers."""
    return {"rows": people.form_rows(account.forms())}


ACTIONS = {
    "room_links": room_links,
    "join_link": join_link,
    "join_link_with_form": join_link_with_form,
    "registrants": registrants,
    "participants": participants,
    "forms": forms,
}
CHANGING = frozenset({"join_link", "join_link_with_form"})
