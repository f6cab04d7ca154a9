"""What is said of an end is true of everybody it is said to: registered, invited, or waiting."""

from datetime import timedelta

import pytest
from django.core import mail

from portal.common import clock
from portal.conferences import tasks
from portal.conferences.audience.services import registrations
from portal.conferences.mails.services import Act, Telling, preview, preview_several
from portal.conferences.mails.services.preview_several import Part
from portal.conferences.models import Invitation, Registration, Series
from portal.conferences.schedule.services import cancel, series_people
from portal.conferences.schedule.services.series import Extent
from portal.identity import roles
from portal.outbox.models import OutboxEntry
from tests.factories import (
    AccountFactory,
    AttendeeFactory,
    ConferenceFactory,
    RegistrationFactory,
    SeriesFactory,
)

pytestmark = pytest.mark.django_db
Stage = Registration.Stage
TAKES_OUT = "takes it out of your calendar"
LINK = "Your personal link no longer leads anywhere."


@pytest.fixture
def conference():
    return ConferenceFactory(account=AccountFactory(platform="trueconf"))


@pytest.fixture
def staff(client_as):
    return client_as(roles.STAFF)


def person(conference, stage, **values):
    if stage == Stage.REGISTERED:
        values = {"registered_at": clock.now(), "join_url": "https://there.example/1"} | values
    else:
        values = {"answer": "" if stage == Stage.INVITED else "yes"} | values
    return RegistrationFactory(conference=conference, stage=stage, **values)


def told(row, **values):
    """They have had a message, as the sender keeps it; `with_entry` says what came with it."""
    return Invitation.objects.create(
        conference=row.conference,
        registration=row,
        purpose="invite",
        to_email=row.attendee.email,
        state="sent",
        sent_at=clock.now(),
        not_before=clock.now(),
        subject="Said",
        created_at=clock.now() - timedelta(minutes=1),
        **values,
    )


def sent(row):
    """The mail that ends it, as it leaves."""
    OutboxEntry.objects.all().delete()
    mail.outbox.clear()
    tasks.send_mails()
    (found,) = [one for one in mail.outbox if row.attendee.email in one.to[0]]
    html = " ".join(found.alternatives[0][0].split())
    return found, f"{' '.join(found.body.split())} {html}"


def has_entry(message):
    return bool([one for one in message.attachments if "ics" in str(one[0])])


@pytest.mark.parametrize("act", ["cancel", "withdraw"])
@pytest.mark.parametrize(
    ("stage", "entry"),
    [
        (Stage.REGISTERED, True),
        (Stage.REGISTERED, None),  # told by an older version, which kept no note of it
        (Stage.REGISTERED, False),
        (Stage.INVITED, True),
        (Stage.WAITLISTED, False),
        (Stage.WAITLISTED, True),  # they had been invited, and their calendar knows of it
        (Stage.APPROVAL, False),
    ],
)
def test_an_end_takes_out_of_a_calendar_only_what_is_in_it(
    conference, staff_user, act, stage, entry
):
    row = person(conference, stage)
    told(row, with_entry=entry)
    concerned = {"registrations": [row]} if act == "withdraw" else {}
    shown = " ".join(preview(conference, Act(act), **concerned).sample.text.split())
    if act == "withdraw":
        registrations.withdraw(conference, [row.pk], staff_user, True)
    else:
        cancel.cancel(conference, staff_user)
    message, text = sent(row)
    expected = entry is not False
    assert (TAKES_OUT in text, TAKES_OUT in shown, has_entry(message)) == (expected,) * 3
    if not expected:
        waits = stage in (Stage.WAITLISTED, Stage.APPROVAL)
        assert (LINK in text, LINK in shown) == (not waits,) * 2


def test_whoever_was_never_written_to_has_nothing_in_a_calendar(conference, staff_user):
    row = person(conference, Stage.REGISTERED, origin="platform")
    cancel.cancel(conference, staff_user)
    message, text = sent(row)
    assert TAKES_OUT not in text
    assert not has_entry(message)


def test_what_the_sender_keeps_of_an_entry_is_what_was_attached(conference, staff_user):
    waits, comes = person(conference, Stage.WAITLISTED), person(conference, Stage.REGISTERED)
    for row in (waits, comes):
        Invitation.objects.create(
            conference=conference,
            registration=row,
            purpose="invite",
            act="invite",
            to_email=row.attendee.email,
            created_at=clock.now(),
            not_before=clock.now(),
        )
    tasks.send_mails()
    kept = {one.registration_id: one.with_entry for one in Invitation.objects.all()}
    assert kept == {waits.pk: False, comes.pk: True}


@pytest.fixture
def dates(conference):
    series = SeriesFactory(title="Course")
    found = []
    for week in (1, 2):
        start = clock.now() + timedelta(weeks=week)
        found.append(
            ConferenceFactory(
                account=conference.account,
                series=series,
                starts_at=start,
                planned_at=start,
                title="Course",
            )
        )
    return found


