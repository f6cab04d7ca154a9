"""Find a date: times are proposed by mail, answered by a link, and one of them is scheduled."""

import re
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django import forms
from django.core import mail
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from portal.common import clock
from portal.common.errors import NotAllowed, NotPossible
from portal.conferences import recurrence, tasks, walltime
from portal.conferences.mails.services import Telling, bounces, letters, lost, polls
from portal.conferences.models import (
    AskedPerson,
    Change,
    Conference,
    DatePoll,
    Invitation,
)
from portal.conferences.schedule.services import cancel, date_polls, schedule, series, tally
from portal.conferences.schedule.services.date_polls import Who
from portal.identity import roles
from portal.outbox.models import OutboxEntry
from portal.sync import queries as sync
from tests.factories import AttendeeFactory, ConferenceFactory, ModeratorFactory
from tests.factories.date_polls import date_poll, led_to, says

pytestmark = pytest.mark.django_db
ASKED, SILENT = Telling(True), Telling(False)
State, Purpose = Invitation.State, Invitation.Purpose


@pytest.fixture
def staff(client_as):
    return client_as(roles.STAFF)


@pytest.fixture
def poll(account):
    return date_poll(account)


def sent():
    """What leaves now: the addresses, in order."""
    mail.outbox.clear()
    tasks.send_mails()
    return sorted(address for one in mail.outbox for address in one.to)


def day(days):
    return f"{clock.now() + timedelta(days=days):%Y-%m-%d}"


def typed(account, *, times=2, people=2, **values):
    data = {
        "uid": str(uuid4()),
        "account": str(account.pk),
        "title": "Briefing for dealers",
        "duration_minutes": "60",
        "timezone": "Europe/Berlin",
        "about": "What is new in spring.",
        "answer_until": "",
        "times-count": str(times),
        "people-count": str(people),
    }
    for n in range(times):
        data |= {f"times-{n}-date": day(10 + n), f"times-{n}-time": "14:00"}
    for n in range(people):
        data |= {f"people-{n}-name": f"Speaker {n}", f"people-{n}-email": f"s{n}@example.org"}
    return data | values


def answered(page):
    """What the page that asks carries along, as a browser would send it."""
    text = page.content.decode()
    fields = re.findall(r'<textarea name="([^"]+)" hidden[^>]*>([^<]*)</textarea>', text)
    counted = re.search(r'name="counted" value="(\d+)"', text)[1]
    return dict(fields) | {"counted": counted, "note": "", "tell": "yes"}


# Opening one --------------------------------------------------------------------------------------


def test_the_mail_stands_before_anybody_is_asked(staff, account, url):
    page = staff.post(url("date-poll-new"), typed(account))
    text = page.content.decode()
    assert page.status_code == 200
    assert "Notify 2 people?" in text
    assert "When can you? Briefing for dealers" in text
    assert "/dates/…/" in text
    assert not DatePoll.objects.exists()
    done = staff.post(url("date-poll-new"), answered(page))
    poll = DatePoll.objects.get()
    assert done.url == url("date-poll", poll.pk)
    assert sent() == ["Speaker 0 <s0@example.org>", "Speaker 1 <s1@example.org>"]
    assert sent() == []


def test_the_mail_has_the_times_a_personal_link_and_no_calendar_entry(account):
    poll = date_poll(account, telling=Telling(True, "Please be quick."), note="About spring.")
    sent()
    message = mail.outbox[0]
    person = AskedPerson.objects.get(email=re.search(r"<(.*)>", message.to[0])[1])
    assert f"/dates/{person.token}/" in message.body
    assert message.body.count("\n- ") == 3
    for words in ("Please be quick.", "About spring.", "Europe/Berlin", "Length: 60 minutes"):
        assert words in message.body
    html = message.alternatives[0][0]
    assert f"/dates/{person.token}/" in html
    assert not message.attachments
    assert [one[1] for one in message.alternatives] == ["text/html"]
    assert poll.people.count() == 3


def test_the_sender_and_the_language_are_those_of_the_account_and_the_person(account, settings):
    settings.LANGUAGES = [("en", "English"), ("de", "Deutsch")]
    account.sender_name, account.sender_address = "The desk", "desk@example.org"
    account.save()
    AttendeeFactory(email="speaker0@example.org", language="de")
    date_poll(account, people=1, telling=ASKED)
    sent()
    assert mail.outbox[0].from_email == "The desk <desk@example.org>"
    assert polls.language_of("speaker0@example.org") == "de"
    assert polls.language_of("speaker1@example.org") == ""


def test_nobody_is_asked_where_staff_say_so(staff, account, url):
    page = staff.post(url("date-poll-new"), typed(account))
    staff.post(url("date-poll-new"), answered(page) | {"tell": "no"})
    assert sent() == []
    poll = DatePoll.objects.get()
    text = staff.get(url("date-poll", poll.pk)).content.decode()
    assert "Ask the 2 who have not answered" in text


