"""How a page passes on a service's no: a sentence on the page, or 403 where the role is missing."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.forms import BaseForm
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from portal.common.errors import NotAllowed, NotPossible
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


def say_no(request: HttpRequest, error: NotPossible) -> None:
    """Show the sentence on the next page. Raises PermissionDenied where the role is missing."""
    if isinstance(error, NotAllowed):
        raise PermissionDenied(error.sentence)
    messages.error(request, error.sentence)


def saved(form: BaseForm, save: Callable[[dict[str, Any]], Any]) -> Any:
    """What a service made of a form that was sent and is in order; None where it was not, or
    where the service said no: then the form has the reasons."""
    if not form.is_bound or not form.is_valid():
        return None
    try:
        return save(form.cleaned_data)
    except NotPossible as error:
        onto_form(form, error)
        return None


def onto_form(form: BaseForm, error: NotPossible, field: str | None = None) -> None:
    """Put the texts beside their fields; what has none beside `field`, or on top of the form."""
    if isinstance(error, NotAllowed):
        raise PermissionDenied(error.sentence)
    texts = {name: found for name, found in error.field_errors.items() if name in form.fields}
    for name, found in texts.items():
        for text in found:
            form.add_error(name, text)
    if not texts:
        form.add_error(field, error.sentence)
