"""Every page, in light and dark: axe finds nothing, nothing overflows, the browser is content."""

import pytest

from portal.conferences.models import Conference
from portal.staff.urls import urlpatterns
from portal.sync.models import SyncRun
from tests.factories import AttendeeFactory, GroupFactory, ModeratorFactory, RegistrationFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# name -> what fills its address
PAGES = {
    "home": "", "conferences": "", "schedule": "", "calendar": "", "people": "", "person-new": "",
    "people-import": "", "people-merge": "", "groups": "", "group-new": "", "accounts": "",
    "attention": "", "account-connect": "",
    "conference": "conference", "conference-people": "conference",
    "conference-sessions": "conference", "conference-recordings": "conference",
    "conference-history": "conference", "conference-edit": "conference",
    "conference-cancel": "conference", "conference-open": "conference",
    "moderator-assign": "conference", "invite": "conference", "registrations": "conference",
    "person": "person", "person-edit": "person", "person-delete": "person",
    "group": "group", "group-edit": "group", "group-delete": "group",
    "account": "account", "account-edit": "account", "run": "run",
    "registration-withdraw": "registration",
}  # fmt: skip
# Answers that are not pages, pages that need a state of their own, and the demo's mail.
NOT_HERE = {
    "conference-chips", "conference-sync", "conference-publish", "conference-duplicate",
    "conference-gone", "conference-attendance", "recording-open", "recording-delete",
    "recording-link", "recording-download", "moderator-edit", "moderator-remove",
    "moderator-unassign", "moderator-change", "people-export", "people-import-preview",
    "people-merge-pair", "group-members", "invite-progress", "registrations-export",
    "registration-resend", "join", "mail", "mail-message", "mail-html", "account-remove",
    "account-test", "account-sync", "account-dry-run", "account-pause", "conflict-resolve",
    "hold-release", "hold-keep", "entry-retry", "entry-dismiss", "mail-retry", "mail-dismiss",
    "zone", "theme", "healthz",
}  # fmt: skip


@pytest.fixture
def world(account, work, running_sandbox):
    running_sandbox.reset(seeded=True)
    work.sync()
    conference = Conference.objects.filter(sessions__isnull=False).first()
    ModeratorFactory(conference=conference)
    registration = RegistrationFactory(conference=conference, attendee=AttendeeFactory())
    rows = {
        "conference": conference, "person": registration.attendee, "group": GroupFactory(),
        "account": account, "run": SyncRun.objects.first(), "registration": registration,
    }  # fmt: skip
    return {name: (row.pk,) for name, row in rows.items()} | {"": ()}


def test_every_page_is_listed():
    names = {pattern.name for pattern in urlpatterns}
    assert names - NOT_HERE == set(PAGES)


def test_pages_are_accessible_and_fit(visitor, world):
    wide, dark = visitor("Administrator"), visitor("Administrator", dark=True)
    narrow = visitor("Administrator", width=390)
    problems = []
    for name, needs in PAGES.items():
        for someone, look in ((wide, "light"), (dark, "dark")):
            someone.go(name, *world[needs])
            complaints, someone.complaints = someone.complaints, []
            problems += [f"{name}, {look}: {one}" for one in complaints + someone.axe()]
            someone.complaints.clear()
        page = narrow.go(name, *world[needs])
        over = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        if over > 0:
            problems.append(f"{name}: {over} px too wide for a narrow screen")
    assert not problems, "\n".join(problems)


def test_login_page_is_accessible(visitor):
    someone = visitor()
    someone.page.context.clear_cookies()
    someone.open("/login/")
    assert someone.axe() == []
