"""Registration pages and links for answering as the internet, and chance, treat them."""

import re
from datetime import timedelta

import pytest
from django.core import mail, signing

from portal.common import clock
from portal.conferences import tasks
from portal.conferences.audience.services import (
    answers,
    confirming,
    invite,
    places,
    registering,
    registrations,
)
from portal.conferences.audience.services.registering import Given
from portal.conferences.models import (
    Conference,
    Invitation,
    QuestionAnswer,
    Registration,
    RegistrationPage,
    UnconfirmedRegistration,
)
from portal.conferences.people.services import merging, selection
from portal.conferences.schedule.services import schedule
from portal.identity import roles
from portal.sync.services import transfer
from tests.factories import (
    AccountFactory,
    AttendeeFactory,
    ConferenceFactory,
    RegistrationFactory,
    SeriesFactory,
)
from tests.factories.rooms import furnish

pytestmark = pytest.mark.django_db
Stage = Registration.Stage
THERE = "https://platform.example/1"


@pytest.fixture
def plenty(monkeypatch):
    furnish(monkeypatch)
    return AccountFactory(platform="plenty")


@pytest.fixture
def page():
    conference = ConferenceFactory(registration_enabled=True)
    return RegistrationPage.objects.create(conference=conference, open=True)


def signed_up(page, email="new@example.com", sender="here", **given):
    registering.ask(page, Given(email, "New", "One", **given), sender)
    return UnconfirmedRegistration.objects.latest("pk")


def confirmed(page, email="new@example.com"):
    row = confirming.confirm(signed_up(page, email).token)
    clock.advance(60)
    return row


def limited(page, **values):
    RegistrationPage.objects.filter(pk=page.pk).update(**values)
    page.refresh_from_db()


# An approval is staff's to give ------------------------------------------------------------------


@pytest.mark.parametrize("way", [("maybe", "yes"), ("no", "yes"), ("no", "maybe", "yes"), ("yes",)])
def test_nobody_approves_themselves_by_their_answer(page, way):
    limited(page, approval=True)
    row = confirmed(page)
    for said in way:
        answers.answer(row.token, said)
    row.refresh_from_db()
    assert (row.stage, row.removed_at) == (Stage.APPROVAL, None)


def test_nobody_approves_themselves_by_filling_in_the_page_again(page):
    limited(page, approval=True)
    row = confirmed(page)
    answers.answer(row.token, "no")
    answers.answer(row.token, "maybe")
    clock.advance(4000)
    assert confirmed(page).stage == Stage.APPROVAL


def test_who_declined_and_is_invited_after_all_is_asked_and_not_approved_once_more(
    page, staff_user
):
    limited(page, approval=True)
    row = confirmed(page)
    answers.answer(row.token, "no")
    someone = selection.gather("new@example.com")
    invite.send(page.conference, someone, by=staff_user, again=True, register=False)
    row.refresh_from_db()
    assert row.stage == Stage.INVITED
    assert answers.answer(row.token, "yes").stage == Stage.REGISTERED


# A waiting list is a list ------------------------------------------------------------------------


def test_who_confirms_once_more_keeps_their_place_in_the_list(page):
    limited(page, limit=1)
    holds = confirmed(page, "p0@example.com")
    first, second = confirmed(page, "p1@example.com"), confirmed(page, "p2@example.com")
    clock.advance(4000)
    assert confirmed(page, "p1@example.com").stage == Stage.WAITLISTED
    answers.answer(first.token, "yes")
    registrations_of = {row.pk: row.stage for row in (first, second)}
    assert set(registrations_of.values()) == {Stage.WAITLISTED}
    answers.answer(holds.token, "no")
    places.move_up_due()
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.stage, second.stage) == (Stage.REGISTERED, Stage.WAITLISTED)


def test_a_place_that_the_platform_took_away_is_free(page):
    limited(page, limit=1)
    holds = confirmed(page, "p0@example.com")
    waits = confirmed(page, "p1@example.com")
    Registration.objects.filter(pk=holds.pk).update(gone_at=clock.now())
    assert places.move_up_due() == 1
    waits.refresh_from_db()
    assert waits.stage == Stage.REGISTERED


def test_the_page_of_an_answer_says_that_somebody_waits(page, client, url):
    limited(page, limit=1)
    confirmed(page, "p0@example.com")
    waits = confirmed(page, "p1@example.com")
    shown = client.get(url("answer", waits.token)).content.decode()
    assert "You are on the waiting list" in shown
    assert "With yes you are registered" not in shown
    assert 'value="yes"' not in shown
    assert 'value="no"' in shown
    assert client.get(url("join", waits.token)).url == url("answer", waits.token)


