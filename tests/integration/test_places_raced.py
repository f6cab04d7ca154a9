"""Several people at the same moment: as many places as there are, and each person once."""

import re
import threading
from contextlib import suppress
from datetime import timedelta
from functools import partial

import pytest

from portal.common import clock
from portal.conferences import fields
from portal.conferences.audience.services import (
    answers,
    calendar_replies,
    confirming,
    places,
    registering,
    registration_pages,
    registrations,
    series_registrations,
)
from portal.conferences.mails.services.reply_address import reply_address
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
from portal.outbox.models import OutboxEntry
from portal.sync.services import transfer
from tests.factories import (
    AccountFactory,
    ConferenceFactory,
    RegistrationFactory,
    SeriesFactory,
)
from tests.support import calendars
from tests.support.racing import refused_at_once

pytestmark = pytest.mark.django_db(transaction=True)
Stage = Registration.Stage
MANY, PLACES = 6, 2


@pytest.fixture
def page():
    conference = ConferenceFactory(registration_enabled=True)
    return RegistrationPage.objects.create(conference=conference, open=True, limit=PLACES)


def asked(page, number):
    return UnconfirmedRegistration.objects.create(
        page=page, email=f"p{number}@example.com", first_name="P", last_name=str(number)
    )


def confirms(row):
    return lambda: confirming.confirm(row.token)


def says(row, said):
    return lambda: answers.answer(row.token, said)


def stages(page):
    rows = page.conference.registrations.filter(removed_at=None)
    found = list(rows.values_list("stage", flat=True))
    return found.count(Stage.REGISTERED), found.count(Stage.WAITLISTED)


def test_the_last_places_are_given_once(page):
    rows = [asked(page, number) for number in range(MANY)]
    assert refused_at_once(*map(confirms, rows)) == []
    assert stages(page) == (PLACES, MANY - PLACES)
    page.conference.refresh_from_db()
    assert page.conference.people_counted == PLACES


def test_without_a_list_all_but_the_first_are_turned_away(page):
    RegistrationPage.objects.update(waitlist=False)
    rows = [asked(page, number) for number in range(MANY)]
    assert refused_at_once(*map(confirms, rows)) == [str(places.FULL)] * (MANY - PLACES)
    assert stages(page) == (PLACES, 0)
    assert Attendee.objects.count() == PLACES


def test_a_link_that_is_pressed_by_two_at_once_registers_once(page):
    row = asked(page, 1)
    assert refused_at_once(*[confirms(row)] * 4) == []
    standing = Registration.objects.get()
    assert Invitation.objects.filter(registration=standing).count() == 1
    told = OutboxEntry.objects.filter(kind="registration", local_id=standing.pk)
    assert told.count() == 1


def test_two_links_for_one_address_make_one_registration(page):
    question = page.questions.create(kind="text", label="Town?")
    rows = [asked(page, 1), asked(page, 1)]
    for row, town in zip(rows, ("Older", "Newer"), strict=True):
        row.given = {str(question.pk): [question.label, question.kind, town]}
        row.save()
    # Whichever comes first: the newer holds, and the older is told so where it came later.
    assert refused_at_once(*map(confirms, rows)) in ([], [str(confirming.LATER)])
    assert Registration.objects.count() == Attendee.objects.count() == 1
    assert QuestionAnswer.objects.get().value == "Newer"


def test_of_two_who_had_withdrawn_and_want_the_last_place_one_gets_it(page):
    values = {"conference": page.conference, "registered_at": clock.now()}
    rows = [RegistrationFactory(**values) for _ in range(PLACES + 1)]
    for row in rows:
        answers.answer(row.token, "no")
    assert refused_at_once(*(says(row, "yes") for row in rows)) == []
    assert stages(page) == (PLACES, 0)
    again = page.conference.registrations.filter(Registration.ON_WAITING_LIST)
    assert again.count() == 1
    assert refused_at_once(says(again.get(), "no"), places.move_up_due) == []
    assert stages(page)[0] == PLACES


