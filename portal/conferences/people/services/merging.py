"""Make one person of two. Everything moves to the one that is kept; nothing is lost."""

from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from django.contrib.auth.models import User
from django.db import transaction
from django.utils.translation import gettext as _

from integrations.base.records import Kind
from portal.common import clock
from portal.common.errors import NotPossible
from portal.common.texts import Text, several
from portal.conferences import history, rules, sentences, tallies
from portal.conferences.mails import services as mails
from portal.conferences.models import (
    Attendance,
    Attendee,
    Invitation,
    Membership,
    Registration,
    UnconfirmedRegistration,
)
from portal.conferences.people.services import fields, merged_answers, people, tags
from portal.identity import roles
from portal.outbox import services as outbox

ATTENDEE, REGISTRATION = Kind.ATTENDEE, Kind.REGISTRATION
MERGED, AWAY = "merged", "merged away"
FILLED = ("first_name", "last_name", "phone", "company", "country", "language", "notes")


@dataclass(slots=True)
class Outcome:
    """What a merge moved. `both` names the webinars at which both were registered; where such a
    second registration has been on a platform, the other entry stays with it, hidden. `touched` are
    these webinars' ids. `answers` are the questions to which both had said something different;
    `differing` are the other fields of which that is true: what went, and what is kept."""

    registrations: int = 0
    groups: int = 0
    attendances: int = 0
    both: list[str] = field(default_factory=list)
    touched: list[int] = field(default_factory=list)
    stays: bool = False
    answers: list[merged_answers.Twice] = field(default_factory=list)
    differing: dict[str, tuple[Any, Any]] = field(default_factory=dict)

    @property
    def sentence(self) -> Text:
        """All of it, for the page and for the history."""
        return several(
            sentences.MOVED_WITH_PERSON(
                registrations=self.registrations,
                groups=self.groups,
                attendances=self.attendances,
            ),
            sentences.ONE_REGISTRATION_KEPT(webinars=", ".join(self.both)) if self.both else "",
            sentences.OTHER_ADDRESS_STAYS if self.stays else "",
            sentences.ONE_ANSWER_KEPT(count=len(self.answers)) if self.answers else "",
            sentences.OTHER_VALUES_IN_HISTORY if self.differing or self.answers else "",
        )


def merge(
    keep: Attendee, drop: Attendee, by: User | None, notify: mails.Telling | bool = True
) -> Outcome:
    """Move all that hangs on `drop` to `keep`, fill in what `keep` lacks, and let `drop` go.

    Where both are registered at one conference, the standing registration is kept, one that is
    registered before one that is only invited, and of two alike that of `keep`; the other is
    withdrawn. Who was invited at the
    address that goes is invited at the one that stays. Raises NotPossible, NotAllowed.
    """
    roles.require(by)
    if keep.pk == drop.pk:
        raise NotPossible(_("These are one and the same person already."))
    with transaction.atomic():
        ids = [keep.pk, drop.pk]
        rows = {row.pk: row for row in Attendee.objects.select_for_update().filter(pk__in=ids)}
        if len(rows) < 2 or any(row.merged_into_id for row in rows.values()):
            raise NotPossible(_("One of the two is no longer here. Reload the page to see it."))
        keep, drop = rows[keep.pk], rows[drop.pk]
        outcome = Outcome()
        twice = merged_answers.find(keep, drop)
        outcome.answers = [one for one in twice if one.differs]
        merged_answers.settle(twice)
        _move_registrations(keep, drop, outcome, by)
        tallies.keep(people=[keep.pk, drop.pk])
        # Not within: who registers people locks the webinar first, and the people after it.
        transaction.on_commit(lambda: tallies.keep(conferences=outcome.touched))
        outcome.groups = _move_groups(keep, drop)
        tags.move(keep, drop)
        outcome.attendances = Attendance.objects.filter(attendee=drop).update(attendee=keep)
        _fill(keep, drop, outcome)
        _record(keep, drop, outcome, by)
        Attendee.objects.filter(merged_into=drop).update(merged_into=keep)
        if outcome.stays:
            Attendee.objects.filter(pk=drop.pk).update(merged_into=keep)
        else:
            drop.delete()
        people.tell_platforms([keep.pk], by, readdressed=True)
        mails.follow_address(keep, mails.Telling.of(notify), by)
    return outcome


def _move_registrations(keep: Attendee, drop: Attendee, outcome: Outcome, by: User | None) -> None:
    kept = {row.conference_id: row for row in keep.registrations.all()}
    for row in drop.registrations.select_related("conference__account"):
        duplicate = kept.get(row.conference_id)
        if duplicate is None:
            Registration.objects.filter(pk=row.pk).update(attendee=keep)
            _readdress(row, keep)
            outcome.registrations += 1
        else:
            outcome.both.append(row.conference.title)
            outcome.touched.append(row.conference_id)
            _settle_duplicates(keep, drop, duplicate, row, outcome, by)


def _settle_duplicates(
    keep: Attendee,
    drop: Attendee,
    duplicate: Registration,
    row: Registration,
    outcome: Outcome,
    by: User | None,
) -> None:
    """Keep one of two registrations at the same conference, the one that stands."""
    theirs = not merged_answers.stands(duplicate, row)
    kept, spare = (row, duplicate) if theirs else (duplicate, row)
    _move_answers(spare, kept)
    if _nobody_else_knows(row):
        _move_mails(spare, kept)
        Registration.objects.filter(pk=spare.pk).delete()
        Registration.objects.filter(pk=kept.pk).update(attendee=keep)
    else:
        if theirs:
            _exchange(keep, drop, duplicate, row)
        _withdraw(spare, keep, by)
        outcome.stays = True
    _readdress(kept, keep)


