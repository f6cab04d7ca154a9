"""Three roles, by Django group: a viewer reads, event staff act, an administrator connects.

Services call `require`; pages ask `may` to show why a button is off. A superuser may everything;
somebody in none of the groups may nothing, and reads on one page whom to ask.
"""

from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Q

from portal.common.errors import NotAllowed

VIEWER, STAFF, ADMINISTRATOR = "Viewer", "Event staff", "Administrator"
NONE = ""
_RANK = {NONE: 0, VIEWER: 1, STAFF: 2, ADMINISTRATOR: 3}


def role_of(user: Any) -> str:
    """The person's highest role; NONE for somebody in none of the groups."""
    if user.is_superuser:
        return ADMINISTRATOR
    names = getattr(user, "_role_names", None)
    if names is None:
        names = user._role_names = list(user.groups.values_list("name", flat=True))
    return max((n for n in names if n in _RANK), key=lambda n: _RANK[n], default=NONE)


def administrators() -> list[Any]:
    """Who can give somebody a role: at most ten people who can log in, by name."""
    found = get_user_model()._default_manager.filter(
        Q(is_superuser=True) | Q(groups__name=ADMINISTRATOR), is_active=True
    )
    return list(found.distinct().order_by("last_name", "first_name", "username")[:10])


def includes(role: str, other: str) -> bool:
    """Whether a role is at least another; a group that is no role is included in any."""
    return _RANK[role] >= _RANK.get(other, 0)


def may(user: Any, role: str) -> bool:
    """Whether the person's role includes this one."""
    return user.is_authenticated and _RANK[role_of(user)] >= _RANK[role]


def require(user: Any, role: str = STAFF) -> None:
    """Raise NotAllowed unless the person has the role. None is the portal itself."""
    if user is not None and not may(user, role):
        raise NotAllowed(f"This needs the role {role}. Ask an administrator for it.")