def test_the_page_of_an_answer_says_that_staff_are_to_approve(page, client, url):
    limited(page, approval=True)
    row = confirmed(page)
    shown = client.get(url("answer", row.token)).content.decode()
    assert "We look at your registration" in shown
    assert "With yes you are registered" not in shown
    assert 'value="yes"' not in shown


def test_who_waits_is_told_of_changes_without_a_way_in(page, staff_user, plenty):
    Conference.objects.filter(pk=page.conference.pk).update(account=plenty)
    page.conference.refresh_from_db()
    limited(page, limit=1)
    confirmed(page, "p0@example.com")
    waits = confirmed(page, "p1@example.com")
    Invitation.objects.all().delete()
    later = page.conference.starts_at + timedelta(hours=1)
    schedule.reschedule(page.conference, {"starts_at": later}, staff_user, page.conference.version)
    letter = Invitation.objects.get(registration=waits)
    Invitation.objects.filter(pk=letter.pk).update(anyway=True)
    tasks.send_mails()
    (told,) = [one for one in mail.outbox if "p1@example.com" in one.to[0]]
    assert "waiting list" in told.body
    assert f"/join/{waits.token}" not in told.body
    assert not told.attachments


# What was said before does not stand in the way of what is said now ----------------------------


def test_who_is_registered_after_a_no_can_say_no_again(page, staff_user):
    conference = page.conference
    invite.send(conference, selection.gather("a@example.com"), by=staff_user, register=False)
    row = conference.registrations.get()
    answers.answer(row.token, "no")
    invite.send(conference, selection.gather("a@example.com"), by=staff_user, again=True)
    row.refresh_from_db()
    assert (row.stage, row.removed_at) == (Stage.REGISTERED, None)
    answers.answer(row.token, "no")
    row.refresh_from_db()
    assert row.has_declined


def test_whom_staff_withdrew_after_a_no_that_was_overruled_stays_off(page, staff_user):
    conference = page.conference
    invite.send(conference, selection.gather("a@example.com"), by=staff_user, register=False)
    row = conference.registrations.get()
    answers.answer(row.token, "no")
    invite.send(conference, selection.gather("a@example.com"), by=staff_user, again=True)
    registrations.withdraw(conference, [row.pk], staff_user)
    with pytest.raises(answers.NotPossible):
        answers.answer(row.token, "yes")


# Strangers ---------------------------------------------------------------------------------------


def test_a_stranger_cannot_write_a_mail_of_their_own_by_a_name(page):
    spam = "Win 1000 EUR at https://evil.example/now"
    registering.ask(page, Given("victim@example.com", spam, "Click!", spam), "here")
    assert tasks.send_mails() == 1
    raw = mail.outbox[0].message().as_string()
    html = mail.outbox[0].alternatives[0][0]
    for text in (raw, mail.outbox[0].body, html, str(mail.outbox[0].to)):
        assert "evil.example" not in text
        assert "Click!" not in text


def test_who_registers_for_several_webinars_is_asked_for_each(page):
    pages = [page]
    for _ in range(4):
        pages.append(RegistrationPage.objects.create(conference=ConferenceFactory(), open=True))
    for one in pages:
        signed_up(one)
    assert Invitation.objects.filter(purpose="confirm").count() == len(pages)


def test_a_stranger_has_nobody_written_to_often_from_many_pages(page):
    for number in range(30):
        one = RegistrationPage.objects.create(conference=ConferenceFactory(), open=True)
        signed_up(one, "victim@example.com", sender=f"s{number}")
    assert Invitation.objects.filter(purpose="confirm").count() <= 10


@pytest.mark.parametrize("of_series", [False, True])
def test_an_older_link_does_not_overwrite_what_a_later_one_has_confirmed(
    page, client, url, of_series
):
    if of_series:
        series = SeriesFactory(title="Course")
        Conference.objects.filter(pk=page.conference.pk).update(series=series)
        page = RegistrationPage.objects.create(series=series, open=True)
    question = page.questions.create(label="Why?", kind="text")
    first = signed_up(page, answers={question.pk: "First"})
    second = signed_up(page, answers={question.pk: "Second"})
    assert "Do you want to register" in client.get(url("confirm", first.token)).content.decode()
    row = confirming.confirm(second.token)
    letters = Invitation.objects.count()
    for answer in (
        client.get(url("confirm", first.token)),
        client.post(url("confirm", first.token)),
    ):
        shown = " ".join(answer.content.decode().split())
        assert "You have registered on this page once more since" in shown
        assert "<form" not in shown
    assert QuestionAnswer.objects.get().value == "Second"
    assert Invitation.objects.count() == letters
    assert confirming.confirm(second.token) == row


