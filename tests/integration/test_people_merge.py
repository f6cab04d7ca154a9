"""Two entries become one person: everything moves, nothing is lost, platforms keep their peace."""

from datetime import timedelta

import pytest
from django.utils import timezone

from portal.common.errors import NotAllowed, NotPossible
from portal.conferences.models import (
    Attendance,
    Attendee,
    Change,
    Invitation,
    PersonField,
    Question,
    QuestionAnswer,
    Registration,
    RegistrationPage,
    Session,
)
from portal.conferences.people import queries as queries_people
from portal.conferences.people.services.merging import merge
from portal.identity import roles
from portal.outbox.models import OutboxEntry
from tests.factories import (
    AttendeeFactory,
    ConferenceFactory,
    GroupFactory,
    RegistrationFactory,
    SeriesFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def two():
    keep = AttendeeFactory(email="ann@example.com", first_name="Ann", last_name="", company="")
    drop = AttendeeFactory(
        email="a.nn@example.com", first_name="Anne", last_name="Example", company="Press"
    )
    return keep, drop


def pairs():
    return {(pair.one, pair.other) for pair in queries_people.likely_duplicates()}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"email": "ann.example@example.com"}, {"email": "annexample@example.com"}),
        ({"email": "ann+news@example.com"}, {"email": "ann@example.com"}),
        (
            {"first_name": "Ann", "last_name": "Example"},
            {"first_name": "ANN", "last_name": "example"},
        ),
    ],
)
def test_likely_doubles_are_found(one, other):
    first, second = AttendeeFactory(**one), AttendeeFactory(**other)
    AttendeeFactory()
    assert pairs() == {(first.pk, second.pk)}


def test_people_who_only_share_a_first_name_are_two():
    AttendeeFactory(first_name="Ann", last_name="")
    AttendeeFactory(first_name="Ann", last_name="")
    assert not pairs()


def test_everything_moves(two, staff_user):
    keep, drop = two
    row = RegistrationFactory(attendee=drop)
    Invitation.objects.create(
        conference=row.conference,
        registration=row,
        to_email=drop.email,
        state="waiting",
        not_before=timezone.now(),
    )
    common, own = GroupFactory(), GroupFactory()
    for group in (common, own):
        group.memberships.create(attendee=drop)
    common.memberships.create(attendee=keep)
    session = Session.objects.create(conference=row.conference)
    Attendance.objects.create(session=session, attendee=drop, email=drop.email)
    outcome = merge(keep, drop, staff_user)
    keep.refresh_from_db()
    row.refresh_from_db()
    assert row.attendee == keep
    assert Invitation.objects.get().to_email == keep.email
    assert {m.group for m in keep.memberships.all()} == {common, own}
    assert Attendance.objects.get().attendee == keep
    assert (keep.first_name, keep.last_name, keep.company) == ("Ann", "Example", "Press")
    assert not Attendee.objects.filter(pk=drop.pk).exists()
    assert not outcome.both
    line = Change.objects.get(action="merged away", local_id=drop.pk)
    assert line.before["email"] == "a.nn@example.com"


def test_both_at_one_webinar_one_registration_is_kept_and_it_is_said(two, staff_user):
    keep, drop = two
    conference = ConferenceFactory(title="Spring news")
    kept = RegistrationFactory(conference=conference, attendee=keep, join_url="https://x/1")
    spare = RegistrationFactory(conference=conference, attendee=drop, join_url="https://x/2")
    outcome = merge(keep, drop, staff_user)
    kept.refresh_from_db()
    spare.refresh_from_db()
    assert kept.removed_at is None
    assert spare.removed_at
    assert "Spring news" in outcome.sentence
    assert "stays" in outcome.sentence
    assert Attendee.objects.count() == 2
    assert not pairs()
    # ClickMeeting can neither change nor remove a registration: nothing is asked of it.
    assert not OutboxEntry.objects.exists()


def test_the_registration_that_stands_wins_with_its_link_and_its_mails(two, staff_user):
    keep, drop = two
    conference = ConferenceFactory()
    old = RegistrationFactory(conference=conference, attendee=keep, removed_at=timezone.now())
    stands = RegistrationFactory(conference=conference, attendee=drop, join_url="https://x/2")
    letter = Invitation.objects.create(
        conference=conference,
        registration=old,
        to_email=keep.email,
        state="sent",
        not_before=timezone.now(),
    )
    merge(keep, drop, staff_user)
    assert Registration.objects.get(pk=stands.pk).attendee == keep
    assert Registration.objects.get(pk=stands.pk).removed_at is None
    assert Registration.objects.get(pk=old.pk).attendee == drop
    assert Invitation.objects.filter(pk=letter.pk).exists()
    assert not Attendee.objects.filter(email__endswith="exchange.invalid").exists()


