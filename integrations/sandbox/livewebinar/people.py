"""Who belongs to a widget: personal links, registrants, participants, presenters, invites.

Personal links are the document's; the others were seen in lists of the vendor's operations and
are answered as far as those told.
"""

from __future__ import annotations

from typing import Any

from werkzeug.wrappers import Response

from integrations.sandbox.forms import listed
from integrations.sandbox.livewebinar import shapes
from integrations.sandbox.livewebinar.fields import Fields
from integrations.sandbox.livewebinar.listing import listing
from integrations.sandbox.livewebinar.refusal import not_found
from integrations.sandbox.livewebinar.request import ApiRequest
from integrations.sandbox.platform import json_answer
from integrations.sandbox.store import Row

# "attendee, presenter, moderator": a personal link makes nobody a host.
LINK_ROLES = ("attendee", "presenter", "moderator")
# Fields of a form that the parameters of the request fill anyway.
NAMED = {
    "email": "email",
    "first_name": "firstname",
    "firstname": "firstname",
    "last_name": "lastname",
    "lastname": "lastname",
}


def create_link(request: ApiRequest, widget_id: int) -> Response:
    """`POST /widgets/:widget_id/personal`. There is no call that lists or deletes what it makes."""
    widget = request.widget(widget_id)
    fields = _with_one_address(request.form)
    email = fields.email("emails", required=True) or ""
    first, last = _names(fields)
    role = fields.choice("role", LINK_ROLES) or "attendee"
    answers = _form_answers(request, widget, fields)
    fields.check()
    link = request.account.add_link(widget_id, email, first, last, role, answers)
    return json_answer({"data": shapes.link_shape(request.account, link)}, status=201)


def list_registrants(request: ApiRequest, widget_id: int) -> Any:
    request.widget(widget_id)
    rows = request.account.registrants(widget_id)
    return listing(request, rows, lambda row: shapes.registrant_shape(request.account, row))


def register(request: ApiRequest, widget_id: int) -> Response:
    """An address that is registered already is answered with what is there, and status 200."""
    widget, fields = request.widget(widget_id), request.fields
    email = fields.email("email", required=True) or ""
    first, last = _names(fields)
    answers = _form_answers(request, widget, fields)
    fields.boolean("send_confirmation")
    fields.check()
    before = len(request.account.registrants(widget_id))
    row = request.account.add_registrant(widget_id, email, first, last, answers=answers)
    made = len(request.account.registrants(widget_id)) > before
    answer = {"data": shapes.registrant_shape(request.account, row)}
    return json_answer(answer, status=201 if made else 200)


def list_participants(request: ApiRequest, widget_id: int) -> Any:
    request.widget(widget_id)
    return listing(request, shapes.participant_shapes(request.account, widget_id), dict)


def list_widget_presenters(request: ApiRequest, widget_id: int) -> Any:
    store = request.account.store
    found = [store.get("presenters", one) for one in request.widget(widget_id)["presenters"]]
    return _presenters(request, [row for row in found if row])


def list_presenters(request: ApiRequest) -> Any:
    return _presenters(request, request.account.store.rows("presenters"))


def get_presenter(request: ApiRequest, presenter_id: int) -> Any:
    row = request.row("presenters", presenter_id, "presenter")
    return {"data": shapes.presenter_shape(request.account, row)}


def list_invites(request: ApiRequest, widget_id: int) -> Any:
    request.widget(widget_id)
    rows = request.account.store.rows("invites", room_id=widget_id)
    return listing(request, rows, lambda row: shapes.invite_shape(request.account, row))


def invite(request: ApiRequest, widget_id: int) -> Response:
    request.widget(widget_id)
    fields = request.fields
    email = fields.email("email", required=True) or ""
    first, last = _names(fields)
    role = fields.choice("role", LINK_ROLES) or "attendee"
    fields.check()
    row = request.account.invite(widget_id, email, first, last, role)
    return json_answer({"data": shapes.invite_shape(request.account, row)}, status=201)


def me(request: ApiRequest) -> Any:
    return {"data": shapes.user_shape(request.account, request.account.user())}


def get_user(request: ApiRequest, user_id: int) -> Any:
    return {"data": shapes.user_shape(request.account, _own_user(request, user_id))}


def update_user(request: ApiRequest, user_id: int) -> Any:
    """What was not sent stays; a password is taken and never answered."""
    user, fields = _own_user(request, user_id), request.fields
    names = ("user_name", "phone_number", "country_code_iso2", "country_state_iso2")
    given = {name: fields.text(name) for name in names}
    given["email"] = fields.email("email", required="email" in fields)
    changes: Row = {name: value for name, value in given.items() if value is not None}
    sent = fields.raw("profile")
    if isinstance(sent, dict):
        told = {name: value.strip() for name, value in sent.items() if isinstance(value, str)}
        changes["profile"] = {**user["profile"], **told}
    fields.check()
    if changes:
        request.account.store.change("users", user_id, **changes)
    return {"data": shapes.user_shape(request.account, user)}


def _own_user(request: ApiRequest, user_id: int) -> Row:
    user = request.account.user()
    if user["id"] != user_id:
        raise not_found("user")
    return user


def _presenters(request: ApiRequest, rows: list[Row]) -> Any:
    return listing(request, rows, lambda row: shapes.presenter_shape(request.account, row))


def _names(fields: Fields) -> tuple[str, str]:
    """`firstname` in the document, `first_name` in other sources: both are taken."""
    first = fields.text("firstname") or fields.text("first_name")
    last = fields.text("lastname") or fields.text("last_name")
    return first or "", last or ""


def _with_one_address(form: dict[str, Any]) -> Fields:
    """The address stands in `emails` (the document) or `email` (another source), bare or as the
    one item of a list."""
    name = "emails" if "emails" in form else "email"
    found = listed(form.get(name))
    fields = Fields({**form, "emails": found[0] if len(found) == 1 else None})
    if len(found) > 1:
        fields.wrong("emails", "The emails must be a valid email address.")
    return fields


def _form_answers(request: ApiRequest, widget: Row, fields: Fields) -> Row:
    """Answers to the widget's form, "at least for required fields". How they are sent is not told:
    taken by the field's name, at the top, or inside `fields` or `form`."""
    form = request.account.store.get("forms", widget["form_id"]) if widget["form_id"] else None
    answers: Row = {}
    for field in form["fields"] if form else ():
        value = _answer_to(field["name"], fields)
        if value:
            answers[field["name"]] = value
        elif field.get("required") and NAMED.get(field["name"]) != "email":
            fields.wrong(field["name"], f"The {field['name']} field is required.")
    return answers


def _answer_to(name: str, fields: Fields) -> str:
    inner = [fields.raw(place) for place in ("fields", "form")]
    found = [fields.raw(name), *(one.get(name) for one in inner if isinstance(one, dict))]
    if name in NAMED:
        found += [fields.raw(one) for one, same in NAMED.items() if same == NAMED[name]]
    return next((one.strip() for one in found if isinstance(one, str) and one.strip()), "")
