"""What every mirrored row has."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Mirrored(models.Model):
    """A row that may stand on a platform too.

    `removed_at`: staff want it gone, there as well. `gone_at`: the platform has it no longer; it
    is kept here until staff choose.
    """

    class Origin(models.TextChoices):
        PORTAL = "portal", _("Made here")
        PLATFORM = "platform", _("Found on the platform")

    origin = models.CharField(max_length=10, choices=Origin, default=Origin.PORTAL)
    removed_at = models.DateTimeField(null=True, blank=True)
    gone_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        abstract = True
