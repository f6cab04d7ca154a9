"""Ask a platform for one thing while a person waits; its errors become sentences."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.utils.translation import gettext as _

from integrations.base.adapter import Adapter
from integrations.base.errors import PlatformError, RecordNotFound
from portal.common.errors import NotPossible
from portal.common.texts import shown
from portal.platforms.connections import open_adapter
from portal.platforms.models import PlatformAccount


@contextmanager
def asking(account: PlatformAccount, gone: str) -> Iterator[Adapter]:
    """The account's adapter for the block. Raises NotPossible; `gone` says that the
    platform (`%(platform)s`) no longer has what is asked for."""
    try:
        adapter = open_adapter(account)
    except PlatformError as error:
        raise NotPossible(error.message) from None
    try:
        yield adapter
    except RecordNotFound:
        raise NotPossible(gone % {"platform": account.platform_name}) from None
    except PlatformError as error:
        said = _("%(why)s Try again in a little while.") % {"why": shown(error.message)}
        raise NotPossible(said) from None
    finally:
        adapter.close()
