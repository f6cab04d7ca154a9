"""The file library of an account and of its rooms; recordings."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import Any
from urllib.parse import quote

from werkzeug.wrappers import Response

from integrations.sandbox.clickmeeting import moments, shapes
from integrations.sandbox.clickmeeting.refusal import invalid, not_found
from integrations.sandbox.clickmeeting.request import ApiRequest
from integrations.sandbox.platform import json_answer
from integrations.sandbox.store import Row

LARGEST = 8 * 1024 * 1024
KINDS = {
    "image": (".png", ".jpg", ".jpeg", ".gif", ".svg", ".bmp"),
    "audio": (".mp3", ".wav", ".ogg", ".m4a"),
    "video": (".mp4", ".avi", ".mov", ".webm", ".flv"),
    "presentation": (".ppt", ".pptx", ".odp", ".key"),
}


def list_files(request: ApiRequest) -> Any:
    return [_file(request, row) for row in request.account.store.rows("files")]


def list_room_files(request: ApiRequest, room_id: int) -> Any:
    request.room(room_id)
    return [_file(request, row) for row in request.account.store.rows("files", room_id=room_id)]


def upload(request: ApiRequest) -> Response:
    return _keep(request, None)


def upload_to_room(request: ApiRequest, room_id: int) -> Response:
    request.room(room_id)
    return _keep(request, room_id)


def get_file(request: ApiRequest, file_id: int) -> Any:
    return _file(request, _row(request, file_id))


def delete_file(request: ApiRequest, file_id: int) -> Any:
    _row(request, file_id)
    request.account.store.remove("files", file_id)
    return request.deleted("response")


def download_file(request: ApiRequest, file_id: int) -> Response:
    row = _row(request, file_id)
    name = quote(row["name"], safe="")
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{name}"}
    content = bytes.fromhex(row["content"])
    return Response(content, mimetype="application/octet-stream", headers=headers)


def list_recordings(request: ApiRequest, room_id: int) -> Any:
    request.room(room_id)
    return [
        {
            "id": row["id"],
            "recording_duration": row["seconds"],
            "recorder_started": moments.naive_utc(row["started"]),
            "recorder_start_date": moments.utc_with_offset(row["started"]),
            "recording_file_size": row["size"],
            "recording_url": shapes.recording_url(request.account, row),
        }
        for row in request.account.store.rows("recordings", room_id=room_id)
    ]


def delete_recordings(request: ApiRequest, room_id: int) -> Any:
    request.room(room_id)
    for row in request.account.store.rows("recordings", room_id=room_id):
        request.account.store.remove("recordings", row["id"])
    return request.deleted("STATUS")


def delete_recording(request: ApiRequest, room_id: int, recording_id: int) -> Any:
    request.room(room_id)
    row = request.account.store.get("recordings", recording_id)
    if row is None or row["room_id"] != room_id:
        raise not_found("recording")
    request.account.store.remove("recordings", recording_id)
    return request.deleted("STATUS")


def _row(request: ApiRequest, file_id: int) -> Row:
    row = request.account.store.get("files", file_id)
    if row is None:
        raise not_found("file")
    return row


def _keep(request: ApiRequest, room_id: int | None) -> Response:
    sent = next((one for one in request.uploads if one.field == "uploaded" and one.name), None)
    if sent is None:
        raise invalid("uploaded", "A file is expected in the multipart field uploaded.")
    if len(sent.content) > LARGEST:
        raise invalid("uploaded", "The file is too large.")
    name = PurePosixPath(sent.name).name.strip() or "file"
    row: Row = {"room_id": room_id, "name": name, "content": sent.content.hex()}
    row["uploaded"] = moments.keep(request.account.world.now())
    return json_answer(_file(request, request.account.store.add("files", row)), status=201)


def _file(request: ApiRequest, row: Row) -> dict[str, Any]:
    place = f"/clickmeeting/v1/file-library/{row['id']}/download"
    return {
        "id": row["id"],
        "name": row["name"],
        "document_type": _kind(row["name"]),
        "status": "converted",
        "status_message": "",
        "conversion_progress": 100,
        "upload_date": moments.naive_utc(row["uploaded"]),
        "url": request.account.world.url(place),
        "created_at": moments.utc_with_offset(row["uploaded"]),
    }


def _kind(name: str) -> str:
    ending = PurePosixPath(name).suffix.lower()
    return next((kind for kind, endings in KINDS.items() if ending in endings), "document")
