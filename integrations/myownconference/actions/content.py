"""Files, chat, visits, downloads, the looks of a room, and copies of a webinar."""

import mimetypes
import re
from base64 import b64encode
from datetime import date
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import unquote, urlsplit

from integrations.base.adapter import Download
from integrations.base.errors import RequestRejected
from integrations.myownconference.actions.desk import Action, Arguments, Desk, Result, text
from integrations.myownconference.line import PLATFORM
from integrations.myownconference.mapping import after, webinar
from integrations.myownconference.mapping.reading import confirm, refuse
from integrations.myownconference.own import split, unknown

# Recording modes are told by a key without a value [Updating the settings, Recording mode].
RECORDING_MODES = ("recordWebCams", "recordAreaNoChat", "recordArea", "recordWhole")
AS_TOLD = (
    "webcamPosition",
    "cameraSize",
    "recordQuality",
    "sendRecordTo",
    # these three hold for recordings of the whole room alone
    "recordUsers",
    "recordModer",
    "recordChat",
)
FILE_TYPES = {"PRESENTATION": "slides or picture", "MEDIA": "sound or video"}
IMAGES = {"image/png", "image/jpeg"}


def files(desk: Desk, alias: str, arguments: Arguments) -> Result:
    """The webinar's files; one call for each type, since rows do not show it."""
    found = []
    with desk.own.webinar(alias):
        for kind, shown in FILE_TYPES.items():
            listed = after.files(desk.client.webinars_files_list(alias, kind))
            found += [{**row, "kind": shown} for row in listed]
    return {"rows": found}


def chats(desk: Desk, alias: str, arguments: Arguments) -> Result:
    """Every message of the chat."""
    return {"rows": after.chat(desk.history.entries(alias, "chats"))}


def visits(desk: Desk, alias: str, arguments: Arguments) -> Result:
    """The history of visits row by row, as it is."""
    return {"rows": after.chat(desk.history.entries(alias, "visits"))}


def clone(desk: Desk, alias: str, arguments: Arguments) -> Result:
    """Copy the webinar to the day `date` (YYYY-MM-DD); the next sync shows the copy."""
    day = text(arguments, "date", "a day")
    try:
        day = date.fromisoformat(day).isoformat()
    except ValueError:
        raise refuse("date", "Please give a day as YYYY-MM-DD.") from None
    with desk.own.webinar(alias):
        made = webinar.created(desk.client.webinars_clone(alias, day), {})
    desk.own.aliases.add(made.external_id or "")
    return {"id": made.external_id, **made.facts}


def room_settings(desk: Desk, alias: str, arguments: Arguments) -> Result:
    """What the platform takes and never shows again; only what is given is sent."""
    sent: dict[str, Any] = {n: str(arguments[n]) for n in AS_TOLD if arguments.get(n)}
    if mode := arguments.get("recordMode"):
        if mode not in RECORDING_MODES:
            raise refuse("recordMode", "This is not one of the recording modes.")
        sent[mode] = ""
    if arguments.get("beforeStartTime"):
        sent["beforeStartTime"] = arguments["beforeStartTime"]
    if not sent:
        raise refuse("recordMode", "Nothing was chosen.")
    with desk.own.webinar(alias):
        confirm(desk.client.webinars_set(alias, {"settings": sent}), "webinar")
    return {}


def logo(desk: Desk, alias: str, arguments: Arguments) -> Result:
    """Put the picture `content` up as the room's logo; `link` is where a click leads."""
    return _picture(desk, alias, arguments, "logo", "logotype_url")


def banner(desk: Desk, alias: str, arguments: Arguments) -> Result:
    """Put the picture `content` up as the room's banner; `link` is where a click leads."""
    return _picture(desk, alias, arguments, "banner", "banner_url")


def download_file(desk: Desk, alias: str, arguments: Arguments) -> Download:
    """The webinar's file `id`."""
    wanted = text(arguments, "id", "a file")
    with desk.own.webinar(alias):
        found = after.download_link(desk.client.webinars_files_list(alias), "file", wanted)
    if found is None:
        raise unknown("file")
    return _download(desk, *found, "download file")


def download_recording(desk: Desk, external_id: str, arguments: Arguments) -> Download:
    """A recording, by the address that its listing shows now."""
    record = desk.recordings.get(external_id)
    name = str(record.facts.get("name") or split(external_id)[1])
    return _download(desk, name, record.volatile["download_url"], "download recording")


def image(arguments: Arguments) -> str:
    """The picture among the arguments, in Base64; JPG, JPEG or PNG."""
    content, name = arguments.get("content"), str(arguments.get("name") or "")
    if not isinstance(content, bytes) or not content:
        raise refuse("content", "Please choose a picture.")
    if mimetypes.guess_type(name)[0] not in IMAGES:
        raise refuse("content", "The picture must be a JPG or PNG file.")
    return b64encode(content).decode("ascii")


def _picture(desk: Desk, alias: str, arguments: Arguments, name: str, link: str) -> Result:
    sent = {name: image(arguments)}
    if address := str(arguments.get("link") or "").strip():
        sent[link] = address
    with desk.own.webinar(alias):
        confirm(desk.client.webinars_set(alias, sent), "webinar")
    return {}


def _download(desk: Desk, name: str, link: str, operation: str) -> Download:
    if not link:
        raise RequestRejected(
            f"{PLATFORM} gives no address to fetch it from yet.",
            platform=PLATFORM,
            operation=operation,
        )
    name = _with_suffix(name, link)
    content_type = mimetypes.guess_type(name)[0] or "application/octet-stream"
    return Download(name, content_type, desk.client.http.stream(link, operation))


def _with_suffix(name: str, link: str) -> str:
    """A name for the file, with the ending that its address has."""
    plain = re.sub(r'[\x00-\x1f\x7f/\\:*?"<>|]+', " ", name).strip(" .") or "file"
    ending = PurePosixPath(unquote(urlsplit(link).path)).suffix
    wanted = re.fullmatch(r"\.[A-Za-z0-9]{1,5}", ending) and not PurePosixPath(plain).suffix
    return plain + (ending if wanted else "")


ACTIONS: dict[str, Action] = {
    "files": files,
    "chats": chats,
    "visits": visits,
    "clone": clone,
    "room_settings": room_settings,
    "logo": logo,
    "banner": banner,
}
DOWNLOADS = {"download_file": download_file, "download_recording": download_recording}
