"""The people of a series: counted once each, filtered, searched, with a mark for each date."""

import re
from datetime import timedelta
from io import BytesIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from python_calamine import CalamineWorkbook

from portal.common import clock
from portal.conferences.audience import series_queries
from portal.conferences.models import (
    Attendance,
    Attendee,
    Conference,
    Invitation,
    Registration,
    RegistrationPage,
)
from portal.identity import roles
from tests.bench.staff_pages import nodes
from tests.factories import (
    AccountFactory,
    AttendeeFactory,
    ConferenceFactory,
    RegistrationFactory,
    SeriesFactory,
    staff_url,
)
from tests.support.pages import text

pytestmark = pytest.mark.django_db
THERE = "https://platform.example/room"
Stage = Registration.Stage


@pytest.fixture
def client(client_as):
    return client_as(roles.STAFF)


def make(dates=4, over=2, **values):
    """A weekly series of which some dates are over."""
    at = clock.now().replace(hour=10, minute=0, second=0, microsecond=0) + timedelta(days=2)
    account, made = AccountFactory(), SeriesFactory(title="Course")
    for week in range(dates):
        start = at + timedelta(weeks=week - over)
        ConferenceFactory(
            account=account,
            title="Course",
            starts_at=start,
            planned_at=start,
            series=made,
            **values,
        )
    return made


@pytest.fixture
def series():
    return make()


def rows(series):
    return list(series.conferences.order_by("starts_at"))


def put(person, *rows, **values):
    if isinstance(person, str):
        person = Attendee.objects.filter(email=person).first() or AttendeeFactory(email=person)
    return [RegistrationFactory(conference=row, attendee=person, **values) for row in rows]


def attend(row, *people):
    session = row.sessions.first() or row.sessions.create(starts_at=row.starts_at)
    for person in people:
        Attendance.objects.create(session=session, attendee=person, email=person.email)


def audience(series):
    """One person for each counter, over two dates that are over and two that lie ahead."""
    first, second, third, fourth = every = rows(series)
    put("all@example.com", *every)
    put("some@example.com", third)
    put("asked@example.com", third, fourth, stage=Stage.INVITED, invited_at=clock.now())
    put("asked@example.com", second)
    put("maybe@example.com", third, stage=Stage.INVITED, answer="maybe")
    put("approval@example.com", fourth, stage=Stage.APPROVAL)
    put("waits@example.com", fourth, stage=Stage.WAITLISTED)
    gone = {"removed_at": clock.now()}
    put("no@example.com", third, fourth, answer="no", stage=Stage.INVITED, **gone)
    put("out@example.com", third, **gone)
    (back,) = put("bounced@example.com", fourth)
    Invitation.objects.create(
        conference=fourth,
        registration=back,
        to_email="bounced@example.com",
        state="sent",
        not_before=clock.now(),
        bounced_at=clock.now(),
    )
    put("late@example.com", first)
    attend(first, Attendee.objects.get(email="all@example.com"))
    attend(second, AttendeeFactory(email="stranger@example.com"))


EXPECTED = {
    "": {"all", "some", "asked", "maybe", "approval", "waits", "bounced", "late"},
    "every": {"all"},
    "some": {"some", "asked", "bounced", "late"},
    "unanswered": {"asked"},
    "maybe": {"maybe"},
    "approval": {"approval"},
    "waitlisted": {"waits"},
    "no": {"no"},
    "withdrawn": {"out"},
    "bounced": {"bounced"},
    "attended": {"all"},
    "absent": {"asked", "late"},
}


def test_each_counter_counts_people_and_shows_just_those(client, series):
    audience(series)
    dates = series_queries.Dates(series)
    counts = series_queries.counts(dates)
    for name, wanted in EXPECTED.items():
        found = series_queries.selected(dates, {"state": name})
        assert {person.email.split("@")[0] for person in found} == wanted, name
        assert counts[name] == len(wanted), name
        page = client.get(staff_url("series-people", series.pk), {"state": name}).content.decode()
        shown = set(re.findall(r'row-note">(\w+)@example', page))
        assert shown == wanted, name
    everybody = set().union(*EXPECTED.values())
    assert counts["all"] == len(everybody)
    assert set(counts) == set(series_queries.FILTERS)


