"""How accounts are read from the database."""

from typing import TYPE_CHECKING

from django.db import models

if TYPE_CHECKING:
    from portal.platforms.models import PlatformAccount


class AccountManager(models.Manager["PlatformAccount"]):
    """Accounts with their runtime rows, in one statement."""

    def get_queryset(self) -> models.QuerySet["PlatformAccount"]:
        return super().get_queryset().select_related("runtime")
