"""Send what is due: claim it, send it, say so. A crash in between leaves "perhaps sent".

The claim is committed before the mail server hears of the message. What was claimed and never
settled may or may not have arrived, and a message is never sent twice on doubt.
"""

import logging
import smtplib
import time
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.core import mail
from django.db import DatabaseError, transaction
from django.db.models import Count, Q, QuerySet, Subquery
from django.utils.formats import number_format
from django.utils.translation import ngettext

from portal.common import clock
from portal.common.batches import slices
from portal.common.texts import Text
from portal.conferences import sentences
from portal.conferences.mails.services import copies, letters, queue, several, together
from portal.conferences.mails.services.acceptance import Fate, OpenEntries
from portal.conferences.mails.services.drafting import Pointless, compose
from portal.conferences.mails.services.told import UNSENT
from portal.conferences.mails.services.wording import as_one
from portal.conferences.models import Conference, DatePoll, Invitation

log = logging.getLogger(__name__)
State, Purpose = Invitation.State, Invitation.Purpose
# What a claim settles; who the letter is for may be changed by a merge at this very moment.
CLAIMED = (
    "state",
    "problem",
    "not_before",
    "attempts",
    "subject",
    "to_email",
    "purpose",
    "before",
    "after",
    "sequence",
    "with_entry",
)
URGENT = (
    Purpose.CANCEL,
    Purpose.UPDATE,
    Purpose.REMIND,
    Purpose.CONFIRM,
    Purpose.ASK,
    Purpose.OUTCOME,
)
CLAIM = timedelta(minutes=11)  # longer than one round may take
LONGEST_RUN = 240.0  # seconds; then the next round goes on
BATCH = 100  # messages over one connection
SILENT_AFTER = 15  # minutes that a mail which may leave can be due before nobody seems to send
MOST_SILENCES = 3  # in a row; then the round ends, and what waits is put off
# No answer in time. While it waits for one, smtplib says "disconnected".
SILENCE = (TimeoutError, smtplib.SMTPServerDisconnected)
FIRST_PAUSE, LONGEST_PAUSE, MOST_ATTEMPTS = 60.0, 3600.0, 30


class Round:
    """One round of sending: its connection, and how long it may go on."""

    def __init__(self) -> None:
        self.begun, self.sent, self.silences = time.monotonic(), 0, 0
        self.connection = mail.get_connection()

    @property
    def late(self) -> bool:
        return time.monotonic() - self.begun > LONGEST_RUN

    @property
    def stuck(self) -> bool:
        return self.silences >= MOST_SILENCES


def send_due() -> int:
    """Send all that may be sent now; answers how many were. Any number of workers may run it.

    The round ends after `LONGEST_RUN` seconds, or after `MOST_SILENCES` messages in a row for
    which the mail server took too long: what waits is then put off.
    """
    settle_lost()
    turn = Round()
    for some in _sortings():
        if some and not _open(turn.connection):
            _put_off(sentences.MAIL_SERVER_DOWN)
            break
        try:
            if not _send_some(turn, some):
                break
        finally:
            turn.connection.close()
    return turn.sent


def _send_some(turn: Round, ids: list[int]) -> bool:
    """Send some messages over one connection; False where the round is to end."""
    for pk in ids:
        if turn.late:
            queue.notify_worker()
            return False
        turn.sent += _send_one(pk, turn)
        if turn.stuck:
            _put_off(sentences.MAIL_SERVER_SLOW)
            return False
    return True


def _sortings() -> Iterator[list[int]]:
    """The ids of what may leave, a batch at a time; what may not is marked on the way."""
    return (sort(rows) for rows in _batches())


def _batches() -> Iterator[list[Invitation]]:
    """All that is due, some at a time. Changes, cancellations, reminders and questions go first:
    thousands of invitations must not hold them up."""
    urgent = Q(purpose__in=URGENT)
    for some in (urgent, ~urgent):
        due, last = together.leading(_waiting(clock.now())).filter(some).order_by("pk"), 0
        while rows := list(due.filter(pk__gt=last)[:BATCH]):
            last = rows[-1].pk
            yield rows


def sort(rows: list[Invitation]) -> list[int]:
    """Judge waiting messages, write down which are held back or dropped; answers what may go, of
    those that leave together the first."""
    found = together.parties(rows)
    entries = OpenEntries(together.all_of(found))
    return [going[0].pk for party in found if (going := _sorted(party, entries))]


def _sorted(party: together.Party, entries: OpenEntries) -> together.Party:
    found = together.judged(party, entries)
    for letter, (fate, why) in found:
        if fate is Fate.HOLD:
            _move(letter, State.HELD, why)
        elif fate is Fate.DROP:
            _move(letter, State.DROPPED, why)
        elif fate is Fate.WAIT and letter.state == State.HELD:
            _move(letter, State.WAITING, "")
    return together.going(found, clock.now())


