"""The sandbox as a running server."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from integrations.sandbox.app import App
from integrations.sandbox.faults import Faults
from integrations.sandbox.journal import Journal
from integrations.sandbox.persist import Keeper
from integrations.sandbox.store import Store
from integrations.sandbox.world import Clock, World

DEMO = "demo"


def _listening(host: str, port: int) -> socket.socket:
    """A bound socket of our own: werkzeug would end the whole process over a taken port."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    return socket.create_server((host, port), family=family, backlog=128)


class QuietHandler(WSGIRequestHandler):
    """Says nothing: the journal has it all, and a URL in a log may hold a key."""

    disable_nagle_algorithm = True

    def log(self, type: str, message: str, *args: Any) -> None:
        pass

    def version_string(self) -> str:
        return "LecternSandbox"


class Sandbox:
    """All platforms on one local HTTP server.

        with Sandbox(seed=False).start() as sandbox:
            client = SomeClient(sandbox.base_url("clickmeeting"), sandbox.api_key("clickmeeting"))
            sandbox.faults.add("cut_after", method="POST", count=1)

    `now` gives the time (aware, UTC) that the platforms live in; `state` is a file that is loaded
    at the start, if it is there, and written after changes. Raises persist.StateUnreadable.
    """

    def __init__(
        self, seed: bool = True, now: Clock | None = None, state: Path | str | None = None
    ) -> None:
        self.world = World(now, seeded=seed)
        self._keeper = Keeper(self.world, Path(state)) if state else None
        self._server: BaseWSGIServer | None = None
        self._thread: threading.Thread | None = None

    def start(self, port: int = 0, host: str = "127.0.0.1", public_url: str = "") -> Sandbox:
        """Serve from a thread of its own; port 0 takes a free one. Raises OSError if taken.

        `public_url` is the address that the emulated platforms write into their answers, where
        it is not the one listened on.
        """
        self.world.stopping.clear()
        with _listening(host, port) as listening:
            self._server = make_server(
                host,
                port,
                App(self.world),
                threaded=True,
                request_handler=QuietHandler,
                fd=listening.fileno(),
            )
        shown = f"[{host}]" if ":" in host else host
        self.world.site = public_url.rstrip("/") or f"http://{shown}:{self._server.port}"
        if self._keeper:
            self._keeper.start()
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.05,), name="sandbox", daemon=True
        )
        self._thread.start()
        return self

    def stop(self) -> None:
        """End serving, also requests that a fault holds up, and save what is not saved yet."""
        self.world.stopping.set()
        if self._server:
            self._server.shutdown()
            self._server.server_close()
            self._server = None
        if self._thread:
            self._thread.join()
        if self._keeper:
            self._keeper.stop()

    def __enter__(self) -> Sandbox:
        return self if self._server else self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def url(self) -> str:
        """Where the control page is."""
        return self.world.site

    @property
    def port(self) -> int:
        if self._server is None:
            raise RuntimeError("The sandbox is not running.")
        return self._server.port

    def base_url(self, slug: str) -> str:
        """What a client of this platform takes as its base URL; no slash at the end."""
        platform = self.world.platform(slug)
        return self.world.url("/".join(filter(None, (f"/{slug}", platform.api_path))))

    def account(self, slug: str, label: str = DEMO) -> Any:
        """The platform's side of an account: its edits are methods, its state is `.store`."""
        return self.world.platform(slug).accounts[label]

    def add_account(self, slug: str, label: str, **credentials: str) -> Any:
        with self.world.lock:
            return self.world.platform(slug).add_account(label, **credentials)

    def credentials(self, slug: str, label: str = DEMO) -> dict[str, str]:
        return dict(self.account(slug, label).credentials)

    def options(self, slug: str, label: str = DEMO) -> dict[str, str]:
        """The options with which an administrator would best connect the account."""
        return dict(self.world.platform(slug).demo_options.get(label, {}))

    def pace(self, slug: str) -> int | None:
        """How many requests a minute an account of the demo makes; None: as the platform allows."""
        return self.world.platform(slug).demo_pace

    def api_key(self, slug: str = "clickmeeting", label: str = DEMO) -> str:
        return self.credentials(slug, label)["api_key"]

    def store(self, slug: str, label: str = DEMO) -> Store:
        store: Store = self.account(slug, label).store
        return store

    def clickmeeting(self, label: str = DEMO) -> Any:
        return self.account("clickmeeting", label)

    @property
    def faults(self) -> Faults:
        return self.world.faults

    @property
    def requests(self) -> Journal:
        return self.world.requests

    @property
    def now(self) -> Callable[[], Any]:
        return self.world.now

    def reset(self, *, seeded: bool | None = None) -> None:
        self.world.reset(seeded=seeded)
