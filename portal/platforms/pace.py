"""How many requests a minute an account makes: its ceiling, or less once its platform has said no.

The ceiling is the account's own setting, else what its room begins with where the platform names
no limit. A 429 halves the pace, once for each pause that it asks for and down to a quarter of the
ceiling, and the pace is kept. Every request that goes through after that raises it a little, never
above the ceiling.
"""

from django.db.models import F, FloatField, Q, Value
from django.db.models.functions import Coalesce, Greatest, Least

from integrations.base.errors import PlatformError, RateLimited
from portal.common import clock
from portal.platforms.models import AccountRuntime, PlatformAccount

# Slower than a worker is willing to wait between two requests, no long listing would ever end.
LOWEST, LOWEST_SHARE = 15.0, 0.25
# So many requests win back the whole ceiling: from half of it that takes some twenty minutes.
REQUESTS_FOR_ALL = 1800.0


def ceiling(account: PlatformAccount) -> int:
    """The account's own setting, else what its platform allows."""
    return account.requests_per_minute or account.capabilities.requests_per_minute


def per_minute(account: PlatformAccount) -> float:
    """The pace that holds now."""
    most = ceiling(account)
    now = account.runtime.pace
    return most if now is None else min(now, most)


def learn(account: PlatformAccount, error: PlatformError) -> None:
    """Slow down where the platform itself asks for it, before its pause is written down.

    Workers that are refused at the same time are told one thing, so it counts once.
    """
    if not isinstance(error, RateLimited) or error.status != 429:
        return
    least = max(ceiling(account) * LOWEST_SHARE, LOWEST)
    most = Value(float(ceiling(account)), output_field=FloatField())
    now = Least(Coalesce(F("pace"), most), most)
    unpaused = Q(blocked_until=None) | Q(blocked_until__lte=clock.now())
    AccountRuntime.objects.filter(unpaused, pk=account.pk).update(pace=Greatest(now / 2, least))


def went_through(account: PlatformAccount) -> None:
    """A little faster after a request; nothing is written for an account that was never slowed."""
    if account.runtime.pace is None:
        return
    most = ceiling(account)
    row = AccountRuntime.objects.filter(pk=account.pk)
    row.update(pace=F("pace") + most / REQUESTS_FOR_ALL)
    row.filter(pace__gte=most).update(pace=None)
