"""How often somebody may try a password: by name and address, and by address alone."""

from typing import Any

from axes.handlers.database import AxesDatabaseHandler
from django.conf import settings
from django.contrib.auth import authenticate
from django.contrib.auth.forms import PasswordChangeForm
from django.core.exceptions import ValidationError
from django.db.models import Sum
from django.http import HttpRequest
from django.views.decorators.debug import sensitive_variables

LONGEST_NAME = 150  # characters; no user has a longer one


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


def tried_name(request: HttpRequest, credentials: dict[str, Any] | None = None) -> str | None:
    """The name whose password is tried, no longer than the table of failures can hold."""
    name = (credentials or request.POST).get("username")
    return None if name is None else str(name)[:LONGEST_NAME]


class ChangePasswordForm(PasswordChangeForm):
    """One's own password is changed with the old one: guessing that is signing in, and counts."""

    def __init__(self, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        self.request = request
        super().__init__(*args, **kwargs)

    @sensitive_variables()
    def clean_old_password(self) -> str:
        """Raises ValidationError; where it was tried too often, the answer becomes the pause."""
        old: str = self.cleaned_data["old_password"]
        if authenticate(self.request, username=self.user.get_username(), password=old) is None:
            raise ValidationError(
                self.error_messages["password_incorrect"], code="password_incorrect"
            )
        return old
