"""Remind people of what is coming: when staff have chosen it, once, whatever crashes or moves.

What is due stands in the database: a rule, a start, and who takes part. The clock turns it into
messages, under the conference's lock; one for each person, rule and start, which a constraint
keeps as well. They wait, are judged and leave as all others do.

* A reminder may be late by half of its time; later, or once the conference has begun, it is not
  sent. What was due before it was chosen is not sent either.
* A conference that is moved takes its reminders along. Who was reminded of the old start is
  reminded of the new one only where that lies later by as much as the reminder goes before.
* Whoever was written to since it was due, or came or said yes since, has just been told.
* A conference that was cancelled has none.
* What a conference says itself holds for it, else what its series says, else what its account says.
"""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.db.models import (
    Case,
    CharField,
    Count,
    Exists,
    F,
    Max,
    OuterRef,
    Q,
    QuerySet,
    Value,
    When,
)
from django.utils.translation import gettext as _

from integrations.base.records import Kind
from portal.common import clock
from portal.common.errors import NotPossible
from portal.common.texts import Text
from portal.conferences import history, sentences
from portal.conferences.mails.services import participants, queue
from portal.conferences.mails.services.acceptance import latest
from portal.conferences.mails.services.participants import Participant
from portal.conferences.mails.services.recipients import Act
from portal.conferences.mails.services.told import UNSENT
from portal.conferences.models import Conference, Invitation, Registration, Reminder, Series
from portal.identity import roles
from portal.platforms.models import PlatformAccount

log = logging.getLogger(__name__)
State, Purpose, Segment = Invitation.State, Invitation.Purpose, Reminder.Segment
SHORTEST, LONGEST = 10, 30 * 24 * 60  # minutes before the start
MOST = 5  # reminders of one webinar, or of one account
BATCH = 500
# The one place that knows who is in a segment.
_IN_SEGMENT = {
    Segment.REGISTERED: Q(stage=Registration.Stage.REGISTERED),
    Segment.UNANSWERED: Q(stage=Registration.Stage.INVITED, answer=""),
}
# A reminder's segment, as the message to somebody in it tells it.
_OF = {
    Segment.REGISTERED.value: Q(registration__stage=Registration.Stage.REGISTERED),
    Segment.UNANSWERED.value: Q(registration__stage=Registration.Stage.INVITED),
}
# Reminders that were dropped for these are no reason against others.
_VOID = (sentences.MAIL_MOVED, sentences.MAIL_CANCELLED)
# Whose reminders hold for a conference, and by which relation they are reached from it.
_OF_SERIES = Q(own_reminders=False, series__own_reminders=True)
_OF_ACCOUNT = Q(own_reminders=False) & (Q(series=None) | Q(series__own_reminders=False))
_OWNERS = (
    (Q(own_reminders=True), "reminders"),
    (_OF_SERIES, "series__reminders"),
    (_OF_ACCOUNT, "account__reminders"),
)
Owner = Conference | Series | PlatformAccount


@dataclass(frozen=True, slots=True)
class Planned:
    """One reminder of one conference: when it is due (None while a draft has no date), whom it
    would reach as things stand, how many it has reached; `why` says why it will reach nobody."""

    rule: Reminder
    at: datetime | None
    count: int
    sent: int
    why: str = ""


def meant(segment: str) -> Q:
    """Which registrations a segment means: of those who stand and can be written to."""
    return _IN_SEGMENT[Segment(segment)] & Q(removed_at=None, gone_at=None) & ~Q(attendee__email="")


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


def queue_due() -> int:
    """Write the messages of all reminders that are due; answers how many. Any number of workers
    may run it, as often as they like."""
    return sum(_queued(pk) for pk in _with_due(clock.now()))


def _queued(pk: int) -> int:
    """The same of one conference, whose trouble must hold up neither the others nor other mails."""
    try:
        return _queue(pk)
    except Exception as error:
        log.warning("reminders of webinar %s were not written: %s", pk, type(error).__name__)
        return 0


def _with_due(moment: datetime) -> list[int]:
    """The conferences of which a reminder is due. The rules of a month's conferences are few."""
    ahead = {
        "starts_at__gt": moment,
        "starts_at__lte": moment + timedelta(minutes=LONGEST),
        "removed_at": None,
        "gone_at": None,
        "draft": False,
    }
    coming = Conference.objects.filter(**ahead)
    found: set[int] = set()
    for holds, owner in _OWNERS:
        rows = coming.filter(holds, **{f"{owner}__isnull": False})
        columns = ("pk", "starts_at", f"{owner}__minutes", f"{owner}__set_at")
        for pk, start, minutes, set_at in rows.order_by().values_list(*columns):
            if _is_due(start, minutes, set_at, moment):
                found.add(pk)
    return sorted(found)


def _is_due(start: datetime, minutes: int, set_at: datetime, moment: datetime) -> bool:
    at = start - timedelta(minutes=minutes)
    return set_at <= at <= moment < start and moment <= latest(start, minutes)


