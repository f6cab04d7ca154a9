"""The seed world: a year-round webinar plan of a made-up tool maker, relative to now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from integrations.sandbox.people import PEOPLE, Person

if TYPE_CHECKING:
    from integrations.sandbox.clickmeeting.account import ClickMeetingAccount

# Made-up values that open the sandbox's own accounts and nothing else.
API_KEYS = {"demo": "demo-clickmeeting-key", "academy": "academy-clickmeeting-key"}


@dataclass(frozen=True)
class Planned:
    """One room of the plan. `day` counts from today, `hour` is local in `zone`."""

    name: str
    day: int
    hour: float
    minutes: int
    registered: int = 0
    came: int = 0
    zone: str = "Europe/Berlin"
    lobby: str = ""
    recorded: bool = False
    poll: bool = False
    permanent: bool = False
    inactive: bool = False
    access_type: int = 1
    asks: bool = False  # its form asks for more than name and address


DEMO = (
    Planned("Welcome to the Aldermoor partner network", -96, 10, 60, 34, 27, inactive=True),
    Planned("Autumn product briefing", -61, 14, 75, 58, 44, recorded=True, inactive=True),
    Planned("Safe lifting: refresher for site managers", -33, 9.5, 90, 41, 33, poll=True),
    Planned("How Fenwick Joinery cut its set-up times", -19, 15, 45, 52, 39, recorded=True),
    Planned(
        "Workshop: reading a calibration report",
        -12,
        13,
        90,
        24,
        19,
        "Europe/London",
        recorded=True,
        poll=True,
    ),
    Planned(
        "Quarterly results for dealers", -5, 11, 60, 60, 51, recorded=True, poll=True, access_type=2
    ),
    Planned("Service update: firmware 4.2", 3, 10, 45, 38, lobby="Doors open ten minutes early."),
    Planned(
        "Cordless range: what is new this season",
        8,
        14,
        60,
        57,
        lobby="Have your questions ready: we answer them live.",
        asks=True,
    ),
    Planned("Onboarding for new dealers", 13, 9, 120, 20, zone="Europe/Warsaw"),
    Planned("Round table: repair instead of replace", 20, 16, 90, 29, zone="Europe/London"),
    Planned("Accident prevention at the bench", 27, 9.5, 75, 46),
    Planned(
        "Preview of the spring catalogue", 34, 15, 60, 0, zone="America/New_York", access_type=3
    ),
    Planned("Open office hour", 0, 0, 0, 22, permanent=True, lobby="Someone is with you soon."),
    Planned("Rehearsal room", 0, 0, 0, permanent=True),
)
ACADEMY = (
    Planned("Course 1: sharpening basics", -9, 17, 60, 26, 21, recorded=True),
    Planned("Course 2: measuring and marking", 5, 17, 60, 31),
    Planned("Course 3: joints that hold", 12, 17, 60, 23),
)
RUNNING = "Live: questions to the test laboratory"
COMPANIES = ("Fenwick Joinery", "Aldermoor Tools", "Halvorsen & Daughters", "")
WATCH = ("1", "2", "", "6", "1")
POLL_ANSWERS = ("Very useful", "Useful", "Not for me")
CHAT = (
    "10:01 Moderator: Good morning, and welcome.",
    "10:04 {name}: Will the slides be sent round?",
    "10:05 Moderator: Yes, tomorrow, with the recording.",
)


def fill(account: ClickMeetingAccount, label: str) -> None:
    """Fill an account; the same every time for the same moment."""
    plan = {"demo": DEMO, "academy": ACADEMY}.get(label, ())
    for place, planned in enumerate(plan):
        _make(account, planned, place)
    if label == "demo":
        _make_running(account)
        account.add_file("price-list.csv", "article,price\nA-100,49.00\nA-200,79.00\n")
        account.add_file("house-rules.txt", "Cameras off while someone presents, please.\n")


def _make(account: ClickMeetingAccount, planned: Planned, place: int) -> None:
    start = _start(account.world.now(), planned)
    room = account.add_room(
        planned.name,
        starts_at=start,
        minutes=planned.minutes,
        permanent=planned.permanent,
        timezone=planned.zone,
        lobby_description=planned.lobby,
        access_type=planned.access_type,
        password="open-the-bench" if planned.access_type == 2 else "",
        registration_enabled=planned.registered > 0,
        created_at=min(start, account.world.now()) - timedelta(days=30),
    )
    people = _audience(place, planned.registered)
    _register(account, room["id"], people, start, asks=planned.asks)
    if planned.came:
        _hold(account, room["id"], planned, people[: planned.came], start)
    if planned.inactive:
        since = start + timedelta(days=1)
        account.edit_room(room["id"], status="inactive", inactive_since=since)


def _make_running(account: ClickMeetingAccount) -> None:
    start = account.world.now().replace(second=0, microsecond=0) - timedelta(minutes=20)
    room = account.add_room(RUNNING, starts_at=start, minutes=90, lobby_description="We are live.")
    people = _audience(5, 44)
    _register(account, room["id"], people, start)
    visits = [_visit(person, place) for place, person in enumerate(people[:31])]
    account.start_session(room["id"], visits, minutes=90, started_at=start)
    account.add_file("questions.txt", "Please type your questions here.\n", room["id"])


def _start(now: datetime, planned: Planned) -> datetime:
    """The planned hour by the clock of the room's zone; a weekend moves on, away from now."""
    local = now.astimezone(ZoneInfo(planned.zone)) + timedelta(days=planned.day)
    while local.weekday() > 4:
        local += timedelta(days=1 if planned.day > 0 else -1)
    hour, rest = divmod(planned.hour, 1)
    return local.replace(hour=int(hour), minute=int(rest * 60), second=0, microsecond=0)


