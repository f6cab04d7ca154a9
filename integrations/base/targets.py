"""Where a file may be fetched that a platform names: on the open internet, or where the account is.

A platform that is taken over, or lies, must not make us read what stands inside this network: the
machine itself, its neighbours, the metadata service of a cloud. What counts is the address that a
line is really connected to; a name may lead elsewhere a moment later.
"""

import socket
from collections.abc import Iterator
from contextlib import suppress
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from urllib.parse import urlsplit

Address = IPv4Address | IPv6Address
# Where clouds hand out keys to whoever asks from inside; some look like any other address.
METADATA = frozenset(
    ip_address(one)
    for one in (
        "169.254.169.254",
        "fd00:ec2::254",
        "100.100.100.200",
        "192.0.0.192",
        "168.63.129.16",
    )
)
# What translates to an IPv4 address: NAT64 (RFC 6052, 8215), and SIIT's (RFC 2765).
_TRANSLATED = (
    IPv6Network("64:ff9b::/96"),
    IPv6Network("64:ff9b:1::/48"),
    IPv6Network("::ffff:0:0:0/96"),
)
_COMPATIBLE = IPv6Network("::/96")
HERE = ("localhost", "localdomain", "internal", "local", "lan", "home.arpa")


class Targets:
    """What may be reached for one account: the internet, and the account's own host."""

    def __init__(self, base_url: str) -> None:
        self.own = ""
        with suppress(ValueError):  # what is no address is told where it is used
            self.own = _plain(urlsplit(base_url).hostname or "")

    def allows(self, host: str, connected: str) -> bool:
        """Whether a line to `host` may be used, that is connected to the address `connected`."""
        try:
            address = ip_address(connected.partition("%")[0])
        except ValueError:
            return False
        if _plain(host) == self.own:
            # The account is there, so it may be inside; but its name must not lead to a neighbour
            # that no account has any business with.
            return address == literal(self.own) or not _never(address)
        return is_public(address)

    def names(self, host: str, *, resolve: bool = False) -> bool:
        """Whether a host may be asked for at all, before anything is connected. With `resolve`
        (the way leads through a proxy, whose connections nobody here sees) its name is looked up,
        and a name that only the proxy knows is let through."""
        host = _plain(host)
        if not host:
            return False
        address = literal(host)
        if address is not None:
            return self.allows(host, str(address))
        if host == self.own:
            return True
        if any(host == name or host.endswith(f".{name}") for name in HERE):
            return False
        return not resolve or all(self.allows(host, found) for found in _resolved(host))


def is_public(address: Address) -> bool:
    """Whether an address stands on the open internet, and so does any that is wrapped in it."""
    return all(
        one.is_global and not one.is_multicast and one not in METADATA for one in _wrapped(address)
    )


def literal(host: str) -> Address | None:
    """The address that a host is, in any notation that a resolver takes: 127.1, 0x7f000001."""
    host = host.strip("[]").partition("%")[0]
    with suppress(ValueError):
        return ip_address(host)
    with suppress(OSError, UnicodeError, ValueError):
        return IPv4Address(socket.inet_aton(host))
    return None


def _never(address: Address) -> bool:
    return any(
        one.is_link_local or one.is_unspecified or one.is_multicast or one in METADATA
        for one in _wrapped(address)
    )


def _wrapped(address: Address) -> Iterator[Address]:
    """The address, and every IPv4 address that stands in it."""
    yield address
    if isinstance(address, IPv4Address):
        return
    last = IPv4Address(int(address) & 0xFFFFFFFF)
    if (
        address.ipv4_mapped
        or any(address in net for net in _TRANSLATED)
        or (address in _COMPATIBLE and int(address) > 1)
    ):
        yield last
    if address.sixtofour:
        yield address.sixtofour
    if address.teredo:
        yield from address.teredo


def _resolved(host: str) -> list[str]:
    try:
        return [str(found[4][0]) for found in socket.getaddrinfo(host, None)]
    except (OSError, UnicodeError):
        return []


def _plain(host: str) -> str:
    return host.strip("[]").rstrip(".").lower()
