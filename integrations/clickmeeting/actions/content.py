"""What lies around a room: files, chats, looks, numbers. Each function answers one action."""

from collections.abc import Mapping
from typing import Any

from integrations.base.adapter import Download
from integrations.base.reading import Row, rows
from integrations.base.texts import _, say
from integrations.clickmeeting.client import Client
from integrations.clickmeeting.mapping import people
from integrations.clickmeeting.payloads import PLATFORM

Arguments = Mapping[str, Any]
Answer = dict[str, Any]


def files(client: Client, room_id: str, arguments: Arguments) -> Answer:
    """The files of a room, or of the account's library where no room is named."""
    found = client.list_room_files(room_id) if room_id else client.list_files()
    return {"rows": [_file(row) for row in rows(found, "file", PLATFORM)]}


def file(client: Client, room_id: str, arguments: Arguments) -> Answer:
    """One file's details: how far its conversion is."""
    row = Row(client.get_file(str(arguments.get("id") or "")), "file", PLATFORM)
    facts = _file(row) | {"progress": row.whole("conversion_progress") or 0}
    return {"facts": facts | {"message": row.text("status_message") or ""}}


def upload(client: Client, room_id: str, arguments: Arguments) -> Answer:
    """Put `content` (bytes) under `name` into a room's library, or the account's."""
    name, content = str(arguments["name"]), bytes(arguments["content"])
    if room_id:
        answer = client.upload_room_file(room_id, name, content)
    else:
        answer = client.upload_file(name, content)
    file = _file(Row(answer, "file", PLATFORM))
    return {"sentence": say("%(file)s is there.", file=file["name"])}


def delete_file(client: Client, room_id: str, arguments: Arguments) -> Answer:
    """Remove the file `id` from the library."""
    people.confirm(client.delete_file(str(arguments.get("id") or "")), people.DELETION)
    return {}


def chats(client: Client, room_id: str, arguments: Arguments) -> Answer:
    """The chats of a room's sessions; of all sessions where no room is named.

    The list names neither room nor session's room, only the session: those of the room are asked.
    """
    found = rows(client.list_chats(), "chat", PLATFORM)
    if room_id:
        sessions = rows(client.list_sessions(room_id), "session", PLATFORM)
        mine = {row.ident("id") for row in sessions}
        found = [row for row in found if row.ident("id") in mine]
    return {"rows": [_chat(row) for row in found]}


def skins(client: Client, room_id: str, arguments: Arguments) -> Answer:
    """The looks that a room can be given in the panel."""
    found = rows(client.list_skins(), "skin", PLATFORM)
    return {
        "rows": [{"name": r.text("name") or "", "preview": r.link("thumbnail_url")} for r in found]
    }


def phone_gateways(client: Client, room_id: str, arguments: Arguments) -> Answer:
    """The numbers by which one can dial in."""
    found = rows(client.list_phone_gateways(), "phone gateway", PLATFORM)
    return {
        "rows": [
            {
                "country": r.text("code") or "",
                "place": r.text("location") or "",
                "number": r.text("value") or "",
            }
            for r in found
        ]
    }


def time_zones(client: Client, room_id: str, arguments: Arguments) -> Answer:
    """The zones that ClickMeeting knows, of one `country` (two letters) if it is given."""
    country = str(arguments.get("country") or "").strip().lower()
    found = client.list_time_zones_of(country) if country else client.list_time_zones()
    names = found if isinstance(found, list) else []
    if not all(isinstance(name, str) for name in names) or not isinstance(found, list):
        raise Row({}, "list of time zones", PLATFORM).unexpected(
            _("%(platform)s answered with no list of time zones.")
        )
    return {"rows": [{"zone": name} for name in names]}


def registration_template(client: Client, room_id: str, arguments: Arguments) -> Answer:
    """Choose the form (1 to 3) of a room's own registration page, which is then on."""
    client.set_registration_template(room_id, True, int(arguments["template"]))
    return {}


def download_file(client: Client, room_id: str, arguments: Arguments) -> Download:
    """A file's content, under the name that it has there."""
    file_id = str(arguments.get("id") or "")
    name = _file(Row(client.get_file(file_id), "file", PLATFORM))["name"]
    return Download(name, "application/octet-stream", client.download_file(file_id))


def download_chat(client: Client, room_id: str, arguments: Arguments) -> Download:
    """The chat of a session as a ZIP file."""
    session = str(arguments.get("id") or "")
    return Download(f"chat-{session}.zip", "application/zip", client.download_chat(session))


def _file(row: Row) -> dict[str, Any]:
    """`upload_date` has no offset, and the document does not say whose clock it is."""
    return {
        "id": row.ident("id"),
        "name": row.text("name") or "file",
        "type": row.text("document_type") or "",
        "status": row.text("status") or "",
        "uploaded": row.text("upload_date") or "",
    }


def _chat(row: Row) -> dict[str, Any]:
    when = f"{row.text('date') or ''} {row.text('time') or ''}".strip()
    return {"id": row.ident("id"), "webinar": row.text("name") or "", "when": when}


READS = {
    "files": files,
    "file": file,
    "chats": chats,
    "skins": skins,
    "phone_gateways": phone_gateways,
    "time_zones": time_zones,
    "library": files,
}
CHANGES = {
    "upload_file": upload,
    "delete_file": delete_file,
    "upload_to_library": upload,
    "registration_template": registration_template,
    "delete_from_library": delete_file,
}
DOWNLOADS = {
    "download_file": download_file,
    "download_from_library": download_file,
    "download_chat": download_chat,
}