def test_what_it_is_about_and_the_words_of_the_mail_are_two_things(staff, account, url):
    page = staff.post(url("date-poll-new"), typed(account))
    staff.post(url("date-poll-new"), answered(page) | {"note": "Please be quick."})
    assert DatePoll.objects.get().note == "What is new in spring."
    sent()
    assert "What is new in spring." in mail.outbox[0].body
    assert mail.outbox[0].body.count("Please be quick.") == 1


def test_the_same_form_opens_one_poll(staff, account, url):
    data = answered(staff.post(url("date-poll-new"), typed(account)))
    first, second = (staff.post(url("date-poll-new"), data) for _ in range(2))
    assert first.url == second.url
    assert len(sent()) == 2


def test_a_row_is_added_without_script_and_nothing_typed_is_lost(staff, account, url):
    data = typed(account, title="Kept")
    page = staff.post(url("date-poll-new"), data | {"more-times": "yes"})
    text = page.content.decode()
    assert page.status_code == 200
    assert 'name="times-count" value="3"' in text
    assert 'value="Kept"' in text
    assert data["uid"] in text
    last = re.search(r'<input type="time"[^>]*name="times-2-time"[^>]*>', text)[0]
    assert 'value="14:00"' in last, "most propose the same time of day"
    page = staff.post(url("date-poll-new"), data | {"more-people": "yes"})
    assert 'name="people-count" value="3"' in page.content.decode()


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"title": ""}, "This field is required"),
        ({"title": "x" * 501}, "at most 500 characters"),
        ({"about": "x" * 5001}, "at most 5000 characters"),
        ({"times-0-date": "2001-01-01"}, "This time is in the past"),
        ({"times-0-date": "9999-12-31"}, "Please choose a year"),
        ({"times-0-date": "0001-01-01"}, "Please choose a year"),
        ({"times-0-date": "nonsense"}, "Please enter a date"),
        ({"times-0-time": "25:99"}, "Please enter a time"),
        ({"times-0-time": ""}, "Please say at what time"),
        ({"times-0-date": "2094-03-28", "times-0-time": "02:30"}, "is left out"),
        ({"times-0-date": "2094-10-31", "times-0-time": "02:30"}, "comes twice"),
        ({"people-0-email": ""}, "Please add the address"),
        ({"people-0-email": "a@b@c"}, "people-0-email"),
        ({"people-0-email": "S1@example.org"}, "stands above already"),
        ({"people-0-email": "x" * 100_000}, "people-0-email"),
        ({"people-0-name": "x" * 201}, "people-0-name"),
        ({"duration_minutes": "0"}, "greater than or equal to 1"),
        ({"duration_minutes": "9" * 30}, "less than or equal to"),
        ({"timezone": "Nowhere/Land"}, "Select a valid choice"),
        ({"account": "999999"}, "Select a valid choice"),
        ({"answer_until": "2001-01-01"}, "This day is over"),
        ({"answer_until": "9999-12-31"}, "Please choose a year"),
        ({"times-count": "0", "people-count": "-1"}, "Please propose at least one time"),
        ({"times-0-date": "", "times-1-date": ""}, "Please propose at least one time"),
    ],
)
def test_what_cannot_be_read_is_said_beside_it(staff, account, url, values, words):
    data = typed(account) | values
    if values.get("times-count"):
        data = {k: v for k, v in data.items() if not k.startswith(("times-0", "people-0"))}
    page = staff.post(url("date-poll-new"), data)
    assert page.status_code == 422
    assert words in page.content.decode()
    assert not DatePoll.objects.exists()
    assert not Invitation.objects.exists()


def test_the_number_of_rows_is_bounded_whatever_is_posted(staff, account, url):
    for count in ("999999999", "13", "31", "1e9", "²", "-5", ""):
        page = staff.post(
            url("date-poll-new"),
            typed(account) | {"times-count": count, "people-count": count, "refresh": "all"},
        )
        assert page.status_code == 200
        assert len(re.findall(r'name="times-\d+-date"', page.content.decode())) <= 12
        assert len(re.findall(r'name="people-\d+-email"', page.content.decode())) <= 30
    with pytest.raises(NotPossible):
        date_poll(account, times=13)
    with pytest.raises(NotPossible):
        date_poll(account, people=31)
    assert not DatePoll.objects.exists()


def test_a_doubled_hour_is_asked_about_and_both_can_be_proposed(staff, account, url):
    both = {
        "times-0-date": "2094-10-31",
        "times-0-time": "02:30",
        "times-0-fold": "first",
        "times-1-date": "2094-10-31",
        "times-1-time": "02:30",
        "times-1-fold": "second",
    }
    page = staff.post(url("date-poll-new"), typed(account) | both)
    text = page.content.decode()
    assert page.status_code == 200
    assert "(UTC+02:00)" in text
    assert "(UTC+01:00)" in text
    staff.post(url("date-poll-new"), answered(page) | {"tell": "no"})
    found = [one.starts_at for one in DatePoll.objects.get().times.all()]
    assert found == [datetime(2094, 10, 31, hour, 30, tzinfo=UTC) for hour in (0, 1)]


