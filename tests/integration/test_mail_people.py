"""One calendar entry for each person and conference, whatever their roles and addresses become."""

import pytest
from django.core import mail
from django.urls import reverse

from portal.common import clock
from portal.conferences.audience.services import invite, moderators, registrations
from portal.conferences.mails import services as mails
from portal.conferences.models import Attendee, Conference, Invitation, Moderator, Registration
from portal.conferences.people.services import merging, people, selection
from portal.conferences.schedule.services import cancel, schedule
from portal.outbox.models import OutboxEntry
from tests.factories import AccountFactory, AttendeeFactory, ConferenceFactory, RegistrationFactory
from tests.factories.rooms import furnish
from tests.support.mails import address_of, entries, send, written_to

pytestmark = pytest.mark.django_db
DORA, ANN = "dora@example.org", "ann@example.org"


@pytest.fixture(autouse=True)
def rooms(monkeypatch):
    furnish(monkeypatch)


@pytest.fixture
def row():
    return ConferenceFactory(account=AccountFactory(platform="plenty"), title="Autumn tour")


def accept():
    """The platform takes everything, and gives everybody a link."""
    OutboxEntry.objects.update(state="done")
    Registration.objects.filter(registered_at=None, removed_at=None).update(
        registered_at=clock.now(), join_url="https://platform.example/guest"
    )
    Moderator.objects.filter(join_url="").update(join_url="https://platform.example/host")


def sent():
    """What arrives once the platform has accepted everything."""
    accept()
    send()
    return entries()


def assign(row, by, email=DORA):
    return moderators.assign(row, email=email, name="Dora Host", role="host", by=by)


def register(row, by, email=DORA):
    invite.send(row, selection.gather(f"Dora Host <{email}>"), by=by, again=True)
    return row.registrations.get(attendee__email=email)


def move(row, by, title):
    row.refresh_from_db()
    return schedule.reschedule(row, {"title": title}, by, row.version)


def link(person):
    return f"http://testserver/join/{person.token}/"


def test_everything_that_a_person_gets_counts_one_entry_up(row, staff_user):
    speaker = assign(row, staff_user)
    guest = register(row, staff_user)
    sent()
    move(row, staff_user, "Firmware 4.3")
    sent()
    registrations.withdraw(row, [guest.pk], staff_user, notify=True)
    sent()
    moderators.unassign(speaker, staff_user)
    sent()
    register(row, staff_user)
    sent()
    cancel.cancel(row, staff_user)
    got = sent()
    assert {address for address, _, _ in got} == {DORA}
    assert {str(event["UID"]) for _, _, event in got} == {row.calendar_uid}
    counts = [int(event["SEQUENCE"]) for _, _, event in got]
    assert counts == sorted(set(counts)), "each later one is newer"
    assert [method for _, method, _ in got] == [
        "REQUEST",  # speaker and guest are invited at once: one message, one link
        "REQUEST",  # moved
        "REQUEST",  # no longer a guest, still a speaker: nothing is taken out of the calendar
        "CANCEL",  # taken off: now nothing stands
        "REQUEST",  # registered again
        "CANCEL",
    ]


def test_the_link_is_that_of_the_role_in_which_somebody_takes_part(row, staff_user):
    guest = register(row, staff_user)
    sent()
    speaker = assign(row, staff_user)
    sent()
    move(row, staff_user, "Firmware 4.3")
    sent()
    moderators.unassign(speaker, staff_user)
    got = sent()
    links = [str(event["URL"]) for _, _, event in got]
    assert links == [link(guest), link(speaker), link(speaker), link(guest)]
    for message, wanted in zip(mail.outbox, links, strict=True):
        assert wanted in message.body
    assert "You are still registered for it" in mail.outbox[3].body