def test_links_are_confirmed_in_the_order_in_which_they_were_asked_for(page):
    question = page.questions.create(label="Why?", kind="text")
    first = signed_up(page, answers={question.pk: "First"})
    second = signed_up(page, answers={question.pk: "Second"})
    other = signed_up(page, "other@example.com", answers={question.pk: "Other"})
    assert confirming.confirm(other.token)
    row = confirming.confirm(first.token)
    assert QuestionAnswer.objects.get(registration=row).value == "First"
    assert confirming.confirm(second.token) == row
    assert QuestionAnswer.objects.get(registration=row).value == "Second"
    assert confirming.confirm(first.token) == row  # was confirmed then, and stays so
    assert QuestionAnswer.objects.get(registration=row).value == "Second"


# Webinars that go elsewhere, people who become one ---------------------------------------------


def test_a_webinar_that_moves_takes_its_page_along(page, plenty, staff_user, client, url):
    limited(page, limit=1)
    holds = confirmed(page, "p0@example.com")
    waits = confirmed(page, "p1@example.com")
    pending = signed_up(page, "p2@example.com")
    made = transfer.move(page.conference, plenty, staff_user)
    page.refresh_from_db()
    assert page.conference == made
    assert client.get(url("register", page.slug)).status_code == 200
    assert confirming.confirm(pending.token).conference == made
    answers.answer(holds.token, "no")
    places.move_up_due()
    waits.refresh_from_db()
    assert waits.stage == Stage.REGISTERED


@pytest.mark.parametrize("platform", ["plenty", "clickmeeting"])
def test_a_link_that_was_confirmed_confirms_nobody_anew_after_a_merge(
    page, plenty, staff_user, platform
):
    if platform == "plenty":
        Conference.objects.filter(pk=page.conference.pk).update(account=plenty, draft=False)
    question = page.questions.create(label="Why?", kind="text")
    person = AttendeeFactory(email="kept@example.com")
    RegistrationFactory(conference=page.conference, attendee=person)
    unconfirmed = signed_up(page, "other@example.com", answers={question.pk: "Since"})
    drop = confirming.confirm(unconfirmed.token).attendee
    merging.merge(person, drop, staff_user)
    row = confirming.confirm(unconfirmed.token)
    assert Registration.objects.filter(conference=page.conference, removed_at=None).count() == 1
    assert row.attendee.kept == person
    kept = Registration.objects.get(conference=page.conference, attendee=person)
    assert QuestionAnswer.objects.get().registration == kept


def test_of_two_who_become_one_the_place_in_the_list_stays(page, staff_user):
    limited(page, limit=1)
    confirmed(page, "p0@example.com")
    keep = AttendeeFactory(email="keep@example.com")
    RegistrationFactory(
        conference=page.conference, attendee=keep, stage=Stage.INVITED, invited_at=clock.now()
    )
    waits = confirmed(page, "p1@example.com")
    merging.merge(keep, waits.attendee, staff_user)
    standing = page.conference.registrations.filter(removed_at=None, attendee=keep)
    assert [row.stage for row in standing] == [Stage.WAITLISTED]


# What is confirmed is seen by staff everywhere ---------------------------------------------------


@pytest.mark.parametrize("state", Invitation.State.values)
def test_pages_of_staff_stand_a_question_to_confirm(page, client_as, url, state):
    signed_up(page)
    Invitation.objects.update(state=state, sent_at=clock.now(), attempts=1, problem="")
    staff = client_as(roles.STAFF)
    names = ["conference", "conference-people", "registrations", "conference-mails"]
    for name in names:
        assert staff.get(url(name, page.conference.pk)).status_code == 200, name
    assert staff.get(url("attention")).status_code == 200


def test_hostile_names_break_no_header_and_no_page(page, client, url):
    shown = client.get(url("register", page.slug)).content.decode()
    stamp = re.search(r'name="shown" value="([^"]+)"', shown)[1]
    for first in (
        "a\r\nBcc: x@example.com",
        "\u202egnp.exe",
        "<script>alert(1)</script>",
        "{{ settings }}",
        "=HYPERLINK(1)",
        "a" * 201,
    ):
        data = {"email": "n@example.com", "first_name": first, "last_name": "X", "shown": stamp}
        got = client.post(url("register", page.slug), data)
        assert got.status_code in (302, 409, 422)
    tasks.send_mails()
    for one in mail.outbox:
        assert "Bcc" not in one.message()


def stamp_of(answer):
    return re.search(r'name="shown" value="([^"]+)"', answer.content.decode())[1]


