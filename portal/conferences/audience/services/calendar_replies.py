"""Take what people answer by their calendar (Accept, Tentative, Decline), as by the mail's link.

Who answers is said by the address to which their calendar writes, which is signed for each person.
What was taken, or cannot be taken for a reason that staff can read in the history, is marked as
seen. Whatever else comes to these addresses is flagged and left unread, for a person.
"""

import logging
from datetime import datetime, timedelta

from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist
from django.db import transaction

from integrations.base.records import Kind
from portal.common import clock
from portal.common.errors import NotPossible
from portal.conferences import history, sentences
from portal.conferences.audience.services import answers
from portal.conferences.mails.services import calendar_reply, mailbox, reply_address
from portal.conferences.models import Invitation, Registration

log = logging.getLogger(__name__)
Answer = Registration.Answer
LATELY = timedelta(days=14)  # older mails are not looked for
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_ANSWERS = {"ACCEPTED": Answer.YES, "TENTATIVE": Answer.MAYBE, "DECLINED": Answer.NO}


def read() -> int:
    """Read what has come to the mailbox; answers how many answers were taken."""
    if not settings.REPLY_ADDRESS:
        return 0
    since = clock.now() - LATELY
    criteria = (
        "UNSEEN",
        "UNFLAGGED",
        "SINCE",
        f"{since.day}-{_MONTHS[since.month - 1]}-{since.year}",
    )
    return mailbox.read(settings.REPLY_MAILBOX, criteria, _handle, _is_for_us)


def _is_for_us(head: bytes) -> bool:
    """Whether a mail went to such an address; Exchange may write to the sender instead, and marks
    what its calendars write."""
    return reply_address.is_one(head) or b"urn:content-classes:calendarmessage" in head.lower()


def _handle(mail: bytes) -> mailbox.Handled:
    taken = take(mail)
    return (mailbox.FLAGGED if taken is None else mailbox.SEEN), bool(taken)


def take(mail: bytes) -> bool | None:
    """Take an answer; whether it was. False where it was refused, or is not news; None where there
    is none: it is not signed, not for this webinar, or not by the person who was invited."""
    try:
        reply = calendar_reply.parse(mail)
    except Exception as error:  # whoever writes to the mailbox may write anything
        log.warning("an answer cannot be read: %s", type(error).__name__)
        return None
    row = reply_address.whose(reply.addresses) if reply else None
    if reply is None or row is None or reply.uid != row.conference.calendar_uid:
        return None
    said = _said(reply, row)
    if said is None:
        return None
    at = min(reply.at or clock.now(), clock.now())
    if answers.is_old(row, at):
        return False
    try:
        answers.answer(row.token, said, at)
    except NotPossible as no:
        return _refused(row, at, str(no.sentence))
    except ObjectDoesNotExist:  # deleted in this very moment
        return None
    return True


def _said(reply: calendar_reply.Reply, row: Registration) -> Answer | None:
    """What the person said who was invited: an invitation that they passed on may be answered by
    somebody else's calendar, which writes to the same address."""
    letters = Invitation.objects.filter(registration=row).exclude(to_email="").order_by()
    known = {one.lower() for one in letters.values_list("to_email", flat=True).distinct()}
    known.add(row.attendee.email.lower())
    found = {_ANSWERS.get(word) for address, word in reply.said if address in known}
    return found.pop() if len(found) == 1 else None


@transaction.atomic
def _refused(seen: Registration, at: datetime, why: str) -> bool:
    """Have the history say that an answer could not be taken, once."""
    row = Registration.objects.select_for_update(of=("self",)).filter(pk=seen.pk).first()
    if row is None or (row.said_at and at <= row.said_at):
        return False
    Registration.objects.filter(pk=row.pk).update(said_at=at)
    history.record(
        "answered",
        Kind.REGISTRATION,
        row.pk,
        conference_id=row.conference_id,
        sentence=sentences.CALENDAR_NOT_TAKEN(person=str(seen.attendee), why=why),
    )
    return False
