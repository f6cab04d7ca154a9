"""Before every act that sends mail a card says how many hear of it; unanswered, nothing is done."""

from datetime import timedelta

import pytest

from portal.common import clock
from portal.conferences import walltime
from portal.conferences.mails.services.participants import address as address_of
from portal.conferences.models import Conference, Invitation, Registration
from portal.identity import roles
from portal.outbox.models import OutboxEntry
from portal.sync.models import Conflict, PlatformLink
from tests.factories import (
    AccountFactory,
    AttendeeFactory,
    ConferenceFactory,
    ModeratorFactory,
    RegistrationFactory,
)
from tests.factories.rooms import furnish

pytestmark = pytest.mark.django_db
PEOPLE = 3  # two attendees and one speaker
ASKS = f"{PEOPLE} people"


@pytest.fixture(autouse=True)
def rooms(monkeypatch):
    furnish(monkeypatch)


@pytest.fixture
def held():
    """A webinar with people who were invited, on a platform that can do everything."""
    account = AccountFactory(label="Plenty", platform="plenty")
    row = ConferenceFactory(account=account, title="Autumn tour", version=0)
    for person in (RegistrationFactory(conference=row), RegistrationFactory(conference=row)):
        _heard(row, registration=person, to_email=person.attendee.email)
    speaker = ModeratorFactory(conference=row, join_url="https://x.example.com/1")
    _heard(row, moderator=speaker, to_email=speaker.email)
    return row


def _heard(row, **who):
    Invitation.objects.create(
        conference=row,
        purpose="invite",
        act="invite",
        state="sent",
        not_before=clock.now(),
        sent_at=clock.now(),
        **who,
    )


@pytest.fixture
def staff(client_as):
    return client_as(roles.STAFF)


def text(response):
    return response.content.decode()


def queued():
    """What was queued, beside what had been sent before: purpose and address."""
    rows = Invitation.objects.exclude(state__in=["sent", "failed", "unknown"])
    return sorted(rows.values_list("purpose", "to_email"))


def everybody(row, purpose):
    people = [one.attendee.email for one in row.registrations.select_related("attendee")]
    return sorted((purpose, email) for email in [*people, row.moderators.get().email])


def edit_form(row, days=1, **changes):
    """What a browser sends. Where an hour comes twice that day, the form knows which it is."""
    at = row.starts_at + timedelta(days=days)
    start = walltime.wall(at, row.timezone)
    return {
        "account": row.account_id,
        "title": row.title,
        "room_type": "webinar",
        "access": "open",
        "timezone": row.timezone,
        "date": f"{start:%Y-%m-%d}",
        "time": f"{start:%H:%M}",
        "fold": "second" if walltime.is_second(at, row.timezone) else "first",
        "duration_minutes": "60",
        "version": str(row.version),
        "save": "yes",
        "description": "",
    } | changes


def conflict(row, sort="field", **values):
    link = PlatformLink.objects.create(
        account=row.account,
        kind="conference",
        local_id=row.pk,
        external_id="1",
        state="gone" if sort == "gone" else "live",
    )
    return Conflict.objects.create(
        account=row.account,
        link=link,
        kind="conference",
        local_id=row.pk,
        sort=sort,
        sentence="Look at it.",
        at=clock.now(),
        **values,
    )


def _reschedule(row, url):
    return url("conference-edit", row.pk), edit_form(row), everybody(row, "update")


def _rename(row, url):
    data = edit_form(row, days=0, title="Winter tour")
    return url("conference-edit", row.pk), data, everybody(row, "update")


def _cancel(row, url):
    return url("conference-cancel", row.pk), {}, everybody(row, "cancel")


def _withdraw(row, url):
    ids = list(row.registrations.values_list("pk", flat=True))
    gone = [one for one in everybody(row, "cancel") if one[1] != row.moderators.get().email]
    data = {"action": "withdraw", "registration": ids}
    return url("registrations", row.pk), data, gone


def _unassign(row, url):
    person = row.moderators.get()
    return url("moderator-unassign", row.pk, person.pk), {}, [("cancel", person.email)]


def _assign(row, url):
    data = {"name": "Ada", "email": "ada@example.org", "role": "host"}
    return url("moderator-assign", row.pk), data, [("invite", "ada@example.org")]


def _invite(row, url):
    data = {"action": "send", "who": "new@example.org", "switch_on": "on"}
    return url("invite", row.pk), data, [("invite", "new@example.org")]


def _use_ours(row, url):
    found = conflict(row, field="title", ours="Ours", theirs=row.title, base="Old", winner="theirs")
    return url("conflict-resolve", found.pk), {"choice": "ours"}, everybody(row, "update")


def _accept_loss(row, url):
    Conference.objects.filter(pk=row.pk).update(gone_at=clock.now())
    found = conflict(row, "gone")
    return url("conflict-resolve", found.pk), {"choice": "accept_loss"}, everybody(row, "cancel")


