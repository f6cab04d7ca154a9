"""Signing in, and what becomes of a page whose session ended: nothing that was typed is lost."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import views as auth
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.forms import AuthenticationForm
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.urls import reverse, reverse_lazy
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from portal.common import kept_forms
from portal.identity.throttle import ChangePasswordForm

SESSION_ENDED = 401
NOT_YOURS = _(
    "Somebody else was signed in here, and had typed something into a form. It was not sent, and "
    "is not shown to you."
)


class SignIn(auth.LoginView):
    """The sign-in page; it takes along a form that was sent after the session had ended."""

    redirect_authenticated_user = True

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kept = self.request.POST.get("kept", "")
        return super().get_context_data(**kwargs) | {
            "kept": kept if kept_forms.read(kept) else "",
        }

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        answer = super().form_valid(form)
        kept = kept_forms.read(self.request.POST.get("kept", ""))
        if kept is None:
            return answer
        if kept.owner != self.request.user.pk:
            messages.info(self.request, NOT_YOURS)
            return redirect(settings.LOGIN_REDIRECT_URL)
        return send_again(self.request, kept)


class ChangePassword(auth.PasswordChangeView):
    """Everybody's own password."""

    form_class = ChangePasswordForm
    success_url = reverse_lazy("password_change_done")

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"request": self.request}


def ended(request: HttpRequest) -> HttpResponse:
    """The answer to somebody whose session has ended, in the middle of their work.

    Raises nothing: a part of a page gets a bare 401, which the page's script answers; a form gets
    the sign-in page with what was typed.
    """
    if request.headers.get("HX-Request"):
        return HttpResponse(status=SESSION_ENDED)
    context = {
        "form": AuthenticationForm(request),
        "next": request.get_full_path(),
        "interrupted": True,
        "kept": kept_forms.keep(request) if kept_forms.from_own_page(request) else "",
    }
    return render(request, "registration/login.html", context, status=SESSION_ENDED)


def send_again(request: HttpRequest, kept: kept_forms.KeptForm, status: int = 200) -> HttpResponse:
    """The page that offers to send a form once more, under the session of now."""
    answer = render(request, "registration/send_again.html", {"kept": kept}, status=status)
    answer["Cache-Control"] = "no-store"
    return answer


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form that was opened before the person signed in (again): it may be sent once more.

    Only where our own page sent it; what comes from elsewhere is refused and not repeated.
    """
    ours = kept_forms.from_own_page(request)
    if request.headers.get("HX-Request") and ours:
        return HttpResponse(status=SESSION_ENDED)
    signed_in = getattr(request, "user", None) is not None and request.user.is_authenticated
    kept = kept_forms.read(kept_forms.keep(request)) if ours and signed_in else None
    if kept and kept.owner == request.user.pk:
        return send_again(request, kept, status=403)
    if ours and not signed_in and request.path != reverse("login"):
        return ended(request)
    return render(request, "403_csrf.html", status=403)


@never_cache
@require_safe
@login_not_required
def session(request: HttpRequest) -> JsonResponse:
    """Who is signed in, and the token for forms: asked by a page whose session had ended."""
    user = request.user
    name = user.get_username() if user.is_authenticated else ""
    return JsonResponse({"user": name, "csrf": get_token(request)})
