"""Who comes, by which link, and what we wrote to them."""

import uuid

from django.conf import settings
from django.db import models

from portal.conferences.models.base import Mirrored
from portal.conferences.models.conference import Conference, Moderator
from portal.conferences.models.people import Attendee


class Registration(Mirrored):
    """An attendee at a conference.

    `token` is the stable part of our own `/join/<token>`; `join_url` is the platform's personal
    link behind it, which may change while ours does not. `removed_at` means withdrawn.
    """

    conference = models.ForeignKey(
        Conference, on_delete=models.CASCADE, related_name="registrations"
    )
    attendee = models.ForeignKey(Attendee, on_delete=models.PROTECT, related_name="registrations")
    token = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    join_url = models.CharField(max_length=2000, blank=True)
    registered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["conference", "attendee"], name="registered_once_per_conference"
            )
        ]

    def __str__(self) -> str:
        return f"{self.attendee} at {self.conference}"


class Invitation(models.Model):
    """One message to one person about one conference, kept as it was sent."""

    class Purpose(models.TextChoices):
        INVITE = "invite", "Invitation"
        UPDATE = "update", "Change"
        CANCEL = "cancel", "Cancellation"

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting"
        SENDING = "sending", "Being sent"
        SENT = "sent", "Sent"
        FAILED = "failed", "Failed"
        UNKNOWN = "unknown", "Perhaps sent"
        DROPPED = "dropped", "Not sent"

    conference = models.ForeignKey(Conference, on_delete=models.CASCADE, related_name="invitations")
    registration = models.ForeignKey(
        Registration, null=True, blank=True, on_delete=models.CASCADE, related_name="invitations"
    )
    moderator = models.ForeignKey(
        Moderator, null=True, blank=True, on_delete=models.CASCADE, related_name="invitations"
    )
    purpose = models.CharField(max_length=10, choices=Purpose, default=Purpose.INVITE)
    to_email = models.EmailField(max_length=254)
    note = models.TextField(blank=True, help_text="What staff added to the message.")
    subject = models.CharField(max_length=600, blank=True)
    sequence = models.PositiveIntegerField(default=0)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING, db_index=True)
    not_before = models.DateTimeField()
    attempts = models.PositiveIntegerField(default=0)
    problem = models.CharField(max_length=500, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL
    )
    created_at = models.DateTimeField(auto_now_add=True)
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["state", "not_before"])]

    def __str__(self) -> str:
        return f"{self.get_purpose_display()} to {self.to_email}"
