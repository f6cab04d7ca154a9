"""The page on which people register by themselves: what it asks, and what they answered."""

import secrets
import uuid

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.common import clock
from portal.conferences.models.conference import Conference
from portal.conferences.models.registration import Registration
from portal.conferences.models.series import Series

SLUG_BYTES = 9  # twelve letters that nobody guesses


def new_slug() -> str:
    """The part of a page's address that tells it from others."""
    return secrets.token_urlsafe(SLUG_BYTES)


class RegistrationPage(models.Model):
    """The own registration page of one conference, or of a series, on whatever platform it takes
    place.

    Who registers confirms it by a link first, and takes a place only then. `limit` counts places,
    of a series those of each date; without a free one people wait where there is a `waitlist`, and
    are turned away where not. `dates` says of a series which of its dates they register for.
    """

    class Reach(models.TextChoices):
        PUBLIC = "public", gettext_lazy("Everybody who has its address")
        INTRANET = "intranet", gettext_lazy("Only from within the company's network")

    class Dates(models.TextChoices):
        ALL = "all", gettext_lazy("All dates that lie ahead, at once")
        CHOSEN = "chosen", gettext_lazy("Those that they choose, one at least")

    conference = models.OneToOneField(
        Conference,
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="registration_page",
    )
    series = models.OneToOneField(
        Series, null=True, blank=True, on_delete=models.CASCADE, related_name="registration_page"
    )
    dates = models.CharField(max_length=10, choices=Dates, default=Dates.ALL)
    slug = models.CharField(max_length=20, unique=True, default=new_slug, editable=False)
    open = models.BooleanField(
        default=False, help_text=gettext_lazy("Whether people can register there.")
    )
    reach = models.CharField(max_length=10, choices=Reach, default=Reach.PUBLIC)
    intro = models.TextField(blank=True)
    limit = models.PositiveIntegerField(
        null=True, blank=True, help_text=gettext_lazy("Places. Empty: as many as come.")
    )
    waitlist = models.BooleanField(default=True)
    approval = models.BooleanField(default=False)
    opens_at = models.DateTimeField(null=True, blank=True)
    closes_at = models.DateTimeField(null=True, blank=True)
    frame_origins = models.TextField(
        blank=True, help_text=gettext_lazy("Web sites that may show it, one origin to a line.")
    )
    changed_at = models.DateTimeField(auto_now=True)
    version = models.PositiveIntegerField(
        default=0,
        editable=False,
        help_text=gettext_lazy("Counts saves, so that two who edit at once learn of each other."),
    )

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(conference__isnull=False, series=None)
                | models.Q(conference=None, series__isnull=False),
                name="a_registration_page_has_one_owner",
            )
        ]

    def __str__(self) -> str:
        return _("Registration page of %(webinar)s") % {"webinar": self.owner}

    @property
    def owner(self) -> Conference | Series:
        """Whose page it is."""
        found = self.conference or self.series
        assert found is not None  # noqa: S101 - a constraint keeps it
        return found

    @property
    def chooses(self) -> bool:
        """Whether people choose their dates on it."""
        return self.series_id is not None and self.dates == self.Dates.CHOSEN


class Question(models.Model):
    """One question of a registration page. `least` and `most` bound a number. `field_there` is the
    name of the platform's own field that holds the same."""

    class Kind(models.TextChoices):
        TEXT = "text", gettext_lazy("A short text")
        LONG = "long", gettext_lazy("A long text")
        NUMBER = "number", gettext_lazy("A number")
        DATE = "date", gettext_lazy("A date")
        CHOICE = "choice", gettext_lazy("One of several")
        SEVERAL = "several", gettext_lazy("Any of several")
        CONSENT = "consent", gettext_lazy("A consent to tick")

    page = models.ForeignKey(RegistrationPage, on_delete=models.CASCADE, related_name="questions")
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.TEXT)
    label = models.CharField(max_length=500)
    options = models.JSONField(default=list, blank=True)
    least = models.FloatField(null=True, blank=True)
    most = models.FloatField(null=True, blank=True)
    field_there = models.CharField(max_length=200, blank=True)
    required = models.BooleanField(default=False)
    position = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return self.label


class QuestionAnswer(models.Model):
    """What somebody answered. `asked` and `kind` are the question's as they read it: a consent is
    to what was written then, and stays when the question goes. On the `page` of a series a person
    answers once, for whichever dates: it is kept with the registration for one of them."""

    registration = models.ForeignKey(
        Registration, on_delete=models.CASCADE, related_name="question_answers"
    )
    question = models.ForeignKey(
        Question, null=True, on_delete=models.SET_NULL, related_name="answers"
    )
    page = models.ForeignKey(
        RegistrationPage, null=True, blank=True, on_delete=models.SET_NULL, related_name="answers"
    )
    asked = models.CharField(max_length=500)
    kind = models.CharField(max_length=10, choices=Question.Kind, default=Question.Kind.TEXT)
    value = models.TextField(blank=True)
    answered_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["registration", "question"], name="one_answer_to_a_question"
            )
        ]

    def __str__(self) -> str:
        return f"{self.asked}: {self.value}"


class UnconfirmedRegistration(models.Model):
    """Somebody has filled in a registration page, and not confirmed it yet. Nobody is known or
    registered by it: anybody can type any address.

    `given` holds the answers by the question's key, each with the question as it was read and its
    kind. `sender` is a keyed digest of where it came from: only to count how many come from there.
    """

    page = models.ForeignKey(RegistrationPage, on_delete=models.CASCADE, related_name="unconfirmed")
    token = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    email = models.EmailField(max_length=254)
    first_name = models.CharField(max_length=200, blank=True)
    last_name = models.CharField(max_length=200, blank=True)
    company = models.CharField(max_length=200, blank=True)
    given = models.JSONField(default=dict, blank=True)
    dates = models.JSONField(
        default=list,
        blank=True,
        help_text=gettext_lazy("The dates that were chosen, by id; empty: all that lie ahead."),
    )
    sender = models.CharField(max_length=32, blank=True)
    created_at = models.DateTimeField(default=clock.now)
    registration = models.ForeignKey(
        Registration,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="unconfirmed",
        help_text=gettext_lazy("What came of it, once it was confirmed."),
    )
    confirmed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["page", "created_at"], name="unconfirmed_of_a_page"),
            models.Index(fields=["sender", "created_at"], name="unconfirmed_of_a_sender"),
            models.Index(fields=["email", "created_at"], name="unconfirmed_of_an_address"),
        ]

    def __str__(self) -> str:
        return self.email
