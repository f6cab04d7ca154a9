"""What is done to a conference from its page. Each asks first where something cannot be undone."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from integrations.base.records import Kind
from portal.conferences import queries
from portal.conferences.forms.cancel import CancelForm
from portal.conferences.models import Conference
from portal.conferences.services import cancel as calling_off
from portal.conferences.services import schedule as scheduling
from portal.staff.answers import attempt
from portal.staff.presenters import confirmations
from portal.sync import queries as sync
from portal.sync import services as deciding
from portal.sync.models import Conflict
from portal.sync.services.gone import make_again


def _conference(pk: int) -> Conference:
    return get_object_or_404(queries.conferences(), pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Say what will happen, then call it off."""
    conference = _conference(pk)
    form = CancelForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        reason, notify = form.cleaned_data["reason"], form.cleaned_data["notify"]
        said = "The draft is discarded." if conference.draft else "The webinar is cancelled."
        if attempt(
            request, lambda: calling_off.cancel(conference, request.user, reason, notify), said
        ):
            return redirect("staff:conference", pk)
    context = confirmations.cancelling(conference, request.user) | {"form": form}
    status = 422 if form.errors else 200
    return render(request, "conferences/cancel.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def set_open(request: HttpRequest, pk: int) -> HttpResponse:
    """Close the room, or open it again."""
    conference = _conference(pk)
    if request.method == "POST":
        wanted = request.POST.get("open") == "yes"
        said = "The room is open." if wanted else "The room is closed."
        attempt(request, lambda: calling_off.set_open(conference, wanted, request.user), said)
        return redirect("staff:conference", pk)
    context = confirmations.opening(conference, request.user)
    return render(request, "conferences/open.html", context)


@require_POST
def publish(request: HttpRequest, pk: int) -> HttpResponse:
    """Have a draft made on its platform; what is missing is asked for in the form."""
    conference = _conference(pk)
    name = conference.account.platform_name
    said = f"Scheduled. {name} is being told now."
    done = attempt(request, lambda: scheduling.publish(conference, request.user), said)
    return redirect("staff:conference" if done else "staff:conference-edit", pk)


@require_POST
def duplicate(request: HttpRequest, pk: int) -> HttpResponse:
    """A new draft like it, ready to be given a date."""
    conference = _conference(pk)
    made: list[Conference] = []
    said = "This is the copy: a draft without a date. Nobody has been told of it."
    if attempt(request, lambda: made.append(scheduling.duplicate(conference, request.user)), said):
        return redirect("staff:conference-edit", made[0].pk)
    return redirect("staff:conference", pk)


@require_POST
def gone(request: HttpRequest, pk: int) -> HttpResponse:
    """Settle what the platform no longer has: make it again, or let it go."""
    conference, user = _conference(pk), request.user
    choice = "recreate" if request.POST.get("choice") == "again" else "let_go"
    asked = sync.line(Kind.CONFERENCE, pk).conflict_id or 0
    question = Conflict.objects.filter(pk=asked, sort=Conflict.Sort.GONE).first()
    said = "It is being created again." if choice == "recreate" else "It is marked as cancelled."
    if question is not None:
        attempt(request, lambda: deciding.resolve(question, choice, user), said)
    elif choice == "recreate":
        attempt(request, lambda: make_again(conference, user), said)
    else:
        attempt(request, lambda: calling_off.accept_gone(conference, user), said)
    return redirect("staff:conference", pk)
