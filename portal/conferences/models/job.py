"""Long work of staff: a worker does it part by part, and a page shows how far it has come."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.common.texts import SentenceField, TextDecoder, TextEncoder
from portal.conferences.models.conference import Conference


class Job(models.Model):
    """Something to be done to many people.

    `people` are those to be done, in their order; the first `done` of them are done. Both change
    with a part's own transaction, so that a crash loses nothing and repeats nothing. It is empty
    once the job has ended. `counts` says what came of it, `problems` (name and reason) of whom it
    could not be done, the first of them. `token` names the form that asked for it: one form is one
    job. A worker holds it until `lease_until`; whoever takes over counts `fence` up.
    """

    class What(models.TextChoices):
        INVITE = "invite", _("Inviting people")
        IMPORT = "import", _("Importing people")
        JOIN = "join", _("Putting people into a group")

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting to start")
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        FAILED = "failed", _("Stopped")
        CANCELLED = "cancelled", _("Cancelled")

    what = models.CharField(max_length=10, choices=What)
    token = models.CharField(max_length=64, unique=True)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    conference = models.ForeignKey(
        Conference, null=True, blank=True, on_delete=models.CASCADE, related_name="jobs"
    )
    arguments = models.JSONField(default=dict, blank=True)
    people = models.JSONField(default=list, blank=True)
    total = models.PositiveIntegerField()
    done = models.PositiveIntegerField(default=0)
    counts = models.JSONField(default=dict, blank=True)
    problems = models.JSONField(default=list, blank=True, encoder=TextEncoder, decoder=TextDecoder)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING, db_index=True)
    problem = SentenceField(blank=True, default="")
    created_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True, blank=True)
    moved_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    lease_until = models.DateTimeField(null=True, blank=True)
    fence = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.what} {self.done}/{self.total}"

    @property
    def open(self) -> bool:
        """Whether something is still to be done."""
        return self.state in OPEN


OPEN = (Job.State.WAITING, Job.State.RUNNING)
