"""The seed world: the webinars of a made-up maker of garden and workshop goods, relative to now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from integrations.sandbox.people import PEOPLE, Person
from integrations.sandbox.webinarfuel import moments, schedule

if TYPE_CHECKING:
    from integrations.sandbox.store import Row
    from integrations.sandbox.webinarfuel.account import WebinarFuelAccount

# Made-up values that open the sandbox's own accounts and nothing else.
API_KEYS = {"demo": "demo-webinarfuel-key", "second": "demo-webinarfuel-second-key"}
BERLIN, LONDON, NEW_YORK = "Europe/Berlin", "Europe/London", "America/New_York"


@dataclass(frozen=True)
class Planned:
    """One webinar. `days` count from today, one session each; `hour` is local in `zone`.

    `weekly` (weekdays, 0 is Monday) makes it recurring instead. `came` out of `registered` people
    were there on each day that is over.
    """

    name: str
    days: tuple[int, ...] = ()
    hour: float = 10
    minutes: int = 60
    registered: int = 0
    came: int = 0
    zone: str = BERLIN
    weekly: tuple[int, ...] = ()
    replay: bool = False
    encore: bool = False
    draft: bool = False
    about: str = ""


DEMO = (
    Planned("Spring pruning, step by step", (-75,), 18, 60, 44, 31, replay=True),
    Planned(
        "Soil, compost and mulch: a practical evening",
        (-48,),
        19,
        75,
        39,
        28,
        LONDON,
        replay=True,
        encore=True,
    ),
    Planned("Sharpening clinic: knives, chisels, shears", (-26,), 17.5, 90, 52, 40, replay=True),
    Planned(
        "Dealer round table: the season so far",
        (-13,),
        9.5,
        60,
        23,
        19,
        about="For dealers. Please bring your figures.",
    ),
    Planned(
        "Quiet motors: what changed in the new range",
        (-6, 5, 19),
        14,
        45,
        36,
        27,
        about="One talk, three dates.",
    ),
    Planned(
        "Café Zürich: questions from balcony gardeners",
        (2,),
        12,
        45,
        33,
        zone="Europe/Zurich",
        about="Bring your coffee – we bring the answers.",
    ),
    Planned("Building a raised bed in a day", (7,), 18, 75, 48),
    Planned("Maintenance contracts explained", (12,), 10, 60, 21, zone=LONDON),
    Planned("Winter storage for machines with batteries", (24,), 11, 60, 17, zone=NEW_YORK),
    Planned("Large tools, small workshops: Möbel for tight rooms", (33,), 16, 60, 0, zone=""),
    Planned(
        "First steps: an introduction for new customers",
        hour=19,
        minutes=40,
        registered=42,
        came=25,
        weekly=(1, 3),
        replay=True,
        about="Every Tuesday and Thursday.",
    ),
    Planned(
        "Watch any time: the five-minute tool check",
        hour=12,
        minutes=30,
        registered=26,
        came=15,
        zone=schedule.REGISTRANT,
        weekly=(0, 1, 2, 3, 4),
        replay=True,
        encore=True,
    ),
    Planned("Plan for next year (not announced yet)", (40,), 10, draft=True),
    Planned("Rehearsal", (3,), 8, 30, draft=True),
)
SECOND = (
    Planned("Course 1: reading a garden plan", (-8,), 17, 60, 24, 18, replay=True),
    Planned("Course 2: drawing a garden plan", (6,), 17, 60, 28),
    Planned("Open consultation", hour=16, minutes=30, registered=12, came=6, weekly=(2,)),
)
RUNNING = "Live from the trial garden"
TAGS = (("customer",), ("customer", "newsletter"), ("dealer",), (), ("newsletter", "vip"))
# What a form of the account asked some of them.
ANSWERED: tuple[Row, ...] = (
    {"Garden in square metres": "400"},
    {},
    {"Garden in square metres": "75", "Heard of us": "A neighbour"},
    {},
)
PLACES = (
    ("Berlin", "Berlin", "Germany", "Windows", "Firefox", "desktop"),
    ("England", "London", "United Kingdom", "macOS", "Safari", "desktop"),
    ("New York", "Albany", "United States", "iOS", "Safari", "phone"),
    ("Zürich", "Zürich", "Switzerland", "Android", "Chrome", "tablet"),
)
SEEN = ("province", "city", "country", "os", "browser", "device")
SOURCES = ("newsletter", "website", None, "partner")


def fill(account: WebinarFuelAccount, label: str) -> None:
    """Fill an account; the same every time for the same moment."""
    plan = {"demo": DEMO, "second": SECOND}.get(label, ())
    for place, planned in enumerate(plan):
        _make(account, planned, place)
    if label == "demo":
        _make_running(account)


def _make(account: WebinarFuelAccount, planned: Planned, place: int) -> None:
    webinar = account.add_webinar(
        planned.name,
        scheduled=False,
        description=planned.about,
        time_zone=planned.zone,
        minutes=planned.minutes,
        state="draft" if planned.draft else "ready",
        hosts=_hosts(place),
        replay=planned.replay,
        encore=planned.encore,
        thank_you_url="/webinarfuel/app/thanks" if place == 6 else "",
    )
    people = _audience(place, planned.registered)
    if planned.weekly:
        _recur(account, webinar, planned, people)
    for turn, day in enumerate(planned.days):
        start = _start(account.world.now(), planned, day)
        session = account.add_session(webinar["id"], start)
        share = people[turn :: len(planned.days)]
        _fill_session(account, session, start, share, planned)


def _recur(
    account: WebinarFuelAccount, webinar: Row, planned: Planned, people: list[Person]
) -> None:
    """Two thirds were at one of the last two dates, one third waits for the next ones."""
    now = account.world.now()
    hour, rest = divmod(planned.hour, 1)
    session = account.add_recurring_session(
        webinar["id"],
        planned.weekly,
        f"{int(hour):02d}:{int(rest * 60):02d}",
        first_day=(now - timedelta(days=30)).date(),
    )
    since = now - timedelta(days=28)
    starts = schedule.starts(account, webinar, session, since, 60)
    over = [start for start in starts if schedule.is_over(account, webinar, start)][-2:]
    coming = [start for start in starts if start > now][:1]
    for turn, start in enumerate([*over, *coming]):
        _fill_session(account, session, start, people[turn::3], planned)


def _make_running(account: WebinarFuelAccount) -> None:
    now = account.world.now().replace(second=0, microsecond=0)
    start = now - timedelta(minutes=now.minute % 15 + 15)
    webinar = account.add_webinar(RUNNING, starts_at=start, minutes=120, hosts=_hosts(2))
    people = _audience(5, 41)
    session = account.sessions(webinar["id"])[0]
    _register(account, session, start, people)
    came = [{"email": _address(one), "joined": place % 12} for place, one in enumerate(people[:29])]
    account.start_session(session["id"], came)


def _fill_session(
    account: WebinarFuelAccount,
    session: Row,
    start: datetime,
    people: list[Person],
    planned: Planned,
) -> None:
    _register(account, session, start, people)
    if start > account.world.now() or not people:
        return
    came = len(people) * planned.came // planned.registered
    visits = [_visit(one, place, planned.minutes) for place, one in enumerate(people[:came])]
    account.start_session(session["id"], visits, scheduled_at=start)


def _register(
    account: WebinarFuelAccount, session: Row, start: datetime, people: list[Person]
) -> None:
    for place, person in enumerate(people):
        email = _address(person)
        if account.find_registrant(email) is None:
            account.add_registrant(
                email,
                person.first_name,
                person.last_name,
                tags=list(TAGS[(place + len(person.last_name)) % len(TAGS)]),
                custom_fields=dict(ANSWERED[place % len(ANSWERED)]),
            )
        row = account.register(
            session["webinar_id"],
            email,
            session_id=session["id"],
            scheduled_at=start,
            source=SOURCES[place % len(SOURCES)],
            time_zone=(BERLIN, LONDON, NEW_YORK)[place % 3],
            **dict(zip(SEEN, PLACES[place % len(PLACES)], strict=True)),
        )
        if place % 13 == 12:
            account.cancel(row["id"])


def _visit(person: Person, place: int, minutes: int) -> dict[str, Any]:
    """Most stay to the end; some come late, some leave early."""
    joined = place * 5 % 9 if place % 3 == 2 else 0
    left = minutes * 2 // 3 if place % 5 == 4 else minutes
    return {"email": _address(person), "joined": joined, "left": left}


def _address(person: Person) -> str:
    """A few wrote their address with capitals, and the platform keeps it so."""
    return person.email.title() if person.first_name in ("Edda", "Orla") else person.email


def _hosts(place: int) -> list[Row]:
    people = [PEOPLE[(200 + place + step * 7) % len(PEOPLE)] for step in range(1 + place % 2)]
    return [
        {
            "email": person.email,
            "first_name": person.first_name,
            "last_name": person.last_name,
            "bio": f"{person.first_name} answers questions at the trial garden." * (step == 0),
            "organizer": step == 0,
        }
        for step, person in enumerate(people)
    ]


def _audience(place: int, size: int) -> list[Person]:
    """Overlapping audiences: many people come to more than one webinar."""
    return [PEOPLE[(place * 17 + step) % len(PEOPLE)] for step in range(size)]


def _start(now: datetime, planned: Planned, day: int) -> datetime:
    """The planned hour by the clock of the webinar's zone; a weekend moves on, away from now."""
    local = now.astimezone(ZoneInfo(planned.zone or BERLIN)) + timedelta(days=day)
    while local.weekday() > 4:
        local += timedelta(days=1 if day > 0 else -1)
    hour, rest = divmod(planned.hour, 1)
    whole = local.replace(hour=int(hour), minute=int(rest * 60), second=0, microsecond=0)
    return moments.moment(moments.keep(whole))
