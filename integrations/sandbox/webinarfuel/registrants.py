"""Registrants: list, get, create, update, tags, OneClick. None can be deleted.

[document, Registrant and OneClick]
"""

from __future__ import annotations

from typing import Any

from werkzeug.wrappers import Response

from integrations.sandbox.platform import json_answer
from integrations.sandbox.store import Row
from integrations.sandbox.webinarfuel import registering, shapes
from integrations.sandbox.webinarfuel.fields import Fields
from integrations.sandbox.webinarfuel.refusal import not_found
from integrations.sandbox.webinarfuel.request import ApiRequest


def list_all(request: ApiRequest) -> Any:
    """The filter compares the address letter by letter."""
    query, account = request.query, request.account
    email = query.text("email")
    rows = account.store.rows("registrants", address=email) if email else account.registrants()
    return request.page("registrants", rows, shapes.registrant, query)


def get(request: ApiRequest, registrant_id: int) -> Any:
    shape = shapes.registrant(request.registrant(registrant_id))
    return shapes.single(request.account, "registrant", shape)


def create(request: ApiRequest) -> Response:
    """Known by the address, a registrant is updated (200), else made (201)."""
    body = request.body()
    fields = Fields(body)
    webinar_id = fields.whole("webinar_id", required=True)
    person = Fields(_inner(body, "registrant"), fields.errors)
    session = Fields(_inner(body, "session"), fields.errors)
    return _answer(request, registering.register(request, webinar_id, person, session))


def update(request: ApiRequest, registrant_id: int) -> Any:
    """Only what is sent changes; `tags` replaces the list."""
    row = request.registrant(registrant_id)
    fields = Fields(_inner(request.body(), "registrant"))
    values = registering.read_person(fields)
    if "email" in fields:
        email = fields.email("email", required=True)
        known = request.account.find_registrant(email or "")
        if known and known["id"] != row["id"]:
            fields.wrong("email", "is taken by another registrant")
        values["email"] = email
    fields.check()
    row = request.account.edit_registrant(row["id"], **values)
    return shapes.single(request.account, "registrant", shapes.registrant(row))


def add_tags(request: ApiRequest) -> Any:
    row, tags = _tagged(request)
    return _with_tags(request, row, list(dict.fromkeys([*row["tags"], *tags])))


def remove_tags(request: ApiRequest) -> Any:
    """A tag that is not there is no error."""
    row, tags = _tagged(request)
    return _with_tags(request, row, [tag for tag in row["tags"] if tag not in tags])


def oneclick(request: ApiRequest) -> Response:
    """The webinar is the one whose key was sent; a thank you page, if configured, is next."""
    query = request.query
    key = query.text("oneclick_key", required=True)
    webinar = request.account.store.rows("webinars", oneclick_key=key)[0]
    registered = registering.register(request, webinar["id"], query, query)
    if webinar["thank_you_url"]:
        return Response(status=302, headers={"Location": _thanks(request, webinar)})
    return _answer(request, registered)


def _thanks(request: ApiRequest, webinar: Row) -> str:
    url: str = webinar["thank_you_url"]
    return request.account.world.url(url) if url.startswith("/") else url


def _inner(body: dict[str, Any], name: str) -> Any:
    """The object of that name, or the whole body where a client sends its fields bare."""
    return body.get(name, body)


def _answer(request: ApiRequest, registered: registering.Registered) -> Response:
    """The personal links are in `session`: public clients look for them in this answer."""
    shape = shapes.registrant(registered.registrant)
    session = shapes.viewing(request.account, registered.viewing)
    whole = shapes.single(request.account, "registrant", shape, bare=True, session=session)
    return json_answer(whole, status=201 if registered.new else 200)


def _tagged(request: ApiRequest) -> tuple[Row, list[str]]:
    fields = Fields(request.body())
    email = fields.email("email", required=True)
    tags = fields.texts("tags", required=True)
    fields.check()
    row = request.account.find_registrant(email or "")
    if row is None:
        raise not_found("Registrant")
    return row, tags or []


def _with_tags(request: ApiRequest, row: Row, tags: list[str]) -> Any:
    changed = request.account.edit_registrant(row["id"], tags=tags)
    return shapes.single(request.account, "registrant", shapes.registrant(changed))
