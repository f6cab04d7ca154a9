"""A colleague changes a webinar in the platform's own panel: staff decide who hears of it."""

from datetime import timedelta

import pytest
from django.core import mail

from portal.common import clock
from portal.conferences import tasks
from portal.conferences.audience.services import invite
from portal.conferences.mails import services as mails
from portal.conferences.mails.services import news
from portal.conferences.models import Change, PlatformChange
from portal.conferences.people.services import selection
from portal.conferences.schedule.services import platform_changes, schedule
from portal.identity import roles
from portal.staff.presenters import words
from portal.sync import queries
from portal.sync.services import transfer
from tests import profiles
from tests.factories import AccountFactory
from tests.integration.test_five_platforms import connect
from tests.support.mails import book, edit
from tests.support.syncing import settle

pytestmark = pytest.mark.django_db
WRITES = profiles.platforms("clickmeeting", "livewebinar", "myownconference", "trueconf")
DAY = timedelta(days=1)


def invited(row, by, who="Ann Example <ann@example.org>"):
    invite.send(row, selection.gather(who), by=by)
    settle(row.account)
    tasks.send_mails()
    mail.outbox.clear()
    row.refresh_from_db()
    return row


def written_to():
    return {message.to[0].rpartition("<")[2].strip(">") for message in mail.outbox}


def text(response):
    return response.content.decode()


@pytest.mark.parametrize("slug", WRITES)
def test_moved_there_staff_are_asked_and_nobody_hears_unasked(
    slug, sandbox, staff_user, client_as, url
):
    account = connect(sandbox, slug, users="yes")
    row = invited(book(account, staff_user), staff_user)
    before, sequence = row.starts_at, row.sequence
    edit(sandbox, account, "move", days="2")
    settle(account)
    clock.advance(3600)
    tasks.send_mails()
    row.refresh_from_db()
    assert row.starts_at == before + 2 * DAY
    assert row.sequence > sequence
    assert not mail.outbox
    change = PlatformChange.objects.get()
    assert set(change.before) == {"starts_at"}
    assert queries.attention_count() == 1
    for page in ("attention", "home"):
        shown = text(client_as(roles.STAFF).get(url(page)))
        assert "Nothing needs your attention" not in shown
        assert f"Moved on {account.platform_name} from" in shown
        assert f"Notify {words.people(len(mails.must_hear(row, mails.Act.RESCHEDULE)))}?" in shown


@pytest.mark.parametrize("slug", WRITES)
def test_another_title_there_is_asked_about_too(slug, sandbox, staff_user):
    account = connect(sandbox, slug, users="yes")
    invited(book(account, staff_user), staff_user)
    edit(sandbox, account, "rename", name="Winter tour")
    settle(account)
    change = platform_changes.waiting().get()
    assert (change.before, change.after) == ({"title": "Autumn tour"}, {"title": "Winter tour"})


def test_several_changes_there_are_one_question_with_the_oldest_value(account, sandbox, staff_user):
    row = invited(book(account, staff_user), staff_user)
    first = row.starts_at
    for days in ("1", "2"):
        edit(sandbox, account, "move", days=days)
        settle(account)
    edit(sandbox, account, "rename", name="Winter tour")
    settle(account)
    row.refresh_from_db()
    change = platform_changes.waiting().get()
    assert change.before["starts_at"] == first.strftime("%Y-%m-%dT%H:%M:%SZ")
    assert change.after["starts_at"] == (first + 3 * DAY).strftime("%Y-%m-%dT%H:%M:%SZ")
    assert change.after["title"] == row.title == "Winter tour"


def test_changed_back_there_the_question_closes_itself(account, sandbox, staff_user):
    invited(book(account, staff_user), staff_user)
    for days in ("2", "-2"):
        edit(sandbox, account, "move", days=days)
        settle(account)
    assert PlatformChange.objects.get().decision == PlatformChange.Decision.UNDONE
    assert queries.attention_count() == 0


def test_what_nobody_would_hear_of_is_not_asked(account, sandbox, staff_user):
    book(account, staff_user)
    edit(sandbox, account, "move", days="2")
    settle(account)
    assert not PlatformChange.objects.exists(), "nobody takes part"
    invited(book(account, staff_user, title="Another one"), staff_user)
    edit(sandbox, account, "status", title="Another one")
    settle(account)
    assert not PlatformChange.objects.exists(), "a closed room is no other date"


def test_over_or_cancelled_the_question_is_none_any_more(account, sandbox, staff_user):
    row = invited(book(account, staff_user), staff_user)
    edit(sandbox, account, "move", days="2")
    settle(account)
    assert queries.attention_count() == 1
    clock.advance(10 * DAY.total_seconds())
    assert queries.attention_count() == 0
    assert platform_changes.undecided(row) is None


