"""All that waits for a person, and the buttons that settle it."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Model
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.common import htmx
from portal.common.errors import NotPossible
from portal.conferences.mails import services as mails
from portal.conferences.mails.services import Telling, lost
from portal.conferences.models import Invitation, PlatformChange
from portal.conferences.schedule.services import answer_changes, platform_changes
from portal.identity.requests import SignedInRequest
from portal.outbox.models import OutboxEntry
from portal.platforms.models import PlatformAccount
from portal.staff.answers import asked, attempt, back, posted
from portal.staff.attention.presenters import rows as presenter
from portal.staff.attention.presenters.decisions import change_question, deciding_question
from portal.staff.presenters import words
from portal.staff.presenters.send_card import Question
from portal.sync import queries, services
from portal.sync.models import Conflict, Hold
from portal.sync.queries.attention import SOURCES

PER_PAGE = 20
HERE = "staff:attention"
Button = Callable[[SignedInRequest, int], HttpResponse]


class FilterForm(forms.Form):
    """Which account, which sort. Nonsense in the address is left out."""

    account = forms.ModelChoiceField(
        PlatformAccount.objects.all(),
        label=_("Account"),
        required=False,
        empty_label=_("All accounts"),
    )
    sort = forms.ChoiceField(
        label=_("What"),
        required=False,
        choices=[("", _("Everything")), *((n, s.label) for n, s in SOURCES.items())],
    )


@require_safe
def attention(request: SignedInRequest) -> HttpResponse:
    """The list, by account and sort, newest first."""
    form = FilterForm(request.GET)
    form.is_valid()
    account, sort = form.cleaned_data.get("account"), form.cleaned_data.get("sort") or ""
    found = queries.attention_rows(account=account.pk if account else None, sort=sort)
    views = queries.account_views()
    waiting = sum(one.wants for one in views)
    pages = Paginator(found, PER_PAGE)
    if not account and not sort:
        pages.count = waiting
    page = pages.get_page(request.GET.get("page"))
    context = {
        "attention_count": waiting,
        "form": form,
        "page": page,
        "filtered": bool(account or sort),
        "rows": presenter.rows(queries.items(page.object_list, [one.account for one in views])),
        "doubtful": presenter.doubts(views),
        "mail_trouble": mails.trouble(),
    }
    return htmx.render(request, "attention/list.html", context, partial="results")


@require_http_methods(["GET", "HEAD", "POST"])
def conflict(request: SignedInRequest, pk: int) -> HttpResponse:
    """One conflict by itself, and its decision; `choice` is one of its answers. Where people would
    hear of that, this asks whether they do."""
    row = get_object_or_404(Conflict.objects.select_related("account", "link"), pk=pk)
    value = (posted(request) or request.GET).get("choice", "")
    telling = Telling(tell=False)
    if question := _question(request, row, value):
        telling = question.card.telling
        if getattr(request, "htmx", False) and "preview" not in request.POST:
            return _redirected(f"{request.path}?{urlencode({'choice': value})}")
        return asked(
            request,
            question,
            lambda: services.resolve(row, value, request.user, telling),
            gettext("Decided."),
            HERE,
        )
    if request.method != "POST":
        return _one(request, "conflict", row)
    return _settle(
        request,
        Conflict,
        pk,
        gettext("Decided."),
        lambda one: services.resolve(one, value, request.user, telling),
        "account",
        "link",
    )


def _question(request: SignedInRequest, row: Conflict, value: str) -> Question | None:
    """The page that asks who hears of an answer; None where nobody has to, or it is settled."""
    if row.resolved_at:
        return None
    try:
        return deciding_question(row, value, request.user, posted(request))
    except NotPossible:
        return None  # carrying it out says why


@require_http_methods(["GET", "HEAD", "POST"])
def platform_change(request: SignedInRequest, pk: int) -> HttpResponse:
    """Whether people hear of a change that was made on the platform."""
    rows = PlatformChange.objects.select_related("conference__account")
    change = get_object_or_404(rows, pk=pk)
    question = change_question(change, request.user, posted(request))
    if change.decided_at or platform_changes.undecided(change.conference) is None:
        said = gettext("There is nothing to decide about it any more.")
        if change.decided_at:
            said = gettext("This was settled meanwhile: %(how)s.")
            said %= {"how": change.get_decision_display()}
        messages.info(request, said)
        return redirect(HERE)
    telling = question.card.telling
    return asked(
        request,
        question,
        lambda: answer_changes.answer(change, telling, request.user),
        gettext("Decided."),
        HERE,
    )


def _one(request: SignedInRequest, sort: str, thing: Any) -> HttpResponse:
    """The page about a single thing that waits; what was settled meanwhile leads to the list."""
    found = queries.one(thing, sort)
    if found is None:
        messages.info(request, gettext("That has been settled already."))
        return HttpResponseRedirect(back(request, HERE))
    return render(request, "attention/one.html", {"row": presenter.rows([found])[0]})


def _button(
    model: type[Model], act: Callable[[Any, Any], None], said: Promise | str | Callable[[Any], str]
) -> Button:
    """The view of a button that settles one row by one call; what it says may hang on the row."""

    @require_POST
    def press(request: SignedInRequest, pk: int) -> HttpResponse:
        return _settle(request, model, pk, said, lambda row: act(row, request.user))

    return press


def _settle(
    request: SignedInRequest,
    model: type[Model],
    pk: int,
    said: Promise | str | Callable[[Any], str],
    act: Callable[[Any], None],
    *related: str,
) -> HttpResponse:
    """Do it. HTMX takes the row off the page; without script the person goes back to the page."""
    row = get_object_or_404(model._base_manager.select_related(*related), pk=pk)
    done = said(row) if callable(said) else str(said)
    settled = attempt(request, lambda: act(row), done)
    if not getattr(request, "htmx", False):
        return HttpResponseRedirect(back(request, HERE))
    if settled and queries.attention_count():
        return render(request, "attention/settled.html")
    # The last one, or a refusal: the page itself says best how things stand now.
    return _redirected(back(request, HERE))


def _redirected(url: str) -> HttpResponse:
    """HTMX follows this as the whole page would."""
    answer = HttpResponse(status=204)
    answer["HX-Redirect"] = url
    return answer


release = _button(
    Hold,
    services.release,
    lambda row: words.sentences(
        gettext("The brake is released. The next sync goes on."), words.delay(row.account)
    ),
)
keep = _button(
    Hold,
    services.keep,
    _("Nothing is changed. Lectern looks again; if as much is missing, it is back here."),
)
retry = _button(
    OutboxEntry,
    services.retry,
    lambda row: words.sentences(gettext("It is tried again."), words.when_sent(row.account)),
)
dismiss = _button(OutboxEntry, services.dismiss, _("Left as it is."))
dismiss_mail = _button(Invitation, lost.leave, _("The mail is left as it is."))
