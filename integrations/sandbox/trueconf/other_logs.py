"""Logs of messages, events, settings and recordings.

Source: [document, Logs; Objects | Chat message, Event, Setting, Call record, Recording]. A
download has no section of its own; its address stands in the examples of both objects.
"""

from __future__ import annotations

from typing import Any

from werkzeug.wrappers import Response

from integrations.sandbox.store import Row
from integrations.sandbox.trueconf import log_list, logs, records
from integrations.sandbox.trueconf.refusal import bad, not_found
from integrations.sandbox.trueconf.request import ApiRequest

SEVERITIES = ("low", "middle", "high")
SEVERITY_SINCE = 7
OWNER_SINCE, TOPIC_SINCE = 4, 7


def list_messages(request: ApiRequest) -> Any:
    """`message` finds a part of the text, case aside."""
    wanted = request.query.get("message", "").casefold()
    rows = [r for r in request.account.store.rows("messages") if wanted in r["text"].casefold()]
    filters = ("from_call_id", "to_call_id", "conference_id")
    return log_list.answer(request, rows, lambda row: _message(request, row), "time", filters)


def list_events(request: ApiRequest) -> Any:
    """Get Event List [Logs]."""
    rows = request.account.store.rows("events")
    filters: tuple[str, ...] = ("object_type", "object_name", "event_type")
    if request.minor >= SEVERITY_SINCE:
        if request.query.get("severity", "low") not in SEVERITIES:
            raise bad("invalidValue", f"One of {', '.join(SEVERITIES)} is expected.", "severity")
        filters = (*filters, "severity")
        rows = [row for row in rows if request.query.get("invoker_ip", row["ip"]) == row["ip"]]
    return log_list.answer(request, rows, lambda row: _event(request, row), "at", filters)


def list_settings(request: ApiRequest) -> Any:
    """Get Setting List [Logs]."""
    filters = ("object_type", "object_id", "old_value", "new_value")
    rows = request.account.store.rows("settings")
    return log_list.answer(request, rows, lambda row: _setting(request, row), "at", filters)


def list_recordings(request: ApiRequest) -> Any:
    """Without the deleted ones unless `show_deleted` asks for them."""
    shown = request.query.get("show_deleted", "").lower() in ("1", "true")
    rows = request.account.store.rows("recordings")
    rows = [row for row in rows if shown or row["deleted_at"] is None]
    if conference := request.query.get("named_conf_id"):
        rows = [row for row in rows if row["conference_id"] == conference]
    filters: tuple[str, ...] = ("conference_id",)
    filters += ("stream_id",) if request.minor == OWNER_SINCE else ()
    filters += ("owner",) if request.minor >= OWNER_SINCE else ()
    filters += ("topic",) if request.minor >= TOPIC_SINCE else ()
    return log_list.answer(
        request, rows, lambda row: _recording(request, row), "started_at", filters
    )


def get_recording(request: ApiRequest, recording_id: str) -> Any:
    """Get Recording [Logs]."""
    return _recording(request, _recording_row(request, recording_id))


def download_recording(request: ApiRequest, recording_id: str) -> Response:
    """The film of a recording; the address stands in the document's example."""
    row = _recording_row(request, recording_id)
    if row["deleted_at"] is not None:
        raise not_found("recording", recording_id, "recording_id")
    return records.film(row["name"])


def list_records(request: ApiRequest) -> Any:
    """The older list: calls of which there is a recording, one entry for each file."""
    rows = request.account.store.rows("recordings")
    filters = ("class", "named_conf_id", "owner")
    return log_list.answer(
        request, rows, lambda row: _call_record_shape(request, row), "started_at", filters
    )


def get_record(request: ApiRequest, session_id: str) -> Any:
    """Get Call Record [Logs]."""
    return _call_record_shape(request, _record_row(request, session_id))


def download_record(request: ApiRequest, session_id: str) -> Response:
    """The film of a recording of the older log, likewise."""
    return records.film(_record_row(request, session_id)["name"])


def _message(request: ApiRequest, row: Row) -> dict[str, Any]:
    return {
        "id": str(row["id"]),
        "time_stamp": log_list.date(request, row["time"]),
        "conference_id": row["call"],
        "from_call_id": row["from_uid"],
        "from_display_name": row["from_name"],
        "to_call_id": row["to"],
        "is_offline": False,
        "message": row["text"],
    }


def _event(request: ApiRequest, row: Row) -> dict[str, Any]:
    shape = {
        "id": str(row["id"]),
        "event_type": row["type"],
        "object_type": row["object_type"],
        "object_name": row["object_name"],
        "payload": row["payload"],
        "created_at": log_list.date(request, row["at"]),
    }
    return {**shape, "severity": row["severity"]} if request.minor >= SEVERITY_SINCE else shape


def _setting(request: ApiRequest, row: Row) -> dict[str, Any]:
    return {
        "id": str(row["id"]),
        "user_name": row["user"],
        "created_at": log_list.date(request, row["at"]),
        "object_type": row["object_type"],
        "object_id": row["object_id"],
        "action_type": row["action"],
        "comment": row["comment"],
        "old_value": row["old"],
        "new_value": row["new"],
    }


def _recording(request: ApiRequest, row: Row) -> dict[str, Any]:
    """The example has `started_at`, the table `created_at`: both are answered."""
    shape = {
        "id": str(row["id"]),
        "name": row["name"],
        "stream_id": row["call"],
        "conference_id": row["conference_id"],
        "topic": row["topic"],
        "owner": row["owner"],
        "created_at": row["started_at"],
        "started_at": row["started_at"],
        "stopped_at": row["stopped_at"],
        "deleted_at": row["deleted_at"],
        "size": str(row["size"]),
        "download_url": request.api_url("logs", "recordings", str(row["id"]), "download"),
    }
    later = {"owner": OWNER_SINCE, "topic": TOPIC_SINCE}
    return {name: value for name, value in shape.items() if request.minor >= later.get(name, 0)}


def _call_record_shape(request: ApiRequest, row: Row) -> dict[str, Any]:
    call = request.account.by_address("calls", row["call"])
    told = logs.common(request, call) if call else _without_call(request, row)
    return {
        **told,
        "name": row["name"],
        "file_size": str(row["size"]) if row["deleted_at"] is None else None,
        "is_public": False,
        "download_url": request.api_url(
            "logs", "records", row["call"].replace("#", "%23"), "download"
        ),
        "is_deleted": row["deleted_at"] is not None,
    }


def _without_call(request: ApiRequest, row: Row) -> dict[str, Any]:
    """A recording whose call is not in the log."""
    return {
        "conference_id": row["call"],
        "named_conf_id": row["conference_id"],
        "topic": row["topic"],
        "owner": row["owner"],
        "class": logs.GROUP_CALL,
        "type": logs.GROUP_CONFERENCE,
        "subtype": 0,
        "duration": row["stopped_at"] - row["started_at"],
        "start_time": log_list.date(request, row["started_at"]),
        "end_time": log_list.date(request, row["stopped_at"]),
    }


def _recording_row(request: ApiRequest, recording_id: str) -> Row:
    row = None
    if recording_id.isascii() and recording_id.isdigit() and len(recording_id) < 12:
        row = request.account.store.get("recordings", int(recording_id))
    if row is None:
        raise not_found("recording", recording_id, "recording_id")
    return row


def _record_row(request: ApiRequest, session_id: str) -> Row:
    rows = request.account.store.rows("recordings", call=session_id)
    if not rows:
        raise not_found("conference", session_id, "session_id")
    return rows[-1]
