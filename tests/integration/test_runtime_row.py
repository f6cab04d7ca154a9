"""What the machine writes about an account stands beside what an administrator sets; and secrets
are decrypted only where they are used."""

from importlib import import_module
from types import SimpleNamespace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from portal.common import clock, fields
from portal.conferences.models import Conference
from portal.identity import roles
from portal.platforms import services
from portal.platforms.models import AccountRuntime, PlatformAccount
from portal.sync import engine
from tests.factories import AccountFactory, ConferenceFactory

pytestmark = pytest.mark.django_db
KEY = "a-very-secret-key-0123456789"


@pytest.fixture
def boss(user_as):
    return user_as(roles.ADMINISTRATOR)


@pytest.fixture
def decrypted(monkeypatch):
    """What is decrypted from here on."""
    opened = []
    before = fields.Sealed.open

    def noted(sealed):
        opened.append(sealed.written)
        return before(sealed)

    monkeypatch.setattr(fields.Sealed, "open", noted)
    return opened


def test_both_rows_are_made_and_go_together(boss):
    row = services.connect(
        platform="clickmeeting", label="Main", credentials={"api_key": KEY}, by=boss
    )
    assert AccountRuntime.objects.get().account == row
    services.remove(row, boss)
    assert not AccountRuntime.objects.exists()


def test_no_sync_writes_to_what_an_administrator_sets(account, sandbox):
    sandbox.clickmeeting().add_room("Quarterly results")
    with CaptureQueriesContext(connection) as statements:
        run = engine.sync_account(account.pk, full=True)
    assert run.calls
    written = [one["sql"] for one in statements if one["sql"].startswith(("UPDATE", "INSERT"))]
    assert any('"platforms_accountruntime"' in sql for sql in written)
    table = '"platforms_platformaccount"'
    assert not [
        sql for sql in written if sql.startswith((f"UPDATE {table}", f"INSERT INTO {table}"))
    ]


def test_every_setting_is_saved_and_an_older_copy_undoes_none(account, boss):
    """A service saves the whole row, as it stands then."""
    old = PlatformAccount.objects.get(pk=account.pk)
    services.set_interval(account, 17, boss)
    AccountRuntime.objects.update(rate_tat=5.0)
    services.pause(old, boss)
    stored = PlatformAccount.objects.get(pk=account.pk)
    assert (stored.paused, stored.interval_minutes, stored.runtime.rate_tat) == (True, 17, 5.0)


def test_an_account_and_its_runtime_are_one_statement(django_assert_num_queries):
    for _ in range(3):
        AccountFactory()
    with django_assert_num_queries(1):
        assert [row.runtime.fail_count for row in PlatformAccount.objects.all()] == [0, 0, 0]


def test_the_migration_carries_over_what_stands(account):
    """Moving the values needs no key: tokens go over as they were written."""
    migration = import_module("portal.platforms.migrations.0007_runtime")
    moment = clock.now()
    AccountRuntime.objects.update(lease_fence=7, synced_at=moment, tokens={"access_token": KEY})
    given = AccountRuntime.objects.values("pk", *migration.MOVED).get()
    AccountRuntime.objects.all().delete()

    class Before:
        """The account's model as it was: with the values in its own row."""

        objects = SimpleNamespace(
            using=lambda alias: SimpleNamespace(
                order_by=lambda name: SimpleNamespace(values=lambda *names: [dict(given)])
            )
        )

    models = {"PlatformAccount": Before, "AccountRuntime": AccountRuntime}
    found = SimpleNamespace(get_model=lambda app, name: models[name])
    migration.move(found, SimpleNamespace(connection=connection))
    now = AccountRuntime.objects.get()
    assert (now.pk, now.lease_fence, now.synced_at) == (account.pk, 7, moment)
    assert now.tokens == {"access_token": KEY}


def test_the_administration_shows_it_to_be_read_only(account, client_as):
    browser = client_as(roles.ADMINISTRATOR)
    browser.user.is_staff = True
    browser.user.save()
    AccountRuntime.objects.update(
        problem="No answer came.", lease_owner="worker-7", tokens={"access_token": KEY}
    )
    page = reverse("admin:platforms_platformaccount_change", args=[account.pk])
    shown = browser.get(page).content.decode()
    assert "No answer came." in shown
    assert "worker-7" in shown
    assert KEY not in shown
    assert 'name="problem"' not in shown
    assert 'name="lease_owner"' not in shown


def test_lists_decrypt_nothing(account, client_as, url, decrypted):
    browser = client_as(roles.ADMINISTRATOR)
    browser.user.is_staff = browser.user.is_superuser = True
    browser.user.save()
    AccountRuntime.objects.update(tokens={"access_token": KEY}, synced_at=clock.now())
    ConferenceFactory(account=account, password="room-secret-77", access="password")
    pages = [url(name) for name in ("home", "accounts", "conferences", "calendar", "attention")]
    pages += [url("account", account.pk), url("conference", Conference.objects.get().pk)]
    pages.append(reverse("admin:platforms_platformaccount_changelist"))
    pages.append(reverse("admin:platforms_platformaccount_change", args=[account.pk]))
    pages.append(reverse("admin:conferences_conference_changelist"))
    for page in pages:
        assert browser.get(page).status_code == 200, page
        assert decrypted == [], page


def test_joins_and_saving_decrypt_nothing(account, decrypted):
    ConferenceFactory(account=account, password="room-secret-77")
    row = Conference.objects.select_related("account__runtime").get()
    row.account.label = "Another label"
    row.account.save()
    row.save()
    assert decrypted == []
    assert row.password == "room-secret-77"
    assert row.account.credentials == account.credentials
    assert len(decrypted) == 2


def test_a_text_from_before_keys_had_marks_is_read_all_the_same(account):
    marked = PlatformAccount.objects.values_list("credentials", flat=True).get().written
    bare = marked.rpartition(".")[2]
    with connection.cursor() as cursor:
        cursor.execute("UPDATE platforms_platformaccount SET credentials = %s", [bare])
    stored = PlatformAccount.objects.get()
    assert not fields.lacks_key(stored, "credentials")
    assert stored.credentials == account.credentials
