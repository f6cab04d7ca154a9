"""Who comes, by which link, and what we wrote to them."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.common import clock
from portal.common.texts import SentenceField
from portal.conferences.models.base import Mirrored
from portal.conferences.models.conference import Conference, Moderator
from portal.conferences.models.date_poll import AskedPerson, DatePoll
from portal.conferences.models.mail_copy import MailCopy
from portal.conferences.models.people import Attendee
from portal.platforms.models import PlatformAccount


class Registration(Mirrored):
    """An attendee at a conference: how far they have come, from the invitation on.

    `token` is the stable part of our own `/join/<token>`; `join_url` is the platform's personal
    link behind it, which may change while ours does not. `removed_at` means withdrawn, or declined
    where their `answer` is no. A platform hears of those alone who are at the stage registered, and
    nobody goes back from there: whoever was registered can only be withdrawn. Whoever withdrew and
    then found all places taken waits for one all the same (`waits_again`): to a platform they have
    withdrawn.
    """

    class Stage(models.TextChoices):
        INVITED = "invited", gettext_lazy("Invited")
        APPROVAL = "approval", gettext_lazy("Waiting for approval")
        WAITLISTED = "waitlisted", gettext_lazy("On the waiting list")
        REGISTERED = "registered", gettext_lazy("Registered")

    class Answer(models.TextChoices):
        YES = "yes", gettext_lazy("Yes")
        MAYBE = "maybe", gettext_lazy("Maybe")
        NO = "no", gettext_lazy("No")

    # Both are in an index below, first.
    conference = models.ForeignKey(
        Conference, on_delete=models.CASCADE, related_name="registrations", db_index=False
    )
    attendee = models.ForeignKey(
        Attendee, on_delete=models.PROTECT, related_name="registrations", db_index=False
    )
    token = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    join_url = models.CharField(max_length=2000, blank=True)
    registered_at = models.DateTimeField(null=True, blank=True)
    stage = models.CharField(max_length=10, choices=Stage, default=Stage.REGISTERED)
    answer = models.CharField(
        max_length=5, choices=Answer, blank=True, help_text=gettext_lazy("What the person said.")
    )
    answered_at = models.DateTimeField(null=True, blank=True)
    said_at = models.DateTimeField(
        null=True,
        blank=True,
        editable=False,
        help_text=gettext_lazy("When they last said so themselves, by a link or their calendar."),
    )
    invited_at = models.DateTimeField(
        null=True, blank=True, help_text=gettext_lazy("When staff first invited them.")
    )
    waits_again_at = models.DateTimeField(
        null=True,
        blank=True,
        editable=False,
        help_text=gettext_lazy(
            "When somebody who had withdrawn went on the waiting list, having been registered."
        ),
    )
    # Canonical JSON: `integrations.base.answers`
    answers_there = models.TextField(
        blank=True,
        editable=False,
        help_text=gettext_lazy("What stands in the platform's own fields of this registration."),
    )

    every_date = models.BooleanField(
        default=False,
        editable=False,
        help_text=gettext_lazy("Whether they registered for all dates of its series at once."),
    )

    # Who waits again; whatever ended their part later ended that, too.
    AGAIN = models.Q(removed_at__isnull=False, waits_again_at__gte=models.F("removed_at"))
    # Who takes part, or waits to; and who of them waits for a place.
    LISTED = models.Q(removed_at=None) | AGAIN
    ON_WAITING_LIST = models.Q(removed_at=None, stage=Stage.WAITLISTED) | AGAIN
    # Stage and removal as they read to people, where columns are read.
    STANDING = models.Case(
        models.When(AGAIN, then=models.Value("waitlisted")), default=models.F("stage")
    )
    LEFT_AT = models.Case(models.When(AGAIN, then=None), default=models.F("removed_at"))

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["conference", "attendee"], name="registered_once_per_conference"
            )
        ]
        # Who stands is counted in the index alone.
        indexes = [
            models.Index(
                fields=["conference", "removed_at", "stage"], name="at_conference_by_stage"
            ),
            models.Index(fields=["attendee", "removed_at", "stage"], name="of_attendee_by_stage"),
            # Few among all, and every page counts them; the condition's columns make it whole.
            models.Index(
                fields=["conference", "removed_at", "stage"],
                name="waiting_for_approval",
                condition=models.Q(stage="approval", removed_at=None),
            ),
        ]

    def __str__(self) -> str:
        return _("%(attendee)s at %(conference)s") % {
            "attendee": self.attendee,
            "conference": self.conference,
        }

    @property
    def is_registered(self) -> bool:
        """Whether they are registered, or were before they withdrew."""
        return self.stage == self.Stage.REGISTERED

    @property
    def waits_again(self) -> bool:
        """Whether they were registered, have withdrawn, and wait for a place since."""
        at, since = self.removed_at, self.waits_again_at
        return at is not None and since is not None and since >= at

    @property
    def standing(self) -> str:
        """Their stage as it reads to people: who waits again is on the waiting list."""
        return str(self.Stage.WAITLISTED if self.waits_again else self.stage)

    @property
    def listed(self) -> bool:
        """Whether they take part, or wait to."""
        return self.removed_at is None or self.waits_again

    @property
    def has_declined(self) -> bool:
        """Whether they have said that they do not come."""
        return self.removed_at is not None and self.answer == self.Answer.NO


class Invitation(models.Model):
    """One message to one person about one conference, or about a date poll from which one is to
    come, kept as it was sent.

    Until it is sent, `before` and `after` hold the values that it is to tell of; then what it said
    had changed, and all that it said. It is held back while the platform refuses what it speaks of.
    `sequence` is the calendar's, counted for each person.
    """

    class Purpose(models.TextChoices):
        INVITE = "invite", gettext_lazy("Invitation")
        UPDATE = "update", gettext_lazy("Change")
        CANCEL = "cancel", gettext_lazy("Cancellation")
        CONFIRM = "confirm", gettext_lazy("Question to confirm")
        REMIND = "remind", gettext_lazy("Reminder")
        ASK = "ask", gettext_lazy("Question about a date")
        OUTCOME = "outcome", gettext_lazy("Outcome of a date poll")

    class Act(models.TextChoices):
        INVITE = "invite", gettext_lazy("Invited")
        RESCHEDULE = "reschedule", gettext_lazy("Changed")
        CANCEL = "cancel", gettext_lazy("Cancelled")
        WITHDRAW = "withdraw", gettext_lazy("Withdrawn")
        ASSIGN = "assign", gettext_lazy("Assigned")
        UNASSIGN = "unassign", gettext_lazy("Taken off")
        REMIND = "remind", gettext_lazy("Reminded")
        SIGN_UP = "sign_up", gettext_lazy("Asked to confirm")
        ASK = "ask", gettext_lazy("Asked for a date")
        ASK_AGAIN = "ask_again", gettext_lazy("Asked for a date again")
        ASK_CHANGE = "ask_change", gettext_lazy("Told that a date poll changed")
        OUTCOME = "outcome", gettext_lazy("Told what came of a date poll")

    class State(models.TextChoices):
        WAITING = "waiting", gettext_lazy("Waiting")
        HELD = "held", gettext_lazy("Held back")
        SENDING = "sending", gettext_lazy("Being sent")
        SENT = "sent", gettext_lazy("Sent")
        FAILED = "failed", gettext_lazy("Failed")
        UNKNOWN = "unknown", gettext_lazy("Perhaps sent")
        DROPPED = "dropped", gettext_lazy("Not sent")

    conference = models.ForeignKey(
        Conference, null=True, blank=True, on_delete=models.CASCADE, related_name="invitations"
    )
    asked = models.ForeignKey(
        AskedPerson,
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="invitations",
        help_text=gettext_lazy("Whom it asks for a date; there is no conference by then."),
    )
    registration = models.ForeignKey(
        Registration, null=True, blank=True, on_delete=models.CASCADE, related_name="invitations"
    )
    moderator = models.ForeignKey(
        Moderator, null=True, blank=True, on_delete=models.CASCADE, related_name="invitations"
    )
    unconfirmed = models.ForeignKey(
        "UnconfirmedRegistration",
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="invitations",
        help_text=gettext_lazy("Whom it asks to confirm; nobody is registered by then."),
    )
    purpose = models.CharField(max_length=10, choices=Purpose, default=Purpose.INVITE)
    act = models.CharField(
        max_length=10, choices=Act, blank=True, help_text=gettext_lazy("What it tells of.")
    )
    to_email = models.EmailField(max_length=254, blank=True)
    note = models.TextField(blank=True, help_text=gettext_lazy("What staff added to the message."))
    subject = models.CharField(max_length=600, blank=True)
    before = models.JSONField(default=dict, blank=True)
    after = models.JSONField(default=dict, blank=True)
    with_entry = models.BooleanField(
        null=True,
        editable=False,
        help_text=gettext_lazy("Whether a calendar entry came with it, where that is known."),
    )
    sequence = models.PositiveIntegerField(default=0)
    together = models.UUIDField(
        null=True,
        blank=True,
        editable=False,
        help_text=gettext_lazy("Messages with the same one reach a person as one message."),
    )
    anyway = models.BooleanField(
        default=False, help_text=gettext_lazy("Staff want it sent, whatever the platform says.")
    )
    copy = models.ForeignKey(
        MailCopy,
        null=True,
        blank=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="invitations",
    )
    copied = models.JSONField(
        default=list,
        blank=True,
        editable=False,
        help_text=gettext_lazy("What the copy has of this one person; it holds their link."),
    )
    remind_start = models.DateTimeField(
        null=True,
        blank=True,
        editable=False,
        help_text=gettext_lazy("Of a reminder: the start that it reminds of."),
    )
    remind_before = models.PositiveIntegerField(
        null=True,
        blank=True,
        editable=False,
        help_text=gettext_lazy("How many minutes before; empty where staff sent it by hand."),
    )
    state = models.CharField(max_length=10, choices=State, default=State.WAITING, db_index=True)
    not_before = models.DateTimeField()
    attempts = models.PositiveIntegerField(default=0)
    problem = SentenceField(blank=True, default="")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL
    )
    created_at = models.DateTimeField(default=clock.now)
    sent_at = models.DateTimeField(null=True, blank=True)
    bounced_at = models.DateTimeField(
        null=True, blank=True, help_text=gettext_lazy("When it came back.")
    )

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["state", "not_before"]),
            models.Index(
                fields=["together", "to_email"],
                name="invitations_sent_together",
                condition=models.Q(together__isnull=False),
            ),
        ]
        constraints = [
            # Whatever crashes, and however many clocks tick.
            models.UniqueConstraint(
                fields=["registration", "remind_before", "remind_start"],
                condition=models.Q(remind_before__isnull=False),
                name="reminded_once",
            ),
            models.CheckConstraint(
                condition=models.Q(conference__isnull=False, asked__isnull=True)
                | models.Q(conference__isnull=True, asked__isnull=False),
                name="about_a_conference_or_a_poll",
            ),
        ]

    def __str__(self) -> str:
        return _("%(purpose)s to %(email)s") % {
            "purpose": self.get_purpose_display(),
            "email": self.to_email,
        }

    @property
    def about(self) -> Conference:
        """Its conference, of a message that is about one."""
        if self.conference is None:
            raise ValueError(self.pk)
        return self.conference

    @property
    def poll(self) -> DatePoll | None:
        """The date poll that it is about, where it is about one."""
        return self.asked.poll if self.asked else None

    @property
    def account(self) -> PlatformAccount:
        """Whose sender writes it."""
        return self.asked.poll.account if self.asked else self.about.account

    @property
    def for_one(self) -> bool:
        """Whether it is about one person's part, and not about the whole conference."""
        return self.act in (self.Act.WITHDRAW, self.Act.UNASSIGN)

    @property
    def role_key(self) -> tuple[str, int]:
        """The row that it is for: its relation and its id."""
        if self.registration_id:
            return "registration", self.registration_id
        return "moderator", self.moderator_id or 0
