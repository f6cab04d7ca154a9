"""Who or what changed a row, when, and from what to what."""

from django.conf import settings
from django.db import models

from portal.common.texts import SentenceField

# A line that tells of many rows has this in the place of a row's key, and their keys in `after`.
MANY, ROWS = 0, "rows"


class Change(models.Model):
    """One line of history. `source` names what acted where it was not a person.

    `before` and `after` hold the changed fields only; secrets never. `calls` names the remote
    operations that it caused.
    """

    at = models.DateTimeField(db_index=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL
    )
    source = models.CharField(max_length=120, blank=True)
    action = models.CharField(max_length=60)
    sentence = SentenceField(blank=True, default="")
    kind = models.CharField(max_length=20)
    local_id = models.BigIntegerField()
    conference = models.ForeignKey(
        "conferences.Conference",
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="changes",
        db_index=False,  # it is the first in an index below
    )
    before = models.JSONField(default=dict, blank=True)
    after = models.JSONField(default=dict, blank=True)
    calls = models.JSONField(default=list, blank=True)

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["kind", "local_id"]),
            models.Index(fields=["conference", "id"], name="change_of_conference"),
        ]

    def __str__(self) -> str:
        return str(self.sentence) or f"{self.action} {self.kind} {self.local_id}"
