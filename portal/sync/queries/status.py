"""From all that is known about one copy to one state and one plain sentence. Asks no database."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from integrations.base.records import Kind
from portal.common import clock
from portal.common.texts import of_room, shown
from portal.outbox.models import OutboxEntry
from portal.outbox.queries import waiting_because
from portal.platforms.models import PlatformAccount
from portal.sync.models import Conflict, PlatformLink

# Worst first.
RANK = (
    "conflict",
    "failed",
    "gone_there",
    "held",
    "checking",
    "sending",
    "waiting",
    "stale",
    "synced",
    "portal_only",
)
IN_PROGRESS = frozenset({"waiting", "sending", "checking"})
_NEXT: dict[str, str] = {
    OutboxEntry.State.FAILED: "failed",
    # A push in this state waits for a person: its platform will never show what came of it.
    OutboxEntry.State.UNKNOWN: "failed",
    OutboxEntry.State.WORKING: "sending",
    OutboxEntry.State.WAITING: "waiting",
}


@dataclass(frozen=True, slots=True)
class SyncLine:
    """A row's copy on a platform.

    `state`: synced, stale (agreed when last checked, but nobody looks now), waiting,
    sending, checking, conflict, failed, held, portal_only or
    gone_there. `sentence` is for staff, `field_errors` are the platform's words by field of ours;
    `entry_id` is the outbox entry to try again, `conflict_id` what waits for a choice. `noted`
    says that the sentence is the platform's room speaking: staff should read it though all is well.
    """

    state: str
    sentence: str = ""
    checked_at: datetime | None = None
    platform: str = ""
    account: str = ""
    entry_id: int | None = None
    conflict_id: int | None = None
    field_errors: dict[str, list[str]] = field(default_factory=dict)
    noted: bool = False

    @property
    def reason(self) -> str:
        """The sentence, by the name that the sync line's component has for it."""
        return self.sentence

    @property
    def in_progress(self) -> bool:
        """Whether a page should look again soon."""
        return self.state in IN_PROGRESS


Chip = SyncLine


@dataclass(slots=True)
class Seen:
    """All that is known about one row on one account."""

    account: PlatformAccount
    doubt: str = ""  # why what the account shows may be old
    link: PlatformLink | None = None
    entry: OutboxEntry | None = None
    conflict: Conflict | None = None
    held: bool = False
    kept: str = ""  # the platform's own value, where ours is used beside it
    differs: bool = False  # our side is not what both last agreed on, though nothing waits


def line_of(kind: str, row: dict[str, Any], seen: Seen) -> SyncLine:
    """The sync line of one copy. `row` holds draft, removed_at and gone_at where the kind has
    them."""
    state, sentence = _state(kind, row, seen)
    account, entry = seen.account, seen.entry
    refused = entry if state == "failed" else None
    agreed = state in ("synced", "stale") and not row.get("removed_at")
    note = of_room(str(seen.link.facts.get("note") or "")) if seen.link and agreed else ""
    return SyncLine(
        state,
        f"{note} {sentence}".strip(),
        checked_at=account.runtime.synced_at if seen.link else None,
        platform=account.platform,
        account=account.label,
        entry_id=refused.pk if refused else None,
        conflict_id=seen.conflict.pk if seen.conflict and not _settled(row, seen) else None,
        field_errors=_beside(refused) if refused else {},
        noted=bool(note),
    )


def _beside(entry: OutboxEntry) -> dict[str, list[str]]:
    """The words beside fields, ours in the active language."""
    return {name: [shown(one) for one in some] for name, some in entry.field_errors.items()}


def _state(kind: str, row: dict[str, Any], seen: Seen) -> tuple[str, str]:
    return _asked(row, seen) or _under_way(kind, row, seen) or _at_rest(kind, row, seen)


def _asked(row: dict[str, Any], seen: Seen) -> tuple[str, str] | None:
    """What a person has to decide or mend."""
    conflict, entry = seen.conflict, seen.entry
    if conflict and not _settled(row, seen):
        gone = conflict.sort == Conflict.Sort.GONE
        return ("gone_there" if gone else "conflict"), str(conflict.sentence)
    if entry and _NEXT[entry.state] == "failed":
        return "failed", str(entry.problem) or _("The platform did not say why.")
    return None


