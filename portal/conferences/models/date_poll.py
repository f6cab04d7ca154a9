"""A search for a date: which times are proposed, who is asked, and what they answered."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy

from portal.common import clock
from portal.conferences.models.conference import Conference
from portal.platforms.models import PlatformAccount

DATE_POLL = "date_poll"  # in history; no platform has them, so they are no kind of the sync


class DatePoll(models.Model):
    """Those who are to run a conference are asked when they can, before there is one.

    `uid` is that of the schedule form into which it leads: the conference that comes of it is made
    once, whoever sends that form. `conference` is that one; while it is a draft the poll goes on.
    `found` stays when its row is gone, as it is with another account that was removed. The account
    is the one that the conference is meant for; its sender writes, and its language is spoken.
    """

    class Outcome(models.TextChoices):
        NOTHING = "nothing", gettext_lazy("Nothing yet")
        DATE = "date", gettext_lazy("Date found")
        NO_DATE = "no_date", gettext_lazy("Closed without a date")
        ROOM = "room", gettext_lazy("A room that is always open")
        CANCELLED = "cancelled", gettext_lazy("Its webinar was cancelled")
        DELETED = "deleted", gettext_lazy("Its webinar is not in Lectern any more")

    account = models.ForeignKey(
        PlatformAccount, on_delete=models.PROTECT, related_name="date_polls"
    )
    uid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    title = models.CharField(max_length=500)
    duration_minutes = models.PositiveIntegerField()
    timezone = models.CharField(max_length=64)
    note = models.TextField(blank=True, help_text=gettext_lazy("What it is about."))
    answer_until = models.DateTimeField(null=True, blank=True)
    conference = models.ForeignKey(
        Conference, null=True, blank=True, on_delete=models.SET_NULL, related_name="date_polls"
    )
    closed_at = models.DateTimeField(null=True, blank=True)
    found = models.BooleanField(
        default=False, help_text=gettext_lazy("It was closed by a webinar that came of it.")
    )
    created_at = models.DateTimeField(default=clock.now)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        ordering = ["-id"]
        # Closed ones grow in number, open ones hardly.
        indexes = [
            models.Index(
                fields=["account"],
                name="open_date_polls",
                condition=models.Q(closed_at__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def outcome(self) -> Outcome:
        """What came of it, as far as is known here."""
        held = self.conference
        if not self.closed_at:
            return self.Outcome.NOTHING
        if not self.found:
            return self.Outcome.NO_DATE
        if held is None:
            return self.Outcome.DELETED
        if held.removed_at:
            return self.Outcome.CANCELLED
        return self.Outcome.DATE if held.starts_at else self.Outcome.ROOM

    @property
    def has_date(self) -> bool:
        """Whether a conference came of it that takes place at a time."""
        return self.outcome == self.Outcome.DATE


class ProposedTime(models.Model):
    """A start that is asked about (UTC)."""

    poll = models.ForeignKey(
        DatePoll, on_delete=models.CASCADE, related_name="times", db_index=False
    )
    starts_at = models.DateTimeField()

    class Meta:
        ordering = ["starts_at"]
        constraints = [models.UniqueConstraint(fields=["poll", "starts_at"], name="proposed_once")]

    def __str__(self) -> str:
        return f"{self.starts_at:%Y-%m-%d %H:%M} UTC"


class AskedPerson(models.Model):
    """Somebody who is asked when they can; they need not be known here otherwise.

    `token` is their link. `answers` has what they said of each time, by its key; `removed_at` says
    that they are not asked any more, and what they said counts no longer.
    """

    class Answer(models.TextChoices):
        YES = "yes", gettext_lazy("Yes")
        MAYBE = "maybe", gettext_lazy("If need be")
        NO = "no", gettext_lazy("No")

    poll = models.ForeignKey(
        DatePoll, on_delete=models.CASCADE, related_name="people", db_index=False
    )
    email = models.EmailField(max_length=254, db_index=True)
    name = models.CharField(max_length=200, blank=True)
    token = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    answers = models.JSONField(default=dict, blank=True)
    remark = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    removed_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["poll", "email"], name="asked_once")]

    def __str__(self) -> str:
        return self.name or self.email

    def said(self, time: ProposedTime) -> str:
        """What they answered about a time; empty where nothing."""
        return str(self.answers.get(str(time.pk), ""))
