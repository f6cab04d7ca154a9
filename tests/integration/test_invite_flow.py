"""Inviting: the preview tells what will happen, sending does exactly that, and once."""

import pytest
from django.utils import timezone

from portal.common.batches import PART
from portal.common.errors import NotAllowed, NotPossible
from portal.conferences.audience import queries as queries_registrations
from portal.conferences.audience.queries import PAGE
from portal.conferences.audience.services import invite, registrations
from portal.conferences.jobs import services as jobs
from portal.conferences.models import Attendee, Change, Invitation, Job, Registration
from portal.conferences.people.services import selection
from portal.identity import roles
from portal.outbox.models import OutboxEntry
from tests.factories import (
    AttendeeFactory,
    ConferenceFactory,
    GroupFactory,
    RegistrationFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff(client_as):
    return client_as(roles.STAFF)


@pytest.fixture
def conference():
    return ConferenceFactory(registration_enabled=True)


def post(staff, url, conference, action, **data):
    """With the tick that registers people at once; without it see test_answers."""
    given = {"action": action, "register": "on", **data}
    return staff.post(url("invite", conference.pk), given)


def test_the_preview_changes_nothing_and_names_everybody(staff, url, conference):
    there = RegistrationFactory(conference=conference).attendee
    gone = RegistrationFactory(conference=conference, removed_at=timezone.now()).attendee
    known = AttendeeFactory()
    who = f"{there.email}, {gone.email}; {known.email}\nNew One <new@example.com>\nnot@valid\n"
    before = OutboxEntry.objects.count(), Registration.objects.count(), Attendee.objects.count()
    answer = post(staff, url, conference, "preview", who=who)
    plan = answer.context["plan"]
    assert [person.email for person in plan.newcomers] == ["new@example.com"]
    assert plan.known == [known]
    assert [row.attendee for row in plan.registered] == [there]
    assert [row.attendee for row in plan.withdrawn] == [gone]
    assert [text for text, _ in answer.context["selection"].chosen.invalid] == ["not@valid"]
    for words in ("New One", known.email, "1 entry cannot be used", "Invite and notify 2 people"):
        assert words in answer.content.decode()
    after = OutboxEntry.objects.count(), Registration.objects.count(), Attendee.objects.count()
    assert before == after


def test_sending_registers_tells_the_platform_and_queues_mails(staff, url, conference):
    group = GroupFactory()
    for _ in range(3):
        group.memberships.create(attendee=AttendeeFactory())
    data = {"who": "New One <new@example.com>", "group": group.pk, "tell": "yes", "note": "Hi\nyou"}
    answer = post(staff, url, conference, "send", **data)
    assert answer.url == url("invite-progress", conference.pk)
    rows = conference.registrations.all()
    assert rows.count() == 4
    told = OutboxEntry.objects.filter(kind="registration", created_by=staff.user)
    assert set(told.values_list("local_id", flat=True)) == set(rows.values_list("pk", flat=True))
    letters = Invitation.objects.filter(purpose="invite", state="waiting", note="Hi\nyou")
    assert letters.count() == 4
    assert Change.objects.filter(action="invited", conference=conference).count() == 1
    new = Attendee.objects.get(email="new@example.com")
    assert (new.first_name, new.last_name) == ("New", "One")


def test_sent_twice_it_does_nothing_more(staff, url, conference):
    data = {"who": "a@example.com b@example.com A@example.com", "tell": "yes"}
    post(staff, url, conference, "send", **data)
    post(staff, url, conference, "send", **data)
    assert conference.registrations.count() == 2
    assert Invitation.objects.count() == 2
    assert OutboxEntry.objects.filter(kind="registration").count() == 2


def test_without_our_mail_nobody_is_written_to(staff, url, conference):
    asks = post(staff, url, conference, "send", who="a@example.com")
    assert b"Invite and notify one person" in asks.content
    assert not conference.registrations.exists()
    post(staff, url, conference, "send", who="a@example.com", tell="no")
    assert conference.registrations.count() == 1
    assert not Invitation.objects.exists()


def test_the_withdrawn_come_back_only_when_asked_with_the_same_link(staff, url, conference):
    row = RegistrationFactory(conference=conference, removed_at=timezone.now())
    post(staff, url, conference, "send", who=row.attendee.email, tell="yes")
    row.refresh_from_db()
    assert row.removed_at
    token = row.token
    post(staff, url, conference, "send", who=row.attendee.email, tell="yes", again="on")
    row.refresh_from_db()
    assert (row.removed_at, row.token) == (None, token)
    assert OutboxEntry.objects.filter(kind="registration", local_id=row.pk).exists()
    assert Invitation.objects.filter(registration=row, state="waiting").count() == 1


def test_registration_is_switched_on_as_part_of_it(staff, url):
    conference = ConferenceFactory(registration_enabled=False)
    shown = post(staff, url, conference, "preview", who="a@example.com")
    assert b"Registration is off for this webinar" in shown.content
    refused = post(staff, url, conference, "send", who="a@example.com", tell="yes")
    assert refused.status_code == 422
    assert not conference.registrations.exists()
    assert not Attendee.objects.exists()
    post(staff, url, conference, "send", who="a@example.com", tell="yes", switch_on="on")
    conference.refresh_from_db()
    assert conference.registration_enabled
    kinds = list(OutboxEntry.objects.order_by("id").values_list("kind", flat=True))
    assert kinds == ["conference", "registration"]
    assert Change.objects.filter(after={"registration_enabled": True}).exists()


@pytest.mark.parametrize("gone", ["removed_at", "gone_at"])
def test_nobody_is_invited_to_what_does_not_take_place(staff, url, gone):
    conference = ConferenceFactory(**{gone: timezone.now()})
    assert invite.reason_against_inviting(conference) in staff.get(
        url("invite", conference.pk)
    ).content.decode().replace("&#x27;", "'")
    post(staff, url, conference, "send", who="a@example.com")
    assert not conference.registrations.exists()


def test_a_webinar_that_is_over_takes_nobody(staff, clock):
    conference = ConferenceFactory()
    clock.advance(4 * 24 * 3600)
    with pytest.raises(NotPossible, match="over"):
        invite.send(conference, selection.gather("a@example.com"), by=staff.user)


def test_a_draft_takes_people_and_tells_nobody_yet(staff):
    conference = ConferenceFactory(draft=True, registration_enabled=True)
    invite.send(conference, selection.gather("a@example.com"), by=staff.user)
    assert conference.registrations.count() == 1
    assert not OutboxEntry.objects.exists()


def test_a_viewer_invites_nobody(viewer_user, conference):
    with pytest.raises(NotAllowed):
        invite.send(conference, selection.gather("a@example.com"), by=viewer_user)
    assert not Attendee.objects.exists()


@pytest.mark.parametrize(
    "who",
    [
        "a\x00@example.com",
        "<script>alert(1)</script>@example.com",
        "=cmd|x@example.com\n" * 50,
        "@" * 400,
        "x" * 500_001,
        "\u202e" * 30,
        "a@example.com," * 3000,
        '"' * 5000,
        "<" * 5000,
        "１２３@example.com",
        "{{ 7*7 }}@{{ x }}",
        "%0d%0aBcc: b@example.com",
        "😀@example.com",
    ],
)
@pytest.mark.parametrize("action", ["find", "preview", "send"])
def test_nasty_words_in_the_box(staff, url, conference, who, action):
    answer = post(staff, url, conference, action, who=who, person="x", group=["-1", "9" * 30])
    assert answer.status_code in (200, 302, 422)
    assert b"<script>alert" not in answer.content


def test_more_than_fits_is_refused_and_nobody_is_lost(staff, url, conference):
    who = "\n".join(f"person{n}@example.com" for n in range(5001))
    answer = post(staff, url, conference, "send", who=who)
    assert answer.status_code == 422
    assert not conference.registrations.exists()


def test_fifty_are_invited_at_once(staff, url, conference, django_assert_max_num_queries):
    group = GroupFactory()
    group.members.add(*AttendeeFactory.create_batch(jobs.AT_ONCE))
    # Part by part: 20 statements for each, and those of the page.
    with django_assert_max_num_queries(20 * jobs.AT_ONCE // PART + 25):
        answer = post(staff, url, conference, "send", group=group.pk, tell="yes")
    assert answer.url == url("invite-progress", conference.pk)
    assert conference.registrations.count() == jobs.AT_ONCE
    assert OutboxEntry.objects.count() == Invitation.objects.count() == jobs.AT_ONCE
    assert not Job.objects.exists()


def test_what_a_worker_that_died_half_way_left_is_done_by_pressing_again(conference, staff_user):
    text = "\n".join(f"p{number}@example.com" for number in range(2 * PART + 1))
    real, parts = invite.send_part, []

    def dies(*given):
        parts.append(given)
        if len(parts) == 2:
            raise SystemExit
        return real(*given)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(invite, "send_part", dies)
        with pytest.raises(SystemExit):
            invite.send(conference, selection.gather(text), by=staff_user)
    assert conference.registrations.count() == PART
    done = invite.send(conference, selection.gather(text), by=staff_user)
    assert (done.registered, done.mails) == (PART + 1, PART + 1)
    assert Invitation.objects.count() == OutboxEntry.objects.count() == 2 * PART + 1


def test_progress_says_how_far_it_is_and_polls_only_while_something_moves(staff, url, conference):
    post(staff, url, conference, "send", who="a@example.com b@example.com", tell="yes")
    page = staff.get(url("invite-progress", conference.pk))
    assert b"0 of 2 registered" in page.content
    assert b'hx-trigger="every 2s"' in page.content
    rows = list(conference.registrations.all())
    Registration.objects.filter(pk=rows[0].pk).update(join_url="https://x.example/1")
    OutboxEntry.objects.filter(local_id=rows[1].pk).update(state="failed", problem="No")
    Invitation.objects.filter(registration=rows[0]).update(state="sent")
    page = staff.get(url("invite-progress", conference.pk), headers={"HX-Request": "true"})
    assert b"1 of 2 registered, 1 mail sent" in page.content
    assert b"1 person was not accepted" in page.content
    assert b"hx-trigger" not in page.content
    assert b"<html" not in page.content


def test_progress_says_why_a_mail_is_held_back(staff, url, conference):
    """Its platform answered nothing that is known: nothing was refused, and yet nothing leaves."""
    post(staff, url, conference, "send", who="a@example.com", tell="yes")
    OutboxEntry.objects.update(state="unknown", problem="Lost")
    Invitation.objects.update(state="held")
    page = staff.get(url("invite-progress", conference.pk)).content.decode()
    assert "1 mail is held back until ClickMeeting has accepted what it speaks of." in page
    assert f"{url('conference-mails', conference.pk)}?state=held" in page


def test_withdrawing_ends_our_link_and_takes_the_mail_back(staff, url, conference):
    row = RegistrationFactory(conference=conference, join_url="https://x.example/1")
    Invitation.objects.create(
        conference=conference,
        registration=row,
        to_email="a@example.com",
        state="waiting",
        not_before=timezone.now(),
    )
    asked = staff.get(url("registration-withdraw", row.pk))
    assert b"only its own panel can" in asked.content
    assert b"still opens" in asked.content
    data = {"action": "withdraw", "registration": row.pk, "do": "yes"}
    staff.post(url("registrations", conference.pk), data)
    row.refresh_from_db()
    assert row.removed_at
    assert Invitation.objects.get().state == "dropped"
    assert staff.get(url("join", row.token)).status_code == 410
    # ClickMeeting cannot remove a registration: nothing is asked of it that it cannot do.
    assert not OutboxEntry.objects.exists()
    assert Change.objects.filter(action="withdrawn", local_id=row.pk, actor=staff.user).exists()
    assert not registrations.withdraw(conference, [row.pk], staff.user)


def test_the_ticked_are_withdrawn_or_written_to_again_after_a_question(staff, url, conference):
    rows = [RegistrationFactory(conference=conference) for _ in range(3)]
    other = RegistrationFactory()
    ids = [row.pk for row in rows[:2]] + [other.pk]
    again = {"action": "resend", "registration": ids}
    asked = staff.post(url("registrations", conference.pk), again)
    assert b"Send it again to 2 people" in asked.content
    assert not Invitation.objects.exists()
    staff.post(url("registrations", conference.pk), again | {"tell": "yes"})
    assert Invitation.objects.filter(state="waiting").count() == 2
    asked = staff.post(
        url("registrations", conference.pk), {"action": "withdraw", "registration": ids}
    )
    assert b"Withdraw 2 people?" in asked.content
    assert not Registration.objects.filter(removed_at__isnull=False).exists()
    data = {
        "action": "withdraw",
        "registration": ids,
        "back": "https://evil.example/",
        "tell": "no",
    }
    answer = staff.post(url("registrations", conference.pk), data)
    assert answer.url == url("registrations", conference.pk)
    assert Registration.objects.filter(removed_at__isnull=False).count() == 2
    other.refresh_from_db()
    assert other.removed_at is None


def test_the_table_finds_filters_and_pages(staff, url, conference):
    for number in range(55):
        RegistrationFactory(
            conference=conference, attendee__last_name=f"N{number:02}", join_url="https://x.example"
        )
    waiting = RegistrationFactory(conference=conference, attendee__last_name="Waiting")
    gone = RegistrationFactory(conference=conference, removed_at=timezone.now())
    page = url("registrations", conference.pk)

    def shown(**query):
        rows = staff.get(page, query).context["registrations"].rows
        return [row.registration for row in rows]

    assert len(shown()) == PAGE
    assert len(shown(rpage="2")) == 56 - PAGE
    assert shown(rstate="waiting") == [waiting]
    assert shown(rstate="withdrawn") == [gone]
    assert [row.attendee.last_name for row in shown(rq="n07")] == ["N07"]
    assert len(shown(rstate="unmailed")) == PAGE


def test_the_table_costs_a_fixed_number_of_queries(
    staff, url, conference, django_assert_num_queries
):
    def cost():
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        with CaptureQueriesContext(connection) as captured:
            staff.get(url("registrations", conference.pk))
        return len(captured)

    RegistrationFactory(conference=conference)
    few = cost()
    for _ in range(30):
        RegistrationFactory(conference=conference)
    assert cost() == few


def test_the_csv_has_the_links_and_no_formulas(staff, url, conference):
    row = RegistrationFactory(conference=conference, attendee__first_name="=1+1")
    answer = staff.get(url("registrations-export", conference.pk), {"rstate": "waiting"})
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    assert "'=1+1" in text
    assert f"http://testserver/join/{row.token}/" in text


def test_a_mail_that_failed_is_found_by_its_filter(conference):
    row = RegistrationFactory(conference=conference)
    for state in ("failed", "sent"):
        Invitation.objects.create(
            conference=conference,
            registration=row,
            to_email="a@example.com",
            state=state,
            not_before=timezone.now(),
        )
        found = queries_registrations.having(conference, "mail")
        assert list(found) == ([row] if state == "failed" else [])
