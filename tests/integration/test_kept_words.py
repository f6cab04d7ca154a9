"""Sentences of ours that stand where people's own words may stand, or that count or date: kept as
codes, and written in the language of whoever reads them."""

from datetime import datetime, timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.db import connection
from django.db.models import TextField
from django.db.models.functions import Cast
from django.utils import timezone
from django.utils.translation import override, trans_real

from portal.common import clock, texts
from portal.conferences import sentences
from portal.conferences.mails.services.letters import Content, write
from portal.conferences.models import Conference, Invitation
from portal.conferences.people.services.merging import Outcome
from portal.conferences.schedule.services import automatic
from portal.identity import roles
from portal.platforms import services as platforms
from portal.sync import context, engine
from portal.sync.models import SyncRun
from portal.sync.services import lost_creates
from tests.factories import AttendeeFactory, ConferenceFactory, RegistrationFactory

pytestmark = pytest.mark.django_db
GERMAN = {
    "It was deleted on %(platform)s.": "Es wurde auf %(platform)s gelöscht.",
    "Changed: %(fields)s.": "Geändert: %(fields)s.",
    "Label": "Name",
    "Minutes between two syncs": "Minuten zwischen zwei Abgleichen",
}


@pytest.fixture(autouse=True)
def german(monkeypatch):
    words = trans_real.translation("de")._catalog._catalogs[0]
    for english, translated in GERMAN.items():
        monkeypatch.setitem(words, english, translated)
    monkeypatch.setitem(words, "form of a date\x04D j M Y, H:i", "j.n.Y H:i")


def raw(name):
    return Conference.objects.annotate(kept=Cast(name, TextField())).values_list("kept", flat=True)


def test_why_it_was_cancelled_where_nobody_wrote_a_reason(account, client_as, url):
    account.changes_there = account.ChangesThere.TELL
    account.save()
    row = ConferenceFactory(account=account, starts_at=clock.now() + timedelta(days=3))
    RegistrationFactory(conference=row, attendee=AttendeeFactory())
    Conference.objects.update(gone_at=clock.now())
    row.registrations.update(registered_at=clock.now())
    automatic.tell(account)
    assert raw("cancel_reason").get().startswith('{"code": "cancelled.deleted-there"')
    row.refresh_from_db()
    assert row.cancel_reason == "It was deleted on ClickMeeting."
    with override("de"):
        assert str(row.cancel_reason) == "Es wurde auf ClickMeeting gelöscht."
    assert Invitation.objects.get().note == "It was deleted on ClickMeeting."
    page = client_as(roles.STAFF).get(url("conference", row.pk)).content.decode()
    assert "It was deleted on ClickMeeting." in page
    assert "cancelled.deleted-there" not in page


@pytest.mark.parametrize("own", ["The speaker is ill.", "2026", '{"a": 1}', "[]", "null"])
def test_a_reason_from_before_reads_as_it_was_written(own):
    row = ConferenceFactory(removed_at=clock.now())
    with connection.cursor() as cursor:
        cursor.execute("UPDATE conferences_conference SET cancel_reason = %s", [own])
    row.refresh_from_db()
    assert row.cancel_reason == own


def test_changed_settings_are_named_as_the_form_labels_them(account, user_as):
    platforms.connect(
        platform=account.platform,
        account=account,
        by=user_as(roles.ADMINISTRATOR),
        label="Renamed",
        base_url=account.base_url,
        credentials={},
        options=account.options,
        interval_minutes=15,
    )
    kept = texts.read(LogEntry.objects.latest("pk").change_message)
    assert kept == "Changed: Options, Label, Minutes between two syncs."
    with override("de"):
        assert str(kept) == "Geändert: Options, Name, Minuten zwischen zwei Abgleichen."


def test_what_has_no_name_is_told_by_its_kind(account, sandbox, monkeypatch):
    monkeypatch.setattr(context, "MOST_STEPS_KEPT", 10_000)
    sandbox.reset(seeded=True)
    engine.sync_account(account.pk, trigger="command", full=True)
    steps = [one for one in SyncRun.objects.get().steps if one["kind"] == "session"]
    assert steps
    assert {str(one["sentence"]).partition(" was found on ")[0] for one in steps} == {"A session"}


def test_what_clocks_show_is_written_when_it_is_read():
    kept = texts.stored(texts.clocks(datetime.fromisoformat("2026-12-08T14:00")))
    assert "2026-12-08T14:00" in kept
    assert str(texts.read(kept)) == "Tue 8 Dec 2026, 14:00"
    with override("de"):
        assert str(texts.read(kept)) == "8.12.2026 14:00"


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({}, ""),
        ({"duration_minutes": 1}, "It lasts 1 minute."),
        ({"starts_at": "2026-12-08T13:00:00Z"}, "It starts Tue 8 Dec 2026, 14:00 CET."),
        (
            {"starts_at": "2026-12-08T13:00:00Z", "duration_minutes": 90},
            "It starts Tue 8 Dec 2026, 14:00 CET and lasts 90 minutes.",
        ),
    ],
)
def test_a_record_that_may_be_ours_is_told_in_the_viewers_zone(fields, said):
    with timezone.override("Europe/Berlin"):
        assert lost_creates.describe({"id": "1"} | fields) == said


def test_sentences_that_count_hold_for_one():
    assert Outcome(registrations=1).sentence == (
        "Moved registrations: 1, groups: 0, attendances: 0."
    )
    for said in (sentences.DOUBTFUL_ARRIVED, sentences.DOUBTFUL_AGAIN):
        assert str(said(count=1)).startswith("1 mail that was perhaps sent: ")
        assert str(said(count=2)).startswith("2 mails that were perhaps sent: ")


@pytest.mark.parametrize("purpose", ["invite", "update", "cancel"])
@pytest.mark.parametrize("speaking", [True, False])
def test_a_mail_has_sentences_with_a_capital_and_no_gaps(purpose, speaking):
    row = ConferenceFactory(description="What it is about.\n\n\n\n")
    content = Content(
        purpose=purpose,
        conference=row,
        email="ann@example.org",
        name="Ann",
        link="https://x.example.org/1",
        speaking=speaking,
    )
    message = write(content)
    hello, _, opening, *_ = message.body.split("\n")
    assert hello == "Hello Ann,"
    assert opening[0].isupper()
    assert opening in message.alternatives[0].content
    assert "\n\n\n" not in message.body
    assert message.body == message.body.rstrip() + "\n"
