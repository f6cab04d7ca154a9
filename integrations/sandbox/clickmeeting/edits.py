"""What the control page shows of an account, and the edits that it offers."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from integrations.sandbox.clickmeeting import moments, room_form, shapes
from integrations.sandbox.clickmeeting.account import ClickMeetingAccount
from integrations.sandbox.clickmeeting.fields import Fields, whole_number
from integrations.sandbox.clickmeeting.refusal import Refusal
from integrations.sandbox.platform import Edit, EditField, EditRefused, Thing
from integrations.sandbox.store import Row

Values = dict[str, Any]


def things(account: ClickMeetingAccount) -> list[Thing]:
    """Rooms by their start; permanent ones last."""
    rooms = sorted(account.rooms(), key=lambda room: room["starts_at"] or "9")
    return [_thing(account, room) for room in rooms]


def rename(account: ClickMeetingAccount, room_id: int, values: Values) -> Row:
    name = str(values.get("name", "")).strip()
    if not name:
        raise EditRefused("A name is needed.")
    return account.edit_room(room_id, name=name)


def move(account: ClickMeetingAccount, room_id: int, values: Values) -> Row:
    """Move the start by whole days, by the clock on the wall of the room's own zone."""
    room = account.room(room_id)
    if room["permanent_room"]:
        raise EditRefused("A permanent room has no start to move.")
    days = _number(values, "days", 1, lowest=-366)
    local = moments.moment(room["starts_at"]).astimezone(ZoneInfo(room["timezone"]))
    return account.edit_room(room_id, starts_at=local + timedelta(days=days))


def switch_status(account: ClickMeetingAccount, room_id: int, values: Values) -> Row:
    now = account.room(room_id)["status"]
    wanted = values.get("status") or ("inactive" if now == "active" else "active")
    if wanted not in ("active", "inactive"):
        raise EditRefused("The status is active or inactive.")
    return account.edit_room(room_id, status=wanted)


def register(account: ClickMeetingAccount, room_id: int, values: Values) -> Row:
    fields = Fields(values)
    email = fields.email("email", required=True) or ""
    first, last = fields.text("first_name") or "", fields.text("last_name") or ""
    if fields.errors:
        raise EditRefused("An e-mail address is needed.")
    answers = _answers(fields.text("answers") or "")
    return account.add_registration(room_id, email, first, last, answers=answers)


def _answers(text: str) -> dict[str, str]:
    """What stands in the form's other fields, as "field: answer; field: answer"."""
    pairs = (part.partition(":") for part in text.split(";"))
    return {label.strip(): said.strip() for label, _colon, said in pairs if label.strip()}


def run(account: ClickMeetingAccount, room_id: int, values: Values) -> Row:
    """A session with two out of three of those registered; over already, or running on."""
    minutes = _number(values, "minutes", 45)
    over = str(values.get("over", "1")) in ("1", "true", "True")
    registered = [row["email"] for row in account.registrations(room_id) if row["active"]]
    people = [email for place, email in enumerate(registered) if place % 3 < 2]
    start = account.world.now() - timedelta(minutes=minutes if over else 0)
    return account.start_session(room_id, people, minutes=minutes, started_at=start)


def record(account: ClickMeetingAccount, room_id: int, values: Values) -> Row:
    return account.add_recording(room_id, seconds=60 * _number(values, "minutes", 30))


def delete(account: ClickMeetingAccount, room_id: int, values: Values) -> None:
    account.delete_room(room_id)


def change(account: ClickMeetingAccount, room_id: int, values: Values) -> Row:
    """Whatever the API's update takes, under the same names; for HTTP alone."""
    room = account.room(room_id)
    form: Values = {"permanent_room": str(int(room["permanent_room"]))}
    for name, value in values.items():
        form[name] = value if isinstance(value, dict) else str(value)
    try:
        now = moments.keep(account.world.now())
        return account.edit_room(room_id, **room_form.read_changes(Fields(form), room, now))
    except Refusal as refusal:
        raise EditRefused(str(refusal)) from refusal


def _number(values: Values, name: str, default: int, lowest: int = 1) -> int:
    text = str(values.get(name, default)).strip()
    number = whole_number(text.removeprefix("-"))
    signed = -number if number is not None and text.startswith("-") else number
    if signed is None or not lowest <= signed <= 1440:
        raise EditRefused(f"{name.capitalize()} is a number from {lowest} to 1440.")
    return signed


EDITS = (
    Edit("rename", "Rename", rename, (EditField("name", "New name"),)),
    Edit("move", "Move by days", move, (EditField("days", "Days", "1", "number"),)),
    Edit(
        "register",
        "Register someone",
        register,
        (
            EditField("first_name", "First name", "Robin"),
            EditField("last_name", "Last name", "Newcomer"),
            EditField("email", "E-mail", "robin.newcomer@example.net", "email"),
            EditField("answers", "Other answers", "Company: Aldermoor Tools"),
        ),
    ),
    Edit(
        "run",
        "Run a session",
        run,
        (
            EditField("minutes", "Minutes", "45", "number"),
            EditField(
                "over", "It", choices=(("1", "has just ended"), ("0", "starts now")), kind="select"
            ),
        ),
    ),
    Edit("record", "Add a recording", record, (EditField("minutes", "Minutes", "30", "number"),)),
    Edit("status", "Switch active and inactive", switch_status),
    Edit("delete", "Delete this room", delete),
    Edit("change", "Change fields", change, shown=False),
)


def _thing(account: ClickMeetingAccount, room: Row) -> Thing:
    running = account.running_session(room["id"])
    return Thing(
        id=room["id"],
        title=room["name"],
        when=_when(room),
        state="running" if running else room["status"],
        facts=_facts(account, room["id"]),
        url=shapes.room_url(account, room),
        defaults={"name": room["name"]},
    )


def _when(room: Row) -> str:
    if room["permanent_room"]:
        return "permanent"
    local = moments.moment(room["starts_at"]).astimezone(ZoneInfo(room["timezone"]))
    return f"{local:%a %d %b %Y, %H:%M} {room['timezone']}, {room['duration_minutes']} min"


def _facts(account: ClickMeetingAccount, room_id: int) -> str:
    counts = {
        "registration": len(account.registrations(room_id)),
        "session": len(account.sessions(room_id)),
        "recording": len(account.store.rows("recordings", room_id=room_id)),
    }
    said = [f"{count} {name}{'s' * (count > 1)}" for name, count in counts.items() if count]
    return ", ".join(said) or "no one yet"