def _queue(pk: int) -> int:
    """The same of one conference."""
    row = Conference.objects.select_related("account", "series").filter(pk=pk).first()
    # Nearly always everybody has theirs, and nobody's lock is needed to see that.
    if row is None or not any(_waits_for(row, rule).exists() for rule in _due(row)):
        return 0
    with transaction.atomic():
        rows = Conference.objects.select_for_update(of=("self",))
        rows = rows.select_related("account", "series")
        row = rows.filter(pk=pk, removed_at=None, gone_at=None, draft=False).first()
        count = sum(_write(row, rule) for rule in _due(row)) if row else 0
        if row and count:
            _record(row, "reminded", sentences.REMINDED(count=count), None)
            queue.notify_worker()
    return count


def _due(conference: Conference) -> list[Reminder]:
    start, moment = conference.starts_at, clock.now()
    rules = rules_of(conference) if start else []
    return [one for one in rules if start and _is_due(start, one.minutes, one.set_at, moment)]


def _waits_for(conference: Conference, rule: Reminder) -> QuerySet[Registration]:
    """Who is to be reminded by a rule that is due, and was not yet."""
    start = conference.starts_at or clock.now()  # only what has a start is due
    lead = timedelta(minutes=rule.minutes)
    letters = Invitation.objects.filter(registration=OuterRef("pk"))
    void = Q(state=State.DROPPED, problem__in=_VOID)
    reminded = letters.filter(remind_before=rule.minutes, remind_start__gt=start - lead)
    told = letters.filter(created_at__gt=start - lead).exclude(state=State.DROPPED)
    invited = letters.filter(state__in=UNSENT, purpose=Purpose.INVITE)
    found = in_segment(conference, rule.segment).filter(created_at__lte=start - lead)
    found = found.exclude(answer=Registration.Answer.YES, answered_at__gt=start - lead)
    return found.exclude(Exists(reminded.exclude(void)) | Exists(told) | Exists(invited))


def _write(conference: Conference, rule: Reminder) -> int:
    start, moment = conference.starts_at, clock.now()
    people = list(_waits_for(conference, rule).values_list("pk", "attendee__email"))
    # A webinar that was moved to and fro: what was dropped gives its place back.
    dropped = conference.invitations.filter(
        remind_before=rule.minutes, remind_start=start, state=State.DROPPED, problem__in=_VOID
    )
    dropped.update(remind_before=None)
    made = [
        Invitation(
            conference=conference,
            registration_id=pk,
            purpose=Purpose.REMIND,
            act=Act.REMIND,
            note=rule.note,
            to_email=email,
            remind_start=start,
            remind_before=rule.minutes,
            not_before=moment,
            created_at=moment,
            created_by_id=rule.set_by_id,
        )
        for pk, email in people
    ]
    Invitation.objects.bulk_create(made, batch_size=BATCH, ignore_conflicts=True)
    return len(made)


# What staff choose -------------------------------------------------------------------------------


class Numbers(NamedTuple):
    """How many are in each segment now, and how many mails each reminder (segment, minutes) has
    sent for the start as it stands."""

    people: Mapping[str, int]
    sent: Mapping[tuple[str, int], int]


def numbers(conference: Conference) -> Numbers:
    """What is to be counted of the reminders of a conference, in one statement."""
    people = Registration.objects.filter(conference=conference, removed_at=None, gone_at=None)
    people = people.exclude(attendee__email="").order_by()
    letters = conference.invitations.filter(remind_start=conference.starts_at).order_by()
    letters = letters.exclude(state=State.DROPPED).filter(remind_before__isnull=False)
    columns = ("segment", "lead", "number")
    rows = people.annotate(segment=_named(_IN_SEGMENT), lead=Value(0)).values("segment", "lead")
    sent = letters.annotate(segment=_named(_OF), lead=F("remind_before")).values("segment", "lead")
    both = rows.annotate(number=Count("pk")).values_list(*columns)
    both = both.union(sent.annotate(number=Count("pk")).values_list(*columns), all=True)
    found = list(both)
    return Numbers(
        {segment: number for segment, lead, number in found if not lead},
        {(segment, lead): number for segment, lead, number in found if lead},
    )


def _named(segments: Mapping[Any, Q]) -> Case:
    """The segment that a row is in, by its conditions; empty where in none."""
    cases = [When(fits, then=Value(str(name))) for name, fits in segments.items()]
    return Case(*cases, default=Value(""), output_field=CharField())


def planned(conference: Conference, counted: Numbers | None = None) -> list[Planned]:
    """The reminders of a conference, the earliest first; `counted` are its `numbers`, where
    somebody has them already."""
    start = conference.starts_at
    if start is None and not conference.draft:
        return []
    rules = sorted(rules_of(conference), key=lambda one: -one.minutes)
    found = counted or (numbers(conference) if rules else Numbers({}, {}))
    return [
        _plan(
            one,
            start,
            found.people.get(one.segment, 0),
            found.sent.get((one.segment, one.minutes), 0),
        )
        for one in rules
    ]


