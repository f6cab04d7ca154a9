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

from portal.conferences.mails.services.reminders.choosing import (
    add,
    begin,
    follow,
    passed,
    published,
    remove,
)
from portal.conferences.mails.services.reminders.due import queue_due
from portal.conferences.mails.services.reminders.now import newest, remind_now, to_remind
from portal.conferences.mails.services.reminders.rules import (
    LONGEST,
    MOST,
    SHORTEST,
    account_of,
    in_segment,
    meant,
    of_series,
    owner_of,
    reason_against,
    rules_of,
)
from portal.conferences.mails.services.reminders.showing import (
    Numbers,
    Planned,
    concerned,
    numbers,
    planned,
)

__all__ = [
    "LONGEST",
    "MOST",
    "SHORTEST",
    "Numbers",
    "Planned",
    "account_of",
    "add",
    "begin",
    "concerned",
    "follow",
    "in_segment",
    "meant",
    "newest",
    "numbers",
    "of_series",
    "owner_of",
    "passed",
    "planned",
    "published",
    "queue_due",
    "reason_against",
    "remind_now",
    "remove",
    "rules_of",
    "to_remind",
]
