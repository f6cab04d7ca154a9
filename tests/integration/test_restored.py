"""A restored database repeats nothing: no second webinar, no second registration, no second mail.

A savepoint is the backup: going back to it is what a restore does, on either database.
"""

import json
from datetime import timedelta
from io import StringIO

import pytest
from django.core import mail
from django.core.management import call_command
from django.db import transaction

from integrations.base.records import Kind
from portal.common import clock
from portal.conferences import tasks as mail_tasks
from portal.conferences.audience.services import registrations
from portal.conferences.mails import services as mails
from portal.conferences.models import Conference, Invitation, PlatformChange
from portal.conferences.schedule.services import schedule
from portal.conferences.schedule.services.cancel import cancel
from portal.identity import roles
from portal.outbox import services as outbox
from portal.outbox.models import OutboxEntry
from portal.platforms import generation, lease
from portal.platforms import services as platforms
from portal.platforms.models import Generation, PlatformAccount
from portal.platforms.queries import health
from portal.sync import engine, restoring, tasks
from portal.sync.models import Conflict, PlatformLink
from portal.sync.services import choices, resolve
from tests import profiles
from tests.factories import AccountFactory, AttendeeFactory

pytestmark = pytest.mark.django_db
TITLE = "Once and no more"
SLUGS = profiles.platforms("clickmeeting", "livewebinar", "myownconference", "trueconf")
NIGHT = 8 * 3600.0
next_slugs = profiles.in_turn(SLUGS)


def on_platforms(test):
    """Each platform; in `ci` the next one."""
    return pytest.mark.parametrize("slug", next_slugs(), indirect=True)(test)


def on(**variants):
    """Each variant of what is named, with each platform; in `ci` with the next one."""
    ((name, values),) = variants.items()
    found = [(slug, value) for value in values for slug in next_slugs()]
    return pytest.mark.parametrize(("slug", name), found, indirect=["slug"])


@pytest.fixture
def file(settings, tmp_path):
    """How far the database has come stands here."""
    settings.GENERATION_FILE = str(tmp_path / "generation.json")
    return tmp_path / "generation.json"


@pytest.fixture
def unnoticed(settings):
    settings.GENERATION_FILE = ""


@pytest.fixture
def slug(request):
    return request.param


@pytest.fixture
def account(slug, db, sandbox):
    return AccountFactory(
        label=slug,
        platform=slug,
        base_url=sandbox.base_url(slug),
        credentials=sandbox.credentials(slug),
    )


def values(sandbox, account):
    start = (clock.now() + timedelta(days=9)).replace(minute=0, second=0, microsecond=0)
    found = {
        "title": TITLE,
        "starts_at": start,
        "duration_minutes": 60,
        "timezone": "Europe/Berlin",
    }
    if account.platform == "trueconf":
        found["options.owner"] = sandbox.account("trueconf").administrator
    if account.platform == "clickmeeting":
        found["registration_enabled"] = True
    return found


def work(account, times=1, seconds=400):
    """Some intervals pass, each with a sync; mails are sent."""
    for _ in range(times):
        engine.sync_account(account.pk, trigger="beat", full=True)
        mail_tasks.send_mails()
        clock.advance(seconds)


def there(account):
    """The titles of all webinars on the platform."""
    adapter = engine.open_adapter(account)
    try:
        return [
            str(record.fields["title"])
            for page in adapter.list_all(Kind.CONFERENCE)
            for record in page.records
        ]
    finally:
        adapter.close()


def resumed(account, boss):
    account.refresh_from_db()
    platforms.resume(account, boss)


@on_platforms
def test_webinars_and_mails_are_not_made_twice(account, sandbox, file, admin_user_):
    """Last night's backup was made while all of it waited."""
    generation.tick()
    row = schedule.schedule(account=account, values=values(sandbox, account), by=admin_user_)
    people = [AttendeeFactory(email=f"p{n}@example.com") for n in range(3)]
    registrations.register(row, people, by=admin_user_)
    mails.queue_invitations(row, row.registrations.all(), admin_user_)
    backup = transaction.savepoint()
    work(account, 3)
    assert there(account).count(TITLE) == 1
    sent = len(mail.outbox)
    assert sent == len(people)

    transaction.savepoint_rollback(backup)
    clock.advance(NIGHT)
    requests = len(sandbox.requests)
    work(account)
    account.refresh_from_db()
    assert account.paused, "it was noticed before anything left"
    assert len(sandbox.requests) == requests
    assert "restored" in health(account).sentence
    assert not Invitation.objects.filter(state="waiting").exists()

    resumed(account, admin_user_)
    work(account, 6)
    assert there(account).count(TITLE) == 1
    assert Conference.objects.filter(title=TITLE).count() == 1
    assert PlatformLink.objects.filter(kind="conference", local_id=row.pk, state="live").exists()
    assert len(mail.outbox) == sent


