"""What the control page shows of an account, and the edits that it offers."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from integrations.sandbox.myownconference import shapes, webinars, zone
from integrations.sandbox.myownconference.account import MyOwnConferenceAccount
from integrations.sandbox.myownconference.params import Params, Refusal
from integrations.sandbox.platform import Edit, EditField, EditRefused, Thing
from integrations.sandbox.store import Row

Values = dict[str, Any]


def things(account: MyOwnConferenceAccount) -> list[Thing]:
    """Webinars by their start."""
    return [_thing(account, webinar) for webinar in reversed(account.webinars())]


def rename(account: MyOwnConferenceAccount, webinar_id: int, values: Values) -> Row:
    """Give a webinar another name."""
    name = str(values.get("name", "")).strip()
    if not name:
        raise EditRefused("A name is needed.")
    return account.edit_webinar(_alias(account, webinar_id), name=name)


def move(account: MyOwnConferenceAccount, webinar_id: int, values: Values) -> Row:
    """Move the start by whole days, by the clock on the wall of the profile's zone."""
    alias = _alias(account, webinar_id)
    days = _number(values, "days", 1, lowest=-366)
    wall = zone.parse_stamp(account.zone.shown(account.webinar(alias)["start"]))
    return account.edit_webinar(alias, start=account.zone.read(wall + timedelta(days=days)))


def register(account: MyOwnConferenceAccount, webinar_id: int, values: Values) -> Row:
    """As through the login page: the participant has registered by themselves."""
    alias = _alias(account, webinar_id)
    name = str(values.get("name", "")).strip()
    return account.invite(alias, _email(values), name, imported=False)


def rename_person(account: MyOwnConferenceAccount, webinar_id: int, values: Values) -> Row:
    """Give a participant another name."""
    name = str(values.get("name", "")).strip()
    return account.edit_attendee(_email(values), name=name)


def run(account: MyOwnConferenceAccount, webinar_id: int, values: Values) -> Row:
    """A session with two out of three of those invited; over already, or running on."""
    alias = _alias(account, webinar_id)
    minutes = _number(values, "minutes", 45)
    over = str(values.get("over", "1")) in ("1", "true", "True")
    invited = [person["email"] for person in account.invited(alias) if person["email"]]
    people = [email for place, email in enumerate(invited) if place % 3 < 2]
    start = account.world.now() - timedelta(minutes=minutes if over else 0)
    visitors = [account.main_moderator["email"], *people]
    return account.start_session(alias, visitors, minutes=minutes, started_at=start)


def finish(account: MyOwnConferenceAccount, webinar_id: int, values: Values) -> Row:
    """End the run of a webinar."""
    return account.end_session(_alias(account, webinar_id))


def record(account: MyOwnConferenceAccount, webinar_id: int, values: Values) -> Row:
    """Add a recording of some minutes."""
    alias = _alias(account, webinar_id)
    return account.add_recording(alias, seconds=60 * _number(values, "minutes", 30))


def delete(account: MyOwnConferenceAccount, webinar_id: int, values: Values) -> None:
    """Delete a webinar."""
    account.delete_webinar(_alias(account, webinar_id))


def change(account: MyOwnConferenceAccount, webinar_id: int, values: Values) -> Row:
    """Whatever webinarsSet takes, under the same names; for HTTP alone."""
    alias = _alias(account, webinar_id)
    try:
        webinars.change(account, Params({**values, "alias": alias}))
    except Refusal as refusal:
        raise EditRefused(str(refusal)) from refusal
    return account.webinar(alias)


def _alias(account: MyOwnConferenceAccount, webinar_id: int) -> str:
    webinar = account.store.get("webinars", webinar_id)
    if webinar is None:
        raise EditRefused(f"There is no webinar {webinar_id}.")
    return str(webinar["alias"])


def _email(values: Values) -> str:
    try:
        return Params({"email": values.get("email")}).email() or ""
    except Refusal as refusal:
        raise EditRefused("An e-mail address is needed.") from refusal


def _number(values: Values, name: str, default: int, lowest: int = 1) -> int:
    try:
        number = Params({name: str(values.get(name, default))}).number(name, lowest, 1440)
    except Refusal as refusal:
        raise EditRefused(f"{name.capitalize()} is a number from {lowest} to 1440.") from refusal
    return default if number is None else number


_PERSON = EditField("email", "E-mail", "robin.newcomer@example.net", "email")
EDITS = (
    Edit("rename", "Rename", rename, (EditField("name", "New name"),)),
    Edit("move", "Move by days", move, (EditField("days", "Days", "1", "number"),)),
    Edit("register", "Register someone", register, (EditField("name", "Name"), _PERSON)),
    Edit("rename_person", "Rename a person", rename_person, (EditField("name", "Name"), _PERSON)),
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
    Edit("finish", "Finish the session", finish),
    Edit("record", "Add a recording", record, (EditField("minutes", "Minutes", "30", "number"),)),
    Edit("delete", "Delete this webinar", delete),
    Edit("change", "Change fields", change, shown=False),
)


def _thing(account: MyOwnConferenceAccount, webinar: Row) -> Thing:
    running = account.running_session(webinar["alias"])
    return Thing(
        id=webinar["id"],
        title=webinar["name"],
        when=f"{account.zone.shown(webinar['start'])[:16]}, {webinar['duration']} min",
        state="running" if running else account.status(webinar).lower(),
        facts=_facts(account, webinar),
        url=shapes.room_url(account, webinar),
    )


def _facts(account: MyOwnConferenceAccount, webinar: Row) -> str:
    counts = {
        "participant": len(account.store.rows("invited", room_id=webinar["id"])),
        "session": len(account.store.rows("sessions", room_id=webinar["id"])),
        "recording": len(account.store.rows("recordings", room_id=webinar["id"])),
    }
    said = [f"{count} {name}{'s' * (count > 1)}" for name, count in counts.items() if count]
    return f"{', '.join(said) or 'no one yet'}; {webinar['alias']}"
