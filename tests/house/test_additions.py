"""What an addition touches: one is made in a copy of the house, and nothing else has to change."""

import os
import shutil
import subprocess
import sys
from textwrap import dedent

import pytest

from tests.house import HOME

COPIED = ("portal", "integrations", "templates", "static", "manage.py")


class Copy:
    """A copy of the house; `touched` are the files that were changed by hand."""

    def __init__(self, folder):
        self.folder, self.touched = folder, set()
        for name in COPIED:
            source = HOME / name
            if source.is_dir():
                ignore = shutil.ignore_patterns("__pycache__", "vendor")
                shutil.copytree(source, folder / name, ignore=ignore)
            else:
                shutil.copy(source, folder / name)

    def insert(self, path, before, text):
        file = self.folder / path
        held = file.read_text()
        assert held.count(before) == 1, f"{path} has changed; so must this test"
        file.write_text(held.replace(before, text + before))
        self.touched.add(path)

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
        '    ConferenceField("access", TEXT, "Who can enter", "access"),\n',
        '    ConferenceField("motto", TEXT, "Motto", "access", notified=True, ours=True),\n',
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
        from portal.sync.mirrors import MIRRORS

        assert FIELDS[Kind.CONFERENCE]["motto"] == "text"
        assert "motto" in MIRRORS[Kind.CONFERENCE].compared
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
