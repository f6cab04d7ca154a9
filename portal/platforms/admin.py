"""Accounts in the administration. Credentials are entered on the portal's own form alone."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.contrib import admin, messages
from django.db.models import Field, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from portal.identity import roles
from portal.identity.admin_base import ServiceAdmin
from portal.identity.requests import user_of
from portal.platforms import queries, services
from portal.platforms.models import AccountRuntime, PlatformAccount


def _of_runtime(field: "Field[Any, Any]") -> Any:
    """A column of the runtime row, to be looked at beside the account's own."""

    @admin.display(description=field.verbose_name)
    def shown(row: PlatformAccount) -> Any:
        return getattr(row.runtime, field.name)

    return shown


# What the machine writes, but for the tokens.
_RUNTIME = tuple(
    _of_runtime(field)
    for field in AccountRuntime._meta.fields
    if field.name not in ("account", "tokens")
)


@admin.register(PlatformAccount)
class AccountAdmin(ServiceAdmin):
    """Health, pace and pause. `sync now` is added by the sync's own administration."""

    dropped = _("Forgotten. Nothing was deleted on the platform.")
    removal = _("Forget the chosen accounts")
    list_display = (
        "label",
        "platform",
        "health",
        "runtime__synced_at",
        "runtime__next_sync_at",
        "paused",
    )
    list_filter = ("platform", "state", "paused")
    search_fields = ("label", "identity", "base_url", "runtime__problem")
    date_hierarchy = "created_at"
    actions: Sequence[Any] = ("test_connection",)
    fieldsets = (
        (None, {"fields": ("label", "platform", "base_url", "credential_form", "identity")}),
        (
            _("Sync"),
            {"fields": ("paused", "paused_why", "state", "interval_minutes", "changes_there")},
        ),
        (_("Mails"), {"fields": ("sender_name", "sender_address", "reply_to", "language")}),
        (_("Requests"), {"fields": ("requests_per_minute", "ca_bundle")}),
        (_("Capacity"), {"fields": ("concurrent_rooms",)}),
        (_("What goes on with it"), {"fields": _RUNTIME}),
    )
    readonly_fields = (
        "platform",
        "base_url",
        "credential_form",
        "identity",
        "paused_why",
        "state",
        *_RUNTIME,
    )

    def history_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """What is kept as a code is put into words."""
        page = super().history_view(request, *args, **kwargs)
        if isinstance(page, TemplateResponse) and page.context_data is not None:
            queries.in_words(page.context_data["action_list"].object_list)
        return page

    def add_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return HttpResponseRedirect(reverse("staff:account-connect"))

    @admin.display(description=_("credentials"))
    def credential_form(self, row: PlatformAccount) -> SafeString:
        url = reverse("staff:account-edit", args=[row.pk])
        stored, again = gettext("Stored and never shown."), gettext("Enter new ones")
        return format_html('{} <a href="{}">{}</a>', stored, url, again)

    @admin.display(description=_("health"))
    def health(self, row: PlatformAccount) -> str:
        return queries.health(row).word

    @admin.action(description=_("Test connection"), permissions=["administer"])
    def test_connection(self, request: HttpRequest, rows: QuerySet[Any]) -> None:
        for row in rows:
            found = services.test_connection(row, user_of(request))
            level = messages.SUCCESS if found.ok else messages.ERROR
            self.message_user(request, f"{row.label}: {found.sentence}", level)

    def has_administer_permission(self, request: HttpRequest) -> bool:
        return roles.may(request.user, roles.ADMINISTRATOR)

    def keep(
        self, request: HttpRequest, row: Any, values: dict[str, Any], *, new: bool
    ) -> PlatformAccount:
        stored = PlatformAccount.objects.get(pk=row.pk)
        paused = values.pop("paused", stored.paused)
        if paused != stored.paused:
            (services.pause if paused else services.resume)(stored, user_of(request))
        label = values.pop("label", stored.label)
        return services.connect(
            platform=stored.platform,
            label=label,
            credentials={},
            by=user_of(request),
            account=stored,
            **values,
        )

    def consequence(self, rows: Iterable[Any]) -> list[str]:
        return [
            gettext(
                "Lectern forgets the account and what it knows of its records. Nothing is deleted "
                "on the platform."
            ),
            gettext("An account on which webinars stand is not forgotten: pause it instead."),
        ]

    def drop(self, request: HttpRequest, row: Any) -> None:
        services.remove(row, user_of(request))
