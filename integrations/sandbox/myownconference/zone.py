"""The profile's time zone: minutes from GMT, and an hour more in summer where `timemove` is YES.

Rows keep UTC as ISO 8601 text. `start` is read and shown in the profile's zone, `created` in
GMT+0 [document, Retrieving a list of scheduled webinars]. When summer begins the
document does not say; the service is European, and so is the summer here: from the last Sunday
of March to the last Sunday of October, 01:00 UTC.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

# "Time zone table used in the system": the values, each of them in minutes.
VALUES = (
    *range(-720, -599, 60),
    *range(-480, -179, 60),
    -150,
    -120,
    -60,
    0,
    60,
    120,
    180,
    240,
    270,
    300,
    330,
    345,
    360,
    390,
    420,
    480,
    540,
    570,
    600,
    660,
    720,
    780,
)
_STAMP = re.compile(r"\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}", re.ASCII)
_DATE = re.compile(r"(\d{4}-\d{2}-\d{2})( \d{2}:\d{2}:\d{2})?", re.ASCII)


@dataclass(frozen=True)
class Zone:
    """`minutes` as the profile holds them; `moves` is `timemove`; `holds_summer` says that the
    minutes of a zone that moves are those of its summer."""

    minutes: int
    moves: bool
    holds_summer: bool = False

    def shown(self, kept: str) -> str:
        """A kept time by the clock on the zone's wall, `YYYY-MM-DD HH:MM:SS`."""
        at = moment(kept)
        return written(at + self._offset(is_summer(at)))

    def read(self, wall: datetime) -> datetime:
        """The UTC of a naive wall time.

        An hour that summer skips is moved on; one that comes twice is the first of the two, as in
        PHP's own reading of dates.
        """
        in_summer = (wall - self._offset(summer=True)).replace(tzinfo=UTC)
        if is_summer(in_summer):
            return in_summer
        return (wall - self._offset(summer=False)).replace(tzinfo=UTC)

    def _offset(self, summer: bool) -> timedelta:
        shift = self.moves * 60 * (summer - self.holds_summer)
        return timedelta(minutes=self.minutes + shift)


def is_summer(at: datetime) -> bool:
    """Whether summer time of the European Union holds at a moment."""
    return _last_sunday(at.year, 3) <= at < _last_sunday(at.year, 10)


def keep(at: datetime) -> str:
    """An aware time as rows hold it."""
    return at.astimezone(UTC).replace(microsecond=0).isoformat()


def moment(kept: str) -> datetime:
    """A kept time as an aware one."""
    return datetime.fromisoformat(kept)


def written(at: datetime) -> str:
    """A time as the API writes it."""
    return at.strftime("%Y-%m-%d %H:%M:%S")


def parse_stamp(text: str) -> datetime:
    """A naive wall time; ValueError for anything but `YYYY-MM-DD HH:MM:SS` of our century."""
    if not _STAMP.fullmatch(text):
        raise ValueError("not a date and time")
    return _sensible(datetime.fromisoformat(text))


def parse_date(text: str) -> datetime:
    """The midnight of a date, with or without a time beside it; ValueError for anything else.

    The example of webinarsList shows a date and a time, its table a date alone.
    """
    match = _DATE.fullmatch(text)
    if not match:
        raise ValueError("not a date")
    return _sensible(datetime.fromisoformat(f"{match[1]} 00:00:00"))


def _sensible(at: datetime) -> datetime:
    if not 2000 <= at.year <= 2100:
        raise ValueError("out of range")
    return at


def _last_sunday(year: int, month: int) -> datetime:
    last = datetime(year, month, 31, 1, tzinfo=UTC)
    return last - timedelta(days=(last.weekday() + 1) % 7)
