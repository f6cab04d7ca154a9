"""People register by themselves: confirmed by a link, within the places there are, no further."""

import io
import re
from datetime import date, timedelta

import pytest
from django.core import mail
from python_calamine import CalamineWorkbook

from portal.common import clock
from portal.conferences import tasks
from portal.conferences.audience.services import answers, confirming, registering, registrations
from portal.conferences.audience.services.registering import Given
from portal.conferences.models import (
    Attendee,
    Change,
    Invitation,
    QuestionAnswer,
    Registration,
    RegistrationPage,
    UnconfirmedRegistration,
)
from portal.identity import roles
from portal.outbox.models import OutboxEntry
from tests.factories import AttendeeFactory, ConferenceFactory, RegistrationFactory

pytestmark = pytest.mark.django_db
Stage = Registration.Stage


@pytest.fixture
def conference():
    return ConferenceFactory(registration_enabled=True)


@pytest.fixture
def page(conference):
    return RegistrationPage.objects.create(conference=conference, open=True)


@pytest.fixture
def staff(client_as):
    return client_as(roles.STAFF)


def filled(client, url, page, **values):
    """What the page's form holds, with what somebody types."""
    shown = client.get(url("register", page.slug)).content.decode()
    stamp = re.search(r'name="shown" value="([^"]+)"', shown)[1]
    return (
        {"email": "new@example.com", "first_name": "New", "last_name": "One"}
        | values
        | {"shown": stamp}
    )


def send(client, url, page, **values):
    data = filled(client, url, page, **values)
    return client.post(url("register", page.slug), data)


def signed_up(page, email="new@example.com", **given):
    registering.ask(page, Given(email, "New", "One", **given), "here")
    return UnconfirmedRegistration.objects.latest("pk")


def test_nobody_is_registered_before_they_confirm(page, client, url):
    answer = send(client, url, page)
    assert answer.url == url("register-sent", page.slug)
    assert not Attendee.objects.exists()
    assert not Registration.objects.exists()
    assert tasks.send_mails() == 1
    letter = mail.outbox[0]
    assert letter.subject.startswith("Please confirm: ")
    link = re.search(r"/confirm/[0-9a-f-]+/", letter.body)[0]
    assert not letter.attachments
    assert client.get(link).status_code == 200
    assert not Registration.objects.exists()  # a link that is opened confirms nothing
    client.post(link)
    row = Registration.objects.get()
    assert (row.stage, row.answer, row.attendee.email) == ("registered", "yes", "new@example.com")
    assert OutboxEntry.objects.filter(kind="registration", local_id=row.pk).count() == 1
    client.post(link)
    assert Registration.objects.count() == 1
    assert Invitation.objects.filter(registration=row).count() == 1
    assert "You are registered" in client.get(link).content.decode()
    assert Change.objects.filter(action="registered", local_id=row.pk).count() == 1


def test_the_mail_of_who_registered_says_so_and_lets_them_withdraw(page, client, url):
    unconfirmed = signed_up(page)
    row = confirming.confirm(unconfirmed.token)
    Registration.objects.filter(pk=row.pk).update(
        registered_at=clock.now(), join_url="https://x.example/1"
    )
    OutboxEntry.objects.all().delete()
    tasks.send_mails()
    letter = next(one for one in mail.outbox if one.subject.startswith("Registered: "))
    assert "You are registered for a webinar." in letter.body
    assert f"/answer/{row.token}/" in letter.body
    client.post(url("answer", row.token), {"answer": "no"})
    row.refresh_from_db()
    assert row.has_declined


def test_it_says_the_same_of_an_address_that_is_known(page, client, url):
    row = RegistrationFactory(
        conference=page.conference, registered_at=clock.now(), join_url="https://x.example/1"
    )
    known = send(client, url, page, email=row.attendee.email)
    new = send(client, url, page)
    assert (known.status_code, known.url) == (new.status_code, new.url)
    assert tasks.send_mails() == 2
    told = next(one for one in mail.outbox if row.attendee.email in one.to[0])
    assert f"/join/{row.token}/" in told.body


def test_a_stranger_has_nobody_written_to_often(page, client, url):
    for _ in range(6):
        send(client, url, page, email="victim@example.com")
    tasks.send_mails()
    assert len(mail.outbox) == registering.ABOUT_ONE


