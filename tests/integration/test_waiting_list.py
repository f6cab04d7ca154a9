"""Whoever waits for a place is told so once, and moves up only while they say that they come."""

import pytest
from django.core import mail

from portal.common import clock
from portal.conferences import tasks
from portal.conferences.audience import counters, series_page_queries, series_queries
from portal.conferences.audience.services import (
    answers,
    confirming,
    invite,
    places,
    registering,
    registrations,
)
from portal.conferences.audience.services.registering import Given
from portal.conferences.mails.services import recipients
from portal.conferences.models import Invitation, Registration, RegistrationPage
from portal.conferences.people.services import merging, selection
from portal.identity import roles
from portal.outbox.models import OutboxEntry
from portal.sync.engine import push_account, sync_account
from portal.sync.models import Conflict, PlatformLink
from tests.factories import (
    AttendeeFactory,
    ConferenceFactory,
    RegistrationFactory,
    SeriesFactory,
)

pytestmark = pytest.mark.django_db
Stage = Registration.Stage


@pytest.fixture
def page():
    conference = ConferenceFactory(registration_enabled=True)
    RegistrationFactory(conference=conference)
    return RegistrationPage.objects.create(conference=conference, open=True, limit=1)


@pytest.fixture
def asked(page):
    return RegistrationFactory(
        conference=page.conference, stage=Stage.INVITED, invited_at=clock.now()
    )


def sent_to(row):
    return [one for one in mail.outbox if row.attendee.email in one.to[0]]


def signed_up(page, email):
    registering.ask(page, Given(email, "New", "One"), "here")
    unconfirmed = page.unconfirmed.get(email=email)
    return confirming.confirm(unconfirmed.token)


def leaves(page):
    """Whoever has the only place gives it back."""
    holder = page.conference.registrations.filter(stage=Stage.REGISTERED, removed_at=None).get()
    answers.answer(holder.token, "no")


def is_told(row):
    tasks.send_mails()
    (letter,) = sent_to(row)
    assert letter.subject == f"On the waiting list: {row.conference.title}"
    assert "You are on the waiting list." in letter.body
    assert "Whoever has waited longest comes first." in letter.body
    assert f"/answer/{row.token}/" in letter.body
    assert "/join/" not in letter.body
    assert not letter.attachments
    return letter


def test_who_registers_when_all_places_are_taken_is_told_that_they_wait(page):
    is_told(signed_up(page, "new@example.com"))


def test_so_is_who_says_yes_to_an_invitation_and_once(page, asked):
    for said in ("yes", "yes", "maybe", "yes"):
        answers.answer(asked.token, said)
    is_told(asked)
    answers.answer(asked.token, "maybe")
    answers.answer(asked.token, "yes")
    tasks.send_mails()
    assert len(sent_to(asked)) == 1


def test_so_is_whom_staff_invite_to_what_is_full(page, staff_user):
    who = selection.gather("ann@example.com")
    invite.send(page.conference, who, by=staff_user, register=False)
    tasks.send_mails()
    row = page.conference.registrations.get(attendee__email="ann@example.com")
    mail.outbox.clear()
    answers.answer(row.token, "yes")
    is_told(row)


@pytest.mark.parametrize(
    ("values", "register", "said"),
    [
        ({}, False, "Who says yes goes on the waiting list, and is told so."),
        ({"waitlist": False}, False, "Who says yes gets none, and reads that."),
        ({}, True, "Whoever you register is registered all the same."),
    ],
)
def test_the_page_before_an_invitation_says_that_all_places_are_taken(
    page, client_as, url, values, register, said
):
    RegistrationPage.objects.update(**values)
    data = {"action": "preview", "who": "ann@example.com"} | (
        {"register": "on"} if register else {}
    )
    client, at = client_as(), url("invite", page.conference.pk)
    assert f"All places are taken. {said}" in client.post(at, data).content.decode()
    RegistrationPage.objects.update(limit=5)
    assert "All places are taken" not in client.post(at, data).content.decode()


def test_who_gets_a_place_is_told_nothing_of_a_list(page, asked):
    leaves(page)
    answers.answer(asked.token, "yes")
    assert not Invitation.objects.filter(registration=asked).exists()


def test_who_comes_and_goes_all_the_time_is_not_written_to_each_time(page, asked):
    for _ in range(10):
        answers.answer(asked.token, "yes")
        tasks.send_mails()
        answers.answer(asked.token, "no")
    assert len(sent_to(asked)) == places.MOST_IN_AN_HOUR


