"""`manage.py connect`: for scripts, with clear errors, and nothing secret printed."""

import io

import pytest
from django.core.management import CommandError, call_command

from portal.platforms.models import PlatformAccount
from tests.factories import AccountFactory

pytestmark = pytest.mark.django_db
KEY = "a-very-secret-key-0123456789"


def connect(*args):
    out = io.StringIO()
    call_command("connect", *args, stdout=out, stderr=out)
    assert KEY not in out.getvalue()
    return out.getvalue()


def refused(*args):
    with pytest.raises(CommandError) as caught:
        connect(*args)
    assert KEY not in str(caught.value)
    return caught.value


def test_an_account_is_created_then_changed():
    args = ("clickmeeting", "--label", "Main", "--credential", f"api_key={KEY}")
    assert "Main (ClickMeeting) is connected." in connect(*args, "--interval", "7")
    row = PlatformAccount.objects.get()
    assert (row.credentials, row.interval_minutes) == ({"api_key": KEY}, 7)
    said = connect("clickmeeting", "--label", "  mAIN ", "--option", "contacts=yes")
    assert "is changed" in said
    row = PlatformAccount.objects.get()
    assert (row.credentials, row.interval_minutes) == ({"api_key": KEY}, 7)
    assert row.options["contacts"] == "yes"


def test_a_secret_need_not_stand_in_the_list_of_processes(tmp_path, monkeypatch):
    file = tmp_path / "key"
    file.write_text(f"{KEY}\n")
    connect("clickmeeting", "--label", "File", "--credential", f"api_key=@{file}")
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{KEY}\n"))
    connect("clickmeeting", "--label", "Stdin", "--credential", "api_key=-")
    for row in PlatformAccount.objects.all():
        assert row.credentials == {"api_key": KEY}


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("nosuch", "--label", "L"), "There is no platform"),
        (("clickmeeting", "--label", "L"), "--credential api_key: This is required."),
        (("clickmeeting", "--label", " ", "--credential", f"api_key={KEY}"), "--label"),
        (("clickmeeting", "--label", "L", "--credential", KEY), "name=value"),
        (("clickmeeting", "--label", "L", "--credential", f"={KEY}"), "name=value"),
        (("clickmeeting", "--label", "L", "--credential", f"other={KEY}"), "--credential other"),
        (("clickmeeting", "--label", "L", "--credential", "api_key=@/nowhere"), "cannot be read"),
        (
            (
                "clickmeeting",
                "--label",
                "L",
                "--credential",
                f"api_key={KEY}",
                "--credential",
                f"api_key={KEY}",
            ),
            "given twice",
        ),
        (
            ("clickmeeting", "--label", "L", "--credential", f"api_key={KEY}", "--base-url", "x"),
            "--base-url",
        ),
        (
            ("clickmeeting", "--label", "L", "--credential", f"api_key={KEY}", "--option", "a=b"),
            "--option a",
        ),
        (
            ("clickmeeting", "--label", "L", "--credential", f"api_key={KEY}", "--interval", "0"),
            "--interval",
        ),
    ],
)
def test_errors_name_the_option_and_change_nothing(args, said):
    error = refused(*args)
    assert said in str(error)
    assert error.returncode == 1
    assert not PlatformAccount.objects.exists()


def test_an_account_does_not_move_to_another_platform(monkeypatch):
    from integrations import registry

    AccountFactory(label="Main")
    monkeypatch.setitem(registry.ROOMS, "other", "integrations.clickmeeting")
    assert "stays on its platform" in str(refused("other", "--label", "Main"))


def test_the_test_has_an_exit_code_of_its_own(sandbox):
    args = (
        "clickmeeting",
        "--label",
        "Main",
        "--base-url",
        sandbox.base_url("clickmeeting"),
        "--credential",
        f"api_key={sandbox.api_key('clickmeeting', 'demo')}",
        "--test",
    )
    assert "takes the API key" in connect(*args)
    sandbox.faults.add("wrong_key")
    assert refused(*args).returncode == 3
    assert PlatformAccount.objects.get().state == PlatformAccount.State.REJECTED
