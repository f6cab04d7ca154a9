"""The seed world: the webinars of a made-up evening school and of a second, small account."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from integrations.sandbox.myownconference import zone
from integrations.sandbox.people import PEOPLE, Person

if TYPE_CHECKING:
    from integrations.sandbox.myownconference.account import MyOwnConferenceAccount

# Made-up values that open the sandbox's own accounts and nothing else.
API_KEYS = {"demo": "demo-myownconference-key", "second": "demo-myownconference-second-key"}


@dataclass(frozen=True)
class Planned:
    """One webinar of the programme. `day` counts from today, `hour` is the profile's wall clock."""

    name: str
    day: int
    hour: float
    minutes: int
    invited: int = 0
    came: int = 0
    description: str = ""
    recorded: bool = False
    close: bool = False
    group: str = ""


DEMO = (
    Planned("Reading a balance sheet: the basics", -75, 18, 90, 34, 26, recorded=True),
    Planned("Photography at dusk", -48, 19, 60, 41, 30, "<p>Bring a tripod.</p>", recorded=True),
    Planned("Größen und Maße: a practical introduction", -30, 18.5, 75, 22, 17),
    Planned("Gardening without peat", -16, 17, 60, 55, 43, recorded=True),
    Planned("Café talk: speaking Portuguese", -9, 19, 45, 18, 14, close=True),
    Planned("How volunteers plan a festival", -4, 18, 90, 48, 36, recorded=True),
    Planned("First aid refresher", 2, 18, 120, 39, group="Course leaders"),
    Planned(
        "Tax returns for beginners",
        6,
        18.5,
        90,
        57,
        description="<p>Questions can be sent <b>in advance</b>.</p>",
    ),
    Planned("Bread from wild yeast", 11, 17, 75, 44),
    Planned("Naïve art and its collectors", 17, 19, 60, 26, close=True, group="Friends"),
    Planned("Information evening: spring programme", 24, 18, 60, 61),
    Planned("Choir rehearsal online", 31, 19.5, 90, 12, group="Friends"),
)
SECOND = (
    Planned("Team meeting for branch offices", -6, 10, 60, 14, 11, recorded=True),
    Planned("Introduction to the new time sheets", 4, 9, 45, 20),
    Planned("Ask us anything", 12, 15, 60, 9),
)
RUNNING = "Live: planning your kitchen garden"
MODERATORS = ("Ilse Amberg", "Pavel Castell", "Orla Grönland")
GROUPS = {"Course leaders": 9, "Friends": 31, "Newsletter": 64}
CHAT = ("Hello from {name}!", "Will there be a recording?", "Thank you, that was clear.")


def fill(account: MyOwnConferenceAccount, label: str) -> None:
    """People, groups and webinars of a demo account."""
    account.set_profile(company="" if label == "demo" else "Second Account Ltd")
    for person in MODERATORS:
        address = person.lower().replace(" ", ".").replace("ö", "oe")
        account.add_moderator(f"{address}@example.org", person)
    for place, row in enumerate(account.store.rows("moderators")):
        registered = account.world.now() - timedelta(days=300 - 40 * place)
        account.store.change("moderators", row["id"], registered=zone.keep(registered))
    _make_people(account, 120 if label == "demo" else 40)
    for place, planned in enumerate(DEMO if label == "demo" else SECOND):
        _make(account, place, planned)
    if label == "demo":
        _make_running(account)


def _make_people(account: MyOwnConferenceAccount, count: int) -> None:
    """Most have an address, some came by a login page that asked for none, one is blocked."""
    for place, person in enumerate(PEOPLE[:count]):
        created = account.world.now() - timedelta(days=160 - place, minutes=13 * place)
        account.add_attendee(
            person.email,
            _full_name(person),
            created=zone.keep(created),
            country=("DE", "PL", "GB", "AT")[place % 4],
            imported=place % 3 == 0,
            type="PENDING" if place % 17 == 5 else "ACTIVE",
        )
    for name in ("Guest from Łódź", "A curious neighbour", "Zoë"):
        came = zone.keep(account.world.now() - timedelta(days=40))
        account.add_attendee("", name, created=came, imported=False)
    account.ban(PEOPLE[7].email)
    for place, (name, size) in enumerate(GROUPS.items()):
        members = [PEOPLE[(place * 11 + step) % count].email for step in range(min(size, count))]
        account.add_group(name, members)


