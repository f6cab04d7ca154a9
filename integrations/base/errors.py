"""The few ways in which a platform can disappoint us; each calls for one decision.

The sync engine alone takes these decisions. Every error carries the platform, the operation, the
HTTP status and a redacted excerpt of the answer; none of them ever carries a credential.
"""

from typing import TypeVar


class PlatformError(Exception):
    """A call to a platform did not do what was asked."""

    def __init__(
        self,
        message: str,
        *,
        platform: str = "",
        operation: str = "",
        status: int | None = None,
        excerpt: str = "",
    ) -> None:
        super().__init__(message)
        self.message = message
        self.platform = platform
        self.operation = operation
        self.status = status
        self.excerpt = excerpt


class PlatformUnavailable(PlatformError):
    """Nothing was done: retry after a growing pause."""


class RateLimited(PlatformError):
    """Nothing was done: the whole account waits. `retry_after` is in seconds; None: not said."""

    def __init__(
        self, message: str, *, retry_after: float | None = None, **details: object
    ) -> None:
        super().__init__(message, **details)  # type: ignore[arg-type]
        self.retry_after = retry_after


class OutcomeUnknown(PlatformError):
    """The request may or may not have been carried out: look before doing it again."""


class CredentialsRejected(PlatformError):
    """The platform does not accept our credentials: pause the account, one notice."""


class RequestRejected(PlatformError):
    """The platform understood and refused. `field_errors` maps our field names to its words.

    `concurrent_rooms` is how many conferences may run at once, where the refusal tells it."""

    concurrent_rooms: int | None = None

    def __init__(
        self, message: str, *, field_errors: dict[str, list[str]] | None = None, **details: object
    ) -> None:
        super().__init__(message, **details)  # type: ignore[arg-type]
        self.field_errors = field_errors or {}


class RecordNotFound(PlatformError):
    """The platform does not know this record."""


class UnsupportedByPlatform(PlatformError):
    """The platform has no such operation; the capability's sentence says what staff can do."""


class UnexpectedAnswer(PlatformError):
    """The answer to a read is not what the document promises: stop, and believe nothing of it."""

    # Whether it was completed and logged (see `evidence.report`).
    reported = False


Restated = TypeVar("Restated", bound=PlatformError)


def refused(platform: str, field: str, sentence: str, operation: str = "") -> RequestRejected:
    """Our own refusal, before anything is sent: what is wrong with the value of a field, or with
    none of them where `field` is empty.

    It has no status, which tells it from a platform's refusal.
    """
    beside = {field: [sentence]} if field else {}
    return RequestRejected(sentence, platform=platform, operation=operation, field_errors=beside)


def restated(error: PlatformError, kind: type[Restated], message: str = "") -> Restated:
    """The same mishap as another error, since here it calls for another decision."""
    return kind(
        message or error.message,
        platform=error.platform,
        operation=error.operation,
        status=error.status,
        excerpt=error.excerpt,
    )
