"""The outbox in the administration: read-only, but for "retry"."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.common.errors import NotPossible
from portal.common.texts import shown
from portal.identity import roles
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
    readonly_fields = ("beside_fields",)
    actions = ("retry",)

    @admin.display(description=gettext_lazy("field errors"))
    def beside_fields(self, row: OutboxEntry) -> str:
        lines = [(name, " ".join(map(shown, some))) for name, some in row.field_errors.items()]
        return "; ".join(f"{name}: {said}" for name, said in lines) or "-"

    def get_exclude(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """What was asked for in whose name, and its result, may be a way in. What a platform
        answered that was not as it should be is for administrators. Words beside fields are put
        into the reader's language."""
        hidden = ("arguments", "result", "field_errors")
        return hidden if roles.may(request.user, roles.ADMINISTRATOR) else (*hidden, "answers")

    @admin.action(description=gettext_lazy("Retry"), permissions=["act"])
    def retry(self, request: HttpRequest, rows: QuerySet[Any]) -> None:
        self.for_each(request, rows, _retry, _("Tried again."))


def _retry(entry: OutboxEntry) -> None:
    if not services.retry(entry):
        raise NotPossible(
            _("Only what was refused, or is not known to be done, can be tried again.")
        )
