"""Which groups were invited to a conference as groups."""

from django.db import models
from django.utils.translation import gettext as _

from portal.common import clock
from portal.conferences.models.conference import Conference
from portal.conferences.models.people import AttendeeGroup


class InvitedGroup(models.Model):
    """A group whose people were invited to a conference together. It says where the invitation came
    from, and nothing of who takes part: registrations do. It goes with the group."""

    conference = models.ForeignKey(
        Conference, on_delete=models.CASCADE, related_name="invited_groups"
    )
    group = models.ForeignKey(AttendeeGroup, on_delete=models.CASCADE, related_name="invited_to")
    invited_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["conference", "group"], name="a_group_is_invited_to_a_conference_once"
            )
        ]

    def __str__(self) -> str:
        return _("%(group)s at %(conference)s") % {
            "group": self.group,
            "conference": self.conference,
        }
