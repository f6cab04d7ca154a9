"""The profile of the account, as far as the portal reads it."""

from dataclasses import dataclass
from typing import Annotated, Any

from integrations.base.reading import Row
from integrations.myownconference.payloads import PLATFORM, Profile

# What is asked for of the profile.
FIELDS = ("name", "email", "timezone", "timemove")


@dataclass(frozen=True, slots=True)
class ProfileClock:
    """Whose profile it is, and its clock: `minutes` from GMT, and whether summer time is taken into
    account (`timemove`)."""

    minutes: int
    timemove: bool
    name: str = ""
    email: str = ""


def decode_profile(answer: Annotated[Any, Profile]) -> ProfileClock:
    """[Getting user profile]. Without offset or `timemove` no time could be told."""
    row = Row(answer, "profile", PLATFORM)
    minutes, timemove = row.whole("timezone"), row.flag("timemove")
    if minutes is None or abs(minutes) >= 24 * 60:
        raise row.broken("timezone")
    if timemove is None:
        raise row.broken("timemove")
    return ProfileClock(minutes, timemove, row.text("name") or "", row.email("email") or "")
