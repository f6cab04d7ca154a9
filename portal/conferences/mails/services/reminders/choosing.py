"""What staff choose: which reminders a conference, a series or an account has."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from integrations.base.records import Kind
from portal.common import clock
from portal.common.errors import NotPossible
from portal.common.texts import Text
from portal.conferences import history, repeating, sentences
from portal.conferences.mails.services.reminders.rules import (
    LONGEST,
    MOST,
    OF_ACCOUNT,
    OF_SEGMENT,
    SHORTEST,
    Owner,
    locked,
    of_series,
    owner_of,
    reason_against,
    record,
    rules_of,
)
from portal.conferences.mails.services.told import UNSENT
from portal.conferences.models import Conference, Invitation, Reminder, Series
from portal.identity import roles

State, Segment = Invitation.State, Reminder.Segment


@transaction.atomic
def add(
    owner: Owner,
    minutes: int,
    by: User | None,
    note: str = "",
    segment: str = Segment.REGISTERED,
) -> Reminder:
    """Remind people so long before the start: of one conference, or of all of a series or an
    account that have no reminders of their own. A conference or a series that had others' keeps
    these, as its own.

    Raises NotPossible, NotAllowed.
    """
    roles.require(by)
    _require_time(minutes)
    moment = clock.now()
    if isinstance(owner, Conference):
        owner = locked(owner)
        if why := reason_against(owner) or passed(owner, minutes):
            raise NotPossible(why, {"before": [why]})
        _take_over(owner)
    if isinstance(owner, Series):
        owner = _locked_series(owner)
        _take_over_for_series(owner)
    if owner.reminders.count() >= MOST:
        said = _("There can be %(most)d reminders at most.") % {"most": MOST}
        raise NotPossible(said, {"before": [said]})
    try:
        with transaction.atomic():
            row = owner.reminders.create(
                minutes=minutes, segment=segment, note=note, set_at=moment, set_by=by
            )
    except IntegrityError:
        said = _("They are reminded at that time already.")
        raise NotPossible(said, {"before": [said]}) from None
    _record_of(owner, sentences.REMINDER_SET(count=minutes), by)
    return row


@transaction.atomic
def begin(owner: Conference | Series, rules: Sequence[Reminder] | None, by: User | None) -> None:
    """Give a conference that was just made, or a series, just these reminders as its own; without
    a list nothing. A draft keeps them and sends none; what was due before now is not sent. A
    permanent room has no start to remind of, and gets none. Raises NotAllowed."""
    roles.require(by)
    dateless = isinstance(owner, Conference) and owner.permanent and not owner.dates
    if rules is None or dateless:
        return
    moment = clock.now()
    for one in rules:
        owner.reminders.create(
            minutes=one.minutes, segment=one.segment, note=one.note, set_at=moment, set_by=by
        )
        _record_of(owner, sentences.REMINDER_SET(count=one.minutes), by)
    if not rules:
        _record_of(owner, sentences.REMINDERS_NONE, by)
    type(owner).objects.filter(pk=owner.pk).update(own_reminders=True)
    owner.own_reminders = True


def published(conference: Conference) -> None:
    """A draft is scheduled: its reminders are asked for only now, so that none is sent whose time
    has passed by now."""
    if conference.own_reminders:
        conference.reminders.update(set_at=clock.now())


def passed(conference: Conference, minutes: int) -> str:
    """Why a reminder cannot be chosen any more; empty where its time is still to come, be it before
    a later date of what repeats."""
    latest_start = clock.now() + timedelta(minutes=minutes)
    if conference.starts_at is None or conference.starts_at > latest_start:
        return ""
    if any(at > latest_start for at in repeating.starts(conference)):
        return ""
    return _("That time has passed. Send a reminder now instead.")


def _require_time(minutes: int) -> None:
    if not SHORTEST <= minutes <= LONGEST:
        said = _("Choose between 10 minutes and 30 days.")
        raise NotPossible(said, {"before": [said]})


@transaction.atomic
def remove(reminder: Reminder, by: User | None, owner: Conference | Series | None = None) -> None:
    """Remind nobody at that time any more; what waits to be sent is taken back. With `owner`, a
    conference or a series that had others' reminders keeps the rest of them, as its own. Raises
    NotAllowed."""
    roles.require(by)
    if owner is None:
        concerned = Conference.objects.filter(OF_ACCOUNT, account=reminder.account_id)
        _take_back(Invitation.objects.filter(conference__in=concerned.values("pk")), reminder)
        reminder.delete()
        return
    if isinstance(owner, Conference):
        owner = locked(owner)
        _take_over(owner)
        letters = owner.invitations.all()
    else:
        owner = _locked_series(owner)
        _take_over_for_series(owner)
        concerned = Conference.objects.filter(series=owner, own_reminders=False)
        letters = Invitation.objects.filter(conference__in=concerned.values("pk"))
    owner.reminders.filter(minutes=reminder.minutes, segment=reminder.segment).delete()
    _take_back(letters, reminder)
    _record_of(owner, sentences.REMINDER_REMOVED(count=reminder.minutes), by)


def _take_back(letters: QuerySet[Invitation], rule: Reminder) -> None:
    waiting = letters.filter(OF_SEGMENT[rule.segment], state__in=UNSENT, remind_before=rule.minutes)
    waiting.update(state=State.DROPPED, problem=sentences.MAIL_REMINDER_REMOVED)


@transaction.atomic
def follow(owner: Conference | Series, by: User | None) -> None:
    """Remind people as the series says, or the account, and not as a conference (or the series)
    said itself. Raises NotAllowed."""
    roles.require(by)
    owner = locked(owner) if isinstance(owner, Conference) else _locked_series(owner)
    owner.reminders.all().delete()
    type(owner).objects.filter(pk=owner.pk).update(own_reminders=False)
    owner.own_reminders = False
    by_series = isinstance(owner, Conference) and isinstance(owner_of(owner), Series)
    said = sentences.REMINDERS_OF_SERIES if by_series else sentences.REMINDERS_OF_ACCOUNT
    _record_of(owner, said, by)


def _locked_series(series: Series) -> Series:
    """With the dates to which its reminders apply, whose messages are written under their locks."""
    row = Series.objects.select_for_update().get(pk=series.pk)
    dates = Conference.objects.select_for_update(of=("self",)).filter(series=row)
    list(dates.order_by("pk").values_list("pk", flat=True))
    return row


def _take_over(conference: Conference) -> None:
    """From now on a conference has reminders of its own: at first those that held for it."""
    if conference.own_reminders:
        return
    _copy(rules_of(conference), conference=conference)
    conference.own_reminders = True
    Conference.objects.filter(pk=conference.pk).update(own_reminders=True)


def _take_over_for_series(series: Series) -> None:
    """The same of a series, whose dates may stand on several accounts: at first those of the
    account on which its next date takes place."""
    if series.own_reminders:
        return
    _copy(of_series(series), series=series)
    series.own_reminders = True
    Series.objects.filter(pk=series.pk).update(own_reminders=True)


def _copy(rules: list[Reminder], **owner: Any) -> None:
    Reminder.objects.bulk_create(
        Reminder(
            minutes=one.minutes,
            segment=one.segment,
            note=one.note,
            set_at=one.set_at,
            set_by_id=one.set_by_id,
            **owner,
        )
        for one in rules
    )


def _record_of(owner: Owner, said: Text | str, by: User | None) -> None:
    """A line in the history of the conference, or of each date ahead for which its series says it;
    an account has no history."""
    if isinstance(owner, Conference):
        record(owner, "reminder set", said, by)
    if isinstance(owner, Series):
        dates = Conference.objects.filter(
            series=owner, own_reminders=False, removed_at=None, starts_at__gt=clock.now()
        )
        details: Any = {"actor": by, "sentence": said}
        history.keep(
            history.line("reminder set", Kind.CONFERENCE, pk, conference_id=pk, **details)
            for pk in dates.order_by("pk").values_list("pk", flat=True)
        )
