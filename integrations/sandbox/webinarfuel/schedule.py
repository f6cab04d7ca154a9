"""When a webinar's sessions start: once, or week after week.

A recurring session is a rule: weekdays and a time on the wall, in the webinar's own zone, or in
the account's where the webinar has none (`time_zone` empty or "registrant").
"""

from __future__ import annotations

from calendar import day_name
from datetime import UTC, date, datetime, time, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

from integrations.sandbox.platform import Surroundings
from integrations.sandbox.store import Row
from integrations.sandbox.webinarfuel import moments

# A webinar whose `time_zone` is this is shown to everyone in a zone of their own.
REGISTRANT = "registrant"
HORIZON_DAYS = 400
Listed = tuple[Row, datetime]


class Owner(Protocol):
    """What is to be known of the account whose webinars these are."""

    zone: str
    lists_past_sessions: bool

    @property
    def world(self) -> Surroundings: ...

    def sessions(self, webinar_id: int) -> list[Row]: ...


def own_zone(account: Owner, webinar: Row) -> str:
    """The zone that the webinar's rules and its readable times go by."""
    zone: str = webinar["time_zone"]
    return account.zone if zone in ("", REGISTRANT) else zone


def shown_zone(account: Owner, webinar: Row, wanted: str | None) -> str:
    """The zone of readable times: "registrant" without a registrant falls back to UTC."""
    if wanted:
        return wanted
    return "UTC" if webinar["time_zone"] == REGISTRANT else own_zone(account, webinar)


def starts(
    account: Owner, webinar: Row, session: Row, since: datetime, most: int
) -> list[datetime]:
    """Up to `most` starts at or after `since`, in UTC."""
    if not session["recurring"]:
        start = moments.moment(session["scheduled_at"])
        return [start] if start >= since and most > 0 else []
    zone = ZoneInfo(own_zone(account, webinar))
    found: list[datetime] = []
    for day in _days(session, since.astimezone(zone).date()):
        start = datetime.combine(day, time.fromisoformat(session["at"]), zone).astimezone(UTC)
        if len(found) == most:
            break
        if start >= since:
            found.append(start)
    return found


def is_start(account: Owner, webinar: Row, session: Row, when: datetime) -> bool:
    return starts(account, webinar, session, when, 1) == [when]


def is_over(account: Owner, webinar: Row, start: datetime) -> bool:
    return start + timedelta(minutes=webinar["minutes"]) <= account.world.now()


def next_start(account: Owner, webinar: Row, session: Row) -> datetime | None:
    """The next possible time; a session that is held once may be under way."""
    now = account.world.now()
    since = now if session["recurring"] else now - timedelta(minutes=webinar["minutes"])
    found = starts(account, webinar, session, since, 1)
    return next((start for start in found if not is_over(account, webinar, start)), None)


def last_start(account: Owner, webinar: Row, session: Row) -> datetime | None:
    """The latest start that has passed, within a year."""
    now = account.world.now()
    past = starts(account, webinar, session, now - timedelta(days=366), 400)
    return next((start for start in reversed(past) if start <= now), None)


def listed(account: Owner, webinar: Row, most: int, *, exact: bool) -> list[Listed]:
    """Sessions with a start: first what is to come or under way, then what is over, latest first.

    A rule stands once, with its next start, unless exact dates are asked for: then it stands
    again for every start. The order is the sandbox's own choice; public clients register for
    the first session of the list.
    """
    since = account.world.now() - timedelta(minutes=webinar["minutes"])
    coming: list[Listed] = []
    past: list[Listed] = []
    for session in account.sessions(webinar["id"]):
        ahead = starts(account, webinar, session, since, most if exact else 1)
        coming += [(session, start) for start in ahead if not is_over(account, webinar, start)]
        if not session["recurring"] and is_over(
            account, webinar, start := moments.moment(session["scheduled_at"])
        ):
            past.append((session, start))
    coming.sort(key=lambda one: (one[1], one[0]["id"]))
    past.sort(key=lambda one: (one[1], one[0]["id"]), reverse=True)
    return (coming + (past if account.lists_past_sessions else []))[:most]


def readable_rule(session: Row, zone: str) -> str:
    """`Every Tuesday and Thursday at 7:00 PM (Europe/Berlin)`."""
    *others, last = [day_name[day] for day in session["weekdays"]]
    days = f"{', '.join(others)} and {last}" if others else last
    at = time.fromisoformat(session["at"])
    return f"Every {days} at {moments.clock(at.hour, at.minute)} ({zone})"


def _days(rule: Row, since: date) -> list[date]:
    first = max(date.fromisoformat(rule["first_day"]), since)
    last = date.fromisoformat(rule["last_day"]) if rule["last_day"] else date.max
    span = min((last - first).days + 1, HORIZON_DAYS)
    days = (first + timedelta(days=step) for step in range(max(0, span)))
    return [day for day in days if day.weekday() in rule["weekdays"]]
