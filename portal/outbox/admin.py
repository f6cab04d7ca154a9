"""The outbox in the administration: read-only, but for "retry"."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from portal.common.errors import NotPossible
from portal.identity.admin_base import LogAdmin
from portal.outbox import services
from portal.outbox.models import OutboxEntry


@admin.register(OutboxEntry)
class OutboxAdmin(LogAdmin):
    list_display = (
        "id",
        "account",
        "verb",
        "kind",
        "local_id",
        "state",
        "attempts",
        "not_before",
        "created_by",
        "problem",
    )
    list_filter = ("state", "account", "verb", "kind")
    list_select_related = ("account", "created_by")
    search_fields = ("=local_id", "problem", "created_by__username")
    date_hierarchy = "created_at"
    # What was asked for in whose name, and its answer, may be a way in.
    exclude = ("arguments", "result")
    actions = ("retry",)

    @admin.action(description="Retry", permissions=["act"])
    def retry(self, request: HttpRequest, rows: QuerySet[Any]) -> None:
        self.for_each(request, rows, _retry, "Tried again.")


def _retry(entry: OutboxEntry) -> None:
    if not services.retry(entry):
        raise NotPossible("Only what was refused, or is not known to be done, can be tried again.")
