"""The calendar entry of a permanent room has the dates that are kept, whatever became of them."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from integrations.base.records import instant
from portal.conferences import recurrence
from portal.conferences.mails.services.calendar_entry import calendar_file
from portal.conferences.models import Conference
from portal.conferences.recurrence import DAILY, MONTHLY, WEEKLY, Rule
from portal.platforms.models import PlatformAccount
from tests.support.entries import instants_of

ZONES = ("UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata")
FIRST = datetime(2094, 1, 4, tzinfo=UTC).replace(tzinfo=None)


@st.composite
def rules(draw):
    count = draw(st.integers(2, 12))
    every = draw(st.sampled_from((DAILY, WEEKLY, MONTHLY)))
    interval = draw(st.integers(1, 3))
    if every == WEEKLY:
        days = draw(st.sets(st.integers(0, 6), min_size=1, max_size=3))
        return Rule(every, interval, tuple(sorted(days)), count=count)
    if every == MONTHLY:
        nth = draw(st.sampled_from((0, 1, 2, -1)))
        if nth:
            return Rule(every, interval, (draw(st.integers(0, 6)),), nth=nth, count=count)
        return Rule(every, interval, month_day=draw(st.sampled_from((1, 15, 28, -1))), count=count)
    return Rule(every, interval, count=count)


@given(
    rule=rules(),
    zone=st.sampled_from(ZONES),
    day=st.integers(0, 360),
    minute=st.integers(0, 24 * 60 - 1),
    left_out=st.sets(st.integers(0, 11), max_size=12),
    moved=st.dictionaries(st.integers(0, 11), st.integers(-5000, 5000), max_size=6),
    added=st.sets(st.integers(1, 600), max_size=5),
)
def test_the_entry_has_the_dates_that_are_kept(rule, zone, day, minute, left_out, moved, added):
    first = FIRST + timedelta(days=day, minutes=minute)
    by_rule = [one.at for one in recurrence.expand(rule, first, zone)]
    dates = {
        at + timedelta(minutes=moved.get(number, 0))
        for number, at in enumerate(by_rule)
        if number not in left_out
    }
    dates |= {by_rule[0] + timedelta(days=days, minutes=7) for days in added}
    if not dates:
        return
    kept = sorted(dates)
    row = Conference(
        account=PlatformAccount(platform="clickmeeting", label="Events"),
        title="Open hour",
        permanent=True,
        timezone=zone,
        starts_at=kept[0],
        duration_minutes=45,
        dates=[instant(at) for at in kept],
        dates_rule=rule.text(zone),
        dates_from=by_rule[0],
    )
    entry = calendar_file(row, to_email="a@example.com", to_name="", link="https://x", sequence=0)
    calendar = Calendar.from_ical(entry)
    assert instants_of(calendar) == kept
    for event in calendar.walk("VEVENT"):
        begin, end = (event[name].dt.astimezone(UTC) for name in ("dtstart", "dtend"))
        assert end - begin == timedelta(minutes=45)
        if zone != "UTC":
            assert event["dtstart"].params["tzid"] == zone
