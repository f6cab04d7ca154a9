"""How a page answers an action: done, or the service's own sentence why not."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from portal.common.errors import NotAllowed, NotPossible


def attempt(request: HttpRequest, act: Callable[[], Any], done: str) -> bool:
    """Do it and say so in a message; a refusal becomes a message too and answers False.

    What the person's role does not include is no message but a refusal of the page (403).
    """
    try:
        act()
    except NotAllowed as refusal:
        raise PermissionDenied(refusal.sentence) from None
    except NotPossible as refusal:
        messages.error(request, refusal.sentence)
        return False
    messages.success(request, done)
    return True
