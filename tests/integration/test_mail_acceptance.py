"""Every act that sends mail, with a platform that accepts, refuses, is down, or was edited itself.

Mails are counted from the inbox. Nothing may leave before the platform has what it speaks of.
"""

from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail

from portal.common.errors import NotPossible
from portal.conferences.audience.services import invite, moderators, registrations
from portal.conferences.mails import services as mails
from portal.conferences.mails.services import lost
from portal.conferences.models import Invitation, Registration
from portal.conferences.people.services import selection
from portal.conferences.schedule.services import cancel, schedule
from portal.outbox.models import OutboxEntry
from portal.platforms.models import AccountRuntime, PlatformAccount
from portal.sync.models import Conflict, PlatformLink
from portal.sync.services import entries, resolve
from tests.integration.test_five_platforms import connect
from tests.profiles import in_turn, pairs, platforms
from tests.support.mails import (
    NO,
    TITLE,
    address_of,
    book,
    edit,
    invited,
    planned,
    refusing,
    send,
    written_to,
)
from tests.support.syncing import settle

pytestmark = pytest.mark.django_db
ANN, SOL, HOST = "ann@example.org", "sol@example.org", "hanna.host@example.org"
FOUR = platforms("clickmeeting", "livewebinar", "myownconference", "trueconf")
# Where somebody can register on the platform's own page, and the listing shows it.
OWN_PAGE = platforms("clickmeeting", "myownconference", "trueconf")
UNSENT = {"waiting", "held"}


next_of_four = in_turn(FOUR)


def on_all(test):
    """Each act is tried on all four, in `ci` one after the other; the rarer fates on two."""
    return pytest.mark.parametrize("slug", next_of_four(), indirect=True)(test)


@pytest.fixture(params=platforms("clickmeeting", "myownconference"))
def slug(request):
    return request.param


@pytest.fixture
def account(slug, sandbox):
    return connect(sandbox, slug, users="yes")


@pytest.fixture
def row(account, staff_user):
    """It stands on its platform; a speaker and an invited person have heard of it."""
    role = moderators.role_choices(account)[0][0]
    people = [{"email": HOST, "name": "Hanna Host", "role": role}]
    made = planned(account, staff_user, people=people)
    book(account, staff_user, title="Another one")
    invited(made, f"Ann Example <{ANN}>", staff_user)
    return made


def everyone(row):
    """Ann and the speakers: Hanna, and on some platforms the account's owner."""
    return {ANN, *row.moderators.values_list("email", flat=True)}


def states():
    return set(Invitation.objects.filter(state__in=UNSENT).values_list("state", flat=True))


def later(row, **hours):
    return {"starts_at": row.starts_at + timedelta(**(hours or {"hours": 24}))}


def move(row, by, values=None, **choice):
    row.refresh_from_db()
    return schedule.reschedule(row, values or later(row), by, row.version, **choice)


def back_up(sandbox):
    """The platform answers again, and is asked at once."""
    sandbox.faults.clear()
    AccountRuntime.objects.update(open_until=None, blocked_until=None)


def taken_at_the_second_try(account, by, monkeypatch, act):
    """Who hears once the platform ends what it refused to end at first; before that nobody."""
    with refusing(monkeypatch, "delete"):
        act()
        send()
        assert not mail.outbox
        settle(account)
        send()
        assert not mail.outbox
        assert states() == {"held"}
    for entry in OutboxEntry.objects.filter(state="failed"):
        entries.retry(entry, by)
    settle(account)
    send()
    return written_to()


# Accepted -----------------------------------------------------------------------------------


@on_all
def test_a_move_is_told_once_the_platform_has_it(row, account, staff_user):
    moved = move(row, staff_user)
    send()
    assert not mail.outbox, "nothing has been accepted yet"
    settle(account)
    send()
    assert set(written_to()) == everyone(row)
    when = f"{mails.news.short_when(moved)}"
    for message in mail.outbox:
        assert message.subject == f"Changed: {TITLE} — new time: {when}"
        assert mails.news.when(row) in message.body, "the time before"
        assert mails.news.when(moved) in message.body, "the time now"
    send()
    assert len(mail.outbox) == len(everyone(row)), "once"


