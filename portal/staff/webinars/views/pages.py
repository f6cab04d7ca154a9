"""The list of conferences and the page of one: what is, without changing anything."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from integrations.base.records import Kind
from portal.common import htmx
from portal.common.pages import Pages
from portal.conferences.audience import queries as queries_registrations
from portal.conferences.audience.services import invited_groups
from portal.conferences.jobs import queries as queries_jobs
from portal.conferences.models import Conference
from portal.conferences.schedule import queries
from portal.conferences.schedule.forms.filters import ListFilters
from portal.conferences.schedule.services import platform_changes
from portal.identity.requests import SignedInRequest
from portal.staff.audience.presenters import moderators as people_who_run
from portal.staff.jobs.presenters import line as line_of_job
from portal.staff.presenters import history as lines
from portal.staff.webinars.presenters import buttons as actions
from portal.staff.webinars.presenters import pages as present
from portal.staff.webinars.presenters import recurrence, series
from portal.sync import queries as sync
from portal.sync import services as syncing
from portal.sync.queries import SyncLine
from portal.sync.queries.facts import facts

PAGE = 50


@require_safe
def listing(request: SignedInRequest) -> HttpResponse:
    """All conferences, filtered, sorted, in pages; or the results alone for HTMX."""
    accounts = list(sync.all_accounts(compared=bool(request.GET.get("sync"))))
    form = ListFilters(request.GET, accounts)
    chosen = form.chosen
    rows = queries.listing(chosen, span=False)
    rows = present.in_sync_state(rows, chosen.get("sync", ""), accounts)
    counts = queries.spans(rows)
    counted = counts.get(chosen.get("range", queries.UPCOMING))
    pages = Pages(rows.filter(queries.in_span(chosen)), PAGE, counted=counted)
    page = pages.get_page(request.GET.get("page"))
    marks = sync.lines({Kind.CONFERENCE: page.object_list}, accounts)[Kind.CONFERENCE]
    series.marked(page.object_list)
    context = {
        "form": form,
        "page": page,
        "rows": [(row, marks[row.pk]) for row in page.object_list],
        "tabs": present.span_tabs(request.GET, chosen, counts),
        "filtered": bool(chosen.keys() - {"range", "sort"}),
        "watched": present.watched(marks),
        "schedule_reason": actions.reason_of_role(request.user),
    }
    return htmx.render(request, "conferences/list.html", context, partial="results")


@require_safe
@htmx.part_of("staff:conferences")
def chips(request: SignedInRequest) -> HttpResponse:
    """The sync states of some conferences, asked for again while something is under way."""
    given = request.GET.get("ids", "").split(",")[:PAGE]
    ids = [int(one) for one in given if one.isascii() and one.isdigit() and len(one) < 16]
    marks = sync.chips(Kind.CONFERENCE, ids)
    context = {"marks": marks.items(), "watched": present.watched(marks)}
    return render(request, "conferences/list.html#chips", context)


def _conference(pk: int) -> Conference:
    return get_object_or_404(platform_changes.marked(queries.pages()), pk=pk)


def page_context(request: SignedInRequest, pk: int, tab: str) -> dict[str, Any]:
    """What every tab of a conference's page needs. Raises Http404."""
    conference = _conference(pk)
    lines = sync.lines({Kind.CONFERENCE: [conference]})
    return _around(request, conference, lines[Kind.CONFERENCE][pk], tab)


def _around(
    request: SignedInRequest, conference: Conference, line: SyncLine, tab: str
) -> dict[str, Any]:
    counts = queries.counts(conference)
    buttons = actions.buttons(conference, request.user)
    series.marked([conference])
    return {
        "conference": conference,
        "line": line,
        "lists": sync.watching(conference),
        "buttons": [one for one in buttons if not one.menu],
        "menu": [one for one in buttons if one.menu],
        "tabs": present.page_tabs(conference, tab, counts),
        "counts": counts,
        "role_reason": actions.reason_of_role(request.user),
        "gone": present.gone_choices(conference),
        "change": present.undecided_change(conference),
        "held": counts["held"],
    }