def test_a_time_at_which_something_else_takes_place_is_named_before_it_is_sent(staff, account, url):
    data = typed(account)
    start = datetime.fromisoformat(f"{data['times-0-date']}T14:00").replace(tzinfo=UTC)
    other = ConferenceFactory(
        title="Another one", starts_at=start - timedelta(hours=2), duration_minutes=300
    )
    ModeratorFactory(conference=other, email="s0@example.org", name="Speaker 0")
    text = staff.post(url("date-poll-new"), data).content.decode()
    assert "Speaker 0 is at another webinar:" in text
    poll = date_poll(account, people=1)
    ModeratorFactory(
        conference=ConferenceFactory(starts_at=poll.times.first().starts_at),
        email="speaker0@example.org",
        name="Speaker 0",
    )
    assert (
        "Speaker 0 is at another webinar:" in staff.get(url("date-poll", poll.pk)).content.decode()
    )


# Answering ----------------------------------------------------------------------------------------


def answer_data(poll, *said, **values):
    times = [one.pk for one in poll.times.all()]
    return {f"time-{pk}": one for pk, one in zip(times, said, strict=False)} | values


def test_opening_the_link_answers_nothing(client, poll, url):
    person = poll.people.first()
    page = client.get(url("dates", person.token))
    text = page.content.decode()
    assert page.status_code == 200
    assert "All times are by the clock of Europe/Berlin" in text
    assert page["Referrer-Policy"] == "no-referrer"
    assert "no-store" in page["Cache-Control"]
    person.refresh_from_db()
    assert person.answered_at is None
    assert "example.org" not in text, "nobody's address is shown"
    assert "Speaker 1" not in text


def test_an_answer_is_kept_and_can_be_changed(client, poll, url):
    person = poll.people.first()
    there = url("dates", person.token)
    done = client.post(there, answer_data(poll, "yes", "maybe", "no", remark="After ten, please."))
    assert done.url == f"{there}?thanks=1"
    page = client.get(done.url).content.decode()
    assert "Thank you, your answer is kept" in page
    assert page.count("checked") == 3
    person.refresh_from_db()
    assert sorted(person.answers.values()) == ["maybe", "no", "yes"]
    assert person.remark == "After ten, please."
    client.post(there, answer_data(poll, "no"))
    person.refresh_from_db()
    assert [person.said(one) for one in poll.times.all()] == ["no", "maybe", "no"]


def test_with_one_press_none_of_the_times_suits(client, poll, url):
    person = poll.people.first()
    client.post(url("dates", person.token), {"none": "yes", "remark": ""})
    person.refresh_from_db()
    assert set(person.answers.values()) == {"no"}
    assert len(person.answers) == 3


def test_what_is_no_answer_is_refused_beside_it_and_nothing_is_lost(client, poll, url):
    person = poll.people.first()
    there = url("dates", person.token)
    for data, status in (
        ({}, 409),
        (answer_data(poll, "perhaps"), 422),
        (answer_data(poll, "yes", remark="x" * 1001), 422),
        ({"time-999999": "yes"}, 409),
    ):
        page = client.post(there, data)
        assert page.status_code == status, data
    assert (
        "At most 1000 characters; this has 1001."
        in client.post(there, answer_data(poll, "yes", remark="x" * 1001)).content.decode()
    )
    other = date_poll(poll.account)
    page = client.post(there, answer_data(other, "yes"))
    assert page.status_code == 409
    person.refresh_from_db()
    assert person.answered_at is None
    assert client.get(url("dates", uuid4())).status_code == 404
    assert client.post(url("dates", uuid4()), {}).status_code == 404


def test_a_time_that_has_passed_is_answered_no_more_and_keeps_what_was_said(clock, poll):
    says(poll, 0, "yes", "yes", "yes")
    clock.advance(11 * 86_400)
    person = says(poll, 0, "no", "no", "no")
    found = [person.said(one) for one in poll.times.all()]
    assert found == ["yes", "yes", "no"] or found == ["yes", "no", "no"]
    assert found[0] == "yes"


def test_after_closing_the_page_says_which_date_was_taken(client, poll, url):
    conference = ConferenceFactory(account=poll.account, title="Held")
    led_to(poll, conference)
    person = poll.people.first()
    text = client.get(url("dates", person.token)).content.decode()
    assert "This date was chosen:" in text
    assert letters.when(conference) in text
    page = client.post(url("dates", person.token), answer_data(poll, "yes"))
    assert page.status_code == 409
    Conference.objects.filter(pk=conference.pk).update(removed_at=clock.now())
    text = client.get(url("dates", person.token)).content.decode()
    assert "This date was chosen" not in text
    assert "The search for a date is closed" in text


