"""What a MyOwnConference webinar leaves behind, on the document's own examples."""

from datetime import UTC
from typing import Any

import pytest

from integrations.base.errors import UnexpectedAnswer
from integrations.base.reading import Row
from integrations.myownconference.mapping import after
from integrations.myownconference.payloads import PLATFORM
from tests.support.myownconference import ALIAS, ZONE, example


def test_history_is_put_in_the_order_of_time() -> None:
    entries = after.history(example("history"), UTC)
    assert [entry.at[11:16] for entry in entries] == ["10:00", "10:05", "10:06", "11:06"]
    assert [entry.role for entry in entries] == ["moderator", "attendee", "attendee", "attendee"]


def test_its_zone_is_a_choice() -> None:
    assert after.history(example("history"), ZONE)[0].at == "2023-07-01T08:00:00Z"


def test_address_may_be_missing() -> None:
    (entry,) = after.history([["2023-07-01 10:05:00", "Ann", "", "g"]], UTC)
    assert entry.email == ""


@pytest.mark.parametrize(
    "answer",
    [None, {}, "x", [{}], [[]], [["2023-07-01 10:05:00", "Ann", "Hi"]], [["x", "Ann", "Hi", "g"]]],
)
def test_what_is_no_history_is_not_believed(answer: Any) -> None:
    with pytest.raises(UnexpectedAnswer):
        after.history(answer, UTC)


def test_a_run_is_what_somebody_came_to() -> None:
    (session,) = after.decode_sessions(after.history(example("history"), UTC), ALIAS)
    assert session.external_id == f"{ALIAS}/run"
    assert session.fields == {"starts_at": "2023-07-01T10:00:00Z", "ends_at": None, "visitors": 3}
    assert after.decode_sessions([], ALIAS) == []


def test_each_person_is_one_attendance() -> None:
    """The third column of a visit is not documented: a second row need not be a departure."""
    entries = after.history(example("history"), UTC)
    found = {r.external_id: r for r in after.decode_attendance(entries, f"{ALIAS}/run")}
    assert set(found) == {
        f"{ALIAS}/run/owner@example.com",
        f"{ALIAS}/run/ann@example.com",
        f"{ALIAS}/run/~attendee Guest",
    }
    ann = found[f"{ALIAS}/run/ann@example.com"]
    assert ann.fields["joined_at"] == "2023-07-01T10:05:00Z"
    assert ann.fields["left_at"] is None
    assert ann.facts["visits"] == ["2023-07-01T10:05:00Z Hello", "2023-07-01T11:06:00Z Bye"]
    assert found[f"{ALIAS}/run/~attendee Guest"].fields["email"] is None


def test_recording() -> None:
    row = Row(example("recordings")[0], "recording", PLATFORM)
    record = after.decode_recording(row, ALIAS, UTC)
    assert record.external_id == f"{ALIAS}/88140"
    assert record.fields == {
        "started_at": "2023-07-01T10:00:00Z",
        "duration_seconds": 5220,
        "size_bytes": 271440000,
    }
    assert record.facts == {"name": "Autumn tour", "status": "ready"}
    assert record.volatile["recording_url"] == "https://mywebinar.com/record/88140"


def test_letters_are_written_yes_and_read_one() -> None:
    rows = {row["id"]: row for row in after.letters(example("letters"))}
    assert rows["STARTED"]["sent"] == "no"
    assert rows["FINISHED"] == {
        "id": "FINISHED",
        "letter": "After the end",
        "sent": "yes",
        "state": "end",
        "text": "<p>Thanks</p>",
    }


def test_online_has_two_lists() -> None:
    found = [(row["id"], row["role"]) for row in after.online(example("online"))]
    assert found == [
        ("owner@example.com", "moderator"),
        ("ann@example.com", "attendee"),
        ("Guest", "attendee"),
    ]


def test_files_and_bots() -> None:
    assert after.files(example("files"))[0]["length"] == "12"
    assert after.bots(example("bots")) == [{"id": "902311", "name": "Bo Bot", "country": "PL"}]
    found = after.download_link(example("files"), "file", "64021")
    assert found == ("slides.pdf", "https://mywebinar.com/file/64021/slides.pdf")
    assert after.download_link(example("files"), "file", "1") is None