def test_who_was_registered_is_not_registered_twice(sandbox, file, admin_user_):
    account = AccountFactory(
        base_url=sandbox.base_url("clickmeeting"), credentials=sandbox.credentials("clickmeeting")
    )
    generation.tick()
    row = schedule.schedule(account=account, values=values(sandbox, account), by=admin_user_)
    work(account, 2)
    people = [AttendeeFactory(email=f"p{n}@example.com") for n in range(3)]
    registrations.register(row, people, by=admin_user_)
    backup = transaction.savepoint()
    work(account, 2)
    (room,) = sandbox.clickmeeting("demo").rooms()
    assert len(sandbox.clickmeeting("demo").registrations(room["id"])) == 3

    transaction.savepoint_rollback(backup)
    clock.advance(NIGHT)
    restoring.noticed()
    resumed(account, admin_user_)
    work(account, 4)
    found = [one["email"] for one in sandbox.clickmeeting("demo").registrations(room["id"])]
    assert sorted(found) == ["p0@example.com", "p1@example.com", "p2@example.com"]
    assert row.registrations.count() == 3


@on(answer=["this one", "none"])
def test_unnoticed_the_very_same_is_asked_about(account, sandbox, unnoticed, staff_user, answer):
    """The file was lost as well: nobody knows of the restore."""
    row = schedule.schedule(account=account, values=values(sandbox, account), by=staff_user)
    backup = transaction.savepoint()
    work(account, 2)
    assert there(account).count(TITLE) == 1
    transaction.savepoint_rollback(backup)
    clock.advance(NIGHT)
    engine.push_account(account.pk)
    work(account, 4)
    assert there(account).count(TITLE) == 1
    assert Conference.objects.count() == 1
    question = Conflict.objects.get(sort=Conflict.Sort.WHICH, local_id=row.pk, resolved_at=None)
    assert "is it the same" in question.sentence
    found = [one.value for one in choices(question)]
    resolve(question, found[0] if answer == "this one" else "none", staff_user)
    work(account, 4)
    expected = 1 if answer == "this one" else 2
    assert there(account).count(TITLE) == expected
    assert Conference.objects.count() == expected
    assert not Conflict.objects.filter(sort=Conflict.Sort.WHICH, resolved_at=None).exists()


@on_platforms
def test_an_older_one_that_is_the_same_is_not_asked_about(account, sandbox, unnoticed, staff_user):
    """It was known before ours was made: that it is another is plain."""
    wanted = values(sandbox, account)
    first = schedule.schedule(account=account, values=dict(wanted), by=staff_user)
    work(account, 2)
    schedule.schedule(account=account, values=dict(wanted), by=staff_user)
    work(account, 2)
    assert there(account).count(TITLE) == 2
    assert Conference.objects.count() == 2
    assert not Conflict.objects.exists()
    assert PlatformLink.objects.filter(local_id=first.pk, kind="conference").exists()


@on(changed=["title", "title and start"])
def test_a_create_that_had_waited_long_and_was_changed_since(
    account, sandbox, file, admin_user_, changed, monkeypatch
):
    """It left hours after it was made here, and staff changed it then: it is not made again."""
    monkeypatch.setattr(sandbox.world, "now", clock.now)  # platforms say when a webinar was made
    generation.tick()
    wanted = values(sandbox, account)
    stays = wanted | {"title": "It stays", "duration_minutes": 30}
    schedule.schedule(account=account, values=stays, by=admin_user_)
    work(account, 2)
    row = schedule.schedule(account=account, values=wanted, by=admin_user_)
    clock.advance(NIGHT)
    backup = transaction.savepoint()
    work(account, 2)
    row.refresh_from_db()
    news = {"title": "Called otherwise"}
    if changed != "title":
        news |= {"starts_at": row.starts_at + timedelta(days=1)}
    schedule.reschedule(row, news, admin_user_, row.version)
    work(account, 2)
    assert sorted(there(account)) == ["Called otherwise", "It stays"]

    transaction.savepoint_rollback(backup)
    clock.advance(NIGHT)
    call_command("after_restore", stdout=StringIO())
    resumed(account, admin_user_)
    work(account, 6)
    for question in Conflict.objects.filter(sort=Conflict.Sort.WHICH, resolved_at=None):
        assert "backup was made" in question.sentence
        assert "answer" not in question.sentence
        resolve(question, next(one.value for one in choices(question)), admin_user_)
    work(account, 4)
    assert len(there(account)) == 2
    assert Conference.objects.count() == 2


