"""What still waits."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.common import clock
from portal.outbox.models import KEPT_BACK, PUSH, SETTLED, OutboxEntry
from portal.platforms import breaker, budget
from portal.platforms.models import PlatformAccount
from portal.platforms.queries import doubt, is_late

State = OutboxEntry.State
# Trouble that ends by itself is over by then.
LATE = timedelta(minutes=30)


def open_pushes(these: Q) -> QuerySet[OutboxEntry]:
    """Pushes of these rows, by kind and `local_id`, that are not settled, oldest first."""
    rows = OutboxEntry.objects.filter(these, verb=PUSH)
    return rows.exclude(state__in=SETTLED).order_by("id")


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
        account=OuterRef("account"),
        kind=OuterRef("kind"),
        local_id=OuterRef("local_id"),
        verb=PUSH,
        id__gt=OuterRef("id"),
    ).exclude(state__in=SETTLED)
    rows = OutboxEntry.objects.filter(state__in=[State.FAILED, State.UNKNOWN])
    return rows.exclude(Q(Exists(newer), verb=PUSH))


def late() -> QuerySet[OutboxEntry]:
    """What was tried in vain for long, though its account is well: it is tried on, ever less often.

    What waits for the whole account is told there, and what was never tried waits for something
    else, which is told of itself.
    """
    return OutboxEntry.objects.filter(
        verb=PUSH,
        state=State.WAITING,
        attempts__gt=0,
        created_at__lt=clock.Present(LATE),
        account__paused=False,
        account__state=PlatformAccount.State.CONNECTED,
        account__runtime__open_until=None,
    )


def under_way(account_ids: Iterable[int]) -> Counter[int]:
    """Account -> how many of its entries wait or are being sent."""
    rows = OutboxEntry.objects.filter(
        account_id__in=list(account_ids), state__in=[State.WAITING, State.WORKING]
    )
    grouped = rows.order_by().values_list("account_id").annotate(number=Count("id"))
    return Counter(dict(grouped))


def waiting_because(account: PlatformAccount, entry: OutboxEntry) -> str:
    """Why an entry still waits and when it goes on, in a sentence with the viewer's clock."""
    if account.state == PlatformAccount.State.REJECTED:
        said = _("It waits until %(account)s has credentials that %(platform)s takes.")
        return said % {"account": account.label, "platform": account.platform_name}
    if account.paused:
        return _("It waits until %(account)s is resumed.") % {"account": account.label}
    name = account.platform_name
    if breaker.is_open(account):
        said = _("%(platform)s did not answer. Tried again from %(time)s on.")
        return said % {"platform": name, "time": _clock(account.runtime.open_until)}
    if budget.blocked(account):
        said = _("%(platform)s asked us to wait. It goes on at %(time)s.")
        return said % {"platform": name, "time": _clock(account.runtime.blocked_until)}
    if is_late(account):
        return _("It waits. %(why)s") % {"why": doubt(account)}
    if entry.problem:
        said = _("%(problem)s Tried again from %(time)s on.")
        return said % {"problem": entry.problem, "time": _clock(entry.not_before)}
    return _("On its way to %(account)s.") % {"account": account.label}


def _clock(moment: datetime | None) -> str:
    return f"{timezone.localtime(moment):%H:%M}" if moment else ""
