"""Connecting an account: what is stored, what is kept, what is refused, and that it is tested."""

import logging
from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.db import connection

from portal.common import clock
from portal.common.errors import NotAllowed, NotPossible
from portal.identity import roles
from portal.platforms import breaker, budget, services
from portal.platforms.models import AccountRuntime, PlatformAccount
from tests.factories import AccountFactory, ConferenceFactory

pytestmark = pytest.mark.django_db
State = PlatformAccount.State
KEY = "a-very-secret-key-0123456789"


@pytest.fixture
def boss(user_as):
    return user_as(roles.ADMINISTRATOR)


def connect(by, **values):
    given = {"platform": "clickmeeting", "label": "Main", "credentials": {"api_key": KEY}}
    return services.connect(**(given | values), by=by)


def refused(by, **values):
    with pytest.raises(NotPossible) as caught:
        connect(by, **values)
    assert caught.value.sentence
    return caught.value.field_errors


def test_a_new_account_is_due_at_once_and_its_secret_is_encrypted(boss):
    row = connect(boss)
    assert row.base_url == "https://api.clickmeeting.com/v1"
    assert row.credentials == {"api_key": KEY}
    assert row.runtime.next_sync_at <= clock.now()
    with connection.cursor() as cursor:
        cursor.execute("SELECT credentials FROM platforms_platformaccount")
        assert KEY not in cursor.fetchone()[0]
    entry = LogEntry.objects.get()
    assert (entry.user, entry.object_repr) == (boss, "Main")
    assert KEY not in str(vars(entry))


def test_only_an_administrator_connects(staff_user, viewer_user, account):
    for person in (staff_user, viewer_user):
        for act in (
            lambda by: connect(by),
            lambda by: services.pause(account, by),
            lambda by: services.resume(account, by),
            lambda by: services.set_interval(account, 9, by),
            lambda by: services.test_connection(account, by),
            lambda by: services.remove(account, by),
        ):
            with pytest.raises(NotAllowed):
                act(person)
    assert PlatformAccount.objects.get() == account


@pytest.mark.parametrize(
    "address",
    [
        "ftp://example.com/v1",
        "example.com",
        "https://",
        "https://user:secret@example.com/v1",
        "https://example.com/v1?key=1",
        "https://example.com/#part",
        "https://exa mple.com",
        "https://example.com:99999/",
        "https://example.com/\x07",
        "javascript:alert(1)",
        "https://[::1",
        "https://@example.com",
        "https://example.com/v1?",
        "https://" + "a" * 400,
        "//example.com",
        "file:///etc/passwd",
        "https://example.com:0/",
    ],
)
def test_an_address_that_cannot_be_one_is_refused(boss, address):
    errors = refused(boss, base_url=address)
    assert list(errors) == ["base_url"]
    assert "secret" not in str(errors)
    assert not PlatformAccount.objects.exists()


@pytest.mark.parametrize("address", ["http://127.0.0.1:8010/v1/", "https://own.example.com/api"])
def test_an_address_of_ones_own_is_taken_without_the_last_slash(boss, address):
    assert connect(boss, base_url=address).base_url == address.rstrip("/")


def test_each_problem_stands_beside_its_field(boss):
    AccountFactory(label="Taken")
    errors = refused(
        boss,
        label="tAKEN",
        credentials={"api_key": " ", "nonsense": "x"},
        options={"contacts": "perhaps"},
        interval_minutes=0,
        requests_per_minute=0,
    )
    assert set(errors) == {
        "label",
        "credential_api_key",
        "credential_nonsense",
        "option_contacts",
        "interval_minutes",
        "requests_per_minute",
    }
    assert PlatformAccount.objects.count() == 1


@pytest.mark.parametrize("label", ["", "   ", "x" * 81])
def test_a_label_is_needed_and_fits(boss, label):
    assert "label" in refused(boss, label=label)


def test_an_unknown_platform_is_named_with_the_known_ones(boss):
    with pytest.raises(NotPossible, match="clickmeeting"):
        connect(boss, platform="nosuch")


def test_a_blank_secret_keeps_the_old_one_and_nothing_else_is_reset(boss):
    row = connect(boss)
    PlatformAccount.objects.update(state=State.REJECTED)
    AccountRuntime.objects.update(problem="refused", fail_count=2)
    changed = connect(boss, account=row, label="Other", credentials={"api_key": ""})
    assert (changed.label, changed.credentials) == ("Other", {"api_key": KEY})
    stored = PlatformAccount.objects.get()
    assert stored.state == State.REJECTED
    assert (stored.runtime.fail_count, stored.runtime.problem) == (2, "refused")


def test_new_credentials_reset_state_and_breaker(boss):
    row = connect(boss)
    later = clock.now() + timedelta(hours=1)
    PlatformAccount.objects.update(state=State.REJECTED)
    AccountRuntime.objects.update(
        problem="refused", fail_count=9, open_until=later, next_sync_at=later
    )
    connect(boss, account=row, credentials={"api_key": "another-key"})
    stored = PlatformAccount.objects.get()
    assert stored.state == State.CONNECTED
    assert (stored.runtime.problem, stored.runtime.fail_count) == ("", 0)
    assert stored.runtime.open_until is None
    assert stored.runtime.next_sync_at <= clock.now()
    assert stored.credentials == {"api_key": "another-key"}


