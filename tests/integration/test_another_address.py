"""An address that was changed there is a question; one that was corrected here holds, also where
the platform takes no change of it."""

from datetime import timedelta

import pytest
from django.core import mail

from portal.common import clock
from portal.conferences.audience.services import moderators, registrations
from portal.conferences.models import Attendee, Change, Invitation, Moderator
from portal.conferences.people.services import people
from portal.conferences.schedule.services import cancel, schedule
from portal.identity import roles
from portal.sync import queries
from portal.sync.models import Conflict
from tests.integration.test_five_platforms import connect
from tests.support.mails import TITLE, book, edit, invited, send, written_to
from tests.support.syncing import settle

pytestmark = pytest.mark.django_db
OLD, NEW = "ann@example.org", "ann.new@example.org"


@pytest.fixture
def account(sandbox):
    return connect(sandbox, "trueconf", users="yes")


@pytest.fixture
def row(account, staff_user):
    made = book(account, staff_user)
    invited(made, f"Ann Example <{OLD}>", staff_user)
    return made


def readdress(sandbox, account, email, was=OLD):
    theirs = sandbox.account("trueconf")
    theirs.edit_user(next(u["id"] for u in theirs.users() if u["email"] == was), email=email)
    settle(account)
    send()


def speaks(row, sandbox, staff_user):
    """A second speaker, who has had the invitation."""
    role = moderators.role_choices(row.account)[-1][0]
    sandbox.account("trueconf").add_user("two", "Two Host", email="two@example.org")
    moderators.assign(
        row, email="two@example.org", name="Two Host", role=role, by=staff_user, notify=True
    )
    settle(row.account)
    send()


def asked():
    return Conflict.objects.filter(sort=Conflict.Sort.ADDRESS, resolved_at=None)


@pytest.mark.parametrize("answer", ["yes", "no"])
def test_another_address_there_is_asked_about(row, account, sandbox, client_as, url, answer):
    readdress(sandbox, account, NEW)
    assert Attendee.objects.get().email == NEW
    assert not mail.outbox, "nobody hears unasked"
    question = asked().get()
    assert f"from {OLD} to {NEW}" in question.sentence
    staff = client_as(roles.STAFF)
    assert str(question.sentence) in staff.get(url("attention")).content.decode()
    address = url("conflict-resolve", question.pk)
    page = staff.post(address, {"choice": "invite"}).content.decode()
    assert f"Notify {NEW}?" in page
    assert f"Invitation: {TITLE}" in page
    assert asked().exists(), "not before the answer"
    staff.post(address, {"choice": "invite", "tell": answer})
    settle(account)
    send()
    assert written_to() == ({NEW: [f"Invitation: {TITLE}"]} if answer == "yes" else {})
    assert queries.attention_count() == 0


def test_nothing_is_sent_where_staff_say_so_at_once(row, account, sandbox, client_as, url):
    readdress(sandbox, account, NEW)
    client_as(roles.STAFF).post(url("conflict-resolve", asked().get().pk), {"choice": "leave"})
    send()
    assert not mail.outbox
    assert not asked()


def test_back_at_the_old_address_there_is_nothing_to_ask(row, account, sandbox):
    readdress(sandbox, account, NEW)
    readdress(sandbox, account, OLD, NEW)
    assert not asked()
    assert not mail.outbox


def test_who_was_never_written_to_is_not_asked_about(account, sandbox, staff_user):
    made = book(account, staff_user)
    sandbox.account("trueconf").add_user("ann", "Ann Example", email=OLD)
    invited(made, f"Ann Example <{OLD}>", staff_user)
    Invitation.objects.all().delete()
    readdress(sandbox, account, NEW)
    assert not asked()


@pytest.mark.parametrize(
    ("setting", "told"), [("tell", {NEW: [f"Invitation: {TITLE}"]}), ("never", {})]
)
def test_the_accounts_setting_decides_about_addresses_too(row, account, sandbox, setting, told):
    account.changes_there = setting
    account.save()
    readdress(sandbox, account, NEW)
    assert written_to() == told
    assert queries.attention_count() == 0
    readdress(sandbox, account, OLD, NEW)
    assert not asked()


