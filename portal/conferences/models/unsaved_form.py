"""What somebody has typed into a schedule form and not saved yet."""

from django.conf import settings
from django.db import models

from portal.common import clock
from portal.common.fields import EncryptedJSONField
from portal.conferences.models.conference import Conference

LONGEST_CALLED = 200  # characters


class UnsavedForm(models.Model):
    """A schedule form as it was typed so far, for the person who typed it and nobody else. `uid` is
    the form's own; `conference` the one that it edits, where it is not a new one. `fields` are
    pairs of names and texts, without passwords. It goes once the form is saved, or grows old."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    uid = models.UUIDField()
    conference = models.ForeignKey(
        Conference, null=True, blank=True, on_delete=models.CASCADE, related_name="unsaved_forms"
    )
    called = models.CharField(max_length=LONGEST_CALLED, blank=True)
    fields = EncryptedJSONField(default=dict)
    kept_at = models.DateTimeField(default=clock.now, db_index=True)

    class Meta:
        ordering = ["-kept_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["user", "uid"], name="one_unsaved_form_of_a_uid")
        ]

    def __str__(self) -> str:
        return self.called
