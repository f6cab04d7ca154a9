"""What every adapter makes of a platform that fails: one error for each decision to be taken."""

import re
from typing import Any

import pytest

from integrations import registry
from integrations.base.adapter import Adapter
from integrations.base.errors import (
    CredentialsRejected,
    OutcomeUnknown,
    PlatformError,
    PlatformUnavailable,
    RateLimited,
    UnexpectedAnswer,
)
from integrations.base.excerpts import ALLOWED
from integrations.base.records import Kind
from tests.contract.worlds.promises import all_records, assert_quiet, found, makers, offered

READ_FAULTS = {
    "rate_limited": RateLimited,
    "server_error": PlatformUnavailable,
    "unavailable": PlatformUnavailable,
    "cut_before": PlatformUnavailable,
    "cut_after": PlatformUnavailable,
    "short_body": PlatformUnavailable,
    "html": UnexpectedAnswer,
    "truncated": UnexpectedAnswer,
    "wrong_key": CredentialsRejected,
}
# (fault, does the platform act?, error)
WRITE_FAULTS = [
    ("rate_limited", False, RateLimited),
    ("wrong_key", False, CredentialsRejected),
    ("server_error", False, OutcomeUnknown),
    ("server_error", True, OutcomeUnknown),
    ("unavailable", False, OutcomeUnknown),
    ("cut_before", False, OutcomeUnknown),
    ("cut_after", True, OutcomeUnknown),
    ("html", True, OutcomeUnknown),
    ("truncated", True, OutcomeUnknown),
    ("short_body", True, OutcomeUnknown),
]


@pytest.mark.parametrize("fault", READ_FAULTS)
@pytest.mark.parametrize(("slug", "kind"), offered("list"))
def test_a_fault_in_a_listing_is_never_an_empty_list(
    fault: str, kind: Kind, adapter: Adapter, place: Any
) -> None:
    parent_id = place.exist(adapter, kind)
    place.sandbox.faults.add(fault, count=1)
    with pytest.raises(READ_FAULTS[fault]) as caught:
        all_records(adapter, kind, parent_id)
    assert_quiet(caught.value, place)
    assert all_records(adapter, kind, parent_id), "and it passes"


@pytest.mark.parametrize(("slug", "kind"), offered("list"))
def test_of_an_answer_that_is_cut_short_nobody_is_shown(
    kind: Kind, adapter: Adapter, place: Any, caplog: pytest.LogCaptureFixture
) -> None:
    parent_id = place.exist(adapter, kind)
    place.sandbox.faults.add("truncated", count=1)
    with pytest.raises(UnexpectedAnswer) as caught:
        all_records(adapter, kind, parent_id)
    shown = re.findall(r'"(\w+)":\s*"([^"]*)', caught.value.excerpt)
    assert {text for key, text in shown if key not in ALLOWED} <= {"…", "[secret]"}
    (record,) = [r for r in caplog.records if r.levelname == "WARNING"]
    assert caught.value.excerpt == vars(record)["excerpt"]
    assert {"account", "method", "attempt", "ms", "effect"} <= vars(record).keys()


@pytest.mark.parametrize(("fault", "acts", "error"), WRITE_FAULTS)
@pytest.mark.parametrize("slug", makers())
def test_a_fault_in_a_create_says_whether_it_may_be_repeated(
    fault: str, acts: bool, error: type[PlatformError], adapter: Adapter, place: Any
) -> None:
    draft = place.draft(Kind.CONFERENCE, None)
    path = getattr(place, "create_path", "*")
    place.sandbox.faults.add(fault, count=1, acts=acts, path=path)
    with pytest.raises(error) as caught:
        adapter.create(draft)
    assert_quiet(caught.value, place)
    assert len(found(adapter, draft)) == int(acts), "what was done can be found again"


@pytest.mark.parametrize(("fault", "acts", "error"), WRITE_FAULTS)
@pytest.mark.parametrize("slug", makers())
def test_a_fault_in_an_update(
    fault: str, acts: bool, error: type[PlatformError], adapter: Adapter, place: Any
) -> None:
    record = adapter.create(place.draft(Kind.CONFERENCE, None))
    path = getattr(place, "update_path", "*")
    place.sandbox.faults.add(fault, count=1, acts=acts, path=path)
    with pytest.raises(error) as caught:
        adapter.update(record, {"title": "Renamed"})
    assert_quiet(caught.value, place)
    shown = adapter.get(Kind.CONFERENCE, record.external_id or "")
    assert (shown.fields["title"] == "Renamed") is acts


@pytest.mark.parametrize(("fault", "acts", "error"), WRITE_FAULTS)
@pytest.mark.parametrize("slug", makers())
def test_a_fault_in_a_delete(
    fault: str, acts: bool, error: type[PlatformError], adapter: Adapter, place: Any
) -> None:
    record = adapter.create(place.draft(Kind.CONFERENCE, None))
    place.sandbox.faults.add(fault, count=1, acts=acts)
    with pytest.raises(error):
        adapter.delete(Kind.CONFERENCE, record.external_id or "")
    assert len(all_records(adapter, Kind.CONFERENCE, None)) == int(not acts)


@pytest.mark.parametrize("slug", registry.slugs())
def test_wait_of_a_rate_limit_is_passed_on(adapter: Adapter, place: Any) -> None:
    place.sandbox.faults.add("rate_limited", count=1, retry_after=17)
    with pytest.raises(RateLimited) as caught:
        adapter.check()
    assert caught.value.retry_after == 17