@on_all
def test_a_cancellation_is_told_once_the_platform_has_deleted(row, account, staff_user):
    cancel.cancel(row, staff_user, "ill", True)
    send()
    assert not mail.outbox
    settle(account)
    send()
    assert written_to() == {address: [f"Cancelled: {TITLE}"] for address in everyone(row)}
    assert all("ill" in message.body for message in mail.outbox)


@on_all
def test_an_invitation_leaves_once_the_platform_has_the_person(row, account, staff_user):
    invite.send(row, selection.gather("bob@example.org"), by=staff_user)
    send()
    assert not mail.outbox
    settle(account)
    send()
    assert written_to() == {"bob@example.org": [f"Invitation: {TITLE}"]}


@on_all
def test_a_speaker_is_invited_with_a_link_of_their_own(row, account, staff_user):
    role = moderators.role_choices(account)[-1][0]
    two = {"email": "two@example.org", "name": "Two Host", "role": role, "by": staff_user}
    person = moderators.assign(row, **two)
    send()
    assert not mail.outbox
    settle(account)
    send()
    assert written_to() == {"two@example.org": [f"Invitation: {TITLE}"]}
    assert str(person.token) in mail.outbox[0].body


# Refused ------------------------------------------------------------------------------------


@on_all
def test_nobody_hears_of_a_move_that_was_refused(row, account, staff_user, monkeypatch):
    with refusing(monkeypatch, "update"):
        move(row, staff_user, {"title": "Firmware 4.3"})
        invite.send(row, selection.gather("bob@example.org"), by=staff_user)
        settle(account)
        send()
    assert not mail.outbox, "no change notice, and no invitation with a title that is not there"
    held = Invitation.objects.filter(state="held")
    assert held.count() == len(everyone(row)) + 1
    assert all(NO in letter.problem for letter in held)


def test_a_refused_move_is_told_when_it_goes_through_later(row, account, staff_user, monkeypatch):
    with refusing(monkeypatch, "update"):
        move(row, staff_user)
        settle(account)
        send()
    entry = OutboxEntry.objects.get(state="failed")
    entries.retry(entry, staff_user)
    send()
    assert not mail.outbox
    settle(account)
    send()
    assert set(written_to()) == everyone(row)


def test_a_refused_move_that_is_taken_back_is_never_told(row, account, staff_user, monkeypatch):
    before = {"starts_at": row.starts_at}
    with refusing(monkeypatch, "update"):
        move(row, staff_user)
        settle(account)
        send()
    move(row, staff_user, before)
    settle(account)
    send()
    assert not mail.outbox
    dropped = Invitation.objects.filter(state="dropped", purpose="update")
    assert {letter.problem for letter in dropped} == {"It was changed back before this was sent."}


def test_a_refused_move_is_replaced_by_one_that_is_taken(row, account, staff_user, monkeypatch):
    first = mails.news.when(row)
    with refusing(monkeypatch, "update"):
        move(row, staff_user)
        settle(account)
        send()
    between = mails.news.when(type(row).objects.get(pk=row.pk))
    moved = move(row, staff_user)
    settle(account)
    send()
    assert sorted(map(address_of, mail.outbox)) == sorted(everyone(row)), "one each"
    for message in mail.outbox:
        assert first in message.body
        assert between not in message.body, "they never heard of that time"
        assert mails.news.when(moved) in message.body


def test_staff_may_tell_them_anyway(row, account, staff_user, viewer_user, monkeypatch):
    with refusing(monkeypatch, "update"):
        move(row, staff_user)
        settle(account)
        send()
        entry = OutboxEntry.objects.get(state="failed")
        assert lost.waiting_for(entry).count() == len(everyone(row))
        assert lost.tell_anyway(entry, staff_user) == len(everyone(row))
        send()
    assert set(written_to()) == everyone(row)
    with pytest.raises(NotPossible):
        lost.tell_anyway(entry, staff_user)


@on_all
def test_a_cancellation_that_was_refused_is_not_told(row, account, staff_user, monkeypatch):
    def act():
        cancel.cancel(row, staff_user, "ill", True)

    heard = taken_at_the_second_try(account, staff_user, monkeypatch, act)
    assert set(heard) == everyone(row)


