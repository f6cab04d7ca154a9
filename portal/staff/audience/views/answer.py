"""The page on which somebody outside says whether they come."""

from uuid import UUID

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ObjectDoesNotExist
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import cache_control
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from portal.common.errors import NotPossible
from portal.conferences.audience.services import answers
from portal.conferences.models import Registration
from portal.staff.audience.views.outside import bounded, unfollowed

Answer = Registration.Answer
NOT_FOUND, OK, CONFLICT = 404, 200, 409


@csrf_exempt  # who has the link may; and a browser that tells no referrer tells no origin either
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
@cache_control(no_store=True, private=True)
@bounded
def answer(request: HttpRequest, token: UUID) -> HttpResponse:
    """Show what was asked, and take the answer. Only a button answers: programs that look at the
    links in a mail before its reader does must not."""
    row = answers.find(token)
    problem, status = "", OK if row else NOT_FOUND
    if row and request.method == "POST" and request.POST.get("answer") in Answer.values:
        try:
            take = answers.answer_all if request.POST.get("all") else answers.answer
            take(token, request.POST["answer"])
        except NotPossible as no:
            problem, status = str(no.sentence), CONFLICT
        except ObjectDoesNotExist:  # it was deleted in this very moment
            row, status = None, NOT_FOUND
        else:
            return unfollowed(redirect("staff:answer", token))
    asked = request.GET.get("answer", "")
    context = {
        "row": row,
        "conference": row.conference if row else None,
        "reason": problem or (answers.reason_against(row) if row else ""),
        "outlook": answers.outlook(row) if row else "",
        "chosen": asked if asked in Answer.values else "",
        "others": answers.others(row) if row else [],
        "declined": bool(row and row.has_declined),
    }
    return unfollowed(render(request, "join/answer.html", context, status=status))