def test_whoever_was_taken_off_reads_that_and_hears_nothing_more(client, staff, poll, url):
    person = poll.people.first()
    date_polls.ask_again(poll, ASKED, None, 0)
    page = staff.get(url("date-poll-take-off", poll.pk, person.pk))
    assert "Ask Speaker 0 no more?" in page.content.decode()
    staff.post(url("date-poll-take-off", poll.pk, person.pk))
    assert len(sent()) == 2
    assert person.invitations.get().state == State.DROPPED
    assert "You are no longer asked" in client.get(url("dates", person.token)).content.decode()
    assert client.post(url("dates", person.token), answer_data(poll, "yes")).status_code == 409
    assert staff.get(url("date-poll-take-off", poll.pk, person.pk)).status_code == 404
    date_polls.add_people(poll, [Who(person.email)], SILENT, None)
    assert client.post(url("dates", person.token), answer_data(poll, "yes")).status_code == 302


# The staff's page ---------------------------------------------------------------------------------


def test_the_best_time_stands_first_and_is_marked(staff, poll, url):
    says(poll, 0, "no", "yes", "maybe")
    says(poll, 1, "yes", "yes", "maybe")
    page = staff.get(url("date-poll", poll.pk))
    lines = page.context["lines"]
    times = list(poll.times.all())
    assert [one.found.time for one in lines] == [times[1], times[2], times[0]]
    assert [one.best for one in lines] == [True, False, False]
    assert lines[0].said == "2 can, 1 not answered"
    assert lines[1].said == "0 can, 2 if need be, 1 not answered"
    text = page.content.decode()
    assert text.count("Suits best") == 1
    assert "2 of 3 answered" in text
    assert "Ask the one who has not answered" in text


def test_without_an_answer_none_is_best(poll):
    times, people = list(poll.times.all()), list(poll.people.all())
    found = tally.tallies(times, people, clock.now())
    assert tally.best(found, clock.now()) == set()
    says(poll, 0, "no", "no", "no")
    found = tally.tallies(times, list(poll.people.all()), clock.now())
    assert tally.best(found, clock.now()) == set()


def test_those_who_have_not_answered_are_asked_once_more(staff, account, url):
    poll = date_poll(account, telling=ASKED)
    assert len(sent()) == 3
    says(poll, 0, "yes")
    page = staff.get(url("date-poll-ask", poll.pk))
    text = page.content.decode()
    assert "Ask the 2 people again who have not answered?" in text
    assert "Please answer: when can you?" in text
    data = answered(page)
    staff.post(url("date-poll-ask", poll.pk), data)
    again = staff.post(url("date-poll-ask", poll.pk), data, follow=True).content.decode()
    assert "Somebody was written to meanwhile" in again or "nobody to notify" in again
    assert [one.split("<")[1] for one in sent()] == [
        "speaker1@example.org>",
        "speaker2@example.org>",
    ]
    assert "have no answer from you yet" in mail.outbox[0].body
    assert sent() == []


def test_whoever_answers_before_it_leaves_is_not_asked_again(account):
    poll = date_poll(account, telling=ASKED)
    sent()
    date_polls.ask_again(poll, ASKED, None, polls.newest(poll))
    says(poll, 1, "yes")
    assert [one.split("<")[1] for one in sent()] == [
        "speaker0@example.org>",
        "speaker2@example.org>",
    ]
    dropped = Invitation.objects.get(state=State.DROPPED)
    assert str(dropped.problem) == "The person answered before this was sent."


def test_further_times_are_asked_about_only_if_staff_say_so(staff, account, url):
    poll = date_poll(account, telling=ASKED)
    sent()
    says(poll, 0, "yes", "yes", "yes")
    there = url("date-poll-times", poll.pk)
    data = {"times-count": "1", "times-0-date": day(30), "times-0-time": "09:00"}
    page = staff.post(there, data)
    assert "Notify 3 people?" in page.content.decode()
    staff.post(there, answered(page) | {"tell": "no"})
    assert poll.times.count() == 4
    assert sent() == []
    data["times-0-date"] = day(31)
    staff.post(there, answered(staff.post(there, data)))
    assert len(sent()) == 3
    bodies = {one.to[0]: one.body for one in mail.outbox}
    assert "There are further times" in bodies["Speaker 0 <speaker0@example.org>"]
    assert bodies["Speaker 1 <speaker1@example.org>"].count("\n- ") == 5
    page = staff.post(there, data)
    assert page.status_code == 422
    assert "stands above already" in page.content.decode()


def test_a_question_that_waits_is_not_doubled_by_a_newer_one(account):
    poll = date_poll(account, telling=Telling(True, "About spring."))
    date_polls.propose(poll, [clock.now() + timedelta(days=30)], ASKED, None)
    last = poll.people.last()
    date_polls.take_off(last, None)
    date_polls.add_people(poll, [Who(last.email)], Telling(True, "Sorry."), None)
    assert len(sent()) == 3
    bodies = {one.to[0].partition("<")[2]: one.body for one in mail.outbox}
    assert all(body.count("\n- ") == 4 for body in bodies.values())
    assert "About spring." in bodies["speaker0@example.org>"]
    assert "Sorry." in bodies["speaker2@example.org>"]
    assert sent() == []


