"""What a calendar makes of an entry, read by libraries that know nothing of Lectern."""

from datetime import UTC

from dateutil.rrule import rrulestr


def instants_of(calendar):
    """The dates (UTC) of an entry: those of its rule without the exceptions, those that are listed,
    and those that stand instead of one of the rule."""
    events = calendar.walk("VEVENT")
    main = next(one for one in events if "recurrence-id" not in one)
    begin = main["dtstart"].dt
    repeats = {"rrule", "rdate"} & set(map(str.lower, main))
    assert repeats or len(events) == 1, "nothing stands instead of a date of what does not repeat"
    zone = begin.tzinfo
    found = {begin.astimezone(UTC)}
    if "rrule" in main:
        rule = rrulestr(main["rrule"].to_ical().decode(), dtstart=begin)
        found = {at.replace(tzinfo=zone).astimezone(UTC) for at in rule}
    for name, act in (("exdate", found.discard), ("rdate", found.add)):
        listed = main.get(name)
        for at in listed.dts if listed is not None else ():
            assert name != "rdate" or at.dt.astimezone(UTC) not in found, "one date, said twice"
            act(at.dt.astimezone(UTC))
    for one in events:
        if "recurrence-id" in one:
            assert one["uid"] == main["uid"]
            found.remove(one["recurrence-id"].dt.astimezone(UTC))
            found.add(one["dtstart"].dt.astimezone(UTC))
    return sorted(found)