@pytest.mark.parametrize("said", ["no", "maybe"])
def test_who_says_no_or_perhaps_while_they_wait_does_not_move_up(page, asked, said):
    answers.answer(asked.token, "yes")
    other = signed_up(page, "other@example.com")
    answers.answer(asked.token, said)
    leaves(page)
    tasks.send_mails()
    asked.refresh_from_db()
    other.refresh_from_db()
    assert (asked.stage, asked.answer) == (Stage.WAITLISTED, said)
    assert other.stage == Stage.REGISTERED
    leaves(page)
    tasks.send_mails()
    asked.refresh_from_db()
    assert asked.stage == Stage.WAITLISTED, "a place is free, and still nobody is put on it"


def test_who_says_perhaps_keeps_their_place_in_the_list_for_a_later_yes(page, asked, client, url):
    answers.answer(asked.token, "yes")
    clock.advance(60)
    other = signed_up(page, "other@example.com")
    answers.answer(asked.token, "maybe")
    shown = client.get(url("answer", asked.token)).content.decode()
    assert "You keep your place in the list" in " ".join(shown.split())
    assert 'value="yes"' in shown
    client.post(url("answer", asked.token), {"answer": "yes"})
    leaves(page)
    tasks.send_mails()
    asked.refresh_from_db()
    other.refresh_from_db()
    assert (asked.stage, other.stage) == (Stage.REGISTERED, Stage.WAITLISTED)


def test_a_free_place_is_taken_at_once_by_a_yes_after_perhaps(page, asked):
    answers.answer(asked.token, "yes")
    answers.answer(asked.token, "maybe")
    leaves(page)
    assert answers.answer(asked.token, "yes").stage == Stage.REGISTERED


def test_staff_read_who_waits_with_a_perhaps(page, asked, client_as, url):
    answers.answer(asked.token, "yes")
    answers.answer(asked.token, "maybe")
    shown = client_as().get(url("registrations", page.conference.pk), {"rstate": "waitlisted"})
    assert "On the waiting list, perhaps" in shown.content.decode()


# Who had a place, and gave it back ---------------------------------------------------------------


@pytest.fixture
def left(page):
    """Somebody who was registered and has withdrawn; another one has the place now."""
    row = RegistrationFactory(
        conference=page.conference, registered_at=clock.now(), join_url="https://there.example/1"
    )
    answers.answer(row.token, "no")
    clock.advance(60)
    row.refresh_from_db()
    return row


def waiting(conference):
    """Who is on the list, in its order, as staff read it."""
    rows = counters.having(conference, "waitlisted").order_by("answered_at", "pk")
    assert counters.counts(conference)["waitlisted"] == len(rows)
    return [str(row.attendee.email) for row in rows]


def test_who_withdrew_can_wait_for_a_place_again_and_reads_it(page, left, client, url, client_as):
    shown = client.get(url("answer", left.token)).content.decode()
    assert "All places are taken. With yes you are on the waiting list." in shown
    client.post(url("answer", left.token), {"answer": "yes"})
    left.refresh_from_db()
    assert (left.standing, left.waits_again, left.listed) == (Stage.WAITLISTED, True, True)
    shown = " ".join(client.get(url("answer", left.token)).content.decode().split())
    assert "You are on the waiting list. You move up by yourself" in shown
    assert client.get(url("join", left.token)).url == url("answer", left.token)
    is_told(left)
    # Staff read it as well, and to the platform they have withdrawn.
    assert waiting(page.conference) == [left.attendee.email]
    counts = counters.counts(page.conference)
    assert (counts["registered"], counts["withdrawn"], counts["no"]) == (1, 0, 0)
    page_ = client_as(roles.STAFF).get(url("registrations", page.conference_id))
    words = [row.word for row in page_.context["t"].rows if row.registration == left]
    assert words == ["On the waiting list"]
    assert left.removed_at is not None
    assert left.stage == Stage.REGISTERED


def test_the_history_of_a_person_says_in_words_how_they_stand(page, client_as, url):
    row = signed_up(page, "new@example.com")
    person = client_as(roles.STAFF).get(url("person", row.attendee_id))
    (line,) = [one["changes"] for one in person.context["entries"] if one["changes"]]
    assert line[0]["after"] == "On the waiting list"


