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
DARK_AND_NARROW = ("home", "schedule", "webinar", "attention", "live")
SIZE = {"width": 1280, "height": 860}
LIST = """email,first name,last name,company
nadia.moss@example.com,Nadia,Moss,Example Breweries
abel.amberley@example.org,Abel,Amberley,Sample & Sons
otto.inkwell@example.com,Otto,Inkwell,
NADIA.MOSS@example.com,Nadia,Moss,Example Breweries
no address,Somebody,,
"""


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
    from portal.platforms.models import PlatformAccount
    from portal.sync import engine

    for each in PlatformAccount.objects.all():
        engine.sync_account(each.pk, trigger="command", full=True)
    return conflict(sandbox)


def conflict(sandbox):
    """Change a title on both sides; answers the webinar."""
    from portal.conferences.models import Conference
    from portal.sync import engine

    row = Conference.objects.filter(title__startswith="Cordless").get()
    room = next(r for r in sandbox.clickmeeting("demo").rooms() if r["name"] == row.title)
    sandbox.clickmeeting("demo").edit_room(room["id"], name="Cordless range: the new season")
    Conference.objects.filter(pk=row.pk).update(title="Cordless range: all that is new")
    engine.sync_account(row.account_id, trigger="command", full=True)
    return row


def serve():
    """The portal in a thread; answers its address."""
    from django.contrib.staticfiles.handlers import StaticFilesHandler

    from portal.wsgi import application

    server = make_server("127.0.0.1", 0, StaticFilesHandler(application), handler_class=Quiet)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f"http://127.0.0.1:{server.server_port}"


def pages(row):
    """File name -> address, with rows that show life: a running webinar, people, results."""
    from portal.conferences.models import AttendeeGroup, Conference, Registration
    from portal.platforms.models import PlatformAccount

    here, account = f"/webinars/{row.pk}/", f"/accounts/{row.account_id}/"
    past = row.account.conference_set.filter(recordings__isnull=False).first()
    running = {
        each.account.platform: f"/webinars/{each.pk}/"
        for each in Conference.objects.select_related("account").order_by("starts_at")
        if each.state == Conference.State.LIVE
    }
    busy = Registration.objects.filter(conference=row).first().attendee
    ours = PlatformAccount.objects.get(platform="trueconf")
    return {
        "home": "/",
        "webinars": "/webinars/",
        "calendar": "/calendar/",
        "schedule": "/webinars/schedule/",
        "webinar": here,
        "webinar-people": here + "people/",
        "webinar-history": here + "history/",
        "edit": here + "edit/",
        "cancel": here + "cancel/",
        "invite": here + "invite/",
        "sessions": f"/webinars/{past.pk}/sessions/",
        "recordings": f"/webinars/{past.pk}/recordings/",
        "live": running["trueconf"] + "live/",
        "content": running["clickmeeting"] + "content/",
        "people": "/people/",
        "person": f"/people/{busy.pk}/",
        "import": "/people/import/",
        "duplicates": "/people/duplicates/",
        "groups": "/groups/",
        "group-new": "/groups/new/",
        "group": f"/groups/{AttendeeGroup.objects.first().pk}/",
        "accounts": "/accounts/",
        "account": account,
        "account-ask": f"/accounts/{ours.pk}/ask/?read=templates",
        "choose-platform": "/accounts/connect/",
        "attention": "/attention/",
        "mail": "/mail/",
    } | {
        f"connect-{one.platform}": f"/accounts/connect/{one.platform}/"
        for one in PlatformAccount.objects.all()
    }


def made(row):
    """File name -> address of what is made for the picture: duplicates, mails, a waiting link."""
    from django.contrib.auth.models import User

    from portal.conferences.audience.services import invite
    from portal.conferences.mails.services import sending
    from portal.conferences.models import Attendee
    from portal.conferences.people.services.selection import Selection
    from portal.sync import engine

    twice = [
        Attendee.objects.create(
            email=f"nora.brightwater@{at}", first_name="Nora", last_name="Brightwater", phone=phone
        )
        for at, phone in (("example.net", ""), ("example.edu", "+49 30 1234"))
    ]
    staff = User.objects.get(username="staff")
    invite.send(row, Selection(people=[*twice, *Attendee.objects.all()[:12]]), by=staff)
    engine.push_account(row.account_id)
    sending.send_due()
    late = Attendee.objects.create(email="late@example.net", first_name="Late", last_name="Comer")
    invite.send(row, Selection(people=[late]), by=staff)
    return {
        "merge": f"/people/duplicates/{twice[0].pk}/{twice[1].pk}/",
        "join": f"/join/{row.registrations.get(attendee=late).token}/",
    }


def press(page, base, row):
    """Pages that only an answer to a form shows."""
    from portal.platforms.models import PlatformAccount

    page.goto(f"{base}/webinars/{row.pk}/move/")
    other = PlatformAccount.objects.get(platform="myownconference")
    page.select_option("[name=account]", str(other.pk))
    page.check("[name=how][value=move]")
    page.wait_for_selector("#preview button[name=tell].btn-danger")
    yield "move"
    page.goto(f"{base}/people/import/")
    page.fill("[name=text]", LIST)
    page.click("main form .btn-primary")
    yield "import-preview"


def log_in(browser, base, width, scheme):
    """A page whose visitor is the demo's administrator."""
    from portal.identity import demo_users

    page = browser.new_page(
        viewport=SIZE | {"width": width},
        color_scheme=scheme,
        timezone_id="Europe/Berlin",
        reduced_motion="reduce",
    )
    page.goto(base + "/login/")
    page.fill("[name=username]", "admin")
    page.fill("[name=password]", demo_users.PASSWORD)
    page.press("[name=password]", "Enter")
    page.wait_for_load_state("networkidle")
    return page


def shoot(browser, base, addresses, row):
    """Take the pictures: light and wide, some in the dark and on a narrow screen."""
    for suffix, width, scheme in (
        ("", 1280, "light"),
        ("-dark", 1280, "dark"),
        ("-narrow", 390, "light"),
    ):
        page = log_in(browser, base, width, scheme)
        for name, address in addresses.items():
            if suffix and name not in DARK_AND_NARROW:
                continue
            page.goto(base + address)
            page.wait_for_load_state("networkidle")
            page.screenshot(path=TARGET / f"{name}{suffix}.png")
        for name in press(page, base, row) if not suffix else ():
            page.wait_for_load_state("networkidle")
            page.screenshot(path=TARGET / f"{name}.png")
        page.close()


def main():
    from playwright.sync_api import sync_playwright

    from tests import chromium

    TARGET.mkdir(parents=True, exist_ok=True)
    for old in TARGET.glob("*.png"):
        old.unlink()
    with tempfile.TemporaryDirectory() as folder:
        row = world(folder)
        addresses, base = pages(row) | made(row), serve()
        with sync_playwright() as playwright:
            flags = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"]
            browser = playwright.chromium.launch(executable_path=chromium.path(), args=flags)
            shoot(browser, base, addresses, row)
            browser.close()


if __name__ == "__main__":
    main()
