"""What a broken line says about the request that was on it."""

import ssl
from traceback import walk_tb

import requests
from urllib3.exceptions import NewConnectionError, ProxyError


def never_sent(error: Exception) -> bool:
    """Whether the request surely did not leave: no name, no connection, no TLS, no way through
    the proxy."""
    if isinstance(error, requests.exceptions.ConnectTimeout | UnicodeError):
        return True
    if isinstance(error, requests.exceptions.InvalidURL | requests.exceptions.MissingSchema):
        return True
    if isinstance(error, requests.exceptions.InvalidSchema):
        return True
    reason = getattr(error.args[0] if error.args else None, "reason", None)
    if isinstance(reason, ProxyError):
        # That alone proves nothing: urllib3 says so too of a line that broke behind the proxy.
        reason = reason.original_error
    return isinstance(reason, NewConnectionError) or _on_the_way(error)


def _on_the_way(error: BaseException | None) -> bool:
    """Whether TLS, or the proxy's tunnel, failed before it stood. Once it stands, the same error
    may follow a request."""
    while error is not None:
        frames = {frame.f_code.co_name for frame, _ in walk_tb(error.__traceback__)}
        if isinstance(error, ssl.SSLError) and "do_handshake" in frames:
            return True
        if isinstance(error, OSError) and "_tunnel" in frames:
            return True
        error = error.__context__
    return False
