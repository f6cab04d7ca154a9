"""Who may log in, in the administration: nobody gives, or takes over, more than they have."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import AnonymousUser, Group, Permission, User
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.forms import ModelMultipleChoiceField
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.identity import roles

admin.site.unregister(User)
admin.site.unregister(Group)


def within(user: User | AnonymousUser, permissions: set[str]) -> bool:
    """Whether somebody has all of these permissions themselves."""
    return bool(user.is_superuser) or permissions <= user.get_all_permissions()


def _gives(user: User | AnonymousUser, group: Group) -> bool:
    """Whether somebody may put others into a group."""
    return within(user, _names(group.permissions.all()))


def _names(permissions: QuerySet[Permission]) -> set[str]:
    return {
        f"{app}.{code}"
        for app, code in permissions.values_list("content_type__app_label", "codename")
    }


@admin.register(User)
class PersonAdmin(UserAdmin):  # type: ignore[type-arg]
    """Without being a superuser one cannot make one, nor change one, nor log in as one.

    A group can be given to somebody only by who has all that it opens.
    """

    list_display = ("username", "first_name", "last_name", "email", "role", "is_active")
    list_filter = ("groups", "is_staff", "is_superuser", "is_active")
    _OWN_ONLY = ("is_superuser", "user_permissions")

    @admin.display(description=gettext_lazy("role"))
    def role(self, row: User) -> str:
        return roles.label(roles.role_of(row)) or _("none yet")

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        shown = super().get_fieldsets(request, obj)
        if request.user.is_superuser:
            return shown
        return [
            (title, {**part, "fields": [f for f in part["fields"] if f not in self._OWN_ONLY]})
            for title, part in shown
        ]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        own = () if request.user.is_superuser else self._OWN_ONLY
        return (*super().get_readonly_fields(request, obj), *own)

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        found = super().formfield_for_manytomany(db_field, request, **kwargs)
        if db_field.name == "groups" and isinstance(found, ModelMultipleChoiceField):
            known = Group.objects.prefetch_related("permissions__content_type")
            able = [group.pk for group in known if _gives(request.user, group)]
            found.queryset = Group.objects.filter(pk__in=able)
        return found

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) and _reaches(request.user, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_delete_permission(request, obj) and _reaches(request.user, obj)

    def user_change_password(
        self, request: HttpRequest, id: str, form_url: str = ""
    ) -> HttpResponse:
        """Who sets somebody's password can log in as them."""
        if not self.has_change_permission(request, self.get_object(request, id)):
            raise PermissionDenied
        return super().user_change_password(request, id, form_url)


def _reaches(user: User | AnonymousUser, other: User | None) -> bool:
    """Whether somebody may lay hands on another's account: one that can no more than their own."""
    return other is None or (
        user.is_superuser or (not other.is_superuser and within(user, other.get_all_permissions()))
    )


@admin.register(Group)
class RoleAdmin(GroupAdmin):
    """The groups are the roles: what they open is a superuser's to change."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.is_superuser)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.is_superuser)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.is_superuser)
