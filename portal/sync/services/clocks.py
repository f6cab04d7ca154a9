"""New time zone data may move a planned webinar's clock time, or its instant: staff decide.

A law changes the clocks of a country, and what was planned for ten o'clock there no longer is at
ten o'clock. Beside each start stands what the clocks of its zone were to show at it
(`Conference.planned_clock`); where the data of today show something else, that is a decision.
"""

from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction
from django.utils.translation import gettext as _

from integrations import zonedata
from integrations.base.records import Kind
from portal.common import clock, zones
from portal.common.errors import NotPossible
from portal.common.texts import clocks
from portal.conferences import walltime
from portal.conferences.mails.services import Act, Telling
from portal.conferences.models import Conference
from portal.conferences.schedule.services import schedule
from portal.sync import sentences
from portal.sync.models import Conflict, PlatformLink
from portal.sync.services.recipients import Notice

RESOLVED = "no longer moved"


def check() -> None:
    """Open a decision for each planned webinar that is moved, and close those that no longer are.

    Raises nothing; a webinar that is on no platform yet is looked at again when it is.
    """
    moved = {row.pk: row for row in _planned() if _is_moved(row)}
    waiting = Conflict.objects.filter(sort=Conflict.Sort.CLOCK, resolved_at=None)
    waiting.exclude(local_id__in=moved).update(resolved_at=clock.now(), resolution=RESOLVED)
    asked = set(waiting.values_list("local_id", flat=True))
    for pk in moved.keys() - asked:
        _ask(moved[pk])


def keep_clock(conflict: Conflict, by: User | None, telling: Telling) -> None:
    """Move it to the instant at which the clocks show what was planned."""
    row, start = _planned_start(conflict)
    schedule.reschedule(row, {"starts_at": start}, by, row.version, telling)


def notice_of_clock(conflict: Conflict) -> Notice | None:
    """Who would hear that it begins at another instant; nobody where it cannot."""
    try:
        row, start = _planned_start(conflict)
    except NotPossible:
        return None
    return Notice(row, Act.RESCHEDULE, {"starts_at": (row.starts_at, start)})


def keep_instant(conflict: Conflict, by: User | None, telling: Telling) -> None:
    """Let it stand where it is: what the clocks show there now is what is meant from now on."""
    row = Conference.objects.select_for_update().get(pk=conflict.local_id or 0)
    row.planned_clock = walltime.meant(row.starts_at, row.timezone)
    row.save(update_fields=["planned_clock", "updated_at"])


def _planned() -> list[Conference]:
    """What has a start on its platform. Dates that Lectern keeps of a permanent room stay where
    they are: no platform has another instant for them."""
    rows = Conference.objects.filter(draft=False, removed_at=None, starts_at__gt=clock.now())
    rows = rows.filter(permanent=False)
    return list(rows.only("starts_at", "timezone", "planned_clock", "account"))


def _is_moved(row: Conference) -> bool:
    kept = row.planned_clock
    meant = walltime.meant(row.starts_at, row.timezone)
    same = all(kept.get(name) == meant.get(name) for name in ("at", "zone"))
    return bool(meant) and same and kept.get("shown") != meant["shown"]


@transaction.atomic
def _ask(row: Conference) -> None:
    link = PlatformLink.objects.filter(
        account=row.account_id, kind=Kind.CONFERENCE, local_id=row.pk
    ).first()
    if link is None or row.starts_at is None:
        return
    planned = datetime.fromisoformat(row.planned_clock["shown"])
    now = walltime.wall(row.starts_at, row.timezone)
    Conflict.objects.create(
        account_id=row.account_id,
        link=link,
        kind=Kind.CONFERENCE,
        local_id=row.pk,
        sort=Conflict.Sort.CLOCK,
        at=clock.now(),
        sentence=sentences.CLOCKS_CHANGED(
            source=zonedata.source() or sentences.THIS_MACHINE,
            zone=row.timezone,
            planned=clocks(planned),
            now=clocks(now),
        ),
    )


def _planned_start(conflict: Conflict) -> tuple[Conference, datetime]:
    """The webinar, and the instant (UTC) at which clocks show what was planned."""
    row = Conference.objects.get(pk=conflict.local_id or 0)
    if row.starts_at is None or not _is_moved(row):
        raise NotPossible(_("It was changed meanwhile, and is no longer moved."))
    if row.timezone not in zones.known():
        said = _("The time zone %(zone)s is not known any more.")
        raise NotPossible(said % {"zone": row.timezone})
    found = walltime.instants(datetime.fromisoformat(row.planned_clock["shown"]), row.timezone)
    if not found:
        raise NotPossible(
            _(
                "The clocks there now leave out that hour. Choose another start on the webinar's "
                "form."
            )
        )
    old = row.starts_at
    return row, min(found, key=lambda one: abs(one - old))
