"""Find a date: propose times, ask people, take their answers, and note what came of it.

All that changes a poll holds its row; so does whoever sends one of its messages.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.common import clock
from portal.common.errors import NotPossible, Stale
from portal.common.texts import Text
from portal.conferences import history, sentences
from portal.conferences.fields import canonical
from portal.conferences.mails import services as mails
from portal.conferences.mails.services import polls
from portal.conferences.models import (
    AskedPerson,
    Conference,
    DatePoll,
    Invitation,
    ProposedTime,
)
from portal.conferences.models.date_poll import DATE_POLL
from portal.conferences.schedule.services.clashes import COUNTS
from portal.identity import roles
from portal.platforms.models import PlatformAccount

Act, Answer, Purpose = mails.Act, AskedPerson.Answer, Invitation.Purpose
Outcome = DatePoll.Outcome
EDITED = ("title", "note", "duration_minutes", "answer_until")
MOST_TIMES, MOST_PEOPLE = 12, 30
_ASKED = {
    Act.ASK_AGAIN: sentences.ASKED_FOR_DATE_AGAIN,
    Act.ASK_CHANGE: sentences.TOLD_OF_CHANGED_POLL,
}
LONGEST_REMARK = 1000  # characters
CLOSED = gettext_lazy("This date poll is closed.")
CLOSED_FOR_READER = gettext_lazy("The search for a date is closed. Thank you for your answer.")
NOT_ASKED = gettext_lazy(
    "You are no longer asked. If that is a mistake, please tell the organisers."
)
CHANGED_MEANWHILE = gettext_lazy(
    "Somebody was written to meanwhile. Look again who still should be; nothing was sent now."
)
TOO_MANY_TIMES = gettext_lazy("At most %(most)s times can be proposed.")
TOO_MANY_PEOPLE = gettext_lazy("At most %(most)s people can be asked.")
SOMEBODY_ELSE = gettext_lazy(
    "Somebody else changed this date poll while you were editing it. What you typed is kept below, "
    "and what it says now stands beside it. Save again to put yours in its place."
)
GONE = gettext_lazy("This date poll was deleted meanwhile.")
DELETED = gettext_lazy("The webinar that came of it is not in Lectern any more.")


@dataclass(frozen=True, slots=True)
class Who:
    """Somebody to ask."""

    email: str
    name: str = ""


def open_poll(
    account: PlatformAccount,
    values: Mapping[str, Any],
    times: Sequence[datetime],
    people: Sequence[Who],
    telling: mails.Telling,
    by: User | None,
    uid: UUID,
) -> DatePoll:
    """Open a poll, and ask those people, unless `telling` says not to.

    `values` are title, duration_minutes, timezone, note and answer_until. `uid` is the form's own:
    sent twice, it answers the poll that the first one made. Raises NotPossible, NotAllowed.
    """
    roles.require(by)
    made = DatePoll.objects.filter(uid=uid)
    if already := made.first():
        return already
    try:
        with transaction.atomic():
            poll = DatePoll.objects.create(account=account, uid=uid, created_by=by, **values)
            _propose(poll, times)
            asked = _put_down(poll, people)
            _record(poll, "opened", sentences.POLL_OPENED(count=len(times)), by)
            _ask(poll, asked, Act.ASK, telling, by)
    except IntegrityError:  # the same form, sent twice at the same moment
        return made.get()
    return poll


def version(poll: DatePoll) -> str:
    """What tells whether `edit` would overwrite what somebody else has saved."""
    held = json.dumps({name: canonical(getattr(poll, name)) for name in EDITED})
    return hashlib.blake2b(held.encode(), digest_size=16).hexdigest()


@transaction.atomic
def edit(
    poll: DatePoll,
    values: Mapping[str, Any],
    telling: mails.Telling,
    by: User | None,
    seen: str,
) -> DatePoll:
    """Change what it says (`EDITED`); those who were asked hear of it, unless `telling` says not
    to. `seen` is the version that was edited. Raises Stale, NotPossible, NotAllowed."""
    row = _open(poll, by)
    given = {name: values[name] for name in EDITED if name in values}
    new = {name: value for name, value in given.items() if value != getattr(row, name)}
    if not new:
        return row
    if seen != version(row):
        raise Stale(SOMEBODY_ELSE)
    before = {name: canonical(getattr(row, name)) for name in new}
    for name, value in new.items():
        setattr(row, name, value)
    row.save(update_fields=list(new))
    after = {name: canonical(value) for name, value in new.items()}
    history.record("changed", DATE_POLL, row.pk, actor=by, before=before, after=after)
    _ask(row, list(to_tell_of_change(row)), Act.ASK_CHANGE, telling, by)
    return row


def to_tell_of_change(poll: DatePoll) -> Any:
    """Those who were asked, and would not hear of a change by a question that waits."""
    return polls.asked_before(standing(poll))


@transaction.atomic
def propose(
    poll: DatePoll, times: Sequence[datetime], telling: mails.Telling, by: User | None
) -> DatePoll:
    """Propose further times; all are asked anew, unless `telling` says not to. A time that stands
    already is left as it is. Raises NotPossible, NotAllowed."""
    row = _open(poll, by)
    if added := _propose(row, times):
        _record(row, "times proposed", sentences.TIMES_PROPOSED(count=added), by)
        _ask(row, list(standing(row)), Act.ASK, telling, by)
    return row


@transaction.atomic
def add_people(
    poll: DatePoll, people: Sequence[Who], telling: mails.Telling, by: User | None
) -> DatePoll:
    """Ask further people, unless `telling` says not to; who was taken off is asked again, and who
    is asked already is left alone. Raises NotPossible, NotAllowed."""
    row = _open(poll, by)
    added = _put_down(row, people)
    if added:
        named = ", ".join(str(one) for one in added)
        _record(row, "people added", sentences.PEOPLE_TO_ASK(people=named), by)
        _ask(row, added, Act.ASK, telling, by)
    return row


@transaction.atomic
def take_off(person: AskedPerson, by: User | None) -> None:
    """Ask somebody no more; their link says so, and what they said counts no longer. Raises
    NotPossible, NotAllowed."""
    row = _open(person.poll, by)
    found = row.people.filter(pk=person.pk, removed_at=None)
    if not found.update(removed_at=clock.now()):
        raise NotPossible(_("They were taken off already."))
    _record(row, "taken off", sentences.NOT_ASKED_ANY_MORE(person=str(person)), by)


@transaction.atomic
def ask_again(poll: DatePoll, telling: mails.Telling, by: User | None, seen: int) -> int:
    """Ask those again who have not answered; answers how many. `seen` is `polls.newest` as the page
    knew it that asked: the same answer twice asks once. Raises NotPossible, NotAllowed."""
    row = _open(poll, by)
    if seen != polls.newest(row):
        raise NotPossible(CHANGED_MEANWHILE)
    return _ask(row, list(to_ask(row)), Act.ASK_AGAIN, telling, by)


def standing(poll: DatePoll) -> Any:
    """Those who are asked."""
    return poll.people.filter(removed_at=None)


def to_ask(poll: DatePoll) -> Any:
    """Those who have not answered, and for whom no question waits."""
    return polls.without_waiting(standing(poll).filter(answered_at=None))


# Answers ------------------------------------------------------------------------------------------


def find(token: UUID) -> AskedPerson | None:
    """Who answers by a link; None where the link is not known."""
    rows = AskedPerson.objects.select_related("poll__account", "poll__conference")
    return rows.filter(token=token).first()


def reason_against(person: AskedPerson) -> str:
    """Why somebody can give no answer (any more), in a sentence for them; empty where they can."""
    if person.removed_at:
        return str(NOT_ASKED)
    return str(CLOSED_FOR_READER) if person.poll.closed_at else ""


@transaction.atomic
def answer(token: UUID, answers: Mapping[int, str], remark: str) -> AskedPerson:
    """Keep what somebody says of the times; what is left out holds as it was, and so does what
    they said of a time that is past. Raises NotPossible, and AskedPerson.DoesNotExist."""
    poll = DatePoll.objects.select_for_update().get(people__token=token)
    person = AskedPerson.objects.get(token=token)
    person.poll = poll
    if reason := reason_against(person):
        raise NotPossible(reason)
    moment = clock.now()
    ahead = {one.pk for one in poll.times.all() if one.starts_at > moment}
    given = {str(pk): str(Answer(said)) for pk, said in answers.items() if pk in ahead}
    if not given and not person.answered_at:
        raise NotPossible(_("Please say of at least one time whether you can."))
    person.answers = {**person.answers, **given}
    person.remark, person.answered_at = remark[:LONGEST_REMARK], moment
    person.save(update_fields=["answers", "remark", "answered_at"])
    return person


# What comes of it ---------------------------------------------------------------------------------


def led_to(form: str, conference: Conference, by: User | None) -> None:
    """Note that a schedule form, known by its uid as calendars are told it, has made a conference,
    where it began from a poll; a draft leaves the poll open. Call it within the transaction that
    makes it."""
    try:
        uid = UUID(form.partition("@")[0])
    except ValueError:
        return
    poll = DatePoll.objects.select_for_update().filter(uid=uid, closed_at=None).first()
    if poll is None:
        return
    poll.conference = conference
    poll.save(update_fields=["conference"])
    if conference.draft:
        said = sentences.POLL_DRAFTED(webinar=conference.title)
        _record(poll, "date drafted", said, by)
    else:
        _found(poll, conference, by)


def published(conference: Conference, by: User | None) -> None:
    """The draft that came of a poll is scheduled."""
    for poll in DatePoll.objects.select_for_update().filter(conference=conference, closed_at=None):
        _found(poll, conference, by)


def _found(poll: DatePoll, conference: Conference, by: User | None) -> None:
    poll.closed_at, poll.found = clock.now(), True
    poll.save(update_fields=["closed_at", "found"])
    _record(poll, "date found", sentences.POLL_LED_TO(webinar=conference.title), by)


def discarded(conference: Conference) -> None:
    """The draft that came of a poll is no more: the poll can lead to another one."""
    for poll in DatePoll.objects.select_for_update().filter(conference=conference, closed_at=None):
        poll.conference, poll.uid = None, uuid4()
        poll.save(update_fields=["conference", "uid"])


@transaction.atomic
def close(poll: DatePoll, telling: mails.Telling, by: User | None) -> DatePoll:
    """Close it without a date; those who were asked hear of it, unless `telling` says not to.
    Raises NotPossible, NotAllowed."""
    row = _open(poll, by)
    row.closed_at, row.conference = clock.now(), None
    row.save(update_fields=["closed_at", "conference"])
    _record(row, "closed", sentences.POLL_WITHOUT_DATE, by)
    _tell(row, telling, by)
    return row


@transaction.atomic
def tell_outcome(poll: DatePoll, telling: mails.Telling, by: User | None, seen: int) -> int:
    """Tell what came of it to those who have not heard; answers how many. `seen` as in `ask_again`.
    Raises NotPossible, NotAllowed."""
    row = _locked(poll, by)
    if row.closed_at is None:
        raise NotPossible(_("There is nothing to tell yet: the date poll is open."))
    if row.outcome == Outcome.DELETED:
        raise NotPossible(DELETED)
    if seen != polls.newest(row):
        raise NotPossible(CHANGED_MEANWHILE)
    return _tell(row, telling, by)


def to_tell(poll: DatePoll) -> list[AskedPerson]:
    """Those who were asked and have not heard what came of it. Whoever runs the conference hears by
    its own mails: that is said once. Of what is not known here any more nobody is told."""
    if poll.outcome == Outcome.DELETED:
        return []
    people = polls.without_message(standing(poll), Purpose.OUTCOME)
    asked = polls.with_message(people, Purpose.ASK)
    runs: set[str] = set()
    if poll.conference is not None:
        rows = poll.conference.moderators.filter(**COUNTS)
        runs = {email.casefold() for email in rows.values_list("email", flat=True)}
    return [one for one in asked if one.email.casefold() not in runs]


@transaction.atomic
def delete(poll: DatePoll, by: User | None) -> None:
    """Forget it with its answers and its mails; a conference that came of it stays. Raises
    NotPossible while a mail of it is being sent, NotAllowed."""
    row = _locked(poll, by)
    if polls.being_sent(row):
        raise NotPossible(_("A mail of it is being sent just now. Try again in a minute."))
    history.record("deleted", DATE_POLL, row.pk, actor=by, before={"title": row.title})
    row.delete()


def _locked(poll: DatePoll, by: User | None) -> DatePoll:
    roles.require(by)
    rows = DatePoll.objects.select_for_update(of=("self",)).select_related("account", "conference")
    row = rows.filter(pk=poll.pk).first()
    if row is None:
        raise NotPossible(GONE)
    return row


def _open(poll: DatePoll, by: User | None) -> DatePoll:
    row = _locked(poll, by)
    if row.closed_at:
        raise NotPossible(CLOSED)
    return row


def _propose(poll: DatePoll, times: Sequence[datetime]) -> int:
    stand = set(poll.times.values_list("starts_at", flat=True))
    fresh = sorted(set(times) - stand)
    if len(stand) + len(fresh) > MOST_TIMES:
        raise NotPossible(TOO_MANY_TIMES % {"most": MOST_TIMES})
    ProposedTime.objects.bulk_create(ProposedTime(poll=poll, starts_at=at) for at in fresh)
    return len(fresh)


def _put_down(poll: DatePoll, people: Iterable[Who]) -> list[AskedPerson]:
    """Those who are asked now and were not before."""
    held = {one.email: one for one in poll.people.all()}
    wanted = {who.email.strip().lower(): who for who in people}
    added = []
    for email, who in wanted.items():
        person = held.get(email)
        if person is None:
            added.append(AskedPerson(poll=poll, email=email, name=who.name))
        elif person.removed_at:
            person.removed_at, person.name = None, who.name or person.name
            added.append(person)
    stands = sum(one.removed_at is None and one not in added for one in held.values())
    if stands + len(added) > MOST_PEOPLE:
        raise NotPossible(TOO_MANY_PEOPLE % {"most": MOST_PEOPLE})
    for person in added:
        person.save()
    return added


def _ask(
    poll: DatePoll, people: Sequence[AskedPerson], act: str, telling: mails.Telling, by: User | None
) -> int:
    if not telling.tell or not people:
        return 0
    count = polls.queue(people, act, telling.note, by)
    said = _ASKED.get(Act(act), sentences.ASKED_FOR_DATE)
    _record(poll, "people asked", said(count=count), by)
    mails.notify_worker()
    return count


def _tell(poll: DatePoll, telling: mails.Telling, by: User | None) -> int:
    people = to_tell(poll)
    if not telling.tell or not people:
        return 0
    count = polls.queue(people, Act.OUTCOME, telling.note, by)
    _record(poll, "outcome told", sentences.OUTCOME_TOLD(count=count), by)
    mails.notify_worker()
    return count


def _record(poll: DatePoll, action: str, said: Text, by: User | None) -> None:
    history.record(action, DATE_POLL, poll.pk, actor=by, sentence=said)
