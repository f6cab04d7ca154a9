"""A platform that answers from memory, in a process of its own.

The emulators of the sandbox shape each answer once; from then on its bytes are kept and sent as
they are, so that what is measured is never the emulator. What a request changes there makes all
answers be shaped anew. When each request arrived is noted.

    with canned.served() as platform:
        account = platform.fill("clickmeeting", webinars=10, rows=1000)
"""

import asyncio
import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

import requests
from werkzeug.test import Client

from integrations.sandbox.app import App
from integrations.sandbox.world import World
from tests.bench import worlds

CONTROL = "/_bench/"
# A login writes its token down on the emulator's side; no list changes with it.
LOGINS = ("token", "oauth", "login", "auth")
KEPT_HEADERS = ("content-type", "location", "retry-after")
PASSED_ON = ("authorization", "x-api-key", "content-type", "accept")


class Platform:
    """All platforms, and the answers that were shaped so far."""

    def __init__(self) -> None:
        self.world = World(seeded=False)
        self.client = Client(App(self.world))
        self.answers: dict[tuple[str, str, bytes], bytes] = {}
        self.headers: dict[tuple[str, str, bytes], dict[str, str]] = {}
        self.asked: list[dict[str, Any]] = []
        self.shaped = 0
        self.latency = 0.0

    def answer(self, method: str, target: str, headers: dict[str, str], body: bytes) -> bytes:
        """The answer to a request, ready to be sent."""
        kept = self.answers.get((method, target, body))
        return kept or self._shape(method, target, headers, body)

    def _shape(self, method: str, target: str, headers: dict[str, str], body: bytes) -> bytes:
        self.shaped += 1
        self.world.requests.clear()
        self.world.changed.clear()
        passed = {name: headers[name] for name in PASSED_ON if name in headers}
        answer = self.client.open(target, method=method, data=body, headers=passed)
        shown = {n: v for n, v in answer.headers.items() if n.lower() in KEPT_HEADERS}
        made = written(answer.status_code, answer.get_data(), shown)
        login = any(word in urlsplit(target).path.lower() for word in LOGINS)
        if not self.world.changed.is_set() and answer.status_code == 200:
            self.answers[method, target, body] = made
            self.headers[method, target, body] = headers
        elif not login:
            self.answers.clear()
        return made

    def control(self, name: str, given: dict[str, Any]) -> Any:
        """What the bench asks of the platform itself."""
        if name == "fill":
            return self._fill(**given)
        if name == "alter":
            changed = worlds.alter(self.world, **given)
            self._shape_anew()
            return changed
        if name == "grow":
            self.answers.clear()
            worlds.grow(self.world, **given)
        if name == "latency":
            self.latency = given["ms"] / 1000
        asked, self.asked = self.asked, []
        return {"asked": asked, "shaped": self.shaped}

    def _shape_anew(self) -> None:
        """Everything that was asked for before, so that nobody waits for it."""
        kept = list(self.answers)
        self.answers.clear()
        for method, target, body in kept:
            self._shape(method, target, self.headers[method, target, body], body)

    def _fill(self, slug: str, webinars: int, rows: int) -> dict[str, Any]:
        self.world.reset()
        self.answers.clear()
        self.asked.clear()
        worlds.fill(self.world, slug, webinars, rows)
        here = self.world.platform(slug)
        return {
            "platform": slug,
            "base_url": self.world.url("/".join(filter(None, (f"/{slug}", here.api_path)))),
            "credentials": here.accounts[worlds.LABEL].credentials,
            "options": here.demo_options.get(worlds.LABEL, {}),
        }


def written(status: int, body: bytes, headers: dict[str, str]) -> bytes:
    """An answer as it goes over the line."""
    lines = [f"HTTP/1.1 {status} Answer", f"Content-Length: {len(body)}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode() + body


class Line(asyncio.Protocol):
    """One connection: a request, its answer, the next request."""

    def __init__(self, platform: Platform) -> None:
        self.platform = platform
        self.buffer = b""
        self.arrived = 0.0

    def connection_made(self, transport: Any) -> None:
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        self.arrived = self.arrived or time.monotonic()
        self.buffer += data
        head, found, rest = self.buffer.partition(b"\r\n\r\n")
        if not found:
            return
        first, *lines = head.decode("latin-1").split("\r\n")
        headers = {n.lower(): v.strip() for n, _, v in (line.partition(":") for line in lines)}
        length = int(headers.get("content-length", 0))
        if len(rest) < length:
            return
        method, target, _ = first.split(" ", 2)
        self._answer(method, target, headers, rest[:length])
        self.buffer, self.arrived = rest[length:], 0.0

    def _answer(self, method: str, target: str, headers: dict[str, str], body: bytes) -> None:
        if target.startswith(CONTROL):
            name, given = target.removeprefix(CONTROL), json.loads(body or b"{}")
            answer = json.dumps(self.platform.control(name, given)).encode()
            self.transport.write(written(200, answer, {"Content-Type": "application/json"}))
            return
        passed = {name: headers[name] for name in PASSED_ON if name in headers}
        asked = {"method": method, "target": target, "headers": passed, "at": self.arrived}
        self.platform.asked.append({**asked, "body": body.decode()})
        answer = self.platform.answer(method, target, headers, body)
        later = asyncio.get_running_loop().call_later
        if self.platform.latency:
            later(self.platform.latency, self.transport.write, answer)
        else:
            self.transport.write(answer)


async def serve() -> None:
    """Serve on a free port, which is printed, until the process is ended."""
    platform = Platform()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Line(platform), "127.0.0.1", 0)
    platform.world.site = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    sys.stdout.write(platform.world.site + "\n")
    sys.stdout.flush()
    await server.serve_forever()


class Served:
    """The bench's side of the running server."""

    def __init__(self, site: str) -> None:
        self.site = site
        self.line = requests.Session()
        self.line.trust_env = False

    def fill(self, slug: str, *, webinars: int, rows: int) -> dict[str, Any]:
        """Start anew with these; answers how an account is connected to it."""
        return self._ask("fill", slug=slug, webinars=webinars, rows=rows)

    def alter(self, slug: str, share: float) -> int:
        """Edit a share of the rows there; answers how many."""
        return self._ask("alter", slug=slug, share=share)

    def grow(self, slug: str, rows: int) -> None:
        """One webinar more, with so many registrations."""
        self._ask("grow", slug=slug, rows=rows)

    def latency(self, ms: float) -> None:
        """Hold every answer back for so long."""
        self._ask("latency", ms=ms)

    def asked(self) -> list[dict[str, Any]]:
        """The requests since this was asked last, each with `at`, the monotonic clock's seconds."""
        return self._ask("asked")["asked"]

    def shaped(self) -> int:
        """How many answers did not come from memory."""
        return self._ask("asked")["shaped"]

    def _ask(self, name: str, **given: Any) -> Any:
        answer = self.line.post(f"{self.site}{CONTROL}{name}", json=given, timeout=600)
        answer.raise_for_status()
        return answer.json()


@contextmanager
def served() -> Iterator[Served]:
    """A server of one's own, for as long as the block lasts."""
    command = [sys.executable, "-m", "tests.bench.canned"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield Served(process.stdout.readline().strip())
        finally:
            process.terminate()


if __name__ == "__main__":
    asyncio.run(serve())