def test_an_address_that_confirms_at_two_webinars_at_once_is_one_person(page):
    other = RegistrationPage.objects.create(conference=ConferenceFactory(), open=True)
    assert refused_at_once(confirms(asked(page, 1)), confirms(asked(other, 1))) == []
    assert Attendee.objects.count() == 1
    assert Registration.objects.count() == 2


def test_of_many_who_answer_yes_as_many_come_as_there_are_places(page):
    values = {"conference": page.conference, "stage": Stage.INVITED, "invited_at": clock.now()}
    rows = [RegistrationFactory(**values) for _ in range(MANY)]
    assert refused_at_once(*(says(row, "yes") for row in rows)) == []
    assert stages(page) == (PLACES, MANY - PLACES)


def test_whom_staff_withdraw_while_they_say_yes_is_off(page, staff_user):
    row = RegistrationFactory(
        conference=page.conference, stage=Stage.INVITED, invited_at=clock.now()
    )
    refused_at_once(
        says(row, "yes"),
        lambda: registrations.withdraw(page.conference, [row.pk], staff_user),
    )
    row.refresh_from_db()
    assert row.removed_at
    assert not row.has_declined
    page.conference.refresh_from_db()
    assert page.conference.people_counted == 0


def test_yes_and_no_at_once_leave_one_of_them_whole(page):
    row = RegistrationFactory(
        conference=page.conference, stage=Stage.INVITED, invited_at=clock.now()
    )
    assert refused_at_once(says(row, "yes"), says(row, "no"), says(row, "maybe")) == []
    row.refresh_from_db()
    assert (row.removed_at is not None) == (row.answer == "no")
    page.conference.refresh_from_db()
    counted = int(row.removed_at is None and row.stage == Stage.REGISTERED)
    assert page.conference.people_counted == counted


def test_three_clocks_move_up_as_many_as_there_is_room_for(page):
    values = {"conference": page.conference, "stage": Stage.WAITLISTED}
    for _ in range(MANY):
        RegistrationFactory(**values, answer="yes", answered_at=clock.now())
    assert refused_at_once(*[places.move_up_due] * 3) == []
    assert stages(page) == (PLACES, MANY - PLACES)
    assert Invitation.objects.count() == PLACES


@pytest.mark.parametrize("later", ["link", "calendar"])
def test_of_a_link_and_a_calendar_at_once_the_later_answer_holds(page, settings, later):
    settings.REPLY_ADDRESS = "lectern@example.org"
    row = RegistrationFactory(
        conference=page.conference, stage=Stage.INVITED, invited_at=clock.now()
    )
    if later == "calendar":
        answers.answer(row.token, "no")
        clock.advance(120)
    at = clock.now() - timedelta(seconds=60)
    reply = calendars.google(
        uid=page.conference.calendar_uid,
        to=reply_address(row),
        email=row.attendee.email,
        stamp=f"{at:%Y%m%dT%H%M%SZ}",
        said="ACCEPTED",
    )
    acts = [lambda: calendar_replies.take(reply)] * 2
    assert refused_at_once(*acts, *([says(row, "no")] if later == "link" else [])) == []
    row.refresh_from_db()
    assert row.answer == ("no" if later == "link" else "yes")
    page.conference.refresh_from_db()
    assert page.conference.people_counted == (later == "calendar")
    told = OutboxEntry.objects.filter(kind="registration", local_id=row.pk)
    assert told.count() <= 1


def test_an_answer_while_the_webinar_is_moved_counts_at_the_new_place(page, staff_user):
    row = RegistrationFactory(
        conference=page.conference, stage=Stage.INVITED, invited_at=clock.now()
    )
    other = AccountFactory()
    move = partial(transfer.move, page.conference, other, staff_user)
    assert refused_at_once(move, says(row, "yes"), confirms(asked(page, 1))) == []
    made = other.conference_set.get()
    assert stages(RegistrationPage.objects.get()) == (PLACES, 0)
    assert set(Registration.objects.values_list("conference", flat=True)) == {made.pk}


