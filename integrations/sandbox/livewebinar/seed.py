"""The seed world: a season of talks of a made-up garden school, relative to now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from integrations.sandbox.people import PEOPLE, Person

if TYPE_CHECKING:
    from integrations.sandbox.livewebinar.account import LiveWebinarAccount

# Made-up values that open the sandbox's own accounts and nothing else.
CREDENTIALS = {
    label: {
        "identifier": f"{name}-livewebinar",
        "client_id": f"{name}-livewebinar-client",
        "client_secret": f"{name}-livewebinar-secret",
    }
    for label, name in (("demo", "demo"), ("second", "second-demo"))
}
# One grey point: the smallest picture that browsers show.
DOT = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108000000003a7e9b550000000a49444154"
    "789c636800000082008177cd72b60000000049454e44ae426082"
)


@dataclass(frozen=True)
class Planned:
    """One room of the season. `day` counts from today, `hour` is local in `zone`."""

    name: str
    day: int = 0
    hour: float = 0
    minutes: int = 60
    registered: int = 0
    came: int = 0
    zone: str = "Europe/Warsaw"
    agenda: str = ""
    recorded: bool = False
    form: bool = False
    permanent: bool = False
    inactive: bool = False
    locked: bool = False


DEMO = (
    Planned(
        "Bäume richtig schneiden: Grundlagen",
        -88,
        17,
        75,
        38,
        29,
        "Europe/Vienna",
        inactive=True,
        recorded=True,
    ),
    Planned("Raised beds from old timber", -54, 18, 60, 44, 35, recorded=True, inactive=True),
    Planned("What the soil test tells you", -30, 10, 45, 31, 24, form=True),
    Planned("Watering less: mulch, shade, clay", -17, 18, 60, 52, 40, recorded=True),
    Planned(
        "ApiRequest the gardener, spring round",
        -6,
        17.5,
        90,
        47,
        38,
        "Europe/London",
        recorded=True,
        form=True,
    ),
    Planned(
        "Pruning roses without fear",
        2,
        18,
        60,
        41,
        agenda="Tools, timing, the three cuts. Please bring a photo of your rose.",
    ),
    Planned(
        "Bees on the balcony: żywopłot i łąka",
        6,
        19,
        60,
        56,
        form=True,
        agenda="Which flowers feed whom, and when.",
    ),
    Planned("Kompost für Einsteiger", 11, 17, 45, 23, zone="Europe/Berlin"),
    Planned("Members' assembly", 16, 18.5, 120, 34, locked=True),
    Planned("Seeds to swap, seeds to keep", 23, 12, 60, 19, zone="America/New_York"),
    Planned("Preview of the autumn courses", 37, 10, 45),
    Planned("Open potting shed", permanent=True, registered=12, agenda="Somebody is in soon."),
    Planned("Rehearsal room", permanent=True),
)
SECOND = (
    Planned("Workshop: sharpening secateurs", -8, 18, 60, 22, 17, recorded=True),
    Planned("Workshop: grafting step by step", 5, 18, 90, 27),
    Planned("Workshop: a cold frame in one day", 19, 10, 60, 14, zone="Europe/London"),
)
RUNNING = "Live: greenhouse walk with questions"
ENTRY_FIELDS = (
    {"name": "email", "label": "E-mail", "required": True},
    {"name": "firstname", "label": "First name", "required": True},
    {"name": "lastname", "label": "Last name", "required": False},
    {"name": "garden", "label": "How large is your garden?", "required": True},
)


def fill(account: LiveWebinarAccount, label: str) -> None:
    """Fill an account; the same every time for the same moment."""
    account.user()
    form = account.add_form("Who is coming", [dict(field) for field in ENTRY_FIELDS])
    account.add_form("Just say hello", kind="login", description="Nickname only.")
    helpers = [
        account.add_presenter(who.email, who.first_name, who.last_name) for who in PEOPLE[200:203]
    ]
    for place, planned in enumerate({"demo": DEMO, "second": SECOND}.get(label, ())):
        shown = [helper["id"] for helper in helpers[: 1 + place % 2]]
        _make(account, planned, place, form["id"] if planned.form else None, shown)
    account.add_file("house-rules.txt", b"Cameras off while someone presents, please.\n")
    account.add_file("cover.png", DOT)
    if label == "demo":
        _make_running(account)


def _make(
    account: LiveWebinarAccount,
    planned: Planned,
    place: int,
    form_id: int | None,
    presenters: list[int],
) -> None:
    start = _start(account.world.now(), planned)
    widget = account.add_widget(
        planned.name,
        starts_at=start,
        minutes=planned.minutes,
        permanent=planned.permanent,
        timezone=planned.zone,
        agenda=planned.agenda,
        password="wheelbarrow" if planned.locked else "",
        form_id=form_id,
        presenters=presenters,
        status="inactive" if planned.inactive else "active",
        created_at=min(start, account.world.now()) - timedelta(days=30),
    )
    people = [PEOPLE[(place * 19 + step) % len(PEOPLE)] for step in range(planned.registered)]
    _register(account, widget["id"], people, start, asked=planned.form)
    if planned.came:
        _hold(account, widget["id"], planned, people[: planned.came], start)
    elif start > account.world.now() and people:
        for person in people[:3]:
            account.invite(widget["id"], person.email, person.first_name, person.last_name)
        first = people[0]
        account.add_link(widget["id"], first.email, first.first_name, first.last_name, "presenter")


def _make_running(account: LiveWebinarAccount) -> None:
    start = account.world.now().replace(second=0, microsecond=0) - timedelta(minutes=25)
    widget = account.add_widget(RUNNING, starts_at=start, minutes=90, agenda="We are live.")
    people = list(PEOPLE[60:98])
    _register(account, widget["id"], people, start)
    visits = [_visit(person, place) for place, person in enumerate(people[:27])]
    account.start_session(widget["id"], visits, minutes=90, started_at=start)


def _start(now: datetime, planned: Planned) -> datetime:
    """The planned hour by the clock of the room's zone; a weekend moves on, away from now."""
    local = now.astimezone(ZoneInfo(planned.zone)) + timedelta(days=planned.day)
    while local.weekday() > 4:
        local += timedelta(days=1 if planned.day > 0 else -1)
    hour, rest = divmod(planned.hour, 1)
    return local.replace(hour=int(hour), minute=int(rest * 60), second=0, microsecond=0)


