"""Webinars as the commands answer them, and the addresses in answers.

Every number is answered as text: so do all of the document's examples.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from integrations.sandbox.myownconference import settings, settings_form
from integrations.sandbox.myownconference.account import MyOwnConferenceAccount
from integrations.sandbox.myownconference.params import Params, Refusal
from integrations.sandbox.store import Row

Shape = dict[str, Any]
LISTED = ("name", "description", "created", "alias", "start", "language")


def done(message: str, **more: str) -> Shape:
    """The confirmation of a change."""
    return {"success": message, **more}


def own_webinar(account: MyOwnConferenceAccount, params: Params) -> Row:
    """The webinar that `alias` names; Refusal where the account has none such."""
    return named_webinar(account, params.text("alias", required=True) or "")


def active_webinar(account: MyOwnConferenceAccount, params: Params) -> Row:
    """The same, scheduled or under way. The text of the refusal is a real one, seen in public."""
    webinar = own_webinar(account, params)
    if account.status(webinar) != "ACTIVE":
        raise _not_active(webinar)
    return webinar


def running_webinar(account: MyOwnConferenceAccount, params: Params) -> Row:
    """The same, and people are in its room."""
    webinar = own_webinar(account, params)
    if account.running_session(webinar["alias"]) is None:
        raise _not_active(webinar)
    return webinar


def named_webinar(account: MyOwnConferenceAccount, alias: str) -> Row:
    """An alias that was never the account's own is counted: "your account will be automatically
    blocked"."""
    webinar = account.find_webinar(alias)
    if webinar:
        return webinar
    if not account.store.rows("gone", alias=alias):
        account.store.add("foreign_calls", {"alias": alias, "at": account.now})
    raise Refusal(f'Webinar with alias "{alias}" not found')


def listed(account: MyOwnConferenceAccount, webinar: Row, fields: tuple[str, ...]) -> Shape:
    """A line of webinarsList: neither duration nor status."""
    shape = {name: webinar[name] for name in LISTED}
    shape["start"] = account.zone.shown(webinar["start"])
    shape["created"] = in_gmt(webinar["created"])
    return {name: shape[name] for name in fields}


def info(account: MyOwnConferenceAccount, webinar: Row) -> Shape:
    """A webinar as webinarsGetInfo answers it."""
    recordings = account.store.rows("recordings", room_id=webinar["id"])
    return {
        "alias": webinar["alias"],
        "name": webinar["name"],
        "description": webinar["description"],
        "start": account.zone.shown(webinar["start"]),
        "duration": str(webinar["duration"]),
        "close": settings.yes_no(webinar["close"]),
        "language": webinar["language"],
        "google_id": webinar["google_id"],
        "created": in_gmt(webinar["created"]),
        "status": account.status(webinar),
        "records": str(len(recordings)),
        "logotype_url": webinar["logotype_url"],
        "banner_url": webinar["banner_url"],
        "settings": settings_form.shown(account, webinar["settings"]),
    }


def made(account: MyOwnConferenceAccount, message: str, webinar: Row) -> Shape:
    """The answer to create and clone."""
    return done(
        message,
        alias=webinar["alias"],
        webinarLink=room_url(account, webinar),
        mainModeratorLink=moderator_link(account, webinar, account.main_moderator),
    )


def room_lines(
    account: MyOwnConferenceAccount, webinars: list[Row], name: str, link: Callable[[Row], str]
) -> list[Shape]:
    """Webinars with someone's personal link, which is called `name`."""
    return [
        {
            "alias": webinar["alias"],
            "name": webinar["name"],
            "description": webinar["description"],
            "start": account.zone.shown(webinar["start"]),
            "timezone": str(account.profile["timezone"]),
            "duration": str(webinar["duration"]),
            name: link(webinar),
        }
        for webinar in webinars
    ]


def in_gmt(kept: str) -> str:
    """A kept time, which is UTC, as the API writes times."""
    return kept[:19].replace("T", " ")


def room_url(account: MyOwnConferenceAccount, webinar: Row) -> str:
    """The address of the room, without anybody's code."""
    return account.world.url(f"/myownconference/room/{account.label}/{webinar['alias']}")


def moderator_link(account: MyOwnConferenceAccount, webinar: Row, person: Row) -> str:
    """A moderator's personal link."""
    return f"{room_url(account, webinar)}?u={personal_code(account, webinar, 'm', person)}"


def attendee_link(account: MyOwnConferenceAccount, webinar: Row, person: Row) -> str:
    """A participant's personal link."""
    return f"{room_url(account, webinar)}?u={personal_code(account, webinar, 'g', person)}"


def personal_code(account: MyOwnConferenceAccount, webinar: Row, role: str, person: Row) -> str:
    """The code that lets somebody into a room; `role` is m or g."""
    return account.code("room", webinar["alias"], role, person["id"])


def _not_active(webinar: Row) -> Refusal:
    return Refusal(f'Webinar with alias "{webinar["alias"]}" not active')
