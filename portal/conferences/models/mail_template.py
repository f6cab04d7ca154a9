"""What staff wrote for mails of one kind, instead of Lectern's own words."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.common import languages
from portal.platforms.models import PlatformAccount


class MailTemplate(models.Model):
    """The subject and the text of mails with one purpose in one language: for all accounts, or for
    one of them, whose own goes before that for all. Between braces stand the placeholders of
    `mails.services.placeholders`."""

    class Purpose(models.TextChoices):
        INVITE = "invite", gettext_lazy("Invitation")
        SPEAKER = "speaker", gettext_lazy("Invitation of a speaker")
        UPDATE = "update", gettext_lazy("Change")
        CANCEL = "cancel", gettext_lazy("Cancellation")
        REMIND = "remind", gettext_lazy("Reminder")
        ASK = "ask", gettext_lazy("Question about a date")
        OUTCOME = "outcome", gettext_lazy("Outcome of a date poll")

    purpose = models.CharField(max_length=10, choices=Purpose)
    language = models.CharField(max_length=languages.LONGEST, validators=[languages.check])
    account = models.ForeignKey(
        PlatformAccount,
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="mail_templates",
        help_text=gettext_lazy("Empty: for all accounts."),
    )
    subject = models.CharField(max_length=250)
    text = models.TextField()
    button = models.CharField(
        max_length=60, blank=True, help_text=gettext_lazy("What stands on the button.")
    )
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        ordering = ["purpose", "language", "account__label"]
        constraints = [
            models.UniqueConstraint(
                fields=["purpose", "language", "account"], name="one_mail_template_for_an_account"
            ),
            models.UniqueConstraint(
                fields=["purpose", "language"],
                condition=models.Q(account=None),
                name="one_mail_template_for_all_accounts",
            ),
        ]

    def __str__(self) -> str:
        named = {"purpose": self.get_purpose_display(), "language": self.language_name}
        if self.account is None:
            return _("%(purpose)s, %(language)s") % named
        return _("%(purpose)s, %(language)s, %(account)s") % (named | {"account": self.account})

    @property
    def language_name(self) -> str:
        """The language in words."""
        return languages.name_of(self.language)
