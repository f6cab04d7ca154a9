"""The arithmetic of what is read when: the pace is kept, and so is what is promised."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations import registry
from integrations.base.records import PARENTS, SPECS, Kind
from portal.common import clock
from portal.platforms.models import AccountRuntime, PlatformAccount
from portal.sync import readings
from portal.sync.models import PlatformLink
from portal.sync.readings import (
    LIVE_AT_A_TIME,
    LIVE_PROMISED,
    PROMISED,
    WANTED,
    Rounds,
    Tier,
)

NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)
WEBINARS = 5000
# Of many webinars most are past, and few are near at a time.
SIZES = {Tier.NEAR: 25, Tier.AHEAD: 475, Tier.PAST: 4500}


@pytest.mark.parametrize(
    ("start", "end", "tier"),
    [
        (None, None, Tier.AHEAD),
        (timedelta(0), timedelta(hours=1), Tier.NEAR),
        (timedelta(days=2), None, Tier.NEAR),
        (timedelta(days=2, seconds=1), None, Tier.AHEAD),
        (-timedelta(days=3), -timedelta(days=1), Tier.NEAR),
        (-timedelta(days=3), -timedelta(days=1, seconds=1), Tier.PAST),
    ],
)
def test_what_is_near_ahead_and_past(start, end, tier):
    moments = [NOW + x if x is not None else None for x in (start, end)]
    assert readings.tier_of(*moments, NOW) is tier


@given(
    ahead=st.integers(0, 20_000),
    past=st.integers(0, 100_000),
    calls=st.integers(1, 5),
    left=st.integers(1, 10_000),
    interval=st.integers(1, 60),
)
def test_a_slice_is_within_the_pace_and_no_larger_than_promised(ahead, past, calls, left, interval):
    sizes = {Tier.NEAR: 0, Tier.AHEAD: ahead, Tier.PAST: past}
    some = readings.slices(sizes, calls=calls, left=left, interval=interval)
    for tier, minutes in WANTED.items():
        assert 0 <= some[tier] <= sizes[tier]
        assert bool(some[tier]) == bool(sizes[tier]), "nothing is left out for ever"
        if (ahead + past) * calls <= left:
            assert readings.minutes_of_round(sizes[tier], some[tier], interval) <= max(
                minutes + interval, interval
            )
    assert sum(some.values()) * calls <= left + 2 * calls, "but for one of each, rounded up"


@pytest.mark.parametrize("slug", registry.slugs())
def test_five_thousand_webinars_stay_within_the_pace(slug):
    """On each platform, with its own pace: no sync asks for more than its share of it, and the
    oldest part is as old as is said here."""
    can = registry.room(slug).capabilities
    children = [can.kind(k) for k in Kind if PARENTS.get(k) is Kind.CONFERENCE]
    lists = sum(kind.mirrored and kind.list.offered for kind in children)
    interval, pages = 5, WEBINARS / 100
    allowed = readings.room(can.requests_per_minute, interval)
    if slug == "clickmeeting":
        pages = 1 + WEBINARS / 250  # [conferences, inactive]
    left = max(allowed - pages - SIZES[Tier.NEAR] * lists, allowed * readings.LEAST)
    some = readings.slices(SIZES, calls=lists, left=left, interval=interval)
    used = pages + (SIZES[Tier.NEAR] + sum(some.values())) * lists
    room = readings.live_room(can.requests_per_minute, used / interval)
    assert used + room * interval <= can.requests_per_minute * interval
    calls = lists + sum(PARENTS.get(k) is Kind.SESSION and can.kind(k).mirrored for k in Kind)
    assert readings.live_minutes(LIVE_AT_A_TIME, room, calls) <= LIVE_PROMISED
    for tier, minutes in PROMISED.items():
        oldest = readings.minutes_of_round(SIZES[tier], some[tier], interval)
        assert oldest <= minutes, tier


@pytest.mark.parametrize(
    ("start", "minutes", "live"),
    [
        (None, None, False),
        (timedelta(minutes=30), 60, True),
        (timedelta(minutes=31), 60, False),
        (-timedelta(minutes=90), 60, True),
        (-timedelta(minutes=91), 60, False),
        (-timedelta(minutes=31), None, False),
    ],
)
def test_what_is_live(start, minutes, live):
    begins = NOW + start if start is not None else None
    ends = begins + timedelta(minutes=minutes) if minutes else None
    assert readings.is_live(begins, ends, NOW) is live


@given(
    per_minute=st.integers(1, 1000),
    part=st.floats(0, 1),
    number=st.integers(1, 500),
    calls=st.floats(1, 50),
)
def test_what_is_live_takes_what_the_syncs_leave(per_minute, part, number, calls):
    """However much they take of their share: both together stay within the pace, staff are left
    some, and everything live has its turn."""
    used = per_minute * readings.SHARE * part
    room = readings.live_room(per_minute, used)
    assert room > 0
    assert used + room <= per_minute * (readings.SHARE + readings.LIVE_LEAST) + 1e-6
    some = readings.live_at_once(room, calls)
    assert some == 1 or some * calls <= room, "one run asks for no more than a minute's"
    minutes = readings.live_minutes(number, room, calls)
    assert minutes * room >= number * calls or minutes == 1
    assert (minutes - 1) * room < number * calls


@given(pk=st.integers(1, 10**9), day=st.integers(1, 10**6))
def test_what_tells_is_read_whole_once_in_seven_days(pk, day):
    days = [one for one in range(day, day + readings.WHOLE_EVERY) if readings.is_its_day(pk, one)]
    assert len(days) == 1


@pytest.mark.parametrize("slug", registry.slugs())
def test_what_tells_is_a_field_of_its_kind(slug):
    """Only sessions are known to tell of anything, on the two platforms whose documents show it."""
    kinds = registry.room(slug).capabilities.kinds
    telling = {kind: can.tells for kind, can in kinds.items() if can.tells}
    assert telling.keys() == ({Kind.SESSION} if slug in ("clickmeeting", "trueconf") else set())
    for kind, names in telling.items():
        assert set(names) <= SPECS[kind].fields.keys()


def test_a_round_is_over_once_it_has_come_round():
    with clock.moved():
        rounds = Rounds({})
        assert rounds.is_first(Kind.CONFERENCE, Tier.PAST)
        rounds.went(Kind.CONFERENCE, Tier.PAST, 10, last=False)
        began = clock.now()
        clock.advance(60)
        rounds.went(Kind.CONFERENCE, Tier.PAST, 20, last=False)
        assert rounds.oldest(Kind.CONFERENCE, Tier.PAST) is None
        clock.advance(60)
        rounds.went(Kind.CONFERENCE, Tier.PAST, 10, last=False)
        oldest = rounds.oldest(Kind.CONFERENCE, Tier.PAST)
        assert abs(oldest - began) < timedelta(seconds=5)
        assert not rounds.is_first(Kind.CONFERENCE, Tier.PAST)
        assert rounds.after(Kind.CONFERENCE, Tier.PAST) == 10


@given(cost=st.integers(0, 100_000), allowed=st.floats(1, 10_000))
def test_a_list_of_the_account_s_own_leaves_half_to_the_rest(cost, allowed):
    rounds = Rounds({})
    rounds.cost(Kind.ATTENDEE, cost)
    syncs = rounds.syncs_between(Kind.ATTENDEE, allowed)
    assert cost / syncs <= allowed / 2 + 1e-6
    assert syncs == 1 or cost / (syncs - 1) > allowed / 2 - 1e-6, "and is not left out for longer"


def test_a_list_that_takes_most_of_the_pace_is_not_read_at_each_sync():
    with clock.moved():
        rounds = Rounds({})
        assert not rounds.rests(Kind.CONFERENCE, 210, 5)
        rounds.cost(Kind.CONFERENCE, 100)
        assert not rounds.rests(Kind.CONFERENCE, 210, 5), "half of it is left for the rest"
        rounds.cost(Kind.CONFERENCE, 460)
        assert rounds.rests(Kind.CONFERENCE, 210, 5)
        clock.advance(4 * 5 * 60)
        assert rounds.rests(Kind.CONFERENCE, 210, 5)
        clock.advance(5 * 60)
        assert not rounds.rests(Kind.CONFERENCE, 210, 5)


@pytest.mark.parametrize(("per_minute", "many"), [(60, 25), (600, 33), (60_000, 100)])
def test_our_side_is_read_for_as_many_as_the_pace_comes_to_soon(per_minute, many, monkeypatch):
    account = PlatformAccount(platform="clickmeeting", requests_per_minute=per_minute)
    account.runtime = AccountRuntime(account=account)
    links = [PlatformLink(pk=pk, kind=Kind.CONFERENCE) for pk in range(1, 2001)]
    tiers = {Tier.NEAR: links, Tier.AHEAD: [], Tier.PAST: []}
    monkeypatch.setattr(readings, "_tiers", lambda account, kind: tiers)
    turns = readings.in_turn(account, Rounds({}), Kind.CONFERENCE, lists=3, spent=0)
    sizes = [len(some) for some in turns]
    assert max(sizes) == many
    assert sum(sizes) == 2000
