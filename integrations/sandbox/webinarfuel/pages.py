"""Stand-ins for what the answers' addresses point at, so that no link of the demo is broken."""

from __future__ import annotations

import hashlib
import io
import wave

from markupsafe import Markup, escape
from werkzeug.exceptions import HTTPException
from werkzeug.routing import Map, Rule
from werkzeug.wrappers import Response

from integrations.sandbox.call import Call
from integrations.sandbox.layout import page
from integrations.sandbox.store import Row
from integrations.sandbox.webinarfuel import moments, schedule
from integrations.sandbox.webinarfuel.account import WebinarFuelAccount

Accounts = dict[str, WebinarFuelAccount]
KINDS = {
    "join": "This personal link lets in {name}.",
    "replay": "This personal link shows {name} the replay.",
    "encore": "This personal link lets {name} into the encore.",
}


def answer(accounts: Accounts, call: Call) -> Response:
    """A page or file for anyone who follows a link; no key is asked for here."""
    if call.problem:
        return _sorry(call.problem, call.problem_status)
    try:
        show, names = _ADDRESSES.match(call.path, method="GET")
        found: Response | None = show(accounts, **names)
    except (HTTPException, ValueError):  # ValueError: an id of thousands of digits
        found = None
    return found or _sorry("The sandbox has nothing at this address (any more).", 404)


def _webinar(accounts: Accounts, label: str, webinar_id: int) -> Response | None:
    found = _row(accounts, label, "webinars", webinar_id)
    if found is None:
        return None
    account, row = found
    rows = schedule.listed(account, row, 5, exact=True)
    zone = schedule.shown_zone(account, row, None)
    times = ", ".join(moments.readable(start, zone) for _, start in rows)
    return _stand_in(row["name"], f"Its sessions: {times}." if times else "It has no session.")


def _personal(accounts: Accounts, kind: str, label: str, cid: int, code: str) -> Response | None:
    found = _viewing(accounts, label, cid, code)
    if found is None or kind not in KINDS:
        return None
    account, row = found
    webinar = account.webinar(row["webinar_id"])
    if kind != "join" and not webinar[kind]:
        return None
    person = account.registrant(row["registrant_id"])
    name = " ".join(filter(None, (person["first_name"], person["last_name"]))) or person["email"]
    sentence = "This registration is canceled." if row["canceled"] else KINDS[kind]
    when = moments.readable(
        moments.moment(row["scheduled_at"]), row["time_zone"] or schedule.own_zone(account, webinar)
    )
    file = Markup("<p><a href='/webinarfuel/app/recording/{}/{}'>The recording</a></p>").format(
        label, webinar["id"]
    )
    shown = file if kind == "replay" else Markup("")
    return _stand_in(webinar["name"], f"{sentence.format(name=name)} {when}.", shown)


def _calendar(accounts: Accounts, form: str, label: str, cid: int, code: str) -> Response | None:
    """The session as a calendar's file, or a page in place of Google's."""
    found = _viewing(accounts, label, cid, code)
    if found is None or form not in ("ics", "vcs", "google"):
        return None
    account, row = found
    webinar = account.webinar(row["webinar_id"])
    if form == "google":
        return _stand_in(webinar["name"], "Google's calendar would open here.")
    stamp = moments.moment(row["scheduled_at"]).strftime("%Y%m%dT%H%M%SZ")
    lines = (
        "BEGIN:VCALENDAR",
        f"VERSION:{'2.0' if form == 'ics' else '1.0'}",
        "PRODID:-//Lectern//Sandbox//EN",
        "BEGIN:VEVENT",
        f"UID:{cid}@webinarfuel.example",
        f"DTSTAMP:{stamp}",
        f"DTSTART:{stamp}",
        f"DURATION:PT{webinar['minutes']}M",
        f"SUMMARY:{_calendar_text(webinar['name'])}",
        "END:VEVENT",
        "END:VCALENDAR",
        "",
    )
    kind = "text/calendar" if form == "ics" else "text/x-vcalendar"
    headers = {"Content-Disposition": f"attachment; filename=session.{form}"}
    return Response("\r\n".join(lines), mimetype=kind, headers=headers)


def _recording(accounts: Accounts, label: str, webinar_id: int) -> Response | None:
    """Two seconds of silence: small, and any player opens it."""
    found = _row(accounts, label, "webinars", webinar_id)
    if found is None or not found[1]["replay"]:
        return None
    sound = io.BytesIO()
    with wave.open(sound, "wb") as file:
        file.setparams((1, 1, 8000, 0, "NONE", "not compressed"))
        file.writeframes(b"\x80" * 16000)
    headers = {"Content-Disposition": f"inline; filename=replay-{webinar_id}.wav"}
    return Response(sound.getvalue(), mimetype="audio/wav", headers=headers)


def _thanks(accounts: Accounts) -> Response:
    return page("Thank you", Markup("<p class='lead'>You are registered. See you soon.</p>"))


def _avatar(accounts: Accounts, name: str) -> Response:
    colour = hashlib.sha256(name.encode()).hexdigest()[:6]
    initials = "".join(part[0] for part in name.split()[:2])
    drawing = (
        '<svg xmlns="http://www.w3.org/2000/svg" width="96" height="96">'
        f'<rect width="96" height="96" fill="#{colour}"/><text x="48" y="60" fill="#fff" '
        f'font-size="36" text-anchor="middle">{escape(initials)}</text></svg>'
    )
    return Response(drawing, mimetype="image/svg+xml")


def _viewing(
    accounts: Accounts, label: str, cid: int, code: str
) -> tuple[WebinarFuelAccount, Row] | None:
    found = _row(accounts, label, "viewings", cid)
    return found if found and code == found[0].code("viewing", cid) else None


def _row(
    accounts: Accounts, label: str, table: str, row_id: int
) -> tuple[WebinarFuelAccount, Row] | None:
    account = accounts.get(label)
    row = account.store.get(table, row_id) if account else None
    return (account, row) if account and row else None


def _calendar_text(text: str) -> str:
    """[RFC 5545, 3.3.11]"""
    plain = " ".join(text.split()).replace("\\", "\\\\")
    return plain.replace(";", "\\;").replace(",", "\\,")


def _stand_in(name: str, sentence: str, more: Markup | str = "") -> Response:
    body = Markup(
        "<p class='lead'>This is the sandbox's stand-in for the WebinarFuel webinar "
        "<strong>{}</strong>.</p><p>{}</p>{}"
        "<p class='quiet'>Nothing is broadcast here. <a href='/'>To the sandbox</a></p>"
    ).format(name, sentence, more)
    return page(name, body)


def _sorry(sentence: str, status: int) -> Response:
    body = Markup("<p class='lead'>{}</p><p><a href='/'>To the sandbox</a></p>").format(sentence)
    return page("Not here", body, status=status)


_ADDRESSES = Map(
    [
        Rule("/app/webinar/<label>/<int:webinar_id>", endpoint=_webinar),
        Rule("/app/recording/<label>/<int:webinar_id>", endpoint=_recording),
        Rule("/app/calendar/<form>/<label>/<int:cid>/<code>", endpoint=_calendar),
        Rule("/app/thanks", endpoint=_thanks),
        Rule("/app/avatar/<name>.svg", endpoint=_avatar),
        Rule("/app/<kind>/<label>/<int:cid>/<code>", endpoint=_personal),
    ],
    strict_slashes=False,
).bind("sandbox")
