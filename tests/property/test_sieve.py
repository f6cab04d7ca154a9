"""What passes the sieve asks for nothing: planned whole, it has no step either."""

import json
from contextlib import nullcontext
from dataclasses import replace
from types import SimpleNamespace
from unittest import mock

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from integrations.base.records import Kind, Record
from portal.common import bulk
from portal.conferences.models import Attendee, Conference, Registration
from portal.outbox.models import OutboxEntry
from portal.platforms.models import PlatformAccount
from portal.sync import digests
from portal.sync.kinds import mirror_of
from portal.sync.known import Known, LeanLink
from portal.sync.mirrors.base import LeanRow
from portal.sync.models import PlatformLink
from portal.sync.plan import reconcile
from portal.sync.scope import Scope
from portal.sync.sieve import Sieve
from tests import profiles
from tests.property.modelroom.adapter import KINDS
from tests.property.stage import Stage

WORDS = ["", "Ann", "ann", " Ann ", "Bea"]
NAMES = ("first_name", "last_name", "company")
words = st.sampled_from(WORDS)
some_fields = st.dictionaries(st.sampled_from(NAMES), words)
facts = st.dictionaries(st.sampled_from(["join_url", "note"]), st.sampled_from(["", "a", "b"]))


class Trims:
    """A platform that shows what it is given without its edges."""

    def __init__(self, kind):
        self.capabilities = SimpleNamespace(kind=lambda _: KINDS[kind], name="Model")

    def expected(self, kind, fields):
        return {name: value.strip() for name, value in fields.items()}

    def placeholders(self, kind, fields):
        return frozenset()


def planned(kind, row, link, record):
    account = PlatformAccount(pk=1, label="Model", platform="model")
    rows, links = {row.pk: row}, [link]
    scope = Scope(Trims(kind), mirror_of(kind), None, rows, links, account)
    return reconcile(scope, link, row, record)


def place(kind, row, link):
    """What is known of a list in which nothing else stands."""
    known = Known(sendable=frozenset(KINDS[kind].sendable(on_update=True)))
    lean = LeanRow(
        row.pk, None, getattr(row, "removed_at", None) is None, mirror_of(kind).read(row)
    )
    columns = {n: getattr(link, n) for n in LeanLink._fields if not n.startswith("json_")}
    told = (link.op_sent, link.base_ours, link.base_theirs, link.facts)
    texts = dict(zip(LeanLink._fields[-4:], map(json.dumps, told), strict=True))
    known.add(LeanLink(**columns, **texts), lean)
    return known


def sieved(kind, row, link, record):
    """Whether a record passes, decoded; what is known by its digest has to pass as well."""
    known = place(kind, row, link)
    passes = known.is_as(known.links[link.external_id], record)
    if known_as(record) in place(kind, row, shown_of(kind, link, record)).same:
        assert passes
    return passes


def known_as(record):
    return digests.code() + record.digest


def shown_of(kind, link, record):
    """The link as it is after it was saved with this record in view, and no database."""
    with mock.patch("django.db.models.Model.save"):
        link.shows(record, mirror_of(kind).compared)
        link.save()
    return link


@settings(max_examples=profiles.of(ci=400, nightly=10_000), deadline=None)
@given(
    known_names=st.sets(
        st.sampled_from(["first_name", "last_name", "phone", "company", "country"])
    ),
    ours=some_fields,
    base=some_fields,
    theirs=some_fields,
    shown=some_fields,
    kept=facts,
    told=facts,
)
def test_what_passes_of_a_person_asks_for_nothing(
    known_names, ours, base, theirs, shown, kept, told
):
    row = Attendee(pk=7, email="a@example.com", **ours)
    known = {"email": "a@example.com"}
    full = dict.fromkeys(known_names, "")
    link = PlatformLink(
        pk=5,
        kind=Kind.ATTENDEE,
        local_id=7,
        external_id="x",
        facts=kept,
        base_ours=known | full | base,
        base_theirs=known | theirs,
    )
    record = Record(Kind.ATTENDEE, "x", known | shown, facts=told, digest="d")
    if sieved(Kind.ATTENDEE, row, link, record):
        assert planned(Kind.ATTENDEE, row, link, record) == []


@settings(max_examples=profiles.of(ci=200, nightly=5_000), deadline=None)
@given(sent=some_fields, theirs=some_fields, shown=some_fields, kept=facts, told=facts)
def test_what_passes_of_a_registration_asks_for_nothing(sent, theirs, shown, kept, told):
    """What was sent along for the person's sake stands in its bases, and nowhere in its row."""
    row = Registration(pk=7, attendee=Attendee(pk=3, email="a@example.com"))
    mail = {"email": "a@example.com"}
    sent, theirs, shown = (
        {n: v for n, v in some.items() if n != "company"} for some in (sent, theirs, shown)
    )
    link = PlatformLink(
        pk=5,
        kind=Kind.REGISTRATION,
        local_id=7,
        external_id="x",
        facts=kept,
        base_ours=mail | sent,
        base_theirs=mail | theirs,
    )
    record = Record(Kind.REGISTRATION, "x", mail | shown, facts=told, digest="d")
    if sieved(Kind.REGISTRATION, row, link, record):
        assert planned(Kind.REGISTRATION, row, link, record) == []


