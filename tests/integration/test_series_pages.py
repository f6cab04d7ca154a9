"""The pages of a series: schedule it by the form, look at it, edit and cancel as far as chosen."""

import re
from datetime import datetime, time, timedelta
from uuid import uuid4

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.html import escape

from portal.common import clock
from portal.conferences import walltime
from portal.conferences.jobs import services as jobs
from portal.conferences.mails.services import sending
from portal.conferences.models import (
    Attendee,
    Change,
    Conference,
    Invitation,
    Job,
    Registration,
    Series,
)
from portal.identity import roles
from portal.outbox.models import OutboxEntry
from portal.staff.webinars.presenters.recurrence import rule_in_words
from tests.factories import (
    AccountFactory,
    AttendeeFactory,
    ConferenceFactory,
    ModeratorFactory,
    RegistrationFactory,
    SeriesFactory,
    staff_url,
)
from tests.factories.rooms import furnish
from tests.support.pages import text

pytestmark = pytest.mark.django_db
BERLIN = "Europe/Berlin"
THERE = "https://platform.example/room"


@pytest.fixture(autouse=True)
def rooms(monkeypatch):
    furnish(monkeypatch)


@pytest.fixture
def plenty():
    return AccountFactory(label="Plenty One", platform="plenty")


@pytest.fixture
def client(client_as):
    return client_as(roles.STAFF)


def first_day():
    return walltime.wall(clock.now(), BERLIN).date() + timedelta(days=3)


def typed(account, **changes):
    values = {
        "uid": str(uuid4()),
        "shown": account.pk,
        "account": account.pk,
        "title": "Course",
        "room_type": "webinar",
        "timezone": BERLIN,
        "date": f"{first_day():%Y-%m-%d}",
        "time": "10:00",
        "duration_minutes": 60,
        "access": "open",
        "repeat-repeats": "WEEKLY",
        "repeat-interval": 1,
        "repeat-count": 6,
        "moderators-count": 1,
        "schedule": "yes",
    }
    return values | changes


@pytest.fixture
def series(plenty):
    """Four weeks, with one person registered on all dates, who was told of them."""
    at = clock.now().replace(hour=10, minute=0, second=0, microsecond=0) + timedelta(days=2)
    made = SeriesFactory(title="Course", rule="FREQ=WEEKLY;BYDAY=TU;COUNT=4")
    ann = AttendeeFactory(email="ann@example.com")
    for week in range(4):
        start = at + timedelta(weeks=week)
        row = ConferenceFactory(
            account=plenty, title="Course", starts_at=start, planned_at=start, series=made
        )
        person = RegistrationFactory(conference=row, attendee=ann, join_url=THERE)
        Invitation.objects.create(
            conference=row,
            registration=person,
            to_email="ann@example.com",
            state="sent",
            subject="Invitation",
            after={"title": "Course", "starts_at": start.strftime("%Y-%m-%dT%H:%M:%SZ")},
            not_before=clock.now(),
            sent_at=clock.now(),
        )
    return made


def rows(series):
    return list(series.conferences.order_by("planned_at"))


