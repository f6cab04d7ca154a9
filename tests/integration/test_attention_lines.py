"""The one line of every remote copy: state, sentence, and a fixed number of queries."""

from datetime import timedelta

import pytest

from integrations.base.records import Kind
from portal.common import clock
from portal.outbox.models import OutboxEntry
from portal.platforms.models import AccountRuntime, PlatformAccount
from portal.sync import engine, queries
from portal.sync.models import Conflict, Hold, PlatformLink
from tests.factories import (
    AccountFactory,
    AttendeeFactory,
    ConferenceFactory,
    ModeratorFactory,
    RegistrationFactory,
)

pytestmark = pytest.mark.django_db
CONFERENCE = Kind.CONFERENCE


@pytest.fixture
def row(db):
    return ConferenceFactory(account=AccountFactory(label="Main", synced_at=clock.now()))


def link(row, **values):
    given = {"external_id": "9", "base_ours": {"title": row.title}} | values
    return PlatformLink.objects.create(
        account=row.account, kind=CONFERENCE, local_id=row.pk, **given
    )


def entry(row, state, **values):
    return OutboxEntry.objects.create(
        account=row.account,
        kind=CONFERENCE,
        local_id=row.pk,
        state=state,
        created_at=clock.now(),
        **({"not_before": clock.now()} | values),
    )


def conflict(row, to, sort=Conflict.Sort.FIELD):
    return Conflict.objects.create(
        account=row.account,
        link=to,
        kind=CONFERENCE,
        local_id=row.pk,
        sort=sort,
        sentence="Both changed it.",
        at=clock.now(),
    )


def seen(row):
    return queries.line(CONFERENCE, row.pk)


def test_synced(row):
    link(row)
    line = seen(row)
    assert (line.state, line.account, line.platform) == ("synced", "Main", "clickmeeting")
    assert line.checked_at == row.account.runtime.synced_at
    assert line.sentence == "The same here and on Main."
    assert not line.in_progress


def test_what_one_listing_missed_is_not_called_synced(row):
    """Two listings prove an absence; after the first one nobody is told that all is well."""
    link(row, misses=1)
    line = seen(row)
    assert line.state == "checking"
    assert line.sentence == "Main did not show it when it was last read; the next sync looks again."


def test_a_draft_is_here_only(row):
    row.draft = True
    row.save()
    assert seen(row).state == "portal_only"
    assert "has not been told" in seen(row).sentence


def test_waiting_says_why_and_until_when(row):
    link(row)
    later = clock.now() + timedelta(minutes=10)
    entry(row, "waiting", problem="It did not answer.", not_before=later)
    line = seen(row)
    assert (line.state, line.in_progress) == ("waiting", True)
    assert "It did not answer. Tried again from" in line.sentence
    PlatformAccount.objects.update(paused=True)
    assert "until Main is resumed" in seen(row).sentence
    PlatformAccount.objects.update(state="rejected")
    assert "credentials" in seen(row).sentence


def test_sending_and_checking(row):
    link(row, external_id=None, base_ours={}, op="unknown")
    assert seen(row).state == "checking"
    entry(row, "waiting")
    assert seen(row).state == "checking"
    entry(row, "working")
    assert seen(row).state == "checking"
    assert "when Lectern's worker stopped" in seen(row).sentence
    AccountRuntime.objects.update(lease_until=clock.now() + timedelta(seconds=60))
    assert seen(row).state == "sending"


def test_refused_with_the_platforms_words(row):
    link(row)
    refused = entry(row, "failed", problem="No.", field_errors={"title": ["Too long."]})
    line = seen(row)
    assert (line.state, line.entry_id, line.sentence) == ("failed", refused.pk, "No.")
    assert line.field_errors == {"title": ["Too long."]}
    entry(row, "waiting")
    assert seen(row).state == "waiting"
    OutboxEntry.objects.update(state="done")
    assert seen(row).state == "synced"


def test_a_conflict_comes_first(row):
    to = link(row)
    entry(row, "failed", problem="No.")
    question = conflict(row, to)
    line = seen(row)
    assert (line.state, line.conflict_id) == ("conflict", question.pk)
    Conflict.objects.update(resolved_at=clock.now())
    assert seen(row).state == "failed"


