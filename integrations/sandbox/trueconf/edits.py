"""What the control page shows of a server, and the edits that it offers."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from integrations.sandbox.platform import Edit, EditField, EditRefused, Thing
from integrations.sandbox.store import Row
from integrations.sandbox.trueconf import conference_fields, schedule_form
from integrations.sandbox.trueconf.account import TrueConfAccount
from integrations.sandbox.trueconf.conference_shape import page_url
from integrations.sandbox.trueconf.fields import Fields
from integrations.sandbox.trueconf.refusal import Refusal

Values = dict[str, Any]
FAR = 2**53


def things(account: TrueConfAccount) -> list[Thing]:
    """Conferences by their start; those without a schedule last."""
    starts = [(account.next_start(row) or FAR, row["id"], row) for row in account.conferences()]
    return [_thing(account, row) for _, _, row in sorted(starts, key=lambda one: one[:2])]


def rename(account: TrueConfAccount, room_id: int, values: Values) -> Row:
    """Give a conference another topic."""
    topic = _text(values, "name")
    if len(topic) > 240:
        raise EditRefused("A topic has 240 characters at most.")
    return account.rename(room_id, topic)


def move(account: TrueConfAccount, room_id: int, values: Values) -> Row:
    """Move a conference by days."""
    return account.move(room_id, days=_number(values, "days", 1, lowest=-366))


def delete(account: TrueConfAccount, room_id: int, values: Values) -> None:
    """Delete a conference."""
    account.delete(room_id)


def register(account: TrueConfAccount, room_id: int, values: Values) -> Row:
    """Register somebody on the conference's page."""
    email = _text(values, "email")
    if "@" not in email or " " in email:
        raise EditRefused("An e-mail address is needed.")
    name = " ".join(filter(None, (str(values.get(one, "")).strip() for one in NAMES)))
    return account.register(room_id, email, name)


def rename_person(account: TrueConfAccount, room_id: int, values: Values) -> Row:
    """A user's display name; the person is any user of the server, the owner unless named."""
    login = str(values.get("login", "")).strip() or account.conference(room_id)["owner"]
    name, user = _text(values, "display_name"), account.user(login)
    if user is None:
        raise EditRefused(f"There is no user {login}.")
    return account.edit_user(user["id"], display_name=name)


def run(account: TrueConfAccount, room_id: int, values: Values) -> Row:
    """A run with two out of three of those invited; over already, or running on."""
    minutes = _number(values, "minutes", 45)
    over = str(values.get("over", "1")) in ("1", "true", "True")
    owner = account.conference(room_id)["owner"]
    invited = [row["who"] for row in account.invitations(room_id) if row["who"] != owner]
    people = [who for place, who in enumerate(invited) if place % 3 < 2]
    start = account.world.now() - timedelta(minutes=minutes if over else 0)
    return account.start_session(room_id, people, minutes=minutes, started_at=start)


def record(account: TrueConfAccount, room_id: int, values: Values) -> Row:
    """Add a recording of some minutes."""
    return account.add_recording(room_id, seconds=60 * _number(values, "minutes", 30))


def expire(account: TrueConfAccount, room_id: int, values: Values) -> dict[str, int]:
    """All access tokens of the server; with `refresh` those for renewal too."""
    refresh = str(values.get("refresh", "0")) in ("1", "true", "True")
    return {"expired": account.expire_tokens(refresh=refresh)}


def change(account: TrueConfAccount, room_id: int, values: Values) -> Row:
    """Whatever the API's edit takes, under the same names, but for invitations; for HTTP alone."""
    account.conference(room_id)
    fields = Fields(values, strict=True)
    given = conference_fields.read(fields, changing=True)
    try:
        fields.check()
    except Refusal as refusal:
        raise EditRefused(str(refusal)) from refusal
    if "owner" in given:
        given["owner"] = account.login(given["owner"])
    columns = {field.name for field in conference_fields.FIELDS if field.kept}
    return account.edit_conference(room_id, **{k: v for k, v in given.items() if k in columns})


def _text(values: Values, name: str) -> str:
    text = str(values.get(name, "")).strip()
    if not text:
        raise EditRefused(f"The field {name} is needed.")
    return text


def _number(values: Values, name: str, default: int, lowest: int = 1) -> int:
    text = str(values.get(name, default)).strip()
    digits = text.removeprefix("-")
    number = int(text) if digits.isascii() and digits.isdigit() and len(digits) < 6 else None
    if number is None or not lowest <= number <= 1440:
        raise EditRefused(f"{name.capitalize()} is a number from {lowest} to 1440.")
    return number


NAMES = ("first_name", "last_name")
NEWCOMER = (
    EditField("first_name", "First name", "Robin"),
    EditField("last_name", "Last name", "Newcomer"),
    EditField("email", "E-mail", "robin.newcomer@example.net", "email"),
)
MINUTES = EditField("minutes", "Minutes", "45", "number")
OVER = EditField(
    "over", "It", kind="select", choices=(("1", "has just ended"), ("0", "starts now"))
)
RENEWAL = EditField(
    "refresh", "Which", kind="select", choices=(("0", "access tokens"), ("1", "all tokens"))
)
EDITS = (
    Edit("rename", "Rename", rename, (EditField("name", "New topic"),)),
    Edit("move", "Move by days", move, (EditField("days", "Days", "1", "number"),)),
    Edit("register", "Register someone", register, NEWCOMER),
    Edit(
        "person",
        "Change a user's name",
        rename_person,
        (EditField("login", "Login (empty: the owner)"), EditField("display_name", "New name")),
    ),
    Edit("run", "Run it", run, (MINUTES, OVER)),
    Edit("record", "Add a recording", record, (EditField("minutes", "Minutes", "30", "number"),)),
    Edit("expire", "Let the server's tokens expire", expire, (RENEWAL,)),
    Edit("delete", "Delete this conference", delete),
    Edit("change", "Change fields", change, shown=False),
)


def _thing(account: TrueConfAccount, row: Row) -> Thing:
    return Thing(
        id=row["id"],
        title=row["topic"],
        when=_when(account, row),
        state="running" if account.running_call(row["id"]) else "stopped",
        facts=_facts(account, row["id"]),
        url=page_url(account, row),
        defaults={"name": row["topic"]},
    )


def _when(account: TrueConfAccount, row: Row) -> str:
    start, schedule = account.next_start(row), row["schedule"]
    if start is None:
        return "without a schedule"
    every = ""
    if schedule["type"] == schedule_form.WEEKLY:
        every = f"every {', '.join(schedule['days'])}, next "
    minutes = schedule["duration"] // 60
    return f"{every}{account.local(start):%a %d %b %Y, %H:%M} {account.zone}, {minutes} min"


def _facts(account: TrueConfAccount, room_id: int) -> str:
    counts = {
        "invitation": len(account.invitations(room_id)),
        "registration": len(account.registrations(room_id)),
        "call": len(account.sessions(room_id)),
        "recording": len(account.recordings(room_id)),
    }
    said = [f"{count} {name}{'s' * (count > 1)}" for name, count in counts.items() if count]
    return ", ".join(said) or "no one yet"
