"""The seed world: the internal and public programme of a made-up company, relative to now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from integrations.sandbox.people import PEOPLE, Person
from integrations.sandbox.store import Row

if TYPE_CHECKING:
    from integrations.sandbox.trueconf.account import TrueConfAccount

STAFF = 24
GROUPS = (
    ("Sales", 0, 9, ("make_calls", "collaboration_tools")),
    ("Service desk", 7, 15, ("make_calls", "collaboration_tools", "address_book_editing")),
    ("Event team", 15, 19, ("make_calls", "create_group_conference", "operator_rights")),
    ("Küche & Empfang", 20, 24, ("make_calls",)),
)


@dataclass(frozen=True)
class Planned:
    """One conference. `day` counts from today, `hour` is by the server's clock. `staff` users
    and `guests` from outside are invited, `came` of them came."""

    topic: str
    day: int
    hour: float
    minutes: int
    staff: int = 0
    guests: int = 0
    came: int = 0
    about: str = ""
    tags: tuple[str, ...] = ()
    weekly: tuple[str, ...] = ()
    permanent: bool = False
    recorded: bool = False
    pin: str = ""
    mode: int = 3


DEMO = (
    Planned("Kick-off: the year ahead", -47, 10, 90, 22, 0, 20, tags=("internal",), recorded=True),
    Planned("How we plan a plant visit", -26, 14, 60, 6, 24, 23, tags=("public",)),
    Planned(
        "Ergonomics at the assembly line", -15, 9.5, 75, 4, 31, 28, tags=("public",), recorded=True
    ),
    Planned("Supplier day: questions and answers", -8, 13, 60, 5, 18, 17, recorded=True),
    Planned("Präventionswoche: lifting and carrying", -3, 10, 45, 16, 0, 14, tags=("internal",)),
    Planned(
        "Open house: a look into the laboratory",
        0,
        -0.75,
        90,
        6,
        28,
        25,
        tags=("public",),
        about="A walk through the laboratory, with time for questions.",
    ),
    Planned(
        "Introduction to the service portal",
        0,
        1.5,
        60,
        7,
        22,
        tags=("public",),
        about="What the portal can do, shown with three everyday cases.",
    ),
    Planned("Spare parts: finding and ordering", 4, 11, 45, 4, 33, tags=("public",)),
    Planned("Training for new colleagues, part 1", 9, 9, 120, 12, 0, tags=("internal", "training")),
    Planned(
        "Training for new colleagues, part 2", 16, 9, 120, 12, 0, tags=("internal", "training")
    ),
    Planned("Quarterly figures", 19, 15, 60, 24, 0, pin="demo-4711", tags=("internal",)),
    Planned("Façade systems: what changes in the standard", 27, 14, 75, 5, 40, tags=("public",)),
    Planned("Monday coordination", 0, 9, 30, 10, weekly=("monday",), mode=0),
    Planned("Service desk: open hour", 0, 16, 45, 8, 3, weekly=("tuesday", "thursday"), mode=0),
    Planned("Rehearsal room", 0, 0, 0, 3, permanent=True, mode=0),
)
SECOND = (
    Planned("Course: first aid refresher", -11, 17, 90, 4, 12, 14, recorded=True),
    Planned("Course: fire safety", 6, 17, 60, 4, 15),
    Planned("Residents' evening", 13, 19, 90, 3, 26, about="Everyone in the street is welcome."),
)
CHAT = (
    "{host}: Good to see so many of you here.",
    "{guest}: Will there be a recording?",
    "{host}: Yes, you get the link tomorrow.",
)


def login_of(person: Person) -> str:
    """A login made of somebody's address."""
    return person.email.partition("@")[0]


def fill(account: TrueConfAccount, label: str) -> None:
    """Fill an account; the same every time for the same moment."""
    programme = {"demo": DEMO, "second": SECOND}.get(label, ())
    if not programme:
        return
    _make_people(account)
    for place, planned in enumerate(programme):
        _make(account, planned, place)
    old, new = '{"conference_recording": 0}', '{"conference_recording": 1}'
    account.change_setting("recordings_config", old, new, account.administrator)
    account.add_preset("Film archive", "manualPull", {"audio_codec": "AAC", "video_codec": "H264"})
    account.add_template(
        "Public webinar",
        {"topic": "New webinar", "type": 3, "allow_guests": True, "recording": 1},
        account.administrator,
    )


