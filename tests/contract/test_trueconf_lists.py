"""Every list of TrueConf, on servers that page it in every way: never a loss, a double, a loop."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from integrations.base.adapter import Adapter
from integrations.base.errors import UnexpectedAnswer
from integrations.base.records import Kind
from integrations.registry import room
from integrations.trueconf.client.paging import CONFERENCE_LIST, USERS, every, pages
from portal.sync import listing
from tests.support.trueconf import connection

# (how pages are counted, whether the next is named, the server's own limit of a page)
STYLES = [
    ("document", True, 1000),
    ("from 1", True, 200),
    ("from 0", True, 200),
    ("cursor", True, 150),
    ("from 1", False, 1000),
    ("from 1", False, 200),
    ("from 1", False, 50),
    ("from 0", False, 1000),
    ("from 0", False, 200),
    ("from 0", False, 100),
    ("from 1", False, 30),
    ("from 0", False, 120),
]


@pytest.fixture
def side(sandbox: Any) -> Any:
    return sandbox.account("trueconf")


@pytest.fixture
def adapter(sandbox: Any) -> Iterator[Adapter]:
    opened = room("trueconf").open(connection(sandbox, "v3.10"))
    yield opened
    opened.close()


def play(side: Any, style: tuple[str, bool, int]) -> None:
    side.paging, side.names_next_page, side.largest_page = style


@pytest.mark.parametrize("style", STYLES, ids=str)
@pytest.mark.parametrize("count", [150, 200, 201, 1000, 1500])
def test_users_are_all_read_once(
    side: Any, adapter: Adapter, style: tuple[str, bool, int], count: int
) -> None:
    play(side, style)
    for number in range(count):
        side.add_user(f"u{number}")
    found = listing.read(adapter, Kind.ATTENDEE)
    assert found.accepted, found.why_not
    assert len(found.records) == count, "all but the account's own owner"


@pytest.mark.parametrize("style", STYLES, ids=str)
def test_every_other_list_is_read_whole(
    sandbox: Any, side: Any, adapter: Adapter, style: tuple[str, bool, int]
) -> None:
    play(side, style)
    # Smaller pages serve as well as many rows.
    side.largest_page = {1000: 200, 200: 20, 150: 7, 120: 10, 100: 25, 50: 25, 30: 30}[style[2]]
    count = 45
    group = side.add_group("Everybody")
    row = side.add_conference("Full", max_participants=1000)
    past = sandbox.now() - timedelta(days=2)
    call = side.start_session(row["id"], minutes=30, started_at=past)
    boss = side.add_user("boss")
    for number in range(count):
        who = side.add_user(f"u{number}")
        side.put_into_group(group["id"], who["id"])
        side.add_group(f"Group {number}")
        side.add_conference(f"Room {number}", permanent=True)
        side.invite(row["id"], who["login_name"])
        side.add_contact(boss["id"], who["login_name"], "")
        side.add_preset(f"Preset {number}", "manualPull", {})
        side.add_template(f"Template {number}", {"topic": "x"})
        began = past + timedelta(minutes=40 * number + 40)
        side.start_session(row["id"], minutes=30, started_at=began)
        side.add_recording(row["id"], seconds=60, started_at=began)
        side.join(call["id"], who["login_name"], at=call["start"] + number, leave=call["end"])
        side.say(call["id"], who["login_name"], f"Line {number}")
    where = row["address"]
    for kind, parent, wanted in (
        (Kind.GROUP, None, count + 1),
        (Kind.MEMBERSHIP, str(group["id"]), count),
        (Kind.CONFERENCE, None, count + 1),
        (Kind.REGISTRATION, where, count),
        (Kind.SESSION, where, count + 1),
        (Kind.ATTENDANCE, f"{where}/{call['address']}", count + 1),
        (Kind.RECORDING, where, count),
    ):
        found = listing.read(adapter, kind, parent)
        assert found.accepted, f"{kind}: {found.why_not}"
        assert len(found.records) == wanted, kind
    for action, of, wanted in (
        ("contacts", "boss", count),
        ("presets", "", count),
        ("templates", "", count),
        ("recording_log", where, count),
        ("chats", f"{where}/{call['address']}", count),
    ):
        assert len(adapter.perform(action, of, {})["rows"]) == wanted, action


@pytest.mark.parametrize("style", [("document", True, 1000), ("from 1", True, 1000)], ids=str)
def test_a_short_list_costs_one_call(
    sandbox: Any, side: Any, adapter: Adapter, style: tuple[str, bool, int]
) -> None:
    play(side, style)
    for number in range(200):
        side.add_user(f"u{number}")
    assert listing.read(adapter, Kind.ATTENDEE).accepted
    (entry,) = sandbox.requests
    assert "page_id" not in dict(entry.query), "the first page is asked for without a number"


LAST = [
    {},
    {"next_page_id": None},
    {"next_page_id": 0},
    {"next_page_id": -1},
    {"next_page_id": "-1"},
]


def served(of: int, size: int, last: dict[str, Any]) -> Any:
    """A list by cursor whose last page says what `last` does."""

    def fetch(asked: dict[str, Any]) -> Any:
        start = int(asked.get("page_id", 0))
        end = start + size
        shown = {"users": [{"id": f"u{n}"} for n in range(start, min(end, of))]}
        return shown | ({"next_page_id": end} if end < of else last)

    return fetch


@pytest.mark.parametrize("last", LAST, ids=str)
@pytest.mark.parametrize("count", [3, 70, 130])
def test_the_last_page_may_say_so_in_several_ways(last: dict[str, Any], count: int) -> None:
    assert len(every(served(count, 100, last), USERS)) == count


@pytest.mark.parametrize("first", [0, 1])
@pytest.mark.parametrize(("size", "of"), [(10, 10), (10, 34), (50, 120), (100, 100)])
def test_a_count_of_the_page_alone_hides_nothing(first: int, size: int, of: int) -> None:
    """A server with a limit of its own may count what it shows, and not what there is."""

    def fetch(asked: dict[str, Any]) -> Any:
        start = (int(asked.get("page_id", first)) - first) * size
        shown = [{"id": f"c{n}"} for n in range(start, min(start + size, of))]
        return {"cnt": len(shown), "conferences": shown}

    assert len(every(fetch, CONFERENCE_LIST)) == of


def test_a_list_that_stops_in_the_middle_is_not_believed() -> None:
    found = pages(served(200, 100, {}), USERS)
    assert [len(next(found)[0]), len(next(found)[0])] == [100, 100], "what was seen is not lost"
    with pytest.raises(UnexpectedAnswer, match="any more"):
        next(found)


def test_rows_that_move_while_they_are_read_are_never_taken_for_the_whole(
    side: Any, adapter: Adapter
) -> None:
    play(side, ("from 1", False, 50))
    for number in range(120):
        side.add_user(f"u{number:03}")
    fetch, asked = adapter.context.client.get_user_list, []  # type: ignore[attr-defined]

    def moving(params: dict[str, Any]) -> Any:
        answer = fetch(params)
        asked.append(params.get("page_id"))
        if len(asked) == 1:  # somebody on the first page goes: all behind move up
            side.delete_user(side.user("u001")["id"])
        return answer

    adapter.context.client.get_user_list = moving  # type: ignore[attr-defined]
    found = listing.read(adapter, Kind.ATTENDEE)
    names = {f"u{number:03}" for number in range(120)} - {"u001"}
    assert not found.accepted or set(found.records) >= names


@pytest.mark.parametrize("ignored", [False, True])
def test_finding_people_does_not_read_the_server_again_for_each(
    ignored: bool, sandbox: Any, side: Any, adapter: Adapter
) -> None:
    """Four times as many people cost one call more for each, also where the filter is ignored."""
    for number in range(300):
        side.add_user(f"u{number}", email=f"u{number}@example.org")
    context: Any = adapter.context  # type: ignore[attr-defined]
    fetch = context.client.get_user_list
    if ignored:
        context.client.get_user_list = lambda params: fetch(
            {name: value for name, value in params.items() if name != "email"}
        )
    side.largest_page = 50
    for number in range(40):
        found = context.user_with(f"u{number}@example.org")
        assert found is not None
        assert found.value["id"] == f"u{number}"
    assert context.user_with("nobody@example.org") is None
    assert len(sandbox.requests) == (1 + 7 if ignored else 41)
