"""What all pages have that people outside open by a link of their own."""

from django.http import HttpResponse


def unfollowed(response: HttpResponse) -> HttpResponse:
    """The address lets somebody in: it goes nowhere with whoever leaves, and into no index."""
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex"
    return response
