"""A first sync, and large news: many records in one transaction, and none the worse for it."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from integrations.base.records import Kind, Page, Record
from portal.common import clock
from portal.conferences.models import Attendee, Change, Conference, Registration
from portal.identity import roles
from portal.outbox.models import OutboxEntry
from portal.platforms.models import AccountRuntime
from portal.staff.presenters import history as shown
from portal.sync import engine, imports, listing
from portal.sync.mirrors import people
from portal.sync.models import Hold, PlatformLink, SyncRun

pytestmark = [pytest.mark.django_db]
MANY = 40


@pytest.fixture
def account(account):
    account.requests_per_minute = 1_000_000
    account.save()
    return account


@pytest.fixture
def platform(sandbox):
    return sandbox.clickmeeting("demo")


@pytest.fixture
def room(platform):
    return add_room(platform)


def add_room(platform, people=MANY, title="Large"):
    room = platform.add_room(title, registration_enabled=True)
    for number in range(people):
        platform.add_registration(room["id"], f"p{number}@example.com", f"First{number}", "Last")
    return room


def sync(account, **kwargs):
    return engine.sync_account(account.pk, trigger="command", full=True, **kwargs)


def rows():
    """All that a sync has made, without keys."""
    links = PlatformLink.objects.order_by("kind", "external_id")
    names = ("external_id", "state", "facts", "base_ours", "base_theirs", "marker", "misses")
    people = Attendee.objects.order_by("email")
    keys = ("email", "first_name", "last_name", *Attendee.folded_names())
    registered = Registration.objects.order_by("attendee__email")
    columns = ("attendee__email", "origin", "registered_at", "join_url", "removed_at")
    return [
        list(links.values_list("kind", *names)),
        list(people.values_list(*keys)),
        list(registered.values_list(*columns)),
    ]


def test_many_at_once_are_what_they_are_one_by_one(account, platform, room, monkeypatch):
    Attendee.objects.create(email="p1@example.com", first_name="Own name")
    kept = Attendee.objects.create(email="kept@example.com")
    Attendee.objects.create(email="p2@example.com", merged_into=kept)
    platform.add_registration(room["id"], "P3@example.com", "Twice", "Last")
    platform.add_registration(room["id"], "nul@example.com", "N" * 300, "-")

    def one_by_one(context, steps):
        raise ValueError

    made = MANY + 2
    undo = transaction.savepoint()
    with monkeypatch.context() as patched:
        patched.setattr(imports, "_write", one_by_one)
        assert sync(account).created == made
    single = rows()
    transaction.savepoint_rollback(undo)
    assert sync(account).created == made
    for many, one in zip(rows(), single, strict=True):
        assert [row for row in many if row not in one] == []
        assert len(many) == len(one)
    assert sync(account).steps == []


def test_whoever_was_merged_and_who_they_are_now_are_registered_once(account, platform, room):
    kept = Attendee.objects.create(email="kept@example.com")
    Attendee.objects.create(email="p2@example.com", merged_into=kept)
    platform.add_registration(room["id"], "kept@example.com", "Merged", "Last")
    assert sync(account).created == MANY + 1
    assert kept.registrations.count() == 1
    assert sync(account).steps == []


def test_somebody_who_is_made_elsewhere_in_this_moment_is_the_same_person(
    account, room, monkeypatch
):
    real = people.bulk.insert
    quicker = []

    def late(model, count, **columns):
        if model is Attendee and not quicker:
            quicker.append("p5@example.com")
            raise IntegrityError("another worker was quicker")
        real(model, count, **columns)

    monkeypatch.setattr(people.bulk, "insert", late)
    assert sync(account).created == MANY + 1
    assert quicker
    assert Attendee.objects.count() == Registration.objects.count() == MANY


def test_one_that_cannot_be_kept_keeps_nobody_out(account, room, monkeypatch):
    real = people.person_of

    def refuses_one(record):
        if record.fields["email"] == "p7@example.com":
            raise ValueError
        return real(record)

    def refuses_all(records, **beside):
        raise ValueError

    monkeypatch.setattr("portal.sync.mirrors.conferences.person_of", refuses_one)
    monkeypatch.setattr("portal.sync.mirrors.people.people_of", refuses_all)
    run = sync(account)
    assert Registration.objects.count() == MANY - 1
    assert "p7@example.com" in str(run.problem)


def test_what_was_not_written_when_a_worker_died_is_found_again(account, room, monkeypatch):
    monkeypatch.setattr(imports, "BATCH", 15)
    real, batches = imports._write, []

    def dies(context, steps):
        if steps[0].kind is Kind.REGISTRATION:
            batches.append(len(steps))
            if len(batches) == 2:
                raise KeyboardInterrupt
        return real(context, steps)

    with monkeypatch.context() as patched:
        patched.setattr(imports, "_write", dies)
        with pytest.raises(KeyboardInterrupt):
            sync(account)
    assert Registration.objects.count() == 15
    account.runtime.__class__.objects.update(lease_until=None)
    assert sync(account).created == MANY - 15
    assert Registration.objects.count() == MANY
    assert sync(account).steps == []


def test_what_is_new_is_written_while_the_listing_goes_on(account, room, monkeypatch):
    """Page by page, so that a list of a million needs no more memory than one page."""
    sync(account)
    monkeypatch.setattr(imports, "BATCH", 10)
    counts = []

    def pages(adapter, kind, parent_id):
        known = Registration.objects.select_related("attendee").order_by("pk")
        links = dict(PlatformLink.objects.filter(kind=kind).values_list("local_id", "external_id"))
        yield Page(tuple(_record(links[row.pk], row.attendee.email) for row in known))
        for page in range(3):
            counts.append(Registration.objects.count())
            names = [f"{page}-{number}" for number in range(10)]
            yield Page(tuple(_record(f"n/{n}", f"n{n}@example.com") for n in names))

    _list_registrations(monkeypatch, pages)
    assert sync(account).created == 30
    assert counts == [MANY, MANY + 10, MANY + 20]


def test_nothing_is_taken_up_before_it_is_known_that_the_brake_holds(account, room, monkeypatch):
    """A list in which all others stand: as of another customer. A person looks first."""
    sync(account)
    monkeypatch.setattr(imports, "BATCH", 1)

    def pages(adapter, kind, parent_id):
        for number in range(MANY):
            yield Page((_record(f"other/{number}", f"other{number}@example.com"),))

    _list_registrations(monkeypatch, pages)
    run = sync(account)
    assert run.held == 1
    assert run.created == 0
    assert not Attendee.objects.filter(email__startswith="other").exists()


def test_a_list_that_ends_with_an_error_brings_what_it_has_shown(account, room, monkeypatch):
    sync(account)
    real = listing._take_page

    def breaks(found, page, sieve, passed):
        real(found, page, sieve, passed)
        return False  # as where rows moved between the pages

    Registration.objects.all().delete()
    PlatformLink.objects.filter(kind=Kind.REGISTRATION).delete()
    monkeypatch.setattr(listing, "_take_page", breaks)
    run = sync(account)
    assert run.problem
    assert Registration.objects.count() == MANY


def test_the_history_tells_of_many_in_one_line(account, room):
    sync(account)
    (conference,) = Conference.objects.all()
    lines = list(Change.objects.filter(conference=conference).order_by("pk"))
    assert [line.kind for line in lines] == ["conference", "registration"]
    assert f"{MANY} registrations were found on ClickMeeting" in str(lines[1])
    (entry,) = shown.entries(lines[1:], conference)
    assert len(entry["rows"]) == shown.NAMED
    assert entry["more"] == MANY - shown.NAMED
    assert entry["changes"] == []
    assert set(entry["rows"]) <= {str(person) for person in Attendee.objects.all()}


def test_the_page_of_a_history_names_them(account, room, client_as):
    sync(account)
    (conference,) = Conference.objects.all()
    page = client_as(roles.STAFF).get(f"/webinars/{conference.pk}/history/").content.decode()
    assert f"and {MANY - shown.NAMED} more" in page


def test_a_few_are_told_of_each_for_itself(account, platform):
    add_room(platform, people=imports.FEW)
    sync(account)
    found = Change.objects.filter(kind=Kind.REGISTRATION)
    assert found.count() == imports.FEW
    assert {str(line.local_id) for line in found} == {
        str(pk) for pk in Registration.objects.values_list("pk", flat=True)
    }


def test_the_run_counts_them_and_says_so_once(account, room):
    run = sync(account)
    assert run.created == MANY + 1
    assert [step["kind"] for step in run.steps] == ["conference", "registration"]
    assert SyncRun.objects.get().created == MANY + 1


def test_they_registered_when_the_platform_says(account, platform, room):
    with platform.world.lock:
        (row,) = platform.store.rows("registrations", room_id=room["id"], address="p0@example.com")
        platform.store.change("registrations", row["id"], registered_at="2026-03-04T10:00:00+00:00")
    sync(account)
    row = Registration.objects.get(attendee__email="p0@example.com")
    assert row.registered_at.isoformat() == "2026-03-04T10:00:00+00:00"


def test_statements_do_not_grow_with_the_people(account, platform):
    add_room(platform, people=MANY, title="First")
    few = _statements(account)
    add_room(platform, people=4 * MANY, title="Second")
    many = _statements(account)
    assert many <= few + 4, "a batch costs the same, whatever its size"


def _statements(account):
    """How many, without those that come by the clock: lease, budget, and what staff want sent."""
    by_clock = (AccountRuntime._meta.db_table, OutboxEntry._meta.db_table)
    with CaptureQueriesContext(connection) as statements:
        assert sync(account).problem == ""
    return sum(not any(table in one["sql"] for table in by_clock) for one in statements)


@pytest.mark.parametrize("people", [1, 5])
def test_whoever_is_listed_once_more_is_not_missed(account, platform, monkeypatch, people):
    """The record that was known passes as it was; the other one leads to the same person."""
    add_room(platform, people=people)
    sync(account)
    links = PlatformLink.objects.filter(kind=Kind.REGISTRATION)
    known = list(links.values_list("external_id", "local_id"))
    emails = dict(Registration.objects.values_list("pk", "attendee__email"))

    def pages(adapter, kind, parent_id):
        shown = [
            (external_id + again, emails[pk]) for external_id, pk in known for again in ("", "9")
        ]
        yield Page(tuple(_record(external_id, email) for external_id, email in shown))

    _list_registrations(monkeypatch, pages)
    sync(account)
    assert sync(account).steps == []
    assert not Hold.objects.exists()
    assert not links.filter(misses__gt=0).exists()
    assert Registration.objects.count() == people


def test_whoever_has_no_address_is_counted_where_nothing_else_is_new(
    account, platform, monkeypatch
):
    add_room(platform, people=3)
    sync(account)
    links = PlatformLink.objects.filter(kind=Kind.REGISTRATION)
    emails = dict(Registration.objects.values_list("pk", "attendee__email"))
    known = [_record(link.external_id, emails[link.local_id]) for link in links]

    def pages(adapter, kind, parent_id):
        yield Page((*known, _record("1/77", "")))

    _list_registrations(monkeypatch, pages)
    for _ in range(2):
        run = sync(account)
        assert (run.nameless, run.steps) == (1, [])


def test_who_was_withdrawn_before_they_were_sent_costs_no_more_care(account, platform, monkeypatch):
    add_room(platform, people=3)
    sync(account)
    Registration.objects.create(
        conference=Conference.objects.get(),
        attendee=Attendee.objects.create(email="unsent@example.com"),
        removed_at=clock.now(),
    )
    monkeypatch.setattr(listing, "load", None)  # which reads a place whole
    assert sync(account).outcome == SyncRun.Outcome.OK


def _record(external_id, email):
    names = {"first_name": "First", "last_name": "Last"}
    return Record(Kind.REGISTRATION, external_id, {"email": email, **names}, parent_id="1")


def _list_registrations(monkeypatch, pages):
    from integrations.clickmeeting.adapter import ClickMeeting

    real = ClickMeeting.list_all

    def listed(self, kind, parent_id=None):
        if kind is Kind.REGISTRATION:
            return pages(self, kind, parent_id)
        return real(self, kind, parent_id)

    monkeypatch.setattr(ClickMeeting, "list_all", listed)
