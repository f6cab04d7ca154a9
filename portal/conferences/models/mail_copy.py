"""What messages said, as they were sent."""

from django.db import models
from django.utils.translation import gettext_lazy

from portal.common import clock


class MailCopy(models.Model):
    """What all those messages have in common that differ in nothing but who they are to; the rest
    (`mails.services.copies`) stands with each message. Packed."""

    digest = models.CharField(max_length=64, unique=True)
    content = models.BinaryField()
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name_plural = gettext_lazy("mail copies")

    def __str__(self) -> str:
        return self.digest[:12]
