"""One-shot things: links into a room, and the lists that the account's option opens."""

from collections.abc import Mapping
from typing import Any

from integrations.base.errors import refused
from integrations.base.texts import _
from integrations.livewebinar.adapter.context import Context
from integrations.livewebinar.mapping import people, rooms
from integrations.livewebinar.payloads import PLATFORM

Arguments = Mapping[str, Any]


def room_links(context: Context, widget_id: str, arguments: Arguments) -> dict[str, Any]:
    """The room's address for each role, with `nickname` and `avatar_url` if wanted.

    Beside them the options for LiveWebinar's embed code, as an attendee.
    """
    row = context.widget(widget_id)
    token = row.needed_text("token")
    named = (str(arguments.get("nickname") or ""), str(arguments.get("avatar_url") or ""))
    urls = rooms.role_urls(row, context.places)
    for role, word in rooms.role_hashes(row).items():
        urls[role] = context.client.room_address(context.places.app, token, word, *named)["url"]
    attendee = context.client.room_address(context.places.app, token, "", *named)
    urls[rooms.ATTENDEE] = attendee["url"]
    return {
        "rows": [{"id": role, "role": role, "address": url} for role, url in urls.items()],
        "facts": rooms.embed_facts(attendee["embed"], context.places),
    }


def join_link(context: Context, widget_id: str, arguments: Arguments) -> dict[str, Any]:
    """A personal link for `email`, `name`, `role`; a new one each time."""
    role = str(arguments.get("role") or rooms.ATTENDEE)
    return {"join_url": context.personal_link(widget_id, arguments, role)}


def join_link_with_form(context: Context, widget_id: str, arguments: Arguments) -> dict[str, Any]:
    """The same for a room with a web form: `answers` has one `field: answer` a line."""
    role = str(arguments.get("role") or rooms.ATTENDEE)
    answers = people.answers_in(str(arguments.get("answers") or ""))
    if not answers:
        raise refused(PLATFORM, "answers", _("Write at least what the form requires."))
    return {"join_url": context.personal_link(widget_id, arguments, role, answers)}


def registrants(context: Context, widget_id: str, arguments: Arguments) -> dict[str, Any]:
    """Who registered by the form of a room."""
    return {"rows": people.people_rows(context.rows_of(widget_id, "registrants"))}


def participants(context: Context, widget_id: str, arguments: Arguments) -> dict[str, Any]:
    """Who was in a room."""
    return {"rows": people.people_rows(context.rows_of(widget_id, "participants"))}


def forms(context: Context, external_id: str, arguments: Arguments) -> dict[str, Any]:
    """The account's web forms and their numbers."""
    return {"rows": people.form_rows(context.forms())}


ACTIONS = {
    "room_links": room_links,
    "join_link": join_link,
    "join_link_with_form": join_link_with_form,
    "registrants": registrants,
    "participants": participants,
    "forms": forms,
}
CHANGING = frozenset({"join_link", "join_link_with_form"})
