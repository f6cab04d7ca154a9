"""The promises that every adapter keeps against its sandbox, over real HTTP.

Nothing here names a platform: what a room's capabilities offer must work, and what they do not
offer must be refused with their sentence.
"""

import json
from collections.abc import Callable
from typing import Any

import pytest

from integrations import registry
from integrations.base.adapter import Adapter
from integrations.base.capabilities import Level
from integrations.base.errors import (
    CredentialsRejected,
    RecordNotFound,
    UnsupportedByPlatform,
)
from integrations.base.records import Draft, Kind, Record
from tests.contract.worlds.promises import (
    all_records,
    found,
    makers,
    offered,
    ours,
    public,
    there,
    told,
    whole,
)

VERBS = ("list", "get", "create", "update", "delete")
NOT_OFFERED = [
    pytest.param(slug, kind, verb, id=f"{slug}-{verb}-{kind}")
    for slug in registry.slugs()
    for kind in Kind
    for verb in VERBS
    if not getattr(registry.room(slug).capabilities.kind(kind), verb).offered
]


@pytest.mark.parametrize(("slug", "kind", "verb"), NOT_OFFERED)
def test_what_is_not_offered_is_refused_with_its_sentence(
    kind: Kind, verb: str, adapter: Adapter, place: Any, slug: str
) -> None:
    ability = getattr(adapter.capabilities.kind(kind), verb)
    calls: dict[str, Callable[[], Any]] = {
        "list": lambda: list(adapter.list_all(kind, "1")),
        "get": lambda: adapter.get(kind, "1/2"),
        "create": lambda: adapter.create(Draft(kind, {}, parent_id="1")),
        "update": lambda: adapter.update(Record(kind, "1/2", {}), {}),
        "delete": lambda: adapter.delete(kind, "1/2"),
    }
    with pytest.raises(UnsupportedByPlatform) as caught:
        calls[verb]()
    assert str(caught.value) == ability.sentence != ""
    assert len(place.sandbox.requests) == 0, "refusing costs no call"


@pytest.mark.parametrize("slug", registry.slugs())
def test_what_is_said_of_answers_is_what_registrations_can(slug: str) -> None:
    """FULL: they are sent with a registration; READ_ONLY: the field is there, and is not sent."""
    can = registry.room(slug).capabilities
    rule = can.kind(Kind.REGISTRATION).fields.get("answers")
    said = {
        Level.FULL: rule is not None and rule.on_create,
        Level.READ_ONLY: rule is not None and not rule.on_create,
    }
    assert said.get(can.answers.level, rule is None)
    assert can.answers.sentence.endswith(".")
    assert can.answers.source


@pytest.mark.parametrize("slug", registry.slugs())
def test_connection_is_proved_by_one_call(adapter: Adapter, place: Any) -> None:
    assert adapter.check().sentence.endswith(".")
    assert len(place.sandbox.requests) == 1


@pytest.mark.parametrize("slug", registry.slugs())
def test_wrong_key_is_refused_and_never_quoted(slug: str, place: Any) -> None:
    wrong = registry.room(slug).open(place.connection(key="a-wrong-but-secret-key"))
    for call in (wrong.check, lambda: list(wrong.list_all(Kind.CONFERENCE))):
        with pytest.raises(CredentialsRejected) as caught:
            call()
        assert "a-wrong-but-secret-key" not in told(caught.value)
    wrong.close()


@pytest.mark.parametrize(("slug", "kind"), offered("list"))
def test_listing_shows_what_is_there_and_is_steady(
    kind: Kind, adapter: Adapter, place: Any
) -> None:
    parent_id = place.exist(adapter, kind)
    shown = all_records(adapter, kind, parent_id)

    assert shown
    assert all(type(r.external_id) is str and r.kind is kind for r in shown)
    assert len({r.external_id for r in shown}) == len(shown)
    assert all(r.parent_id == parent_id for r in shown)
    again = all_records(adapter, kind, parent_id)
    assert [(r.external_id, r.fields, r.facts, r.marker) for r in again] == [
        (r.external_id, r.fields, r.facts, r.marker) for r in shown
    ]


@pytest.mark.parametrize(("slug", "kind"), offered("list"))
def test_listing_nothing_is_no_error(kind: Kind, adapter: Adapter, place: Any) -> None:
    assert ours(place, all_records(adapter, kind, place.parent(adapter, kind))) == []