def test_a_page_that_was_open_for_long_is_sent_again_as_it_says(page, client, url):
    address = url("register", page.slug)
    stale = signing.dumps(page.pk, salt="another")
    data = {"email": "n@example.com", "first_name": "N", "last_name": "X", "shown": stale}
    refused = client.post(address, data)
    assert refused.status_code == 422
    assert "This page was open for long." in refused.content.decode()
    assert client.post(address, data | {"shown": stamp_of(refused)}).status_code == 302


def test_a_webinar_whose_room_is_gone_takes_nobody(page, client, url):
    Conference.objects.filter(pk=page.conference.pk).update(gone_at=clock.now())
    shown = client.get(url("register", page.slug)).content.decode()
    assert "Registration is not open." in shown
    assert "<form" not in shown


@pytest.mark.parametrize("address", ["127.0.0.1", "::1", "10.1.2.3", "fd12::7", "::ffff:10.0.0.1"])
def test_an_intranet_page_opens_by_every_address_from_within(page, client, url, settings, address):
    limited(page, reach="intranet")
    assert client.get(url("register", page.slug), REMOTE_ADDR=address).status_code == 200


@pytest.mark.parametrize("address", ["203.0.113.7", "2001:db8::1", "", "unix:"])
def test_an_intranet_page_opens_to_nobody_else(page, client, url, address):
    limited(page, reach="intranet")
    answer = client.get(
        url("register", page.slug), REMOTE_ADDR=address, HTTP_X_FORWARDED_FOR="10.0.0.1"
    )
    assert answer.status_code == 404


def test_a_no_that_the_platform_overruled_is_not_taken_back_by_a_link(page, staff_user):
    row = RegistrationFactory(conference=page.conference, answer="no")  # reinstated there
    registrations.withdraw(page.conference, [row.pk], staff_user)
    with pytest.raises(answers.NotPossible):
        answers.answer(row.token, "yes")


def test_a_question_to_confirm_is_kept_and_its_link_is_shown_to_those_who_may(page, client_as, url):
    pending = signed_up(page)
    tasks.send_mails()
    letter = Invitation.objects.get()
    for role in (roles.STAFF, roles.VIEWER):
        answer = client_as(role).get(url("sent-mail", letter.pk))
        shown = answer.content.decode()
        assert answer.status_code in (200, 403)
        assert (str(pending.token) in shown) == (role == roles.STAFF)


@pytest.mark.parametrize("invited", [True, False])
@pytest.mark.parametrize("approval", [True, False])
@pytest.mark.parametrize("full", [True, False])
@pytest.mark.parametrize("start", [*Stage.values, "declined", "withdrawn", ""])
def test_what_confirming_leads_to_by_all_that_was_before(
    page, staff_user, invited, approval, full, start
):
    """Stage, page and places; nobody is let past staff, past the list, or past the limit."""
    conference, person = page.conference, AttendeeFactory(email="new@example.com")
    limited(page, approval=approval, limit=1 if full else 9)
    if full:
        RegistrationFactory(conference=conference)
    if start:
        values = {"stage": start} if start in Stage.values else {"stage": Stage.INVITED}
        values |= {"removed_at": clock.now()} if start not in Stage.values else {}
        values |= {"answer": "no"} if start == "declined" else {}
        values |= {"invited_at": clock.now() if invited else None}
        RegistrationFactory(conference=conference, attendee=person, **values)
    pending = signed_up(page)
    if start == "withdrawn":
        with pytest.raises(registering.NotPossible):
            confirming.confirm(pending.token)
        return
    stage = confirming.confirm(pending.token).stage
    if start == Stage.REGISTERED:
        assert stage == Stage.REGISTERED
    elif start == Stage.APPROVAL or (approval and not (start and invited)):
        assert stage == Stage.APPROVAL
    else:
        assert stage == (Stage.WAITLISTED if full else Stage.REGISTERED)
    assert confirming.confirm(pending.token).stage == stage


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({}, "With yes you are registered."),
        ({"limit": 2}, "With yes you are registered."),
        ({"limit": 1}, "With yes you are on the waiting list."),
        ({"limit": 1, "waitlist": False}, "All places are taken."),
    ],
)
def test_who_is_asked_reads_what_a_yes_leads_to(page, client, url, values, words):
    limited(page, **values)
    RegistrationFactory(conference=page.conference)
    asked = RegistrationFactory(
        conference=page.conference, stage=Stage.INVITED, invited_at=clock.now()
    )
    shown = client.get(url("answer", asked.token)).content.decode()
    assert words in shown
    assert (words == "With yes you are registered.") == ("With yes you are registered." in shown)
