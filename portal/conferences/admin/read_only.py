"""What was sent, what happened, and who changed what: read-only."""

from collections.abc import Iterable
from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.conferences import history
from portal.conferences.models import (
    AskedPerson,
    Attendance,
    Change,
    ConferenceTemplate,
    DatePoll,
    Invitation,
    InvitedGroup,
    Job,
    MailTemplate,
    PlatformChange,
    ProposedTime,
    Question,
    QuestionAnswer,
    Recording,
    RegistrationPage,
    Reminder,
    Series,
    Session,
    UnconfirmedRegistration,
)
from portal.conferences.results import services as recordings
from portal.identity.admin_base import LogAdmin, RemovableAdmin, to
from portal.identity.requests import user_of


@admin.register(Invitation)
class InvitationAdmin(LogAdmin):
    list_display = (
        "to_email",
        "purpose",
        "state",
        "conference",
        "sent_at",
        "attempts",
        "problem",
        "settled_on",
    )
    list_filter = ("state", "purpose", "conference__account")
    list_select_related = ("conference", "asked__poll")
    search_fields = ("to_email", "subject", "conference__title")
    date_hierarchy = "created_at"

    @admin.display(description=gettext_lazy("settle"))
    def settled_on(self, row: Invitation) -> SafeString | str:
        """Before a mail is sent again, a page of the staff's asks."""
        if row.state not in (row.State.FAILED, row.State.UNKNOWN):
            return "-"
        url = reverse("staff:mail-retry", args=[row.pk])
        return format_html('<a href="{}">{}</a>', url, _("Send it again"))


@admin.register(MailTemplate)
class MailTemplateAdmin(LogAdmin):
    """Written on the portal's own page, which shows the mail beside it."""

    list_display = ("purpose", "language", "account", "subject", "changed_at", "changed_by")
    list_filter = ("purpose", "language", "account")
    list_select_related = ("account", "changed_by")
    search_fields = ("subject", "text")
    date_hierarchy = "changed_at"


@admin.register(InvitedGroup)
class InvitedGroupAdmin(LogAdmin):
    """Kept as a group is invited."""

    list_display = ("group", "conference", "invited_at")
    list_filter = ("conference__account",)
    list_select_related = ("group", "conference")
    search_fields = ("group__name", "conference__title")
    date_hierarchy = "invited_at"


@admin.register(DatePoll)
class DatePollAdmin(LogAdmin):
    """Opened, asked and closed on the portal's own pages."""

    list_display = ("title", "account", "created_at", "answer_until", "closed_at", "conference")
    list_filter = ("account", "closed_at")
    list_select_related = ("account", "conference")
    search_fields = ("title",)
    date_hierarchy = "created_at"


@admin.register(ProposedTime)
class ProposedTimeAdmin(LogAdmin):
    list_display = ("id", "poll", "starts_at")
    list_filter = ("poll__account",)
    list_select_related = ("poll",)
    search_fields = ("poll__title",)
    date_hierarchy = "starts_at"


@admin.register(AskedPerson)
class AskedPersonAdmin(LogAdmin):
    """The token lets somebody answer: it is not shown."""

    list_display = ("email", "name", "poll", "answered_at", "removed_at")
    list_filter = ("poll__account",)
    list_select_related = ("poll",)
    search_fields = ("email", "name", "poll__title")
    date_hierarchy = "created_at"


@admin.register(ConferenceTemplate)
class ConferenceTemplateAdmin(LogAdmin):
    """Saved from a webinar, and renamed, on the portal's own pages."""

    list_display = ("name", "account", "created_at", "created_by")
    list_filter = ("account",)
    list_select_related = ("account", "created_by")
    search_fields = ("name", "sort_key")
    date_hierarchy = "created_at"


@admin.register(Reminder)
class ReminderAdmin(LogAdmin):
    """Chosen on the portal's own pages, which say who gets it."""

    list_display = ("minutes", "conference", "series", "account", "segment", "set_at", "set_by")
    list_filter = ("segment", "account")
    list_select_related = ("conference", "series", "account", "set_by")
    search_fields = ("conference__title", "series__title", "account__label")
    date_hierarchy = "set_at"


@admin.register(PlatformChange)
class PlatformChangeAdmin(LogAdmin):
    list_display = ("conference", "at", "decision", "decided_at", "decided_by")
    list_filter = ("decision", "conference__account")
    list_select_related = ("conference", "decided_by")
    search_fields = ("conference__title",)
    date_hierarchy = "at"


@admin.register(Session)
class SessionAdmin(LogAdmin):
    list_display = ("starts_at", "ends_at", "its_conference", "visitors", "peak", "gone_at")
    list_filter = ("conference__account",)
    list_select_related = ("conference",)
    search_fields = ("conference__title",)
    date_hierarchy = "starts_at"

    @admin.display(description=gettext_lazy("webinar"), ordering="conference__title")
    def its_conference(self, row: Session) -> str:
        return to(row.conference)