@pytest.mark.parametrize("stands", ["keep", "drop"])
def test_in_a_draft_nobody_else_knows_and_one_goes(two, staff_user, stands):
    keep, drop = two
    conference = ConferenceFactory(draft=True)
    ended = timezone.now()
    rows = {
        "keep": RegistrationFactory(
            conference=conference, attendee=keep, removed_at=None if stands == "keep" else ended
        ),
        "drop": RegistrationFactory(conference=conference, attendee=drop),
    }
    merge(keep, drop, staff_user)
    left = Registration.objects.get()
    assert left.pk == rows[stands].pk
    assert left.attendee == keep
    assert Attendee.objects.get() == keep


def test_one_person_is_not_merged_and_a_viewer_merges_nobody(two, staff_user, viewer_user):
    keep, drop = two
    with pytest.raises(NotPossible):
        merge(keep, keep, staff_user)
    with pytest.raises(NotAllowed):
        merge(keep, drop, viewer_user)
    assert Attendee.objects.count() == 2


def test_the_pages_show_both_and_merge_the_chosen(client_as, url, two):
    keep, drop = two
    RegistrationFactory(attendee=drop)
    staff = client_as(roles.STAFF)
    assert b"a.nn@example.com" in staff.get(url("people-merge")).content
    page = url("people-merge-pair", keep.pk, drop.pk)
    shown = staff.get(page)
    assert b"Press" in shown.content
    assert staff.post(page, {"keep": "x"}).status_code == 200
    answer = staff.post(page, {"keep": keep.pk})
    assert answer.url == url("person", keep.pk)
    assert Attendee.objects.get() == keep
    assert staff.get(page).status_code == 404
    assert staff.get(url("people-merge-pair", keep.pk, keep.pk)).status_code == 404


def answer(row, question, value, **about):
    return QuestionAnswer.objects.create(
        registration=row,
        question=question,
        page=question.page,
        asked=question.label,
        kind=question.kind,
        value=value,
        **about,
    )


def ask(page, label, kind="text"):
    return Question.objects.create(page=page, label=label, kind=kind)


def test_of_two_answers_to_a_question_the_kept_one_stays_and_the_other_is_told(two, client_as, url):
    """Nothing that somebody said goes without a word: the page before, the sentence after and the
    history name it."""
    keep, drop = two
    conference = ConferenceFactory(title="Spring news")
    page = RegistrationPage.objects.create(conference=conference)
    lunch, size, ok = ask(page, "Lunch?"), ask(page, "Size?"), ask(page, "News?", "consent")
    kept = RegistrationFactory(conference=conference, attendee=keep)
    spare = RegistrationFactory(conference=conference, attendee=drop)
    for row, said in ((kept, ("Fish", "", "")), (spare, ("Meat", "Large", "yes"))):
        for question, value in zip((lunch, size, ok), said, strict=True):
            answer(row, question, value)
    field = PersonField.objects.create(name="Badge", kind="text", position=1)
    for person, value in ((keep, "Blue"), (drop, "Red")):
        Attendee.objects.filter(pk=person.pk).update(own={str(field.pk): value})
    staff = client_as(roles.STAFF)
    before = staff.get(url("people-merge-pair", keep.pk, drop.pk)).content.decode()
    for words in ("Spring news: Lunch?", "Meat", "Fish", "Badge", "Red"):
        assert words in before
    assert "Spring news: Size?" not in before  # only one has said anything
    address = url("people-merge-pair", keep.pk, drop.pk)
    done = staff.post(address, {"keep": keep.pk}, follow=True).content.decode()
    assert "Both had answered 2 questions, differently" in done
    assert "stands in the history of this person" in done
    for words in ("Spring news: Lunch?", "Meat", "Badge", "Red", "Press"):
        assert words in done
    stay = QuestionAnswer.objects.order_by("asked")
    assert list(stay.values_list("asked", "value", "registration")) == [
        ("Lunch?", "Fish", kept.pk),
        ("News?", "", kept.pk),  # nobody consents by being merged
        ("Size?", "Large", kept.pk),
    ]
    line = Change.objects.get(action="merged")
    assert line.before["answered:Spring news: Lunch?"] == "Meat"
    assert line.after["answered:Spring news: Lunch?"] == "Fish"


def test_on_the_page_of_a_series_one_answer_is_left_as_well(two, staff_user):
    """It is answered once a person, with whichever date they came to first: two of them would show
    the newer one, whoever is kept."""
    keep, drop = two
    series = SeriesFactory(title="Mondays")
    dates = [ConferenceFactory(series=series) for _ in range(2)]
    page = RegistrationPage.objects.create(series=series)
    lunch, same = ask(page, "Lunch?"), ask(page, "Same?")
    mine = RegistrationFactory(conference=dates[0], attendee=keep)
    theirs = RegistrationFactory(conference=dates[1], attendee=drop)
    answer(mine, lunch, "Fish", answered_at=timezone.now() - timedelta(days=1))
    answer(theirs, lunch, "Meat")
    answer(mine, same, "Yes")
    answer(theirs, same, "Yes")
    outcome = merge(keep, drop, staff_user)
    assert [(one.about, one.other.value) for one in outcome.answers] == [("Mondays", "Meat")]
    assert QuestionAnswer.objects.filter(question=lunch).get().value == "Fish"
    assert QuestionAnswer.objects.filter(question=same).count() == 1
