"""Presets for broadcasting.

Source: [document, Presets; Objects | Preset, Preset Payload].
"""

from __future__ import annotations

from typing import Any

from integrations.sandbox.store import Row
from integrations.sandbox.trueconf import paging
from integrations.sandbox.trueconf.fields import Fields
from integrations.sandbox.trueconf.request import ApiRequest

AUDIO = ("MP3", "PCM", "G711_U", "G711_A", "AAC")
VIDEO = ("H264", "VP8")
LARGEST = 86_400


def _streaming(audio: str, over_tcp: bool, timeout: int) -> dict[str, Any]:
    """Optional fields with their defaults."""
    return {
        "audio_codec": audio,
        "video_codec": "H264",
        "username": "",
        "password": "",
        "rtp_over_tcp": over_tcp,
        "inactive_receiver_timeout": timeout,
        "retries": 0,
        "retry_delay": 10,
    }


# Kind -> required fields, optional fields with their defaults.
PAYLOADS: dict[str, tuple[tuple[str, ...], dict[str, Any]]] = {
    "youtube": (("stream_url", "stream_key"), {"audio_codec": "MP3", "video_codec": "H264"}),
    "cdnvideo": (("username", "password"), {}),
    "manualPull": (("audio_codec", "video_codec"), {}),
    "manualPush": (("url_publish",), _streaming("MP3", False, 60)),
    "wowzaCloud": (("primary_server", "stream_name", "host_port"), _streaming("AAC", True, 0)),
    "wowzaServer": (("host_server", "application", "host_port"), _streaming("AAC", True, 0)),
}


def list_all(request: ApiRequest) -> Any:
    """Get Preset List [Presets]."""
    shown, following = paging.page(request, request.account.store.rows("presets"))
    return {**following, "presets": [_preset_shape(row) for row in shown]}


def get(request: ApiRequest, preset_id: str) -> Any:
    """Get Preset [Presets]."""
    return {"preset": _preset_shape(_preset(request, preset_id))}


def create(request: ApiRequest) -> Any:
    """Create Preset [Presets]."""
    fields = request.fields
    fields.only({"name", "type", "payload"}, {"id"})
    name = fields.text("name", 1, 255) if fields.required("name") else ""
    kind = fields.one_of("type", *PAYLOADS) if fields.required("type") else None
    payload = _payload(fields, kind) if fields.required("payload") and kind else {}
    fields.check()
    return {"preset": _preset_shape(request.account.add_preset(name or "", kind or "", payload))}


def edit(request: ApiRequest, preset_id: str) -> Any:
    """A preset's type stays what it was made with."""
    row, fields = _preset(request, preset_id), request.fields
    fields.only({"name", "payload"}, {"id", "type"})
    given: dict[str, Any] = {}
    if "name" in fields:
        given["name"] = fields.text("name", 1, 255)
    if "payload" in fields:
        given["payload"] = _payload(fields, row["type"])
    fields.check()
    return {"preset": _preset_shape(request.account.store.change("presets", row["id"], **given))}


def delete(request: ApiRequest, preset_id: str) -> Any:
    """Delete Preset [Presets]."""
    row = _preset(request, preset_id)
    request.account.store.remove("presets", row["id"])
    for room in request.account.store.rows("conferences", broadcast_id=preset_id):
        request.account.edit_conference(room["id"], broadcast_id=None, broadcast_enabled=False)
    return {"id": preset_id}


def _preset(request: ApiRequest, preset_id: str) -> Row:
    return request.named("presets", preset_id, "preset", "preset_id")


def _payload(fields: Fields, kind: str) -> dict[str, Any]:
    required, optional = PAYLOADS[kind]
    inner = fields.inner("payload")
    inner.only({*required, *optional})
    found = dict(optional)
    for name in required:
        if inner.required(name):
            found[name] = _value(inner, name)
    for name in optional:
        if name in inner:
            found[name] = _value(inner, name)
    return found


def _value(inner: Fields, name: str) -> Any:
    if name in ("audio_codec", "video_codec"):
        return inner.one_of(name, *(AUDIO if name == "audio_codec" else VIDEO))
    if name == "rtp_over_tcp":
        return inner.boolean(name)
    if name == "host_port":
        return inner.integer(name, 1, 65_535)
    if name in ("inactive_receiver_timeout", "retries", "retry_delay"):
        return inner.integer(name, 0, LARGEST)
    return inner.text(name, 0, 256)


def _preset_shape(row: Row) -> dict[str, Any]:
    return {
        "id": row["address"],
        "name": row["name"],
        "type": row["type"],
        "payload": dict(row["payload"]),
    }