def made_and_cancelled_since(account, sandbox, boss):
    """A backup was made while a webinar waited; it was made then, and cancelled, and the backup was
    put back. Somebody is invited to it. Returns the row."""
    generation.tick()
    stays = values(sandbox, account) | {"title": "It stays, so that no listing is empty"}
    schedule.schedule(account=account, values=stays, by=boss)
    work(account, 2)
    row = schedule.schedule(account=account, values=values(sandbox, account), by=boss)
    registrations.register(row, [AttendeeFactory(email="p@example.com")], by=boss)
    backup = transaction.savepoint()
    work(account, 2)
    row.refresh_from_db()
    cancel(row, boss)
    work(account, 2)
    assert TITLE not in there(account)
    transaction.savepoint_rollback(backup)
    clock.advance(NIGHT)
    row.refresh_from_db()
    return row


@on(answer=["none", "accept_loss"])
@pytest.mark.parametrize("noticed", [True, False], ids=["noticed", "by command"])
def test_what_was_made_and_cancelled_since_is_asked_about(
    account, sandbox, file, admin_user_, noticed, answer
):
    """It is not made a second time before somebody has said so."""
    row = made_and_cancelled_since(account, sandbox, admin_user_)
    if noticed:
        work(account)
    else:
        call_command("after_restore", stdout=StringIO())
    sent = len(mail.outbox)
    resumed(account, admin_user_)
    work(account, 6)
    assert TITLE not in there(account)
    question = Conflict.objects.get(sort=Conflict.Sort.WHICH, local_id=row.pk, resolved_at=None)
    assert "made since, and deleted again" in question.sentence
    assert "lost" not in question.sentence
    assert [one.value for one in choices(question)] == ["none", "accept_loss"]
    steps = engine.sync_account(account.pk, trigger="beat", full=True).steps
    assert not steps, "it is asked once"

    resolve(question, answer, admin_user_)
    work(account, 4)
    assert there(account).count(TITLE) == (answer == "none")
    row.refresh_from_db()
    assert (row.removed_at is None) is (answer == "none")
    assert not Conflict.objects.filter(resolved_at=None).exists()
    waiting = OutboxEntry.objects.filter(state__in=["waiting", "working"])
    assert not waiting.exists()
    assert len(mail.outbox) == sent


@on_platforms
def test_the_question_stands_on_the_page(account, sandbox, file, admin_user_, client_as, url):
    made_and_cancelled_since(account, sandbox, admin_user_)
    restoring.after_restore()
    resumed(account, admin_user_)
    work(account, 4)
    page = client_as(roles.STAFF).get(url("attention")).content.decode()
    for words in ("deleted again: make it now?", "Make it", "Leave it out", "It is created on "):
        assert words in page
    assert "None of them" not in page


@on_platforms
def test_where_others_may_be_it_it_can_be_left_out_as_well(account, sandbox, file, admin_user_):
    """A colleague made another one in the panel, which is not ours."""
    row = made_and_cancelled_since(account, sandbox, admin_user_)
    restoring.after_restore()
    link = PlatformLink.objects.get(kind="conference", local_id=row.pk)
    shown = [{"id": "77", "title": "Another one"}]
    question = Conflict.objects.create(
        account=account,
        link=link,
        kind="conference",
        local_id=row.pk,
        theirs=shown,
        sort=Conflict.Sort.WHICH,
        at=clock.now(),
        sentence="Which is it?",
    )
    labels = [one.label for one in choices(question)]
    assert labels[1:] == ["None of them: make it", "None of them: leave it out"]
    resolve(question, "accept_loss", admin_user_, notify=False)
    resumed(account, admin_user_)
    work(account, 3)
    assert TITLE not in there(account)
    row.refresh_from_db()
    assert row.removed_at


