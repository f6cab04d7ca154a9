"""People, groups and who is in which."""

from collections.abc import Iterable
from typing import Any

from django.contrib import admin
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.conferences.models import Attendee, AttendeeGroup, Membership, PersonField, Tag
from portal.conferences.people.services import fields, groups, people, tags
from portal.conferences.people.services.selection import matching
from portal.identity.admin_base import RemovableAdmin, ServiceAdmin, to
from portal.identity.requests import user_of


@admin.register(Attendee)
class AttendeeAdmin(ServiceAdmin):
    quiet = True
    dropped = gettext_lazy("Deleted.")
    list_display = ("email", "first_name", "last_name", "company", "country", "how_often")
    list_filter = ("country", "groups")
    search_fields = ("search_key",)
    date_hierarchy = "created_at"
    readonly_fields = ("merged_into", "created_at", "updated_at")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        standing = Count("registrations", filter=Q(registrations__removed_at=None), distinct=True)
        rows: QuerySet[Any] = super().get_queryset(request)
        counted: QuerySet[Any] = rows.annotate(standing=standing)
        return counted

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """By every word, in any case and alphabet, as the list of people is searched."""
        return queryset.filter(matching(search_term)), False

    @admin.display(description=gettext_lazy("registrations"), ordering="standing")
    def how_often(self, row: Any) -> int:
        return int(row.standing)

    def keep(self, request: HttpRequest, row: Any, values: dict[str, Any], *, new: bool) -> Any:
        if new:
            return people.create(values, user_of(request))
        return people.update(
            Attendee.objects.get(pk=row.pk), values, user_of(request), notify=False
        )

    def consequence(self, rows: Iterable[Any]) -> list[str]:
        return [
            _("The entry and its place in groups go. This cannot be undone."),
            _("Whoever is registered for a webinar stays: they belong to its record."),
        ]

    def drop(self, request: HttpRequest, row: Any) -> None:
        people.delete(row, user_of(request))


@admin.register(AttendeeGroup)
class GroupAdmin(ServiceAdmin):
    dropped = gettext_lazy("Deleted; its people stay.")
    fields = ("name", "description", "account", "rule", "origin", "created_at", "updated_at")
    list_display = ("name", "description", "account", "size")
    list_filter = ("account", "origin")
    search_fields = ("name", "description")
    date_hierarchy = "created_at"
    readonly_fields = ("rule", "origin", "created_at", "updated_at")

    def get_queryset(self, request: HttpRequest) -> QuerySet[AttendeeGroup]:
        inside = Count("memberships", filter=Q(memberships__removed_at=None))
        rows: QuerySet[AttendeeGroup] = super().get_queryset(request)
        return rows.select_related("account").annotate(inside=inside)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Where a group stands is chosen when it is made."""
        return (*self.readonly_fields, "account") if obj else self.readonly_fields

    @admin.display(description=gettext_lazy("members"), ordering="inside")
    def size(self, row: Any) -> int:
        return int(row.inside)

    def keep(self, request: HttpRequest, row: Any, values: dict[str, Any], *, new: bool) -> Any:
        if new:
            return groups.create(row.name, row.description, user_of(request), row.account)
        stored = AttendeeGroup.objects.get(pk=row.pk)
        return groups.rename(stored, row.name, row.description, user_of(request))

    def consequence(self, rows: Iterable[Any]) -> list[str]:
        places = sorted({row.account.label for row in rows if row.account})
        if not places:
            return [_("The group goes, its people stay.")]
        there = _("The group goes, its people stay. It is deleted on %(places)s as well.")
        return [there % {"places": ", ".join(places)}]

    def drop(self, request: HttpRequest, row: Any) -> None:
        groups.delete(row, user_of(request))


@admin.register(Membership)
class MembershipAdmin(RemovableAdmin):
    """People are put into groups on the portal's pages; here they can be taken out."""

    dropped = gettext_lazy("Taken out of the group.")
    fields = ("its_group", "person", "origin", "removed_at", "gone_at", "created_at")
    list_display = ("person", "its_group", "origin", "removed_at")
    list_filter = ("group", "origin")
    list_select_related = ("group", "attendee")
    search_fields = ("attendee__email", "attendee__last_name", "group__name")
    date_hierarchy = "created_at"

    @admin.display(description=gettext_lazy("group"), ordering="group__name")
    def its_group(self, row: Membership) -> str:
        return to(row.group)

    @admin.display(description=gettext_lazy("person"), ordering="attendee__email")
    def person(self, row: Membership) -> str:
        return to(row.attendee)

    def consequence(self, rows: Iterable[Any]) -> list[str]:
        return [_("They are taken out of the group, on its platform too where it stands on one.")]

    def drop(self, request: HttpRequest, row: Any) -> None:
        groups.take_out(row.group, [row.attendee_id], user_of(request))


@admin.register(Tag)
class TagAdmin(ServiceAdmin):
    """Who has a tag is changed on the portal's pages."""

    dropped = gettext_lazy("Deleted; its people stay.")
    fields = ("name", "created_at")
    list_display = ("name", "carried", "created_at")
    list_filter = ("created_at",)
    search_fields = ("name", "sort_key")
    date_hierarchy = "created_at"
    readonly_fields = ("created_at",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows: QuerySet[Any] = super().get_queryset(request)
        counted: QuerySet[Any] = rows.annotate(carried_by=Count("people"))
        return counted

    @admin.display(description=gettext_lazy("people"), ordering="carried_by")
    def carried(self, row: Any) -> int:
        return int(row.carried_by)

    def keep(self, request: HttpRequest, row: Any, values: dict[str, Any], *, new: bool) -> Any:
        name = tags.checked(row.name)
        if new:
            return tags.create(name, user_of(request))
        return tags.rename(Tag.objects.get(pk=row.pk), name, user_of(request))

    def consequence(self, rows: Iterable[Any]) -> list[str]:
        return [_("The tag is taken off everybody who has it; the people stay.")]

    def drop(self, request: HttpRequest, row: Any) -> None:
        tags.delete(row, user_of(request))


@admin.register(PersonField)
class PersonFieldAdmin(ServiceAdmin):
    """An administrator makes and changes columns, here and on the portal's pages."""

    dropped = gettext_lazy("Deleted, with what stood in it.")
    fields = ("name", "kind", "choices", "listed", "position", "created_at")
    list_display = ("name", "kind", "listed", "position", "created_at")
    list_filter = ("kind", "listed")
    search_fields = ("name", "sort_key")
    date_hierarchy = "created_at"
    readonly_fields = ("position", "created_at")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """The sort is chosen once."""
        return (*self.readonly_fields, "kind") if obj else self.readonly_fields

    def keep(self, request: HttpRequest, row: Any, values: dict[str, Any], *, new: bool) -> Any:
        choices = [str(one) for one in row.choices] if isinstance(row.choices, list) else []
        if new:
            by = user_of(request)
            return fields.create(row.name, row.kind, choices, by, listed=row.listed)
        stored = PersonField.objects.get(pk=row.pk)
        return fields.change(stored, row.name, choices, user_of(request), listed=row.listed)

    def consequence(self, rows: Iterable[Any]) -> list[str]:
        return [_("The column goes, with what stands in it on every person.")]

    def drop(self, request: HttpRequest, row: Any) -> None:
        fields.delete(row, user_of(request))