def test_what_is_as_it_was_passes_and_what_is_not_does_not():
    """The law above would hold of a sieve through which nothing passes."""
    row = Attendee(pk=7, email="a@example.com", first_name="Ann")
    ours = mirror_of(Kind.ATTENDEE).read(row)
    link = PlatformLink(
        pk=5,
        kind=Kind.ATTENDEE,
        local_id=7,
        external_id="x",
        base_ours=ours,
        base_theirs={"email": "a@example.com", "first_name": "Ann"},
        facts={"note": "a"},
    )
    fields = {"email": "a@example.com", "first_name": "Ann"}
    record = Record(Kind.ATTENDEE, "x", fields, digest="d")
    assert sieved(Kind.ATTENDEE, row, link, record)
    assert known_as(record) in place(Kind.ATTENDEE, row, link).same
    assert not sieved(Kind.ATTENDEE, row, link, replace(record, facts={"note": "b"}))
    assert not sieved(Kind.ATTENDEE, row, link, replace(record, partial=True))
    assert not sieved(
        Kind.ATTENDEE,
        row,
        link,
        replace(record, fields={"email": "a@example.com", "first_name": ""}),
    )
    for name, value in (("misses", 1), ("unlisted", True), ("op", "unknown"), ("state", "gone")):
        before = getattr(link, name)
        setattr(link, name, value)
        assert not sieved(Kind.ATTENDEE, row, link, record), name
        setattr(link, name, before)
    row.first_name = "Anna"
    assert not sieved(Kind.ATTENDEE, row, link, record)


@pytest.mark.django_db
def test_what_is_changed_back_there_is_news():
    """The row is to the letter what it was when it was seen last; what we sent lies between."""
    stage = Stage(kinds=(Kind.ATTENDEE,))
    item = stage.world.add(Kind.ATTENDEE, {"email": "ann@example.com", "first_name": "Ann"})
    stage.settle()
    person = Attendee.objects.get()
    person.first_name = "Anna"
    person.save()
    stage.sync()
    assert stage.world.find(item.id).fields["first_name"] == "Anna"
    stage.world.edit(item.id, {"first_name": "Ann"})
    stage.settle()
    person.refresh_from_db()
    assert person.first_name == "Ann"


@pytest.mark.django_db
def test_what_theirs_held_is_read_for_all_rows_of_a_page_that_differ(django_assert_num_queries):
    """A page of many rows of which some have changed beside what is compared: one statement."""
    account = PlatformAccount.objects.create(label="Model", platform="model", base_url="http://m")
    known = Known()
    for number in range(6):
        link = PlatformLink(
            account=account,
            kind=Kind.ATTENDEE,
            external_id=str(number),
            base_ours={"email": "a"},
            base_theirs={"email": "A"},
            facts={"note": "n"},
            row_digest=digests.code() + str(number),
        )
        link.save_base()
        lean = {name: getattr(link, name, "") for name in LeanLink._fields}
        known.add(LeanLink(**lean | {"json_sent": "{}", "json_ours": '{"email": "a"}'}), None)
        known.agreed[link.pk] = frozenset()
    links = list(known.links.values())
    with django_assert_num_queries(1):
        known.read_theirs(links[:4])
        known.read_theirs([known.links["0"], known.links["3"]])
    record = Record(Kind.ATTENDEE, "2", {"email": "A"}, facts={"note": "n"})
    assert known.is_as(known.links["2"], record)
    assert not known.is_as(known.links["2"], replace(record, fields={"email": "B"}))
    with django_assert_num_queries(1):
        assert known.is_as(known.links["5"], replace(record, external_id="5"))


@pytest.mark.django_db
def test_a_digest_is_not_written_over_what_was_saved_meanwhile():
    account = PlatformAccount.objects.create(label="Model", platform="model", base_url="http://m")
    link = PlatformLink.objects.create(account=account, kind=Kind.ATTENDEE, external_id="x")
    read = link.row_digest
    link.save()
    bulk.exchange(PlatformLink, "row_digest", [(link.pk, read, "old")])
    link.refresh_from_db()
    assert link.row_digest != "old"
    bulk.exchange(PlatformLink, "row_digest", [(link.pk, link.row_digest, "new")])
    link.refresh_from_db()
    assert link.row_digest == "new"


@pytest.mark.django_db
@pytest.mark.parametrize(("anew", "kept"), [(3, True), (120, False)])
def test_rows_that_are_written_anew_each_time_are_not_kept_each_time(anew, kept):
    """A few that moved beside what is compared are; of a list of signed addresses none is."""
    account = PlatformAccount.objects.create(label="Model", platform="model", base_url="http://m")
    now, known = digests.code(), Known(live=200)
    sieve = Sieve(
        SimpleNamespace(dry_run=False, lease=SimpleNamespace(commit=nullcontext)), None, known
    )
    for number in range(200):
        values = {"account": account, "kind": Kind.ATTENDEE, "external_id": str(number)}
        link = PlatformLink(**values, row_digest=now + "old")
        link.save_base()
        lean = {name: getattr(link, name, "{}") for name in LeanLink._fields}
        if number < anew:
            sieve.met_anew.append((LeanLink(**lean), now + "new"))
    sieve.keep_digests()
    found = PlatformLink.objects.filter(row_digest=now + "new")
    assert found.count() == (anew if kept else 0)


@pytest.mark.django_db
def test_a_row_whose_entry_was_lost_is_sent_all_the_same():
    """What is to be created is known from the rows, all of which are read then."""
    stage = Stage()
    stage.add_there()
    stage.sync()
    registration = stage.invite_here(Conference.objects.get().pk)
    OutboxEntry.objects.all().delete()
    stage.settle()
    link = PlatformLink.objects.get(kind=Kind.REGISTRATION, local_id=registration.pk)
    assert stage.world.of(Kind.REGISTRATION)[0].id == link.external_id