def _plan(rule: Reminder, start: datetime | None, count: int, sent: int) -> Planned:
    if start is None:
        return Planned(rule, None, count, sent)
    at, moment = start - timedelta(minutes=rule.minutes), clock.now()
    why = ""
    if not sent and at < rule.set_at and at <= moment:
        why = _("Its time had passed when it was chosen.")
    elif not sent and (start <= moment or moment > latest(start, rule.minutes)):
        why = _("Nobody was reminded in time.")
    return Planned(rule, at, count, sent, why)


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
        owner = _locked(owner)
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
    """Why a reminder cannot be chosen any more; empty where its time is still to come."""
    if conference.starts_at and conference.starts_at - timedelta(minutes=minutes) <= clock.now():
        return _("That time has passed. Send a reminder now instead.")
    return ""


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
        concerned = Conference.objects.filter(_OF_ACCOUNT, account=reminder.account_id)
        _take_back(Invitation.objects.filter(conference__in=concerned.values("pk")), reminder)
        reminder.delete()
        return
    if isinstance(owner, Conference):
        owner = _locked(owner)
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
    waiting = letters.filter(_OF[rule.segment], state__in=UNSENT, remind_before=rule.minutes)
    waiting.update(state=State.DROPPED, problem=sentences.MAIL_REMINDER_REMOVED)


@transaction.atomic
def follow(owner: Conference | Series, by: User | None) -> None:
    """Remind people as the series says, or the account, and not as a conference (or the series)
    said itself. Raises NotAllowed."""
    roles.require(by)
    owner = _locked(owner) if isinstance(owner, Conference) else _locked_series(owner)
    owner.reminders.all().delete()
    type(owner).objects.filter(pk=owner.pk).update(own_reminders=False)
    owner.own_reminders = False
    by_series = isinstance(owner, Conference) and isinstance(owner_of(owner), Series)
    said = sentences.REMINDERS_OF_SERIES if by_series else sentences.REMINDERS_OF_ACCOUNT
    _record_of(owner, said, by)


def _locked(conference: Conference) -> Conference:
    rows = Conference.objects.select_for_update(of=("self",)).select_related("account", "series")
    return rows.get(pk=conference.pk)


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


@transaction.atomic
def remind_now(
    conference: Conference,
    telling: queue.Telling,
    by: User | None,
    seen: int | None = None,
    segment: str = Segment.REGISTERED,
) -> int:
    """Write to those who are in a segment now; answers to how many. `seen` is `newest` as the page
    knew it that asked: the same answer twice reminds once. Raises NotPossible, NotAllowed."""
    roles.require(by)
    row = _locked(conference)
    if why := reason_against(row):
        raise NotPossible(why)
    if seen is not None and seen != newest(row):
        raise NotPossible(_("People were reminded meanwhile. Look again who still should be."))
    people = to_remind(row, segment)
    count = queue.tell(row, Act.REMIND, telling, by, registrations=people)
    if count:
        _record(row, "reminded", sentences.REMINDED(count=count), by)
    return count


def newest(conference: Conference) -> int:
    """The newest reminder of a conference, by its id; 0 where there was none."""
    found = conference.invitations.filter(purpose=Purpose.REMIND).aggregate(newest=Max("pk"))
    return found["newest"] or 0


def to_remind(conference: Conference, segment: str = Segment.REGISTERED) -> list[Participant]:
    """Whom staff would remind by hand: everybody in the segment for whom no reminder waits."""
    waiting = Invitation.objects.filter(
        registration=OuterRef("pk"), purpose=Purpose.REMIND, state__in=(*UNSENT, State.SENDING)
    )
    return participants.registered(in_segment(conference, segment).exclude(Exists(waiting)))


def concerned(owner: Series | PlatformAccount, minutes: int, segment: str) -> tuple[int, int]:
    """How many coming conferences a reminder of a series or an account is for, and how many
    registrations."""
    of_series = isinstance(owner, Series)
    holds = Q(series=owner, own_reminders=False) if of_series else Q(account=owner) & _OF_ACCOUNT
    rows = Conference.objects.filter(
        holds,
        starts_at__gt=clock.now() + timedelta(minutes=minutes),
        removed_at=None,
        gone_at=None,
        draft=False,
    )
    people = Registration.objects.filter(
        _IN_SEGMENT[Segment(segment)],
        conference__in=rows.values("pk"),
        removed_at=None,
        gone_at=None,
    )
    return rows.count(), people.count()


def _record_of(owner: Owner, said: Text | str, by: User | None) -> None:
    """A line in the history of the conference, or of each date ahead for which its series says it;
    an account has no history."""
    if isinstance(owner, Conference):
        _record(owner, "reminder set", said, by)
    if isinstance(owner, Series):
        dates = Conference.objects.filter(
            series=owner, own_reminders=False, removed_at=None, starts_at__gt=clock.now()
        )
        details: Any = {"actor": by, "sentence": said}
        history.keep(
            history.line("reminder set", Kind.CONFERENCE, pk, conference_id=pk, **details)
            for pk in dates.order_by("pk").values_list("pk", flat=True)
        )


def _record(conference: Conference, action: str, said: Text | str, by: User | None) -> None:
    details: Any = {"actor": by, "sentence": said, "conference_id": conference.pk}
    history.record(action, Kind.CONFERENCE, conference.pk, **details)