def test_a_change_never_touches_what_a_worker_keeps_in_the_row(boss):
    row = connect(boss)
    until = clock.now() + timedelta(seconds=60)
    AccountRuntime.objects.update(
        lease_owner="worker", lease_until=until, lease_fence=7, rate_tat=5.0
    )
    connect(boss, account=row, label="Other", credentials={"api_key": "another-key"})
    services.pause(row, boss)
    stored = PlatformAccount.objects.get()
    now = stored.runtime
    assert (now.lease_owner, now.lease_fence, now.rate_tat) == ("worker", 7, 5.0)
    assert (stored.label, stored.paused) == ("Other", True)


def test_a_stored_secret_is_not_sent_to_another_server_unasked(boss):
    row = connect(boss)
    blank = {"api_key": ""}
    errors = refused(
        boss, account=row, base_url="https://elsewhere.example.com/v1", credentials=blank
    )
    assert list(errors) == ["credential_api_key"]
    same = "https://API.clickmeeting.com:443/v2"
    assert connect(boss, account=row, base_url=same, credentials=blank).credentials
    moved = connect(boss, account=row, base_url="https://elsewhere.example.com/v1")
    assert moved.base_url == "https://elsewhere.example.com/v1"


def test_a_refused_change_leaves_the_given_row_as_it_was(boss):
    row = connect(boss)
    refused(boss, account=row, label="", base_url="nonsense")
    assert (row.label, row.base_url) == ("Main", "https://api.clickmeeting.com/v1")


def test_the_test_keeps_what_it_found(account, boss):
    PlatformAccount.objects.update(state=State.REJECTED)
    AccountRuntime.objects.update(problem="refused", fail_count=4)
    account.refresh_from_db()
    found = services.test_connection(account, boss)
    assert found.ok, found.sentence
    stored = PlatformAccount.objects.get()
    assert stored.state == State.CONNECTED
    assert (stored.runtime.problem, stored.runtime.fail_count) == ("", 0)
    assert stored.runtime.checked_at is not None


def test_refused_credentials_switch_the_account_off(account, boss, sandbox):
    sandbox.faults.add("wrong_key")
    found = services.test_connection(account, boss)
    assert not found.ok
    stored = PlatformAccount.objects.get()
    assert stored.state == State.REJECTED
    assert stored.runtime.problem == found.sentence != ""
    assert account.credentials["api_key"] not in found.sentence


def test_a_platform_that_asks_to_wait_is_left_alone_and_no_problem_is_noted(account, boss, sandbox):
    sandbox.faults.add("rate_limited", retry_after=120)
    found = services.test_connection(account, boss)
    assert not found.ok
    stored = PlatformAccount.objects.get()
    assert stored.runtime.problem == ""
    assert stored.runtime.blocked_until > clock.now() + timedelta(seconds=100)
    sandbox.requests.clear()
    assert not services.test_connection(stored, boss).ok
    assert len(sandbox.requests) == 0


def test_an_account_that_has_become_another_is_told_of(account, boss, monkeypatch):
    from integrations.base.adapter import AccountCheck
    from integrations.clickmeeting.adapter import ClickMeeting

    PlatformAccount.objects.update(identity="north@example.com")
    account.refresh_from_db()
    found = AccountCheck("south@example.com", "fine")
    monkeypatch.setattr(ClickMeeting, "check", lambda self: found)
    told = services.test_connection(account, boss)
    assert not told.ok
    assert "south@example.com" in told.sentence
    assert PlatformAccount.objects.get().identity == "north@example.com"


def test_pause_and_resume(account, boss):
    services.pause(account, boss)
    assert not PlatformAccount.objects.get().active
    services.resume(account, boss)
    stored = PlatformAccount.objects.get()
    assert stored.active
    assert stored.runtime.next_sync_at <= clock.now()


@pytest.mark.parametrize("minutes", [0, -5, 1441])
def test_an_interval_out_of_bounds_is_refused(account, boss, minutes):
    with pytest.raises(NotPossible) as caught:
        services.set_interval(account, minutes, boss)
    assert "interval_minutes" in caught.value.field_errors


def test_an_account_on_which_webinars_stand_stays(account, boss):
    ConferenceFactory(account=account)
    with pytest.raises(NotPossible, match="1 webinar stands"):
        services.remove(account, boss)
    assert PlatformAccount.objects.filter(pk=account.pk).exists()
    assert not LogEntry.objects.exists()
    empty = AccountFactory()
    services.remove(empty, boss)
    assert not PlatformAccount.objects.filter(pk=empty.pk).exists()


def test_nothing_secret_is_logged(boss, caplog):
    with caplog.at_level(logging.DEBUG):
        row = connect(None)
        breaker.rejected(row, "no")
        budget.block(row, 5)
    assert KEY not in caplog.text
    assert "Main" in caplog.text


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "no such file"),
        ("", "no certificates"),
        ("not a certificate", "no certificates"),
        ("-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\n", "no certificates"),
        ("relative", "whole path"),
    ],
)
def test_a_ca_bundle_that_is_none_is_an_error_beside_its_field(content, said, user_as, tmp_path):
    path = tmp_path / "company.pem"
    if content is not None:
        path.write_text(content)
    given = "company.pem" if content == "relative" else str(path)
    with pytest.raises(NotPossible) as caught:
        services.connect(
            platform="clickmeeting",
            label="Marketing",
            credentials={"api_key": "k" * 20},
            ca_bundle=given,
            by=user_as(roles.ADMINISTRATOR),
        )
    assert said in caught.value.field_errors["ca_bundle"][0]
    assert not PlatformAccount.objects.exists()