def _move_answers(spare: Registration, kept: Registration) -> None:
    """What was answered on a registration page, and what came of a link that was confirmed there:
    pressed again, it is to show the one that stands."""
    spare.question_answers.update(registration=kept)
    UnconfirmedRegistration.objects.filter(registration=spare).update(registration=kept)
    if spare.every_date:
        Registration.objects.filter(pk=kept.pk).update(every_date=True)
    if spare.answers_there and not kept.answers_there:
        kept.answers_there = spare.answers_there
        Registration.objects.filter(pk=kept.pk).update(answers_there=kept.answers_there)


def _move_mails(spare: Registration, kept: Registration) -> None:
    """Where both were reminded of the same, both mails stay, and one of them counts."""
    moved = Invitation.objects.filter(registration=spare)
    reminders = Invitation.objects.filter(registration=kept, remind_before__isnull=False)
    for before, start in reminders.values_list("remind_before", "remind_start"):
        moved.filter(remind_before=before, remind_start=start).update(remind_before=None)
    moved.update(registration=kept)


def _nobody_else_knows(row: Registration) -> bool:
    """Whether no platform can have heard of the registrations of this conference."""
    conference = row.conference
    return conference.draft or not rules.reaches_platform(
        conference.account, REGISTRATION, "create"
    )


def _exchange(keep: Attendee, drop: Attendee, duplicate: Registration, row: Registration) -> None:
    """Exchange the people of two registrations, past the rule of one for each conference."""
    between = Attendee.objects.create(email=f"{uuid4()}@exchange.invalid")
    for one, person in ((duplicate, between), (row, keep), (duplicate, drop)):
        Registration.objects.filter(pk=one.pk).update(attendee=person)
    between.delete()


def _withdraw(spare: Registration, keep: Attendee, by: User | None) -> None:
    conference = spare.conference
    if spare.waits_again:  # to the platform they have withdrawn already
        Registration.objects.filter(pk=spare.pk).update(waits_again_at=None)
        mails.drop_waiting(conference, sentences.MAIL_WITHDRAWN, [spare])
    if spare.removed_at:
        return
    Registration.objects.filter(pk=spare.pk).update(removed_at=clock.now())
    mails.drop_waiting(conference, sentences.MAIL_WITHDRAWN, [spare])
    history.record(
        "withdrawn",
        REGISTRATION,
        spare.pk,
        actor=by,
        conference_id=conference.pk,
        sentence=sentences.WITHDREW_SECOND(person=str(keep)),
    )
    told = rules.reaches_platform(conference.account, REGISTRATION, "delete")
    if told and spare.is_registered:
        outbox.add(conference.account, REGISTRATION, spare.pk, by=by)


def _readdress(row: Registration, keep: Attendee) -> None:
    """Mails that wait go to the address that is kept."""
    Invitation.objects.filter(registration=row, state__in=mails.UNSENT).update(to_email=keep.email)


def _move_groups(keep: Attendee, drop: Attendee) -> int:
    inside = set(keep.memberships.filter(removed_at=None).values_list("group_id", flat=True))
    moved = 0
    for row in drop.memberships.all():
        if row.group_id in inside or row.removed_at:
            row.delete()
            continue
        Membership.objects.filter(group_id=row.group_id, attendee=keep).delete()
        Membership.objects.filter(pk=row.pk).update(attendee=keep)
        moved += 1
    return moved


def _fill(keep: Attendee, drop: Attendee, outcome: Outcome) -> None:
    """What `keep` does not say, `drop` may; notes of both stay. What both say, and not alike, is
    for the history."""
    for name in FILLED:
        theirs, ours = getattr(drop, name), getattr(keep, name)
        if name == "notes" and theirs and ours and theirs != ours:
            keep.notes = f"{ours}\n{theirs}"
        elif not ours:
            setattr(keep, name, theirs)
        elif theirs and theirs != ours:
            outcome.differing[name] = theirs, ours
    both = [key for key in drop.own if key in keep.own and drop.own[key] != keep.own[key]]
    if both:
        went, stays = (fields.named(one.own, both) for one in (drop, keep))
        outcome.differing |= {name: (went[name], stays[name]) for name in went}
    keep.own = {**drop.own, **keep.own}
    keep.save()


def _record(keep: Attendee, drop: Attendee, outcome: Outcome, by: User | None) -> None:
    lost = {name: value for name, value in people.snapshot(drop).items() if value}
    answers = {one.name: (one.other.value, one.kept.value) for one in outcome.answers}
    differing = outcome.differing | answers
    history.record(
        MERGED,
        ATTENDEE,
        keep.pk,
        actor=by,
        before=lost | {name: went for name, (went, _kept) in differing.items()},
        sentence=several(
            sentences.MERGED_WITH(person=str(drop), email=drop.email), outcome.sentence
        ),
        after={"email": keep.email} | {name: kept for name, (_went, kept) in differing.items()},
    )
    history.record(
        AWAY,
        ATTENDEE,
        drop.pk,
        actor=by,
        sentence=sentences.MERGED_INTO(person=str(keep), email=keep.email),
        before=lost,
        after={"email": keep.email},
    )