def test_the_form_makes_a_series_once(client, plenty):
    values = typed(plenty)
    for _ in range(2):
        answer = client.post(staff_url("schedule"), values)
        made = Series.objects.get()
        assert answer.url == staff_url("series", made.pk)
    assert made.conferences.count() == 6
    page = text(client.get(answer.url))
    assert "6 webinars are scheduled." in page
    assert "Every week on" in page
    assert "6 dates." in page


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"repeat-count": ""}, "Say how many dates, or until when it goes on."),
        ({"repeat-until": "2094-05-01"}, "not both"),
        ({"repeat-count": "", "repeat-until": "2094-05-01"}, "more than 100 dates"),
        (
            {"repeat-repeats": "MONTHLY", "repeat-count": "", "repeat-until": "2094-05-01"},
            "three years",
        ),
        ({"repeat-count": "101"}, "less than or equal to 100"),
        ({"repeat-count": "9" * 40}, "less than or equal to 100"),
        ({"repeat-repeats": "MONTHLY", "repeat-count": "50"}, "Within three years there are 3"),
        ({"repeat-interval": "0"}, "greater than or equal to 1"),
        ({"repeat-repeats": "HOURLY"}, "Select a valid choice"),
        ({"repeat-days": ["9"]}, "Select a valid choice"),
        ({"schedule": "", "draft": "yes"}, "not kept as a draft"),
        ({"permanent": "on"}, "no dates to repeat"),
    ],
)
def test_what_cannot_repeat_is_said_and_nothing_made(client, plenty, changes, said):
    values = {name: value for name, value in typed(plenty, **changes).items() if value != ""}
    answer = client.post(staff_url("schedule"), values)
    assert answer.status_code == 422
    assert said in text(answer)
    assert not Conference.objects.exists()
    assert 'id="repeats" open' in answer.content.decode()


def test_one_that_takes_place_once_ignores_the_rest(client, plenty):
    values = typed(plenty, **{"repeat-repeats": "", "repeat-interval": "0", "repeat-count": "1"})
    answer = client.post(staff_url("schedule"), values)
    assert Conference.objects.get().series is None
    assert answer.url == staff_url("conference", Conference.objects.get().pk)


def test_the_next_dates_follow_what_is_typed(client, plenty):
    values = typed(plenty, refresh="clock") | {"repeat-count": 7}
    del values["schedule"]
    answer = client.post(staff_url("schedule"), values, headers={"HX-Request": "true"})
    page = text(answer)
    assert "The next dates" in page
    assert "and 2 more, the last on" in page
    assert "7 webinars on Plenty One" in page
    assert "Schedule 7 webinars on Plenty" in page
    assert not Conference.objects.exists()
    open_end = client.post(staff_url("schedule"), values | {"repeat-count": ""})
    assert "The next dates" in text(open_end)
    assert "webinars on Plenty" not in text(open_end)


def test_a_change_of_clocks_is_named(client, plenty):
    values = typed(plenty, refresh="all", date="2094-03-22", **{"repeat-count": 2})
    page = text(client.post(staff_url("schedule"), values))
    assert "The clocks have changed: from here on UTC+02:00." in page
    values |= {"time": "02:30", "date": "2094-03-27", "repeat-repeats": "DAILY"}
    page = text(client.post(staff_url("schedule"), values))
    assert "leave 02:30 out: it starts at 03:30 that day" in page


def test_its_moderators_are_asked_about_once(client, plenty):
    person = {"name": "Ida Example", "email": "ida@example.com", "role": "presenter"}
    values = typed(plenty, **{f"moderators-0-{name}": one for name, one in person.items()})
    asked = client.post(staff_url("schedule"), values)
    page = text(asked)
    assert "Notify one person?" in page
    assert "(6 dates)" in page
    assert not Conference.objects.exists()
    answer = client.post(staff_url("schedule"), values | {"asked": "yes", "tell": "yes"})
    assert answer.status_code == 302
    assert Invitation.objects.filter(state="waiting").count() == 6


def test_the_page_shows_dates_people_and_what_was_moved(client, series):
    row = rows(series)[1]
    Conference.objects.filter(pk=row.pk).update(starts_at=row.starts_at + timedelta(hours=3))
    page = text(client.get(staff_url("series", series.pk)))
    assert "Moved by itself; the series has" in page
    assert "Every week on Tuesday. 4 dates." in page
    listed = text(client.get(staff_url("conferences")))
    assert "2 of 4" in listed
    assert "Series: 2 of 4" in text(client.get(staff_url("conference", row.pk)))


def test_who_is_only_invited_is_not_counted_as_registered(client, series):
    first = rows(series)[0]
    for number in range(3):
        RegistrationFactory(
            conference=first, attendee__email=f"i{number}@example.com", stage="invited"
        )
    page = text(client.get(staff_url("series", series.pk)))
    assert "3 On the list" not in page
    assert "4 On the list 1 Registered for all dates 0 Registered for some dates" in page


