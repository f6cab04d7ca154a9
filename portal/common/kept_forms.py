"""What somebody typed into a form survives the end of their session.

The fields travel through the sign-in page, encrypted, and are offered once more after it, to the
person who typed them: nothing is stored on the server, and nothing is saved before that person
presses the button.
"""

import json
import zlib
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from cryptography.fernet import InvalidToken
from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import CSRF_ALLOWED_CHARS, CSRF_SECRET_LENGTH, CSRF_TOKEN_LENGTH
from django.utils.crypto import salted_hmac

from portal.common.fields import fernet

SALT = "portal.common.kept_forms"
MOST_CHARACTERS = 500_000  # of the encrypted text; a larger form is not kept
MAX_AGE = 24 * 3600  # seconds
# Which sign-ins there were in this browser, and whose; a page's token names its sign-in.
COOKIE, MOST_SIGN_INS = "signins", 8
# Secrets are typed again: they do not travel through a page.
_SECRET_WORDS = ("password", "secret", "token", "key", "credential")


@dataclass(frozen=True, slots=True)
class KeptForm:
    """A form that was sent and not accepted: its address and its fields, in their order.

    `owner` is the key of the user to whom its page was shown."""

    path: str
    fields: list[tuple[str, str]]
    left_out: bool
    owner: int

    @property
    def page(self) -> str:
        """The address without its question: what names the page to a person."""
        return urlsplit(self.path).path


def keep(request: HttpRequest) -> str:
    """The posted form, encrypted; empty where it is too much, or nobody knows whose it is. A
    button alone is kept too: its address takes no other question than its own."""
    owner = _owner(request)
    if owner is None:
        return ""
    fields, left_out = [], bool(request.FILES)
    for name, values in request.POST.lists():
        if name == "csrfmiddlewaretoken":
            continue
        if is_secret(name):
            left_out = left_out or any(values)
            continue
        fields += [(name, str(value)) for value in values]
    told = {"path": request.get_full_path(), "fields": fields, "left_out": left_out, "owner": owner}
    kept = fernet().encrypt(zlib.compress(json.dumps(told).encode())).decode()
    return kept if len(kept) <= MOST_CHARACTERS else ""


def is_secret(name: str) -> bool:
    """Whether a field of this name holds what is typed again, and not kept."""
    return any(word in name.casefold() for word in _SECRET_WORDS)


def read(text: str) -> KeptForm | None:
    """The form that `keep` encrypted; None for anything else, or after a day."""
    if not text or len(text) > MOST_CHARACTERS:
        return None
    try:
        told = json.loads(zlib.decompress(fernet().decrypt(text.encode(), ttl=MAX_AGE)))
    except (InvalidToken, UnicodeError):
        return None
    fields = [(str(name), str(value)) for name, value in told["fields"]]
    return KeptForm(told["path"], fields, bool(told["left_out"]), int(told["owner"]))


def remember_sign_in(request: HttpRequest, response: HttpResponse) -> None:
    """Let the browser of somebody signed in carry whose its pages are, for when the session has
    ended and the server no longer knows."""
    token = request.META.get("CSRF_COOKIE")
    if not token or request.user.pk is None:
        return
    known = _sign_ins(request)
    this = [_named(token), request.user.pk]
    if this not in known:
        told = signing.dumps([*known, this][-MOST_SIGN_INS:], salt=SALT)
        response.set_cookie(
            COOKIE, told, max_age=MAX_AGE, httponly=True, samesite="Lax", secure=settings.HTTPS
        )


def _sign_ins(request: HttpRequest) -> list[Any]:
    try:
        found = signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=MAX_AGE)
    except signing.BadSignature:
        return []
    return list(found)


def _owner(request: HttpRequest) -> int | None:
    """To whom the page was shown that sent this form; None where that cannot be known."""
    token = request.POST.get("csrfmiddlewaretoken") or request.headers.get("X-CSRFToken", "")
    named = _named(token)
    return next((pk for one, pk in reversed(_sign_ins(request)) if named and one == named), None)


def _named(token: str) -> str:
    """What names a sign-in: its token, which every page masks in another way; empty for none."""
    signs = CSRF_ALLOWED_CHARS
    if not (token.isascii() and token.isalnum()):
        return ""
    if len(token) == CSRF_TOKEN_LENGTH:
        mask, masked = token[:CSRF_SECRET_LENGTH], token[CSRF_SECRET_LENGTH:]
        pairs = zip(masked, mask, strict=True)
        token = "".join(signs[signs.index(x) - signs.index(y)] for x, y in pairs)
    return salted_hmac(SALT, token).hexdigest()[:24] if len(token) == CSRF_SECRET_LENGTH else ""


def from_own_page(request: HttpRequest) -> bool:
    """Whether one of our own pages sent this form, as the browser says: no other site can.

    Only then may it be offered again with a fresh token.
    """
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site == "same-origin"
    origin = urlsplit(request.headers.get("Origin", ""))
    return origin.netloc == request.get_host()
