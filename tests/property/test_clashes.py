"""What clashes with a plan, against looking at every minute, every moderator and every person."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.common import clock
from portal.conferences.models import Conference, Moderator, Registration
from portal.conferences.models.conference import ASSUMED_MINUTES
from portal.conferences.schedule.services import clashes
from portal.conferences.schedule.services.clashes import FEW_PEOPLE, Planned
from tests.factories import (
    AccountFactory,
    AttendeeFactory,
    ConferenceFactory,
    ModeratorFactory,
    RegistrationFactory,
)

ZERO = datetime(2094, 3, 1, 8, 0, tzinfo=UTC)
STEP = 10  # minutes: starts and lengths meet at the same moments often
LONG = clashes.LONGEST_MINUTES
ADDRESSES = ("ann@example.com", "Ann@Example.com", "bob@example.com")
ROWS = st.fixed_dictionaries(
    {
        "at": st.integers(0, 18),
        "steps": st.sampled_from([None, 0, 1, 2, 3, 6, 9]),
        "account": st.integers(0, 1),
        "look": st.sampled_from(["", "", "", "draft", "cancelled", "gone", "permanent"]),
        "speaker": st.sampled_from(["", *ADDRESSES]),
        "speaks": st.sampled_from(["", "", "removed", "gone", "fixed"]),
        "people": st.integers(0, FEW_PEOPLE + 2),
    }
)


def moment(steps):
    return ZERO + timedelta(minutes=STEP * steps)


def made(row, accounts, people):
    look, now = row["look"], clock.now()
    conference = ConferenceFactory(
        account=accounts[row["account"]],
        starts_at=None if look == "permanent" else moment(row["at"]),
        duration_minutes=None if row["steps"] is None else row["steps"] * STEP,
        draft=look == "draft",
        removed_at=now if look == "cancelled" else None,
        gone_at=now if look == "gone" else None,
        permanent=look == "permanent",
    )
    if row["speaker"]:
        ModeratorFactory(
            conference=conference,
            email=row["speaker"],
            removed_at=now if row["speaks"] == "removed" else None,
            gone_at=now if row["speaks"] == "gone" else None,
            fixed="Always there." if row["speaks"] == "fixed" else "",
        )
    for one in people[: row["people"]]:
        RegistrationFactory(conference=conference, attendee=one)
    return conference


def minutes_of(conference):
    """Every minute that it takes."""
    if conference.draft or conference.removed_at or conference.gone_at:
        return set()
    if conference.starts_at is None:
        return set()
    length = conference.duration_minutes
    length = ASSUMED_MINUTES if length is None else length
    return {conference.starts_at + timedelta(minutes=n) for n in range(length)}


@pytest.mark.django_db
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(
    rows=st.lists(ROWS, max_size=6),
    at=st.integers(0, 18),
    steps=st.sampled_from([None, 1, 3, 6]),
    rooms=st.sampled_from([None, 1, 2, 3]),
    registered=st.integers(0, FEW_PEOPLE + 2),
    speaker=st.sampled_from(["", *ADDRESSES]),
)
def test_they_are_what_every_minute_shows(rows, at, steps, rooms, registered, speaker):
    with transaction.atomic():
        accounts = [AccountFactory(concurrent_rooms=rooms), AccountFactory()]
        people = [AttendeeFactory() for _ in range(FEW_PEOPLE + 2)]
        mine = ConferenceFactory(account=accounts[0], starts_at=moment(at))
        mine.duration_minutes = None if steps is None else steps * STEP
        for one in people[len(people) - registered :]:
            RegistrationFactory(conference=mine, attendee=one)
        others = [made(row, accounts, people) for row in rows]
        planned = Planned(accounts[0], moment(at), mine.duration_minutes, mine, [speaker])
        with CaptureQueriesContext(connection) as asked:
            found = clashes.find(planned)
        assert len(asked) <= 5
        taken = minutes_of(mine)
        beside = [one for one in others if minutes_of(one) & taken]
        check_account(found, beside, taken, accounts[0], rooms)
        check_people(found, beside, mine, speaker)
        transaction.set_rollback(True)


def check_account(found, beside, taken, account, rooms):
    here = [one for one in beside if one.account_id == account.pk]
    running = 1 + max(sum(now in minutes_of(one) for one in here) for now in taken)
    if rooms is None:
        assert found.account is None
        assert {one.pk for one in found.beside} == {one.pk for one in here}
    elif running > rooms:
        assert found.account.running == running
        assert {one.pk for one in found.account.others} == {one.pk for one in here}
    else:
        assert found.account is None


def check_people(found, beside, mine, speaker):
    speaking = {
        (row.conference_id, row.email)
        for row in Moderator.objects.filter(conference__in=beside)
        if not row.removed_at and not row.gone_at and not row.fixed
        if speaker and row.email.lower() == speaker.lower()
    }
    assert {(one.other.pk, one.email) for one in found.speakers} == speaking

    def at(conference):
        return {row.attendee_id for row in Registration.objects.filter(conference=conference)}

    shared = {one.pk: len(at(one) & at(mine)) for one in beside}
    many = {pk: count for pk, count in shared.items() if count > FEW_PEOPLE}
    assert {one.other.pk: one.count for one in found.people} == many
    assert bool(found) == bool(found.account or speaking or many)


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(1, 12)), max_size=12))
def test_most_at_once_is_the_fullest_minute(spans):
    moments = [(moment(at), moment(at + length)) for at, length in spans]
    fullest = max(
        (sum(at <= now < at + length for at, length in spans) for now in range(50)), default=0
    )
    assert clashes.most_at_once(moments) == fullest


@pytest.mark.django_db
def test_what_is_longer_than_any_webinar_takes_no_time_and_what_is_as_long_does():
    account = AccountFactory(concurrent_rooms=1)
    for minutes, clash in ((LONG, True), (LONG + 1, False)):
        Conference.objects.all().delete()
        begun = ZERO - timedelta(minutes=LONG - 1)
        ConferenceFactory(account=account, starts_at=begun, duration_minutes=minutes)
        assert bool(clashes.find(Planned(account, ZERO, 60))) is clash, minutes
        assert not clashes.find(Planned(account, ZERO + timedelta(minutes=1), LONG + 1))


@pytest.mark.django_db
def test_a_mark_changes_with_what_is_found_and_not_with_how_many_people():
    account = AccountFactory(concurrent_rooms=1)
    people = [AttendeeFactory() for _ in range(FEW_PEOPLE + 2)]
    mine, other = (ConferenceFactory(account=account, starts_at=ZERO) for _ in range(2))
    for one in people[:-1]:
        RegistrationFactory(conference=mine, attendee=one)
        RegistrationFactory(conference=other, attendee=one)
    before = clashes.of(mine).mark
    assert before == f"a{other.pk} p{other.pk}"
    for row in (mine, other):
        RegistrationFactory(conference=row, attendee=people[-1])
    assert clashes.of(mine).mark == before
    third = ConferenceFactory(account=account, starts_at=ZERO + timedelta(minutes=59))
    assert clashes.of(mine).mark == f"a{other.pk} a{third.pk} p{other.pk}"
    mine.starts_at = None
    assert not clashes.of(mine)