def test_the_page_of_many_dates_costs_no_more(client, series, django_assert_max_num_queries):
    like = rows(series)[0]
    for number in range(56):  # more than a page
        at = like.starts_at + timedelta(days=60 + number)
        row = ConferenceFactory(
            account=like.account, starts_at=at, planned_at=at, series=series, title="Course"
        )
        RegistrationFactory(conference=row)
    with django_assert_max_num_queries(15):
        answer = client.get(staff_url("series", series.pk))
    assert len(answer.content) < 95_000


def edited(row, **changes):
    at = walltime.wall(row.starts_at, BERLIN)
    values = {
        "shown": row.account_id,
        "account": row.account_id,
        "version": row.version,
        "title": row.title,
        "room_type": "webinar",
        "timezone": BERLIN,
        "date": f"{at:%Y-%m-%d}",
        "time": f"{at:%H:%M}",
        "duration_minutes": 60,
        "access": "open",
        "save": "yes",
    }
    return values | changes


def test_an_edit_asks_how_far_it_reaches_and_who_hears(client, series):
    row = rows(series)[1]
    url = staff_url("conference-edit", row.pk)
    page = client.get(url)
    assert "This and all following dates" in text(page)
    values = edited(row, title="New course", extent="following")
    asked = client.post(url, values)
    assert "Notify one person?" in text(asked)
    assert "(3 dates)" in text(asked)
    client.post(url, values | {"asked": "yes", "tell": "yes", "counted": "1"})
    assert [one.title for one in rows(series)] == [
        "Course",
        "New course",
        "New course",
        "New course",
    ]
    Conference.objects.update(version=9)
    sending.send_due()
    assert Invitation.objects.filter(purpose="update").count() == 3


def test_this_one_is_what_an_edit_means_by_itself(client, series):
    row = rows(series)[1]
    values = edited(row, title="New course", tell="no")
    client.post(staff_url("conference-edit", row.pk), values)
    assert [one.title for one in rows(series)] == ["Course", "New course", "Course", "Course"]


def test_extents_that_cannot_be_used_are_off_with_the_reason(client, series):
    page = client.get(staff_url("conference-edit", rows(series)[-1].pk))
    assert "No later date of this series takes place." in text(page)
    alone = client.get(staff_url("conference-edit", ConferenceFactory().pk))
    assert "Which dates" not in text(alone)


def test_cancelling_asks_how_far_it_reaches(client, series):
    row = rows(series)[1]
    url = staff_url("conference-cancel", row.pk)
    assert "Cancel this webinar?" in text(client.get(url))
    page = text(client.get(f"{url}?extent=following"))
    assert "Cancel 3 webinars?" in page
    assert "Notify one person?" in page
    answer = client.post(url, {"extent": "following", "tell": "yes", "counted": "1", "note": "Ill"})
    assert answer.url == staff_url("series", series.pk)
    assert [bool(one.removed_at) for one in rows(series)] == [False, True, True, True]
    assert {one.cancel_reason for one in rows(series)[1:]} == {"Ill"}
    letters = Invitation.objects.filter(purpose="cancel")
    assert letters.count() == 3
    assert len(set(letters.values_list("together", flat=True))) == 1


def test_skipping_a_date_leads_back_to_the_series(client, series):
    def leads_back(page, label):
        return f'href="{here}"' in page.partition(label)[0].rpartition("<a")[2]

    here, row = staff_url("series", series.pk), rows(series)[1]
    cancel = staff_url("conference-cancel", row.pk)
    skip = re.search(rf'href="({cancel}[^"]*)"', client.get(here).content.decode())
    page = client.get(skip[1]).content.decode()
    assert leads_back(page, "Keep it")
    other = re.search(r'href="([^"]*extent=following[^"]*)"', page)[1].replace("&amp;", "&")
    assert leads_back(client.get(other).content.decode(), "Keep them")
    answer = client.post(skip[1], {"next": here, "extent": "one", "tell": "no"})
    assert answer.url == here
    assert [bool(one.removed_at) for one in rows(series)] == [False, True, False, False]
    elsewhere = {"next": "https://elsewhere.example/", "extent": "one", "tell": "no"}
    answer = client.post(staff_url("conference-cancel", rows(series)[2].pk), elsewhere)
    assert answer.url == staff_url("conference", rows(series)[2].pk)