def _guest_gone(row, url):
    return _person_gone(url, row.registrations.first(), "registration")


def _speaker_gone(row, url):
    return _person_gone(url, row.moderators.get(), "moderator")


def _person_gone(url, person, kind):
    person.gone_at = clock.now()
    person.save()
    found = conflict(person.conference, "gone")
    Conflict.objects.filter(pk=found.pk).update(kind=kind, local_id=person.pk)
    address = url("conflict-resolve", found.pk)
    return address, {"choice": "accept_loss"}, [("cancel", address_of(person))]


def _gone(row, url):
    Conference.objects.filter(pk=row.pk).update(gone_at=clock.now())
    return url("conference-gone", row.pk), {"choice": "cancel"}, everybody(row, "cancel")


def _again(row, url):
    Conference.objects.filter(pk=row.pk).update(gone_at=clock.now())
    return url("conference-gone", row.pk), {"choice": "again"}, everybody(row, "update")


def _move(row, url):
    other = AccountFactory(label="Second", platform="plenty")
    data = {"account": other.pk, "how": "move"}
    return url("conference-move", row.pk), data, everybody(row, "update")


ACTS = {
    "reschedule": _reschedule,
    "rename": _rename,
    "cancel": _cancel,
    "withdraw": _withdraw,
    "unassign": _unassign,
    "assign": _assign,
    "invite": _invite,
    "use ours": _use_ours,
    "accept loss": _accept_loss,
    "guest gone": _guest_gone,
    "speaker gone": _speaker_gone,
    "gone": _gone,
    "again": _again,
    "move": _move,
}


@pytest.fixture(params=ACTS)
def act(request, held, url):
    """An act: where it is posted, with what, and who hears of it."""
    return ACTS[request.param](held, url)


def state_of_things():
    return (
        list(Conference.objects.order_by("pk").values_list("title", "starts_at", "removed_at")),
        list(Conflict.objects.values_list("resolved_at", flat=True)),
        Registration.objects.filter(removed_at=None).count(),
        OutboxEntry.objects.count(),
    )


def test_unanswered_it_asks_and_does_nothing(act, staff):
    address, data, hear = act
    before = state_of_things()
    page = text(staff.post(address, data))
    who = "one person" if len(hear) == 1 else f"{len(hear)} people"
    assert f"Notify {who}?" in page
    page = " ".join(page.split())
    assert 'name="tell" value="yes"' in page
    assert 'name="tell" value="no"' in page
    assert 'id="send-preview"' in page, "the mail itself is shown"
    assert queued() == []
    assert state_of_things() == before


def test_told_exactly_those_hear(act, staff):
    address, data, hear = act
    answer = staff.post(address, data | {"tell": "yes", "note": "Own words."}, follow=True)
    assert queued() == hear
    notes = Invitation.objects.filter(note__contains="Own words.").count()
    assert notes == len(hear)
    who = "One person" if len(hear) == 1 else f"{len(hear)} people"
    assert f"{who} will be notified" in text(answer)


def test_an_answer_for_another_number_is_asked_again(act, staff):
    address, data, hear = act
    before = state_of_things()
    page = text(staff.post(address, data))
    assert f'name="counted" value="{len(hear)}"' in page
    told = data | {"tell": "yes", "counted": str(len(hear) - 1)}
    page = text(staff.post(address, told))
    assert "Check again, then answer." in page
    assert f'name="counted" value="{len(hear)}"' in page
    assert queued() == []
    assert state_of_things() == before
    staff.post(address, told | {"counted": str(len(hear))})
    assert queued() == hear


def test_answered_with_nobody_it_is_done_and_nobody_hears(act, staff):
    address, data, _ = act
    before = state_of_things()
    answer = staff.post(address, data | {"tell": "no"}, follow=True)
    assert queued() == []
    assert state_of_things() != before
    assert "Nobody" in text(answer)


def test_words_that_are_too_long_are_said_and_nothing_is_done(act, staff):
    address, data, _ = act
    before = state_of_things()
    answer = staff.post(address, data | {"tell": "yes", "note": "x" * 5001})
    assert answer.status_code == 422
    assert "this has 5001." in text(answer)
    assert queued() == []
    assert state_of_things() == before


def test_viewers_are_refused(act, client_as):
    address, data, _ = act
    before = state_of_things()
    for answer in ({}, {"tell": "yes"}):
        assert client_as(roles.VIEWER).post(address, data | answer).status_code == 403
    assert queued() == []
    assert state_of_things() == before


def test_a_change_that_nobody_must_hear_of_asks_nothing(held, staff, url):
    data = edit_form(held, days=0, description="More about it.")
    answer = staff.post(url("conference-edit", held.pk), data, follow=True)
    assert "Saved. Nobody has to be notified." in text(answer)
    held.refresh_from_db()
    assert held.description == "More about it."
    assert queued() == []


