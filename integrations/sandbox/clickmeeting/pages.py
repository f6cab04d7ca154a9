"""Stand-ins for what the answers' addresses point at, so that no link of the demo is broken."""

from __future__ import annotations

import hashlib
import io
import wave
from typing import Any

from markupsafe import Markup
from werkzeug.exceptions import HTTPException
from werkzeug.routing import Map, Rule
from werkzeug.wrappers import Response

from integrations.sandbox.call import Call
from integrations.sandbox.clickmeeting.skins import SKINS, slug
from integrations.sandbox.layout import framable, page

Accounts = dict[str, Any]


def answer(accounts: Accounts, call: Call) -> Response:
    """A page or file for anyone who follows a link; no key is asked for here."""
    if call.problem:
        return _sorry(call.problem, call.problem_status)
    try:
        show, names = _ADDRESSES.match(call.path, method="GET")
        found: Response | None = show(accounts, call, **names)
    except (HTTPException, ValueError):  # ValueError: an id of thousands of digits
        found = None
    return found or _sorry("The sandbox has nothing at this address (any more).", 404)


def _room(accounts: Accounts, call: Call, label: str, name_url: str) -> Response | None:
    account = accounts.get(label)
    rooms = account.rooms() if account else []
    room = next((one for one in rooms if name_url in (one["name_url"], str(one["room_pin"]))), None)
    if room is None:
        return None
    entrance = _entrance(account, room, dict(call.query))
    return _stand_in(room["name"], entrance)


def _entrance(account: Any, room: dict[str, Any], query: dict[str, str]) -> str:
    """Who would come in by this link: `r` is a registration, `l` an auto-login hash."""
    registered = account.store.rows("registrations", room_id=room["id"], r=query.get("r"))
    if registered:
        who = registered[0]
        return f"This personal link lets in {who['first_name']} {who['last_name']} as attendee."
    logins = account.store.rows("autologins", room_id=room["id"], code=query.get("l"))
    if logins:
        return f"This personal link lets in {logins[0]['nickname']} as {logins[0]['role']}."
    if "r" in query or "l" in query:
        return "This personal link is not known to the room."
    return "Anyone who comes here would wait in the lobby for the webinar to start."


def _embed(accounts: Accounts, call: Call) -> Response | None:
    wanted = dict(call.query).get("r", "")
    for account in accounts.values():
        for room in account.rooms():
            if f"{room['room_pin']}{room['id']}" == wanted:
                return _script(f"/clickmeeting/room/{account.label}/{wanted[:9]}?popup=off")
    return None


def _script(address: str) -> Response:
    """JavaScript that writes a frame, for a script element in another page."""
    code = f"document.write('<iframe src=\"{address}\"></iframe>');"
    return Response(code, mimetype="application/javascript")


def _recording(accounts: Accounts, call: Call, label: str, row_id: int) -> Response | None:
    """Two seconds of silence: small, and any player opens it."""
    account = accounts.get(label)
    if account is None or account.store.get("recordings", row_id) is None:
        return None
    sound = io.BytesIO()
    with wave.open(sound, "wb") as file:
        file.setparams((1, 1, 8000, 0, "NONE", "not compressed"))
        file.writeframes(b"\x80" * 16000)
    headers = {"Content-Disposition": f"inline; filename=recording-{row_id}.wav"}
    return Response(sound.getvalue(), mimetype="audio/wav", headers=headers)


def _report(
    accounts: Accounts, call: Call, label: str, lang: str, session_id: int, code: str
) -> Response | None:
    account = accounts.get(label)
    if account is None or code != account.code("pdf", session_id, lang, length=8):
        return None
    headers = {"Content-Disposition": f"inline; filename=session-{session_id}-{lang}.pdf"}
    text = f"Report of session {session_id} ({lang}), made by the sandbox."
    return Response(_pdf(text), mimetype="application/pdf", headers=headers)


def _skin(accounts: Accounts, call: Call, name: str) -> Response | None:
    if name not in map(slug, SKINS):
        return None
    colour = hashlib.sha256(name.encode()).hexdigest()[:6]
    drawing = (
        '<svg xmlns="http://www.w3.org/2000/svg" width="160" height="90">'
        f'<rect width="160" height="90" fill="#{colour}"/>'
        '<rect x="12" y="12" width="96" height="66" rx="4" fill="#fff" opacity=".7"/></svg>'
    )
    return Response(drawing, mimetype="image/svg+xml")


def _stand_in(name: str, sentence: str) -> Response:
    body = Markup(
        "<p class='lead'>This is the sandbox's stand-in for the ClickMeeting room "
        "<strong>{}</strong>.</p><p>{}</p>"
        "<p class='quiet'>Nothing is broadcast here. <a href='/'>To the sandbox</a></p>"
    ).format(name, sentence)
    return framable(page(name, body))


def _sorry(sentence: str, status: int) -> Response:
    body = Markup("<p class='lead'>{}</p><p><a href='/'>To the sandbox</a></p>").format(sentence)
    return page("Not here", body, status=status)


def _pdf(text: str) -> bytes:
    """The smallest page that a reader opens: one line of text, with a true table of offsets."""
    drawing = f"BT /F1 14 Tf 60 760 Td ({text.replace('(', '').replace(')', '')}) Tj ET"
    parts = (
        "<</Type/Catalog/Pages 2 0 R>>",
        "<</Type/Pages/Kids[3 0 R]/Count 1>>",
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R"
        "/Resources<</Font<</F1 5 0 R>>>>>>",
        f"<</Length {len(drawing)}>>stream\n{drawing}\nendstream",
        "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    )
    text, places = "%PDF-1.4\n", []
    for number, part in enumerate(parts, start=1):
        places.append(len(text))
        text += f"{number} 0 obj{part}endobj\n"
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    end = f"trailer<</Size {len(parts) + 1}/Root 1 0 R>>\nstartxref\n{len(text)}\n%%EOF\n"
    whole = f"{text}xref\n0 {len(parts) + 1}\n0000000000 65535 f \n{table}{end}"
    return whole.encode("latin-1", "replace")


_ADDRESSES = Map(
    [
        Rule("/room/<label>/<name_url>", endpoint=_room),
        Rule("/embed/embed_conference.html", endpoint=_embed),
        Rule("/recorder/<label>/<int:row_id>", endpoint=_recording),
        Rule("/pdf/<label>/<lang>/<int:session_id>/<code>", endpoint=_report),
        Rule("/skins/<name>/preview.svg", endpoint=_skin),
    ],
    strict_slashes=False,
).bind("sandbox")
