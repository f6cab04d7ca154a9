"""What the administration's pages have in common: logs are read, everything else goes through
the services, so that history and outbox hear of it as they do from the staff's pages."""

from collections.abc import Iterable
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.actions import delete_selected
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from portal.common.errors import NotPossible
from portal.common.texts import Words
from portal.identity import roles

QUIET = _("Nobody is notified by mail. To notify people, do it on the portal's own pages.")


def to(row: Model | None, label: str = "") -> SafeString | str:
    """A link to another row's page; a dash where there is none."""
    if row is None:
        return "-"
    name = f"admin:{row._meta.app_label}_{row._meta.model_name}_change"
    return format_html('<a href="{}">{}</a>', reverse(name, args=[row.pk]), label or str(row))


# What may stand behind a filter's field in an address: how a filter itself asks.
_ASKED = frozenset(
    {
        "exact",
        "id",
        "pk",
        "isnull",
        "isempty",
        "in",
        "gt",
        "gte",
        "lt",
        "lte",
        "year",
        "month",
        "day",
        "date",
    }
)


class ActionsAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Actions ask for the portal's own role, and their refusals become messages."""

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        """Lists answer the filters that stand on the page, and no other question: whoever may ask
        whether a link begins with an "a", a "b", … has read it in the end."""
        filters: Any = self.list_filter
        given = [one if isinstance(one, str) else one[0] for one in filters]
        for name in (*given, self.date_hierarchy, self.opts.pk.name, "pk"):
            if name and (lookup == name or lookup.startswith(f"{name}__")):
                rest = lookup.removeprefix(name).strip("_").split("__")
                if set(filter(None, rest)) <= _ASKED:
                    return super().lookup_allowed(lookup, value, request)
        return False

    def has_act_permission(self, request: HttpRequest) -> bool:
        return roles.may(request.user, roles.STAFF)

    def for_each(self, request: HttpRequest, rows: QuerySet[Any], act: Any, done: Words) -> None:
        """Do it to each row; say how many were done, and why the others were not."""
        number = 0
        for row in rows:
            try:
                act(row)
            except NotPossible as refusal:
                self.message_user(request, f"{row}: {refusal.sentence}", messages.ERROR)
            else:
                self.log_change(request, row, str(done))
                number += 1
        if number:
            self.message_user(request, f"{done} ({number})", messages.SUCCESS)


class ReadOnlyAdmin(ActionsAdmin):
    """Rows that are made elsewhere."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class LogAdmin(ReadOnlyAdmin):
    """Rows that are looked at and never edited."""

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class ServiceAdmin(ActionsAdmin):
    """Saving and removing call `keep` and `drop`; a refusal is shown and changes nothing.

    `dropped` is what the page says of a row that was removed: it often stays, marked.
    """

    quiet = False  # whether the same act on the portal's own pages could write to people
    dropped: Words = _("Removed.")
    removal: Words = _("Remove what is chosen")

    def consequence(self, rows: Iterable[Any]) -> list[str]:
        """What removing these rows will do, in sentences, also on their platforms."""
        raise NotImplementedError

    def keep(self, request: HttpRequest, row: Any, values: dict[str, Any], *, new: bool) -> Model:
        """Save by a service; `values` are the changed fields. Answers the saved row."""
        raise NotImplementedError

    def drop(self, request: HttpRequest, row: Any) -> None:
        """Remove by a service."""
        raise NotImplementedError

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        values = {name: form.cleaned_data[name] for name in form.changed_data}
        obj.pk = self.keep(request, obj, values, new=not change).pk
        if self.quiet:
            self.message_user(request, QUIET, messages.INFO)

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        self.drop(request, obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        self.for_each(request, queryset, lambda row: self.drop(request, row), self.dropped)

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """Django's own action says "Successfully deleted", whatever the service answered."""
        found = super().get_actions(request)
        if "delete_selected" in found:
            act: Any = _remove_selected
            found["delete_selected"] = (act, "delete_selected", str(self.removal))
        return found

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> tuple[Any, ...]:
        """Only the rows themselves: a service removes, and no row is dragged along."""
        shown = [str(row) for row in objs]
        return shown, {self.opts.verbose_name_plural: len(shown)}, set(), []

    def response_delete(self, request: HttpRequest, obj_display: str, obj_id: Any) -> HttpResponse:
        self.message_user(request, f"{obj_display}: {self.dropped}", messages.SUCCESS)
        return HttpResponseRedirect(_list_of(self))

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return super().changeform_view(request, *args, **kwargs)
        except NotPossible as refusal:
            return self._refused(request, refusal, request.get_full_path())

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        row = self.get_object(request, unquote(object_id))
        told = {"consequence": self.consequence([row])} if row is not None else {}
        try:
            return super().delete_view(request, object_id, (extra_context or {}) | told)
        except NotPossible as refusal:
            return self._refused(request, refusal, _list_of(self))

    def _refused(self, request: HttpRequest, refusal: NotPossible, url: str) -> HttpResponse:
        texts = [text for some in refusal.field_errors.values() for text in some]
        self.message_user(request, " ".join([refusal.sentence, *texts]), messages.ERROR)
        return HttpResponseRedirect(url)


def _remove_selected(
    page: ServiceAdmin, request: HttpRequest, queryset: QuerySet[Any]
) -> HttpResponse | None:
    """Ask first, with the consequence; then remove each row, and say of each what became of it."""
    if not request.POST.get("post"):
        answer = delete_selected(page, request, queryset)
        if isinstance(answer, TemplateResponse) and answer.context_data is not None:
            answer.context_data["consequence"] = page.consequence(queryset)
        return answer
    if not page.has_delete_permission(request):
        raise PermissionDenied
    page.delete_queryset(request, queryset)
    return None


class RemovableAdmin(ReadOnlyAdmin, ServiceAdmin):
    """Rows that are made elsewhere, and can be removed here."""


def _list_of(page: admin.ModelAdmin) -> str:  # type: ignore[type-arg]
    return reverse(f"admin:{page.opts.app_label}_{page.opts.model_name}_changelist")
