"""Answers to and from the platforms' own fields: portal, real engine, the sandboxes."""

from datetime import timedelta

import pytest

from integrations.base.answers import packed, unpacked
from integrations.base.records import Kind
from portal.common import clock
from portal.conferences.audience import answer_queries
from portal.conferences.audience.services import confirming, registering
from portal.conferences.audience.services.registering import Given
from portal.conferences.models import (
    Change,
    Conference,
    QuestionAnswer,
    Registration,
    RegistrationPage,
    UnconfirmedRegistration,
)
from portal.conferences.people.services import merging
from portal.identity import roles
from portal.outbox.models import OutboxEntry
from portal.sync.engine import push_account, sync_account
from portal.sync.kinds import KINDS
from portal.sync.models import Conflict, PlatformLink, SyncRun
from portal.sync.services import transfer
from tests.factories import (
    AccountFactory,
    AttendeeFactory,
    ConferenceFactory,
    RegistrationFactory,
    SeriesFactory,
)
from tests.support.webinarfuel import SLUG, Place

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def place(sandbox):
    return Place(sandbox)


@pytest.fixture
def fuel(db, sandbox):
    return AccountFactory(
        platform=SLUG,
        base_url=sandbox.base_url(SLUG),
        credentials={"api_key": sandbox.api_key(SLUG, "demo")},
        requests_per_minute=6000,
    )


@pytest.fixture
def room(account, sandbox):
    """A room of ClickMeeting with its webinar here."""
    made = sandbox.account("clickmeeting").add_room("Autumn tour")
    full(account)
    return made["id"]


@pytest.fixture
def panel(sandbox):
    return sandbox.account("clickmeeting")


def full(account):
    run = sync_account(account.pk, full=True)
    assert not run.problem, run.problem
    return run


def asked(account, *questions):
    """A page of the account's one webinar with questions: (label, kind, field there)."""
    page = RegistrationPage.objects.create(conference=Conference.objects.get(), open=True)
    for label, kind, field in questions:
        page.questions.create(label=label, kind=kind, field_there=field)
    return page


def signed_up(page, answers, email="ann@example.com"):
    given = {page.questions.get(label=label).pk: text for label, text in answers.items()}
    registering.ask(page, Given(email, "Ann", "Lee", answers=given), "here")
    return confirming.confirm(UnconfirmedRegistration.objects.latest("pk").token)


def answers_on_page(client_as, url):
    staff = client_as(roles.STAFF)
    answer = staff.get(url("registration-answers", Conference.objects.get().pk))
    context = answer.context
    lines = {str(row.attendee.email): values for row, values in context["lines"]}
    return context["labels"], lines


def quiet(account):
    """The next sync finds nothing, and writes nothing."""
    before = list(PlatformLink.objects.order_by("pk").values())
    assert full(account).steps == []
    assert list(PlatformLink.objects.order_by("pk").values()) == before
    assert not Conflict.objects.exists()


# There ------------------------------------------------------------------------------------------


def test_answers_go_to_webinarfuel_with_the_registration_and_stay_as_they_are(fuel, place):
    place.webinar(HOUR)
    full(fuel)
    page = asked(
        fuel,
        ("How many come?", "number", "Guests"),
        ("Which?", "several", "Workshops"),
        ("Anything else?", "text", ""),
    )
    given = {"How many come?": "3", "Which?": "A\nB", "Anything else?": "No"}
    row = signed_up(page, given)
    push_account(fuel.pk)
    ann = place.platform.find_registrant("ann@example.com")
    assert ann["custom_fields"] == {"Guests": "3", "Workshops": "A; B"}
    full(fuel)
    quiet(fuel)
    row.refresh_from_db()
    assert unpacked(row.answers_there) == ann["custom_fields"]
    kept = dict(QuestionAnswer.objects.values_list("asked", "value"))
    assert kept == given


