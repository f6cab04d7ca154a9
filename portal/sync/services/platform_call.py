"""Ask a platform for one thing while a person waits; its errors become sentences."""

from collections.abc import Iterator
from contextlib import contextmanager

from integrations.base.adapter import Adapter
from integrations.base.errors import PlatformError, RecordNotFound
from portal.common.errors import NotPossible
from portal.platforms.connections import open_adapter
from portal.platforms.models import PlatformAccount


@contextmanager
def asking(account: PlatformAccount, thing: str) -> Iterator[Adapter]:
    """The account's adapter for the block. Raises NotPossible; `thing` is what may be gone."""
    try:
        adapter = open_adapter(account)
    except PlatformError as error:
        raise NotPossible(error.message) from None
    try:
        yield adapter
    except RecordNotFound:
        raise NotPossible(f"{account.platform_name} no longer has {thing}.") from None
    except PlatformError as error:
        raise NotPossible(f"{error.message} Try again in a little while.") from None
    finally:
        adapter.close()
