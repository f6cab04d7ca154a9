"""What every page needs from the shell around it."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from portal import __version__
from portal.identity import demo_users, roles
from portal.sync import queries

THEMES = ("light", "dark")
THEME_COOKIE = "lectern_theme"


def shell(request: HttpRequest) -> dict[str, Any]:
    """Role, count of what needs attention (asked only where it is shown), zone, theme, version."""
    theme = request.COOKIES.get(THEME_COOKIE, "")
    about = {
        "demo_mode": settings.DEMO_MODE,
        "viewer_zone": timezone.get_current_timezone_name(),
        "theme": theme if theme in THEMES else "",
    }
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        logins = [(name, demo_users.PASSWORD) for name in demo_users.USERS]
        return about | {"demo_logins": logins if settings.DEMO_MODE else []}
    role = roles.role_of(user)
    return about | {
        "version": __version__,
        "attention_count": SimpleLazyObject(queries.attention_count),
        "role": role,
        "user_role": roles.label(role),
        "may_act": roles.may(user, roles.STAFF),
        "may_administer": roles.may(user, roles.ADMINISTRATOR),
    }