def test_an_extent_of_what_is_in_no_series_means_itself(client, plenty):
    row = ConferenceFactory(account=plenty)
    url = staff_url("conference-cancel", row.pk)
    assert "Cancel this webinar?" in text(client.get(f"{url}?extent=ahead"))
    assert client.post(url, {"extent": "ahead", "do": "yes"}).status_code == 302
    row.refresh_from_db()
    assert row.removed_at


def test_a_date_is_added(client, series):
    last = rows(series)[-1]
    url = staff_url("series-add", series.pk)
    day = walltime.wall(last.starts_at, BERLIN) + timedelta(days=3)
    values = {"timezone": BERLIN, "date": f"{day:%Y-%m-%d}", "time": f"{day:%H:%M}"}
    assert "Add a date" in text(client.get(url))
    answer = client.post(url, values)
    assert answer.url == staff_url("series", series.pk)
    assert series.conferences.count() == 5
    assert "The date is added." in text(client.get(answer.url))
    client.post(url, values)
    assert series.conferences.count() == 5
    past = client.post(url, values | {"date": "2020-01-01"})
    assert past.status_code == 422
    assert escape("in the past") in text(past)


def test_a_viewer_reads_and_changes_nothing(client_as, series):
    viewer = client_as(roles.VIEWER)
    page = text(viewer.get(staff_url("series", series.pk)))
    assert "needs the role Event staff" in page
    assert viewer.get(staff_url("series-add", series.pk)).status_code == 403
    url = staff_url("conference-cancel", rows(series)[0].pk)
    assert viewer.post(url, {"extent": "ahead", "tell": "no"}).status_code == 403
    assert not any(one.removed_at for one in rows(series))
    assert not mail.outbox


def invite(client, series, **changes):
    return client.post(staff_url("series-invite", series.pk), {"action": "preview"} | changes)


def test_inviting_shows_what_will_happen_then_does_it(client, series):
    first = rows(series)[0]
    RegistrationFactory(conference=first, attendee__email="bob@example.com")
    page = text(client.get(staff_url("series-invite", series.pk)))
    assert "4 dates lie ahead" in page
    who = "ann@example.com, bob@example.com, Eve Example <eve@example.com>"
    preview = text(invite(client, series, who=who))
    assert "Notify 2 people?" in preview
    assert "(3 dates)" in preview or "(4 dates)" in preview
    assert not Attendee.objects.filter(email="eve@example.com").exists()
    answer = invite(
        client, series, who=who, action="send", tell="yes", counted="2", switch_on="on", press="x"
    )
    assert answer.url == staff_url("series", series.pk)
    assert "2 people are invited to 4 dates." in text(client.get(answer.url))
    standing = Registration.objects.filter(conference__series=series)
    assert standing.filter(attendee__email="eve@example.com").count() == 4
    assert standing.filter(attendee__email="bob@example.com").count() == 4
    letters = Invitation.objects.filter(state="waiting")
    assert letters.filter(to_email="bob@example.com").count() == 3
    assert letters.filter(to_email="eve@example.com").count() == 4
    assert not letters.filter(to_email="ann@example.com").exists()
    assert len(set(letters.values_list("together", flat=True))) == 1
    standing.update(registered_at=clock.now(), join_url=THERE)
    OutboxEntry.objects.all().delete()
    assert sending.send_due() == 2
    assert sorted(one.subject for one in mail.outbox) == [
        "Invitation: Course (3 dates)",
        "Invitation: Course (4 dates)",
    ]
    again = text(invite(client, series, who=who))
    assert "Everyone is invited already." in again


