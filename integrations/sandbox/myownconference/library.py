"""What stays of a webinar: recordings, files, the history of visits and of the chat."""

from __future__ import annotations

from typing import Any

from integrations.sandbox.myownconference import visits
from integrations.sandbox.myownconference.account import MEDIA, PRESENTATION, MyOwnConferenceAccount
from integrations.sandbox.myownconference.params import Params, Refusal
from integrations.sandbox.myownconference.shapes import done, own_webinar
from integrations.sandbox.store import Row

# The text says "chats", the example "chat".
HISTORIES = ("chats", "chat", "visits")


def list_recordings(account: MyOwnConferenceAccount, params: Params) -> Any:
    """The command webinarsRecordsList."""
    params.known("alias")
    webinar = own_webinar(account, params)
    return [
        {
            "id": str(row["id"]),
            "name": row["name"],
            "status": "ready" if row["ready"] else "wait",
            "added": account.stamp(row["added"]),
            "size": str(row["size"]),
            "duration": str(row["seconds"]),
            **_links(account, "record", row),
        }
        for row in account.store.rows("recordings", room_id=webinar["id"])
    ]


def delete_recording(account: MyOwnConferenceAccount, params: Params) -> Any:
    """The command webinarsRecordDelete."""
    params.known("id")
    recording_id = params.row_id("id")
    if account.store.get("recordings", recording_id) is None:
        raise Refusal(f"Record with id {recording_id} not found")
    account.delete_recording(recording_id)
    return done("Record was deleted")


def list_files(account: MyOwnConferenceAccount, params: Params) -> Any:
    """`duration` counts slides, or seconds."""
    params.known("alias", "type")
    webinar = own_webinar(account, params)
    kind = params.choice("type", (PRESENTATION, MEDIA))
    return [
        {
            "id": str(row["id"]),
            "name": row["name"],
            "added": account.stamp(row["added"]),
            "size": str(row["size"]),
            "duration": str(row["length"]),
            **_links(account, "file", row),
        }
        for row in account.store.rows("files", room_id=webinar["id"])
        if kind in (None, row["type"])
    ]


def history(account: MyOwnConferenceAccount, params: Params) -> Any:
    """Rows of time, name, text, "g" or "m", address; the text of a visit is empty."""
    params.known("alias", "type")
    webinar = own_webinar(account, params)
    if params.choice("type", HISTORIES, required=True) == "visits":
        found = visits.begun(account, webinar["alias"])
        return [_history_row(account, at, visit, "") for at, visit in found]
    lines = [line for session in account.sessions(webinar["alias"]) for line in session["chat"]]
    said = sorted((line for line in lines if line["at"] <= account.now), key=lambda one: one["at"])
    return [_history_row(account, line["at"], line, line["text"]) for line in said]


def _history_row(account: MyOwnConferenceAccount, at: str, who: Row, text: str) -> list[str]:
    return [account.stamp(at), who["name"], text, who["role"], who["email"]]


def _links(account: MyOwnConferenceAccount, kind: str, row: Row) -> dict[str, str]:
    link = account.world.url(f"/myownconference/{kind}/{account.label}/{row['id']}")
    return {"link": link, "download_link": f"{link}/download"}
