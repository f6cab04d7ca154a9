"""Which reminders hold for a conference, and who is in the segment that each is for."""

from typing import Any

from django.contrib.auth.models import User
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from integrations.base.records import Kind
from portal.common import clock
from portal.common.texts import Text
from portal.conferences import history
from portal.conferences.models import Conference, Invitation, Registration, Reminder, Series
from portal.platforms.models import PlatformAccount

State, Purpose, Segment = Invitation.State, Invitation.Purpose, Reminder.Segment
SHORTEST, LONGEST = 10, 30 * 24 * 60  # minutes before the start
MOST = 5  # reminders of one webinar, or of one account
# The one place that knows who is in a segment.
IN_SEGMENT = {
    Segment.REGISTERED: Q(stage=Registration.Stage.REGISTERED),
    Segment.UNANSWERED: Q(stage=Registration.Stage.INVITED, answer=""),
}
# A reminder's segment, as the message to somebody in it tells it.
OF_SEGMENT = {
    Segment.REGISTERED.value: Q(registration__stage=Registration.Stage.REGISTERED),
    Segment.UNANSWERED.value: Q(registration__stage=Registration.Stage.INVITED),
}
# Whose reminders hold for a conference, and by which relation they are reached from it.
OF_ACCOUNT = Q(own_reminders=False) & (Q(series=None) | Q(series__own_reminders=False))
OWNERS = (
    (Q(own_reminders=True), "reminders"),
    (Q(own_reminders=False, series__own_reminders=True), "series__reminders"),
    (OF_ACCOUNT, "account__reminders"),
)
Owner = Conference | Series | PlatformAccount


def meant(segment: str) -> Q:
    """Which registrations a segment means: of those who stand and can be written to."""
    return IN_SEGMENT[Segment(segment)] & Q(removed_at=None, gone_at=None) & ~Q(attendee__email="")


def in_segment(conference: Conference, segment: str) -> QuerySet[Registration]:
    """Who is meant at a conference."""
    return Registration.objects.filter(meant(segment), conference=conference)


def owner_of(conference: Conference) -> Owner:
    """Whose reminders hold for a conference: its own, those of its series, or of its account."""
    if conference.own_reminders:
        return conference
    if conference.series is not None and conference.series.own_reminders:
        return conference.series
    return conference.account


def rules_of(conference: Conference) -> list[Reminder]:
    """What holds for a conference."""
    return list(owner_of(conference).reminders.all())


def of_series(series: Series) -> list[Reminder]:
    """What holds for the dates of a series that say nothing themselves: its own reminders, or those
    of the account of its next date."""
    if series.own_reminders:
        return list(series.reminders.all())
    account = account_of(series)
    return list(account.reminders.all()) if account else []


def account_of(series: Series) -> PlatformAccount | None:
    """The account on which the next date of a series takes place; None where none lies ahead."""
    rows = Conference.objects.filter(series=series, removed_at=None, starts_at__gt=clock.now())
    found = rows.select_related("account").order_by("starts_at", "pk").first()
    return found.account if found else None


def reason_against(conference: Conference) -> str:
    """Why nobody can be reminded of a conference; empty where people can."""
    if conference.removed_at:
        return _("The webinar is cancelled.")
    if conference.draft:
        return _("The webinar is a draft. Schedule it first.")
    if conference.starts_at is None:
        return _("The room is always open: there is no start to remind of.")
    if conference.starts_at <= clock.now():
        return _("The webinar has begun.")
    return ""


def locked(conference: Conference) -> Conference:
    """The conference as it stands, held until the end of the transaction."""
    rows = Conference.objects.select_for_update(of=("self",)).select_related("account", "series")
    return rows.get(pk=conference.pk)


def record(conference: Conference, action: str, said: Text | str, by: User | None) -> None:
    """A line in the history of a conference."""
    details: Any = {"actor": by, "sentence": said, "conference_id": conference.pk}
    history.record(action, Kind.CONFERENCE, conference.pk, **details)