@on_platforms
def test_what_is_cancelled_while_it_is_asked_about_is_no_question(
    account, sandbox, file, admin_user_
):
    row = made_and_cancelled_since(account, sandbox, admin_user_)
    restoring.after_restore()
    resumed(account, admin_user_)
    work(account, 4)
    row.refresh_from_db()
    cancel(row, admin_user_, notify=False)
    work(account, 3)
    assert not Conflict.objects.filter(resolved_at=None).exists()
    assert not PlatformLink.objects.exclude(op="").exists()
    assert TITLE not in there(account)


@on_platforms
def test_a_create_that_was_being_looked_for_is_asked_about_too(account, sandbox, file, admin_user_):
    """Its answer was lost before the backup; what was found or sent since is not known either."""
    row = made_and_cancelled_since(account, sandbox, admin_user_)
    PlatformLink.objects.create(
        account=account,
        kind=Kind.CONFERENCE,
        local_id=row.pk,
        op=PlatformLink.Op.IN_FLIGHT,
        op_at=clock.now(),
        op_sent={"title": TITLE},
        op_absences=1,
    )
    restoring.after_restore()
    resumed(account, admin_user_)
    work(account, 5)
    assert TITLE not in there(account)
    assert Conflict.objects.filter(sort=Conflict.Sort.WHICH, resolved_at=None).exists()


@on(since=["sent", "sent and undone", "never sent"])
def test_an_edit_that_waited_does_not_undo_what_was_done_since(
    account, sandbox, file, admin_user_, since
):
    """The new title waited when the backup was made."""
    generation.tick()
    row = schedule.schedule(account=account, values=values(sandbox, account), by=admin_user_)
    work(account, 2)
    row.refresh_from_db()
    schedule.reschedule(row, {"title": "New title"}, admin_user_, row.version)
    backup = transaction.savepoint()
    if since != "never sent":
        work(account, 2)
        assert there(account) == ["New title"]
    if since == "sent and undone":
        row.refresh_from_db()
        schedule.reschedule(row, {"title": TITLE}, admin_user_, row.version)
        work(account, 2)
    stands = there(account)

    transaction.savepoint_rollback(backup)
    clock.advance(NIGHT)
    call_command("after_restore", stdout=StringIO())
    call_command("after_restore", stdout=StringIO())
    resumed(account, admin_user_)
    work(account, 4)
    assert there(account) == stands
    row.refresh_from_db()
    assert row.title == stands[0]
    asked = Conflict.objects.filter(resolved_at=None, sort=Conflict.Sort.FIELD, field="title")
    assert asked.count() == (since != "sent")
    for question in asked:
        assert (question.ours, question.theirs) == ("New title", TITLE)
        assert "who changed it last is not known" in question.sentence
        resolve(question, "ours", admin_user_, notify=False)
        work(account, 2)
        assert there(account) == ["New title"]


@on(done=["moved", "cancelled"])
@pytest.mark.parametrize("noticed", [True, False], ids=["noticed", "by command"])
def test_our_own_news_are_not_told_again_as_the_platforms(
    account, sandbox, file, admin_user_, done, noticed
):
    """The account tells people of changes there by itself; this one was ours, and they know it."""
    account.changes_there = PlatformAccount.ChangesThere.TELL
    account.save()
    generation.tick()
    row = schedule.schedule(account=account, values=values(sandbox, account), by=admin_user_)
    registrations.register(row, [AttendeeFactory(email="p@example.com")], by=admin_user_)
    another = values(sandbox, account) | {"title": "It stays, so that no listing is empty"}
    schedule.schedule(account=account, values=another, by=admin_user_)
    work(account, 2)
    backup = transaction.savepoint()
    row.refresh_from_db()
    if done == "moved":
        later = row.starts_at + timedelta(days=1)
        schedule.reschedule(row, {"starts_at": later}, admin_user_, row.version)
    else:
        cancel(row, admin_user_)
    work(account, 3)
    sent = len(mail.outbox)
    assert sent

    transaction.savepoint_rollback(backup)
    clock.advance(NIGHT)
    if noticed:
        work(account)
    else:
        call_command("after_restore", stdout=StringIO())
    account.refresh_from_db()
    assert "only after somebody was asked" in account.paused_why
    restoring.after_restore()  # twice does no harm
    account.refresh_from_db()
    assert "only after somebody was asked" in account.paused_why
    resumed(account, admin_user_)
    work(account, 6)
    assert len(mail.outbox) == sent
    asked = PlatformChange if done == "moved" else Conflict
    open_ = {"decided_at": None} if done == "moved" else {"resolved_at": None, "sort": "gone"}
    assert asked.objects.filter(**open_).exists()