def test_a_date_that_was_cancelled_counts_for_nothing(series):
    put("ann@example.com", *rows(series)[:3])
    last = rows(series)[3]
    put("bob@example.com", last)
    Conference.objects.filter(pk=last.pk).update(removed_at=clock.now())
    counts = series_queries.counts(series_queries.Dates(series))
    assert (counts[""], counts["every"], counts["all"]) == (1, 1, 1)


def test_who_came_is_known_only_where_the_platform_told_it(series):
    first, second = rows(series)[:2]
    put("ann@example.com", first, second)
    counts = series_queries.counts(series_queries.Dates(series))
    assert counts["absent"] == 0
    attend(first, AttendeeFactory())
    dates = series_queries.Dates(series)
    assert series_queries.counts(dates)["absent"] == 1
    ann = Attendee.objects.get(email="ann@example.com")
    states = series_queries.states_of(dates, [ann.pk])[ann.pk]
    assert states == {first.pk: "absent", second.pk: "registered"}


def test_the_marks_of_a_person_are_said_in_words(client, series):
    audience(series)
    page = client.get(staff_url("series-people", series.pk), {"q": "asked@"}).content.decode()
    (row,) = re.findall(r"<tr>\s*<td>.*?</tr>", page, re.DOTALL)
    marks = re.findall(r'<td class="mark[^>]*title="([^"]*)"', row)
    assert marks == ["Not invited", "Absent", "No answer", "No answer"]
    assert len(re.findall(r'role="img" aria-label="No answer"', row)) == 2
    assert "1 of 4" in " ".join(re.sub(r"<[^>]+>", " ", row).split())


def test_the_page_of_the_series_counts_and_leads_there(client, series):
    empty = client.get(staff_url("series", series.pk)).content.decode()
    assert 'class="counters"' not in empty
    assert f'href="{staff_url("series-people", series.pk)}"' in empty
    audience(series)
    page = client.get(staff_url("series", series.pk)).content.decode()
    assert f'href="{staff_url("series-people", series.pk)}?state=unanswered"' in page
    assert "Absent so far" in page


def test_nobody_and_nothing_that_fits(client, series):
    address = staff_url("series-people", series.pk)
    assert "Nobody is invited or registered yet" in text(client.get(address))
    put("ann@example.com", rows(series)[0])
    assert "Nobody matches" in text(client.get(address, {"q": "zebra"}))
    assert "Nobody matches" in text(client.get(address, {"state": "waitlisted"}))
    for query in ({"state": "nonsense"}, {"from": "9" * 50}, {"from": "-1"}, {"page": "x"}):
        assert "ann@example.com" in text(client.get(address, query))


def test_a_viewer_looks_and_takes_nothing_out(client_as, series):
    put("ann@example.com", rows(series)[0])
    viewer = client_as(roles.VIEWER)
    page = text(viewer.get(staff_url("series-people", series.pk)))
    assert "ann@example.com" in page
    assert "Save as CSV" not in page
    assert viewer.get(staff_url("series-export", series.pk)).status_code == 403


def test_many_dates_are_shown_a_part_at_a_time(client):
    series = make(dates=23, over=12)
    put("ann@example.com", *rows(series))
    address = staff_url("series-people", series.pk)
    page = client.get(address).content.decode()
    numbers = [int(one) for one in re.findall(r'data-date="(\d+)"', page)]
    assert numbers == list(range(11, 21))  # the next date is the 13th
    assert "from=1&amp;" in page
    assert "from=21&amp;" in page
    last = client.get(address, {"from": "21"}).content.decode()
    assert [int(one) for one in re.findall(r'data-date="(\d+)"', last)] == list(range(14, 24))
    assert "Later dates" not in last
    assert "23 of 23" in text(client.get(address))


def test_the_file_has_a_row_for_each_person_and_a_column_for_each_date(client, series):
    audience(series)
    put(AttendeeFactory(email="x@example.com", first_name="=1+1"), rows(series)[0])
    answer = client.get(staff_url("series-export", series.pk), {"state": "every"})
    lines = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()
    assert len(lines) == 2
    starts = [row.starts_at.astimezone().strftime("%Y-%m-%d") for row in rows(series)]
    assert [one[:10] for one in lines[0].split(",")[-4:]] == starts
    assert lines[1].endswith("4,Attended,Absent,Registered,Registered")
    whole = client.get(staff_url("series-export", series.pk))
    read = b"".join(whole.streaming_content).decode("utf-8-sig")
    assert "'=1+1" in read
    assert len(read.splitlines()) == len(EXPECTED[""]) + 2
    book = client.get(staff_url("series-export-xlsx", series.pk), {"q": "asked@"})
    read = CalamineWorkbook.from_filelike(BytesIO(b"".join(book.streaming_content)))
    table = read.get_sheet_by_index(0).to_python()
    assert [row[0] for row in table][1:] == ["asked@example.com"]
    assert list(table[1][-4:]) == ["Not invited", "Absent", "No answer", "No answer"]


