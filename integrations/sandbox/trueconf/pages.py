"""Stand-ins for the server's own pages, so that no link of the demo is broken.

Three kinds: a conference's page (`/c/`), its web client (`/webrtc/`), and files.
"""

from __future__ import annotations

from typing import Any

from markupsafe import Markup
from werkzeug.exceptions import HTTPException
from werkzeug.routing import Map, Rule
from werkzeug.wrappers import Response

from integrations.sandbox.call import Call
from integrations.sandbox.layout import framable, page
from integrations.sandbox.store import Row
from integrations.sandbox.trueconf.account import TrueConfAccount

Accounts = dict[str, TrueConfAccount]
MIMETYPES = {"png": "image/png", "jpg": "image/jpeg", "gif": "image/gif"}


def answer(accounts: Accounts, call: Call) -> Response:
    """A page or file for anyone who follows a link; no token is asked for here."""
    if call.problem:
        return _sorry(call.problem, call.problem_status)
    try:
        show, names = _ADDRESSES.match(call.path, method="GET")
    except HTTPException:
        return _sorry()
    label, *rest = names.values()
    account = accounts.get(label)
    found: Response | None = show(account, dict(call.query), *rest) if account else None
    return found or _sorry()


def _conference(
    account: TrueConfAccount, query: dict[str, str], conference_id: str
) -> Response | None:
    row = account.by_address("conferences", conference_id)
    if row is None:
        return None
    told = "It is running now." if account.running_call(row["id"]) else _when(account, row)
    if row["registration"]["enabled"]:
        told += " People register for it on this page."
    return _stand_in(row["topic"], told)


def _web_client(
    account: TrueConfAccount, query: dict[str, str], conference_id: str
) -> Response | None:
    """Who comes in by this link: `login` is a user's, or a guest's id."""
    row = account.by_address("conferences", conference_id)
    if row is None:
        return None
    return _stand_in(row["topic"], _entrance(account, row, query.get("login", "")))


def _entrance(account: TrueConfAccount, row: Row, login: str) -> str:
    if not login:
        return "Anyone who comes here gives a name and waits to be let in."
    user = account.user(login)
    if user is None:
        who = "a guest" if login.startswith("#guest") else "someone whom the server does not know"
        return f"This personal link lets in {who} ({login})."
    role = "owner" if user["login_name"] == row["owner"] else "participant"
    return f"This personal link lets in {user['display_name']} as {role}."


def _avatar(account: TrueConfAccount, query: dict[str, str], code: str, kind: str) -> Any:
    for row in account.users():
        if row["avatar"] and row["avatar"]["code"] == code and row["avatar"]["kind"] == kind:
            content = bytes.fromhex(row["avatar"]["content"])
            return Response(content, mimetype=MIMETYPES[kind])
    return None


def _download(account: TrueConfAccount, query: dict[str, str], name: str) -> Response:
    headers = {"Content-Disposition": "attachment; filename=trueconf-stand-in.txt"}
    text = "The sandbox's stand-in for a client application.\n"
    return Response(text, mimetype="text/plain", headers=headers)


def _when(account: TrueConfAccount, row: Row) -> str:
    start = account.next_start(row)
    if start is None:
        return "It has no schedule: it is there for whoever comes."
    return f"It is planned for {account.local(start):%A, %d %B %Y, %H:%M} ({account.zone})."


def _stand_in(topic: str, sentence: str) -> Response:
    body = Markup(
        "<p class='lead'>This is the sandbox's stand-in for the TrueConf conference "
        "<strong>{}</strong>.</p><p>{}</p>"
        "<p class='quiet'>Nothing is broadcast here. <a href='/'>To the sandbox</a></p>"
    ).format(topic, sentence)
    return framable(page(topic, body))


def _sorry(
    sentence: str = "The sandbox has nothing at this address (any more).", status: int = 404
) -> Response:
    body = Markup("<p class='lead'>{}</p><p><a href='/'>To the sandbox</a></p>").format(sentence)
    return page("Not here", body, status=status)


_ADDRESSES = Map(
    [
        Rule("/<label>/c/<conference_id>", endpoint=_conference),
        Rule("/<label>/webrtc/<conference_id>", endpoint=_web_client),
        Rule("/<label>/avatar/<code>.<kind>", endpoint=_avatar),
        Rule("/<label>/downloads/<name>", endpoint=_download),
    ],
    strict_slashes=False,
    merge_slashes=False,
).bind("sandbox")
