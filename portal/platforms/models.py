"""One account on one platform: how to reach it; and beside it who works on it now, what it may
still ask."""

import uuid
from typing import Any

from django.db import models, transaction
from django.db.models.functions import Lower
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from integrations import registry
from integrations.base.adapter import Room
from integrations.base.capabilities import Capabilities
from portal.common import languages
from portal.common.fields import EncryptedJSONField
from portal.common.texts import SentenceField
from portal.platforms.managers import AccountManager


def new_mark() -> str:
    """A name that no other database has."""
    return uuid.uuid4().hex


class PlatformAccount(models.Model):
    """What an administrator sets, and what a test of the connection found out (`identity`,
    `learned`: see `AccountCheck`). No request to the platform writes here: see `AccountRuntime`.

    Credentials are encrypted at rest and never shown again.
    """

    class State(models.TextChoices):
        CONNECTED = "connected", _("Connected")
        REJECTED = "rejected", _("Credentials refused")

    class ChangesThere(models.TextChoices):
        ASK = "ask", _("Ask before anybody is notified")
        TELL = "tell", _("Notify people automatically")
        NEVER = "never", _("Notify nobody")

    label = models.CharField(max_length=80, help_text=_("How staff know this account."))
    platform = models.CharField(max_length=30, db_index=True)
    base_url = models.URLField(max_length=300)
    credentials = EncryptedJSONField(default=dict)
    options = models.JSONField(default=dict, blank=True)
    ca_bundle = models.CharField(
        max_length=300, blank=True, help_text=_("Path of a private CA bundle on the server.")
    )
    state = models.CharField(max_length=12, choices=State, default=State.CONNECTED)
    paused = models.BooleanField(default=False, help_text=_("No sync and no push while it is set."))
    paused_why = SentenceField(
        blank=True, default="", help_text=_("Where Lectern paused it by itself: the reason.")
    )
    interval_minutes = models.PositiveSmallIntegerField(default=5)
    changes_there = models.CharField(
        _("changes made on the platform"),
        max_length=5,
        choices=ChangesThere,
        default=ChangesThere.ASK,
        help_text=_(
            "Whether people hear by mail of a change that was made on the platform itself: "
            "another time or title, or a webinar that was deleted there."
        ),
    )
    sender_name = models.CharField(
        max_length=80,
        blank=True,
        help_text=_("Who mails about webinars on this account come from. Empty: Lectern's sender."),
    )
    sender_address = models.EmailField(
        blank=True,
        help_text=_(
            "The mail server must be allowed to send from this address. Empty: Lectern's address."
        ),
    )
    reply_to = models.EmailField(
        blank=True, help_text=_("Where answers to these mails go. Empty: to the sender.")
    )
    language = models.CharField(
        max_length=languages.LONGEST,
        blank=True,
        validators=[languages.check],
        help_text=_("Of mails to people of whom no language is known. Empty: Lectern's."),
    )
    identity = models.CharField(max_length=200, blank=True)
    learned = models.JSONField(default=dict, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    requests_per_minute = models.PositiveIntegerField(
        null=True, blank=True, help_text=_("Empty: what the platform allows.")
    )
    concurrent_rooms = models.PositiveIntegerField(
        _("webinars at the same time"),
        null=True,
        blank=True,
        help_text=_("How many may run at once. Empty: what the platform has told, else not known."),
    )

    objects = AccountManager()

    class Meta:
        base_manager_name = "objects"
        ordering = ["label"]
        constraints = [
            models.UniqueConstraint(
                Lower("label"),
                name="one_account_per_label",
                violation_error_message=_("Another account has this label."),
            )
        ]

    def __str__(self) -> str:
        return self.label

    def save(self, *args: Any, **kwargs: Any) -> None:
        """No account is without its runtime row: both are made together."""
        with transaction.atomic():
            made = self._state.adding
            super().save(*args, **kwargs)
            if made:
                AccountRuntime.objects.create(account=self)

    @property
    def room(self) -> Room:
        """The platform's room: capabilities, credential fields, adapter."""
        return registry.room(self.platform)

    @property
    def capabilities(self) -> Capabilities:
        """What this very account can do: its options may take away from what its platform can."""
        return self.room.capabilities_of(self.options, self.learned)

    @property
    def platform_name(self) -> str:
        return self.room.name

    @property
    def active(self) -> bool:
        """Whether sync and pushes may run at all."""
        return not self.paused and self.state == self.State.CONNECTED


class AccountRuntime(models.Model):
    """What the machine writes about an account, while an administrator may be changing the rest.

    `lease_*`: one worker at a time (see `lease`). `rate_tat` (epoch seconds) and `blocked_until`:
    the request budget (see `budget`); `pace` is what 429s have taught (see `pace`). `fail_count`,
    `open_until` and `problem`: the breaker (see `breaker`). `readings`: how far what is
    read in turn has come (see the sync's `readings`), `live_at`: when what is live may be read
    next (see the sync's `live`). `tokens` are read and written by `tokens`
    alone, under `token_lock_until`. `mirrored` is how many
    records of each kind stand here (see the sync's `counted`). `rooms_told`: see `capacity`.
    """

    account = models.OneToOneField(
        PlatformAccount, on_delete=models.CASCADE, primary_key=True, related_name="runtime"
    )
    problem = SentenceField(blank=True, default="")
    checked_at = models.DateTimeField(_("last tested"), null=True, blank=True)
    synced_at = models.DateTimeField(_("last synced"), null=True, blank=True)
    next_sync_at = models.DateTimeField(_("next sync due"), null=True, blank=True, db_index=True)

    readings = models.JSONField(default=dict, blank=True, editable=False)
    live_at = models.DateTimeField(null=True, blank=True, editable=False)

    lease_owner = models.CharField(_("worker at it"), max_length=60, blank=True)
    lease_until = models.DateTimeField(_("at it until"), null=True, blank=True)
    lease_fence = models.PositiveBigIntegerField(_("how often it was taken up"), default=0)
    pace = models.FloatField(
        null=True, blank=True, help_text=_("Requests a minute, where the platform asked for fewer.")
    )
    rate_tat = models.FloatField(_("budget even at (epoch seconds)"), default=0)
    blocked_until = models.DateTimeField(_("asked to wait until"), null=True, blank=True)
    fail_count = models.PositiveIntegerField(_("failures in a row"), default=0)
    open_until = models.DateTimeField(_("left alone until"), null=True, blank=True)
    mirrored = models.JSONField(default=dict, blank=True, editable=False)
    rooms_told = models.PositiveIntegerField(
        _("webinars at the same time, as the platform told"), null=True, blank=True
    )
    tokens = EncryptedJSONField(default=dict, blank=True)
    token_lock_until = models.DateTimeField(_("logging in until"), null=True, blank=True)

    class Meta:
        verbose_name = _("account's runtime")
        verbose_name_plural = _("accounts' runtime")

    def __str__(self) -> str:
        return gettext("what goes on with account %(account)s") % {"account": self.pk}


class Generation(models.Model):
    """How far this database has come; one row (see `generation`). `mark` names the database."""

    mark = models.CharField(max_length=32, default=new_mark)
    number = models.PositiveBigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.mark}: {self.number}"