def test_everybody_of_the_series_is_invited_to_a_new_date(client, series, plenty):
    like = rows(series)[-1]
    at = like.starts_at + timedelta(days=2)
    row = ConferenceFactory(
        account=plenty, title="Course", starts_at=at, planned_at=at, series=series
    )
    assert "Notify one person?" in text(invite(client, series, everyone="on"))
    invite(client, series, everyone="on", action="send", tell="no", switch_on="on")
    assert row.registrations.get().attendee.email == "ann@example.com"
    assert not Invitation.objects.filter(state="waiting").exists()


def test_who_was_withdrawn_comes_back_only_where_staff_say_so(client, series):
    gone = Registration.objects.filter(conference=rows(series)[2])
    gone.update(removed_at=clock.now())
    page = text(invite(client, series, who="ann@example.com"))
    assert "They were withdrawn: tick the box above" in page
    assert "Notify one person?" in text(invite(client, series, who="ann@example.com", again="on"))
    invite(
        client, series, who="ann@example.com", again="on", action="send", tell="no", switch_on="on"
    )
    assert gone.get().removed_at is None


def test_who_was_invited_before_is_registered_where_staff_say_so(client, series):
    mine = Registration.objects.filter(conference__series=series)
    mine.update(stage=Registration.Stage.INVITED)
    page = text(invite(client, series, who="ann@example.com"))
    assert "Everyone is invited already." in page
    assert "Registered for all of them 0" in page
    preview = invite(client, series, who="ann@example.com", register="on")
    assert "Notify one person?" in text(preview)
    given = {"tell": "yes", "counted": "1", "switch_on": "on", "action": "send"}
    invite(client, series, who="ann@example.com", register="on", **given)
    assert set(mine.values_list("stage", flat=True)) == {Registration.Stage.REGISTERED}
    assert Invitation.objects.filter(state="waiting", act="invite").count() == 4


def test_many_are_invited_by_a_job_that_is_asked_for_once(client, series):
    who = "\n".join(f"p{number}@example.com" for number in range(60))
    values = {"who": who, "action": "send", "tell": "yes", "counted": "60", "press": "p"}
    first = invite(client, series, switch_on="on", **values)
    second = invite(client, series, switch_on="on", **values)
    job = Job.objects.get()
    assert first.url == second.url == staff_url("job", job.pk)
    jobs.carry_out(job.pk)
    page = text(client.get(first.url))
    assert "60 people" in page
    assert "To the series" in page
    assert Registration.objects.filter(conference__series=series).count() == 4 + 240
    letters = Invitation.objects.filter(state="waiting")
    assert letters.count() == 240
    assert len(set(letters.values_list("together", flat=True))) == 1
    for row in rows(series):
        assert Change.objects.filter(conference=row, kind="conference", action="invited").exists()
        assert row.registrations.count() == 61


def test_nobody_is_invited_to_what_is_over(client, series):
    Conference.objects.update(starts_at=clock.now() - timedelta(days=3))
    page = text(client.get(staff_url("series-invite", series.pk)))
    assert "No date of this series lies ahead." in page
    assert "Review before sending" not in page
    invite(client, series, who="eve@example.com", action="send", tell="yes", counted="1")
    assert not Attendee.objects.filter(email="eve@example.com").exists()


def test_what_nobody_understands_is_asked_about(client, series):
    answer = invite(client, series, who="nobody of that name")
    assert answer.status_code == 422
    assert "It is not clear who is meant." in text(answer)
    assert invite(client, series, who="x" * 600_000).status_code == 422


def test_the_preview_costs_no_more_for_more_people_and_dates(client, series, plenty):
    def statements(people):
        who = "\n".join(f"q{number}@example.com" for number in range(people))
        with CaptureQueriesContext(connection) as found:
            assert invite(client, series, who=who).status_code == 200
        return len(found)

    few = statements(5)
    at = rows(series)[-1].starts_at
    for number in range(4):
        start = at + timedelta(days=number + 1)
        ConferenceFactory(account=plenty, starts_at=start, planned_at=start, series=series)
    assert statements(40) <= few