def test_a_speaker_with_another_address_there_is_asked_about(
    row, account, sandbox, client_as, url, staff_user
):
    speaks(row, sandbox, staff_user)
    mail.outbox.clear()
    readdress(sandbox, account, "two.new@example.org", "two@example.org")
    assert Moderator.objects.filter(email="two.new@example.org").exists()
    assert not mail.outbox
    address = url("conflict-resolve", asked().get().pk)
    client_as(roles.STAFF).post(address, {"choice": "invite", "tell": "yes"})
    send()
    assert written_to() == {"two.new@example.org": [f"Invitation: {TITLE}"]}


def test_who_got_another_name_here_can_be_withdrawn(sandbox, staff_user):
    """Their name on the platform is ours by then: nobody has changed the registration there."""
    account = connect(sandbox, "myownconference")
    made = book(account, staff_user)
    invited(made, f"Ann Example <{OLD}>", staff_user)
    people.update(Attendee.objects.get(), {"first_name": "Anna"}, staff_user, notify=False)
    settle(account)
    registrations.withdraw(made, [made.registrations.get().pk], staff_user, notify=True)
    settle(account)
    send()
    assert made.registrations.get().removed_at is not None
    assert written_to() == {OLD: [f"Cancelled: {TITLE}"]}
    assert queries.attention_count() == 0


@pytest.mark.parametrize("slug", ["clickmeeting", "livewebinar", "myownconference", "trueconf"])
def test_a_correction_here_holds_also_where_the_platform_refuses_it(slug, sandbox, staff_user):
    account = connect(sandbox, slug, users="yes")
    made = book(account, staff_user)
    invited(made, f"Ann Example <{OLD}>", staff_user)
    people.update(Attendee.objects.get(email=OLD), {"email": NEW}, staff_user, notify=True)
    settle(account)
    send()
    assert written_to() == {NEW: [f"Invitation: {TITLE}"]}
    assert made.registrations.get().attendee.email == NEW
    for conflict in Conflict.objects.filter(resolved_at=None):
        assert conflict.winner == "ours"
        assert str(conflict.sentence).endswith("keeps its own; ours is used here.")
    undone = Change.objects.filter(action="changed there", after__email=OLD)
    assert not undone.exists(), "and the history says nothing else"
    mail.outbox.clear()
    made.refresh_from_db()
    schedule.reschedule(made, {"title": "Winter tour"}, staff_user, made.version, notify=True)
    settle(account)
    send()
    assert NEW in written_to()
    assert OLD not in written_to()
    edit(sandbox, account, "rename", "Winter tour", name="Spring tour")
    settle(account)
    assert made.registrations.get().attendee.email == NEW
    assert Conflict.objects.filter(resolved_at=None).count() <= 1, "said once"


@pytest.mark.parametrize("end", ["over", "cancelled", "written to"])
def test_a_question_ends_when_its_answer_would_send_nothing(
    end, row, account, sandbox, client_as, url, staff_user
):
    readdress(sandbox, account, NEW)
    assert queries.attention_count() == 1
    if end == "over":
        clock.advance(timedelta(days=4).total_seconds())
    elif end == "cancelled":
        cancel.cancel(row, staff_user, notify=False)
    else:
        registrations.resend(row, [row.registrations.get().pk], staff_user)
    assert queries.attention_count() == 0
    assert "the address was changed" not in client_as().get(url("attention")).content.decode()
    settle(account)
    assert not asked(), "and a sync writes it down"
    assert queries.line("attendee", Attendee.objects.get().pk).state != "conflict"
    send()
    assert NEW not in written_to() or end == "written to"


def test_a_speakers_question_ends_too(row, account, sandbox, staff_user):
    speaks(row, sandbox, staff_user)
    readdress(sandbox, account, "two.new@example.org", "two@example.org")
    assert queries.attention_count() == 1
    clock.advance(timedelta(days=4).total_seconds())
    assert queries.attention_count() == 0
    settle(account)
    assert not asked()


def test_what_a_platform_keeps_is_no_question_once_the_webinar_is_over(sandbox, staff_user):
    account = connect(sandbox, "clickmeeting")
    made = book(account, staff_user)
    invited(made, f"Ann Example <{OLD}>", staff_user)
    people.update(Attendee.objects.get(email=OLD), {"email": NEW}, staff_user, notify=False)
    settle(account)
    assert queries.attention_count() == 1
    clock.advance(timedelta(days=4).total_seconds())
    assert queries.attention_count() == 0