def test_gone_there(row):
    to = link(row, state="gone")
    row.gone_at = clock.now()
    row.save()
    assert seen(row).state == "gone_there"
    conflict(row, to, Conflict.Sort.GONE)
    assert seen(row).state == "gone_there"
    row.removed_at = clock.now()
    row.save()
    assert seen(row).conflict_id is None, "cancelled here as well, it is no question any more"


def test_held_by_the_brake(row):
    link(row)
    held = Hold.objects.create(
        account=row.account,
        kind=CONFERENCE,
        reason="Much is missing",
        since=clock.now(),
        missing=[{"id": "9", "local_id": row.pk, "title": "T"}, "odd", {}],
    )
    assert seen(row).state == "held"
    held.ended_at = clock.now()
    held.save()
    assert seen(row).state == "synced"


def test_cancelled_here_and_there(row):
    row.removed_at = clock.now()
    row.save()
    assert seen(row).sentence == "It never reached ClickMeeting."
    link(row, state="deleted")
    assert (seen(row).state, seen(row).sentence) == ("synced", "Removed on ClickMeeting too.")


def test_a_withdrawn_registration_says_what_the_platform_cannot(row):
    person = RegistrationFactory(conference=row, removed_at=clock.now())
    PlatformLink.objects.create(
        account=row.account, kind=Kind.REGISTRATION, local_id=person.pk, external_id="9/1"
    )
    assert "cannot remove a registration" in queries.line(Kind.REGISTRATION, person.pk).sentence


def test_what_no_account_holds():
    person = AttendeeFactory()
    assert queries.line(Kind.ATTENDEE, person.pk).state == "portal_only"
    assert queries.line(Kind.GROUP, 7).state == "portal_only"
    assert queries.line("nonsense", 7).state == "portal_only"
    assert queries.line(CONFERENCE, 10**6).sentence.endswith("no longer here.")
    assert queries.chips(CONFERENCE, []) == {}


def test_of_two_accounts_the_worse_one_is_shown():
    person, good, bad = AttendeeFactory(), AccountFactory(), AccountFactory(label="Bad")
    for account in (good, bad):
        PlatformLink.objects.create(account=account, kind=Kind.ATTENDEE, local_id=person.pk)
    OutboxEntry.objects.create(
        account=bad,
        kind=Kind.ATTENDEE,
        local_id=person.pk,
        state="failed",
        problem="No.",
        created_at=clock.now(),
        not_before=clock.now(),
    )
    line = queries.line(Kind.ATTENDEE, person.pk)
    assert (line.state, line.account) == ("failed", "Bad")


def test_a_hundred_rows_cost_as_many_queries_as_one(django_assert_max_num_queries):
    account = AccountFactory()
    rows = [ModeratorFactory(conference=ConferenceFactory(account=account)) for _ in range(100)]
    for one in rows:
        PlatformLink.objects.create(account=account, kind=Kind.MODERATOR, local_id=one.pk)
    with django_assert_max_num_queries(7):
        found = queries.chips(Kind.MODERATOR, [one.pk for one in rows])
    assert {line.state for line in found.values()} == {"synced"}


def test_the_real_sync_ends_synced(account, sandbox):
    sandbox.clickmeeting("demo").add_room("Room", starts_at=clock.now() + timedelta(days=3))
    engine.sync_account(account.pk, full=True)
    made = PlatformLink.objects.get(kind=CONFERENCE)
    line = queries.line(CONFERENCE, made.local_id)
    assert line.state == "synced"
    assert line.checked_at is not None


def test_what_becomes_late_is_counted_from_then_on(row):
    """The list is a query that is made once; what it asks of the present is of the present."""
    entry(row, "waiting", attempts=1)
    assert queries.attention_count() == 0
    clock.advance(29 * 60)
    assert queries.attention_count() == 0
    clock.advance(2 * 60)
    assert queries.attention_count() == 1
    assert [item.sort for item in queries.attention()] == ["late"]
