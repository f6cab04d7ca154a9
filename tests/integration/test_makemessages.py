"""One command collects the texts of templates, of the portal and of the rooms for a translator."""

import shutil

import pytest
from django.core.management import call_command

NO_GETTEXT = "GNU gettext is not installed"
FILES = {
    "portal/views.py": 'messages.info(_("Moved to %(account)s.") % {"account": label})',
    "portal/counts.py": 'ngettext("%(count)d mail", "%(count)d mails", count)',
    "templates/page.html": '{% load i18n %}{% translate "Said by a page" %}',
    "templates/mails/letter.txt": '{% load i18n %}{% translate "Said by a mail" %}',
    "integrations/room/actions.py": 'raise refused(say("%(name)s is unknown.", name=name))',
    "integrations/room/capabilities.py": 'CANNOT = no(_("It cannot do that."))',
    "integrations/sandbox/room.py": 'answer(_("Said by an emulator"))',
    "tests/test_room.py": 'expect(_("Said by a test"))',
}


@pytest.mark.skipif(not shutil.which("xgettext"), reason=NO_GETTEXT)
def test_texts_are_collected_from_everywhere_but_emulators_and_tests(
    tmp_path, monkeypatch, settings
):
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(f"{text}\n")
    monkeypatch.chdir(tmp_path)
    settings.LOCALE_PATHS = [tmp_path / "locale"]

    call_command("makemessages", locale=["de"], verbosity=0)

    found = (tmp_path / "locale/de/LC_MESSAGES/django.po").read_text()
    for text in (
        "Moved to %(account)s.",
        "%(count)d mails",
        "Said by a page",
        "Said by a mail",
        "%(name)s is unknown.",
        "It cannot do that.",
    ):
        assert f'"{text}"' in found, text
    assert "emulator" not in found
    assert "Said by a test" not in found