def test_who_is_known_to_webinarfuel_keeps_what_they_had_answered_before(fuel, place):
    place.webinar(HOUR)
    held = {"Town": "Ghent", "Guests": "1"}
    place.platform.add_registrant("ann@example.com", custom_fields=held)
    full(fuel)
    row = signed_up(asked(fuel, ("How many come?", "number", "Guests")), {"How many come?": "3"})
    push_account(fuel.pk)
    ann = place.platform.find_registrant("ann@example.com")
    assert ann["custom_fields"] == {"Town": "Ghent", "Guests": "3"}
    full(fuel)
    quiet(fuel)
    row.refresh_from_db()
    assert unpacked(row.answers_there) == ann["custom_fields"]


def test_a_lost_answer_doubles_nobody_and_sends_answers_once(fuel, place):
    place.webinar(HOUR)
    full(fuel)
    row = signed_up(asked(fuel, ("Guests?", "number", "Guests")), {"Guests?": "3"})
    place.sandbox.faults.add("cut_after", method="POST", count=1)
    push_account(fuel.pk)
    full(fuel)
    assert len(place.platform.registrants()) == 1
    row.refresh_from_db()
    assert unpacked(row.answers_there) == {"Guests": "3"}


def test_nothing_is_sent_to_a_platform_that_takes_none(account, room, panel):
    page = asked(account, ("How many come?", "number", "How many?"))
    row = signed_up(page, {"How many come?": "3"})
    push_account(account.pk)
    full(account)
    quiet(account)
    (there,) = panel.registrations(room)
    assert there["answers"] == {}
    row.refresh_from_db()
    assert row.answers_there == ""
    assert QuestionAnswer.objects.get().value == "3"


def test_what_is_answered_once_for_a_series_goes_with_each_of_its_dates():
    """A platform knows a registration for each date, and asks none of them again."""
    account, series = AccountFactory(platform="livewebinar"), SeriesFactory(title="Course")
    for week in (1, 2):
        start = clock.now() + timedelta(weeks=week)
        ConferenceFactory(account=account, series=series, starts_at=start, planned_at=start)
    page = RegistrationPage.objects.create(series=series, open=True)
    page.questions.create(label="Guests?", kind="number", field_there="guests")
    signed_up(page, {"Guests?": "3"})
    kept = [unpacked(row.answers_there) for row in Registration.objects.all()]
    assert kept == [{"guests": "3"}] * 2
    assert QuestionAnswer.objects.count() == 1


# And back ---------------------------------------------------------------------------------------


def test_what_was_answered_on_clickmeetings_page_stands_under_our_question(
    account, room, panel, client_as, url
):
    page = asked(account, ("Your company", "text", "company"), ("Guests", "number", "How many?"))
    signed_up(page, {"Your company": "Lee & Co", "Guests": "2"})
    push_account(account.pk)
    theirs = {"Company": "Aldermoor", "How many?": "4", "Diet": "None"}
    panel.add_registration(room, "bob@example.com", "Bob", "Ray", answers=theirs)
    full(account)
    quiet(account)
    labels, lines = answers_on_page(client_as, url)
    assert labels == ["Your company", "Guests", "Diet"]
    assert lines == {
        "ann@example.com": ["Lee & Co", "2", ""],
        "bob@example.com": ["Aldermoor", "4", "None"],
    }
    file = client_as(roles.STAFF).get(url("registrations-export", page.conference_id))
    text = b"".join(file.streaming_content).decode()
    assert ",Your company,Guests,Diet" in text
    assert ",Aldermoor,4,None" in text


def test_an_answer_that_is_changed_there_is_taken_and_one_given_here_stays(
    account, room, panel, client_as, url
):
    page = asked(account, ("Guests", "number", "Guests"))
    signed_up(page, {"Guests": "2"})
    push_account(account.pk)
    bob = panel.add_registration(room, "bob@example.com", "Bob", answers={"Guests": "4"})
    full(account)
    ann = panel.find_registration(room, "ann@example.com")
    panel.edit_answers(ann["id"], {"Guests": "9", "Diet": "Vegan"})
    panel.edit_answers(bob["id"], {"Guests": "5"})
    full(account)
    quiet(account)
    labels, lines = answers_on_page(client_as, url)
    assert labels == ["Guests", "Diet"]
    assert lines == {"ann@example.com": ["2", "Vegan"], "bob@example.com": ["5", ""]}


