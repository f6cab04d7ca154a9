"""Tags for long lists: pages, sortable headers, and the navigation. All are plain links."""

from collections.abc import Mapping
from typing import Any

from django import template
from django.core.paginator import Page
from django.http import QueryDict
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ._library import register

SECTIONS = (
    ("home", _("Home"), "home-line"),
    ("conferences", _("Webinars"), "presentation-chart-bar-line"),
    ("calendar", _("Calendar"), "calendar-days-line"),
    ("people", _("People"), "users-line"),
    ("groups", _("Groups"), "user-group-line"),
    ("accounts", _("Accounts"), "server-stack-line"),
    ("attention", _("Needs attention"), "bell-alert-line"),
)
MAIL = ("mail", _("Mail"), "envelope-line")


def query_with(context: template.Context, changes: Mapping[str, object]) -> str:
    """The page's own query string with ``changes``; None takes a key out."""
    request = context.get("request")
    query = request.GET.copy() if request else QueryDict(mutable=True)
    for key, value in changes.items():
        query.pop(key, None)
        if value is not None:
            query[key] = str(value)
    return f"?{query.urlencode()}"


def _uncounted(page: Page[Any]) -> bool:
    """Whether it belongs to a list that is too long to be counted (see `portal.common.pages`)."""
    return not getattr(page.paginator, "exact", True)


def _about(page: Page[Any]) -> str:
    """Which rows a page of such a list shows, of about how many."""
    counted: Any = page.paginator
    estimated = counted.count > counted.most + 1
    total = round(counted.count, 2 - len(str(counted.count))) if estimated else counted.most
    if page.number == -1:
        said = gettext("The last %(first)d") % {"first": page.start_index()}
    elif page.number < 0:
        said = gettext("%(first)d to %(last)d from the end")
    else:
        said = "%(first)d–%(last)d"
    of_all = gettext("%(rows)s of about %(total)s")
    if not estimated:
        of_all = gettext("%(rows)s of more than %(total)s")
    rows = said % {"first": page.start_index(), "last": page.end_index()}
    return of_all % {"rows": rows, "total": number_format(total, force_grouping=True)}


def _window(page: Page[Any]) -> list[tuple[Any, Any]]:
    """Numbers of pages with what to call them: the first, the last, those around this one."""
    if not _uncounted(page):
        window = page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
        return [(number, number) for number in window]
    near = [page.number + step for step in (-1, 0, 1)]
    near = [n for n in near if n and (n > 0) == (page.number > 0)]
    gap, last = (page.paginator.ELLIPSIS, page.paginator.ELLIPSIS), (-1, gettext("last"))
    found: list[tuple[Any, Any]] = [last if n == -1 else (n, n) for n in near]
    if near[0] > 1:
        found = [(1, 1), gap, *found] if near[0] > 2 else [(1, 1), *found]
    if near[0] < 0:
        found = [(1, 1), gap, *found]
    return found if near[-1] == -1 else [*found, gap, last]


@register.inclusion_tag("components/pagination.html", takes_context=True)
def paginate(
    context: template.Context, page: Page[Any], target: str = "", name: str = "page"
) -> dict[str, Any]:
    """Page links that keep the query string; with ``target`` HTMX swaps that element in place."""

    def link(number: object) -> str:
        return query_with(context, {name: number})

    return {
        "page": page,
        "target": target,
        "said": _about(page) if _uncounted(page) else "",
        "entries": [
            (number, label, link(number) if isinstance(number, int) else "")
            for number, label in _window(page)
        ],
        "earlier": link(page.previous_page_number()) if page.has_previous() else "",
        "later": link(page.next_page_number()) if page.has_next() else "",
    }


@register.inclusion_tag("components/sort_header.html", takes_context=True)
def sort_header(
    context: template.Context, label: str, key: str, name: str = "sort", target: str = ""
) -> dict[str, Any]:
    """A ``<th>`` that sorts ascending, then descending, and returns to the first page."""
    request = context.get("request")
    chosen = request.GET.get(name, "") if request else ""
    return {
        "label": label,
        "target": target,
        "state": {key: "ascending", f"-{key}": "descending"}.get(chosen, ""),
        "url": query_with(context, {name: f"-{key}" if chosen == key else key, "page": None}),
    }


@register.inclusion_tag("components/navigation.html", takes_context=True)
def navigation(context: template.Context) -> dict[str, Any]:
    """The main links; the one whose address the page's own begins with is the current one."""
    request = context.get("request")
    path = request.path if request else ""
    sections = (
        (*SECTIONS, MAIL) if context.get("demo_mode") and context.get("may_act") else SECTIONS
    )
    links = [(reverse(f"staff:{name}"), name, label, icon) for name, label, icon in sections]
    within = [
        url for url, name, *_ in links if path == url or (name != "home" and path.startswith(url))
    ]
    return {
        "links": links,
        "here": max(within, key=len, default=None),
        "exact": path in within,
        "attention_count": context.get("attention_count") or 0,
    }
