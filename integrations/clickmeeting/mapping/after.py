"""What a room leaves behind: sessions, who was there, recordings, reports."""

from collections import Counter
from typing import Annotated, Any

from integrations.base.reading import Row, rows
from integrations.base.records import Kind, Record
from integrations.clickmeeting import payloads
from integrations.clickmeeting.payloads import PLATFORM


def decode_session(row: Row, room_id: str, session_id: str = "") -> Record:
    """A run of a room; `session_id` where the answer leaves it out (the detail does)."""
    if row.moment("start_date") is None:
        raise row.broken("start_date")
    fields = {
        "starts_at": row.moment("start_date"),
        "ends_at": row.moment("end_date"),
        "visitors": row.whole("total_visitors"),
        "peak": row.whole("max_visitors"),
    }
    return Record(
        Kind.SESSION, f"{room_id}/{session_id or row.ident('id')}", fields, parent_id=room_id
    )


def decode_recording(row: Row, room_id: str) -> Record:
    """A recording. `recorder_started` is UTC without saying so [seen: README]."""
    fields = {
        "started_at": row.moment("recorder_started"),
        "duration_seconds": row.whole("recording_duration"),
        "size_bytes": row.whole("recording_file_size"),
    }
    return Record(
        Kind.RECORDING,
        f"{room_id}/{row.ident('id')}",
        fields,
        parent_id=room_id,
        volatile={"recording_url": row.link("recording_url")},
    )


def decode_attendance(
    detail: Annotated[Any, payloads.SessionDetail],
    attendees: Annotated[Any, list[payloads.SessionAttendee]],
    session_id: str,
) -> list[Record]:
    """Who was in a session: times stand in its detail, roles in its attendees only. Where no visit
    in the detail matches, an attendee's own times count.

    The two are joined on their ids, else on an address that each list holds once. What cannot be
    joined stands alone; two rows with the same identifier are never made one.
    """
    visits = rows(Row(detail, "session", PLATFORM).value.get("attendees"), "visit", PLATFORM)
    people = rows(attendees, "attendee", PLATFORM)
    for row in visits + people:
        if not any(_key(row, name) for name in ("id", "email")) and not _name(row):
            raise row.broken("id")
    pairs = _joined(visits, people)
    return _with_keys([_attendance(visit, person) for visit, person in pairs], session_id)


def report(answer: Annotated[Any, payloads.Report]) -> dict[str, Any]:
    """How far a report is: status (NEW, IN_PROGRESS, FINISHED, FAILED), percent, address."""
    row = Row(answer, "report", PLATFORM)
    # The document says IN_PROGRESS in its table and IN PROGRESS in its tip.
    status = row.needed_text("status").strip().upper().replace(" ", "_")
    return {"status": status, "progress": row.whole("progress") or 0, "url": row.link("url")}


Pair = tuple[Row | None, Row | None]


def _joined(visits: list[Row], people: list[Row]) -> list[Pair]:
    by_id = _once(people, "id")
    by_email = _once(people, "email")
    once_here = _once(visits, "email")
    pairs: list[Pair] = []
    taken: set[int] = set()
    for visit in visits:
        person = by_id.get(_key(visit, "id"))
        email = _key(visit, "email")
        if person is None or (email and _key(person, "email") not in ("", email)):
            person = by_email.get(email) if once_here.get(email) is visit else None
        if person is not None:
            taken.add(id(person))
        pairs.append((visit, person))
    return pairs + [(None, person) for person in people if id(person) not in taken]


def _key(row: Row, name: str) -> str:
    if name == "email":
        return row.email("email") or ""
    return row.maybe_ident("uid", "id") or ""


def _name(row: Row) -> str:
    return row.text("nickname") or row.text("login") or ""


def _once(found: list[Row], name: str) -> dict[str, Row]:
    """Rows by a key that no other of them has."""
    times = Counter(_key(row, name) for row in found)
    return {
        _key(row, name): row for row in found if _key(row, name) and times[_key(row, name)] == 1
    }


def _attendance(
    visit: Row | None, person: Row | None
) -> tuple[str, dict[str, Any], dict[str, Any]]:
    """(identifier, fields, facts) of one attendance."""
    known = [row for row in (person, visit) if row is not None]
    times = visit or known[0]
    email = next((e for row in known if (e := row.email("email"))), None)
    name = next((n for row in known if (n := _name(row))), "")
    fields = {
        "email": email,
        "name": name,
        "role": (person.text("role") or "") if person else "",
        "joined_at": times.moment("start_date"),
        "left_at": times.moment("end_date"),
    }
    facts = {}
    if person is not None:
        facts = {k: person.text(k) or "" for k in ("device", "rating", "rating_comment")}
        facts["polls"] = person.plain("polls")
    key = next((i for row in known if (i := _key(row, "id"))), "")
    return key or email or "", fields, {k: v for k, v in facts.items() if v}


def _with_keys(
    found: list[tuple[str, dict[str, Any], dict[str, Any]]], session_id: str
) -> list[Record]:
    """Number what shares an identifier: someone who left and came back, or one who has none."""
    seen: Counter[str] = Counter()
    records = []
    for key, fields, facts in sorted(found, key=lambda f: (f[1]["joined_at"] or "", f[1]["name"])):
        own = key or "unnamed"
        seen[own] += 1
        suffix = "" if seen[own] == 1 else f"~{seen[own]}"
        records.append(
            Record(
                Kind.ATTENDANCE,
                f"{session_id}/{own}{suffix}",
                fields,
                parent_id=session_id,
                facts=facts,
            )
        )
    return records
