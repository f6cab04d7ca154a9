"""A conference for calendars and other pages: links, an ICS file, a frame.

Source: [document, Get Conference Calendars, Get Conference ICS, Share Conference].
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from werkzeug.wrappers import Response

from integrations.sandbox.store import Row
from integrations.sandbox.trueconf import moments, schedule_form
from integrations.sandbox.trueconf.conference_shape import page_url
from integrations.sandbox.trueconf.refusal import bad
from integrations.sandbox.trueconf.request import ApiRequest
from integrations.sandbox.trueconf.software import LANGUAGES


def calendars(request: ApiRequest, conference_id: str) -> Any:
    """Get Conference Calendars [Conferences]."""
    row = request.conference(conference_id)
    lang = request.query.get("lang", "en")
    if lang not in LANGUAGES:
        raise bad("invalidValue", f"One of {', '.join(LANGUAGES)} is expected.", "lang")
    start, end = _bounds(request, row)
    said = f"Click the link below to join the web conference:\n{page_url(request.account, row)}"
    google = {
        "action": "TEMPLATE",
        "dates": f"{_naive(request, start)}/{_naive(request, end)}",
        "text": row["topic"],
        "location": page_url(request.account, row),
        "details": said,
        "ctz": request.account.zone,
    }
    outlook = {
        "path": "/calendar/action/compose",
        "rru": "addevent",
        "startdt": _stamp(start),
        "enddt": _stamp(end),
        "subject": row["topic"],
        "location": page_url(request.account, row),
        "body": said,
    }
    if rule := _rule(row):
        google["recur"] = f"RRULE:{rule}"
    return {
        "calendars": {
            "google": f"http://www.google.com/calendar/event?{urlencode(google)}",
            "outlook": f"https://outlook.live.com/owa/?{urlencode(outlook)}",
            "other": request.api_url("conferences", conference_id, "ics"),
        }
    }


def ics(request: ApiRequest, conference_id: str) -> Response:
    """Get Conference ICS [Conferences]."""
    row = request.conference(conference_id)
    start, end = _bounds(request, row)
    url, topic = page_url(request.account, row), _escaped(row["topic"])
    said = f'Join the video conference "{topic}":\\n{url}'
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        f"PRODID:-//{request.account.server_name}//Lectern sandbox//",
        "CALSCALE:GREGORIAN",
        "METHOD:REQUEST",
        "X-WR-CALNAME:TrueConf",
        "BEGIN:VEVENT",
        f"UID:{row['address']}",
        f"DTSTAMP:{_stamp(row['created_at'])}",
        "CLASS:PUBLIC",
        f"DESCRIPTION:{said}",
        f"DTSTART:{_stamp(start)}",
        f"DTEND:{_stamp(end)}",
        *([f"RRULE:{rule}"] if (rule := _rule(row)) else []),
        f"SUMMARY:Video conference '{topic}'",
        "TRANSP:OPAQUE",
        *("BEGIN:VALARM", "ACTION:DISPLAY", f"DESCRIPTION:{said}", "TRIGGER:-PT1H0M0S"),
        *("END:VALARM", "END:VEVENT", "END:VCALENDAR", ""),
    ]
    headers = {"Content-Disposition": f'attachment; filename="{row["address"]}.ics"'}
    return Response("\r\n".join(lines), mimetype="text/calendar", headers=headers)


def shared(request: ApiRequest, conference_id: str) -> Any:
    """Share Conference [Conferences]."""
    url = page_url(request.account, request.conference(conference_id))
    frame = (
        '<iframe allowfullscreen="allowfullscreen" width="720" height="405" '
        f'allow="microphone; camera; autoplay; display-capture" src="{url}"></iframe>'
    )
    return {"embedded": {"webrtc": frame, "cdn_video": None}, "rtsp_url": None}


def _bounds(request: ApiRequest, row: Row) -> tuple[int, int]:
    """Start and end; a conference without a schedule is offered for the coming hour."""
    start = request.account.next_start(row) or request.account.now()
    return start, start + row["schedule"].get("duration", 3600)


def _rule(row: Row) -> str:
    if row["schedule"]["type"] != schedule_form.WEEKLY:
        return ""
    days = ",".join(day[:2].upper() for day in row["schedule"]["days"])
    return f"FREQ=WEEKLY;INTERVAL=1;BYDAY={days}"


def _stamp(seconds: int) -> str:
    return moments.moment(seconds).strftime("%Y%m%dT%H%M%SZ")


def _naive(request: ApiRequest, seconds: int) -> str:
    """By the server's clock, whose zone stands beside it."""
    return request.account.local(seconds).strftime("%Y%m%dT%H%M%S")


def _escaped(text: str) -> str:
    for sign in ("\\", ";", ","):
        text = text.replace(sign, f"\\{sign}")
    return text.replace("\r", "").replace("\n", "\\n")