def test_an_edit_of_ours_that_theirs_overruled_never_came_true(account, sandbox, staff_user):
    """People know the old date, so the question runs from that to theirs."""
    row = invited(book(account, staff_user), staff_user)
    known = row.starts_at
    edit(sandbox, account, "move", days="2")
    schedule.reschedule(row, {"starts_at": known + 5 * DAY}, staff_user, row.version)
    settle(account)
    tasks.send_mails()
    change = platform_changes.waiting().get()
    assert change.before["starts_at"] == known.strftime("%Y-%m-%dT%H:%M:%SZ")
    assert change.after["starts_at"] == (known + 2 * DAY).strftime("%Y-%m-%dT%H:%M:%SZ")


def test_an_account_may_be_set_to_tell_nobody(account, sandbox, staff_user):
    account.changes_there = account.ChangesThere.NEVER
    account.save()
    row = invited(book(account, staff_user), staff_user)
    edit(sandbox, account, "move", days="2")
    settle(account)
    tasks.send_mails()
    assert not mail.outbox
    assert queries.attention_count() == 0
    line = Change.objects.get(action="people not told")
    assert (line.conference, line.actor) == (row, None)


def asked_about(account, sandbox, by, who="Ann Example <ann@example.org>"):
    row = invited(book(account, by), by, who)
    edit(sandbox, account, "move", days="2")
    settle(account)
    row.refresh_from_db()
    return row, platform_changes.waiting().get()


def test_the_question_shows_the_card_and_told_those_hear(account, sandbox, client_as, url):
    staff = client_as(roles.STAFF)
    row, change = asked_about(account, sandbox, staff.user, "ann@example.org bob@example.org")
    here = url("platform-change", change.pk)
    page = text(staff.get(here))
    assert "Notify 2 people?" in page
    assert "Moved on ClickMeeting from" in page
    assert 'id="send-preview"' in page
    assert "Moved on ClickMeeting from" in text(staff.get(url("conference", row.pk)))
    staff.post(here)
    tasks.send_mails()
    assert not mail.outbox, "nobody has answered yet"
    answer = staff.post(here, {"tell": "yes", "note": "Sorry."}, follow=True)
    assert "2 people will be notified now." in text(answer)
    tasks.send_mails()
    assert written_to() == {"ann@example.org", "bob@example.org"}
    assert len(mail.outbox) == 2
    assert all("Sorry." in one.body and one.subject.startswith("Changed") for one in mail.outbox)
    change.refresh_from_db()
    assert (change.decision, change.decided_by) == ("told", staff.user)
    assert queries.attention_count() == 0
    assert "settled meanwhile" in text(staff.post(here, {"tell": "yes"}, follow=True))
    settle(account)
    tasks.send_mails()
    assert len(mail.outbox) == 2


def test_left_at_that_nobody_hears(account, sandbox, client_as, url):
    staff = client_as(roles.STAFF)
    row, change = asked_about(account, sandbox, staff.user)
    staff.post(url("platform-change", change.pk), {"tell": "no"})
    settle(account)
    tasks.send_mails()
    assert not mail.outbox
    assert queries.attention_count() == 0
    line = Change.objects.get(action="people not told")
    assert (line.conference, line.actor) == (row, staff.user)


def test_viewers_read_the_question_and_cannot_answer(account, sandbox, staff_user, client_as, url):
    _, change = asked_about(account, sandbox, staff_user)
    viewer = client_as(roles.VIEWER)
    here = url("platform-change", change.pk)
    assert viewer.get(here).status_code == 200
    assert viewer.post(here, {"tell": "yes"}).status_code == 403
    assert platform_changes.waiting().exists()


def test_an_account_may_be_set_to_tell_people_by_itself(account, sandbox, staff_user):
    account.changes_there = account.ChangesThere.TELL
    account.save()
    row = invited(book(account, staff_user), staff_user)
    edit(sandbox, account, "move", days="2")
    settle(account)
    tasks.send_mails()
    assert written_to() == {"ann@example.org"}
    assert len(mail.outbox) == 1
    assert queries.attention_count() == 0
    line = Change.objects.get(action="people told")
    assert (line.conference, line.actor, line.source) == (row, None, account.label)