def test_the_card_follows_the_form_while_it_is_edited(held, staff, url):
    data = edit_form(held, refresh="clock")
    data.pop("save")
    part = text(staff.post(url("conference-edit", held.pk), data, headers={"hx-request": "true"}))
    assert f"Save and notify {ASKS}" in part
    assert 'id="review"' in part
    assert "<!doctype" not in part


def test_what_cannot_be_saved_is_said_before_anybody_answers(held, staff, url):
    past = clock.now() - timedelta(days=3)
    data = edit_form(held, date=f"{past:%Y-%m-%d}")
    answer = staff.post(url("conference-edit", held.pk), data)
    assert answer.status_code == 422
    assert "in the past" in text(answer)


def test_back_to_the_form_keeps_what_was_typed(held, staff, url):
    data = edit_form(held, title="Winter tour", refresh="all", note="Own words.", asked="yes")
    page = text(staff.post(url("conference-edit", held.pk), data))
    assert 'value="Winter tour"' in page
    assert "Own words." in page
    assert "Edit the webinar" in page


def test_the_list_of_people_is_bounded(held, staff, url):
    for _ in range(150):
        RegistrationFactory(conference=held, attendee=AttendeeFactory())
    page = text(staff.get(url("conference-cancel", held.pk)))
    assert "Notify 153 people?" in page
    assert "and 53 more" in page
    assert page.count('<li class="break">') <= 101


def test_scheduling_with_a_speaker_asks_too(staff, url):
    account = AccountFactory(label="Plenty", platform="plenty")
    start = clock.now() + timedelta(days=3)
    data = {
        "account": account.pk,
        "title": "A new one",
        "room_type": "webinar",
        "access": "open",
        "timezone": "UTC",
        "date": f"{start:%Y-%m-%d}",
        "time": "10:00",
        "duration_minutes": "45",
        "moderators-count": "1",
        "moderators-0-name": "Ada",
        "schedule": "yes",
        "moderators-0-email": "ada@example.org",
        "moderators-0-role": "host",
    }
    assert "Notify one person?" in text(staff.post(url("schedule"), data))
    assert not Conference.objects.exists()
    staff.post(url("schedule"), data | {"draft": "yes"})
    draft = Conference.objects.get()
    assert (draft.draft, queued()) == (True, [])
    page = text(staff.post(url("conference-publish", draft.pk)))
    assert "Schedule it on Plenty and notify one person" in page
    staff.post(url("conference-publish", draft.pk), {"tell": "yes"})
    assert queued() == [("invite", "ada@example.org")]


def test_mails_that_perhaps_arrived_are_settled_together(held, staff, url):
    Invitation.objects.update(state="unknown", problem="The answer was lost.")
    here = url("conference-mails", held.pk)
    page = text(staff.get(here))
    assert "3 mails perhaps sent" in page
    first = Invitation.objects.first()
    asks = text(staff.post(here, {"action": "again", "letter": first.pk}))
    assert "it may arrive twice" in asks
    assert Invitation.objects.filter(state="unknown").count() == PEOPLE
    staff.post(here, {"action": "again", "letter": first.pk, "tell": "yes"})
    first.refresh_from_db()
    assert first.state == "waiting"
    shown = {"action": "arrived", "seen": PEOPLE - 1}
    Invitation.objects.filter(pk=first.pk).update(state="unknown")
    said = text(staff.post(here, shown, follow=True))
    assert "By now there are 3" in said, "of one more nobody has said that it arrived"
    assert not Invitation.objects.filter(state="sent").exists()
    Invitation.objects.filter(pk=first.pk).update(state="waiting")
    staff.post(here, shown)
    assert Invitation.objects.filter(state="sent").count() == PEOPLE - 1
    assert "perhaps sent" not in text(staff.get(here))


def test_told_anyway_although_the_platform_refused(held, staff, url):
    staff.post(url("conference-edit", held.pk), edit_form(held, tell="yes"))
    entry = OutboxEntry.objects.get(kind="conference")
    OutboxEntry.objects.filter(pk=entry.pk).update(state="failed", problem="No such hour.")
    Invitation.objects.filter(purpose="update").update(state="held", problem="Not accepted.")
    for page in (url("conference", held.pk), url("conference-mails", held.pk)):
        assert "held back" in text(staff.get(page))
    assert "Notify them anyway" in text(staff.get(url("attention")))
    asks = text(staff.get(url("entry-tell", entry.pk)))
    assert "No such hour." in asks
    assert f"Notify anyway to {ASKS}" in asks
    staff.post(url("entry-tell", entry.pk))
    assert not Invitation.objects.filter(anyway=True).exists()
    staff.post(url("entry-tell", entry.pk), {"tell": "yes"})
    assert Invitation.objects.filter(anyway=True, state="waiting").count() == PEOPLE