def test_what_is_moved_just_before_the_lock_is_found_again(page, staff_user, monkeypatch):
    row = RegistrationFactory(
        conference=page.conference, stage=Stage.INVITED, invited_at=clock.now()
    )
    lock, other, moved = fields.locked, AccountFactory(), []

    def locked(conference, *given):
        if not moved:
            moved.append(transfer.move(page.conference, other, staff_user))
        return lock(conference, *given)

    monkeypatch.setattr(fields, "locked", locked)
    assert answers.answer(row.token, "yes").conference_id == moved[0].pk
    assert OutboxEntry.objects.filter(account=other, kind="registration").count() == 1


@pytest.mark.parametrize("name", ["answer", "confirm", "register"])
def test_what_is_deleted_while_somebody_answers_is_not_known(page, client, url, monkeypatch, name):
    row = RegistrationFactory(conference=page.conference, stage=Stage.INVITED)
    token = asked(page, 1).token
    at = {"answer": row.token, "confirm": token, "register": page.slug}[name]
    shown = client.get(url(name, at)).content.decode()
    lock = fields.locked

    def deleted(conference, *given):
        Conference.objects.filter(pk=conference.pk).delete()
        return lock(conference, *given)

    monkeypatch.setattr(fields, "locked", deleted)
    stamp = re.search(r'name="shown" value="([^"]+)"', shown)
    data = {"answer": "yes", "email": "a@example.com", "first_name": "A", "last_name": "B"}
    answer = client.post(url(name, at), data | {"shown": stamp[1] if stamp else ""})
    assert answer.status_code == 404
    assert ("page is not here" if name == "register" else "link is not known") in (
        answer.content.decode()
    )


# Of a series -------------------------------------------------------------------------------------


@pytest.fixture
def dates():
    series = SeriesFactory()
    return [ConferenceFactory(registration_enabled=True, series=series) for _ in range(3)]


@pytest.fixture
def shared(dates):
    """The page of a series, on which people choose their dates."""
    return RegistrationPage.objects.create(
        series=dates[0].series, open=True, limit=PLACES, dates="chosen"
    )


def chosen(page, number, dates):
    row = asked(page, number)
    UnconfirmedRegistration.objects.filter(pk=row.pk).update(dates=[one.pk for one in dates])
    return row


def at_date(row):
    rows = row.registrations.filter(removed_at=None)
    found = list(rows.values_list("stage", flat=True))
    return found.count(Stage.REGISTERED), found.count(Stage.WAITLISTED)


def test_each_date_of_a_series_gives_its_last_places_once(shared, dates):
    orders = (dates, dates[::-1], dates[:2], dates[1:], dates, dates[::-1])
    rows = [chosen(shared, number, some) for number, some in enumerate(orders)]
    assert refused_at_once(*map(confirms, rows)) == []
    assert [at_date(one) for one in dates] == [(2, 3), (2, 4), (2, 3)]
    for one in dates:
        one.refresh_from_db()
        assert one.people_counted == PLACES


def test_a_date_without_a_list_turns_away_and_the_others_are_theirs(shared, dates):
    RegistrationPage.objects.update(waitlist=False)
    rows = [chosen(shared, number, dates[:1]) for number in range(3)]
    rows += [chosen(shared, number, dates) for number in range(3, MANY)]
    refused = refused_at_once(*map(confirms, rows))
    assert set(refused) <= {str(places.FULL)}
    first, second, third = map(at_date, dates)
    assert (first, second, third) == ((2, 0), (2, 0), (2, 0))
    assert Registration.objects.count() == 6
    assert Registration.objects.exclude(stage=Stage.REGISTERED).count() == 0


def test_one_link_of_a_series_pressed_by_many_registers_once_for_each_date(shared, dates):
    row = chosen(shared, 1, dates)
    assert refused_at_once(*[confirms(row)] * 4) == []
    assert Registration.objects.count() == 3
    assert Invitation.objects.exclude(registration=None).count() == 3
    assert Invitation.objects.values("together").distinct().count() == 1
    assert OutboxEntry.objects.filter(kind="registration").count() == 3


