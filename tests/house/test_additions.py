"""What an addition touches: one is made in a copy of the house, and nothing else has to change."""

import os
import shutil
import subprocess
import sys
from textwrap import dedent

import pytest

from tests import migrated
from tests.house import HOME

COPIED = ("portal", "integrations", "templates", "static", "manage.py")


class Copy:
    """A copy of the house; `touched` are the files that were changed by hand."""

    def __init__(self, folder):
        self.folder, self.touched = folder, set()
        for name in COPIED:
            source = HOME / name
            if source.is_dir():
                # With the bytecode: what is not changed need not be compiled anew.
                shutil.copytree(source, folder / name, ignore=shutil.ignore_patterns("vendor"))
            else:
                shutil.copy(source, folder / name)
        # The migrations up to here have run; what a test adds, it migrates.
        migrated.copy(folder / "copy.sqlite3")

    def insert(self, path, before, text):
        file = self.folder / path
        held = file.read_text()
        assert held.count(before) == 1, f"{path} has changed; so must this test"
        file.write_text(held.replace(before, text + before))
        self.touched.add(path)

    def imitate(self, source, target, **words):
        """A folder (or file) like one that is there, under other words; counts as one thing."""
        for path in [self.folder / source, *(self.folder / source).rglob("*")]:
            if path.is_file() and path.suffix != ".pyc":
                there = self.folder / target / path.relative_to(self.folder / source)
                if path == self.folder / source:
                    there = self.folder / target
                text = path.read_text()
                for old, new in words.items():
                    text = text.replace(old, new)
                there.parent.mkdir(parents=True, exist_ok=True)
                there.write_text(text)
        self.touched.add(target)

    def manage(self, *words):
        return self._run("manage.py", *words)

    def python(self, code):
        return self._run("-c", "import django; django.setup()\n" + dedent(code))

    def _run(self, *words):
        env = {n: os.environ[n] for n in ("PATH", "HOME", "LANG") if n in os.environ}
        env |= {
            "DJANGO_SETTINGS_MODULE": "portal.settings",
            "DEMO_MODE": "true",
            "DATABASE_URL": f"sqlite:///{self.folder}/copy.sqlite3",
        }
        done = subprocess.run(
            [sys.executable, *words],
            cwd=self.folder,
            env=env,
            capture_output=True,
            text=True,
            timeout=120,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout


@pytest.fixture
def copy(tmp_path):
    return Copy(tmp_path)


def test_a_field_of_a_conference(copy):
    """One entry in the table and one column: the sync, the form, the administration and the words
    on pages know it. (Then come the platforms that have it.)"""
    copy.insert(
        "integrations/base/records.py",
        '    ConferenceField("access", TEXT, _("Who can enter"), "access"),\n',
        '    ConferenceField("motto", TEXT, _("Motto"), "access", notified=True, ours=True),\n',
    )
    copy.insert(
        "portal/conferences/models/conference.py",
        "    options = models.JSONField(default=dict, blank=True)\n",
        "    motto = models.CharField(max_length=80, blank=True)\n",
    )
    copy.manage("makemigrations", "conferences", "--name", "motto")
    copy.manage("migrate", "--verbosity", "0")
    said = copy.python(
        """
        from integrations.base.records import FIELDS, Kind
        from portal.conferences.admin.conferences import ConferenceAdmin, ConferenceForm as Admin
        from portal.conferences.fields import NOTIFIED_FIELDS, snapshot
        from portal.conferences.models import Conference
        from portal.conferences.schedule.forms.conference import ConferenceForm
        from portal.conferences.schedule.services import schedule
        from portal.platforms.models import PlatformAccount
        from portal.staff.presenters import words
        from portal.sync.kinds import mirror_of

        assert FIELDS[Kind.CONFERENCE]["motto"] == "text"
        assert "motto" in mirror_of(Kind.CONFERENCE).compared
        assert "motto" in NOTIFIED_FIELDS
        assert words.label("motto") == "Motto"
        assert "motto" in Admin.base_fields
        assert any("motto" in part["fields"] for _, part in ConferenceAdmin.fieldsets)

        account = PlatformAccount.objects.create(
            label="One", platform="clickmeeting", credentials={"api_key": "made-up-key"})
        typed = {
            "account": account.pk, "title": "A title", "timezone": "UTC", "date": "2031-05-05",
            "time": "10:00", "duration_minutes": "60", "room_type": "webinar", "access": "open",
            "motto": "Plain words",
        }
        form = ConferenceForm(
            typed, account=account, accounts=PlatformAccount.objects.all(), draft=True)
        assert form.is_valid(), form.errors
        assert form.values["motto"] == "Plain words"
        assert form.further == ["motto"]
        row = schedule.schedule(account=account, values=form.values, by=None, draft=True)
        assert Conference.objects.get(pk=row.pk).motto == "Plain words"
        assert snapshot(row)["motto"] == "Plain words"
        print("all of it")
        """
    )
    assert "all of it" in said
    assert copy.touched == {
        "integrations/base/records.py",
        "portal/conferences/models/conference.py",
    }


def test_a_kind(copy):
    """A line in the two tables of kinds, a model and a mirror: the sync goes through its listings
    and keeps what they show."""
    copy.insert(
        "integrations/base/records.py",
        '    RECORDING = "recording"\n',
        '    POLL = "poll"\n',
    )
    copy.insert(
        "integrations/base/records.py",
        "    Kind.RECORDING: KindSpec(",
        '    Kind.POLL: KindSpec("Polls", {"question": TEXT}, parent=Kind.CONFERENCE),\n',
    )
    copy.insert(
        "portal/conferences/models/results.py",
        "class Recording(Mirrored):",
        """class Poll(Mirrored):
    conference = models.ForeignKey(Conference, on_delete=models.CASCADE, related_name="polls")
    question = models.CharField(max_length=200)

    def __str__(self) -> str:
        return self.question


""",
    )
    copy.insert(
        "portal/sync/mirrors/results.py",
        "class RecordingMirror(",
        """class PollMirror(BelongsToConference):
    kind = Kind.POLL
    model = Poll
    compared = ("question",)


""",
    )
    copy.insert(
        "portal/sync/mirrors/results.py",
        "from portal.platforms.models",
        "from portal.conferences.models.results import Poll\n",
    )
    copy.insert(
        "portal/sync/kinds.py",
        "    Kind.RECORDING: KeptKind(",
        '    Kind.POLL: KeptKind(PollMirror(), place=9, word="poll"),\n',
    )
    copy.insert(
        "portal/sync/kinds.py",
        "from portal.sync.mirrors.results import",
        "from portal.sync.mirrors.results import PollMirror\n",
    )
    copy.manage("makemigrations", "conferences", "--name", "polls")
    copy.manage("migrate", "--verbosity", "0")
    said = copy.python(
        """
        from django.utils import timezone
        from integrations.base.records import FIELDS, PARENTS, Kind, Record
        from portal.conferences.models import Conference
        from portal.platforms.models import PlatformAccount
        from portal.sync import queries
        from portal.sync.kinds import mirror_of, row_of, word_of

        assert PARENTS[Kind.POLL] is Kind.CONFERENCE
        account = PlatformAccount.objects.create(
            label="One", platform="clickmeeting", credentials={"api_key": "made-up-key"})
        assert not account.capabilities.kind(Kind.POLL).list.offered
        room = Conference.objects.create(
            account=account, title="A title", starts_at=timezone.now(), duration_minutes=60)
        poll = mirror_of("poll").make(
            account, room.pk, Record(Kind.POLL, "7", {"question": "Coffee?"}))
        assert poll.pk and row_of("poll", poll.pk) == poll
        assert mirror_of("poll").read(poll) == {"question": "Coffee?"}
        assert word_of("poll") == "poll"
        print("all of it")
        """
    )
    assert "all of it" in said
    assert copy.touched == {
        "integrations/base/records.py",
        "portal/conferences/models/results.py",
        "portal/sync/mirrors/results.py",
        "portal/sync/kinds.py",
    }


def test_a_platform(copy):
    """A room, an emulator, an icon, and a line for each: nothing of the portal is touched."""
    names = {"webinarfuel": "acmemeet", "WebinarFuel": "AcmeMeet"}
    copy.imitate("integrations/webinarfuel", "integrations/acmemeet", **names)
    copy.imitate("integrations/sandbox/webinarfuel", "integrations/sandbox/acmemeet", **names)
    icon = "templates/components/icons/platform-{}.svg"
    copy.imitate(icon.format("webinarfuel"), icon.format("acmemeet"))
    copy.insert(
        "integrations/registry.py",
        '    "webinarfuel": "integrations.webinarfuel",\n',
        '    "acmemeet": "integrations.acmemeet",\n',
    )
    copy.insert(
        "integrations/sandbox/world.py",
        '    "webinarfuel": "integrations.sandbox.webinarfuel:WebinarFuelSandbox",\n',
        '    "acmemeet": "integrations.sandbox.acmemeet:AcmeMeetSandbox",\n',
    )
    copy.manage("makemigrations", "--check", "--dry-run")
    copy.manage("migrate", "--verbosity", "0")
    said = copy.python(
        """
        from django.contrib.auth import get_user_model
        from django.test import Client
        from django.urls import reverse
        from integrations.base.records import Kind
        from integrations.sandbox import Sandbox
        from portal.platforms import services
        from portal.platforms.connections import open_adapter
        from portal.platforms.models import PlatformAccount
        from portal.sync.engine import sync_account
        from portal.conferences.models import Conference

        with Sandbox().start() as sandbox:
            account = services.connect(
                platform="acmemeet", label="Acme", by=None,
                base_url=sandbox.base_url("acmemeet"),
                credentials=sandbox.credentials("acmemeet"),
                options=sandbox.options("acmemeet"), requests_per_minute=6000)
            assert account.platform_name == "AcmeMeet"
            run = sync_account(account.pk)
            assert run.outcome == "ok", (run.outcome, run.problem)
            assert Conference.objects.filter(account=account).exists()

            user = get_user_model().objects.create_superuser("boss", password="made-up")
            browser = Client()
            browser.force_login(user)
            for page in (
                reverse("staff:account", args=[account.pk]),
                reverse("staff:account-connect"),
                reverse("staff:conference", args=[Conference.objects.first().pk]),
                reverse("staff:schedule") + f"?account={account.pk}",
            ):
                answer = browser.get(page, headers={"host": "localhost"})
                assert answer.status_code == 200, (page, answer.status_code)
                assert b"AcmeMeet" in answer.content, page
        print("all of it")
        """
    )
    assert "all of it" in said
    assert not [path for path in copy.touched if path.startswith("portal/")]
