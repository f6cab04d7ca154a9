"""From an account's row to the adapter that speaks to its platform."""

from collections.abc import Callable
from functools import partial
from ipaddress import ip_address, ip_network
from urllib.parse import urlsplit

from django.conf import settings

from integrations.base.adapter import Adapter, Connection
from integrations.base.errors import PlatformUnavailable, RateLimited
from portal.common.fields import UNREADABLE, is_unreadable
from portal.platforms import budget, pace
from portal.platforms.models import PlatformAccount
from portal.platforms.tokens import AccountTokens


def open_adapter(
    account: PlatformAccount,
    gate: Callable[[], None] | None = None,
    over: Callable[[Connection], Connection] = lambda line: line,
) -> Adapter:
    """The adapter of an account; the caller closes it.

    `gate` is called before each request and may raise `RateLimited`. Without one, requests are
    taken from the account's budget as a person's, who is waiting for the answer. `over` makes the
    connection one that several threads may use. Raises PlatformUnavailable as `connection` does.
    """
    return account.room.open(over(connection(account, gate)))


def connection(account: PlatformAccount, gate: Callable[[], None] | None = None) -> Connection:
    """How to reach an account; `gate` as for `open_adapter`. Raises PlatformUnavailable where its
    stored credentials cannot be read here."""
    if is_unreadable(account.credentials, account.runtime.tokens):
        raise PlatformUnavailable(UNREADABLE, platform=account.platform_name)
    return Connection(
        base_url=account.base_url,
        credentials=account.credentials,
        options=account.options,
        ca_bundle=account.ca_bundle,
        proxy=proxy_for(account.base_url),
        gate=gate or partial(budget.take, account, for_staff=True),
        limited=partial(_slow_down, account),
        label=account.label,
        learned=account.learned,
        tokens=AccountTokens(account.pk, account.platform_name),
    )


def _slow_down(account: PlatformAccount, error: RateLimited) -> None:
    """The platform asks for a pause: all workers keep it, whatever becomes of this request."""
    pace.learn(account, error)
    budget.block(account, error.retry_after)


def proxy_for(base_url: str) -> str:
    """The proxy on the way to an address; empty where there is none."""
    host = urlsplit(base_url).hostname or ""
    direct = any(_covers(entry, host) for entry in settings.OUTBOUND_NO_PROXY)
    return "" if direct else settings.OUTBOUND_PROXY


def _covers(entry: str, host: str) -> bool:
    """Whether an entry means this host: itself, what is below it, a network, or "*"."""
    entry = entry.strip().lower().removeprefix(".")
    if entry == "*" or host == entry or host.endswith(f".{entry}"):
        return bool(entry)
    try:
        return ip_address(host) in ip_network(entry, strict=False)
    except ValueError:
        return False
