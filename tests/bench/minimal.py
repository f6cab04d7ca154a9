"""The minimal script: fetch, and write the same rows into the same tables, as fast as SQL can.

It keeps nothing in step and asks nobody. Pages go through a temporary table (COPY on PostgreSQL,
`executemany` on SQLite), and one INSERT … SELECT fills each table; 1,000 rows are a transaction.
"""

import hashlib
import json
import uuid
from collections.abc import Iterator
from typing import Any

import requests
from django.db import connection, models, transaction

from integrations.base.records import Kind
from portal.conferences.models import Attendee, Conference, Registration
from portal.conferences.models.conference import new_uid
from portal.conferences.models.folded import key_of
from portal.conferences.models.people import mailbox, search_key, sort_key
from portal.platforms.models import PlatformAccount
from portal.sync.models import PlatformLink
from tests.bench.bulk import insert_select, table
from tests.bench.lists import READINGS, Page, Row

BATCH = 1000
COLUMNS = (
    "kind",
    "place",
    "parent",
    "external",
    "email",
    "first",
    "last",
    "search",
    "sorted",
    "mailbox",
    "title",
    "uid",
    "token",
    "link",
    "ours",
    "theirs",
    "hash",
)
TYPES = {"place": "bigint", "parent": "bigint", "token": "uuid", "ours": "jsonb", "theirs": "jsonb"}
Place = tuple[int | None, int | None]  # a conference, and the link of it


def fetched(pages: list[Page]) -> Iterator[tuple[Page, list[dict[str, Any]]]]:
    """Each page's rows as they came, by a plain session: the floor."""
    with requests.Session() as line:
        line.trust_env = False
        for page in pages:
            given = {"headers": page.headers, "data": page.body or None, "timeout": 60}
            answer = line.request(page.method, page.url, **given)
            answer.raise_for_status()
            yield page, page.rows(json.loads(answer.content))


def floor(pages: list[Page]) -> int:
    """Fetch and parse, and nothing else."""
    return sum(len(rows) for _, rows in fetched(pages))


def mirror(account: PlatformAccount, pages: list[Page], places: dict[str, Place]) -> int:
    """Fetch and write everything; answers how many rows were read."""
    _make_table()
    batch: list[tuple[Any, ...]] = []
    count = 0
    for kind, place, row, text in _read(account, pages, places):
        batch.append(_line(kind, place, row, text))
        count += 1
        if len(batch) >= BATCH:
            _write(account, batch)
            batch = []
    if batch:
        _write(account, batch)
    return count


def again(account: PlatformAccount, pages: list[Page], places: dict[str, Place]) -> int:
    """The same where nothing has changed: hashes are compared, and nothing is written."""
    links = PlatformLink.objects.filter(account=account).exclude(listed="")
    known = {(kind, ident): text for kind, ident, text in links.values_list(*LISTED).iterator()}
    seen = 0
    for kind, _, row, text in _read(account, pages, places):
        if known.get((kind, row.external_id)) != _hash(text):
            raise RuntimeError(f"the hash of {kind} {row.external_id} is another one")
        seen += 1
    return seen


LISTED = ("kind", "external_id", "listed")


def set_places(account: PlatformAccount, pages: list[Page]) -> dict[str, Place]:
    """The webinars, of which there are few, made in advance; by the platform's id."""
    places: dict[str, Place] = {"": (None, None)}
    for name in sorted({page.place for page in pages} - {""}):
        webinar = Conference.objects.create(account=account, title=name, origin="platform")
        made = PlatformLink.objects.create(
            account=account, kind=Kind.CONFERENCE, local_id=webinar.pk, external_id=name
        )
        places[name] = (webinar.pk, made.pk)
    return places


def _read(
    account: PlatformAccount, pages: list[Page], places: dict[str, Place]
) -> Iterator[tuple[str, Place, Row, str]]:
    """Kind, place, row and text of each row that is written."""
    row_of, known = READINGS[account.platform].row, {}
    for page, rows in fetched(pages):
        for shown in rows:
            row = row_of(shown, known)
            kind = str(Kind.REGISTRATION)
            if not row.email:
                kind = str(Kind.CONFERENCE)
            elif not page.place:
                kind, known[row.external_id] = str(Kind.ATTENDEE), row
            if page.place:
                row = row._replace(external_id=f"{page.place}/{row.external_id}")
            yield kind, places[page.place], row, json.dumps(shown)


