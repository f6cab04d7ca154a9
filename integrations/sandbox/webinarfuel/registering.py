"""Registering someone for a start of a session: what create and OneClick have in common."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from integrations.sandbox.store import Row
from integrations.sandbox.webinarfuel import schedule
from integrations.sandbox.webinarfuel.account import TRACKED
from integrations.sandbox.webinarfuel.fields import Fields
from integrations.sandbox.webinarfuel.request import ApiRequest

NAMES = ("first_name", "last_name", "phone")


@dataclass
class Registered:
    registrant: Row
    viewing: Row
    new: bool


def register(
    request: ApiRequest, webinar_id: int | None, person: Fields, session: Fields
) -> Registered:
    """Raises Refusal: 400 with all that is wrong, 404 where the webinar is not ready.

    `person` and `session` collect what is wrong in the same place. `tags` and `custom_fields` of
    someone who is known already are replaced as a whole.
    """
    email = person.email("email", required=True) or ""
    values = read_person(person)
    session_id = session.whole("webinar_session_id", required=True)
    wanted = session.moment("scheduled_at")
    zone = session.zone("time_zone", "timezone")
    tracked = {name: session.text(name) for name in TRACKED if name in session}
    person.check()
    webinar = request.ready_webinar(webinar_id)
    known = request.account.find_registrant(email)
    if webinar["time_zone"] == schedule.REGISTRANT and not zone:
        session.wrong("time_zone", "is required, as the webinar's time zone is 'registrant'")
    row, start = _start(request, webinar, session_id or 0, wanted, session)
    session.check()
    if zone:
        tracked["time_zone"] = zone
    if known:
        registrant = request.account.edit_registrant(known["id"], **values)
    else:
        registrant = request.account.add_registrant(email, **values)
    viewing = request.account.keep_viewing(registrant, row, start, **tracked)
    return Registered(registrant, viewing, new=known is None)


def read_person(fields: Fields) -> Row:
    """What was sent of a registrant, the address apart; unknown attributes are ignored."""
    values: dict[str, Any] = {name: fields.text(name) for name in NAMES if name in fields}
    tags, custom = fields.texts("tags"), fields.pairs("custom_fields")
    if tags is not None:
        values["tags"] = tags
    if custom is not None:
        values["custom_fields"] = custom
    return values


def _start(
    request: ApiRequest, webinar: Row, session_id: int, wanted: datetime | None, fields: Fields
) -> tuple[Row, datetime]:
    """The session and the start registered for: of this webinar, and not over."""
    session = request.account.store.get("sessions", session_id)
    if session is None or session["webinar_id"] != webinar["id"]:
        raise fields.refusal("webinar_session_id", "is not a session of this webinar")
    start = wanted or schedule.next_start(request.account, webinar, session)
    if start is None:
        raise fields.refusal("webinar_session_id", "has no start to come")
    if not schedule.is_start(request.account, webinar, session, start):
        raise fields.refusal("scheduled_at", "is not a time of this session")
    if schedule.is_over(request.account, webinar, start):
        raise fields.refusal("scheduled_at", "has passed")
    return session, start
