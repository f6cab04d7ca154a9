"""Django's name for this layer."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class CommonConfig(AppConfig):
    name = "portal.common"
    label = "common"

    def ready(self) -> None:
        """After all apps: the pages about people who log in, and what `manage.py check` asks."""
        autodiscover_modules("people_admin", "checks")
