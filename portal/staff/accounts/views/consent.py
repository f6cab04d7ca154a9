"""Log in to a platform in the browser (OAuth 2): go there with a state, come back with a code."""

import hmac
import secrets

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from portal.common.errors import NotPossible
from portal.identity.requests import SignedInRequest
from portal.platforms import services
from portal.platforms.models import PlatformAccount

SESSION = "consent"
FORGED = gettext_lazy(
    "This answer does not belong to a login that was begun here, or it came twice. "
    "Nothing was changed; begin again on the account's page."
)


@require_safe
def begin(request: SignedInRequest, pk: int) -> HttpResponse:
    """Send the browser to the platform. It is a link, since a form must not lead elsewhere."""
    account = get_object_or_404(PlatformAccount, pk=pk)
    state = secrets.token_urlsafe(32)
    try:
        address = services.consent_address(account, redirect_uri(), state, request.user)
    except NotPossible as refusal:
        messages.error(request, refusal.sentence)
        return redirect("staff:account", pk)
    request.session[SESSION] = {"state": state, "account": pk}
    return redirect(address)


@require_safe
def back(request: SignedInRequest) -> HttpResponse:
    """The platform sends the browser back here. The state is good once."""
    begun = request.session.pop(SESSION, None)
    given = request.GET.get("state", "")
    if not begun or not hmac.compare_digest(begun["state"].encode(), given.encode()):
        messages.error(request, FORGED)
        return redirect("staff:accounts")
    account = get_object_or_404(PlatformAccount, pk=begun["account"])
    code = request.GET.get("code", "")
    if not code:
        said = _("%(platform)s did not let us in: consent was not given. Try again.")
        messages.error(request, said % {"platform": account.platform_name})
        return redirect("staff:account", account.pk)
    try:
        found = services.accept_consent(account, code, redirect_uri(), request.user)
    except NotPossible as refusal:  # its way of logging in was changed meanwhile
        messages.error(request, refusal.sentence)
        return redirect("staff:account", account.pk)
    (messages.success if found.ok else messages.error)(request, found.sentence)
    return redirect("staff:account", account.pk)


def redirect_uri() -> str:
    """The one address that administrators register with the platforms."""
    return f"{settings.PUBLIC_URL.rstrip('/')}{reverse('staff:account-consent-back')}"