def test_they_move_up_in_their_turn_and_are_told(page, left, asked):
    answers.answer(asked.token, "yes")  # came first
    clock.advance(60)
    answers.answer(left.token, "yes")
    assert waiting(page.conference) == [asked.attendee.email, left.attendee.email]
    Invitation.objects.all().delete()
    for expected in (asked, left):
        OutboxEntry.objects.all().delete()
        holders = page.conference.registrations.filter(stage=Stage.REGISTERED, removed_at=None)
        answers.answer(holders.get().token, "no")
        clock.advance(60)
        assert places.move_up_due() == 1
        assert holders.get() == expected
        assert OutboxEntry.objects.filter(kind="registration", local_id=expected.pk).exists()
    left.refresh_from_db()
    assert (left.standing, left.answer, left.removed_at) == (Stage.REGISTERED, "yes", None)
    page.conference.refresh_from_db()
    assert page.conference.people_counted == 1
    assert Invitation.objects.filter(registration=left, act="invite").count() == 1


def test_by_the_page_they_wait_again_too_and_keep_their_turn(page, left, client, url):
    registering.ask(page, Given(left.attendee.email, "New", "One"), "here")
    first = page.unconfirmed.get()
    client.post(url("confirm", first.token))
    shown = " ".join(client.get(url("confirm", first.token)).content.decode().split())
    assert "You are on the waiting list." in shown
    assert "You have withdrawn" not in shown
    since = Registration.objects.get(pk=left.pk).answered_at
    clock.advance(4000)
    registering.ask(page, Given(left.attendee.email, "New", "One"), "here")
    row = confirming.confirm(page.unconfirmed.latest("pk").token)
    assert (row.pk, row.standing, row.answered_at) == (left.pk, Stage.WAITLISTED, since)
    tasks.send_mails()
    assert len([one for one in sent_to(left) if "waiting list" in one.subject]) == 1


def test_who_says_perhaps_while_they_wait_again_keeps_their_place_and_is_passed_over(page, left):
    answers.answer(left.token, "yes")
    since = Registration.objects.get(pk=left.pk).answered_at
    clock.advance(60)
    answers.answer(left.token, "maybe")
    leaves(page)
    assert places.move_up_due() == 0
    left.refresh_from_db()
    assert (left.standing, left.answered_at) == (Stage.WAITLISTED, since)
    assert answers.answer(left.token, "yes").standing == Stage.REGISTERED


def test_who_no_longer_waits_is_off_the_list_again(page, left):
    answers.answer(left.token, "yes")
    clock.advance(60)
    answers.answer(left.token, "no")
    left.refresh_from_db()
    assert (left.has_declined, left.listed) == (True, False)
    leaves(page)
    assert places.move_up_due() == 0
    assert waiting(page.conference) == []


def test_staff_take_them_off_the_list_and_let_them_in(page, left, staff_user):
    answers.answer(left.token, "yes")
    registrations.withdraw(page.conference, [left.pk], staff_user)
    left.refresh_from_db()
    assert not left.listed
    with pytest.raises(answers.NotPossible):  # whom staff withdrew cannot come back by a link
        answers.answer(left.token, "yes")
    other = RegistrationFactory(conference=page.conference, registered_at=clock.now())
    answers.answer(other.token, "no")
    clock.advance(60)
    answers.answer(other.token, "yes")
    assert registrations.let_in(page.conference, [other.pk], staff_user) == [other]
    other.refresh_from_db()
    assert (other.standing, other.answer, other.removed_at) == (Stage.REGISTERED, "yes", None)


def test_whom_the_platform_brought_back_waits_no_more(page, left):
    answers.answer(left.token, "yes")
    Registration.objects.filter(pk=left.pk).update(removed_at=None)  # as the sync does
    left.refresh_from_db()
    assert (left.standing, left.waits_again) == (Stage.REGISTERED, False)
    clock.advance(60)
    answers.answer(left.token, "no")
    left.refresh_from_db()
    assert (left.has_declined, left.waits_again) == (True, False)


def test_without_a_waiting_list_they_read_that_all_places_are_taken(page, left, client, url):
    RegistrationPage.objects.filter(pk=page.pk).update(waitlist=False)
    assert "All places are taken." in client.get(url("answer", left.token)).content.decode()
    answer = client.post(url("answer", left.token), {"answer": "yes"})
    assert answer.status_code == 409
    left.refresh_from_db()
    assert left.has_declined