def _waiting(moment: Any) -> QuerySet[Invitation]:
    due = Q(state=State.WAITING, not_before__lte=moment) | Q(state=State.HELD)
    return together.whole(Invitation.objects.filter(due))


def soon(conference: Conference) -> bool:
    """Whether a message of this conference is being sent, or will be within a minute."""
    if conference.invitations.filter(state=State.SENDING).exists():
        return True
    moment = clock.now() + timedelta(seconds=60)
    due = _waiting(moment).filter(conference=conference)
    return _first_to_go(list(due.order_by("pk")[:BATCH]), moment) is not None


def _first_to_go(rows: list[Invitation], moment: datetime) -> Invitation | None:
    found = together.parties(rows)
    entries = OpenEntries(together.all_of(found))
    pairs = zip(rows, found, strict=True)
    ready = (row for row, party in pairs if together.going(together.judged(party, entries), moment))
    return next(ready, None)


class InStates(NamedTuple):
    """What became of the mails of one conference, as numbers.

    `bounced` have come back. Of those that wait, `tried` could not be sent, the last for the
    `problem` that is named, and `late` have been due for long.
    """

    numbers: Mapping[str, int]
    bounced: int
    tried: int
    late: int
    problem: Text | str


def in_states(conference: Conference) -> InStates:
    """How many mails of a conference are in each state, and what keeps those that wait; one
    statement."""
    waiting = Q(state=State.WAITING)
    tried = waiting & Q(attempts__gt=0) & ~Q(problem="")
    late = waiting & Q(not_before__lte=clock.now() - timedelta(minutes=SILENT_AFTER))
    last = conference.invitations.filter(tried).order_by("-not_before").values("problem")[:1]
    rows = conference.invitations.order_by().values("state")
    groups = list(
        rows.annotate(
            number=Count("pk"),
            back=Count("pk", filter=Q(bounced_at__isnull=False)),
            tried=Count("pk", filter=tried),
            late=Count("pk", filter=late),
            why=Subquery(last),
        )
    )
    return InStates(
        {one["state"]: one["number"] for one in groups},
        sum(one["back"] for one in groups),
        sum(one["tried"] for one in groups),
        sum(one["late"] for one in groups),
        next((one["why"] for one in groups if one["why"]), ""),
    )


def trouble_in(conference: Conference, found: InStates) -> str:
    """`trouble` of a conference of which the numbers are known."""
    if found.tried:
        return _waits(found.tried, found.problem)
    return _silence(overdue(SILENT_AFTER, conference) if found.late else None)


def trouble(conference: Conference | None = None) -> str:
    """Why mails that may leave do not, of one conference or of all, in a sentence for staff; empty
    where nothing keeps them."""
    if not _of(conference).filter(state=State.WAITING).exists():
        return ""
    rows = _of(conference).filter(state=State.WAITING, attempts__gt=0).exclude(problem="")
    if problem := rows.order_by("-not_before").values_list("problem", flat=True).first():
        return _waits(rows.count(), problem)
    return _silence(overdue(SILENT_AFTER, conference))


def _waits(count: int, problem: Text | str) -> str:
    waits = ngettext("1 mail waits.", "%(mails)s mails wait.", count)
    return f"{waits % {'mails': number_format(count, force_grouping=True)}} {problem}"


