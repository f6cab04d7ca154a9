"""Schedule a series, add a date to it, and carry an edit or a cancellation over its dates.

Each date is a conference of its own, on every platform. What is changed of several dates at once is
changed of each by the same service as of one, in one transaction: all of it, or nothing.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, time
from enum import StrEnum
from typing import Any
from uuid import uuid4

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from integrations.base.records import Kind
from portal.common import clock, zones
from portal.common.dates import SHORT_OF_YEAR, written
from portal.common.errors import NotPossible
from portal.common.texts import Text
from portal.conferences import history, recurrence, sentences, walltime
from portal.conferences.audience.services import series_registrations
from portal.conferences.fields import canonical, differing, snapshot
from portal.conferences.mails import services as mails
from portal.conferences.mails.services import reminders as reminding
from portal.conferences.mails.services.news import zone_of
from portal.conferences.models import Conference, Reminder, Series
from portal.conferences.recurrence import Occurrence, Rule
from portal.conferences.schedule.services import cancel as calling_off
from portal.conferences.schedule.services import date_polls, transfer_preview
from portal.conferences.schedule.services import schedule as scheduling
from portal.identity import roles
from portal.platforms.models import PlatformAccount

TIMING = frozenset({"starts_at", "timezone"})


class Extent(StrEnum):
    """How far an act on one date of a series reaches."""

    ONE = "one"
    FOLLOWING = "following"
    AHEAD = "ahead"


LABELS = {
    Extent.ONE: gettext_lazy("This date only"),
    Extent.FOLLOWING: gettext_lazy("This and all following dates"),
    Extent.AHEAD: gettext_lazy("All dates that lie ahead"),
}
BEGUN = gettext_lazy("This date has begun. Choose one that lies ahead to reach others with it.")
TAKEN = gettext_lazy("A date of this series starts at that moment already.")
TOO_MANY = gettext_lazy("This series has %(most)s dates that lie ahead, and cannot have more.")


def schedule(
    *,
    account: PlatformAccount,
    values: Mapping[str, Any],
    rule: Rule,
    dates: Sequence[Occurrence],
    by: User | None,
    uid: str,
    people: Iterable[Mapping[str, Any]] = (),
    notify: mails.Telling | bool = True,
    reminders: Sequence[Reminder] | None = None,
) -> Series:
    """Make a conference for each date, with these values and moderators, on the account's platform.

    `dates` are those of the rule. A moderator hears of all of them in one message. `uid` is the
    form's own: sent twice, it answers the series that the first one made. `reminders` hold for all
    dates. Raises NotPossible, NotAllowed.
    """
    roles.require(by)
    if values.get("permanent"):
        raise NotPossible(_("A permanent room is always there: it has no dates to repeat."))
    speakers, telling = list(people), in_one_message(notify)
    with transaction.atomic():
        series, made = Series.objects.get_or_create(
            uid=uid, defaults=_first_values(values, rule, dates, by)
        )
        if not made:
            return _the_same(series, account, values, rule, dates, speakers)
        if before := Conference.objects.filter(calendar_uid=uid).first():
            raise NotPossible(scheduling.MADE_BEFORE % {"made": before.title})
        rows = [
            scheduling.schedule(
                account=account,
                values={**values, "starts_at": one.at},
                by=by,
                people=speakers,
                notify=telling,
                series=series,
            )
            for one in dates
        ]
        reminding.begin(series, reminders, by)
        date_polls.led_to(uid, rows[0], by)
    return series


def _the_same(
    series: Series,
    account: PlatformAccount,
    values: Mapping[str, Any],
    rule: Rule,
    dates: Sequence[Occurrence],
    people: Iterable[Mapping[str, Any]],
) -> Series:
    """The series that a form has made before, unless it says something else now."""
    asked = _first_values(values, rule, dates, None)
    held = series.conferences.filter(account=account).order_by("planned_at", "pk").first()
    same = all(getattr(series, n) == asked[n] for n in ("title", "rule", "timezone", "first_at"))
    others = {n: v for n, v in values.items() if n not in ("starts_at", "password")}
    if not same or held is None or differing(held, others) or not scheduling.runs(people, held):
        raise NotPossible(scheduling.MADE_BEFORE % {"made": series.title})
    return series


def _first_values(
    values: Mapping[str, Any], rule: Rule, dates: Sequence[Occurrence], by: User | None
) -> dict[str, Any]:
    zone = values.get("timezone", "UTC")
    return {
        "title": values["title"],
        "rule": rule.text(zone),
        "timezone": zone,
        "first_at": dates[0].at,
        "created_by": by,
    }


def in_one_message(notify: mails.Telling | bool) -> mails.Telling:
    """Whether people are told, each in one message about all dates."""
    return replace(mails.Telling.of(notify), together=uuid4())


def ahead(series: Series) -> QuerySet[Conference]:
    """The dates that have not begun and take place, as far as anybody knows."""
    rows = series.conferences.filter(removed_at=None, gone_at=None, draft=False)
    return rows.filter(starts_at__gt=clock.now()).order_by("starts_at", "pk")


def first_ahead(rows: Iterable[Conference]) -> Conference | None:
    """The same of rows in the order of their starts: the first of them."""
    standing = (row for row in rows if not (row.removed_at or row.gone_at or row.draft))
    return next((row for row in standing if not _begun(row)), None)


def others(conference: Conference, extent: Extent) -> list[Conference]:
    """The dates that an act on this one reaches beside it: none that has begun, was cancelled or is
    gone on its platform, and none of another series."""
    if extent is Extent.ONE or conference.series is None or _begun(conference):
        return []
    rows = ahead(conference.series).exclude(pk=conference.pk).select_related("account")
    return within(conference, extent, rows)


def within(conference: Conference, extent: Extent, every: Iterable[Conference]) -> list[Conference]:
    """Those of the other dates that lie ahead which an extent reaches."""
    start = conference.starts_at
    if extent is Extent.AHEAD:
        return list(every)
    if extent is Extent.ONE or start is None:
        return []
    return [row for row in every if row.starts_at and row.starts_at >= start]


def _begun(conference: Conference) -> bool:
    return conference.starts_at is None or conference.starts_at <= clock.now()


def reasons_against(
    conference: Conference, others_ahead: Sequence[Conference] | None = None
) -> dict[Extent, str]:
    """Why each extent cannot be chosen for this date; empty where it can. `others_ahead` are the
    other dates that lie ahead, where they are known."""
    found = dict.fromkeys(Extent, "")
    if _begun(conference):
        return found | dict.fromkeys((Extent.FOLLOWING, Extent.AHEAD), str(BEGUN))
    every = others(conference, Extent.AHEAD) if others_ahead is None else others_ahead
    following = within(conference, Extent.FOLLOWING, every)
    if not following:
        found[Extent.FOLLOWING] = _("No later date of this series takes place.")
    if not every:
        found[Extent.AHEAD] = _("No other date of this series lies ahead.")
    elif len(every) == len(following):
        found[Extent.AHEAD] = _("This is the next date: it is the same as the choice above.")
    return found


def require_extent(conference: Conference, extent: Extent) -> None:
    """Raise NotPossible where an extent cannot be chosen any more; that others went meanwhile is
    no reason against the rest."""
    if extent is not Extent.ONE and _begun(conference):
        raise NotPossible(BEGUN, {"extent": [BEGUN]})


@dataclass(slots=True)
class Reach:
    """What an edit does to one of the other dates: the values that it takes on, and the fields in
    which it keeps something of its own."""

    conference: Conference
    values: dict[str, Any] = field(default_factory=dict)
    keeps: list[str] = field(default_factory=list)


def spread(held: Conference, values: Mapping[str, Any], rows: Iterable[Conference]) -> list[Reach]:
    """How an edit of one date (`held`, as it stands) reaches other ones.

    A field is changed where it holds what it held here: a date that was given something of its own
    keeps it. A new time is the same clock time on each, as many days earlier or later as here.
    """
    changed = differing(held, values)
    before = snapshot(held)
    found = []
    for row in rows:
        theirs, reach = snapshot(row), Reach(row)
        for name in changed.keys() - TIMING:
            if theirs.get(name) == canonical(changed[name]):
                continue
            if theirs.get(name) == before.get(name):
                reach.values[name] = changed[name]
            else:
                reach.keeps.append(name)
        if TIMING & changed.keys():
            _retime(held, changed, reach)
        reach.keeps.sort()
        found.append(reach)
    return found


def _retime(held: Conference, changed: Mapping[str, Any], reach: Reach) -> None:
    """Move one as this one is moved; one that was moved alone, or has its own hour, stays."""
    row, start = reach.conference, changed.get("starts_at", held.starts_at)
    common = _common_clock(held, row)
    if held.starts_at is None or start is None or common is None:
        reach.keeps.append("starts_at")
        return
    zone = changed.get("timezone", held.timezone)
    old, new = _wall(held.starts_at, held.timezone), _wall(start, zone)
    assert row.starts_at is not None  # noqa: S101 - one in step has a start
    day = _wall(row.starts_at, row.timezone).date() + (new.date() - old.date())
    known = zones.zone(zone).key
    second = walltime.is_second(start, known)
    hour = common if new.time() == old.time() else new.time()
    at = recurrence.occurrence(datetime.combine(day, hour), known, second=second).at
    if at != row.starts_at:
        reach.values["starts_at"] = at
    if zone != row.timezone:
        reach.values["timezone"] = zone


def _wall(at: datetime, zone: str) -> datetime:
    """What the clocks of a zone show; those of UTC where a platform made its name up."""
    return walltime.wall(at, zones.zone(zone).key)


def _common_clock(held: Conference, row: Conference) -> time | None:
    """The clock time that a date has in common with this one, where it stands where its series has
    it; None where it has its own. One whose day leaves that time out starts as much later."""
    if row.starts_at is None or held.starts_at is None or row.planned_at != row.starts_at:
        return None
    if held.timezone != row.timezone:
        return None
    mine, theirs = _wall(held.starts_at, held.timezone), _wall(row.starts_at, row.timezone)
    if mine.time() == theirs.time():
        return mine.time()
    for one, day, clock_time in (
        (row, theirs.date(), mine.time()),
        (held, mine.date(), theirs.time()),
    ):
        wall = datetime.combine(day, clock_time)
        meant = recurrence.occurrence(wall, zones.zone(one.timezone).key)
        if meant.left_out and meant.at == one.starts_at:
            return clock_time
    return None


@transaction.atomic
def change(
    conference: Conference,
    values: Mapping[str, Any],
    extent: Extent,
    by: User | None,
    version: int,
    notify: mails.Telling | bool = True,
) -> Conference:
    """Edit a date and those that the extent reaches, as `spread` says; answers the date.

    Raises Stale, NotPossible (also where one of the others cannot be changed: then none is), and
    NotAllowed.
    """
    roles.require(by)
    held = locked_dates(conference)
    require_extent(held, extent)
    if extent is not Extent.ONE and values.get("permanent"):
        why = _("A permanent room has no dates: only this date can become one.")
        raise NotPossible(why, {"permanent": [why]})
    reached = spread(held, values, others(held, extent))
    telling = in_one_message(notify) if extent is not Extent.ONE else mails.Telling.of(notify)
    row = scheduling.reschedule(held, values, by, version, notify=telling)
    if row.version == held.version:
        return row
    for one in reached:
        if one.values:
            _carry(one, by, telling)
    if extent is not Extent.ONE:
        _plan_anew(held, row, reached)
    return row


def _carry(reach: Reach, by: User | None, telling: mails.Telling) -> None:
    row = reach.conference
    try:
        made = scheduling.reschedule(row, reach.values, by, row.version, notify=telling)
    except NotPossible as no:
        raise NotPossible(of_date(row, no)) from no
    if "starts_at" in reach.values:
        Conference.objects.filter(pk=row.pk).update(planned_at=made.starts_at)


def _plan_anew(held: Conference, row: Conference, reached: Iterable[Reach]) -> None:
    """Several were changed together: where the edited one stands is where its series has it."""
    if row.starts_at != held.starts_at:
        Conference.objects.filter(pk=row.pk).update(planned_at=row.starts_at)
    if row.title != held.title and row.series is not None:
        Series.objects.filter(pk=row.series.pk).update(title=row.title)


@transaction.atomic
def cancel(
    conference: Conference,
    extent: Extent,
    by: User | None,
    reason: Text | str = "",
    notify: mails.Telling | bool = True,
) -> list[Conference]:
    """Call off a date and those that the extent reaches; whoever takes part in several of them
    hears of all in one message. Answers those that were called off. Raises NotPossible, NotAllowed.
    """
    roles.require(by)
    held = locked_dates(conference)
    require_extent(held, extent)
    telling, done = in_one_message(notify), []
    for row in [held, *others(held, extent)]:
        try:
            done.append(calling_off.cancel(row, by, reason, telling))
        except NotPossible as no:
            raise NotPossible(of_date(row, no)) from no
    return done


def locked_dates(conference: Conference) -> Conference:
    """The date as it stands; all of its series are locked, in one order."""
    rows = Conference.objects.select_for_update(of=("self",)).order_by("pk")
    same = {"series": conference.series_id} if conference.series_id else {"pk": conference.pk}
    list(rows.filter(**same).values_list("pk", flat=True))
    return Conference.objects.select_related("account", "series").get(pk=conference.pk)


def of_date(row: Conference, no: NotPossible) -> str:
    """A refusal that says which date it is about."""
    details = " ".join(text for some in no.field_errors.values() for text in some)
    at = row.starts_at.astimezone(zone_of(row)) if row.starts_at else None
    said = {"date": written(at, SHORT_OF_YEAR) if at else row.title, "why": details or no.sentence}
    return _("%(date)s: %(why)s Nothing was changed.") % said


def reason_against_adding(series: Series) -> str:
    """Why no date can be added; empty where one can."""
    return reason_of_numbers(int(model(series) is not None), ahead(series).count())


def reason_of_numbers(standing: int, to_come: int) -> str:
    """The same where it is known how many dates take place, and how many lie ahead."""
    if not standing:
        return _("Every date of this series was cancelled. Schedule a new one.")
    if to_come >= recurrence.MOST_DATES:
        return str(TOO_MANY) % {"most": recurrence.MOST_DATES}
    return ""


def model(series: Series) -> Conference | None:
    """The date whose settings a new one takes on: the last that takes place."""
    rows = series.conferences.filter(removed_at=None, gone_at=None, draft=False)
    return rows.select_related("account").order_by("-starts_at", "-pk").first()


@transaction.atomic
def add_date(
    series: Series,
    starts_at: datetime,
    zone: str,
    by: User | None,
    notify: mails.Telling | bool = True,
    *,
    register: bool = False,
) -> Conference:
    """One more date, with the settings and the moderators of the last one. With `register`, those
    who registered for all dates on the page of the series are registered for it; nobody else is
    invited.

    Raises NotPossible (also where a date of the series starts at that moment), NotAllowed.
    """
    roles.require(by)
    series = Series.objects.select_for_update().get(pk=series.pk)
    like = model(series)
    if like is None or (reason := reason_against_adding(series)):
        raise NotPossible(reason_against_adding(series) or reason)
    if series.conferences.filter(starts_at=starts_at, removed_at=None).exists():
        raise NotPossible(TAKEN, {"time": [TAKEN]})
    values = transfer_preview.preview(like, like.account).values
    made = scheduling.schedule(
        account=like.account,
        values={**values, "starts_at": starts_at, "timezone": zone},
        by=by,
        people=speakers_of(like),
        notify=notify,
        series=series,
    )
    history.record(
        "date added",
        Kind.CONFERENCE,
        made.pk,
        actor=by,
        conference_id=made.pk,
        sentence=sentences.DATE_ADDED(series=series.title),
    )
    if register:
        series_registrations.add_to(made, by, notify)
    return made


def speakers_of(conference: Conference) -> list[dict[str, str]]:
    """Its moderators as a form gives them; those without an address are the platform's own."""
    standing = conference.moderators.filter(removed_at=None, gone_at=None).exclude(email="")
    return [{"email": one.email, "name": one.name, "role": one.role} for one in standing]