def test_a_withdrawn_registration_leaves_the_speakers_entry(row, staff_user):
    speaker, guest = assign(row, staff_user), register(row, staff_user)
    sent()
    mail.outbox.clear()
    found = mails.preview(row, "withdraw", registrations=[guest])
    assert [one.kind for one in found.recipients] == ["Change notice"]
    assert "You still run this webinar" in found.sample.text
    registrations.withdraw(row, [guest.pk], staff_user, notify=True)
    ((address, method, event),) = sent()
    assert (address, method, str(event["URL"])) == (DORA, "REQUEST", link(speaker))
    assert "You still run this webinar" in mail.outbox[0].body


def test_a_cancellation_for_one_bears_no_status_and_the_next_invitation_is_newer(row, staff_user):
    guest = register(row, staff_user, ANN)
    sent()
    registrations.withdraw(row, [guest.pk], staff_user, notify=True)
    register(row, staff_user, ANN)  # before the cancellation has left: nothing is over
    sent()
    registrations.withdraw(row, [guest.pk], staff_user, notify=True)
    sent()
    register(row, staff_user, ANN)
    sent()
    cancel.cancel(row, staff_user)
    got = sent()
    told = [(method, str(event.get("STATUS", ""))) for _, method, event in got]
    assert told == [
        ("REQUEST", "CONFIRMED"),
        ("REQUEST", "CONFIRMED"),
        ("CANCEL", ""),
        ("REQUEST", "CONFIRMED"),
        ("CANCEL", "CANCELLED"),
    ]
    counts = [int(event["SEQUENCE"]) for _, _, event in got]
    assert counts == sorted(set(counts))


def test_a_perhaps_sent_mail_counts_too(row, staff_user):
    register(row, staff_user, ANN)
    accept()
    Invitation.objects.update(state="unknown", subject="Invitation", sequence=7)
    move(row, staff_user, "Firmware 4.3")
    assert int(sent()[0][2]["SEQUENCE"]) == 8


def test_speakers_of_a_new_webinar_are_invited(row, staff_user):
    values = {
        "title": "New",
        "starts_at": row.starts_at,
        "duration_minutes": 60,
        "timezone": "Europe/Berlin",
    }
    schedule.schedule(
        account=row.account,
        values=values,
        by=staff_user,
        people=[{"email": DORA, "name": "Dora Host", "role": "host"}],
    )
    send()
    assert not mail.outbox
    sent()
    assert written_to() == {DORA: ["Invitation: New"]}
    assert "one of those who run this webinar" in mail.outbox[0].body


def test_speakers_of_a_draft_are_invited_when_it_is_published(row, staff_user):
    Conference.objects.update(draft=True)
    assign(row, staff_user)
    Moderator.objects.create(conference=row, email=ANN, name="Ann", role="host")  # by a copy
    sent()
    assert not mail.outbox
    schedule.publish(Conference.objects.get(), staff_user)
    sent()
    assert written_to() == {DORA: ["Invitation: Autumn tour"], ANN: ["Invitation: Autumn tour"]}


def test_a_draft_that_is_discarded_makes_no_mail(row, staff_user):
    Conference.objects.update(draft=True)
    assign(row, staff_user)
    register(Conference.objects.get(), staff_user, ANN)
    cancel.cancel(row, staff_user)
    assert sent() == []


def test_who_is_taken_off_before_the_invitation_left_hears_nothing(row, staff_user):
    person = assign(row, staff_user)
    moderators.unassign(person, staff_user)
    assert sent() == []


def test_a_speaker_taken_off_in_a_cancelled_webinar_hears_once(row, staff_user):
    person = assign(row, staff_user)
    sent()
    mail.outbox.clear()
    moderators.unassign(person, staff_user)
    cancel.cancel(row, staff_user)
    assert [method for _, method, _ in sent()] == ["CANCEL"]


def test_two_roles_are_one_recipient(row, staff_user):
    assign(row, staff_user)
    register(row, staff_user)
    register(row, staff_user, ANN)
    sent()
    for act in ("reschedule", "cancel"):
        found = mails.must_hear(row, act)
        assert sorted((one.email, one.speaks) for one in found) == [(ANN, False), (DORA, True)]


