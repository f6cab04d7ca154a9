"""What a broken line says about the request that was on it."""

import ssl
from traceback import walk_tb

import requests
from urllib3.exceptions import NewConnectionError


def never_sent(error: Exception) -> bool:
    """Whether the request surely did not leave: no name, no connection, no TLS."""
    if isinstance(error, requests.exceptions.ConnectTimeout | UnicodeError):
        return True
    if isinstance(error, requests.exceptions.InvalidURL | requests.exceptions.MissingSchema):
        return True
    if isinstance(error, requests.exceptions.InvalidSchema):
        return True
    reason = getattr(error.args[0] if error.args else None, "reason", None)
    return isinstance(reason, NewConnectionError) or _in_handshake(error)


def _in_handshake(error: BaseException | None) -> bool:
    """Whether TLS failed before it stood. Once it stands, a TLS error may follow a request."""
    while error is not None:
        frames = (frame.f_code.co_name for frame, _ in walk_tb(error.__traceback__))
        if isinstance(error, ssl.SSLError) and "do_handshake" in frames:
            return True
        error = error.__context__
    return False