def _register(
    account: LiveWebinarAccount,
    widget_id: int,
    people: list[Person],
    start: datetime,
    *,
    asked: bool = False,
) -> None:
    first = min(start, account.world.now()) - timedelta(days=12)
    for place, person in enumerate(people):
        at = first + timedelta(hours=4 * place, minutes=7 * place % 60)
        account.add_registrant(
            widget_id,
            person.email,
            person.first_name,
            person.last_name,
            created_at=at.isoformat(timespec="seconds"),
            answers={"garden": ("a balcony", "small", "large")[place % 3]} if asked else {},
        )


def _hold(
    account: LiveWebinarAccount,
    widget_id: int,
    planned: Planned,
    people: list[Person],
    start: datetime,
) -> None:
    visits = [_visit(person, place) for place, person in enumerate(people)]
    visits.append({"nickname": "Guest", "joined": 9, "left": 31})
    visits.append({"email": PEOPLE[200].email, "nickname": "Host", "role": "host"})
    account.start_session(widget_id, visits, minutes=planned.minutes, started_at=start)
    if planned.recorded:
        seconds = planned.minutes * 60 - 240
        at = start + timedelta(minutes=2)
        account.add_recording(widget_id, started_at=at, seconds=seconds)


def _visit(person: Person, place: int) -> dict[str, Any]:
    visit: dict[str, Any] = {
        "email": person.email,
        "nickname": f"{person.first_name} {person.last_name}",
        "joined": place * 5 % 13,
    }
    if place % 6 == 5:
        visit["left"] = 25 + place % 10
    return visit