def _silence(late: int | None) -> str:
    """That nothing sends, by how many seconds it has been due."""
    if late is None:
        return ""
    said = ngettext(
        "Mails have waited for %(count)d minute and nothing sends them: "
        "an administrator should see whether Lectern's mail worker is running.",
        "Mails have waited for %(count)d minutes and nothing sends them: "
        "an administrator should see whether Lectern's mail worker is running.",
        late // 60,
    )
    return said % {"count": late // 60}


def _of(conference: Conference | None) -> QuerySet[Invitation]:
    return conference.invitations.all() if conference else Invitation.objects.all()


def overdue(minutes: int, conference: Conference | None = None) -> int | None:
    """For how many seconds a mail that may leave has been due, where that is longer than some
    minutes: then nobody sends. None where all is well."""
    moment = clock.now()
    late = Q(state=State.WAITING, not_before__lte=moment - timedelta(minutes=minutes))
    rows = list(together.whole(_of(conference).filter(late)).order_by("not_before")[:BATCH])
    letter = _first_to_go(rows, moment)
    return int((moment - letter.not_before).total_seconds()) if letter else None


def settle_lost() -> None:
    """Claims whose worker died. Nobody has to decide about a question to confirm: whoever waits for
    it fills in the page again."""
    lost = Invitation.objects.filter(state=State.SENDING, not_before__lte=clock.now())
    lost.filter(purpose=Purpose.CONFIRM).update(state=State.DROPPED, problem=sentences.MAIL_LOST)
    lost.update(state=State.UNKNOWN, problem=sentences.MAIL_LOST)


def _open(connection: Any) -> bool:
    try:
        connection.open()
    except (OSError, smtplib.SMTPException) as error:
        log.warning("the mail server cannot be reached: %s", type(error).__name__)
        return False
    return True


def _put_off(problem: Text | str) -> None:
    """Let everything that would leave now wait, longer each time."""
    ready = [pk for some in list(_sortings()) for pk in some]
    for ids in slices(ready):
        rows = Invitation.objects.filter(pk__in=ids, state=State.WAITING)
        for before in sorted(set(rows.values_list("attempts", flat=True)), reverse=True):
            some, attempts = rows.filter(attempts=before), before + 1
            if attempts >= MOST_ATTEMPTS:
                some.update(state=State.FAILED, attempts=attempts, problem=problem)
            else:
                later = clock.now() + _pause(attempts)
                some.update(attempts=attempts, problem=problem, not_before=later)


def _send_one(pk: int, turn: Round) -> bool:
    try:
        claimed = _claim(pk)
    except DatabaseError:
        raise
    except Exception as error:  # one that cannot be put together must not hold up all others
        log.warning("message %s could not be put together: %s", pk, type(error).__name__)
        waiting = Invitation.objects.filter(pk=pk, state__in=UNSENT)
        waiting.update(state=State.FAILED, problem=sentences.MAIL_UNWRITABLE)
        return False
    if not claimed:
        return False
    some = [letter for letter, _content in claimed]
    contents = [content for _letter, content in claimed]
    try:
        message = several.write(contents, some, turn.connection)
        message.message()  # headers are checked here, while surely nothing was sent
        copies.keep(some, message, contents)
    except DatabaseError:
        raise
    except Exception as error:  # whatever it is, it is this message's fault alone
        log.warning("message %s could not be written: %s", pk, type(error).__name__)
        _settle(some, State.FAILED, problem=sentences.MAIL_UNWRITABLE)
        return False
    return _hand_over(some, message, turn)


About = tuple[int | None, int | None]  # a conference, or a date poll
Claimed = list[tuple[Invitation, letters.Content]]


@transaction.atomic
def _claim(pk: int) -> Claimed:
    """Take a message for sending, with those that leave with it, and what each says; none where it
    may not leave any more.

    The conferences (or the date poll) are locked meanwhile, as by every service that changes one:
    what the message says and whether the platform has accepted it are read as one.
    """
    due = Q(state=State.WAITING, not_before__lte=clock.now()) | Q(state=State.HELD)
    found = Invitation.objects.filter(due, pk=pk)
    locked = _lock(found)
    rows = [row for row in together.whole(found) if _about(row) in locked]
    party = [one for some in together.parties(rows) for one in some]
    if not {_about(one) for one in party} <= locked:
        return []  # one joined them just now: the next round takes them all
    claimed: Claimed = []
    taken: set[About] = set()
    for letter in _sorted(party, OpenEntries(party)):
        if _about(letter) in taken:  # in two roles, it is one link
            _move(letter, State.DROPPED, sentences.MAIL_TOLD)
            continue
        try:
            content = compose(letter)
        except Pointless as no:
            _move(letter, State.DROPPED, no.why)
            continue
        if not claimed or content.email == claimed[0][1].email:
            _take(letter, content)
            taken.add(_about(letter))
            claimed.append((letter, content))
    claimed = as_one(claimed)
    if len(claimed) > 1:
        mine = Invitation.objects.filter(pk__in=[letter.pk for letter, _content in claimed])
        mine.update(subject=several.several([content for _letter, content in claimed]).subject)
    return claimed


def _about(letter: Invitation) -> About:
    return letter.conference_id, letter.asked.poll_id if letter.asked else None


def _lock(found: QuerySet[Invitation]) -> set[About]:
    """Lock what some messages, and those that leave with them, are about: conferences in one order,
    and date polls, whose messages go alone."""
    whole = found.select_related("asked")
    wanted = {_about(one) for party in together.parties(whole) for one in party}
    locked: set[About] = set()
    if ids := {pk for pk, _poll in wanted if pk is not None}:
        rows = Conference.objects.select_for_update().filter(pk__in=ids).order_by("pk")
        locked |= {(pk, None) for pk in rows.values_list("pk", flat=True)}
    if ids := {poll for _pk, poll in wanted if poll is not None}:
        polls = DatePoll.objects.select_for_update().filter(pk__in=ids).order_by("pk")
        locked |= {(None, pk) for pk in polls.values_list("pk", flat=True)}
    return locked


def _take(letter: Invitation, content: letters.Content) -> None:
    """Write the claim down."""
    letter.state, letter.problem, letter.not_before = State.SENDING, "", clock.now() + CLAIM
    letter.attempts += 1
    letter.subject, letter.to_email = letters.subject(content), content.email
    letter.save(update_fields=CLAIMED)
    if content.speaking and letter.registration_id:
        # It has the speaker's link already: no second message for that.
        double = letter.about.invitations.filter(
            state__in=UNSENT, purpose=Purpose.INVITE, moderator__email=content.email
        )
        double.update(state=State.DROPPED, problem=sentences.MAIL_TOLD)


def _hand_over(some: list[Invitation], message: mail.EmailMessage, turn: Round) -> bool:
    if not _open(turn.connection):  # it was closed after a failure: nothing has left yet
        turn.silences += 1
        _later(some, sentences.MAIL_SERVER_DOWN)
        return False
    begun = _watch(turn.connection)
    try:
        turn.connection.send_messages([message])
    except (OSError, smtplib.SMTPException) as error:
        turn.silences = turn.silences + 1 if isinstance(error, SILENCE) else 0
        if isinstance(error, SILENCE) and not begun:
            _later(some, sentences.MAIL_SERVER_SLOW)
        else:
            _answer(some, error)
        # Its state is not to be trusted; the next message opens it anew.
        turn.connection.close()
        return False
    turn.silences = 0
    _settle(some, State.SENT, sent_at=clock.now(), bounced_at=None)
    return True


def _watch(connection: Any) -> list[bool]:
    """Filled as soon as the text itself is handed over (RFC 5321, 3.3): before that, a server that
    falls silent has surely taken nothing. Another way of sending is never so sure."""
    server: Any = getattr(connection, "connection", None)
    hand_over = getattr(type(server), "data", None)
    if hand_over is None:
        return [True]
    begun: list[bool] = []

    def data(text: Any) -> Any:
        begun.append(True)
        return hand_over(server, text)

    server.data = data
    return begun


def _answer(some: list[Invitation], error: Exception) -> None:
    """What became of a message that the server did not take, or perhaps took."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code, words = next(iter(error.recipients.values()), (550, b""))
        _refused(some, code, words)
    elif isinstance(error, smtplib.SMTPSenderRefused):
        _later(some, _sender_refused(some[0]))
    elif isinstance(error, smtplib.SMTPNotSupportedError):
        _later(some, sentences.MAIL_SERVER_REFUSES)
    elif isinstance(error, smtplib.SMTPResponseException):
        _refused(some, error.smtp_code, error.smtp_error)
    elif isinstance(error, ConnectionRefusedError):
        _later(some, sentences.MAIL_SERVER_DOWN)
    else:
        _settle(some, State.UNKNOWN, problem=sentences.MAIL_CUT)


def _sender_refused(letter: Invitation) -> Text:
    """An account's own sender is named: whoever set it can mend it."""
    account = letter.account
    if not account.sender_address:
        return sentences.MAIL_SERVER_REFUSES
    return sentences.MAIL_SENDER_REFUSED(sender=account.sender_address)


def _refused(some: list[Invitation], code: int, words: bytes | str) -> None:
    """A 4xx is for now, a 5xx for good (RFC 5321, 4.2.1)."""
    text = words.decode(errors="replace") if isinstance(words, bytes) else words
    sentence = sentences.MAIL_SERVER_ANSWERED(status=code, answer=letters.header_safe(text))
    if code >= 500:
        _settle(some, State.FAILED, problem=sentence)
    else:
        _later(some, sentence)


def _later(some: list[Invitation], problem: Text | str) -> None:
    attempts = max(letter.attempts for letter in some)
    if attempts >= MOST_ATTEMPTS:
        _settle(some, State.FAILED, problem=problem)
    else:
        not_before = clock.now() + _pause(attempts)
        _settle(some, State.WAITING, problem=problem, not_before=not_before)


def _pause(attempts: int) -> timedelta:
    seconds = FIRST_PAUSE * 2.0 ** min(attempts - 1, 10)
    return timedelta(seconds=min(seconds, LONGEST_PAUSE))


def _settle(some: list[Invitation], state: str, **values: Any) -> None:
    """Write what became of it, unless somebody else has settled it meanwhile."""
    mine = Invitation.objects.filter(pk__in=[one.pk for one in some], state=some[0].state)
    if some[0].purpose == Purpose.CONFIRM and state in (State.FAILED, State.UNKNOWN):
        state = State.DROPPED  # see `settle_lost`
    mine.update(state=state, **values)


def _move(letter: Invitation, state: str, why: Text | str) -> None:
    if (letter.state, letter.problem) != (state, why):
        _settle([letter], state, problem=why)
        letter.state, letter.problem = state, why