def test_what_is_called_off_is_what_people_know(row, staff_user):
    """A title that was refused, or saved in silence, is not the one that they look for."""
    register(row, staff_user, ANN)
    sent()
    RegistrationFactory(conference=row, attendee__email=DORA, origin="platform")
    row.refresh_from_db()
    move(row, staff_user, "Firmware 4.3")
    OutboxEntry.objects.filter(kind="conference").update(state="failed", problem="No.")
    send()
    mail.outbox.clear()
    cancel.cancel(Conference.objects.get(), staff_user)
    got = sent()
    assert written_to() == {ANN: ["Cancelled: Autumn tour"], DORA: ["Cancelled: Autumn tour"]}
    assert {str(event["SUMMARY"]) for _, _, event in got} == {"Autumn tour"}


# Addresses ----------------------------------------------------------------------------------


def test_the_invitation_follows_a_corrected_address(row, staff_user, client_as):
    register(row, staff_user, "an@example.org")
    first = sent()
    people.update(Attendee.objects.get(), {"email": ANN}, staff_user)
    mail.outbox.clear()
    second = sent()
    assert written_to() == {ANN: ["Invitation: Autumn tour"]}
    assert int(second[0][2]["SEQUENCE"]) > int(first[0][2]["SEQUENCE"])
    assert list(Invitation.objects.order_by("id").values_list("to_email", "state")) == [
        ("an@example.org", "sent"),
        (ANN, "sent"),
    ]


def test_the_table_says_where_a_mail_went(row, staff_user, client_as):
    register(row, staff_user, "an@example.org")
    sent()
    people.update(Attendee.objects.get(), {"email": ANN}, staff_user, notify=False)
    assert sent() == entries()
    assert len(mail.outbox) == 1
    page = client_as().get(reverse("staff:registrations", args=[row.pk])).content.decode()
    assert "to an@example.org" in page


def test_a_corrected_address_is_written_to_once(row, staff_user):
    register(row, staff_user, "an@example.org")
    people.update(Attendee.objects.get(), {"email": ANN}, staff_user)  # it waits still
    sent()
    people.update(Attendee.objects.get(), {"first_name": "Anna"}, staff_user)
    sent()
    assert written_to() == {ANN: ["Invitation: Autumn tour"]}


def test_a_bounced_invitation_is_settled_by_the_new_address(row, staff_user):
    register(row, staff_user, "an@example.org")
    accept()
    Invitation.objects.update(state="failed", subject="x", problem="550 No such user")
    people.update(Attendee.objects.get(), {"email": ANN}, staff_user)
    sent()
    assert written_to() == {ANN: ["Invitation: Autumn tour"]}
    assert not Invitation.objects.filter(state="failed").exists()


def test_nobody_is_invited_anew_to_what_is_over_or_off(row, staff_user):
    register(row, staff_user, "an@example.org")
    sent()
    mail.outbox.clear()
    clock.advance(5 * 24 * 3600)
    people.update(Attendee.objects.get(), {"email": ANN}, staff_user)
    assert sent() == []


def test_a_merged_person_is_invited_at_the_address_that_stays(row, staff_user):
    register(row, staff_user, "an@example.org")
    sent()
    mail.outbox.clear()
    keep = AttendeeFactory(email=ANN)
    merging.merge(keep, Attendee.objects.get(email="an@example.org"), staff_user)
    sent()
    assert written_to() == {ANN: ["Invitation: Autumn tour"]}


def test_of_two_merged_entries_that_were_both_invited_nobody_hears(row, staff_user):
    register(row, staff_user, "an@example.org")
    register(row, staff_user, ANN)
    sent()
    mail.outbox.clear()
    keep, drop = Attendee.objects.get(email=ANN), Attendee.objects.get(email="an@example.org")
    merging.merge(keep, drop, staff_user)
    assert sent() == []


