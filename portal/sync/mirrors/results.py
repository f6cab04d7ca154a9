"""Our side of what a conference leaves behind; the platforms know best."""

from collections.abc import Collection, Sequence
from typing import Any

from django.db.models import QuerySet

from integrations.base.records import Kind, Record
from portal.common import bulk
from portal.conferences.models import Attendance, Recording, Session
from portal.platforms.models import PlatformAccount
from portal.sync.mirrors.base import BelongsToConference, Made, Mirror
from portal.sync.mirrors.people import address_of, known


class SessionMirror(BelongsToConference):
    kind = Kind.SESSION
    model = Session
    compared = ("starts_at", "ends_at", "visitors", "peak")
    columns = {name: name for name in compared}
    instants = frozenset({"starts_at", "ends_at"})


class AttendanceMirror(Mirror):
    kind = Kind.ATTENDANCE
    model = Attendance
    compared = ("email", "name", "role", "joined_at", "left_at")
    columns = {name: name for name in compared}
    above = "session_id"
    instants = frozenset({"joined_at", "left_at"})

    def rows(self, account: PlatformAccount, parents: Collection[Any]) -> QuerySet[Any]:
        return Attendance.objects.filter(session__in=parents)

    def parent_of(self, row: Attendance) -> int:
        return row.session_id

    def make(self, account: PlatformAccount, parent_id: Any, record: Record) -> Attendance:
        row = self.new(account, parent_id, record)
        row.attendee_id = known([record]).get(address_of(record))
        row.save()
        return row

    def make_many(
        self, account: PlatformAccount, records: Sequence[tuple[Any, Record]]
    ) -> list[Made | None]:
        people = known(record for _, record in records)
        rows = [self.new(account, parent_id, record) for parent_id, record in records]
        given = {name: [getattr(row, name) for row in rows] for name in self.compared}
        (pks,) = bulk.new_ids((Attendance, len(rows)))
        bulk.insert(
            Attendance,
            len(rows),
            id=pks,
            session=[row.session_id for row in rows],
            attendee=[people.get(address_of(record)) for _, record in records],
            origin=bulk.Same(Attendance.Origin.PLATFORM),
            **given,
        )
        return [Made(pk, self.read(row)) for pk, row in zip(pks, rows, strict=True)]

    def new(self, account: PlatformAccount, parent_id: Any, record: Record) -> Attendance:
        row = Attendance(session_id=parent_id, origin=Attendance.Origin.PLATFORM)
        self.fill(row, record.fields)
        return row


class RecordingMirror(BelongsToConference):
    kind = Kind.RECORDING
    model = Recording
    compared = ("started_at", "duration_seconds", "size_bytes")
    columns = {name: name for name in compared}
    instants = frozenset({"started_at"})
