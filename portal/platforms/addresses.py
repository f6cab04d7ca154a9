"""What may stand as the address of a platform's API."""

import re
from urllib.parse import SplitResult, urlsplit

from django.utils.translation import gettext as _

LONGEST = 300
_UNSAFE = re.compile(r"[\s\x00-\x1f\x7f<>\"'\\]")


def problem(text: str) -> str:
    """Why the address cannot be used, in a sentence; empty where it can."""
    parts = _parts(text)
    if parts is None or len(text) > LONGEST:
        return _("This is not an address. It begins with https:// and names a server.")
    if parts.username or parts.password or "@" in parts.netloc:
        return _("Leave the name and password out of the address; they have fields of their own.")
    if parts.query or parts.fragment or "?" in text or "#" in text:
        return _("Leave out everything from the ? or # on.")
    return ""


def origin(text: str) -> tuple[str, str, int | None]:
    """Scheme, host and port: who would be given the credentials. Takes a usable address."""
    parts = urlsplit(text)
    usual = {"http": 80, "https": 443}.get(parts.scheme)
    return parts.scheme, parts.hostname or "", parts.port or usual


def _parts(text: str) -> SplitResult | None:
    if _UNSAFE.search(text):
        return None
    try:
        parts = urlsplit(text)
        usable = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:
        return None
    return parts if usable else None
