"""The accounts' pages: what each role sees, what the buttons do, what nonsense does not."""

from datetime import timedelta

import pytest

from portal.common import clock
from portal.conferences.models import Conference
from portal.identity import roles
from portal.outbox.models import OutboxEntry
from portal.platforms.lease import hold
from portal.platforms.models import PlatformAccount
from portal.sync import engine, tasks
from portal.sync import services as syncing
from portal.sync.models import PlatformLink, SyncRun
from tests.factories import AccountFactory, ConferenceFactory

pytestmark = pytest.mark.django_db
POST_ONLY = ("account-test", "account-sync", "account-pause")
EVERY_ROLE = (roles.VIEWER, roles.STAFF, roles.ADMINISTRATOR)


def text(response):
    return response.content.decode()


@pytest.mark.parametrize("role", EVERY_ROLE)
def test_every_role_reads(client_as, account, url, role):
    engine.sync_account(account.pk, full=True)
    client = client_as(role)
    assert account.label in text(client.get(url("accounts")))
    page = text(client.get(url("account", account.pk)))
    assert "What the platform can do" in page
    assert "a key" not in page
    assert account.credentials["api_key"] not in page
    assert client.get(url("run", SyncRun.objects.get().pk)).status_code == 200


def test_an_empty_list_says_who_can_begin(client_as, url):
    assert "An administrator connects" in text(client_as(roles.STAFF).get(url("accounts")))
    page = text(client_as(roles.ADMINISTRATOR).get(url("accounts")))
    assert url("account-connect") in page


@pytest.mark.parametrize("role", [roles.VIEWER, roles.STAFF])
def test_only_an_administrator_connects_and_edits(client_as, account, url, role):
    client = client_as(role)
    form = url("account-connect", "clickmeeting")
    closed = [
        client.get(url("account-connect")),
        client.get(form),
        client.post(form, {"label": "x"}),
        client.get(url("account-edit", account.pk)),
        client.post(url("account-edit", account.pk), {"label": "x"}),
        client.get(url("account-remove", account.pk)),
        client.post(url("account-remove", account.pk)),
        client.post(url("account-test", account.pk)),
        client.post(url("account-pause", account.pk), {"paused": "1"}),
    ]
    assert [answer.status_code for answer in closed] == [403] * len(closed)
    stored = PlatformAccount.objects.get()
    assert (stored.label, stored.paused, stored.runtime.checked_at) == (account.label, False, None)


def test_a_viewer_asks_for_nothing(client_as, account, url, sandbox):
    client = client_as(roles.VIEWER)
    sandbox.requests.clear()
    assert client.post(url("account-sync", account.pk)).status_code == 403
    assert client.post(url("account-dry-run", account.pk)).status_code == 403
    assert len(sandbox.requests) == 0
    assert PlatformAccount.objects.get().runtime.next_sync_at is None


def test_an_account_is_connected_and_tested_by_the_form(client_as, url, sandbox):
    client = client_as(roles.ADMINISTRATOR)
    page = client.get(url("account-connect"), follow=True)
    assert "API key" in text(page)
    assert "account settings" in text(page)
    answer = client.post(
        url("account-connect", "clickmeeting"),
        {
            "label": "Main",
            "base_url": sandbox.base_url("clickmeeting"),
            "credential_api_key": sandbox.api_key("clickmeeting", "demo"),
            "option_contacts": "no",
            "interval_minutes": "5",
        },
        follow=True,
    )
    row = PlatformAccount.objects.get()
    assert answer.redirect_chain == [(url("account", row.pk), 302)]
    assert "Main is saved. ClickMeeting answers" in text(answer)
    assert row.runtime.checked_at is not None


def test_what_was_typed_is_kept_but_not_the_secret(client_as, url):
    client = client_as(roles.ADMINISTRATOR)
    values = {
        "label": "Köln <b>",
        "base_url": "nonsense",
        "credential_api_key": "typed-secret-1",
        "option_contacts": "no",
        "interval_minutes": "5",
    }
    answer = client.post(url("account-connect", "clickmeeting"), values)
    assert answer.status_code == 422
    page = text(answer)
    assert "Köln &lt;b&gt;" in page
    assert "typed-secret-1" not in page
    assert "This is not an address" in page
    assert not PlatformAccount.objects.exists()


