"""What the server keeps: recordings, chats, its logs; the downloads."""

import mimetypes
from collections.abc import Iterator
from typing import Annotated, Any

from integrations.base.adapter import Download
from integrations.base.reading import Row, rows
from integrations.base.texts import _
from integrations.trueconf.actions.arguments import Arguments
from integrations.trueconf.adapter.context import Context
from integrations.trueconf.client.paging import (
    CALL_RECORDS,
    CALLED,
    MESSAGES,
    RECORDINGS,
    every,
)
from integrations.trueconf.mapping.answers import ident, inside
from integrations.trueconf.mapping.ids import split
from integrations.trueconf.mapping.moments import logged, unix
from integrations.trueconf.payloads import (
    PLATFORM,
    CallInvite,
    CallRecord,
    ChatMessage,
    Event,
    Recording,
    Setting,
)

LATEST = {"page_size": 100, "sort_order": 1}
FILM = {".mkv": "video/x-matroska", ".mp4": "video/mp4", ".webm": "video/webm"}


def recording_log(context: Context, external_id: str, arguments: Arguments) -> dict[str, Any]:
    """Recordings with their beginning and end; from the older log on servers before v3.2."""
    (their_id,) = split(external_id, 1)
    newer = context.reaches("v3.2")
    listed = context.client.get_recording_list if newer else context.client.get_call_record_list

    def fetch(page: dict[str, Any]) -> Any:
        return listed({**page, "named_conf_id": their_id})

    show = _recording_row if newer else _call_record_row
    return {"rows": [show(row) for row in every(fetch, RECORDINGS if newer else CALL_RECORDS)]}


def recording_details(context: Context, external_id: str, arguments: Arguments) -> dict[str, Any]:
    """One recording of the log (v3.2)."""
    row = inside(context.client.get_recording(str(arguments.get("id") or "")), "recording")
    return {"facts": {k: str(v) for k, v in _recording_row(row).items() if v not in (None, "")}}


def chats(context: Context, external_id: str, arguments: Arguments) -> dict[str, Any]:
    """The chat of one run, oldest first."""
    session = split(external_id, 2)[1]

    def fetch(page: dict[str, Any]) -> Any:
        return context.client.get_message_list({**page, "sort_order": 0, "conference_id": session})

    return {"rows": [_message_row(row) for row in every(fetch, MESSAGES)]}


def call_invites(context: Context, external_id: str, arguments: Arguments) -> dict[str, Any]:
    """Who rang whom during one run, and whether they came."""
    session = split(external_id, 2)[1]

    def fetch(page: dict[str, Any]) -> Any:
        return context.client.get_call_invite_list(session, {**page, "sort_order": 0})

    found = every(fetch, CALLED)
    return {"rows": [_invite_row(number, row) for number, row in enumerate(found, 1)]}


def server_events(context: Context, external_id: str, arguments: Arguments) -> dict[str, Any]:
    """The hundred newest events of the server."""
    found = rows(context.client.get_event_list(dict(LATEST)), "event", PLATFORM, ("list",))
    return {"rows": [_event_row(row) for row in found]}


def server_settings(context: Context, external_id: str, arguments: Arguments) -> dict[str, Any]:
    """The hundred newest changes of settings; the values themselves are not shown."""
    found = rows(context.client.get_setting_list(dict(LATEST)), "setting", PLATFORM, ("list",))
    return {"rows": [_setting_row(row) for row in found]}


def download_recording(context: Context, external_id: str, arguments: Arguments) -> Download:
    """A recording's film. It is asked about first, so that a refusal comes before the film."""
    their_id, name = split(external_id, 2)
    row = inside(context.client.get_record(their_id, name), "record")
    chunks = context.client.download_record(their_id, row.needed_text("name"))
    suffix = name[name.rfind(".") :].lower() if "." in name else ""
    kind = FILM.get(suffix) or mimetypes.guess_type(name)[0] or "application/octet-stream"
    return Download(name, kind, _begun(chunks))


def calendar_file(context: Context, external_id: str, arguments: Arguments) -> Download:
    """TrueConf's own calendar file of a conference."""
    (their_id,) = split(external_id, 1)
    context.conference(their_id)
    chunks = context.client.get_conference_ics(their_id)
    return Download(f"{their_id}.ics", "text/calendar", _begun(chunks))


def _begun(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """The same, with its first piece read: what is refused is refused at once."""
    first = next(chunks, b"")

    def rest() -> Iterator[bytes]:
        try:
            yield first
            yield from chunks
        finally:
            close = getattr(chunks, "close", None)
            if close:
                close()

    return rest()


def _recording_row(row: Annotated[Row, Recording]) -> dict[str, Any]:
    return {
        "id": ident(row),
        "file": row.text("name") or "",
        "topic": row.text("topic") or "",
        # The table calls it created_at, the example started_at [Objects, Recording].
        "from": unix(row, "started_at") or unix(row, "created_at"),
        "to": unix(row, "stopped_at"),
        "bytes": row.whole("size"),
        "deleted": unix(row, "deleted_at"),
    }


def _call_record_row(row: Annotated[Row, CallRecord]) -> dict[str, Any]:
    return {
        "id": row.needed_text("conference_id"),
        "file": row.text("name") or "",
        "topic": row.text("topic") or "",
        "from": logged(row, "start_time"),
        "to": logged(row, "end_time"),
        "bytes": row.whole("file_size"),
        "deleted": _("yes") if row.flag("is_deleted") else "",
    }


def _message_row(row: Annotated[Row, ChatMessage]) -> dict[str, Any]:
    return {
        "id": ident(row),
        "at": logged(row, "time_stamp"),
        "from": row.text("from_display_name") or row.text("from_call_id") or "",
        "to": row.text("to_call_id") or "",
        "message": row.text("message") or "",
    }


def _invite_row(number: int, row: Annotated[Row, CallInvite]) -> dict[str, Any]:
    return {
        "id": str(number),
        "at": logged(row, "invite_time"),
        "who": row.text("call_id") or "",
        "whom": row.text("invited_call_id") or "",
        "came": _("yes") if row.flag("is_accepted") else _("no"),
    }


def _event_row(row: Annotated[Row, Event]) -> dict[str, Any]:
    return {
        "id": ident(row),
        "at": logged(row, "created_at"),
        "event": row.text("event_type") or "",
        "about": row.text("object_name") or "",
        "severity": row.text("severity") or "",
    }


def _setting_row(row: Annotated[Row, Setting]) -> dict[str, Any]:
    return {
        "id": ident(row),
        "at": logged(row, "created_at"),
        "who": row.text("user_name") or "",
        "what": row.text("object_type") or "",
        "action": row.text("action_type") or "",
        "comment": row.text("comment") or "",
    }


ACTIONS = {
    "recording_log": recording_log,
    "recording_details": recording_details,
    "chats": chats,
    "call_invites": call_invites,
    "server_events": server_events,
    "server_settings": server_settings,
}
DOWNLOADS = {"download_recording": download_recording, "calendar_file": calendar_file}
