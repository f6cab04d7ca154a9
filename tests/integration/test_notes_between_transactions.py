"""An edit and a worker in the same moment, each with a connection of its own: no note is lost."""

import threading
from contextlib import contextmanager

import pytest
from django.db import connection, transaction

from portal.conferences.models import Conference
from portal.outbox import services as outbox
from portal.outbox.models import OutboxEntry
from portal.platforms import lease
from portal.sync.kinds import KINDS
from portal.sync.models import PlatformLink
from portal.sync.queries import states
from tests.factories import AccountFactory, ConferenceFactory

two_connections = pytest.mark.skipif(
    connection.vendor != "postgresql", reason="on SQLite one transaction writes at a time"
)
State = OutboxEntry.State
PATIENCE = 20.0  # seconds until a thread that hangs fails the test


class Person(threading.Thread):
    """Edits a webinar in a transaction that stays open until it is told to commit."""

    def __init__(self, row, title):
        super().__init__(daemon=True)
        self.row, self.title = row, title
        self.noted, self.may_commit = threading.Event(), threading.Event()

    def run(self):
        try:
            with transaction.atomic():
                Conference.objects.filter(pk=self.row.pk).update(title=self.title)
                outbox.add(self.row.account, "conference", self.row.pk)
                self.noted.set()
                self.may_commit.wait(PATIENCE)
        finally:
            connection.close()

    def commit(self):
        self.may_commit.set()
        self.join(PATIENCE)


class Worker(threading.Thread):
    """Claims what is due, and reads the row that it is about."""

    def __init__(self, account):
        super().__init__(daemon=True)
        self.account, self.read = account, []

    def run(self):
        try:
            with lease.hold(self.account.pk) as mine:
                while some := outbox.claim(mine):
                    for entry in some:
                        self.read.append(Conference.objects.get(pk=entry.local_id).title)
                        outbox.done(entry)
        finally:
            connection.close()


@contextmanager
def hanging(thread):
    """The thread waits for somebody as long as the block lasts; then it comes to its end."""
    thread.start()
    thread.join(0.5)
    assert thread.is_alive(), "it did not wait"
    yield
    thread.join(PATIENCE)
    assert not thread.is_alive()


@pytest.fixture
def row(transactional_db):
    row = ConferenceFactory(title="Old", account=AccountFactory())
    outbox.add(row.account, "conference", row.pk)
    return row


@two_connections
def test_a_note_that_an_edit_relies_on_is_claimed_after_the_edit(row):
    person, worker = Person(row, "New"), Worker(row.account)
    person.start()
    assert person.noted.wait(PATIENCE)
    with hanging(worker):
        person.commit()
    assert worker.read == ["New"]
    assert OutboxEntry.objects.get().state == State.DONE


@two_connections
def test_a_note_that_an_edit_holds_does_not_hold_up_the_others(row):
    other = ConferenceFactory(title="Other", account=row.account)
    outbox.add(row.account, "conference", other.pk)
    person = Person(row, "New")
    person.start()
    assert person.noted.wait(PATIENCE)
    with lease.hold(row.account.pk) as mine:
        assert [entry.local_id for entry in outbox.claim(mine)] == [other.pk]
    person.commit()


@two_connections
def test_two_edits_at_once_of_a_row_without_a_note(row):
    OutboxEntry.objects.all().delete()
    first, second, worker = Person(row, "First"), Person(row, "Second"), Worker(row.account)
    first.row = second.row = row
    first.start()
    assert first.noted.wait(PATIENCE)
    # The second waits for the row; here it only leaves its note, which is the harder case.
    second.run = lambda: note_alone(second)
    with hanging(second):
        first.commit()
        assert second.noted.wait(PATIENCE)
        with hanging(worker):
            second.may_commit.set()
    assert worker.read == ["Second"]


def note_alone(person):
    try:
        with transaction.atomic():
            outbox.add(person.row.account, "conference", person.row.pk)
            person.noted.set()
            person.may_commit.wait(PATIENCE)
            Conference.objects.filter(pk=person.row.pk).update(title=person.title)
    finally:
        connection.close()


@two_connections
def test_many_notes_are_held_in_one_order(row):
    """Two people edit the same 300 rows, in different orders: nobody is refused."""
    ids = list(range(1000, 1300))
    outbox.add_many(row.account, "registration", ids)
    failed = []

    def edit(some):
        try:
            for _ in range(10):
                with transaction.atomic():
                    outbox.add_many(row.account, "registration", some)
        except Exception as error:
            failed.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=edit, args=(some,)) for some in (ids, ids[::-1])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    assert failed == []
    assert OutboxEntry.objects.filter(kind="registration").count() == len(ids)


@pytest.mark.django_db
def test_an_edit_while_the_older_note_is_sent_leaves_a_note_of_its_own():
    row = ConferenceFactory(account=AccountFactory())
    outbox.add(row.account, "conference", row.pk)
    with lease.hold(row.account.pk) as mine:
        (older,) = outbox.claim(mine)
        outbox.add(row.account, "conference", row.pk)
        outbox.done(older)
    assert OutboxEntry.objects.get(state=State.WAITING).pk != older.pk


# what is said of it -------------------------------------------------------------------------------


def synced(row):
    """A link of a row as both sides agreed on it."""
    ours = KINDS["conference"].mirror.read(row)
    return PlatformLink.objects.create(
        account=row.account, kind="conference", local_id=row.pk, external_id="7", base_ours=ours
    )


@pytest.mark.django_db
def test_synced_is_said_only_where_the_row_equals_its_base():
    row = ConferenceFactory(account=AccountFactory(), title="Agreed")
    row.refresh_from_db()
    synced(row)
    assert states.line("conference", row.pk).state == "synced"
    Conference.objects.filter(pk=row.pk).update(title="Edited, and the note was lost")
    found = states.line("conference", row.pk)
    assert (found.state, found.in_progress) == ("waiting", True)
    assert "with the next sync" in found.sentence


@pytest.mark.django_db
@pytest.mark.parametrize("state", [State.WAITING, State.WORKING, State.UNKNOWN, State.FAILED])
def test_synced_is_not_said_while_a_note_is_open(state):
    row = ConferenceFactory(account=AccountFactory())
    row.refresh_from_db()
    synced(row)
    outbox.add(row.account, "conference", row.pk)
    OutboxEntry.objects.update(state=state)
    assert states.line("conference", row.pk).state != "synced"


@pytest.mark.django_db
def test_what_is_cancelled_and_not_yet_deleted_there_is_not_synced():
    row = ConferenceFactory(account=AccountFactory())
    row.refresh_from_db()
    link = synced(row)
    Conference.objects.filter(pk=row.pk).update(removed_at=row.starts_at)
    assert states.line("conference", row.pk).state == "waiting"
    PlatformLink.objects.filter(pk=link.pk).update(state=PlatformLink.State.DELETED)
    assert states.line("conference", row.pk).state == "synced"
