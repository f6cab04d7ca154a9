"""Our side of what a conference leaves behind; the platforms know best."""

from collections.abc import Collection
from typing import Any

from django.db.models import QuerySet

from integrations.base.records import Kind, Record
from portal.conferences.models import Attendance, Attendee, Recording, Session
from portal.platforms.models import PlatformAccount
from portal.sync.mirrors.base import BelongsToConference, Mirror


class SessionMirror(BelongsToConference):
    kind = Kind.SESSION
    model = Session
    compared = ("starts_at", "ends_at", "visitors", "peak")
    instants = frozenset({"starts_at", "ends_at"})


class AttendanceMirror(Mirror):
    kind = Kind.ATTENDANCE
    model = Attendance
    compared = ("email", "name", "role", "joined_at", "left_at")
    instants = frozenset({"joined_at", "left_at"})

    def rows(self, account: PlatformAccount, parents: Collection[Any]) -> QuerySet[Any]:
        return Attendance.objects.filter(session__in=parents)

    def parent_of(self, row: Attendance) -> int:
        return row.session_id

    def make(self, account: PlatformAccount, parent_id: Any, record: Record) -> Attendance:
        row = Attendance(session_id=parent_id, origin=Attendance.Origin.PLATFORM)
        email = str(record.fields.get("email") or "").strip().lower()
        people = Attendee.objects.select_related("merged_into")
        person = people.filter(email=email).first() if email else None
        row.attendee = person.kept if person else None
        self.write(row, record.fields)
        return row


class RecordingMirror(BelongsToConference):
    kind = Kind.RECORDING
    model = Recording
    compared = ("started_at", "duration_seconds", "size_bytes")
    instants = frozenset({"started_at"})
