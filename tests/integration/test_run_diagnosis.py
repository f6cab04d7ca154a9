"""What did worker X do at 14:05: runs are known from their start, with their worker, and what a
platform answered is kept for administrators."""

import pytest

from integrations.base.errors import UnexpectedAnswer
from portal.identity import roles
from portal.platforms.models import AccountRuntime
from portal.sync import engine
from portal.sync.models import SyncRun

pytestmark = pytest.mark.django_db
ODD = UnexpectedAnswer(
    "An odd answer.",
    platform="ClickMeeting",
    operation="list conferences",
    status=200,
    excerpt="<h1>Down for maintenance, ask someone@example.com</h1>",
)


class Killed(BaseException):
    """What ends a worker without anything being tidied up."""


def test_a_run_whose_worker_stopped_is_seen_as_such(
    account, sandbox, monkeypatch, client_as, url, clock
):
    def dies(context, **how):
        raise Killed

    monkeypatch.setattr(engine.scope, "due_scopes", dies)
    with pytest.raises(Killed):
        engine.sync_account(account.pk)
    run = SyncRun.objects.get()
    assert (run.finished_at, run.outcome) == (None, SyncRun.Outcome.RUNNING)
    assert "process" in run.worker
    assert not run.stopped, "its lease is not over"
    AccountRuntime.objects.update(lease_until=None)
    assert SyncRun.objects.get().stopped
    client = client_as(roles.VIEWER)
    for page in (url("account", account.pk), url("run", run.pk)):
        assert "Stopped without an end" in client.get(page).content.decode()
    assert run.worker in client.get(url("run", run.pk)).content.decode()
    monkeypatch.undo()
    assert engine.sync_account(account.pk).full, "what did not end is no complete sync"


def test_an_unexpected_answer_is_kept_for_administrators(
    account, sandbox, monkeypatch, client_as, url
):
    def answers_oddly(context, scope, **how):
        raise ODD

    sandbox.clickmeeting().add_room("Quarterly results")
    monkeypatch.setattr(engine, "observe", answers_oddly)
    run = engine.sync_account(account.pk, full=True)
    (answer,) = SyncRun.objects.get(pk=run.pk).answers
    assert (answer["operation"], answer["status"]) == ("list conferences", 200)
    assert "someone@example.com" not in answer["excerpt"]
    for role, shown in ((roles.VIEWER, False), (roles.STAFF, False), (roles.ADMINISTRATOR, True)):
        page = client_as(role).get(url("run", run.pk)).content.decode()
        assert ("Down for maintenance" in page) == shown
        answers = page.partition('id="answers"')[2].partition("</section>")[0]
        assert ('<li class="row-item">' in answers) == shown, "a row of a card, with its padding"
