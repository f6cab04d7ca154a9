"""The list of what is still to be told to a platform.

Celery messages only notify: they may be lost or doubled. What is due stands here.
"""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.common.texts import SentenceField, TextDecoder, TextEncoder
from portal.platforms.models import PlatformAccount

PUSH = "push"
PRESS = "press"  # among the arguments of an action: the form that it was asked with
KEPT_BACK = "kept back"  # in the result of a push: values of ours that were not sent


class OutboxEntry(models.Model):
    """A pending change of one of our rows.

    The verb `push` says "make the platform agree with this row" and is a level: many edits are
    one entry. Any other verb is a one-shot action of the platform's capabilities.

    DONE means that the platform agrees, or has nothing to be told. SUPERSEDED means that it was not
    told by this entry: a newer one of the same row took its place (`replaced_by`), or the row has
    left the account.

    `answers` is what the platform said where sending failed and it was not as it should be: the
    redacted beginning, with operation and status, for administrators alone. It is gone once the
    entry succeeds or is tried again.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        WORKING = "working", _("Being sent")
        DONE = "done", _("Done")
        FAILED = "failed", _("Failed")
        UNKNOWN = "unknown", _("Checking with the platform")
        SUPERSEDED = "superseded", _("A newer one took its place")

    class Rank(models.IntegerChoices):
        ONE = 0, _("One thing that a person asked for")
        MANY = 1, _("One of many that a person asked for")
        FOUND = 2, _("Found by a sync")

    account = models.ForeignKey(PlatformAccount, on_delete=models.CASCADE)
    verb = models.CharField(max_length=40, default=PUSH)
    kind = models.CharField(max_length=20)
    local_id = models.BigIntegerField()
    arguments = models.JSONField(default=dict, blank=True)
    result = models.JSONField(default=dict, blank=True)
    rank = models.PositiveSmallIntegerField(
        choices=Rank, default=Rank.ONE, help_text=_("What goes first: the smaller one.")
    )
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    not_before = models.DateTimeField()
    attempts = models.PositiveIntegerField(default=0)
    problem = SentenceField(blank=True, default="")
    field_errors = models.JSONField(
        default=dict, blank=True, encoder=TextEncoder, decoder=TextDecoder
    )
    answers = models.JSONField(default=list, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL
    )
    created_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True, blank=True)
    replaced_by = models.ForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL)

    class Meta:
        verbose_name_plural = _("outbox entries")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["account", "kind", "local_id"],
                condition=models.Q(verb=PUSH, state="waiting"),
                name="one_waiting_push_per_row",
            )
        ]
        indexes = [
            models.Index(fields=["state", "not_before"]),
            models.Index(fields=["kind", "local_id"]),
            # Asked several times a second while an account is worked on, and mostly for nothing.
            models.Index(
                fields=["account", "state", "not_before"], name="due_entries_of_an_account"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.kind} {self.local_id}"

    @property
    def settled(self) -> bool:
        """Whether nothing is to be done about it any more."""
        return self.state in SETTLED


# Nothing is to be done about these any more.
SETTLED = (OutboxEntry.State.DONE, OutboxEntry.State.SUPERSEDED)
