"""Which port to listen on."""

import socket

TRIED = 50


def free_port(wanted: int, *, host: str = "127.0.0.1", avoid: frozenset[int] = frozenset()) -> int:
    """The wanted port, or the next free one after it; 0 means any.

    Raises OSError where none of the next `TRIED` ports is free.
    """
    for port in range(wanted, min(wanted + TRIED, 65536)) if wanted else (0,):
        if port in avoid:
            continue
        found = _bound(host, port)
        if found:
            return found
    raise OSError(f"none of the ports {wanted} to {wanted + TRIED - 1} is free")


def _bound(host: str, port: int) -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        # As servers do it: a port whose last connections are fading away counts as free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return 0
        return int(probe.getsockname()[1])
