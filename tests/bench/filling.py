"""Tables as they are after years: filled straight by SQL, always the same.

Webinars spread over two years on five accounts, of which a third is still to come; everybody's
registrations stand on the platform and agree with it; a line of history for each; one group of a
twentieth of all people, and twenty small ones; some rows that need somebody.
"""

from datetime import datetime, timedelta
from typing import Any

from django.db import connection, models

from integrations import registry
from integrations.base.records import Kind
from portal.common import clock
from portal.conferences import tallies
from portal.conferences.models import (
    Attendee,
    AttendeeGroup,
    Change,
    Conference,
    Membership,
    Moderator,
    Registration,
)
from portal.outbox.models import OutboxEntry
from portal.platforms.models import PlatformAccount
from portal.sync.kinds import mirror_of
from portal.sync.models import Conflict, PlatformLink, SyncRun
from tests.bench.bulk import as_json, insert_select, table

DAYS, DAYS_AHEAD = 730, 240
SMALL_GROUPS, NEEDY, RUNS = 20, 50, 200
FIRST, LAST, ADDRESS = "'First' || (i % 977)", "'Last' || i", "'person' || i || '@example.com'"
LOCAL = "'person' || i"
# What a long sync did, as its page shows it.
STEPS = [
    {"do": "take", "sentence": f"Webinar {n}", "fields": {"title": ["Before", "After"]}}
    for n in range(200)
]


def fill(webinars: int, people: int, registrations: int) -> None:
    """Fill a migrated database that holds nothing yet."""
    accounts = _accounts()
    _webinars(accounts, webinars)
    _moderators()
    _people(people)
    _registrations(webinars, people, registrations)
    _groups(people)
    _needy()
    tallies.recount()
    # As autovacuum leaves them, without which an index alone answers nothing.
    vacuum = connection.vendor == "postgresql" and not connection.in_atomic_block
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if vacuum else "ANALYZE")


def _hour() -> datetime:
    """The hour that has begun by the portal's clock, around which all lies."""
    return clock.now().replace(minute=0, second=0, microsecond=0)


def _accounts() -> list[PlatformAccount]:
    now = _hour()
    made = [
        PlatformAccount.objects.create(
            label=f"Bench {slug}", platform=slug, base_url="http://127.0.0.1:1", credentials={}
        )
        for slug in registry.slugs()
    ]
    for account in made:
        SyncRun.objects.bulk_create(
            SyncRun(
                account=account,
                trigger="beat",
                started_at=now - timedelta(minutes=5 * number),
                finished_at=now - timedelta(minutes=5 * number - 1),
                outcome=SyncRun.Outcome.OK,
                calls=100,
                steps=STEPS if number == 1 else [],
            )
            for number in range(RUNS)
        )
    return made


def _webinars(accounts: list[PlatformAccount], count: int) -> None:
    """Each on its platform, and as both sides last agreed."""
    rows, now = [], _hour()
    for number in range(count):
        day = number * DAYS / count - (DAYS - DAYS_AHEAD)
        row = Conference(
            account=accounts[number % len(accounts)],
            title=f"Webinar {number} on topic {number % 61}",
            description=f"What there is to know of topic {number % 61}. " * 10,
            starts_at=now + timedelta(days=int(day), hours=number % 9),
            duration_minutes=60,
            timezone="Europe/Berlin",
            origin=Conference.Origin.PLATFORM,
        )
        rows.append(row)
    Conference.objects.bulk_create(rows, batch_size=500)
    Conference.objects.update(updated_at=now - timedelta(days=1))  # the syncs came later
    read = mirror_of(Kind.CONFERENCE).read
    PlatformLink.objects.bulk_create(
        (
            PlatformLink(
                account=row.account,
                kind=Kind.CONFERENCE,
                local_id=row.pk,
                external_id=f"w{row.pk}",
                base_ours=read(row),
                base_theirs=read(row),
            )
            for row in rows
        ),
        batch_size=500,
    )


def _moderators() -> None:
    """One for each webinar, and there as well."""
    source = f"FROM {table(Conference)} c"
    name = {"name": "'Moderator ' || c.id", "email": "'moderator' || c.id || '@example.com'"}
    _run(
        *insert_select(Moderator, name | {"conference_id": "c.id", "token": _token("c.id")}, source)
    )
    kind, base = Kind.MODERATOR, as_json("""'{"name": "' || m.name || '"}'""")
    joined = (
        f"FROM {table(Moderator)} m JOIN {table(Conference)} c ON c.id = m.conference_id"
        f" JOIN {table(PlatformLink)} p ON p.local_id = c.id AND p.kind = '{Kind.CONFERENCE}'"
    )
    link = {"account_id": "c.account_id", "kind": f"'{kind}'", "local_id": "m.id"}
    link |= {"external_id": "'m' || m.id", "parent_id": "p.id"}
    _run(*insert_select(PlatformLink, link | {"base_ours": base, "base_theirs": base}, joined))