def test_who_registered_on_both_pages_is_one_person_with_both_answers(account, room, panel):
    page = asked(account, ("Guests", "number", "Guests"))
    row = signed_up(page, {"Guests": "2"})
    panel.add_registration(room, "ann@example.com", "Ann", answers={"Guests": "7", "Diet": "-"})
    full(account)
    quiet(account)
    assert len(panel.registrations(room)) == 1
    row.refresh_from_db()
    assert unpacked(row.answers_there) == {"Guests": "7", "Diet": "-"}
    assert QuestionAnswer.objects.get().value == "2"


def test_what_is_shown_no_more_is_kept(account, room, panel):
    bob = panel.add_registration(room, "bob@example.com", answers={"A": "1", "B": "2"})
    full(account)
    for now in ({"B": "3"}, {}):
        panel.edit_answers(bob["id"], now)
        full(account)
    quiet(account)
    assert unpacked(Registration.objects.get().answers_there) == {"A": "1", "B": "3"}


def test_who_was_only_invited_and_answers_there_is_registered_with_it(account, room, panel):
    person = AttendeeFactory(email="bob@example.com")
    row = RegistrationFactory(conference=Conference.objects.get(), attendee=person, stage="invited")
    panel.add_registration(room, "bob@example.com", answers={"A": "1"})
    full(account)
    quiet(account)
    row.refresh_from_db()
    assert (row.stage, unpacked(row.answers_there)) == ("registered", {"A": "1"})


def test_registrations_of_before_are_taken_without_a_conflict(account, room, panel):
    """A row of the version before has a link whose bases know nothing of answers."""
    panel.add_registration(room, "bob@example.com", answers={"A": "1"})
    full(account)
    Registration.objects.update(answers_there="")
    for link in PlatformLink.objects.filter(kind="registration"):
        link.base_ours.pop("answers")
        link.base_theirs.pop("answers")
        link.row_digest = ""
        link.save()
    full(account)
    quiet(account)
    assert unpacked(Registration.objects.get().answers_there) == {"A": "1"}


def test_answers_stand_in_no_history_no_run_and_no_entry(account, room, panel, caplog):
    bob = panel.add_registration(room, "bob@example.com", answers={"A": "SAID-ONCE"})
    full(account)
    panel.edit_answers(bob["id"], {"A": "SAID-TWICE"})
    full(account)
    kept = [str(list(model.objects.values())) for model in (Change, SyncRun, OutboxEntry, Conflict)]
    assert "SAID-TWICE" in Registration.objects.get().answers_there
    assert not [text for text in (*kept, caplog.text) if "SAID-" in text]


def test_answers_of_a_thousand_fields_are_bounded_here_and_on_the_page(
    account, room, panel, client_as, url
):
    for number in range(60):
        said = {f"Field {number} {n:03}": "x" * 900 for n in range(40)}
        panel.add_registration(room, f"p{number}@example.com", answers=said)
    full(account)
    quiet(account)
    assert max(len(row.answers_there) for row in Registration.objects.all()) < 25_000
    staff = client_as(roles.STAFF)
    answer = staff.get(url("registration-answers", Conference.objects.get().pk))
    assert len(answer.context["labels"]) == 40
    assert "further questions stand in the CSV" in answer.content.decode()


MOVED = {"Company": "Aldermoor", "how many?": "4", "Salary": "Secret"}


@pytest.fixture
def elsewhere():
    return AccountFactory(platform="livewebinar")


