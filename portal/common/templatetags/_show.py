"""Tags that show one thing: icon, badge, state, time, person, platform, theme."""

import re
from datetime import date, datetime, tzinfo
from functools import cache
from zlib import crc32

from django import template
from django.conf import settings
from django.template.loader import get_template
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from portal.common import dates, texts
from portal.common.texts import Text

from . import _times
from ._library import register
from ._words import (
    ICON_OF_KIND,
    KIND_OF_MESSAGE,
    STATES,
    SYNC_STATES,
    Appearance,
    appearance_of,
)

AVATAR_KINDS = ("accent", "info", "success", "warning", "neutral")
THEMES = ("light", "dark")


@cache
def _drawing(name: str) -> str:
    drawing = get_template(f"components/icons/{name}.svg").render().strip()
    return drawing.replace(' xmlns="http://www.w3.org/2000/svg"', "", 1)  # HTML knows an svg


@cache
def _in_styles() -> frozenset[str]:
    """The icons that lists show in every row: the styles draw them (tools/write_icons.py)."""
    styles = settings.BASE_DIR / "static/css/icons.css"
    return frozenset(re.findall(r"^\.i-([\w-]+)", styles.read_text(), re.MULTILINE))


@register.simple_tag
def icon(name: str, label: str = "", size: str = "", extra: str = "") -> SafeString:
    """One icon, drawn here or by the styles. Silent unless ``label`` names it.

    Raises TemplateDoesNotExist for a name that ``templates/components/icons/`` does not hold.
    """
    if label:
        return _icon(name, format_html(' role="img" aria-label="{}"', label), size, extra)
    return _silent_icon(name, size, extra)


@cache
def _silent_icon(name: str, size: str, extra: str) -> SafeString:
    """Made once: a long list shows the same few in every row."""
    return _icon(name, SafeString(), size, extra)


def _icon(name: str, voice: SafeString, size: str, extra: str) -> SafeString:
    classes = " ".join(filter(None, ["icon", size and f"icon-{size}", extra]))
    if name in _in_styles():
        return format_html('<i class="{} i-{}"{}></i>', classes, name, voice)
    opening = format_html('<svg class="{}"{}', classes, voice or mark_safe(' aria-hidden="true"'))
    return mark_safe(_drawing(name).replace("<svg", opening, 1))  # noqa: S308 (our own files)


def _badge(look: Appearance, classes: str) -> SafeString:
    drawing = (
        icon(look.icon, extra="spin" if look.icon == "arrow-path" else "") if look.icon else ""
    )
    return format_html(
        '<span class="{} kind-{}">{}{}</span>', classes, look.kind, drawing, look.word
    )


@register.simple_tag
def badge(label: str, kind: str = "neutral", icon: str = "") -> SafeString:
    """A word on a soft ground; ``kind`` is one of neutral, info, accent, success, warning, …"""
    return _badge(Appearance(label, kind, icon), "badge")


@register.simple_tag
def state_chip(state: object, label: str = "") -> SafeString:
    """The webinar's own state: draft, scheduled, live, ended, cancelled."""
    look = appearance_of(state, STATES)
    return _badge(look._replace(word=label or look.word), "badge")


@register.simple_tag
def sync_chip(line: object, label: str = "") -> SafeString:
    """The state of the copy on the platform, kept apart from the webinar's own.

    ``line`` is a state or a whole sync line; what waits for a person leads to the decision.
    """
    look = appearance_of(getattr(line, "state", line), SYNC_STATES)
    chip = _badge(look._replace(word=label or look.word), "sync")
    if conflict := getattr(line, "conflict_id", None):
        url, hint = reverse("staff:conflict-resolve", args=[conflict]), _("Decide what is right")
        return format_html('<a href="{}" title="{}">{}</a>', url, hint, chip)
    return chip


@register.filter
def shown(said: Text | str) -> str:
    """What a room says (a label, a sentence, help) in the active language."""
    return texts.shown(said) if said else ""


