"""Three roles, by Django group: a viewer reads, event staff act, an administrator connects.

Services call `require`; pages ask `may` to show why a button is off. A superuser may everything.
"""

from typing import Any

from portal.common.errors import NotAllowed

VIEWER, STAFF, ADMINISTRATOR = "Viewer", "Event staff", "Administrator"
_RANK = {VIEWER: 1, STAFF: 2, ADMINISTRATOR: 3}


def role_of(user: Any) -> str:
    """The person's highest role; someone in none of the groups is a viewer."""
    if user.is_superuser:
        return ADMINISTRATOR
    names = getattr(user, "_role_names", None)
    if names is None:
        names = user._role_names = list(user.groups.values_list("name", flat=True))
    return max((n for n in names if n in _RANK), key=lambda n: _RANK[n], default=VIEWER)


def may(user: Any, role: str) -> bool:
    """Whether the person's role includes this one."""
    return user.is_authenticated and _RANK[role_of(user)] >= _RANK[role]


def require(user: Any, role: str = STAFF) -> None:
    """Raise NotAllowed unless the person has the role. None is the portal itself."""
    if user is not None and not may(user, role):
        raise NotAllowed(f"This needs the role {role}. Ask an administrator for it.")