@on_all
def test_who_was_refused_gets_no_invitation(row, account, staff_user, monkeypatch):
    with refusing(monkeypatch, "create"):
        invite.send(row, selection.gather("bob@example.org"), by=staff_user)
        settle(account)
        send()
    assert not mail.outbox
    assert NO in Invitation.objects.get(state="held").problem
    for entry in OutboxEntry.objects.filter(state="failed"):
        entries.retry(entry, staff_user)
    settle(account)
    send()
    assert set(written_to()) == {"bob@example.org"}


# Down, paused -------------------------------------------------------------------------------


def test_while_the_platform_is_down_nobody_hears(row, account, sandbox, staff_user):
    sandbox.faults.add("unavailable", platform=account.platform)
    first = mails.news.when(row)
    move(row, staff_user)
    settle(account, 1)
    send()
    moved = move(row, staff_user, later(row, hours=48))
    settle(account, 1)
    send()
    assert not mail.outbox
    assert states() == {"waiting"}
    back_up(sandbox)
    settle(account)
    send()
    assert sorted(map(address_of, mail.outbox)) == sorted(everyone(row)), "one each"
    for message in mail.outbox:
        assert first in message.body
        assert mails.news.when(moved) in message.body


def test_what_is_changed_back_while_the_platform_is_down_is_never_told(
    row, account, sandbox, staff_user
):
    sandbox.faults.add("unavailable", platform=account.platform)
    before = {"title": row.title, "starts_at": row.starts_at}
    move(row, staff_user, later(row) | {"title": "Firmware 4.3"})
    settle(account, 1)
    move(row, staff_user, before)
    back_up(sandbox)
    settle(account)
    send()
    assert not mail.outbox


def test_a_cancellation_waits_while_the_account_is_paused(row, account, staff_user):
    PlatformAccount.objects.update(paused=True)
    cancel.cancel(row, staff_user, "", True)
    settle(account, 1)
    send()
    assert not mail.outbox
    PlatformAccount.objects.update(paused=False)
    settle(account)
    send()
    assert set(written_to()) == everyone(row)


# The colleague's change wins ------------------------------------------------------------------


@on_all
def test_where_the_colleagues_time_wins_nobody_hears_of_ours(row, account, sandbox, staff_user):
    move(row, staff_user)
    edit(sandbox, account, "move", days="5")
    settle(account)
    send()
    assert Conflict.objects.filter(field="starts_at", resolved_at=None).exists()
    assert not mail.outbox
    assert {letter.problem for letter in Invitation.objects.filter(state="dropped")} == {
        "Another value took the place of the one that this would have told."
    }
    first = mails.news.when(row)
    conflict = Conflict.objects.get(field="starts_at", resolved_at=None)
    resolve(conflict, "ours", staff_user, notify=True)
    settle(account)
    send()
    assert set(written_to()) == everyone(row)
    for message in mail.outbox:
        assert first in message.body, "what they know is the time before both changes"


def test_of_two_changes_the_one_that_holds_is_told(row, account, sandbox, staff_user):
    moved = move(row, staff_user, later(row) | {"title": "Firmware 4.3"})
    edit(sandbox, account, "rename", name="Firmware 5")
    settle(account)
    send()
    moved.refresh_from_db()
    assert moved.title == "Firmware 5"
    assert set(written_to()) == everyone(row)
    for message in mail.outbox:
        assert "4.3" not in message.subject + message.body
        assert mails.news.when(moved) in message.body


@on_all
def test_a_cancellation_that_a_colleagues_edit_undid_is_not_told(row, account, sandbox, staff_user):
    edit(sandbox, account, "rename", name="Autumn tour, extended")
    cancel.cancel(row, staff_user, "ill", True)
    settle(account)
    send()
    row.refresh_from_db()
    assert row.removed_at is None
    assert not mail.outbox
    conflict = Conflict.objects.get(sort=Conflict.Sort.DELETE)
    resolve(conflict, "ours", staff_user, notify=True)
    settle(account)
    send()
    assert set(written_to()) == everyone(row), "now it is true, and they have not heard yet"


def test_what_is_gone_there_is_a_cancellation_that_was_accepted(row, account, sandbox, staff_user):
    edit(sandbox, account, "delete")
    cancel.cancel(row, staff_user, "", True)
    settle(account)
    send()
    assert set(written_to()) == everyone(row)


