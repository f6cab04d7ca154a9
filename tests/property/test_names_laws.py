"""Send a person of ours, let the platform show them: both agree, nothing is taken, ours stays.

For each room whose platform shows people: whatever is put in for a missing name, cut, left out,
trimmed or re-cased on the way belongs to what is expected.
"""

import re
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations import registry
from integrations.base.adapter import Adapter, Connection
from integrations.base.reading import Row
from integrations.base.records import FIELDS, NAMES, Fields, Kind, Record
from integrations.clickmeeting.mapping import people as clickmeeting
from integrations.myownconference.mapping import people as myownconference
from integrations.webinarfuel.mapping import people as webinarfuel
from portal.sync import compare

ADDRESSES = ("ann@example.org", "a.b+c@example.org", "x@example.org", "+@example.org")
names = st.text(st.sampled_from("aÅłж中 '-.,/()&@+:\u00a0\u0301\u202b"), max_size=12) | st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=90
)
people = st.fixed_dictionaries(
    {"email": st.sampled_from(ADDRESSES), "first_name": names, "last_name": names}
)
details = st.fixed_dictionaries(
    {
        "phone": st.sampled_from(["", "+49 30 1234", "+49 (0) 30 1234 5678-901", "0" * 30]),
        "company": names,
        "country": st.sampled_from(["", "PL"]),
    }
)


def adapter_of(slug: str) -> Adapter:
    room = registry.room(slug)
    keys = {one.name: "k" for one in room.credentials}
    return room.open(Connection(room.default_base_url or "https://example.org", keys))


def myownconference_person(fields: Fields) -> Record:
    name = myownconference.full_name(fields)
    sent = {"email": myownconference.address(fields), "name": name}
    sent |= myownconference.encode_attendee({n: fields[n] for n in ("phone", "company")}, {})
    for field in ("name", "company"):
        assert not set(sent[field]) & set(r"^~!@#$%&*()+=[{}]\|:;,<>/?."), "refused"
    assert 1 <= len(sent["name"]) <= 64, "refused"
    assert len(sent["phone"]) <= 16, "refused"
    shown = {n: text.strip() for n, text in sent.items()}
    return myownconference.decode_attendee(Row(shown, "participant", "MyOwnConference"))


def clickmeeting_person(fields: Fields) -> Record:
    one, two, three = clickmeeting.encode_registration(fields, "")["registration"].values()
    assert all(text.strip() for text in (one, two, three)), "refused: all three are required"
    row = {
        "id": 1,
        "email": three,
        "visitor_nickname": f"{one} {two}",
        "fields": {"First Name": one.strip(), "Last Name": two.strip(), "Email Address": three},
    }
    return clickmeeting.decode_registration(Row(row, "registration", "ClickMeeting"), "1")


def webinarfuel_person(fields: Fields) -> Record:
    sent = webinarfuel.newcomer(fields)
    assert all(text.strip() for text in sent.values()), "nothing is told of what is not known"
    row = {"first_name": None, "last_name": None, "phone": None, **sent, "id": 1}
    return webinarfuel.decode(Row(row, "registrant", "WebinarFuel"))


SHOWN: dict[str, tuple[Kind, Callable[[Fields], Record]]] = {
    "clickmeeting": (Kind.REGISTRATION, clickmeeting_person),
    "myownconference": (Kind.ATTENDEE, myownconference_person),
    "webinarfuel": (Kind.ATTENDEE, webinarfuel_person),
}


@pytest.mark.parametrize("slug", SHOWN)
@given(person=people, more=details)
def test_a_person_who_was_sent_is_agreed_upon(slug: str, person: Any, more: Any) -> None:
    kind, sent_and_shown = SHOWN[slug]
    ours = {n: v for n, v in {**person, **more}.items() if n in FIELDS[kind]}
    record = sent_and_shown({**person, **more})
    adapter = adapter_of(slug)
    expected = adapter.expected(kind, ours)
    sendable = adapter.capabilities.kind(kind).sendable(on_update=True)
    for base_theirs in ({}, record.fields):  # at once, and ever after
        merged = compare.merge(
            base_ours=ours,
            base_theirs=base_theirs,
            ours=ours,
            theirs=record.fields,
            expected=expected,
            sendable=sendable,
        )
        assert merged.quiet, merged
        assert merged.base_ours == ours, "our row is as it was"


@pytest.mark.parametrize("slug", SHOWN)
@given(person=people)
def test_what_stands_for_a_missing_name_says_nothing(slug: str, person: Any) -> None:
    kind, sent_and_shown = SHOWN[slug]
    adapter = adapter_of(slug)
    nobody = sent_and_shown(
        {**person, "first_name": "", "last_name": "", "phone": "", "company": ""}
    )
    shown = {n for n in ("first_name", "last_name") if nobody.fields.get(n)}
    assert adapter.placeholders(kind, nobody.fields) == shown
    real = re.fullmatch(r"[^\W_]{3,}", person["first_name"])
    if real and person["first_name"] not in person["email"]:
        half = sent_and_shown({**person, "last_name": "", "phone": "", "company": ""})
        assert "first_name" not in adapter.placeholders(kind, half.fields)
        said = {n for n in ("last_name",) if half.fields.get(n)}
        assert adapter.placeholders(kind, half.fields) == said


@pytest.mark.parametrize("kind", [Kind.REGISTRATION, Kind.ATTENDEE, Kind.MODERATOR])
@pytest.mark.parametrize("slug", registry.slugs())
@given(data=st.data(), email=st.sampled_from(ADDRESSES))
def test_what_is_put_in_for_one_name_is_put_in_where_all_are_missing(
    slug: str, kind: Kind, data: st.DataObject, email: str
) -> None:
    """By this law most names need to be compared only once (see `Adapter.placeholders`)."""
    adapter = adapter_of(slug)
    given = {n: data.draw(names | st.just(email.partition("@")[0])) for n in NAMES.get(kind, ())}
    person = {**given, "email": email}
    nameless = adapter.expected(kind, {**person, **dict.fromkeys(given, "")})
    for missing in given:
        shown = adapter.expected(kind, {**person, missing: ""})
        if all(shown[n] == given[n] for n in given if n != missing):
            assert shown[missing] in ("", nameless[missing])


@given(st.sampled_from(ADDRESSES), names)
def test_a_moderator_who_was_sent_is_agreed_upon(email: str, name: str) -> None:
    ours = {"email": email, "name": name}
    for slug in ("clickmeeting", "myownconference"):
        adapter = adapter_of(slug)
        shown = adapter.expected(Kind.MODERATOR, ours)
        assert str(shown["name"]).strip(), "every moderator is called something"
        assert adapter.expected(Kind.MODERATOR, shown) == shown, "stable after one pass"
    assert not set(shown["name"]) & set(r"^~!@#$%&*()+=[{}]\|:;,<>/?.")
    assert 2 <= len(shown["name"]) <= 64


@pytest.mark.parametrize("slug", ["clickmeeting", "myownconference"])
def test_a_platform_that_writes_in_capitals_tells_no_name_either(slug: str) -> None:
    adapter, kind = adapter_of(slug), SHOWN[slug][0]
    shown = {"email": "bare@example.org", "first_name": "BARE", "last_name": ""}
    assert adapter.placeholders(kind, shown) == {"first_name"}
    assert adapter.placeholders(kind, {**shown, "first_name": "Bare"}) == set()