@pytest.mark.parametrize("slug", WRITES)
def test_deleted_there_staff_are_asked_and_those_who_are_told_hear_of_the_end(
    slug, sandbox, client_as, url
):
    staff = client_as(roles.STAFF)
    account = connect(sandbox, slug, users="yes")
    book(account, staff.user, title="Another one")
    row = invited(book(account, staff.user), staff.user)
    edit(sandbox, account, "delete")
    settle(account)
    clock.advance(3600)
    settle(account)
    tasks.send_mails()
    row.refresh_from_db()
    assert row.gone_at is not None
    assert not mail.outbox
    assert queries.attention_count() == 1
    page = text(staff.get(url("conference-gone", row.pk) + "?choice=cancel"))
    assert f"Notify {words.people(len(mails.must_hear(row, mails.Act.CANCEL)))}?" in page
    staff.post(url("conference-gone", row.pk), {"choice": "cancel", "tell": "yes"})
    tasks.send_mails()
    assert "ann@example.org" in written_to()
    assert all(one.subject.startswith("Cancelled") for one in mail.outbox)
    assert queries.attention_count() == 0


def test_deleted_there_people_hear_by_itself_where_the_account_is_set_so(
    account, sandbox, staff_user
):
    account.changes_there = account.ChangesThere.TELL
    account.save()
    book(account, staff_user, title="Another one")
    row = invited(book(account, staff_user), staff_user)
    edit(sandbox, account, "delete")
    settle(account)
    tasks.send_mails()
    row.refresh_from_db()
    assert row.state == row.State.CANCELLED
    assert written_to() == {"ann@example.org"}
    assert queries.attention_count() == 0
    assert queries.line("conference", row.pk).conflict_id is None, "there is nothing to decide"
    settle(account)
    tasks.send_mails()
    assert len(mail.outbox) == 1


def test_an_edit_here_answers_what_was_open_with_the_value_that_people_know(
    account, sandbox, staff_user
):
    row, _ = asked_about(account, sandbox, staff_user)
    known = row.starts_at - 2 * DAY
    telling = mails.Telling(note="Once and for all.")
    later = row.starts_at + DAY
    schedule.reschedule(row, {"starts_at": later}, staff_user, row.version, notify=telling)
    assert PlatformChange.objects.get().decision == "told"
    settle(account)
    tasks.send_mails()
    assert len(mail.outbox) == 1
    assert f"{known.astimezone(news.zone_of(row)):%-d %B}" in mail.outbox[0].body
    assert queries.attention_count() == 0


def test_an_edit_here_that_brings_back_what_people_know_asks_nothing(account, sandbox, staff_user):
    row, _ = asked_about(account, sandbox, staff_user)
    known = row.starts_at - 2 * DAY
    schedule.reschedule(row, {"starts_at": known}, staff_user, row.version)
    assert PlatformChange.objects.get().decision == "undone"
    settle(account)
    tasks.send_mails()
    assert not mail.outbox
    assert queries.attention_count() == 0


def test_the_setting_is_on_the_accounts_own_form(account, client_as, url):
    admin = client_as(roles.ADMINISTRATOR)
    page = text(admin.get(url("account-edit", account.pk)))
    assert "When a webinar is changed on the platform itself" in page
    data = {
        "label": account.label,
        "base_url": account.base_url,
        "interval_minutes": "5",
        "changes_there": "tell",
        "untested": "1",
    }
    admin.post(url("account-edit", account.pk), data)
    account.refresh_from_db()
    assert account.changes_there == "tell"
    assert "Notify people automatically" in text(admin.get(url("account", account.pk)))


def test_a_change_back_to_what_people_know_makes_nobody_hear(
    account, sandbox, staff_user, client_as, url
):
    row = invited(book(account, staff_user), staff_user)
    schedule.reschedule(row, {"title": "Winter tour"}, staff_user, row.version, notify=False)
    settle(account)
    edit(sandbox, account, "rename", title="Winter tour", name="Autumn tour")
    settle(account)
    change = platform_changes.waiting().get()
    staff = client_as(roles.STAFF)
    for page in (url("attention"), url("platform-change", change.pk)):
        assert "Nobody has to be notified" in text(staff.get(page))
    staff.post(url("platform-change", change.pk), {"do": "yes"})
    assert not platform_changes.waiting().exists()
    tasks.send_mails()
    assert not mail.outbox


def test_who_hears_of_a_move_reads_what_was_changed_there(account, sandbox, staff_user):
    other = AccountFactory(
        label="Second",
        base_url=sandbox.base_url("clickmeeting"),
        credentials=sandbox.credentials("clickmeeting", "academy"),
    )
    row = invited(book(account, staff_user), staff_user)
    edit(sandbox, account, "rename", name="Winter tour")
    settle(account)
    row.refresh_from_db()
    transfer.move(row, other, staff_user)
    assert PlatformChange.objects.get().decision == PlatformChange.Decision.TOLD
    settle(other)
    tasks.send_mails()
    (message,) = mail.outbox
    assert message.subject == "Changed: Winter tour (was: Autumn tour)"
