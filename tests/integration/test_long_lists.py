"""Long lists: a page costs its own rows, wherever it lies; what is stored for it stays true."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portal.common import clock
from portal.common.pages import Pages
from portal.conferences import tallies
from portal.conferences.audience import queries as audience
from portal.conferences.audience.services import registrations
from portal.conferences.models import Attendee, Change, Conference, Invitation, Registration
from portal.conferences.people import queries
from portal.conferences.people.services import merging
from portal.conferences.schedule import queries as conferences
from tests.factories import (
    AttendeeFactory,
    ConferenceFactory,
    GroupFactory,
    ModeratorFactory,
    RegistrationFactory,
)

pytestmark = pytest.mark.django_db
MANY = 11


@pytest.fixture
def people():
    return [AttendeeFactory(company=f"Firm {n % 3}") for n in range(MANY)]


@pytest.mark.parametrize("sort", [f"{sign}{name}" for name in queries.SORTS for sign in ("", "-")])
def test_every_page_holds_what_a_plain_slice_would(people, sort):
    RegistrationFactory(attendee=people[4])
    tallies.recount()
    rows = queries.people(sort=sort)
    plain = list(rows)
    pages = Pages(rows, 3)
    assert [list(pages.get_page(n)) for n in (1, 2, 3, 4)] == [
        plain[n : n + 3] for n in (0, 3, 6, 9)
    ]
    assert (pages.count, pages.exact, pages.num_pages) == (MANY, True, 4)
    assert list(pages.get_page(99)) == plain[9:], "the last one"
    assert list(pages.get_page("x")) == plain[:3]
    assert list(pages.get_page(-1)) == plain[9:]


def test_what_nobody_has_counted_has_pages_from_both_ends(people, client_as):
    rows = queries.people()
    plain = list(rows)
    pages = Pages(rows, 3, most=8)
    assert not pages.exact
    assert list(pages.get_page(2)) == plain[3:6]
    last, before = pages.get_page(-1), pages.get_page(-2)
    assert list(last) == plain[-3:]
    assert list(before) == plain[-6:-3]
    assert (last.start_index(), last.end_index()) == (3, 1)
    assert not last.has_next()
    assert before.next_page_number() == -1
    assert last.previous_page_number() == -2
    assert pages.get_page(1).has_next()
    assert not pages.get_page(pages.furthest).has_next(), (
        "the way there from the other end is short"
    )
    assert list(pages.get_page(50)) == plain[-3:]


def test_the_list_says_that_it_is_not_counted(people, client_as, url, monkeypatch):
    monkeypatch.setattr("portal.staff.people.views.people.Pages", lambda rows, _: Pages(rows, 3, 8))
    client = client_as()
    first = client.get(url("people")).content.decode()
    assert "1–3 of more than 8" in first or "1–3 of about" in first
    assert 'href="?page=-1"' in first
    last = client.get(url("people"), {"page": "-1"}).content.decode()
    assert "The last 3 of" in last
    assert 'href="?page=-2"' in last


@pytest.mark.parametrize("page", ["1", "2", "9"])
@pytest.mark.parametrize("sort", ["name", "-webinars", "company"])
def test_a_page_of_people_takes_the_same_statements_whatever_their_number(
    client_as, url, page, sort, monkeypatch
):
    monkeypatch.setattr(queries, "PAGE", 3)
    client, group = client_as(), GroupFactory()

    def asked():
        for person in AttendeeFactory.create_batch(8):
            RegistrationFactory(attendee=person)
            group.members.add(person)
        with CaptureQueriesContext(connection) as seen:
            assert client.get(url("people"), {"page": page, "sort": sort}).status_code == 200
        return len(seen)

    asked()
    few = asked()
    for _ in range(2):
        many = asked()
    assert few == many <= 15


def agreed():
    return tallies.wrong() == {"people_counted": 0, "webinars_counted": 0}


def test_numbers_agree_after_every_kind_of_change(
    people, staff_user, django_capture_on_commit_callbacks
):
    one, other = ConferenceFactory(), ConferenceFactory(draft=True)
    registrations.register(one, people, staff_user)
    registrations.register(other, people[:2], staff_user)
    assert agreed()
    one.refresh_from_db()
    assert one.people_counted == MANY
    assert Attendee.objects.get(pk=people[0].pk).webinars_counted == 2

    gone = registrations.withdraw(one, [row.pk for row in one.registrations.all()[:4]], staff_user)
    assert agreed()
    registrations.register_again(one, gone[:2], staff_user)
    assert agreed()
    with django_capture_on_commit_callbacks(execute=True):
        merging.merge(people[0], people[1], staff_user)
    assert agreed()
    assert Conference.objects.get(pk=other.pk).people_counted == 1


def test_a_sync_counts_what_it_changed(people):
    row = ConferenceFactory()
    begun = clock.now()
    Registration.objects.bulk_create(Registration(conference=row, attendee=one) for one in people)
    assert tallies.wrong() == {"people_counted": 1, "webinars_counted": MANY}
    tallies.after_run(row.account, begun)
    assert agreed()
    row.registrations.filter(attendee=people[3]).update(
        removed_at=clock.now(), updated_at=clock.now()
    )
    assert not agreed()
    tallies.after_run(row.account, begun)
    assert agreed()


def test_what_was_missed_is_mended(people):
    row = RegistrationFactory(attendee=people[0]).conference
    Attendee.objects.filter(pk=people[5].pk).update(webinars_counted=7)
    assert tallies.wrong() == {"people_counted": 1, "webinars_counted": 2}
    tallies.recount()
    assert agreed()
    assert Conference.objects.get(pk=row.pk).people_counted == 1


def test_counting_takes_the_same_statements_whatever_the_number(people):
    first, second = ConferenceFactory(), ConferenceFactory()

    def counted(row, some):
        Registration.objects.bulk_create(Registration(conference=row, attendee=one) for one in some)
        with CaptureQueriesContext(connection) as seen:
            tallies.keep(conferences=[row.pk], people=[one.pk for one in some])
        return len(seen)

    few = counted(first, people[:2])
    assert counted(second, people[2:10]) == few


def test_webinars_are_sorted_by_how_many_are_registered(people):
    few, most, none = ConferenceFactory(), ConferenceFactory(), ConferenceFactory()
    registrations.register(few, people[:2], None)
    registrations.register(most, people[:5], None)
    rows = conferences.listing({"sort": "-people"})
    assert [(row.pk, row.people) for row in rows] == [(most.pk, 5), (few.pk, 2), (none.pk, 0)]


def test_a_history_holds_the_person_and_the_places(people):
    place = RegistrationFactory(attendee=people[0])
    other = RegistrationFactory(attendee=people[1])

    def line(kind, pk):
        return Change.objects.create(at=clock.now(), action="changed", kind=kind, local_id=pk)

    mine = [line("attendee", people[0].pk), line("registration", place.pk)]
    line("attendee", people[1].pk)
    line("registration", other.pk)
    line("conference", place.pk)
    mine.append(line("registration", place.pk))
    assert list(queries.history_of(people[0], 30)) == mine[::-1]
    assert list(queries.history_of(people[0], 2)) == mine[:0:-1]


def test_likely_duplicates_are_found_by_name_and_by_mailbox():
    ann = AttendeeFactory(email="a.nn@example.com", first_name="Ann", last_name="Élan")
    plus = AttendeeFactory(email="ann+list@example.com", first_name="A", last_name="B")
    same = AttendeeFactory(email="other@example.com", first_name="ANN", last_name="Elan")
    AttendeeFactory(email="one@example.com", first_name="Ann", last_name="")
    AttendeeFactory(email="two@example.com", first_name="Ann", last_name="")
    AttendeeFactory(email="three@example.com", first_name="", last_name="")
    AttendeeFactory(email="four@example.com", first_name="", last_name="")
    found = {(pair.one, pair.other): pair.reason for pair in queries.likely_duplicates()}
    assert found == {
        (ann.pk, plus.pk): "Nearly the same address",
        (ann.pk, same.pk): "The same name",
    }


def cells_of(answer):
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    return [line.split(",") for line in text.splitlines()]


def test_people_leave_as_a_file_with_their_groups_in_few_statements(people, client_as, url):
    client = client_as()
    late, early, gone = GroupFactory(name="Late"), GroupFactory(name="Early"), GroupFactory()
    for group in (late, early, gone):
        group.members.add(*people[:2])
    gone.removed_at = clock.now()
    gone.save()
    late.memberships.filter(attendee=people[1]).update(removed_at=clock.now())

    def taken():
        with CaptureQueriesContext(connection) as seen:
            lines = cells_of(client.get(url("people-export")))
        return lines, len(seen)

    lines, few = taken()
    by_address = {line[0]: line[-2] for line in lines}
    assert by_address[people[0].email] == "Early; Late"
    assert by_address[people[1].email] == "Early"
    assert by_address[people[2].email] == ""
    assert len(lines) == MANY + 1
    AttendeeFactory.create_batch(3 * MANY)
    lines, many = taken()
    assert len(lines) == 4 * MANY + 1
    assert many == few


def test_the_file_of_a_webinar_says_of_each_mail_what_the_table_says(people, client_as, url):
    row = ConferenceFactory()
    places = [RegistrationFactory(conference=row, attendee=one) for one in people[:6]]
    speaker = ModeratorFactory(conference=row, email=people[4].email)
    State = Invitation.State

    def letter(state, **to):
        Invitation.objects.create(
            conference=row, state=state, not_before=clock.now(), to_email="a@example.com", **to
        )

    letter(State.SENT, registration=places[0])
    letter(State.FAILED, registration=places[0])
    letter(State.SENT, registration=places[1])
    letter(State.DROPPED, registration=places[1])
    letter(State.DROPPED, registration=places[2])
    letter(State.FAILED, registration=places[4])
    letter(State.SENT, moderator=speaker)
    Registration.objects.filter(pk=places[5].pk).update(gone_at=clock.now())
    counts = audience.counts(row)
    table = audience.table(row, {}, audience.page(row, {}, counts), counts, {}).rows
    told = {
        one.registration.attendee.email: (str(one.word), str(one.mailed.appearance[0]))
        for one in table
    }
    lines = cells_of(client_as().get(url("registrations-export", row.pk)))
    assert {line[0]: (line[4], line[7]) for line in lines[1:]} == told
    assert told[people[1].email][1] == "Sent"
    assert told[people[4].email][1] == "Sent", "as a speaker"


def test_typing_into_a_groups_box_reads_no_members(people, client_as, url):
    group, client = GroupFactory(), client_as()
    group.members.add(*people)
    with CaptureQueriesContext(connection) as seen:
        client.post(
            url("group-members", group.pk),
            {"who": people[3].last_name},
            headers={"HX-Request": "true"},
        )
    paged = [one["sql"] for one in seen if "OFFSET" in one["sql"] or "LIMIT 51" in one["sql"]]
    assert paged == []
