"""The profile's clock, read once for each connection."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any

from integrations.myownconference.client import Client
from integrations.myownconference.mapping.reading import Profile, decode_profile
from integrations.myownconference.mapping.zone import (
    EUROPEAN_UNION,
    WINTER,
    ProfileZone,
    profile_zone,
)

FIELDS = ("name", "email", "timezone", "timemove")
# What a check learned counts this long. Later the profile is read anew: had somebody moved it to
# another zone, every webinar would be told a wrong time.
FRESH = timedelta(minutes=10)


class Clock:
    """Knows by which clock the account tells times."""

    def __init__(
        self, client: Client, options: Mapping[str, Any], learned: Mapping[str, Any]
    ) -> None:
        self._client = client
        self._meaning = str(options.get("summer_time") or WINTER)
        self._rule = str(options.get("summer_rule") or EUROPEAN_UNION)
        self._stamps_by_profile = options.get("stamps") == "profile"
        self.known: ProfileZone | None = None
        if _is_fresh(learned):
            self.known = self._zone(int(learned["timezone"]), bool(learned["timemove"]))

    def zone(self) -> ProfileZone:
        """The clock; one call where it is not known yet."""
        return self.known or self.read()[1]

    def stamps(self) -> tzinfo:
        """By what the platform tells when something happened: a visit, a message, a recording.

        Documented only for `created`, which is in GMT [Retrieving a list of scheduled webinars].
        """
        return self.zone() if self._stamps_by_profile else UTC

    def read(self) -> tuple[Profile, ProfileZone]:
        """Ask for the profile, whatever is known."""
        profile = decode_profile(self._client.profile_get(FIELDS))
        self.known = self._zone(profile.minutes, profile.timemove)
        return profile, self.known

    def _zone(self, minutes: int, timemove: bool) -> ProfileZone:
        return profile_zone(minutes, timemove, self._meaning, self._rule)


def learned_of(profile: Profile) -> dict[str, Any]:
    """What is kept of a check."""
    return {
        "timezone": profile.minutes,
        "timemove": profile.timemove,
        "read_at": datetime.now(UTC).isoformat(),
    }


def _is_fresh(learned: Mapping[str, Any]) -> bool:
    try:
        age = datetime.now(UTC) - datetime.fromisoformat(str(learned["read_at"]))
        return timedelta(0) <= age < FRESH and isinstance(learned["timezone"], int)
    except (KeyError, ValueError, TypeError):
        return False
