"""Schedule a conference, and edit one: the same form, saved or only looked at again."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from integrations.base.records import Kind
from portal.common import htmx
from portal.common.errors import NotPossible, Stale
from portal.conferences import rules
from portal.conferences.fields import differing
from portal.conferences.mails.services import Telling
from portal.conferences.models import Conference
from portal.conferences.recurrence import Rule
from portal.conferences.schedule.services import room_dates, series, templates, unsaved
from portal.conferences.schedule.services import schedule as scheduling
from portal.identity import roles
from portal.identity.requests import SignedInRequest
from portal.platforms.models import PlatformAccount
from portal.staff.answers import ask
from portal.staff.presenters import words
from portal.staff.presenters.send_card import Question, SendCard, typed_pairs
from portal.staff.webinars.presenters.buttons import reason_of_role
from portal.staff.webinars.presenters.schedule_form import SchedulePage
from portal.staff.webinars.presenters.starting import Begun, as_typed, fill, like_offers
from portal.staff.webinars.views.unsaved import pairs

METHODS = ["GET", "HEAD", "POST"]
PAGE = "conferences/schedule.html"


@require_http_methods(METHODS)
def new(request: SignedInRequest) -> HttpResponse:
    """Schedule a webinar, or keep it as a draft."""
    begun, filled = _begun(request), fill(request)
    typed = filled.fields if filled else begun.fields if begun else None
    account = _account(request, typed or {})
    if account is None:
        return render(request, "conferences/no_account.html")
    page = SchedulePage(request, account, filled=typed)
    page.begun, page.start = begun, filled
    return _sent(request, page, lambda: _schedule(request, page)) or _answer(request, page)


@require_http_methods(METHODS)
def edit(request: SignedInRequest, pk: int) -> HttpResponse:
    """Change a webinar; a draft can be scheduled from here too."""
    conference = get_object_or_404(Conference.objects.select_related("account"), pk=pk)
    if reason := rules.reason_frozen(conference):
        messages.error(request, reason)
        return redirect("staff:conference", pk)
    begun = _begun(request, conference)
    filled = begun.fields if begun else None
    page = SchedulePage(request, conference.account, conference, filled)
    page.begun = begun
    saved = _sent(request, page, lambda: _save(request, page, conference))
    return saved or _answer(request, page)


def _sent(
    request: SignedInRequest, page: SchedulePage, save: Callable[[], Conference | None]
) -> HttpResponse | None:
    """What comes of a form that was sent: saved, or first asked who hears of it. None where
    something must be mended, or nothing was sent."""
    if not page.sent or not page.is_valid():
        return None
    if page.card and page.card.open:
        # Refusals first: nobody should answer for a change that cannot be made.
        with transaction.atomic():
            possible = save()
            transaction.set_rollback(True)
        if possible:
            _keep(request, page)
        return _ask(request, page, page.card) if possible else None
    row = save()
    if row is None:
        return None
    unsaved.forget(request.user, page.form.cleaned_data.get("uid"))
    _remark_past(request, row)
    messages.success(request, _said(page, row))
    if row.series_id and page.conference is None:
        return redirect("staff:series", row.series_id)
    return redirect("staff:conference", row.pk)


def _keep(request: SignedInRequest, page: SchedulePage) -> None:
    """What was sent and is not saved yet, is kept, as far as it can be."""
    if roles.may(request.user, roles.STAFF):
        with suppress(NotPossible):
            unsaved.keep(request.user, pairs(request), page.conference)


def _ask(request: SignedInRequest, page: SchedulePage, card: SendCard) -> HttpResponse:
    """People would hear of it, and nobody has said whether they should."""
    old = page.conference
    changes = old is not None and not old.draft
    platform = {"platform": page.account.platform_name}
    if changes:
        title, act = _("Save the changes?"), _("Save")
    else:
        title = _("Schedule it on %(platform)s?") % platform
        act = _("Schedule it on %(platform)s") % platform
    hidden = [*typed_pairs(request.POST, "refresh", "asked"), ("asked", "yes")]
    question = Question(
        title,
        act,
        card,
        request.path,
        hidden=hidden,
        icon="check" if changes else "calendar",
    )
    return ask(request, question)


def _begun(request: SignedInRequest, conference: Conference | None = None) -> Begun | None:
    """What somebody had typed and goes on with, where the address asks for it."""
    uid = request.GET.get("begun", "") if request.method != "POST" else ""
    row = unsaved.find(request.user, uid, conference) if uid else None
    return Begun(row.kept_at, as_typed(unsaved.pairs_of(row))) if row else None


def _account(request: SignedInRequest, filled: Mapping[str, Any]) -> PlatformAccount | None:
    """The account that was chosen, else the first on which webinars can be made."""
    rows = list(PlatformAccount.objects.order_by("label"))
    given = (filled, request.POST, request.GET)
    asked = next((one["account"] for one in given if one.get("account")), "")
    for row in rows:
        if str(row.pk) == asked:
            return row
    able = [r for r in rows if not rules.reason_against(r, Kind.CONFERENCE, "create")]
    return next(iter([*(r for r in able if r.active), *able, *rows]), None)


def _schedule(request: SignedInRequest, page: SchedulePage) -> Conference | None:
    uid = page.form.cleaned_data.get("uid")
    try:
        dates = page.kept_dates
        if page.repeats is not None and page.repeats.rule is not None and dates is None:
            return _schedule_series(request, page, page.repeats.rule)
        return scheduling.schedule(
            account=page.account,
            values=room_dates.room_values(page.values) if dates else page.values,
            by=request.user,
            draft=page.draft,
            uid=f"{uid}@lectern" if uid else "",
            people=page.rows.people,
            notify=_telling(page),
            reminders=page.reminders,
            dates=dates,
        )
    except NotPossible as no:
        page.form.take(no)
        return None


def _schedule_series(request: SignedInRequest, page: SchedulePage, rule: Rule) -> Conference | None:
    """The first date of the series that was made."""
    uid = page.form.cleaned_data.get("uid") or uuid4()
    made = series.schedule(
        account=page.account,
        values=page.form.values,
        rule=rule,
        dates=page.dates,
        by=request.user,
        uid=f"{uid}@lectern",
        people=page.rows.people,
        notify=_telling(page),
        reminders=page.reminders,
    )
    return made.conferences.order_by("planned_at").first()


def _remark_past(request: SignedInRequest, row: Conference) -> None:
    """A draft may lie in the past; whoever saved it must know."""
    if row.draft and scheduling.lies_behind(row.starts_at):
        messages.warning(
            request, _("Its time is in the past: give it another before you schedule it.")
        )


def _save(
    request: SignedInRequest, page: SchedulePage, conference: Conference
) -> Conference | None:
    version = page.form.cleaned_data.get("version")
    try:
        with transaction.atomic():
            row = series.change(
                conference,
                page.form.values,
                page.extent,
                request.user,
                -1 if version is None else version,
                notify=_telling(page),
            )
            if conference.draft and not page.draft:
                row = scheduling.publish(row, request.user, notify=_telling(page))
            return row
    except Stale as stale:
        _show_differences(page, conference, stale)
    except NotPossible as no:
        page.form.take(no)
    return None


def _telling(page: SchedulePage) -> Telling:
    return page.card.telling if page.card else Telling(False)


def _said(page: SchedulePage, row: Conference) -> str:
    """What was done, and what will come of it."""
    account, old = page.account, page.conference
    if row.draft:
        said = _("Saved as a draft. %(platform)s has not been told.")
        return said % {"platform": account.platform_name}
    outcome = page.card.outcome if page.card else ""
    if page.number > 1:
        said = ngettext(
            "%(count)d webinar is scheduled.", "%(count)d webinars are scheduled.", page.number
        )
        said %= {"count": page.number}
        return words.sentences(said, words.when_sent(account), outcome)
    if old is None or old.draft:
        return words.sentences(_("Scheduled."), words.when_sent(account), outcome)
    if row.version == old.version:
        return _("Nothing was changed.")
    outcome = outcome or _("Nobody has to be notified.")
    return words.sentences(_("Saved."), words.delay(account), outcome)


def _show_differences(page: SchedulePage, conference: Conference, stale: Stale) -> None:
    """Keep what was typed, name what is held meanwhile, and let the next save go through."""
    held = Conference.objects.get(pk=conference.pk)
    data: Any = page.form.data
    data = data.dict() | {"version": str(held.version)}
    typed = page.form.values
    page.form.data = data
    page.form.add_error(None, stale.sentence)
    for name, value in differing(held, typed).items():
        now, mine = words.value(name, getattr(held, name, "")), words.value(name, value)
        text = _("%(field)s: now %(now)s, you typed %(typed)s.") % {
            "field": words.label(name, held),
            "now": now or _("(empty)"),
            "typed": mine or _("(empty)"),
        }
        if name != "password":
            page.form.add_error(None, text)


def _answer(request: SignedInRequest, page: SchedulePage) -> HttpResponse:
    """The page, or the part of it that follows a change; 422 where something must be mended."""
    if page.sent or page.overtaken:
        _keep(request, page)
    partial = "clock" if request.POST.get("refresh") == "clock" else "form"
    context = page.context() | {"role_reason": reason_of_role(request.user)}
    context |= _of_last_time(page)
    if partial == "form":
        context |= _of_keeping(request, page)
    status = 422 if page.sent or page.overtaken else 200
    return htmx.render(request, PAGE, context, partial=partial, status=status)


def _of_keeping(request: SignedInRequest, page: SchedulePage) -> dict[str, Any]:
    """Where the form is kept while it is typed, and what was begun before."""
    if not roles.may(request.user, roles.STAFF) or page.reason():
        return {}
    held = page.conference
    url = reverse("staff:edit-keep", args=[held.pk]) if held else reverse("staff:schedule-keep")
    found = unsaved.of(request.user, held) if page.posted is None else []
    return {"keep_url": url, "unsaved": found, "begun": page.begun} | _of_starting(page)


def _of_last_time(page: SchedulePage) -> dict[str, Any]:
    """The webinars like which this one can be scheduled, until it was filled in."""
    if page.conference is not None or page.start is not None or page.sent or page.reason():
        return {}
    typed = page.typed if page.typed is not None else {}
    zone = timezone.get_current_timezone_name()
    return {"like_offers": like_offers(page.account, typed.get("title", ""), zone)}


def _of_starting(page: SchedulePage) -> dict[str, Any]:
    """From what a new form may begin, and what it was filled in from."""
    if page.conference is not None:
        return {}
    return {
        "template_names": templates.names(),
        "chosen_template": page.typed.get("template", "") if page.typed is not None else "",
        "filled": page.start,
    }
