"""What the sync, the outbox and the accounts keep of what they say: a code with what stands in it,
which everybody reads in their own language."""

from datetime import timedelta
from importlib import import_module
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.contrib.admin.models import LogEntry
from django.contrib.admin.sites import site
from django.db import connection
from django.db.models import TextField
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils.translation import override, trans_real

from integrations.base.adapter import AccountCheck
from integrations.base.errors import PlatformUnavailable, RequestRejected, UnexpectedAnswer
from integrations.base.texts import say
from portal.common import clock
from portal.common.texts import Text, stored
from portal.conferences.models import Change, Conference
from portal.identity import roles
from portal.outbox import services as outbox
from portal.outbox.models import OutboxEntry
from portal.platforms import services as platforms
from portal.platforms.models import AccountRuntime, PlatformAccount
from portal.platforms.queries import changes, health
from portal.staff.accounts.presenters import lines
from portal.sync import engine, restoring, sentences
from portal.sync.models import Conflict, Hold, PlatformLink, SyncRun
from portal.sync.queries import line as sync_line
from portal.sync.services import choices, dry_run, resolve
from tests.factories import AccountFactory, ConferenceFactory

pytestmark = pytest.mark.django_db
GERMAN = {
    "%(title)s was found on %(platform)s and is added here.": (
        "%(title)s wurde auf %(platform)s gefunden und hier aufgenommen."
    ),
    "%(title)s: “%(field)s” was changed on both sides.": (
        "%(title)s: %(field)s wurde auf beiden Seiten geändert."
    ),
    "The value of %(platform)s is used; ours is kept here.": (
        "Es gilt der Wert von %(platform)s; unserer ist hier aufgehoben."
    ),
    "Too much is missing on %(platform)s at once; nothing is changed until you have looked.": (
        "Auf %(platform)s fehlt zu viel auf einmal; bis jemand nachsieht, bleibt alles wie es ist."
    ),
    "The account is paused, or its credentials are refused.": (
        "Das Konto ruht, oder seine Zugangsdaten werden abgelehnt."
    ),
    "Waiting until it stands on %(platform)s.": "Wartet, bis es auf %(platform)s steht.",
    "%(platform)s takes no title of %(count)d signs.": (
        "%(platform)s nimmt keinen Titel mit %(count)d Zeichen."
    ),
    "The database was restored from a backup. Look at what needs attention, then resume.": (
        "Die Datenbank stammt aus einer Sicherung. Bitte nachsehen und dann fortsetzen."
    ),
    "Changed on both sides": "Auf beiden Seiten geändert",
    "Keep theirs": "Deren Wert behalten",
    "%(sort)s (%(field)s): %(choice)s.": "%(sort)s (%(field)s): %(choice)s!",
}


@pytest.fixture
def german(monkeypatch):
    """A tiny German catalogue; the language in which something is read in the block."""
    words = trans_real.translation("de")._catalog._catalogs[0]
    for english, translated in GERMAN.items():
        monkeypatch.setitem(words, english, translated)
    return lambda: override("de")


def raw(model, name):
    """A column as it stands in the database."""
    rows = model.objects.annotate(as_kept=Cast(name, TextField())).order_by("pk")
    return list(rows.values_list("as_kept", flat=True))


def soon(days=3):
    return (clock.now() + timedelta(days=days)).replace(minute=0, second=0, microsecond=0)


def sync(account, **kwargs):
    return engine.sync_account(account.pk, trigger="command", full=True, **kwargs)


def scheduled(account, **values):
    row = ConferenceFactory(account=account, starts_at=soon(), **values)
    outbox.add(account, "conference", row.pk)
    return row


@pytest.fixture
def platform(sandbox):
    return sandbox.clickmeeting("demo")


def test_a_step(account, platform, german, client_as, url):
    platform.add_room("Quarterly results")
    sync(account)
    (kept,) = raw(SyncRun, "steps")
    assert '"step.import"' in kept
    assert "was found on" not in kept
    run = SyncRun.objects.get()
    assert run.steps[0]["sentence"] == (
        "Quarterly results was found on ClickMeeting and is added here."
    )
    (change,) = Change.objects.filter(action="found there")
    with german():
        expected = "Quarterly results wurde auf ClickMeeting gefunden und hier aufgenommen."
        assert str(run.steps[0]["sentence"]) == str(change.sentence) == expected
    assert "and is added here." in client_as(roles.VIEWER).get(url("run", run.pk)).content.decode()


def test_a_step_of_a_dry_run_names_the_fields_as_staff_know_them(account, platform, staff_user):
    scheduled(account, title="Spring briefing")
    sync(account)
    platform.edit_room(platform.rooms()[0]["id"], name="Theirs", lobby_description="New there")
    run = dry_run(account, staff_user)
    sync(account, dry_run=True, run=run)
    (one,) = lines(SyncRun.objects.get(pk=run.pk))
    assert one.sentence == "Spring briefing was changed on ClickMeeting: Description, Title."


