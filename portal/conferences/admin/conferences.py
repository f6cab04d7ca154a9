"""Conferences, moderators and registrations."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

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
    dropped = gettext_lazy("Cancelled; its platform is told. Nobody was notified by mail.")
    removal = gettext_lazy("Cancel the chosen webinars")
    list_display = ("title", "account", "starts_at", "state", "gone_at")
    list_filter = ("account", "origin", "draft", "room_type", "access", "permanent")
    list_select_related = ("account",)
    search_fields = ("title", "description", "calendar_uid", "account__label")
    date_hierarchy = "starts_at"
    readonly_fields = (
        "state",
        "draft",
        "cancel_reason",
        "calendar_uid",
        "series",
        "created_by",
        *ABOUT,
    )
    fieldsets = (
        (None, {"fields": ("account", *SECTIONS["basics"], "state", "draft", "seen")}),
        (gettext_lazy("Time"), {"fields": SECTIONS["time"]}),
        (gettext_lazy("Room"), {"fields": SECTIONS["access"]}),
        (
            gettext_lazy("About"),
            {"fields": ("calendar_uid", "series", "created_by", "cancel_reason", *ABOUT)},
        ),
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
        more = len(said) - MOST_SENTENCES
        return [
            *said[:MOST_SENTENCES],
            *([_("And %(count)d more.") % {"count": more}] if more > 0 else []),
            _("Nobody is notified by mail: to notify people, cancel a webinar on its own page."),
        ]

    def drop(self, request: HttpRequest, row: Any) -> None:
        cancel.cancel(row, user_of(request), notify=False)


def _cancelled(row: Conference) -> str:
    if row.draft:
        return _("%(webinar)s: the draft is discarded.") % {"webinar": row}
    if row.removed_at:
        return _("%(webinar)s: it is cancelled already.") % {"webinar": row}
    if rules.reaches_platform(row.account, Kind.CONFERENCE, "delete") and not row.gone_at:
        return _("%(webinar)s: it is cancelled, and its room on %(platform)s is deleted.") % {
            "webinar": row,
            "platform": row.account.platform_name,
        }
    return _("%(webinar)s: it is cancelled in Lectern; %(platform)s is not told.") % {
        "webinar": row,
        "platform": row.account.platform_name,
    }


@admin.register(Moderator)
class ModeratorAdmin(ServiceAdmin):
    quiet = True
    dropped = gettext_lazy("Taken off.")
    removal = gettext_lazy("Take the chosen people off their webinars")
    fields = ("conference", "email", "name", "role", *ABOUT)
    list_display = ("name", "email", "role", "its_conference", "removed_at")
    list_filter = ("role", "conference__account")
    list_select_related = ("conference",)
    search_fields = ("name", "email", "conference__title")
    raw_id_fields = ("conference",)
    readonly_fields = ABOUT
    date_hierarchy = "created_at"

    @admin.display(description=gettext_lazy("webinar"), ordering="conference__title")
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
            _("They no longer run the webinar, on its platform too, and lose their link."),
            _("Nobody is notified by mail: to notify people, take them off on the webinar's page."),
        ]

    def drop(self, request: HttpRequest, row: Any) -> None:
        moderators.unassign(row, user_of(request), notify=False)


@admin.register(Registration)
class RegistrationAdmin(RemovableAdmin):
    """People are registered by inviting them; here they can be looked at and withdrawn."""

    dropped = gettext_lazy("Withdrawn.")
    removal = gettext_lazy("Withdraw the chosen registrations")
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

    @admin.display(description=gettext_lazy("webinar"), ordering="conference__title")
    def its_conference(self, row: Registration) -> str:
        return to(row.conference)

    @admin.display(description=gettext_lazy("person"), ordering="attendee__email")
    def person(self, row: Registration) -> str:
        return to(row.attendee)

    def consequence(self, rows: Iterable[Any]) -> list[str]:
        return [
            _(
                "They are withdrawn here, and on the platform where it allows that; "
                "their link stops."
            ),
            _("Nobody is notified by mail: to notify people, withdraw them on the webinar's page."),
        ]

    def drop(self, request: HttpRequest, row: Any) -> None:
        registrations.withdraw(row.conference, [row.pk], user_of(request))

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).select_related("conference", "attendee")
