"""Our own personal links: they stay the same, whatever the platform does with its own."""

from uuid import UUID

from django.conf import settings


def join_link(token: UUID) -> str:
    """The address that stands in mails and calendars, for a registration or a moderator."""
    return f"{settings.PUBLIC_URL}/join/{token}/"


def answer_link(token: UUID) -> str:
    """The address of the page on which a person says whether they come."""
    return f"{settings.PUBLIC_URL}/answer/{token}/"