def test_a_sender_is_stopped_before_a_page_is_flooded(page, client, url):
    for number in range(registering.FROM_ONE):
        assert send(client, url, page, email=f"p{number}@example.com").status_code == 302
    answer = send(client, url, page, email="last@example.com")
    assert answer.status_code == 409
    assert "Too many registrations came from here" in answer.content.decode()
    clock.advance(3700)
    assert send(client, url, page, email="last@example.com").status_code == 302


def test_a_program_that_fills_in_everything_does_nothing(page, client, url):
    answer = send(client, url, page, website="https://spam.example")
    assert answer.status_code == 302
    assert not UnconfirmedRegistration.objects.exists()


@pytest.mark.parametrize(
    "values",
    [
        {"email": "no address"},
        {"email": ""},
        {"first_name": ""},
        {"last_name": "x" * 300},
        {"first_name": "a\x00b"},
        {"company": "\ufffd"},
    ],
)
def test_what_cannot_be_kept_is_refused_beside_the_field(page, client, url, values):
    answer = send(client, url, page, **values)
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.content.decode()
    assert not UnconfirmedRegistration.objects.exists()


def test_a_form_that_was_not_made_here_is_refused(page, client, url):
    data = filled(client, url, page) | {"shown": "made-up"}
    assert client.post(url("register", page.slug), data).status_code == 422
    other = RegistrationPage.objects.create(conference=ConferenceFactory(), open=True)
    data = filled(client, url, other)
    assert client.post(url("register", page.slug), data).status_code == 422


def test_questions_are_typed_required_and_kept_as_they_were_asked(page, client, url):
    text = page.questions.create(label="Why?", kind="text", required=True)
    choice = page.questions.create(label="Which?", kind="choice", options=["A", "B"])
    consent = page.questions.create(label="I agree to all.", kind="consent", required=True)
    names = {one: f"q{one.pk}" for one in (text, choice, consent)}
    refused = send(client, url, page, **{names[text]: "Since", names[choice]: "C"})
    assert refused.status_code == 422
    assert "Without this you cannot register." in refused.content.decode()
    refused = send(client, url, page, **{names[text]: "x" * 5000, names[consent]: "on"})
    assert refused.status_code == 422
    given = {names[text]: "Since", names[choice]: "B", names[consent]: "on"}
    assert send(client, url, page, **given).status_code == 302
    row = confirming.confirm(UnconfirmedRegistration.objects.get().token)
    consent.label = "I agree to something else."
    consent.save()
    choice.delete()
    kept = dict(QuestionAnswer.objects.filter(registration=row).values_list("asked", "value"))
    assert kept == {"Why?": "Since", "Which?": "B", "I agree to all.": "yes"}


KINDS = {
    "number": {"least": 1, "most": 10.5},
    "date": {},
    "several": {"options": ["A; B", "C", "D"]},
}


def asked(page):
    return {
        kind: page.questions.create(label=kind, kind=kind, **also) for kind, also in KINDS.items()
    }


@pytest.mark.parametrize(
    ("kind", "typed", "value"),
    [
        ("number", " 2,5 ", "2.5"),
        ("number", "10.5", "10.5"),
        ("number", "7", "7"),
        ("date", "2094-02-28", "2094-02-28"),
        ("date", "31.12.2094", "2094-12-31"),
        ("several", ["D", "A; B", "D"], "A; B\nD"),
        ("several", [], None),
        ("number", "", None),
    ],
)
def test_numbers_days_and_several_choices_are_read(page, client, url, kind, typed, value):
    question = asked(page)[kind]
    assert send(client, url, page, **{f"q{question.pk}": typed}).status_code == 302
    row = confirming.confirm(UnconfirmedRegistration.objects.get().token)
    kept = list(QuestionAnswer.objects.filter(registration=row).values_list("kind", "value"))
    assert kept == ([(kind, value)] if value else [])


