"""Conferences, moderators and registrations."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from integrations.base.records import CONFERENCE_FIELDS, Kind
from portal.common import zones
from portal.conferences import rules
from portal.conferences.audience.services import moderators, registrations
from portal.conferences.models import Conference, Moderator, Registration
from portal.conferences.schedule.services import cancel, schedule
from portal.identity.admin_base import RemovableAdmin, ServiceAdmin, to
from portal.identity.requests import user_of

MOST_SENTENCES = 20
ABOUT = ("origin", "removed_at", "gone_at", "created_at", "updated_at")


# Section of the schedule form -> its fields; the password is set on the portal's own form alone.
SECTIONS = {
    section: tuple(
        field.name
        for field in CONFERENCE_FIELDS
        if (field.section or "access") == section and not field.secret
    )
    for section in ("basics", "time", "access")
}


class ConferenceForm(forms.ModelForm):  # type: ignore[type-arg]
    """The fields that stand for what a platform holds; the password has the portal's own form."""

    timezone = forms.ChoiceField(choices=zones.choices)
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = Conference
        fields = ("account", *(name for names in SECTIONS.values() for name in names))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["seen"] = self.instance.version
            self._add_own_zone()

    def _add_own_zone(self) -> None:
        """A platform may name a zone that people are not offered any more."""
        field, own = self.fields.get("timezone"), self.instance.timezone
        if field is not None and own not in dict(zones.choices()):
            field.choices = [(own, own), *zones.choices()]  # type: ignore[attr-defined]


@admin.register(Conference)
class ConferenceAdmin(ServiceAdmin):
    form = ConferenceForm
    quiet = True
    dropped = "Cancelled; its platform is told. Nobody was notified by mail."
    removal = "Cancel the chosen webinars"
    list_display = ("title", "account", "starts_at", "state", "gone_at")
    list_filter = ("account", "origin", "draft", "room_type", "access", "permanent")
    list_select_related = ("account",)
    search_fields = ("title", "description", "calendar_uid", "account__label")
    date_hierarchy = "starts_at"
    readonly_fields = ("state", "draft", "cancel_reason", "calendar_uid", "created_by", *ABOUT)
    fieldsets = (
        (None, {"fields": ("account", *SECTIONS["basics"], "state", "draft", "seen")}),
        ("Time", {"fields": SECTIONS["time"]}),
        ("Room", {"fields": SECTIONS["access"]}),
        ("About", {"fields": ("calendar_uid", "created_by", "cancel_reason", *ABOUT)}),
    )

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[Any, ...]:
        return (*self.readonly_fields, "account") if obj else self.readonly_fields

    def keep(self, request: HttpRequest, row: Any, values: dict[str, Any], *, new: bool) -> Any:
        values.pop("seen", None)
        if new:
            account = values.pop("account")
            return schedule.schedule(account=account, values=values, by=user_of(request))
        seen = request.POST.get("seen", "")
        version = int(seen) if seen.isdecimal() and len(seen) < 10 else row.version
        stored = Conference.objects.get(pk=row.pk)
        return schedule.reschedule(stored, values, user_of(request), version, notify=False)

    def consequence(self, rows: Iterable[Any]) -> list[str]:
        said = [_cancelled(row) for row in rows]
        return [
            *said[:MOST_SENTENCES],
            *([f"And {len(said) - MOST_SENTENCES} more."] if len(said) > MOST_SENTENCES else []),
            "Nobody is notified by mail: to notify people, cancel a webinar on its own page.",
        ]

    def drop(self, request: HttpRequest, row: Any) -> None:
        cancel.cancel(row, user_of(request), notify=False)


def _cancelled(row: Conference) -> str:
    if row.draft:
        return f"{row}: the draft is discarded."
    if row.removed_at:
        return f"{row}: it is cancelled already."
    if rules.reaches_platform(row.account, Kind.CONFERENCE, "delete") and not row.gone_at:
        return f"{row}: it is cancelled, and its room on {row.account.platform_name} is deleted."
    return f"{row}: it is cancelled in Lectern; {row.account.platform_name} is not told."


@admin.register(Moderator)
class ModeratorAdmin(ServiceAdmin):
    quiet = True
    dropped = "Taken off."
    removal = "Take the chosen people off their webinars"
    fields = ("conference", "email", "name", "role", *ABOUT)
    list_display = ("name", "email", "role", "its_conference", "removed_at")
    list_filter = ("role", "conference__account")
    list_select_related = ("conference",)
    search_fields = ("name", "email", "conference__title")
    raw_id_fields = ("conference",)
    readonly_fields = ABOUT
    date_hierarchy = "created_at"

    @admin.display(description="webinar", ordering="conference__title")
    def its_conference(self, row: Moderator) -> str:
        return to(row.conference)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[Any, ...]:
        return ("conference", "email", *ABOUT) if obj else ABOUT

    def keep(self, request: HttpRequest, row: Any, values: dict[str, Any], *, new: bool) -> Any:
        if new:
            return moderators.assign(
                row.conference,
                email=row.email,
                name=row.name,
                role=row.role,
                by=user_of(request),
                notify=False,
            )
        return moderators.change(row, name=row.name, role=row.role, by=user_of(request))

    def consequence(self, rows: Iterable[Any]) -> list[str]:
        return [
            "They no longer run the webinar, on its platform too, and lose their link.",
            "Nobody is notified by mail: to notify people, take them off on the webinar's page.",
        ]

    def drop(self, request: HttpRequest, row: Any) -> None:
        moderators.unassign(row, user_of(request), notify=False)


@admin.register(Registration)
class RegistrationAdmin(RemovableAdmin):
    """People are registered by inviting them; here they can be looked at and withdrawn."""

    dropped = "Withdrawn."
    removal = "Withdraw the chosen registrations"
    fields = ("its_conference", "person", "registered_at", *ABOUT)
    list_display = ("person", "its_conference", "registered_at", "origin", "removed_at", "gone_at")
    list_filter = ("conference__account", "origin")
    list_select_related = ("conference", "attendee")
    search_fields = (
        "attendee__email",
        "attendee__first_name",
        "attendee__last_name",
        "conference__title",
    )
    date_hierarchy = "created_at"

    @admin.display(description="webinar", ordering="conference__title")
    def its_conference(self, row: Registration) -> str:
        return to(row.conference)

    @admin.display(description="person", ordering="attendee__email")
    def person(self, row: Registration) -> str:
        return to(row.attendee)

    def consequence(self, rows: Iterable[Any]) -> list[str]:
        return [
            "They are withdrawn here, and on the platform where it allows that; their link stops.",
            "Nobody is notified by mail: to notify people, withdraw them on the webinar's page.",
        ]

    def drop(self, request: HttpRequest, row: Any) -> None:
        registrations.withdraw(row.conference, [row.pk], user_of(request))

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).select_related("conference", "attendee")
