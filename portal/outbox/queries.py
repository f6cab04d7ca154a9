"""What still stands in the ledger."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from portal.outbox.models import PUSH, OutboxEntry
from portal.platforms.models import PlatformAccount

State = OutboxEntry.State
KEPT_BACK = "kept back"  # in the result of a push: values that were not sent


def open_pushes(kind: str, ids: Iterable[int]) -> QuerySet[OutboxEntry]:
    """Pushes of these rows that are not done, oldest first."""
    rows = OutboxEntry.objects.filter(kind=kind, local_id__in=list(ids), verb=PUSH)
    return rows.exclude(state=State.DONE).order_by("id")


def kept_back(kind: str, ids: Iterable[int]) -> dict[int, dict[str, Any]]:
    """Row -> the values that its last settled push did not send, since something over there keeps
    undoing them."""
    rows = OutboxEntry.objects.filter(
        kind=kind, local_id__in=list(ids), verb=PUSH, state=State.DONE
    )
    found: dict[int, dict[str, Any]] = {}
    for local_id, result in rows.order_by("id").values_list("local_id", "result"):
        found[local_id] = result.get(KEPT_BACK, {})
    return found


def stuck() -> QuerySet[OutboxEntry]:
    """Entries that wait for a person: refused, or a one-shot action whose answer was lost.

    A refused push that a newer push of the same row has overtaken is none of them.
    """
    newer = OutboxEntry.objects.filter(
        account=OuterRef("account"), kind=OuterRef("kind"), local_id=OuterRef("local_id"),
        verb=PUSH, id__gt=OuterRef("id"),
    ).exclude(state=State.DONE)  # fmt: skip
    rows = OutboxEntry.objects.filter(state__in=[State.FAILED, State.UNKNOWN])
    return rows.exclude(Q(Exists(newer), verb=PUSH))


def counts(account_ids: Iterable[int]) -> dict[int, dict[str, int]]:
    """Account -> state -> number of entries that are not done."""
    rows = OutboxEntry.objects.filter(account_id__in=list(account_ids)).exclude(state=State.DONE)
    found: dict[int, dict[str, int]] = {}
    grouped = rows.order_by().values_list("account_id", "state").annotate(number=Count("id"))
    for account_id, state, number in grouped:
        found.setdefault(account_id, {})[state] = number
    return found


def waiting_because(account: PlatformAccount, entry: OutboxEntry) -> str:
    """Why an entry still waits and when it goes on, in a sentence with the viewer's clock."""
    if account.state == PlatformAccount.State.REJECTED:
        return f"It waits until {account.label} has credentials that {account.platform_name} takes."
    if account.paused:
        return f"It waits until {account.label} is resumed."
    if entry.problem:
        return f"{entry.problem} Tried again from {timezone.localtime(entry.not_before):%H:%M} on."
    return f"On its way to {account.label}."
