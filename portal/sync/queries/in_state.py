"""The webinars whose copy is in a sync state, without asking for the line of each.

Nearly all copies are at rest: a live link on the webinar's own account, and nothing that waits,
asks or is under way. Their state is their account's, which the database can say of thousands at
once. Only the others, and those that were changed since their account was last compared with its
platform, are looked at one by one, by the very code that makes the line (`states.lines`).
"""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from integrations.base.records import Kind
from portal.conferences.models import Conference
from portal.outbox.models import PUSH, SETTLED, OutboxEntry
from portal.platforms import queries as platforms
from portal.platforms.models import PlatformAccount
from portal.sync.models import Conflict, Hold, PlatformLink
from portal.sync.queries.states import lines

KIND = Kind.CONFERENCE


def in_state(
    rows: QuerySet[Conference], state: str, accounts: Sequence[PlatformAccount]
) -> QuerySet[Conference]:
    """Those of the rows whose sync line has this state (see `SyncLine`); `accounts` are
    `all_accounts(compared=True)`."""
    moving = rows.exclude(_at_rest(accounts)).order_by().values("pk")
    marks = lines({KIND: Conference._base_manager.filter(pk__in=moving)}, accounts)[KIND]
    others = list(marks)
    wanted = Q(pk__in=[pk for pk, mark in marks.items() if mark.state == state])
    if state in ("synced", "stale"):
        fresh = [one.pk for one in accounts if not platforms.doubt(one)]
        of_state = Q(account__in=fresh) if state == "synced" else ~Q(account__in=fresh)
        wanted |= of_state & ~Q(pk__in=others)
    return rows.filter(wanted)


def _at_rest(accounts: Iterable[Any]) -> Q:
    """Rows that are synced as far as their account can be believed."""
    links = PlatformLink.objects.filter(kind=KIND)
    quiet = links.filter(
        account=OuterRef("account"),
        local_id=OuterRef("pk"),
        state=PlatformLink.State.LIVE,
        op="",
        op_sent={},
        misses=0,
    )
    copies = links.exclude(local_id=None).order_by().values("local_id")
    several = copies.annotate(number=Count("pk")).filter(number__gt=1).values("local_id")
    asked = Conflict.objects.filter(kind=KIND, local_id=OuterRef("pk"), resolved_at=None)
    waiting = OutboxEntry.objects.filter(kind=KIND, local_id=OuterRef("pk"), verb=PUSH)
    held = Hold.objects.filter(kind=KIND, ended_at=None, released=False)
    return (
        Q(_compared(accounts), removed_at=None, gone_at=None, draft=False)
        & ~Q(account__in=held.values("account"))
        & Q(Exists(quiet))
        & ~Q(pk__in=several)
        & ~Q(Exists(asked))
        & ~Q(Exists(waiting.exclude(state__in=SETTLED)))
    )


def _compared(accounts: Iterable[Any]) -> Q:
    """Rows that no one has saved since a sync that went well began to compare them."""
    found = Q(pk__in=[])
    for account in accounts:
        if account.begun:
            found |= Q(account=account.pk, updated_at__lt=account.begun)
    return found
