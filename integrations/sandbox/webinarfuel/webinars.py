"""Webinars: list and get. [document, Webinar]"""

from __future__ import annotations

from functools import partial
from typing import Any

from integrations.sandbox.webinarfuel import shapes
from integrations.sandbox.webinarfuel.fields import Fields
from integrations.sandbox.webinarfuel.request import ApiRequest

# "Maximum number = 50"; how many without the parameter is the sandbox's own choice.
MOST_SESSIONS = 50
USUAL_SESSIONS = 10


def list_ready(request: ApiRequest) -> Any:
    query = request.query
    shape = partial(shapes.webinar, request.account, **_options(query))
    rows = [row for row in request.account.webinars() if row["state"] == "ready"]
    return request.page("webinars", rows, shape, query)


def get(request: ApiRequest, webinar_id: int) -> Any:
    query = request.query
    options = _options(query)
    query.check()
    shape = shapes.webinar(request.account, request.ready_webinar(webinar_id), **options)
    return shapes.single(request.account, "webinar", shape)


def _options(query: Fields) -> dict[str, Any]:
    return {
        "most": query.whole("sessions_limit", 1, MOST_SESSIONS) or USUAL_SESSIONS,
        "exact": query.flag("exact_recurring_dates"),
        "zone": query.zone("time_zone", "timezone"),
    }
