"""What the control page shows of an account, and the edits that it offers."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from integrations.sandbox.platform import Edit, EditField, EditRefused, Thing
from integrations.sandbox.store import Row
from integrations.sandbox.webinarfuel import moments, schedule, shapes
from integrations.sandbox.webinarfuel.account import WebinarFuelAccount
from integrations.sandbox.webinarfuel.fields import Fields
from integrations.sandbox.webinarfuel.refusal import Refusal

Values = dict[str, Any]
CHANGEABLE = ("name", "description", "time_zone", "state", "minutes", "replay", "encore")


def rename(account: WebinarFuelAccount, webinar_id: int, values: Values) -> Row:
    name = str(values.get("name", "")).strip()
    if not name:
        raise EditRefused("A name is needed.")
    return account.edit_webinar(webinar_id, name=name)


def move(account: WebinarFuelAccount, webinar_id: int, values: Values) -> Row:
    """Move the sessions that are held once by whole days, by the clock on the wall."""
    days = _number(values, "days", 1, lowest=-366)
    webinar = account.webinar(webinar_id)
    once = [row for row in account.sessions(webinar_id) if not row["recurring"]]
    if not once:
        raise EditRefused("The webinar has no session with a start of its own.")
    zone = ZoneInfo(schedule.own_zone(account, webinar))
    for row in once:
        local = moments.moment(row["scheduled_at"]).astimezone(zone) + timedelta(days=days)
        account.move_session(row["id"], local)
    return webinar


def add_session(account: WebinarFuelAccount, webinar_id: int, values: Values) -> Row:
    account.webinar(webinar_id)
    start = account.world.now() + timedelta(hours=_number(values, "hours", 48))
    return account.add_session(webinar_id, start.replace(minute=0, second=0, microsecond=0))


def switch_state(account: WebinarFuelAccount, webinar_id: int, values: Values) -> Row:
    now = account.webinar(webinar_id)["state"]
    wanted = values.get("state") or ("draft" if now == "ready" else "ready")
    return account.edit_webinar(webinar_id, state=wanted)


def register(account: WebinarFuelAccount, webinar_id: int, values: Values) -> Row:
    fields = _fields(values)
    email, first, last = (fields.text(name) for name in ("email", "first_name", "last_name"))
    return account.register(webinar_id, email or "", first, last, source="registration page")


def cancel(account: WebinarFuelAccount, webinar_id: int, values: Values) -> list[Row]:
    rows = account.viewings(webinar_id, _fields(values).text("email") or "")
    if not rows:
        raise EditRefused("Nobody with this address is registered here.")
    return [account.cancel(row["id"]) for row in rows]


def rename_person(account: WebinarFuelAccount, webinar_id: int, values: Values) -> Row:
    person = _person(account, values)
    names = {
        name: str(values[name]).strip() for name in ("first_name", "last_name") if name in values
    }
    return account.edit_registrant(person["id"], **names)


def tag(account: WebinarFuelAccount, webinar_id: int, values: Values) -> Row:
    person, word = _person(account, values), str(values.get("tag", "")).strip()
    if not word:
        raise EditRefused("A tag is needed.")
    return account.edit_registrant(person["id"], tags=list(dict.fromkeys([*person["tags"], word])))


def run(account: WebinarFuelAccount, webinar_id: int, values: Values) -> list[Row]:
    """A session with two out of three of those registered; over already, or running on."""
    webinar = account.webinar(webinar_id)
    minutes = _number(values, "minutes", webinar["minutes"])
    over = str(values.get("over", "1")).lower() in ("1", "true")
    session, start = _held(account, webinar, minutes if over else 0)
    addresses = {
        account.registrant(row["registrant_id"])["email"]: None
        for row in account.viewings(webinar_id)
        if not row["canceled"]
    }
    came = [email for place, email in enumerate(addresses) if place % 3 < 2]
    return account.start_session(session["id"], came, scheduled_at=start, minutes=minutes)


def record(account: WebinarFuelAccount, webinar_id: int, values: Values) -> Row:
    return account.add_recording(webinar_id)


def delete(account: WebinarFuelAccount, webinar_id: int, values: Values) -> None:
    account.delete_webinar(webinar_id)


def switch_limit(account: WebinarFuelAccount, webinar_id: int, values: Values) -> Values:
    """For the whole account, whatever webinar it is chosen at."""
    on = str(values.get("on", "")).lower() in ("1", "true")
    account.rate_limit = type(account).rate_limit if on else None
    return {"rate_limit": account.rate_limit}


def change(account: WebinarFuelAccount, webinar_id: int, values: Values) -> Row:
    """Columns of a webinar under their own names; for HTTP alone."""
    if unknown := set(values) - set(CHANGEABLE):
        raise EditRefused(f"Not to be changed so: {', '.join(sorted(unknown))}.")
    typed: Values = {name: str(value) for name, value in values.items()}
    for name in {"replay", "encore"} & set(values):
        typed[name] = str(values[name]).lower() in ("1", "true")
    if "minutes" in values:
        typed["minutes"] = _number(values, "minutes", 60)
    return account.edit_webinar(webinar_id, **typed)


def _fields(values: Values) -> Fields:
    """Fields with an address in them."""
    fields = Fields(values)
    fields.email("email", required=True)
    try:
        fields.check()
    except Refusal:
        raise EditRefused("An e-mail address is needed.") from None
    return fields


def _person(account: WebinarFuelAccount, values: Values) -> Row:
    person = account.find_registrant(str(values.get("email", "")).strip())
    if person is None:
        raise EditRefused("There is no registrant with this address.")
    return person


def _held(account: WebinarFuelAccount, webinar: Row, ago: int) -> tuple[Row, datetime]:
    """The session to run, and its start: `ago` minutes before now, or as it has begun already.

    A webinar whose sessions are all over gets another one.
    """
    start = (account.world.now() - timedelta(minutes=ago)).replace(microsecond=0)
    listed = schedule.listed(account, webinar, 1, exact=False)
    if not listed or schedule.is_over(account, webinar, listed[0][1]):
        return account.add_session(webinar["id"], start), start
    session, begins = listed[0]
    if session["recurring"]:
        return session, schedule.last_start(account, webinar, session) or start
    if begins <= account.world.now():
        return session, begins
    return account.move_session(session["id"], start), start


def _number(values: Values, name: str, default: int, lowest: int = 1) -> int:
    text = str(values.get(name, default)).strip()
    digits = text.removeprefix("-")
    number = int(text) if digits.isascii() and digits.isdigit() and len(digits) < 6 else None
    if number is None or not lowest <= number <= 1440:
        raise EditRefused(f"{name.capitalize()} is a number from {lowest} to 1440.")
    return number


_EMAIL = EditField("email", "E-mail", "robin.newcomer@example.net", "email")
_NAMES = (EditField("first_name", "First name", "Robin"), EditField("last_name", "Last name"))
EDITS = (
    Edit("rename", "Rename", rename, (EditField("name", "New name"),)),
    Edit("move", "Move by days", move, (EditField("days", "Days", "1", "number"),)),
    Edit(
        "session",
        "Add a session",
        add_session,
        (EditField("hours", "Hours from now", "48", "number"),),
    ),
    Edit("register", "Register someone", register, (*_NAMES, _EMAIL)),
    Edit("cancel", "Cancel a registration", cancel, (_EMAIL,)),
    Edit("person", "Change a person's name", rename_person, (_EMAIL, *_NAMES)),
    Edit("tag", "Tag a person", tag, (_EMAIL, EditField("tag", "Tag", "vip"))),
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
    Edit("record", "Publish the replay", record),
    Edit("state", "Switch ready and draft", switch_state),
    Edit(
        "limit",
        "Set the account's rate limit",
        switch_limit,
        (EditField("on", "It is", choices=(("0", "off"), ("1", "on")), kind="select"),),
    ),
    Edit("delete", "Delete this webinar", delete),
    Edit("change", "Change fields", change, shown=False),
)


def things(account: WebinarFuelAccount) -> list[Thing]:
    """Webinars by their next start; those that are over, or have none, last."""
    rows = [(_first(account, row), row) for row in account.webinars()]
    now = account.world.now()
    rows.sort(key=lambda one: (_is_past(account, *one), one[0] or now, one[1]["id"]))
    return [_thing(account, row, start) for start, row in rows]


def _is_past(account: WebinarFuelAccount, start: datetime | None, webinar: Row) -> bool:
    return start is None or schedule.is_over(account, webinar, start)


def _first(account: WebinarFuelAccount, webinar: Row) -> datetime | None:
    listed = schedule.listed(account, webinar, 1, exact=False)
    return listed[0][1] if listed else None


def _thing(account: WebinarFuelAccount, webinar: Row, start: datetime | None) -> Thing:
    begun = start is not None and start <= account.world.now()
    running = begun and not _is_past(account, start, webinar)
    zone = schedule.own_zone(account, webinar)
    return Thing(
        id=webinar["id"],
        title=webinar["name"],
        when=f"{moments.readable(start, zone)}, {webinar['minutes']} min"
        if start
        else "no session",
        state="running" if running else webinar["state"],
        facts=_facts(account, webinar),
        url=shapes.webinar_url(account, webinar),
        defaults={"name": webinar["name"], "minutes": str(webinar["minutes"])},
    )


def _facts(account: WebinarFuelAccount, webinar: Row) -> str:
    viewings = account.viewings(webinar["id"])
    counts = {
        "session": len(account.sessions(webinar["id"])),
        "registration": len(viewings),
        "visit": sum(bool(row["visit"]) for row in viewings),
        "replay": int(webinar["replay"]),
    }
    said = [f"{count} {name}{'s' * (count > 1)}" for name, count in counts.items() if count]
    return ", ".join(said) or "no one yet"
