"""Log in to a platform in the browser: the state is ours, the code is traded once."""

import threading
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connection as database

from integrations.base.tokens import TokenKeeper, expiry
from portal.common import clock
from portal.identity import roles
from portal.platforms import services
from portal.platforms.models import PlatformAccount
from portal.platforms.tokens import LOCKED_FOR, AccountTokens
from tests.factories import AccountFactory

LABEL = "By consent"


@pytest.fixture
def held(db, sandbox):
    """An account that logs in by consent, on a platform that offers it."""
    given = sandbox.credentials("livewebinar")
    return AccountFactory(
        label=LABEL,
        platform="livewebinar",
        base_url=sandbox.base_url("livewebinar"),
        credentials=given,
        options={"login": "consent", "app_url": f"{sandbox.url}/livewebinar"},
    )


def begin(browser, url, row):
    answer = browser.get(url("account-consent", row.pk))
    assert answer.status_code == 302
    return parse_qs(urlsplit(answer["Location"]).query)


def grant(sandbox, row, asked):
    platform = sandbox.account("livewebinar")
    return platform.grant_code(row.credentials["client_id"], asked["redirect_uri"][0])


def test_consent_stores_tokens_and_connects(held, sandbox, client_as, url):
    browser = client_as(roles.ADMINISTRATOR)
    page = browser.get(url("account", held.pk)).content.decode()
    assert url("account-consent", held.pk) in page
    asked = begin(browser, url, held)
    assert asked["redirect_uri"] == [f"http://testserver{url('account-consent-back')}"]
    back = {"code": grant(sandbox, held, asked), "state": asked["state"][0]}

    answer = browser.get(url("account-consent-back"), back, follow=True)

    held.refresh_from_db()
    assert held.runtime.tokens["access_token"]
    assert held.runtime.tokens["access_token"] not in answer.content.decode()
    assert held.state == PlatformAccount.State.CONNECTED
    assert held.runtime.checked_at
    again = browser.get(url("account-consent-back"), back, follow=True)
    assert "does not belong to a login" in again.content.decode(), "a state is good once"


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"code": "x"},
        {"code": "x", "state": ""},
        {"code": "x", "state": "wrong"},
        {"code": "x", "state": "é" * 5000},
        {"state": ["a", "b"]},
    ],
)
def test_an_answer_that_was_not_asked_for_changes_nothing(given, held, client_as, url):
    browser = client_as(roles.ADMINISTRATOR)
    begin(browser, url, held)
    answer = browser.get(url("account-consent-back"), given, follow=True)
    assert answer.status_code == 200
    assert "does not belong to a login" in answer.content.decode()
    held.refresh_from_db()
    assert held.runtime.tokens == {}


def test_a_refusal_is_said(held, client_as, url):
    browser = client_as(roles.ADMINISTRATOR)
    asked = begin(browser, url, held)
    back = {"error": "access_denied", "state": asked["state"][0]}
    answer = browser.get(url("account-consent-back"), back, follow=True)
    assert "consent was not given" in answer.content.decode()


def test_a_wrong_code_is_said_and_asked_for_again(held, client_as, url):
    browser = client_as(roles.ADMINISTRATOR)
    asked = begin(browser, url, held)
    back = {"code": "made-up", "state": asked["state"][0]}
    answer = browser.get(url("account-consent-back"), back, follow=True)
    assert answer.status_code == 200
    held.refresh_from_db()
    assert held.runtime.tokens == {}
    assert held.runtime.problem


def test_only_administrators_log_in(held, client_as, url):
    assert client_as(roles.STAFF).get(url("account-consent", held.pk)).status_code == 403


def test_an_account_without_consent_has_no_such_button(account, client_as, url):
    browser = client_as(roles.ADMINISTRATOR)
    assert (
        url("account-consent", account.pk)
        not in browser.get(url("account", account.pk)).content.decode()
    )
    answer = browser.get(url("account-consent", account.pk), follow=True)
    assert "does not log in by consent" in answer.content.decode()


def test_new_credentials_forget_the_old_tokens_and_other_settings_do_not(held, admin_user_):
    AccountTokens(held.pk, "LiveWebinar").write({"access_token": "made-up-token"})
    change = {"platform": "livewebinar", "label": LABEL, "by": admin_user_, "account": held}
    services.connect(**change, credentials={}, interval_minutes=9)
    held.refresh_from_db()
    assert held.runtime.tokens == {"access_token": "made-up-token"}
    services.connect(**change, credentials={"client_secret": "another-demo-secret"})
    held.refresh_from_db()
    assert held.runtime.tokens == {}


def test_tokens_are_encrypted_at_rest(held):
    AccountTokens(held.pk, "LiveWebinar").write({"access_token": "made-up-token"})
    with database.cursor() as cursor:
        cursor.execute(
            "SELECT tokens FROM platforms_accountruntime WHERE account_id = %s", [held.pk]
        )
        assert "made-up-token" not in cursor.fetchone()[0]


def test_a_lock_whose_worker_died_runs_out(held):
    store = AccountTokens(held.pk, "LiveWebinar")
    store._claim()
    clock.advance(LOCKED_FOR.total_seconds() + 1)
    with store.locked():
        pass
    held.refresh_from_db()
    assert held.runtime.token_lock_until is None


@pytest.mark.django_db(transaction=True)
def test_two_workers_renew_once(sandbox):
    row = AccountFactory(label=LABEL, platform="livewebinar", base_url="http://127.0.0.1:1")
    renewed = []

    def renew(stored):
        renewed.append(stored)
        return {"access_token": f"made-up-{len(renewed)}", "expires_at": expiry(600)}

    def work():
        found.append(TokenKeeper(AccountTokens(row.pk, "LiveWebinar"), renew).token())
        database.close()

    found = []
    threads = [threading.Thread(target=work) for _ in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert found == ["made-up-1"] * 4
    assert len(renewed) == 1
