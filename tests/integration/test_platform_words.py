"""Platforms that escape, cut, re-case or lose signs of what they are given: ours stays as it was
written, in pages and mails, and nothing is sent to and fro."""

import html
import unicodedata
from datetime import timedelta

import pytest

from integrations import registry
from integrations.base.records import Kind
from integrations.sandbox.store import Store
from portal.common import clock
from portal.conferences import tasks
from portal.conferences.audience.services import invite
from portal.conferences.models import Attendee, Moderator
from portal.conferences.people.services import people, selection
from portal.conferences.schedule.services import schedule
from portal.outbox.models import OutboxEntry
from portal.sync.models import Conflict
from tests import profiles
from tests.factories import AttendeeFactory
from tests.integration.test_five_platforms import connect
from tests.support.syncing import settle

pytestmark = pytest.mark.django_db
WORDS = {
    "name",
    "topic",
    "title",
    "lobby_description",
    "description",
    "agenda",
    "first_name",
    "last_name",
    "display_name",
    "company",
    "nickname",
}
TABLES = {
    "rooms",
    "registrations",
    "webinars",
    "attendees",
    "moderators",
    "conferences",
    "users",
    "invitations",
    "widgets",
    "presenters",
    "registrants",
}
SIMPLE = str.maketrans({"“": '"', "”": '"', "’": "'", "—": "-", "\u00a0": " "})
MAKES = {
    "escaped": html.escape,
    "cut in a sign": lambda text: text.encode()[:31].decode(errors="replace").upper(),
    "ASCII": lambda text: unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode(),
    "simple": lambda text: text.translate(SIMPLE).replace("😀", "?"),
}
MAKES_WEBINARS = [
    slug
    for slug in registry.slugs()
    if registry.room(slug).capabilities.kind(Kind.CONFERENCE).create.offered
]
TITLE = "Q&A “Herbst”: l’été & 5 < 6 😀 Größe"
TEXT = "Line one — “quoted” &\n2 < 3 😀 więcej"
PEOPLE = {
    "lu@example.org": ("Łukasz", "O’Neil & Søn"),
    "emoji@example.org": ("Zoë 😀", "Ågren-Müller"),
    "bare@example.org": ("", ""),
    "cyrillic@example.org": ("Дмитрий Александрович", "Константинопольский"),
}


@pytest.fixture
def make(monkeypatch):
    """make(how): from then on all platforms keep words in that way, whoever writes them."""

    def start(how):
        add, change = Store.add, Store.change

        def kept(table, row):
            if table not in TABLES:
                return row
            texts = {n: MAKES[how](v) for n, v in row.items() if n in WORDS and isinstance(v, str)}
            return {**row, **texts}

        monkeypatch.setattr(Store, "add", lambda self, t, row: add(self, t, kept(t, row)))
        monkeypatch.setattr(
            Store, "change", lambda self, t, key, **row: change(self, t, key, **kept(t, row))
        )

    return start


def save_all_again(theirs):
    for table in TABLES:
        for row in theirs.store.rows(table):
            texts = {n: v for n, v in row.items() if n in WORDS and isinstance(v, str)}
            theirs.store.change(table, row["id"], **texts)


def assert_as_written(row, names):
    row.refresh_from_db()
    assert (row.title, row.description) == (TITLE, TEXT)
    told = Attendee.objects.filter(email__in=PEOPLE).values_list("email", "first_name", "last_name")
    assert {email: (first, last) for email, first, last in told} == names
    assert Moderator.objects.get(email="hanna@example.org").name == "Hanna O’Höst 😀"
    assert not OutboxEntry.objects.exclude(state="done")
    assert not Conflict.objects.exists(), [one.sentence for one in Conflict.objects.all()]


@pytest.mark.parametrize(("slug", "how"), profiles.pairs(MAKES_WEBINARS, MAKES))
def test_ours_stays_as_it_was_written(slug, how, sandbox, staff_user, make, mailoutbox):
    make(how)
    account = connect(sandbox, slug, users="yes", contacts="yes")
    start = (clock.now() + timedelta(days=3)).replace(minute=0, second=0, microsecond=0)
    role = {"clickmeeting": "host", "livewebinar": "host"}.get(slug)
    role = role or account.capabilities.kind(Kind.MODERATOR).fields["role"].choices[0][0]
    row = schedule.schedule(
        account=account,
        by=staff_user,
        values={
            "title": TITLE,
            "starts_at": start,
            "duration_minutes": 45,
            "timezone": "Europe/Berlin",
            "description": TEXT,
        },
        people=[{"email": "hanna@example.org", "name": "Hanna O’Höst 😀", "role": role}],
    )
    crowd = [AttendeeFactory(email=e, first_name=f, last_name=n) for e, (f, n) in PEOPLE.items()]
    invite.send(row, selection.Selection(people=crowd), by=staff_user)
    settle(account, rounds=3)
    assert_as_written(row, PEOPLE)
    people.update(crowd[0], {"first_name": "Lukas"}, staff_user)
    names = PEOPLE | {"lu@example.org": ("Lukas", "O’Neil & Søn")}
    settle(account)
    assert_as_written(row, names)
    save_all_again(sandbox.account(slug))
    settle(account, rounds=1)
    assert settle(account, rounds=1).steps == []
    assert_as_written(row, names)
    tasks.send_mails()
    assert mailoutbox
    assert all("Q&A “Herbst”: l’été" in letter.subject for letter in mailoutbox)
