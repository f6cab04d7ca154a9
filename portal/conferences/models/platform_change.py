"""What somebody changed on the platform itself, and whether people were told of it."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.conferences.models.conference import Conference


class PlatformChange(models.Model):
    """A change of a conference, made in the platform's own panel, of which people should hear.

    It is open until somebody decides whether they are told. Several changes before that are one:
    `before` keeps the oldest values, `after` the newest, both as canonical fields.
    """

    class Decision(models.TextChoices):
        TOLD = "told", _("People were told")
        UNTOLD = "not told", _("People were not told")
        UNDONE = "undone", _("Changed back")

    conference = models.ForeignKey(
        Conference, on_delete=models.CASCADE, related_name="platform_changes"
    )
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    at = models.DateTimeField(help_text=_("When the latest of it was found."))
    decision = models.CharField(max_length=10, choices=Decision, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL
    )

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["conference"],
                condition=models.Q(decided_at=None),
                name="one_open_platform_change",
            )
        ]

    def __str__(self) -> str:
        return f"{self.conference}: {', '.join(sorted(self.after))}"
