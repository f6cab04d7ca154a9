"""Live control, content and letters: whatever a platform does on request, on pages of one shape."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods, require_safe

from integrations.base.capabilities import Action, Topic
from integrations.base.records import Kind
from portal.common.errors import NotPossible
from portal.common.forms import put_refusal
from portal.conferences.models import (
    Attendee,
    Conference,
)
from portal.conferences.schedule.forms.action import ActionForm
from portal.identity.requests import SignedInRequest
from portal.platforms.models import PlatformAccount
from portal.staff.platform_actions import presenters as present
from portal.staff.refusals import reject
from portal.staff.webinars.views.pages import page_context
from portal.sync.kinds import KINDS
from portal.sync.services import actions as operations
from portal.sync.services.actions import Subject

LIVE, CONTENT = (Topic.LIVE, Topic.ACCESS), (Topic.LETTERS, Topic.CONTENT)
BELONGING = (Kind.SESSION, Kind.RECORDING, Kind.REGISTRATION, Kind.MODERATOR)
Found = tuple[Subject, Conference | None, str]


@require_safe
def live(request: SignedInRequest, pk: int) -> HttpResponse:
    """What can be done while a webinar runs, and the ways into its room."""
    return _tab(request, pk, "live", LIVE)


@require_safe
def content(request: SignedInRequest, pk: int) -> HttpResponse:
    """Files, chats, reports and the platform's own letters."""
    return _tab(request, pk, "content", CONTENT)


def _tab(request: SignedInRequest, pk: int, tab: str, topics: tuple[Topic, ...]) -> HttpResponse:
    context = page_context(request, pk, tab)
    conference = context["conference"]
    subject = Subject(conference.account, Kind.CONFERENCE, conference.pk)
    context |= {
        "panels": present.panels(subject, topics, request.user),
        "tab": tab,
        "read": _asked(request, subject),
    }
    return render(request, "operations/tab.html", context)


@require_safe
def account(request: SignedInRequest, pk: int) -> HttpResponse:
    """What can be asked of an account as a whole."""
    row = get_object_or_404(PlatformAccount, pk=pk)
    subject = Subject(row)
    panels = present.panels(subject, (*CONTENT, Topic.ACCESS, Topic.ELSEWHERE), request.user)
    context = {"account": row, "panels": panels, "read": _asked(request, subject)}
    return render(request, "operations/account.html", context)


def _asked(request: SignedInRequest, subject: Subject) -> dict[str, Any] | None:
    """The reading that was asked for without script (`?read=name`), with its answer."""
    name = request.GET.get("read", "")
    return {"name": name, **_read_only_answer(request, subject, name)} if name else None


def _read_only_answer(request: SignedInRequest, subject: Subject, name: str) -> dict[str, Any]:
    try:
        answer = operations.read(subject, name, {}, request.user)
    except NotPossible as no:
        return {"problem": no.sentence}
    return present.shown(answer, present.row_offers(subject, name, request.user))


