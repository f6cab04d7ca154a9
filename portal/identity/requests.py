"""Whose request it is, for the type checker: pages and the administration let nobody else in."""

from typing import cast

from django.contrib.auth.models import User
from django.http import HttpRequest


class SignedInRequest(HttpRequest):
    """A request to a page that only somebody who has signed in can open."""

    user: User


def user_of(request: HttpRequest) -> User:
    """Who works in Django's administration, whose methods know a bare request alone."""
    return cast(User, request.user)
