"""The sync's own memory: which row is which record, what both sides last agreed on."""

import uuid
from collections.abc import Collection
from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from integrations.base.records import Record
from portal.common import clock
from portal.common.texts import SentenceField, TextDecoder, TextEncoder
from portal.platforms.models import PlatformAccount
from portal.sync import digests
from portal.sync.compare import ABSENCES_TO_BELIEVE


class PlatformLink(models.Model):
    """One row of ours on one account. `local_id` is None for a duplicate: a record never imported.

    `op_sent` is what a create sent whose outcome is open (`op`); without one it is what another
    create said of this row: a registration brings a person along, before any list shows them.

    Two bases: what ours and what theirs held when both last agreed. A platform may trim, re-case
    or re-zone what it is given; each side is compared with its own base alone. Whether we have
    something to push is computed from them, never a flag that can be lost.

    `row_digest` is that of the platform's row which shows what stands in `base_theirs` and `facts`,
    and nothing else: a row that has it need not be decoded. Each save of a link ends that, unless
    `shows` has been told the row; what it holds then is like no other, so that whoever has read an
    older one does not write over it.
    """

    _shown = ""

    class State(models.TextChoices):
        LIVE = "live", _("Synced")
        GONE = "gone", _("Removed there")
        DELETED = "deleted", _("Deleted there by us")
        DUPLICATE = "duplicate", _("A duplicate, not imported")

    class Op(models.TextChoices):
        NONE = "", _("Nothing under way")
        IN_FLIGHT = "in flight", _("Being created")
        UNKNOWN = "unknown", _("Checking whether it was created")

    # Each index is paid for by every record of a first sync: these four answer all that is asked.
    account = models.ForeignKey(PlatformAccount, on_delete=models.CASCADE, db_index=False)
    kind = models.CharField(max_length=20)
    local_id = models.BigIntegerField(null=True, blank=True)
    external_id = models.CharField(max_length=200, null=True, blank=True)
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.CASCADE, related_name="children"
    )
    base_ours = models.JSONField(default=dict)
    base_theirs = models.JSONField(default=dict)
    facts = models.JSONField(default=dict)
    volatile = models.JSONField(default=dict)
    row_digest = models.CharField(max_length=32, blank=True)
    listed = models.CharField(max_length=32, blank=True)
    detailed_at = models.DateTimeField(null=True, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.LIVE)
    misses = models.PositiveSmallIntegerField(default=0)
    # When an absence was counted last: two of them prove something only if they lie apart.
    absent_at = models.DateTimeField(null=True, blank=True)
    unlisted = models.BooleanField(default=False)
    flips = models.JSONField(default=dict)

    op = models.CharField(max_length=10, choices=Op, default=Op.NONE, blank=True)
    op_at = models.DateTimeField(null=True, blank=True)
    op_sent = models.JSONField(default=dict)
    op_absences = models.PositiveSmallIntegerField(default=0)
    marker = models.CharField(max_length=20, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "local_id", "account"], name="one_link_per_row_and_account"
            ),
            models.UniqueConstraint(
                fields=["account", "kind", "external_id"], name="one_link_per_record"
            ),
        ]
        indexes = [
            models.Index(fields=["marker"], name="marked_links", condition=~models.Q(marker=""))
        ]

    def __str__(self) -> str:
        return gettext("%(kind)s %(ours)s = %(theirs)s on %(account)s") % {
            "kind": self.kind,
            "ours": self.local_id,
            "theirs": self.external_id or "?",
            "account": self.account,
        }

    def save(self, **options: Any) -> None:
        """Save it; from now on it is known by its row if that was told, and else by none."""
        self.row_digest, self._shown = self._shown or f"-{uuid.uuid4().hex[:16]}", ""
        if options.get("update_fields") is not None:
            options["update_fields"] = {*options["update_fields"], "row_digest"}
        super().save(**options)

    def shows(self, record: Record, compared: Collection[str]) -> None:
        """Before a save: this is the record that the platform shows of it (see `digests.of`)."""
        bases = (self.base_ours, self.base_theirs, self.facts)
        self._shown = digests.of(record, compared, *bases)

    @property
    def made(self) -> bool:
        """Whether the record surely was on the platform once, named or not."""
        return self.external_id is not None or bool(self.base_ours)

    def restored(self, row: Any) -> bool:
        """Whether it is a create of `row` that was open in a restored database (see `restoring`):
        it was sent at some time since the row was made, if at all; that is all that is known."""
        made_at = getattr(row, "created_at", None)
        return bool(self.op) and made_at is not None and self.op_at == made_at

    @property
    def brought(self) -> bool:
        """Whether another create has brought it to the platform, which has not shown it since."""
        unseen = self.external_id is None or self.state == self.State.GONE
        return bool(self.op_sent) and not self.op and unseen

    @property
    def awaited(self) -> bool:
        """Whether it may still be shown any moment: two listings have not proved otherwise."""
        return self.brought and self.op_absences < ABSENCES_TO_BELIEVE