def _under_way(kind: str, row: dict[str, Any], seen: Seen) -> tuple[str, str] | None:
    """What is still on its way to the platform, or never goes there."""
    account, link, entry = seen.account, seen.link, seen.entry
    if entry and _NEXT[entry.state] == "sending":
        return _sending(account)
    if link and link.op:
        return "checking", _("Checking whether %(platform)s has made it.") % _names(account)
    if row.get("draft"):
        return "portal_only", _("A draft: %(platform)s has not been told.") % _names(account)
    if entry:
        return _NEXT[entry.state], waiting_because(account, entry)
    if link and link.awaited:
        said = _("%(platform)s was told of them, and does not show them yet.")
        return "waiting", said % _names(account)
    if link is None or link.brought:
        return "portal_only", _untold(kind, row, account)
    return None


def _at_rest(kind: str, row: dict[str, Any], seen: Seen) -> tuple[str, str]:
    """What stands on both sides."""
    account, link = seen.account, seen.link
    names = _names(account)
    if (link and link.state == PlatformLink.State.GONE) or row.get("gone_at"):
        return "gone_there", _gone(kind) % names
    if seen.held:
        said = _("%(platform)s did not show it; a person has to look first.")
        return "held", said % names
    if link and link.misses and not row.get("removed_at"):
        said = _("%(account)s did not show it when it was last read; the next sync looks again.")
        return "checking", said % names
    if seen.differs:
        return "waiting", _("Changed here. %(account)s is told with the next sync.") % names
    if seen.doubt and not row.get("removed_at"):
        said = _("The same here and on %(account)s when last checked. %(doubt)s")
        return "stale", said % (names | {"doubt": seen.doubt})
    if seen.kept and not row.get("removed_at"):
        said = _("%(account)s keeps %(value)s; ours is used here.")
        return "synced", said % (names | {"value": seen.kept})
    return "synced", _agreed(kind, row, account)


def _sending(account: PlatformAccount) -> tuple[str, str]:
    """What a worker took up to send; one whose lease has ended sends nothing any more."""
    until = account.runtime.lease_until
    if until is None or until <= clock.now():
        said = _(
            "It was being sent to %(account)s when Lectern's worker stopped; the next one looks "
            "how far it came."
        )
        return "checking", said % _names(account)
    return "sending", _("Being sent to %(account)s.") % _names(account)


def _names(account: PlatformAccount) -> dict[str, str]:
    return {"platform": account.platform_name, "account": account.label}


_GONE = {
    Kind.CONFERENCE: gettext_lazy("%(platform)s no longer has this webinar."),
    Kind.MODERATOR: gettext_lazy("%(platform)s no longer has this moderator."),
    Kind.REGISTRATION: gettext_lazy("%(platform)s no longer has this registration."),
    Kind.ATTENDEE: gettext_lazy("%(platform)s no longer has this person."),
    Kind.GROUP: gettext_lazy("%(platform)s no longer has this group."),
    Kind.MEMBERSHIP: gettext_lazy("%(platform)s no longer has this membership."),
    Kind.SESSION: gettext_lazy("%(platform)s no longer has this session."),
    Kind.ATTENDANCE: gettext_lazy("%(platform)s no longer has this attendance."),
    Kind.RECORDING: gettext_lazy("%(platform)s no longer has this recording."),
}


def _gone(kind: str) -> str:
    """That a platform no longer has one of a kind."""
    return str(_GONE.get(Kind(kind), _("%(platform)s no longer has it.")))


def _settled(row: dict[str, Any], seen: Seen) -> bool:
    """What is gone there and was cancelled here is no question any more."""
    conflict = seen.conflict
    return bool(conflict and conflict.sort == Conflict.Sort.GONE and row.get("removed_at"))


def _untold(kind: str, row: dict[str, Any], account: PlatformAccount) -> str:
    """Why a row without a copy has none."""
    if row.get("removed_at"):
        return _("It never reached %(platform)s.") % _names(account)
    create = account.capabilities.kind(Kind(kind)).create
    if not create.offered and create.sentence:
        return shown(create.sentence)
    return _("Kept here; %(account)s holds no copy.") % _names(account)


def _agreed(kind: str, row: dict[str, Any], account: PlatformAccount) -> str:
    if row.get("removed_at"):
        delete = account.capabilities.kind(Kind(kind)).delete
        if delete.offered:
            return _("Removed on %(platform)s too.") % _names(account)
        said = _("It stays on %(platform)s.") % _names(account)
        return shown(delete.sentence) or said
    return _("The same here and on %(account)s.") % _names(account)
