"""What was sent, what happened, and who changed what: read-only."""

from collections.abc import Iterable
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from portal.common.admin import Ledger, Removable, to
from portal.conferences import history
from portal.conferences.models import Attendance, Change, Invitation, Recording, Session
from portal.conferences.services import lost_mails, recordings


@admin.register(Invitation)
class InvitationAdmin(Ledger):
    list_display = ("to_email", "purpose", "state", "conference", "sent_at", "attempts", "problem")
    list_filter = ("state", "purpose", "conference__account")
    list_select_related = ("conference",)
    search_fields = ("to_email", "subject", "conference__title")
    date_hierarchy = "created_at"
    actions = ("retry",)

    @admin.action(description="Retry", permissions=["act"])
    def retry(self, request: HttpRequest, rows: QuerySet) -> None:
        done = "The mail is sent again."
        self.for_each(request, rows, lambda row: lost_mails.send_again(row, request.user), done)


@admin.register(Session)
class SessionAdmin(Ledger):
    list_display = ("starts_at", "ends_at", "its_conference", "visitors", "peak", "gone_at")
    list_filter = ("conference__account",)
    list_select_related = ("conference",)
    search_fields = ("conference__title",)
    date_hierarchy = "starts_at"

    @admin.display(description="webinar", ordering="conference__title")
    def its_conference(self, row: Session) -> str:
        return to(row.conference)


@admin.register(Attendance)
class AttendanceAdmin(Ledger):
    list_display = ("name", "email", "role", "its_session", "joined_at", "left_at")
    list_filter = ("role", "session__conference__account")
    list_select_related = ("session__conference", "attendee")
    search_fields = ("name", "email", "session__conference__title")
    date_hierarchy = "joined_at"

    @admin.display(description="session")
    def its_session(self, row: Attendance) -> str:
        return to(row.session)


@admin.register(Recording)
class RecordingAdmin(Removable):
    """A recording is the platform's own; here it can be deleted there."""

    dropped = "Deleted; its platform is told."
    list_display = ("its_conference", "started_at", "duration_seconds", "size_bytes", "removed_at")
    list_filter = ("conference__account",)
    list_select_related = ("conference",)
    search_fields = ("conference__title",)
    date_hierarchy = "started_at"

    @admin.display(description="webinar", ordering="conference__title")
    def its_conference(self, row: Recording) -> str:
        return to(row.conference)

    def consequence(self, rows: Iterable[Any]) -> list[str]:
        return ["The recording is deleted on its platform as well. This cannot be undone."]

    def drop(self, request: HttpRequest, row: Any) -> None:
        recordings.remove(row, request.user)


@admin.register(Change)
class ChangeAdmin(Ledger):
    list_display = ("at", "who", "action", "kind", "local_id", "sentence", "its_conference")
    list_filter = ("action", "kind", "source")
    list_select_related = ("actor", "conference")
    search_fields = ("sentence", "actor__username", "source", "=local_id", "conference__title")
    date_hierarchy = "at"
    exclude = ("before", "after")
    readonly_fields = ("was", "became")

    @admin.display(description="before")
    def was(self, row: Change) -> str:
        return str(history.shown(row.before))

    @admin.display(description="after")
    def became(self, row: Change) -> str:
        return str(history.shown(row.after))

    @admin.display(description="who", ordering="actor")
    def who(self, row: Change) -> str:
        return str(row.actor or row.source or "Lectern")

    @admin.display(description="webinar", ordering="conference__title")
    def its_conference(self, row: Change) -> str:
        return to(row.conference)
