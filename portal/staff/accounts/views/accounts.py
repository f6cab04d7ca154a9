"""The accounts: how they are, what they did, and the buttons that ask for more."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from portal.common import htmx
from portal.common.errors import NotPossible
from portal.identity import roles
from portal.identity.requests import SignedInRequest
from portal.platforms import queries as platforms
from portal.platforms import services
from portal.platforms.models import PlatformAccount
from portal.staff.accounts import presenters as plans
from portal.staff.answers import attempt
from portal.sync import queries
from portal.sync import services as syncing
from portal.sync.models import SyncRun

RUNS, STEPS = 15, 50  # rows on a page


@require_safe
def accounts(request: SignedInRequest) -> HttpResponse:
    """All accounts with their health."""
    views = queries.account_views()
    waiting = queries.waiting(one.account for one in views)
    context = {
        "cards": [(one, waiting[one.account.pk]) for one in views],
        "attention_count": sum(one.wants for one in views),
    }
    return render(request, "accounts/list.html", context)


@require_safe
def account(request: SignedInRequest, pk: int) -> HttpResponse:
    """One account: health, budget, abilities, runs, and what waits for a person."""
    row = get_object_or_404(PlatformAccount, pk=pk)
    page = Paginator(queries.runs(row), RUNS).get_page(request.GET.get("page"))
    page.object_list = [plans.dressed(one) for one in page.object_list]  # type: ignore[misc]
    asked = queries.attention_counts()
    context = {
        "view": queries.account_views([row], asked)[0],
        "attention_count": asked.total(),
        "waiting": queries.waiting([row])[pk],
        "account": row,
        "capacity": platforms.capacity(row),
        "abilities": platforms.abilities(row),
        "changes": platforms.changes(row),
        "page": page,
        "reading": plans.reading(row),
        "by_consent": services.logs_in_by_consent(row),
    }
    return htmx.render(request, "accounts/detail.html", context, partial="runs")


@require_safe
def run(request: SignedInRequest, pk: int) -> HttpResponse:
    """One sync, step by step."""
    row = get_object_or_404(SyncRun.objects.select_related("account"), pk=pk)
    if row.trigger == SyncRun.DRY_RUN:
        return _plan(request, row)
    page = Paginator(plans.lines(row), STEPS).get_page(request.GET.get("page"))
    context = {
        "shown": plans.dressed(row),
        "run": row,
        "account": row.account,
        "page": page,
        "answers": row.answers if roles.may(request.user, roles.ADMINISTRATOR) else [],
    }
    return render(request, "accounts/run.html", context)


@require_POST
def test(request: SignedInRequest, pk: int) -> HttpResponse:
    """Test the connection now."""
    row = get_object_or_404(PlatformAccount, pk=pk)
    found = services.test_connection(row, request.user)
    (messages.success if found.ok else messages.error)(request, found.sentence)
    return redirect("staff:account", pk)


@require_POST
def sync(request: SignedInRequest, pk: int) -> HttpResponse:
    """Sync now."""
    row = get_object_or_404(PlatformAccount, pk=pk)
    done = _("%(account)s is synced as soon as a worker is free.") % {"account": row.label}
    attempt(request, lambda: syncing.sync_now(row, request.user), done)
    return redirect("staff:account", pk)


def dry_run(request: SignedInRequest, pk: int) -> HttpResponse:
    """Have a worker find out what a sync would do now; its page shows how far that is."""
    row = get_object_or_404(PlatformAccount, pk=pk)
    if request.method != "POST":  # the plan of an old tab is worth nothing: ask again
        return redirect("staff:account", pk)
    try:
        found = syncing.dry_run(row, request.user)
    except NotPossible as refusal:
        messages.error(request, refusal.sentence)
        return redirect("staff:account", pk)
    return redirect("staff:run", found.pk)


def _plan(request: SignedInRequest, row: SyncRun) -> HttpResponse:
    """A dry run: its progress while it goes on, its plan once it is done."""
    context = {
        "account": row.account,
        "run": row,
        "groups": plans.grouped(row),
        "under_way": row.outcome == SyncRun.Outcome.RUNNING,
        "alone": plans.left_alone(row),
        "expected": queries.usual_calls(row.account),
    }
    return htmx.render(request, "accounts/dry_run.html", context, partial="plan")


@require_POST
def pause(request: SignedInRequest, pk: int) -> HttpResponse:
    """Pause an account, or resume it (`paused` is 1 or 0)."""
    row = get_object_or_404(PlatformAccount, pk=pk)
    named = {"account": row.label}
    if request.POST.get("paused") == "1":
        done = _("%(account)s is paused: nothing is synced. What is waiting is kept.") % named
        attempt(request, lambda: services.pause(row, request.user), done)
    else:
        done = _("%(account)s is resumed. It is synced as soon as a worker is free.") % named
        attempt(request, lambda: services.resume(row, request.user), done)
    return redirect("staff:account", pk)
