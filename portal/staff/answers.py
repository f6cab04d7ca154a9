"""How a page answers an action: done, or the service's own sentence why not."""

import hashlib
import json
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from portal.common import htmx
from portal.common.errors import NotPossible
from portal.identity import roles
from portal.staff.presenters.send_card import Question
from portal.staff.refusals import reject


def attempt(request: HttpRequest, act: Callable[[], Any], done: str) -> bool:
    """Do it and say so in a message; a refusal becomes a message too and answers False.

    What the person's role does not include is no message but a refusal of the page (403).
    """
    try:
        act()
    except NotPossible as refusal:
        reject(request, refusal)
        return False
    messages.success(request, done)
    return True


def ask_first(
    request: HttpRequest, question: dict[str, Any], act: Callable[[], Any], done: str, then: str
) -> HttpResponse:
    """A page that names the consequence; its one button does it and leads to `then`.

    The question has a title, a consequence, a label, a back_url and, where it is not possible,
    the reason.
    """
    if request.method != "POST":
        return render(request, "people/confirm.html", question | {"url": request.path})
    return redirect(then if attempt(request, act, done) else question["back_url"])


def posted(request: HttpRequest) -> Any:
    """What was sent to be done; None where a page is only looked at."""
    return request.POST if request.method == "POST" else None


def asked(
    request: HttpRequest,
    question: Question,
    act: Callable[[], Any],
    done: str,
    then: str,
    *where: Any,
) -> HttpResponse:
    """Ask, as long as nobody has answered whether people are told; then do it, say what will
    come of it, and lead to `then`."""
    form, card = question.card.form, question.card
    if form.is_bound and not roles.may(request.user, roles.STAFF):
        raise PermissionDenied
    pressed = bool({"do", "tell"} & form.data.keys())
    if not form.is_bound or not form.is_valid() or "preview" in form.data or card.open:
        return ask(request, question)
    if question.confirms and not pressed:
        return ask(request, question)
    if attempt(request, act, f"{done} {card.outcome}"):
        return redirect(then, *where)
    return redirect(question.back or then, *(() if question.back else where))


def ask(request: HttpRequest, question: Question) -> HttpResponse:
    """The page with the send card; 422 where the words cannot be sent as they are."""
    wrong = question.card.form.is_bound and not question.card.form.is_valid()
    context = {"question": question, "conference": question.conference}
    status = 422 if wrong else 200
    return htmx.render(request, "conferences/ask.html", context, partial="form", status=status)


def pressed(request: HttpRequest) -> str:
    """What tells one press of a button from each other one: the form (`press`), who sends it, and
    all that it says. The same form with another answer, after the browser's Back, is meant anew.
    """
    if not request.POST.get("press"):
        return ""
    said = sorted((n, some) for n, some in request.POST.lists() if n != "csrfmiddlewaretoken")
    told = json.dumps([request.user.pk, request.path, said])
    return hashlib.blake2b(told.encode(), digest_size=16).hexdigest()


def safe_back(wanted: str, page: str) -> str:
    """An address within the portal that a page was asked to lead back to; else `page`."""
    ours = url_has_allowed_host_and_scheme(wanted, allowed_hosts=None)
    return wanted if ours and wanted.startswith("/") and wanted.isprintable() else page


def back(request: HttpRequest, page: str = "staff:home") -> str:
    """Where the person came from (`next`), as long as that is one of our own pages; else `page`."""
    wanted = request.POST.get("next") or request.GET.get("next", "")
    ours = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, request.is_secure())
    plain = wanted.startswith("/") and wanted.isprintable()
    return wanted if ours and plain else reverse(page)
