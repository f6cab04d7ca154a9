"""A colleague changes a webinar in the platform's own panel: staff decide who hears of it."""

from datetime import timedelta

import pytest
from django.core import mail

from portal.common import clock, roles
from portal.conferences import platform_changes, tasks
from portal.conferences.models import Change, PlatformChange
from portal.conferences.services import audience, invite, mails, schedule
from portal.outbox.models import OutboxEntry
from portal.staff.presenters import words
from portal.sync import engine, queries
from tests.integration.test_five_platforms import connect

pytestmark = pytest.mark.django_db
WRITES = ["clickmeeting", "livewebinar", "myownconference", "trueconf"]
DAY = timedelta(days=1)


def settle(account, rounds=3):
    for _ in range(rounds):
        OutboxEntry.objects.filter(state="waiting").update(not_before=clock.now())
        engine.push_account(account.pk)
        engine.sync_account(account.pk, full=True)


def book(account, by, title="Autumn tour", **values):
    start = (clock.now() + timedelta(days=3)).replace(minute=0, second=0, microsecond=0)
    given = {"title": title, "starts_at": start, "duration_minutes": 45,
             "timezone": "Europe/Berlin", "description": "All that is new."}  # fmt: skip
    row = schedule.schedule(account=account, by=by, values=given | values)
    settle(account)
    row.refresh_from_db()
    return row


def invited(row, by, who="Ann Example <ann@example.org>"):
    invite.send(row, audience.gather(who), by=by)
    settle(row.account)
    tasks.send_mails()
    mail.outbox.clear()
    row.refresh_from_db()
    return row


def edit(sandbox, account, what, title="Autumn tour", **values):
    """Something that a colleague does in the platform's own panel."""
    platform, theirs = sandbox.world.platform(account.platform), sandbox.account(account.platform)
    thing = next(one for one in platform.things(theirs) if one.title == title)
    wanted = next(one for one in platform.edits if one.name == what)
    wanted.apply(theirs, thing.id, values)


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
        assert "Nothing needs you" not in shown
        assert f"Moved on {account.platform_name} from" in shown
        assert f"Tell {words.people(mails.audience_size(row))}?" in shown


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