def test_what_is_put_back_there_again_and_again_is_not_told(row, account, staff_user):
    """Something over there keeps undoing our title: it is not sent any more, so nobody hears."""
    link = PlatformLink.objects.get(kind="conference", local_id=row.pk)
    link.flips = {"title": ["Firmware 4.3", TITLE, 3]}
    link.save()
    move(row, staff_user, {"title": "Firmware 4.3"})
    settle(account)
    send()
    conflict = Conflict.objects.get(sort=Conflict.Sort.FLIP, resolved_at=None)
    assert not mail.outbox
    assert states() == {"held"}
    resolve(conflict, "theirs", staff_user)
    settle(account)
    send()
    assert not mail.outbox
    assert not states()
    invite.send(row, selection.gather("bob@example.org"), by=staff_user)
    settle(account)
    send()
    assert set(written_to()) == {"bob@example.org"}, "what holds can be told"


def test_an_old_refusal_does_not_hold_back_the_end_of_what_is_gone(
    row, account, sandbox, staff_user, monkeypatch
):
    with refusing(monkeypatch, "update"):
        move(row, staff_user, {"title": "Firmware 4.3"})
        settle(account, 1)
    edit(sandbox, account, "delete")
    for _ in range(3):
        settle(account, 1)
    row.refresh_from_db()
    assert row.gone_at
    cancel.accept_gone(row, staff_user)
    send()
    assert written_to() == {address: [f"Cancelled: {TITLE}"] for address in everyone(row)}


# Who hears ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("slug", "act"), pairs(OWN_PAGE, ["reschedule", "cancel"]), indirect=["slug"]
)
def test_who_registered_on_the_platforms_page_hears_like_all(
    act, row, account, sandbox, staff_user
):
    names = {"first_name": "Sol", "last_name": "Self", "name": "Sol Self"}
    edit(sandbox, account, "register", email=SOL, **names)
    settle(account)
    assert Registration.objects.get(attendee__email=SOL).origin == "platform"
    row.refresh_from_db()
    counted = mails.preview(
        row, act, changes={"title": (row.title, "New")} if act != "cancel" else None
    )
    if act == "cancel":
        cancel.cancel(row, staff_user, "", True)
    else:
        move(row, staff_user, {"title": "New"})
    settle(account)
    send()
    assert set(written_to()) == everyone(row) | {SOL} == {one.email for one in counted.recipients}
    assert counted.count == len(mail.outbox)
    begins = "Cancelled: " if act == "cancel" else "Changed: New (was: "
    assert written_to()[SOL][0].startswith(begins), "never an invitation"


def test_dont_tell_is_obeyed(row, account, staff_user):
    quiet = mails.Telling(tell=False)
    move(row, staff_user, notify=quiet)
    settle(account)
    send()
    cancel.cancel(row, staff_user, "", quiet)
    settle(account)
    send()
    assert not mail.outbox


def test_own_words_stand_in_every_mail(row, account, staff_user):
    move(row, staff_user, notify=mails.Telling(note="The speaker's train is late."))
    settle(account)
    send()
    assert len(mail.outbox) == len(everyone(row))
    assert all("train is late" in message.body for message in mail.outbox)


def test_who_waits_for_an_invitation_gets_that_alone(row, account, sandbox, staff_user):
    sandbox.faults.add("unavailable", platform=account.platform)
    invite.send(row, selection.gather("bob@example.org"), by=staff_user)
    move(row, staff_user, {"title": "Firmware 4.3"})
    back_up(sandbox)
    settle(account)
    send()
    assert written_to()["bob@example.org"] == ["Invitation: Firmware 4.3"]
    assert len(mail.outbox) == len(everyone(row)) + 1


def test_a_cancellation_drops_an_invitation_that_has_not_left(row, account, sandbox, staff_user):
    sandbox.faults.add("unavailable", platform=account.platform)
    invite.send(row, selection.gather("bob@example.org"), by=staff_user)
    cancel.cancel(row, staff_user, "", True)
    back_up(sandbox)
    settle(account)
    send()
    assert set(written_to()) == everyone(row)


