"""`manage.py sync`: what a script sees."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from portal.platforms import lease
from tests.factories import ConferenceFactory

pytestmark = pytest.mark.django_db


def run(*args):
    out, status = StringIO(), 0
    try:
        call_command("sync", *args, stdout=out)
    except CommandError as error:
        status = error.returncode
    return out.getvalue(), status


def test_json_tells_plan_outcome_and_counts(account, sandbox):
    ConferenceFactory(account=account, title="From here")
    sandbox.clickmeeting("demo").add_room("From there", permanent=True)
    out, status = run("--json", "--dry-run")
    (report,) = json.loads(out)
    assert status == 0
    assert {s["do"] for s in report["plan"]} == {"import", "create there"}
    assert sandbox.requests.matching("POST", "*") == []
    out, status = run("--json", "--account", "clickmeeting")
    (report,) = json.loads(out)
    assert (status, report["outcome"], report["created"]) == (0, "ok", 2)
    assert report["calls"] > 0
    assert json.loads(run("--json")[0])[0]["plan"] == []


def test_a_failure_is_said_and_exits_with_1(account, sandbox):
    sandbox.faults.add("500")
    out, status = run()
    assert status == 1
    assert "error" in out


def test_a_hold_exits_with_2(account, sandbox):
    for number in range(4):
        sandbox.clickmeeting("demo").add_room(f"Room {number}", permanent=True)
    run()
    sandbox.faults.add("empty_list")
    assert run()[1] == 2


def test_an_unknown_label_names_the_known_ones(account):
    with pytest.raises(CommandError, match="Known accounts: ClickMeeting"):
        call_command("sync", "--account", "nobody")


def test_a_busy_account_is_said(account):
    lease.claim(account.pk)
    out, status = run("--wait", "0")
    assert status == 1
    assert "Another worker" in out