@pytest.mark.parametrize("entry", [True, False])
def test_the_same_of_several_dates(dates, staff_user, entry):
    one = AttendeeFactory(email="ann@example.com")
    rows = [person(date, Stage.WAITLISTED, attendee=one) for date in dates]
    for row in rows:
        told(row, with_entry=entry)
    parts = [Part(row.conference, Act.WITHDRAW, registrations=[row]) for row in rows]
    shown = " ".join(preview_several(parts).sample.text.split())
    series_people.withdraw(dates[0], Extent.AHEAD, [one.pk], staff_user, Telling(True))
    message, text = sent(rows[0])
    said = "takes them out of your calendar"
    assert (said in text, said in shown, has_entry(message)) == (entry,) * 3
    assert ("personal links to these dates" in text) == entry


# Before it is done -------------------------------------------------------------------------------

NEVER = "TrueConf Server has not heard of them, so nothing happens there."
THEIRS = "TrueConf Server removes the registration too."
ALONE = "The rest concerns those alone who are registered."


@pytest.mark.parametrize(
    ("stages", "said", "not_said"),
    [
        ([Stage.REGISTERED], [THEIRS], [NEVER, ALONE]),
        ([Stage.REGISTERED] * 2, [THEIRS], [NEVER, ALONE]),
        ([Stage.INVITED], [NEVER], [THEIRS, ALONE]),
        ([Stage.WAITLISTED, Stage.APPROVAL], [NEVER], [THEIRS, ALONE]),
        ([Stage.INVITED, Stage.REGISTERED], [THEIRS, ALONE], [NEVER]),
    ],
)
def test_withdrawing_says_what_the_platform_does_of_whom_it_knows(
    conference, staff, url, stages, said, not_said
):
    rows = [person(conference, stage) for stage in stages]
    data = {"action": "withdraw", "registration": [row.pk for row in rows]}
    answer = staff.post(url("registrations", conference.pk), data)
    shown = " ".join(answer.content.decode().split())
    assert [one for one in said if one not in shown] == []
    assert [one for one in not_said if one in shown] == []
    waits = Stage.REGISTERED in stages
    assert ("once TrueConf Server has taken the withdrawal" in shown) == waits


def test_who_waits_again_has_withdrawn_from_the_platform_already(conference, staff, url):
    row = person(
        conference,
        Stage.REGISTERED,
        removed_at=clock.now(),
        waits_again_at=clock.now(),
        answer="yes",
    )
    shown = staff.get(url("registration-withdraw", row.pk)).content.decode()
    assert "To TrueConf Server they had withdrawn before, so nothing happens there." in shown
    assert NEVER not in shown
    assert THEIRS not in shown


def test_what_is_sent_again_to_whom_the_platform_has_waits_for_nothing(conference, staff, url):
    for stage in (Stage.REGISTERED, Stage.INVITED):
        row = person(conference, stage)
        shown = staff.get(url("registration-resend", row.pk)).content.decode()
        assert "One person will be notified now." in shown


def test_a_draft_with_people_is_not_said_to_have_none(staff, url):
    draft = ConferenceFactory(draft=True)
    shown = staff.get(url("conference-cancel", draft.pk)).content.decode()
    assert "nobody was invited" in shown
    RegistrationFactory(conference=draft)
    shown = staff.get(url("conference-cancel", draft.pk)).content.decode()
    assert "nobody was invited" not in shown
    assert "Mails that wait for it are not sent." in shown


def test_a_move_and_a_copy_count_as_registered_who_is(conference, staff, url):
    other = AccountFactory(platform="clickmeeting", label="Second")
    person(conference, Stage.REGISTERED)
    for stage in (Stage.INVITED, Stage.WAITLISTED):
        person(conference, stage)
    where, data = url("conference-move", conference.pk), {"account": other.pk, "preview": "yes"}
    shown = " ".join(staff.post(where, data | {"how": "move"}).content.decode().split())
    assert "One person is registered there and gets a new personal link" in shown
    assert "2 people who are only invited, or wait, come along." in shown
    shown = staff.post(where, data | {"how": "copy", "people": "on"}).content.decode()
    assert "3 people" not in shown


@pytest.mark.parametrize(
    ("people", "said"), [(1, "They are registered"), (2, "Each is registered")]
)
def test_approving_speaks_of_one_person_as_of_one(dates, staff, url, people, said):
    for _ in range(people):
        one = AttendeeFactory()
        for date in dates:
            person(date, Stage.APPROVAL, attendee=one)
    series = Series.objects.get()
    answer = staff.get(url("series-approve", series.pk))
    shown = " ".join(answer.content.decode().split())
    assert said in shown
    assert ("Each is registered" in shown) == (people == 2)