@pytest.mark.parametrize("slug", ["livewebinar"], indirect=True)
def test_nobody_hears_of_a_time_that_the_platform_cannot_take(account, staff_user):
    row = book(account, staff_user, starts_at=datetime(2094, 10, 30, 12, tzinfo=UTC))
    invited(row, f"Ann Example <{ANN}>", staff_user)
    second = datetime(2094, 10, 31, 1, 30, tzinfo=UTC)  # 02:30 for the second time that night
    schedule.reschedule(row, {"starts_at": second}, staff_user, row.version)
    settle(account)
    send()
    assert OutboxEntry.objects.filter(state="failed").exists(), "the platform refuses it"
    assert not mail.outbox


@pytest.mark.parametrize("slug", ["myownconference", "trueconf"], indirect=True)
def test_a_withdrawal_is_told_once_the_platform_has_it(row, account, staff_user, monkeypatch):
    def act():
        person = row.registrations.get(attendee__email=ANN)
        registrations.withdraw(row, [person.pk], staff_user, notify=True)

    heard = taken_at_the_second_try(account, staff_user, monkeypatch, act)
    assert heard == {ANN: [f"Cancelled: {TITLE}"]}


@pytest.mark.parametrize("slug", ["clickmeeting", "livewebinar"], indirect=True)
def test_a_withdrawal_that_no_platform_hears_of_is_told_at_once(row, account, staff_user):
    registrations.withdraw(
        row, [row.registrations.get(attendee__email=ANN).pk], staff_user, notify=True
    )
    send()
    assert written_to() == {ANN: [f"Cancelled: {TITLE}"]}


@pytest.mark.parametrize("slug", ["myownconference"], indirect=True)
def test_a_speaker_who_is_taken_off_is_told_once_the_platform_has_done_so(
    row, account, staff_user, monkeypatch
):
    two = {"email": "two@example.org", "name": "Two Host", "role": "presenter", "by": staff_user}
    person = moderators.assign(row, **two, notify=True)
    settle(account)
    send()
    mail.outbox.clear()

    def act():
        moderators.unassign(person, staff_user, notify=True)

    heard = taken_at_the_second_try(account, staff_user, monkeypatch, act)
    assert heard == {"two@example.org": [f"Cancelled: {TITLE}"]}


def test_a_name_or_role_alone_makes_no_mail(row, account, staff_user):
    person = row.moderators.get(email=HOST)
    try:
        moderators.change(person, name="Hanna M. Host", role=person.role, by=staff_user)
    except NotPossible:
        pytest.skip("the platform cannot follow")
    settle(account)
    send()
    assert not mail.outbox


def test_to_change_back_what_was_never_told_asks_nobody_and_tells_nobody(
    row, account, sandbox, staff_user
):
    sandbox.faults.add("unavailable")
    start = row.starts_at
    move(row, staff_user, {"title": "Winter tour"} | later(row))
    back = {"title": ("Winter tour", TITLE)}
    assert mails.preview(row, "reschedule", changes=back).count == 0
    found = mails.preview(row, "reschedule", changes={"title": ("Winter tour", "Spring tour")})
    assert found.count == len(everyone(row))
    assert [(line.old, line.new) for line in found.lines] == [(TITLE, "Spring tour")]
    assert f"Changed: Spring tour (was: {TITLE})" in found.sample.subject
    move(row, staff_user, {"title": TITLE}, notify=False)
    sandbox.faults.clear()
    settle(account)
    send()
    subjects = {subject for some in written_to().values() for subject in some}
    assert written_to().keys() == everyone(row)
    assert all(one.startswith(f"Changed: {TITLE} — new time") for one in subjects), subjects
    row.refresh_from_db()
    move(row, staff_user, {"starts_at": start}, notify=False)  # they were told of the other time
    assert mails.preview(
        row, "reschedule", changes={"starts_at": (start + timedelta(hours=24), start)}
    ).count == len(everyone(row))


@pytest.mark.parametrize("slug", ["myownconference"], indirect=True)
def test_who_stays_in_another_role_hears_of_a_withdrawal_once_the_platform_has_it(
    row, account, staff_user, monkeypatch
):
    role = moderators.role_choices(account)[-1][0]
    moderators.assign(row, email=ANN, name="Ann Example", role=role, by=staff_user, notify=False)
    settle(account)

    def act():
        person = row.registrations.get(attendee__email=ANN)
        registrations.withdraw(row, [person.pk], staff_user, notify=True)

    heard = taken_at_the_second_try(account, staff_user, monkeypatch, act)
    assert heard == {ANN: [f"Changed: {TITLE}"]}
