"""Sessions, attendance and recordings as tables, and the lines of a CSV file."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Count, QuerySet
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from integrations.base.records import Kind
from portal.common.texts import shown
from portal.conferences.models import Attendance, Recording, Session
from portal.platforms.models import PlatformAccount
from portal.staff.presenters import words

HEADERS = (_("Name"), _("E-mail"), _("Role"), _("Joined"), _("Left"), _("Minutes"))


def chosen(rows: Sequence[Session], asked: str) -> Session | None:
    """The session that was asked for, else the latest."""
    for row in rows:
        if str(row.pk) == asked:
            return row
    return rows[0] if rows else None


def session(row: Session, is_chosen: bool) -> dict[str, Any]:
    """One line of the table of sessions."""
    return {"row": row, "length": _span(row.starts_at, row.ends_at), "chosen": is_chosen}


def presence(one: Attendance) -> dict[str, Any]:
    """One line of the table of attendance."""
    spent = minutes_between(one.joined_at, one.left_at)
    return {"row": one, "minutes": spent, "role": words.was(one.role)}


def minutes_between(start: datetime | None, end: datetime | None) -> int | None:
    """Whole minutes, rounded; None where an end of it is not known."""
    if start is None or end is None or end < start:
        return None
    return round((end - start).total_seconds() / 60)


def _span(start: datetime | None, end: datetime | None) -> str:
    count = minutes_between(start, end)
    return words.minutes(count) or gettext("under a minute") if count is not None else ""


def totals(present: QuerySet[Attendance]) -> dict[str, Any]:
    """How many were there, as whom, and for how long on average."""
    times = present.order_by().values_list("joined_at", "left_at")
    known = [m for start, end in times if (m := minutes_between(start, end)) is not None]
    roles = present.order_by().values("role").annotate(n=Count("pk")).order_by("-n")
    return {
        "people": present.count(),
        "average": round(sum(known) / len(known)) if known else None,
        "roles": [(words.was(r["role"]) or gettext("unknown"), r["n"]) for r in roles],
    }


def file_name(row: Session) -> str:
    """A name for the download without its ending, safe in every file system."""
    name = slugify(row.conference.title)[:60] or "webinar"
    day = f"{timezone.localtime(row.starts_at):%Y-%m-%d}" if row.starts_at else str(row.pk)
    return f"attendance-{name}-{day}"


def lines(present: Iterable[Attendance]) -> Iterator[Iterable[Any]]:
    """Everybody who was there, one line each; times by the viewer's clock with its offset."""
    yield [str(one) for one in HEADERS]
    for one in present:
        spent = minutes_between(one.joined_at, one.left_at)
        yield (
            one.name,
            one.email,
            words.was(one.role),
            _clock(one.joined_at),
            _clock(one.left_at),
            spent,
        )


def _clock(at: datetime | None) -> str:
    return timezone.localtime(at).isoformat(sep=" ", timespec="minutes") if at else ""


def recordings(rows: Iterable[Recording]) -> list[dict[str, Any]]:
    """One line each of the table of recordings."""
    return [
        {
            "row": row,
            "length": words.length(row.duration_seconds),
            "size": words.size(row.size_bytes),
        }
        for row in rows
    ]


def deletion(account: PlatformAccount) -> str:
    """What deleting a recording does."""
    said = shown(account.capabilities.kind(Kind.RECORDING).delete.sentence)
    there = gettext("It is deleted on %(platform)s.") % {"platform": account.platform_name}
    here = gettext("Lectern keeps no copy of it, so this cannot be undone here.")
    return words.sentences(said or there, here)
