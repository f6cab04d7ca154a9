"""Our own personal links: they stay the same, whatever the platform does with its own."""

from uuid import UUID

from django.conf import settings


def join_link(token: UUID) -> str:
    """The address that stands in mails and calendars, for a registration or a moderator."""
    return f"{settings.PUBLIC_URL}/join/{token}/"


def confirm_link(token: UUID) -> str:
    """The address by which somebody confirms that they want to be registered."""
    return f"{settings.PUBLIC_URL}/confirm/{token}/"


def page_link(slug: str) -> str:
    """The address of a registration page."""
    return f"{settings.PUBLIC_URL}/register/{slug}/"


def answer_link(token: UUID) -> str:
    """The address of the page on which a person says whether they come."""
    return f"{settings.PUBLIC_URL}/answer/{token}/"


def dates_link(token: UUID) -> str:
    """The address of the page on which a person says when they can."""
    return f"{settings.PUBLIC_URL}/dates/{token}/"
