"""Schedule, reschedule, publish and duplicate a conference."""

import copy
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from integrations.base.records import OPTION_PREFIX, Kind, instant
from portal.common import clock, zones
from portal.common.dates import SHORT_OF_YEAR, written
from portal.common.errors import NotPossible
from portal.conferences import history, repeating, rules
from portal.conferences.audience.services import moderators, registrations
from portal.conferences.fields import (
    FIELD_NAMES,
    NOTIFIED_FIELDS,
    differing,
    locked,
    pick,
    put,
    snapshot,
)
from portal.conferences.mails import services as mails
from portal.conferences.mails.services import carried, news
from portal.conferences.mails.services import reminders as reminding
from portal.conferences.models import Conference, Moderator, Registration, Reminder, Series
from portal.conferences.schedule.services import answer_changes, date_polls, platform_changes
from portal.identity import roles
from portal.outbox import services as outbox
from portal.platforms.models import PlatformAccount

CONFERENCE = Kind.CONFERENCE
# A form takes a while to fill in: a start this long ago still counts as "now".
PATIENCE_SECONDS = 15 * 60
ALREADY = _("It is scheduled already. Nothing was done now.")
MADE_BEFORE = _(
    "This form has made a webinar already: %(made)s. What stands here now was not saved. Change "
    "that webinar, or begin a new form."
)
IN_THE_PAST = _("This time is in the past. Please choose one that lies ahead.")

NOT_ITS_NEXT = _(
    "%(platform)s repeats it by itself every week on %(days)s, and moves no date alone. At this "
    "time, the next one is %(date)s: choose that date, or other days, or none, among its settings."
)


@dataclass(frozen=True, slots=True)
class RoomDates:
    """When a permanent room is used, earliest first (UTC), how many minutes each time, and the rule
    of RFC 5545 by which that was found."""

    starts: Sequence[datetime]
    minutes: int
    rule: str

    def put(self, conference: Conference) -> None:
        """Have a conference keep them, without saving it."""
        conference.dates = [instant(at) for at in self.starts]
        conference.dates_rule, conference.dates_from = self.rule, self.starts[0]
        conference.starts_at, conference.duration_minutes = self.starts[0], self.minutes


def schedule(
    *,
    account: PlatformAccount,
    values: Mapping[str, Any],
    by: User | None,
    draft: bool = False,
    uid: str = "",
    people: Iterable[Mapping[str, Any]] = (),
    notify: mails.Telling | bool = True,
    series: Series | None = None,
    reminders: Sequence[Reminder] | None = None,
    dates: RoomDates | None = None,
) -> Conference:
    """Make a conference and have it made on the account's platform; a draft stays here.

    `values` are canonical fields (`starts_at` an aware instant, whole minutes, an IANA zone,
    `options.<name>`); `people` are moderators with email, name and role, who are invited (those of
    a draft when it is published). `uid` is the form's own: sent twice, it answers the conference
    that the first one made, unless it says something else now. `series` is the one
    of which it is a date. With `reminders` it has these of its own, else people are reminded as its
    series or account says. `dates` are kept of a permanent room. Raises NotPossible, NotAllowed.
    """
    roles.require(by)
    rules.require_ability(account, CONFERENCE, "create")
    rules.check_values(account, values, on_update=False, required=not draft)
    conference = Conference(account=account, created_by=by, draft=draft, series=series)
    put(conference, values)
    if dates is not None:
        dates.put(conference)
    conference.planned_at = conference.starts_at if series else None
    if not draft:
        rules.check_whole(conference)
        _require_ahead(conference.starts_at)
        _require_next(conference)
    made = Conference.objects.filter(calendar_uid=uid) if uid else Conference.objects.none()
    people = list(people)
    if already := made.first():
        return _the_same(already, conference, values, people)
    if uid and (repeats := Series.objects.filter(uid=uid).first()):
        raise NotPossible(MADE_BEFORE % {"made": repeats.title})
    conference.calendar_uid = uid or conference.calendar_uid
    try:
        return _make(conference, people, by, notify, uid, reminders)
    except IntegrityError:  # the same form, sent twice at the same moment
        return _the_same(made.get(), conference, values, people)