def test_a_step_of_an_older_version_reads_as_it_was_written(account):
    step = {"do": "take", "title": "A", "fields": {"title": ["A", "B"]}, "sentence": "A: title."}
    run = SyncRun.objects.create(account=account, started_at=clock.now(), steps=[step])
    assert SyncRun.objects.get(pk=run.pk).steps == [step]
    assert [one.sentence for one in lines(run)] == ["A: title."]


def test_a_conflict_and_what_was_decided(account, platform, german, staff_user):
    row = scheduled(account, title="Spring briefing")
    sync(account)
    platform.edit_room(platform.rooms()[0]["id"], name="Theirs")
    Conference.objects.filter(pk=row.pk).update(title="Ours")
    sync(account)
    (kept,) = raw(Conflict, "sentence")
    assert '"conflict.both-changed"' in kept
    assert "both sides" not in kept
    conflict = Conflict.objects.get()
    english = str(conflict)
    assert "“Title” was changed on both sides. The value of ClickMeeting is used" in english
    with german():
        assert "wurde auf beiden Seiten geändert. Es gilt der Wert von" in str(conflict)
        assert "wurde auf beiden Seiten geändert." in sync_line("conference", row.pk).sentence
        assert [one.label for one in choices(conflict)][1] == "Deren Wert behalten"
        resolve(conflict, "theirs", staff_user)
    (change,) = Change.objects.filter(action="conflict decided")
    assert str(change.sentence) == "Changed on both sides (Title): Keep theirs."
    with german():
        assert str(change.sentence) == "Auf beiden Seiten geändert (Title): Deren Wert behalten!"


def test_a_sort_of_conflict_reads_in_the_history_as_on_the_pages():
    assert {sort: str(text) for sort, text in sentences.SORTS.items()} == dict(
        Conflict.Sort.choices
    )


def test_a_hold(account, sandbox, german):
    for _ in range(4):
        scheduled(account)
    sync(account)
    sandbox.faults.add("empty_list")
    run = sync(account)
    for kept in raw(Hold, "reason"):
        assert '"step.brake"' in kept
        assert "missing on" not in kept
    hold = Hold.objects.get(kind="conference")
    assert str(hold).startswith("Too much is missing on ClickMeeting at once;")
    with german():
        assert str(hold).startswith("Auf ClickMeeting fehlt zu viel auf einmal;")
        assert str(run.steps[0]["sentence"]) == str(hold)


def test_the_problem_of_a_run(account, german):
    PlatformAccount.objects.update(paused=True)
    sync(account)
    (kept,) = raw(SyncRun, "problem")
    assert kept == stored(sentences.INACTIVE)
    assert "paused" not in kept
    with german():
        assert str(SyncRun.objects.get().problem).startswith("Das Konto ruht,")


def test_many_problems_of_a_run_are_cut(account, platform, monkeypatch):
    def tells_much(context, scope, **how):
        for number in range(100):
            context.trouble(f"Problem {number}.")

    monkeypatch.setattr(engine, "observe", tells_much)
    problem = str(SyncRun.objects.get(pk=sync(account).pk).problem)
    assert problem.startswith("Problem 0. Problem 1.")
    assert "Problem 99." not in problem


def test_an_entry_that_waits(account, sandbox, german):
    row = ConferenceFactory(account=account, starts_at=soon())
    outbox.add(account, "conference", row.pk, verb="send_invitations")
    engine.push_account(account.pk)
    (kept,) = raw(OutboxEntry, "problem")
    assert kept == stored(sentences.NOT_THERE_YET(platform="ClickMeeting"))
    entry = OutboxEntry.objects.get()
    assert entry.problem == "Waiting until it stands on ClickMeeting."
    with german():
        assert str(entry.problem) == "Wartet, bis es auf ClickMeeting steht."


def refuses(monkeypatch, error):
    """Whatever is pushed ends with this error."""

    def fails(round_, entry):
        raise error

    monkeypatch.setattr("portal.sync.outbound.Deliveries.carry_out", fails)