@require_safe
def about(request: SignedInRequest, word: str, pk: int) -> HttpResponse:
    """All that can be asked about one row: a moderator, a registration, a person there."""
    subject, conference, title = _subject(word, pk)
    context = {
        "panels": present.panels(subject, Topic, request.user),
        "read": _asked(request, subject),
        "subject_title": title,
        "conference": conference,
        "account": subject.account,
        "back": present.page_of(subject, conference, Topic.ELSEWHERE),
    }
    return render(request, "operations/about.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: SignedInRequest, word: str, pk: int, name: str) -> HttpResponse:
    """Look (GET), ask for what is needed (GET), or do it (POST)."""
    subject, conference, title = _subject(word, pk)
    try:
        action = operations.action_of(subject, name)
    except NotPossible as no:
        return _off(request, subject, conference, no)
    if request.method != "POST" and action.reads and not action.fields:
        context = {
            "answer": _read_only_answer(request, subject, name),
            "action": action,
            "url": request.path,
        }
        return render(request, "operations/answer.html", _at(context, subject, conference, title))
    return _act(request, subject, conference, title, action)


def _act(
    request: SignedInRequest,
    subject: Subject,
    conference: Conference | None,
    title: str,
    action: Action,
) -> HttpResponse:
    post = request.POST if request.method == "POST" else None
    initial = {"row": request.GET.get("row", "")[:500]}
    form = ActionForm(post, request.FILES or None, action=action, initial=initial)
    context = _at({"form": form, "action": action, "refused": False}, subject, conference, title)
    if post is not None and form.is_valid():
        try:
            if action.reads:
                answer = operations.read(subject, action.name, form.arguments, request.user)
            else:
                press = form.cleaned_data["press"]
                answer = operations.perform(
                    subject, action.name, form.arguments, request.user, press
                )
        except NotPossible as no:
            put_refusal(form, no)
            context["refused"] = True
        else:
            return _done(request, context, action, answer)
    if form.errors and not form.visible_fields():  # nothing to mend: a sentence is enough
        messages.error(request, " ".join(str(text) for text in form.non_field_errors()))
        return redirect(context["back"])
    return render(request, "operations/act.html", context, status=422 if form.errors else 200)


def _done(
    request: SignedInRequest, context: dict[str, Any], action: Action, answer: dict[str, Any]
) -> HttpResponse:
    offers = present.row_offers(context["subject"], action.name, request.user)
    found = present.shown(answer, offers if action.reads else [])
    if found["rows"] or found["facts"]:
        context |= {"answer": found, "url": ""}
        return render(request, "operations/answer.html", context)
    messages.success(request, present.done(action, answer))
    return redirect(context["back"])


def _at(
    context: dict[str, Any], subject: Subject, conference: Conference | None, title: str
) -> dict[str, Any]:
    action = context["action"]
    back = present.page_of(subject, conference, action.topic)
    return context | {
        "subject": subject,
        "conference": conference,
        "subject_title": title,
        "back": back,
        "account": subject.account,
    }


@require_safe
def fetch(request: SignedInRequest, word: str, pk: int, name: str) -> HttpResponse:
    """A file from the platform, piece by piece, never shown in place."""
    subject, conference, _title = _subject(word, pk)
    arguments = {"id": request.GET["row"][:500]} if request.GET.get("row") else {}
    try:
        found = operations.download(subject, name, arguments, request.user)
    except NotPossible as no:
        return _off(request, subject, conference, no)
    answer = StreamingHttpResponse(found.chunks, content_type="application/octet-stream")
    answer["Content-Disposition"] = content_disposition_header(True, found.name) or "attachment"
    answer["Cache-Control"] = "no-store"
    return answer  # type: ignore[return-value]


def _off(
    request: SignedInRequest, subject: Subject, conference: Conference | None, no: NotPossible
) -> HttpResponse:
    reject(request, no)
    if conference is None:
        return redirect("staff:account", subject.account.pk)
    return redirect("staff:conference", conference.pk)


def _subject(word: str, pk: int) -> Found:
    """What an address names. Raises Http404."""
    if word == operations.ACCOUNT:
        row = get_object_or_404(PlatformAccount, pk=pk)
        return Subject(row), None, row.label
    kind, _, account = word.partition("-")
    if kind == Kind.ATTENDEE and account.isdecimal() and len(account) < 16:
        person = get_object_or_404(Attendee, pk=pk)
        row = get_object_or_404(PlatformAccount, pk=int(account))
        return Subject(row, Kind.ATTENDEE, pk), None, str(person)
    conference, title = _conference(word, pk)
    return Subject(conference.account, Kind(word), pk), conference, title


def _conference(word: str, pk: int) -> tuple[Conference, str]:
    """The conference that a row belongs to, and what the row is called."""
    if word == Kind.CONFERENCE:
        found = get_object_or_404(Conference.objects.select_related("account"), pk=pk)
        return found, found.title
    if word not in BELONGING:
        raise Http404
    rows = KINDS[word].model._default_manager.select_related("conference__account")
    row: Any = get_object_or_404(rows, pk=pk)
    return row.conference, str(row)