def _hash(text: str) -> str:
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()


def _line(kind: str, place: Place, row: Row, text: str) -> tuple[Any, ...]:
    """One line of the temporary table, in the order of COLUMNS."""
    named = {"email": row.email, "first_name": row.first, "last_name": row.last}
    token = uuid.uuid4()
    return (
        kind,
        *place,
        row.external_id,
        row.email,
        row.first,
        row.last,
        search_key(row.email, row.first, row.last, ""),
        sort_key(row.first, row.last),
        mailbox(row.email),
        key_of(row.first),
        new_uid(),
        token if connection.vendor == "postgresql" else token.hex,
        row.link,
        json.dumps({"email": row.email} if row.email else {"title": row.first}),
        json.dumps(named if row.email else {"title": row.first}),
        _hash(text),
    )


def _make_table() -> None:
    columns = ", ".join(f'"{name}" {TYPES.get(name, "text")}' for name in COLUMNS)
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS bench_rows")
        cursor.execute(f"CREATE TEMPORARY TABLE bench_rows ({columns})")


def _write(account: PlatformAccount, batch: list[tuple[Any, ...]]) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM bench_rows")
        names = ", ".join(f'"{name}"' for name in COLUMNS)
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY bench_rows ({names}) FROM STDIN") as copy:
                for line in batch:
                    copy.write_row(line)
            # Else the planner takes 1,000 rows for many more, and reads whole tables for them.
            cursor.execute("ANALYZE bench_rows")
        else:
            marks = ", ".join(["%s"] * len(COLUMNS))
            cursor.executemany(f"INSERT INTO bench_rows ({names}) VALUES ({marks})", batch)
        for kind in sorted({line[0] for line in batch}):
            for text, params in _fills(account.pk, kind):
                cursor.execute(text, params)


def _insert(
    model: type[models.Model], given: dict[str, str], kind: Kind, join: str = ""
) -> tuple[str, list[Any]]:
    source = f"FROM bench_rows b {join} WHERE b.kind = '{kind}' ON CONFLICT DO NOTHING"
    return insert_select(model, given, source)


def _people(kind: Kind) -> tuple[str, list[Any]]:
    given = {"email": "b.email", "first_name": "b.first", "last_name": "b.last"}
    given |= {"search_key": "b.search", "sort_key": "b.sorted", "mailbox_key": "b.mailbox"}
    return _insert(Attendee, given, kind)


def _registrations() -> tuple[str, list[Any]]:
    given = {"conference_id": "b.place", "attendee_id": "a.id", "token": "b.token"}
    given |= {"join_url": "b.link", "origin": "'platform'", "registered_at": "a.created_at"}
    return _insert(Registration, given, Kind.REGISTRATION, _join(Attendee, "a", "email", "email"))


def _webinars(account_id: int) -> tuple[str, list[Any]]:
    given = {"account_id": str(account_id), "title": "b.first", "calendar_uid": "b.uid"}
    given |= {"title_key": "b.title", "search_key": "b.title", "origin": "'platform'"}
    return _insert(Conference, given, Kind.CONFERENCE)


def _links(account_id: int, kind: Kind, model: type[models.Model], *by: str) -> tuple[str, Any]:
    """The links of rows, which are found by a column of theirs and one of ours."""
    given = {"account_id": str(account_id), "kind": f"'{kind}'", "local_id": "r.id"}
    given |= {"external_id": "b.external", "parent_id": "b.parent", "listed": "b.hash"}
    given |= {"base_ours": "b.ours", "base_theirs": "b.theirs"}
    return _insert(PlatformLink, given, kind, _join(model, "r", *by))


def _join(model: type[models.Model], name: str, column: str, ours: str) -> str:
    return f"JOIN {table(model)} {name} ON {name}.{column} = b.{ours}"


def _fills(account_id: int, kind: str) -> list[tuple[str, list[Any]]]:
    """What is filled for a kind of row, one statement each."""
    if kind == Kind.ATTENDEE:
        links = _links(account_id, Kind.ATTENDEE, Attendee, "email", "email")
        return [_people(Kind.ATTENDEE), links]
    if kind == Kind.REGISTRATION:
        links = _links(account_id, Kind.REGISTRATION, Registration, "token", "token")
        return [_people(Kind.REGISTRATION), _registrations(), links]
    links = _links(account_id, Kind.CONFERENCE, Conference, "calendar_uid", "uid")
    return [_webinars(account_id), links]
