"""The registration page of a series: asked and told once, a place and a line for each date."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from portal.common import clock
from portal.common.errors import NotAllowed, NotPossible
from portal.conferences import tasks
from portal.conferences.audience import series_page_queries
from portal.conferences.audience.services import (
    answers,
    confirming,
    exports,
    places,
    registering,
    registration_pages,
    registrations,
    series_registrations,
)
from portal.conferences.audience.services.registering import Given
from portal.conferences.mails.services.letters import when as mails_when
from portal.conferences.models import (
    Attendee,
    Change,
    Conference,
    Invitation,
    QuestionAnswer,
    Registration,
    RegistrationPage,
    UnconfirmedRegistration,
)
from portal.conferences.people.services import merging
from portal.conferences.schedule.services import cancel
from portal.conferences.schedule.services import series as scheduling
from portal.identity import roles
from portal.outbox.models import OutboxEntry
from portal.sync.services import transfer
from tests.factories import (
    AccountFactory,
    ConferenceFactory,
    ModeratorFactory,
    RegistrationFactory,
    SeriesFactory,
)
from tests.factories.rooms import furnish

pytestmark = pytest.mark.django_db
Stage = Registration.Stage


@pytest.fixture(autouse=True)
def here_alone(monkeypatch):
    """A platform that hears of nothing, so that mails wait for nothing."""
    furnish(monkeypatch)


@pytest.fixture
def account():
    return AccountFactory(platform="plenty")


@pytest.fixture
def series(account):
    """Four dates, a week apart; the first is over."""
    made = SeriesFactory(title="Course")
    now = clock.now().replace(minute=0, second=0, microsecond=0)
    for week in (-1, 1, 2, 3):
        start = now + timedelta(weeks=week)
        ConferenceFactory(
            account=account, title="Course", series=made, starts_at=start, planned_at=start
        )
    return made


@pytest.fixture
def dates(series):
    return list(series.conferences.order_by("starts_at"))[1:]


@pytest.fixture
def page(series):
    return RegistrationPage.objects.create(series=series, open=True)


@pytest.fixture
def choosing(page):
    page.dates = "chosen"
    page.save()
    return page


@pytest.fixture
def staff(client_as):
    return client_as(roles.STAFF)


def filled(client, url, page, **values):
    shown = client.get(url("register", page.slug)).content.decode()
    stamp = re.search(r'name="shown" value="([^"]+)"', shown)[1]
    return {
        "email": "new@example.com",
        "first_name": "New",
        "last_name": "One",
        **values,
        "shown": stamp,
    }


def send(client, url, page, **values):
    return client.post(url("register", page.slug), filled(client, url, page, **values))


def signed_up(page, email="new@example.com", dates=(), **given):
    chosen = [one.pk for one in dates]
    registering.ask(page, Given(email, "New", "One", dates=chosen, **given), "here")
    return UnconfirmedRegistration.objects.latest("pk")


def come(page, email="new@example.com", dates=(), **given):
    confirming.confirm(signed_up(page, email, dates, **given).token)


def stages(email="new@example.com"):
    rows = Registration.objects.filter(attendee__email=email, removed_at=None)
    return dict(rows.values_list("conference", "stage"))


def on_platform():
    """The platform has taken all of them."""
    OutboxEntry.objects.all().delete()
    Registration.objects.update(registered_at=clock.now(), join_url="https://x.example/1")


# For all dates ---------------------------------------------------------------------------------


def test_for_all_dates_one_mail_asks_and_one_tells(page, dates, client, url):
    shown = client.get(url("register", page.slug)).content.decode()
    assert "You register for these 3 dates" in shown
    assert send(client, url, page).url == url("register-sent", page.slug)
    assert not Registration.objects.exists()
    assert tasks.send_mails() == 1
    asked = mail.outbox[0]
    assert asked.subject == "Please confirm: Course"
    assert "for these dates of a series" in asked.body
    assert all(one in asked.body for one in map(mails_when, dates))
    link = re.search(r"/confirm/[0-9a-f-]+/", asked.body)[0]
    assert "these 3 dates" in client.get(link).content.decode()
    assert not Registration.objects.exists()  # a link that is opened confirms nothing
    client.post(link)
    client.post(link)
    assert stages() == {one.pk: "registered" for one in dates}
    assert Registration.objects.filter(every_date=True, answer="yes").count() == 3
    assert Change.objects.filter(action="registered").count() == 3
    on_platform()
    assert tasks.send_mails() == 1
    told = mail.outbox[1]
    assert told.subject == "Registered: Course (3 dates)"
    assert "You are registered for these dates" in told.body
    for row in Registration.objects.all():
        assert f"/join/{row.token}/" in told.body
    assert "/answer/" in told.body
    assert [name for name, *_ in told.attachments] == ["dates.ics"]
    assert "You are registered" in client.get(link).content.decode()
    assert tasks.send_mails() == 0


def test_what_passed_or_was_cancelled_is_not_offered(page, dates, client, url, staff_user):
    cancel.cancel(dates[0], staff_user)
    Conference.objects.filter(pk=dates[1].pk).update(draft=True)
    come(page)
    assert stages() == {dates[2].pk: "registered"}
    clock.advance(4 * 7 * 86400)
    assert (
        "No date of this series lies ahead."
        in client.get(url("register", page.slug)).content.decode()
    )


def test_a_date_that_is_cancelled_meanwhile_takes_nobody_and_keeps_the_mail(
    page, dates, staff_user
):
    unconfirmed = signed_up(page)
    cancel.cancel(dates[0], staff_user)  # the mail hangs on this one
    assert tasks.send_mails() == 1
    assert mails_when(dates[0]) not in mail.outbox[0].body
    confirming.confirm(unconfirmed.token)
    assert set(stages()) == {dates[1].pk, dates[2].pk}


def test_where_all_are_cancelled_nobody_is_asked_or_registered(page, dates, staff_user):
    unconfirmed = signed_up(page)
    for one in dates:
        cancel.cancel(one, staff_user)
    assert tasks.send_mails() == 0
    with pytest.raises(NotPossible, match="None of these dates"):
        confirming.confirm(unconfirmed.token)
    assert not Registration.objects.exists()
    assert not Attendee.objects.exists()


def test_who_is_registered_for_all_gets_their_links_again_in_one_mail(page, client, url):
    come(page)
    on_platform()
    tasks.send_mails()
    assert send(client, url, page).status_code == 302
    assert tasks.send_mails() == 1
    assert mail.outbox[-1].body.count("/join/") == 3
    assert UnconfirmedRegistration.objects.filter(confirmed_at=None).count() == 1


# Chosen dates ----------------------------------------------------------------------------------


def test_people_choose_their_dates_and_one_at_least(choosing, dates, client, url):
    answer = send(client, url, choosing)
    assert answer.status_code == 422
    assert "Please choose one date at least." in answer.content.decode()
    strange = ConferenceFactory()
    for wrong in ("x", "0", str(strange.pk), f"{dates[0].pk}', 1"):
        answer = send(client, url, choosing, dates=[str(dates[0].pk), wrong])
        assert answer.status_code == 422
        assert f'value="{dates[0].pk}"' in answer.content.decode()
    assert not UnconfirmedRegistration.objects.exists()
    send(client, url, choosing, dates=[str(dates[0].pk), str(dates[2].pk)])
    unconfirmed = UnconfirmedRegistration.objects.get()
    assert unconfirmed.dates == [dates[0].pk, dates[2].pk]
    confirming.confirm(unconfirmed.token)
    assert set(stages()) == {dates[0].pk, dates[2].pk}
    assert not Registration.objects.filter(every_date=True).exists()


def test_what_was_ticked_stays_ticked(choosing, dates, client, url):
    answer = send(client, url, choosing, dates=[str(dates[1].pk)], email="no address")
    shown = answer.content.decode()
    ticked = re.findall(r'<input type="checkbox"[^>]*name="dates"[^>]*checked', shown)
    assert len(ticked) == 1
    assert f'value="{dates[1].pk}"' in ticked[0]


def test_further_dates_are_added_by_the_page_and_none_is_lost(choosing, dates):
    come(choosing, dates=dates[:1])
    come(choosing, dates=dates[1:])
    assert len(stages()) == 3
    assert Attendee.objects.count() == 1


def test_a_date_that_filled_up_meanwhile_is_refused_and_nothing_kept(choosing, dates):
    RegistrationPage.objects.filter(pk=choosing.pk).update(limit=1, waitlist=False)
    choosing.refresh_from_db()
    come(choosing, "first@example.com", dates[:1])
    with pytest.raises(NotPossible, match="no longer on offer"):
        signed_up(choosing, dates=dates[:2])
    assert UnconfirmedRegistration.objects.count() == 1


# Places, lists, approvals ----------------------------------------------------------------------


def test_each_date_has_its_places_and_its_list_that_moves_up_by_itself(choosing, dates):
    RegistrationPage.objects.filter(pk=choosing.pk).update(limit=1)
    choosing.refresh_from_db()
    first, second, _third = dates
    come(choosing, "first@example.com", [first])
    come(choosing, "new@example.com", [first, second])
    assert stages() == {first.pk: "waitlisted", second.pk: "registered"}
    on_platform()
    assert tasks.send_mails() == 2  # one to each
    told = next(one for one in mail.outbox if "new@example.com" in one.to[0])
    assert told.subject == "Registered: Course (2 dates)"
    assert told.body.count("On the waiting list") == told.body.count("/join/") == 1
    row = Registration.objects.get(attendee__email="first@example.com")
    answers.answer(row.token, "no")
    assert places.move_up_due() == 1
    assert stages() == {first.pk: "registered", second.pk: "registered"}
    on_platform()
    mail.outbox.clear()
    assert tasks.send_mails() == 1
    assert mail.outbox[0].to == ["New One <new@example.com>"]


def test_who_moves_up_at_several_dates_at_once_is_told_by_one_mail(page, dates):
    RegistrationPage.objects.filter(pk=page.pk).update(limit=1)
    page.refresh_from_db()
    for one in dates:
        RegistrationFactory(conference=one, answer="yes")
    come(page)
    come(page, "second@example.com")
    assert set(stages().values()) == {"waitlisted"}
    tasks.send_mails()
    mail.outbox.clear()
    RegistrationPage.objects.filter(pk=page.pk).update(limit=3)
    assert places.move_up_due() == 6
    on_platform()
    assert tasks.send_mails() == 2
    assert [one.subject for one in mail.outbox] == ["Registered: Course (3 dates)"] * 2


def test_a_full_date_says_so_and_offers_its_list(choosing, dates, client, url):
    RegistrationPage.objects.filter(pk=choosing.pk).update(limit=1)
    RegistrationFactory(conference=dates[0])
    said = client.get(url("register", choosing.slug)).content.decode()
    assert said.count("you would be on the waiting list") == 1
    RegistrationPage.objects.filter(pk=choosing.pk).update(waitlist=False)
    said = client.get(url("register", choosing.slug)).content.decode()
    assert said.count("All places are taken.") == 1
    assert len(re.findall(r'name="dates"[^>]*disabled', said)) == 1
    answer = send(client, url, choosing, dates=[str(dates[0].pk)])
    assert answer.status_code == 422
    for one in dates[1:]:
        RegistrationFactory(conference=one)
    assert "Put me" not in client.get(url("register", choosing.slug)).content.decode()


def test_for_all_dates_those_that_are_full_without_a_list_are_left_out(page, dates, client, url):
    RegistrationPage.objects.filter(pk=page.pk).update(limit=1, waitlist=False)
    page.refresh_from_db()
    RegistrationFactory(conference=dates[0])
    come(page)
    assert set(stages()) == {dates[1].pk, dates[2].pk}
    unconfirmed = UnconfirmedRegistration.objects.get()
    assert "Registered" in client.get(url("confirm", unconfirmed.token)).content.decode()


def test_a_date_that_filled_up_before_the_link_was_pressed_says_so(choosing, dates, client, url):
    RegistrationPage.objects.filter(pk=choosing.pk).update(limit=1, waitlist=False)
    choosing.refresh_from_db()
    unconfirmed = signed_up(choosing, dates=dates[:2])
    RegistrationFactory(conference=dates[0])
    client.post(url("confirm", unconfirmed.token))
    assert stages() == {dates[1].pk: "registered"}
    said = client.get(url("confirm", unconfirmed.token)).content.decode()
    assert "All places were taken" in said
    alone = UnconfirmedRegistration.objects.create(
        page=choosing, email="late@example.com", dates=[dates[0].pk]
    )
    refused = client.post(url("confirm", alone.token))
    assert refused.status_code == 409
    assert not Attendee.objects.filter(email="late@example.com").exists()


def test_one_approval_lets_somebody_in_for_all_of_their_dates(page, dates, staff, url):
    RegistrationPage.objects.filter(pk=page.pk).update(approval=True)
    page.refresh_from_db()
    come(page)
    come(page, "other@example.com")
    assert set(stages().values()) == {"approval"}
    tasks.send_mails()
    mail.outbox.clear()
    person = Attendee.objects.get(email="new@example.com")
    listed = staff.get(url("series-registered", page.series_id)).content.decode()
    assert "2 people wait for your approval" in listed
    assert "Let in for 3 dates" in listed
    where = url("series-approve", page.series_id)
    asked = staff.get(where, {"person": person.pk}).content.decode()
    assert "Let in New One?" in asked
    assert "Registered: Course (3 dates)" in asked
    assert 'class="page-lead cluster"' not in asked, "that is the head of a page about one date"
    staff.post(where, {"person": person.pk, "tell": "yes", "counted": "1"})
    assert set(stages().values()) == {"registered"}
    assert set(stages("other@example.com").values()) == {"approval"}
    on_platform()
    assert tasks.send_mails() == 1
    assert mail.outbox[0].subject == "Registered: Course (3 dates)"
    staff.post(where, {"tell": "no"})
    assert set(stages("other@example.com").values()) == {"registered"}
    again = staff.post(where, {"tell": "yes", "counted": "1"}, follow=True).content.decode()
    assert "Nobody waits for an approval any more." in again


def test_nobody_without_the_right_approves_or_sees(page, client_as, url, viewer_user):
    client = client_as(roles.VIEWER)
    for name in (
        "series-registration-page",
        "series-registered",
        "series-registered-export",
        "series-approve",
    ):
        assert client.get(url(name, page.series_id)).status_code == 403
    with pytest.raises(NotAllowed):
        series_registrations.approve(page.series, [1], viewer_user)


def test_a_date_with_a_page_of_its_own_has_the_places_of_that_one(page, dates, staff, url):
    RegistrationPage.objects.filter(pk=page.pk).update(limit=1)
    page.refresh_from_db()
    RegistrationPage.objects.create(conference=dates[0], open=True, limit=2)
    for email in ("a@example.com", "b@example.com"):
        come(page, email)
    assert set(stages("a@example.com").values()) == {"registered"}
    assert stages("b@example.com") == {
        dates[0].pk: "registered",
        dates[1].pk: "waitlisted",
        dates[2].pk: "waitlisted",
    }
    said = staff.get(url("series-registration-page", page.series_id)).content.decode()
    assert said.count("has a page of its own") == 1
    assert "2 of 2 places taken" in said
    assert "1 of 1 places taken, 1 on the waiting list" in said
    for row, words in (
        (dates[0], "is what this page says"),
        (dates[1], "People register for this date on the registration page of the series"),
    ):
        assert words in " ".join(
            staff.get(url("registration-page", row.pk)).content.decode().split()
        )


def test_a_date_whose_own_page_asks_for_approval_lets_nobody_in_without_it(
    page, dates, staff, client, url
):
    RegistrationPage.objects.create(conference=dates[0], open=True, approval=True)
    come(page)
    assert stages() == {
        dates[0].pk: "approval",
        dates[1].pk: "registered",
        dates[2].pk: "registered",
    }
    RegistrationFactory(
        conference=dates[0],
        attendee__email="asked@example.com",
        stage=Stage.INVITED,
        invited_at=clock.now(),
    )
    come(page, "asked@example.com")
    assert set(stages("asked@example.com").values()) == {"registered"}
    said = client.get(url("register", page.slug)).content.decode()
    assert said.count("We look at each registration for this date") == 1
    said = " ".join(staff.get(url("registration-page", dates[0].pk)).content.decode().split())
    assert "where either page says so" in said


# Leaving ---------------------------------------------------------------------------------------


def test_one_leaves_one_date_or_all(page, dates, client, url):
    come(page)
    rows = {row.conference_id: row for row in Registration.objects.all()}
    first = rows[dates[0].pk]
    client.post(url("answer", first.token), {"answer": "no"})
    assert set(stages()) == {dates[1].pk, dates[2].pk}
    said = client.get(url("answer", rows[dates[1].pk].token)).content.decode()
    assert url("answer", rows[dates[2].pk].token) in said
    client.post(url("answer", rows[dates[1].pk].token), {"answer": "no", "all": "yes"})
    assert stages() == {}
    unconfirmed = UnconfirmedRegistration.objects.get()
    assert "You have withdrawn" in client.get(url("confirm", unconfirmed.token)).content.decode()


def test_whom_staff_took_off_one_date_stays_off_it(page, dates, staff_user):
    come(page)
    row = Registration.objects.get(conference=dates[0])
    registrations.withdraw(dates[0], [row.pk], staff_user)
    come(page)
    assert set(stages()) == {dates[1].pk, dates[2].pk}


# Answers ---------------------------------------------------------------------------------------


@pytest.fixture
def asked(page):
    return page.questions.create(kind="text", label="Which shoe size?")


def test_an_answer_is_kept_once_a_person_and_read_with_each_date(page, asked, dates, staff, url):
    come(page, answers={asked.pk: "42"})
    come(page, answers={asked.pk: "43"})
    come(page, "=cmd@example.com", answers={asked.pk: "=1+1"})
    assert QuestionAnswer.objects.filter(registration__attendee__email="new@example.com").get()
    shown = staff.get(url("series-registered", page.series_id)).content.decode()
    assert "Which shoe size?" in shown
    assert "43" in shown
    assert "All dates that lie ahead" in shown
    for one in dates:
        lines = list(exports.registrations(one, {}))
        assert lines[0][-1] == "Which shoe size?"
        assert {line[-1] for line in lines[1:]} == {"43", "=1+1"}
    assert (
        "Which shoe size?"
        not in staff.get(url("registration-answers", dates[0].pk)).content.decode()
    )


def test_an_answer_to_what_is_asked_no_more_is_kept_however_often_it_was_asked(page, dates):
    twice = [page.questions.create(kind="text", label="Town?") for _ in range(2)]
    given = {one.pk: name for one, name in zip(twice, ("Ghent", "Bruges"), strict=True)}
    come(page, answers=given)
    late = signed_up(page, answers={twice[0].pk: "Leuven"})
    page.questions.all().delete()
    confirming.confirm(late.token)
    person = Attendee.objects.get()
    assert series_page_queries.answers(page, [person.pk])[person.pk]["Town?"].text == "Leuven"


def test_what_is_to_stand_on_the_platform_is_neither_lost_nor_emptied_by_a_further_date(
    choosing, dates
):
    Conference.objects.filter(series=choosing.series_id).update(
        account=AccountFactory(platform="webinarfuel")
    )
    tied = choosing.questions.create(kind="text", label="Town?", field_there="Town")
    come(choosing, dates=dates[:1], answers={tied.pk: "Ghent"})
    come(choosing, dates=dates[1:2])
    there = dict(Registration.objects.values_list("conference", "answers_there"))
    assert there == {dates[0].pk: '{"Town":"Ghent"}', dates[1].pk: '{"Town":"Ghent"}'}
    own = RegistrationPage.objects.create(conference=dates[2], open=True)
    shoes = own.questions.create(kind="number", label="Shoes?", field_there="Shoes")
    come(own, answers={shoes.pk: "42"})
    come(choosing, dates=dates[1:], answers={tied.pk: "Bruges"})
    there = dict(Registration.objects.values_list("conference", "answers_there"))
    assert there[dates[1].pk] == '{"Town":"Bruges"}'
    assert there[dates[2].pk] == '{"Shoes":"42","Town":"Bruges"}'


def test_the_file_has_one_row_a_person_with_a_column_for_each_date(page, asked, dates, staff, url):
    come(page, answers={asked.pk: "=1+1"})
    row = Registration.objects.get(conference=dates[1])
    answers.answer(row.token, "no")
    text = b"".join(
        staff.get(url("series-registered-export", page.series_id)).streaming_content
    ).decode("utf-8-sig")
    head, line = text.strip().splitlines()
    assert head.count("Z") == 4
    assert head.endswith("Which shoe size?")
    assert line.startswith("new@example.com,New,One,,")
    assert "Declined" in line
    assert line.endswith("'=1+1")
    sheet = staff.get(url("series-registered-export-xlsx", page.series_id))
    assert b"".join(sheet.streaming_content)[:2] == b"PK"


# Dates that are added, moved -------------------------------------------------------------------


def add(staff, url, series, **values):
    start = clock.now() + timedelta(weeks=5)
    data = {"timezone": "Europe/Berlin", "date": f"{start:%Y-%m-%d}", "time": "10:00", **values}
    return staff.post(url("series-add", series.pk), data, follow=True).content.decode()


def test_a_date_that_is_added_is_theirs_who_registered_for_all_where_staff_say_so(
    page, series, staff, url
):
    ModeratorFactory(conference=scheduling.model(series), email="speaker@example.org")
    come(page)
    come(page, "left@example.com")
    row = Registration.objects.filter(attendee__email="left@example.com").first()
    answers.answer_all(row.token, "no")
    mail.outbox.clear()
    Invitation.objects.all().delete()
    asked = add(staff, url, series, register="on")
    assert "1 person who registered for all dates is registered for this one too." in asked
    assert "2 people" in asked  # the speaker, and who registered
    assert series.conferences.count() == 4
    add(staff, url, series, register="on", tell="yes", counted="2", do="yes")
    made = series.conferences.latest("pk")
    assert series.conferences.count() == 5
    there = made.registrations.get()
    assert (there.attendee.email, there.stage) == ("new@example.com", "registered")
    assert there.every_date
    on_platform()
    made.moderators.update(join_url="https://x.example/2")
    assert tasks.send_mails() == 2
    assert {one.subject for one in mail.outbox} == {"Registered: Course", "Invitation: Course"}
    assert Change.objects.filter(action="registered", conference_id=made.pk).count() == 1


def test_without_the_tick_a_date_that_is_added_is_nobodys(page, series, staff, url):
    come(page)
    assert "registered for all dates" in staff.get(url("series-add", series.pk)).content.decode()
    add(staff, url, series, tell="no", do="yes")
    made = series.conferences.latest("pk")
    assert made.registrations.count() == 0
    come(page, "later@example.com")
    assert made.pk in stages("later@example.com")


def test_a_series_without_such_people_asks_nothing(series, staff, url):
    assert (
        "registered for all dates" not in staff.get(url("series-add", series.pk)).content.decode()
    )


def test_a_date_that_moves_to_another_account_keeps_its_people_and_its_chosen(
    choosing, dates, staff_user
):
    unconfirmed = signed_up(choosing, dates=dates[:2])
    other = AccountFactory(platform="plenty")
    made = transfer.move(dates[0], other, staff_user, notify=False)
    confirming.confirm(unconfirmed.token)
    assert set(stages()) == {made.pk, dates[1].pk}


def test_a_date_that_moves_on_and_on_is_still_the_one_that_was_chosen(choosing, dates, staff_user):
    unconfirmed = signed_up(choosing, dates=dates[:2])
    made = dates[0]
    for _time in range(3):
        made = transfer.move(made, AccountFactory(platform="plenty"), staff_user, notify=False)
    confirming.confirm(unconfirmed.token)
    assert set(stages()) == {made.pk, dates[1].pk}


def test_a_date_that_is_added_later_is_not_said_to_have_been_full(
    page, series, dates, account, client, url
):
    unconfirmed = signed_up(page)
    early = ConferenceFactory(account=account, series=series, starts_at=dates[-1].starts_at)
    confirming.confirm(unconfirmed.token)
    assert early.pk in stages()  # it was there when they confirmed
    clock.advance(60)
    ConferenceFactory(account=account, series=series, starts_at=dates[-1].starts_at)
    said = client.get(url("confirm", unconfirmed.token)).content.decode()
    assert said.count("Registered") == 4
    assert "All places were taken" not in said


def test_whom_nobody_has_let_in_yet_is_not_registered_for_a_date_that_is_added(
    page, series, staff, url, staff_user
):
    RegistrationPage.objects.filter(pk=page.pk).update(approval=True, limit=1)
    page.refresh_from_db()
    come(page)
    assert set(stages().values()) == {"approval"}
    assert (
        "registered for all dates" not in staff.get(url("series-add", series.pk)).content.decode()
    )
    assert series_registrations.everybody(series) == []
    RegistrationPage.objects.filter(pk=page.pk).update(approval=False)
    page.refresh_from_db()
    come(page, "first@example.com")
    come(page, "waits@example.com")
    assert set(stages("waits@example.com").values()) == {"waitlisted"}
    comes = {one.email for one in series_registrations.everybody(series)}
    assert comes == {"first@example.com", "waits@example.com"}


def test_of_two_who_become_one_the_dates_and_the_answers_stay(page, asked, dates, staff_user):
    come(page, answers={asked.pk: "42"})
    keep = RegistrationFactory(conference=dates[0]).attendee
    merging.merge(keep, Attendee.objects.get(email="new@example.com"), staff_user)
    assert set(stages(keep.email)) == {one.pk for one in dates}
    rows = keep.registrations.filter(removed_at=None)
    assert rows.filter(every_date=True).count() == 3
    assert series_page_queries.answers(page, [keep.pk])[keep.pk]["Which shoe size?"].text == "42"


def test_a_question_that_somebody_else_added_meanwhile_stays(page, asked, staff, url):
    where = url("series-registration-page", page.series_id)
    rows = {"questions-TOTAL_FORMS": "2", "questions-INITIAL_FORMS": "1", "version": 0}
    sent = {
        "open": "on",
        "reach": "public",
        "dates": "all",
        "waitlist": "on",
        "switch_on": "on",
        **rows,
    }
    for number, pk, label in ((0, asked.pk, "Which shoe size?"), (1, "", "")):
        at = f"questions-{number}"
        sent |= {f"{at}-pk": pk, f"{at}-label": label, f"{at}-kind": "text", f"{at}-position": 1}
    added = page.questions.create(kind="text", label="Town?", position=1)  # on another screen
    assert staff.post(where, sent).status_code == 302
    assert list(page.questions.values_list("label", flat=True)) == ["Which shoe size?", "Town?"]
    removed = sent | {"questions-0-remove": "on"}
    assert staff.post(where, removed).status_code == 302
    assert page.questions.get() == added
    added.delete()  # and here it is taken off while this one is still open
    again = sent | {"questions-0-pk": 999_999, "questions-0-label": "Changed?", "version": 1}
    assert staff.post(where, again).status_code == 302
    assert page.questions.get().label == "Changed?"


# The page itself -------------------------------------------------------------------------------


def test_staff_set_it_up_and_choose_in_words(series, dates, staff, url):
    where = url("series-registration-page", series.pk)
    shown = staff.get(where).content.decode()
    assert "For which dates people register" in shown
    assert "Places at each date" in shown
    form = {
        "open": "on",
        "reach": "public",
        "dates": "chosen",
        "limit": "5",
        "waitlist": "on",
        "switch_on": "on",
        "version": 0,
        "questions-TOTAL_FORMS": "1",
        "questions-INITIAL_FORMS": "0",
        "questions-0-label": "Why?",
        "questions-0-kind": "text",
    }
    assert staff.post(where, form | {"dates": "none"}).status_code == 422
    assert staff.post(where, form).status_code == 302
    page = RegistrationPage.objects.get()
    assert (page.series, page.conference, page.dates, page.limit) == (series, None, "chosen", 5)
    assert page.questions.get().label == "Why?"
    assert Change.objects.filter(action="page changed").count() == len(dates)
    assert page.slug in staff.get(where).content.decode()
    assert (
        "For which dates" not in staff.get(url("registration-page", dates[0].pk)).content.decode()
    )


def test_a_page_belongs_to_one_alone(series, dates):
    for owners in ({}, {"series": series, "conference": dates[0]}):
        with pytest.raises(IntegrityError), transaction.atomic():
            RegistrationPage.objects.create(**owners)
    RegistrationPage.objects.create(series=series)
    with pytest.raises(IntegrityError), transaction.atomic():
        RegistrationPage.objects.create(series=series)


def test_where_no_date_lies_ahead_nothing_is_set_up(series, dates, staff_user):
    Conference.objects.filter(series=series).update(draft=True)
    with pytest.raises(NotPossible, match="No date"):
        registration_pages.save(series, {}, [], staff_user)


def test_it_opens_and_closes_by_its_times(page, client, url):
    RegistrationPage.objects.update(opens_at=clock.now() + timedelta(hours=1))
    assert "not begun yet" in client.get(url("register", page.slug)).content.decode()
    clock.advance(3700)
    RegistrationPage.objects.update(closes_at=clock.now() + timedelta(hours=1))
    page.refresh_from_db()
    unconfirmed = signed_up(page)
    clock.advance(3700)
    assert "has ended" in client.get(url("register", page.slug)).content.decode()
    confirming.confirm(unconfirmed.token)  # they began in time
    assert len(stages()) == 3


def test_a_long_series_with_many_people_keeps_its_budgets(account, staff, client, url):
    """52 dates; what its pages and a confirmation cost does not grow with the people."""
    series = SeriesFactory(title="Year")
    start = clock.now() + timedelta(days=1)
    for week in range(52):
        ConferenceFactory(account=account, series=series, starts_at=start + timedelta(weeks=week))
    page = RegistrationPage.objects.create(series=series, open=True, limit=10, dates="chosen")
    dates = list(series.conferences.order_by("starts_at"))
    counts = []
    for number in (2, 30):
        for one in range(number):
            come(page, f"p{number}-{one}@example.com", dates if one == 0 else dates[:1])
        found = []
        for client_, name, args in (
            (client, "register", (page.slug,)),
            (staff, "series-registration-page", (series.pk,)),
            (staff, "series-registered", (series.pk,)),
        ):
            client_.get(url(name, *args))
            with CaptureQueriesContext(connection) as seen:
                answer = client_.get(url(name, *args))
            found.append((name, len(seen)))
            assert len(seen) <= 16
            assert len(answer.content) < 95_000
        counts.append(found)
    assert counts[0] == counts[1]
    unconfirmed = signed_up(page, "all@example.com", dates)
    with CaptureQueriesContext(connection) as seen:
        confirming.confirm(unconfirmed.token)
    assert len(seen) <= 52 * 2 + 60
    assert len(stages("all@example.com")) == 52
