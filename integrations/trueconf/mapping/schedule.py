"""When a conference is: once, every week on some days, or without a schedule.

A weekly one is kept by TrueConf as days and an hour of the server's own clock. The instant of the
next start is what is read. Where an hour is written, it is that of the server's zone on the very
date, since an offset alone says nothing about the other side of a change of clocks.
"""

from collections.abc import Collection, Mapping
from datetime import tzinfo
from typing import Annotated, Any

from integrations.base.errors import RequestRejected, refused
from integrations.base.reading import Row
from integrations.base.records import Fields, parse_instant
from integrations.base.texts import _, say
from integrations.trueconf.mapping.moments import unix
from integrations.trueconf.payloads import PLATFORM, Schedule

NONE, WEEKLY, ONCE = -1, 0, 1
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
DAYS_OPTION = "options.weekly_days"
OF_SCHEDULE = frozenset({"starts_at", "duration_minutes", "permanent", DAYS_OPTION})


def decode_schedule(
    row: Annotated[Row, Schedule] | None,
) -> tuple[dict[str, Any], dict[str, Any]]:
    """(fields, facts) of a schedule."""
    if row is None:
        return {}, {}
    kind = row.whole("type")
    if kind not in (NONE, WEEKLY, ONCE):
        raise row.broken("schedule type")
    if kind == NONE:
        off = {"permanent": True, "starts_at": None, "duration_minutes": None, DAYS_OPTION: ""}
        return off, {}
    seconds = row.whole("duration")
    if seconds is not None and seconds < 0:
        raise row.broken("duration")
    fields = {
        "permanent": False,
        "starts_at": unix(row, "start_time"),
        "duration_minutes": None if seconds is None else seconds // 60,
        DAYS_OPTION: "",
    }
    facts: dict[str, Any] = {"duration_seconds": seconds} if seconds and seconds % 60 else {}
    if kind == WEEKLY:
        fields[DAYS_OPTION] = _days_in(row)
        facts["weekly_time"] = row.text("time") or ""
        facts["server_offset_minutes"] = row.whole("time_offset")
    return fields, {name: value for name, value in facts.items() if value is not None}


def encode_schedule(
    changed: Collection[str], now: Fields, facts: Mapping[str, Any], zone: tzinfo | None
) -> Schedule:
    """The whole schedule object: it is one value to TrueConf, and goes out as such.

    `now` is how the conference shall be, `facts` are those of how it is shown. Raises
    RequestRejected where something is missing.
    """
    if now.get("permanent"):
        return {"type": NONE}
    start = _needed(now, "starts_at", _("It needs a start, or to be permanent."))
    duration = _seconds(changed, now, facts)
    days = parse_days(now.get(DAYS_OPTION))
    if not days:
        seconds = int(parse_instant(start).timestamp())
        return {"type": ONCE, "start_time": seconds, "duration": duration}
    hour = facts.get("weekly_time") if "starts_at" not in changed else ""
    hour = hour or _server_hour(start, zone)
    return {"type": WEEKLY, "days": days, "time": hour, "duration": duration}


def parse_days(text: Any) -> list[str]:
    """The days of a week in their order. Raises RequestRejected for a word that is none."""
    words = [word for word in str(text or "").replace(",", " ").lower().split() if word]
    unknown = [word for word in words if word not in DAYS]
    if unknown:
        raise refused(
            PLATFORM,
            DAYS_OPTION,
            say("%(word)s is not a day of the week in English.", word=unknown[0]),
        )
    return [day for day in DAYS if day in words]


def days_text(text: Any) -> str:
    """Days as they are shown; what cannot be read stays as it is."""
    try:
        return ", ".join(parse_days(text))
    except RequestRejected:
        return str(text)


def _days_in(row: Row) -> str:
    days = row.value.get("days")
    if not isinstance(days, list) or any(day not in DAYS for day in days):
        raise row.broken("days")
    return ", ".join(day for day in DAYS if day in days)


def _seconds(changed: Collection[str], now: Fields, facts: Mapping[str, Any]) -> int:
    """Seconds that are no whole minutes are kept where staff did not change the duration."""
    exact = facts.get("duration_seconds")
    if exact and "duration_minutes" not in changed:
        return int(exact)
    return int(_needed(now, "duration_minutes", _("It needs a duration."))) * 60


def _server_hour(start: str, zone: tzinfo | None) -> str:
    if zone is None:
        raise refused(
            PLATFORM,
            "starts_at",
            _(
                "TrueConf keeps the hour of a weekly webinar in the server's own time: set the "
                "time zone of the server in the account's settings first."
            ),
        )
    return parse_instant(start).astimezone(zone).strftime("%H:%M")


def _needed(now: Fields, name: str, sentence: str) -> Any:
    if now.get(name) is None:
        raise refused(PLATFORM, name, sentence)
    return now[name]
