"""Every page, in light and dark: axe finds nothing, nothing overflows, the browser is content."""

import pytest

from tests.browser import stage
from tests.browser.pages import MORE, PAGES
from tests.browser.worn import Worn

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
    pytest.mark.timeout(1800),
]


@pytest.fixture
def demo(settings, tmp_path):
    """The demo's mailbox is a page too; nothing is written beside it."""
    settings.DEMO_MODE, settings.VAR_DIR = True, tmp_path
    settings.DEMO_MAIL_DIR, settings.EMAIL_FILE_PATH = tmp_path, str(tmp_path)


@pytest.fixture
def someone(visitor, demo):
    return visitor("Administrator")


@pytest.fixture
def rows(running_sandbox, someone):
    running_sandbox.reset(seeded=True)
    yield stage.build(running_sandbox, someone.user)
    running_sandbox.reset(seeded=False)


def test_every_page_is_accessible_and_fits(someone, rows, visitor, monkeypatch):
    worn = Worn(someone)
    looks = [(name, needs, "") for name, states in PAGES.items() for needs in states]
    for name, needs, query in (*looks, *MORE):
        worn.look(f"{name} {needs}{query}", someone.reverse(name, *rows[needs]) + query)
    _after_a_button(worn, someone, rows)
    worn.look("404", "/nowhere/")
    with monkeypatch.context() as broken:
        broken.setattr("portal.staff.demo_mailbox.mails", None)
        worn.look("500", someone.reverse("mail"))
    stranger = Worn(visitor("Viewer"))
    stranger.look("403", someone.reverse("account-connect"))
    stranger.look("home of a viewer", "/")
    stranger.look("schedule of a viewer", someone.reverse("schedule"))
    stranger.someone.page.context.clear_cookies()
    stranger.look("login", "/login/")
    stranger.someone.page.fill("[name=username]", "nobody")
    stranger.someone.page.fill("[name=password]", "wrong")
    stranger.press("login that failed", "main button[type=submit]")
    problems = worn.problems + stranger.problems
    assert not problems, "\n".join(problems)
    assert set(PAGES) <= worn.seen


def _after_a_button(worn, someone, rows):
    """Pages that only an answer to a form shows."""
    page = someone.page
    someone.go("account", *rows["account"])
    worn.press("account-dry-run", "form[action$='/dry-run/'] button")
    someone.go("conference-move", *rows["coming"])
    # TrueConf asks for an owner at each webinar, which a move cannot give: its button is off.
    # Who waits for that button finds, at best, the one of the copy that is still there.
    for slug, how, shown in (
        ("trueconf", "copy", "button[name=do]"),
        ("trueconf", "move", "#preview [aria-disabled=true]"),
        ("myownconference", "move", "#preview button[name=tell]"),
    ):
        page.select_option("[name=account]", str(rows[f"account on {slug}"][0]))
        page.check(f"[name=how][value={how}]")
        page.wait_for_selector(shown)
        worn.settle()
        worn.examine(f"conference-move, {how} to {slug}")
    someone.go("invite", *rows["coming"])
    page.fill("[name=who]", "Ann Example, bob@example.com")
    worn.press("invite preview", "button[value=preview]")
    for name in ("schedule", "person-new", "group-new", "people-import"):
        someone.go(name)
        page.evaluate("for (const f of document.forms) f.noValidate = true")
        worn.press(f"{name} with errors", "main form .btn-primary")
    someone.go("account-connect", "clickmeeting")
    page.evaluate("for (const f of document.forms) f.noValidate = true")
    worn.press("account-connect with errors", "main form .btn-primary")
    someone.go("ask", *rows["form of an action"])
    worn.press("an action with errors", "main form .btn-primary")