@pytest.mark.parametrize(
    ("kind", "typed", "said"),
    [
        ("number", "0", "A number from 1 to 10.5."),
        ("number", "10.6", "A number from 1 to 10.5."),
        ("number", "-3", "A number from 1 to 10.5."),
        ("number", "many", "is no number"),
        ("number", "1e1", "is no number"),
        ("number", "NaN", "is no number"),
        ("number", "1" * 30, "is no number"),
        ("number", "1" * 3000, "at most 500 characters"),
        ("date", "2094-02-30", "is no date"),
        ("date", "1/2/2094", "is no date"),
        ("date", "0000-00-00", "is no date"),
        ("several", ["C", "X"], "X"),
    ],
)
def test_what_is_no_answer_is_refused_beside_its_box(page, client, url, kind, typed, said):
    question = asked(page)[kind]
    answer = send(client, url, page, **{f"q{question.pk}": typed})
    assert answer.status_code == 422
    (error,) = answer.context["form"].errors[f"q{question.pk}"]
    assert said in error
    assert not UnconfirmedRegistration.objects.exists()


def test_what_has_to_be_answered_is_asked_for(page, client, url):
    for question in asked(page).values():
        question.required = True
        question.save()
    answer = send(client, url, page)
    assert answer.status_code == 422
    assert len(answer.context["form"].errors) == len(KINDS)
    # It is marked for eyes and for ears before: a consent to tick like the rest.
    shown = client.get(url("register", page.slug)).content.decode()
    own = 3  # address and names
    assert shown.count('class="field-required"') == own + len(KINDS)
    ticked = sum(kind == "several" for kind in KINDS)  # of several boxes none is needed by itself
    assert shown.count('aria-required="true"') == own + len(KINDS) - ticked


def test_answers_are_cells_by_which_a_sheet_counts(page, staff, url):
    questions = asked(page)
    given = {"number": "2.5", "date": "2094-02-28", "several": "A; B\nD"}
    unconfirmed = signed_up(
        page, answers={questions[kind].pk: text for kind, text in given.items()}
    )
    row = confirming.confirm(unconfirmed.token)
    QuestionAnswer.objects.create(registration=row, asked="Guests", kind="number", value="-2")
    lost = QuestionAnswer.objects.create(registration=row, asked="Old", kind="number", value="many")
    file = staff.get(url("registrations-export-xlsx", page.conference.pk))
    book = CalamineWorkbook.from_filelike(io.BytesIO(b"".join(file.streaming_content)))
    heading, line = book.get_sheet_by_index(0).to_python()
    cells = dict(zip(heading, line, strict=True))
    found = [cells[name] for name in (*KINDS, "Guests", "Old")]
    assert found == [2.5, date(2094, 2, 28), "A; B; D", -2.0, lost.value]
    file = staff.get(url("registrations-export", page.conference.pk))
    text = b"".join(file.streaming_content).decode()
    assert "2.5,2094-02-28,A; B; D,-2,many" in text
    shown = staff.get(url("registration-answers", page.conference.pk)).content.decode()
    assert "28 Feb 2094" in shown
    assert "A; B<br>D" in shown


def test_what_was_asked_when_it_was_answered_is_kept(page):
    consent = page.questions.create(label="I agree to all.", kind="consent")
    number = page.questions.create(label="How many?", kind="number")
    gone = page.questions.create(label="Which?", kind="text")
    given = {consent.pk: "yes", number.pk: "3", gone.pk: "This"}
    unconfirmed = signed_up(page, answers=given)
    consent.label, number.kind = "I agree to something else.", "text"
    consent.save()
    number.save()
    gone.delete()
    row = confirming.confirm(unconfirmed.token)
    kept = QuestionAnswer.objects.filter(registration=row).order_by("asked")
    assert list(kept.values_list("asked", "kind", "value", "question")) == [
        ("How many?", "number", "3", number.pk),
        ("I agree to all.", "consent", "yes", consent.pk),
        ("Which?", "text", "This", None),
    ]


def test_what_was_kept_by_the_version_before_is_still_confirmed(page):
    question = page.questions.create(label="Why?", kind="long")
    unconfirmed = signed_up(page)
    unconfirmed.given = {str(question.pk): "Since", "999999": "lost"}
    unconfirmed.save()
    row = confirming.confirm(unconfirmed.token)
    (kept,) = QuestionAnswer.objects.filter(registration=row)
    assert (kept.asked, kept.kind, kept.value) == ("Why?", "long", "Since")


