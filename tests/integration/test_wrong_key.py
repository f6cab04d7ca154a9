"""Without the key that secrets were written with: said on the pages, and nothing is lost."""

import pytest
from cryptography.fernet import Fernet
from django.conf import settings as conf
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.urls import reverse

from portal.common import checks
from portal.common.errors import NotPossible
from portal.common.fields import is_unreadable
from portal.conferences.models import Conference
from portal.identity import roles
from portal.platforms import services
from portal.platforms.models import PlatformAccount
from portal.sync import engine, tasks
from portal.sync.models import SyncRun
from tests.factories import ConferenceFactory, RegistrationFactory

pytestmark = pytest.mark.django_db
SAID = "CREDENTIALS_KEYS"
RIGHT = conf.CREDENTIALS_KEYS


@pytest.fixture
def locked(account, sandbox, settings):
    """An account with a webinar, and then the wrong key."""
    sandbox.clickmeeting().add_room("Quarterly results")
    engine.sync_account(account.pk, full=True)
    row = Conference.objects.get()
    Conference.objects.filter(pk=row.pk).update(password="room-secret-77")
    RegistrationFactory(conference=row)
    settings.CREDENTIALS_KEYS = [Fernet.generate_key().decode()]
    return PlatformAccount.objects.get()


def test_every_page_opens_and_the_accounts_page_says_it(locked, client_as, url):
    browser = client_as(roles.ADMINISTRATOR)
    browser.user.is_staff = browser.user.is_superuser = True
    browser.user.save()
    row = Conference.objects.get()
    pages = [
        url("home"),
        url("accounts"),
        url("account", locked.pk),
        url("account-edit", locked.pk),
        url("attention"),
        url("conferences"),
        url("conference", row.pk),
        url("calendar"),
        url("conference-people", row.pk),
        url("conference-edit", row.pk),
        url("schedule"),
        url("conference-live", row.pk),
        url("conference-content", row.pk),
        url("conference-recordings", row.pk),
        url("conference-move", row.pk),
        url("account-ask", locked.pk),
        url("invite", row.pk),
        url("groups"),
        reverse("admin:platforms_platformaccount_changelist"),
        reverse("admin:platforms_platformaccount_change", args=[locked.pk]),
        reverse("admin:conferences_conference_change", args=[row.pk]),
    ]
    for page in pages:
        assert browser.get(page).status_code == 200, page
    for page in (url("accounts"), url("account", locked.pk)):
        assert SAID in browser.get(page).content.decode(), page


def test_whatever_is_asked_for_is_answered_by_a_sentence(locked, client_as, url, user_as):
    browser = client_as(roles.ADMINISTRATOR)
    row = Conference.objects.get()
    for page in (
        url("account-test", locked.pk),
        url("account-sync", locked.pk),
        url("account-dry-run", locked.pk),
    ):
        assert browser.post(page, follow=True).status_code == 200, page
    answer = browser.get(url("ask", "conference", row.pk, "files"))
    assert SAID in answer.content.decode()
    assert not services.test_connection(locked, user_as(roles.ADMINISTRATOR)).ok
    with pytest.raises(NotPossible):
        services.consent_address(locked, "x", "y", user_as(roles.ADMINISTRATOR))


def test_workers_say_it_and_ask_nothing(locked, sandbox):
    before = len(sandbox.requests)
    tasks.sync(locked.pk)
    tasks.push(locked.pk)
    tasks.enqueue_waiting()
    tasks.enqueue_due()
    run = SyncRun.objects.order_by("-id").first()
    assert run.outcome == SyncRun.Outcome.FAILED
    assert SAID in run.problem
    assert len(sandbox.requests) == before
    locked.refresh_from_db()
    assert locked.state == PlatformAccount.State.CONNECTED, "nobody has refused anything"
    assert locked.runtime.lease_until is None


def test_with_the_right_key_everything_is_there_again(locked, settings, client_as, url, user_as):
    browser = client_as(roles.ADMINISTRATOR)
    browser.post(url("account-pause", locked.pk), {"paused": "1"})
    browser.post(url("account-pause", locked.pk), {"paused": "0"})
    for row in PlatformAccount.objects.all():
        assert is_unreadable(row.credentials)
        row.save()
    for conference in Conference.objects.all():
        assert is_unreadable(conference.password)
        conference.save()
    with pytest.raises(ImproperlyConfigured):
        call_command("rotate_credentials")
    settings.CREDENTIALS_KEYS = RIGHT
    assert PlatformAccount.objects.get().credentials["api_key"]
    assert Conference.objects.get().password == "room-secret-77"
    assert engine.sync_account(locked.pk).outcome == SyncRun.Outcome.OK


def test_new_credentials_can_be_entered_instead(locked, sandbox, user_as):
    saved = services.connect(
        platform="clickmeeting",
        label=locked.label,
        account=locked,
        credentials=sandbox.credentials("clickmeeting"),
        by=user_as(roles.ADMINISTRATOR),
    )
    assert not is_unreadable(PlatformAccount.objects.get(pk=saved.pk).credentials)


def test_a_password_that_cannot_be_read_is_not_taken_for_none(account, sandbox, settings):
    row = ConferenceFactory(account=account, password="room-secret-77", access="password")
    old = settings.CREDENTIALS_KEYS
    settings.CREDENTIALS_KEYS = [Fernet.generate_key().decode()]
    stored = account.credentials
    account.credentials = dict(stored)
    account.save()
    run = engine.sync_account(account.pk, full=True)
    assert SAID in run.problem
    settings.CREDENTIALS_KEYS = old
    assert Conference.objects.get(pk=row.pk).password == "room-secret-77"


def test_check_finds_it(locked):
    assert [found.id for found in checks.stored_secrets()] == ["lectern.E007"]


def test_check_is_content_with_the_right_key(account):
    assert checks.stored_secrets() == []
