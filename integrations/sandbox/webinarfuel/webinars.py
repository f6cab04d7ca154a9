"""Webinars: list and get. [webinarfuel.txt, Webinar]"""

from __future__ import annotations

from functools import partial
from typing import Any

from integrations.sandbox.webinarfuel import shapes
from integrations.sandbox.webinarfuel.ask import Ask
from integrations.sandbox.webinarfuel.fields import Fields

# "Maximum number = 50"; how many without the parameter is the sandbox's own choice.
MOST_SESSIONS = 50
USUAL_SESSIONS = 10


def list_ready(ask: Ask) -> Any:
    query = ask.query
    shape = partial(shapes.webinar, ask.account, **_wishes(query))
    rows = [row for row in ask.account.webinars() if row["state"] == "ready"]
    return ask.page("webinars", rows, shape, query)


def get(ask: Ask, webinar_id: int) -> Any:
    query = ask.query
    wishes = _wishes(query)
    query.check()
    shape = shapes.webinar(ask.account, ask.ready_webinar(webinar_id), **wishes)
    return shapes.single(ask.account, "webinar", shape)


def _wishes(query: Fields) -> dict[str, Any]:
    return {
        "most": query.whole("sessions_limit", 1, MOST_SESSIONS) or USUAL_SESSIONS,
        "exact": query.flag("exact_recurring_dates"),
        "zone": query.zone("time_zone", "timezone"),
    }
