"""How often somebody may try to sign in: by name and address, and by address alone."""

from typing import Any

from axes.handlers.database import AxesDatabaseHandler
from django.conf import settings
from django.db.models import Sum
from django.http import HttpRequest


class Throttle(AxesDatabaseHandler):  # type: ignore[misc]
    """Nobody can lock out a name from elsewhere, and no address may try one name after the other.

    An address stands for a whole office, so it may fail more often than one name from it.
    """

    def get_failures(self, request: HttpRequest, credentials: dict[str, Any] | None = None) -> int:
        """Failures of the name from this address; those of the address count by their share."""
        of_name, of_address = (
            found.aggregate(n=Sum("failures_since_start"))["n"] or 0
            for found in self.get_user_attempts(request, credentials)
        )
        share = settings.AXES_FAILURE_LIMIT / settings.ADDRESS_FAILURE_LIMIT
        return max(of_name, int(of_address * share))
