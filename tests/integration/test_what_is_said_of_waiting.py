"""What pages say of things that wait: while nobody sends, nothing is called on its way."""

from datetime import timedelta

import pytest

from portal.common import clock
from portal.conferences.models import Conference, Invitation
from portal.identity import roles
from portal.outbox.models import OutboxEntry
from portal.platforms import breaker
from portal.platforms.models import AccountRuntime, PlatformAccount
from portal.sync.models import SyncRun
from tests.factories import AccountFactory, ConferenceFactory, RegistrationFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def account(db):
    return AccountFactory(label="Main", synced_at=clock.now(), interval_minutes=5)


def seen(answer):
    return answer.content.decode()


def pause(account):
    PlatformAccount.objects.filter(pk=account.pk).update(paused=True)


def refuse(account):
    breaker.rejected(account, "The key is wrong.")


def cut(account):
    for _ in range(3):
        breaker.failed(account, "The server cannot be reached.")


def stop_the_worker(account):
    clock.advance(3600)


TROUBLES = [pause, refuse, cut, stop_the_worker]


def typed(account, **more):
    return {
        "account": account.pk,
        "title": "Autumn tour",
        "timezone": "Europe/Berlin",
        "date": f"{clock.now() + timedelta(days=3):%Y-%m-%d}",
        "time": "10:00",
        "duration_minutes": 60,
        "room_type": "webinar",
        "access": "open",
    } | more


@pytest.mark.parametrize("trouble", TROUBLES)
def test_a_webinar_is_not_being_told_while_nobody_tells(account, client_as, url, trouble):
    trouble(account)
    client = client_as(roles.STAFF)
    review = seen(client.get(url("schedule")))
    assert "as soon as you schedule it" not in review
    assert "is made when that account works again" in review
    page = seen(client.post(url("schedule"), typed(account, schedule="yes"), follow=True))
    assert "Scheduled. Main is told when it works again." in page
    assert "being told now" not in page
    assert "On its way" not in page


@pytest.mark.parametrize("trouble", TROUBLES)
def test_other_acts_say_so_too(account, client_as, url, trouble):
    client = client_as(roles.STAFF)
    row = ConferenceFactory(account=account)
    failed = OutboxEntry.objects.create(
        account=account,
        kind="conference",
        local_id=row.pk,
        state="failed",
        problem="No.",
        created_at=clock.now(),
        not_before=clock.now(),
    )
    trouble(account)
    delayed = "Main is told when it works again."
    answers = [
        client.post(url("entry-retry", failed.pk), follow=True),
        client.post(url("conference-open", row.pk), {"open": "no"}, follow=True),
        client.post(url("conference-cancel", row.pk), {"do": "yes"}, follow=True),
    ]
    assert Conference.objects.get(pk=row.pk).removed_at
    assert [delayed in seen(one) for one in answers] == [True] * 3


def test_while_all_is_well_the_platform_is_being_told(account, client_as, url):
    client = client_as(roles.STAFF)
    page = seen(client.post(url("schedule"), typed(account, schedule="yes"), follow=True))
    assert "ClickMeeting is being told now." in page
    assert "On its way to Main." in page


@pytest.fixture
def mail(account):
    row = ConferenceFactory(account=account)
    registration = RegistrationFactory(conference=row, join_url="https://example.com/room")
    return Invitation.objects.create(
        conference=row,
        registration=registration,
        not_before=clock.now(),
        act="invite",
        to_email=registration.attendee.email,
    )


def pages(client, url, mail):
    names = [
        ("home",),
        ("attention",),
        ("conference-mails", mail.conference_id),
        ("invite-progress", mail.conference_id),
    ]
    return {name: seen(client.get(url(name, *args))) for name, *args in names}


WELL = ("Nothing needs your attention", "no mail is stuck")


def test_a_mail_that_nobody_sends_is_said(mail, account, client_as, url):
    client = client_as(roles.STAFF)
    assert all("mail worker" not in page for page in pages(client, url, mail).values())
    clock.advance(16 * 60)
    AccountRuntime.objects.update(synced_at=clock.now())
    for name, page in pages(client, url, mail).items():
        assert "Mails have waited for 16 minutes and nothing sends them" in page, name
        assert not [words for words in WELL if words in page], name


def test_a_mail_server_that_takes_nothing_is_said(mail, client_as, url):
    mail.attempts, mail.problem = 1, "The mail server cannot be reached."
    mail.not_before = clock.now() + timedelta(minutes=5)
    mail.save()
    for name, page in pages(client_as(roles.STAFF), url, mail).items():
        assert "1 mail waits. The mail server cannot be reached." in page, name
        assert not [words for words in WELL if words in page], name


def test_a_dry_run_that_nobody_takes_up_is_said(account, client_as, url):
    run = SyncRun.objects.create(
        account=account, trigger=SyncRun.DRY_RUN, full=True, started_at=clock.now()
    )
    client = client_as(roles.STAFF)
    assert "Waiting to start" in seen(client.get(url("run", run.pk)))
    clock.advance(61)
    assert "No worker has begun with it" in seen(client.get(url("run", run.pk)))
    AccountRuntime.objects.update(lease_until=clock.now() + timedelta(seconds=60))
    SyncRun.objects.update(calls=3)
    assert "Checking, without changing" in seen(client.get(url("run", run.pk)))
    clock.advance(61)
    assert "The worker that was at it has stopped" in seen(client.get(url("run", run.pk)))


def test_many_late_accounts_are_one_sentence(account, client_as, url):
    AccountFactory(label="Second", synced_at=clock.now())
    AccountFactory(label="Third", synced_at=clock.now(), paused=True)
    stop_the_worker(account)
    page = seen(client_as(roles.STAFF).get(url("attention")))
    assert "2 accounts are not synced" in page
    assert "Not synced lately: Main, Second." in page
    assert page.count("worker is running") == 1
    assert "until an administrator resumes it" in page


def test_an_account_that_is_left_alone_is_not_due_now(account, client_as, url):
    cut(account)
    page = seen(client_as(roles.STAFF).get(url("accounts")))
    assert "as soon as a worker is free" not in page
    assert "Synced" not in page.replace("Synced data", "")


def test_a_form_that_showed_another_account_is_looked_at_again(account, client_as, url):
    other = AccountFactory(label="Other", synced_at=clock.now())
    client = client_as(roles.STAFF)
    answer = client.post(url("schedule"), typed(other, schedule="yes", shown=account.pk))
    assert answer.status_code == 422
    assert "showed another account" in seen(answer)
    assert 'value="Autumn tour"' in seen(answer)
    assert not Conference.objects.exists()
    client.post(url("schedule"), typed(other, schedule="yes", shown=other.pk))
    assert Conference.objects.get().account == other
