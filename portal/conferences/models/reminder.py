"""When people are reminded of a conference, as staff have chosen it."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy, ngettext

from portal.conferences.models.conference import Conference
from portal.conferences.models.series import Series
from portal.platforms.models import PlatformAccount


class Reminder(models.Model):
    """So long before the start, these people are written to.

    It belongs to one conference, to a series, or to an account: what a conference says itself holds
    for it, else what its series says, else what its account says. What was due before `set_at` is
    nobody's to send: it was not asked for then.
    """

    class Segment(models.TextChoices):
        REGISTERED = "registered", gettext_lazy("Everybody who is registered")
        UNANSWERED = "unanswered", gettext_lazy("Those who were invited and have not answered")

    conference = models.ForeignKey(
        Conference, null=True, blank=True, on_delete=models.CASCADE, related_name="reminders"
    )
    series = models.ForeignKey(
        Series, null=True, blank=True, on_delete=models.CASCADE, related_name="reminders"
    )
    account = models.ForeignKey(
        PlatformAccount, null=True, blank=True, on_delete=models.CASCADE, related_name="reminders"
    )
    minutes = models.PositiveIntegerField(help_text=gettext_lazy("Before the start."))
    segment = models.CharField(max_length=20, choices=Segment, default=Segment.REGISTERED)
    note = models.TextField(blank=True, help_text=gettext_lazy("Words of one's own in the mail."))
    set_at = models.DateTimeField()
    set_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        ordering = ["-minutes"]
        constraints = [
            models.UniqueConstraint(
                fields=["conference", "minutes", "segment"],
                name="one_reminder_of_a_conference_at_a_time",
            ),
            models.UniqueConstraint(
                fields=["series", "minutes", "segment"],
                name="one_reminder_of_a_series_at_a_time",
            ),
            models.UniqueConstraint(
                fields=["account", "minutes", "segment"],
                name="one_reminder_of_an_account_at_a_time",
            ),
            models.CheckConstraint(
                condition=models.Q(conference__isnull=False, series=None, account=None)
                | models.Q(conference=None, series__isnull=False, account=None)
                | models.Q(conference=None, series=None, account__isnull=False),
                name="a_reminder_has_one_owner",
            ),
        ]

    def __str__(self) -> str:
        said = ngettext("%(count)d minute before", "%(count)d minutes before", self.minutes)
        return said % {"count": self.minutes}

    @property
    def recipients(self) -> str:
        """The segment in words."""
        return str(self.Segment(self.segment).label)
