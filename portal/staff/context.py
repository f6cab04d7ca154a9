"""What every page needs from the shell around it."""

from django.http import HttpRequest


def shell(request: HttpRequest) -> dict[str, object]:
    return {}