def test_the_page_of_a_series_and_of_a_date_give_one_last_place_once(shared, dates):
    own = RegistrationPage.objects.create(conference=dates[0], open=True, limit=1)
    rows = [asked(own, 1), chosen(shared, 2, dates[:2]), asked(own, 3), chosen(shared, 4, dates)]
    assert refused_at_once(*map(confirms, rows)) == []
    assert at_date(dates[0]) == (1, 3)


def test_somebody_who_is_confirmed_twice_while_dates_are_withdrawn_stands_once(shared, dates):
    first = chosen(shared, 1, dates)
    confirming.confirm(first.token)
    row = Registration.objects.get(conference=dates[1])
    refused = refused_at_once(
        confirms(chosen(shared, 1, dates)),
        lambda: answers.answer_all(row.token, "no"),
        confirms(chosen(shared, 1, dates[:2])),
    )
    assert refused in ([], [str(confirming.LATER)])  # the older of the two may come later
    assert Attendee.objects.count() == 1
    assert Registration.objects.count() == 3
    for one in dates:
        one.refresh_from_db()
        assert one.people_counted == at_date(one)[0]


def test_two_who_approve_at_once_let_each_in_once(shared, dates, staff_user):
    values = {"stage": Stage.APPROVAL, "answer": "yes", "answered_at": clock.now()}
    people = [RegistrationFactory(conference=dates[0], **values).attendee for _ in range(3)]
    for one in people:
        RegistrationFactory(conference=dates[1], attendee=one, **values)
    persons = [one.pk for one in people]

    def approve():
        series_registrations.approve(shared.series, persons, staff_user)

    assert refused_at_once(approve, approve) == []
    assert [at_date(one)[0] for one in dates] == [3, 3, 0]
    assert Invitation.objects.count() == 6
    assert OutboxEntry.objects.filter(kind="registration").count() == 6


def in_the_middle(monkeypatch, *names):
    """Each of these steps waits until the others have come as far, or cannot."""
    gate = threading.Barrier(len(names))

    def slow(step):
        def waiting(*given, **named):
            with suppress(threading.BrokenBarrierError):
                gate.wait(1.5)
            return step(*given, **named)

        return waiting

    for module, name in names:
        monkeypatch.setattr(module, name, slow(getattr(module, name)))


def test_who_asks_and_who_confirms_on_the_page_of_a_series_never_wait_for_each_other(
    shared, dates, monkeypatch
):
    question = shared.questions.create(kind="text", label="Town?")
    row = chosen(shared, 1, dates)
    row.given = {str(question.pk): [question.label, question.kind, "Ghent"]}
    row.save()
    asks = registering.Given("p2@example.com", "P", "2", dates=[one.pk for one in dates])
    in_the_middle(monkeypatch, (registering, "_wanted"), (confirming, "_registered"))
    assert refused_at_once(confirms(row), lambda: registering.ask(shared, asks, "here")) == []
    assert Registration.objects.count() == 3
    assert QuestionAnswer.objects.get().value == "Ghent"
    assert Invitation.objects.filter(unconfirmed__email="p2@example.com").count() == 1


@pytest.mark.parametrize("of_series", [True, False])
def test_staff_ask_something_no_more_while_somebody_answers_it(
    page, shared, dates, monkeypatch, staff_user, of_series
):
    owner = shared if of_series else page
    question = owner.questions.create(kind="text", label="Town?")
    row = chosen(owner, 1, dates) if of_series else asked(owner, 1)
    row.given = {str(question.pk): [question.label, question.kind, "Ghent"]}
    row.save()
    names = (*registration_pages.SETTINGS_OF_SERIES, "dates")
    values = {name: getattr(owner, name) for name in names}
    in_the_middle(monkeypatch, (confirming, "_registered"), (registration_pages, "_record"))
    refused = refused_at_once(
        confirms(row), lambda: registration_pages.save(owner.owner, values, [], staff_user)
    )
    assert refused == []
    assert not owner.questions.exists()
    assert QuestionAnswer.objects.get().value == "Ghent"
    assert Change.objects.filter(action="page changed").exists()
