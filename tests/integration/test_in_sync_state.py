"""The list by sync state says of each webinar what its own line says, after every change."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from integrations.base.records import Kind
from portal.common import clock
from portal.conferences.models import Conference
from portal.conferences.schedule.forms.filters import SYNC_CHOICES
from portal.outbox.models import OutboxEntry
from portal.platforms.models import AccountRuntime, PlatformAccount
from portal.sync.kinds import KINDS
from portal.sync.models import Conflict, Hold, PlatformLink, SyncRun
from portal.sync.queries import all_accounts, chips, lines
from portal.sync.queries import in_state as listed
from tests.factories import AccountFactory, ConferenceFactory

pytestmark = pytest.mark.django_db
STATES = [state for state, _ in SYNC_CHOICES if state]


def agreed(account, **values):
    """A webinar that stood on its platform before the last sync."""
    row = ConferenceFactory(account=account, **values)
    base = KINDS[Kind.CONFERENCE].mirror.read(row)
    PlatformLink.objects.create(
        account=account,
        kind=Kind.CONFERENCE,
        local_id=row.pk,
        external_id=f"c{row.pk}",
        base_ours=base,
        base_theirs=base,
    )
    return row


@pytest.fixture
def account():
    return AccountFactory(synced_at=clock.now())


def synced(account):
    """A sync that went well begins now and is over."""
    now = timezone.now()  # the clock of `updated_at`
    SyncRun.objects.create(
        account=account, trigger="beat", started_at=now, finished_at=now, outcome="ok"
    )


def link(row):
    return PlatformLink.objects.get(kind=Kind.CONFERENCE, local_id=row.pk)


def entry(row, state):
    OutboxEntry.objects.create(
        account=row.account,
        kind=Kind.CONFERENCE,
        local_id=row.pk,
        state=state,
        not_before=clock.now(),
        created_at=clock.now(),
    )


def change(row, **values):
    for name, value in values.items():
        setattr(row, name, value)
    row.save()


def of_link(row, **values):
    PlatformLink.objects.filter(pk=link(row).pk).update(**values)


CHANGES = {
    "nothing": lambda row: None,
    "a note waits": lambda row: entry(row, "waiting"),
    "a note is being sent": lambda row: entry(row, "working"),
    "a note was refused": lambda row: entry(row, "failed"),
    "a note is done": lambda row: entry(row, "done"),
    "its note was lost": lambda row: change(row, title="Another"),
    "saved as it was": lambda row: change(row),
    "a draft": lambda row: change(row, draft=True),
    "cancelled": lambda row: change(row, removed_at=clock.now()),
    "gone": lambda row: change(row, gone_at=clock.now()),
    "gone there": lambda row: of_link(row, state="gone"),
    "deleted there": lambda row: of_link(row, state="deleted"),
    "not seen": lambda row: of_link(row, misses=1),
    "being created": lambda row: of_link(row, op="in flight", op_at=clock.now()),
    "brought": lambda row: of_link(row, external_id=None, op_sent={"title": "x"}),
    "no link": lambda row: link(row).delete(),
    "a conflict": lambda row: Conflict.objects.create(
        account=row.account,
        link=link(row),
        kind=Kind.CONFERENCE,
        local_id=row.pk,
        at=clock.now(),
    ),
    "held": lambda row: Hold.objects.create(
        account=row.account,
        kind=Kind.CONFERENCE,
        since=clock.now(),
        missing=[{"local_id": row.pk}],
    ),
    "on two accounts": lambda row: PlatformLink.objects.create(
        account=AccountFactory(),
        kind=Kind.CONFERENCE,
        local_id=row.pk,
        external_id="other",
        state="gone",
    ),
    "paused": lambda row: PlatformAccount.objects.filter(pk=row.account_id).update(paused=True),
    "not synced lately": lambda row: AccountRuntime.objects.filter(account=row.account_id).update(
        synced_at=clock.now() - timedelta(days=1)
    ),
}


def in_state(state):
    accounts = list(all_accounts(compared=True))
    return listed.in_state(Conference.objects.all(), state, accounts)


def by_state():
    return {state: set(in_state(state).values_list("pk", flat=True)) for state in STATES}


def by_line():
    found = {state: set() for state in STATES}
    for pk, line in chips(Kind.CONFERENCE, Conference.objects.values_list("pk", flat=True)).items():
        found[line.state].add(pk)
    return found


@pytest.mark.parametrize("what", CHANGES)
@pytest.mark.parametrize("since", ["since the last sync", "before the first one"])
def test_the_list_agrees_with_the_lines(account, what, since):
    agreed(account)
    row = agreed(account)
    agreed(AccountFactory(synced_at=clock.now()))
    if since == "since the last sync":
        synced(account)
    CHANGES[what](row)
    assert by_state() == by_line()


def test_what_is_at_rest_is_not_looked_at_one_by_one(account, monkeypatch):
    rows = [agreed(account) for _ in range(6)]
    synced(account)
    entry(rows[0], "waiting")
    asked = []
    monkeypatch.setattr(
        listed,
        "lines",
        lambda kinds, accounts: asked.extend(kinds[Kind.CONFERENCE]) or lines(kinds, accounts),
    )
    assert set(in_state("synced")) == set(rows[1:])
    assert asked == [rows[0]]


def test_more_webinars_take_no_more_statements(account):
    def counted():
        for _ in range(4):
            agreed(account)
        with CaptureQueriesContext(connection) as seen:
            list(in_state("waiting"))
        return len(seen)

    few = counted()
    for _ in range(3):
        many = counted()
    assert few == many