def _the_same(
    made: Conference,
    asked: Conference,
    values: Mapping[str, Any],
    people: Iterable[Mapping[str, Any]],
) -> Conference:
    """What a form has made before; a form that says something else has not been saved by that, and
    whoever sent it must know."""
    other = differing(made, values).keys() - {"password"} or asked.dates != made.dates
    if asked.dates and asked.duration_minutes != made.duration_minutes:
        other = True  # of all dates of a room
    if other or asked.account_id != made.account_id or not runs(people, made):
        when = news.when(made)
        raise NotPossible(MADE_BEFORE % {"made": f"{made.title}, {when}" if when else made.title})
    return made


def runs(people: Iterable[Mapping[str, Any]], made: Conference) -> bool:
    """Whether all of these people run a conference."""
    wanted = {str(one["email"]).lower() for one in people}
    return wanted <= {one.lower() for one in made.moderators.values_list("email", flat=True)}


@transaction.atomic
def _make(
    conference: Conference,
    people: Iterable[Mapping[str, Any]],
    by: User | None,
    notify: mails.Telling | bool,
    uid: str,
    reminders: Sequence[Reminder] | None,
) -> Conference:
    conference.save()
    _record("saved as draft" if conference.draft else "scheduled", conference, by, {})
    for person in people:
        moderators.assign(conference, **person, by=by, notify=notify)
    reminding.begin(conference, reminders, by)
    tell(conference, by)
    if uid:
        date_polls.led_to(uid, conference, by)
    return conference


@transaction.atomic
def reschedule(
    conference: Conference,
    values: Mapping[str, Any],
    by: User | None,
    version: int,
    notify: mails.Telling | bool = True,
) -> Conference:
    """Change whatever differs from what is held; the same values again change nothing.

    Whoever must hear of it is told once the platform has taken it.

    Raises Stale where `version` is not the one that was edited, NotPossible, NotAllowed.
    """
    roles.require(by)
    row = locked(conference, version)
    rules.require_open_to_change(row)
    changed = differing(row, values)
    if not changed:
        return row
    _require_change(row, changed)
    before = snapshot(row)
    # A change on the platform of which people were not told so far is part of what they hear.
    changes = platform_changes.since(row, changed) if NOTIFIED_FIELDS & changed.keys() else {}
    put(row, changed)
    if not row.permanent:
        row.dates, row.dates_rule, row.dates_from = [], "", None
    if not row.draft:
        rules.check_whole(row, changed)
        if "starts_at" in changed:
            _require_ahead(row.starts_at)
        _require_next(row, changed)
    row.version += 1
    row.sequence += int(not row.draft and bool(NOTIFIED_FIELDS & changed.keys()))
    row.save()
    _record("rescheduled" if NOTIFIED_FIELDS & changed.keys() else "changed", row, by, before)
    tell(row, by, "update")
    if registrations.decided_by(row.account) & changed.keys():
        registrations.tell_refused_again(row, by)
    telling = mails.Telling.of(notify)
    mails.tell(row, mails.Act.RESCHEDULE, telling, by, changes=changes)
    if changes:
        answer_changes.settled(row, telling, by)
    return row


@transaction.atomic
def publish(
    conference: Conference, by: User | None, notify: mails.Telling | bool = True
) -> Conference:
    """Have a draft made on its platform, and invite those who run it.

    Raises NotPossible where something is missing, or where it is scheduled already.
    """
    roles.require(by)
    row = locked(conference)
    rules.require_open_to_change(row)
    if not row.draft:
        raise NotPossible(ALREADY)
    rules.require_ability(row.account, CONFERENCE, "create")
    given = {
        n: v
        for n, v in snapshot(row).items()
        if not rules.reason_off(row.account, n, on_update=False)
    }
    rules.check_values(row.account, given, on_update=False, required=True)
    rules.check_whole(row)
    _require_ahead(row.starts_at)
    _require_next(row)
    row.draft, row.version = False, row.version + 1
    row.save()
    _record("scheduled", row, by, {"draft": True}, {"draft": False})
    tell(row, by)
    people = row.moderators.filter(removed_at=None)
    mails.tell(row, mails.Act.ASSIGN, mails.Telling.of(notify), by, moderators=people)
    reminding.published(row)
    date_polls.published(row, by)
    return row


