"""From an account's row to the adapter that speaks to its platform."""

from collections.abc import Callable
from functools import partial

from integrations.base.adapter import Adapter, Connection
from portal.platforms import budget
from portal.platforms.models import PlatformAccount
from portal.platforms.tokens import AccountTokens


def open_adapter(account: PlatformAccount, gate: Callable[[], None] | None = None) -> Adapter:
    """The adapter of an account; the caller closes it.

    `gate` is called before each request and may raise `RateLimited`. Without one, requests are
    taken from the account's budget as a person's, who is waiting for the answer.
    """
    return account.room.open(connection(account, gate))


def connection(account: PlatformAccount, gate: Callable[[], None] | None = None) -> Connection:
    """How to reach an account; `gate` as for `open_adapter`."""
    return Connection(
        base_url=account.base_url,
        credentials=account.credentials,
        options=account.options,
        ca_bundle=account.ca_bundle,
        gate=gate or partial(budget.take, account, for_staff=True),
        learned=account.learned,
        tokens=AccountTokens(account.pk, account.platform_name),
    )
