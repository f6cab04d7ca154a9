"""Take docs/screenshots anew: `python -m tests.browser.screenshots`.

It starts a sandbox and a portal of its own, syncs the seed world, makes a conflict, and takes a
picture of every page that staff use daily.
"""

import os
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from wsgiref.simple_server import WSGIRequestHandler, make_server

HOME = Path(__file__).resolve().parent.parent.parent
TARGET = HOME / "docs" / "screenshots"
DARK_AND_NARROW = ("home", "schedule", "webinar", "attention")


class Quiet(WSGIRequestHandler):
    def log_message(self, *args):
        """A picture needs no log."""


def world(folder):
    """Settings, a database, the seed world, one sync, and something that needs attention."""
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "portal.settings",
        "DATABASE_URL": f"sqlite:///{folder}/pictures.sqlite3",
        "CELERY_BROKER_URL": "memory://localhost",
        "DEMO_MAIL_DIR": f"{folder}/mail",
        "DJANGO_ALLOW_ASYNC_UNSAFE": "true",
        "LOG_LEVEL": "ERROR",
    }
    from integrations.sandbox import Sandbox

    sandbox = Sandbox(seed=True).start()
    os.environ["SANDBOX_URL"] = sandbox.url
    manage = [sys.executable, "manage.py"]
    for words in (["migrate", "-v0"], ["seed_demo"]):
        subprocess.run([*manage, *words], cwd=HOME, check=True, stdout=subprocess.DEVNULL)
    import django

    django.setup()
    from portal.conferences.models import Conference
    from portal.platforms.models import PlatformAccount
    from portal.sync import engine

    for each in PlatformAccount.objects.all():
        engine.sync_account(each.pk, trigger="command", full=True)
    account = PlatformAccount.objects.get(platform="clickmeeting")
    row = Conference.objects.filter(title__startswith="Cordless").get()
    room = next(r for r in sandbox.clickmeeting("demo").rooms() if r["name"] == row.title)
    sandbox.clickmeeting("demo").edit_room(room["id"], name="Cordless range: the new season")
    Conference.objects.filter(pk=row.pk).update(title="Cordless range: all that is new")
    engine.sync_account(account.pk, trigger="command", full=True)
    return account, row


def serve():
    """The portal in a thread; answers its address."""
    from django.contrib.staticfiles.handlers import StaticFilesHandler

    from portal.wsgi import application

    server = make_server("127.0.0.1", 0, StaticFilesHandler(application), handler_class=Quiet)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f"http://127.0.0.1:{server.server_port}"


def pages(account, row):
    """File name -> address."""
    from portal.conferences.models import Attendee, AttendeeGroup, Conference

    past = Conference.objects.filter(sessions__isnull=False).first()
    here = f"/webinars/{row.pk}/"
    return {
        "home": "/", "webinars": "/webinars/", "calendar": "/calendar/",
        "schedule": "/webinars/schedule/", "webinar": here, "webinar-people": here + "people/",
        "webinar-history": here + "history/", "edit": here + "edit/", "cancel": here + "cancel/",
        "invite": here + "invite/", "sessions": f"/webinars/{past.pk}/sessions/",
        "recordings": f"/webinars/{past.pk}/recordings/", "people": "/people/",
        "person": f"/people/{Attendee.objects.first().pk}/", "import": "/people/import/",
        "doubles": "/people/doubles/", "groups": "/groups/",
        "group": f"/groups/{AttendeeGroup.objects.first().pk}/", "accounts": "/accounts/",
        "account": f"/accounts/{account.pk}/", "connect": "/accounts/connect/clickmeeting/",
        "attention": "/attention/", "mail": "/mail/",
    }  # fmt: skip


def shoot(browser, base, addresses):
    """Log in and take the pictures: light and wide, some in the dark and on a narrow screen."""
    from portal.common import demo_users

    for suffix, width, scheme in (("", 1280, "light"), ("-dark", 1280, "dark"),
                                  ("-narrow", 390, "light")):  # fmt: skip
        page = browser.new_page(
            viewport={"width": width, "height": 860}, color_scheme=scheme,
            timezone_id="Europe/Berlin", reduced_motion="reduce",
        )  # fmt: skip
        page.goto(base + "/login/")
        page.fill("[name=username]", "admin")
        page.fill("[name=password]", demo_users.PASSWORD)
        page.press("[name=password]", "Enter")
        page.wait_for_load_state("networkidle")
        for name, address in addresses.items():
            if suffix and name not in DARK_AND_NARROW:
                continue
            page.goto(base + address)
            page.wait_for_timeout(250)
            page.screenshot(path=TARGET / f"{name}{suffix}.png")
        page.close()


def main():
    from playwright.sync_api import sync_playwright

    from tests import chromium

    TARGET.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        account, row = world(folder)
        addresses, base = pages(account, row), serve()
        with sync_playwright() as playwright:
            flags = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"]
            browser = playwright.chromium.launch(executable_path=chromium.path(), args=flags)
            shoot(browser, base, addresses)
            browser.close()


if __name__ == "__main__":
    main()
