"""One received request, read once, in the form that every platform's sandbox takes."""

from __future__ import annotations

from dataclasses import dataclass, field

from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Request

from integrations.sandbox.forms import BadBody, Pairs, Upload, read_body, urlencoded

MAX_BODY = 32 * 1024 * 1024


@dataclass
class Call:
    """A request below a platform's mount; `path` starts with a slash.

    `problem` holds a sentence when the request could not be read (bytes that are not UTF-8, a
    NUL, a broken multipart body, too large a body); `problem_status` the status that it deserves.
    A platform answers it in its own error shape and does nothing else.
    """

    method: str
    path: str
    query: Pairs = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    fields: Pairs = field(default_factory=list)
    files: list[Upload] = field(default_factory=list)
    problem: str = ""
    problem_status: int = 400

    def header(self, name: str) -> str:
        return self.headers.get(name.lower(), "")


def read_call(request: Request, mount: str) -> Call:
    """Read the whole request, so that closing the connection never resets an unread body."""
    call = Call(
        method=request.method,
        path=request.path[len(mount) :] or "/",
        headers={name.lower(): value for name, value in request.headers.items()},
    )
    try:
        _check_path(request.environ.get("PATH_INFO", ""))
        call.query = urlencoded(request.query_string)
        call.body = _body(request)
        call.fields, call.files = read_body(call.header("content-type"), call.body)
    except BadBody as problem:
        call.problem, call.problem_status = str(problem), problem.status
    return call


def _body(request: Request) -> bytes:
    length = request.content_length or 0
    if length > MAX_BODY:
        raise BadBody("The body is too large.", status=413)
    try:
        body = request.stream.read(MAX_BODY)
    except HTTPException:
        body = b""
    if len(body) < length:
        raise BadBody("The body ended before its time.")
    return body


def _check_path(path_info: str) -> None:
    """WSGI hands the path over as latin-1; what is no UTF-8 would be replaced silently."""
    try:
        text = path_info.encode("latin-1").decode("utf-8")
    except UnicodeError:
        raise BadBody("The path is not valid UTF-8.") from None
    if "\0" in text:
        raise BadBody("The path holds a NUL character.")
