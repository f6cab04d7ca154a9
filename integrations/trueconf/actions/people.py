"""One user's picture, connection and address book."""

from functools import partial
from typing import Annotated, Any

from integrations.base.errors import refused
from integrations.base.reading import Row
from integrations.base.texts import _
from integrations.trueconf.actions.arguments import Arguments, needed, short, target, user_named
from integrations.trueconf.adapter.context import Context
from integrations.trueconf.client.paging import CONTACTS, every
from integrations.trueconf.mapping.answers import confirm_deletion, ident, inside, is_plainly_done
from integrations.trueconf.mapping.ids import split
from integrations.trueconf.payloads import PLATFORM, Contact, ContactChange


def avatar(context: Context, external_id: str, arguments: Arguments) -> dict[str, Any]:
    """Whether a user has a picture, and where it is."""
    row = Row(context.client.get_avatar(*split(external_id, 1)), "avatar", PLATFORM)
    if "avatar" not in row:
        raise row.broken("avatar")
    shown = row.plain("avatar")
    if not shown:
        return {"sentence": _("There is no picture.")}
    held = shown if isinstance(shown, dict) else {"url": shown}
    words = {name: value for name, value in held.items() if isinstance(value, str | int)}
    return {"facts": short(words)} if words else {"sentence": _("There is a picture.")}


def upload_avatar(context: Context, external_id: str, arguments: Arguments) -> dict[str, Any]:
    """Another picture, as `name` and `content`."""
    (user,) = split(external_id, 1)
    content = arguments.get("content")
    if not isinstance(content, bytes) or not content:
        raise refused(PLATFORM, "content", _("Choose a picture."))
    name = str(arguments.get("name") or "picture")
    row = Row(context.client.create_avatar(user, name, content), "avatar", PLATFORM)
    if not row.value.get("avatar"):
        raise row.broken("avatar")
    return {"sentence": _("The picture was set.")}


def delete_avatar(context: Context, external_id: str, arguments: Arguments) -> dict[str, Any]:
    """No picture any more."""
    answer = context.client.delete_avatar(*split(external_id, 1))
    if not is_plainly_done(answer):
        row = Row(answer, "avatar", PLATFORM)
        if "avatar" not in row or row.value["avatar"] is not None:
            raise row.broken("avatar")
    return {"sentence": _("The picture was taken away.")}


def disconnect(context: Context, external_id: str, arguments: Arguments) -> dict[str, Any]:
    """End a user's connections to the server."""
    row = Row(context.client.disconnect_user(*split(external_id, 1)), "state", PLATFORM)
    if row.text("state") not in ("disconnecting", "disconnected"):
        raise row.broken("state")
    return {"sentence": _("TrueConf logs them out.")}


def contacts(context: Context, external_id: str, arguments: Arguments) -> dict[str, Any]:
    """A user's address book."""
    (user,) = split(external_id, 1)
    found = every(partial(context.client.get_contact_list, user), CONTACTS)
    return {"rows": [_contact_row(row) for row in found]}


def contact_details(context: Context, external_id: str, arguments: Arguments) -> dict[str, Any]:
    """One entry of the address book."""
    (user,) = split(external_id, 1)
    row = inside(context.client.get_contact(user, target(arguments)), "contact")
    facts = {name: row.text(name) for name in ("first_name", "last_name", "company", "type")}
    return {"facts": short(_contact_row(row) | facts)}


def add_contact(context: Context, external_id: str, arguments: Arguments) -> dict[str, Any]:
    """Put somebody into the address book."""
    (user,) = split(external_id, 1)
    person = needed(arguments, "person", _("Name a user by e-mail address or TrueConf ID."))
    sent: ContactChange = {"contact_id": user_named(context, person, "person")}
    if name := str(arguments.get("name") or "").strip():
        sent["display_name"] = name
    ident(inside(context.client.add_contact(user, sent), "contact"))
    return {"sentence": _("They stand in the address book now.")}


def rename_contact(context: Context, external_id: str, arguments: Arguments) -> dict[str, Any]:
    """What the address book calls somebody."""
    (user,) = split(external_id, 1)
    contact = target(arguments)
    sent: ContactChange = {
        "contact_id": contact,
        "display_name": needed(arguments, "name", _("Give a name.")),
    }
    ident(inside(context.client.edit_contact(user, contact, sent), "contact"))
    return {"sentence": _("The entry was renamed.")}


def remove_contact(context: Context, external_id: str, arguments: Arguments) -> dict[str, Any]:
    """Take somebody out of the address book; who shares a group with the user stays."""
    (user,) = split(external_id, 1)
    contact = target(arguments)
    row = inside(context.client.get_contact(user, contact), "contact")
    if "owner" in row and row.value["owner"] is None:
        raise refused(
            PLATFORM, "", _("They share a group with this user, and cannot be taken out.")
        )
    confirm_deletion(context.client.delete_contact(user, contact), "contact")
    return {"sentence": _("The entry was removed.")}


def _contact_row(row: Annotated[Row, Contact]) -> dict[str, Any]:
    return {
        "id": ident(row),
        "name": row.text("display_name") or "",
        "email": row.email("email") or "",
    }


ACTIONS = {
    "avatar": avatar,
    "upload_avatar": upload_avatar,
    "delete_avatar": delete_avatar,
    "disconnect": disconnect,
    "contacts": contacts,
    "contact_details": contact_details,
    "add_contact": add_contact,
    "rename_contact": rename_contact,
    "remove_contact": remove_contact,
}
