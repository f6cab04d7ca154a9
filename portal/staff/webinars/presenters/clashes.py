"""What else takes place at the time that was typed, as a warning that is answered once."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from portal.common import zones
from portal.common.dates import CLOCK, written
from portal.conferences.schedule.services.clashes import Beside, Clashes, WithGroup
from portal.staff.presenters.words import number

ANYWAY = "anyway"  # posted with the mark of the clashes that somebody has seen and accepts
SHOWN = 3
MOST_DATES = 5  # of a series, by name
UNANSWERED = gettext_lazy(
    "Something else takes place at that time. Choose another time, or tick "
    "“Keep this time anyway” below it and press the button again."
)


@dataclass(frozen=True, slots=True)
class Line:
    """One reason, the webinars that are meant (the first of them), and how many more."""

    text: str
    others: Sequence[dict[str, Any]]
    more: int = 0


@dataclass(frozen=True, slots=True)
class ClashWarning:
    """The clashes of what is planned. `asks` is false where nothing is decided by what is shown:
    nobody moves it, or it stays a draft. Times are by the clock by which it is planned (`zone`),
    so that they can be compared with what was typed; else by the viewer's."""

    found: Clashes
    account: str
    asks: bool
    data: Mapping[str, Any]
    zone: str = ""

    @property
    def answered(self) -> bool:
        """Whether somebody has said "anyway" to just these."""
        return bool(self.found) and self.data.get(ANYWAY) == self.found.mark

    @property
    def open(self) -> bool:
        """Whether somebody has still to be asked."""
        return self.asks and bool(self.found) and not self.answered

    @property
    def lines(self) -> list[Line]:
        """All of them in words."""
        found = self.found
        lines = [self._on_account()] if found.account else []
        lines += [self._line(_speaker(one.name), [one.other]) for one in found.speakers[:SHOWN]]
        if more := found.speakers[SHOWN:]:
            lines.append(self._line(_more_speakers(len(more)), [one.other for one in more]))
        lines += [self._line(_group(one), [one.other]) for one in found.groups[:SHOWN]]
        if rest := found.groups[SHOWN:]:
            lines.append(self._line(_more_groups(len(rest)), [one.other for one in rest]))
        lines += [self._line(_people(one.count), [one.other]) for one in found.people[:SHOWN]]
        return lines

    @property
    def beside(self) -> Line | None:
        """What is only worth knowing."""
        if not self.found.beside:
            return None
        said = ngettext(
            "Another webinar runs on this account at that time",
            "Other webinars run on this account at that time",
            len(self.found.beside),
        )
        return self._line(said, self.found.beside)

    def _on_account(self) -> Line:
        clash = self.found.account
        if clash is None:
            return Line("", [])
        said = ngettext(
            "%(account)s can run %(rooms)d webinar at a time; with this one it would be %(now)d:",
            "%(account)s can run %(rooms)d webinars at a time; with this one it would be %(now)d:",
            clash.rooms,
        )
        named = {"account": self.account, "rooms": clash.rooms, "now": clash.running}
        return self._line(said % named, clash.others)

    @property
    def everything(self) -> list[SafeString | str]:
        """The same, and what is only worth knowing."""
        return [*self.sentences, *([_sentence(self.beside)] if self.beside else [])]

    @property
    def sentences(self) -> list[SafeString | str]:
        """The same for a page that asks before an act: each line with its links."""
        return [_sentence(line) for line in self.lines]

    def _line(self, text: str, others: Sequence[Beside]) -> Line:
        return _with(text, others, self.zone)


def on_dates(found: Iterable[tuple[str, Clashes]], account: str) -> dict[str, Any]:
    """The dates on which something else takes place: how many, and the first of them in words."""
    warned = [
        {"when": when, "warning": ClashWarning(one, account, asks=False, data={})}
        for when, one in found
        if one or one.beside
    ]
    return {"clashing": len(warned), "clashes": warned[:MOST_DATES]}


def _with(text: str, others: Sequence[Beside], zone: str) -> Line:
    rows = [
        {
            "title": one.title,
            "url": reverse("staff:conference", args=[one.pk]),
            "when": _span(one, zone),
            "account": one.account,
        }
        for one in others[:SHOWN]
    ]
    return Line(text, rows, max(0, len(others) - SHOWN))


def _span(one: Beside, zone: str) -> str:
    place = zones.zone(zone) if zone else None
    start, end = (timezone.localtime(at, place) for at in (one.starts_at, one.ends_at))
    return f"{written(start, CLOCK)}–{written(end, CLOCK)}"


def _speaker(name: str) -> str:
    return _("%(person)s is at another webinar:") % {"person": name}


def _more_speakers(count: int) -> str:
    said = ngettext(
        "%(count)d more moderator is at another webinar:",
        "%(count)d more moderators are at other webinars:",
        count,
    )
    return said % {"count": count}


def _group(one: WithGroup) -> str:
    if one.size is None:
        return _("“%(group)s” is invited to another webinar too:") % {"group": one.name}
    said = ngettext(
        "“%(group)s” (%(count)s person) is invited to another webinar too:",
        "“%(group)s” (%(count)s people) is invited to another webinar too:",
        one.size,
    )
    return said % {"group": one.name, "count": number(one.size)}


def _more_groups(count: int) -> str:
    said = ngettext(
        "%(count)d more group is invited to another webinar:",
        "%(count)d more groups are invited to other webinars:",
        count,
    )
    return said % {"count": count}


def _people(count: int) -> str:
    said = ngettext(
        "%(count)d person is invited to, or registered for, another webinar too:",
        "%(count)d people are invited to, or registered for, another webinar too:",
        count,
    )
    return said % {"count": count}


def _sentence(line: Line) -> SafeString:
    named = [format_html('<a href="{}">{}</a>', one["url"], one["title"]) for one in line.others]
    more = _("and %(count)d more") % {"count": line.more} if line.more else ""
    some: list[SafeString | str] = [line.text, *named, more]
    text = SafeString("")
    for one in filter(None, some):
        text = format_html("{} {}", text, one) if text else format_html("{}", one)
    return text
