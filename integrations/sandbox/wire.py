"""What faults do to a request and its answer, down to the socket."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable, Iterator
from contextlib import suppress

from werkzeug.wrappers import Response

from integrations.sandbox.faults import WAITS, Fault
from integrations.sandbox.platform import PlatformSandbox
from integrations.sandbox.world import World

LOGIN_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Sign in</title></head>
<body><h1>Sign in</h1><p>Your session has ended. Please sign in again.</p></body></html>
"""
REFUSALS = {
    "rate_limited": (429, "Too many requests. Please wait before you try again."),
    "server_error": (500, "Something went wrong on our side."),
    "unavailable": (503, "The service is being maintained."),
    "wrong_key": (401, "The API key is not valid."),
}


class LineCut(ConnectionAbortedError):
    """The connection was closed on purpose; the server takes it as a client that went away."""


def wait_before(world: World, hits: list[Fault]) -> None:
    for fault in hits:
        if fault.kind == "slow":
            world.stopping.wait(fault.seconds)


def chosen(hits: list[Fault]) -> Fault | None:
    """The one fault that decides the outcome, if any."""
    return next((fault for fault in hits if fault.kind not in WAITS), None)


def stands_instead(platform: PlatformSandbox, fault: Fault) -> Response:
    """The answer that replaces the platform's own."""
    if fault.kind == "html":
        return Response(LOGIN_PAGE, mimetype="text/html")
    status, message = REFUSALS[fault.kind]
    answer = platform.error(status, message)
    if fault.retry_after is not None and status in (429, 503):
        answer.headers["Retry-After"] = str(fault.retry_after)
    return answer


def spoil(platform: PlatformSandbox, fault: Fault, answer: Response) -> Response:
    """The platform's answer as the fault lets it through."""
    if fault.kind == "truncated":
        answer.set_data(_half(answer.get_data()))
    elif fault.kind == "short_body":
        whole = answer.get_data()
        answer.response = [_half(whole)]
        answer.headers["Content-Length"] = str(len(whole))
    elif fault.kind == "empty_list" and answer.mimetype == "application/json":
        answer.set_data(json.dumps(platform.empty_lists(json.loads(answer.get_data()))))
    return answer


def drip(world: World, answer: Response, seconds: float) -> Response:
    """Send the body byte by byte, with its right length."""
    body = answer.get_data()

    def slowly() -> Iterator[bytes]:
        for place in range(len(body)):
            if place and world.stopping.wait(seconds):
                return
            yield body[place : place + 1]

    answer.response = slowly()
    answer.headers["Content-Length"] = str(len(body))
    return answer


def cut(connection: socket.socket | None) -> Callable[[], None]:
    """What closes the line without an answer when it is called."""

    def close() -> None:
        with suppress(OSError):  # the client may have gone already
            if connection is not None:
                connection.shutdown(socket.SHUT_RDWR)
        raise LineCut("The sandbox cut the line on purpose.")

    return close


def _half(body: bytes) -> bytes:
    return body[: max(1, len(body) // 2)]