@transaction.atomic
def duplicate(conference: Conference, by: User | None) -> Conference:
    """A new draft on the same account with the same settings, moderators and reminders, without a
    date."""
    roles.require(by)
    rules.require_ability(conference.account, CONFERENCE, "create")
    copied = {name: getattr(conference, name) for name in FIELD_NAMES}
    copied |= {"starts_at": None, "open": True}
    if conference.permanent:
        copied["duration_minutes"] = None  # of the dates that Lectern keeps
    made = Conference.objects.create(
        account=conference.account,
        options=dict(conference.options),
        draft=True,
        created_by=by,
        **copied,
    )
    _record("duplicated", made, by, {})
    for one in conference.moderators.filter(removed_at=None):
        Moderator.objects.create(conference=made, email=one.email, name=one.name, role=one.role)
    kept = carried.of(conference)
    reminding.begin(made, None if kept is None else carried.read(kept), by)
    return made


def tell(conference: Conference, by: User | None, verb: str = "create") -> None:
    """Leave the notes for the platform; a draft has none. Call it within the transaction.

    With the verb create, the people who belong to it are told anew as well.
    """
    account = conference.account
    if conference.draft:
        return
    if rules.reaches_platform(account, CONFERENCE, verb):
        outbox.add(account, CONFERENCE, conference.pk, by=by)
    belonging: dict[Kind, Any] = {
        Kind.MODERATOR: conference.moderators,
        Kind.REGISTRATION: conference.registrations.filter(stage=Registration.Stage.REGISTERED),
    }
    for kind, rows in belonging.items() if verb == "create" else ():
        if rules.reaches_platform(account, kind, "create"):
            ids = rows.filter(removed_at=None).values_list("pk", flat=True)
            outbox.add_many(account, kind, ids, by=by)


def _require_change(row: Conference, changed: Mapping[str, Any]) -> None:
    on_update = not row.draft
    rules.require_ability(row.account, CONFERENCE, "update" if on_update else "create")
    rules.check_values(row.account, changed, on_update=on_update, required=on_update)


def lies_behind(start: datetime | None) -> bool:
    """Whether a start (UTC) is past; what was typed as "now" a while ago is not."""
    return start is not None and (clock.now() - start).total_seconds() > PATIENCE_SECONDS


def _require_ahead(start: datetime | None) -> None:
    if lies_behind(start):
        raise NotPossible(IN_THE_PAST, {"starts_at": [IN_THE_PAST]})


def _require_next(row: Conference, changed: Collection[str] | None = None) -> None:
    """Of what its platform repeats every week, no date can be moved, or left out, by itself: the
    start is the next of its days. `changed` limits the question to what it touches."""
    weekly = row.account.capabilities.weekly
    if weekly is None or row.permanent or row.starts_at is None or lies_behind(row.starts_at):
        return
    if changed is not None and not {"starts_at", f"{OPTION_PREFIX}{weekly.days}"} & set(changed):
        return
    since = clock.now() - timedelta(seconds=PATIENCE_SECONDS)
    soonest = repeating.soonest(row, since)
    if soonest is None or soonest == row.starts_at:
        return
    said = NOT_ITS_NEXT % {
        "platform": row.account.platform_name,
        "days": repeating.on_days(row),
        "date": written(soonest.astimezone(zones.zone(row.timezone)), SHORT_OF_YEAR),
    }
    raise NotPossible(said, {"starts_at": [said]})


def problems(
    account: PlatformAccount, values: Mapping[str, Any], conference: Conference | None = None
) -> dict[str, list[str]]:
    """Everything that stands against scheduling with these values, all of it at once, by field.

    `conference` is the one that is edited: what its change does not touch is not held against it.
    """
    found: dict[str, list[str]] = {}
    on_update = bool(conference and not conference.draft)
    row = copy.copy(conference) if conference else Conference(account=account)
    changed = differing(row, values) if conference and on_update else dict(values)
    put(row, changed)
    checks: tuple[Callable[[], None], ...] = (
        lambda: rules.check_values(account, changed, on_update=on_update, required=True),
        lambda: rules.check_whole(row, changed if on_update else None),
        lambda: _require_ahead(row.starts_at if not on_update or "starts_at" in changed else None),
        lambda: _require_next(row, changed if on_update else None),
    )
    for check in checks:
        try:
            check()
        except NotPossible as no:
            found = no.field_errors | found
    return found


def _record(
    action: str,
    conference: Conference,
    by: User | None,
    before: Mapping[str, Any],
    after: Mapping[str, Any] | None = None,
) -> None:
    now = after if after is not None else snapshot(conference)
    names = [n for n in now if now[n] != before.get(n) and (before or now[n] not in (None, ""))]
    history.record(
        action,
        CONFERENCE,
        conference.pk,
        actor=by,
        conference_id=conference.pk,
        before=pick(before, names) if before else {},
        after=pick(now, names),
    )