@admin.register(Attendance)
class AttendanceAdmin(LogAdmin):
    list_display = ("name", "email", "role", "its_session", "joined_at", "left_at")
    list_filter = ("role", "session__conference__account")
    list_select_related = ("session__conference", "attendee")
    search_fields = ("name", "email", "session__conference__title")
    date_hierarchy = "joined_at"

    @admin.display(description=gettext_lazy("session"))
    def its_session(self, row: Attendance) -> str:
        return to(row.session)


@admin.register(Recording)
class RecordingAdmin(RemovableAdmin):
    """A recording is the platform's own; here it can be deleted there."""

    dropped = gettext_lazy("Deleted; its platform is told.")
    list_display = ("its_conference", "started_at", "duration_seconds", "size_bytes", "removed_at")
    list_filter = ("conference__account",)
    list_select_related = ("conference",)
    search_fields = ("conference__title",)
    date_hierarchy = "started_at"

    @admin.display(description=gettext_lazy("webinar"), ordering="conference__title")
    def its_conference(self, row: Recording) -> str:
        return to(row.conference)

    def consequence(self, rows: Iterable[Any]) -> list[str]:
        return [_("The recording is deleted on its platform as well. This cannot be undone.")]

    def drop(self, request: HttpRequest, row: Any) -> None:
        recordings.remove(row, user_of(request))


@admin.register(Change)
class ChangeAdmin(LogAdmin):
    list_display = ("at", "who", "action", "kind", "local_id", "sentence", "its_conference")
    list_filter = ("action", "kind", "source")
    list_select_related = ("actor", "conference")
    search_fields = ("sentence", "actor__username", "source", "=local_id", "conference__title")
    date_hierarchy = "at"
    exclude = ("before", "after")
    readonly_fields = ("was", "became")

    @admin.display(description=gettext_lazy("before"))
    def was(self, row: Change) -> str:
        return str(history.shown(row.before))

    @admin.display(description=gettext_lazy("after"))
    def became(self, row: Change) -> str:
        return str(history.shown(row.after))

    @admin.display(description=gettext_lazy("who"), ordering="actor")
    def who(self, row: Change) -> str:
        return str(row.actor or row.source or "Lectern")

    @admin.display(description=gettext_lazy("webinar"), ordering="conference__title")
    def its_conference(self, row: Change) -> str:
        return to(row.conference)


@admin.register(Job)
class JobAdmin(LogAdmin):
    list_display = (
        "id",
        "what",
        "conference",
        "asked_by",
        "state",
        "done",
        "total",
        "created_at",
        "ended_at",
    )
    list_filter = ("state", "what")
    list_select_related = ("conference", "asked_by")
    search_fields = ("conference__title", "asked_by__username")
    date_hierarchy = "created_at"
    # People, and the words they are written to with, are seen on the portal's own pages.
    exclude = ("people", "arguments", "problems", "token")


@admin.register(Series)
class SeriesAdmin(LogAdmin):
    list_display = ("title", "rule", "timezone", "first_at", "created_by", "created_at")
    list_filter = ("timezone",)
    list_select_related = ("created_by",)
    search_fields = ("title", "uid")
    date_hierarchy = "first_at"


@admin.register(RegistrationPage)
class RegistrationPageAdmin(LogAdmin):
    list_display = (
        "conference",
        "series",
        "open",
        "reach",
        "limit",
        "waitlist",
        "approval",
        "changed_at",
    )
    list_filter = ("open", "reach", "approval")
    list_select_related = ("conference", "series")
    search_fields = ("conference__title", "series__title", "slug")
    date_hierarchy = "changed_at"


@admin.register(Question)
class QuestionAdmin(LogAdmin):
    list_display = ("label", "kind", "required", "page")
    list_filter = ("kind", "required")
    list_select_related = ("page__conference", "page__series")
    search_fields = ("label", "page__conference__title", "page__series__title")


@admin.register(QuestionAnswer)
class QuestionAnswerAdmin(LogAdmin):
    list_display = ("asked", "kind", "registration", "answered_at")
    list_select_related = ("registration__attendee", "registration__conference")
    list_filter = ("kind",)
    search_fields = ("asked", "registration__attendee__email")
    date_hierarchy = "answered_at"


@admin.register(UnconfirmedRegistration)
class UnconfirmedRegistrationAdmin(LogAdmin):
    list_display = ("email", "page", "created_at", "confirmed_at")
    list_filter = (("confirmed_at", admin.EmptyFieldListFilter),)
    list_select_related = ("page__conference", "page__series")
    search_fields = ("email", "page__conference__title", "page__series__title")
    date_hierarchy = "created_at"
    exclude = ("token", "sender", "given")
