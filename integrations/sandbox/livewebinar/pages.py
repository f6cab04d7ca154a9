"""Stand-ins for what the answers' addresses point at: rooms, embedded rooms, files.

Addresses of rooms and the parameters beside them are the document's ("ROOM URL HACKS" and the
options of the embed code); `/em` and `/widget-login` were seen in the vendor's plugins.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from markupsafe import Markup
from werkzeug.exceptions import HTTPException
from werkzeug.routing import Map, Rule
from werkzeug.wrappers import Response

from integrations.sandbox.call import Call
from integrations.sandbox.layout import HEADERS, framable, page
from integrations.sandbox.livewebinar import consent, downloads, moments
from integrations.sandbox.livewebinar.embed import script
from integrations.sandbox.livewebinar.login import Accounts
from integrations.sandbox.livewebinar.undocumented import password_token
from integrations.sandbox.store import Row

ROLE_NAMES = {
    "attendee": "an attendee",
    "presenter": "a presenter",
    "moderator": "a moderator",
    "host": "the host",
}


def answer(accounts: Accounts, call: Call) -> Response:
    """A page or file for anyone who follows a link; no token is asked for here."""
    if call.problem:
        return _sorry(call.problem, call.problem_status)
    try:
        show, names = _ADDRESSES.match(call.path, method="GET")
        found: Response | None = show(accounts, call, **names)
    except (HTTPException, ValueError):  # ValueError: an id of thousands of digits
        found = None
    return found or _sorry("The sandbox has nothing at this address (any more).", 404)


def _authorize(accounts: Accounts, call: Call) -> Response:
    return consent.answer(accounts, call)


def _sign_in(accounts: Accounts, call: Call) -> Response:
    body = Markup("<p>Nobody needs to sign in here: the page that asks for consent knows all.</p>")
    return page("LiveWebinar panel", body)


def _room(accounts: Accounts, call: Call, token: str, role_token: str = "") -> Response | None:
    found = _widget(accounts, token)
    if found is None:
        return None
    query = dict(call.query)
    if role_token:
        query["_role_token"] = role_token
    return _stand_in(*found, query)


def _embedded(accounts: Accounts, call: Call) -> Response | None:
    """What the embed code shows in its frame: the same room, and any page may frame it."""
    query = dict(call.query)
    found = _widget(accounts, query.get("_license_key") or query.get("t", ""))
    if found is None:
        return None
    return framable(_stand_in(*found, query))


def _embed_script(accounts: Accounts, call: Call) -> Response | None:
    query = dict(call.query)
    found = _widget(accounts, query.get("_license_key") or query.get("t", ""))
    return script(found[0].world, found[1], call.query) if found else None


def _token_login(accounts: Accounts, call: Call) -> Response | None:
    """Where the Moodle plugin sends attendees, with a password token of their own."""
    query = dict(call.query)
    found = _widget(accounts, query.get("token", ""))
    if found is None:
        return None
    token = query.get("password_token", "")
    return framable(_stand_in(*found, {**query, "_password_token": token}))


def _widget(accounts: Accounts, token: str) -> tuple[Any, Row] | None:
    for account in accounts.values():
        if rows := account.store.rows("widgets", token=token):
            return account, rows[0]
    return None


def _stand_in(account: Any, widget: Row, query: dict[str, str]) -> Response:
    nickname, role, note = _who(account, widget, query)
    avatar = query.get("avatar_url") or query.get("_avatar_url") or ""
    picture = _picture(avatar)
    shown = nickname or "Somebody without a nickname"
    body = Markup(
        "<p class='lead'>This is the sandbox's stand-in for the LiveWebinar room "
        "<strong>{}</strong> ({}).</p><p>{}{} comes in as {}.</p><p>{}</p><p>{}</p>"
        "<p class='quiet'>Nothing is broadcast here. <a href='/'>To the sandbox</a></p>"
    ).format(widget["name"], widget["token"], picture, shown, ROLE_NAMES[role], note, _when(widget))
    answer = page(widget["name"], body)
    if picture:
        policy = HEADERS["Content-Security-Policy"]
        allowed = f"img-src 'self' {consent.origin(avatar)}"
        answer.headers["Content-Security-Policy"] = policy.replace("img-src 'self'", allowed)
    return answer


def _who(account: Any, widget: Row, query: dict[str, str]) -> tuple[str, str, str]:
    """Nickname, role, and a sentence about the way in."""
    nickname, personal = query.get("_nickname", ""), query.get("_personal_token", "")
    links = account.store.rows("links", room_id=widget["id"], personal_token=personal)
    if links:
        name = f"{links[0]['first_name']} {links[0]['last_name']}".strip()
        shown = nickname or name or links[0]["email"]
        return shown, links[0]["role"], f"By the personal link of {links[0]['email']}."
    if personal:
        return nickname, "attendee", "This personal link is not known to the room."
    if wanted := query.get("_role_token"):
        role = next((role for role, code in widget["roles"].items() if code == wanted), "")
        note = "By the link of that role." if role else "This role is not known to the room."
        return nickname, role or "attendee", note
    return nickname, "attendee", _entrance(account, widget, query)


def _entrance(account: Any, widget: Row, query: dict[str, str]) -> str:
    if widget["status"] == "inactive":
        return "The room is switched off: nobody could come in."
    if token := query.get("_password_token"):
        known = any(
            password_token(account, group["id"], place) == token
            for group in account.store.rows("widget_tokens")
            if widget["id"] in group["widgets_ids"]
            for place in range(group["made"])
        )
        return "By a password token." if known else "This password token is not known."
    if widget["form_id"]:
        return "An entry form would be shown first."
    return "The room's password would be asked for." if widget["password"] else "The door is open."


def _picture(address: str) -> Markup:
    try:
        good = urlsplit(address).scheme in ("http", "https") and bool(urlsplit(address).netloc)
    except ValueError:
        good = False
    shown = Markup("<img src='{}' alt='' width='32' height='32'> ")
    return shown.format(address) if good else Markup("")


def _when(widget: Row) -> str:
    if widget["type"] == "permanent":
        return "It is a permanent room."
    local = moments.local(widget["start_date"], widget["timezone"])
    return f"{local:%A %d %B %Y, %H:%M} ({widget['timezone']}), {widget['duration']} minutes."


def _sorry(sentence: str, status: int) -> Response:
    body = Markup("<p class='lead'>{}</p><p><a href='/'>To the sandbox</a></p>").format(sentence)
    return page("Not here", body, status=status)


_ADDRESSES = Map(
    [
        Rule(consent.PATH, endpoint=_authorize),
        Rule("/auth/login", endpoint=_sign_in),
        Rule("/em", endpoint=_embed_script),
        Rule("/embed", endpoint=_embedded),
        Rule("/widget-login", endpoint=_token_login),
        Rule("/recordings/<label>/<int:row_id>", endpoint=downloads.recording),
        Rule("/storage/<label>/<int:row_id>", endpoint=downloads.stored),
        Rule("/reports/<label>/<int:widget_id>/<code>.xls", endpoint=downloads.report),
        Rule("/<token>", endpoint=_room),
        Rule("/<token>/x/<role_token>", endpoint=_room),
    ],
    strict_slashes=False,
).bind("sandbox")