def test_the_edit_form_never_shows_the_secret_and_keeps_it(client_as, account, url):
    client = client_as(roles.ADMINISTRATOR)
    key = account.credentials["api_key"]
    page = text(client.get(url("account-edit", account.pk)))
    assert key not in page
    assert "never shown" in page
    values = {
        "label": "Renamed",
        "base_url": account.base_url,
        "credential_api_key": "",
        "option_contacts": "yes",
        "interval_minutes": "15",
        "untested": "1",
    }
    answer = client.post(url("account-edit", account.pk), values)
    assert answer.status_code == 302
    row = PlatformAccount.objects.get()
    assert (row.label, row.interval_minutes, row.credentials["api_key"]) == ("Renamed", 15, key)
    assert row.runtime.checked_at is None
    page = text(client.get(url("account", row.pk)))
    assert "Changed: " in page
    assert client.user.username in page


def test_test_sync_pause_resume_and_remove(client_as, account, url, sandbox):
    client = client_as(roles.ADMINISTRATOR)
    tested = client.post(url("account-test", account.pk), follow=True)
    assert "takes the API key" in text(tested)
    asked = client.post(url("account-sync", account.pk), follow=True)
    assert "as soon as a worker is free" in text(asked)
    assert PlatformAccount.objects.get().runtime.next_sync_at <= clock.now()
    client.post(url("account-pause", account.pk), {"paused": "1"})
    assert PlatformAccount.objects.get().paused
    assert "is paused" in text(client.post(url("account-sync", account.pk), follow=True))
    assert "Paused" in text(client.get(url("account", account.pk)))
    client.post(url("account-pause", account.pk), {"paused": "0"})
    assert not PlatformAccount.objects.get().paused
    conference = ConferenceFactory(account=account)
    asked = client.get(url("account-remove", account.pk)).content.decode()
    assert "1 webinar stands on" in asked
    assert "Remove the account" not in asked
    kept = client.post(url("account-remove", account.pk), follow=True)
    assert "1 webinar stands" in text(kept)
    conference.delete()
    assert "Nothing is deleted on the platform" in text(
        client.get(url("account-remove", account.pk))
    )
    client.post(url("account-remove", account.pk))
    assert not PlatformAccount.objects.exists()


def dry_run(client, account, url):
    """Press the button, let the worker do it, and answer the page with the plan."""
    answer = client.post(url("account-dry-run", account.pk))
    tasks.enqueue_dry_runs()  # the clock; the test has no broker that hears the first message
    for waiting in syncing.waiting_dry_runs():
        tasks.dry_run(waiting.pk)
    return text(client.get(answer.url))


def test_a_dry_run_shows_the_plan_with_values_and_does_nothing(client_as, account, url, sandbox):
    platform = sandbox.clickmeeting("demo")
    room = platform.add_room("Old title", starts_at=clock.now() + timedelta(days=3))
    engine.sync_account(account.pk, full=True)
    platform.edit_room(room["id"], name="New title")
    platform.add_room("Found there", starts_at=clock.now() + timedelta(days=4))
    ConferenceFactory(account=account, title="Made <here>")
    before = list(PlatformLink.objects.order_by("pk").values())
    sandbox.requests.clear()
    page = dry_run(client_as(roles.STAFF), account, url)
    for said in (
        "Would be made on ClickMeeting",
        "Made &lt;here&gt;",
        "Would be added here",
        "Found there",
        "Would be changed here",
        "Old title",
        "New title",
        "was changed on ClickMeeting: Title.",
    ):
        assert said in page
    assert {entry.method for entry in sandbox.requests} == {"GET"}
    assert list(PlatformLink.objects.order_by("pk").values()) == before
    assert not OutboxEntry.objects.exists()
    assert set(Conference.objects.values_list("title", flat=True)) == {"Old title", "Made <here>"}


def test_a_dry_run_of_what_agrees_says_so(client_as, account, url):
    engine.sync_account(account.pk, full=True)
    page = dry_run(client_as(roles.STAFF), account, url)
    assert "Both sides agree" in page


def test_the_list_of_syncs_calls_a_dry_run_by_its_name(client_as, account, url, sandbox):
    sandbox.clickmeeting("demo").add_room("Found there")
    client = client_as(roles.STAFF)
    dry_run(client, account, url)
    page = text(client.get(url("account", account.pk)))
    listed = page.partition('id="runs"')[2].partition("</section>")[0]
    assert "Dry run" in listed
    assert "the numbers say what a sync would do" in listed
    assert "Synced" not in listed
    engine.sync_account(account.pk, full=True)
    SyncRun.objects.filter(trigger=SyncRun.DRY_RUN).delete()
    page = text(client.get(url("account", account.pk)))
    assert "the numbers say what a sync would do" not in page