class Watched(models.Model):
    """A webinar whose lists are read by the minute, since it is live or somebody looks at it.

    `wanted_at`: somebody asked for it, and nobody has tried yet. `read_at`: when its lists were
    read last beside the syncs, and `news` whether something was found; `tried_at`: when somebody
    tried last, so that one list that is broken holds up no others. A row that nobody needs any
    more is forgotten.
    """

    link = models.OneToOneField(PlatformLink, on_delete=models.CASCADE, primary_key=True)
    wanted_at = models.DateTimeField(null=True, blank=True, db_index=True)
    read_at = models.DateTimeField(null=True, blank=True)
    tried_at = models.DateTimeField(null=True, blank=True)
    news = models.BooleanField(default=False)

    def __str__(self) -> str:
        return str(self.link)


class SyncRun(models.Model):
    """One sync of one account: what was planned, what came of it, what it cost.

    It is stored when it begins (a push: with its first request), with the worker and the lease's
    `fence`. `answers` are redacted beginnings of answers that were not as they should be, for
    administrators alone: each with operation, status and excerpt.
    """

    class Outcome(models.TextChoices):
        RUNNING = "running", _("Running")
        OK = "ok", _("Synced")
        HELD = "held", _("Held")
        PARTIAL = "partial", _("Partly done")
        FAILED = "failed", _("Failed")

    # Triggers. A dry run only plans; a push sends what waits; a live run reads the lists of what is
    # live or looked at. The latter two are no syncs: they leave no row where they did nothing.
    DRY_RUN, PUSH, LIVE = "dry run", "push", "live"
    BRIEF = (PUSH, LIVE)

    account = models.ForeignKey(PlatformAccount, on_delete=models.CASCADE, related_name="runs")
    trigger = models.CharField(max_length=20)
    full = models.BooleanField(default=False)
    started_at = models.DateTimeField(db_index=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=10, choices=Outcome, default=Outcome.RUNNING)
    created = models.PositiveIntegerField(default=0)
    updated = models.PositiveIntegerField(default=0)
    removed = models.PositiveIntegerField(default=0)
    conflicts = models.PositiveIntegerField(default=0)
    held = models.PositiveIntegerField(default=0)
    calls = models.PositiveIntegerField(default=0)
    nameless = models.PositiveIntegerField(
        default=0, help_text=_("People without an e-mail address, who stay on the platform alone.")
    )
    problem = SentenceField(blank=True, default="")
    steps = models.JSONField(default=list, encoder=TextEncoder, decoder=TextDecoder)
    worker = models.CharField(max_length=120, blank=True)
    fence = models.PositiveBigIntegerField(null=True, blank=True, editable=False)
    answers = models.JSONField(default=list, blank=True)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.account}, {self.started_at:%Y-%m-%d %H:%M}: {self.outcome}"

    @property
    def stopped(self) -> bool:
        """Whether its worker stopped before the end: nobody is at it, or another one is."""
        if self.finished_at is not None or self.fence is None:
            return False
        now = self.account.runtime
        gone = now.lease_until is None or now.lease_until <= clock.now()
        return gone or now.lease_fence != self.fence

    @property
    def went_through(self) -> bool:
        """Whether it was not ended by an error of the whole account."""
        return self.outcome != self.Outcome.FAILED


class Hold(models.Model):
    """The brake: a listing lost too much at once. Nothing is changed until a person has looked."""

    account = models.ForeignKey(PlatformAccount, on_delete=models.CASCADE, related_name="holds")
    kind = models.CharField(max_length=20)
    parent = models.ForeignKey(PlatformLink, null=True, blank=True, on_delete=models.CASCADE)
    ours = models.BooleanField(default=False, help_text=_("The deletes are ours, not theirs."))
    reason = SentenceField(default="")
    missing = models.JSONField(default=list)
    since = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    released_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL
    )
    released = models.BooleanField(default=False, help_text=_("A person accepted the absences."))

    class Meta:
        ordering = ["-since"]

    def __str__(self) -> str:
        return str(self.reason)


class Conflict(models.Model):
    """Something that a person should look at: both values are kept, one click turns it round."""

    class Sort(models.TextChoices):
        FIELD = "field", _("Changed on both sides")
        DELETE = "delete", _("Cancelled here, changed there")
        GONE = "gone", _("Removed there")
        DUPLICATE = "duplicate", _("There twice")
        FLIP = "flip", _("Changes back and forth")
        REFUSED = "refused", _("The platform keeps its own value")
        CLOCK = "clock", _("Moved by new time zone data")
        WHICH = "which", _("Which one is it?")
        ADDRESS = "address", _("Another address on the platform")

    account = models.ForeignKey(PlatformAccount, on_delete=models.CASCADE)
    link = models.ForeignKey(PlatformLink, on_delete=models.CASCADE, related_name="conflicts")
    kind = models.CharField(max_length=20)
    local_id = models.BigIntegerField(null=True, blank=True)
    sort = models.CharField(max_length=10, choices=Sort, default=Sort.FIELD)
    field = models.CharField(max_length=60, blank=True)
    ours = models.JSONField(null=True, blank=True)
    theirs = models.JSONField(null=True, blank=True)
    base = models.JSONField(null=True, blank=True)
    winner = models.CharField(max_length=10, blank=True)
    sentence = SentenceField(default="")
    at = models.DateTimeField()
    resolved_at = models.DateTimeField(null=True, blank=True)
    resolved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL
    )
    resolution = models.CharField(max_length=20, blank=True)

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["resolved_at", "account"])]

    def __str__(self) -> str:
        return str(self.sentence)