def test_a_mail_to_an_empty_address_is_never_sent(row, staff_user):
    person = assign(row, staff_user)
    Moderator.objects.filter(pk=person.pk).update(email="")
    sent()
    assert not mail.outbox
    register(row, staff_user, ANN)
    sent()
    found = mails.preview(row, "reschedule", changes={"title": ("Autumn tour", "New")})
    assert (found.count, [one.name for one in found.unreachable]) == (1, ["Dora Host"])
    mail.outbox.clear()
    move(row, staff_user, "New")
    sent()
    assert [address_of(message) for message in mail.outbox] == [ANN]
    letters = Invitation.objects.filter(moderator=person)
    assert {(one.state, one.problem) for one in letters} == {
        ("dropped", "There is no address to write to.")
    }


# What a message says --------------------------------------------------------------------------


def test_a_webinar_across_the_change_of_clocks_is_told_with_both_distances():
    from datetime import UTC, datetime

    start = datetime(2094, 10, 31, 0, 30, tzinfo=UTC)
    row = ConferenceFactory(starts_at=start, duration_minutes=60, timezone="Europe/Berlin")
    assert mails.news.when(row) == (
        "Sunday, 31 October 2094, 02:30 (UTC+02:00) – 02:30 (UTC+01:00), Europe/Berlin"
    )


def test_a_move_across_the_change_of_clocks_names_each_distance(row, staff_user):
    from datetime import UTC, datetime

    Conference.objects.update(starts_at=datetime(2094, 10, 30, 9, tzinfo=UTC))
    RegistrationFactory(conference=row, attendee__email=ANN)
    row.refresh_from_db()
    later = {"starts_at": datetime(2094, 10, 31, 9, tzinfo=UTC)}
    schedule.reschedule(row, later, staff_user, row.version)
    sent()
    text = mail.outbox[0].body
    assert "Sunday, 31 October 2094, 10:00 – 11:00 (Europe/Berlin, UTC+01:00)" in text
    assert "before: Saturday, 30 October 2094, 11:00 – 12:00 (Europe/Berlin, UTC+02:00)" in text


def test_a_change_notice_names_both_titles_and_never_grows_too_long(row, staff_user):
    RegistrationFactory(conference=row, attendee__email=ANN)
    move(row, staff_user, "T" * 400)
    sent()
    subject = mail.outbox[0].subject
    assert len(subject) <= 250
    assert subject.startswith("Changed: TTT")
    assert subject.endswith("… (was: Autumn tour)")


def test_two_changes_that_were_told_apart_each_say_their_own(row, staff_user):
    RegistrationFactory(conference=row, attendee__email=ANN)
    for title in ("One", "Two"):
        move(row, staff_user, title)
        sent()
    assert [message.subject for message in mail.outbox] == [
        "Changed: One (was: Autumn tour)",
        "Changed: Two (was: One)",
    ]


def test_what_was_changed_in_silence_is_told_from_what_people_know(row, staff_user):
    register(row, staff_user, ANN)
    sent()
    mail.outbox.clear()
    row.refresh_from_db()
    schedule.reschedule(row, {"title": "One"}, staff_user, row.version, notify=False)
    move(row, staff_user, "Two")
    sent()
    assert [message.subject for message in mail.outbox] == ["Changed: Two (was: Autumn tour)"]


def test_what_nobody_sees_in_a_calendar_makes_no_mail(row, staff_user):
    RegistrationFactory(conference=row, attendee__email=ANN)
    schedule.reschedule(row, {"description": "More"}, staff_user, row.version)
    assert sent() == []
    assert mails.must_hear(row, "reschedule", changes={"description": ("", "More")}) == []


