"""How people get in: addresses, calendars, programs, what an invitation calls them."""

from typing import Annotated, Any

from integrations.base.errors import refused
from integrations.base.reading import Row, rows
from integrations.base.texts import _, say
from integrations.trueconf.actions.arguments import Arguments, short, user_named
from integrations.trueconf.adapter.context import Context
from integrations.trueconf.mapping.answers import inside
from integrations.trueconf.mapping.ids import split
from integrations.trueconf.mapping.settings import listed
from integrations.trueconf.mapping.texts import address
from integrations.trueconf.payloads import PLATFORM, InvitationChange, SoftwareClient


def join_link(context: Context, external_id: str, arguments: Arguments) -> dict[str, Any]:
    """Where a person joins. It is the same page for all: users log in there, guests say a name.

    Links that log somebody in by themselves hold a temporary password (`entry_links`), and would
    not last until the webinar.
    """
    page = context.page(*split(external_id, 1))
    if not page:
        raise refused(PLATFORM, "", _("TrueConf Server names no address for this webinar."))
    return {"join_url": page}


def room_links(context: Context, external_id: str, arguments: Arguments) -> dict[str, Any]:
    """All addresses of a conference, for browsers, programs, terminals and calendars."""
    (their_id,) = split(external_id, 1)
    row = context.conference(their_id)
    facts: dict[str, Any] = {
        _("Page"): address(row, "url"),
        _("Widget"): address(row, "webclient_url"),
    }
    ways = row.row("connect_urls")
    for name, label in (("sip_external", _("SIP from outside")), ("sip", "SIP"), ("h323", "H.323")):
        facts[label] = _several(ways.plain(name)) if ways else ""
    if context.reaches("v3.1"):
        facts |= _shared(context, their_id) | _calendars(context, their_id)
    return {"facts": short(facts)}


def entry_links(context: Context, external_id: str, arguments: Arguments) -> dict[str, Any]:
    """Programs to join with. For a person, the addresses log that person in for a while."""
    (their_id,) = split(external_id, 1)
    params: dict[str, Any] = {"call_id": their_id}
    if context.reaches("v3.1"):
        params["case"] = "join_conference_button"
    person = str(arguments.get("person") or "").strip()
    name = str(arguments.get("guest") or "").strip()
    if person:
        params["user"] = user_named(context, person, "person")
    elif name:
        params["user"] = f"${name}"
    found = rows(context.client.get_client_list(params), "program", PLATFORM, ("clients",))
    shown = [_program_row(number, row) for number, row in enumerate(found, 1)]
    return {"rows": [row for row in shown if row["address"]]}


def rename_invitation(context: Context, external_id: str, arguments: Arguments) -> dict[str, Any]:
    """What somebody is called in the webinar, and which languages they translate (v3.9)."""
    their_id, user = split(external_id, 2)
    name = str(arguments.get("name") or "").strip()
    sent: InvitationChange = {"display_name": name} if name else {}
    languages = listed(arguments.get("languages"))
    if languages and context.reaches("v3.9"):
        if len(languages) != 2:
            raise refused(PLATFORM, "languages", _("Name two languages, such as en, de."))
        sent["translator"] = {"languages": languages}
    if not sent:
        raise refused(PLATFORM, "name", _("Give a name."))
    row = context.invitation(context.client.edit_invitation(their_id, user, sent), user)
    return {"sentence": say("They are called %(name)s now.", name=row.text("display_name") or user)}


def _shared(context: Context, their_id: str) -> dict[str, Any]:
    row = Row(context.client.share_conference(their_id), "shared page", PLATFORM)
    embedded = row.row("embedded")
    code = embedded.text("webrtc") if embedded else ""
    return {_("Code for other pages"): code, "RTSP": row.text("rtsp_url")}


def _calendars(context: Context, their_id: str) -> dict[str, Any]:
    row = inside(context.client.get_conference_calendars(their_id, {}), "calendars")
    return {"Google Calendar": address(row, "google"), "Outlook": address(row, "outlook")}


def _program_row(number: int, row: Annotated[Row, SoftwareClient]) -> dict[str, Any]:
    names = ("download_url", "market_url")
    ordered = ("web_url", *names) if row.text("type") == "web" else names
    found = (address(row, name) for name in ordered)
    return {
        "id": str(number),
        "name": row.text("name") or "",
        "platform": row.text("platform") or "",
        "address": next(filter(None, found), ""),
    }


def _several(value: Any) -> str:
    return ", ".join(str(item) for item in value) if isinstance(value, list) else str(value or "")


ACTIONS = {
    "join_link": join_link,
    "room_links": room_links,
    "entry_links": entry_links,
    "rename_invitation": rename_invitation,
}
