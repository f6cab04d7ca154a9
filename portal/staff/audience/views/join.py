"""The one address that people outside get: it leads to the platform, or says why not yet."""

from urllib.parse import urlsplit
from uuid import UUID

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from portal.conferences.models import Conference, Moderator, Registration
from portal.staff.audience.views.outside import unfollowed

GONE, NOT_FOUND, OK = 410, 404, 200


@login_not_required
@require_safe
@cache_control(no_store=True, private=True)
def join(request: HttpRequest, token: UUID) -> HttpResponse:
    """Lead a registered person or a moderator on. It only reads, and tells nothing but the time."""
    person = _person(token)
    state, status = _state(person)
    if person and state == "open":
        response: HttpResponse = HttpResponseRedirect(person.join_url)
    elif person and state == "asked":
        response = redirect("staff:answer", token)
    else:
        context = {"state": state, "conference": person.conference if person else None}
        response = render(request, "join/page.html", context, status=status)
    return unfollowed(response)


def _person(token: UUID) -> Registration | Moderator | None:
    for model in (Registration, Moderator):
        found = model.objects.select_related("conference__account").filter(token=token).first()
        if found:
            return found
    return None


def _state(person: Registration | Moderator | None) -> tuple[str, int]:
    """What to tell, and the answer's status."""
    if person is None:
        return "unknown", NOT_FOUND
    conference = person.conference
    if conference.removed_at:
        return ("unknown", NOT_FOUND) if conference.draft else ("cancelled", GONE)
    if isinstance(person, Registration) and _is_asked(person):
        return "asked", OK
    if person.removed_at:
        return "withdrawn", GONE
    if conference.gone_at or person.gone_at:
        return "gone", OK
    if _leads_somewhere(person.join_url):
        return "open", OK
    return ("over" if conference.state == Conference.State.ENDED else "waiting"), OK


def _is_asked(person: Registration) -> bool:
    """Whether it is theirs to say that they come, or they wait: they are not registered, or had
    declined."""
    if person.conference.state == Conference.State.ENDED:
        return False
    waits = person.listed and person.standing != Registration.Stage.REGISTERED
    return person.has_declined or waits


def _leads_somewhere(url: str) -> bool:
    """Only web addresses: what a platform sends must not become a script in somebody's browser."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.netloc) and url.isprintable()
