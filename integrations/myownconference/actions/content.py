"""Files, chat, visits, downloads, the looks of a room, and copies of a webinar."""

import mimetypes
import re
from base64 import b64encode
from datetime import date
from pathlib import PurePosixPath
from typing import Any, cast
from urllib.parse import unquote, urlsplit

from integrations.base.adapter import Download
from integrations.base.errors import RequestRejected, refused
from integrations.base.texts import _, say
from integrations.myownconference.actions.arguments import Action, Arguments, Result, needed
from integrations.myownconference.adapter.context import Context
from integrations.myownconference.mapping import after, conference
from integrations.myownconference.mapping.answers import confirm
from integrations.myownconference.mapping.ids import split, unknown
from integrations.myownconference.payloads import PLATFORM, RoomSettingsChange, WebinarChange

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
FILE_TYPES = {"PRESENTATION": _("slides or picture"), "MEDIA": _("sound or video")}
IMAGES = {"image/png", "image/jpeg"}


def files(context: Context, alias: str, arguments: Arguments) -> Result:
    """The webinar's files; one call for each type, since rows do not show it."""
    found = []
    with context.owned.webinar(alias):
        for kind, shown in FILE_TYPES.items():
            listed = after.files(context.client.webinars_files_list(alias, kind))
            found += [{**row, "kind": shown} for row in listed]
    return {"rows": found}


def chats(context: Context, alias: str, arguments: Arguments) -> Result:
    """Every message of the chat."""
    return {"rows": after.chat(context.history.entries(alias, "chats"))}


def visits(context: Context, alias: str, arguments: Arguments) -> Result:
    """The history of visits row by row, as it is."""
    return {"rows": after.chat(context.history.entries(alias, "visits"))}


def clone(context: Context, alias: str, arguments: Arguments) -> Result:
    """Copy the webinar to the day `date` (YYYY-MM-DD); the next sync shows the copy."""
    day = needed(arguments, "date", _("Please give a day."))
    try:
        day = date.fromisoformat(day).isoformat()
    except ValueError:
        raise refused(PLATFORM, "date", _("Please give a day as YYYY-MM-DD.")) from None
    with context.owned.webinar(alias):
        made = conference.created(context.client.webinars_clone(alias, day), {})
    context.owned.aliases.add(made.external_id or "")
    return {"id": made.external_id, **made.facts}


def room_settings(context: Context, alias: str, arguments: Arguments) -> Result:
    """What the platform takes and never shows again; only what is given is sent."""
    sent: dict[str, Any] = {n: str(arguments[n]) for n in AS_TOLD if arguments.get(n)}
    if mode := arguments.get("recordMode"):
        if mode not in RECORDING_MODES:
            raise refused(PLATFORM, "recordMode", _("This is not one of the recording modes."))
        sent[mode] = ""
    if arguments.get("beforeStartTime"):
        sent["beforeStartTime"] = arguments["beforeStartTime"]
    if not sent:
        raise refused(PLATFORM, "recordMode", _("Nothing was chosen."))
    with context.owned.webinar(alias):
        confirm(
            context.client.webinars_set(alias, {"settings": cast(RoomSettingsChange, sent)}),
            "webinar",
        )
    return {}


def logo(context: Context, alias: str, arguments: Arguments) -> Result:
    """Put the picture `content` up as the room's logo; `link` is where a click leads."""
    return _picture(context, alias, arguments, "logo", "logotype_url")


def banner(context: Context, alias: str, arguments: Arguments) -> Result:
    """Put the picture `content` up as the room's banner; `link` is where a click leads."""
    return _picture(context, alias, arguments, "banner", "banner_url")


def download_file(context: Context, alias: str, arguments: Arguments) -> Download:
    """The webinar's file `id`."""
    wanted = needed(arguments, "id", _("Please give a file."))
    with context.owned.webinar(alias):
        found = after.download_link(context.client.webinars_files_list(alias), "file", wanted)
    if found is None:
        raise unknown("file")
    return _download(context, *found, "download file")


def download_recording(context: Context, external_id: str, arguments: Arguments) -> Download:
    """A recording, by the address that its listing shows now."""
    record = context.recordings.get(external_id)
    name = str(record.facts.get("name") or split(external_id)[1])
    return _download(context, name, record.volatile["download_url"], "download recording")


def image(arguments: Arguments) -> str:
    """The picture among the arguments, in Base64; JPG, JPEG or PNG."""
    content, name = arguments.get("content"), str(arguments.get("name") or "")
    if not isinstance(content, bytes) or not content:
        raise refused(PLATFORM, "content", _("Please choose a picture."))
    if mimetypes.guess_type(name)[0] not in IMAGES:
        raise refused(PLATFORM, "content", _("The picture must be a JPG or PNG file."))
    return b64encode(content).decode("ascii")


def _picture(context: Context, alias: str, arguments: Arguments, name: str, link: str) -> Result:
    sent = {name: image(arguments)}
    if address := str(arguments.get("link") or "").strip():
        sent[link] = address
    with context.owned.webinar(alias):
        confirm(context.client.webinars_set(alias, cast(WebinarChange, sent)), "webinar")
    return {}


def _download(context: Context, name: str, link: str, operation: str) -> Download:
    if not link:
        raise RequestRejected(
            say("%(platform)s gives no address to fetch it from yet.", platform=PLATFORM),
            platform=PLATFORM,
            operation=operation,
        )
    name = _with_suffix(name, link)
    content_type = mimetypes.guess_type(name)[0] or "application/octet-stream"
    return Download(name, content_type, context.client.http.stream(link, operation))


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
