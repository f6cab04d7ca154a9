"""WebinarFuel's lists, and what an answer says about the length of one."""

from typing import Any

from integrations.base.paging import End, Extent, Listing
from integrations.base.reading import Row
from integrations.webinarfuel.payloads import PLATFORM

# The greatest page and the most sessions of a webinar [document, URI Parameters].
PAGE = SESSIONS = 50


def _listing(envelope: str, what: str, ident: str = "id") -> Listing:
    """A list ends at the last page that `meta` names, else at an empty one
    [document, Retrieve all]."""
    return Listing(PLATFORM, what, (envelope,), ident, PAGE, End.EMPTY_PAGE)


WEBINARS = _listing("webinars", "webinar")
REGISTRANTS = _listing("registrants", "registrant")
VIEWINGS = _listing("sessions", "registrant session", "cid")


def extent_of(answer: Any) -> Extent:
    """`meta`, which the document shows beside every list."""
    meta = answer.get("meta") if isinstance(answer, dict) else None
    row = Row({} if meta is None else meta, "list", PLATFORM)
    return Extent(row.whole("total_items"), row.whole("total_pages"), row.whole("page"))
