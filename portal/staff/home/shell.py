"""Small things around every page: the viewer's zone and theme, and whether the portal is well."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal import __version__
from portal.common import zones
from portal.common.middleware import ZONE_COOKIE
from portal.staff.answers import back
from portal.staff.context import THEME_COOKIE, THEMES
from portal.sync.queries import health

YEAR = 365 * 24 * 3600  # seconds


@require_http_methods(["GET", "POST"])
@login_not_required
def zone(request: HttpRequest) -> HttpResponse:
    """Keep the zone in which this browser shows times; nonsense goes back to the portal's own.

    The page is for browsers without script: with it, the browser tells its zone by itself.
    """
    if request.method != "POST":
        return render(request, "home/zone.html", {"zones": zones.choices()})
    wanted = request.POST.get("zone", "")
    return _remember(request, ZONE_COOKIE, wanted if wanted in zones.known() else "")


@require_POST
@login_not_required
def theme(request: HttpRequest) -> HttpResponse:
    """Keep light or dark for this browser; anything else follows the system."""
    wanted = request.POST.get("theme", "")
    return _remember(request, THEME_COOKIE, wanted if wanted in THEMES else "")


@never_cache
@require_safe
@login_not_required
def healthz(request: HttpRequest) -> JsonResponse:
    """For the monitoring. 503 only where no page could work; what else is wrong is told."""
    found = health.check()
    status = 503 if found["database"] != "ok" else 200
    return JsonResponse(found | {"version": __version__}, status=status)


def _remember(request: HttpRequest, cookie: str, value: str) -> HttpResponseRedirect:
    answer = HttpResponseRedirect(back(request))
    if value:
        answer.set_cookie(cookie, value, max_age=YEAR, samesite="Lax", secure=settings.HTTPS)
    else:
        answer.delete_cookie(cookie, samesite="Lax")
    return answer
