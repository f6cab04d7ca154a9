"""Connections that are watched: an end to a head that drips, and no line into this network.

A read timeout counts from byte to byte, so a server that sends one each second could hold a worker
for hours. urllib3 offers no total time; its connection is watched here while it reads the head.
The body is watched by `Http` itself.
"""

import socket
import threading
from collections.abc import Callable
from contextlib import suppress

from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, PoolManager
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import NewConnectionError
from urllib3.response import HTTPResponse

Allows = Callable[[str, str], bool]

# A little over the longest silence that is allowed anyway (`http.READ_SECONDS`).
HEAD_SECONDS = 40.0


class Forbidden(NewConnectionError):
    """The line would have led to where nothing may be fetched from."""


class _Watched(HTTPConnection):
    """Hangs up on a head that is not complete in time, and where `allows` says no."""

    # Called with the host and the address that is connected; None allows all.
    allows: Allows | None = None

    def _new_conn(self) -> socket.socket:
        line = super()._new_conn()
        if self.allows is not None and not self.allows(self.host, line.getpeername()[0]):
            line.close()
            raise Forbidden(self, "nothing is fetched from there")
        return line

    # urllib3 answers another class than http.client, of which it is a child.
    def getresponse(self) -> HTTPResponse:  # type: ignore[override]
        late = threading.Event()
        watch = threading.Timer(HEAD_SECONDS, self._hang_up, [late])
        watch.daemon = True
        watch.start()
        try:
            answer = super().getresponse()
        finally:
            watch.cancel()
        if late.is_set():
            # A head that ends early reads like a complete one.
            raise TimeoutError("the head of the answer dripped for too long")
        return answer

    def _hang_up(self, late: threading.Event) -> None:
        late.set()
        line = self.sock
        if line is not None:
            with suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)


class _WatchedSecure(_Watched, HTTPSConnection):
    pass


def watch(manager: PoolManager, allows: Allows | None = None) -> None:
    """Make all connections of a pool manager watched ones."""
    check = {"allows": staticmethod(allows) if allows else None}
    plain = type("Plain", (_Watched,), check)
    secure = type("Secure", (_WatchedSecure,), check)
    manager.pool_classes_by_scheme = {
        "http": type("PlainPool", (HTTPConnectionPool,), {"ConnectionCls": plain}),
        "https": type("SecurePool", (HTTPSConnectionPool,), {"ConnectionCls": secure}),
    }
