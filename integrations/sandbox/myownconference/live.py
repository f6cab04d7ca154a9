"""The commands for a room in which a webinar runs.

The document says "during the webinar" of chat, slides, video and messages, and "only a webinar
that has started can be concluded": these want a running webinar. Virtual people it lets into
"the webinar room": that may be planned still, but not be over.
"""

from __future__ import annotations

import re
from typing import Any

from integrations.sandbox.myownconference import visits
from integrations.sandbox.myownconference.account import MEDIA, PRESENTATION, MyOwnConferenceAccount
from integrations.sandbox.myownconference.params import Params, Refusal
from integrations.sandbox.myownconference.shapes import active_webinar, done, running_webinar
from integrations.sandbox.store import Row


def online(account: MyOwnConferenceAccount, params: Params) -> Any:
    """Who is in the room now; nobody where the webinar is still to come."""
    params.known("alias")
    webinar = active_webinar(account, params)
    present = visits.present(account, webinar["alias"])
    return {
        "moderators": [_person(visit) for visit in present if visit["role"] == "m"],
        "guests": [_person(visit) for visit in present if visit["role"] == "g"],
    }


def add_moderator(account: MyOwnConferenceAccount, params: Params) -> Any:
    """The command webinarsAddModerToRoom."""
    params.known("alias", "email", "name")
    webinar = active_webinar(account, params)
    email, name = params.email() or "", params.full_name() or ""
    if _virtual_moderator(account, webinar, email):
        raise Refusal(f"Virtual moderator with email {email} already exists")
    row = {"room_id": webinar["id"], "email": email, "address": email.casefold(), "name": name}
    account.store.add("virtual_moderators", row)
    return done("Virtual moderator was created")


def remove_moderator(account: MyOwnConferenceAccount, params: Params) -> Any:
    """The command webinarsRemoveModerFromRoom."""
    params.known("alias", "email")
    webinar = active_webinar(account, params)
    email = params.email() or ""
    row = _virtual_moderator(account, webinar, email)
    if row is None:
        raise Refusal(f"Virtual moderator with email {email} not found")
    account.store.remove("virtual_moderators", row["id"])
    return done("Virtual moderator was deleted")


def add_bot(account: MyOwnConferenceAccount, params: Params) -> Any:
    """The command webinarsAddBotToRoom."""
    params.known("alias", "name", "country")
    webinar = active_webinar(account, params)
    name = params.full_name() or ""
    country = params.text("country", required=True) or ""
    if not re.fullmatch(r"[A-Z]{2}", country, re.ASCII):
        raise Refusal("Parameter country must be a two-letter country code")
    row = {"room_id": webinar["id"], "name": name, "country": country}
    bot = account.store.add("bots", row)
    return done("Virtual attendee was created", id=str(bot["id"]))


def remove_bot(account: MyOwnConferenceAccount, params: Params) -> Any:
    """The command webinarsRemoveBotFromRoom."""
    params.known("alias", "id")
    webinar = active_webinar(account, params)
    bot_id = params.row_id("id")
    if not account.store.rows("bots", room_id=webinar["id"], id=bot_id):
        raise Refusal(f"Virtual attendee with id {bot_id} not found")
    account.store.remove("bots", bot_id)
    return done("Virtual attendee was deleted")


def list_bots(account: MyOwnConferenceAccount, params: Params) -> Any:
    """The command webinarsGetBotsList."""
    params.known("alias")
    webinar = active_webinar(account, params)
    return [
        {"id": str(bot["id"]), "name": bot["name"], "country": bot["country"]}
        for bot in account.store.rows("bots", room_id=webinar["id"])
    ]


def bot_message(account: MyOwnConferenceAccount, params: Params) -> Any:
    """`bot` is the id of a virtual attendee, or the address of a virtual moderator."""
    params.known("alias", "bot", "text")
    webinar = running_webinar(account, params)
    who, text = params.text("bot", required=True) or "", params.text("text", required=True) or ""
    moderator = _virtual_moderator(account, webinar, who)
    bots = account.store.rows("bots", room_id=webinar["id"])
    guest = next((bot for bot in bots if str(bot["id"]) == who), None)
    if moderator:
        account.say(webinar["alias"], text, moderator["name"], moderator["email"], role="m")
    elif guest:
        account.say(webinar["alias"], text, guest["name"])
    else:
        raise Refusal(f"Virtual attendee {who} not found")
    return done("Message was sent")


def lock_chat(account: MyOwnConferenceAccount, params: Params) -> Any:
    """The command webinarsLockChat."""
    return _switch(account, params, "Chat was disabled", chat_locked=True)


def unlock_chat(account: MyOwnConferenceAccount, params: Params) -> Any:
    """The command webinarsUnlockChat."""
    return _switch(account, params, "Chat was enabled", chat_locked=False)


def lock_links(account: MyOwnConferenceAccount, params: Params) -> Any:
    """The command webinarsLinkLockInChat."""
    return _switch(account, params, "Links were disabled", links_locked=True)


def unlock_links(account: MyOwnConferenceAccount, params: Params) -> Any:
    """The command webinarsLinkUnlockInChat."""
    return _switch(account, params, "Links were enabled", links_locked=False)


def start_presentation(account: MyOwnConferenceAccount, params: Params) -> Any:
    """The command webinarsStartPresentation."""
    params.known("alias", "id", "slide")
    webinar = running_webinar(account, params)
    file = _file(account, webinar, params, PRESENTATION)
    slide = params.number("slide", 1, file["length"], required=True)
    account.edit_webinar(webinar["alias"], showing={"file": file["id"], "slide": slide})
    return done("Presentation was started")


def stop_presentation(account: MyOwnConferenceAccount, params: Params) -> Any:
    """The command webinarStopPresentation."""
    return _switch(account, params, "Presentation was stopped", showing=None)


def start_video(account: MyOwnConferenceAccount, params: Params) -> Any:
    """The command webinarsStartVideo."""
    params.known("alias", "id")
    webinar = running_webinar(account, params)
    file = _file(account, webinar, params, MEDIA)
    account.edit_webinar(webinar["alias"], playing=file["id"])
    return done("Video was started")


def stop_video(account: MyOwnConferenceAccount, params: Params) -> Any:
    """The command webinarsStopVideo."""
    return _switch(account, params, "Video was stopped", playing=None)


def finish(account: MyOwnConferenceAccount, params: Params) -> Any:
    """The command webinarsFinish."""
    params.known("alias")
    account.end_session(running_webinar(account, params)["alias"])
    return done("Webinar was finished")


def _switch(
    account: MyOwnConferenceAccount, params: Params, message: str, **values: Any
) -> dict[str, Any]:
    params.known("alias")
    account.edit_webinar(running_webinar(account, params)["alias"], **values)
    return done(message)


def _file(account: MyOwnConferenceAccount, webinar: Row, params: Params, kind: str) -> Row:
    file = account.store.get("files", params.row_id("id"))
    if file is None or (file["room_id"], file["type"]) != (webinar["id"], kind):
        raise Refusal(f"File with id {params.text('id')} not found")
    return file


def _virtual_moderator(account: MyOwnConferenceAccount, webinar: Row, email: str) -> Row | None:
    wanted = {"address": email.casefold(), "room_id": webinar["id"]}
    return next(iter(account.store.rows("virtual_moderators", **wanted)), None)


def _person(visit: Row) -> dict[str, str]:
    return {"name": visit["name"], "email": visit["email"]}