def test_answers_stand_on_their_page_and_in_the_file(page, staff, url):
    question = page.questions.create(label="=Why?", kind="text")
    unconfirmed = signed_up(page, answers={question.pk: "=1+1"})
    confirming.confirm(unconfirmed.token)
    shown = staff.get(url("registration-answers", page.conference.pk)).content.decode()
    assert "=1+1" in shown
    file = staff.get(url("registrations-export", page.conference.pk))
    text = b"".join(file.streaming_content).decode()
    assert "'=1+1" in text
    assert "'=Why?" in text


def test_places_end_with_a_waiting_list_that_moves_up_by_itself(page):
    RegistrationPage.objects.filter(pk=page.pk).update(limit=1)
    rows = []
    for number in range(3):
        unconfirmed = signed_up(page, f"p{number}@example.com")
        rows.append(confirming.confirm(unconfirmed.token))
        clock.advance(60)
    assert [row.stage for row in rows] == ["registered", "waitlisted", "waitlisted"]
    assert OutboxEntry.objects.filter(kind="registration").count() == 1
    tasks.send_mails()
    assert [one.stage for one in Registration.objects.order_by("pk")] == [
        "registered",
        "waitlisted",
        "waitlisted",
    ]
    answers.answer(rows[0].token, "no")
    tasks.send_mails()
    stages = dict(Registration.objects.filter(removed_at=None).values_list("pk", "stage"))
    assert stages == {rows[1].pk: "registered", rows[2].pk: "waitlisted"}
    # That they wait, and that they moved up.
    assert Invitation.objects.filter(registration=rows[1]).count() == 2
    assert Invitation.objects.filter(registration=rows[2]).count() == 1
    assert Change.objects.filter(action="moved up", local_id=rows[1].pk).exists()


def test_without_a_waiting_list_a_full_page_turns_away(page, client, url):
    late = signed_up(page, "late@example.com")
    RegistrationPage.objects.filter(pk=page.pk).update(limit=1, waitlist=False)
    RegistrationFactory(conference=page.conference)
    shown = client.get(url("register", page.slug)).content.decode()
    assert "All places are taken." in shown
    assert "<form" not in shown
    answer = client.post(url("confirm", late.token))
    assert answer.status_code == 409
    assert not Attendee.objects.filter(email="late@example.com").exists()


def test_whoever_was_invited_waits_as_well_when_all_places_are_taken(page):
    RegistrationPage.objects.filter(pk=page.pk).update(limit=1)
    RegistrationFactory(conference=page.conference)
    row = RegistrationFactory(
        conference=page.conference, stage=Stage.INVITED, invited_at=clock.now()
    )
    assert answers.answer(row.token, "yes").stage == "waitlisted"


def test_an_approval_is_waited_for_and_given_by_staff(page, staff, url):
    RegistrationPage.objects.filter(pk=page.pk).update(approval=True)
    row = confirming.confirm(signed_up(page).token)
    assert row.stage == "approval"
    assert not OutboxEntry.objects.exists()
    table = url("registrations", page.conference.pk)
    data = {"action": "register", "registration": row.pk}
    asked = staff.post(table, data).content.decode()
    assert "Register New One?" in asked
    row.refresh_from_db()
    assert row.stage == "approval"
    staff.post(table, data | {"tell": "yes", "counted": "1"})
    row.refresh_from_db()
    assert row.stage == "registered"
    assert OutboxEntry.objects.filter(kind="registration", local_id=row.pk).exists()
    assert Invitation.objects.filter(registration=row).count() == 1


def test_who_waits_goes_on_waiting_whatever_they_answer(page):
    RegistrationPage.objects.filter(pk=page.pk).update(approval=True)
    row = confirmed(page)
    for said in ("maybe", "yes", "no", "yes"):
        row = answers.answer(row.token, said)
    assert (row.stage, row.removed_at) == ("approval", None)
    assert not OutboxEntry.objects.exists()


def test_who_waits_for_a_place_keeps_theirs_in_the_line(page):
    RegistrationPage.objects.filter(pk=page.pk).update(limit=1)
    rows = [confirmed(page, f"p{number}@example.com") for number in range(3)]
    for said in ("maybe", "yes"):
        clock.advance(60)
        answers.answer(rows[1].token, said)
    answers.answer(rows[0].token, "no")
    tasks.send_mails()
    rows[1].refresh_from_db()
    assert rows[1].stage == "registered"


