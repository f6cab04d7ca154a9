"""From which address a request comes, as far as it can be known: what a client says is not."""

from ipaddress import IPv6Address, IPv6Network, ip_address
from typing import Any

from django.conf import settings
from django.http import HttpRequest


def client_address(request: HttpRequest, *_: Any) -> str | None:
    """The client's address behind PROXY_COUNT proxies; None where there is none (a socket file).

    Each proxy adds, at the right end of X-Forwarded-For, the address that it was asked from. So
    only the entry that the outermost of our proxies wrote is true; what stands left of it, a
    client may have made up. An IPv6 client owns a network of /64, and counts as that.
    """
    peer = _address(request.META.get("REMOTE_ADDR", ""))
    if settings.PROXY_COUNT < 1:
        return peer
    said = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
    if len(said) < settings.PROXY_COUNT:
        return peer  # it did not come through the proxies
    return _address(said[-settings.PROXY_COUNT]) or peer


def _address(text: str) -> str | None:
    text = text.strip()
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        found = ip_address(text.partition("%")[0])
    except ValueError:
        return None
    if isinstance(found, IPv6Address):
        if found.ipv4_mapped:
            return str(found.ipv4_mapped)
        return str(IPv6Network((found, 64), strict=False).network_address)
    return str(found)
