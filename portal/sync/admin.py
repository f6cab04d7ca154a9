"""The sync's memory in the administration: read-only, but for the brake and the conflicts."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from portal.conferences.fields import HIDDEN
from portal.identity import roles
from portal.identity.admin_base import LogAdmin, to
from portal.identity.requests import user_of
from portal.platforms.admin import AccountAdmin
from portal.platforms.models import PlatformAccount
from portal.sync import services
from portal.sync.kinds import KINDS
from portal.sync.models import Conflict, Hold, PlatformLink, SyncRun, Watched


@admin.action(description=_("Sync now"), permissions=["act"])
def sync_now(page: AccountAdmin, request: HttpRequest, rows: QuerySet[PlatformAccount]) -> None:
    """Ask for a complete sync of each account."""
    done = gettext("Synced as soon as a worker is free.")
    page.for_each(request, rows, lambda row: services.sync_now(row, user_of(request)), done)


AccountAdmin.actions = [*AccountAdmin.actions, sync_now]


class About(LogAdmin):
    """A list whose lines are about one of our rows."""

    @admin.display(description=_("row"))
    def our_row(self, line: Any) -> str:
        if line.kind not in KINDS or line.local_id is None:
            return "-"
        model = KINDS[line.kind].model
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}_change"
        url = reverse(name, args=[line.local_id])
        return format_html('<a href="{}">{} {}</a>', url, line.kind, line.local_id)


@admin.register(PlatformLink)
class LinkAdmin(About):
    list_display = ("id", "account", "our_row", "external_id", "state", "op", "misses", "unlisted")
    list_filter = ("account", "kind", "state", "op", "unlisted")
    list_select_related = ("account",)
    search_fields = ("external_id", "=local_id", "marker")
    # Addresses, pins and keys are asked for on the portal's own pages, where that leaves a line.
    exclude = ("facts", "volatile", "op_sent")


@admin.register(Watched)
class WatchedAdmin(LogAdmin):
    list_display = ("link", "wanted_at", "tried_at", "read_at", "news")
    list_filter = ("news", "link__account")
    list_select_related = ("link__account",)
    search_fields = ("=link__local_id", "link__external_id")
    date_hierarchy = "read_at"


@admin.register(SyncRun)
class RunAdmin(LogAdmin):
    list_display = (
        "started_at",
        "account",
        "trigger",
        "full",
        "outcome",
        "created",
        "updated",
        "removed",
        "conflicts",
        "held",
        "calls",
        "worker",
        "problem",
    )
    list_filter = ("outcome", "account", "trigger", "full")
    list_select_related = ("account",)
    search_fields = ("problem", "account__label")
    date_hierarchy = "started_at"

    def get_exclude(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """The portal's own page of a run shows its steps; answers are for administrators."""
        all_of_it = roles.may(request.user, roles.ADMINISTRATOR)
        return ("steps",) if all_of_it else ("steps", "answers")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows = super().get_queryset(request)
        match = request.resolver_match
        listing = match is not None and str(match.url_name).endswith("changelist")
        return rows.defer("steps") if listing else rows


@admin.register(Hold)
class HoldAdmin(LogAdmin):
    list_display = ("since", "account", "kind", "reason", "how_many", "ended_at", "released_by")
    list_filter = ("account", "kind", "released", "ours")
    list_select_related = ("account", "released_by")
    search_fields = ("reason",)
    date_hierarchy = "since"
    actions = ("release",)

    @admin.display(description=_("missing"))
    def how_many(self, row: Hold) -> int:
        return len(row.missing)

    @admin.action(description=_("Release the brake"), permissions=["act"])
    def release(self, request: HttpRequest, rows: QuerySet[Any]) -> None:
        done = gettext("The brake is released.")
        self.for_each(request, rows, lambda row: services.release(row, user_of(request)), done)


@admin.register(Conflict)
class ConflictAdmin(About):
    list_display = ("at", "account", "our_row", "sort", "field", "sentence", "resolved_at")
    list_filter = ("sort", "account", "kind", ("resolved_at", admin.EmptyFieldListFilter))
    list_select_related = ("account",)
    search_fields = ("sentence", "=local_id", "field")
    date_hierarchy = "at"
    readonly_fields = ("its_link", "our_row")
    actions = ("keep_theirs",)

    def get_exclude(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        hidden = obj is not None and obj.field in HIDDEN
        return ("link", "ours", "theirs", "base") if hidden else ("link",)

    @admin.display(description=_("link"))
    def its_link(self, row: Conflict) -> str:
        return to(row.link)

    @admin.action(description=_("Keep the platform's value"), permissions=["act"])
    def keep_theirs(self, request: HttpRequest, rows: QuerySet[Any]) -> None:
        done = gettext("The platform's value is kept.")
        chosen = rows.select_related("account", "link")
        self.for_each(
            request, chosen, lambda row: services.resolve(row, "theirs", user_of(request)), done
        )
