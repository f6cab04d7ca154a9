"""What somebody typed into a form survives the end of their session.

The fields travel through the sign-in page, signed, and are offered once more after it: nothing is
stored on the server, and nothing is saved before the person presses the button.
"""

from dataclasses import dataclass
from urllib.parse import urlsplit

from django.core import signing
from django.http import HttpRequest

SALT = "portal.common.kept_forms"
MOST_CHARACTERS = 500_000  # of the signed text; a larger form is not kept
MAX_AGE = 24 * 3600  # seconds
# Secrets are typed again: they do not travel through a page.
_SECRET_WORDS = ("password", "secret", "token", "key", "credential")


@dataclass(frozen=True, slots=True)
class KeptForm:
    """A form that was sent and not accepted: its address and its fields, in their order."""

    path: str
    fields: list[tuple[str, str]]
    left_out: bool

    @property
    def page(self) -> str:
        """The address without its question: what names the page to a person."""
        return urlsplit(self.path).path


def keep(request: HttpRequest) -> str:
    """The posted form as a signed text; empty where it is too much. A button alone is kept too:
    its address takes no other question than its own."""
    fields, left_out = [], bool(request.FILES)
    for name, values in request.POST.lists():
        if name == "csrfmiddlewaretoken":
            continue
        if any(word in name.casefold() for word in _SECRET_WORDS):
            left_out = left_out or any(values)
            continue
        fields += [(name, str(value)) for value in values]
    told = {"path": request.get_full_path(), "fields": fields, "left_out": left_out}
    kept = signing.dumps(told, salt=SALT, compress=True)
    return kept if len(kept) <= MOST_CHARACTERS else ""


def read(text: str) -> KeptForm | None:
    """The form that `keep` signed; None for anything else, or after a day."""
    if not text or len(text) > MOST_CHARACTERS:
        return None
    try:
        told = signing.loads(text, salt=SALT, max_age=MAX_AGE)
    except signing.BadSignature:
        return None
    fields = [(str(name), str(value)) for name, value in told["fields"]]
    return KeptForm(told["path"], fields, bool(told["left_out"]))


def from_own_page(request: HttpRequest) -> bool:
    """Whether one of our own pages sent this form, as the browser says: no other site can.

    Only then may it be offered again with a fresh token.
    """
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site == "same-origin"
    origin = urlsplit(request.headers.get("Origin", ""))
    return origin.netloc == request.get_host()