@pytest.mark.parametrize(("seconds", "due"), [(30, True), (300, False)])
def test_a_sync_that_comes_within_a_minute_is_due_now(client_as, url, seconds, due):
    moment = clock.now()
    row = AccountFactory(synced_at=moment, next_sync_at=moment + timedelta(seconds=seconds))
    assert ("due now" in text(client_as(roles.VIEWER).get(url("account", row.pk)))) == due


@pytest.mark.parametrize(
    ("outcome", "said"),
    [
        (SyncRun.Outcome.OK, "Both sides agreed: there was nothing to do."),
        (SyncRun.Outcome.FAILED, "No steps were recorded."),
        (SyncRun.Outcome.RUNNING, "No steps were recorded."),
    ],
)
def test_only_a_sync_that_went_well_says_that_both_sides_agreed(
    client_as, account, url, outcome, said
):
    run = SyncRun.objects.create(
        account=account, started_at=clock.now(), trigger="beat", outcome=outcome
    )
    page = text(client_as(roles.VIEWER).get(url("run", run.pk)))
    assert said in page
    assert ("Both sides agreed" in page) == (outcome == SyncRun.Outcome.OK)


def test_one_row_is_no_range(client_as, account, url):
    SyncRun.objects.create(account=account, started_at=clock.now(), trigger="beat")
    page = text(client_as(roles.VIEWER).get(url("account", account.pk)))
    assert "1 of 1" in page
    assert "1–1" not in page


def test_a_dry_run_shows_its_progress_and_waits_for_its_turn(client_as, account, url, monkeypatch):
    client = client_as(roles.STAFF)
    seen, look = [], engine.observe
    page = client.post(url("account-dry-run", account.pk)).url
    with hold(account.pk):
        for waiting in syncing.waiting_dry_runs():
            tasks.dry_run(waiting.pk)
    assert "Waiting to start" in text(client.get(page))
    assert client.post(url("account-dry-run", account.pk)).url == page, "one at a time is enough"

    def look_while_it_goes_on(work, scope, **how):
        look(work, scope, **how)
        seen.append(text(client.get(page, HTTP_HX_REQUEST="true")))

    with monkeypatch.context() as watched:
        watched.setattr(engine, "observe", look_while_it_goes_on)
        tasks.dry_run(int(page.split("/")[-2]))
    assert "so far" in seen[-1]
    assert "hx-trigger" in seen[-1]
    done = text(client.get(page, HTTP_HX_REQUEST="true"))
    assert "hx-trigger" not in done
    assert SyncRun.objects.count() == 1


def test_a_dry_run_without_a_worker_ends_with_a_sentence(client_as, account, url):
    client = client_as(roles.STAFF)
    page = client.post(url("account-dry-run", account.pk)).url
    clock.advance(3700)
    tasks.enqueue_dry_runs()
    assert "No worker finished it" in text(client.get(page))
    PlatformAccount.objects.update(paused=True)
    answer = client.post(url("account-dry-run", account.pk), follow=True)
    assert "is paused" in text(answer)


def test_a_dry_run_counts_as_no_sync(client_as, account, url):
    dry_run(client_as(roles.STAFF), account, url)
    account.refresh_from_db()
    assert account.runtime.synced_at is None


def test_a_platform_that_does_not_answer_is_told_of_in_the_plan(client_as, account, url, sandbox):
    sandbox.faults.add("unavailable")
    page = dry_run(client_as(roles.STAFF), account, url)
    assert "The plan is not complete" in page
    assert "Both sides agree" not in page


@pytest.mark.parametrize(
    ("values", "word"),
    [
        ({"synced_at": None}, "Never synced"),
        ({}, "Connected"),
        ({"paused": True}, "Paused"),
        ({"state": "rejected", "problem": "The key is wrong."}, "Credentials refused"),
        ({"fail_count": 3, "open": 10, "problem": "No answer."}, "Not reachable"),
        ({"problem": "An odd answer."}, "Trouble"),
        ({"blocked": 10}, "resumes"),
    ],
)
def test_health_in_words(client_as, url, values, word):
    moment = clock.now()
    given = {"synced_at": moment} | values
    for name, field in (("open", "open_until"), ("blocked", "blocked_until")):
        if name in given:
            given[field] = moment + timedelta(minutes=given.pop(name))
    row = AccountFactory(**given)
    client = client_as(roles.VIEWER)
    for page in (text(client.get(url("accounts"))), text(client.get(url("account", row.pk)))):
        assert word in page


