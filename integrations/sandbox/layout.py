"""The frame of every page that the sandbox shows."""

from __future__ import annotations

from markupsafe import Markup
from werkzeug.wrappers import Response

_FRAME = Markup(
    "<!doctype html>\n<html lang='en'><head><meta charset='utf-8'>"
    "<meta name='viewport' content='width=device-width, initial-scale=1'>"
    "<title>{title} - Lectern sandbox</title>"
    "<link rel='stylesheet' href='/_control/page.css'></head><body>"
    "<header><a href='/'>Lectern sandbox</a><span>made-up platforms, for demo and tests</span>"
    "</header><main><h1>{title}</h1>{body}</main></body></html>\n"
)
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}


def page(title: str, body: Markup, status: int = 200) -> Response:
    """A whole page; `body` is markup, the title is escaped."""
    text = _FRAME.format(title=title, body=body)
    return Response(text, status=status, mimetype="text/html", headers=HEADERS)


def framable(shown: Response) -> Response:
    """A page that any other may frame, as the platforms' own rooms may be."""
    policy = shown.headers["Content-Security-Policy"]
    shown.headers["Content-Security-Policy"] = policy.replace(
        "frame-ancestors 'none'", "frame-ancestors *"
    )
    return shown
