"""Tags for long lists: pages, sortable headers, and the navigation. All are plain links."""

from collections.abc import Mapping
from typing import Any

from django import template
from django.core.paginator import Page
from django.http import QueryDict
from django.urls import reverse
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


@register.inclusion_tag("components/pagination.html", takes_context=True)
def paginate(
    context: template.Context, page: Page[Any], target: str = "", name: str = "page"
) -> dict[str, Any]:
    """Page links that keep the query string; with ``target`` HTMX swaps that element in place."""

    def link(number: object) -> str:
        return query_with(context, {name: number})

    window = page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
    return {
        "page": page,
        "target": target,
        "entries": [(number, link(number) if isinstance(number, int) else "") for number in window],
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
