"""What a webinar leaves behind, and what is read while it runs."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import tzinfo
from typing import Annotated, Any

from integrations.base.reading import Row, rows, storable
from integrations.base.records import Kind, Record
from integrations.base.texts import _
from integrations.myownconference.mapping.answers import ident, unexpected, without_empty
from integrations.myownconference.mapping.conference import alias_of
from integrations.myownconference.payloads import (
    PLATFORM,
    Bot,
    File,
    HistoryEntry,
    HistoryRow,
    Letter,
    Online,
    PersonalWebinar,
    Recording,
)

# A webinar has one history; it stands here for the one run that it is.
RUN = "run"
# Rows of a history are arrays.
HISTORY_COLUMNS = tuple(HistoryEntry.__annotations__)
ROLES = {"g": "attendee", "m": "moderator"}


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of a history: when, who, what was said, in which role, with which address."""

    at: str
    name: str
    text: str
    role: str
    email: str


def history(answer: Annotated[Any, list[HistoryRow]], zone: tzinfo) -> list[Entry]:
    """[Obtaining webinar attendance history]: rows are arrays; the address may be missing.

    No zone is named for its times; `zone` is the account's choice.
    """
    if not isinstance(answer, list):
        raise unexpected(
            "history", _("%(platform)s answered with something that is not a history.")
        )
    return sorted((_entry(row, zone) for row in answer), key=lambda entry: entry.at)


def decode_sessions(entries: list[Entry], alias: str) -> list[Record]:
    """The run of a webinar, where anybody came; its end is not told."""
    if not entries:
        return []
    people = {_who(entry) for entry in entries}
    fields = {"starts_at": entries[0].at, "ends_at": None, "visitors": len(people)}
    return [Record(Kind.SESSION, f"{alias}/{RUN}", fields, parent_id=alias)]


def decode_attendance(entries: list[Entry], session_id: str) -> list[Record]:
    """Who was there: one record for each person, with all that the history says of them.

    People without an address are told by name and role. What the third column says of a visit is
    not documented, so a later row is not taken for the time at which someone left.
    """
    found: dict[str, list[Entry]] = {}
    for entry in entries:
        found.setdefault(_who(entry), []).append(entry)
    return [_attendance(who, visits, session_id) for who, visits in found.items()]


def decode_recording(row: Annotated[Row, Recording], alias: str, zone: tzinfo) -> Record:
    """[Retrieving a list of webinar recordings]. Bytes and seconds, links to watch and to fetch."""
    fields = {
        "started_at": row.moment("added", zone),
        "duration_seconds": row.whole("duration"),
        "size_bytes": row.whole("size"),
    }
    links = {"recording_url": row.link("link"), "download_url": row.link("download_link")}
    return Record(
        Kind.RECORDING,
        f"{alias}/{ident(row, 'id')}",
        fields,
        parent_id=alias,
        facts=without_empty({"name": row.text("name"), "status": row.text("status")}),
        volatile=links,
    )


def files(answer: Annotated[Any, list[File]]) -> list[dict[str, Any]]:
    """The files of a webinar as rows; `length` is slides of a presentation, seconds of media."""
    return [
        {
            "id": ident(row, "id"),
            "name": row.text("name") or "",
            "added": row.text("added") or "",
            "size": row.whole("size"),
            "length": row.text("duration") or "",
            "link": row.link("link"),
        }
        for row in rows(answer, "file", PLATFORM)
    ]


def download_link(
    answer: Annotated[Any, list[File] | list[Recording]], what: str, wanted: str
) -> tuple[str, str] | None:
    """(name, address) of one file or recording in its listing; None where it is not there."""
    for row in rows(answer, what, PLATFORM):
        if ident(row, "id") == wanted:
            return row.text("name") or wanted, row.link("download_link")
    return None


def online(answer: Annotated[Any, Online]) -> list[dict[str, Any]]:
    """Who is in the webinar now, as rows."""
    row = Row(answer, "list of people", PLATFORM)
    found = []
    for name, role in (("moderators", "moderator"), ("guests", "attendee")):
        for person in rows(row.value.get(name), "person", PLATFORM):
            email, shown = person.email("email") or "", person.text("name") or ""
            found.append({"id": email or shown, "name": shown, "email": email, "role": role})
    return found


def bots(answer: Annotated[Any, list[Bot]]) -> list[dict[str, Any]]:
    """The virtual attendees as rows."""
    return [
        {
            "id": ident(row, "id"),
            "name": row.text("name") or "",
            "country": row.text("country") or "",
        }
        for row in rows(answer, "virtual attendee", PLATFORM)
    ]


# Their letters as staff read them [document, webinarsGetLettersInfo].
LETTERS = {
    "REGISTRATIONCONFIRM": _("Confirmation of the registration"),
    "1HOUR": _("One hour before"),
    "STARTED": _("At the start"),
    "FINISHED": _("After the end"),
}


def letters(answer: Annotated[Any, dict[str, Letter]]) -> list[dict[str, Any]]:
    """The letters of a webinar as rows; written as YES and NO, read as 1 and 0."""
    row = Row([] if answer is None else answer, "set of letters", PLATFORM)
    found = []
    for kind in row.value:
        letter = Row(row.value[kind], "letter", PLATFORM)
        enabled = letter.flag("enabled")
        if enabled is None:
            raise letter.broken("enabled")
        found.append(
            {
                "id": kind,
                "letter": LETTERS.get(kind, storable(kind)),
                "sent": _("yes") if enabled else _("no"),
                "state": letter.text("status") or "",
                "text": letter.text("text") or "",
            }
        )
    return found


def webinars(answer: Annotated[Any, list[PersonalWebinar]], link: str) -> list[dict[str, Any]]:
    """The webinars of a person as rows, with the link that lets them in."""
    return [
        {
            "id": alias_of(row),
            "name": row.text("name") or "",
            "start": row.text("start") or "",
            "minutes": row.whole("duration"),
            "link": row.link(link),
        }
        for row in rows(answer, "webinar", PLATFORM)
    ]


def chat(entries: Iterable[Entry]) -> list[dict[str, Any]]:
    """The messages of a webinar as rows, in their order."""
    return [
        {
            "id": str(number),
            "at": entry.at,
            "name": entry.name,
            "email": entry.email,
            "role": entry.role,
            "text": entry.text,
        }
        for number, entry in enumerate(entries, 1)
    ]


def _entry(value: Any, zone: tzinfo) -> Entry:
    if not isinstance(value, list) or len(value) < 4:
        raise unexpected(
            "history", _("%(platform)s answered with something that is not a row of a history.")
        )
    row = Row(dict(zip(HISTORY_COLUMNS, value, strict=False)), "row of a history", PLATFORM)
    at, said = row.moment("at", zone), (row.text("role") or "").strip().lower()
    if at is None:
        raise row.broken("at")
    role = ROLES.get(said, said)
    return Entry(at, row.text("name") or "", row.text("text") or "", role, row.email("email") or "")


def _who(entry: Entry) -> str:
    return entry.email or f"~{entry.role[:20]} {entry.name}"[:100]


def _attendance(who: str, entries: list[Entry], session_id: str) -> Record:
    first = entries[0]
    fields = {
        "email": first.email or None,
        "name": first.name,
        "role": first.role,
        "joined_at": first.at,
        "left_at": None,
    }
    visits = [f"{entry.at} {entry.text}".strip() for entry in entries]
    own = f"{session_id}/{who[:130]}"
    return Record(Kind.ATTENDANCE, own, fields, parent_id=session_id, facts={"visits": visits})