def test_where_others_wait_for_what_is_free_a_yes_is_not_said_to_register(page, left, client, url):
    waits = signed_up(page, "new@example.com")
    leaves(page)  # the clock has not given the place away yet
    shown = client.get(url("answer", left.token)).content.decode()
    assert "Others wait for a place already. With yes you are on the waiting list." in shown
    clock.advance(60)
    answers.answer(left.token, "yes")
    assert waiting(page.conference) == ["new@example.com", left.attendee.email]
    assert places.move_up_due() == 1
    waits.refresh_from_db()
    assert waits.stage == Stage.REGISTERED


def test_they_are_told_of_a_change_without_a_way_in(page, left, staff_user):
    answers.answer(left.token, "yes")
    Invitation.objects.all().delete()
    found = recipients.must_hear(page.conference, "cancel")
    assert left.attendee.email in {one.email for one in found}


def test_at_the_dates_of_a_series_they_wait_again_as_well(page, client, url):
    series = SeriesFactory(title="Course")
    dates = [page.conference]
    dates[0].series = series
    dates[0].save()
    page.conference, page.series = None, series
    page.save()
    person = AttendeeFactory(email="back@example.com")
    row = RegistrationFactory(conference=dates[0], attendee=person, registered_at=clock.now())
    answers.answer(row.token, "no")
    clock.advance(60)
    registering.ask(page, Given("back@example.com", "New", "One"), "here")
    token = page.unconfirmed.get().token
    client.post(url("confirm", token))
    shown = client.get(url("confirm", token)).content.decode()
    assert "On the waiting list" in shown
    assert "Withdrawn" not in shown
    assert waiting(dates[0]) == ["back@example.com"]
    (line,) = series_page_queries.dates(series)
    assert (line.registered, line.waitlisted) == (1, 1)
    (one,) = series_page_queries.people_page(page, None)["lines"]
    assert (one.registered, one.waitlisted) == ([], dates)
    assert series_page_queries.standing(series, [person.pk])[person.pk] == {
        dates[0].pk: "On the waiting list"
    }
    of_series = series_queries.Dates(series)
    assert series_queries.counts(of_series)["waitlisted"] == 1
    assert series_queries.states_of(of_series, [person.pk])[person.pk] == {
        dates[0].pk: "waitlisted"
    }


def test_to_the_platform_they_have_withdrawn_until_they_move_up(account, sandbox):
    panel = sandbox.account("clickmeeting")
    room = panel.add_room("Autumn tour")["id"]
    panel.add_registration(room, "ann@example.com", "Ann")
    sync_account(account.pk, full=True)
    row = Registration.objects.get()
    RegistrationPage.objects.create(conference=row.conference, open=True, limit=1)
    answers.answer(row.token, "no")
    push_account(account.pk)
    clock.advance(60)
    holder = RegistrationFactory(conference=row.conference)
    answers.answer(row.token, "yes")
    before = list(PlatformLink.objects.filter(local_id=row.pk, kind="registration").values())
    for _ in range(2):  # it is listed there still, and takes no place here
        run = sync_account(account.pk, full=True)
        assert not run.problem
        row.refresh_from_db()
        assert (row.standing, row.waits_again) == (Stage.WAITLISTED, True)
    after = PlatformLink.objects.filter(local_id=row.pk, kind="registration").values()
    assert [one["state"] for one in after] == [one["state"] for one in before]
    answers.answer(holder.token, "no")
    clock.advance(60)
    assert places.move_up_due() == 1
    push_account(account.pk)
    sync_account(account.pk, full=True)
    row.refresh_from_db()
    assert (row.standing, row.removed_at) == (Stage.REGISTERED, None)
    there = [one["email"] for one in panel.registrations(room)]
    assert there.count("ann@example.com") == 1
    assert not Conflict.objects.exists()


@pytest.mark.parametrize("other", ["", Stage.INVITED, Stage.WAITLISTED, Stage.REGISTERED])
def test_of_two_who_become_one_nobody_waits_twice(page, left, staff_user, other):
    answers.answer(left.token, "yes")
    left.refresh_from_db()
    keep = AttendeeFactory(email="keep@example.com")
    if other:
        RegistrationFactory(
            conference=page.conference, attendee=keep, stage=other, answered_at=clock.now()
        )
    merging.merge(keep, left.attendee, staff_user)
    rows = page.conference.registrations.filter(Registration.LISTED)
    mine = rows.filter(attendee__in=[keep, left.attendee])
    expected = Stage.REGISTERED if other == Stage.REGISTERED else Stage.WAITLISTED
    assert [(row.attendee, row.standing) for row in mine] == [(keep, expected)]
