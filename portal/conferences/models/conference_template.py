"""What webinars of one sort have in common, to schedule the next one from."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy

from portal.common import clock
from portal.conferences.models.folded import Folded, FoldedField, key_of
from portal.platforms.models import PlatformAccount

LONGEST_NAME = 120  # characters


class ConferenceTemplate(Folded):
    """Values of the schedule form without a date, a password or people who take part. `values` are
    canonical fields, options as `options.<name>`, and `clock` as the time of day; `moderators` have
    name, email and role, `reminders` minutes, segment and note. Without an account it fits any, as
    far as that one's platform goes."""

    name = models.CharField(max_length=LONGEST_NAME)
    sort_key = FoldedField(source="_sort_key", unique=True)
    account = models.ForeignKey(
        PlatformAccount, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    values = models.JSONField(default=dict)
    moderators = models.JSONField(default=list)
    reminders = models.JSONField(
        null=True,
        blank=True,
        help_text=gettext_lazy("None: as the account says. Else those of the webinar itself."),
    )
    created_at = models.DateTimeField(default=clock.now)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        ordering = ["sort_key"]

    def __str__(self) -> str:
        return self.name

    def _sort_key(self) -> str:
        return key_of(self.name)