def _people(count: int) -> None:
    given = {
        "email": ADDRESS,
        "first_name": FIRST,
        "last_name": LAST,
        "company": "'Company ' || (i % 499)",
        "search_key": f"lower({FIRST} || ' ' || {LAST} || '\t' || {LOCAL} || "
        "'\texample.com\tcompany ' || (i % 499))",
        "sort_key": f"lower({LAST} || '\t' || {FIRST})",
        "company_key": "'company ' || (i % 499)",
        "mailbox_key": ADDRESS,
    }
    _series(Attendee, given, count)
    row = Attendee.objects.order_by("pk")[min(3, count - 1)]
    kept = {name: getattr(row, name) for name in Attendee.folded_names()}
    Attendee.refold([row])
    if kept != {name: getattr(row, name) for name in kept}:
        raise RuntimeError(f"a person is not filled in as the portal would have it: {kept}")


def _registrations(webinars: int, people: int, count: int) -> None:
    """Spread evenly: each webinar has its own stretch of all people."""
    if count > webinars * people:
        raise ValueError("There are not so many pairs of a webinar and a person.")
    first, first_person = _first(Conference), _first(Attendee)
    moment = f"'{_hour():%Y-%m-%d %H:%M:%S}'"
    _series(
        Registration,
        {
            "conference_id": f"{first} + i % {webinars}",
            "attendee_id": f"{first_person} + (i / {webinars} + (i % {webinars}) * 97) % {people}",
            "token": _token("i"),
            "join_url": "'https://platform.example.com/join/' || i",
            "origin": "'platform'",
            "registered_at": moment,
        },
        count,
    )
    kind = Kind.REGISTRATION
    address = as_json("""'{"email": "' || a.email || '"}'""")
    joined = (
        f"FROM {table(Registration)} r"
        f" JOIN {table(Conference)} c ON c.id = r.conference_id"
        f" JOIN {table(PlatformLink)} p ON p.local_id = c.id AND p.kind = '{Kind.CONFERENCE}'"
        f" JOIN {table(Attendee)} a ON a.id = r.attendee_id"
    )
    link = {"account_id": "c.account_id", "kind": f"'{kind}'", "local_id": "r.id"}
    link |= {"external_id": "'r' || r.id", "parent_id": "p.id", "base_ours": address}
    _run(*insert_select(PlatformLink, link | {"base_theirs": address}, joined))
    line = {"at": moment, "source": "'ClickMeeting'", "action": "'found there'"}
    line |= {"kind": f"'{kind}'", "local_id": "r.id", "conference_id": "r.conference_id"}
    _run(*insert_select(Change, line | {"after": address}, joined))


def _groups(people: int) -> None:
    names = ["Everybody of a customer", *(f"Group {number}" for number in range(SMALL_GROUPS))]
    for name in names:
        AttendeeGroup.objects.create(name=name)
    first, first_person = _first(AttendeeGroup), _first(Attendee)
    big = max(people // 20, 1)
    given = {"group_id": str(first), "attendee_id": f"{first_person} + i", "origin": "'portal'"}
    _series(Membership, given, big)
    small = {"group_id": f"{first + 1} + i % {SMALL_GROUPS}"}
    _series(Membership, given | small, min(50 * SMALL_GROUPS, people))


def _needy() -> None:
    """What the page of what needs somebody shows: webinars whose last push was refused, and
    webinars that both sides changed."""
    rows, now = list(Conference.objects.order_by("-pk")[: 2 * NEEDY]), _hour()
    links = {link.local_id: link for link in PlatformLink.objects.filter(kind=Kind.CONFERENCE)}
    refused, changed = rows[::2], rows[1::2]
    OutboxEntry.objects.bulk_create(
        OutboxEntry(
            account_id=row.account_id,
            kind=Kind.CONFERENCE,
            local_id=row.pk,
            state=state,
            problem="No.",
            created_at=now,
            not_before=now,
        )
        for some, state in ((refused, "failed"), (changed, "waiting"))
        for row in some
    )
    Conflict.objects.bulk_create(
        Conflict(
            account_id=row.account_id,
            link=links[row.pk],
            kind=Kind.CONFERENCE,
            local_id=row.pk,
            field="title",
            ours="Ours",
            theirs="Theirs",
            base="Before",
            winner="theirs",
            sentence="Both changed it.",
            at=now,
        )
        for row in changed
    )


def _series(model: type[models.Model], given: dict[str, str], count: int) -> None:
    """So many rows, with `i` from 0 on in what is given."""
    numbers = (
        f"WITH RECURSIVE s(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM s WHERE i < {count - 1})"
    )
    _run(*insert_select(model, given, "FROM s", start=numbers))


def _run(text: str, params: list[Any]) -> None:
    """A remainder is no parameter."""
    escaped = text.replace("%", "%%").replace("%%s", "%s")
    with connection.cursor() as cursor:
        cursor.execute(escaped, params)


def _token(number: str) -> str:
    if connection.vendor == "postgresql":
        return f"CAST(lpad(to_hex({number}), 32, '0') AS uuid)"
    return f"printf('%032x', {number})"


def _first(model: type[models.Model]) -> int:
    found: int = model._base_manager.order_by("pk").values_list("pk", flat=True)[0]
    return found
