"""The profile's clock, read by each connection for itself."""

import time
from collections.abc import Mapping
from datetime import UTC, tzinfo
from typing import Any

from integrations.myownconference.client import Client
from integrations.myownconference.mapping.profile import FIELDS, ProfileClock, decode_profile
from integrations.myownconference.mapping.zone import ProfileZone, zone_of

# Somebody may move the profile to another zone at any time, and all times that are told by the
# older clock would then be wrong. So nothing is kept between connections, and before a time is
# sent the profile is read anew unless that was done these seconds ago.
RECENT_SECONDS = 5.0


class Clock:
    """Knows by which clock the account tells times."""

    def __init__(self, client: Client, options: Mapping[str, Any]) -> None:
        self._client = client
        self._options = options
        self._stamps_by_profile = options.get("stamps") == "profile"
        self._read_at = float("-inf")
        self.known: ProfileZone | None = None

    def zone(self) -> ProfileZone:
        """The clock; one call where this connection has not asked yet."""
        return self.known or self.read()[1]

    def zone_now(self) -> ProfileZone:
        """The clock by which a time is about to be sent."""
        if self.known is None or time.monotonic() - self._read_at > RECENT_SECONDS:
            return self.read()[1]
        return self.known

    def stamps(self) -> tzinfo:
        """By what the platform tells when something happened: a visit, a message, a recording.

        Documented only for `created`, which is in GMT [Retrieving a list of scheduled webinars].
        """
        return self.zone() if self._stamps_by_profile else UTC

    def read(self) -> tuple[ProfileClock, ProfileZone]:
        """Ask for the profile, whatever is known."""
        profile = decode_profile(self._client.profile_get(FIELDS))
        zone = zone_of(profile.minutes, profile.timemove, self._options)
        self.known, self._read_at = zone, time.monotonic()
        return profile, zone