def test_runs_are_paged_and_steps_can_be_read(client_as, account, url):
    moment = clock.now()
    step = {
        "do": "update there",
        "kind": "conference",
        "title": "T",
        "local_id": 1,
        "external_id": "2",
        "fields": {"title": ["<i>old</i>", "new"]},
        "sentence": "T is changed.",
    }
    SyncRun.objects.bulk_create(
        SyncRun(
            account=account,
            started_at=moment,
            finished_at=moment,
            outcome="ok",
            calls=3,
            trigger="beat",
            steps=[step] * 60,
        )
        for _ in range(40)
    )
    client = client_as(roles.VIEWER)
    assert "1–15 of 40" in text(client.get(url("account", account.pk)))
    part = client.get(url("account", account.pk), {"page": "3"}, headers={"hx-request": "true"})
    assert "31–40 of 40" in text(part)
    assert "<html" not in text(part)
    run = SyncRun.objects.first()
    page = text(client.get(url("run", run.pk)))
    assert "&lt;i&gt;old&lt;/i&gt;" in page
    assert "1–50 of 60" in page


@pytest.mark.parametrize(
    "page", ["0", "-1", "x", "9" * 40, "1e3", "%ED%A0%80", "%E2%80%AE", "1&page=2", ""]
)
def test_junk_page_numbers(client_as, account, url, page):
    SyncRun.objects.create(account=account, started_at=clock.now(), trigger="beat")
    answer = client_as(roles.VIEWER).get(f"{url('account', account.pk)}?page={page}")
    assert answer.status_code == 200


@pytest.mark.parametrize("pk", [0, 999999, 2**63 - 1, 2**63, 10**30])
def test_ids_that_nothing_has(client_as, url, pk):
    client = client_as(roles.ADMINISTRATOR)
    for name in ("account", "account-edit", "account-remove", "run"):
        assert client.get(url(name, pk)).status_code == 404
    for name in (*POST_ONLY, "account-dry-run"):
        assert client.post(url(name, pk)).status_code == 404
    assert client.get(url("accounts") + "connect/nosuch/").status_code == 404


def test_what_acts_takes_a_post_and_a_token(client_as, account, url):
    client = client_as(roles.ADMINISTRATOR)
    for name in POST_ONLY:
        assert client.get(url(name, account.pk)).status_code == 405
    assert client.get(url("account-dry-run", account.pk)).status_code == 302
    client.handler.enforce_csrf_checks = True
    for name in (*POST_ONLY, "account-dry-run", "account-edit", "account-remove"):
        assert client.post(url(name, account.pk)).status_code == 403
    assert PlatformAccount.objects.get().runtime.checked_at is None


def test_strangers_are_sent_to_the_login(client, account, url):
    for name in ("account", "account-edit", "account-sync"):
        answer = client.get(url(name, account.pk))
        assert answer.status_code == 302
        assert answer["Location"].startswith("/login/")


def test_many_accounts_cost_no_more_queries(client_as, url, django_assert_max_num_queries):
    client = client_as(roles.STAFF)
    for _ in range(12):
        account = AccountFactory(synced_at=clock.now())
        SyncRun.objects.create(account=account, started_at=clock.now(), trigger="beat")
        PlatformLink.objects.create(account=account, kind="conference", external_id="1")
    with django_assert_max_num_queries(14):
        client.get(url("accounts"))
    with django_assert_max_num_queries(26):
        client.get(url("account", account.pk))


def test_all_that_is_wrong_with_an_account_is_said_at_once(client_as, url):
    sent = {
        "label": "",
        "base_url": "nonsense",
        "credential_api_key": "",
        "interval_minutes": "-3",
        "requests_per_minute": "-1",
        "ca_bundle": "/no/such/file",
    }
    client = client_as(roles.ADMINISTRATOR)
    errors = client.post(url("account-connect", "clickmeeting"), sent).context["form"].errors
    assert sorted(errors) == sorted(sent)
    assert [len(texts) for texts in errors.values()] == [1] * len(sent)
    assert not PlatformAccount.objects.exists()
