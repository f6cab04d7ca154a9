"""Send what is due: claim it, send it, say so. A crash in between leaves "perhaps sent".

The claim is committed before the mail server hears of the message. What was claimed and never
settled may or may not have arrived, and a message is never sent twice on doubt.
"""

import logging
import smtplib
import time
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.core import mail
from django.db.models import F, Q

from integrations.base.records import Kind
from portal.common import clock
from portal.conferences.models import Conference, Invitation
from portal.conferences.services.mails import letters, queue
from portal.platforms.models import PlatformAccount

log = logging.getLogger(__name__)
State, Purpose = Invitation.State, Invitation.Purpose
CLAIM = timedelta(minutes=11)  # longer than the worker's task may run
LONGEST_RUN = 240.0  # seconds; then the next poke goes on
BATCH = 100  # messages over one connection
FIRST_PAUSE, LONGEST_PAUSE, MOST_ATTEMPTS = 60.0, 3600.0, 30
LOST = "The portal stopped while this was being sent. It may have arrived: ask before you resend."
CUT = "The mail server did not answer to the end. It may have arrived: ask before you resend."


def send_due() -> int:
    """Send all that may be sent now; answers how many were. Any number of workers may run it."""
    settle_lost()
    drop_stale()
    begun, sent = time.monotonic(), 0
    while ids := list(ready(clock.now()).order_by("id").values_list("pk", flat=True)[:BATCH]):
        connection = _connection(ids)
        if connection is None:
            break
        try:
            sent += sum(_send_one(pk, connection) for pk in ids)
        finally:
            connection.close()
        if time.monotonic() - begun > LONGEST_RUN:
            queue.ring()
            break
    return sent


def ready(moment: datetime) -> Any:
    """Waiting messages that may leave: an invitation waits until the platform has the person.

    So nobody gets a link that leads nowhere; where the platform registers nobody, our own link
    is all there is and nothing has to be waited for.
    """
    stands = Q(conference__removed_at=None, conference__gone_at=None, conference__draft=False)
    here = Q(registration__removed_at=None, registration__gone_at=None)
    registered = Q(registration__isnull=False) & here & (
        Q(registration__registered_at__isnull=False)
        | ~Q(conference__account__in=_accounts_that_take(Kind.REGISTRATION))
    )  # fmt: skip
    assigned = Q(moderator__isnull=False) & (
        Q(moderator__join_url__gt="")
        | ~Q(conference__account__in=_accounts_that_take(Kind.MODERATOR))
    )
    may_go = Q(purpose=Purpose.CANCEL) | stands & (registered | assigned)
    return Invitation.objects.filter(may_go, state=State.WAITING, not_before__lte=moment)


def soon(conference: Conference) -> bool:
    """Whether a message of this conference is being sent, or will be within a minute."""
    moment = clock.now() + timedelta(seconds=60)
    sending = conference.invitations.filter(state=State.SENDING)
    return ready(moment).filter(conference=conference).exists() or sending.exists()


def _accounts_that_take(kind: Kind) -> list[int]:
    accounts = PlatformAccount.objects.defer("credentials", "tokens")
    return [a.pk for a in accounts if a.capabilities.kind(kind).create.offered]


def settle_lost() -> None:
    """Claims whose worker died."""
    Invitation.objects.filter(state=State.SENDING, not_before__lte=clock.now()).update(
        state=State.UNKNOWN, problem=LOST
    )


def drop_stale() -> None:
    """What has no point any more: the conference is over or off, the person withdrawn."""
    waiting = Invitation.objects.filter(state=State.WAITING).exclude(purpose=Purpose.CANCEL)
    waiting.filter(Q(registration__removed_at__isnull=False)).update(
        state=State.DROPPED, problem="The person was withdrawn before this was sent."
    )
    held = Conference.objects.filter(pk__in=waiting.values("conference_id"))
    for conference in held:
        if conference.state in (Conference.State.CANCELLED, Conference.State.ENDED):
            why = f"The webinar had {conference.state} before this could be sent."
            if conference.removed_at:
                why = "The webinar was cancelled before this was sent."
            waiting.filter(conference=conference).update(state=State.DROPPED, problem=why)


