"""The clock of an account: a fixed offset, and where the profile says so an hour more in summer.

The profile holds minutes and whether summer time is taken into account (`timemove`). Neither the
rule by which summer begins nor whether the minutes already hold it is documented [Updating user
profile]: both are options of the account.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, tzinfo
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

HOUR = timedelta(hours=1)
# How the profile's minutes are meant where summer time is taken into account.
WINTER, SUMMER, ALWAYS = "winter", "summer", "always"
EUROPEAN_UNION = "Europe/Brussels"
# Zones under whose name staff know such a clock; the first that agrees is taken.
KNOWN = (
    "Europe/Brussels",
    "Europe/Lisbon",
    "Europe/Helsinki",
    "Atlantic/Azores",
    "America/New_York",
    "America/Chicago",
    "America/Denver",
    "America/Los_Angeles",
    "America/Anchorage",
    "America/Halifax",
    "UTC",
    "Africa/Lagos",
    "Africa/Johannesburg",
    "Europe/Istanbul",
    "Asia/Dubai",
    "Asia/Kabul",
    "Asia/Karachi",
    "Asia/Kolkata",
    "Asia/Kathmandu",
    "Asia/Dhaka",
    "Asia/Yangon",
    "Asia/Bangkok",
    "Asia/Singapore",
    "Asia/Tokyo",
    "Australia/Darwin",
    "Australia/Brisbane",
    "Pacific/Guadalcanal",
    "Pacific/Tarawa",
    "Pacific/Tongatapu",
    "Pacific/Honolulu",
    "Pacific/Pago_Pago",
    "America/Phoenix",
    "America/Costa_Rica",
    "America/Bogota",
    "America/Caracas",
    "America/Argentina/Buenos_Aires",
    "America/Noronha",
    "Atlantic/Cape_Verde",
)


class ProfileZone(tzinfo):
    """The profile's clock. `rule` is a zone whose dates of summer time count; None: no summer."""

    def __init__(self, standard_minutes: int, rule: ZoneInfo | None) -> None:
        self.standard = timedelta(minutes=standard_minutes)
        self.rule = rule

    def offset_at(self, moment: datetime) -> timedelta:
        """The offset at an instant (aware)."""
        summer = self.rule is not None and bool(moment.astimezone(self.rule).dst())
        return self.standard + (HOUR if summer else timedelta(0))

    def utcoffset(self, when: datetime | None) -> timedelta:
        """The offset at a wall time. A doubled one is the first unless `fold` says the second; a
        skipped one has the offset from before the gap."""
        if when is None:
            return self.standard
        fitting = self._fitting(when)
        if len(fitting) == 1:
            return fitting[0]
        first, second = (self.standard + HOUR, self.standard)
        if not fitting:
            first, second = second, first
        return second if when.fold else first

    def dst(self, when: datetime | None) -> timedelta:
        """An hour in summer."""
        return self.utcoffset(when) - self.standard

    def tzname(self, when: datetime | None) -> str:
        """For people who debug."""
        return f"profile {self.utcoffset(when)}"

    def fromutc(self, moment: datetime) -> datetime:
        """From UTC (told as a time of this zone, as `datetime.astimezone` does) to wall time."""
        offset = self.offset_at(moment.replace(tzinfo=UTC))
        wall = moment + offset
        second = len(self._fitting(wall)) > 1 and offset == self.standard
        return wall.replace(fold=int(second))

    def instants(self, moment: datetime) -> list[datetime]:
        """The instants (UTC) that the clock shows as it shows this one (aware): two in the hour
        that comes twice when summer time ends, else one."""
        wall = moment.astimezone(self).replace(tzinfo=None)
        offsets = sorted(self._fitting(wall), reverse=True)
        return [(wall - offset).replace(tzinfo=UTC) for offset in offsets]

    @cached_property
    def iana(self) -> str | None:
        """An IANA zone that shows the same time in winter and summer; None where there is none."""
        samples = (datetime(2026, 1, 15, tzinfo=UTC), datetime(2026, 7, 15, tzinfo=UTC))
        for name in (self.rule.key if self.rule else "", *KNOWN):
            if name and all(_offset(name, s) == self.offset_at(s) for s in samples):
                return name
        return None

    def _fitting(self, when: datetime) -> list[timedelta]:
        """The offsets that hold at the instant which they make of a wall time."""
        wall = when.replace(tzinfo=UTC)
        both = {self.standard, self.standard + HOUR}
        return [offset for offset in both if self.offset_at(wall - offset) == offset]


def _offset(name: str, moment: datetime) -> timedelta | None:
    return moment.astimezone(ZoneInfo(name)).utcoffset()


def profile_zone(minutes: int, timemove: bool, meaning: str, rule: str) -> ProfileZone:
    """The clock of a profile; `meaning` and `rule` are the account's options."""
    if not timemove or meaning == ALWAYS:
        return ProfileZone(minutes, None)
    return ProfileZone(minutes - 60 if meaning == SUMMER else minutes, ZoneInfo(rule))


def zone_of(minutes: int, timemove: bool, options: Mapping[str, Any]) -> ProfileZone:
    """The clock of a profile, by the account's options or what is usual."""
    meaning = str(options.get("summer_time") or WINTER)
    return profile_zone(
        minutes, timemove, meaning, str(options.get("summer_rule") or EUROPEAN_UNION)
    )


def wall_text(moment: datetime, zone: ProfileZone) -> str:
    """An instant as the document writes times: `YYYY-MM-DD HH:MM:SS` by the profile's clock."""
    return moment.astimezone(zone).strftime("%Y-%m-%d %H:%M:%S")


def shown_twice(moment: datetime, zone: ProfileZone) -> dict[str, str]:
    """What is doubtful about a start that the profile's clock shows twice: its `time` and `day`
    there, and the `first` and the `second` time in UTC that it may mean. Empty for others."""
    both = [f"{one:%H:%M}" for one in zone.instants(moment)]
    if len(both) < 2:
        return {}
    wall = wall_text(moment, zone)
    return {"time": wall[11:16], "day": wall[:10], "first": both[0], "second": both[1]}