def test_further_people_are_asked_and_nobody_twice(staff, account, url):
    poll = date_poll(account, telling=ASKED)
    sent()
    there = url("date-poll-people", poll.pk)
    data = {"people-count": "1", "people-0-name": "New", "people-0-email": "new@example.org"}
    page = staff.post(there, data)
    assert "Ask New as well?" in page.content.decode()
    staff.post(there, answered(page))
    assert sent() == ["New <new@example.org>"]
    page = staff.post(there, data)
    assert page.status_code == 422
    assert "They are asked already" in page.content.decode()


def test_the_list_shows_the_open_ones_and_those_that_are_closed(staff, poll, url):
    text = staff.get(url("date-polls")).content.decode()
    assert "Briefing for dealers" in text
    assert "0 of 3 answered" in text
    date_polls.close(poll, SILENT, None)
    assert "No open date polls" in staff.get(url("date-polls")).content.decode()
    assert (
        "Briefing for dealers" in staff.get(url("date-polls"), {"state": "closed"}).content.decode()
    )


def test_the_reader_sees_it_all_and_can_do_nothing(client_as, poll, account, url):
    viewer = client_as(roles.VIEWER)
    text = viewer.get(url("date-poll", poll.pk)).content.decode()
    assert "Changing it needs the role Event staff" in text
    for token in poll.people.values_list("token", flat=True):
        assert str(token) not in text
    assert viewer.post(url("date-poll-new"), typed(account)).status_code == 403
    for name in ("times", "people", "ask", "close", "tell", "delete"):
        assert viewer.get(url(f"date-poll-{name}", poll.pk)).status_code == 403
    with pytest.raises(NotAllowed):
        date_polls.close(poll, SILENT, viewer.user)


# What comes of it ---------------------------------------------------------------------------------


def chosen_form(staff, poll, number=0, url=None):
    """The schedule form as it opens with a time of a poll."""
    page = staff.get(url("date-poll", poll.pk))
    line = next(
        one for one in page.context["columns"] if one.found.time == list(poll.times.all())[number]
    )
    return staff.get(line.schedule_url)


def form_values(page):
    """The named values of the schedule form that a browser would send."""
    form, rows = page.context["form"], page.context["rows"]
    values = {bound.name: bound.value() for bound in form if bound.value() not in (None, False)}
    for bound in form:  # a list of choices begins with its first
        if isinstance(bound.field.widget, forms.Select) and bound.name not in values:
            values[bound.name] = bound.field.choices[0][0]
    values |= {
        f"moderators-{n}-{b.name}": b.value() or "" for n, r in enumerate(rows.forms) for b in r
    }
    values |= {"moderators-count": rows.count, "shown": page.context["account"].pk, "save": "yes"}
    return {name: str(value) for name, value in values.items()}


def test_a_time_opens_the_schedule_form_and_scheduling_closes_the_poll(staff, account, url):
    poll = date_poll(account, telling=ASKED, title="Spring briefing", duration_minutes=45)
    sent()
    says(poll, 0, "yes")
    says(poll, 1, "no")
    page = chosen_form(staff, poll, url=url)
    text = page.content.decode()
    assert "Filled in from the date poll Spring briefing." in text
    assert "Left out, since they cannot come then: Speaker 1." in text
    values = form_values(page)
    start = poll.times.first().starts_at
    assert values["title"] == "Spring briefing"
    assert values["duration_minutes"] == "45"
    assert [values[f"moderators-{n}-email"] for n in range(2)] == [
        "speaker0@example.org",
        "speaker2@example.org",
    ]
    asks = staff.post(url("schedule"), values)
    assert "Notify 2 people?" in asks.content.decode()
    staff.post(url("schedule"), answered(asks) | {"asked": "yes"})
    made = Conference.objects.get(title="Spring briefing")
    assert made.starts_at == start
    poll.refresh_from_db()
    assert poll.conference == made
    assert poll.closed_at
    page = staff.get(url("date-poll", poll.pk)).content.decode()
    assert "The date is set: Spring briefing" in page
    assert "Tell the one who has not heard" in page, "who runs it hears by the webinar's own mail"
    ask = staff.get(url("date-poll-tell", poll.pk))
    staff.post(url("date-poll-tell", poll.pk), answered(ask))
    outcome = Invitation.objects.get(purpose=Purpose.OUTCOME)
    assert outcome.to_email == "speaker1@example.org"
    Invitation.objects.exclude(pk=outcome.pk).update(state=State.DROPPED)
    assert sent() == [], "the platform has not taken the date yet"
    OutboxEntry.objects.update(state=OutboxEntry.State.FAILED)
    assert sent() == []
    assert "did not accept it" in staff.get(url("date-poll", poll.pk)).content.decode()
    OutboxEntry.objects.update(state=OutboxEntry.State.DONE)
    assert sent() == ["Speaker 1 <speaker1@example.org>"]
    assert mail.outbox[0].subject.startswith("The date is set: Spring briefing")
    assert letters.when(made) in mail.outbox[0].body
    assert not mail.outbox[0].attachments


