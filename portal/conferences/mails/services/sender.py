"""Who a message comes from, and where answers go: what its account says, else the installation."""

import re
from email.utils import formataddr, parseaddr

from django.conf import settings
from django.utils.encoding import punycode

from portal.platforms.models import PlatformAccount

_HEADER_BREAKERS = re.compile(r"[\x00-\x1f\x7f\u2028\u2029\u0085]+")


def header_safe(text: str) -> str:
    """Text that cannot end a header line."""
    return " ".join(_HEADER_BREAKERS.sub(" ", text).split())


def sender_of(account: PlatformAccount) -> tuple[str, str]:
    """Name and address; each that the account leaves empty is the installation's."""
    name, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    return header_safe(account.sender_name) or name, _written(account.sender_address) or address


def from_header(account: PlatformAccount) -> str:
    """The same as one line."""
    return formataddr(sender_of(account))


def reply_to(account: PlatformAccount) -> list[str]:
    """Where answers go; empty where they go to the sender."""
    return [_written(account.reply_to)] if account.reply_to else []


def _written(address: str) -> str:
    """As headers take it: a domain of other letters in its ASCII form."""
    local, _, domain = address.rpartition("@")
    return f"{local}@{punycode(domain)}" if local else address
