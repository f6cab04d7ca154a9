"""Tags for what staff press or fill in: buttons, confirmation, menus, fields, conflicts, sync."""

import secrets
from typing import Any

from django.forms import BoundField, CheckboxInput
from django.utils.html import format_html
from django.utils.safestring import SafeString

from ._library import register
from ._show import icon as draw
from ._words import SYNC_STATES, appearance_of


def _fresh_id(prefix: str) -> str:
    return f"{prefix}-{secrets.token_hex(4)}"


@register.inclusion_tag("components/button.html")
def button(label: str, **options: object) -> dict[str, object]:
    """A button or link; with ``reason`` it is off and says why (see the template's head)."""
    return {"label": label, "why_id": _fresh_id("why"), **options}


@register.inclusion_tag("components/post_button.html")
def post_button(label: str, url: str, **options: object) -> dict[str, object]:
    """A form of one button: an action that changes something, without a page of its own."""
    return {"label": label, "url": url, **options}


@register.inclusion_tag("components/confirm.html")
def confirm(
    label: str, url: str, title: str, consequence: str, **options: object
) -> dict[str, Any]:
    """A button that first names the consequence (see the template's head)."""
    given = {"label": label, "url": url, "title": title, "consequence": consequence}
    return {**given, "dialog_id": _fresh_id("confirm"), **options}


@register.inclusion_tag("components/sync_line.html")
def sync_line(state: object, **options: object) -> dict[str, object]:
    """One line for one remote copy: state, last check, plain reason, retry."""
    return {"state": state, "appearance": appearance_of(state, SYNC_STATES), **options}


@register.inclusion_tag("components/diff.html")
def diff(ours: object, theirs: object, **options: object) -> dict[str, object]:
    """Both values of a conflict side by side, each with its button (see the template's head)."""
    return {"ours": ours, "theirs": theirs, **options}


@register.inclusion_tag("components/field.html")
def field(bound: BoundField, label: str = "") -> dict[str, object]:
    """Label, help, control and errors of one form field, tied together for screen readers."""
    if bound.field.required and not (bound.form.use_required_attribute or bound.use_fieldset):
        bound.field.widget.attrs.setdefault("aria-required", "true")  # the mark is for eyes alone
    return {
        "field": bound,
        "label": label or bound.label,
        "is_check": isinstance(bound.field.widget, CheckboxInput),
        "help_id": f"{bound.auto_id}_helptext",
        "error_id": f"{bound.auto_id}_error",
    }


@register.simple_block_tag
def menu(content: str, label: str, icon: str = "", hide_label: bool = False) -> SafeString:
    """A menu on ``<details>``: opens without script. Inside: ``.menu-item`` links and forms."""
    drawing = draw(icon) if icon else ""
    words = format_html(
        '<span class="{}">{}</span>', "visually-hidden" if hide_label else "", label
    )
    sign = draw("chevron-down", size="sm") if not hide_label else ""
    classes = "btn btn-icon btn-quiet" if hide_label else "btn"
    return format_html(
        '<details class="menu" data-menu><summary class="{}">{}{}{}</summary>'
        '<div class="menu-panel">{}</div></details>',
        classes,
        drawing,
        words,
        sign,
        content,
    )


@register.simple_block_tag
def card(content: str, title: str = "", icon: str = "", flush: bool = False) -> SafeString:
    """A surface with an optional heading; ``flush`` leaves out the inner margin (tables, rows)."""
    drawing = draw(icon) if icon else ""
    head = (
        format_html('<div class="card-head"><h2>{}{}</h2></div>', drawing, title) if title else ""
    )
    body = content if flush else format_html('<div class="card-body">{}</div>', content)
    return format_html('<section class="card">{}{}</section>', head, body)
