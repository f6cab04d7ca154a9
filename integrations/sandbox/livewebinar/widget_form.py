"""The parameters of a widget, read and checked for create and update.

The document sends to a page of its own for them; they are those that the vendor's WordPress and
Moodle plugins send.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from integrations.sandbox.livewebinar import moments
from integrations.sandbox.livewebinar.account import SWITCHES
from integrations.sandbox.livewebinar.fields import Fields, whole_number
from integrations.sandbox.store import Row

if TYPE_CHECKING:
    from integrations.sandbox.livewebinar.account import LiveWebinarAccount

TYPES = ("scheduled", "permanent")
STATUSES = ("active", "inactive")
LOCK_STATES = ("locked", "unlocked")
# The document names no limit. 719 minutes are those of the WordPress plugin's form alone; that of
# the Moodle plugin takes 150 hours, and names of 300 characters.
LONGEST_MINUTES = 150 * 60
DEFAULT_MINUTES = 45
LONGEST_NAME = 300


def read_new(account: LiveWebinarAccount, fields: Fields) -> Row:
    """The values of a new widget. Raises Refusal 422."""
    given = _read(account, fields, account.zone, required=True)
    values = {"timezone": account.zone, "start_date": None, "duration": None, **given}
    if "type" not in values:  # the Moodle plugin never says which
        values["type"] = "scheduled" if values["start_date"] else "permanent"
    return _settled(account, values)


def read_changes(account: LiveWebinarAccount, fields: Fields, widget: Row) -> Row:
    """The values that an update sets; what was not sent stays. Raises Refusal 422.

    A new `timezone` alone moves no instant. An empty `start_date` without a type makes the room
    permanent, as the Moodle plugin means it.
    """
    given = _read(account, fields, widget["timezone"], required="name" in fields)
    if "autostart" in given:
        given["autostart"] = {**widget["autostart"], **given["autostart"]}
    if "type" not in given and "start_date" in given:
        given["type"] = "scheduled" if given["start_date"] else "permanent"
    settled = _settled(account, {**widget, **given})
    return {name: value for name, value in settled.items() if widget.get(name) != value}


def _read(account: LiveWebinarAccount, fields: Fields, zone: str, *, required: bool) -> Row:
    given: dict[str, Any] = {
        "name": fields.text("name", required=required, longest=LONGEST_NAME),
        "type": fields.choice("type", TYPES),
        "status": fields.choice("status", STATUSES),
        "agenda": fields.text("agenda"),
        "password": fields.text("password"),
        "custom_name": fields.text("custom_name"),
        **{name: fields.boolean(name) for name in SWITCHES},
        "timezone": _zone(fields),
        "duration": fields.integer("duration", 1, LONGEST_MINUTES),
    }
    values = {name: value for name, value in given.items() if value is not None}
    values.update(_start(fields, values.get("timezone", zone)))
    values.update(_form(account, fields))
    values.update(_presenters(account, fields))
    values.update(_autostart(fields))
    fields.check()
    return values


def _zone(fields: Fields) -> str | None:
    zone = fields.text("timezone") or None
    if zone and zone not in moments.known_zones():
        fields.wrong("timezone", "The timezone must be a valid zone.")
        return None
    return zone


def _start(fields: Fields, zone: str) -> Row:
    text = fields.text("start_date")
    if text is None:
        return {}
    if not text:
        return {"start_date": None}
    try:
        return {"start_date": moments.parse_wall(text, zone)}
    except ValueError:
        fields.wrong("start_date", "The start_date does not match the format Y-m-d H:i:s.")
        return {}


def _form(account: LiveWebinarAccount, fields: Fields) -> Row:
    """`form[id]=5` attaches a form; an empty `form` or `form[id]` takes it away."""
    if "form" not in fields:
        return {}
    sent = fields.raw("form")
    text = str(sent.get("id", "") if isinstance(sent, dict) else sent).strip()
    if not text:
        return {"form_id": None}
    form_id = whole_number(text)
    if form_id is None or account.store.get("forms", form_id) is None:
        fields.wrong("form.id", "The selected form.id is invalid.")
        return {}
    return {"form_id": form_id}


def _presenters(account: LiveWebinarAccount, fields: Fields) -> Row:
    """The whole list, by id; an empty `presenters` empties it."""
    if "presenters" not in fields:
        return {}
    wanted = fields.ids("presenters")
    if any(account.store.get("presenters", one) is None for one in wanted):
        fields.wrong("presenters", "The selected presenters are invalid.")
    return {"presenters": wanted}


def _autostart(fields: Fields) -> Row:
    sent = fields.raw("autostart")
    if not isinstance(sent, dict):
        return {}
    state = sent.get("lock_state")
    if state is not None and state not in (*LOCK_STATES, "0", "1", ""):
        fields.wrong("autostart.lock_state", "The selected autostart.lock_state is invalid.")
    kept = {name: value for name, value in sent.items() if isinstance(value, str)}
    return {"autostart": kept}


def _settled(account: LiveWebinarAccount, values: Row) -> Row:
    """A permanent room has no times; a scheduled one starts now unless told."""
    if values["type"] == "permanent":
        return {**values, "start_date": None, "duration": None}
    start = values["start_date"] or moments.keep(account.world.now())
    return {**values, "start_date": start, "duration": values["duration"] or DEFAULT_MINUTES}