def _make_people(account: TrueConfAccount) -> None:
    for place, person in enumerate(PEOPLE[:STAFF]):
        account.add_user(
            login_of(person),
            f"{person.first_name} {person.last_name}",
            online=place % 3 == 0,
            email=person.email,
            first_name=person.first_name,
            last_name=person.last_name,
            company="Aldermoor Works",
            is_active=int(place != STAFF - 1),
        )
    users = {row["login_name"]: row["id"] for row in account.users()}
    for name, first, last, rights in GROUPS:
        members = [users[login_of(person)] for person in PEOPLE[first:last]]
        account.add_group(name, members, rights)
    account.add_contact(users[login_of(PEOPLE[0])], PEOPLE[40].email, "A supplier")


def _make(account: TrueConfAccount, planned: Planned, place: int) -> None:
    start = _start(account, planned)
    made_at = min(start, account.world.now()) - timedelta(days=20)
    host = login_of(PEOPLE[15 + place % 4])
    row = account.add_conference(
        planned.topic,
        start=start,
        minutes=planned.minutes,
        weekly=(planned.weekly, f"{int(planned.hour):02d}:00") if planned.weekly else None,
        permanent=planned.permanent,
        owner=host,
        description=planned.about,
        type=planned.mode,
        tags=list(planned.tags),
        pin=planned.pin or None,
        allow_guests=planned.guests > 0,
        created_at=made_at,
    )
    staff = [login_of(PEOPLE[(place * 5 + step) % STAFF]) for step in range(planned.staff)]
    staff = [login for login in staff if login != host]
    for login in staff:
        account.invite(row["id"], login)
    guests = _guests(place, planned.guests)
    for person in guests:
        account.register(row["id"], person.email, f"{person.first_name} {person.last_name}")
    if planned.came:
        everybody = [*staff, *(person.email for person in guests)]
        _hold(account, row, planned, everybody[: planned.came], start)


def _guests(place: int, size: int) -> list[Person]:
    """Overlapping audiences: many people come more than once. None of them is staff."""
    outside = PEOPLE[STAFF:]
    return [outside[(place * 13 + step) % len(outside)] for step in range(size)]


def _hold(
    account: TrueConfAccount, row: Row, planned: Planned, who: list[str], start: datetime
) -> None:
    attendees: list[str | Row] = [
        {
            "who": one,
            "joined": place * 5 % 13,
            "left": 25 + place % 10 if place % 6 == 5 else planned.minutes,
        }
        for place, one in enumerate(who)
    ]
    attendees.append({"who": "Guest", "display_name": "Guest", "joined": 9, "left": 31})
    host = account.user(row["owner"])
    names = {"host": row["owner"], "guest": "Guest"}
    chat = [line.format(**names) for line in CHAT] if host else []
    account.start_session(
        row["id"], attendees, minutes=planned.minutes, started_at=start, chat=chat
    )
    if planned.recorded:
        begun, seconds = start + timedelta(minutes=2), planned.minutes * 60 - 240
        account.add_recording(row["id"], started_at=begun, seconds=seconds)


def _start(account: TrueConfAccount, planned: Planned) -> datetime:
    """The planned hour by the server's clock; what is planned for today, by hours from now.

    A weekend moves on, away from now.
    """
    now = account.world.now().astimezone(ZoneInfo(account.zone))
    if planned.day == 0:
        return (now + timedelta(hours=planned.hour)).replace(second=0, microsecond=0)
    day = now + timedelta(days=planned.day)
    while day.weekday() > 4:
        day += timedelta(days=1 if planned.day > 0 else -1)
    hour, rest = divmod(planned.hour, 1)
    return day.replace(hour=int(hour), minute=int(rest * 60), second=0, microsecond=0)
