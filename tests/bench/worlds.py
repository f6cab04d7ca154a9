"""What stands on each platform when a bench begins: webinars with people, always the same ones.

The emulators of the sandbox keep it and shape it. Everybody is registered for one webinar alone,
which is the most there is to write for a number of registrations.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

# The hour in which a world was filled; a list that is read twice shows the same.
BEGIN = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
LABEL = "demo"


class Person(NamedTuple):
    """Somebody made up."""

    email: str
    first: str
    last: str


def person(number: int) -> Person:
    """The person with this number."""
    return Person(f"person{number}@example.com", f"First{number % 977}", f"Last{number}")


def start(number: int) -> datetime:
    """When the webinar of this number begins: one a day, from tomorrow on."""
    return BEGIN + timedelta(days=1 + number % 360, minutes=number // 360)


def _clickmeeting(account: Any, title: str, begins: datetime, people: list[Person]) -> None:
    room = account.add_room(title, starts_at=begins)
    for one in people:
        account.add_registration(room["id"], *one)


def _myownconference(account: Any, title: str, begins: datetime, people: list[Person]) -> None:
    """Invited by rows: the panel's own way looks through all who are invited for each."""
    webinar = account.add_webinar(title, start=begins)
    for one in people:
        row = account.add_attendee(one.email, f"{one.first} {one.last}")
        account.store.add("invited", {"room_id": webinar["id"], "attendee_id": row["id"]})


def _webinarfuel(account: Any, title: str, begins: datetime, people: list[Person]) -> None:
    account.rate_limit = None
    webinar = account.add_webinar(title, starts_at=begins)
    for one in people:
        account.register(webinar["id"], *one)


def _trueconf(account: Any, title: str, begins: datetime, people: list[Person]) -> None:
    """Guests, put in as rows for the same reason."""
    room_id = account.add_conference(title, start=begins)["id"]
    for one in people:
        name = f"{one.first} {one.last}"
        row = {"room_id": room_id, "who": one.email, "display_name": name, "kind": "custom"}
        account.store.add("invitations", {**row, "translator": None})


def _livewebinar(account: Any, title: str, begins: datetime, people: list[Person]) -> None:
    """Nobody: its API lists no people."""
    account.add_widget(title, starts_at=begins)


class Shape(NamedTuple):
    """How one webinar is made, and which text of which table is edited where rows change."""

    make: Callable[[Any, str, datetime, list[Person]], None]
    table: str
    column: str


SHAPES = {
    "clickmeeting": Shape(_clickmeeting, "registrations", "last_name"),
    "myownconference": Shape(_myownconference, "attendees", "name"),
    "trueconf": Shape(_trueconf, "invitations", "display_name"),
    "livewebinar": Shape(_livewebinar, "widgets", "name"),
    "webinarfuel": Shape(_webinarfuel, "registrants", "last_name"),
}
# Platforms whose lists show webinars alone: a row is a webinar there.
WEBINARS_ALONE = frozenset({"livewebinar"})


def fill(world: Any, slug: str, webinars: int, rows: int) -> None:
    """So many webinars, and the registrations spread evenly over them."""
    account = world.platform(slug).accounts[LABEL]
    make = SHAPES[slug].make
    for number in range(webinars):
        first, last = rows * number // webinars, rows * (number + 1) // webinars
        people = [person(one) for one in range(first, last)]
        make(account, f"Bench {number}", start(number), people)


def grow(world: Any, slug: str, rows: int) -> None:
    """One webinar more, with so many registrations, of people who are new there."""
    global grown
    account = world.platform(slug).accounts[LABEL]
    first = 1_000_000_000 + grown
    people = [person(one) for one in range(first, first + rows)]
    SHAPES[slug].make(account, f"New {grown}", start(0), people)
    grown += rows


grown = 0


def alter(world: Any, slug: str, share: float) -> int:
    """Edit this share of the rows there; answers how many these are."""
    _, table, column = SHAPES[slug]
    store = world.platform(slug).accounts[LABEL].store
    rows = store.rows(table)
    every = max(round(1 / share), 1)
    for row in rows[::every]:
        store.change(table, row["id"], **{column: f"{row[column]} B"})
    return len(rows[::every])
