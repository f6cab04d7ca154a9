"""Every page, in light and dark: axe finds nothing, nothing overflows, the browser is content.

A test for each page. They share one portal with one set of rows, made once in each process: looking
at pages changes nothing of what others look at.
"""

import pytest
from django.test import override_settings
from pytest_django.live_server_helper import LiveServer

from tests.browser import stage
from tests.browser.conftest import visitors
from tests.browser.pages import MORE, PAGES
from tests.browser.worn import Worn
from tests.emptied import AsMigrated
from tests.profiles import spread

# The first test of a process waits until the rows are there.
pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(1800)]
# Each page, in every other of its states: the next page begins at the other one.
LOOKS = [
    (name, needs, "")
    for number, (name, states) in enumerate(PAGES.items())
    for needs in (spread(states, number, 2) if len(states) > 1 else states)
]
LOOKS += MORE
# What only the answer to a form shows: page, row, button. What keeps a browser from sending a form
# that is not filled in is switched off, so that the portal says what is missing.
ANSWERS = [
    ("account-dry-run", "account", "account", "form[action$='/dry-run/'] button"),
    ("schedule with errors", "schedule", "", "main form .btn-primary"),
    ("person-new with errors", "person-new", "", "main form .btn-primary"),
    ("group-new with errors", "group-new", "", "main form .btn-primary"),
    ("people-import with errors", "people-import", "", "main form .btn-primary"),
    ("account-connect with errors", "account-connect", "clickmeeting", "main form .btn-primary"),
    ("an action with errors", "ask", "form of an action", "main form .btn-primary"),
]
UNCHECKED = "for (const f of document.forms) f.noValidate = true"


@pytest.fixture(scope="module")
def transactional_db(django_db_setup, django_db_blocker):
    """Instead of pytest-django's, after which no row outlives its test: here they outlive all."""
    with django_db_blocker.unblock():
        left = AsMigrated()
        yield
        left.restore()


@pytest.fixture(scope="module")
def portal(transactional_db, tmp_path_factory):
    """A portal in front of this module's own rows; the demo's mailbox is one of its pages."""
    folder = tmp_path_factory.mktemp("pages")
    places = {"VAR_DIR": folder, "DEMO_MAIL_DIR": folder, "EMAIL_FILE_PATH": str(folder)}
    server = LiveServer("localhost")
    with override_settings(DEMO_MODE=True, **places), server._live_server_modified_settings:
        yield server.url
    server.stop()


@pytest.fixture(scope="module")
def visit(chrome, portal):
    with visitors(chrome, portal) as make:
        yield make


@pytest.fixture(scope="module")
def administrator(visit):
    return Worn(visit("Administrator"))


@pytest.fixture(scope="module")
def rows(running_sandbox, administrator):
    running_sandbox.reset(seeded=True)
    yield stage.build(running_sandbox, administrator.someone.user)
    running_sandbox.reset(seeded=False)


@pytest.fixture
def worn(administrator, rows):
    """The administrator's browser. What is found wrong with a page fails its test."""
    yield administrator.fresh()
    assert not administrator.problems, "\n".join(administrator.problems)


@pytest.fixture
def stranger(visit, rows):
    """The browser of somebody who may only read."""
    worn = Worn(visit("Viewer"))
    yield worn
    assert not worn.problems, "\n".join(worn.problems)
    worn.page.close()


@pytest.mark.parametrize(
    ("name", "needs", "query"), LOOKS, ids=[f"{n} {of}{query}".strip() for n, of, query in LOOKS]
)
def test_a_page(worn, rows, name, needs, query):
    worn.look(f"{name} {needs}{query}", worn.someone.reverse(name, *rows[needs]) + query)


@pytest.mark.parametrize(
    ("name", "page", "needs", "button"), ANSWERS, ids=[name for name, *_ in ANSWERS]
)
def test_an_answer_to_a_form(worn, rows, name, page, needs, button):
    worn.someone.go(page, *rows[needs])
    worn.page.evaluate(UNCHECKED)
    worn.press(name, button)


# TrueConf asks for an owner at each webinar, which a move cannot give: its button is off.
@pytest.mark.parametrize(
    ("slug", "how", "shown"),
    [
        ("trueconf", "copy", "button[name=do]"),
        ("trueconf", "move", "#preview [aria-disabled=true]"),
        ("myownconference", "move", "#preview button[name=tell]"),
    ],
)
def test_what_a_move_would_carry(worn, rows, slug, how, shown):
    worn.someone.go("conference-move", *rows["coming"])
    worn.page.select_option("[name=account]", str(rows[f"account on {slug}"][0]))
    worn.page.check(f"[name=how][value={how}]")
    worn.page.wait_for_selector(shown)
    worn.settle()
    worn.examine(f"conference-move, {how} to {slug}")


def test_the_menu_beside_a_page_in_the_dark(worn):
    """On a narrow screen, where the other pages wear the dark, it is folded."""
    worn.someone.go("home")
    worn.wear(color_scheme="dark")
    assert worn.contrast() == []


def test_the_preview_of_an_invitation(worn, rows):
    worn.someone.go("invite", *rows["coming"])
    worn.page.fill("[name=who]", "Ann Example, bob@example.com")
    worn.press("invite preview", "button[value=preview]")


def test_nothing_is_there(worn):
    worn.look("404", "/nowhere/")


def test_something_broke(worn, monkeypatch):
    monkeypatch.setattr("portal.staff.demo_mailbox.mails", None)
    worn.look("500", worn.someone.reverse("mail"))


@pytest.mark.parametrize(
    ("name", "address"),
    [
        ("403", "account-connect"),
        ("home of a viewer", "home"),
        ("schedule of a viewer", "schedule"),
    ],
)
def test_what_a_viewer_sees(stranger, name, address):
    stranger.look(name, stranger.someone.reverse(address))


def test_signing_in_and_failing(stranger):
    stranger.page.context.clear_cookies()
    stranger.look("login", "/login/")
    stranger.page.fill("[name=username]", "nobody")
    stranger.page.fill("[name=password]", "wrong")
    stranger.press("login that failed", "main button[type=submit]")


def test_every_page_of_the_list_is_looked_at():
    assert {name for name, *_ in (*LOOKS, *ANSWERS)} >= set(PAGES)
