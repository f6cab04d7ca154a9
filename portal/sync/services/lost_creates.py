"""A create of which nobody knows whether it was done: one of the records that the platform shows
may be it."""

import hashlib
from typing import Any

from django.contrib.auth.models import User
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from integrations.base.records import Kind, parse_instant
from portal.common.dates import SHORT_OF_YEAR, written
from portal.common.errors import NotPossible
from portal.conferences import history
from portal.conferences.mails.services import Telling
from portal.outbox import services as outbox
from portal.sync import kinds, sentences
from portal.sync.models import Conflict, PlatformLink
from portal.sync.services import gone_there
from portal.sync.services.conflict_values import row_of
from portal.sync.services.entries import conference_of


def name_of(one: dict[str, Any]) -> str:
    """What a form posts for a candidate: short, and the same whatever else is listed."""
    return "is-" + hashlib.blake2b(str(one["id"]).encode(), digest_size=6).hexdigest()


def describe(one: dict[str, Any]) -> str:
    """When it starts and how long it lasts, as far as the platform tells."""
    start, minutes = one.get("starts_at"), one.get("duration_minutes")
    here = timezone.localtime(parse_instant(start)) if start else None
    when = f"{written(here, SHORT_OF_YEAR)} {here.tzname()}" if here else ""
    if not minutes:
        return _("It starts %(when)s.") % {"when": when} if when else ""
    if not when:
        return ngettext("It lasts %(count)d minute.", "It lasts %(count)d minutes.", minutes) % {
            "count": minutes
        }
    return ngettext(
        "It starts %(when)s and lasts %(count)d minute.",
        "It starts %(when)s and lasts %(count)d minutes.",
        minutes,
    ) % {"when": when, "count": minutes}


def restored(conflict: Conflict) -> bool:
    """Whether it was open in a restored database: it may have been made and deleted since."""
    return conflict.link.restored(kinds.row_of(conflict.kind, conflict.local_id))


def take(external_id: str, conflict: Conflict, by: User | None, telling: Telling) -> None:
    """It is this one: bind it to our row. What was changed there since it was made is taken.

    Raises NotPossible where it belongs to another row by now.
    """
    link = conflict.link
    if not link.op or link.external_id:
        return  # settled elsewhere meanwhile
    known = PlatformLink.objects.filter(
        account=link.account_id, kind=link.kind, external_id=external_id
    )
    if known.exists():
        raise NotPossible(_("This record belongs to something else here by now. Reload the page."))
    sent = link.op_sent
    unsent = link.op_at is None or restored(conflict)
    said = sentences.CHOSEN_HERE if unsent else sentences.CHOSEN_AFTER_LOST
    link.external_id, link.base_ours, link.base_theirs = external_id, sent, {}
    _settle(link)
    history.record(
        "created there",
        link.kind,
        link.local_id or 0,
        actor=by,
        after=sent,
        sentence=said(platform=conflict.account.platform_name),
        conference_id=conference_of(link.kind, link.local_id),
        calls=[f"create {Kind(link.kind)}"],
    )
    outbox.add(conflict.account, link.kind, link.local_id or 0, by=by)


def make(conflict: Conflict, by: User | None, telling: Telling) -> None:
    """It is none of them: have it made."""
    _, row = row_of(conflict)
    link = conflict.link
    if not link.op or link.external_id:
        return
    _settle(link)
    outbox.add(conflict.account, conflict.kind, row.pk, by=by)


def call_off(conflict: Conflict, by: User | None, telling: Telling) -> None:
    """It is not to be made any more: it is taken off here."""
    _, row = row_of(conflict)
    link = conflict.link
    if not link.op or link.external_id or row.removed_at:
        return
    _settle(link)
    gone_there.take_off(conflict, row, by, telling)


def _settle(link: PlatformLink) -> None:
    link.op, link.op_sent, link.op_absences = PlatformLink.Op.NONE, {}, 0
    link.save()
