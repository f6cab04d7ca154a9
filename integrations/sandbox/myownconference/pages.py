"""Stand-ins for what the answers' addresses point at, so that no link of the demo is broken."""

from __future__ import annotations

import io
import wave
from typing import Any

from markupsafe import Markup, escape
from werkzeug.exceptions import HTTPException
from werkzeug.routing import Map, Rule
from werkzeug.wrappers import Response

from integrations.sandbox.call import Call
from integrations.sandbox.layout import page
from integrations.sandbox.myownconference import shapes
from integrations.sandbox.myownconference.account import MEDIA, MyOwnConferenceAccount
from integrations.sandbox.store import Row

Accounts = dict[str, Any]


def answer(accounts: Accounts, call: Call) -> Response:
    """A page or file for anyone who follows a link; no key is asked for here."""
    if call.problem:
        return _sorry(call.problem, call.problem_status)
    try:
        show, found_names = _ADDRESSES.match(call.path, method="GET")
    except (HTTPException, ValueError):  # ValueError: an id of thousands of digits
        return _nothing()
    names = dict(found_names)
    account = accounts.get(names.pop("label"))
    found: Response | None = show(account, call, **names) if account else None
    return found or _nothing()


def _room(account: MyOwnConferenceAccount, call: Call, alias: str) -> Response | None:
    webinar = account.find_webinar(alias)
    if webinar is None:
        return None
    code = dict(call.query).get("u")
    return _stand_in("webinar", webinar["name"], _entrance(account, webinar, code))


def _entrance(account: MyOwnConferenceAccount, webinar: Row, code: str | None) -> str:
    """Who would come in by this link."""
    if code is None:
        return "Anyone who comes here would be asked for a name before the webinar starts."
    people = [("m", "moderator", one) for one in account.moderators_of(webinar["id"])]
    people += [("g", "attendee", one) for one in account.invited(webinar["alias"])]
    for role, word, person in people:
        if code == shapes.personal_code(account, webinar, role, person):
            return f"This personal link lets in {person['name'] or person['email']} as {word}."
    return "This personal link is not known to the webinar."


def _recording(account: MyOwnConferenceAccount, call: Call, row_id: int) -> Response | None:
    row = account.store.get("recordings", row_id)
    return _stand_in("recording", row["name"], "It would be played here.") if row else None


def _recording_content(account: MyOwnConferenceAccount, call: Call, row_id: int) -> Response | None:
    row = account.store.get("recordings", row_id)
    return _sound(f"recording-{row_id}.wav") if row else None


def _file(account: MyOwnConferenceAccount, call: Call, row_id: int) -> Response | None:
    row = account.store.get("files", row_id)
    return _stand_in("file", row["name"], "It would be shown here.") if row else None


def _file_content(account: MyOwnConferenceAccount, call: Call, row_id: int) -> Response | None:
    row = account.store.get("files", row_id)
    if row is None:
        return None
    if row["type"] == MEDIA:
        return _sound(f"file-{row_id}.wav")
    drawing = Markup(
        '<svg xmlns="http://www.w3.org/2000/svg" width="640" height="360">'
        '<rect width="640" height="360" fill="#eee"/><text x="40" y="180">{}</text></svg>'
    ).format(row["name"])
    headers = {"Content-Disposition": f"attachment; filename=file-{row_id}.svg"}
    return Response(str(drawing), mimetype="image/svg+xml", headers=headers)


def _sound(name: str) -> Response:
    """Two seconds of silence: small, and any player opens it."""
    sound = io.BytesIO()
    with wave.open(sound, "wb") as file:
        file.setparams((1, 1, 8000, 0, "NONE", "not compressed"))
        file.writeframes(b"\x80" * 16000)
    headers = {"Content-Disposition": f"attachment; filename={name}"}
    return Response(sound.getvalue(), mimetype="audio/wav", headers=headers)


def _stand_in(kind: str, name: str, sentence: str) -> Response:
    body = Markup(
        "<p class='lead'>This is the sandbox's stand-in for the MyOwnConference {} "
        "<strong>{}</strong>.</p><p>{}</p>"
        "<p class='quiet'>Nothing is broadcast here. <a href='/'>To the sandbox</a></p>"
    ).format(kind, name, sentence)
    return page(name, body)


def _nothing() -> Response:
    return _sorry("The sandbox has nothing at this address (any more).", 404)


def _sorry(sentence: str, status: int) -> Response:
    body = Markup("<p class='lead'>{}</p><p><a href='/'>To the sandbox</a></p>").format(
        escape(sentence)
    )
    return page("Not here", body, status=status)


_ADDRESSES = Map(
    [
        Rule("/room/<label>/<alias>", endpoint=_room),
        Rule("/record/<label>/<int:row_id>", endpoint=_recording),
        Rule("/record/<label>/<int:row_id>/download", endpoint=_recording_content),
        Rule("/file/<label>/<int:row_id>", endpoint=_file),
        Rule("/file/<label>/<int:row_id>/download", endpoint=_file_content),
    ],
    strict_slashes=False,
).bind("sandbox")