def test_scheduled_from_two_browsers_there_is_one_webinar(staff, account, url):
    poll = date_poll(account)
    first, second = (form_values(chosen_form(staff, poll, n, url)) for n in (0, 1))
    for values in (first, first):
        asks = staff.post(url("schedule"), values)
        staff.post(url("schedule"), answered(asks) | {"asked": "yes", "tell": "no"})
    refused = staff.post(url("schedule"), second)
    assert refused.status_code == 422
    text = refused.content.decode()
    assert "This form has made a webinar already: Briefing for dealers, " in text
    assert "What stands here now was not saved." in text
    assert Conference.objects.count() == 1


@pytest.mark.parametrize("repeats", [True, False])
def test_one_form_makes_a_series_or_a_webinar_and_never_both(account, staff_user, repeats):
    at, rule = clock.now() + timedelta(days=10), recurrence.Rule(recurrence.WEEKLY, count=1)
    values = {"title": "Course", "duration_minutes": 60, "timezone": "UTC"}
    given = {"account": account, "by": staff_user, "uid": "one@lectern", "notify": False}
    dates = recurrence.expand(rule, at.replace(tzinfo=None), "UTC")

    def make(as_series):
        if as_series:
            series.schedule(values=values, rule=rule, dates=dates, **given)
        else:
            schedule.schedule(values=values | {"starts_at": dates[0].at}, **given)

    make(repeats)
    with pytest.raises(NotPossible, match="has made a webinar already"):
        make(not repeats)
    assert Conference.objects.count() == 1


def test_a_draft_leaves_the_poll_open_until_it_is_scheduled(staff, account, url, staff_user):
    poll = date_poll(account)
    values = form_values(chosen_form(staff, poll, url=url)) | {"draft": "yes"}
    values.pop("save")
    staff.post(url("schedule"), values)
    draft = Conference.objects.get()
    poll.refresh_from_db()
    assert poll.conference == draft
    assert poll.closed_at is None
    text = staff.get(url("date-poll", poll.pk)).content.decode()
    assert "One of the times is saved as a draft" in text
    assert "schedule/?poll=" not in text
    schedule.publish(draft, staff_user, SILENT)
    poll.refresh_from_db()
    assert poll.closed_at
    assert poll.has_date


def test_a_draft_that_is_discarded_leaves_way_for_another_time(staff, account, url, staff_user):
    poll = date_poll(account)
    values = form_values(chosen_form(staff, poll, url=url)) | {"draft": "yes"}
    values.pop("save")
    staff.post(url("schedule"), values)
    cancel.cancel(Conference.objects.get(), staff_user, notify=SILENT)
    values = form_values(chosen_form(staff, poll, 1, url))
    staff.post(url("schedule"), answered(staff.post(url("schedule"), values)) | {"asked": "yes"})
    made = Conference.objects.get(removed_at=None)
    assert made.starts_at == list(poll.times.all())[1].starts_at
    poll.refresh_from_db()
    assert poll.conference == made
    assert poll.closed_at


def test_a_series_that_begins_with_the_time_closes_it_too(account, staff_user):
    poll = date_poll(account, title="Course")
    zone, rule = "Europe/Berlin", recurrence.Rule(recurrence.WEEKLY, count=3)
    first = walltime.wall(poll.times.first().starts_at, zone)
    made = series.schedule(
        account=account,
        values={"title": "Course", "duration_minutes": 60, "timezone": zone},
        rule=rule,
        dates=recurrence.expand(rule, first, zone),
        by=staff_user,
        uid=f"{poll.uid}@lectern",
        notify=False,
    )
    poll.refresh_from_db()
    assert poll.closed_at
    assert poll.conference == made.conferences.order_by("starts_at").first()


def test_another_form_closes_no_poll(poll, staff_user):
    made = ConferenceFactory(account=poll.account)
    for name in ("", "nonsense", f"{uuid4()}@lectern", "7@lectern"):
        date_polls.led_to(name, made, staff_user)
    poll.refresh_from_db()
    assert poll.closed_at is None


def test_a_closed_poll_opens_no_schedule_form(staff, poll, url):
    time = poll.times.first()
    other = date_poll(poll.account)
    date_polls.close(poll, SILENT, None)
    for query in (
        {"poll": poll.pk, "time": time.pk},
        {"poll": other.pk, "time": time.pk},
        {"poll": "x", "time": "y"},
        {"poll": "9" * 40, "time": ""},
        {"poll": other.pk},
    ):
        page = staff.get(url("schedule"), query)
        assert page.status_code == 200
        assert "Filled in from the date poll" not in page.content.decode()


