"""What pages say while an account is not checked: nothing is called the same without doubt."""

from datetime import timedelta

import pytest

from integrations.base.records import Kind
from portal.common import clock
from portal.identity import roles
from portal.platforms import breaker
from portal.platforms import queries as platforms
from portal.platforms.models import AccountRuntime
from portal.sync import queries
from portal.sync.models import Conflict, PlatformLink
from tests.factories import AccountFactory, ConferenceFactory

pytestmark = pytest.mark.django_db
ALL_WELL = ("Nothing needs your attention", "Both sides agree")


@pytest.fixture
def row(db):
    account = AccountFactory(label="Main", synced_at=clock.now(), interval_minutes=5)
    row = ConferenceFactory(account=account, title="Autumn tour")
    PlatformLink.objects.create(
        account=account,
        kind=Kind.CONFERENCE,
        local_id=row.pk,
        external_id="9",
        base_ours={"title": row.title},
    )
    return row


def state(row):
    return queries.line(Kind.CONFERENCE, row.pk).state


def stop_the_workers(account):
    clock.advance(660)


def cut_the_line(account):
    for _ in range(3):
        breaker.failed(account, "The server cannot be reached.")


def fail_once(account):
    breaker.failed(account, "The server cannot be reached.")


def let_the_pause_pass(account):
    cut_the_line(account)
    clock.advance(60)


def pause(account):
    account.paused = True
    account.save()


def refuse(account):
    breaker.rejected(account, "The key is wrong.")


TROUBLES = [stop_the_workers, cut_the_line, fail_once, let_the_pause_pass, pause, refuse]


@pytest.mark.parametrize("trouble", TROUBLES)
def test_a_copy_is_not_called_the_same_while_nobody_looks(row, client_as, url, trouble):
    assert state(row) == "synced"
    trouble(row.account)
    line = queries.line(Kind.CONFERENCE, row.pk)
    assert line.state == "stale"
    assert "when last checked" in line.sentence
    page = client_as(roles.STAFF).get(url("conference", row.pk)).content.decode()
    assert "Not checked lately" in page
    assert "Synced" not in page


@pytest.mark.parametrize("trouble", TROUBLES)
@pytest.mark.parametrize("page", ["home", "attention"])
def test_no_page_says_that_all_is_well_during_an_outage(row, client_as, url, trouble, page):
    client = client_as(roles.STAFF)
    assert ALL_WELL[0] in client.get(url(page)).content.decode()
    trouble(row.account)
    text = client.get(url(page)).content.decode()
    assert not [words for words in ALL_WELL if words in text]
    assert "Main" in text


def test_an_account_is_late_after_two_intervals_and_no_sooner(row):
    account = row.account
    clock.advance(10 * 60)
    assert platforms.health(account).state == "connected"
    clock.advance(70)
    assert platforms.health(account).state == "late"
    assert "11 minutes ago" in platforms.health(account).sentence


def test_a_long_sync_under_way_is_not_late(row):
    account = row.account
    clock.advance(3600)
    AccountRuntime.objects.update(lease_until=clock.now() + timedelta(seconds=100))
    account.refresh_from_db()
    assert not platforms.is_late(account)


def test_what_was_cancelled_is_not_doubted(row):
    row.removed_at = clock.now()
    row.save()
    PlatformLink.objects.update(state=PlatformLink.State.DELETED)
    clock.advance(3600)
    assert state(row) == "synced"


def test_a_conflict_leads_to_its_decision(row, client_as, url):
    link = PlatformLink.objects.get()
    conflict = Conflict.objects.create(
        account=row.account,
        link=link,
        kind=Kind.CONFERENCE,
        local_id=row.pk,
        field="title",
        ours="Ours",
        theirs="Theirs",
        winner="theirs",
        at=clock.now(),
        sentence="Title: both.",
    )
    client, decide = client_as(roles.STAFF), url("conflict-resolve", conflict.pk)
    for page in (url("conference", row.pk), url("conferences")):
        assert f'href="{decide}"' in client.get(page).content.decode(), page
    shown = client.get(decide).content.decode()
    assert "Use ours" in shown
    assert "Keep theirs" in shown
    client.post(decide, {"choice": "theirs"})
    assert client.get(decide).status_code == 302


@pytest.mark.parametrize("sort", Conflict.Sort.values)
def test_every_sort_of_conflict_has_a_page_with_answers(row, client_as, url, sort):
    conflict = Conflict.objects.create(
        account=row.account,
        link=PlatformLink.objects.get(),
        kind=Kind.CONFERENCE,
        sort=sort,
        local_id=row.pk,
        at=clock.now(),
        sentence="Look at this.",
        field="title" if sort in ("field", "flip", "refused") else "",
    )
    page = client_as(roles.STAFF).get(url("conflict-resolve", conflict.pk)).content.decode()
    assert 'name="choice"' in page
