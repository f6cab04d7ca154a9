"""A webinar with people of every origin on a sandbox, and an inbox that can be counted."""

from contextlib import contextmanager
from datetime import timedelta

from django.core import mail
from icalendar import Calendar

from integrations.base.errors import RequestRejected
from portal.common import clock
from portal.conferences import tasks
from portal.conferences.audience.services import invite
from portal.conferences.people.services import selection
from portal.conferences.schedule.services import schedule
from portal.platforms.connections import open_adapter
from portal.sync import engine
from tests.support.syncing import settle

TITLE = "Autumn tour"
NO = "The platform says no."


def send():
    """A round of the mail worker, late enough for whatever was put off."""
    clock.advance(120)
    return tasks.send_mails()


def planned(account, by, title=TITLE, people=(), **values):
    """A webinar that stands on its platform once the account is settled."""
    start = (clock.now() + timedelta(days=3)).replace(minute=0, second=0, microsecond=0)
    given = {
        "title": title,
        "starts_at": start,
        "duration_minutes": 45,
        "timezone": "Europe/Berlin",
        "description": "All that is new.",
    }
    return schedule.schedule(account=account, by=by, people=people, values=given | values)


def book(account, by, **values):
    """A webinar that stands on its platform."""
    row = planned(account, by, **values)
    settle(account, rounds=2)
    row.refresh_from_db()
    return row


def invited(row, whom, by):
    """Invite people, have them registered there, and empty the inbox."""
    invite.send(row, selection.gather(whom), by=by)
    settle(row.account, rounds=2)
    send()
    mail.outbox.clear()
    row.refresh_from_db()


def edit(sandbox, account, what, title=TITLE, **values):
    """Something that a colleague does in the platform's own panel."""
    platform, theirs = sandbox.world.platform(account.platform), sandbox.account(account.platform)
    thing = next(one for one in platform.things(theirs) if one.title == title)
    next(one for one in platform.edits if one.name == what).apply(theirs, thing.id, values)


def address_of(message):
    return message.to[0].rpartition("<")[2].strip(">")


def written_to():
    """Address -> subjects of what it got."""
    found = {}
    for message in mail.outbox:
        found.setdefault(address_of(message), []).append(str(message.subject))
    return found


def entries():
    """(address, method, event) of the calendar entry in each message, in order."""
    found = []
    for message in mail.outbox:
        for part in message.message().walk():
            if part.get_content_type() == "text/calendar":
                whole = Calendar.from_ical(part.get_payload(decode=True))
                event = whole.walk("VEVENT")[0]
                found.append((address_of(message), str(whole["METHOD"]), event))
    return found


@contextmanager
def refusing(monkeypatch, *verbs):
    """The platform refuses these verbs (update, delete, create) as long as it lasts."""

    def refuse(*args, **kwargs):
        raise RequestRejected(NO, operation="test", status=400)

    def opened(*args, **kwargs):
        adapter = open_adapter(*args, **kwargs)
        for verb in verbs:
            setattr(adapter, verb, refuse)
        return adapter

    with monkeypatch.context() as patch:
        patch.setattr(engine, "open_adapter", opened)
        yield