def fill(series, people):
    every = rows(series)
    made = Attendee.objects.bulk_create(
        Attendee(email=f"g{n:05}@example.com", sort_key=f"g{n:05}", search_key=f"g{n:05}")
        for n in range(people)
    )
    Registration.objects.bulk_create(
        Registration(
            conference=row,
            attendee=person,
            stage=(Stage.REGISTERED, Stage.INVITED)[(number + place) % 2],
        )
        for place, row in enumerate(every)
        for number, person in enumerate(made)
    )


@pytest.mark.parametrize("state", ["", "unanswered", "some"])
def test_the_page_costs_the_same_however_many_they_are(client, state):
    costs = []
    for dates, people in ((13, 30), (52, 120)):
        series = make(dates=dates, over=dates // 2)
        fill(series, people)
        attend(rows(series)[0], Attendee.objects.first())
        address = staff_url("series-people", series.pk)
        client.get(address)
        with CaptureQueriesContext(connection) as seen:
            answer = client.get(address, {"state": state})
        assert len(seen) <= 15
        assert len(answer.content) < 95_000
        assert nodes(answer.content) <= 1250
        costs.append(len(seen))
        Registration.objects.all().delete()
        Attendance.objects.all().delete()
        Attendee.objects.all().delete()
    assert costs[0] == costs[1]


def test_the_file_of_many_reads_them_part_by_part(client):
    counts = []
    for people in (40, 160):
        series = make(dates=8, over=4)
        fill(series, people)
        with CaptureQueriesContext(connection) as seen:
            answer = client.get(staff_url("series-export", series.pk))
            assert len(b"".join(answer.streaming_content).splitlines()) == people + 1
        counts.append(len(seen))
        Registration.objects.all().delete()
        Attendee.objects.all().delete()
    assert counts[0] == counts[1]


def test_who_waits_is_let_in_from_here_all_or_those_who_are_ticked(client, series):
    second, third = rows(series)[1], rows(series)[2]
    (late,) = put("late@example.com", second, stage=Stage.APPROVAL)
    (one,) = put("one@example.com", third, stage=Stage.APPROVAL)
    (two,) = put("two@example.com", third, stage=Stage.APPROVAL)
    here, approve = staff_url("series-people", series.pk), staff_url("series-approve", series.pk)
    page = client.get(here)
    assert "2 people wait for your approval." in text(page), "of a date that is over nobody does"
    assert f'href="{approve}?back={here}"' in page.content.decode()
    assert f'formaction="{approve}"' in page.content.decode()
    ticked = {"ticked": "yes", "back": here}
    nobody = client.post(approve, ticked, follow=True)
    assert "Nobody was ticked, so nothing was done." in text(nobody)
    asked = client.post(approve, ticked | {"person": one.attendee_id})
    assert "Let in" in text(asked)
    assert one.attendee.email in text(asked)
    assert two.attendee.email not in text(asked)
    given = {"person": one.attendee_id, "back": here, "tell": "no"}
    assert client.post(approve, given).url == here
    found = dict(Registration.objects.values_list("pk", "stage"))
    assert found == {
        late.pk: Stage.APPROVAL,
        one.pk: Stage.REGISTERED,
        two.pk: Stage.APPROVAL,
    }
    outside = client.post(approve, {"back": "https://elsewhere.example/", "tell": "no"})
    assert outside.url == staff_url("series-registered", series.pk)
    assert "wait for your approval" not in text(client.get(here))


def test_the_people_and_the_answers_of_a_series_lead_to_one_another(client, client_as, series):
    here, answers = staff_url("series-people", series.pk), staff_url("series-registered", series.pk)
    assert answers not in client.get(here).content.decode(), "it has no registration page"
    RegistrationPage.objects.create(series=series)
    assert f'href="{answers}"' in client.get(here).content.decode()
    assert f'href="{here}"' in client.get(answers).content.decode()
    assert answers not in client_as(roles.VIEWER).get(here).content.decode()