def test_what_a_room_refuses(account, monkeypatch, german, client_as, url):
    said = say("%(platform)s takes no title of %(count)d signs.", platform="Room", count=300)
    row = scheduled(account)
    refuses(monkeypatch, RequestRejected(said, field_errors={"title": [said, "Zu lang."]}))
    engine.push_account(account.pk)
    entry = OutboxEntry.objects.get()
    assert "takes no title of 300" not in raw(OutboxEntry, "problem")[0]
    assert "takes no title of 300" not in raw(OutboxEntry, "field_errors")[0]
    assert entry.problem == said
    assert entry.field_errors == {"title": [said, "Zu lang."]}
    with german():
        translated = "Room nimmt keinen Titel mit 300 Zeichen."
        assert str(entry.problem) == translated
        assert sync_line("conference", row.pk).field_errors == {"title": [translated, "Zu lang."]}
    page = client_as(roles.STAFF).get(url("attention")).content.decode()
    assert page.count("Room takes no title of 300 signs.") == 2
    administrator = client_as(roles.ADMINISTRATOR)
    administrator.user.is_staff = administrator.user.is_superuser = True
    administrator.user.save()
    page = administrator.get(reverse("admin:outbox_outboxentry_change", args=[entry.pk]))
    assert "title: Room takes no title of 300 signs. Zu lang." in page.content.decode()


def test_the_problem_of_an_account(account, monkeypatch, boss):
    account.identity = "one@example.org"
    account.save()
    monkeypatch.setattr(
        "integrations.clickmeeting.adapter.ClickMeeting.check",
        lambda self: AccountCheck("other", "", {}),
    )
    found = platforms.test_connection(account, boss)
    assert found.sentence.startswith("The platform says this is other, but")
    (kept,) = raw(AccountRuntime, "problem")
    assert '"account.another"' in kept
    assert "says this" not in kept
    assert health(PlatformAccount.objects.get()).sentence == found.sentence


@pytest.fixture
def boss(user_as):
    return user_as(roles.ADMINISTRATOR)


def test_why_an_account_is_paused(account, german):
    restoring.after_restore()
    (kept,) = raw(PlatformAccount, "paused_why")
    assert kept == stored(sentences.RESTORED)
    assert "backup" not in kept
    with german():
        assert (
            "Die Datenbank stammt aus einer Sicherung."
            in health(PlatformAccount.objects.get()).sentence
        )


# What stood there before --------------------------------------------------------------------------

COLUMNS = [
    ("outbox", "0003", OutboxEntry, "problem"),
    ("platforms", "0009", AccountRuntime, "problem"),
    ("platforms", "0009", PlatformAccount, "paused_why"),
    ("sync", "0009", Conflict, "sentence"),
    ("sync", "0009", Hold, "reason"),
    ("sync", "0009", SyncRun, "problem"),
]


def one_row_each(account):
    about = {"account": account, "kind": "conference", "local_id": 1}
    link = PlatformLink.objects.create(**about)
    Conflict.objects.create(**about, link=link, at=clock.now())
    Hold.objects.create(account=account, kind="conference", since=clock.now())
    SyncRun.objects.create(account=account, started_at=clock.now())
    OutboxEntry.objects.create(**about, not_before=clock.now(), created_at=clock.now())


@pytest.mark.parametrize(("app", "number", "model", "name"), COLUMNS)
def test_the_migration_keeps_what_stands_there(account, app, number, model, name):
    old = 'Room said: 100 %(x)s {"code"} of "it".'
    one_row_each(account)
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {model._meta.db_table} SET {name} = %s", [old])  # noqa: S608 - names of ours
    import_module(f"portal.{app}.migrations.{number}_sentences_as_codes").carry_over(
        apps, SimpleNamespace(connection=connection)
    )
    assert raw(model, name) == [stored(old)]
    row = model.objects.get()
    assert isinstance(getattr(row, name), Text)
    assert getattr(row, name) == old
    assert model.objects.filter(**{name: old}).exists(), "it is found as before"


def test_an_account_that_was_paused_after_a_restore_gets_the_code(account):
    for text in (sentences.RESTORED, sentences.RESTORED_ASKS):
        with connection.cursor() as cursor:
            cursor.execute("UPDATE platforms_platformaccount SET paused_why = %s", [str(text)])
        import_module("portal.platforms.migrations.0009_sentences_as_codes").carry_over(apps, None)
        assert raw(PlatformAccount, "paused_why") == [stored(text)]


# Searching ----------------------------------------------------------------------------------------


def search(model, term):
    """What the administration finds in a list."""
    page = site._registry[model]
    found, _ = page.get_search_results(None, model.objects.all(), term)
    return set(found.values_list("pk", flat=True))


