"""LiveWebinar's lists: how each is asked for, and what an answer says about its length."""

from typing import Any

from integrations.base.paging import UNSAID, End, Extent, Listing
from integrations.base.reading import Row
from integrations.livewebinar.payloads import PLATFORM

# Seen: 500 for widgets, 100 for what belongs to one of them.
WIDGETS_AT_ONCE, ROWS_AT_ONCE = 500, 100


def listing(what: str, size: int = ROWS_AT_ONCE) -> Listing:
    """The list of so-called rows. The platform may have a smaller limit than is asked for."""
    return Listing(PLATFORM, what, ("data",), size=size, end=End.SHORT_PAGE_UNLESS_ROUND)


WIDGETS = listing("webinar", WIDGETS_AT_ONCE)
FORMS = listing("form")


def extent_of(answer: Any) -> Extent:
    """`meta.pagination` or `meta`, as Laravel's libraries write it (none is documented)."""
    meta = answer.get("meta") if isinstance(answer, dict) else None
    if not isinstance(meta, dict):
        return UNSAID
    inner = meta.get("pagination")
    row = Row(inner if isinstance(inner, dict) else meta, "list", PLATFORM)
    last = row.whole("total_pages")
    return Extent(
        total=row.whole("total"),
        pages=row.whole("last_page") if last is None else last,
        page=row.whole("current_page"),
    )