def _audience(place: int, size: int) -> list[Person]:
    """Overlapping audiences: many people come to more than one webinar."""
    start = place * 17
    return [PEOPLE[(start + step) % len(PEOPLE)] for step in range(size)]


def _register(
    account: ClickMeetingAccount,
    room_id: int,
    people: list[Person],
    start: datetime,
    *,
    asks: bool = False,
) -> None:
    first = min(start, account.world.now()) - timedelta(days=12)
    for place, person in enumerate(people):
        account.add_registration(
            room_id,
            person.email,
            person.first_name,
            person.last_name,
            registered_at=first + timedelta(hours=4 * place, minutes=7 * place % 60),
            answers=_answers(place) if asks else {},
        )


def _answers(place: int) -> dict[str, str]:
    """Not everybody answers what need not be answered."""
    said = {
        "Company": COMPANIES[place % len(COMPANIES)],
        "How many of you watch?": WATCH[place % 5],
    }
    return {label: text for label, text in said.items() if text}


def _hold(
    account: ClickMeetingAccount,
    room_id: int,
    planned: Planned,
    people: list[Person],
    start: datetime,
) -> None:
    visits = [_visit(person, place, poll=planned.poll) for place, person in enumerate(people)]
    visits.append({"email": "", "nickname": "Guest", "joined": 9, "left": 31})
    visits.append({"email": "host@example.com", "nickname": "Host", "role": "host"})
    chat = [line.format(name=people[0].first_name) for line in CHAT]
    account.start_session(room_id, visits, minutes=planned.minutes, started_at=start, chat=chat)
    if planned.recorded:
        seconds = planned.minutes * 60 - 240
        account.add_recording(room_id, started_at=start + timedelta(minutes=2), seconds=seconds)


def _visit(person: Person, place: int, *, poll: bool = False) -> dict[str, Any]:
    visit: dict[str, Any] = {
        "email": person.email,
        "nickname": f"{person.first_name} {person.last_name}",
        "joined": place * 5 % 13,
        "rating": 3 + place % 3 if place % 2 else None,
        "rating_comment": "Clear and to the point." if place % 7 == 3 else "",
    }
    if place % 6 == 5:
        visit["left"] = 25 + place % 10
    if poll and place % 4 != 1:
        visit["polls"] = [_poll(place)]
    return visit


def _poll(place: int) -> dict[str, Any]:
    answers = [{"points": 0, "value": POLL_ANSWERS[place % len(POLL_ANSWERS)]}]
    question = {"question": "How useful was this hour for you?", "answers": answers}
    return {"name": "Before you go", "questions": [question]}
