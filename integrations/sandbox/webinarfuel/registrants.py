"""Registrants: list, get, create, update, tags, OneClick. None can be deleted.

[webinarfuel.txt, Registrant and OneClick]
"""

from __future__ import annotations

from typing import Any

from werkzeug.wrappers import Response

from integrations.sandbox.platform import json_answer
from integrations.sandbox.store import Row
from integrations.sandbox.webinarfuel import enrol, shapes
from integrations.sandbox.webinarfuel.ask import Ask
from integrations.sandbox.webinarfuel.fields import Fields
from integrations.sandbox.webinarfuel.refusal import not_found


def list_all(ask: Ask) -> Any:
    """The filter compares the address letter by letter."""
    query, account = ask.query, ask.account
    email = query.text("email")
    rows = account.store.rows("registrants", address=email) if email else account.registrants()
    return ask.page("registrants", rows, shapes.registrant, query)


def get(ask: Ask, registrant_id: int) -> Any:
    shape = shapes.registrant(ask.registrant(registrant_id))
    return shapes.single(ask.account, "registrant", shape)


def create(ask: Ask) -> Response:
    """Known by the address, a registrant is updated (200), else made (201)."""
    body = ask.body()
    fields = Fields(body)
    webinar_id = fields.whole("webinar_id", required=True)
    person = Fields(_inner(body, "registrant"), fields.errors)
    session = Fields(_inner(body, "session"), fields.errors)
    return _answer(ask, enrol.enrol(ask, webinar_id, person, session))


def update(ask: Ask, registrant_id: int) -> Any:
    """Only what is sent changes; `tags` replaces the list."""
    row = ask.registrant(registrant_id)
    fields = Fields(_inner(ask.body(), "registrant"))
    values = enrol.read_person(fields)
    if "email" in fields:
        email = fields.email("email", required=True)
        known = ask.account.find_registrant(email or "")
        if known and known["id"] != row["id"]:
            fields.wrong("email", "is taken by another registrant")
        values["email"] = email
    fields.check()
    row = ask.account.edit_registrant(row["id"], **values)
    return shapes.single(ask.account, "registrant", shapes.registrant(row))


def add_tags(ask: Ask) -> Any:
    row, tags = _tagged(ask)
    return _with_tags(ask, row, list(dict.fromkeys([*row["tags"], *tags])))


def remove_tags(ask: Ask) -> Any:
    """A tag that is not there is no error."""
    row, tags = _tagged(ask)
    return _with_tags(ask, row, [tag for tag in row["tags"] if tag not in tags])


def oneclick(ask: Ask) -> Response:
    """The webinar is the one whose key was sent; a thank you page, if configured, is next."""
    query = ask.query
    key = query.text("oneclick_key", required=True)
    webinar = ask.account.store.rows("webinars", oneclick_key=key)[0]
    enrolled = enrol.enrol(ask, webinar["id"], query, query)
    if webinar["thank_you_url"]:
        return Response(status=302, headers={"Location": _thanks(ask, webinar)})
    return _answer(ask, enrolled)


def _thanks(ask: Ask, webinar: Row) -> str:
    url: str = webinar["thank_you_url"]
    return ask.account.world.url(url) if url.startswith("/") else url


def _inner(body: dict[str, Any], name: str) -> Any:
    """The object of that name, or the whole body where a client sends its fields bare."""
    return body.get(name, body)


def _answer(ask: Ask, enrolled: enrol.Enrolled) -> Response:
    """The personal links are in `session`: public clients look for them in this answer."""
    shape = shapes.registrant(enrolled.registrant)
    session = shapes.viewing(ask.account, enrolled.viewing)
    whole = shapes.single(ask.account, "registrant", shape, bare=True, session=session)
    return json_answer(whole, status=201 if enrolled.new else 200)


def _tagged(ask: Ask) -> tuple[Row, list[str]]:
    fields = Fields(ask.body())
    email = fields.email("email", required=True)
    tags = fields.texts("tags", required=True)
    fields.check()
    row = ask.account.find_registrant(email or "")
    if row is None:
        raise not_found("Registrant")
    return row, tags or []


def _with_tags(ask: Ask, row: Row, tags: list[str]) -> Any:
    changed = ask.account.edit_registrant(row["id"], tags=tags)
    return shapes.single(ask.account, "registrant", shapes.registrant(changed))
