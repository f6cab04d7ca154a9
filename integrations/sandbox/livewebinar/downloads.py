"""Files behind the answers' addresses: recordings, the storage, reports."""

from __future__ import annotations

import io
import mimetypes
import wave
from typing import Any

from werkzeug.wrappers import Response

from integrations.sandbox.call import Call
from integrations.sandbox.livewebinar import shapes
from integrations.sandbox.livewebinar.login import Accounts

HEADINGS = ("nickname", "email", "role", "joined_at", "left_at")
# What a spreadsheet would take for a formula.
FORMULA_SIGNS = ("=", "+", "-", "@", "\t")


def recording(accounts: Accounts, call: Call, label: str, row_id: int) -> Response | None:
    """Two seconds of silence: small, and any player opens it."""
    account = accounts.get(label)
    if account is None or account.store.get("recordings", row_id) is None:
        return None
    sound = io.BytesIO()
    with wave.open(sound, "wb") as file:
        file.setparams((1, 1, 8000, 0, "NONE", "not compressed"))
        file.writeframes(b"\x80" * 16000)
    return _file(sound.getvalue(), "audio/wav", f"recording-{row_id}.wav")


def stored(accounts: Accounts, call: Call, label: str, row_id: int) -> Response | None:
    account = accounts.get(label)
    row = account.store.get("files", row_id) if account else None
    if row is None:
        return None
    kind = mimetypes.types_map.get(f".{row['file_extension']}", "application/octet-stream")
    content = bytes.fromhex(row["content"])
    return _file(content, kind, f"file-{row_id}.{row['file_extension']}")


def report(
    accounts: Accounts, call: Call, label: str, widget_id: int, code: str
) -> Response | None:
    """Who came and when: a table that spreadsheets open."""
    account = accounts.get(label)
    if account is None or code != account.code("report", widget_id, length=10):
        return None
    lines = [HEADINGS, *map(_line, shapes.participant_shapes(account, widget_id))]
    text = "".join("\t".join(line) + "\r\n" for line in lines)
    return _file(text.encode("utf-16"), "application/vnd.ms-excel", f"event-{widget_id}.xls")


def _line(visit: dict[str, Any]) -> tuple[str, ...]:
    return tuple(_cell(visit[name]) for name in HEADINGS)


def _cell(value: Any) -> str:
    text = " ".join(str("" if value is None else value).split())
    return f"'{text}" if text.startswith(FORMULA_SIGNS) else text


def _file(content: bytes, kind: str, name: str) -> Response:
    headers = {
        "Content-Disposition": f"inline; filename={name}",
        "X-Content-Type-Options": "nosniff",
    }
    return Response(content, mimetype=kind, headers=headers)