def moved(elsewhere, by, *questions):
    """A webinar of ClickMeeting whose form has asked somebody, moved to another platform."""
    conference = ConferenceFactory()
    one = RegistrationPage.objects.create(conference=conference, open=True)
    for label, kind, field in questions:
        one.questions.create(label=label, kind=kind, field_there=field)
    row = RegistrationFactory(
        conference=conference, answers_there=packed(MOVED), registered_at=clock.now()
    )
    return one, row, lambda: transfer.move(conference, elsewhere, by)


def test_a_move_tells_another_platform_only_what_is_tied_to_a_question(elsewhere, staff_user):
    """What the form of one platform asked is no matter of another; here it is kept."""
    _page, row, move = moved(elsewhere, staff_user, ("Guests", "number", "How many?"))
    made = move()
    row.refresh_from_db()
    assert row.conference == made
    assert unpacked(row.answers_there) == {"How many?": "4"}
    kept = dict(row.question_answers.values_list("asked", "value"))
    assert kept == {"Company": "Aldermoor", "Guests": "4", "Salary": "Secret"}
    shown = answer_queries.page(made, None)
    assert shown["labels"] == ["Guests", "Company", "Salary"]
    assert [values for _row, values in shown["lines"]] == [["4", "Aldermoor", "Secret"]]
    # What the other platform shows of a field of that name later overwrites none of it.
    mirror = KINDS[Kind.REGISTRATION].mirror
    mirror.write(row, {"answers": packed({"Company": "Another", "How many?": "4"})})
    assert answer_queries.page(made, None)["lines"][0][1] == ["4", "Aldermoor", "Secret"]


def test_a_move_without_a_tied_question_tells_nothing(elsewhere, staff_user):
    _page, row, move = moved(elsewhere, staff_user)
    move()
    row.refresh_from_db()
    assert row.answers_there == ""
    assert dict(row.question_answers.values_list("asked", "value")) == MOVED


def test_what_was_answered_here_goes_along_and_the_platforms_stays_beside_it(elsewhere, staff_user):
    page, row, move = moved(elsewhere, staff_user, ("Guests", "number", "How many?"))
    question = page.questions.get()
    row.question_answers.create(
        question=question, page=page, asked="Guests", kind="number", value="2"
    )
    move()
    row.refresh_from_db()
    assert unpacked(row.answers_there) == {"How many?": "2"}
    kept = dict(row.question_answers.values_list("asked", "value"))
    assert kept == {**MOVED, "Guests": "2"}


def test_a_move_from_where_nobody_takes_answers_brings_those_that_are_tied(staff_user, elsewhere):
    conference = ConferenceFactory(account=AccountFactory(platform="trueconf"))
    page = RegistrationPage.objects.create(conference=conference, open=True)
    page.questions.create(label="Guests", kind="number", field_there="guests")
    row = signed_up(page, {"Guests": "3"})
    assert row.answers_there == ""
    transfer.move(conference, elsewhere, staff_user)
    row.refresh_from_db()
    assert unpacked(row.answers_there) == {"guests": "3"}


def test_a_date_of_a_series_that_moves_takes_what_was_answered_on_the_series_page(
    staff_user, elsewhere
):
    series = SeriesFactory(title="Course")
    start = clock.now() + timedelta(weeks=1)
    one = ConferenceFactory(series=series, starts_at=start, planned_at=start)
    other = ConferenceFactory(
        series=series, starts_at=start + timedelta(weeks=1), planned_at=start + timedelta(weeks=1)
    )
    page = RegistrationPage.objects.create(series=series, open=True)
    page.questions.create(label="Guests", kind="number", field_there="guests")
    signed_up(page, {"Guests": "3"})
    transfer.move(other, elsewhere, staff_user)
    kept = {row.conference.account_id: unpacked(row.answers_there) for row in _all_rows()}
    assert kept == {one.account_id: {}, elsewhere.pk: {"guests": "3"}}
    assert QuestionAnswer.objects.count() == 1


def _all_rows():
    return Registration.objects.select_related("conference")


# As it is spelled there ---------------------------------------------------------------------------


