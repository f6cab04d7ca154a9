"""What the control page shows of an account, and the edits that it offers."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from integrations.sandbox.livewebinar import moments, shapes, widget_form
from integrations.sandbox.livewebinar.account import LiveWebinarAccount
from integrations.sandbox.livewebinar.fields import Fields, whole_number
from integrations.sandbox.livewebinar.refusal import Refusal
from integrations.sandbox.platform import Edit, EditField, EditRefused, Thing
from integrations.sandbox.store import Row

Values = dict[str, Any]


def things(account: LiveWebinarAccount) -> list[Thing]:
    """Widgets by their start; permanent ones last."""
    widgets = sorted(account.widgets(), key=lambda widget: widget["start_date"] or "9")
    return [_thing(account, widget) for widget in widgets]


def rename(account: LiveWebinarAccount, widget_id: int, values: Values) -> Row:
    return account.edit_widget(widget_id, name=_text(values, "name", "A name is needed."))


def move(account: LiveWebinarAccount, widget_id: int, values: Values) -> Row:
    """Move the start by whole days, by the clock on the wall of the widget's own zone."""
    widget = account.widget(widget_id)
    if widget["type"] == "permanent":
        raise EditRefused("A permanent room has no start to move.")
    days = _number(values, "days", 1, lowest=-366)
    local = moments.local(widget["start_date"], widget["timezone"])
    return account.edit_widget(widget_id, start_date=local + timedelta(days=days))


def switch_status(account: LiveWebinarAccount, widget_id: int, values: Values) -> Row:
    now = account.widget(widget_id)["status"]
    wanted = values.get("status") or ("inactive" if now == "active" else "active")
    if wanted not in widget_form.STATUSES:
        raise EditRefused("The status is active or inactive.")
    return account.set_status(widget_id, wanted)


def register(account: LiveWebinarAccount, widget_id: int, values: Values) -> Row:
    return account.add_registrant(widget_id, _email(values), *_names(values))


def rename_person(account: LiveWebinarAccount, widget_id: int, values: Values) -> None:
    """Whose name it is says `whose`, an address that somebody registered with."""
    account.rename_person(_email(values, "whose"), *_names(values))


def run(account: LiveWebinarAccount, widget_id: int, values: Values) -> Row:
    """A session with two out of three of those registered; over already, or running on."""
    minutes = _number(values, "minutes", 45)
    over = str(values.get("over", "1")) in ("1", "true", "True")
    registered = [row["email"] for row in account.registrants(widget_id)]
    people = [email for place, email in enumerate(registered) if place % 3 < 2]
    start = account.world.now() - timedelta(minutes=minutes if over else 0)
    return account.start_session(widget_id, people, minutes=minutes, started_at=start)


def record(account: LiveWebinarAccount, widget_id: int, values: Values) -> Row:
    return account.add_recording(widget_id, seconds=60 * _number(values, "minutes", 30))


def delete(account: LiveWebinarAccount, widget_id: int, values: Values) -> None:
    account.delete_widget(widget_id)


def expire(account: LiveWebinarAccount, widget_id: int, values: Values) -> Row:
    """For the whole account, beside whichever widget it stands."""
    refresh = str(values.get("refresh", "0")) in ("1", "true", "True")
    return {"expired": account.expire_tokens(refresh=refresh)}


def change(account: LiveWebinarAccount, widget_id: int, values: Values) -> Row:
    """Whatever the API's update takes, under the same names; for HTTP alone."""
    widget = account.widget(widget_id)
    form = {name: one if isinstance(one, dict) else str(one) for name, one in values.items()}
    try:
        changes = widget_form.read_changes(account, Fields(form), widget)
    except Refusal as refusal:
        raise EditRefused(refusal.sentence()) from refusal
    return account.edit_widget(widget_id, **changes)


def _text(values: Values, name: str, sentence: str) -> str:
    text = str(values.get(name, "")).strip()
    if not text:
        raise EditRefused(sentence)
    return text


def _email(values: Values, name: str = "email") -> str:
    fields = Fields({name: str(values.get(name, ""))})
    email = fields.email(name, required=True)
    if fields.errors or email is None:
        raise EditRefused("An e-mail address is needed.")
    return email


def _names(values: Values) -> tuple[str, str]:
    return str(values.get("first_name", "")).strip(), str(values.get("last_name", "")).strip()


def _number(values: Values, name: str, default: int, lowest: int = 1) -> int:
    text = str(values.get(name, default)).strip()
    number = whole_number(text.removeprefix("-"))
    signed = -number if number is not None and text.startswith("-") else number
    if signed is None or not lowest <= signed <= 1440:
        raise EditRefused(f"{name.capitalize()} is a number from {lowest} to 1440.")
    return signed


_NAMES = (
    EditField("first_name", "First name", "Robin"),
    EditField("last_name", "Last name", "Newcomer"),
)
_EMAIL = EditField("email", "E-mail", "robin.newcomer@example.net", "email")
_WHOSE = EditField("whose", "Whose (e-mail)", kind="email")
_OVER = EditField("over", "It", "1", "select", (("1", "has just ended"), ("0", "starts now")))
_WHICH = EditField("refresh", "Which", "0", "select", (("0", "access tokens"), ("1", "all")))
EDITS = (
    Edit("rename", "Rename", rename, (EditField("name", "New name"),)),
    Edit("move", "Move by days", move, (EditField("days", "Days", "1", "number"),)),
    Edit("register", "Register someone", register, (*_NAMES, _EMAIL)),
    Edit("person", "Change a person's name", rename_person, (_WHOSE, *_NAMES)),
    Edit("run", "Run a session", run, (EditField("minutes", "Minutes", "45", "number"), _OVER)),
    Edit("record", "Add a recording", record, (EditField("minutes", "Minutes", "30", "number"),)),
    Edit("status", "Switch active and inactive", switch_status),
    Edit("expire", "Expire the account's tokens", expire, (_WHICH,)),
    Edit("delete", "Delete this room", delete),
    Edit("change", "Change fields", change, shown=False),
)


def _thing(account: LiveWebinarAccount, widget: Row) -> Thing:
    running = account.running_session(widget["id"])
    first = next(iter(account.registrants(widget["id"])), {"email": ""})
    return Thing(
        id=widget["id"],
        title=widget["name"],
        when=_when(widget),
        state="running" if running else widget["status"],
        facts=_facts(account, widget["id"]),
        url=shapes.room_url(account, widget),
        defaults={"name": widget["name"], "whose": first["email"]},
    )


def _when(widget: Row) -> str:
    if widget["type"] == "permanent":
        return "permanent"
    local = moments.local(widget["start_date"], widget["timezone"])
    return f"{local:%a %d %b %Y, %H:%M} {widget['timezone']}, {widget['duration']} min"


def _facts(account: LiveWebinarAccount, widget_id: int) -> str:
    tables = {
        "registrant": "registrants",
        "personal link": "links",
        "session": "sessions",
        "recording": "recordings",
    }
    counts = {
        name: len(account.store.rows(table, room_id=widget_id)) for name, table in tables.items()
    }
    said = [f"{count} {name}{'s' * (count > 1)}" for name, count in counts.items() if count]
    return ", ".join(said) or "no one yet"
