"""Columns, facts and sentences of an action's answer, as a page shows them in another language."""

import pytest

from integrations.base.headings import heading
from integrations.base.texts import _, say
from portal.common import texts
from portal.staff.platform_actions import presenters


@pytest.mark.parametrize(
    ("key", "shown"),
    [
        ("join_url", "Link to join"),
        ("on the platform", "On the platform"),
        ("phone_listener_pin", "Phone listener pin"),
        ("Google Calendar", "Google Calendar"),
        (say("Embed option %(name)s", name="_license_key"), "Embed option _license_key"),
    ],
)
def test_a_key_is_a_heading(key, shown):
    assert heading(key) == shown


def test_an_answer_is_shown_in_the_language_of_the_reader(monkeypatch):
    german = {"Name": "Name der Person", "yes": "ja", "Summer time": "Sommerzeit"}
    german |= {"%(file)s is there.": "%(file)s ist da."}
    monkeypatch.setattr(texts, "gettext", lambda text: german.get(text, text))
    answer = {
        "sentence": say("%(file)s is there.", file="a.pdf"),
        "facts": {_("Summer time"): _("yes"), "theirs": "yes"},
        "rows": [{"id": "1", "name": "yes", "came": _("yes")}],
    }
    found = presenters.shown(answer, [])
    assert found["sentence"] == "a.pdf ist da."
    assert found["facts"] == [("Sommerzeit", {"text": "ja"}), ("Theirs", {"text": "yes"})]
    assert found["columns"] == ["Name der Person", "Came"]
    assert [cell["text"] for cell in found["rows"][0]["cells"]] == ["yes", "ja"], (
        "what a platform answered is left as it is"
    )
