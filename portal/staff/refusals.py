"""How a page passes on what a service refused: a sentence on the page, or beside its field.

What somebody's role does not include needs nothing here: Django answers `NotAllowed` with 403.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.forms import BaseForm
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from portal.common.errors import NotPossible
from portal.common.forms import put_refusal
from portal.identity import roles

View = Callable[..., HttpResponseBase]


def for_staff(view: View) -> View:
    """A page that only event staff may open; the service behind it asks again."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not roles.may(request.user, roles.STAFF):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return guarded


def reject(request: HttpRequest, error: NotPossible) -> None:
    """Show the sentence on the next page."""
    messages.error(request, error.sentence)


def saved(form: BaseForm, save: Callable[[dict[str, Any]], Any]) -> Any:
    """What a service made of a form that was sent and is in order; None where it was not, or
    where the service said no: then the form has the reasons."""
    if not form.is_bound or not form.is_valid():
        return None
    try:
        return save(form.cleaned_data)
    except NotPossible as error:
        put_refusal(form, error)
        return None