@register.filter
def within(label: object) -> str:
    """A label in the middle of a sentence."""
    return texts.within(str(label))


@register.filter
def appearance(state: object, table: str = "state") -> Appearance:
    """The word, kind and icon of a state: ``{% with l=link.state|appearance:"sync" %}``."""
    return appearance_of(state, SYNC_STATES if table == "sync" else STATES)


@register.filter
def written(day: date, form: str) -> str:
    """A day in one of the forms of `portal/common/dates.py`: ``{{ day|written:"short_day" }}``."""
    return dates.written(day, getattr(dates, form.upper()))


@register.filter
def kind_icon(kind: str) -> str:
    """The icon that goes with a kind where the page names none."""
    return ICON_OF_KIND.get(kind, "information-circle")


@register.filter
def message_kind(level_tag: str) -> str:
    """The kind of one of Django's message levels."""
    return KIND_OF_MESSAGE.get(level_tag, level_tag or "neutral")


@register.filter
def message_fades(level_tag: str) -> bool:
    """Whether a message may leave by itself: good news may, a warning or an error stays."""
    return level_tag in ("info", "success")


@register.simple_tag
def when(
    instant: datetime | None,
    zone: str | tzinfo | None = None,
    style: str = "long",
    end: datetime | None = None,
    empty: str = "",
    hint: bool = True,
) -> SafeString:
    """An instant in the viewer's zone, with the clock of ``zone`` beside it where it differs.

    ``style`` is long, short, date, time or ago; ``end`` adds the end's clock; without ``hint`` the
    day is not said once more, since it stands above.
    """
    if instant is None:
        return format_html('<span class="muted">{}</span>', empty or _("not yet"))
    here = timezone.localtime(instant)
    text = _times.ago(instant) if style == "ago" else _times.shaped(here, style)
    if end is not None:
        text = f"{text}–{_times.shaped(timezone.localtime(end), 'time')}"
    if style == "long":
        text = f"{text} {_times.abbreviation(here)}"
    title = _whole(here, text) if hint and (style != "long" or end is not None) else ""
    beside = _times.elsewhere(instant, here, zone)
    # What stands between two tags is lost within {% spaceless %}: the space is the time's own.
    text = f"{text} " if beside else text
    stamp = format_html('<time datetime="{}"{}>{}</time>', _times.machine(instant), title, text)
    return format_html('{}<span class="when-zone">({})</span>', stamp, beside) if beside else stamp


def _whole(here: datetime, text: str) -> str:
    """The day and the time as the title of a shorter text."""
    full = f"{_times.shaped(here, 'long')} {_times.abbreviation(here)}"
    return format_html(' title="{}"', full) if text != full else ""


@register.simple_tag
def avatar(name: str, size: str = "") -> SafeString:
    """Initials on a soft ground; the colour follows the name. Decoration: a name stands beside."""
    words = [
        word for word in str(name).replace("@", " ").replace(".", " ").split() if word[0].isalnum()
    ]
    initials = "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper() or "?"
    kind = AVATAR_KINDS[crc32(str(name).encode()) % len(AVATAR_KINDS)]
    classes = f"avatar avatar-{size}" if size else "avatar"
    return format_html(
        '<span class="{} kind-{}" aria-hidden="true">{}</span>', classes, kind, initials
    )


@register.simple_tag
def platform(slug: str, label: str = "") -> SafeString:
    """A platform's icon and name; a platform without an icon of its own gets the common one."""
    try:
        drawing = icon(f"platform-{slug}")
    except template.TemplateDoesNotExist:
        drawing = icon("platform")
    return format_html('<span class="platform">{}{}</span>', drawing, label or slug)


@register.simple_tag(takes_context=True)
def theme_attribute(context: template.Context) -> SafeString:
    """The person's stored choice on ``<html>``, so that no page flickers; nothing: the system's."""
    request = context.get("request")
    chosen = request.COOKIES.get("lectern_theme") if request else None
    return format_html(' data-bs-theme="{}"', chosen) if chosen in THEMES else mark_safe("")