def test_the_administration_finds_what_is_said(account, german):
    one_row_each(account)
    SyncRun.objects.create(
        account=account, started_at=clock.now(), problem="A word of the platform's own."
    )
    run = SyncRun.objects.order_by("pk").first()
    SyncRun.objects.filter(pk=run.pk).update(problem=sentences.NOT_KEPT(title="Łódź", platform="X"))
    assert search(SyncRun, "cannot be KEPT") == {run.pk}
    assert search(SyncRun, "Łódź") == {run.pk}
    assert search(SyncRun, "platform's own") == {run.pk + 1}
    assert search(SyncRun, "absent from all") == set()
    hold = Hold.objects.get()
    Hold.objects.update(reason=sentences.BRAKE(platform="X"))
    assert search(Hold, "too much") == {hold.pk}
    with german():
        assert search(Hold, "auf einmal") == {hold.pk}
        assert search(Hold, "at once") == set()
    AccountRuntime.objects.update(problem=sentences.ABSENCES_ACCEPTED(count=3))
    assert search(PlatformAccount, "absences were") == {account.pk}
    other = AccountFactory(label="Other")
    assert search(PlatformAccount, "Other") == {other.pk}


# Answers that were not as they should be ----------------------------------------------------------

ODD = UnexpectedAnswer(
    "An odd answer.",
    platform="ClickMeeting",
    operation="create conference",
    status=502,
    excerpt="<h1>Down for maintenance, ask someone@example.com, api_key=abcdefgh</h1>",
)


def test_an_answer_is_kept_with_the_entry_for_administrators(
    account, monkeypatch, client_as, url, staff_user
):
    scheduled(account)
    refuses(monkeypatch, ODD)
    engine.push_account(account.pk)
    entry = OutboxEntry.objects.get()
    (answer,) = entry.answers
    assert (answer["operation"], answer["status"]) == ("create conference", 502)
    assert "Down for maintenance" in answer["excerpt"]
    assert "someone@example.com" not in answer["excerpt"]
    assert "abcdefgh" not in answer["excerpt"]
    OutboxEntry.objects.update(state="failed")
    for role, shown in ((roles.VIEWER, False), (roles.STAFF, False), (roles.ADMINISTRATOR, True)):
        browser = client_as(role)
        page = browser.get(url("attention")).content.decode()
        assert ("Down for maintenance" in page) == shown
        browser.user.is_staff = True
        browser.user.save()
        page = browser.get(reverse("admin:outbox_outboxentry_change", args=[entry.pk]))
        if page.status_code == 200:
            assert ("Down for maintenance" in page.content.decode()) == shown
    assert page.status_code == 200


def test_only_the_newest_answer_is_kept_until_it_succeeds(account, sandbox, monkeypatch):
    scheduled(account)
    for number in range(20):
        error = UnexpectedAnswer("Odd.", operation="create", status=500 + number)
        with monkeypatch.context() as patched:
            refuses(patched, error)
            engine.push_account(account.pk)
        clock.advance(3600)
    entry = OutboxEntry.objects.get()
    assert [one["status"] for one in entry.answers] == [519]
    engine.push_account(account.pk)
    entry.refresh_from_db()
    assert (entry.state, entry.answers, entry.problem) == ("done", [], "")


def test_trying_again_forgets_the_answer(account, monkeypatch):
    scheduled(account)
    refuses(monkeypatch, RequestRejected("No.", operation="create", status=422, excerpt="no"))
    engine.push_account(account.pk)
    entry = OutboxEntry.objects.get()
    assert (entry.state, len(entry.answers)) == ("failed", 1)
    assert outbox.retry(entry)
    assert OutboxEntry.objects.get().answers == []


def test_an_outage_leaves_its_answer_with_the_entry_that_was_sent(account, sandbox, monkeypatch):
    scheduled(account)
    scheduled(account)
    refuses(monkeypatch, PlatformUnavailable("Down.", operation="create", status=503))
    engine.push_account(account.pk)
    kept = list(OutboxEntry.objects.order_by("pk").values_list("answers", flat=True))
    assert [len(answers) for answers in kept] == [1, 0]
    assert {str(one.problem) for one in OutboxEntry.objects.all()} == {"Down."}


def test_what_was_done_to_an_account(account, boss, client_as, url, monkeypatch):
    words = trans_real.translation("de")._catalog._catalogs[0]
    monkeypatch.setitem(words, "Paused.", "Angehalten.")
    platforms.pause(account, boss)
    platforms.set_interval(account, 7, boss)
    kept = list(LogEntry.objects.order_by("pk").values_list("change_message", flat=True))
    assert kept[0] == '{"code": "account.paused", "params": {}}'
    assert '"account.interval"' in kept[1]
    with override("de"):
        assert [one.get_change_message() for one in changes(account)][1] == "Angehalten."
    browser = client_as(roles.ADMINISTRATOR)
    browser.user.is_staff = browser.user.is_superuser = True
    browser.user.save()
    history = reverse("admin:platforms_platformaccount_history", args=[account.pk])
    for address in (url("account", account.pk), history):
        page = browser.get(address).content.decode()
        assert "Paused." in page
        assert "Synced every 7 minutes." in page
        assert "account.paused" not in page