@pytest.mark.parametrize("typed", ["guests", " GUESTS ", "Guests"])
def test_a_field_is_sent_as_it_is_spelled_there(fuel, place, typed):
    """A platform would make a second field of another letter case."""
    place.webinar(HOUR)
    place.platform.add_registrant("ann@example.com", custom_fields={"Guests": "1", "Town": "Ghent"})
    full(fuel)
    row = signed_up(asked(fuel, ("How many?", "number", typed.strip())), {"How many?": "3"})
    push_account(fuel.pk)
    ann = place.platform.find_registrant("ann@example.com")
    assert ann["custom_fields"] == {"Guests": "3", "Town": "Ghent"}
    full(fuel)
    quiet(fuel)
    row.refresh_from_db()
    assert unpacked(row.answers_there) == ann["custom_fields"]


def test_of_somebody_new_it_is_spelled_as_the_platform_has_shown_it_of_others(fuel, place):
    place.webinar(HOUR)
    full(fuel)
    conference = Conference.objects.get()
    RegistrationFactory(
        conference=conference, registered_at=clock.now(), answers_there=packed({"Guests": "1"})
    )
    signed_up(asked(fuel, ("How many?", "number", "gUESTS")), {"How many?": "3"})
    assert packed({"Guests": "3"}) in [row.answers_there for row in _all_rows()]


def test_of_two_entries_that_are_merged_answers_stay(staff_user):
    conference = ConferenceFactory()
    said = packed({"Guests": "3"})
    spare = RegistrationFactory(conference=conference, answers_there=said)
    kept = RegistrationFactory(conference=conference)
    merging.merge(kept.attendee, spare.attendee, staff_user)
    row = Registration.objects.get(conference=conference, removed_at=None)
    assert row.answers_there == said


# The editor -------------------------------------------------------------------------------------

ROWS = {
    "open": "on",
    "reach": "public",
    "questions-TOTAL_FORMS": "2",
    "questions-INITIAL_FORMS": "0",
    "questions-0-kind": "number",
    "questions-0-label": "How many?",
    "questions-1-kind": "text",
    "questions-1-label": "Why?",
}


@pytest.mark.parametrize(
    ("platform", "said", "field"),
    [
        ("clickmeeting", "What people answer on ClickMeeting&#x27;s own page is shown here", True),
        ("webinarfuel", "WebinarFuel keeps answers as custom fields of a person", True),
        ("livewebinar", "LiveWebinar takes answers for the web form on entry", True),
        ("trueconf", "answers stay in Lectern", False),
        ("myownconference", "they stay in Lectern", False),
    ],
)
def test_the_page_says_what_becomes_of_answers(client_as, url, platform, said, field):
    conference = ConferenceFactory(account=AccountFactory(platform=platform))
    staff = client_as(roles.STAFF)
    shown = staff.get(url("registration-page", conference.pk)).content.decode()
    assert said in shown
    assert ("questions-0-field_there" in shown) == field


def test_a_question_is_tied_to_one_field_and_stays_tied(client_as, url):
    conference = ConferenceFactory(registration_enabled=True)
    RegistrationFactory(conference=conference, answers_there=packed({"Guests": "3"}))
    staff, address = client_as(roles.STAFF), url("registration-page", conference.pk)
    new = ROWS | {"version": 0}
    assert '<option value="Guests">' in staff.get(address).content.decode()
    tied = {"questions-0-field_there": " Guests ", "questions-1-field_there": "guests"}
    answer = staff.post(address, new | tied)
    assert answer.status_code == 422
    assert "Another question is tied to this field." in answer.content.decode()
    assert staff.post(address, new | {"questions-0-field_there": " Guests "}).status_code == 302
    first, second = RegistrationPage.objects.get().questions.all()
    assert (first.field_there, second.field_there) == ("Guests", "")
    # A page without the box, of a platform without such fields, takes nothing away.
    again = ROWS | {"version": 1, "questions-0-pk": first.pk, "questions-1-pk": second.pk}
    assert staff.post(address, again).status_code == 302
    first.refresh_from_db()
    assert first.field_there == "Guests"
