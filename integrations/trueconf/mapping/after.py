"""What a conference leaves behind: runs, who was there, recordings."""

from collections import Counter
from collections.abc import Mapping
from typing import Annotated

from integrations.base.ids import join
from integrations.base.reading import Row
from integrations.base.records import Kind, Record
from integrations.base.texts import _
from integrations.trueconf import payloads
from integrations.trueconf.mapping.ids import login_of
from integrations.trueconf.mapping.moments import logged, unix
from integrations.trueconf.payloads import Call, CallParticipant

ENDED = {
    1: _("Everybody declined."),
    2: _("Everybody left."),
    3: _("The webinar was deleted."),
    4: _("Everybody declined."),
    5: _("It ended by its schedule."),
    6: _("The server restarted."),
    10: _("A moderator ended it."),
    15: _("An administrator ended it."),
}


def decode_session(row: Annotated[Row, Call], conference: str) -> Record:
    """A call of the log -> a session. Its `conference_id` is the run's, not the conference's."""
    session = row.needed_text("conference_id")
    if not session:
        raise row.broken("conference_id")
    fields = {
        "starts_at": logged(row, "start_time"),
        "ends_at": logged(row, "end_time"),
        "visitors": row.whole("participant_count"),
        "peak": None,
    }
    facts = {"topic": row.text("topic") or "", "ended": ENDED.get(row.whole("term_reason") or 0)}
    return Record(
        Kind.SESSION,
        join(conference, session),
        fields,
        parent_id=join(conference),
        facts={name: value for name, value in facts.items() if value},
    )


def needs_addresses(found: list[Annotated[Row, CallParticipant]]) -> bool:
    """Whether the log leaves out the address of somebody who is a user."""
    return any(not _guest(row) and not row.email("email") for row in found)


def decode_attendance(
    found: list[Annotated[Row, CallParticipant]], session: str, emails: Mapping[str, str]
) -> list[Record]:
    """Who was in a run, visit by visit; `emails` by login stand in where the log has none.

    Several visits of one person are numbered in the order in which they began.
    """
    visits = sorted(found, key=lambda row: (logged(row, "join_time") or "", _caller(row)))
    seen: Counter[str] = Counter()
    records = []
    for row in visits:
        caller = _caller(row)
        seen[caller] += 1
        key = join(caller) + ("" if seen[caller] == 1 else f"~{seen[caller]}")
        email = row.email("email") or emails.get(login_of(caller).casefold())
        fields = {
            "email": None if _guest(row) else email,
            "name": row.text("display_name") or "",
            "role": "",
            "joined_at": logged(row, "join_time"),
            "left_at": logged(row, "leave_time"),
        }
        facts = {"call_id": caller, "application": row.text("app_id") or ""}
        records.append(
            Record(
                Kind.ATTENDANCE,
                f"{session}/{key}",
                fields,
                parent_id=session,
                facts={name: value for name, value in facts.items() if value},
            )
        )
    return records


def decode_recording(row: Annotated[Row, payloads.Record], conference: str) -> Record:
    """A recording, named by its file. Its size comes as text; its length is told nowhere here."""
    name = row.needed_text("name")
    if not name:
        raise row.broken("name")
    fields = {
        "started_at": unix(row, "created"),
        "duration_seconds": None,
        "size_bytes": row.whole("size"),
    }
    return Record(
        Kind.RECORDING,
        join(conference, name),
        fields,
        parent_id=join(conference),
        facts={"file": name},
    )


def _caller(row: Row) -> str:
    caller = row.needed_text("call_id")
    if not caller:
        raise row.broken("call_id")
    return caller


def _guest(row: Row) -> bool:
    return _caller(row).startswith("#")
