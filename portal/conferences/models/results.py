"""What a conference leaves behind: sessions, who was there, recordings. The platforms know best."""

from django.db import models
from django.utils.translation import gettext as _

from portal.conferences.models.base import Mirrored
from portal.conferences.models.conference import Conference
from portal.conferences.models.people import Attendee


class Session(Mirrored):
    """One run of a conference."""

    conference = models.ForeignKey(Conference, on_delete=models.CASCADE, related_name="sessions")
    starts_at = models.DateTimeField(null=True, blank=True)
    ends_at = models.DateTimeField(null=True, blank=True)
    visitors = models.PositiveIntegerField(null=True, blank=True)
    peak = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        ordering = ["-starts_at", "-id"]
        indexes = [
            models.Index(
                fields=["starts_at"],
                name="sessions_without_an_end",
                condition=models.Q(ends_at=None),
            )
        ]

    def __str__(self) -> str:
        return f"{self.conference}, {self.starts_at:%Y-%m-%d %H:%M} UTC" if self.starts_at else "-"


class Attendance(Mirrored):
    """One person's presence in a session, as the platform tells it."""

    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="attendances")
    attendee = models.ForeignKey(
        Attendee, null=True, blank=True, on_delete=models.SET_NULL, related_name="attendances"
    )
    email = models.CharField(max_length=254, blank=True)
    name = models.CharField(max_length=200, blank=True)
    role = models.CharField(max_length=30, blank=True)
    joined_at = models.DateTimeField(null=True, blank=True)
    left_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["name", "email"]

    def __str__(self) -> str:
        return self.name or self.email


class Recording(Mirrored):
    """A recording. Its download address changes at each reading and is fetched when needed."""

    conference = models.ForeignKey(Conference, on_delete=models.CASCADE, related_name="recordings")
    started_at = models.DateTimeField(null=True, blank=True)
    duration_seconds = models.PositiveIntegerField(null=True, blank=True)
    size_bytes = models.PositiveBigIntegerField(null=True, blank=True)

    class Meta:
        ordering = ["-started_at", "-id"]

    def __str__(self) -> str:
        return _("Recording of %(conference)s") % {"conference": self.conference}