def _connection(ids: Iterable[int]) -> Any:
    """An open connection to the mail server; None, and the messages put off, where it is down."""
    connection = mail.get_connection()
    try:
        connection.open()
    except (OSError, smtplib.SMTPException) as error:
        log.warning("the mail server cannot be reached: %s", type(error).__name__)
        for letter in Invitation.objects.filter(pk__in=ids, state=State.WAITING):
            _later(letter, "The mail server cannot be reached. It is tried again by itself.")
        return None
    return connection


def _send_one(pk: int, connection: Any) -> bool:
    moment = clock.now()
    claimed = Invitation.objects.filter(pk=pk, state=State.WAITING, not_before__lte=moment).update(
        state=State.SENDING, not_before=moment + CLAIM, attempts=F("attempts") + 1, problem=""
    )
    if not claimed:
        return False
    letter = Invitation.objects.select_related(
        "conference", "registration__attendee", "moderator"
    ).get(pk=pk)
    try:
        message = letters.write(letter, connection)
        message.message()  # headers are checked here, while surely nothing was sent
    except Exception as error:  # whatever it is, it is this message's fault alone
        log.warning("message %s could not be written: %s", pk, type(error).__name__)
        _settle(letter, State.FAILED, problem="The message could not be written for this address.")
        return False
    return _hand_over(letter, message, connection)


def _hand_over(letter: Invitation, message: mail.EmailMessage, connection: Any) -> bool:
    try:
        connection.send_messages([message])
    except (OSError, smtplib.SMTPException) as error:
        _answer(letter, error)
        connection.close()  # its state is not to be trusted; the next message opens it anew
        return False
    _settle(
        letter, State.SENT, sent_at=clock.now(), subject=message.subject,
        sequence=letter.conference.sequence, to_email=letters.recipient(letter)[0],
    )  # fmt: skip
    return True


def _answer(letter: Invitation, error: Exception) -> None:
    """What became of a message that the server did not take, or perhaps took."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code, words = next(iter(error.recipients.values()), (550, b""))
        _refused(letter, code, words)
    elif isinstance(error, smtplib.SMTPSenderRefused | smtplib.SMTPNotSupportedError):
        _later(letter, "The mail server does not take messages from this portal at present.")
    elif isinstance(error, smtplib.SMTPResponseException):
        _refused(letter, error.smtp_code, error.smtp_error)
    elif isinstance(error, ConnectionRefusedError):
        _later(letter, "The mail server cannot be reached. It is tried again by itself.")
    else:
        _settle(letter, State.UNKNOWN, problem=CUT)


def _refused(letter: Invitation, code: int, words: bytes | str) -> None:
    """A 4xx is for now, a 5xx for good (RFC 5321, 4.2.1)."""
    text = words.decode(errors="replace") if isinstance(words, bytes) else words
    sentence = f"The mail server answered: {code} {letters.header_safe(text)}"[:500]
    if code >= 500:
        _settle(letter, State.FAILED, problem=sentence)
    else:
        _later(letter, sentence)


def _later(letter: Invitation, problem: str) -> None:
    attempts = letter.attempts + (letter.state == State.WAITING)
    if attempts >= MOST_ATTEMPTS:
        _settle(letter, State.FAILED, attempts=attempts, problem=problem)
        return
    pause = min(FIRST_PAUSE * 2.0 ** min(attempts - 1, 10), LONGEST_PAUSE)
    not_before = clock.now() + timedelta(seconds=pause)
    _settle(letter, State.WAITING, attempts=attempts, problem=problem, not_before=not_before)


def _settle(letter: Invitation, state: str, **values: Any) -> None:
    """Write what became of it, unless somebody else has settled it meanwhile."""
    Invitation.objects.filter(pk=letter.pk, state=letter.state).update(state=state, **values)
