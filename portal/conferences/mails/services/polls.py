"""The messages of a date poll. They stand in the one queue, and leave as all others; here is whom
they are to, and what they say."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.contrib.auth.models import User
from django.db.models import Exists, OuterRef, QuerySet

from portal.common import clock
from portal.conferences import sentences
from portal.conferences.links import dates_link
from portal.conferences.mails.services import letters
from portal.conferences.mails.services.asking import Asking, facts
from portal.conferences.mails.services.told import NOTIFIED_STATES, UNSENT
from portal.conferences.mails.services.wording import dress_for
from portal.conferences.models import AskedPerson, Attendee, Conference, DatePoll, Invitation

State, Purpose, Act = Invitation.State, Invitation.Purpose, Invitation.Act
PURPOSES = {
    Act.ASK: Purpose.ASK,
    Act.ASK_AGAIN: Purpose.ASK,
    Act.ASK_CHANGE: Purpose.ASK,
    Act.OUTCOME: Purpose.OUTCOME,
}
# A message in one of these is on its way, or has arrived, or perhaps has.
_REACHED = (*UNSENT, *NOTIFIED_STATES)


def content(asked: AskedPerson, letter: Invitation) -> letters.Content:
    """What a message about a poll says to somebody, as things stand now; what they know by it is
    noted on the letter (which is not saved)."""
    times = list(asked.poll.times.values_list("starts_at", flat=True))
    letter.after = facts(asked.poll)
    return written_to(asked, times, letter.act, letter.note, but=letter.pk)


def written_to(
    asked: AskedPerson,
    times: Sequence[datetime],
    act: str,
    note: str,
    *,
    but: int | None = None,
) -> letters.Content:
    """The same of a person, a poll and times that may not be saved yet; `but` is a message that is
    none of those that they had before."""
    poll = asked.poll
    told = _last_question(asked, but)
    purpose = PURPOSES[Act(act)]
    conference = poll.conference if poll.has_date and purpose is Purpose.OUTCOME else None
    made = letters.Content(
        conference=conference or _stand_in(poll),
        purpose=purpose,
        email=asked.email,
        name=asked.name,
        link=dates_link(asked.token),
        note=note,
        known=told is not None,
        entry=False,
        poll=Asking(
            poll,
            times,
            again=told is not None,
            answered=asked.answered_at is not None,
            change=act == Act.ASK_CHANGE,
            told=told.after if told else {},
        ),
    )
    return dress_for(made, language_of(asked.email))


def _last_question(asked: AskedPerson, but: int | None) -> Invitation | None:
    """The last question that somebody was sent, or perhaps was."""
    if asked.pk is None:
        return None
    sent = asked.invitations.filter(state__in=NOTIFIED_STATES, purpose=Purpose.ASK)
    return sent.exclude(pk=but or 0).order_by("-pk").first()


def _stand_in(poll: DatePoll) -> Conference:
    """The conference that is to come of a poll, as far as it is known; not to be saved."""
    return Conference(
        account=poll.account,
        title=poll.title,
        timezone=poll.timezone,
        duration_minutes=poll.duration_minutes,
    )


def language_of(email: str) -> str:
    """The language of somebody who is known here; empty where none is."""
    rows = Attendee.objects.filter(email=email, merged_into=None)
    return rows.values_list("language", flat=True).first() or ""


def queue(people: Iterable[AskedPerson], act: str, note: str, by: User | None) -> int:
    """Queue a message to each; answers how many. It takes the place of one that still waits, whose
    own words it says where it has none: both would say the same. Call it within the transaction of
    the act, which holds the poll, and notify the worker."""
    people, moment = list(people), clock.now()
    unsent = Invitation.objects.filter(
        asked__in=people, purpose=PURPOSES[Act(act)], state__in=UNSENT
    )
    words = dict(unsent.order_by("pk").exclude(note="").values_list("asked", "note"))
    unsent.update(state=State.DROPPED, problem=sentences.MAIL_TOLD_ANEW)
    made = Invitation.objects.bulk_create(
        Invitation(
            asked=one,
            purpose=PURPOSES[Act(act)],
            act=act,
            note=note or words.get(one.pk, ""),
            to_email=one.email,
            not_before=moment,
            created_at=moment,
            created_by=by,
        )
        for one in people
    )
    return len(made)


def with_message(people: QuerySet[AskedPerson], purpose: str) -> QuerySet[AskedPerson]:
    """Those of some people to whom a message of a purpose has gone, or is on its way."""
    return people.filter(Exists(_reaching(purpose)))


def _reaching(purpose: str) -> QuerySet[Invitation]:
    return Invitation.objects.filter(asked=OuterRef("pk"), purpose=purpose, state__in=_REACHED)


def without_message(people: QuerySet[AskedPerson], purpose: str) -> QuerySet[AskedPerson]:
    """Those of some people to whom no message of a purpose has gone, or is on its way."""
    return people.exclude(Exists(_reaching(purpose)))


def without_waiting(people: QuerySet[AskedPerson]) -> QuerySet[AskedPerson]:
    """Those of some people for whom no question waits, or is being sent."""
    waiting = Invitation.objects.filter(
        asked=OuterRef("pk"), purpose=Purpose.ASK, state__in=(*UNSENT, State.SENDING)
    )
    return people.exclude(Exists(waiting))


def asked_before(people: QuerySet[AskedPerson]) -> QuerySet[AskedPerson]:
    """Those of some people who were sent a question, or perhaps were, and for whom none waits that
    would say how things stand now."""
    sent = Invitation.objects.filter(asked=OuterRef("pk"), purpose=Purpose.ASK)
    found = people.filter(Exists(sent.filter(state__in=NOTIFIED_STATES)))
    return found.exclude(Exists(sent.filter(state__in=UNSENT)))


def newest(poll: DatePoll) -> int:
    """The newest message of a poll, by its id; 0 where there was none."""
    last = Invitation.objects.filter(asked__poll=poll).order_by("-pk")
    return last.values_list("pk", flat=True).first() or 0


def being_sent(poll: DatePoll) -> bool:
    """Whether a message of it is with the mail server just now."""
    return Invitation.objects.filter(asked__poll=poll, state=State.SENDING).exists()
