"""Conference (staff read "webinar") and the people who run it."""

import uuid
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from integrations.base.records import instant
from portal.common import clock
from portal.common.fields import EncryptedJSONField
from portal.common.reader.characters import fold
from portal.common.texts import SentenceField
from portal.conferences import walltime
from portal.conferences.models.base import Mirrored
from portal.conferences.models.folded import Folded, FoldedField, key_of
from portal.conferences.models.series import Series
from portal.platforms.models import PlatformAccount

LONGEST_SEARCHED = 20_000  # characters of a title and its description
# How long one counts as running of which a platform tells the start alone.
ASSUMED_MINUTES = 60


def new_uid() -> str:
    """A calendar UID that never changes, whatever happens to the conference."""
    return f"{uuid.uuid4()}@lectern"


class Conference(Folded, Mirrored):
    """The scheduled thing. Times are UTC; the conference keeps its IANA zone.

    A permanent room has no start on its platform. Where Lectern keeps dates of it (`room_dates`),
    `starts_at` and `duration_minutes` are those of the date that is on or comes next, and no
    platform hears of them.

    `version` counts saves, so that two people editing at once are told of each other. `sequence`
    is the calendar's: it counts what attendees must hear of.
    """

    of_one_date = False  # a copy that stands for one date alone: `repeating.on_each_date`

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        SCHEDULED = "scheduled", _("Scheduled")
        LIVE = "live", _("Live")
        ENDED = "ended", _("Ended")
        CANCELLED = "cancelled", _("Cancelled")

    class RoomType(models.TextChoices):
        WEBINAR = "webinar", _("Webinar")
        MEETING = "meeting", _("Meeting")

    class Access(models.TextChoices):
        OPEN = "open", _("Anyone with the link")
        PASSWORD = "password", _("With a password")
        TOKEN = "token", _("With a personal token")

    account = models.ForeignKey(PlatformAccount, on_delete=models.PROTECT)
    title = models.CharField(max_length=500)
    title_key = FoldedField(source="_title_key", db_index=True)
    search_key = FoldedField(source="_search_key")
    description = models.TextField(blank=True)
    starts_at = models.DateTimeField(null=True, blank=True, db_index=True)
    duration_minutes = models.PositiveIntegerField(null=True, blank=True)
    timezone = models.CharField(max_length=64, default="UTC")
    permanent = models.BooleanField(default=False, help_text=_("An endless room without a start."))
    dates = models.JSONField(
        default=list,
        blank=True,
        editable=False,
        help_text=_("When a permanent room is used, as Lectern keeps it: starts in UTC."),
    )
    dates_rule = models.CharField(
        max_length=200,
        blank=True,
        editable=False,
        help_text=_("The rule by which those dates were made, as RFC 5545 writes it."),
    )
    dates_from = models.DateTimeField(
        null=True, blank=True, editable=False, help_text=_("The first date by that rule.")
    )
    room_type = models.CharField(max_length=10, choices=RoomType, default=RoomType.WEBINAR)
    access = models.CharField(max_length=10, choices=Access, default=Access.OPEN)
    password = EncryptedJSONField(default=str, blank=True)
    open = models.BooleanField(
        default=True, help_text=_("Whether participants can enter the room.")
    )
    registration_enabled = models.BooleanField(default=False)
    options = models.JSONField(default=dict, blank=True)

    draft = models.BooleanField(default=False, help_text=_("Not told to the platform yet."))
    cancel_reason = SentenceField(blank=True)
    moved_to = models.OneToOneField(
        "self",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="moved_from",
        help_text=_("The conference on another account that took its place."),
    )
    series = models.ForeignKey(
        Series,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="conferences",
        db_index=False,  # it is the first in an index below
    )
    planned_at = models.DateTimeField(
        null=True,
        blank=True,
        editable=False,
        help_text=_("When its series has it. One that was moved alone starts at another time."),
    )
    calendar_uid = models.CharField(max_length=80, unique=True, default=new_uid, editable=False)
    sequence = models.PositiveIntegerField(default=0)
    version = models.PositiveIntegerField(default=0)
    # What the clocks of its zone showed at its start when that start was set: see `services.clocks`
    planned_clock = models.JSONField(default=dict, blank=True, editable=False)
    own_reminders = models.BooleanField(
        default=False,
        editable=False,
        help_text=_("Whether people are reminded as it says itself, and not as its account does."),
    )
    people_counted = models.PositiveIntegerField(
        default=0, editable=False, help_text=_("As last counted: for the order of lists.")
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL
    )

    class Meta:
        ordering = ["starts_at", "id"]
        indexes = [
            models.Index(fields=["account", "starts_at"]),
            models.Index(fields=["people_counted", "id"], name="conference_by_people"),
            models.Index(
                fields=["series", "starts_at"],
                name="conference_of_series",
                condition=models.Q(series__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def _title_key(self) -> str:
        return key_of(self.title)

    def _search_key(self) -> str:
        return fold(f"{self.title} {self.description}"[:LONGEST_SEARCHED])

    def save(self, *args: Any, **kwargs: Any) -> None:
        """With every new start or zone, the clock time that is meant by it is kept."""
        if not self.get_deferred_fields() & {"starts_at", "timezone", "planned_clock"}:
            meant = walltime.meant(self.starts_at, self.timezone)
            same = all(self.planned_clock.get(name) == meant.get(name) for name in ("at", "zone"))
            if not same:
                self.planned_clock = meant
                if kwargs.get("update_fields") is not None:
                    kwargs["update_fields"] = {*kwargs["update_fields"], "planned_clock"}
        super().save(*args, **kwargs)

    @property
    def ends_at(self) -> datetime | None:
        """The planned end, in UTC; None for a permanent room without dates."""
        if self.starts_at is None or self.duration_minutes is None:
            return None
        return self.starts_at + timedelta(minutes=self.duration_minutes)

    @property
    def over_at(self) -> datetime | None:
        """When it counts as over: its end, or an hour after its start where no platform tells how
        long it takes. None for a permanent room without dates."""
        if self.starts_at is None:
            return None
        return self.ends_at or self.starts_at + timedelta(minutes=ASSUMED_MINUTES)

    @property
    def is_over(self) -> bool:
        """Whether it counts as over, and no date of it is still to come."""
        over = self.over_at is not None and self.over_at <= clock.now()
        return over and not self.next_date

    @property
    def next_date(self) -> str:
        """The date of a permanent room that is on or comes next, by the clock of now and as
        `dates` has it: it is there before `starts_at` is moved on. Empty where none is left."""
        if self.of_one_date or not self.permanent or not self.dates:
            return ""
        length = timedelta(minutes=self.duration_minutes or ASSUMED_MINUTES)
        begun = instant(clock.now() - length)
        return next((at for at in self.dates if at > begun), "")

    @property
    def state(self) -> str:
        """Derived, so that it cannot go stale: draft, scheduled, live, ended or cancelled."""
        if self.removed_at:
            return self.State.CANCELLED
        if self.draft:
            return self.State.DRAFT
        moment, end = clock.now(), self.over_at
        if self.starts_at and moment < self.starts_at:
            return self.State.SCHEDULED
        if end and moment >= end:
            if later := self.next_date:
                on = later <= instant(moment)
                return self.State.LIVE if on else self.State.SCHEDULED
            return self.State.ENDED
        return self.State.LIVE if self.starts_at else self.State.SCHEDULED


class Moderator(Folded, Mirrored):
    """A person who runs or presents a conference; `token` is the stable part of `/join/<token>`."""

    class Role(models.TextChoices):
        HOST = "host", _("Host")
        PRESENTER = "presenter", _("Presenter")

    conference = models.ForeignKey(Conference, on_delete=models.CASCADE, related_name="moderators")
    email = models.EmailField(max_length=254)
    name = models.CharField(max_length=200)
    role = models.CharField(max_length=10, choices=Role, default=Role.PRESENTER)
    token = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    join_url = models.CharField(max_length=2000, blank=True)
    search_key = FoldedField(source="_search_key")
    fixed = models.CharField(
        max_length=200, blank=True, help_text=_("Why the platform never takes this person off.")
    )

    class Meta:
        ordering = ["role", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["conference", "email"], name="one_moderator_per_address"
            )
        ]

    def __str__(self) -> str:
        return self.name or self.email

    def _search_key(self) -> str:
        return fold(f"{self.name} {self.email}")
