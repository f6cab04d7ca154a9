"""Connect an account, change it, remove it: for administrators."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from integrations import registry
from portal.identity import roles
from portal.identity.requests import SignedInRequest
from portal.platforms import services
from portal.platforms.forms import AccountForm
from portal.platforms.models import PlatformAccount
from portal.staff.accounts.views.consent import redirect_uri
from portal.staff.answers import attempt
from portal.staff.presenters import words


@require_safe
def choose(request: SignedInRequest) -> HttpResponse:
    """Which platform? With one alone there is nothing to choose."""
    _require(request)
    rooms = [registry.room(slug) for slug in registry.slugs()]
    if len(rooms) == 1:
        return redirect("staff:account-connect", rooms[0].slug)
    return render(request, "accounts/choose.html", {"rooms": rooms})


@require_http_methods(["GET", "POST"])
def connect(request: SignedInRequest, platform: str) -> HttpResponse:
    """The form of one platform."""
    if platform not in registry.ROOMS:
        raise Http404
    return _form(request, platform, None)


@require_http_methods(["GET", "POST"])
def edit(request: SignedInRequest, pk: int) -> HttpResponse:
    """The same form over an account that is there; secrets are not shown."""
    row = get_object_or_404(PlatformAccount, pk=pk)
    return _form(request, row.platform, row)


@require_http_methods(["GET", "POST"])
def remove(request: SignedInRequest, pk: int) -> HttpResponse:
    """Ask, then forget an account on which nothing stands."""
    _require(request)
    row = get_object_or_404(PlatformAccount, pk=pk)
    if request.method != "POST":
        context = {"account": row, "reason": services.reason_to_keep(row)}
        return render(request, "accounts/remove.html", context)
    done = _("%(account)s is removed.") % {"account": row.label}
    removed = attempt(request, lambda: services.remove(row, request.user), done)
    return redirect("staff:accounts") if removed else redirect("staff:account", pk)


def _form(request: SignedInRequest, platform: str, row: PlatformAccount | None) -> HttpResponse:
    _require(request)
    room = registry.room(platform)
    form = AccountForm(request.POST or None, room=room, account=row)
    if request.method == "POST" and form.is_valid() and (saved := form.save(request.user)):
        return _saved(request, saved)
    context = {"form": form, "room": room, "account": row, "redirect_uri": redirect_uri()}
    return render(request, "accounts/form.html", context, status=422 if form.errors else 200)


def _saved(request: SignedInRequest, row: PlatformAccount) -> HttpResponse:
    """Say at once whether the platform lets us in, unless that was left out."""
    done = _("%(account)s is saved.") % {"account": row.label}
    if services.logs_in_by_consent(row):
        advice = _("Now log in to %(platform)s: the button is here.")
        advice %= {"platform": row.platform_name}
        messages.info(request, words.sentences(done, advice))
    elif "untested" in request.POST:
        messages.success(request, done)
    else:
        found = services.test_connection(row, request.user)
        told = messages.success if found.ok else messages.warning
        told(request, words.sentences(done, found.sentence))
    return redirect("staff:account", row.pk)


def _require(request: SignedInRequest) -> None:
    if not roles.may(request.user, roles.ADMINISTRATOR):
        raise PermissionDenied