@require_safe
def overview(request: SignedInRequest, pk: int) -> HttpResponse:
    """When, where, for whom, with which settings."""
    context = page_context(request, pk, "overview")
    conference: Conference = context["conference"]
    lists = context["lists"]
    known = lists.link.facts if lists else facts(Kind.CONFERENCE, pk)
    context |= {
        "start_in_doubt": known.get("start_in_doubt"),
        "room": present.room_addresses(known, request.user),
        "embeds": bool(known.get("embed_room_url")) and not conference.removed_at,
        "access": present.access_facts(conference, known, request.user),
        "settings": present.settings_facts(conference),
        "moderators": conference.moderators.filter(removed_at=None),
        "times": present.times_elsewhere(conference),
        "weekly": recurrence.weekly_dates(conference)
        or recurrence.listed_dates(conference, sync.coming([conference]).get(pk, [])),
        "changes": lines.entries(
            conference.changes.select_related("actor")[: present.LATEST], conference, brief=True
        ),
    }
    return render(request, "conferences/overview.html", context)


@require_safe
def people(request: SignedInRequest, pk: int) -> HttpResponse:
    """Moderators with their links, and the registrations."""
    conference: Any = _conference(pk)
    counts = queries_registrations.counts(conference)
    page = queries_registrations.page(conference, request.GET, counts)
    running = list(conference.moderators.filter(removed_at=None))
    lines = sync.lines(
        {Kind.CONFERENCE: [conference], Kind.MODERATOR: running, Kind.REGISTRATION: page}
    )
    context = _around(request, conference, lines[Kind.CONFERENCE][pk], "people")
    context |= people_who_run.table(conference, running, lines[Kind.MODERATOR], request.user)
    context |= present.registrations(request, conference, page, counts, lines[Kind.REGISTRATION])
    context |= line_of_job(queries_jobs.running(conference) if conference.job_now else None)
    context["invited_groups"] = invited_groups.of(conference)
    return render(request, "conferences/people.html", context)


@require_safe
def history(request: SignedInRequest, pk: int) -> HttpResponse:
    """Who or what changed it, when, from what to what, with the calls to the platform."""
    context = page_context(request, pk, "history")
    conference = context["conference"]
    changes = conference.changes.select_related("actor")
    page = Pages(changes, PAGE).get_page(request.GET.get("page"))
    context |= {"page": page, "entries": lines.entries(page.object_list, conference)}
    return render(request, "conferences/history.html", context)


@require_safe
@htmx.part_of("staff:conference")
def sync_line(request: SignedInRequest, pk: int) -> HttpResponse:
    """The sync line alone, for a page that waits for news."""
    conference = get_object_or_404(queries.conferences(), pk=pk)
    line = sync.line(Kind.CONFERENCE, pk)
    context = {
        "conference": conference,
        "line": line,
        "role_reason": actions.reason_of_role(request.user),
    }
    answer = render(request, "conferences/page.html#sync", context)
    if getattr(request, "htmx", False) and not line.in_progress:
        # What was waited for has come: addresses and links that it brought belong on the page.
        answer["HX-Refresh"] = "true"
    return answer


@require_http_methods(["GET", "POST"])
def lists(request: SignedInRequest, pk: int) -> HttpResponse:
    """How old the lists of a webinar are; a POST asks for them to be read now. A page that is
    opened asks by itself, and looks again until they are read."""
    conference = get_object_or_404(queries.conferences(), pk=pk)
    if request.method == "POST":
        syncing.ask_for_lists(conference, request.user)
    if not getattr(request, "htmx", None):
        return redirect("staff:conference", pk)
    context = {"conference": conference, "lists": sync.watching(conference), "again": True}
    return render(request, "conferences/page.html#lists", context)
