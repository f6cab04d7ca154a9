"""An end to the head of an answer that drips in byte by byte.

A read timeout counts from byte to byte, so a server that sends one each second could hold a worker
for hours. urllib3 offers no total time; its connection is watched here while it reads the head.
The body is watched by `Http` itself.
"""

import socket
import threading
from contextlib import suppress

from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, PoolManager
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.response import HTTPResponse

# A little over the longest silence that is allowed anyway (`http.READ_SECONDS`).
HEAD_SECONDS = 40.0


class _Watched(HTTPConnection):
    """Hangs up on a head that is not complete in time."""

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


class _PlainPool(HTTPConnectionPool):
    ConnectionCls = _Watched


class _SecurePool(HTTPSConnectionPool):
    ConnectionCls = _WatchedSecure


def watch(manager: PoolManager) -> None:
    """Make all connections of a pool manager watched ones."""
    manager.pool_classes_by_scheme = {"http": _PlainPool, "https": _SecurePool}