def confirmed(page, email="new@example.com"):
    clock.advance(60)
    return confirming.confirm(signed_up(page, email).token)


def test_whom_staff_invited_needs_no_approval(page):
    RegistrationPage.objects.filter(pk=page.pk).update(approval=True)
    person = AttendeeFactory(email="new@example.com", first_name="Kept", last_name="Name")
    RegistrationFactory(
        conference=page.conference,
        attendee=person,
        stage=Stage.INVITED,
        invited_at=clock.now(),
    )
    row = confirming.confirm(signed_up(page).token)
    assert row.stage == "registered"
    person.refresh_from_db()
    assert person.first_name == "Kept"  # a stranger's form changes nobody


def test_whom_staff_withdrew_does_not_come_back_by_the_page(page, staff_user, client, url):
    row = RegistrationFactory(conference=page.conference, attendee__email="new@example.com")
    registrations.withdraw(page.conference, [row.pk], staff_user)
    answer = client.post(url("confirm", signed_up(page).token))
    assert answer.status_code == 409
    row.refresh_from_db()
    assert row.removed_at


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"open": False}, "Registration is not open."),
        ({"opens_at": timedelta(hours=1)}, "Registration has not begun yet."),
        ({"closes_at": timedelta(hours=-1)}, "Registration has ended."),
    ],
)
def test_a_page_that_is_closed_takes_nothing(page, client, url, values, words):
    data = filled(client, url, page)
    moments = {
        name: clock.now() + value if isinstance(value, timedelta) else value
        for name, value in values.items()
    }
    RegistrationPage.objects.filter(pk=page.pk).update(**moments)
    assert words in client.get(url("register", page.slug)).content.decode()
    answer = client.post(url("register", page.slug), data)
    assert words in answer.content.decode()
    assert not UnconfirmedRegistration.objects.exists()


def test_a_link_confirms_for_three_days(page, client, url):
    unconfirmed = signed_up(page)
    clock.advance(confirming.VALID.total_seconds() + 60)
    answer = client.post(url("confirm", unconfirmed.token))
    assert answer.status_code == 409
    assert "Please register once more." in answer.content.decode()
    clock.advance(registering.KEPT.total_seconds())
    tasks.prune()
    assert not UnconfirmedRegistration.objects.exists()


def test_a_page_for_the_intranet_opens_from_there_alone(page, client, url):
    RegistrationPage.objects.filter(pk=page.pk).update(reach="intranet")
    address = url("register", page.slug)
    assert client.get(address).status_code == 200
    assert client.get(address, REMOTE_ADDR="203.0.113.7").status_code == 404
    assert client.post(address, {}, REMOTE_ADDR="203.0.113.7").status_code == 404


def test_a_page_stands_in_the_frames_that_staff_named_and_in_no_other(page, client, url):
    address = url("register", page.slug)
    plain = client.get(address)
    assert "frame-ancestors 'none'" in plain["Content-Security-Policy"]
    RegistrationPage.objects.filter(pk=page.pk).update(frame_origins="https://www.example.com")
    framed = client.get(address)
    assert "frame-ancestors https://www.example.com" in framed["Content-Security-Policy"]
    assert not framed.has_header("X-Frame-Options")
    # Nothing that belongs to somebody is done in a frame.
    confirm = client.get(url("confirm", signed_up(page).token))
    assert confirm["X-Frame-Options"] == "DENY"


def form_of(**values):
    data = {
        "version": RegistrationPage.objects.values_list("version", flat=True).first() or 0,
        "open": "on",
        "reach": "public",
        "intro": "",
        "limit": "",
        "waitlist": "on",
        "opens_at": "",
        "closes_at": "",
        "frame_origins": "",
        "questions-TOTAL_FORMS": "2",
        "questions-INITIAL_FORMS": "0",
        "questions-0-kind": "text",
        "questions-1-kind": "text",
    }
    return data | values


