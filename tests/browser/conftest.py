"""A real Chromium in front of the live portal, which stands in front of the live sandbox."""

import os
from contextlib import contextmanager

import pytest
from django.conf import settings

from portal.sync import engine
from tests import chromium
from tests.factories import logged_in, staff_url

FLAGS = [
    "--no-sandbox",
    "--disable-dev-shm-usage",
    "--disable-gpu",
    "--no-first-run",
    "--disable-sync",
    "--disable-background-networking",
    "--disable-component-update",
]
AXE = (settings.BASE_DIR / "tests/browser/vendor/axe.min.js").read_text()
LEVELS = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]
RUN_AXE = """async only => {
    const found = await axe.run(document, {runOnly: only, resultTypes: ['violations']});
    return found.violations.map(v => v.id + ': ' + v.nodes.map(n => n.target.join(' ')).join(', '));
}"""


@pytest.fixture(scope="session")
def chrome():
    from playwright.sync_api import expect, sync_playwright

    # As long as for all else: five seconds are few on a busy machine.
    expect.set_options(timeout=30_000)

    # Playwright's loop runs in this thread, so Django takes every query for an asynchronous one.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium.path(), args=FLAGS)
        yield browser
        browser.close()


class Visitor:
    """Somebody at a browser, logged in; what the browser complains about is kept."""

    def __init__(self, context, base, reverse, user):
        self.page, self.base, self.reverse = context.new_page(), base, reverse
        self.user = user
        self.complaints = []
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _hear(self, message):
        if message.type == "error":
            self.complaints.append(message.text)

    def go(self, name, *args):
        """Open a page of the staff's by its name."""
        return self.open(self.reverse(name, *args))

    def open(self, address):
        answer = self.page.goto(self.base + address)
        assert answer.status < 400, f"{address}: {answer.status}"
        return self.page

    def axe(self, *rules):
        """What axe finds wrong with the page as it stands: by all rules, or by those named."""
        if not self.page.evaluate("'axe' in window"):
            self.page.evaluate(AXE)
        return self.page.evaluate(RUN_AXE, list(rules) or LEVELS)

    def text(self):
        return self.page.inner_text("main")


@contextmanager
def visitors(chrome, base):
    """Let visitors in at an address, and see them out at the end."""
    contexts = []

    def make(role="Event staff", width=1280, javascript=True, dark=False, touch=False):
        context = chrome.new_context(
            viewport={"width": width, "height": 900},
            has_touch=touch,
            java_script_enabled=javascript,
            color_scheme="dark" if dark else "light",
            timezone_id="Europe/Berlin",
            reduced_motion="reduce",
        )
        contexts.append(context)
        client = logged_in(role)
        session = client.cookies[settings.SESSION_COOKIE_NAME].value
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": base}])
        return Visitor(context, base, staff_url, client.user)

    yield make
    for context in contexts:
        context.close()


@pytest.fixture
def visitor(chrome, live_server):
    """Make a visitor: visitor(role, width=390, javascript=False, dark=True)."""
    with visitors(chrome, live_server.url) as make:
        yield make


@pytest.fixture
def account(transactional_db, account):
    """The connected account; its rows are seen by the live server's threads too."""
    return account


@pytest.fixture
def work(account):
    """Do what the worker would do now: sync, or push what waits."""

    class Work:
        def sync(self):
            return engine.sync_account(account.pk, trigger="command", full=True)

        def push(self):
            return engine.push_account(account.pk)

    return Work()
