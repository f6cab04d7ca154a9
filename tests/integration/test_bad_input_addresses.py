"""Addresses, query strings and the platform's own words: nasty ones, none of which may hurt."""

import csv
import io

import pytest

from portal.conferences.models import Conference, Registration
from portal.platforms.models import PlatformAccount
from portal.sync import engine
from tests.factories import ConferenceFactory
from tests.profiles import AGAIN, spread

pytestmark = pytest.mark.django_db

WORDS = {
    "NUL": "%00",
    "NUL within": "a%00b",
    "no UTF-8": "%ff%fe",
    "surrogate": "%ed%a0%80",
    "script": "%3Cscript%3Enasty7()%3C/script%3E",
    "quote": "%27%22%3E",
    "percent": "%25",
    "right to left": "%E2%80%AE",
    "digits": "9" * 5000,
    "negative": "-1",
    "float": "1e9",
    "long": "x" * 100_000,
    "Arabic digits": "%D9%A1",
    "up": "../../etc/passwd",
    "like": "%25_%5C",
    "emoji": "%F0%9F%A6%8A",
    "array": "[]",
    "empty": "",
}
LISTS = ("conferences", "calendar", "people", "groups", "attention", "accounts", "people-merge")
KEYS = (
    "q",
    "page",
    "sort",
    "account",
    "state",
    "range",
    "since",
    "until",
    "month",
    "view",
    "sync",
    "platform",
    "group",
    "what",
)
NASTY = {
    "script": "<script>nasty7()</script>",
    "image": "<img src=x onerror=nasty7()>",
    "formula": '=HYPERLINK("http://x")',
    "plus": "+1+1",
    "minus": "-2+3",
    "at": "@SUM(1)",
    "template": "{{ 7|add:7 }}",
    "right to left": "\u202egnitirw",
    "combining": "Z\u0351\u036b\u0343",
    "emoji": "🦊",
    "quotes": "\"'><b>",
    "300 characters": "n" * 300,
    "line break": "a\nb",
    "spaces": "  both  ends  ",
    "zero width": "a\u200bb",
    "Turkish": "İstanbul ıI",
}
LIVE = ("<script>nasty7", "<img src=x", "'><b>")


@pytest.fixture
def staff(client_as):
    client = client_as("Administrator")
    client.raise_request_exception = False
    return client


# Each list meets every other word, and the next list those between; on PostgreSQL some of them.
@pytest.mark.parametrize(
    ("name", "said"),
    [
        (name, said)
        for number, name in enumerate(LISTS)
        for said in spread(WORDS, number, 6 if AGAIN else 2)
    ],
)
def test_a_query_string(staff, account, url, name, said):
    word = WORDS[said]
    for key in spread(KEYS, (LISTS.index(name) + list(WORDS).index(said)) // 2):
        answer = staff.get(f"{url(name)}?{key}={word}")
        assert answer.status_code < 500, f"{name}?{key}"
        text = answer.content.decode()
        assert not any(live in text for live in LIVE), f"{name}?{key} shows live markup"


@pytest.mark.parametrize("junk", ["0", "999999999999999999999", "-1", "abc", "1%00", "%3Cb%3E"])
def test_an_address_of_nothing(staff, url, junk):
    for path in ("webinars", "people", "groups", "accounts", "runs", "join", "mail"):
        assert staff.get(f"/{path}/{junk}/").status_code in (400, 404), path
        assert staff.post(f"/{path}/{junk}/edit/").status_code in (400, 404, 405), path


@pytest.mark.parametrize("name", spread(NASTY, 0, 6 if AGAIN else 2))
def test_what_the_platform_shows_is_kept_and_harmless(staff, account, sandbox, url, name):
    text = NASTY[name]
    platform = sandbox.clickmeeting("demo")
    room = platform.add_room(text, permanent=True, lobby_description=text[:160])
    platform.add_registration(room["id"], "guest@example.com", text[:100], text[:100])
    run = engine.sync_account(account.pk, trigger="test", full=True)
    assert run.outcome == "ok", run.problem
    row = Conference.objects.get()
    assert row.title == room["name"]
    assert Registration.objects.count() == 1
    pages = [url("home"), url("conferences"), url("people"), url("calendar"), url("accounts")]
    tabs = ("conference", "conference-people", "conference-history", "conference-edit", "invite")
    pages += [url(name, row.pk) for name in tabs] + [url("conference-cancel", row.pk)]
    for page in pages:
        answer = staff.get(page)
        assert answer.status_code == 200, page
        shown = answer.content.decode()
        assert not any(live in shown for live in LIVE), f"{page} shows live markup"
    for export in (url("people-export"), url("registrations-export", row.pk)):
        answer = staff.get(export)
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        for cells in csv.reader(io.StringIO(body.decode("utf-8-sig"))):
            assert not any(cell[:1] in "=+-@\t\r" for cell in cells if cell), cells
    assert engine.sync_account(account.pk, trigger="test", full=True).steps == []


def test_a_paste_of_ten_megabytes_is_answered_plainly(staff, url, account):
    text = "somebody@example.com\n" * 500_000
    answer = staff.post(
        url("invite", ConferenceFactory(account=account).pk), {"action": "preview", "who": text}
    )
    assert answer.status_code < 500
    answer = staff.post(url("people-import"), {"text": text})
    assert answer.status_code < 500
    assert not PlatformAccount.objects.filter(runtime__problem__gt="").exists()
