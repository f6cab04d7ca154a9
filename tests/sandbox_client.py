"""A bare HTTP client for the tests of the sandbox: http.client and nothing of Lectern's."""

from __future__ import annotations

import http.client
import json
import zlib
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

FORM = "application/x-www-form-urlencoded"


class Answer:
    def __init__(self, status: int, headers: dict[str, str], body: bytes) -> None:
        self.status = status
        self.headers = headers
        self.body = body

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def wrong(self) -> set[str]:
        """The names of the fields that an error answer complains about."""
        return {error["name"] for error in self.json["errors"]}


class RawClient:
    """Sends what it is told to, byte for byte, and reads whatever comes."""

    def __init__(self, base: str, key: str | None = None, timeout: float = 10) -> None:
        parts = urlsplit(base)
        self.netloc, self.prefix = parts.netloc, parts.path
        self.key, self.timeout = key, timeout

    def send(
        self,
        method: str,
        path: str,
        form: Any = None,
        body: bytes | None = None,
        content_type: str | None = FORM,
        **headers: str,
    ) -> Answer:
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if self.key is not None:
            sent["X-Api-Key"] = self.key
        if form is not None:
            body = urlencode(form, quote_via=quote).encode()
        if body is not None and content_type:
            sent["Content-Type"] = content_type
        connection = http.client.HTTPConnection(self.netloc, timeout=self.timeout)
        try:
            connection.putrequest(method, self.prefix + path, skip_accept_encoding=True)
            for name, value in sent.items():
                connection.putheader(name, value)
            if body is not None:
                connection.putheader("Content-Length", str(len(body)))
            connection.endheaders(body)
            answer = connection.getresponse()
            found = {name.lower(): value for name, value in answer.getheaders()}
            return Answer(answer.status, found, answer.read())
        finally:
            connection.close()

    def get(self, path: str) -> Answer:
        return self.send("GET", path)

    def post(self, path: str, form: Any = None, **more: Any) -> Answer:
        return self.send("POST", path, form, **more)

    def put(self, path: str, form: Any = None, **more: Any) -> Answer:
        return self.send("PUT", path, form, **more)

    def delete(self, path: str) -> Answer:
        return self.send("DELETE", path)

    def upload(self, path: str, name: str, content: bytes, field: str = "uploaded") -> Answer:
        body, content_type = multipart([(field, name, content)])
        return self.post(path, body=body, content_type=content_type)


def multipart(parts: list[tuple[str, str | None, bytes]]) -> tuple[bytes, str]:
    """Body and content type; a part without a file name is a field."""
    boundary = f"edge{zlib.crc32(repr(parts).encode()):x}"
    body = b""
    for field, name, content in parts:
        file = f'; filename="{name}"' if name is not None else ""
        head = f'--{boundary}\r\nContent-Disposition: form-data; name="{field}"{file}\r\n\r\n'
        body += head.encode() + content + b"\r\n"
    return body + f"--{boundary}--\r\n".encode(), f"multipart/form-data; boundary={boundary}"
