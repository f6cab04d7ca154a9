"""Conferences that belong together, since one repeats."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.common import clock


class Series(models.Model):
    """A rule, and the conferences that came of it: one for each date (`Conference.series`).

    `rule` is that of RFC 5545 by which it was scheduled, in the wall time of `timezone` from
    `first_at` on. Dates were added, moved and cancelled since: what takes place, its conferences
    say. `uid` is that of the form, so that one that is sent twice makes one series.
    """

    uid = models.CharField(max_length=80, unique=True)
    title = models.CharField(max_length=500)
    rule = models.CharField(max_length=200, help_text=_("As RFC 5545 writes it (RRULE)."))
    timezone = models.CharField(max_length=64)
    first_at = models.DateTimeField()
    own_reminders = models.BooleanField(
        default=False,
        editable=False,
        help_text=_("Whether people are reminded of its dates as it says itself."),
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL
    )
    created_at = models.DateTimeField(default=clock.now, db_index=True)

    class Meta:
        ordering = ["-id"]
        verbose_name_plural = _("series")

    def __str__(self) -> str:
        return self.title
