"""What a conference leaves behind: sessions with attendance, and recordings."""

from django.core.paginator import Paginator
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from integrations.base.records import Kind
from portal.common.errors import NotPossible
from portal.conferences import rules
from portal.conferences.audience.services import exports
from portal.conferences.models import Recording, Session
from portal.conferences.results import queries
from portal.conferences.results import services as removing
from portal.identity.requests import SignedInRequest
from portal.platforms.models import PlatformAccount
from portal.staff.answers import attempt
from portal.staff.platform_actions.presenters import offers_of
from portal.staff.refusals import reject
from portal.staff.results import presenters as results
from portal.staff.webinars.presenters.buttons import reason_of_role
from portal.staff.webinars.views.pages import page_context
from portal.sync import services as sync

PAGE = 100


@require_safe
def sessions(request: SignedInRequest, pk: int) -> HttpResponse:
    """All sessions, and who was in the chosen one (the latest)."""
    context = page_context(request, pk, "sessions")
    rows = list(context["conference"].sessions.filter(removed_at=None))
    chosen = results.chosen(rows, request.GET.get("session", ""))
    context |= {"sessions": [results.session(row, row == chosen) for row in rows]}
    if chosen:
        present = queries.attendance(chosen.pk)
        page = Paginator(present, PAGE).get_page(request.GET.get("page"))
        context |= {
            "chosen": results.session(chosen, True),
            "page": page,
            "attendance": [results.presence(one) for one in page.object_list],
            "totals": results.totals(present),
            "offers": offers_of(
                context["conference"].account, Kind.SESSION, chosen.pk, request.user
            ),
        }
    return render(request, "conferences/sessions.html", context)


@require_safe
def attendance_file(
    request: SignedInRequest, pk: int, session: int, form: str = exports.CSV
) -> StreamingHttpResponse:
    """Everybody who was in a session, for a spreadsheet."""
    row = get_object_or_404(Session.objects.select_related("conference"), pk=session, conference=pk)
    return exports.saved_as(form, results.lines(queries.attendance(row.pk)), results.file_name(row))


@require_safe
def recordings(request: SignedInRequest, pk: int) -> HttpResponse:
    """The recordings, with what can be done about each."""
    context = page_context(request, pk, "recordings")
    account = context["conference"].account
    rows = context["conference"].recordings.filter(removed_at=None)
    context |= {
        "recordings": [
            one | {"offers": offers_of(account, Kind.RECORDING, one["row"].pk, request.user)}
            for one in results.recordings(rows)
        ],
        "by_address": rows.exists() and not _streams(account),
        "download_reason": reason_of_role(request.user),
        "delete_reason": reason_of_role(request.user)
        or rules.reason_against(account, Kind.RECORDING, "delete"),
        "consequence": results.deletion(account),
    }
    return render(request, "conferences/recordings.html", context)


def _streams(account: PlatformAccount) -> bool:
    """Whether the platform hands out recordings itself, instead of naming an address."""
    actions = account.capabilities.actions.values()
    return any(a.of is Kind.RECORDING and a.download and a.ability.offered for a in actions)


@require_POST
def download(request: SignedInRequest, pk: int, recording: int) -> HttpResponse:
    """Ask the platform for the address of the moment and lead there."""
    row = _recording(pk, recording)
    try:
        address = sync.fresh_recording_url(row, request.user)
    except NotPossible as no:
        reject(request, no)
        return redirect("staff:conference-recordings", pk)
    answer = redirect(address)
    answer["Cache-Control"] = "no-store"  # the address is personal to this moment
    return answer


@require_http_methods(["GET", "HEAD", "POST"])
def delete_recording(request: SignedInRequest, pk: int, recording: int) -> HttpResponse:
    """Name the consequence, then delete it on the platform too."""
    row = _recording(pk, recording)
    if request.method == "POST":
        said = _("The recording is being deleted.")
        attempt(request, lambda: removing.remove(row, request.user), said)
        return redirect("staff:conference-recordings", pk)
    account = row.conference.account
    context = {
        "conference": row.conference,
        "recording": results.recordings([row])[0],
        "consequence": results.deletion(account),
        "reason": reason_of_role(request.user)
        or rules.reason_against(account, Kind.RECORDING, "delete"),
    }
    return render(request, "conferences/recording_delete.html", context)


def _recording(pk: int, recording: int) -> Recording:
    rows = Recording.objects.select_related("conference__account").filter(removed_at=None)
    return get_object_or_404(rows, pk=recording, conference=pk)
