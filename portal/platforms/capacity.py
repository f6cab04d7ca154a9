"""How many conferences may run at once on an account: as an administrator set it, else as its
platform told. No platform has a call that tells it; TrueConf names it when it refuses to start one
more."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from integrations.base.errors import PlatformError, RequestRejected
from portal.platforms.models import AccountRuntime, PlatformAccount
from portal.platforms.validation import MOST_ROOMS


@dataclass(frozen=True, slots=True)
class Capacity:
    """`rooms` is None where nobody knows; `source` says how we know, in a sentence for staff."""

    rooms: int | None
    source: str

    @property
    def words(self) -> str:
        """The number in words."""
        if self.rooms is None:
            return _("not known")
        return ngettext("%(count)d at a time", "up to %(count)d", self.rooms) % {
            "count": self.rooms
        }


def capacity(account: PlatformAccount) -> Capacity:
    """What holds for an account, and where it comes from."""
    platform = {"platform": account.platform_name}
    if account.concurrent_rooms is not None:
        return Capacity(account.concurrent_rooms, _("Set by an administrator."))
    if account.runtime.rooms_told is not None:
        said = _("%(platform)s said so when it refused to start one more.")
        return Capacity(account.runtime.rooms_told, said % platform)
    said = _("%(platform)s has not told it. An administrator can set it.")
    return Capacity(None, said % platform)


def learn(account: PlatformAccount, error: PlatformError) -> None:
    """Keep what a refusal tells."""
    told = error.concurrent_rooms if isinstance(error, RequestRejected) else None
    if told is not None and 1 <= told <= MOST_ROOMS:
        AccountRuntime.objects.filter(pk=account.pk).update(rooms_told=told)