def _make(account: MyOwnConferenceAccount, place: int, planned: Planned) -> None:
    start = _start(account, planned)
    made = zone.keep(min(start, account.world.now()) - timedelta(days=30 + place))
    groups = account.store.rows("groups", name=planned.group)
    webinar = account.add_webinar(
        planned.name,
        start=start,
        duration=planned.minutes,
        description=planned.description,
        close=planned.close,
        created=made,
        settings={"group": groups[0]["id"]} if groups else {},
    )
    alias = webinar["alias"]
    account.assign(alias, account.store.rows("moderators")[1 + place % 3]["email"])
    people = _audience(account, place, planned.invited)
    for email in people:
        account.invite(alias, email)
    if planned.came:
        _hold(account, alias, planned, people[: planned.came], start)


def _hold(
    account: MyOwnConferenceAccount,
    alias: str,
    planned: Planned,
    people: list[str],
    start: datetime,
) -> None:
    lines = [
        {
            "text": text.format(name="us"),
            "name": _name(account, email),
            "email": email,
            "minute": 4 + 9 * place,
        }
        for place, (text, email) in enumerate(zip(CHAT, people, strict=False))
    ]
    visitors = [account.main_moderator["email"], *_visits(people, planned.minutes)]
    account.start_session(alias, visitors, minutes=planned.minutes, started_at=start, chat=lines)
    account.add_file(alias, "Handout.svg", length=1, added=start - timedelta(hours=3))
    if planned.recorded:
        end = start + timedelta(minutes=planned.minutes + 25)
        account.add_recording(alias, seconds=planned.minutes * 60 - 180, added=end)


def _make_running(account: MyOwnConferenceAccount) -> None:
    start = account.world.now().replace(second=0, microsecond=0) - timedelta(minutes=20)
    made = zone.keep(start - timedelta(days=21))
    webinar = account.add_webinar(RUNNING, start=start, duration=90, created=made)
    alias, people = webinar["alias"], _audience(account, 5, 38)
    for email in people:
        account.invite(alias, email)
    ready = start - timedelta(days=1)
    account.add_file(alias, "Bed plans.svg", length=14, added=ready)
    account.add_file(alias, "A walk through the beds.mp4", kind="MEDIA", length=210, added=ready)
    visitors = [account.main_moderator["email"], *_visits(people[:27], 90)]
    account.start_session(alias, visitors, minutes=90, started_at=start)


def _visits(people: list[str], minutes: int) -> list[dict[str, object]]:
    guests: list[dict[str, object]] = [
        {"email": email, "joined": place * 5 % 13, "left": minutes - place % 4 * 3}
        for place, email in enumerate(people)
    ]
    return [*guests, {"name": "Guest from Łódź", "email": "", "joined": 9, "left": 31}]


def _start(account: MyOwnConferenceAccount, planned: Planned) -> datetime:
    """The planned hour by the profile's clock; a weekend moves on, away from now."""
    today = zone.parse_stamp(account.zone.shown(account.now))
    wall = today + timedelta(days=planned.day)
    while wall.weekday() > 4:
        wall += timedelta(days=1 if planned.day > 0 else -1)
    hour, rest = divmod(planned.hour, 1)
    return account.zone.read(wall.replace(hour=int(hour), minute=int(rest * 60), second=0))


def _audience(account: MyOwnConferenceAccount, place: int, size: int) -> list[str]:
    """Overlapping audiences: many people come to more than one webinar."""
    known = [row["email"] for row in account.store.rows("attendees") if row["email"]]
    return [known[(place * 17 + step) % len(known)] for step in range(min(size, len(known)))]


def _name(account: MyOwnConferenceAccount, email: str) -> str:
    person = account.find_attendee(email)
    return str(person["name"]) if person else ""


def _full_name(person: Person) -> str:
    return f"{person.first_name} {person.last_name}"