def test_dates_on_which_something_else_runs_are_named(client, plenty):
    day = first_day() + timedelta(days=14)
    (at, *_rest) = walltime.instants(datetime.combine(day, time(10, 30)), BERLIN)
    ConferenceFactory(account=plenty, title="Board meeting", starts_at=at)
    ConferenceFactory(title="Elsewhere", starts_at=at)
    values = typed(plenty, refresh="clock")
    del values["schedule"]
    page = text(client.post(staff_url("schedule"), values, headers={"HX-Request": "true"}))
    assert "On one of these dates something else takes place" in page
    assert "Another webinar runs on this account at that time Board meeting" in page
    assert "Elsewhere" not in page
    with CaptureQueriesContext(connection) as few:
        client.post(staff_url("schedule"), values | {"repeat-count": 2})
    with CaptureQueriesContext(connection) as many:
        client.post(staff_url("schedule"), values | {"repeat-count": 100})
    assert len(many) == len(few)


def test_a_moderator_who_is_elsewhere_on_a_date_is_named(client, plenty):
    day = first_day() + timedelta(days=7)
    (at, *_rest) = walltime.instants(datetime.combine(day, time(10, 30)), BERLIN)
    other = ConferenceFactory(title="Elsewhere", starts_at=at)
    ModeratorFactory(conference=other, name="Ida Example", email="ida@example.com")
    person = {"name": "Ida Example", "email": "ida@example.com", "role": "presenter"}
    values = typed(plenty, refresh="clock")
    values |= {f"moderators-0-{name}": one for name, one in person.items()}
    del values["schedule"]
    page = text(client.post(staff_url("schedule"), values))
    assert "Ida Example is at another webinar: Elsewhere" in page


def test_who_was_only_asked_is_registered_for_all_dates_where_staff_say_so(client, series):
    invite(client, series, who="dan@example.com", action="send", tell="no", switch_on="on")
    asked = Registration.objects.filter(attendee__email="dan@example.com")
    assert {row.stage for row in asked} == {"invited"}
    again = text(invite(client, series, who="dan@example.com"))
    assert "Everyone is invited already." in again
    page = text(invite(client, series, who="dan@example.com", register="on"))
    assert "Notify one person?" in page
    invite(
        client,
        series,
        who="dan@example.com",
        register="on",
        action="send",
        tell="no",
        switch_on="on",
    )
    assert {row.stage for row in asked.all()} == {"registered"}


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ("FREQ=WEEKLY;BYDAY=TU;COUNT=6", "Every week on Tuesday. 6 dates."),
        ("FREQ=WEEKLY;COUNT=6", "Every week. 6 dates."),
        ("FREQ=WEEKLY;INTERVAL=2;COUNT=6", "Every 2 weeks. 6 dates."),
        ("FREQ=MONTHLY;COUNT=6", "Every month. 6 dates."),
        ("FREQ=MONTHLY;BYDAY=TU;INTERVAL=3;COUNT=6", "Every 3 months. 6 dates."),
        ("FREQ=MONTHLY;BYDAY=2TU;COUNT=6", "Every month on the second Tuesday. 6 dates."),
    ],
)
def test_a_rule_that_names_no_days_is_a_whole_sentence(rule, said):
    assert rule_in_words(rule, "Europe/Berlin") == said


def test_a_date_and_its_time_in_the_zone_of_the_webinar_stand_apart(client, series):
    series.conferences.update(timezone="Asia/Tokyo")
    page = client.get(staff_url("series", series.pk)).content.decode()
    said = re.sub(r"<[^>]+>", "", page)
    assert re.search(r"\S \(\d\d:\d\d in Tokyo\)", said)
    assert not re.search(r"\S\(\d\d:\d\d in Tokyo\)", said)