def test_closed_without_a_date_those_who_were_asked_hear_of_it(staff, account, url):
    poll = date_poll(account, telling=ASKED)
    sent()
    late = date_polls.add_people(poll, [Who("late@example.org")], SILENT, None)
    assert late.people.count() == 4
    page = staff.get(url("date-poll-close", poll.pk))
    assert "Notify 3 people?" in page.content.decode(), "who was never asked hears nothing"
    staff.post(url("date-poll-close", poll.pk), answered(page))
    assert len(sent()) == 3
    assert mail.outbox[0].subject == "No date was found: Briefing for dealers"
    assert "closed without a date" in mail.outbox[0].body
    text = staff.get(url("date-poll", poll.pk)).content.decode()
    assert "It was closed without a date" in text
    assert "who have not heard" not in text
    for act in (
        lambda: date_polls.close(poll, ASKED, None),
        lambda: date_polls.propose(poll, [clock.now() + timedelta(days=9)], ASKED, None),
        lambda: date_polls.add_people(poll, [Who("more@example.org")], ASKED, None),
        lambda: date_polls.ask_again(poll, ASKED, None, polls.newest(poll)),
        lambda: date_polls.take_off(poll.people.first(), None),
    ):
        with pytest.raises(NotPossible):
            act()
    assert sent() == []


def test_what_waits_when_it_is_closed_is_not_sent(account):
    poll = date_poll(account, telling=ASKED)
    date_polls.close(poll, SILENT, None)
    assert sent() == []
    assert set(Invitation.objects.values_list("state", flat=True)) == {State.DROPPED}


def test_deleted_it_is_forgotten_and_the_webinar_stays(staff, account, url):
    poll = date_poll(account, telling=ASKED)
    made = ConferenceFactory(account=account)
    DatePoll.objects.filter(pk=poll.pk).update(conference=made)
    assert "Its answers" in staff.get(url("date-poll-delete", poll.pk)).content.decode()
    done = staff.post(url("date-poll-delete", poll.pk))
    assert done.url == url("date-polls")
    assert not AskedPerson.objects.exists()
    assert not Invitation.objects.exists()
    assert Conference.objects.filter(pk=made.pk).exists()
    assert Change.objects.filter(kind="date_poll", action="deleted").exists()
    for name in ("date-poll", "date-poll-ask", "date-poll-close", "date-poll-times"):
        assert staff.get(url(name, poll.pk)).status_code == 404


def test_while_a_mail_is_being_sent_it_is_not_deleted(account):
    poll = date_poll(account, telling=ASKED)
    Invitation.objects.update(state=State.SENDING)
    with pytest.raises(NotPossible):
        date_polls.delete(poll, None)


# The one queue ------------------------------------------------------------------------------------


