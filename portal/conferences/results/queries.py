"""What the pages ask about sessions."""

from django.db.models import F, QuerySet

from portal.conferences.models import Attendance


def attendance(session_id: int) -> QuerySet[Attendance]:
    """Who was there, in the order of coming."""
    rows = Attendance.objects.filter(session=session_id, removed_at=None)
    return rows.select_related("attendee").order_by(F("joined_at").asc(nulls_last=True), "name")
