"""What a platform tells of a row beside its fields: addresses, pins, dates. Never compared."""

from typing import Any

from portal.platforms.models import PlatformAccount
from portal.sync.models import PlatformLink


def accounts_of(kind: str, local_id: int) -> list[PlatformAccount]:
    """The accounts on which a row stands now, by label."""
    links = PlatformLink.objects.filter(
        kind=kind, local_id=local_id, state=PlatformLink.State.LIVE, external_id__isnull=False
    )
    rows = PlatformAccount.objects.filter(pk__in=links.values("account"))
    return list(rows.order_by("label"))


def facts(kind: str, local_id: int) -> dict[str, Any]:
    """The facts of a row's copy that stands; empty where there is none."""
    links = PlatformLink.objects.filter(
        kind=kind, local_id=local_id, state=PlatformLink.State.LIVE
    ).order_by("pk")
    return dict(links.values_list("facts", flat=True).first() or {})