def test_a_change_on_the_platform_is_told_where_staff_say_so(row, staff_user):
    register(row, staff_user, ANN)
    sent()
    mail.outbox.clear()
    Conference.objects.update(title="There")
    row.refresh_from_db()
    changes = {"title": ("Autumn tour", "There")}
    found = mails.preview(row, "reschedule", changes=changes, note="Sorry.")
    assert (found.count, found.lines) == (1, [mails.NewsLine("Title", "Autumn tour", "There")])
    quiet = mails.Telling(tell=False)
    assert mails.tell(row, "reschedule", quiet, staff_user, changes=changes) == 0
    assert sent() == []
    telling = mails.Telling(note="Sorry.")
    assert mails.tell(row, "reschedule", telling, staff_user, changes=changes) == 1
    sent()
    assert mail.outbox[0].subject == found.sample.subject == "Changed: There (was: Autumn tour)"
    masked = mail.outbox[0].body.replace(str(row.registrations.get().token), "…")
    assert masked == found.sample.text, "the preview is the mail, but for the link"
    assert not Invitation.objects.filter(state="waiting").exists()


def test_nothing_is_written_by_looking(row, staff_user, django_assert_num_queries):
    register(row, staff_user, ANN)
    before = list(Invitation.objects.values_list("pk", "state"))
    of_polls = (mails.Act.ASK, mails.Act.ASK_AGAIN, mails.Act.ASK_CHANGE, mails.Act.OUTCOME)
    for act in set(mails.Act) - set(of_polls):
        mails.preview(row, act, registrations=row.registrations.all(), moderators=[])
    assert list(Invitation.objects.values_list("pk", "state")) == before


def test_the_moderators_table_says_what_became_of_their_mail(row, staff_user, client_as):
    person = assign(row, staff_user)
    page = reverse("staff:conference-people", args=[row.pk])
    assert "Mail waits" in client_as().get(page).content.decode()
    OutboxEntry.objects.filter(kind="moderator").update(state="failed", problem="No such user.")
    send()
    assert "Plenty did not accept it: No such user." in client_as().get(page).content.decode()
    sent()
    Moderator.objects.filter(pk=person.pk).update(email=ANN)
    assert f"to {DORA}" in client_as().get(page).content.decode()


def test_the_table_shows_what_somebody_got_as_a_speaker(row, staff_user, client_as):
    assign(row, staff_user)
    sent()
    register(row, staff_user)
    page = client_as("Event staff").get(reverse("staff:conference-people", args=[row.pk]))
    text = page.content.decode()
    assert "No mail" not in text
    Invitation.objects.exclude(moderator=None).exclude(state="sent").delete()
    Invitation.objects.filter(moderator=None).delete()
    for address in ("", "?rstate=unmailed"):
        page = client_as("Event staff").get(
            reverse("staff:conference-people", args=[row.pk]) + address
        )
        assert ("No mail" in page.content.decode()) is False, address
    found = page.context["registrations"].rows
    assert found == [], "they have a mail of ours"


def test_a_speaker_gets_their_own_link_though_the_guest_was_invited_first(row, staff_user):
    guest = register(row, staff_user)
    speaker = assign(row, staff_user)
    OutboxEntry.objects.exclude(kind="moderator").update(state="done")
    Registration.objects.update(registered_at=clock.now(), join_url="https://platform.example/g")
    send()
    assert [str(event["URL"]) for _, _, event in entries()] == [link(guest)]
    accept()
    send()
    (_, first), (_, second) = [(method, event) for _, method, event in entries()]
    assert str(second["URL"]) == link(speaker)
    assert int(second["SEQUENCE"]) > int(first["SEQUENCE"])


def test_a_mail_about_something_else_says_what_has_changed_without_a_word(row, staff_user):
    guest = register(row, staff_user)
    speaker = assign(row, staff_user)
    sent()
    mail.outbox.clear()
    row.refresh_from_db()
    schedule.reschedule(row, {"title": "Winter tour"}, staff_user, row.version, notify=False)
    assert not sent()
    row.refresh_from_db()
    shown = mails.preview(row, "withdraw", registrations=[guest])
    assert [(one.old, one.new) for one in shown.lines] == [("Autumn tour", "Winter tour")]
    registrations.withdraw(row, [guest.pk], staff_user, notify=True)
    sent()
    (message,) = mail.outbox
    assert message.subject == shown.sample.subject == "Changed: Winter tour (was: Autumn tour)"
    assert link(speaker) in message.body