def test_staff_set_a_page_up_with_its_questions(conference, staff, url):
    address = url("registration-page", conference.pk)
    assert "People register by themselves" in staff.get(address).content.decode()
    data = form_of(
        limit="20",
        **{
            "questions-0-label": "Second",
            "questions-0-position": "2",
            "questions-1-label": "First",
            "questions-1-kind": "choice",
            "questions-1-options": "A\n B \n\nA",
            "questions-1-position": "1",
        },
    )
    assert staff.post(address, data).status_code == 302
    page = RegistrationPage.objects.get()
    assert (page.open, page.limit) == (True, 20)
    asked = [(one.label, one.kind, one.options) for one in page.questions.all()]
    assert asked == [("First", "choice", ["A", "B"]), ("Second", "text", [])]
    shown = staff.get(address).content.decode()
    assert f"/register/{page.slug}/" in shown
    assert Change.objects.filter(action="page changed").exists()
    first = page.questions.get(label="First")
    data = form_of(
        **{
            "questions-TOTAL_FORMS": "3",
            "questions-INITIAL_FORMS": "2",
            "questions-0-pk": first.pk,
            "questions-0-label": "First",
            "questions-0-remove": "on",
            "questions-1-pk": page.questions.get(label="Second").pk,
            "questions-1-label": "Second, changed",
            "questions-2-kind": "text",
        }
    )
    assert staff.post(address, data).status_code == 302
    assert [one.label for one in page.questions.all()] == ["Second, changed"]


@pytest.mark.parametrize(
    ("values", "name"),
    [
        ({"limit": "0"}, "limit"),
        ({"limit": "x"}, "limit"),
        ({"frame_origins": "javascript:alert(1)"}, "frame_origins"),
        ({"frame_origins": "https://x.example/path"}, "frame_origins"),
        ({"frame_origins": "https://x.example; script-src *"}, "frame_origins"),
        ({"intro": "x" * 6000}, "intro"),
        ({"opens_at": "2094-05-02T10:00", "closes_at": "2094-05-01T10:00"}, "closes_at"),
    ],
)
def test_settings_that_cannot_be_are_refused_beside_the_field(conference, staff, url, values, name):
    answer = staff.post(url("registration-page", conference.pk), form_of(**values))
    assert answer.status_code == 422
    assert name in answer.context["form"].errors
    assert not RegistrationPage.objects.exists()


def test_a_choice_needs_something_to_choose_from(conference, staff, url):
    data = form_of(**{"questions-0-label": "Which?", "questions-0-kind": "choice"})
    answer = staff.post(url("registration-page", conference.pk), data)
    assert answer.status_code == 422
    assert "Please give at least two" in answer.content.decode()


@pytest.mark.parametrize(
    ("values", "name", "said"),
    [
        ({"kind": "number", "least": "x"}, "least", "is no number"),
        ({"kind": "number", "least": "5", "most": "4"}, "most", "as much as the least"),
        ({"kind": "number", "most": "9" * 16}, "most", "is no number"),
        ({"kind": "several", "options": "A"}, "options", "at least two"),
        ({"kind": "other"}, "kind", "other"),
    ],
)
def test_a_question_that_cannot_be_is_refused_beside_the_field(
    conference, staff, url, values, name, said
):
    data = {"label": "How many?"} | values
    data = form_of(**{f"questions-0-{key}": value for key, value in data.items()})
    answer = staff.post(url("registration-page", conference.pk), data)
    assert answer.status_code == 422
    (errors,) = [errors for errors in answer.context["rows"].errors if errors]
    assert said in errors[name][0]
    assert not RegistrationPage.objects.exists()


def test_bounds_are_kept_for_a_number_alone(conference, staff, url):
    bounds = {"least": "-1,5", "most": "10"}
    rows = {0: {"label": "Guests", "kind": "number"} | bounds, 1: {"label": "Why?"} | bounds}
    data = form_of(**{f"questions-{n}-{k}": v for n, row in rows.items() for k, v in row.items()})
    assert staff.post(url("registration-page", conference.pk), data).status_code == 302
    page = RegistrationPage.objects.get()
    kept = [(one.kind, one.least, one.most) for one in page.questions.all()]
    assert kept == [("number", -1.5, 10.0), ("text", None, None)]
    shown = staff.get(url("registration-page", conference.pk)).content.decode()
    assert 'value="-1.5"' in shown
    assert 'value="10"' in shown


def test_a_viewer_sets_nothing_up(conference, client_as, url):
    viewer = client_as(roles.VIEWER)
    viewer.post(url("registration-page", conference.pk), form_of())
    assert not RegistrationPage.objects.exists()
