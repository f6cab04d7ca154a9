"""Recordings of a conference, by file name.

Source: [document, Conferences Records; Objects | Record].
"""

from __future__ import annotations

from typing import Any

from werkzeug.wrappers import Response

from integrations.sandbox.store import Row
from integrations.sandbox.trueconf import paging
from integrations.sandbox.trueconf.refusal import not_found
from integrations.sandbox.trueconf.request import ApiRequest

# A Matroska file in which nothing happens: its header and an empty segment.
EMPTY_FILM = bytes.fromhex(
    "1a45dfa3a3"  # EBML header, 35 bytes
    "42868101"
    "42f78101"
    "42f28104"
    "42f38108"  # versions and longest ids and sizes
    "4282886d6174726f736b61"
    "42878104"
    "42858102"  # "matroska", version 4, readable as 2
    "1853806780"
)


def list_all(request: ApiRequest, conference_id: str) -> Any:
    """Get Record List [Conferences records]."""
    request.check_url_type()
    row = request.conference(conference_id)
    shown, following = paging.whole(request, request.account.recordings(row["id"]))
    return {**following, "records": [_record_shape(request, one) for one in shown]}


def get(request: ApiRequest, conference_id: str, record_id: str) -> Any:
    """Get Record [Conferences records]."""
    request.check_url_type()
    return {"record": _record_shape(request, _recording_row(request, conference_id, record_id))}


def download(request: ApiRequest, conference_id: str, record_id: str) -> Response:
    """Download Record [Conferences records]."""
    return film(_recording_row(request, conference_id, record_id)["name"])


def film(name: str) -> Response:
    """An empty film as a download."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(EMPTY_FILM, mimetype="video/x-matroska", headers=headers)


def _recording_row(request: ApiRequest, conference_id: str, record_id: str) -> Row:
    row = request.conference(conference_id)
    for one in request.account.recordings(row["id"]):
        if one["name"] == record_id:
            return one
    raise not_found("record", record_id, "record_id")


def _record_shape(request: ApiRequest, row: Row) -> Any:
    steps = ("conferences", row["conference_id"], "records", row["name"], "download")
    return {
        "name": row["name"],
        "size": str(row["size"]),
        "created": row["started_at"],
        "download_url": request.api_url(*steps),
    }