@pytest.mark.parametrize(("slug", "kind"), offered("get"))
def test_get_shows_what_the_listing_shows(kind: Kind, adapter: Adapter, place: Any) -> None:
    parent_id = place.exist(adapter, kind)
    for row in all_records(adapter, kind, parent_id):
        record = adapter.get(kind, row.external_id or "", parent_id)
        assert not record.partial
        assert record.external_id == row.external_id
        assert {n: record.fields[n] for n in row.fields} == row.fields
    for unknown in ("404404", "1/404404", "no/such/thing"):
        with pytest.raises(RecordNotFound):
            adapter.get(kind, unknown, parent_id)


@pytest.mark.parametrize(("slug", "kind"), offered("create"))
def test_create_shows_what_was_to_be_expected(kind: Kind, adapter: Adapter, place: Any) -> None:
    draft = place.draft(kind, place.parent(adapter, kind))
    record = adapter.create(draft)

    assert record.kind is kind
    expected = public(adapter.expected(kind, draft.fields))
    told = {name: expected[name] for name in expected if name in record.fields}
    assert {name: record.fields.get(name) for name in told} == told
    # MyOwnConference's creates answer with an id or links alone: its records say no more than that.
    assert told == expected or adapter.capabilities.slug == "myownconference"
    if adapter.capabilities.kind(kind).list.offered:
        (row,) = found(adapter, draft)
        shown = whole(adapter, row)
        assert {name: shown.fields.get(name) for name in expected} == expected
        assert record.external_id in (None, shown.external_id)


@pytest.mark.parametrize(("slug", "kind"), offered("update"))
def test_update_changes_only_what_was_asked(kind: Kind, adapter: Adapter, place: Any) -> None:
    record, parent_id = there(adapter, place, kind)
    for changes in place.changes(kind):
        before = adapter.get(kind, record.external_id or "", parent_id)
        answered = adapter.update(before, changes)
        after = adapter.get(kind, record.external_id or "", parent_id)

        assert after.fields == {**before.fields, **public(changes)}, changes
        if answered is not None:
            assert {**after.fields, **answered.fields} == after.fields


@pytest.mark.parametrize(("slug", "kind"), offered("delete"))
def test_delete_removes_that_record_alone(kind: Kind, adapter: Adapter, place: Any) -> None:
    parent_id = place.exist(adapter, kind)
    before = ours(place, all_records(adapter, kind, parent_id))
    gone = before[0].external_id or ""

    adapter.delete(kind, gone, parent_id)

    after = [r.external_id for r in ours(place, all_records(adapter, kind, parent_id))]
    assert after == [r.external_id for r in before[1:]]
    with pytest.raises(RecordNotFound):
        adapter.delete(kind, gone, parent_id)


@pytest.mark.parametrize("slug", makers())
def test_an_empty_identifier_reaches_nothing(adapter: Adapter, place: Any) -> None:
    adapter.create(place.draft(Kind.CONFERENCE, None))
    sent = len(place.sandbox.requests)
    for identifier in ("", ".", "..", "1/../2"):
        with pytest.raises(RecordNotFound):
            adapter.delete(Kind.CONFERENCE, identifier)
    assert all(entry.status == 404 for entry in list(place.sandbox.requests)[sent:])
    assert len(all_records(adapter, Kind.CONFERENCE, None)) == 1


@pytest.mark.parametrize(
    ("slug", "action"),
    [(s, name) for s in registry.slugs() for name in registry.room(s).capabilities.actions],
)
def test_every_action_that_is_offered_is_done(action: str, adapter: Adapter, place: Any) -> None:
    ability = adapter.capabilities.action(action)
    target, arguments = place.action(adapter, action)
    if ability.offered and adapter.capabilities.actions[action].download:
        found = adapter.download(action, target, arguments)
        assert found.name
        assert b"".join(found.chunks)
        return
    if ability.offered:
        answer = adapter.perform(action, target, arguments)
        text = json.dumps(answer)
        assert json.loads(text) == answer
        if adapter.capabilities.actions[action].harmless:
            assert "://" not in text, "the read-only role may ask for it: it must let nobody in"
        return
    with pytest.raises(UnsupportedByPlatform):
        adapter.perform(action, target, arguments)


@pytest.mark.parametrize("slug", registry.slugs())
def test_an_action_that_does_not_exist_is_refused(adapter: Adapter) -> None:
    with pytest.raises(UnsupportedByPlatform):
        adapter.perform("make_coffee", "1", {})