# what the command puts in doubt -------------------------------------------------------------------


@pytest.fixture
def plain(db):
    return AccountFactory()


def test_actions_that_waited_are_not_done_again(plain):
    waiting = outbox.add(plain, "conference", 7, verb="send_invitations")
    edit = outbox.add(plain, "conference", 8)
    call_command("after_restore", stdout=StringIO())
    waiting.refresh_from_db()
    edit.refresh_from_db()
    assert waiting.state == OutboxEntry.State.UNKNOWN
    assert "not known" in waiting.problem
    assert edit.state == OutboxEntry.State.WAITING


def test_a_worker_that_outlived_the_restore_can_write_nothing(plain):
    mine = lease.claim(plain.pk)
    restoring.after_restore()
    with pytest.raises(lease.LeaseLost), mine.commit():
        pass


def test_paused_accounts_say_why_until_they_are_resumed(plain, admin_user_):
    restoring.after_restore()
    plain.refresh_from_db()
    assert "restored" in health(plain).sentence
    platforms.resume(plain, admin_user_)
    plain.refresh_from_db()
    assert (plain.paused, plain.paused_why) == (False, "")


# how it is noticed --------------------------------------------------------------------------------


def test_the_clock_of_the_syncs_notices_it_by_itself(plain, file):
    tasks.enqueue_due()
    backup = transaction.savepoint()
    for _ in range(3):
        tasks.enqueue_due()
    transaction.savepoint_rollback(backup)
    assert not PlatformAccount.objects.get().paused
    tasks.enqueue_due()
    assert PlatformAccount.objects.get().paused


def test_no_mail_leaves_before_it_is_noticed(plain, file):
    tasks.enqueue_due()
    backup = transaction.savepoint()
    tasks.enqueue_due()
    transaction.savepoint_rollback(backup)
    assert mail_tasks.send_mails() == 0
    assert not generation.tick(), "the sync is still to draw what follows from it"


def test_who_saw_it_at_the_same_moment_does_not_pause_again_what_runs(
    plain, file, admin_user_, monkeypatch
):
    for _ in range(3):
        generation.tick()
    Generation.objects.update(number=1)
    assert restoring.noticed()
    resumed(plain, admin_user_)
    monkeypatch.setattr(generation, "tick", lambda: False)  # a worker that asked before the first
    assert not restoring.noticed()
    plain.refresh_from_db()
    assert not plain.paused


def test_it_is_noticed_once(plain, file, admin_user_):
    for _ in range(3):
        generation.tick()
    Generation.objects.update(number=1)
    assert restoring.noticed()
    resumed(plain, admin_user_)
    assert not restoring.noticed()
    assert not PlatformAccount.objects.get().paused


def test_another_database_is_not_taken_for_an_older_one(plain, file):
    for _ in range(5):
        assert generation.tick()
    Generation.objects.all().delete()
    assert generation.tick()
    assert len(json.loads(file.read_text())) == 2


@pytest.mark.parametrize("text", ["", "[]", '{"a": "b"}', "{", '{"a": 5}'])
def test_a_file_that_cannot_be_read_stops_nothing(plain, file, text):
    file.write_text(text)
    assert generation.tick()
    assert generation.tick()


def test_a_file_that_cannot_be_written_stops_nothing(plain, settings, tmp_path, caplog):
    settings.GENERATION_FILE = str(tmp_path / "nowhere" / "generation.json")
    assert generation.tick()
    assert generation.tick()
    assert "cannot be written" in caplog.text


@pytest.mark.parametrize("role", [roles.STAFF, roles.ADMINISTRATOR])
def test_what_needs_attention_says_why_nothing_goes_on(plain, client_as, url, role):
    restoring.after_restore()
    page = client_as(role).get(url("attention")).content.decode()
    assert "The database was restored from a backup" in page
    assert ("has to do this" in page) is (role == roles.STAFF)
