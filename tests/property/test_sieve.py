"""What passes the sieve asks for nothing: planned whole, it has no step either."""

from dataclasses import replace
from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from integrations.base.records import Kind, Record
from portal.conferences.models import Attendee, Conference, Registration
from portal.outbox.models import OutboxEntry
from portal.platforms.models import PlatformAccount
from portal.sync.kinds import mirror_of
from portal.sync.known import Known, _Link
from portal.sync.mirrors.base import LeanRow
from portal.sync.models import PlatformLink
from portal.sync.plan import reconcile
from portal.sync.scope import Scope
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


def sieved(kind, row, link, record):
    known = Known(sendable=frozenset(KINDS[kind].sendable(on_update=True)))
    lean = LeanRow(
        row.pk, None, getattr(row, "removed_at", None) is None, mirror_of(kind).read(row)
    )
    values = {name: getattr(link, name) for name in _Link._fields}
    known.add(_Link(**values), lean)
    return known.links[link.external_id].is_as(record)


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
    record = Record(Kind.ATTENDEE, "x", known | shown, facts=told)
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
    record = Record(Kind.REGISTRATION, "x", mail | shown, facts=told)
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
    record = Record(Kind.ATTENDEE, "x", {"email": "a@example.com", "first_name": "Ann"})
    assert sieved(Kind.ATTENDEE, row, link, record)
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
