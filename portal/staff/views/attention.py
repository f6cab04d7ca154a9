"""All that waits for a person, and the buttons that settle it."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.db.models import Model
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_POST, require_safe

from portal.common import htmx
from portal.conferences.models import Invitation
from portal.conferences.services import lost_mails
from portal.outbox.models import OutboxEntry
from portal.platforms.models import PlatformAccount
from portal.staff.answers import attempt, back
from portal.staff.presenters import attention as presenter
from portal.sync import queries, services
from portal.sync.models import Conflict, Hold
from portal.sync.queries.attention import SOURCES

PER_PAGE = 20
HERE = "staff:attention"


class FilterForm(forms.Form):
    """Which account, which sort. Nonsense in the address is left out."""

    account = forms.ModelChoiceField(
        PlatformAccount.objects.all(), required=False, empty_label="All accounts"
    )
    sort = forms.ChoiceField(
        label="What", required=False,
        choices=[("", "Everything"), *((n, s.label) for n, s in SOURCES.items())],
    )  # fmt: skip


@require_safe
def attention(request: HttpRequest) -> HttpResponse:
    """The list, by account and sort, newest first."""
    form = FilterForm(request.GET)
    form.is_valid()
    account, sort = form.cleaned_data.get("account"), form.cleaned_data.get("sort") or ""
    found = queries.attention_rows(account=account.pk if account else None, sort=sort)
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form, "page": page, "filtered": bool(account or sort),
        "rows": presenter.rows(queries.items(page.object_list)),
    }  # fmt: skip
    return htmx.render(request, "attention/list.html", context, partial="results")


@require_POST
def conflict(request: HttpRequest, pk: int) -> HttpResponse:
    """Decide a conflict; `choice` is one of its answers."""
    choice = request.POST.get("choice", "")
    return _settle(
        request, Conflict, pk, "Decided.",
        lambda row: services.resolve(row, choice, request.user), "account", "link",
    )  # fmt: skip


@require_POST
def release(request: HttpRequest, pk: int) -> HttpResponse:
    """Believe that what is missing is gone."""
    said = "The brake is released. The next sync goes on."
    return _settle(request, Hold, pk, said, lambda row: services.release(row, request.user))


@require_POST
def keep(request: HttpRequest, pk: int) -> HttpResponse:
    """Not yet: look again first."""
    said = "Nothing is changed. Lectern looks again; if as much is missing, it is back here."
    return _settle(request, Hold, pk, said, lambda row: services.keep(row, request.user))


@require_POST
def retry(request: HttpRequest, pk: int) -> HttpResponse:
    """Tell the platform again."""
    said = "It is tried again now."
    return _settle(request, OutboxEntry, pk, said, lambda row: services.retry(row, request.user))


@require_POST
def dismiss(request: HttpRequest, pk: int) -> HttpResponse:
    """Leave a one-shot wish as it is."""
    said = "Left as it is."
    return _settle(request, OutboxEntry, pk, said, lambda row: services.dismiss(row, request.user))


@require_POST
def retry_mail(request: HttpRequest, pk: int) -> HttpResponse:
    """Send a mail again."""
    said = "The mail is sent again."
    return _settle(
        request, Invitation, pk, said, lambda row: lost_mails.send_again(row, request.user)
    )


@require_POST
def dismiss_mail(request: HttpRequest, pk: int) -> HttpResponse:
    """Leave a mail as it is."""
    said = "The mail is left as it is."
    return _settle(request, Invitation, pk, said, lambda row: lost_mails.leave(row, request.user))


def _settle(
    request: HttpRequest, model: type[Model], pk: int, said: str, act: Callable[[Any], None],
    *related: str,
) -> HttpResponse:  # fmt: skip
    """Do it. HTMX takes the row off the page; without script the person goes back to the page."""
    row = get_object_or_404(model._default_manager.select_related(*related), pk=pk)
    settled = attempt(request, lambda: act(row), said)
    if not getattr(request, "htmx", False):
        return HttpResponseRedirect(back(request, HERE))
    if settled and queries.attention_count():
        return render(request, "attention/settled.html")
    # The last one, or a refusal: the page itself says best how things stand now.
    answer = HttpResponse(status=204)
    answer["HX-Redirect"] = back(request, HERE)
    return answer