def test_a_message_is_about_a_conference_or_a_poll_and_never_both(poll):
    person, made = poll.people.first(), ConferenceFactory(account=poll.account)
    moment = {"not_before": clock.now()}
    for about in ({}, {"conference": made, "asked": person}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Invitation.objects.create(**about, **moment)
    kept = Invitation.objects.create(asked=person, **moment)
    assert kept.account == poll.account
    with pytest.raises(ValueError, match=str(kept.pk)):
        letters.message_id(kept.about)


def test_each_mail_is_kept_as_it_was_sent_and_shown(staff, account, url):
    date_poll(account, telling=ASKED)
    sent()
    letter = Invitation.objects.first()
    text = staff.get(url("sent-mail", letter.pk)).content.decode()
    assert "When can you? Briefing for dealers" in text
    assert f"/dates/{letter.asked.token}/" in text
    assert Invitation.objects.values("copy").distinct().count() == 1, "they are kept once"
    person = AttendeeFactory(email="speaker0@example.org")
    page = staff.get(url("person-mails", person.pk)).content.decode()
    assert "When can you? Briefing for dealers" in page


@pytest.mark.parametrize("state", [State.FAILED, State.UNKNOWN])
def test_one_that_did_not_arrive_waits_for_a_person(staff, account, url, state):
    poll = date_poll(account, telling=ASKED)
    sent()
    letters_ = list(Invitation.objects.order_by("pk"))
    letter = letters_[0]
    Invitation.objects.filter(pk=letter.pk).update(state=state, problem="It was cut off.")
    assert sync.attention_count() == 1
    text = staff.get(url("attention")).content.decode()
    assert "Briefing for dealers" in text
    assert url("date-poll", poll.pk) in text
    page = staff.get(url("mail-retry", letter.pk))
    assert "Send it again?" in page.content.decode()
    assert "When can you?" in page.content.decode()
    staff.post(url("mail-retry", letter.pk), answered(page))
    assert sent() == ["Speaker 0 <speaker0@example.org>"]
    assert sync.attention_count() == 0
    Invitation.objects.filter(pk=letter.pk).update(state=state)
    staff.post(url("mail-dismiss", letter.pk))
    assert sync.attention_count() == 0
    lines = Change.objects.filter(kind="date_poll", local_id=poll.pk)
    assert {"mail tried again", "mail left as it is"} <= set(lines.values_list("action", flat=True))


def test_several_that_failed_are_one_line_for_each_poll_and_webinar(account):
    first, second = (date_poll(account, telling=ASKED) for _ in range(2))
    row = ConferenceFactory(account=account)
    Invitation.objects.create(conference=row, state=State.FAILED, not_before=clock.now())
    Invitation.objects.update(state=State.FAILED)
    found = {one.thing.poll: one.thing.alike for one in sync.attention() if one.sort == "mail"}
    assert found == {first: 3, second: 3, None: 1}


def test_what_was_lost_is_pointless_once_the_poll_is_closed(account, staff_user):
    poll = date_poll(account, telling=ASKED)
    Invitation.objects.update(state=State.UNKNOWN)
    date_polls.close(poll, SILENT, None)
    with pytest.raises(NotPossible, match="closed since"):
        lost.send_again(Invitation.objects.first(), staff_user)
    ids = list(Invitation.objects.values_list("pk", flat=True))
    lost.settle_doubtful(ids, staff_user, arrived=False)
    assert set(Invitation.objects.values_list("state", flat=True)) == {State.SENT}


def test_one_that_comes_back_is_noted(account):
    date_poll(account, people=1, telling=ASKED)
    sent()
    letter = Invitation.objects.get()
    report = "\r\n".join(
        [
            "Content-Type: multipart/report; report-type=delivery-status; boundary=b",
            "",
            "--b",
            "Content-Type: message/delivery-status",
            "",
            "Reporting-MTA: dns; mx.example.org",
            "",
            "Action: failed",
            "Status: 5.1.1",
            "Diagnostic-Code: smtp; 550 nobody",
            "",
            "--b",
            "Content-Type: text/rfc822-headers",
            "",
            f"{letters.MARK}: {letters.mark(letter)}",
            "",
            "--b--",
            "",
        ]
    )
    assert bounces.note(report.encode())
    letter.refresh_from_db()
    assert letter.bounced_at
    assert letter.state == State.FAILED


def test_a_claim_that_nobody_settled_is_perhaps_sent(account, clock):
    date_poll(account, people=1, telling=ASKED)
    Invitation.objects.update(state=State.SENDING, not_before=clock.now())
    clock.advance(60)
    assert sent() == []
    assert Invitation.objects.get().state == State.UNKNOWN


# Needs attention, history, and what it costs ---------------------------------------------------


def test_it_waits_for_staff_once_all_have_answered_or_the_day_is_over(account, clock, staff, url):
    poll = date_poll(account, people=2, answer_until=clock.now() + timedelta(days=2))
    assert sync.attention_count() == 0
    says(poll, 0, "yes")
    assert sync.attention_count() == 0
    says(poll, 1, "no")
    assert sync.attention_count() == 1
    assert (
        "All have answered: choose one of the times."
        in staff.get(url("attention")).content.decode()
    )
    date_polls.add_people(poll, [Who("third@example.org")], SILENT, None)
    assert sync.attention_count() == 0
    clock.advance(2 * 86_400 + 60)
    assert sync.attention_count() == 1
    text = staff.get(url("attention")).content.decode()
    assert "The day is over until which answers were asked for" in text
    date_polls.close(poll, SILENT, None)
    assert sync.attention_count() == 0


def test_history_says_who_opened_asked_and_closed(staff, account, url, staff_user):
    poll = date_poll(account, telling=ASKED, by=staff_user)
    sent()
    date_polls.ask_again(poll, ASKED, staff_user, polls.newest(poll))
    date_polls.close(poll, SILENT, staff_user)
    text = staff.get(url("date-poll", poll.pk)).content.decode()
    for words in (
        "Opened, with 3 proposed times",
        "Asked 3 people",
        "Asked 3 people again",
        "Closed without a date",
    ):
        assert words in text
    lines = Change.objects.filter(kind="date_poll", local_id=poll.pk)
    assert {one.actor for one in lines} == {staff_user}


def test_an_answer_given_a_thousand_times_adds_no_row(poll):
    before = Change.objects.count()
    for _ in range(5):
        says(poll, 0, "yes")
        says(poll, 0, "no")
    assert Change.objects.count() == before


def test_the_pages_cost_the_same_whatever_the_rows(staff, client, account, url):
    def cost(asked, there):
        with CaptureQueriesContext(connection) as seen:
            page = asked.get(there)
        assert page.status_code == 200
        return len(seen), page

    few = date_poll(account, people=2, times=2)
    many = date_poll(account, people=30, times=12, telling=ASKED, note="x")
    for number in range(30):
        says(many, number, *(["yes", "maybe", "no"] * 4), remark="Only in the morning, please.")
    cost(staff, url("date-poll", few.pk))
    small, large = (cost(staff, url("date-poll", one.pk)) for one in (few, many))
    assert large[0] <= small[0] <= 15
    content = large[1].content
    assert len(content) < 95_000
    assert content.count(b"<") - content.count(b"</") < 1250
    one, other = few.people.first(), many.people.first()
    assert (
        cost(client, url("dates", one.token))[0] == cost(client, url("dates", other.token))[0] <= 4
    )
    before = cost(staff, url("date-polls"))[0]
    for _ in range(20):
        date_poll(account, people=1, times=1)
    assert cost(staff, url("date-polls"))[0] == before <= 15
