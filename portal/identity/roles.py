"""Three roles: a viewer reads, event staff act, an administrator connects.

A role is a permission (`identity.view_portal` and so on), which somebody has by a group or by
themselves; what a group is called means nothing. Services call `require`; pages ask `may` to show
why a button is off. A superuser may everything; somebody without any of the permissions may
nothing, and reads on one page whom to ask.
"""

from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.contrib.auth import get_user_model
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.common.errors import NotAllowed

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser, Permission, User

    # Who asks: somebody, a visitor without a login, or (None) the portal itself.
    Asking = User | AnonymousUser | None

VIEWER, STAFF, ADMINISTRATOR = "Viewer", "Event staff", "Administrator"
NONE = ""
_LABELS = {
    VIEWER: gettext_lazy("Viewer"),
    STAFF: gettext_lazy("Event staff"),
    ADMINISTRATOR: gettext_lazy("Administrator"),
}
_RANK = {NONE: 0, VIEWER: 1, STAFF: 2, ADMINISTRATOR: 3}
# By what a role is had; a higher role includes the lower ones.
_CODES = {VIEWER: "view_portal", STAFF: "act_as_staff", ADMINISTRATOR: "administer_accounts"}


def label(role: str) -> str:
    """What a role is called for people; nothing for NONE."""
    return str(_LABELS.get(role, ""))


def role_of(user: "User | AnonymousUser") -> str:
    """The person's highest role; NONE for somebody with none of the permissions."""
    if user.is_superuser:
        return ADMINISTRATOR
    codes = getattr(user, "_role_codes", None)
    if codes is None:
        held = _permissions(*_CODES).filter(Q(group__user=user) | Q(user=user))
        codes = set(held.values_list("codename", flat=True))
        user._role_codes = codes  # type: ignore[union-attr]  # kept for the rest of the request
    # They stand from the lowest to the highest.
    return [NONE, *(role for role, code in _CODES.items() if code in codes)][-1]


def _permissions(*names: str) -> "QuerySet[Permission]":
    codes = [_CODES[name] for name in names]
    # Looked up late: the names of the roles are of use without Django's models (tools/write_docs).
    permissions = apps.get_model("auth", "Permission")._default_manager
    return permissions.filter(content_type__app_label="identity", codename__in=codes)


def permissions_of(role: str) -> "QuerySet[Permission]":
    """The permissions that a group for this role is to hold: its own, and those below."""
    return _permissions(*(name for name in _CODES if _RANK[name] <= _RANK[role]))


def administrators() -> list[Any]:
    """Who can give somebody a role: at most ten people who can log in, by name."""
    held = _permissions(ADMINISTRATOR)
    found = get_user_model()._default_manager.filter(
        Q(is_superuser=True) | Q(groups__permissions__in=held) | Q(user_permissions__in=held),
        is_active=True,
    )
    return list(found.distinct().order_by("last_name", "first_name", "username")[:10])


def includes(role: str, other: str) -> bool:
    """Whether a role is at least another."""
    return _RANK[role] >= _RANK[other]


def may(user: "User | AnonymousUser", role: str) -> bool:
    """Whether the person's role includes this one."""
    return user.is_authenticated and _RANK[role_of(user)] >= _RANK[role]


def require(user: "Asking", role: str = STAFF) -> None:
    """Raise NotAllowed unless the person has the role. None is the portal itself."""
    if user is not None and not may(user, role):
        said = _("This needs the role %(role)s. Ask an administrator for it.")
        raise NotAllowed(said % {"role": label(role)})
