"""One account on one platform: how to reach it, who works on it now, what it may still ask."""

import uuid

from django.db import models
from django.db.models.functions import Lower

from integrations import registry
from integrations.base.adapter import Room
from integrations.base.capabilities import Capabilities
from portal.common.fields import EncryptedJSONField


def new_mark() -> str:
    """A name that no other database has."""
    return uuid.uuid4().hex


class PlatformAccount(models.Model):
    """Credentials and tokens are encrypted at rest and never shown again.

    `learned` is what the last test found out about the account (see `AccountCheck`). `tokens` are
    read and written by `tokens` alone, under `token_lock_until`.
    `pace` is what 429s have taught (see `pace`).
    `lease_*`: one worker at a time (see `lease`). `rate_tat` (epoch seconds) and `blocked_until`:
    the request budget (see `budget`). `fail_count` and `open_until`: the breaker (see `breaker`).
    """

    class State(models.TextChoices):
        CONNECTED = "connected", "Connected"
        REJECTED = "rejected", "Credentials refused"

    class ChangesThere(models.TextChoices):
        ASK = "ask", "Ask before anybody is notified"
        TELL = "tell", "Notify people automatically"
        NEVER = "never", "Notify nobody"

    label = models.CharField(max_length=80, help_text="How staff know this account.")
    platform = models.CharField(max_length=30, db_index=True)
    base_url = models.URLField(max_length=300)
    credentials = EncryptedJSONField(default=dict)
    options = models.JSONField(default=dict, blank=True)
    ca_bundle = models.CharField(
        max_length=300, blank=True, help_text="Path of a private CA bundle on the server."
    )
    state = models.CharField(max_length=12, choices=State, default=State.CONNECTED)
    paused = models.BooleanField(default=False, help_text="No sync and no push while it is set.")
    paused_why = models.CharField(
        max_length=300, blank=True, help_text="Where Lectern paused it by itself: the reason."
    )
    interval_minutes = models.PositiveSmallIntegerField(default=5)
    changes_there = models.CharField(
        "changes made on the platform",
        max_length=5,
        choices=ChangesThere,
        default=ChangesThere.ASK,
        help_text="Whether people hear by mail of a change that was made on the platform itself: "
        "another time or title, or a webinar that was deleted there.",
    )
    identity = models.CharField(max_length=200, blank=True)
    learned = models.JSONField(default=dict, blank=True)
    tokens = EncryptedJSONField(default=dict, blank=True)
    token_lock_until = models.DateTimeField(null=True, blank=True)
    problem = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    checked_at = models.DateTimeField(null=True, blank=True)
    synced_at = models.DateTimeField(null=True, blank=True)
    next_sync_at = models.DateTimeField(null=True, blank=True, db_index=True)

    lease_owner = models.CharField(max_length=60, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    lease_fence = models.PositiveBigIntegerField(default=0)
    requests_per_minute = models.PositiveIntegerField(
        null=True, blank=True, help_text="Empty: what the platform allows."
    )
    pace = models.FloatField(
        null=True, blank=True, help_text="Requests a minute, where the platform asked for fewer."
    )
    rate_tat = models.FloatField(default=0)
    blocked_until = models.DateTimeField(null=True, blank=True)
    fail_count = models.PositiveIntegerField(default=0)
    open_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["label"]
        constraints = [
            models.UniqueConstraint(
                Lower("label"),
                name="one_account_per_label",
                violation_error_message="Another account has this label.",
            )
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def room(self) -> Room:
        """The platform's room: capabilities, credential fields, adapter."""
        return registry.room(self.platform)

    @property
    def capabilities(self) -> Capabilities:
        """What this very account can do: its options may take away from what its platform can."""
        return self.room.capabilities_of(self.options, self.learned)

    @property
    def platform_name(self) -> str:
        return self.room.name

    @property
    def active(self) -> bool:
        """Whether sync and pushes may run at all."""
        return not self.paused and self.state == self.State.CONNECTED


class Generation(models.Model):
    """How far this database has come; one row (see `generation`). `mark` names the database."""

    mark = models.CharField(max_length=32, default=new_mark)
    number = models.PositiveBigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.mark}: {self.number}"
